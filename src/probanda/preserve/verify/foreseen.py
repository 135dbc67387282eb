"""What the deletions of a log account for, known before the log is gone through: what may be missing, and why.

Guarantees: only what a deletion lists, of the kinds that a deletion may take, is excused; what is excused for the sake
of a deletion that turns out not to be good fails after all, under the check that missed it; what a deletion lists
although something that stands leads to it fails as `deletions.complete`. Memory: a fixed number of bytes for each blob
that a deletion lists.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Final

from probanda.preserve.deletions import Deletions, deletion_entries, removed_by
from probanda.preserve.errors import PreserveError
from probanda.preserve.reach import REPORT_ROLES
from probanda.preserve.regular import open_regular
from probanda.preserve.transfer import MANIFEST
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.places import Places
from probanda.records.codec import RecordError
from probanda.records.deletion import Removed
from probanda.records.entry import DERIVATION, INCIDENT, INGESTION, JUDGEMENT, RELATION, TRANSFER, Entry, ObjectRef

CHECK: Final = "deletions.complete"
MAX_LIST_BYTES: Final = 256 * 1024 * 1024  # of a deletion's list; arbitrary: two million blobs


class Foreseen:
    """Told every entry before it is checked (`look`), and asked about everything that is missing. `any` is false where
    nothing was ever deleted: then nothing is asked."""

    def __init__(self, places: Places, tallies: Tallies, openings: Opened | None) -> None:
        self._places = places
        self._tally = tallies[CHECK]
        self._tallies = tallies
        self.entries = {entry.seq: entry for entry in deletion_entries(places.log)}
        self.any = bool(self.entries)
        self.deletions = Deletions(self.entries.values(), self._read)
        self.lists: dict[int, tuple[Removed, ...]] = {}
        self.forgotten: dict[str, int] = {}  # commitment -> the deletion that took its opening
        self.named_later: set[str] = set()  # listed, and there again under a later entry
        self._excused: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self._allowed: set[str] = set()  # of the entry looked at, what of it a deletion may have taken
        self._went: set[str] = set()  # ids of incidents and relations that went
        self._roots: dict[str, str] = {}  # blob of a deleted capture -> the capture
        for seq, entry in self.entries.items():
            try:
                self.lists[seq] = removed_by(entry, self._read)
            except (RecordError, PreserveError, OSError):
                continue  # it accounts for nothing; the walk over deletions tells why
            stated = entry.detail.get("openings")
            for one in stated if isinstance(stated, list) else ():
                if isinstance(one, str):
                    self.forgotten.setdefault(one, seq)
        if openings is not None:
            openings.forget(self.forgotten)

    def look(self, entry: Entry) -> None:
        """The next entry: which of its blobs a deletion may have taken, and which it may not."""
        self._allowed = set()
        for ref in entry.blobs():
            taken = self.deletions.taken_by(ref.sha256, entry.seq)
            if taken is None:
                self._name_again(ref.sha256, entry.seq)
            elif self._may_go(entry, ref):
                self._allowed.add(ref.sha256)
                if isinstance(identity := entry.detail.get(entry.act), str):
                    self._went.add(identity)
            else:
                self._tally.fail(
                    f"entry {taken} lists the blob {ref.sha256}, which entry {entry.seq} names as {ref.role!r:.40} of "
                    f"an act {entry.act!r:.40} that the deletion does not reach"
                )
        if entry.act == INGESTION and self.took(entry):
            self._roots.update((ref.sha256, str(entry.detail["capture"])) for ref in entry.blobs("outcome"))

    def took(self, entry: Entry) -> bool:
        """Whether this ingestion is of an item that was deleted."""
        capture = entry.detail.get("capture")
        deleted = self.deletions.captures.get(capture) if isinstance(capture, str) else None
        return deleted is not None and deleted.seq > entry.seq

    def excuses(self, sha256: str, seq: int, check: str, reason: str) -> bool:
        """Whether the blob that entry `seq` itself names may be missing; `reason` is told under `check` where the
        deletion turns out not to be good."""
        taken = self.deletions.taken_by(sha256, seq)
        if taken is None or sha256 not in self._allowed:
            return False
        self._excused[taken].append((check, reason))
        return True

    def gone(self, entry: Entry, ref: ObjectRef) -> bool:
        """Whether what this entry records went, so that only the entry speaks for it."""
        return not self._there(ref.sha256) and ref.sha256 in self._allowed

    def root(self, sha256: str, capture: str) -> None:
        """The bytes of a deleted capture, where its opening is still here."""
        self._roots[sha256] = capture

    def deleted(self, sha256: str, seq: int) -> bool:
        """Whether an input of a row went, or is the bytes of a deleted item."""
        return sha256 in self._roots or self.deletions.taken_by(sha256, seq) is not None

    def stands(self, sha256: str, seq: int) -> None:
        """Something that stands leads to this blob at entry `seq`."""
        taken = self.deletions.taken_by(sha256, seq)
        if taken is not None:
            self._tally.fail(
                f"entry {taken} lists the blob {sha256}, to which an item that stands leads (entry {seq}): more than "
                "what leads to the deleted item alone"
            )
        else:
            self._name_again(sha256, seq)

    def left(self, entry: Entry, row: int, step: str) -> None:
        """A row that was made of a deleted item alone is still there. Not told where all its rows are still as they
        were: that is told of the blob."""
        if any(self.deletions.listed(ref.sha256) and self._there(ref.sha256) for ref in entry.blobs("rows")):
            return
        self._tally.fail(
            f"entry {entry.seq}, row {row}: the step {step!r:.60} was given a deleted item, and its row is here"
        )

    def void(self, seq: int, reason: str) -> None:
        """The deletion of entry `seq` is not good: what it excused fails."""
        self._tally.fail(reason)
        for check, told in self._excused.pop(seq, ()):
            self._tallies[check].fail(told)

    def roots(self) -> dict[str, str]:
        return self._roots

    def _there(self, sha256: str) -> bool:
        return (self._places.blobs / sha256[:2] / sha256).exists()

    def _name_again(self, sha256: str, seq: int) -> None:
        if self.deletions.listed(sha256):
            self.named_later.add(sha256)

    def _may_go(self, entry: Entry, ref: ObjectRef) -> bool:
        if ref.role in REPORT_ROLES or (entry.act == TRANSFER and ref.role == MANIFEST):
            return True
        if entry.act == INGESTION:
            return self.took(entry)
        if entry.act == DERIVATION:
            return ref.role == "rows" and self.deletions.instead(ref.sha256) is not None
        if entry.act == RELATION:
            ends = {entry.detail.get("subject"), entry.detail.get("object")}
            return ref.role == RELATION and not self._went.isdisjoint(str(end) for end in ends)
        if entry.act == JUDGEMENT:
            return ref.role == JUDGEMENT and self._about_what_went(entry)
        return entry.act == INCIDENT and ref.role == INCIDENT

    def _about_what_went(self, entry: Entry) -> bool:
        """What earlier versions wrote openly: the ids of items and incidents that it is about."""
        about = entry.detail.get("about")
        named = [one for one in about if isinstance(one, str)] if isinstance(about, list) else []
        return all(
            one in self.deletions.captures if one.startswith("capture:") else one in self._went
            for one in named
            if one.startswith(("capture:", "incident:"))
        )

    def _read(self, sha256: str) -> bytes:
        path: Path = self._places.blobs / sha256[:2] / sha256
        with open_regular(path) as file:
            size = file.seek(0, 2)
            if size > MAX_LIST_BYTES:
                raise RecordError(f"expected a list of at most {MAX_LIST_BYTES} bytes, found {size}")
            file.seek(0)
            return file.read(size)
