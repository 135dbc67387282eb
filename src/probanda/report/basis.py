"""What every line of a case file is made of: references, owners, moments, standings (spec/casefile.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from probanda.records.canonical import Json


@dataclass(frozen=True, slots=True)
class Ref:
    """Characters [start, end) of text `text`, which are `words`. `anchor` is where the page marks them. `place` says in
    words where in the source they stand ("page 2", "cell B3"), where the source is no text itself."""

    text: int
    paragraph: int
    anchor: str
    start: int
    end: int
    words: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose statement it is: a speaker (named, or by role alone), the report itself, or a holder not told."""

    kind: Literal["speaker", "report", "unknown"]
    name: str | None = None
    role: str | None = None
    mention: str | None = None
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Inclusive bounds as ISO 8601, `None` while unresolved; `words` are the source's, `None` where the date is that
    of publication."""

    earliest: str | None
    latest: str | None
    precision: str
    basis: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One judgement in force on a line. A line without any is a machine reading."""

    judgement: str  # number, e.g. "J1"
    decision: str
    by: str
    reason: str | None = None  # `None`: withheld
    correction: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Another figure for the same effect, unit, place and time. `exclusive`: the bounds do not meet, so both cannot
    hold; otherwise the figures differ but could both hold."""

    figure: str
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """What the source says of the checking."""

    status: str
    ref: Ref
