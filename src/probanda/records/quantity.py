"""Quantity: a number as a source stated it, with what it implies and what it leaves open.

"More than 2,000" has stated 2000, minimum 2001 and no maximum. `None` as a bound says *unbounded*; the word
`"unknown"` says that the source implies a bound that cannot be told ("dozens": stated unknown, minimum 24).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from probanda.records.passage import Passage

Bound = int | float | Literal["unknown"] | None

Qualifier = Literal[
    "exactly",  # the source says so ("exactly", "a total of")
    "stated",  # a bare number
    "more_than",
    "at_least",
    "nearly",  # below and close: nearly, almost, close to
    "about",  # either side: about, some, around, approximately, roughly, estimated
    "up_to",  # as many as, up to, no more than
    "fewer_than",
    "between",
    "dozens",
    "scores",
    "hundreds",
    "thousands",
    "tens_of_thousands",
    "hundreds_of_thousands",
    "millions",
    "several",  # several, a few, a number of, many
    "only",  # only five: exactly, and the source finds it few
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """`passage` covers qualifier, number and scale ("more than 934,000"), not the thing counted; `unit` is the thing
    counted as the source names it ("civilians", "nations"), `None` where it names none."""

    passage: Passage
    stated: int | float | Literal["unknown"]
    minimum: Bound
    maximum: Bound
    qualifier: Qualifier
    unit: str | None

    def __post_init__(self) -> None:
        low, high = self.minimum, self.maximum
        if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
            raise ValueError(f"a quantity's minimum {low} lies above its maximum {high}")
