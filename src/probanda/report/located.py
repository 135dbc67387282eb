"""Where in its source a stretch of a frozen text stands, in words.

Guarantees: a pure function of the text's regions (spec/text-map.md) and the stretch; a stretch over several places
names the first and the last of them. It says nothing ("") where the map has no region for the stretch: then the
characters themselves are the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from probanda.records.canonical import Json
from probanda.report.snapshot import Region

# The parts of a DOCX by the names that Office gives them, without the number that tells several apart.
_PARTS = {
    "comments": "the comments",
    "endnotes": "the endnotes",
    "footer": "the footer",
    "footnotes": "the footnotes",
    "header": "the header",
}


def touching(regions: Sequence[Region], start: int, end: int) -> tuple[Region, ...]:
    """The regions that hold a character of [start, end), in order."""
    return tuple(one for one in regions if one.start < end and start < one.end)


def where_in_source(regions: Sequence[Region], start: int, end: int) -> str:
    """In words, as in "page 2", "cell B3 of sheet Victims", "paragraph 12"."""
    named = list(dict.fromkeys(place_in_words(one.at) for one in touching(regions, start, end)))
    if not named:
        return ""
    return named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"


def place_in_words(at: Mapping[str, Json]) -> str:
    """One place of a source; a kind that a later version added is named as it is."""
    kind = at.get("kind")
    if kind == "page":
        return f"page {at.get('page')}"
    if kind == "cell":
        sheet = at.get("sheet")
        return f"cell {at.get('cell')}" + (f" of sheet {sheet}" if sheet else "")
    if kind == "paragraph":
        part = _part(str(at.get("part")))
        return f"paragraph {at.get('index')}" + (f" of {part}" if part else "")
    if kind == "part":
        role, _, name = str(at.get("part")).partition(":")
        return f"header field {name}" if role == "header" else f"the message's {name} body"
    if kind == "region":
        page = at.get("page")
        return "image region" if page in (None, 1) else f"image region on page {page}"
    return str(kind)


def _part(part: str) -> str:
    stem = PurePosixPath(part).stem
    if stem == "document":
        return ""
    return _PARTS.get(stem.rstrip("0123456789"), part)
