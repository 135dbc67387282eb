"""From sentences that a parser has read to proposals: who says what by the subject of a verb of saying, and places.

Guarantees: which verbs say something is known from our lexica alone (`cue_verbs.tsv`, `ru_cues.tsv`, `uk_cues.tsv`); a
speaker is proposed only where the parser gives such a verb a subject that holds a name or a common noun, never for a
pronoun alone, which the rules follow by themselves. Works with Universal Dependencies and with the labels of spaCy's
own English pipelines. What is proposed is quotes; the gate decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from probanda.extract.slavic.subjects import cue_terms
from probanda.extract.slavic.words import fold
from probanda.extract.speech.cues import NOT_SAID, cue_forms
from probanda.extract.text.segments import Document, segment
from probanda.records.canonical import Json

_SUBJECTS = frozenset({"nsubj", "csubj"})
_CONTENTS = frozenset({"ccomp"})
_ASIDE = frozenset({"parataxis"})
_CUE_CLASSES = frozenset({"say", "accuse", "deny", "promise", "threaten", "demand", "believe", "fear", "forecast"})
_NOT_OF_NAME = frozenset({"acl", "acl:relcl", "relcl", "advcl", "punct", "parataxis", "appos", "cc", "conj"})
_OPENERS = frozenset({"that", "что", "що", "будто", "нібито", ",", ":", "—", "–", "-", "«", "»", "“", "”", '"', "„"})
_LONGEST_ROLE = 8  # words; arbitrary: what is longer is no office
_MOST_DIRECT_GAP = 3  # characters between a quotation and the sentence of its verb


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a sentence. `head` is the place of its governor in the sentence, its own where it has none."""

    start: int
    end: int
    text: str
    head: int
    relation: str
    pronoun: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    start: int
    end: int
    kind: str  # PER, ORG, LOC


def proposals(
    text: str, language: str, sentences: Sequence[Sequence[Word]], entities: Sequence[Entity], places: Sequence[Json]
) -> Json:
    """Quotations with their speakers, and `places`. `entities` are the names that the extractor found."""
    doc = segment(text, language)
    found: list[Json] = []
    for sentence in sentences:
        for place, word in enumerate(sentence):
            if is_cue(word.text, language):
                found.extend(_said(doc, sentence, place, entities))
    return {"quotations": found, "places": list(places)}


@cache
def is_cue(word: str, language: str) -> bool:
    """Whether this form is a verb by which somebody says something."""
    if language == "en":
        cue = cue_forms().get(word.lower())
        return cue is not None and cue.class_ in _CUE_CLASSES and cue.lemma not in NOT_SAID and cue.form != "ing"
    terms = cue_terms(language)
    found = terms.at([fold(word)], 0, 1)
    return found is not None and found.value[0] in _CUE_CLASSES


def _said(doc: Document, sentence: Sequence[Word], cue: int, entities: Sequence[Entity]) -> Iterator[Json]:
    subject = next((one for one, word in _children(sentence, cue) if _label(word) in _SUBJECTS), None)
    if subject is None or (sentence[subject].pronoun):
        return
    speaker = _speaker(doc.text, sentence, subject, cue, entities)
    if speaker is None:
        return
    verb = sentence[cue]
    told: dict[str, Json] = {"speaker": speaker, "cue": _quote(doc.text, verb.start, verb.end)}
    direct = _direct(doc, sentence, cue)
    for start, end in direct:
        yield {"passage": _quote(doc.text, start, end), "form": "direct", **told}
    if not direct:
        content = _content(doc.text, sentence, cue, subject)
        if content is not None:
            yield {"passage": _quote(doc.text, *content), "form": "indirect", **told}


def _label(word: Word) -> str:
    return word.relation.lower().partition(":")[0]


def _children(sentence: Sequence[Word], place: int) -> Iterator[tuple[int, Word]]:
    return ((one, word) for one, word in enumerate(sentence) if word.head == place and one != place)


def _subtree(
    sentence: Sequence[Word], top: int, without: frozenset[int] = frozenset(), cut: frozenset[str] = frozenset()
) -> list[int]:
    """The places of `top` and of everything below it; not below words with the labels `cut`, nor those in `without`."""
    below: dict[int, list[int]] = {}
    for one, word in enumerate(sentence):
        if one != word.head and one not in without and (one == top or word.relation.lower() not in cut):
            below.setdefault(word.head, []).append(one)
    found, waiting = set[int](), [top]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(below.get(place, ()))
    return sorted(found)


def _run(places: Sequence[int], around: int) -> tuple[int, int]:
    """The stretch without gaps that holds `around`, of sorted places."""
    held = set(places)
    first = last = around
    while first - 1 in held:
        first -= 1
    while last + 1 in held:
        last += 1
    return first, last


def _speaker(
    text: str, sentence: Sequence[Word], subject: int, cue: int, entities: Sequence[Entity]
) -> Mapping[str, Json] | None:
    """The subject as a speaker: the name that stands in it, else its words as a role."""
    first, last = _run(_subtree(sentence, subject, frozenset({cue}), _NOT_OF_NAME - {"appos"}), subject)
    start, end = sentence[first].start, sentence[last].end
    named = [one for one in entities if start <= one.start and one.end <= end and one.kind in ("PER", "ORG")]
    person = next((one for one in named if one.kind == "PER"), None)
    if person is not None:
        return {
            "name": text[person.start : person.end],
            "passage": _quote(text, person.start, person.end),
            "kind": "person",
        }
    first, last = _run(_subtree(sentence, subject, frozenset({cue}), _NOT_OF_NAME), subject)
    while first < last and sentence[first].text.lower() in ("the", "a", "an", ",", "«", "“", '"'):
        first += 1
    start, end = sentence[first].start, sentence[last].end
    words = text[start:end]
    if last - first >= _LONGEST_ROLE or "\n" in words:
        return None
    if any(one.start <= sentence[subject].start < one.end for one in entities):  # a body, or a State that speaks
        return {"name": words, "passage": _quote(text, start, end), "kind": "body"}
    return {"role": words, "passage": _quote(text, start, end)}


def _direct(doc: Document, sentence: Sequence[Word], cue: int) -> list[tuple[int, int]]:
    """Whole quotations in the sentence of the verb, or that end right before it begins."""
    start, end = sentence[0].start, sentence[-1].end
    verb = sentence[cue].start
    out = []
    for stretch in doc.quoted:
        inside = stretch.start < end and start < stretch.end and not stretch.start <= verb < stretch.end
        before = 0 <= start - stretch.end <= _MOST_DIRECT_GAP
        words = sum(1 for token in doc.tokens[stretch.first : stretch.last] if token.kind == "word")
        if (inside or before) and stretch.closed and words >= 3 and stretch.end > stretch.start:
            out.append((stretch.start, stretch.end))
    return [_trimmed(doc.text, *span) for span in out]


def _content(text: str, sentence: Sequence[Word], cue: int, subject: int) -> tuple[int, int] | None:
    """What is said, in reported speech: the clause that depends on the verb, or that the verb is an aside to."""
    top = next((one for one, word in _children(sentence, cue) if _label(word) in _CONTENTS), None)
    if top is not None:
        places = _subtree(sentence, top, frozenset({cue, subject}))
    elif _label(sentence[cue]) in _ASIDE and sentence[cue].head != cue:
        top = sentence[cue].head
        aside = frozenset(_subtree(sentence, cue))
        places = [one for one in _subtree(sentence, top) if one not in aside]
    else:
        return None
    if top not in places:
        return None
    first, last = _run(places, top)
    while first < last and sentence[first].text.lower() in _OPENERS:
        first += 1
    while last > first and not any(char.isalnum() for char in sentence[last].text):
        last -= 1
    if last - first < 1:
        return None
    return sentence[first].start, sentence[last].end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _quote(text: str, start: int, end: int) -> dict[str, Json]:
    """The passage as a quote, with its place as a hint where it stands more than once."""
    return {"text": text[start:end], "start": start}
