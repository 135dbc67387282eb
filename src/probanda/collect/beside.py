"""Files that an export names and that lie beside it.

Guarantees: no name in an export leads out of its folder, and no link is followed on the way: a link can lead anywhere.
Nothing is fetched: a location that is an address is looked for by its last part.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_REMOTE = ("http", "https", "s3", "gs")


@dataclass(frozen=True, slots=True)
class Beside:
    """A regular file in the folder; `name` is its way from there."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class NotBeside:
    """No such file. `reason` says what was looked for, or that the location leads out."""

    reason: str


def look(folder: Path, location: str, within: str = "") -> Beside | NotBeside:
    """The file of `location`: as written, by its last part in the folder `within`, or by its last part alone."""
    tried = []
    for candidate in _candidates(location, within):
        parts = _parts(candidate)
        if parts is None:
            return NotBeside(f"expected a file in the export's folder, found one that leads out: {location!r:.200}")
        tried.append(candidate)
        found = _regular(folder, parts)
        if found is not None:
            return Beside(*found)
    looked = ", ".join(repr(one) for one in tried) or "nothing that could be a file's name"
    return NotBeside(
        f"expected the file of {location!r:.200} beside the sheet, looked for {looked:.300}, found none; "
        "put it there and add the sheet again"
    )


def is_address(location: str) -> bool:
    return urlsplit(location).scheme in _REMOTE


def _candidates(location: str, within: str) -> Iterator[str]:
    address = urlsplit(location)
    path = unquote(address.path) if address.scheme in _REMOTE else location.replace("\\", "/")
    last = path.rstrip("/").rpartition("/")[2]
    if not last or last in (".", ".."):
        return
    seen = set()
    for candidate in ("" if is_address(location) else path, f"{within}/{last}" if within else "", last):
        if candidate and candidate not in seen:
            seen.add(candidate)
            yield candidate


def _parts(name: str) -> list[str] | None:
    """The parts of a way that stays in the folder, `None` for one that does not."""
    if "\0" in name or name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return None if ".." in parts else parts


def _regular(folder: Path, parts: list[str]) -> tuple[Path, str, int] | None:
    path, size = folder, None
    for part in parts:
        path = path / part
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return None
        if stat.S_ISLNK(status.st_mode):
            return None
        size = status.st_size if stat.S_ISREG(status.st_mode) else None
    return None if size is None else (path, "/".join(parts), size)
