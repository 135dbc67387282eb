"""The names in the root of an OLE storage, by which old Office files and encrypted new ones are told apart.

Guarantees: only the directory is read, never a stream; a damaged or hostile one gives the names that can be reached and
ends, since no sector and no entry is visited twice. Where the rules come from: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.6
(directory entries); [MS-OFFCRYPTO] 1.3.3 (`EncryptedPackage`); [MS-XLS] 2.1.7, [MS-DOC] 2.1, [MS-PPT] 2.1, [MS-OXMSG]
2.4 (the streams that each format requires).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED = "EncryptedPackage"
UNKNOWN = "application/x-ole-storage"

_TYPES = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
_ENTRY = 128
_LAST = 0xFFFFFFFA  # from here sector numbers have other meanings ([MS-CFB] 2.1)
_MAX_SECTORS = 4096  # arbitrary: 16,000 entries, and the root of a document has dozens


def media_type(data: bytes) -> tuple[str, bool]:
    """What kind of OLE storage it is, and whether it is an encrypted Office Open XML package (whose kind is hidden)."""
    names = root_names(data)
    if ENCRYPTED in names:
        return UNKNOWN, True
    return next((found for name, found in _TYPES if name in names), UNKNOWN), False


def root_names(data: bytes) -> frozenset[str]:
    """The names directly below the root; none where the storage is damaged before its first entry."""
    if len(data) < 512 or not data.startswith(SIGNATURE):
        return frozenset()
    shift, first = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    if shift not in (9, 12):
        return frozenset()
    entries = b"".join(_chain(data, 1 << shift, first))
    if len(entries) < _ENTRY:
        return frozenset()
    names: set[str] = set()
    waiting, seen = [struct.unpack_from("<I", entries, 76)[0]], set[int]()
    while waiting:
        number = waiting.pop()
        if number in seen or (number + 1) * _ENTRY > len(entries):
            continue
        seen.add(number)
        at = number * _ENTRY
        length = max(0, min(64, struct.unpack_from("<H", entries, at + 64)[0]) - 2)
        names.add(entries[at : at + length].decode("utf-16-le", "replace"))
        waiting += struct.unpack_from("<II", entries, at + 68)  # siblings; children of a child are not the root's
    return frozenset(names)


def _chain(data: bytes, size: int, sector: int) -> Iterator[bytes]:
    """The sectors of the directory, in their order. Sector n stands behind the header and n others."""
    table = [number for number in struct.unpack_from("<109I", data, 76) if number < _LAST]
    seen: set[int] = set()
    while sector < _LAST and sector not in seen and len(seen) < _MAX_SECTORS:
        seen.add(sector)
        yield data[(sector + 1) * size : (sector + 2) * size]
        place, within = divmod(sector, size // 4)
        at = (table[place] + 1) * size + 4 * within if place < len(table) else len(data)
        if at + 4 > len(data):
            return
        sector = struct.unpack_from("<I", data, at)[0]
