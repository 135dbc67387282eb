"""Incident: what a person holds to be one happening, and how two incidents stand to each other (spec/incident.md).

Guarantees: an incident merges nothing. It names the claims, events, quotations and captures that a person put
together, each of which stays as its source has it; figures in it stay ranges by owner. An incident and a relation are
made and signed by a person, are superseded and never edited, and their ids follow from their content; the nonce keeps
the digest, which stands openly in the log, from being guessed. A *proposal* is a machine's and is no incident: it has
an id of its own, is never in the log, and becomes an incident only when a person confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar, get_args

from probanda.records.canonical import CanonicalError, Json, canonical, identify, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import parse_time, require_hex64
from probanda.records.protection import Protection
from probanda.records.reading import When

# HURIDOCS micro-thesaurus 22 ("precedes", "encompasses", "causes") and the two that evidence needs beside it.
RelationKind = Literal["same", "part_of", "precedes", "causes", "contradicts"]


@dataclass(frozen=True, slots=True)
class Where:
    """A place with its uncertainty. `radius_m` is `None` where nobody stated or worked out how far off it may be;
    latitude and longitude (WGS 84, degrees) come together or not at all. `basis` says where they are from."""

    name: str | None
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int | None = None
    gazetteer_id: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    basis: str = "unknown"

    def __post_init__(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude come together; found one of them")
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            raise ValueError(f"expected a latitude from -90 to 90, found {self.latitude}")
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            raise ValueError(f"expected a longitude from -180 to 180, found {self.longitude}")
        if self.radius_m is not None and self.radius_m < 0:
            raise ValueError(f"expected a radius of 0 metres or more, found {self.radius_m}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a machine takes for one incident. `members` are ids of events and claims; `score` ranks proposals and is no
    probability; `reasons` say in words what speaks for and against. `contradicted_by` are ids of what is said against
    it (a denial); they are no members."""

    id: str
    type: str | None
    where: Where | None
    when: When | None
    members: tuple[str, ...]
    score: float
    reasons: tuple[str, ...]
    contradicted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """`type` is a dotted path as in a reading's events, `None` where nobody coded it. `proposal` is the id of the
    proposal that was confirmed. `origin` keeps what an imported record said, field by field, so that it goes out again
    as it came in: `{"format": "atlos", "fields": {...}}`; `None` where the incident was made here."""

    id: str
    title: str
    type: str | None
    where: Where | None
    when: When | None
    members: tuple[str, ...]
    reason: str
    by: str
    at: str
    nonce: str
    supersedes: str | None = None
    withdrawn: bool = False  # a last version that says: this is no incident
    proposal: str | None = None
    origin: Mapping[str, Json] | None = None
    protection: Protection = field(default_factory=Protection)
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(self.title, "a title")
        _require(self.reason, "a reason")
        parse_time(self.at)
        require_hex64("the nonce", self.nonce)


@dataclass(frozen=True, slots=True)
class Relation:
    """`subject` stands in relation `kind` to `object` ("part_of": the subject is part of the object); both are ids of
    incidents, and mean their newest version. `withdrawn` says that a person took the relation back."""

    id: str
    kind: RelationKind
    subject: str
    object: str
    reason: str
    by: str
    at: str
    nonce: str
    supersedes: str | None = None
    withdrawn: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in get_args(RelationKind):
            raise ValueError(f"expected a relation of {', '.join(get_args(RelationKind))}, found {self.kind!r}")
        if self.subject == self.object:
            raise ValueError(f"a relation joins two incidents; found {self.subject} twice")
        _require(self.reason, "a reason")
        parse_time(self.at)
        require_hex64("the nonce", self.nonce)


Made = TypeVar("Made", Incident, Relation)


def identified(record: Made) -> Made:
    """The record with the id that follows from its content."""
    return replace(record, id=record_id(record))


def encode_record(record: Incident | Relation) -> bytes:
    """The bytes of the record's blob."""
    return canonical(to_json(record))


def parse_incident(data: bytes) -> Incident:
    """The incident in a blob. Raises `RecordError`, also when its id does not follow from its content."""
    return _parsed(Incident, data)


def parse_relation(data: bytes) -> Relation:
    """The relation in a blob. Raises `RecordError`, also when its id does not follow from its content."""
    return _parsed(Relation, data)


def _parsed(cls: type[Made], data: bytes) -> Made:
    name = cls.__name__.lower()
    try:
        record = parse(cls, parse_canonical(data), name)
    except CanonicalError as error:
        raise RecordError(f"{name}: {error}") from error
    if record.id != record_id(record):
        raise RecordError(f"{name}: expected the id {record_id(record)}, found {record.id!r:.90}")
    return record


def record_id(record: Incident | Relation) -> str:
    body = to_json(record)
    del body["id"]
    return identify("incident" if isinstance(record, Incident) else "relation", body)


def _require(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"expected {what}, found none")
