"""CaseFile: everything that a case file says, as records, before any page is drawn (spec/casefile.md).

Guarantees: every line about a text carries a `Ref` to exact characters of that text, and a line says whose statement it
is and whether a person has judged it. Numbers ("F3", "J1", item 2, text 1) are stable for one case file only; ids are
stable for ever. Values are raw text from sources: whoever shows them must escape them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from probanda.records.canonical import Json
from probanda.records.quantity import Bound
from probanda.records.way_out import Audience as Audience
from probanda.report.basis import Difference as Difference
from probanda.report.basis import Moment as Moment
from probanda.report.basis import Owner as Owner
from probanda.report.basis import Ref as Ref
from probanda.report.basis import Standing as Standing
from probanda.report.basis import Verified as Verified
from probanda.report.chapters import (
    ComparisonLine,
    Gap,
    IncidentLine,
    MapContent,
    OriginsLine,
    Overview,
    ProcedureGroup,
    ProposalLine,
    SourceLine,
    TimelineContent,
)
from probanda.report.holdings import Check, FailureLine, ItemLine, JudgementLine, Missing, SupplementLine, Withheld

FORMAT = "probanda-casefile/1"


@dataclass(frozen=True, slots=True)
class Figure:
    number: str
    id: str
    ref: Ref
    items: tuple[int, ...]
    owner: Owner
    words: str  # qualifier, number and scale as the source has them
    stated: int | float | Literal["unknown"]
    minimum: Bound
    maximum: Bound
    qualifier: str
    unit: str | None
    who: str | None
    where: str | None
    date: Moment
    since: Moment | None
    modality: str
    negated: bool
    verification: Verified | None
    part_of: str | None  # number of the figure that includes this one, its id where it is not shown
    replaces: str | None  # number of the figure that the source replaces by this one, else the id or words
    differs: tuple[Difference, ...]
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures for one effect and one kind of thing counted. `said`: said to be so; `apart`: forecast, feared, alleged,
    denied and the like. Never summed, averaged or merged."""

    effect: str | None
    unit: str | None
    said: tuple[Figure, ...]
    apart: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """A claim of the same reading that says the same as the line it stands on, and its characters [start, end)."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    number: str
    id: str
    ref: Ref
    items: tuple[int, ...]
    form: str  # direct, mixed, indirect; "reported" for a claim that is no quotation
    venue: str | None
    when: Moment | None
    negated: bool
    same: tuple[Same, ...]
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class SpeakerGroup:
    """Statements under one name as the sources give it; a role without a name is never joined across texts."""

    owner: Owner
    roles: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event, or a claim without a figure that asserts one."""

    number: str
    id: str
    type: str
    ref: Ref
    before: str  # words of the same paragraph, so that a trigger can be understood
    after: str
    items: tuple[int, ...]
    owner: Owner
    actor: str | None
    aimed_at: str | None
    affected: str | None
    instrument: str | None
    where: str | None
    when: Moment | None
    counts: Mapping[str, Json] | None
    modality: str
    negated: bool
    verification: Verified | None
    same: tuple[Same, ...]
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class OccurrenceGroup:
    heading: str  # a modality, or "accusation"
    lines: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class LabelLine:
    number: str
    label: str
    ref: Ref
    items: tuple[int, ...]
    owner: Owner
    about: Ref | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    number: str
    name: str
    role: str
    gazetteer_id: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    candidates: int
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A weapon (`kind` is its class) or an object (`kind` is its physical type), with every place it stands."""

    number: str
    words: str
    kind: str
    reported_as: str | None
    military_use: tuple[Ref, ...]
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A marked passage and the lines that rest on it."""

    anchor: str
    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    number: int
    sha256: str
    chars: int
    language: str
    published: str | None
    request: str | None
    extractors: tuple[Mapping[str, Json], ...]
    items: tuple[int, ...]
    paragraphs: tuple[tuple[int, int], ...]
    anchors: tuple[Anchor, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    format: str
    case_id: str
    title: str
    generated_at: str
    log_size: int
    log_root: str
    software_version: str
    audience: Audience
    restricted: bool
    withheld: tuple[Withheld, ...]
    integrity: str  # the finding in one sentence
    integrity_ok: bool | None
    checks: tuple[Check, ...]
    figures: tuple[FigureGroup, ...]
    statements: tuple[SpeakerGroup, ...]
    happened: tuple[Occurrence, ...]
    apart: tuple[OccurrenceGroup, ...]
    labels: tuple[LabelLine, ...]
    places: tuple[PlaceLine, ...]
    weapons: tuple[Mention, ...]
    objects: tuple[Mention, ...]
    judgements: tuple[JudgementLine, ...]
    supplements: tuple[SupplementLine, ...]
    items: tuple[ItemLine, ...]
    failures: tuple[FailureLine, ...]
    missing: tuple[Missing, ...]
    texts: tuple[Text, ...]
    overview: Overview | None = None  # `None` in what earlier versions wrote
    incidents: tuple[IncidentLine, ...] = ()
    proposals: tuple[ProposalLine, ...] = ()
    map: MapContent | None = None
    timeline: TimelineContent | None = None
    procedures: tuple[ProcedureGroup, ...] = ()
    pledges: tuple[str, ...] = ()  # numbers of lines that promise something
    sources: tuple[SourceLine, ...] = ()
    gaps: tuple[Gap, ...] = ()
    time_asked: bool = False  # whether each item tells by when it is anchored
    origins: tuple[OriginsLine, ...] = ()
    comparisons: tuple[ComparisonLine, ...] = ()
