"""gzip, bzip2, xz: one stream of bytes, or several one after another (RFC 1952; bzip2 1.0; The .xz File Format 1.2.1).

Guarantees: decompresses by chunks of at most 64 KiB out, so that a bomb is stopped while it goes off; checks the
checksums that the format has. A stream that holds a tar archive is that archive: "a.tar.gz" is one container. Other
bytes after the last stream are no part of it; they are left, and a remark says so.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from probanda.steps.containers.found import CHUNK, Budget, Damaged, Found, Refused
from probanda.steps.containers.tarred import is_tar, members_of_tar

_LZMA_MEMORY = 256 * 2**20  # arbitrary: xz -9 needs 65 MiB
GZIP, BZIP2, XZ = "application/gzip", "application/x-bzip2", "application/x-xz"
_STARTS = {GZIP: b"\x1f\x8b", BZIP2: b"BZh", XZ: b"\xfd7zXZ\x00"}
_NAMES = {GZIP: "gzip", BZIP2: "bzip2", XZ: "xz"}


class Decompressor(Protocol):
    """The shape that `bz2` and `lzma` share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Inflate:
    """zlib in that shape. `wbits`: 31 with the gzip header and trailer, -15 bare (RFC 1951)."""

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class Unpacked:
    """The unpacked bytes of `data` from `start`, chunk by chunk; `end` is how far `data` was used so far."""

    def __init__(self, make: Callable[[], Decompressor], data: memoryview, start: int, budget: Budget) -> None:
        self._make, self._data, self._budget = make, data, budget
        self.end = start
        self._start = start
        self.given = 0

    def chunks(self, enough: int | None = None) -> Iterator[bytes]:
        """Of one stream, to its own end or, where it has none, to `enough` bytes. Raises `Refused` where it is faulty,
        cut, or unpacks too well."""
        decompressor, at = self._make(), self.end
        try:
            while not decompressor.eof and (enough is None or self.given < enough):
                piece = bytes(self._data[at : at + CHUNK]) if decompressor.needs_input else b""
                at += len(piece)
                chunk = decompressor.decompress(piece, CHUNK)
                if not chunk and not piece and not decompressor.eof and decompressor.needs_input:
                    raise Refused(f"it ends after {self.given:,} unpacked bytes and before its own end: it was cut")
                self.given += len(chunk)
                self.end = at - len(decompressor.unused_data)
                self._budget.ratio(self.given, at - self._start)
                if chunk:
                    yield chunk
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise Refused(f"its packed bytes are faulty after {self.given:,} unpacked bytes: {error}") from error


def members_of_stream(media_type: str) -> Callable[[bytes, Budget], Iterator[Found]]:
    """The kind for one of the three media types."""

    def members(data: bytes, budget: Budget) -> Iterator[Found]:
        source = Unpacked(lambda: _decompressor(media_type), memoryview(data), 0, budget)
        chunks = _streams(source, data, _STARTS[media_type])
        try:
            first = next(chunks, b"")
        except Refused as error:
            raise Damaged(f"expected a {_NAMES[media_type]} stream, found: {error}") from error
        name, modified = _gzip_header(data) if media_type == GZIP else (None, None)
        if is_tar(first):
            yield from members_of_tar(_counted(first, chunks, budget), budget, lambda count: None)
            return
        stored = name if name is not None else "content"
        try:
            whole = budget.collect(_counted(first, chunks, budget), lambda count: None)
        except Refused as error:
            yield Found(stored, None, str(error), modified)
            return
        left = len(data) - source.end
        remark = f"{left:,} bytes after the stream are no part of it" if left and any(data[source.end :]) else None
        yield Found(stored, whole, remark, modified)

    return members


def _counted(first: bytes, chunks: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    budget.take(len(first))
    yield first
    for chunk in chunks:
        budget.take(len(chunk))
        yield chunk


def _streams(source: Unpacked, data: bytes, start: bytes) -> Iterator[bytes]:
    """Of every stream, one after another; padding of zeros between two is the format's own (xz)."""
    while True:
        yield from source.chunks()
        at = source.end
        while data[at : at + 4] == b"\0\0\0\0":
            at += 4
        if not data.startswith(start, at):
            return
        source.end = at


def _decompressor(media_type: str) -> Decompressor:
    if media_type == GZIP:
        return Inflate(31)
    if media_type == BZIP2:
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)


def _gzip_header(data: bytes) -> tuple[bytes | None, str | None]:
    """The original name and time of the first member of a gzip file (RFC 1952, 2.3.1)."""
    flags = data[3]
    (seconds,) = struct.unpack_from("<I", data, 4)
    modified = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else None
    at = 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    end = data.find(b"\0", at, at + 4096)
    return (data[at:end] if flags & 8 and end > at else None), modified
