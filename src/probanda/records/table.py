"""CSV as other tools write and read it: rows as text, nothing in them ever run.

Guarantees: `parse_table(write_table(t)) == t` for every table; a cell that a spreadsheet would take for a formula is
written with an apostrophe before it and read back without, so that opening an export runs nothing (OWASP, CSV
Injection: = + - @, tab, carriage return; a plain number such as -38.5 stays one). Refuses, with what was found: bytes
that are no UTF-8, a quotation that never ends, rows of another width than the header, a header that names a column
twice or not at all.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
MAX_CELL = 1_000_000  # characters; arbitrary, a spreadsheet holds 32,767


class TableError(ValueError):
    """The sheet is no table of the form asked for. The fault is the sheet's; says where."""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have as many cells as there are `columns`; the first row has the number 2, as in a spreadsheet."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def parse_table(data: bytes, *, delimiters: str = ",;\t") -> Table:
    """The table in `data`. The separator is the first of `delimiters` that stands in the first line and with which
    every row has as many cells as the header. Raises `TableError`, for the first that was tried."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(
            f"expected UTF-8, found at byte {error.start} what does not decode; save the sheet as CSV in UTF-8"
        ) from error
    if "\0" in text:
        raise TableError("expected text, found a NUL character: this is no CSV file")
    head = text.partition("\n")[0]
    refused: TableError | None = None
    for delimiter in [one for one in delimiters if one in head] or [delimiters[0]]:
        try:
            return _checked(_rows(text, delimiter))
        except TableError as error:
            refused = refused or error
    raise refused or TableError("expected a separator to part the cells with, found none to try")


def _rows(text: str, delimiter: str) -> list[tuple[str, ...]]:
    before = csv.field_size_limit(MAX_CELL)
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return [tuple(map(live, row)) for row in read if row]
    except csv.Error as error:
        raise TableError(f"expected CSV (RFC 4180), found: {error}") from error
    finally:
        csv.field_size_limit(before)


def write_table(table: Table) -> str:
    """CSV with a header, commas and CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(tuple(map(inert, row)) for row in (table.columns, *table.rows))
    return out.getvalue()


def inert(cell: str) -> str:
    """The cell as text for every spreadsheet. A cell that already begins with apostrophes before such a character gets
    one more, so that `live` gives back exactly what went in."""
    return f"'{cell}" if _would_run(cell.lstrip("'")) else cell


def live(cell: str) -> str:
    """The cell as it was before `inert`."""
    return cell[1:] if cell.startswith("'") and _would_run(cell.lstrip("'")) else cell


def _would_run(cell: str) -> bool:
    return cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell)


def _checked(rows: Sequence[tuple[str, ...]]) -> Table:
    if not rows:
        raise TableError("expected a header and rows, found an empty sheet")
    columns = rows[0]
    for number, column in enumerate(columns, start=1):
        if columns.index(column) + 1 != number:
            raise TableError(
                f"expected each column once, found {column!r:.60} in columns {columns.index(column) + 1} and {number}"
            )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(columns):
            raise TableError(
                f"expected {len(columns)} cells in row {number}, as in the header, found {len(row)}; "
                "is the separator the same throughout?"
            )
    return Table(columns, tuple(rows[1:]))


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A table from any cells. Raises `TableError`."""
    return _checked([tuple(columns), *(tuple(row) for row in rows)])
