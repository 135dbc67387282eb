"""How much of what happened happened to the same kind of object, or at the same place.

Guarantees: a share comes with its numerator, its denominator and an interval; what nobody stated stays out of the
denominator and is told beside it. Intervals are Wilson's (1927, 95 per cent), for a share of independent incidents;
they say nothing on what was never reported. Groups of objects are physical types (`protected.tsv`), never legal
classes: whether an object was protected at that moment is a person's assessment. There is no expected share here:
that a third of the strikes hit hospitals is high or low only against what stood there, which this does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import sqrt

from probanda.patterns.observed import Observation

_Z = 1.959963984540054  # 97.5 per cent of the normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with the bounds of its interval."""

    name: str
    count: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Repeated:
    """Incidents at one place with the same kind of object on different days, in their order: `ids` and `days`."""

    place: str
    object: str
    ids: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Concentration:
    """`types`: shares of incidents whose type is known. `objects`, `groups`: shares of incidents whose object is known
    (one incident may count under several); `places`: of incidents whose place is known. `no_type`, `no_object`,
    `no_place`: not stated."""

    types: tuple[Share, ...]
    objects: tuple[Share, ...]
    groups: tuple[Share, ...]
    places: tuple[Share, ...]
    no_type: int
    no_object: int
    no_place: int
    repeated: tuple[Repeated, ...]


def concentration(observations: Sequence[Observation]) -> Concentration:
    known = [one for one in observations if one.objects]
    placed = [one for one in observations if one.place is not None]
    typed = [one.type for one in observations if one.type is not None]
    return Concentration(
        types=_shares(Counter(typed), len(typed)),
        objects=_shares(Counter(kind for one in known for kind in set(one.objects)), len(known)),
        groups=_shares(Counter(group for one in known for group in groups_of(one.objects)), len(known)),
        places=_shares(Counter(_place(one) for one in placed), len(placed)),
        no_type=len(observations) - len(typed),
        no_object=len(observations) - len(known),
        no_place=len(observations) - len(placed),
        repeated=_repeated(placed),
    )


def groups_of(objects: Iterable[str]) -> frozenset[str]:
    """The groups of protected.tsv that these physical types belong to; "other" for those of none."""
    table = _groups()
    return frozenset(table.get(kind) or table.get(kind.partition(".")[0]) or "other" for kind in objects)


def wilson(count: int, of: int) -> tuple[float, float]:
    """Bounds of a share at 95 per cent; of none, everything is possible."""
    if of == 0:
        return 0.0, 1.0
    share, square = count / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)


def _shares(counted: Counter[str], of: int) -> tuple[Share, ...]:
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Share(name, count, of, count / of, *wilson(count, of)) for name, count in ranked)


def _place(one: Observation) -> str:
    """Never the name alone: two villages of one name are two places."""
    return f"{one.place} ({one.place_id})" if one.place_id else str(one.place)


def _repeated(placed: Sequence[Observation]) -> tuple[Repeated, ...]:
    """Only places that a gazetteer or a person identified: an equal name proves nothing."""
    by_target: dict[tuple[str, str], list[Observation]] = {}
    for one in placed:
        if one.day is not None and one.place_id is not None:
            for kind in sorted(set(one.objects)):
                by_target.setdefault((_place(one), kind), []).append(one)
    found = []
    for (place, kind), members in sorted(by_target.items()):
        ordered = sorted(members, key=lambda one: (one.day or date.min, one.id))
        days = tuple(one.day for one in ordered if one.day is not None)
        if len(set(days)) > 1:
            found.append(Repeated(place, kind, tuple(one.id for one in ordered), days))
    return tuple(found)


@cache
def _groups() -> dict[str, str]:
    text = files("probanda.patterns").joinpath("protected.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows[1:]}
