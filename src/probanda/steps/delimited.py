"""Whether a text is a table in delimited rows, and by which character.

Guarantees: a text is called delimited only where its rows say so together: nearly all of them have the same number of
fields, two at least, and the character is not followed by a space as a comma in prose is. One line is never a table.
Rows that disagree (a title above, a note below, another separator in some) are tolerated in a minority, and counted by
the reader. An open quotation mark that would swallow the rest of the file does not hide the table: then its lines are
judged one by one. Source: RFC 4180, which says how fields are quoted and admits that there is no standard.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

CANDIDATES = (",", "\t", ";", "|")
_SAMPLE_CHARS = 65_536  # arbitrary: hundreds of rows
_SAMPLE_ROWS = 500
_AGREE = 0.9  # arbitrary shares of rows with the same number of fields; a wide table is its own evidence
_AGREE_WIDE = 0.75
_WIDE = 4
_PROSE = 0.6  # arbitrary share of separators followed by a space, from which they are punctuation


@dataclass(frozen=True, slots=True)
class Delimited:
    """`delimiter` parts `columns` fields in `rows` of the `sampled` rows; `others`: further separators in use."""

    delimiter: str
    columns: int
    rows: int
    sampled: int
    others: tuple[str, ...] = ()


def delimited(text: str) -> Delimited | None:
    """How `text` is delimited, `None` where it is no table."""
    sample = text[:_SAMPLE_CHARS]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1]
    if "\n" not in sample.strip() and "\r" not in sample.strip():
        return None
    found = [one for delimiter in CANDIDATES if (one := _as_table(sample, delimiter)) is not None]
    if found:
        return max(found, key=lambda one: (one.rows * one.columns / one.sampled, one.columns))
    return _mixed(sample)


def _as_table(sample: str, delimiter: str) -> Delimited | None:
    if delimiter not in sample or _punctuates(sample, delimiter):
        return None
    for rows in (_rows(sample, delimiter), _line_rows(sample, delimiter)):
        counted = _counted(rows)
        if counted is not None:
            columns, agreeing = counted
            enough = _AGREE_WIDE if columns >= _WIDE else _AGREE
            fewest = 2 if columns >= 3 else 3  # two short lines with one comma each are two lines
            if columns >= 2 and len(rows) >= fewest and agreeing >= enough * len(rows):
                return Delimited(delimiter, columns, agreeing, len(rows))
    return None


def _mixed(sample: str) -> Delimited | None:
    """A table whose rows use different separators: each row is whole under one, and all come to as many fields."""
    by_delimiter = {
        delimiter: [len(row) for row in _line_rows(sample, delimiter)]
        for delimiter in CANDIDATES
        if delimiter in sample and not _punctuates(sample, delimiter)
    }
    if len(by_delimiter) < 2:
        return None
    widths = Counter(width for counts in by_delimiter.values() for width in counts if width >= 3)
    if not widths:
        return None
    columns = widths.most_common(1)[0][0]
    total = len(next(iter(by_delimiter.values())))
    whole = [any(counts[row] == columns for counts in by_delimiter.values()) for row in range(total)]
    if total < 3 or sum(whole) < _AGREE * total:
        return None
    ranked = sorted(by_delimiter, key=lambda one: -by_delimiter[one].count(columns))
    others = tuple(one for one in ranked[1:] if columns in by_delimiter[one])
    return Delimited(ranked[0], columns, by_delimiter[ranked[0]].count(columns), total, others)


def _punctuates(sample: str, delimiter: str) -> bool:
    """Whether the character stands in the text as punctuation does, with a space after it."""
    if delimiter == "\t":
        return False
    outside = "".join(sample.split('"')[::2])  # what is between quotation marks is nobody's separator
    count = outside.count(delimiter)
    return count == 0 or outside.count(delimiter + " ") > _PROSE * count


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    return _parsed(io.StringIO(sample, newline=""), delimiter)


def _line_rows(sample: str, delimiter: str) -> list[list[str]]:
    """Every line by itself, so that a quotation mark ends with its line."""
    return [row for line in sample.splitlines() for row in _parsed([line], delimiter)]


def _parsed(lines: io.StringIO | Sequence[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if any(field.strip() for field in row):
                rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                break
    except csv.Error:  # a field beyond the module's limit, which is no table's
        return []
    return rows


def _counted(rows: list[list[str]]) -> tuple[int, int] | None:
    """The commonest number of fields and how many rows have it."""
    if not rows:
        return None
    return Counter(map(len, rows)).most_common(1)[0]
