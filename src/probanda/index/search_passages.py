"""Where in a text what was sought stands: passages of the frozen text, in its own characters.

Guarantees: every offset comes from the `terms` blob of this very text; `text[start:end]` is what is shown, nothing
added, nothing left out. Only the first places are shown (`MOST_PASSAGES`), those of different words sought before
repetitions of one; each passage tells every place within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from probanda.index.search_query import Query, Sought
from probanda.records.canonical import Json
from probanda.records.passage import Passage, passage_at
from probanda.steps.words import HYPHENS, fold, parts_of_number

MOST_PASSAGES = 3
_AROUND = 70  # characters on each side, to the end of a word; arbitrary, two passages fill a line or two

By = Literal["word", "name"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What was sought stands at [start, end) of the frozen text: as a word, or by a name key alone."""

    start: int
    end: int
    by: By


@dataclass(frozen=True, slots=True)
class FoundPassage:
    passage: Passage
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of a `terms` blob that say what stands where."""

    lemmas: Sequence[str]
    spans: Sequence[tuple[int, int]]
    names: Mapping[str, Sequence[int]]


def terms_of(held: Mapping[str, Json]) -> Terms:
    """The blob's JSON, read as spec/terms.md says."""
    lemmas = str(held["lemmas"]).split()
    names: dict[str, list[int]] = {}
    for keys, places in _object(held["names"]).items():
        for key in keys.split():
            names.setdefault(key, []).extend(place for place in _array(places) if isinstance(place, int))
    return Terms(lemmas, tuple(_spans(str(held["spans"]))), names)


def passages(query: Query, terms: Terms, text: str) -> tuple[FoundPassage, ...]:
    """The passages of `text` in which something of the query stands, in the order of the text."""
    by_group = [_hits(group, terms, text) for group in query.groups]
    first = [hits[0] for hits in by_group if hits]
    every = sorted({hit for hits in by_group for hit in hits}, key=lambda hit: (hit.start, -hit.end))
    chosen: list[tuple[int, int]] = []
    for hit in (*first, *every):
        if len(chosen) == MOST_PASSAGES:
            break
        if not any(start <= hit.start and hit.end <= end for start, end in chosen):
            chosen.append(_around(hit, text))
    found = []
    for start, end in _apart(chosen):
        passage = passage_at(text, start, end)
        inside = tuple(hit for hit in every if passage.start <= hit.start and hit.end <= passage.end)
        found.append(FoundPassage(passage, inside))
    return tuple(found)


def _hits(group: Sequence[Sought], terms: Terms, text: str) -> list[Hit]:
    """Every place of something in the group, in order; by name only where the word itself does not stand."""
    found: dict[tuple[int, int], By] = {}
    for sought in group:
        for keys in sought.names:
            for key in keys:
                for place in terms.names.get(key, ()):
                    found.setdefault(terms.spans[place], "name")
    for sought in group:
        found.update(dict.fromkeys(_word_places(sought, terms, text), "word"))
    return [Hit(start, end, by) for (start, end), by in sorted(found.items())]


def _word_places(sought: Sought, terms: Terms, text: str) -> Iterator[tuple[int, int]]:
    """Where its lemmas stand; other forms are looked for, word by word, only where no lemma is."""
    first = {phrase[0] for phrase in sought.phrases}
    met = False
    for place, lemma in enumerate(terms.lemmas if first else ()):
        if lemma in first:
            for phrase in sought.phrases:
                if tuple(terms.lemmas[place : place + len(phrase)]) == phrase:
                    met = True
                    yield terms.spans[place][0], terms.spans[place + len(phrase) - 1][1]
    if sought.forms and not met:
        yield from _form_places(sought, terms, text)


def _form_places(sought: Sought, terms: Terms, text: str) -> Iterator[tuple[int, int]]:
    """Where a form stands that is no lemma: an inflected word, a hyphenated one as a whole, a part of a number."""
    begins = tuple(sought.forms)
    prefix = sought.kind == "prefix"
    stem, stem_start, before = "", 0, -1  # of the hyphenated word that goes on
    for lemma, (start, end) in zip(terms.lemmas, terms.spans, strict=True):
        written = text[start:end]
        folded = fold(written)
        joined = start == before + 1 and text[before] in HYPHENS and bool(stem)
        own = {lemma, folded, *(fold(part) for part in parts_of_number(written))}
        whole = {stem + folded, stem + lemma} if joined else set()
        stem, stem_start, before = (stem if joined else "") + folded, stem_start if joined else start, end
        for forms, first in ((own, start), (whole, stem_start)):
            if any(form.startswith(begins) if prefix else form in begins for form in forms):
                yield first, end
                break


def _around(hit: Hit, text: str) -> tuple[int, int]:
    start, end = max(0, hit.start - _AROUND), min(len(text), hit.end + _AROUND)
    while 0 < start < hit.start and not text[start - 1].isspace():
        start += 1
    while hit.end < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def _apart(chosen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """In the order of the text, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(chosen):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _spans(told: str) -> Iterator[tuple[int, int]]:
    at = 0
    for one in told.split():
        gap, _, length = one.rpartition("+")
        start = at + int(gap or 1)
        at = start + int(length)
        yield start, at


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _array(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []
