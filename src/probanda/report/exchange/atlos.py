"""Atlos CSV: `status`, `description` and `sensitive` are required; `slug`, `inserted_at`, `updated_at`, `latitude`,
`longitude`, `source_1` ... and any other column are kept.

Round trip: a record that came from Atlos goes out as it came. One made here gets the status "To Do" and, since nobody
said that it shows nobody, the sensitivity "Personal Information Visible"; a description has 8 to 2,000 characters
there, so a shorter one is filled up and a longer one cut. Atlos knows no column of ours: by when the items behind a
record were there stands as the last line of `more_info`, its field for what has no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from probanda.records.canonical import Json
from probanda.records.incident import Incident
from probanda.report.exchange import tables
from probanda.report.exchange.drafts import Draft, Row, headline, noted, out, rows, text, when, where

NAME: Final = "atlos"
_REQUIRED: Final = ("status", "description", "sensitive")
_PARTS: Final = {"title": ("description",), "where": ("latitude", "longitude"), "when": ("date",)}
_NOTES: Final = "more_info"
_LONGEST: Final = 2000
_SHORTEST: Final = 8


def read(content: str) -> Iterator[Row]:
    return rows(tables.read(content, _REQUIRED), _draft)


def write(incidents: Sequence[Incident], times: Mapping[str, str]) -> str:
    records = []
    for one in incidents:
        fields = out(one, NAME, _draft, _written, _PARTS)
        if one.id in times:
            fields[_NOTES] = noted(fields.get(_NOTES), times[one.id])
        records.append(fields)
    return tables.write((*_REQUIRED, "latitude", "longitude"), records)


def _draft(fields: Mapping[str, Json]) -> Draft:
    tables.require_no_more(fields)
    values = {name: text(fields, name) for name in _REQUIRED}
    for name, value in values.items():
        if value is None:
            raise ValueError(f"{name}: expected a value, found none")
    day = text(fields, "date")
    place = where(None, fields.get("latitude"), fields.get("longitude"), basis="as Atlos has it")
    return Draft(
        headline(values["description"] or ""), None, place, when(day, day, None, "as Atlos has it"), dict(fields)
    )


def _written(one: Incident) -> dict[str, Json]:
    description = one.title if len(one.title) >= _SHORTEST else f"Incident: {one.title}"
    fields: dict[str, Json] = {
        "status": "To Do",
        "description": description[:_LONGEST],
        "sensitive": "Personal Information Visible",
        "latitude": one.where.latitude if one.where else None,
        "longitude": one.where.longitude if one.where else None,
    }
    if one.when and one.when.earliest:
        fields["date"] = one.when.earliest[:10]
    return fields
