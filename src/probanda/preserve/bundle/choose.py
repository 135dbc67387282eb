"""What of a case goes into a bundle, from what may be shown and from what the log leads to.

Guarantees: a blob is chosen only where a way to it is open: a capture that may be shown, a row all of whose inputs are
chosen, a record or settings that may be shown, a seal. Every entry of which anything is not chosen is
named with a reason, so that each blob of the case is in the bundle or accounted for by the entry that names it. What is
withheld drags its equals with it: a row that would hand on bytes equal to a withheld item's is withheld, and so is what
it was made from. An act that this version does not know is withheld. Rows written before rows had nonces are shown all
or none, and with them what they made. Pure: reading blobs and openings comes in as arguments.

Memory: a fixed number of bytes for each blob chosen and for each row withheld.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from probanda.preserve.errors import BlobMissing
from probanda.preserve.rows import has_nonce
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation
from probanda.records.entry import (
    CHECKPOINT,
    CREATION,
    DELETION,
    DERIVATION,
    FAILURE,
    INCIDENT,
    INGESTION,
    JUDGEMENT,
    REGISTRATION,
    RELATION,
    SETTINGS,
    SUPPLEMENT,
    CommittedRef,
    Entry,
    ObjectRef,
)

SAME: Final = "same content as an item that is withheld"
_DERIVED: Final = "made from items that are withheld"
_GONE: Final = "not held any more"
_DELETED: Final = "deleted"
_RECORD: Final = "about what is withheld or not shown"
_RECORDS: Final = {JUDGEMENT: "judgement", SUPPLEMENT: "supplement", INCIDENT: "incident", RELATION: "relation"}
_ALWAYS: Final = {CHECKPOINT}  # a seal is made to be shown
_RENEWAL: Final = "renewal"  # role of the blob that a renewed seal binds by SHA-512
_CALENDAR: Final = "supplement"  # parameter of a reading that rests on what a person told the case

Opened = Callable[[str], Json]  # the value behind a commitment; `None` where its opening is not held
Rows = Callable[[Entry], Iterable[Derivation | None]]  # `None`: the row was deleted


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be shown to whom. `refused` says of each capture that may not be why, for all others `unasked` does.
    `records` are ids of judgements, supplements, incidents and relations. `told`: whether what rests on supplements
    may be shown. `names`: ids of the agents whose names may be opened. `opened`: names of an item's commitments (name,
    source, note) that may be opened where the item is shown."""

    audience: str
    captures: Collection[str]
    refused: Mapping[str, str] = field(default_factory=dict)
    unasked: str = "not asked for"
    records: Collection[str] = frozenset()
    told: bool = False
    settings: bool = False
    failures: bool = False
    names: Collection[str] = frozenset()
    opened: Collection[str] = frozenset({"name", "source"})


@dataclass(slots=True)
class Choice:
    """`objects`: digest (raw) to size, of every blob that goes into the bundle. `withheld`: number of an entry to the
    reason why something that it names does not. `hidden`: number of a derivation's entry to the rows of it (from 0)
    that are withheld; an entry whose rows blob is withheld whole is in `withheld` and not here. `captures`: ids of the
    items shown. `types`: media types, as far as a shown row tells."""

    objects: dict[bytes, int] = field(default_factory=dict)
    withheld: dict[int, str] = field(default_factory=dict)
    hidden: dict[int, array[int]] = field(default_factory=dict)
    captures: set[str] = field(default_factory=set)
    types: dict[bytes, str] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def has(self, sha256: str) -> bool:
        return bytes.fromhex(sha256) in self.objects


def outcome_of(entry: Entry, opened: Opened) -> tuple[str, int] | None:
    """Digest and size of the blob that an ingestion took in, also where the log only commits to it; `None` where its
    opening is not held."""
    for blob in entry.blobs("outcome"):
        return blob.sha256, blob.size
    for ref in entry.objects:
        if isinstance(ref, CommittedRef) and ref.role == "outcome":
            value = opened(ref.committed)
            if isinstance(value, dict) and isinstance(value.get("sha256"), str) and isinstance(value.get("size"), int):
                return str(value["sha256"]), int(str(value["size"]))
    return None


def choose(
    entries: Callable[[], Iterable[Entry]],
    rows: Rows,
    opened: Opened,
    permission: Permission,
    *,
    has: Callable[[str], bool],
    deleted: Collection[str] = (),
) -> Choice:
    """The choice over the entries, which are walked as often as it takes. `has` says whether the case still has a blob;
    `deleted` are ids of captures that were deleted."""
    tainted: set[bytes] = set()
    while True:
        walk = _Walk(rows, opened, permission, has, deleted, tainted)
        for entry in entries():
            walk.see(entry)
        walk.end()
        if walk.tainted.isdisjoint(walk.choice.objects):
            return walk.choice
        tainted = walk.tainted


class _Walk:
    def __init__(
        self,
        rows: Rows,
        opened: Opened,
        permission: Permission,
        has: Callable[[str], bool],
        deleted: Collection[str],
        tainted: Collection[bytes],
    ) -> None:
        self.choice = Choice()
        self.tainted = set(tainted)
        self._rows, self._opened, self._permission = rows, opened, permission
        self._has, self._deleted = has, deleted
        self._renewals: list[tuple[Entry, ObjectRef]] = []

    def end(self) -> None:
        """What renews old stamps lists the digests of all that is in the case: it goes along where all of that does."""
        for entry, blob in self._renewals:
            if self.choice.withheld or not self._has(blob.sha256):
                self._withhold(entry, "renewals", "lists what is withheld")
            else:
                self._take(blob.sha256, blob.size)

    def see(self, entry: Entry) -> None:
        if entry.act == INGESTION and entry.outcome == "success":
            self._ingestion(entry)
        elif entry.act == DERIVATION and entry.outcome == "success":
            self._derivation(entry)
        elif entry.objects:
            self._others(entry)

    def _ingestion(self, entry: Entry) -> None:
        capture, blob = str(entry.detail.get("capture")), outcome_of(entry, self._opened)
        reason = _DELETED if capture in self._deleted else self._permission.refused.get(capture)
        if reason is None and capture not in self._permission.captures:
            reason = self._permission.unasked
        if reason is None and blob is not None and blob[1] and bytes.fromhex(blob[0]) in self.tainted:
            reason = SAME
        if reason is None and (blob is None or not self._has(blob[0])):
            reason = _GONE
        if reason is not None:
            self._withhold(entry, "items", reason)
            if blob is not None and blob[1] and reason != self._permission.unasked:
                self.tainted.add(bytes.fromhex(blob[0]))
            return
        assert blob is not None
        self.choice.captures.add(capture)
        self._take(*blob)

    def _derivation(self, entry: Entry) -> None:
        blob = next(iter(entry.blobs("rows")), None)
        try:
            made = list(self._rows(entry))
        except BlobMissing:
            made, blob = [], None
        if blob is None:
            self._withhold(entry, "derivations", _GONE)
            return
        shown = self._shown([(number, row) for number, row in enumerate(made) if row is not None])
        hidden = [number for number in range(len(made)) if number not in shown]
        if hidden:
            reason = _DERIVED if any(made[number] is not None for number in hidden) else _DELETED
            provable = all(row is None or has_nonce(row) for row in (made[number] for number in hidden))
            whole = "rows_root" not in entry.detail or not provable
            self._withhold(entry, "derivations", reason, len(made) if whole else len(hidden))
            if whole:
                return
            self.choice.hidden[entry.seq] = array("L", hidden)
        else:
            self._take(blob.sha256, blob.size)
        for number in sorted(shown):
            self._row(shown[number])

    def _shown(self, made: Sequence[tuple[int, Derivation]]) -> dict[int, Derivation]:
        """The rows that may be shown. Rows of one batch may build on each other in any order."""
        known, shown, waiting = set[bytes](), dict[int, Derivation](), list(made)
        while True:
            still = []
            for number, row in waiting:
                inputs = [bytes.fromhex(name) for name in row.request.inputs]
                if not inputs or not all(name in known or name in self.choice.objects for name in inputs):
                    still.append((number, row))
                elif self._allowed(row, inputs):
                    shown[number] = row
                    known.update(bytes.fromhex(output.sha256) for output in row.outputs)
            if len(still) == len(waiting) or not still:
                return shown
            waiting = still

    def _allowed(self, row: Derivation, inputs: Iterable[bytes]) -> bool:
        if _CALENDAR in row.request.parameters and not self._permission.told:
            return False
        if not all(self._has(output.sha256) for output in row.outputs):
            return False
        if any(output.size and bytes.fromhex(output.sha256) in self.tainted for output in row.outputs):
            self.tainted.update(inputs)  # what it was made from holds the same bytes
            return False
        return True

    def _row(self, row: Derivation) -> None:
        for output in row.outputs:
            self._take(output.sha256, output.size)
        found = row.facts.get("media_type")
        if isinstance(found, str) and len(row.request.inputs) == 1:
            self.choice.types[bytes.fromhex(row.request.inputs[0])] = sys.intern(found)

    def _others(self, entry: Entry) -> None:
        renewing = entry.blobs(_RENEWAL) if entry.act == CHECKPOINT else ()
        self._renewals += [(entry, blob) for blob in renewing]
        blobs = tuple(blob for blob in entry.blobs() if blob not in renewing)
        held = len(entry.blobs()) == len(entry.objects) and all(self._has(blob.sha256) for blob in blobs)
        if entry.act in _RECORDS:
            open_ = entry.detail.get(_RECORDS[entry.act]) in self._permission.records
            what, reason = entry.act + "s", _RECORD
        elif entry.act == SETTINGS:
            open_, what, reason = self._permission.settings, "settings", "not cleared for this audience"
        elif entry.act == DELETION:
            open_, what, reason = False, "deletions", "names what was deleted"
        else:
            open_, what, reason = entry.act in _ALWAYS, "other acts", "not cleared for any audience"
        if open_ and held:
            for blob in blobs:
                self._take(blob.sha256, blob.size)
        else:
            self._withhold(entry, what, reason if not open_ else _GONE)

    def _take(self, sha256: str, size: int) -> None:
        self.choice.objects[bytes.fromhex(sha256)] = size

    def _withhold(self, entry: Entry, what: str, reason: str, count: int = 1) -> None:
        self.choice.withheld[entry.seq] = reason
        self.choice.counts[what, reason] += count


def openings_of(entry: Entry, choice: Choice, permission: Permission) -> Iterator[tuple[str, bool]]:
    """Every commitment that the entry makes, and whether its opening goes into the bundle. The title stands in
    `case.json` too; of whatever is not named here, nothing is opened."""
    open_: set[str] = set()
    if entry.act == CREATION:
        open_ = {"title"}
    if entry.act in (CREATION, REGISTRATION) and entry.detail.get("agent") in permission.names:
        open_.add("name")
    shown = entry.act == INGESTION and entry.detail.get("capture") in choice.captures
    if shown:
        open_ = {*permission.opened, "published", "media_type", "origin"}
    if entry.act == FAILURE and permission.failures:
        open_ = {"name", "reason"}
    for name, commitment in entry.committed.items():
        yield commitment, name in open_
    for ref in entry.objects:
        if isinstance(ref, CommittedRef):
            yield ref.committed, shown
