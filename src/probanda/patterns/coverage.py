"""From what the picture was drawn: reports and observations by language, source, country, party and holder.

Guarantees: each table adds up to its total, with "not stated" as a row of its own. A part of the world, a language or a
side that hardly appears is said to hardly appear; no table says that nothing happened there. A party is whom sources
name as the actor, in their words: alleged, and never joined with another name here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from probanda.patterns.observed import Observed

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """`unread`: items whose language nobody could read; counted among `languages` as "not read"."""

    reports: int
    observations: int
    languages: tuple[Row, ...]
    sources: tuple[Row, ...]
    countries: tuple[Row, ...]
    parties: tuple[Row, ...]
    holders: tuple[Row, ...]
    one_report: int  # observations that rest on one text alone


def coverage(observed: Observed) -> Coverage:
    """Sources and languages count reports, the rest observations."""
    seen, reports = observed.observations, observed.reports
    return Coverage(
        reports=len(reports),
        observations=len(seen),
        languages=_rows(one.language or "not read" for one in reports),
        sources=_rows(one.source or NOT_STATED for one in reports),
        countries=_rows(one.country or NOT_STATED for one in seen),
        parties=_rows(one.party or NOT_STATED for one in seen),
        holders=_rows(" and ".join(one.holders) or NOT_STATED for one in seen),
        one_report=sum(len(set(one.documents)) < 2 for one in seen),
    )


def _rows(names: Iterable[str]) -> tuple[Row, ...]:
    return tuple(Row(name, count) for name, count in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
