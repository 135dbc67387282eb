"""A bundle's ZIP, unpacked into a private folder so that it can be checked as a folder (PKWARE APPNOTE 6.3.10).

Guarantees: nothing is written outside the folder given, nothing over what is there, no link or device is made, no
member grows beyond the size it states, and all together not beyond the limits, which are looked at before the first
byte is unpacked; memory is 16 bytes for each member and one buffer. Every byte of the archive belongs to one member,
to the table of contents or to its end: whatever overlaps, hides between or stands around them is refused. What is wrong
with one member is told and does not stop the others.
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from probanda.preserve.regular import BUFFER_BYTES, open_regular
from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.names import MAX_NAME_BYTES, trouble

MAX_MEMBERS: Final = 10_000_000
_RATIO, _FREE_RATIO_BYTES = 100, 256 << 20  # unpacked may be so many times the archive; small archives may be more
_END_BYTES = 22 + 65_535
_DESCRIPTOR_BYTES = 24
_WIDE = 0xFFFFFFFF


class _Refused(Exception):  # noqa: N818
    """Why a member, or the archive, is not unpacked."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of contents: where it stands and how many members it states."""

    start: int
    stop: int
    count: int


@dataclass(frozen=True, slots=True)
class _Member:
    """As the table of contents says; `start` is of its local header."""

    name: bytes
    utf8: bool
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    mode: int

    @property
    def shown(self) -> str:
        return repr(self.name.decode("utf-8", "backslashreplace"))[:120]


def unpack(archive: Path, into: Path, tally: Tally, advance: Callable[[int, int], None]) -> None:
    """Unpacks `archive` into the empty folder `into`, its one top folder left out, and tells `tally` what is wrong.
    `advance` is told the bytes done and in all."""
    try:
        with open_regular(archive) as raw, os.fdopen(os.dup(raw.fileno()), "rb") as file:
            length = os.fstat(file.fileno()).st_size
            table = _table(file, length)
            total = _checked(file, table, length, shutil.disk_usage(into).free)
            _unpack(file, table, into, tally, lambda done: advance(done, total))
    except _Refused as error:
        tally.fail(f"the ZIP: {error}")
    except OSError as error:
        tally.fail(f"the ZIP could not be read or unpacked: {error.strerror or error}")


def _table(file: BinaryIO, length: int) -> _Table:
    file.seek(max(0, length - _END_BYTES))
    data, first = file.read(_END_BYTES), max(0, length - _END_BYTES)
    at = data.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(data):
        raise _Refused("expected a table of contents at its end, found none: it is cut or no ZIP")
    disk, first_disk, here, count, size, offset, comment = struct.unpack_from("<4xHHHHIIH", data, at)
    if first + at + 22 + comment != length:
        raise _Refused("expected nothing after the end of the archive, found more bytes")
    end = first + at
    if data[max(0, at - 20) : at][:4] == b"PK\6\7" and at >= 20:
        (where,) = struct.unpack_from("<8xQ", data, at - 20)
        file.seek(where if where < length else length)
        wide = file.read(56)
        if len(wide) < 56 or wide[:4] != b"PK\6\6":
            raise _Refused("expected the wide end of the archive where it is said to be, found other bytes")
        disk, first_disk, here, count, size, offset = struct.unpack_from("<16xIIQQQQ", wide)
        if where + 12 + struct.unpack_from("<4xQ", wide)[0] + 20 != end:
            raise _Refused("expected nothing between the wide end of the archive and its end, found more bytes")
        end = where
    if disk or first_disk or here != count:
        raise _Refused("expected one file, found a part of several")
    if offset + size != end:
        raise _Refused("expected the table of contents right before the end, found other bytes there")
    if count > MAX_MEMBERS:
        raise _Refused(f"expected at most {MAX_MEMBERS:,} members, found {count:,}")
    return _Table(offset, end, count)


def _members(file: BinaryIO, table: _Table) -> Iterator[_Member]:
    """The table of contents, one member at a time. Between two members `file` may be read elsewhere."""
    at = table.start
    for _ in range(table.count):
        file.seek(at)
        fixed = file.read(46)
        if len(fixed) < 46 or fixed[:4] != b"PK\1\2":
            raise _Refused(f"expected {table.count:,} members in the table of contents, found fewer")
        made_by, flags, method, crc, packed, size, names, extras, remarks, attributes, start = struct.unpack(
            "<4xH2xHH4xIIIHHH4xII", fixed
        )
        name = file.read(names)
        wide = _wide(file.read(extras))
        size = next(wide, size) if size == _WIDE else size
        packed = next(wide, packed) if packed == _WIDE else packed
        start = next(wide, start) if start == _WIDE else start
        mode = attributes >> 16 if made_by >> 8 in (3, 19) else 0  # Unix, macOS
        yield _Member(name, bool(flags & 0x800), flags, method, crc, packed, size, start, mode)
        at += 46 + names + extras + remarks
        if at > table.stop:
            raise _Refused("the table of contents reaches beyond its end")
    if at != table.stop:
        raise _Refused(f"expected {table.count:,} members in the table of contents, found more bytes")


def _wide(extra: bytes) -> Iterator[int]:
    """The numbers of the field for sizes above four gigabytes (4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            yield from struct.unpack_from(f"<{min(size, len(extra) - at - 4) // 8}Q", extra, at + 4)
            return
        at += 4 + size


def _checked(file: BinaryIO, table: _Table, length: int, free: int) -> int:
    """How many bytes will be unpacked. Raises `_Refused` for what makes the whole archive one that nobody should
    unpack."""
    starts, stops, spare, total = array("Q"), array("Q"), bytearray(), 0
    for member in _members(file, table):
        begin = _begin(file, member)
        if begin + member.packed > table.start:
            raise _Refused(f"{member.shown} reaches into the table of contents or beyond")
        starts.append(member.start)
        stops.append(begin + member.packed)
        spare.append(_DESCRIPTOR_BYTES if member.flags & 8 else 0)  # sizes and checksum may follow the bytes
        total += member.size
    if total > _RATIO * length + _FREE_RATIO_BYTES:
        raise _Refused(f"a bomb: {length:,} bytes would become {total:,}; at most {_RATIO} times as many are unpacked")
    if total > free - free // 10:
        raise _Refused(f"expected room for {total:,} bytes to unpack, found {free:,}; choose another TMPDIR")
    end = most = 0
    for place in range(len(starts)) if _ascending(starts) else sorted(range(len(starts)), key=starts.__getitem__):
        if starts[place] < end:
            raise _Refused("members share their bytes, as in a bomb")
        if starts[place] > most:
            raise _Refused(f"{starts[place] - most:,} bytes between or before its members belong to none")
        end = stops[place]
        most = end + spare[place]
    if not end <= table.start <= most:
        raise _Refused("the bytes after its last member belong to none")
    return total


def _ascending(values: array[int]) -> bool:
    return all(values[place] < values[place + 1] for place in range(len(values) - 1))


def _begin(file: BinaryIO, member: _Member) -> int:
    """Where a member's bytes begin. Raises `_Refused` where its own header says another thing than the table."""
    file.seek(member.start)
    header = file.read(30)
    if len(header) < 30 or header[:4] != b"PK\3\4":
        raise _Refused(f"expected the header of {member.shown} where the table of contents says, found other bytes")
    flags, method, crc, packed, size, names, extras = struct.unpack("<6xHH4xIIIHH", header)
    later = bool(flags & 8)  # sizes and checksum follow the bytes
    name = file.read(names) if names <= MAX_NAME_BYTES else b""
    wide = _wide(file.read(extras))
    size = next(wide, size) if size == _WIDE else size
    packed = next(wide, packed) if packed == _WIDE else packed
    if (name, method, flags & 0x809) != (member.name, member.method, member.flags & 0x809) or (
        not later and (crc, packed, size) != (member.crc, member.packed, member.size)
    ):
        raise _Refused(f"the header of {member.shown} says another thing than the table of contents")
    return int(member.start + 30 + names + extras)


def _unpack(file: BinaryIO, table: _Table, into: Path, tally: Tally, advance: Callable[[int], None]) -> None:
    top, done = "", 0
    for member in _members(file, table):
        tally.count()
        try:
            name = _name(member)
            first, _, rest = name.partition("/")
            top = top or first
            if first != top or "/" not in name:
                raise _Refused(f"expected everything under one top folder {top!r:.80}, found {member.shown}")
            if rest and not rest.endswith("/"):
                _write(file, member, into, rest)
        except _Refused as error:
            tally.fail(f"{member.shown}: {error}" if member.shown not in str(error) else str(error))
        done += member.size
        advance(done)


def _name(member: _Member) -> str:
    try:
        name = member.name.decode("utf-8" if member.utf8 else "ascii")
    except UnicodeDecodeError:
        raise _Refused("expected a name in UTF-8, marked as such, found another") from None
    why = trouble(name.removesuffix("/"))
    if why is not None:
        raise _Refused(f"a name that {why}")
    kind = stat.S_IFMT(member.mode)
    if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        what = "a link" if stat.S_ISLNK(member.mode) else "a device, pipe or folder under a file's name"
        raise _Refused(f"expected a regular file, found {what}")
    if member.flags & 0x2041:
        raise _Refused("it is encrypted; nothing in a bundle is")
    if member.method not in (0, 8):
        raise _Refused(f"expected it stored or deflated, found the method {member.method}")
    if name.endswith("/") and member.size:
        raise _Refused("a folder with bytes of its own")
    return name


def _write(file: BinaryIO, member: _Member, into: Path, name: str) -> None:
    target = into / name
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise _Refused("the name stands in the archive twice, or as a file and a folder") from None
    crc = size = 0
    with os.fdopen(descriptor, "wb") as out:
        for piece in _bytes(file, member):
            size += len(piece)
            if size > member.size:
                raise _Refused(f"it has more than the {member.size:,} bytes it states")
            crc = zlib.crc32(piece, crc)
            out.write(piece)
    if (size, crc) != (member.size, member.crc):
        raise _Refused(
            f"expected {member.size:,} bytes with the checksum {member.crc:08x}, found {size:,} with {crc:08x}"
        )


def _bytes(file: BinaryIO, member: _Member) -> Iterator[bytes]:
    file.seek(_begin(file, member))
    left = member.packed
    inflate = zlib.decompressobj(-15) if member.method == 8 else None
    while left:
        piece = file.read(min(BUFFER_BYTES, left))
        if not piece:
            raise _Refused("the archive ends before it does")
        left -= len(piece)
        if inflate is None:
            yield piece
            continue
        while not inflate.eof:
            try:
                out = inflate.decompress(piece, BUFFER_BYTES)
            except zlib.error as error:
                raise _Refused(f"it cannot be inflated: {error}") from None
            yield out
            piece = inflate.unconsumed_tail
            if not piece and len(out) < BUFFER_BYTES:  # a full buffer: more may wait although all was taken in
                break
        if inflate.eof and (left or inflate.unused_data):
            raise _Refused("bytes follow its end that belong to none")
    if inflate is not None and not inflate.eof:
        raise _Refused("it ends before its end is marked")
