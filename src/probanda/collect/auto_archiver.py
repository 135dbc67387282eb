"""The sheet of Bellingcat's auto-archiver, and the media that it names.

Guarantees: every row is answered: media that lie beside the sheet are found, what the sheet names and is not there is
told by row and column; where they are looked for: `collect.beside`. Where the sheet states a digest, the found file's
must be the same, or the row says so. Column names are auto-archiver's defaults (gsheet_feeder); other names are given
as a table.

Does not claim that a row's dates, title or link are true: they are what the sheet states.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from probanda.collect.beside import NotBeside, look
from probanda.collect.files import Found, Skipped, recorded_name
from probanda.records.canonical import Json
from probanda.records.table import Table, TableError, parse_table

FORMAT = "auto-archiver"
COLUMNS = (
    "link", "archive status", "destination folder", "archive location", "archive date", "thumbnail",
    "upload timestamp", "upload title", "text content", "screenshot", "hash", "perceptual hashes", "wacz",
    "replaywebpage",
)  # fmt: skip
_REQUIRED = ("link", "archive status")
_MEDIA = ("archive location", "screenshot", "thumbnail", "wacz")  # the first is what was archived
_HASH = re.compile(r"(?:(SHA-256|SHA3-512):)?([0-9a-f]{64}|[0-9a-f]{128})", re.IGNORECASE)
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that a row names. `column` by auto-archiver's default name; `mismatch` says how its digest differs from
    the one that the sheet states, `None` where it does not or none is stated."""

    row: int
    column: str
    path: Path
    name: str
    size: int
    source: str
    published: str | None
    mismatch: str | None


@dataclass(frozen=True, slots=True)
class Absent:
    """What a row names and the folder does not hold. `name` names sheet and row."""

    row: int
    name: str
    reason: str


def items(data: bytes, sheet: Path, capture: str, columns: Mapping[str, str]) -> Iterator[Found | Skipped]:
    """What the sheet with these bytes names, as things to take in; `capture` is the id under which the sheet is kept. A
    file whose digest is not the one stated is taken in as it is, and the difference is told after it."""
    try:
        met = media(parse_table(data), sheet, columns)
    except TableError as error:
        name, form = recorded_name(sheet.name)
        yield Skipped(sheet, name, f"the file is kept; no row of it was taken in: {error}", form)
        return
    for one in met:
        if isinstance(one, Absent):
            yield Skipped(sheet, one.name, one.reason)
            continue
        origin: dict[str, Json] = {"column": one.column, "format": FORMAT, "row": one.row, "sheet": capture}
        yield Found(one.path, one.size, one.name, source=one.source, published=one.published, origin=origin)
        if one.mismatch is not None:
            yield Skipped(one.path, one.name, f"row {one.row}: {one.mismatch}; the file is kept as it is")


def media(table: Table, sheet: Path, columns: Mapping[str, str] | None = None) -> Iterator[Medium | Absent]:
    """What each row names, in the order of the rows. `sheet` is the file; `columns` maps a default name to the name in
    this sheet. Raises `TableError` at once where a required column is missing."""
    places = _places(table, columns or {})
    return _each(table, sheet, places)


def _places(table: Table, columns: Mapping[str, str]) -> dict[str, int]:
    folded = [column.strip().casefold() for column in table.columns]
    places = {}
    for name in COLUMNS:
        wanted = columns.get(name, name).strip().casefold()
        if wanted in folded:
            places[name] = folded.index(wanted)
        elif name in _REQUIRED:
            found = ", ".join(repr(column) for column in table.columns[:20])
            raise TableError(f"expected the column {wanted!r} of an auto-archiver sheet, found {found}")
    return places


def _each(table: Table, sheet: Path, places: Mapping[str, int]) -> Iterator[Medium | Absent]:
    for number, row in enumerate(table.rows, start=2):
        cells = {name: row[place].strip() for name, place in places.items()}
        if not any(cells.values()):
            continue
        named = [(column, cells[column]) for column in _MEDIA if cells.get(column)]
        if not named:
            status = cells["archive status"] or "no status"
            yield _absent(
                sheet, number, f"the sheet names no archived file for {cells['link']!r:.200}; it says: {status!r:.200}"
            )
        for column, location in named:
            yield _medium(sheet, number, column, location, cells)


def _medium(sheet: Path, number: int, column: str, location: str, cells: Mapping[str, str]) -> Medium | Absent:
    found = look(sheet.parent, location, cells.get("destination folder", ""))
    if isinstance(found, NotBeside):
        return _absent(sheet, number, f"{column}: {found.reason}")
    name, _ = recorded_name(f"{sheet.name}/{found.name}")
    stated = cells.get("hash", "") if column == _MEDIA[0] else ""
    return Medium(
        number, column, found.path, name, found.size, cells["link"] or location,
        _published(cells.get("upload timestamp", "")), _mismatch(found.path, stated),
    )  # fmt: skip


def _mismatch(path: Path, stated: str) -> str | None:
    known = _HASH.fullmatch(stated)
    if known is None:
        return None
    digest = known.group(2).lower()
    algorithm = (known.group(1) or ("SHA-256" if len(digest) == 64 else "SHA3-512")).upper()
    hasher = hashlib.sha256() if algorithm == "SHA-256" else hashlib.sha3_512()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                hasher.update(chunk)
    except OSError as error:
        return f"the file could not be read to compare its {algorithm}: {error.strerror}"
    found = hasher.hexdigest()
    return None if found == digest else f"the sheet states the {algorithm} {digest}, the file beside it has {found}"


def _published(stated: str) -> str | None:
    """The upload time as EDTF where it is ISO 8601 with a date, else `None`: what it means is not guessed."""
    try:
        moment = datetime.fromisoformat(stated.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _absent(sheet: Path, number: int, reason: str) -> Absent:
    name, _ = recorded_name(f"{sheet.name}, row {number}")
    return Absent(number, name, reason)
