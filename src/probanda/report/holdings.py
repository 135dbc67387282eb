"""The records of a case file about the holding itself: judgements, items, failures, what is missing, checks.

Guarantees: a value that is withheld is `None` with the fact stated beside it or counted in `Withheld`; nothing here
holds a text of a source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from probanda.records.canonical import Json
from probanda.report.snapshot import Whence


@dataclass(frozen=True, slots=True)
class JudgedLine:
    id: str
    number: str | None  # of the line in this case file; `None`: not shown here
    words: str | None


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A grade that a person recorded. `supported`: whether what this case file holds still supports it; `missing` are
    the conditions that are not met, in words."""

    scheme: str
    version: str
    definition: str
    grade: str
    supported: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgementLine:
    number: str
    id: str
    decision: str
    about: tuple[JudgedLine, ...]
    reason: str | None  # `None`: withheld
    correction: Mapping[str, Json] | None
    correction_withheld: bool
    by: str
    at: str
    superseded_by: str | None  # number
    grade: GradeLine | None = None  # `None`: it decides on a record, and gives no grade


@dataclass(frozen=True, slots=True)
class SupplementLine:
    """What a person told the case: when an event began (`date`), or where a site lies (degrees, metres)."""

    number: str
    id: str
    kind: str
    name: str
    date: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    reason: str | None  # `None`: withheld
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """What was unpacked from an item; `path` is where it lay there."""

    path: str
    sha256: str
    size: int
    media_type: str | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    number: int
    capture: str
    name: str | None
    source: str | None
    note: str | None
    published: str | None
    media_type: str | None
    sha256: str
    size: int
    captured_at: str
    entry: int
    added_by: str | None
    marking: str
    conditions: tuple[str, ...]
    risk: str
    texts: tuple[int, ...]
    members: tuple[MemberLine, ...] = ()
    anchored: str = "unanchored"  # the time by which it was there, as stamps over the log show
    anchors: tuple[str, ...] = ()
    whence: Whence | None = None  # from which other case it came


@dataclass(frozen=True, slots=True)
class FailureLine:
    number: str
    item: int | None
    name: str | None
    step: str
    outcome: str
    reason: str
    at: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    reason: str
    items: tuple[int, ...]
    texts: tuple[int, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    what: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    outcome: str
    reason: str
    counted: int | None
