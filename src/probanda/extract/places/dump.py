"""A GeoNames country dump, row by row: the file as downloaded, zipped or not.

Guarantees: a row that comes out has an id of its own, a point on the earth, a name without control characters, and a
feature that is read (`features`); what does not is counted with line, column and reason, and the rest goes on. A file
that is no dump of one country is refused with the line and the column where that shows. Memory does not follow the
size that a ZIP claims: lines are read one by one, and bytes and rows are bounded.

Form: https://download.geonames.org/export/dump/readme.txt, 19 columns parted by tabs, UTF-8, no heading.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from probanda.extract.places.features import kind_of

COLUMNS: Final = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature class", "feature code",
    "country code", "cc2", "admin1 code", "admin2 code", "admin3 code", "admin4 code", "population", "elevation",
    "dem", "timezone", "modification date",
)  # fmt: skip
MOST_ROWS: Final = 3_000_000  # the largest country, the USA, has 2.3 million
MOST_BYTES: Final = 1_000_000_000
MOST_LINE: Final = 65_536  # bytes; `alternatenames` may have 10,000 characters
FAULTS_TOLD: Final = 20
_TRIED: Final = 50  # rows of which one has to be whole before a file is called no dump
_ID = re.compile(r"[0-9]{1,10}")
_NUMBER = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,12})?")
_CODE = re.compile(r"[A-Z0-9]{1,10}")
_ADMIN = re.compile(r"[A-Za-z0-9._-]{0,20}")
_PEOPLE = re.compile(r"[0-9]{0,10}")


class DumpError(ValueError):
    """The file is no GeoNames dump of one country that can be imported; says line and column where there is one."""


@dataclass(frozen=True, slots=True)
class Row:
    """`regions` are the codes of the first to fourth level, "" where the dump has none."""

    id: int
    name: str
    names: tuple[str, ...]
    latitude: float
    longitude: float
    class_: str
    code: str
    regions: tuple[str, str, str, str]
    population: int


@dataclass(frozen=True, slots=True)
class RowFault:
    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Told:
    """What a dump held: all rows, those of features that are not read, and the faults by reason with the first ones
    in full."""

    country: str = ""
    rows: int = 0
    other_features: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first_faults: list[RowFault] = field(default_factory=list)


class _FaultError(ValueError):
    def __init__(self, column: int, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def rows_of(data: bytes, told: Told, most: int = MOST_ROWS) -> Iterator[Row]:
    """The rows of a dump whose file has these bytes, which may be `most`; `told` counts along. Raises `DumpError`."""
    seen: set[int] = set()
    first: RowFault | None = None
    size = whole = 0
    for number, line in enumerate(_lines(data), start=1):
        size += len(line)
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not line.strip():
            continue
        told.rows += 1
        if told.rows > most or size > MOST_BYTES:
            raise DumpError(
                f"line {number}: expected at most {most:,} rows and {MOST_BYTES:,} bytes, found more. Give the "
                "dump of one country (UA.zip), not of all"
            )
        try:
            row = _row(line, told, seen)
            whole += 1
        except _FaultError as fault:
            row = None
            found = RowFault(number, f"{fault.column} ({COLUMNS[fault.column - 1]})", str(fault))
            first = first or found
            told.faults[f"{COLUMNS[fault.column - 1]}: {str(fault).partition(', found')[0]}"] += 1
            if len(told.first_faults) < FAULTS_TOLD:
                told.first_faults.append(found)
        if first is not None and not whole and told.rows >= _TRIED:
            raise _no_dump(first)
        if row is not None:
            yield row
    if not whole:
        raise _no_dump(first)
    if sum(told.faults.values()) * 2 > told.rows:
        assert first is not None
        raise DumpError(
            f"line {first.line}, column {first.column}: {first.reason}. More than half of the {told.rows:,} rows are "
            "at fault, so none was taken: give the dump of one country, as downloaded"
        )


def _no_dump(first: RowFault | None) -> DumpError:
    if first is None:
        return DumpError("line 1: expected a row of a GeoNames dump, found an empty file")
    return DumpError(
        f"line {first.line}, column {first.column}: {first.reason}. This is no GeoNames dump; give the file of one "
        "country as https://download.geonames.org/export/dump/ has it (UA.zip or UA.txt)"
    )


def _row(line: bytes, told: Told, seen: set[int]) -> Row | None:
    """The row of a line; `None` for a feature that is not read. Raises `_FaultError`."""
    if len(line) >= MOST_LINE:
        raise _FaultError(1, f"expected a line of at most {MOST_LINE} bytes, found a longer one")
    cells = line.rstrip(b"\r\n").split(b"\t")
    if len(cells) != len(COLUMNS):
        raise _FaultError(min(len(cells), len(COLUMNS)), f"expected {len(COLUMNS)} columns, found {len(cells)}")
    text = []
    for column, cell in enumerate(cells, start=1):
        try:
            text.append(cell.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise _FaultError(column, f"expected UTF-8, found the byte 0x{cell[error.start]:02x}") from error
    if not _ID.fullmatch(text[0]):
        raise _FaultError(1, f"expected a number, found {text[0]!r:.40}")
    if int(text[0]) in seen:
        raise _FaultError(1, f"expected each id once, found {text[0]} again")
    latitude, longitude = _degrees(text[4], 5, 90), _degrees(text[5], 6, 180)
    if len(text[8]) != 2 or not text[8].isascii() or not text[8].isupper():
        raise _FaultError(9, f"expected two capital letters (ISO 3166-1), found {text[8]!r:.40}")
    told.country = told.country or text[8]
    if text[8] != told.country:
        raise _FaultError(9, f"expected {told.country} as in the first row, found {text[8]}")
    seen.add(int(text[0]))
    if kind_of(text[6], text[7]) is None:
        told.other_features += 1
        return None
    name = text[1].strip()
    if not name or not any(character.isalpha() for character in name):
        raise _FaultError(2, f"expected a name, found {name!r:.40}")
    if any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in name):
        raise _FaultError(2, f"expected a name without control characters, found {name!r:.40}")
    if not _CODE.fullmatch(text[7]):
        raise _FaultError(8, f"expected a code, found {text[7]!r:.40}")
    for column in range(10, 14):
        if not _ADMIN.fullmatch(text[column]):
            raise _FaultError(column + 1, f"expected a code, found {text[column]!r:.40}")
    if not _PEOPLE.fullmatch(text[14]):
        raise _FaultError(15, f"expected a number of inhabitants, found {text[14]!r:.40}")
    return Row(
        int(text[0]), name, tuple(dict.fromkeys((name, text[2], *text[3].split(",")))), latitude, longitude, text[6],
        text[7], (text[10], text[11], text[12], text[13]), int(text[14] or 0),
    )  # fmt: skip


def _degrees(text: str, column: int, most: int) -> float:
    if not _NUMBER.fullmatch(text) or not math.fabs(float(text)) <= most:
        raise _FaultError(column, f"expected degrees from -{most} to {most}, found {text!r:.40}")
    return float(text)


def _lines(data: bytes) -> Iterator[bytes]:
    if data[:4] != b"PK\3\4":
        yield from _of(io.BytesIO(data))
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_member(archive)) as member:
            yield from _of(member)  # type: ignore[arg-type]  # it reads lines as any binary file does
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DumpError(f"expected a ZIP archive that can be read, found: {error}. Download it again") from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [one for one in archive.infolist() if not one.is_dir() and one.filename != "readme.txt"]
    if len(members) != 1:
        named = ", ".join(repr(one.filename)[:60] for one in members[:4]) or "none"
        raise DumpError(
            f"expected a ZIP archive with one file (UA.txt) beside readme.txt, found {len(members)}: {named}. Give the "
            "dump of one country as GeoNames has it, or its text alone"
        )
    return members[0]


def _of(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(MOST_LINE):
        if len(line) >= MOST_LINE and not line.endswith(b"\n"):
            raise DumpError(
                f"expected lines of at most {MOST_LINE:,} bytes, found a longer one: this is no GeoNames dump"
            )
        yield line
