"""Figure: one number and what it counts, before it becomes a claim."""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.text.effects import FigureKind
from probanda.extract.values.quantities import Number
from probanda.records.reading import Effect, Modality, Verification, When


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it counts. Token ranges are half-open; `passage` is in characters. The unit's tokens may
    stand in an earlier sentence ("the figure may reach a million"); `subset_of` and `corrects` index the tuple that
    `find_figures` returns; `corrects` is the replaced number's own words where no other figure holds it."""

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
