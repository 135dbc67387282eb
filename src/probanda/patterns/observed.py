"""What is counted: one observation for each incident (or event), with what is known of it and what is not.

Guarantees: nothing is guessed. A date that spans several bins is not put into one of them; a place or object that
nobody stated is `None` and is counted as not stated. Observations are of incidents as people confirmed them wherever
there are any; counts of a machine's proposals or of events in reports say so (`basis`), because ten reports of one
strike are ten events and one incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Basis = Literal["incidents", "proposals", "events"]


@dataclass(frozen=True, slots=True)
class Observation:
    """`earliest` and `latest` are inclusive days, `None` where open or not known. `objects` are physical types as in a
    reading's objects (never legal classes). `party` is whom the source names as the actor, in its words: alleged.
    `documents` are the reports that tell of it, as `Report.document` names them; `holders` say who
    holds it (speaker, report, unknown)."""

    id: str
    type: str | None
    earliest: date | None
    latest: date | None
    place: str | None
    place_id: str | None
    country: str | None
    objects: tuple[str, ...]
    party: str | None
    documents: tuple[str, ...]
    holders: tuple[str, ...]

    @property
    def day(self) -> date | None:
        """The day where it is exactly one."""
        return self.earliest if self.earliest is not None and self.earliest == self.latest else None

    def within(self, first: date, last: date) -> bool:
        """Certainly in these days."""
        return self.earliest is not None and self.latest is not None and first <= self.earliest <= self.latest <= last

    def may_touch(self, first: date, last: date) -> bool:
        """Possibly in these days; a date that nobody stated may lie anywhere and is not counted here."""
        if self.earliest is None and self.latest is None:
            return False
        return (self.earliest or date.min) <= last and (self.latest or date.max) >= first

    def is_of(self, type: str) -> bool:
        """Whether its type is `type` or below it: "attack" holds for "attack.strike"."""
        return self.type is not None and (self.type == type or self.type.startswith(f"{type}."))


@dataclass(frozen=True, slots=True)
class Report:
    """One text as published on one day, that was read, or an item that no step could read: `language` is `None`."""

    document: str
    published: date | None
    language: str | None
    source: str | None
    items: int = 1


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything that is counted from, at one head of the log."""

    basis: Basis
    observations: tuple[Observation, ...]
    reports: tuple[Report, ...]
    control: tuple[ControlStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlStatement:
    """A source on who holds a place: `state` is the last part of the event's type ("captured", "contested",
    "liberated"), `by` whom it names, `holder` who says so. `standing` is a modality: only what is said to be so
    (accomplished, stated) counts as a state, the rest is told apart."""

    id: str
    place: str
    place_id: str | None
    state: str
    by: str | None
    holder: str
    modality: str
    earliest: date | None
    latest: date | None
    published: date | None
    document: str
    start: int
    end: int
