"""Taking out of a case folder what a deletion lists, and finishing one that was interrupted (spec/deletion.md).

Guarantees: the entry is durable before anything is taken away, so that nothing is ever missing without a reason on
record; what was begun is finished by whoever opens the case for writing next, because a file (`deletion.pending`) says
so until the end. Nothing that a later entry names is taken away: looking and removing happen under the append lock, and
an append looks, under the same lock, whether its blobs are still there. The openings go first, then the blobs.
Removing is unlinking: the names and, for whoever reads through the file system, the bytes are gone. Whether the device
still holds them nobody can tell: overwriting a file in place reaches no old copy on modern disks, so it is not done.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.blobs import BlobRef
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.deletions import Deletions, deletion_entries, removed_by, without_rows
from probanda.preserve.errors import BlobMissing, storing
from probanda.preserve.foreign import ForeignLogs, Whose, commitments_of, entries_about, stated_origin
from probanda.preserve.keys import Random
from probanda.preserve.lock import held
from probanda.preserve.reach import Reach, captured_blob, current_rows
from probanda.records.canonical import canonical
from probanda.records.deletion import LIST_ROLE, TOUCHED_ROLE, Removed, encode_list, encode_touched
from probanda.records.entry import DERIVATION, INGESTION, Entry, ObjectRef

PENDING: Final = "deletion.pending"
APPEND_LOCK: Final = "append.lock"
_DIGEST = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Erased:
    """How many blobs and openings a finishing took away."""

    blobs: int = 0
    openings: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(self.blobs + other.blobs, self.openings + other.openings)


def removals(case: CaseFolder, found: Reach) -> tuple[tuple[Removed, ...], dict[str, bytes]]:
    """The lines of the deletion's list, and the redacted rows files that take the place of rows blobs, by digest of the
    blob that each replaces. Changes nothing."""
    earlier = Deletions(deletion_entries(case.log.path), case.blobs.read)
    listed = [Removed(name, size, why) for name, (size, why) in sorted(found.blobs.items())]
    instead: dict[str, bytes] = {}
    for entry in found.rows:
        name, data, redacted = current_rows(case, earlier, entry)
        made, _ = without_rows(data, found.goes, redacted=redacted, rooted="rows_root" in entry.detail)
        instead[name] = made
        listed.append(Removed(name, len(data), "rows", hashlib.sha256(made).hexdigest(), len(made)))
    return tuple(listed), instead


def lists(
    case: CaseFolder,
    removed: tuple[Removed, ...],
    instead: Collection[bytes],
    touched: tuple[str, ...],
    random: Random = os.urandom,
) -> tuple[ObjectRef, ...]:
    """Makes everything durable that the deletion's entry will lead to, and returns the objects that it names. The
    list's digest stands openly in the log: a nonce in its first line keeps it from being found by who knows the item
    and guesses the list."""
    case.blobs.put_all(list(instead))
    if removed:
        removed = (replace(removed[0], extra={**removed[0].extra, "nonce": random(32).hex()}), *removed[1:])
    objects = [_object(LIST_ROLE, case.blobs.put(encode_list(removed)))]
    if touched:
        objects.append(_object(TOUCHED_ROLE, case.blobs.put(encode_touched(touched))))
    return tuple(objects)


def begin(case: CaseFolder) -> None:
    """Says durably that a deletion is on its way. One that stands there already says the same."""
    with storing(case.path):
        if not pending(case):
            durable.place(case.path / PENDING, canonical({"act": "deletion"}) + b"\n", "erase", 0o644)


def pending(case: CaseFolder) -> bool:
    """Whether a deletion was begun and its end is not on record."""
    return (case.path / PENDING).exists()


def done(case: CaseFolder) -> None:
    """Says durably that no deletion is on its way."""
    with storing(case.path):
        durable.unlink(case.path / PENDING, "erase")
        durable.fsync_folder(case.path, "erase")


def finish(case: CaseFolder) -> Erased:
    """Takes away whatever the deletions of the log list and is still there; nothing where all is done. Raises
    `BlobMissing` where the file that is to stand in the place of a rows blob is not there: then nothing of that
    deletion is taken away."""
    total = Erased()
    for entry in deletion_entries(case.log.path):
        total += _finish(case, entry)
    return total


def _finish(case: CaseFolder, entry: Entry) -> Erased:
    removed = removed_by(entry, case.blobs.read)
    for one in removed:
        if one.replaced_by is not None and case.blobs.has(one.sha256) and not case.blobs.has(one.replaced_by):
            raise BlobMissing(
                f"expected the rows that stay in the blob {one.replaced_by}, found none: the deletion of entry "
                f"{entry.seq} cannot be finished without losing them. Restore the blob from a copy of the case"
            )
    stated = entry.detail.get("openings")
    openings = [one for one in stated if isinstance(one, str)] if isinstance(stated, list) else []
    with held(case.path / APPEND_LOCK):
        left = {one for one in openings if case.openings.find(one) is not None}
        forgotten = case.openings.forget(left - _came_again(case, entry) if left else left)
        there = {one.sha256 for one in removed if case.blobs.has(one.sha256)}
        if there:
            there -= set(_named_later(case, entry, there))
        for name in sorted(there):
            case.blobs.remove(name)
        case.blobs.settle_removed(there)
    return Erased(len(there), forgotten)


def _came_again(case: CaseFolder, entry: Entry) -> set[str]:
    """The commitments of foreign entries whose items came in after this deletion, with a bundle taken in again."""
    logs, later = ForeignLogs(case.blobs.path), set[Whose]()
    for one in case.log.entries():
        logs.see(one)
        if one.seq > entry.seq and one.act == INGESTION and one.outcome == "success":
            whose = logs.whose(stated_origin(one, case.openings.value))
            later |= set() if whose is None else {whose}
    return {
        commitment
        for foreign, capture in later
        for one in entries_about(logs.entries(foreign), capture, case.openings.value)
        for commitment in commitments_of(one)
    }


def _named_later(case: CaseFolder, entry: Entry, names: set[str]) -> Iterator[str]:
    """Which of these blobs an entry after this one names or leads to: the same bytes came in, or were made, again."""
    for one in case.log.entries(entry.seq + 1):
        for ref in one.blobs():
            if ref.sha256 in names:
                yield ref.sha256
            if one.act == DERIVATION and ref.role == "rows" and case.blobs.has(ref.sha256):
                found = _DIGEST.findall(case.blobs.read(ref.sha256))
                yield from (name for name in names if name.encode() in found)
        if one.act == INGESTION:
            taken = captured_blob(one, case.openings.value)
            if taken is not None and taken.sha256 in names:
                yield taken.sha256


def _object(role: str, ref: BlobRef) -> ObjectRef:
    return ObjectRef(role, ref.sha256, ref.size)


def leftovers(case: CaseFolder) -> Iterator[Path]:
    """Files of an interrupted change of the openings: under the append lock nobody else writes one."""
    path = case.openings.path.with_name(f"{case.openings.path.name}.new")
    if path.exists():
        yield path
