"""The records of the chapters that join lines: incidents, map, timeline, procedures, sources, overview, gaps.

Guarantees: a chapter adds nothing that no line has; it names lines by their numbers, and counts them. No figure is
added to another: an incident's figures stand one by one, each with its owner. What a machine proposes is a
`ProposalLine`, never an `IncidentLine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from probanda.records.canonical import Json
from probanda.records.quantity import Bound
from probanda.report.basis import Moment, Owner

PointKind = Literal["incident", "proposal", "place"]
Track = Literal["incident", "proposal", "happened", "apart", "published"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an incident is said to lie. `radius_m` is `None` where nobody stated how far off it may be."""

    name: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    gazetteer_id: str | None
    country: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class OwnedRange:
    """One figure inside an incident: its line, its owner, and the bounds that its words leave."""

    figure: str
    owner: Owner
    words: str
    unit: str | None
    minimum: Bound
    maximum: Bound
    said: bool  # `False`: forecast, feared, alleged, denied or negated
    differs: tuple[str, ...]  # numbers of other figures of this incident that differ from it
    excludes: tuple[str, ...]  # those with which it cannot hold together


@dataclass(frozen=True, slots=True)
class IncidentFigures:
    effect: str | None
    unit: str | None
    ranges: tuple[OwnedRange, ...]


@dataclass(frozen=True, slots=True)
class RelationLine:
    """`side` says which end this incident is: the subject ("part of" another) or the object (has a part)."""

    kind: str
    side: Literal["subject", "object"]
    other: str  # number of the other incident
    reason: str | None  # `None`: withheld
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """What a person holds to be one happening. `lines` are the lines of its members; `elsewhere` counts members of
    which this case file has no line."""

    number: str
    id: str
    title: str
    type: str | None
    where: Spot | None
    when: Moment | None
    lines: tuple[str, ...]
    items: tuple[int, ...]
    elsewhere: int
    figures: tuple[IncidentFigures, ...]
    relations: tuple[RelationLine, ...]
    reason: str | None  # `None`: withheld
    by: str
    at: str
    marking: str
    proposal: str | None
    supersedes: str | None
    origin: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """What a machine takes for one happening and nobody has confirmed. `score` ranks and is no probability."""

    number: str
    id: str
    type: str | None
    where: Spot | None
    when: Moment | None
    lines: tuple[str, ...]
    items: tuple[int, ...]
    elsewhere: int
    figures: tuple[IncidentFigures, ...]
    reasons: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class At:
    """Characters [start, end) of the text with this number; they are `words`. `None` for what was said of the item."""

    text: int | None
    start: int | None
    end: int | None
    words: str


@dataclass(frozen=True, slots=True)
class SharedAt:
    left: At
    right: At


@dataclass(frozen=True, slots=True)
class OriginLink:
    """Why two items count as one origin: `items` are their numbers, `lines` the lines joined; `by` is "machine" or
    "person", then `judgement` is its id. `changed`: the two do not give the same number."""

    kind: str
    confidence: str
    rule: str
    items: tuple[int, ...]
    lines: tuple[str, ...]
    by: str
    judgement: str | None
    changed: bool
    shared: tuple[SharedAt, ...]


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """One origin, or (`known` false) articles of which nobody knows the origin, which add none. `root` is the source in
    the words of the first article that names it."""

    known: bool
    kind: str
    root: str | None
    named: tuple[At, ...]
    chains: tuple[tuple[str, ...], ...]
    items: tuple[int, ...]
    outlets: tuple[str, ...]
    lines: tuple[str, ...]
    links: tuple[OriginLink, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OriginsLine:
    """What stands behind the lines about one thing. Where `known` is false `origins` is 1: at least one, not known."""

    number: str
    topic: str
    what: str
    counted: str | None
    stance: str
    place: str | None
    first: str | None
    last: str | None
    words: str | None
    articles: int
    outlets: int
    without_outlet: int
    origins: int
    known: bool
    groups: tuple[OriginGroup, ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Something with coordinates. `number` is that of the incident, proposal or place; `lines` are what is said to be
    there, or the members of the incident."""

    number: str
    kind: PointKind
    name: str | None
    latitude: float
    longitude: float
    radius_m: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that the map does not show, and why: `not_located`, `undecided`, `actor`, `metonym`, `no_place`."""

    number: str
    kind: PointKind
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class MapContent:
    points: tuple[MapPoint, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A line with its time. A bound of `None` is open. `words` are the line's own, or the name of the item."""

    number: str
    track: Track
    earliest: str | None
    latest: str | None
    precision: str
    words: str
    modality: str | None  # of what is kept apart: "alleged", "forecast" …


@dataclass(frozen=True, slots=True)
class TimelineContent:
    marks: tuple[TimelineMark, ...]
    undated: tuple[str, ...]  # numbers of lines without a time, or with one that is not resolved


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A vote, referral, investigation or the like: the line that has it, and its numbers as stated (`None`: not
    stated). `figures` are figures of the same paragraph that count votes or States."""

    line: str
    for_: int | None
    against: int | None
    abstaining: int | None
    states: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcedureGroup:
    kind: str  # vote, veto, referral, investigation, evidence, warrant, charge, trial, ruling, other
    lines: tuple[ProcedureLine, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Who published or handed over items, with what their texts hold. `own` counts the lines that the report itself
    asserts; the others are passed on from speakers, or their holder is not told."""

    number: str
    name: str | None  # `None`: not given
    items: tuple[int, ...]
    languages: tuple[str, ...]
    published: tuple[str, ...]  # as given, EDTF, sorted
    undated: int  # items without a date of publication
    figures: int
    statements: int
    occurrences: int
    own: int
    speakers: int  # distinct names and roles that speak in its texts


@dataclass(frozen=True, slots=True)
class Tally:
    name: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of what this audience has before it. `earliest` and `latest` bound the times of what is said to have
    happened; `None` where no line has a time."""

    items: int
    media_types: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    texts: int
    sources: int
    earliest: str | None
    latest: str | None
    happened: int
    apart: int
    figures: int
    figures_owned: int
    statements: int
    speakers: int
    incidents: int
    proposals: int
    judgements: int
    labels: int
    places: int
    located: int
    failures: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: `count` of `total`, with the lines or items it concerns."""

    kind: str
    count: int
    total: int
    lines: tuple[str, ...] = ()
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionLine:
    """What one source holds of a thing. `named` is the source in the words of the earliest report (`None`: nobody
    knows), `lines` are the lines of its claims. `words` and both bounds are `None` where it gives no number
    (`numbered`). `note`: whom the bounds count in beside the number."""

    named: str | None
    lines: tuple[str, ...]
    words: str | None
    numbered: bool
    minimum: Bound
    maximum: Bound
    note: str | None
    stance: str
    population: str | None
    since: str | None
    verified: bool
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class PairLine:
    """How two positions, by their places from 1, stand to each other."""

    left: int
    right: int
    relation: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepLine:
    position: int  # its place from 1
    change: str


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A thing on which sources differ. `positions` and `pairs` are the first of `all_positions` and `all_pairs`;
    `counts` are of all pairs compared, by relation. `series`: what each source that said more than one thing said, in
    order."""

    number: str
    id: str
    what: str
    counted: str | None
    place: str | None
    first: str | None
    last: str | None
    positions: tuple[PositionLine, ...]
    pairs: tuple[PairLine, ...]
    all_positions: int
    all_pairs: int
    counts: Mapping[str, int]
    series: tuple[tuple[StepLine, ...], ...]
