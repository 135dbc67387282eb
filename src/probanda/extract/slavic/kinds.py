"""What a number that befell nobody counts in Ukrainian and Russian: States of a referral, cases, things promised.

Guarantees: a kind is told only where the unit and a word of the number's own sentence, outside other quotation marks
and before any semicolon, are those of one row of lexica/{uk,ru}_counts.tsv; the nearest word counts. Persons are never
promised or fired.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from probanda.extract.slavic.harms import is_person
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.records.reading import ClaimKind, Effect, Modality

_FAR = 18  # tokens between a number and the word that tells what it counts; arbitrary


class Counted(NamedTuple):
    kind: ClaimKind
    effect: Effect | None
    modality: Modality | None


class _Row(NamedTuple):
    counted: Counted
    units: Terms[int] | None
    words: Terms[int] | None


@cache
def _rows(language: str) -> tuple[_Row, ...]:
    def terms(cell: str) -> Terms[int] | None:
        return Terms((term.strip(), 0) for term in cell.split(",")) if cell else None

    return tuple(
        _Row(
            Counted(row["kind"], row["effect"] or None, row["modality"] or None),  # type: ignore[arg-type]
            terms(row["units"]), terms(row["with"]),
        )
        for row in table(f"{language}_counts.tsv")
    )  # fmt: skip


@cache
def _any_word(language: str) -> Terms[int]:
    rows = table(f"{language}_counts.tsv")
    return Terms((term.strip(), 0) for row in rows if row["with"] for term in row["with"].split(","))


def counted_at(doc: Document, words: Sequence[str], number: Range, unit: Range | None) -> Counted | None:
    """What the number at these tokens counts, by its unit and the words around it; `None` where they do not tell."""
    sentence = doc.sentences[doc.sentence_of(number[0])]
    persons = unit is not None and any(is_person(word, doc.language) for word in words[unit[0] : unit[1]])
    first, last = max(sentence.first, number[0] - _FAR), min(sentence.last, number[1] + _FAR)
    quoted = doc.quoted_of(number[0])
    near = [at for at in range(first, last) if _any_word(doc.language).keys(words[at]) and doc.quoted_of(at) == quoted]
    near = [at for at in near if ";" not in words[min(at, number[1]) : max(at, number[0])]]
    ranked: list[tuple[int, Counted]] = []
    for row in _rows(doc.language):
        if row.units is not None and (unit is None or not _has(row.units, words, unit)):
            continue
        if persons and row.counted.kind in ("pledge", "attack"):
            continue
        if row.words is None:
            ranked.append((_FAR, row.counted))
            continue
        at = min(
            (abs(at - number[0]) for at in near if row.words.at(words, at, sentence.last) is not None), default=None
        )
        if at is not None:
            ranked.append((at, row.counted))
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _has(terms: Terms[int], words: Sequence[str], span: Range) -> bool:
    return any(terms.at(words, at, span[1]) is not None for at in range(*span))
