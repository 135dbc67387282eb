"""Figures: numbers with what they count, what befell it, and how one figure hangs on another (first version follows)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from probanda.extract.quantities import Number
from probanda.extract.segments import Document
from probanda.extract.times import TimeMention
from probanda.records.reading import Effect, Modality, Verification, When

FigureKind = Literal["casualty", "displacement", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it counts. Token ranges are half-open; `passage` is in characters."""

    number: Number
    unit_first: int | None
    unit_last: int | None
    unit: str | None
    kind: FigureKind
    effect: Effect | None
    who: tuple[int, int] | None
    passage: tuple[int, int]
    subset_of: int | None
    cumulative_since: When | None
    as_of: When | None
    corrects: int | str | None
    verification: Verification | None
    modality: Modality
    negated: bool
    clause_first: int
    clause_last: int


def find_figures(
    doc: Document, numbers: tuple[Number, ...], times: tuple[TimeMention, ...]
) -> tuple[Figure, ...]:
    """The figures of `doc` in the order of their numbers; `subset_of` and `corrects` index this tuple."""
    return ()
