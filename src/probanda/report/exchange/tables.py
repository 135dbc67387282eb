"""CSV in and out (RFC 4180, UTF-8), every text cell made inert, so that a spreadsheet runs no formula of a report.

Guarantees: `read(write(table)) == table`, also for cells with quotes, line ends, or a formula (`records.table.inert`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from probanda.records.canonical import Json
from probanda.records.table import inert, live
from probanda.report.exchange.drafts import UnreadableFileError

TOO_MANY: Final = "\n"  # a field for the cells beyond the last column


def write(columns: Sequence[str], records: Sequence[Mapping[str, Json]]) -> str:
    """A table with these columns and then every other one that a record has, in the order in which they come up."""
    names = list(dict.fromkeys([*columns, *(name for record in records for name in record)]))
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([inert(name) for name in names])
    for record in records:
        writer.writerow([inert(_cell(record.get(name))) for name in names])
    return target.getvalue()


def read(text: str, required: Sequence[str]) -> Iterator[Mapping[str, Json]]:
    """The records, every cell as text, a cell that is not there as "". Raises `UnreadableFileError` for a table without
    a column that is required, with one twice, or that is no CSV; a row with more cells than columns has them in the
    field `TOO_MANY`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [live(name) for name in next(reader, [])]
        missing = [name for name in required if name not in header]
        if missing:
            raise UnreadableFileError(f"expected the column {missing[0]!r}, found only {', '.join(header)[:200]!r}")
        if len(set(header)) != len(header):
            raise UnreadableFileError("expected every column once, found one twice")
        for cells in reader:
            if not cells:
                continue
            filled = [live(cell) for cell in cells] + [""] * (len(header) - len(cells))
            record: dict[str, Json] = dict(zip(header, filled, strict=False))
            if len(cells) > len(header):
                record[TOO_MANY] = cells[len(header) :]
            yield record
    except csv.Error as error:
        raise UnreadableFileError(f"expected CSV, found in line {reader.line_num}: {error}") from error


def require_no_more(fields: Mapping[str, Json]) -> None:
    """Raises `ValueError` for a row that has more cells than the table has columns."""
    if TOO_MANY in fields:
        raise ValueError(f"expected as many cells as columns, found more: {fields[TOO_MANY]!r:.80}")


def _cell(value: Json) -> str:
    return "" if value is None else str(value)
