"""Tables in text (CSV, TSV and their kin): a line for each row, tabs between cells, a region for each filled cell.

Guarantees: no row is dropped: rows with another number of fields than most are kept as they are and counted, with the
first of them named. A quotation mark that never closes does not swallow the rest of the file: from the line where it
stands, lines are taken one by one, and that line is named. Rows are counted as records, as spreadsheets number them.
Refuses bytes that do not decode, and fields longer than the limit of Python's csv module. Source: RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping

from probanda.records.canonical import Json
from probanda.steps.readers.cells import Rows
from probanda.steps.readers.frozen import Frozen, NothingToReadError, ReadError, Scroll
from probanda.steps.readers.plain import decoded


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    encoding, delimiter = parameters.get("encoding"), parameters.get("delimiter")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise ReadError(f"expected one character as parameter `delimiter`, found {delimiter!r}")
    source = decoded(data, encoding)
    lines = list(io.StringIO(source.removeprefix("\ufeff"), newline=""))
    opened = _unclosed(lines, delimiter)
    scroll = Scroll()
    rows = Rows(scroll)
    widths: list[tuple[int, int]] = []
    for number, values in enumerate(_records(lines, delimiter, opened), start=1):
        if rows.add(None, number, values, first=not widths):
            widths.append((number, len(values)))
    if not widths:
        raise NothingToReadError("the table holds no values")
    columns = Counter(width for _, width in widths).most_common(1)[0][0]
    deviating = [number for number, width in widths if width != columns]
    counts: dict[str, Json] = {
        "cells": rows.filled,
        "columns": columns,
        "rows": len(widths),
        "rows_deviating": len(deviating),
        "first_row_deviating": deviating[0] if deviating else None,
        "line_of_unclosed_quote": opened,
    }
    return Frozen(
        text=scroll.text,
        basis=f"fields between {delimiter!r}",
        regions=tuple(scroll.regions),
        counts=counts,
        chars=len(source),
        encoding=str(encoding),
    )


def _records(lines: list[str], delimiter: str, opened: int | None) -> Iterator[list[str]]:
    whole = lines if opened is None else lines[: opened - 1]
    yield from _parsed(whole, delimiter)
    for line in lines[len(whole) :]:
        yield from _parsed([line], delimiter)


def _unclosed(lines: list[str], delimiter: str) -> int | None:
    """The line, from 1, of the record whose quotation mark is still open where the file ends."""
    first = 1
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        while True:
            before = reader.line_num
            next(reader)
            first = before + 1
    except (StopIteration, csv.Error):
        pass  # an error is told by who reads the records
    try:
        list(csv.reader(lines[first - 1 :], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return first if "unexpected end of data" in str(error) else None
    return None


def _parsed(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise ReadError(f"expected rows of fields, found at line {reader.line_num} what is none: {error}") from error
