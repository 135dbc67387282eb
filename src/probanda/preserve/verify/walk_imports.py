"""What came from other cases: their logs are still those that they signed, and each item is one that they preserved.

Guarantees: `imports.intact` holds only where the root over the kept log is the one that the entry states and the kept
checkpoint signs, by the kept key; where two bundles of one case tell one history; and where each item's bytes are
those that the foreign entry names. What a deletion took of it is accounted for by that deletion. An import that a crash
interrupted is *unproven*, with how many items are missing: the same import again completes it. Memory: eight bytes for
each foreign entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from probanda.preserve import transfer
from probanda.preserve.captures import check_capture, outcome_blob
from probanda.preserve.checkpoint import log_key, origin_of, parse_checkpoint
from probanda.preserve.errors import PreserveError
from probanda.preserve.foreign import stated_origin
from probanda.preserve.keys import fingerprint, read_public_pem
from probanda.preserve.note import NoteError, parse_note, signature_holds
from probanda.preserve.regular import open_regular
from probanda.preserve.transfer import ForeignLog, Kept, Transfer
from probanda.preserve.verify.walk import Ground
from probanda.records.canonical import Json
from probanda.records.codec import RecordError
from probanda.records.entry import INGESTION, TRANSFER, Entry

_SMALL_BYTES: Final = 64 << 20


@dataclass(slots=True)
class _Foreign:
    """A transfer whose log was looked at. `log` is `None` where it cannot be read."""

    said: Transfer
    log: ForeignLog | None = None
    path: Path | None = None
    seen: set[int] = field(default_factory=set)


class Imports:
    """Told every entry in the log's order."""

    def __init__(self, ground: Ground) -> None:
        self._places, self._tally = ground.places, ground.tallies["imports.intact"]
        self._openings = ground.openings
        self._named, self._foreseen = ground.named, ground.foreseen
        self._came: dict[int, _Foreign] = {}
        self._withheld = 0

    def see(self, entry: Entry) -> None:
        if entry.outcome != "success":
            return
        try:
            if entry.act == TRANSFER:
                self._transfer(entry)
            elif entry.act == INGESTION and self._came:
                self._item(entry)
        except (RecordError, NoteError, OSError, ValueError, PreserveError) as error:
            self._tally.fail(f"entry {entry.seq}: {error}")

    def close(self) -> None:
        for one in self._came.values():
            if one.log is not None and len(one.seen) < one.said.items:
                self._tally.decide(
                    "unproven",
                    f"of the {one.said.items} items that came with entry {one.said.seq} {len(one.seen)} are in: the "
                    "import was interrupted; run it again",
                )
        if self._withheld:
            self._tally.decide("unproven", f"{self._withheld} transfers are withheld here, or their logs are")

    def _transfer(self, entry: Entry) -> None:
        self._tally.count()
        found = _Foreign(transfer.transfer_of(entry))
        self._came[entry.seq] = found
        if self._places.hides(entry.seq):
            self._withheld += 1
            return
        self._listed(entry)
        said = found.said
        found.path = self._path(transfer.blob_with(entry, transfer.LOG).sha256)
        earlier = [one for one in self._came.values() if one is not found and one.said.case == said.case]
        found.log = ForeignLog(found.path, {one.said.size for one in earlier})
        if not found.log.whole or (found.log.size, found.log.root) != (said.size, said.root):
            self._tally.fail(
                f"entry {entry.seq}: expected a foreign log of {said.size} entries with the root {said.root}, found "
                f"{found.log.size} with {found.log.root}"
            )
        self._checkpoint(entry, said)
        for one in earlier:
            self._one_history(found, one)

    def _one_history(self, found: _Foreign, before: _Foreign) -> None:
        assert found.log is not None
        assert found.path is not None
        if before.path is None:
            return
        ours: str | None
        theirs: str | None
        if before.said.size <= found.log.size:
            ours, theirs = before.said.root, found.log.roots.get(before.said.size)
        else:
            ours, theirs = ForeignLog(before.path, {found.log.size}).roots.get(found.log.size), found.log.root
        if ours != theirs:
            self._tally.fail(
                f"entry {found.said.seq}: the log that came with it and the one that came with entry {before.said.seq} "
                "are of the same case and tell two histories"
            )

    def _checkpoint(self, entry: Entry, said: Transfer) -> None:
        note = parse_note(self._bytes(transfer.blob_with(entry, transfer.CHECKPOINT).sha256))
        head = parse_checkpoint(note.text)
        if (head.origin, head.size, head.root.hex()) != (said.origin, said.size, said.root):
            self._tally.fail(f"entry {entry.seq}: the foreign checkpoint is not over the log that came with it")
        if said.origin != origin_of(said.case):
            self._tally.fail(f"entry {entry.seq}: the origin {said.origin:.90} is not that of {said.case:.90}")
        public = read_public_pem(self._bytes(transfer.blob_with(entry, transfer.KEY).sha256))
        if fingerprint(public) != said.key:
            self._tally.fail(f"entry {entry.seq}: expected the foreign key {said.key}, found {fingerprint(public)}")
        if signature_holds(note, log_key(said.case, public)) is not True:
            self._tally.fail(f"entry {entry.seq}: the foreign checkpoint is not signed by the foreign key")

    def _listed(self, entry: Entry) -> None:
        """Every file that is kept of the bundle is there, in its size."""
        for one in transfer.kept_files(self._bytes(transfer.blob_with(entry, transfer.LIST).sha256)):
            if one.role == transfer.MANIFEST and self._went(entry, one):
                continue
            with open_regular(self._path(one.sha256)) as file:
                size = file.seek(0, 2)
            if size != one.size:
                self._tally.fail(f"entry {entry.seq}: expected {one.size} bytes of {one.name:.120}, found {size}")
            self._named.add(bytes.fromhex(one.sha256), size)

    def _item(self, entry: Entry) -> None:
        value = self._openings.value if self._openings is not None else _withheld
        came = transfer.came_with(stated_origin(entry, value))
        if came is None:
            return
        self._tally.count()
        number, seq, capture = came
        foreign = self._came.get(number)
        if foreign is None:
            self._tally.fail(
                f"entry {entry.seq}: an item that came with entry {number}, which is no transfer before it"
            )
            return
        if seq in foreign.seen:
            self._tally.fail(f"entry {entry.seq}: entry {seq} of the foreign log came in a second time")
        foreign.seen.add(seq)
        if foreign.log is None:
            return
        other = foreign.log.entry(seq)
        if other.detail.get("capture") != capture:
            self._tally.fail(f"entry {entry.seq}: entry {seq} of the foreign log is not of {capture:.90}")
        theirs, ours = (outcome_blob(check_capture(one), self._openings) for one in (other, entry))
        if theirs is not None and ours is not None and theirs != ours:
            self._tally.fail(f"entry {entry.seq}: expected the bytes {theirs.sha256} of the foreign entry {seq}, found "
                             f"{ours.sha256}")  # fmt: skip

    def _went(self, entry: Entry, one: Kept) -> bool:
        """Whether a deletion took the manifest, which lists the digest of a deleted item."""
        reason = f"entry {entry.seq}: expected {one.name:.120} of the foreign bundle, found none"
        return (
            self._foreseen is not None
            and not self._path(one.sha256).exists()
            and self._foreseen.excuses(one.sha256, entry.seq, self._tally.name, reason)
        )

    def _path(self, sha256: str) -> Path:
        return self._places.blobs / sha256[:2] / sha256

    def _bytes(self, sha256: str) -> bytes:
        with open_regular(self._path(sha256)) as file:
            data = file.read(_SMALL_BYTES + 1)
        if len(data) > _SMALL_BYTES:
            raise RecordError(f"expected at most {_SMALL_BYTES} bytes in the blob {sha256}, found more")
        return data


def _withheld(commitment: str | None) -> Json:
    """No opening is here."""
    return None
