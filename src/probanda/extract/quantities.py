"""Numbers in a text: what a source states, with its qualifier, its bounds and its kind.

Guarantees: every numeral and number word is found once; the value follows from the words of the number alone, so that
`quantity_of` computes it again from a passage. A number that dates, times, measures, names or orders something is found
too, and its kind keeps it from being read as a count of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from probanda.extract.segments import Document
from probanda.records.quantity import Bound, Qualifier

NumberKind = Literal["count", "money", "percent", "ordinal", "year", "measure", "date", "time", "part"]


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens [first, last) are qualifier, number and scale; [core_first, core_last) number and scale alone."""

    first: int
    last: int
    core_first: int
    core_last: int
    stated: int | float | Literal["unknown"]
    minimum: Bound
    maximum: Bound
    qualifier: Qualifier
    percent: bool
    ordinal: bool
    currency: str | None
    kind: NumberKind


def find_numbers(doc: Document) -> tuple[Number, ...]:
    """The numbers of `doc` in order, none overlapping."""
    return ()


def quantity_of(text: str) -> tuple[int | float | Literal["unknown"], Bound, Bound, Qualifier] | None:
    """Stated value, minimum, maximum and qualifier of the one number in `text`; `None` where there is none, or two."""
    return None
