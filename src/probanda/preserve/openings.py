"""Openings: the salted values behind the commitments in the log. Private to the case; never in the log.

Guarantees: an opening is on the disk before the entry that carries its commitment, so that no acknowledged entry has a
commitment that nobody can open. Taking an opening away (to protect a person) leaves the log and every proof intact. One
canonical JSON line each: `{"commitment", "salt", "value"}`, the salt in hexadecimal. A torn last line belongs to an
entry that was never written; it is cut before the next append.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.errors import LogDamaged, storing
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.table import Table
from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import commitment, require_hex64

MAX_LINE_BYTES: Final = 1024 * 1024  # arbitrary: no honest name or note comes near, and memory stays bounded


@dataclass(frozen=True, slots=True)
class Opening:
    commitment: str
    salt: str
    value: Json

    def holds(self) -> bool:
        """Whether salt and value give the commitment."""
        try:
            return commitment(bytes.fromhex(self.salt), self.value) == self.commitment
        except ValueError:
            return False


def seal(value: Json, salt: bytes) -> Opening:
    """The opening of a new commitment to `value`. Raises `ValueError` when its line would be too long."""
    opening = Opening(commitment(salt, value), salt.hex(), value)
    if (size := len(canonical(to_json(opening)))) > MAX_LINE_BYTES:
        raise ValueError(f"expected a protected value of at most {MAX_LINE_BYTES} bytes, found {size}; make it a blob")
    return opening


class Openings:
    """The openings of one case; `path` is the case's `private/openings.jsonl`. Appended to under the append lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places = Table(numbers=True)  # commitment -> where its line starts; values stay on the disk
        self._read_to = 0
        self._file: int | None = None  # the inode that the places are of: another process may have put another there
        self._recent: dict[bytes, Opening] = {}  # the last batch, which the index asks for next

    def append(self, openings: Sequence[Opening]) -> None:
        """Makes the openings durable. Raises `ReadOnlyCase`, `StorageError`."""
        if not openings:
            return
        new = not self.path.exists()
        with storing(self.path.parent):
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                _cut_torn(descriptor)
                start = os.fstat(descriptor).st_size
                self._same_file(os.fstat(descriptor).st_ino)
                encoded = [canonical(to_json(opening)) + b"\n" for opening in openings]
                durable.append(descriptor, b"".join(encoded), "openings")
            finally:
                os.close(descriptor)
            if new:
                durable.fsync_folder(self.path.parent, "openings")
        self._recent = {bytes.fromhex(opening.commitment): opening for opening in openings}
        if start == self._read_to:
            for opening, line in zip(openings, encoded, strict=True):
                self._places.add(bytes.fromhex(opening.commitment), self._read_to)
                self._read_to += len(line)

    def find(self, commitment_: str) -> Opening | None:
        """The opening of a commitment; `None` when it is not here (withheld, or lost) or its salt and value do not give
        the commitment. Raises `LogDamaged`."""
        key = bytes.fromhex(commitment_)
        self._same_file(_inode(self.path))
        if key in self._recent:
            return self._recent[key]
        known = key in self._places
        if not known:
            self._index(key)
        found = self._at(self._places.get(key), commitment_)
        if found is None and known:  # another file stands there now, in which the old one's places mean nothing
            self._same_file(None)
            self._index(key)
            found = self._at(self._places.get(key), commitment_)
        return found

    def _at(self, place: int | None, commitment_: str) -> Opening | None:
        if place is None:
            return None
        with self.path.open("rb") as file:
            file.seek(place)
            line = file.readline(MAX_LINE_BYTES + 1).rstrip(b"\n")
        try:
            found = parse_opening(line)
        except RecordError:
            return None
        return found if found.commitment == commitment_ and found.holds() else None

    def value(self, commitment_: str | None) -> Json:
        """The committed value; `None` when there is no commitment or no opening."""
        opening = self.find(commitment_) if commitment_ is not None else None
        return opening.value if opening else None

    def forget(self, commitments: Collection[str]) -> int:
        """Takes the openings of these commitments out for good and says how many there were; to be called under the
        append lock. A crash leaves the file as it was, or without them. Raises `ReadOnlyCase`, `StorageError`."""
        gone = {bytes.fromhex(one) for one in commitments}
        held = sum(bytes.fromhex(_parse(line).commitment) in gone for _, line in _lines(self.path, 0))
        if not held:
            return 0
        new = self.path.with_name(f"{self.path.name}.new")
        with storing(self.path.parent):
            new.unlink(missing_ok=True)  # of a process that died: under the lock nobody else writes one
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                for _, line in _lines(self.path, 0):
                    if bytes.fromhex(_parse(line).commitment) not in gone:
                        os.write(descriptor, line + b"\n")
                durable.fsync_file(descriptor, "erase")
            finally:
                os.close(descriptor)
            durable.move(new, self.path, "erase")
        self._same_file(None)
        return held

    def _same_file(self, inode: int | None) -> None:
        """Forgets what was known of another file."""
        if inode != self._file or inode is None:
            self._places = Table(numbers=True)
            self._read_to, self._file = 0, inode
            self._recent.clear()

    def lines(self) -> Iterator[tuple[bytes | None, bool]]:
        """Every line in order, without its end, and whether it had one; `None` for one that is too long. Nothing where
        the file is not there. Raises `OSError`."""
        try:
            file = open_regular(self.path)
        except FileNotFoundError:
            return
        with file:
            yield from ((line, ended) for line, ended, _ in lines(file, MAX_LINE_BYTES))

    def _index(self, wanted: bytes) -> None:
        """Reads on to the commitment that is asked for, and no further: openings are asked for in their order."""
        self._file = _inode(self.path)
        for place, line in _lines(self.path, self._read_to):
            found = bytes.fromhex(_parse(line).commitment)
            self._places.add(found, place)
            self._read_to = place + len(line) + 1
            if found == wanted:
                return


def _lines(path: Path, start: int) -> Iterator[tuple[int, bytes]]:
    try:
        file = open_regular(path)
    except OSError:
        return  # not there, or not for us: the values are withheld
    with file:
        file.seek(start)
        for line, ended, _ in lines(file, MAX_LINE_BYTES):
            if not ended:
                return
            yield start, line if line is not None else b""
            start += len(line or b"") + 1


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def parse_opening(line: bytes) -> Opening:
    """The opening in one line (without line end). Raises `RecordError`."""
    try:
        opening = parse(Opening, parse_canonical(line), "opening")
        require_hex64("the commitment", opening.commitment)
    except (CanonicalError, ValueError) as error:
        raise RecordError(str(error)) from error
    return opening


def _parse(line: bytes) -> Opening:
    try:
        return parse_opening(line)
    except RecordError as error:
        raise LogDamaged(
            f"expected an opening (commitment, salt, value), found: {error}. Restore private/openings.jsonl from a copy"
        ) from error


def _cut_torn(descriptor: int) -> None:
    """Takes off a last line without its end: its entry was never written, because openings are durable first."""
    end = os.fstat(descriptor).st_size
    place = end
    while place and os.pread(descriptor, 1, place - 1) != b"\n":
        step = min(4096, place)
        last = os.pread(descriptor, step, place - step).rfind(b"\n")
        place = place - step + last + 1
    if place != end:
        os.ftruncate(descriptor, place)
