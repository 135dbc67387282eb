"""Renewal manifests: everything that a case holds, bound by SHA-512 before SHA-256 could weaken (after RFC 4998).

    {"blobs":3,"format":"probanda-renewal/1","origin":"probanda/1812…","root":"9f0c…","root_sha512":"51ab…","size":12}
    {"sha256":"0a…","sha512":"7c…","size":81}
    …

Guarantees: the first line binds the log's first `size` entries, by their root under SHA-256 and by the root of a tree
of the same shape under SHA-512; every further line binds one blob under both, in the order of their names; a blob
that is not what its name says is never written down (`BlobCorrupt`). A stamp over the manifest with SHA-512 shows all
of it without any reliance on SHA-256. The manifest names digests that may be protected themselves: it stays in the
case.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Final

from probanda.preserve.blobs import BlobRef, BlobStore
from probanda.preserve.checkpoint import Checkpoint
from probanda.preserve.errors import BlobCorrupt, storing
from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import Entry, encode

FORMAT: Final = "probanda-renewal/1"
MAX_LINE_BYTES: Final = 4096  # arbitrary; a line has some 250 bytes
_BUFFER: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a manifest."""

    format: str
    origin: str
    size: int
    root: str
    root_sha512: str
    blobs: int


@dataclass(frozen=True, slots=True)
class Bound:
    """One further line."""

    sha256: str
    sha512: str
    size: int


class Tree512:
    """The tree of RFC 6962 section 2.1 with SHA-512 in place of SHA-256."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Adds one leaf: the line without its line end."""
        node, size = hashlib.sha512(b"\x00" + leaf).digest(), self.size
        while size & 1:
            node = hashlib.sha512(b"\x01" + self._peaks.pop() + node).digest()
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        if not self._peaks:
            return hashlib.sha512(b"").hexdigest()
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = hashlib.sha512(b"\x01" + peak + node).digest()
        return node.hex()


def write_manifest(blobs: BlobStore, entries: Iterable[Entry], head: Checkpoint) -> BlobRef:
    """Makes the manifest of all blobs and of the entries below the checkpoint's size, as a blob. Memory: one line; the
    blobs are read once. Raises `BlobCorrupt`, `BlobMissing`, `ReadOnlyCase`, `StorageError`."""
    tree = Tree512()
    for entry in islice(entries, head.size):
        tree.append(encode(entry))
    count = sum(1 for _ in blobs.walk())
    first = Head(FORMAT, head.origin, head.size, head.root.hex(), tree.root(), count)
    temporary = blobs.folder / "tmp" / f"renewal-{os.urandom(12).hex()}"
    try:
        with storing(blobs.folder):
            temporary.parent.mkdir(exist_ok=True)
            with temporary.open("xb") as file:
                file.write(canonical(to_json(first)) + b"\n")
                for name in islice(blobs.walk(), count):
                    with blobs.open(name) as blob:
                        bound = digests(blob)
                    if bound.sha256 != name:
                        raise BlobCorrupt(
                            f"the blob {name} holds bytes of another digest, {bound.sha256}; what is damaged cannot be "
                            "renewed. Restore it from a copy of the case, then renew"
                        )
                    file.write(canonical(to_json(bound)) + b"\n")
        return blobs.put_file(temporary)
    finally:
        temporary.unlink(missing_ok=True)


def digests(file: IO[bytes]) -> Bound:
    """Both digests of the rest of a file, in one pass."""
    one, other, size = hashlib.sha256(), hashlib.sha512(), 0
    while chunk := file.read(_BUFFER):
        one.update(chunk)
        other.update(chunk)
        size += len(chunk)
    return Bound(one.hexdigest(), other.hexdigest(), size)


def read_head(line: bytes) -> Head:
    """The first line of a manifest. Raises `RecordError`."""
    found = parse(Head, _json(line), "renewal")
    if found.format != FORMAT:
        raise RecordError(f"renewal: expected the format {FORMAT}, found {found.format!r:.40}")
    return found


def read_bound(lines: Iterable[bytes]) -> Iterator[Bound]:
    """The further lines. Raises `RecordError`, also where they are not in order."""
    before = ""
    for line in lines:
        found = parse(Bound, _json(line), "renewal")
        if found.sha256 <= before:
            raise RecordError(f"renewal: expected the blobs in order, found {found.sha256:.64} after {before}")
        before = found.sha256
        yield found


def _json(line: bytes) -> Json:
    try:
        return parse_canonical(line)
    except CanonicalError as error:
        raise RecordError(f"renewal: {error}") from error
