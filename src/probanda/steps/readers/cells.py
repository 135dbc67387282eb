"""Tables as text: a line for each row, tabs between cells, a region for each cell that holds something.

Guarantees: a cell stands in the text exactly as `one_line` shows its value; rows without values are one blank line,
however many there are. Refuses more filled cells than a reader of the map could hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from probanda.records.canonical import Json
from probanda.steps.readers.frozen import ReadError, Scroll, one_line

MAX_CELLS = 500_000  # arbitrary, filled: the map names each of them, and a verifier reads outputs up to 64 MiB
MAX_COLUMNS = 16_384  # what spreadsheets have


class Rows:
    """Writes the rows of tables to the end of `scroll`."""

    def __init__(self, scroll: Scroll) -> None:
        self.filled = 0
        self._scroll = scroll
        self._blank = False

    def begin(self) -> None:
        """A table begins: what stood before it was parted by the caller."""
        self._blank = False

    def add(self, sheet: str | None, number: int, values: Sequence[str], *, first: bool) -> bool:
        """Row `number` (from 1); whether it holds anything. `first`: nothing of its table was written yet."""
        cells = [one_line(value) for value in values]
        last = max((place for place, cell in enumerate(cells) if cell), default=-1)
        if last < 0:
            self._blank = True
            return False
        if last >= MAX_COLUMNS:
            raise ReadError(f"expected at most {MAX_COLUMNS:,} columns, found more in row {number}")
        if not first:
            self._scroll.part("\n\n" if self._blank else "\n")
        self._blank = False
        for place, cell in enumerate(cells[: last + 1]):
            if place:
                self._scroll.part("\t")
            if cell:
                self.filled += 1
                name = f"{letters(place)}{number}"
                where: dict[str, Json] = {
                    "cell": name,
                    "column": place + 1,
                    "kind": "cell",
                    "row": number,
                    "sheet": sheet,
                }
                self._scroll.add(cell, where)
        if self.filled > MAX_CELLS:
            raise ReadError(f"expected at most {MAX_CELLS:,} filled cells, found more by row {number}; split the table")
        return True


def letters(column: int) -> str:
    """The name of a column, counted from 0: A to Z, AA ..."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def displayed(value: object) -> str:
    """A value of a spreadsheet as text: dates in ISO 8601, whole numbers without a point, others with the fifteen
    digits that spreadsheets keep. What the file shows can differ (its number formats are not applied)."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
