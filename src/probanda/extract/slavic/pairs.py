"""A verb and a word beside it that together say what befell people: "місто залишили", "границу пересекли".

Guarantees: verb and word stand in one clause, in either order, with at most four words between, or as many as the row
allows; the verb comes from lexica/{uk,ru}_pairs.tsv and so does the word. One alone says nothing here. That a fate is
known says nothing either: a word of knowing counts with its negation ("доля невідома", "судьба не установлена").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Span

_REACH = 5  # tokens from the one to the other where the row tells none; arbitrary
_KNOWN = ("відом", "з'ясов", "встановлен", "известн", "выясн", "установлен", "ясн", "зв'язк", "связ")
_PARTING = frozenset(", ; : — – ( )".split())


class Pair(NamedTuple):
    """The verb at tokens [first, last), the token of the word beside it, and the row of the lexicon."""

    first: int
    last: int
    beside: int
    value: dict[str, str]


@cache
def _verbs(language: str) -> tuple[Terms[int], ...]:
    rows = table(f"{language}_pairs.tsv")
    return tuple(Terms((term.strip(), at) for term in row["verb"].split(",")) for at, row in enumerate(rows))


@cache
def _any_verb(language: str) -> Terms[int]:
    return Terms((term.strip(), 0) for row in table(f"{language}_pairs.tsv") for term in row["verb"].split(","))


@cache
def _beside(language: str) -> tuple[tuple[dict[str, str], Terms[int]], ...]:
    return tuple(
        (row, Terms((term.strip(), 0) for term in row["with"].split(","))) for row in table(f"{language}_pairs.tsv")
    )


def paired(words: Sequence[str], sentence: Span, language: str) -> list[Pair]:
    """Every pair of a verb and its word in the sentence, in order."""
    found: list[Pair] = []
    for place in range(sentence.first, sentence.last):
        if not _any_verb(language).keys(words[place]):
            continue
        for verbs, (row, terms) in zip(_verbs(language), _beside(language), strict=True):
            match = verbs.at(words, place, sentence.last) if verbs.keys(words[place]) else None
            beside = _near(words, place, sentence, row, terms) if match is not None else None
            if match is not None and beside is not None:
                found.append(Pair(match.first, match.last, beside, row))
                break
    return found


def _near(words: Sequence[str], place: int, sentence: Span, row: dict[str, str], terms: Terms[int]) -> int | None:
    for step in range(1, int(row["reach"] or _REACH) + 1):
        for at in (place + step, place - step):
            low, high = sorted((at, place))
            if not sentence.first <= at < sentence.last or not terms.holds(words[at]):
                continue
            known = words[at].startswith(_KNOWN) and words[at - 1] not in ("не", "нет", "нема", "немає")
            if not known and _PARTING.isdisjoint(words[low:high]):
                return at
    return None
