"""How two things are timed side by side, and the row that results.

Guarantees: ours and the peer are timed in the same process, turn about, the one that goes first changing from round to
round, so that a slow minute of the machine falls on both; a ratio is the median of the rounds' ratios. Before each
timing the disk is given what earlier work left to write. A first round may be run and not counted, so that both find
their files in memory and their modules loaded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how much: `folder` is empty and ours, `scale` multiplies every number of items and bytes, `rounds` is
    how often each side is timed, and `say` tells who waits what is going on."""

    folder: Path
    scale: float = 1.0
    rounds: int = 5
    say: Callable[[str], None] = print

    def count(self, full: int, least: int = 1) -> int:
        return max(least, round(full * self.scale))


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of `share`, or of `ours` itself."""

    of: Literal["share", "ours"]
    sign: Literal["≥", "<"]
    limit: float

    def met(self, value: float) -> bool:
        return value >= self.limit if self.sign == "≥" else value < self.limit


@dataclass(frozen=True, slots=True)
class Row:
    """`ours` and `peer` in `unit`; `share` is our speed divided by the peer's, so that more is better also where
    the unit is a time; `None` where no peer does the same work.
    `least` and `most` are the extremes over the rounds of what the target judges."""

    name: str
    what: str
    unit: str
    ours: float
    peer: float | None
    peer_is: str
    share: float | None
    least: float
    most: float
    target: Target | None
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """`None` where nothing is asked."""
        if self.target is None:
            return None
        value = self.share if self.target.of == "share" else self.ours
        return value is not None and self.target.met(value)


Timed = Callable[[int], float]
"""Does the work once, told the round's number, and returns the seconds of what counts."""


def alternate(ours: Timed, peer: Timed, rounds: int, *, warm_up: bool = True) -> tuple[list[float], list[float]]:
    """The seconds of both sides, round by round."""
    first, second = [], []
    for number in range(-1 if warm_up else 0, rounds):
        if number % 2:
            theirs = peer(number)
            mine = ours(number)
        else:
            mine = ours(number)
            theirs = peer(number)
        if number >= 0:
            first.append(mine)
            second.append(theirs)
    return first, second


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Seconds of wall time within the block, begun when the disk is quiet."""
    os.sync()
    watch = Stopwatch()
    begun = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - begun


@dataclass(slots=True)
class Stopwatch:
    seconds: float = 0.0


def rate_row(
    name: str,
    what: str,
    unit: str,
    amount: float,
    ours: list[float],
    peer: list[float],
    peer_is: str,
    target: Target | None,
) -> Row:
    """A row of rates: `amount` of `unit` in these seconds."""
    shares = [theirs / mine for mine, theirs in zip(ours, peer, strict=True)]
    return Row(
        name, what, unit, amount / median(ours), amount / median(peer), peer_is, median(shares),
        min(shares), max(shares), target,
    )  # fmt: skip
