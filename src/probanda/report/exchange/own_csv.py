"""Our own CSV of incidents: everything that one has but its members' words.

Round trip: `id`, `members`, `reason` and `relations` are written for the reader and not taken over on import, where
they would name records of another case; they stay among the imported fields. So is `items_anchored`, which tells by
when the items behind an incident were there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from probanda.records.canonical import Json
from probanda.records.incident import Incident
from probanda.report.exchange import tables
from probanda.report.exchange.drafts import ANCHORED, Draft, Row, out, place_and_time, rows, text, when, where

NAME: Final = "incidents-csv"
_WHERE: Final = ("place", "latitude", "longitude", "radius_m", "gazetteer_id", "country", "place_basis")
_WHEN: Final = ("earliest", "latest", "precision", "time_basis")
_HERE: Final = ("id", "members", "reason")
_COLUMNS: Final = ("id", "title", "type", *_WHERE, *_WHEN, "members", "reason")
_PARTS: Final = {"title": ("title",), "type": ("type",), "where": _WHERE, "when": _WHEN}


def read(content: str) -> Iterator[Row]:
    return rows(tables.read(content, ("title",)), _draft)


def write(incidents: Sequence[Incident], times: Mapping[str, str]) -> str:
    records = []
    for one in incidents:
        here = _written(one)
        own = {**{name: here[name] for name in _HERE}, **({ANCHORED: times[one.id]} if one.id in times else {})}
        records.append({**out(one, NAME, _draft, _written, _PARTS), **own})
    return tables.write((*_COLUMNS, *([ANCHORED] if times else [])), records)


def _draft(fields: Mapping[str, Json]) -> Draft:
    tables.require_no_more(fields)
    title = text(fields, "title")
    if title is None:
        raise ValueError("title: expected words, found none")
    return Draft(
        title,
        text(fields, "type"),
        where(
            text(fields, "place"),
            fields.get("latitude"),
            fields.get("longitude"),
            radius_m=fields.get("radius_m"),
            gazetteer_id=text(fields, "gazetteer_id"),
            country=text(fields, "country"),
            basis=text(fields, "place_basis") or "imported",
        ),
        when(text(fields, "earliest"), text(fields, "latest"), text(fields, "precision"),
             text(fields, "time_basis") or "imported"),
        dict(fields),
    )  # fmt: skip


def _written(one: Incident) -> dict[str, Json]:
    return {
        "id": one.id,
        **place_and_time(one),
        "latitude": one.where.latitude if one.where else None,
        "longitude": one.where.longitude if one.where else None,
        "members": " ".join(one.members),
        "reason": one.reason,
    }
