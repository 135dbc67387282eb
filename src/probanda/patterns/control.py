"""Who is said to hold a place, over time, with every source beside it.

Guarantees: statements stand in the order of the days they speak of, each with its owner; no state is carried forward
by this code as if it were known ("captured on the 3rd" says nothing of the 10th). Where two statements for
overlapping days name different states or different holders of the place, both stand and the pair is told as a
conflict. What is denied, planned, feared or alleged is told apart. Does not claim control in law: effective control
is a person's assessment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from probanda.patterns.observed import ControlStatement

_SAID_TO_BE_SO = frozenset({"accomplished", "stated"})


@dataclass(frozen=True, slots=True)
class PlaceControl:
    """`states` in the order of their days; `conflicts` are pairs of their ids; `apart` is what no source says is so."""

    place: str
    place_id: str | None
    states: tuple[ControlStatement, ...]
    conflicts: tuple[tuple[str, str], ...]
    apart: tuple[ControlStatement, ...]


def control(statements: Sequence[ControlStatement]) -> tuple[PlaceControl, ...]:
    """By place; places with the same name and no identity in common with a known one stay apart from it."""
    by_place: dict[tuple[str, str], list[ControlStatement]] = {}
    for one in sorted(set(statements), key=_order):
        by_place.setdefault((one.place_id or "", one.place if one.place_id is None else ""), []).append(one)
    found = []
    for members in by_place.values():
        states = tuple(one for one in members if one.modality in _SAID_TO_BE_SO)
        found.append(
            PlaceControl(
                place=members[0].place,
                place_id=members[0].place_id,
                states=states,
                conflicts=_conflicts(states),
                apart=tuple(one for one in members if one.modality not in _SAID_TO_BE_SO),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.place.casefold(), one.place_id or "")))


def _conflicts(states: Sequence[ControlStatement]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for number, one in enumerate(states):
        for other in states[number + 1 :]:
            differ = one.state != other.state or (one.by and other.by and one.by.casefold() != other.by.casefold())
            if differ and _overlap(one, other):
                pairs.append((one.id, other.id))
    return tuple(pairs)


def _overlap(one: ControlStatement, other: ControlStatement) -> bool:
    """Only where both are dated: an unknown day contradicts nothing."""
    if one.earliest is None or one.latest is None or other.earliest is None or other.latest is None:
        return False
    return one.earliest <= other.latest and other.earliest <= one.latest


def _order(one: ControlStatement) -> tuple[date, date, str, str]:
    return (one.earliest or one.published or date.max, one.latest or date.max, one.place.casefold(), one.id)
