"""Evolution: what each source of one topic held, day after day, as a series.

Guarantees: one series for each source that is known and each scope (who is counted, since when), and one for each
report whose source nobody knows; steps in the order of their days, those without a day last; nothing is interpolated.
What a step is against the one before it follows from the two intervals alone and judges neither.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from probanda.corroborate.comparison import Compared
from probanda.corroborate.positions import Position

Change = Literal["first", "repeated", "raised", "lowered", "narrowed", "widened", "changed", "said", "denied", "ahead"]


@dataclass(frozen=True, slots=True)
class Step:
    """`position` is a place in the group's `positions`; `first` and `last` are the days on which it was told, `None`
    while nobody knows."""

    position: int
    first: str | None
    last: str | None
    change: Change


@dataclass(frozen=True, slots=True)
class Series:
    """`source` is a key for comparison, `named` the source in the words of the earliest report; both are `None` where
    nobody knows it."""

    source: str | None
    named: str | None
    steps: tuple[Step, ...]


def series(group: Compared) -> tuple[Series, ...]:
    """The series of a group, the longest first. Positions that only stand beside it are in the series of their
    sources."""
    by_source: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(group.positions):
        source = one.source if one.source is not None else number
        scope = (one.population, one.nation, one.part, one.since, one.joint, one.whole)
        by_source[source, *scope].append(number)
    found = []
    for numbers in by_source.values():
        ordered = sorted(
            numbers, key=lambda n: (group.positions[n].days is None, group.positions[n].days or ("", ""), n)
        )
        steps, before = [], None
        for number in ordered:
            one = group.positions[number]
            first, last = one.days or (None, None)
            steps.append(Step(number, first, last, _change(before, one)))
            before = one
        head = group.positions[ordered[0]]
        found.append(Series(head.source, head.named, tuple(steps)))
    return tuple(sorted(found, key=lambda one: (-len(one.steps), one.steps[0].first or "9", one.steps[0].position)))


def _change(before: Position | None, one: Position) -> Change:
    if before is None:
        return "first"
    if one.stance != before.stance:
        return one.stance
    a, b = before.interval, one.interval
    if a is None or b is None or a == b:
        return "repeated"
    if a.below(b):
        return "raised"
    if b.below(a):
        return "lowered"
    if b.inside(a):
        return "narrowed"
    if a.inside(b):
        return "raised" if a.starts_below(b) else "widened"
    return "raised" if a.starts_below(b) else "lowered" if b.starts_below(a) else "changed"
