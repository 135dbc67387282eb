"""Spreadsheets: XLSX, XLS and ODS, sheet by sheet, hidden sheets too.

Guarantees: a line for each row and a region for each filled cell (`cells.py`); formulas are never worked out, the value
that the file keeps for them is read, and how many there are is counted. Cells that hold an error value ("#DIV/0!") are
empty here. Sheets are parted by a form feed; their names stand in the regions.
Refuses, before the parser sees the file: packages that unpack to far more than they look (`package.py`), and sheets
whose corners are so far apart that their empty cells alone would exhaust the memory. The parser is calamine.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import closing

import python_calamine

from probanda.records.canonical import Json
from probanda.steps.readers.cells import Rows, displayed
from probanda.steps.readers.frozen import PART, Frozen, NothingToReadError, ReadError, Scroll, locked
from probanda.steps.readers.package import Package

MAX_AREA = (
    20_000_000  # arbitrary: cells of the smallest rectangle around all values of a sheet; the parser keeps it whole
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]|table:formula=")
_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)(?=<table:table-row\b|</table:table>)", re.DOTALL)
_ROW_TIMES = re.compile(rb'table:number-rows-repeated="([0-9]{1,9})"')
_CELL = re.compile(rb"<table:table-cell\b([^>]*)>")
_CELL_TIMES = re.compile(rb'table:number-columns-repeated="([0-9]{1,9})"')


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    formulas = _check(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise locked("the spreadsheet opens with a password only") from error
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        raise ReadError(f"expected a spreadsheet, found a file that cannot be opened as one: {error}") from error
    scroll = Scroll()
    rows = Rows(scroll)
    read_rows = 0
    with closing(book):
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        for sheet in sheets:
            read_rows += _sheet(book, sheet.name, scroll, rows)
    counts: dict[str, Json] = {
        "cells": rows.filled,
        "formulas": formulas,
        "rows": read_rows,
        "sheets": len(sheets),
        "sheets_hidden": sum(sheet.visible != python_calamine.SheetVisibleEnum.Visible for sheet in sheets),
    }
    if not rows.filled:
        raise NothingToReadError("the spreadsheet holds no values", counts)
    return Frozen(scroll.text, "cells of the spreadsheet (calamine)", regions=tuple(scroll.regions), counts=counts)


def _sheet(book: python_calamine.CalamineWorkbook, name: str, scroll: Scroll, rows: Rows) -> int:
    """Writes a sheet; how many of its rows hold something."""
    try:
        sheet = book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.WorksheetNotFound) as error:
        raise ReadError(f"expected a sheet {name!r}, found that it cannot be read: {error}") from error
    written = 0
    rows.begin()
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        if not written and scroll.length and any(value != "" for value in values):
            scroll.part(PART)
        written += rows.add(name, number, [displayed(value) for value in values], first=not written)
    return written


def _check(data: bytes) -> int | None:
    """How many formulas the file has, `None` where that was not found out. Raises `ReadError` for what would exhaust
    the parser."""
    if not data.startswith(b"PK"):
        return None  # BIFF: 65,536 rows of 256 cells at most
    package = Package(data, "a spreadsheet")
    formulas = 0
    for name in package.names:
        member = package.read(name)
        if name.endswith((".xml", ".rels")):
            package.require_xml(name, member)
        if _SHEET.fullmatch(name):
            _refuse(name, *_corners(member))
            formulas += len(_FORMULA.findall(member))
        elif name == "content.xml":
            _refuse(name, _repeated(member), 1)
            formulas += len(_FORMULA.findall(member))
        elif name == "META-INF/manifest.xml" and b"encryption-data" in member:
            raise locked("the spreadsheet is encrypted")
    return formulas


def _corners(member: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle from the first cell of the sheet to the last one."""
    rows = columns = 0
    for name, number in _REFERENCE.findall(member):
        rows = max(rows, int(number))
        column = 0
        for letter in name:
            column = 26 * column + letter - 64
        columns = max(columns, column)
    return rows, columns


def _repeated(member: bytes) -> int:
    """Filled cells of an OpenDocument sheet with their repetitions counted, before anything is repeated."""
    total = 0
    for row in _ROW.finditer(member):
        times = _ROW_TIMES.search(row[1])
        filled = sum(
            int(found[1]) if (found := _CELL_TIMES.search(cell[1])) else 1
            for cell in _CELL.finditer(row[2])
            if b"office:value-type" in cell[1]
        )
        total += filled * (int(times[1]) if times else 1)
    return total


def _refuse(name: str, rows: int, columns: int) -> None:
    if rows * columns > MAX_AREA:
        raise ReadError(
            f"expected a sheet of at most {MAX_AREA:,} cells, found {rows * columns:,} in {name}; "
            "save the part that holds values as a sheet of its own"
        )
