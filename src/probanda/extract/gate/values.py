"""Values that the gate computes again from the span, so that no number, time or place rests on an extractor's word.

Each recomputer is an argument, with the reading's own rules as the default. A value that differs is a rejection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from probanda.extract import gazetteer, quantities, times
from probanda.extract.segments import Document
from probanda.records.quantity import Bound, Qualifier
from probanda.records.reading import When


class QuantityOf(Protocol):
    def __call__(self, text: str, /) -> tuple[int | float | Literal["unknown"], Bound, Bound, Qualifier] | None:
        """Stated value, minimum, maximum and qualifier of the one number in `text`."""


class TimesOf(Protocol):
    def __call__(self, doc: Document, published: str | None, /) -> Sequence[When]:
        """The times of a document, each with its passage."""


class PlaceLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


class Lookup(Protocol):
    def __call__(self, name: str, /) -> Sequence[PlaceLike]:
        """Every gazetteer entry of this name."""


def _times(doc: Document, published: str | None, /) -> Sequence[When]:
    return tuple(mention.when for mention in times.find_times(doc, published))


def _lookup(name: str, /) -> Sequence[PlaceLike]:
    return gazetteer.load().lookup(name)


@dataclass(frozen=True, slots=True)
class Recompute:
    """The functions that derive values from spans. An extractor that has found the times of this document already may
    hand them on: `Recompute(times=lambda doc, published: found)`."""

    quantity: QuantityOf = quantities.quantity_of
    times: TimesOf = _times
    lookup: Lookup = _lookup


RECOMPUTE = Recompute()
