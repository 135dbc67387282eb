"""Who said what: the attributions of a report.

An attribution has a source, a cue ("said", "according to"), and content. It is found from the cue: a verb of
lexica/cue_verbs.tsv with a subject before it, or after it ("…, said the mayor"), or taken over from the verb before ("and
added"); or from "according to". The content follows the cue, or precedes the subject when nothing follows. Speech in
quotation marks is tied to these in `quotes.py`. A passive cue without an agent ("are feared dead") has a holder that the
text does not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from probanda.extract.cast import Cast
from probanda.extract.lexicon import table, word_list
from probanda.extract.phrases import Range, is_body, is_role, nounish, phrase_after, phrase_before, words_of
from probanda.extract.segments import Document, Span
from probanda.records.reading import Speaker

BE = frozenset("is are was were be been being".split())
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_DAYTIMES = frozenset("morning afternoon evening night today yesterday tonight overnight earlier later".split())


@dataclass(frozen=True, slots=True)
class Cue:
    lemma: str
    class_: str
    complement: str
    stance: str
    form: str  # lemma, third, past, participle, ing
    noun: bool  # this form is more often a noun


@dataclass(frozen=True, slots=True)
class Attribution:
    """Token ranges; `content` excludes cue and source. `speaker` is `None` where the holder is not told."""

    cue: Range
    verb: Cue
    subject: Range | None
    speaker: Speaker | None
    content: Range | None
    addressee: Range | None
    sentence: int
    leading: bool  # the content follows the cue
    passive: bool = False

    def covers(self, token: int) -> bool:
        return self.content is not None and self.content[0] <= token < self.content[1]


@cache
def cue_forms() -> Mapping[str, Cue]:
    """Every form of every cue verb, lower case."""
    forms: dict[str, Cue] = {}
    for row in table("cue_verbs.tsv"):
        nouns = frozenset(row["nouns"].split())
        for form in ("lemma", "ing", "third", "participle", "past"):
            forms[row[form]] = Cue(
                row["lemma"], row["class"], row["complement"], row["stance"], form, row[form] in nouns
            )
    return forms


ACCORDING = Cue("according", "say", "clause", "state", "past", False)


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
            attribution = None
            if token.lower in forms:
                attribution = _from_verb(doc, cast, number, sentence, place, forms[token.lower], here)
            elif token.lower == "according" and place + 2 < sentence.last and doc.tokens[place + 1].lower == "to":
                attribution = _according(doc, cast, number, sentence, place)
            if attribution is not None:
                here.append(attribution)
        found.extend(here)
    return tuple(found)


def _according(doc: Document, cast: Cast, number: int, sentence: Span, place: int) -> Attribution | None:
    subject = phrase_after(doc, place + 2, sentence.last)
    if subject is None:
        return None
    at_start = all(doc.tokens[i].kind == "mark" for i in range(sentence.first, place))
    content: Range
    if at_start:
        start = subject[1]
        while start < sentence.last and not (doc.tokens[start].text in ",:"):
            start += 1
        content = (min(start + 1, sentence.last), _trim(doc, sentence.last))
    else:
        end = place
        while end > sentence.first and doc.tokens[end - 1].kind == "mark":
            end -= 1
        content = (sentence.first, end)
    return Attribution(
        (place, place + 2), ACCORDING, subject, cast.speak(subject), content if content[0] < content[1] else None, None, number, at_start
    )  # fmt: skip


def _from_verb(
    doc: Document, cast: Cast, number: int, sentence: Span, place: int, cue: Cue, before: list[Attribution]
) -> Attribution | None:
    tokens = doc.tokens
    left, helpers = _skip_helpers(doc, place - 1, sentence.first)
    if cue.form == "lemma" and left >= sentence.first and tokens[left].lower == "to":
        return None
    if (
        place > sentence.first
        and tokens[place - 1].lower in words_of("determiner") | {"of"}
        and tokens[place - 1].lower != "that"
    ):
        return None  # "the report", "their claims": a noun
    passive = bool(helpers & BE) and cue.form in ("past", "participle")
    if passive:
        return _passive(doc, cast, number, sentence, place, cue, left)
    subject, inverted = _subject(doc, sentence, place, left, cue, before)
    if subject is None:
        return None
    after = subject[1] if inverted else place + 1
    if cue.noun and not inverted and not _supported(doc, after, sentence.last, subject):
        return None
    if cue.form == "lemma" and not inverted and not _plural_subject(doc, subject) and not helpers:
        return None
    addressee = None
    if cue.class_ == "tell" and not inverted:
        addressee = _addressee(doc, after, sentence.last)
        after = addressee[1] if addressee else after
    content, leading = _content(doc, sentence, subject, place, after, cue, inverted)
    if content is None and cue.class_ != "say":
        return None
    known = next((a for a in reversed(before) if a.subject == subject), None)
    speaker = known.speaker if known else cast.speak(subject)
    if speaker is None:
        return None
    return Attribution((place, place + 1), cue, subject, speaker, content, addressee, number, leading)


def _passive(
    doc: Document, cast: Cast, number: int, sentence: Span, place: int, cue: Cue, left: int
) -> Attribution | None:
    """ "is expected to", "was accused by the ministry of": the agent after "by", else a holder that is not told."""
    tokens = doc.tokens
    if cue.class_ in ("tell",) or cue.lemma in (
        "order",
        "post",
        "call",
        "ask",
        "find",
        "describe",
        "welcome",
        "continue",
        "add",
        "note",
        "dub",
        "term",
        "brand",
        "label",
        "charge",
        "state",
    ):
        return None
    after = place + 1
    subject: Range | None = None
    if after < sentence.last and tokens[after].lower == "by":
        subject = phrase_after(doc, after + 1, sentence.last)
    start = left + 1
    if left >= sentence.first:
        phrase = phrase_before(doc, left + 1, sentence.first)
        start = phrase[0] if phrase else left + 1
    content = (start, _trim(doc, sentence.last))
    if content[0] >= content[1]:
        return None
    return Attribution(
        (place, place + 1),
        cue,
        subject,
        cast.speak(subject) if subject else None,
        content,
        None,
        number,
        True,
        passive=True,
    )


def _skip_helpers(doc: Document, place: int, floor: int) -> tuple[int, frozenset[str]]:
    """Left over adverbs, auxiliaries and times between subject and verb: "the ministry on Monday also said"."""
    tokens = doc.tokens
    helpers: set[str] = set()
    while place >= floor:
        lower = tokens[place].lower
        if lower in words_of("auxiliary"):
            helpers.add(lower)
        elif lower in _WEEKDAYS | _DAYTIMES and place > floor:
            if (
                tokens[place - 1].lower in ("on", "late", "early", "this", "that", "last", "overnight")
                or tokens[place - 1].lower in _WEEKDAYS
            ):
                place -= 1
                if place > floor and tokens[place].lower in ("late", "early") and tokens[place - 1].lower == "on":
                    place -= 1
        elif (
            lower in words_of("adverb")
            and lower not in ("there", "here", "most", "more")
            or lower.endswith("ly")
            and not tokens[place].capital
            and len(lower) > 4
            and lower not in ("family", "assembly", "italy")
        ):
            pass
        else:
            break
        place -= 1
    return place, frozenset(helpers)


def _subject(
    doc: Document, sentence: Span, place: int, left: int, cue: Cue, before: list[Attribution]
) -> tuple[Range | None, bool]:
    tokens = doc.tokens
    floor = sentence.first
    if cue.form == "ing":
        return _participle_subject(doc, sentence, place, before), False
    if left < floor:
        return _inverted(doc, sentence, place, cue), True
    token = tokens[left]
    if token.lower in ("and", "but", "then") and before:
        return before[-1].subject, False
    if token.text in ",–—" or token.text in "”\"’'»" and token.kind == "mark":
        swapped = _inverted(doc, sentence, place, cue)
        if swapped is not None:
            return swapped, True
        return (_before_aside(doc, left, floor) if token.text in ",–—" else None), False
    if token.lower in ("who", "which"):
        end = left - 1 if left > floor and tokens[left - 1].text == "," else left
        return phrase_before(doc, end, floor), False
    if token.lower in words_of("pronoun"):
        personal = token.lower in ("he", "she", "they", "it")
        return ((left, left + 1) if personal else None), False
    return phrase_before(doc, left + 1, floor), False


def _participle_subject(doc: Document, sentence: Span, place: int, before: list[Attribution]) -> Range | None:
    """ "…, saying that": the source of the sentence so far, or its first noun phrase."""
    if (
        place == sentence.first
        or doc.tokens[place - 1].text not in (",", "–", "—")
        and doc.tokens[place - 1].lower not in ("and", "by")
    ):
        return None
    if before:
        return before[-1].subject
    first = sentence.first
    if doc.quoted_of(first) is not None or doc.tokens[first].kind == "mark":
        return None
    if doc.tokens[first].lower in ("he", "she", "they", "it"):
        return (first, first + 1)
    return phrase_after(doc, first, place) if doc.tokens[first].lower not in words_of("preposition") else None


def _inverted(doc: Document, sentence: Span, place: int, cue: Cue) -> Range | None:
    """The subject after the verb: "…,” said Lena Voss, the mayor"."""
    if (
        cue.class_ not in ("say", "belief", "promise")
        or cue.form not in ("past", "third", "participle")
        or cue.noun
        and cue.form != "past"
    ):
        return None
    tokens = doc.tokens
    start = place + 1
    if start >= sentence.last:
        return None
    if tokens[start].lower in ("he", "she", "they"):
        return (start, start + 1)
    span = phrase_after(doc, start, sentence.last)
    if span is None:
        return None
    proper = any(token.capital or is_role(token.lower) or is_body(token.lower) for token in tokens[span[0] : span[1]])
    return span if proper else None


def _before_aside(doc: Document, comma: int, floor: int) -> Range | None:
    """The noun phrase before an aside that ends in `comma`: "Mirek Sandor, the mayor, said"."""
    for place in range(comma - 1, max(floor, comma - 16) - 1, -1):
        if doc.tokens[place].text in ",–—":
            if place == floor:
                return None
            phrase = phrase_before(doc, place, floor)
            aside = doc.tokens[place + 1]
            opens = (
                aside.lower in words_of("determiner") | {"who", "which", "whose"}
                or aside.kind == "number"
                or aside.capital
                or is_role(aside.lower)
                or any(is_role(token.lower) for token in doc.tokens[place + 1 : comma])
            )
            if aside.kind == "number" and place + 2 == comma:
                return phrase
            if phrase is not None and opens:
                earlier = doc.tokens[phrase[1] - 1]
                if earlier.kind == "number" and phrase[0] - 1 > floor and doc.tokens[phrase[0] - 1].text == ",":
                    return phrase_before(doc, phrase[0] - 1, floor)
                return phrase
            return None
    return None


def _supported(doc: Document, after: int, end: int, subject: Range) -> bool:
    """Whether a form that is more often a noun is a verb here: what follows begins a clause."""
    if after >= end:
        return False
    token = doc.tokens[after]
    pronoun = doc.tokens[subject[0]].lower in ("he", "she", "they", "it")
    opens = (
        token.lower in ("that", "it", "he", "she", "they", "its", "his", "her", "their", "at", "more", "the", "there")
        or token.text in '“"‘:'
    )
    return (
        opens
        or pronoun
        or token.kind == "number"
        or doc.tokens[subject[1] - 1].capital
        and (token.capital or token.lower in words_of("determiner"))
    )


def _plural_subject(doc: Document, subject: Range) -> bool:
    last = doc.tokens[subject[1] - 1]
    return (
        last.lower in ("they", "who", "police", "people")
        or last.lower.endswith("s")
        or any(doc.tokens[i].lower == "and" for i in range(*subject))
    )


def _addressee(doc: Document, start: int, end: int) -> Range | None:
    """Whom one tells: "reporters in the capital", "Channel Five". A name of an outlet ends with its kind ("News"), so
    that the subject of the content after it is not swallowed."""
    tokens = doc.tokens
    if start >= end:
        return None
    if tokens[start].lower in words_of("pronoun") and tokens[start].lower in ("me", "him", "her", "us", "them", "it"):
        return (start, start + 1)
    span = phrase_after(doc, start, end)
    if span is None:
        return None
    heads = word_list("outlet_heads.txt")
    for place in range(span[0], span[1]):
        if (
            tokens[place].lower in heads
            and tokens[place].capital
            and place + 1 < span[1]
            and tokens[place + 1].capital
            and place > span[0]
        ):
            return (span[0], place + 1)
    first = tokens[span[0]]
    if (
        first.capital
        and span[1] - span[0] >= 2
        and span[1] < end
        and tokens[span[1]].kind == "word"
        and tokens[span[1]].lower not in words_of("preposition") | {"that", "on", "in"}
    ):
        run = next((i for i in range(span[0], span[1]) if not tokens[i].capital), span[1])
        return (
            (span[0], max(span[0] + 1, min(run, span[1]) - 1))
            if first.text.isupper() or run - span[0] > 2
            else (span[0], span[0] + 1)
        )
    lower_head = next(
        (i + 1 for i in range(span[0], span[1]) if is_role(tokens[i].lower) or is_body(tokens[i].lower)), None
    )
    if (
        not first.capital
        and lower_head is not None
        and lower_head < span[1]
        and tokens[lower_head].lower not in words_of("preposition")
        and tokens[lower_head].kind == "word"
    ):
        return (span[0], lower_head)
    return span


def _content(
    doc: Document, sentence: Span, subject: Range, place: int, after: int, cue: Cue, inverted: bool
) -> tuple[Range | None, bool]:
    tokens = doc.tokens
    if inverted:
        start_of_source = place
    else:
        start_of_source = subject[0]
    follows = _skip_to_content(doc, after, sentence.last)
    nothing = follows >= sentence.last or tokens[follows].text in ".,;!?" and tokens[follows].kind == "mark"
    if inverted or nothing or _is_trailing(doc, sentence, start_of_source, follows):
        end = start_of_source
        while end > sentence.first and (tokens[end - 1].kind == "mark" or tokens[end - 1].lower == "as"):
            end -= 1
        if end > sentence.first and start_of_source > end:
            return (_clause_start(doc, sentence.first, end), end), False
        if inverted:
            return None, False
    end = _trim(doc, sentence.last)
    if follows >= end:
        return None, True
    opener = tokens[follows]
    if cue.complement in ("that", "quote") and not (opener.lower == "that" or opener.text in '“"‘«:'):
        if (
            not any(doc.quoted_of(i) is not None for i in range(follows, end))
            and not nounish(opener)
            and opener.lower not in words_of("determiner") | words_of("pronoun")
        ):
            return None, True
    if opener.lower == "that" or opener.text == ":":
        follows += 1
    while follows < end and tokens[follows].kind == "mark":
        follows += 1
    return ((follows, end) if follows < end else None), True


def _is_trailing(doc: Document, sentence: Span, source: int, follows: int) -> bool:
    """Whether the content came before: a comma parts it from the source, and what follows the cue is no clause."""
    tokens = doc.tokens
    if source == sentence.first or tokens[source - 1].kind != "mark":
        return False
    if tokens[source - 1].text not in ",”\"’'»–—":
        return False
    return (
        tokens[follows].lower
        in (
            "after",
            "as",
            "while",
            "when",
            "in",
            "on",
            "at",
            "during",
            "from",
            "following",
            "by",
            "and",
            "but",
            "adding",
            "to",
            "with",
            "amid",
            "before",
            "hours",
            "although",
            "though",
        )
        and source - sentence.first > 3
    )


def _skip_to_content(doc: Document, place: int, end: int) -> int:
    """Past "on Monday", "in a statement", "during a visit to Dorvik," that stand between cue and content."""
    tokens = doc.tokens
    venues = {row["noun"] for row in table("venues.tsv")}
    while place < end:
        lower = tokens[place].lower
        if (
            lower in _WEEKDAYS | _DAYTIMES
            or lower in ("also", "again", "recently")
            or lower.endswith("ly")
            and not tokens[place].capital
        ):
            place += 1
        elif (
            lower in ("on", "late", "early")
            and place + 1 < end
            and (tokens[place + 1].lower in _WEEKDAYS or tokens[place + 1].text in word_list("channels.txt"))
        ):
            place += 2
        elif lower in ("on", "in", "at", "during") and place + 1 < end:
            span = phrase_after(doc, place + 1, end)
            if (
                span is None
                or not any(tokens[i].lower in venues for i in range(*span))
                and not (
                    lower in ("in", "at")
                    and tokens[span[1] - 1].capital
                    and span[1] < end
                    and tokens[span[1]].lower in ("that", "on")
                )
            ):
                break
            place = span[1]
            if place < end and tokens[place].text == "," and not _comma_ends(doc, place, end):
                place += 1
        else:
            break
    return place


def _comma_ends(doc: Document, place: int, end: int) -> bool:
    return place + 1 >= end


def _clause_start(doc: Document, first: int, end: int) -> int:
    """Where content before the source begins: after "Earlier," or another short opening."""
    place = first
    while place < end and doc.tokens[place].kind == "mark":
        place += 1
    return place


def _trim(doc: Document, last: int) -> int:
    while last > 0 and doc.tokens[last - 1].kind == "mark" and doc.tokens[last - 1].text in '.!?…”"’»':
        last -= 1
    return last
