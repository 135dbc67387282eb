"""Snapshot: what a report receives, as records, at one head of the log.

Guarantees: the report is a function of this value and nothing else; it opens no database, no disk and no clock, so the
same snapshot gives the same bytes on any machine. `Archive.snapshot()` fills it. The order of rows carries no meaning
beyond `Capture.seq`; the case file sorts for itself. Everything here is *before* disclosure: a snapshot holds protected
names and texts and never leaves the case folder; what may leave is decided in `report.disclosure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from probanda.records.canonical import Json
from probanda.records.capture import Capture
from probanda.records.incident import Incident, Proposal, Relation
from probanda.records.judgement import Judgement
from probanda.records.reading import Reading
from probanda.records.supplement import Supplement

CheckOutcome = Literal["holds", "fails", "unproven", "not_run"]
FailureOutcome = Literal["failed", "not_applicable", "unavailable"]
UNANCHORED: Final = "unanchored"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What was unpacked from a container (an archive, a mailbox, a message). `path` is where it lay there, in the
    container's own words, with "/" between a nested container and its member; it is a protected value like a name."""

    path: str
    sha256: str
    size: int
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Whence:
    """The other case that an item came from: its id, its title (`None`: withheld), the number of its entry there, the
    fingerprint of the key that signed that log, and who stamped the log, each with the time."""

    case: str
    title: str | None
    entry: int
    key: str
    stamped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One capture, with what was found out about its bytes. Several captures may be of the same bytes."""

    capture: Capture
    media_type: str | None = None  # as the step `identify` found it; `None`: not found out
    added_by: str | None = None  # the id of the agent in the entry
    members: tuple[MemberRow, ...] = ()  # what was unpacked from it, in its order
    anchored: str = UNANCHORED  # the time by which stamps over the log show that it was there (RFC 3339, UTC)
    anchors: tuple[str, ...] = ()  # by whose stamps
    whence: Whence | None = None  # `None`: it is the case's own


@dataclass(frozen=True, slots=True)
class Region:
    """text[start:end] stands at `at` in the source: a page, cell, paragraph, part or area (spec/text-map.md)."""

    start: int
    end: int
    at: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of one frozen text. All passages of `reading` are offsets into `text`."""

    reading: Reading
    text: str
    text_sha256: str  # of the blob that holds `text` in UTF-8
    captures: tuple[str, ...]  # ids of every capture from whose bytes this text was made
    request: str | None = None  # SHA-256 of the request (records.derivation) that made the reading
    paragraphs: tuple[tuple[int, int], ...] | None = None  # [start, end) in order; `None`: the report finds them
    regions: tuple[Region, ...] = ()  # in the order of the text, for material that is no text itself


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Something that could not be added, read or derived. `capture` is `None` where nothing was preserved."""

    capture: str | None
    name: str | None  # the path or name as given, a protected value; `None`: not known
    step: str  # "add", or the name of the step
    outcome: FailureOutcome
    reason: str
    at: str | None = None  # the time of the log entry, RFC 3339


@dataclass(frozen=True, slots=True)
class AgentRow:
    """A person or program that acts in the log. `name` is a protected value; `None`: committed, opening not held."""

    id: str
    name: str | None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of `preserve.verify` by its stable name."""

    name: str
    outcome: CheckOutcome
    reason: str
    counted: int | None = None  # how many things were checked; `None`: not counted


@dataclass(frozen=True, slots=True)
class Snapshot:
    case_id: str
    title: str
    generated_at: str  # RFC 3339, UTC: handed in, since a report has no clock
    log_size: int
    log_root: str  # 64 hexadecimal digits, RFC 6962, over the first `log_size` entries
    software_version: str
    items: tuple[ItemRow, ...]
    readings: tuple[ReadingRow, ...]
    judgements: tuple[Judgement, ...]
    failures: tuple[FailureRow, ...]
    integrity: tuple[CheckRow, ...]
    integrity_ok: bool | None  # `None`: the checks were not run
    agents: tuple[AgentRow, ...] = ()
    incidents: tuple[Incident, ...] = ()  # in force: the newest version of each, none that is withdrawn
    relations: tuple[Relation, ...] = ()  # in force, between incidents above (`subject`, `object`: newest ids)
    proposals: tuple[Proposal, ...] = ()  # a machine's, not yet confirmed or refused by a person
    supplements: tuple[Supplement, ...] = ()  # in force: the last about each name, none that is withdrawn
    time_asked: bool = False  # whether the case was ever sealed, or asks for anchors: then each item tells of its own
