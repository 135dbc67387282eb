"""Words in quotation marks, each tied to the one who said them.

In order: a cue beside the marks in the same sentence; the content of an attribution that encloses the words; speech
that goes on (split quotation, open marks over paragraphs); a paragraph that is all quotation, after the one who spoke
last. Marks that only name a thing (a nickname, a title, "so-called") are no quotation. What stays unattributed is kept
with no speaker: its holder is not told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.cast import Cast
from probanda.extract.speech.cues import cue_forms
from probanda.extract.text.nouns import words_of
from probanda.extract.text.segments import Document, Quoted
from probanda.records.reading import Speaker

_NAMING = frozenset(
    ["so-called", "dubbed", "nicknamed", "codenamed", "code-named", "entitled", "titled", "named", "known", "alias"]
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quoted stretch with its attribution; `attribution` is `None` where the speaker was carried over."""

    quoted: Quoted
    form: Literal["direct", "mixed"]
    attribution: Attribution | None
    speaker: Speaker | None


def find_spoken(doc: Document, attributions: tuple[Attribution, ...], cast: Cast | None = None) -> tuple[Spoken, ...]:
    """Every quotation in marks, in the order of the text. With `cast`, words that follow a sentence about one person,
    and to which nobody is named, are that person's."""
    by_sentence: dict[int, list[Attribution]] = {}
    for attribution in attributions:
        if not attribution.passive or attribution.speaker is not None:
            by_sentence.setdefault(attribution.sentence, []).append(attribution)
    found: list[Spoken] = []
    for quoted in doc.quoted:
        if _is_name(doc, quoted):
            continue
        beside = _beside(doc, quoted, by_sentence)
        speaker = beside.speaker if beside else None
        if beside is None:
            beside, speaker = _carried(doc, quoted, found, attributions)
        if beside is None and speaker is None and cast is not None:
            speaker = _of_whom_it_told(doc, quoted, found, attributions, cast)
        if speaker is None and not _is_speech(doc, quoted):
            continue
        found.append(Spoken(quoted, _form(doc, quoted, beside), beside, speaker))
    return tuple(_again(doc, spoken, found) for spoken in found)


def _again(doc: Document, spoken: Spoken, found: list[Spoken]) -> Spoken:
    """A headline that takes words out of a quotation below it has that quotation's speaker."""
    words = doc.text[spoken.quoted.start : spoken.quoted.end].rstrip(".,!?…")
    if spoken.speaker is not None or len(words) < 12:
        return spoken
    for other in found:
        if other.speaker is not None and words in doc.text[other.quoted.start : other.quoted.end]:
            return replace(spoken, speaker=other.speaker)
    return spoken


def _form(doc: Document, quoted: Quoted, attribution: Attribution | None) -> Literal["direct", "mixed"]:
    """Direct: the marks hold a clause of their own. Mixed: a fragment inside the reporter's clause."""
    first = doc.tokens[quoted.first]
    before = doc.tokens[quoted.first - 2] if quoted.first >= 2 else None
    opens_sentence = (
        before is None or doc.sentence_of(quoted.first) != doc.sentence_of(quoted.first - 2) or before.text in ":,"
    )
    complete = doc.tokens[quoted.last - 1].text in ".,!?…" or quoted.last - quoted.first >= 8
    after_cue = attribution is not None and before is not None and attribution.cue[1] == quoted.first - 1
    if first.capital and complete and (opens_sentence or after_cue):
        return "direct"
    resumes = (
        not first.capital
        and complete
        and before is not None
        and before.text in ",."
        and attribution is not None
        and attribution.cue[1] <= quoted.first
        and quoted.last - quoted.first >= 4
    )
    return "direct" if resumes and attribution is not None and not attribution.leading else "mixed"


def _beside(doc: Document, quoted: Quoted, by_sentence: dict[int, list[Attribution]]) -> Attribution | None:
    """The attribution whose cue or source touches the marks, else the innermost that encloses them."""
    first, last = doc.sentence_of(quoted.first), doc.sentence_of(quoted.last - 1)
    here = [a for number in range(first, last + 1) for a in by_sentence.get(number, [])]
    after = [
        a
        for a in here
        if a.start >= quoted.last and a.start - quoted.last <= 3 and _only_marks(doc, quoted.last, a.start)
    ]
    if after:
        return after[0]
    enclosing = [
        a
        for a in here
        if a.content and a.content[0] <= quoted.first and quoted.last <= a.content[1] + 2 and a.cue[1] <= quoted.first
    ]
    if enclosing:
        return enclosing[-1]
    enclosing = [a for a in here if a.content and a.content[0] <= quoted.first and quoted.first < a.content[1]]
    if enclosing:
        return enclosing[0]
    before = [a for a in here if a.cue[1] <= quoted.first]
    if before:
        return before[-1]
    behind = [a for a in here if a.start >= quoted.last]
    if behind and first == doc.sentence_of(behind[0].start):
        return behind[0]
    return _next_sentence(doc, quoted, by_sentence)


def _only_marks(doc: Document, first: int, last: int) -> bool:
    return all(doc.tokens[place].kind == "mark" for place in range(first, last))


def _next_sentence(doc: Document, quoted: Quoted, by_sentence: dict[int, list[Attribution]]) -> Attribution | None:
    """ "“We left.” Lena Voss, a teacher, said." where the marks closed the sentence."""
    number = doc.sentence_of(quoted.last - 1) + 1
    if number >= len(doc.sentences) or doc.sentences[number].first >= len(doc.tokens):
        return None
    sentence = doc.sentences[number]
    if doc.paragraph_of(sentence.first) != doc.paragraph_of(quoted.first):
        return None
    for attribution in by_sentence.get(number, []):
        ends = attribution.cue[1] >= sentence.last - 2
        if attribution.start - sentence.first <= 1 and ends and attribution.content is None:
            return attribution
    return None


def _carried(
    doc: Document, quoted: Quoted, found: list[Spoken], attributions: tuple[Attribution, ...]
) -> tuple[Attribution | None, Speaker | None]:
    paragraph = doc.paragraphs[doc.paragraph_of(quoted.first)]
    if found:
        last = found[-1]
        before = doc.paragraph_of(last.quoted.first)
        here = doc.paragraph_of(quoted.first)
        if before == here and _goes_on(doc, last.quoted, quoted):
            return None, last.speaker
        if before == here - 1 and not last.quoted.closed:
            return None, last.speaker
    whole = quoted.first - paragraph.first <= 1 and paragraph.last - quoted.last <= 2
    if not whole:
        return _introduced(doc, quoted, found, attributions)
    number = doc.paragraph_of(quoted.first)
    earlier = [
        a for a in attributions if a.cue[0] < quoted.first and a.speaker and doc.paragraph_of(a.cue[0]) >= number - 1
    ]
    if earlier:
        return None, earlier[-1].speaker
    if found and doc.paragraph_of(found[-1].quoted.first) == number - 1:
        return None, found[-1].speaker
    return None, None


def _goes_on(doc: Document, last: Quoted, quoted: Quoted) -> bool:
    """Whether nothing but the attribution of the one before stands between the two."""
    between = range(last.last, quoted.first)
    forms = cue_forms()
    cues = sum(1 for place in between if doc.tokens[place].lower in forms)
    return (len(between) <= 30 and cues <= 2) or doc.sentence_of(quoted.first) == doc.sentence_of(last.last - 1) + 1


def _introduced(
    doc: Document, quoted: Quoted, found: list[Spoken], attributions: tuple[Attribution, ...]
) -> tuple[Attribution | None, Speaker | None]:
    """A sentence of marks that follows, in its paragraph, the sentence of an attribution."""
    number = doc.sentence_of(quoted.first)
    starts = doc.sentences[number].first >= quoted.first - 1
    if not starts:
        return None, None
    here = doc.paragraph_of(quoted.first)
    earlier = [a for a in attributions if a.sentence == number - 1 and a.speaker and doc.paragraph_of(a.cue[0]) == here]
    if earlier:
        return None, earlier[-1].speaker
    asked = number > 0 and doc.tokens[doc.sentences[number - 1].last - 1].text == "?"
    if asked and found and doc.paragraph_of(found[-1].quoted.first) >= here - 1:
        return None, found[-1].speaker  # "Was there a plan? “Not on paper.”": the one who is interviewed
    return None, None


def _of_whom_it_told(
    doc: Document, quoted: Quoted, found: list[Spoken], attributions: tuple[Attribution, ...], cast: Cast
) -> Speaker | None:
    """ "Lena Voss was queuing outside. “We heard a whistle.”": the subject of the sentence before it; for
    "She had hidden" whoever spoke last, if that was a person, no more than a paragraph before."""
    number = doc.sentence_of(quoted.first)
    sentence, before = doc.sentences[number], doc.sentences[max(number - 1, 0)]
    here = doc.paragraph_of(quoted.first)
    whole = sentence.first >= quoted.first - 1 and quoted.last >= sentence.last - 2
    if not whole or not number or doc.paragraph_of(before.first) != here or doc.quoted_of(before.first) is not None:
        return None
    if doc.tokens[before.first].lower in ("he", "she"):
        last = [s.speaker for s in found if s.speaker and doc.paragraph_of(s.quoted.first) >= here - 1]
        return last[-1] if last and last[-1].kind == "person" else None
    return cast.told_of(number - 1)


def _is_name(doc: Document, quoted: Quoted) -> bool:
    """Marks that name a thing: "the so-called “Free Council”", a title in capitals."""
    before = doc.tokens[quoted.first - 2] if quoted.first >= 2 else None
    words = [doc.tokens[place] for place in range(quoted.first, quoted.last) if doc.tokens[place].kind == "word"]
    titled = len(words) > 1 and all(word.capital for word in words if len(word.text) > 3 or word is words[0])
    comma = doc.tokens[quoted.last - 1].text in ",.?!"
    after = doc.tokens[quoted.last + 1] if quoted.last + 1 < len(doc.tokens) else None
    if (
        len(words) <= 2
        and before is not None
        and before.capital
        and before.kind == "word"
        and after is not None
        and after.capital
    ):
        return True  # a nickname: Ivo “Falcon” Kral
    return (before is not None and before.lower in _NAMING) or (titled and not comma)


def _is_speech(doc: Document, quoted: Quoted) -> bool:
    """Whether unattributed marks hold words of somebody, and not a name or a term."""
    words = [doc.tokens[place] for place in range(quoted.first, quoted.last) if doc.tokens[place].kind == "word"]
    if len(words) <= 3 and all(word.capital for word in words):
        return False
    return len(words) >= 4 or any(word.lower in words_of("auxiliary") | words_of("pronoun") for word in words)
