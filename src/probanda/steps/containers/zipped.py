"""ZIP (PKWARE APPNOTE 6.3.10), WACZ included, read from its table of contents.

Guarantees: a member counts only with its CRC-32. Members that share bytes are refused (the trick of bombs that unpack
to petabytes), as are encrypted ones, links, and methods other than stored, deflate, bzip2, LZMA. Where the table of
contents is missing, because the end of the file is, members are taken from where they stand, as far as they are whole.
Names that are marked as UTF-8, or are UTF-8, are that; of others the encoding is guessed from all of them together,
since Windows in Cyrillic countries writes them in its own.
"""

from __future__ import annotations

import bz2
import lzma
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from probanda.steps.containers.found import REST, Budget, Damaged, Found, Refused, over
from probanda.steps.containers.streams import Decompressor, Inflate, Unpacked
from probanda.steps.encoding import codec, detect

_LOCAL, _CENTRAL, _END, _END64, _LOCATOR = b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7"
_DESCRIPTOR = b"PK\7\x08"
_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "xz", 97: "WavPack", 98: "PPMd", 1: "shrunk", 6: "imploded"}
_SURE = 0.7  # arbitrary: below it the standard's code page 437 is as good a guess


@dataclass(frozen=True, slots=True)
class _Entry:
    """As the table of contents says, or the local header where there is no table. `start` is of the local header;
    `crc` is `None` where it only follows the data, `packed` then reaches to the next header."""

    name: bytes
    flags: int
    method: int
    crc: int | None
    packed: int
    size: int | None
    start: int
    mode: int
    modified: str | None


def stated_entries(data: bytes) -> int | None:
    """How many entries the table of contents states; `None` where it is missing."""
    end = data.rfind(_END, max(0, len(data) - 65_557))
    return struct.unpack_from("<H", data, end + 10)[0] if 0 <= end <= len(data) - 22 else None


def members_of_zip(data: bytes, budget: Budget) -> Iterator[Found]:
    entries, cut = _table(data, budget), False
    if entries is None:
        entries, cut = list(_standing(data, budget)), True
        if not entries:
            raise Damaged("expected a table of contents or members of a ZIP archive, found neither: it is damaged")
    encoding = _encoding(entries)
    shared = _sharing(entries)
    for place, entry in enumerate(entries):
        if entry.name.endswith(b"/") and not entry.size:
            continue
        found = Found(entry.name, None, None, entry.modified, entry.size, encoding=encoding)
        try:
            if place in shared:
                raise Refused("its bytes overlap those of another member, as in a bomb")
            unpacked, remark = _unpacked(data, entry, budget)
        except Refused as error:
            yield replace(found, reason=str(error))
        else:
            yield replace(found, data=unpacked, reason=remark)
    if cut:
        yield Found(
            REST,
            None,
            "expected a table of contents at the end of the archive, found none: the archive was cut. Members were "
            "taken from where they stand; what came after is not known",
        )
    elif len(entries) > budget.limits.entries:
        yield Found(REST, None, over(f"{budget.limits.entries:,} entries looked at"))


def _table(data: bytes, budget: Budget) -> list[_Entry] | None:
    """The entries of the table of contents (4.3.12, 4.3.16); `None` where there is none that can be followed."""
    end = data.rfind(_END, max(0, len(data) - 65_557))
    if end < 0 or end + 22 > len(data):
        return None
    count, size, offset = struct.unpack_from("<10xHII", data, end)
    start_of_end = end
    if (count == 0xFFFF or size == 0xFFFFFFFF or offset == 0xFFFFFFFF) and data[end - 20 : end - 16] == _LOCATOR:
        (where,) = struct.unpack_from("<8xQ", data, end - 20)
        where = where if data[where : where + 4] == _END64 else data.rfind(_END64, 0, end - 20)
        if 0 <= where <= end - 76:
            count, size, offset = struct.unpack_from("<32xQQQ", data, where)
            start_of_end = where
    at = start_of_end - size
    shift = at - offset  # what stands before the archive: a program that unpacks itself
    if at < 0 or shift < 0 or (count and data[at : at + 4] != _CENTRAL):
        return None
    found: list[_Entry] = []
    while at + 46 <= start_of_end and data[at : at + 4] == _CENTRAL:
        entry, at = _central(data, at, shift)
        found.append(entry)
        if len(found) > budget.limits.entries:
            break
    return found


def _central(data: bytes, at: int, shift: int) -> tuple[_Entry, int]:
    made_by, flags, method, time, date, crc, packed, size, names, extras, remarks, _, _, attributes, start = (
        struct.unpack_from("<4xH2xHHHHIIIHHHHHII", data, at)
    )
    name = data[at + 46 : at + 46 + names]
    extra = _extra(data[at + 46 + names : at + 46 + names + extras])
    wide = iter(struct.unpack_from(f"<{len(extra.get(1, b'')) // 8}Q", extra.get(1, b"")))
    size = next(wide, size) if size == 0xFFFFFFFF else size
    packed = next(wide, packed) if packed == 0xFFFFFFFF else packed
    start = next(wide, start) if start == 0xFFFFFFFF else start
    mode = attributes >> 16 if made_by >> 8 in (3, 19) else 0  # Unix, macOS
    entry = _Entry(
        _named(name, flags, extra), flags, method, crc, packed, size, start + shift, mode, _time(date, time, extra)
    )
    return entry, at + 46 + names + extras + remarks


def _standing(data: bytes, budget: Budget) -> Iterator[_Entry]:
    """Entries by their local headers (4.3.7), in the order of the file."""
    at = data.find(_LOCAL)
    while at >= 0 and at + 30 <= len(data):
        flags, method, time, date, crc, packed, size, names, extras = struct.unpack_from("<6xHHHHIIIHH", data, at)
        name, begin = data[at + 30 : at + 30 + names], at + 30 + names + extras
        extra = _extra(data[at + 30 + names : begin])
        later = bool(flags & 8) and not packed
        follows = data.find(_LOCAL, begin if later else min(begin + packed, len(data)))
        if later:
            packed = max(0, (follows if follows >= 0 else len(data)) - begin)
        yield _Entry(
            _named(name, flags, extra), flags, method, None if later else crc, packed, None if later else size, at, 0,
            _time(date, time, extra),
        )  # fmt: skip
        budget.entry()
        at = follows


def _sharing(entries: list[_Entry]) -> set[int]:
    """Places of entries whose bytes reach into the next one's, or begin where an earlier one's do."""
    order = sorted(range(len(entries)), key=lambda place: (entries[place].start, place))
    found = set()
    for this, following in pairwise(order):
        one, other = entries[this], entries[following]
        if one.start == other.start:
            found.add(following)
        elif one.start + 30 + len(one.name) + one.packed > other.start:
            found.add(this)
    return found


def _unpacked(data: bytes, entry: _Entry, budget: Budget) -> tuple[bytes, str | None]:
    """The member's bytes, and a remark where the archive says something false of them. Raises `Refused`, `Stop`."""
    budget.entry()
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a symbolic link" if stat.S_ISLNK(entry.mode) else "a device or pipe"
        raise Refused(f"expected a file, found {what}: it has no bytes of its own here")
    if entry.flags & 0x41 or entry.method == 99:
        raise Refused("it is encrypted with a password; unpack it yourself and add the files")
    if data[entry.start : entry.start + 4] != _LOCAL or entry.start + 30 > len(data):
        raise Refused("expected its header where the table of contents says, found other bytes")
    names, extras = struct.unpack_from("<26xHH", data, entry.start)
    begin = entry.start + 30 + names + extras
    if begin + entry.packed > len(data):
        raise Refused(f"the archive ends {begin + entry.packed - len(data):,} bytes before the end of this member")
    view = memoryview(data)[: begin + entry.packed]
    if entry.method == 0:
        if entry.crc is None:
            raise Refused("its length is told only after its bytes, so where it ends cannot be told")
        return _checked(budget.plain(view[begin:]), entry, entry.crc)
    make, skipped = _decompressor(entry, view[begin:])
    source = Unpacked(make, view, begin + skipped, budget)
    endless = entry.method == 14 and not entry.flags & 2  # 4.4.4: LZMA without a mark at its end
    unpacked = budget.collect(source.chunks(entry.size if endless else None))
    crc = entry.crc
    if crc is None:
        at = source.end + 4 * (data[source.end : source.end + 4] == _DESCRIPTOR)
        crc = int.from_bytes(data[at : at + 4], "little") if at + 4 <= len(data) else None
    return _checked(unpacked, entry, crc)


def _checked(unpacked: bytes, entry: _Entry, crc: int | None) -> tuple[bytes, str | None]:
    found = zlib.crc32(unpacked)
    if crc is None or found != crc:
        stated = "none" if crc is None else f"{crc:08x}"
        raise Refused(
            f"its checksum (CRC-32) is {found:08x}, the archive states {stated}: these are not the bytes put in"
        )
    if entry.size is not None and entry.size != len(unpacked):
        return unpacked, f"the archive states a size of {entry.size:,} bytes, which is false; its checksum is right"
    return unpacked, None


def _decompressor(entry: _Entry, packed: memoryview) -> tuple[Callable[[], Decompressor], int]:
    """The decompressor of the member's method, and how many bytes come before its stream."""
    if entry.method == 8:
        return (lambda: Inflate(-15)), 0
    if entry.method == 12:
        return bz2.BZ2Decompressor, 0
    if entry.method == 14 and len(packed) >= 9:  # 5.8.8: version, size of the properties, properties
        properties = packed[4]
        if properties < 9 * 5 * 5 and bytes(packed[2:4]) == b"\5\0":
            chosen = {
                "id": lzma.FILTER_LZMA1,
                "lc": properties % 9,
                "lp": properties // 9 % 5,
                "pb": properties // 45,
                "dict_size": min(int.from_bytes(packed[5:9], "little"), 128 * 2**20),
            }
            return (lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chosen])), 9
    named = _METHODS.get(entry.method, "unknown")
    raise Refused(
        f"it is compressed by a method that is not read here ({entry.method}, {named}); unpack it yourself and add the "
        "folder"
    )


def _extra(data: bytes) -> dict[int, bytes]:
    """Extra fields by their id, the first of each (4.5)."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        found.setdefault(kind, data[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _named(name: bytes, flags: int, extra: dict[int, bytes]) -> bytes:
    """The name, from the field for Unicode where that is about this name (4.6.9)."""
    wide = extra.get(0x7075, b"")
    if not flags & 0x800 and len(wide) > 5 and int.from_bytes(wide[1:5], "little") == zlib.crc32(name):
        return wide[5:]
    return name


def _encoding(entries: list[_Entry]) -> str | None:
    """Python's codec for the names that are not UTF-8; `None` where it cannot be told."""
    other = []
    for entry in entries:
        try:
            entry.name.decode("utf-8")
        except UnicodeDecodeError:
            other.append(entry.name)
    found = detect(b"\n".join(other)[:65_536]) if other else None
    return codec(found.name) if found is not None and found.confidence >= _SURE and found.name != "utf-8" else None


def _time(date: int, time: int, extra: dict[int, bytes]) -> str | None:
    """In UTC from the extended timestamp (Info-ZIP, 0x5455), else local time of an unknown zone (4.4.6)."""
    stamp = extra.get(0x5455, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        return datetime.fromtimestamp(int.from_bytes(stamp[1:5], "little"), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        return datetime(
            (date >> 9) + 1980, date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, min((time & 31) * 2, 59)
        ).isoformat()
    except ValueError:
        return None
