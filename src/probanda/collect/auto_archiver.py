"""The sheet of Bellingcat's auto-archiver, and the media that it names.

Guarantees: every row is answered: media that lie beside the sheet are found, what the sheet names and is not there is
told by row and column. A name in a sheet never leads out of the sheet's folder. Nothing is fetched: a location that is
an address is looked for by its last part in the row's destination folder. Where the sheet states a digest, the found
file's must be the same, or the row says so. Column names are auto-archiver's defaults (gsheet_feeder); other
names are given as a table.

Does not claim that a row's dates, title or link are true: they are what the sheet states.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

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
    tried = []
    for candidate in _candidates(location, cells.get("destination folder", "")):
        found = _inside(sheet.parent, candidate)
        if found is None:
            return _absent(
                sheet,
                number,
                f"{column}: expected a file in the sheet's folder, found one that leads out: {location!r:.200}",
            )
        tried.append(candidate)
        path, size = found
        if size is not None:
            name, _ = recorded_name(f"{sheet.name}/{candidate}")
            stated = cells.get("hash", "") if column == _MEDIA[0] else ""
            return Medium(
                number, column, path, name, size, cells["link"] or location,
                _published(cells.get("upload timestamp", "")), _mismatch(path, stated),
            )  # fmt: skip
    looked = ", ".join(repr(one) for one in tried) or "nothing that could be a file's name"
    return _absent(
        sheet, number,
        f"{column}: expected the file of {location!r:.200} beside the sheet, looked for {looked:.300}, found none; "
        "put it there and add the sheet again",
    )  # fmt: skip


def _candidates(location: str, folder: str) -> Iterator[str]:
    """Where the file may lie, from the sheet's folder: as written; by its last part in the row's folder; alone."""
    address = urlsplit(location)
    path = unquote(address.path) if address.scheme in ("http", "https", "s3", "gs") else location.replace("\\", "/")
    last = path.rstrip("/").rpartition("/")[2]
    if not last or last in (".", ".."):
        return
    seen = set()
    for candidate in (path if not address.scheme else "", f"{folder}/{last}" if folder else "", last):
        if candidate and candidate not in seen:
            seen.add(candidate)
            yield candidate


def _inside(folder: Path, name: str) -> tuple[Path, int | None] | None:
    """The path and its size, `None` for a size where there is no such regular file; `None` where it leads out. No link
    is followed on the way: a link can lead anywhere."""
    if "\0" in name or name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        return None
    path = folder
    size: int | None = None
    for part in parts:
        path = path / part
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return path, None
        if stat.S_ISLNK(status.st_mode):
            return path, None
        size = status.st_size if stat.S_ISREG(status.st_mode) else None
    return path, size


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
