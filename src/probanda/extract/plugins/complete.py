"""From what an extractor may leave out to a whole record: what follows from the words is worked out here, by our code.

Guarantees: a passage gets offsets only where its words stand in the text; number, bounds, qualifier, days, gazetteer
entry and point come from the words, by the functions that the gate checks them with; what the extractor states itself
is left as it is, so that the gate refuses what differs. Nothing is admitted here: what cannot be completed goes to the
gate as it is, and is refused there with a reason.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from probanda.extract.gate.recompute import Recompute
from probanda.extract.gate.shape import CandidateError, ground_passages
from probanda.extract.grounding import Grounder
from probanda.extract.places.context import role_of
from probanda.extract.text.segments import Document
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.quantity import Quantity
from probanda.records.reading import (
    Claim,
    Counts,
    Event,
    Label,
    NamedPassage,
    ObjectMention,
    Place,
    Quotation,
    Speaker,
    Verification,
    Weapon,
    When,
)

RECORDS: Mapping[str, type] = {
    "quotations": Quotation, "claims": Claim, "events": Event, "places": Place, "weapons": Weapon,
    "objects": ObjectMention, "labels": Label, "times": When,
}  # fmt: skip
_INSIDE: Mapping[str, type] = {
    "speaker": Speaker, "source": Speaker, "holder": Speaker, "venue": NamedPassage, "quantity": Quantity,
    "when": When, "as_of": When, "cumulative_since": When, "verification": Verification, "counts": Counts,
}  # fmt: skip
_CANDIDATES = 5  # places of one name that are kept


class Completer:
    """Completes the records of one text. `places` and `times` are those that the rules read there."""

    def __init__(self, doc: Document, recompute: Recompute, places: Sequence[Place], times: Sequence[When]) -> None:
        self._doc = doc
        self._grounder = Grounder(doc.text)
        self._recompute = recompute
        self._places = {(place.passage.start, place.passage.end): place for place in places}
        self._times = [when for when in times if when.passage is not None]

    def content(self, given: Mapping[str, Json]) -> dict[str, Json]:
        """The proposal's lists with every record as whole as it can be made."""
        out: dict[str, Json] = {}
        for name, cls in RECORDS.items():
            held = given.get(name, ())
            if isinstance(held, (list, tuple)):
                out[name] = [self._record(cls, item, f"{name}:{number}") for number, item in enumerate(held)]
        return out

    def _record(self, cls: type, item: Json, temporary: str) -> Json:
        if not isinstance(item, Mapping):
            return item
        try:
            grounded = ground_passages(item, self._grounder)
        except CandidateError:
            return item  # the gate says why
        assert isinstance(grounded, Mapping)
        record: dict[str, Json] = {name: self._inner(name, value) for name, value in grounded.items()}
        if cls is Place:
            self._place(record)
        elif cls is When:
            record = self._when(record)
        if "id" in _names(cls):
            record["id"] = record.get("id") or temporary
        return _filled(cls, record)

    def _inner(self, name: str, value: Json) -> Json:
        cls = _INSIDE.get(name)
        if cls is None or not isinstance(value, Mapping):
            return value
        record = dict(value)
        if cls is Quantity:
            self._quantity(record)
        elif cls is When:
            return self._when(record)
        elif cls is Speaker and "passage" not in record:
            return value  # the narrator, or nobody who is named
        elif cls is NamedPassage and "name" not in record:
            record["name"] = _words(record)
        return _filled(cls, record)

    def _quantity(self, record: dict[str, Json]) -> None:
        found = self._recompute.quantity(_words(record)) or ("unknown", None, None, "stated")  # no number: refused
        for name, value in zip(("stated", "minimum", "maximum", "qualifier"), found, strict=True):
            record.setdefault(name, value)

    def _when(self, record: dict[str, Json]) -> dict[str, Json]:
        """The time that the rules read at these words; unresolved where they read none."""
        span = _span(record)
        if set(record) == {"passage"} and span is not None:
            near = [w for w in self._times if w.passage and w.passage.start < span[1] and span[0] < w.passage.end]
            same = [w for w in near if w.passage and (w.passage.start, w.passage.end) == span]
            if same or len(near) == 1:
                return to_json((same or near)[0])
        record.setdefault("precision", "unknown")
        record.setdefault("basis", "unresolved")
        filled = _filled(When, record)
        assert isinstance(filled, dict)
        return filled

    def _place(self, record: dict[str, Json]) -> None:
        """The place that the rules read at these words; else the one that the gazetteer has of this name, or all of
        them as candidates."""
        span, words = _span(record), _words(record)
        known = self._places.get(span) if span is not None else None
        if known is not None:
            same = to_json(known)
            if record.get("role", known.role) != known.role and known.latitude is not None:
                same.update(latitude=None, longitude=None, radius_m=None)  # an actor has no point on a map
            for name, value in same.items():
                if name not in ("id", "passage"):
                    record.setdefault(name, value)
            return
        if "role" not in record and span is not None and self._doc.language == "en":
            first, last = self._doc.token_at(span[0]), self._doc.token_at(span[1] - 1) + 1
            record["role"] = role_of(self._doc, first, last, "capital")  # the kind that may act as well as say where
        named = [one for one in self._recompute.places(words.removesuffix("’s").removesuffix("'s")) if one.id]
        record.setdefault("name", words)
        if len({one.id for one in named}) == 1 and "gazetteer_id" not in record:
            one = named[0]
            record.update(name=one.name, gazetteer_id=one.id, country=one.country)
            if record.get("role") == "location":
                record.update(latitude=one.latitude, longitude=one.longitude, radius_m=one.radius_m)
        elif named:
            told = {one.id: one for one in named}
            record.setdefault("candidates", [
                {"gazetteer_id": one.id, "name": one.name, "country": one.country, "score": 0.0, "rule": "name alone"}
                for one in sorted(told.values(), key=lambda one: str(one.id))[:_CANDIDATES]
            ])  # fmt: skip


def _words(record: Mapping[str, Json]) -> str:
    passage = record.get("passage")
    text = passage.get("text") if isinstance(passage, Mapping) else None
    return text if isinstance(text, str) else ""


def _span(record: Mapping[str, Json]) -> tuple[int, int] | None:
    passage = record.get("passage")
    if not isinstance(passage, Mapping):
        return None
    start, end = passage.get("start"), passage.get("end")
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def _filled(cls: type, record: dict[str, Json]) -> dict[str, Json]:
    """`record` with `null` where it says nothing of what may be unsaid, and false where it denies nothing."""
    for name, empty in _empty(cls).items():
        record.setdefault(name, empty)
    return record


@cache
def _empty(cls: type) -> dict[str, Json]:
    """What a field of this record class holds where nothing is said; without those that have to be said."""
    hints: dict[str, Any] = typing.get_type_hints(cls)
    found: dict[str, Json] = {}
    for item in dataclasses.fields(cls):
        hint, name = hints[item.name], item.name.rstrip("_")
        inner = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else ()
        if type(None) in inner:
            found[name] = None
        elif typing.get_origin(hint) is tuple:
            found[name] = []
        elif hint is bool:
            found[name] = False
    return found


@cache
def _names(cls: type) -> frozenset[str]:
    return frozenset(item.name for item in dataclasses.fields(cls))
