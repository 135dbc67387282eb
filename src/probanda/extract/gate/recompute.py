"""The functions that derive values from spans, as arguments of the gate, with the reading's own rules as default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal, Protocol

from probanda.extract.places import gazetteer
from probanda.extract.places.context import context
from probanda.extract.slavic import dates, numbers
from probanda.extract.slavic import lookup as slavic_lookup
from probanda.extract.slavic.words import LANGUAGES as SLAVIC
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.values import quantities, times
from probanda.records.quantity import Bound, Qualifier
from probanda.records.reading import When


class QuantityOf(Protocol):
    def __call__(self, text: str, /) -> tuple[int | float | Literal["unknown"], Bound, Bound, Qualifier] | None:
        """Stated value, minimum, maximum and qualifier of the one number in `text`."""


class TimesOf(Protocol):
    def __call__(self, doc: Document, published: str | None, /) -> Sequence[When]:
        """The times of a document, each with its passage."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place that words can name. `id` is `None` for one that the gazetteer lacks; the point may be unknown, too."""

    id: str | None
    name: str
    country: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None


class PlacesOf(Protocol):
    def __call__(self, words: str, /) -> Sequence[Named]:
        """Every place that `words` can name."""


def _times(doc: Document, published: str | None, /) -> Sequence[When]:
    return tuple(mention.when for mention in times.find_times(doc, published))


def _places(words: str, /) -> Sequence[Named]:
    """The gazetteer's places of this name, the regions and seats of government of the lexica, and for "Kharkiv region"
    the region around a town so named."""
    held = gazetteer.load()
    entries = list(held.lookup(words))
    name, _, noun = words.rpartition(" ")
    if name and noun.lower() in context("region_noun"):
        towns = held.lookup(name)
        entries += [*towns, *filter(None, map(held.region_of, towns))]
    found = [Named(e.id, e.name, e.country or None, e.latitude, e.longitude, e.radius_m) for e in entries]
    return found + _listed().get(gazetteer.key_of(words), [])


@cache
def _listed() -> dict[str, list[Named]]:
    """Regions and seats of government by the key of their name."""
    found: dict[str, list[Named]] = {}
    for row in table("regions.tsv"):
        point = (float(row["latitude"]), float(row["longitude"]), int(row["radius_m"]))
        known = Named(None, row["name"], row["country"] or None, *point)
        found.setdefault(gazetteer.key_of(row["name"]), []).append(known)
    for row in table("metonyms.tsv"):
        known = Named(None, row["name"], row["country"] or None, None, None, None)
        found.setdefault(gazetteer.key_of(row["name"]), []).append(known)
    return found


@dataclass(frozen=True, slots=True)
class Recompute:
    """The functions that derive values from spans. An extractor that has found the times of this document already may
    hand them on: `Recompute(times=lambda doc, published: found)`."""

    quantity: QuantityOf = quantities.quantity_of
    times: TimesOf = _times
    places: PlacesOf = _places


RECOMPUTE = Recompute()


def _slavic_times(doc: Document, published: str | None, /) -> Sequence[When]:
    return tuple(mention.when for mention in dates.find_times(doc, published))


def _slavic_places(language: str, words: str, /) -> Sequence[Named]:
    entries = slavic_lookup.named(words, language)
    return [Named(e.id, e.name, e.country or None, e.latitude, e.longitude, e.radius_m) for e in entries]


def _slavic_quantity(
    language: str, text: str, /
) -> tuple[int | float | Literal["unknown"], Bound, Bound, Qualifier] | None:
    return numbers.quantity_of(text, language)


@cache
def recompute_for(language: str) -> Recompute:
    """The functions for texts in this language; those for English where there are no others."""
    if language not in SLAVIC:
        return RECOMPUTE
    return Recompute(partial(_slavic_quantity, language), _slavic_times, partial(_slavic_places, language))
