"""Blobs: immutable bytes under the name of their SHA-256.

Guarantees: a blob that `put*` returned is on the disk with its name, and stays when the process or the machine stops; a
blob is never overwritten and never changed; putting the same bytes again changes nothing. Refuses: a name already taken
by other bytes (`BlobCorrupt`, left as found), a source that changes while it is read (`SourceError`). A crash leaves at
worst a temporary file in `tmp/`, which is no blob, or a blob that no entry names. Written as: temporary file, fsync,
link to the name, fsync of the folder.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from probanda.preserve import durable
from probanda.preserve.errors import BlobCorrupt, BlobMissing, SourceError, storing
from probanda.preserve.regular import BUFFER_BYTES, hash_rest, open_regular
from probanda.records.entry import require_hex64

_THREADS = 8  # an fsync waits for the disk, not for the processor; more threads than this gained nothing when measured
_SHARD = 2  # blobs/sha256/ab/abcd...


@dataclass(frozen=True, slots=True)
class BlobRef:
    sha256: str
    size: int


class BlobStore:
    """The blobs of one case; `folder` is the case's `blobs`. Safe for several threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names = folder / "sha256"
        self._temporary = folder / "tmp"
        self._durable_shards: set[str] = set()  # of which this process knows that the shard's own name is on the disk
        self._shards_lock = threading.Lock()

    def create(self) -> None:
        """Makes the empty folders. Raises `ReadOnlyCase`, `StorageError`."""
        with storing(self.folder):
            self._names.mkdir(parents=True, exist_ok=True)
            self._temporary.mkdir(exist_ok=True)
            durable.fsync_folder(self.folder, "blob")

    def put(self, data: bytes) -> BlobRef:
        """Keeps `data`. Raises `BlobCorrupt`, `ReadOnlyCase`, `StorageError`."""
        with storing(self.folder):
            ref = self._keep(data)
            self._settle({ref.sha256})
        return ref

    def put_file(self, source: Path) -> BlobRef:
        """Keeps the file's bytes, hashed in the pass that copies them, in constant memory. Raises `SourceError` when
        the file cannot be read or changes meanwhile, else as `put`."""
        with storing(self.folder):
            ref = self._keep(source)
            self._settle({ref.sha256})
        return ref

    def put_many(self, items: Sequence[bytes | Path]) -> list[BlobRef | SourceError]:
        """Keeps all items with few waits for the disk; the answers stand in the items' order. A source that cannot be
        kept gives its `SourceError` and does not stop its neighbours; a store that fails raises, as `put` does."""
        with storing(self.folder), ThreadPoolExecutor(min(_THREADS, len(items) or 1)) as pool:
            kept = list(pool.map(self._keep_or_refuse, items))
            self._settle({ref.sha256 for ref in kept if isinstance(ref, BlobRef)}, pool)
        return kept

    def put_all(self, items: Sequence[bytes]) -> list[BlobRef]:
        """`put_many` for bytes, which have no source that could fail."""
        return [ref for ref in self.put_many(items) if isinstance(ref, BlobRef)]

    def path(self, sha256: str) -> Path:
        """Where the blob lies or would lie."""
        require_hex64("a blob's name", sha256)  # also keeps a name from climbing out of the folder
        return self._names / sha256[:_SHARD] / sha256

    def has(self, sha256: str) -> bool:
        """Whether there is a file under this name; `verify` says whether its bytes are right."""
        try:
            return stat.S_ISREG(self.path(sha256).lstat().st_mode)
        except FileNotFoundError:
            return False

    def size(self, sha256: str) -> int:
        with self.open(sha256) as file:
            return os.fstat(file.fileno()).st_size

    def open(self, sha256: str) -> FileIO:
        """The blob for reading, its digest unchecked. Raises `BlobMissing`."""
        path = self.path(sha256)
        try:
            return open_regular(path)
        except OSError as error:
            raise BlobMissing(
                f"expected the blob {sha256} at {path}, found: {error.strerror}. Restore it from a copy of the case; "
                "its digest tells whether the copy is right"
            ) from error

    def read(self, sha256: str) -> bytes:
        """The blob's bytes, checked against its name. Raises `BlobMissing`, `BlobCorrupt`."""
        with self.open(sha256) as file:
            data = file.read()
        _require(sha256, hashlib.sha256(data).hexdigest())
        return data

    def verify(self, sha256: str) -> BlobRef:
        """Reads the blob in constant memory and compares its digest. Raises `BlobMissing`, `BlobCorrupt`."""
        with self.open(sha256) as file:
            found, size = hash_rest(file)
        _require(sha256, found)
        return BlobRef(found, size)

    def walk(self) -> Iterator[str]:
        """The names of all blobs, sorted. Whatever else lies in the folder is passed over; `verify` reports it."""
        for shard in _sorted_names(self._names):
            for name in _sorted_names(self._names / shard):
                if len(name) == 64 and name.startswith(shard) and self.has(name):
                    yield name

    def orphans(self) -> list[Path]:
        """Temporary files that a crash left. Nothing refers to them; `recover` decides what becomes of them."""
        return [self._temporary / name for name in _sorted_names(self._temporary)]

    def _keep_or_refuse(self, item: bytes | Path) -> BlobRef | SourceError:
        try:
            return self._keep(item)
        except SourceError as refusal:
            return refusal

    def _keep(self, item: bytes | Path) -> BlobRef:
        """The blob under its name, its bytes durable; its name is durable after `_settle`."""
        if isinstance(item, bytes):
            ref = BlobRef(hashlib.sha256(item).hexdigest(), len(item))
            if self._already(ref):
                return ref
        temporary = self._temporary / secrets.token_hex(12)  # not recorded anywhere, so no argument
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o444)
        try:
            try:
                if isinstance(item, bytes):
                    durable.write_all(descriptor, item, "blob")
                else:
                    ref = _copy(item, descriptor)
                os.fchmod(descriptor, 0o444)
                durable.fsync_file(descriptor, "blob")
            finally:
                os.close(descriptor)
            self._name(temporary, ref)
        finally:
            temporary.unlink(missing_ok=True)
        return ref

    def _name(self, temporary: Path, ref: BlobRef) -> None:
        target = self.path(ref.sha256)
        target.parent.mkdir(exist_ok=True)
        try:
            durable.link(temporary, target, "blob")
        except FileExistsError:
            self._already(ref)  # raises when what stands there is not the same bytes

    def _already(self, ref: BlobRef) -> bool:
        if not os.path.lexists(self.path(ref.sha256)):
            return False
        self.verify(ref.sha256)
        return True

    def _settle(self, names: set[str], pool: ThreadPoolExecutor | None = None) -> None:
        """Makes the names durable: each shard's folder, and the folder above it for shards first met."""
        shards = sorted({name[:_SHARD] for name in names})
        folders = [self._names / shard for shard in shards]
        with self._shards_lock:
            if not self._durable_shards.issuperset(shards):
                durable.fsync_folder(self._names, "blob")
                self._durable_shards.update(shards)
        for _ in (pool.map if pool else map)(_fsync_shard, folders):
            pass


def _copy(source: Path, descriptor: int) -> BlobRef:
    """Copies the file to `descriptor` and hashes it in the same pass. Raises `SourceError`."""
    try:
        # NONBLOCK: opening a named pipe must not wait for somebody to write to it.
        reading = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise SourceError(f"expected a file at {str(source)!r} that can be read, found: {_reason(error)}") from error
    try:
        before = os.fstat(reading)
        if not stat.S_ISREG(before.st_mode):
            raise SourceError(f"expected a regular file at {str(source)!r}, found a folder, device, pipe or socket")
        hasher, size = hashlib.sha256(), 0
        for chunk in _chunks(source, reading):
            hasher.update(chunk)
            durable.write_all(descriptor, chunk, "blob")
            size += len(chunk)
        after = os.fstat(reading)
    finally:
        os.close(reading)
    if (size, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        raise SourceError(
            f"{str(source)!r} changed while it was read: expected {before.st_size} bytes, found {size} and then "
            f"{after.st_size}. Nothing was kept of it; add it again when nobody writes to it"
        )
    return BlobRef(hasher.hexdigest(), size)


def _chunks(source: Path, reading: int) -> Iterator[memoryview]:
    buffer = memoryview(bytearray(BUFFER_BYTES))
    while True:
        try:
            count = os.readv(reading, [buffer])
        except OSError as error:
            raise SourceError(f"reading {str(source)!r} failed: {_reason(error)}. Nothing was kept of it") from error
        if not count:
            return
        yield buffer[:count]


def _fsync_shard(folder: Path) -> None:
    durable.fsync_folder(folder, "blob")


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _require(expected: str, found: str) -> None:
    if found != expected:
        raise BlobCorrupt(
            f"the blob {expected} holds bytes of another digest, {found}: it was changed after it was kept, or the "
            "disk is failing. It is left as it is; restore it from a copy of the case"
        )


def _sorted_names(folder: Path) -> Iterable[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return ()
