"""Counts by day, week or month, of observations whose dates are precise enough, and of the reports beside them.

Guarantees: `certain` counts what lies wholly in the bin, `possible` what could lie in it too; no observation is split
or shifted to make a curve smoother. Weeks begin on Monday (ISO 8601). The series runs from the first to the last bin
that holds an observation or a report, with every bin between, the empty ones too: silence is told, not left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from probanda.patterns.observed import Observation, Report

Per = Literal["day", "week", "month"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bin:
    """Days [first, last], inclusive. `reports` were published in them, whatever they are about."""

    first: date
    last: date
    certain: int
    possible: int
    reports: int


@dataclass(frozen=True, slots=True)
class Series:
    """`unplaced`: observations with a date too wide for one bin; `undated`: without any date."""

    per: Per
    bins: tuple[Bin, ...]
    unplaced: int
    undated: int

    @property
    def silent(self) -> tuple[Bin, ...]:
        """Bins in which nobody reported anything: nothing is known of them, which is not the same as peace."""
        return tuple(one for one in self.bins if one.reports == 0)


def series(observations: Sequence[Observation], reports: Iterable[Report], per: Per = "week") -> Series:
    """The counts; no bins where nothing has a date."""
    published = sorted(one.published for one in reports if one.published is not None)
    placed, unplaced, undated = [], 0, 0
    for one in observations:
        if one.earliest is None and one.latest is None:
            undated += 1
        elif one.earliest is None or one.latest is None or bin_of(one.earliest, per) != bin_of(one.latest, per):
            unplaced += 1
        else:
            placed.append(one.earliest)
    days = sorted([*placed, *published])
    if not days:
        return Series(per, (), unplaced, undated)
    wide = [one for one in observations if one.day is None]
    counted, heard = _tally(placed, per), _tally(published, per)
    bins = []
    for first, last in spans(days[0], days[-1], per):
        certain = counted.get(first, 0)
        possible = sum(one.may_touch(first, last) and not one.within(first, last) for one in wide)
        bins.append(Bin(first, last, certain, certain + possible, heard.get(first, 0)))
    return Series(per, tuple(bins), unplaced, undated)


def spans(first: date, last: date, per: Per) -> Iterator[tuple[date, date]]:
    """Every bin from the one that holds `first` to the one that holds `last`."""
    start, end = bin_of(first, per)
    while start <= last:
        yield start, end
        if end == date.max:
            return
        start, end = bin_of(end + _DAY, per)


def bin_of(day: date, per: Per) -> tuple[date, date]:
    """The first and last day of the bin that holds `day`."""
    if per == "day":
        return day, day
    if per == "week":
        monday = day.toordinal() - day.weekday()
        return date.fromordinal(max(monday, 1)), date.fromordinal(min(monday + 6, date.max.toordinal()))
    following = (day.replace(day=28) + 4 * _DAY).replace(day=1) if (day.year, day.month) != (9999, 12) else None
    return day.replace(day=1), following - _DAY if following else date.max


def _tally(days: Iterable[date], per: Per) -> dict[date, int]:
    found: dict[date, int] = {}
    for day in days:
        first, _ = bin_of(day, per)
        found[first] = found.get(first, 0) + 1
    return found
