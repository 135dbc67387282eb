"""A verb and a word beside it that together say what befell people: "місто залишили", "границу пересекли".

Guarantees: verb and word stand in one clause, in either order, with at most four words between; the verb comes from
lexica/{uk,ru}_pairs.tsv and so does the word. One alone says nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Span

_REACH = 5  # tokens from the one to the other; arbitrary
_PARTING = frozenset(", ; : — – ( )".split())


class Pair(NamedTuple):
    """The verb at tokens [first, last), the token of the word beside it, and the row of the lexicon."""

    first: int
    last: int
    beside: int
    value: dict[str, str]


@cache
def _verbs(language: str) -> Terms[int]:
    rows = table(f"{language}_pairs.tsv")
    return Terms((term.strip(), at) for at, row in enumerate(rows) for term in row["verb"].split(","))


@cache
def _beside(language: str) -> tuple[tuple[dict[str, str], Terms[int]], ...]:
    return tuple(
        (row, Terms((term.strip(), 0) for term in row["with"].split(","))) for row in table(f"{language}_pairs.tsv")
    )


def paired(words: Sequence[str], sentence: Span, language: str) -> list[Pair]:
    """Every pair of a verb and its word in the sentence, in order."""
    found: list[Pair] = []
    for place in range(sentence.first, sentence.last):
        match = _verbs(language).at(words, place, sentence.last)
        if match is None:
            continue
        row, terms = _beside(language)[match.value]
        near = [at for step in range(1, _REACH + 1) for at in (place + step, place - step)]
        for at in near:
            low, high = sorted((at, place))
            if sentence.first <= at < sentence.last and terms.holds(words[at]) and _PARTING.isdisjoint(words[low:high]):
                found.append(Pair(match.first, match.last, at, row))
                break
    return found
