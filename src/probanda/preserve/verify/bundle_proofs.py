"""The proofs and tiles of a bundle: both must show the very tree that the log gives.

Guarantees: every item that is shown has a proof of its own that leads to the checkpoint of this bundle, and no proof is
there beside those; the tiles hold what the log's lines give, to the byte. Memory: one proof, one tile for each level.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from probanda.preserve.checkpoint import log_key, parse_checkpoint
from probanda.preserve.note import Note, NoteError, parse_note, signature_holds
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.tiles import TreeHead, agree
from probanda.preserve.tlog_proof import MAX_BYTES as MAX_PROOF_BYTES
from probanda.preserve.tlog_proof import ProofError, check_proof
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.walk_log import LogWalk
from probanda.records.entry import MAX_BYTES, Entry, encode

_NOTE_BYTES = 1 << 20


class Proofs:
    """Told every ingestion that is shown."""

    def __init__(self, folder: Path, tallies: Tallies, log: LogWalk) -> None:
        self._folder, self._tally, self._log = folder, tallies["proofs.hold"], log
        self._note: Note | None = None
        self._head: TreeHead | None = None
        self._data = b""
        try:
            with open_regular(folder / "data" / "log" / "checkpoint") as file:
                self._data = file.read(_NOTE_BYTES)
            self._note = parse_note(self._data)
            stated = parse_checkpoint(self._note.text)
            self._head = TreeHead(stated.size, stated.root)
        except (OSError, NoteError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._tally.fail(f"expected the checkpoint that the proofs lead to, found: {reason}")

    def see(self, entry: Entry) -> None:
        self._tally.count()
        try:
            with open_regular(self._folder / "data" / "proofs" / f"{entry.seq}.tlog-proof") as file:
                data = file.read(MAX_PROOF_BYTES + 1)
            check_proof(data, encode(entry), self._opened, index=entry.seq)
        except OSError as error:
            self._tally.fail(f"expected a proof of entry {entry.seq}, found: {error.strerror}")
        except ProofError as error:
            self._tally.fail(f"the proof of entry {entry.seq}: {error}")

    def settle(self, case: str | None) -> None:
        """Whether what the proofs lead to is this log's own head, signed by the log's key."""
        there = _count(self._folder / "data" / "proofs")
        if there > self._tally.counted:
            self._tally.fail(f"expected {self._tally.counted} proofs, one for each item shown, found {there}")
        if self._head is None or self._note is None:
            return
        if (self._head.size, self._head.root) != (self._log.size, self._log.tree.root()):
            self._tally.fail(f"the proofs lead to a checkpoint over {self._head.size} entries that is not of this log")
        public = self._log.keys.get(self._log.persons.case_key or "")
        try:
            signed = public is not None and signature_holds(self._note, log_key(case or "", public))
        except NoteError:
            signed = False
        if signed is not True:
            self._tally.fail("the checkpoint that the proofs lead to is not signed by the log's key")

    def _opened(self, note: bytes) -> TreeHead:
        if self._head is None or note != self._data:
            raise ValueError("it is another than the one in data/log/checkpoint")
        return self._head


def check_tiles(folder: Path, size: int, tallies: Tallies) -> None:
    """`tiles.agree`: data/log/tile against data/log/entries.jsonl."""
    tally, log = tallies["tiles.agree"], folder / "data" / "log"
    if not size:
        tally.decide("not_run", "the log could not be read")
        return
    tally.count(size)
    try:
        for reason in agree(log, _lines(log / "entries.jsonl"), size):
            tally.fail(reason)
    except (OSError, ValueError) as error:
        tally.fail(f"the tiles cannot be compared: {error}")


def _lines(path: Path) -> Iterator[bytes]:
    with open_regular(path) as file:
        for line, _, _ in lines(file, MAX_BYTES):
            yield line if line is not None else b""


def _count(folder: Path) -> int:
    try:
        with os.scandir(folder) as found:
            return sum(1 for _ in found)
    except OSError:
        return 0
