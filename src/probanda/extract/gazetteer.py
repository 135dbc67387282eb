"""Gazetteer: names of places with a GeoNames id each, and a longest-match scan of a text for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.segments import Document

Feature = Literal["country", "admin1", "capital", "city"]


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    name: str
    country: str | None
    feature: Feature
    latitude: float | None
    longitude: float | None
    population: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens [first, last) of a document that spell a name of these entries."""

    first: int
    last: int
    entries: tuple[Entry, ...]


class Gazetteer:
    digest: str

    def lookup(self, name: str) -> tuple[Entry, ...]:
        raise NotImplementedError

    def scan(self, doc: Document) -> tuple[Hit, ...]:
        raise NotImplementedError


@cache
def load() -> Gazetteer:
    raise NotImplementedError
