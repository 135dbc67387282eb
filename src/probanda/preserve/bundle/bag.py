"""The files of a bag as they are written: hashed in the same pass, listed, durable before the bag gets its name.

Guarantees: a bag has its name only when every byte and every folder of it is on the disk; until then it is `NAME.part`,
which holds a mark that says whose it is, so that what a crash left is removed by nobody but its maker; nothing is
written over. Few waits for the disk: up to 128 files are written before the first of them is waited for. Memory: the
names of the folders and one buffer. Form: BagIt 1.0 (RFC 8493), manifests of SHA-256 only. Refuses a disk that refuses,
with `BundleError`.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from probanda.preserve import durable
from probanda.preserve.errors import BundleError, Locked, OutputTaken
from probanda.preserve.regular import open_regular

STEP: Final = "bundle"
MARK: Final = "unfinished-probanda-bundle"
DECLARATION: Final = "bagit.txt"
INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
PAYLOAD: Final = "data/"
_WAITING = 128  # files waiting for their fsync; well below the usual limit of 1,024 descriptors
_BUFFER = 1 << 16
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Written:
    sha256: str
    size: int


class Stream:
    """One file of the bag while it is written. Leaving the block without an error lists it."""

    def __init__(self, bag: Bag, name: str) -> None:
        self.written: Written | None = None
        self._bag, self._name = bag, name
        self._hash, self._size, self._buffer = hashlib.sha256(), 0, bytearray()
        self._descriptor = bag.create(name)
        self._closed = False

    def write(self, data: bytes | memoryview) -> None:
        self._hash.update(data)
        self._size += len(data)
        if len(data) >= _BUFFER:
            self._flush()
            self._on_disk(data)
            return
        self._buffer += data
        if len(self._buffer) >= _BUFFER:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abandon()
            return
        self._flush()
        self.written = Written(self._hash.hexdigest(), self._size)
        self._bag.close(self._name, self._descriptor, self.written)

    def abandon(self) -> None:
        """Closes a file that is not to be listed; one that was listed is left alone."""
        if self.written is None and not self._closed:
            self._closed = True
            os.close(self._descriptor)

    def _flush(self) -> None:
        if self._buffer:
            self._on_disk(bytes(self._buffer))
            self._buffer.clear()

    def _on_disk(self, data: bytes | memoryview) -> None:
        with refusing(self._bag.part):
            durable.write_all(self._descriptor, data, STEP)


class Bag:
    """A bag while it is written to `part`; made by `unfinished`."""

    def __init__(self, part: Path) -> None:
        self.part = part
        self.octets, self.streams = 0, 0  # of the payload
        self._waiting: list[int] = []
        self._folders: set[Path] = {part}
        self._tags: dict[str, str] = {}
        self._manifest = Stream(self, MANIFEST)

    def put(self, name: str, data: bytes) -> Written:
        """Writes a file whole."""
        with Stream(self, name) as stream:
            stream.write(data)
        return Written(hashlib.sha256(data).hexdigest(), len(data))

    def stream(self, name: str) -> Stream:
        """A file to be written piece by piece."""
        return Stream(self, name)

    def create(self, name: str) -> int:
        path = self.part / name
        with refusing(self.part):
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                above = path.parent
                while above not in self._folders:
                    self._folders.add(above)
                    above = above.parent
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)

    def close(self, name: str, descriptor: int, written: Written) -> None:
        self._waiting.append(descriptor)
        if name.startswith(PAYLOAD):
            self.octets += written.size
            self.streams += 1
            self._manifest.write(f"{written.sha256}  {name}\n".encode("ascii"))
        elif "/" not in name and name not in (TAG_MANIFEST, MARK):
            self._tags[name] = written.sha256
        if len(self._waiting) >= _WAITING:
            self._settle()

    def finish(self, info: Mapping[str, str]) -> bytes:
        """Writes what a bag has beside its payload, and returns the tag manifest. No payload comes after this; what
        comes into `anchors/` does, which no manifest lists: it attests to them."""
        with self._manifest:
            pass
        self.put(DECLARATION, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        stated = {**info, "Payload-Oxum": f"{self.octets}.{self.streams}"}
        self.put(INFO, "".join(f"{label}: {_value(value)}\n" for label, value in stated.items()).encode("utf-8"))
        listed = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(self._tags.items())).encode("ascii")
        self.put(TAG_MANIFEST, listed)
        return listed

    def durable(self) -> None:
        """Waits until all of it is on the disk."""
        self._settle()
        with refusing(self.part):
            for folder in sorted(self._folders, reverse=True):  # deepest first within each branch
                durable.fsync_folder(folder, STEP)

    def abandon(self) -> None:
        self._manifest.abandon()
        for descriptor in self._waiting:
            os.close(descriptor)
        self._waiting.clear()

    def _settle(self) -> None:
        with refusing(self.part):
            while self._waiting:
                try:
                    durable.fsync_file(self._waiting[-1], STEP)
                finally:
                    os.close(self._waiting.pop())


def part_of(out: Path) -> Path:
    return out.with_name(out.name + ".part")


@contextmanager
def unfinished(out: Path, case: str) -> Iterator[Bag]:
    """A bag that gets the name `out` when the block ends well, and of which nothing is left when it does not. Raises
    `OutputTaken`, `Locked` while another process writes it, `BundleError`."""
    require_free(out)
    part = part_of(out)
    clear(part, case)
    with refusing(part):
        part.mkdir(mode=0o700)  # it may hold what is restricted: others on this machine are let in by its owner
        mark = os.open(part / MARK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with refusing(part):
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            durable.write_all(mark, f"{case}\n".encode("ascii"), STEP)
        bag = Bag(part)
        try:
            yield bag
            bag.durable()
        finally:
            bag.abandon()
        with refusing(out):
            (part / MARK).unlink()
            durable.fsync_folder(part, STEP)
            durable.rename(part, out, STEP)
            durable.fsync_folder(out.parent, STEP)
    finally:
        os.close(mark)
        shutil.rmtree(part, ignore_errors=True)  # it is there only where the bundle did not get its name


def require_free(out: Path) -> None:
    """Raises `OutputTaken` where something has this name, `BundleError` where there is no folder to put it into."""
    if os.path.lexists(out):
        raise OutputTaken(f"expected nothing at {out}, found something; it was left as it is. Name another place")
    if not out.parent.is_dir():
        raise BundleError(f"expected a folder at {out.parent} to put the bundle into, found none; make it first")


def clear(part: Path, case: str) -> bool:
    """Removes what a crash left of a bundle of this case; whether there was any. Raises `OutputTaken` for anything
    else that has this name, `Locked` where a process still writes it."""
    if not os.path.lexists(part):
        return False
    if part.is_symlink() or not part.is_dir() or not _is_ours(part, case):
        raise OutputTaken(
            f"expected nothing at {part}, where an unfinished bundle goes, found something that this case did not "
            "write; it was left as it is. Move it away, or name another place"
        )
    with suppress(FileNotFoundError):
        mark = os.open(part / MARK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the lock goes with its holder, however it dies
        except BlockingIOError as error:
            raise Locked(
                f"another process writes the bundle at {part} just now. Wait, or name another place"
            ) from error
        finally:
            os.close(mark)
    with refusing(part):
        shutil.rmtree(part)
    return True


def _is_ours(part: Path, case: str) -> bool:
    """By its mark; or, where the mark was just taken off and the name not yet given, by what the bag says of itself.
    An empty folder is what a crash before the mark leaves, and nothing is lost with it."""
    mark = _read(part / MARK)
    if mark is not None:
        return mark in (f"{case}\n", "")
    info = _read(part / INFO)
    if info is not None:
        return f"External-Identifier: {case}\n" in info
    return not any(part.iterdir())


def _read(path: Path) -> str | None:
    try:
        with open_regular(path) as file:
            return file.read(65_536).decode("utf-8", "replace")
    except OSError:
        return None


def _value(value: str) -> str:
    """A value of bag-info.txt stands in one line: what would end it is a space."""
    return " ".join(value.split())


@contextmanager
def refusing(where: Path) -> Iterator[None]:
    """Turns what the operating system says about writing into `BundleError`."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        room = "make room there" if error.errno in _NO_ROOM else "see whether you may write there"
        raise BundleError(
            f"writing the bundle at {where} failed: {reason}. It was not made, and nothing in the case depends on "
            f"it; {room}, or name another place"
        ) from error
