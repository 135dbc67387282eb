"""Media of an Atlos export: files beside the CSV that the columns `source_1`, `source_2` ... of a record name.

Guarantees: a source that is an address and whose file is not beside the export stays what it is, an address in the
record; one that names a file which is not there is told. A sheet that is no whole table has no media; what is wrong
with it is told when its records are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from probanda.collect.beside import Beside, is_address, look
from probanda.collect.files import Found, Skipped, recorded_name
from probanda.records.canonical import Json
from probanda.records.table import TableError, parse_table

FORMAT = "atlos"
_SOURCE = re.compile(r"source_\d+")


def items(data: bytes, sheet: Path, capture: str) -> Iterator[Found | Skipped]:
    """What the records name, as things to take in; `capture` is the id under which the export is kept. `origin.record`
    counts the records from 1."""
    try:
        table = parse_table(data, delimiters=",")
    except TableError:
        return
    slugs = table.columns.index("slug") if "slug" in table.columns else None
    for number, row in enumerate(table.rows, start=1):
        for column, cell in zip(table.columns, row, strict=True):
            location = cell.strip()
            if not location or not _SOURCE.fullmatch(column):
                continue
            found = look(sheet.parent, location, row[slugs].strip() if slugs is not None else "")
            if isinstance(found, Beside):
                name, form = recorded_name(f"{sheet.name}/{found.name}")
                origin: dict[str, Json] = {"column": column, "format": FORMAT, "record": number, "sheet": capture}
                yield Found(found.path, found.size, name, form, source=location, origin=origin)
            elif not is_address(location):
                name, form = recorded_name(f"{sheet.name}, record {number}")
                yield Skipped(sheet, name, f"{column}: {found.reason}", form)
