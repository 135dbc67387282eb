"""Who said what: the attributions of a report.

An attribution has a source, a cue ("said", "according to"), and content. It is found from the cue: a verb of
lexica/cue_verbs.tsv with a subject (`subjects.py`), or "according to". The content follows the cue or precedes the
source (`contents.py`). Speech in quotation marks is tied to these in `quotes.py`. A passive cue without an agent ("are
feared dead") has a holder that the text does not tell.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.cast import Cast
from probanda.extract.speech.contents import counted_content, find_content, skip_setting, trim
from probanda.extract.speech.credits import according, find_credits, in_ones_words, in_the_words_of, introduced
from probanda.extract.speech.cues import ACCORDING, BE, NOT_SAID, Cue, cue_forms, skip_helpers
from probanda.extract.speech.later import named_later
from probanda.extract.speech.named import head_end, take_apart
from probanda.extract.speech.subjects import Subject, find_subject
from probanda.extract.text.actors import word_classes
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.nouns import Range, is_body, is_role, words, words_of
from probanda.extract.text.phrases import phrase_after, phrase_before
from probanda.extract.text.segments import Document, Span, Token
from probanda.extract.values.number_words import starters
from probanda.extract.values.quantities import qualified_start
from probanda.records.reading import Speaker

_NOUN_BEFORE = frozenset("the a an this these those his her its their our my your any no such every of".split())
_JOINS = frozenset("and but while whereas although though".split())
_PLURAL = frozenset("they who police people women men we children media".split())
_WITHHELD = ("named", "identified", "quoted", "anonymous", "anonymity", "withheld", "name")


def find_attributions(doc: Document, cast: Cast) -> tuple[Attribution, ...]:
    """Every attribution outside quotation marks, in the order of the text; each tells `cast` who spoke."""
    found: list[Attribution] = []
    forms = cue_forms()
    for number, sentence in enumerate(doc.sentences):
        here: list[Attribution] = []
        for place in range(sentence.first, sentence.last):
            token = doc.tokens[place]
            if token.kind != "word" or doc.quoted_of(place) is not None:
                continue
            if token.capital and place > sentence.first and not token.acronym:
                continue  # a name: "the United States"
            attribution = None
            if token.lower in _HEARSAY and place + 2 < sentence.last and doc.tokens[place + 1].lower == "that":
                attribution = _hearsay(doc, number, place)
            if attribution is not None:
                pass
            elif token.lower in forms:
                attribution = _from_verb(doc, cast, number, place, forms[token.lower], here)
            elif token.lower == "according" and place + 2 < sentence.last and doc.tokens[place + 1].lower == "to":
                attribution = according(doc, cast, number, place)
            elif token.lower == "words" and place - 2 > sentence.first and doc.tokens[place - 1].kind == "clitic":
                attribution = in_ones_words(doc, cast, number, place)
            elif token.lower == "words" and _is_in_the_words_of(doc, place, sentence):
                attribution = in_the_words_of(doc, cast, number, place)
            if attribution is not None:
                here.append(attribution)
        found.extend(_parted(doc, here) or find_credits(doc, cast, number))
        if here and here[-1].content is None:
            found[-1] = replace(found[-1], content=introduced(doc, number))
    return named_later(doc, found)


def _is_in_the_words_of(doc: Document, place: int, sentence: Span) -> bool:
    around = [token.lower for token in doc.tokens[max(place - 2, 0) : place + 2]]
    return place - 2 >= sentence.first and place + 2 < sentence.last and around == ["in", "the", "words", "of"]


def _from_verb(
    doc: Document, cast: Cast, number: int, place: int, cue: Cue, before: list[Attribution]
) -> Attribution | None:
    tokens = doc.tokens
    sentence = doc.sentences[number]
    as_put = cue.lemma == "put" and place + 1 < sentence.last and tokens[place + 1].lower == "it"
    if as_put and (place + 2 >= sentence.last or tokens[place + 2].kind == "mark"):
        cue = replace(cue, class_="say", complement="quote", noun=False)  # "As Lena Voss puts it: “…”"
    left, helpers = skip_helpers(doc, place - 1, sentence.first)
    if cue.form == "lemma" and left >= sentence.first and tokens[left].lower == "to":
        return _by_vote(doc, cast, number, place, cue, left)
    if place > sentence.first and (
        tokens[place - 1].lower in _NOUN_BEFORE or (cue.noun and tokens[place - 1].kind == "clitic")
    ):
        return None  # "the report", "their claims": a noun
    if cue.form == "participle" and not helpers:
        return None  # "written questions"
    if cue.lemma == "read" and place + 1 < sentence.last and tokens[place + 1].lower in ("out", "aloud"):
        return None  # "in an order read out on the radio"
    if cue.class_ in ("say", "tell") and any(token.lower == "not" for token in tokens[left + 1 : place]):
        return None  # "did not say", "would not comment"
    reduced = cue.class_ == "belief" and place + 1 < sentence.last and _is_reduced(tokens[place + 1])
    if (helpers & BE or reduced) and cue.form in ("past", "participle"):
        return _passive(doc, cast, number, place, cue, left)
    subject = find_subject(doc, sentence, place, left, cue, [a.subject for a in before if a.subject])
    if subject is None:
        return None
    after = max(subject.span[1], subject.aside[1] if subject.aside else 0) if subject.inverted else place + 1
    if (
        cue.noun
        and (after >= sentence.last or tokens[after].lower != "that")
        and take_apart(doc, subject.span).kind == "other"
    ):
        return None  # "prompted calls for"
    told = cue.form == "past" and _is_told(doc, after, sentence.last, subject.span)
    if cue.noun and not (subject.inverted or told or _supported(doc, after, sentence.last, subject.span)):
        return None
    if cue.form == "lemma" and not subject.inverted and not helpers and not _is_plural(doc, subject.span):
        return None
    if cue.lemma == "ask" and any(token.lower in _WITHHELD for token in tokens[after : after + 8]):
        return None  # "who asked not to be named"
    addressee = None
    if cue.lemma == "put" and cue.class_ == "say":
        after = place + 2
    if cue.class_ == "tell" and not subject.inverted:
        addressee = _addressee(doc, after, sentence.last)
        after = addressee[1] if addressee else after
    if tokens[subject.span[0]].lower in ("no", "nobody", "none", "neither", "nothing"):
        return None  # "no group has claimed responsibility"
    if cue.class_ in ("judge", "deny", "promise") and take_apart(doc, subject.span).kind == "other":
        return None  # "a day called “Q”"
    if (
        cue.class_ == "judge"
        and after < sentence.last
        and tokens[after].lower in words_of("preposition")
        and cue.lemma != "call"
    ):
        return None  # "a missile slammed into"
    if cue.class_ == "count":
        content, leading = counted_content(doc, sentence, after, cue), True
    else:
        content, leading = find_content(doc, sentence, subject, place, after, cue)
    if (content is None and cue.class_ != "say") or (content is not None and _is_empty(doc, content)):
        return None
    known = next((a for a in reversed(before) if a.subject and a.subject.span == subject.span), None)
    speaker = known.speaker if known else cast.speak(subject.span, subject.aside)
    if speaker is None:
        return None
    speaker, content = _cited(doc, speaker, content)
    more = None if leading or content is None else _more(doc, sentence, after)
    return Attribution((place, place + 1), cue, subject, speaker, content, addressee, number, leading, more=more)


_HEARSAY = frozenset(
    "reports report allegations allegation claims claim rumours rumors rumour rumor accusations accusation accounts"
    " suggestions".split()
)
_RUMOURED = Cue("allege", "say", "clause", "allege", "lemma", True)


def _hearsay(doc: Document, number: int, place: int) -> Attribution | None:
    """ "Reports that", "allegations that", "has received claims that": the holder of what follows is not told. A report
    of somebody's own ("the ministry’s claims that") has one."""
    sentence = doc.sentences[number]
    before = doc.tokens[place - 1] if place > sentence.first else None
    owned = before is not None and (before.kind == "clitic" or before.lower in ("its", "his", "her", "their", "our"))
    speaks = before is not None and (before.capital or is_role(before.lower) or is_body(before.lower))
    noun = before is None or before.lower in words_of("determiner") | words_of("preposition")
    noun = noun or word_classes(before.lower if before else "")[:1] in ("J", "V", "P")
    if owned or speaks or not noun:
        return None
    content = (place + 2, _denied(doc, place + 2, trim(doc, sentence.last)))
    return Attribution((place, place + 1), _RUMOURED, None, None, content, None, number, leading=True, passive=True)


def _denied(doc: Document, first: int, end: int) -> int:
    """Where what is rumoured ends: before "have not been verified", "is a fabrication" that the sentence says of it."""
    verbs = [i for i in range(first + 1, end) if doc.tokens[i].lower in _SAID_OF_IT]
    finite = [i for i in range(first, end) if word_classes(doc.tokens[i].lower)[:1] == "V" or doc.tokens[i].lower in BE]
    return verbs[-1] if verbs and any(i < verbs[-1] for i in finite) else end


_SAID_OF_IT = frozenset({"have", "has", "is", "are", "could", "cannot", "remain", "remains"})
_VOTING = verb_forms("vote").keys() | verb_forms("agree").keys() | verb_forms("decide").keys()


def _by_vote(doc: Document, cast: Cast, number: int, place: int, cue: Cue, left: int) -> Attribution | None:
    """ "The assembly voted by 93 to two to demand that …": what a body decides to demand is what it says."""
    sentence = doc.sentences[number]
    voting = next((i for i in range(left - 1, max(sentence.first, left - 12), -1) if doc.tokens[i].lower in _VOTING), 0)
    if not voting or cue.stance not in ("demand", "condemn") or doc.quoted_of(voting) is not None:
        return None
    before, _ = skip_helpers(doc, voting - 1, sentence.first)
    phrase = phrase_before(doc, before + 1, sentence.first) if before >= sentence.first else None
    if phrase is None or take_apart(doc, phrase).kind not in ("body", "role"):
        return None
    subject = Subject(phrase)
    content, leading = find_content(doc, sentence, subject, place, place + 1, cue)
    speaker = cast.speak(phrase, None)
    if content is None or speaker is None:
        return None
    counted = (
        i for i in range(content[0] + 2, content[1] - 2)
        if doc.tokens[i].text == "," and doc.tokens[i + 1].lower in ("with", "by") and _number_near(doc, i + 2)
    )  # fmt: skip
    content = content[0], next(counted, content[1])  # "…, with 93 States in favour"
    return Attribution((place, place + 1), cue, subject, speaker, content, None, number, leading)


def _number_near(doc: Document, place: int) -> bool:
    return any(token.kind == "number" or token.lower in starters() for token in doc.tokens[place : place + 3])


def _more(doc: Document, sentence: Span, after: int) -> Range | None:
    """A second clause of the content behind a source in the middle: "…, the agency said on Friday, while …". What
    "although" or "but" adds is the narrator's."""
    for place in range(after, min(after + 8, sentence.last - 3)):
        if doc.tokens[place].text == "," and doc.tokens[place + 1].lower in (
            "while",
            "and",
            "with",
            "including",
            "because",
        ):
            return (place + 2, trim(doc, sentence.last))
        if doc.quoted_of(place) is not None:
            return None
    return None


def _is_empty(doc: Document, content: Range) -> bool:
    """Content that says nothing: "denied it", "said so"."""
    return content[1] - content[0] == 1 and doc.tokens[content[0]].lower in words_of("pronoun") | {
        "so",
        "responsibility",
    }


def _passive(doc: Document, cast: Cast, number: int, place: int, cue: Cue, left: int) -> Attribution | None:
    """ "is expected to", "was accused by the ministry of": the agent after "by", else a holder that is not told."""
    sentence = doc.sentences[number]
    if cue.lemma in NOT_SAID:
        return None
    agent: Range | None = None
    if place + 2 < sentence.last and doc.tokens[place + 1].lower == "by":
        agent = phrase_after(doc, place + 2, sentence.last)
    phrase = phrase_before(doc, left + 1, sentence.first) if left >= sentence.first else None
    start = phrase[0] if phrase else max(left + 1, sentence.first)
    start = qualified_start(doc, start)
    content = (start, left + 1) if agent else (start, trim(doc, sentence.last))
    if content[0] >= content[1]:
        return None
    speaker = cast.speak(agent, None) if agent else None
    subject = Subject(agent) if agent else None
    return Attribution((place, place + 1), cue, subject, speaker, content, None, number, leading=True, passive=True)


def _supported(doc: Document, after: int, end: int, subject: Range) -> bool:
    """Whether a form that is more often a noun is a verb here: what follows begins a clause."""
    if after >= end:
        return False
    token = doc.tokens[after]
    if doc.tokens[subject[0]].lower in ("he", "she", "they", "it") or token.text in '“"‘:' or token.kind == "number":
        return True
    if token.lower in ("on", "for", "upon") and doc.tokens[after - 1].lower in ("call", "calls", "appeal", "appeals"):
        return True
    if token.lower in (
        "that",
        "it",
        "he",
        "she",
        "they",
        "its",
        "his",
        "her",
        "their",
        "at",
        "more",
        "the",
        "there",
        "no",
        "reasonable",
        "insufficient",
        "evidence",
    ):
        return True
    if token.text == "," and any(doc.tokens[i].lower == "that" for i in range(after + 1, min(after + 8, end))):
        return True
    if token.lower == "to" and after + 1 < end and doc.tokens[after + 1].lower == "have":
        return True
    last = doc.tokens[subject[1] - 1]
    speaks = last.capital or is_role(last.lower) or is_body(last.lower)
    return speaks and (token.capital or token.lower in words_of("determiner"))


def _is_told(doc: Document, after: int, end: int, subject: Range) -> bool:
    """Whether a past form that may be a participle is a verb here: nothing follows it ("…, the mayor repeated."), or
    the occasion and "that"."""
    follows = skip_setting(doc, after, end)
    before = doc.tokens[subject[0] - 1] if subject[0] else None
    if before is not None and before.kind == "word" and before.lower not in words_of("conjunction"):
        return False  # "told supporters in a video posted on Sunday that": a participle
    if follows < end and doc.tokens[follows].lower == "that":
        return True
    ends = follows >= end or (doc.tokens[follows].kind == "mark" and doc.tokens[follows].text in ".,:;")
    return ends and take_apart(doc, subject).kind in ("person", "body", "role", "pronoun")


def _is_plural(doc: Document, subject: Range) -> bool:
    joined = any(doc.tokens[place].lower == "and" for place in range(*subject))
    ends = {doc.tokens[subject[1] - 1].lower, doc.tokens[head_end(doc, *subject) - 1].lower}
    return joined or any(word.endswith("s") or word in _PLURAL for word in ends)


def _addressee(doc: Document, start: int, end: int) -> Range | None:
    """Whom one tells: "reporters in the capital", "Channel Five". The name of an outlet ends with its kind ("News"), so
    that the subject of the content after it is not swallowed."""
    tokens = doc.tokens
    if start >= end:
        return None
    if tokens[start].lower in ("me", "him", "her", "us", "them", "it"):
        return (start, start + 1)
    span = phrase_after(doc, start, end)
    if span is None:
        return None
    first, last = span
    heads = word_list("outlet_heads.txt")
    for place in range(first + 1, last - 1):
        if tokens[place].lower in heads and tokens[place].capital and tokens[place + 1].capital:
            return (first, place + 1)
    follows = tokens[last] if last < end else None
    if follows is not None and follows.lower in words_of("determiner") | words_of("pronoun"):
        return span  # "told Tess News the ministry": the next phrase begins here
    clause = follows is not None and follows.kind == "word" and follows.lower not in words_of("preposition") | {"that"}
    if not clause:
        return span
    if tokens[first].capital:  # "told Tess Wire Karovia planned": the last name is the subject of what follows
        run = next((i for i in range(first, last) if not tokens[i].capital), last)
        return (first, max(first + 1, run - 1))
    head = next((i + 1 for i in range(first, last) if is_role(tokens[i].lower) or is_body(tokens[i].lower)), None)
    return (first, head) if head is not None and head < last and tokens[head].kind == "word" else span


def _cited(doc: Document, speaker: Speaker, content: Range | None) -> tuple[Speaker, Range | None]:
    """ "…, citing a doctor": whom the speaker relies on in turn, cut off the content."""
    if content is None:
        return speaker, None
    for place in range(content[0] + 1, content[1] - 1):
        if doc.tokens[place].lower in ("citing", "quoting") and doc.tokens[place - 1].text == ",":
            cited = phrase_after(doc, place + 1, content[1])
            if cited is not None:
                return replace(speaker, via=(words(doc, cited),)), (content[0], trim(doc, place))
    return speaker, content


def _is_reduced(token: Token) -> bool:
    """What follows a participle without its auxiliary: "dozens feared buried", "areas believed to be held"."""
    participle = token.lower.endswith("ed") or word_classes(token.lower)[:1] == "P"
    return (
        token.kind == "word" and not token.capital and (participle or token.lower in ("to", "dead", "lost", "missing"))
    )


def _same(one: Attribution, other: Attribution) -> bool:
    """Whether the two have one subject."""
    return (one.subject and one.subject.span) == (other.subject and other.subject.span)


def _parted(doc: Document, here: list[Attribution]) -> list[Attribution]:
    """Content that runs into the next attribution beside it ("…, and the mayor said …") ends before that one."""
    out = []
    for number, attribution in enumerate(here):
        content = attribution.content
        if content is not None and attribution.leading:
            for later in here[number + 1 :]:
                start = later.cue[0] if _same(later, attribution) else later.start
                join = doc.tokens[start - 1]
                same = _same(later, attribution)
                beside = join.text == ";" or (join.lower in _JOINS and (same or doc.tokens[start - 2].text in ",;"))
                participle = join.text == "," and (later.verb.form == "ing" or later.verb is ACCORDING)
                if content[0] < start < content[1] and (beside or participle):
                    end = trim(doc, start - 1)
                    content = (content[0], end) if end > content[0] else None
                    break
        out.append(replace(attribution, content=content))
    return out
