"""What leads only to one capture: everything that has to go with it, and what merely names it (spec/deletion.md).

The rule. A blob goes when no capture that stands leads to it: not the bytes themselves under another capture, not an
output of a derivation whose inputs all stand. So does the row of every derivation that was given something that goes,
also where it failed. A version of an incident goes when all it names (members, the file that it was imported from)
goes, and an incident without a name of its own goes with the versions before it; a relation goes when one of its ends
went whole; a judgement when all it is about goes, a grade when what was graded does; a kept snapshot or case file
always, since it holds everything; the kept manifest of a bundle when it lists the digest of what goes. Of an item that
came in with a bundle the openings that came with it go too, unless another item that stands came of the same foreign
entry. A record that also names something that stays, stays, and is *touched*. What a person told the case of names and
dates rests on no item and stays. Read from the log and the blobs alone, so that no fault of an index keeps anything
back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.deletions import Deletions, deletion_entries, redacted_lines
from probanda.preserve.foreign import foreign_openings, openings_about
from probanda.preserve.transfer import MANIFEST
from probanda.records.canonical import Json, parse_json
from probanda.records.deletion import Why
from probanda.records.derivation import Derivation, parse_row
from probanda.records.entry import (
    DERIVATION,
    INCIDENT,
    INGESTION,
    JUDGEMENT,
    RELATION,
    TRANSFER,
    CommittedRef,
    Entry,
)
from probanda.records.graded import graded
from probanda.records.incident import Incident, Relation, parse_incident, parse_relation
from probanda.records.judgement import Judgement, parse_judgement

REPORT_ROLES: Final = frozenset(("snapshot", "case file"))  # of a blob that holds everything there was
_DIGEST = re.compile(rb"[0-9a-f]{64}")


@dataclass(slots=True)
class Reach:
    """`blobs` are those that go, each with its size and why; `rows` the derivation entries whose rows go in part or as
    a whole; `openings` the commitments to be forgotten; `twins` the captures of the same bytes that stay; `records` the
    ids of what a reading held that goes; `touched` the ids of records that stay and name what goes."""

    entry: Entry
    blob: BlobRef | None
    twins: tuple[str, ...] = ()
    blobs: dict[str, tuple[int, Why]] = field(default_factory=dict)
    rows: tuple[Entry, ...] = ()
    openings: tuple[str, ...] = ()
    records: frozenset[str] = frozenset()
    touched: tuple[str, ...] = ()
    made_elsewhere: bool = False  # its bytes stay without a twin: they are what was made of another item too

    def goes(self, derivation: Derivation) -> bool:
        """Whether the row of this derivation goes."""
        return any(name in self.blobs for name in derivation.request.inputs)


def captured_blob(entry: Entry, value: Callable[[str | None], Json]) -> BlobRef | None:
    """The bytes that an ingestion took in; `None` where their digest is committed and its opening is not here."""
    for held in entry.objects:
        if held.role != "outcome":
            continue
        if not isinstance(held, CommittedRef):
            return BlobRef(held.sha256, held.size)
        opened = value(held.committed)
        if isinstance(opened, dict):
            sha256, size = opened.get("sha256"), opened.get("size")
            if isinstance(sha256, str) and isinstance(size, int):
                return BlobRef(sha256, size)
    return None


def reach(case: CaseFolder, capture: str) -> Reach | None:
    """What the deletion of this capture takes; `None` where no entry records it. Raises `LogDamaged`, `BlobError`,
    `RecordError`: what cannot be read cannot be shown to be no part of it."""
    earlier = Deletions(deletion_entries(case.log.path), case.blobs.read)
    entry = next((one for one in _ingestions(case) if one.detail.get("capture") == capture), None)
    if entry is None:
        return None
    found = Reach(entry, captured_blob(entry, case.openings.value))
    found.openings = (*openings_about(case, entry, capture), *foreign_openings(case, earlier.captures, capture))
    _blobs(case, earlier, found, capture)
    _manifests(case, found)
    _records(case, earlier, found, capture)
    return found


def _ingestions(case: CaseFolder) -> Iterator[Entry]:
    return (one for one in case.log.entries() if one.act == INGESTION and one.outcome == "success")


def _manifests(case: CaseFolder, found: Reach) -> None:
    """The kept manifests of bundles that list the bytes, where these go."""
    if found.blob is None or found.blob.sha256 not in found.blobs:
        return
    for entry in case.log.of_act(TRANSFER):
        for ref in entry.blobs(MANIFEST):
            if case.blobs.has(ref.sha256) and found.blob.sha256.encode() in case.blobs.read(ref.sha256):
                found.blobs[ref.sha256] = (ref.size, "manifest")


# Blobs and rows


def current_rows(case: CaseFolder, earlier: Deletions, entry: Entry) -> tuple[str, bytes, bool]:
    """Which file holds the rows of a derivation entry today, its bytes, and whether it is a redacted one."""
    [ref] = entry.blobs("rows")
    instead = earlier.instead(ref.sha256)
    name = ref.sha256 if instead is None else instead.sha256
    return name, case.blobs.read(name), instead is not None


def _row_lines(data: bytes, redacted: bool) -> Iterator[bytes]:
    if redacted:
        yield from (line for line in redacted_lines(data) if isinstance(line, bytes))
    else:
        yield from data.split(b"\n")[:-1]


@dataclass(frozen=True, slots=True)
class _Row:
    inputs: tuple[str, ...]
    outputs: tuple[tuple[str, int, str], ...]  # digest, size, role


def _blobs(case: CaseFolder, earlier: Deletions, found: Reach, capture: str) -> None:
    seeds: dict[str, tuple[int, Why]] = {}
    if found.blob is not None:
        seeds[found.blob.sha256] = (found.blob.size, "capture")
    for one in case.log.entries(found.entry.seq):
        for ref in one.blobs():
            if ref.role in REPORT_ROLES and case.blobs.has(ref.sha256):
                seeds[ref.sha256] = (ref.size, "report")
    rows, where, sizes = _descend(case, earlier, set(seeds))
    affected = {*seeds, *sizes}
    standing = _captured(case, earlier, affected, capture)
    found.twins = tuple(standing.get(found.blob.sha256, ())) if found.blob else ()
    alive = set(standing)
    growing = True
    while growing:
        growing = False
        for row in rows:
            if all(name in alive or name not in affected for name in row.inputs) and row.inputs:
                fresh = {name for name, _, _ in row.outputs} & affected - alive
                alive |= fresh
                growing = growing or bool(fresh)
    found.made_elsewhere = found.blob is not None and found.blob.sha256 in alive and not found.twins
    for name, held in seeds.items():
        if name not in alive or held[1] == "report":
            found.blobs[name] = held
    for name, size in sizes.items():
        if name not in alive and name not in found.blobs:
            found.blobs[name] = (size, "derived")
    gone = found.blobs.keys()
    found.rows = tuple(entry for entry, own in where if any(not gone.isdisjoint(row.inputs) for row in own))
    readings = {name for row in rows for name, _, role in row.outputs if role == "reading" and name in found.blobs}
    found.records = frozenset(_ids(case, readings))


def _descend(
    case: CaseFolder, earlier: Deletions, seeds: set[str]
) -> tuple[list[_Row], list[tuple[Entry, list[_Row]]], dict[str, int]]:
    """Every row that was given something of the seeds or of what came of them, or that gives it too; by entry; and the
    size of everything that came of them. Gone over until nothing is added: a later batch may have made again what an
    earlier one was given."""
    affected, sizes = set(seeds), dict[str, int]()
    if not seeds:
        return [], [], sizes
    while True:
        before = len(affected)
        where: list[tuple[Entry, list[_Row]]] = []
        for entry in case.log.entries():
            if entry.act != DERIVATION or entry.outcome != "success":
                continue
            _, data, redacted = current_rows(case, earlier, entry)
            lines = list(_row_lines(data, redacted))
            own: list[_Row] = []
            growing = True
            while growing:  # rows of one batch build on each other in any order
                size = len(affected)
                own = [_row(line) for line in lines if _names(line, affected)]
                for row in own:
                    if not affected.isdisjoint(row.inputs):
                        affected.update(name for name, _, _ in row.outputs)
                        sizes.update((name, length) for name, length, _ in row.outputs)
                growing = len(affected) > size
            if own:
                where.append((entry, own))
        if len(affected) == before:
            return [row for _, own in where for row in own], where, sizes


def _names(line: bytes, affected: set[str]) -> bool:
    return any(digest.decode() in affected for digest in _DIGEST.findall(line))


def _row(line: bytes) -> _Row:
    derivation = parse_row(line)
    outputs = tuple((one.sha256, one.size, one.role) for one in derivation.outputs)
    return _Row(derivation.request.inputs, outputs)


def _captured(case: CaseFolder, earlier: Deletions, affected: set[str], but: str) -> dict[str, list[str]]:
    """Which of these blobs other captures, which stand, are of."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in _ingestions(case):
        capture = str(entry.detail.get("capture"))
        blob = captured_blob(entry, case.openings.value)
        if blob is not None and blob.sha256 in affected and capture != but and capture not in earlier.captures:
            found[blob.sha256].append(capture)
    return found


def _ids(case: CaseFolder, readings: Iterable[str]) -> Iterator[str]:
    """The ids of the records in these readings."""
    for name in readings:
        stack: list[Json] = [parse_json(case.blobs.read(name))]
        while stack:
            held = stack.pop()
            if isinstance(held, dict):
                identity = held.get("id")
                if isinstance(identity, str) and ":" in identity:
                    yield identity
                stack.extend(held.values())
            elif isinstance(held, list):
                stack.extend(held)


# What persons made of it


def _records(case: CaseFolder, earlier: Deletions, found: Reach, capture: str) -> None:
    gone = {capture, *found.records}
    versions: list[tuple[Entry, Incident]] = []
    relations: list[tuple[Entry, Relation]] = []
    judgements: list[tuple[Entry, Judgement]] = []
    for entry in case.log.entries():
        if entry.outcome != "success" or entry.act not in (INCIDENT, RELATION, JUDGEMENT):
            continue
        for ref in entry.blobs(entry.act):
            if earlier.gone(ref.sha256, entry.seq):
                continue
            data = case.blobs.read(ref.sha256)
            if entry.act == INCIDENT:
                versions.append((entry, parse_incident(data)))
            elif entry.act == RELATION:
                relations.append((entry, parse_relation(data)))
            else:
                judgements.append((entry, parse_judgement(data)))
    touched: list[str] = []
    went, whole = _incidents(versions, gone, touched)
    for entry, version in versions:
        if version.id in went:
            _take(found, entry, "incident")
    for entry, relation in relations:
        if relation.subject in whole or relation.object in whole:
            _take(found, entry, "relation")
    gone |= went
    for entry, judgement in judgements:
        about = _about(judgement)
        if about and about <= gone:
            _take(found, entry, "judgement")
        elif (about | _rests_on(judgement)) & gone:
            touched.append(judgement.id)
    found.touched = tuple(touched)


def _incidents(versions: list[tuple[Entry, Incident]], gone: set[str], touched: list[str]) -> tuple[set[str], set[str]]:
    """The ids of the versions that go, and of those whose every version goes."""
    chains: dict[str, list[Incident]] = {}
    first: dict[str, str] = {}
    for _, one in versions:
        root = first.get(one.supersedes or "", one.id)
        first[one.id] = root
        chains.setdefault(root, []).append(one)
    went: set[str] = set()
    whole: set[str] = set()
    for chain in chains.values():
        named = set[str]().union(*map(_named, chain))
        everything = bool(named) and named <= gone
        own = {one.id for one in chain if everything or (_named(one) and _named(one) <= gone)}
        went |= own
        if len(own) == len(chain):
            whole |= own
        elif named & gone:  # the version in force may repeat what an earlier one said
            touched.append(chain[-1].id)
    return went, whole


def _named(one: Incident) -> set[str]:
    origin: Mapping[str, Json] = one.origin or {}
    imported = origin.get("capture")
    return {*one.members, *((imported,) if isinstance(imported, str) else ())}


def _rests_on(one: Judgement) -> set[str]:
    """What a grade rests on beside what was graded."""
    told = graded(one)
    return set() if told is None else set(told.rests_on)


def _about(one: Judgement) -> set[str]:
    """What a judgement is about; of a proposal, which is in no log, its members; of a grade what was graded."""
    told = graded(one)
    if told is not None:
        return {told.subject}
    members = one.extra.get("members")
    named = {member for member in members if isinstance(member, str)} if isinstance(members, (list, tuple)) else set()
    return named or set(one.about)


def _take(found: Reach, entry: Entry, why: Why) -> None:
    for ref in entry.blobs(entry.act):
        found.blobs[ref.sha256] = (ref.size, why)
