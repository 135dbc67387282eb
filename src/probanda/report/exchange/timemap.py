"""TimeMap JSON (Bellingcat, Forensic Architecture): events, sources and associations; every value is text.

Rules of that format: an event has a description, latitude comes with longitude, and a date or a latitude is there.
Round trip: numbers become text on import; what an event refers to among sources and associations comes and goes with
it, and what no event refers to goes with the first. Dates go out as they came; those made here are ISO 8601. A date
like 4/8/2031 is month, day, year, as the published instance has it. TimeMap refuses a member that it does not know: by
when the items behind an event were there stands as the last line of `comments`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from probanda.records.canonical import CanonicalError, Json, canonical, parse_json
from probanda.records.incident import Incident
from probanda.report.exchange.drafts import (
    Draft,
    Row,
    UnreadableFileError,
    headline,
    noted,
    out,
    rows,
    text,
    when,
    where,
)

NAME: Final = "timemap"
_PARTS: Final = {
    "title": ("description",),
    "type": ("type",),
    "where": ("location", "latitude", "longitude"),
    "when": ("date", "time", "time_precision"),
}
_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_BASIS: Final = "as TimeMap has it"
SOURCES: Final = "source_records"
ASSOCIATIONS: Final = "association_records"


def read(content: str) -> Iterator[Row]:
    try:
        found = parse_json(content.encode("utf-8"))
    except CanonicalError as error:
        raise UnreadableFileError(str(error)) from error
    held = {"events": found} if isinstance(found, list) else found
    events = held.get("events") if isinstance(held, Mapping) else None
    if not isinstance(held, Mapping) or not isinstance(events, list):
        raise UnreadableFileError("expected an object with a list of events, found something else")
    return rows(_records(events, _listed(held, "sources"), _listed(held, "associations")), _draft)


def write(incidents: Sequence[Incident], times: Mapping[str, str]) -> str:
    events: list[Json] = []
    sources: list[Json] = []
    associations: list[Json] = []
    for one in incidents:
        fields = out(one, NAME, _draft, _written, _PARTS)
        if one.id in times:
            fields["comments"] = noted(fields.get("comments"), times[one.id])
        for name, kept in ((SOURCES, sources), (ASSOCIATIONS, associations)):
            given = fields.pop(name, ())
            if isinstance(given, (list, tuple)):
                kept.extend(one for one in given if one not in kept)
        events.append(fields)
    whole = {"events": events, "sources": sources, "associations": associations}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _listed(held: Mapping[str, Json], name: str) -> list[Json]:
    found = held.get(name, [])
    if not isinstance(found, list):
        raise UnreadableFileError(f"{name}: expected a list, found something else")
    return [_texts(one) for one in found]


def _records(
    events: Sequence[Json], sources: Sequence[Json], associations: Sequence[Json]
) -> Iterator[dict[str, Json]]:
    spare = {"sources": list(sources), "associations": list(associations)}
    for event in events:
        for named in spare:
            wanted = _named(event, named)
            spare[named] = [one for one in spare[named] if _id(one) not in wanted]
    for number, event in enumerate(events):
        record = _texts(event)
        if not isinstance(record, dict):
            yield {"event": record}
            continue
        for named, key, pool, left in (
            ("sources", SOURCES, sources, spare["sources"]),
            ("associations", ASSOCIATIONS, associations, spare["associations"]),
        ):
            wanted = _named(event, named)
            own = [one for one in pool if _id(one) in wanted] + (left if number == 0 else [])
            if own:
                record[key] = sorted(own, key=canonical)  # their order means nothing, and the pool's may change
        yield record


def _named(event: Json, name: str) -> set[str]:
    given = event.get(name) if isinstance(event, Mapping) else None
    return {str(one) for one in given if isinstance(one, (str, int))} if isinstance(given, list) else set()


def _id(record: Json) -> str:
    return str(record.get("id")) if isinstance(record, Mapping) else ""


def _texts(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_texts(one) for one in value]
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _draft(fields: Mapping[str, Json]) -> Draft:
    description = text(fields, "description")
    if description is None:
        raise ValueError("description: expected words, found none")
    place = where(text(fields, "location"), fields.get("latitude"), fields.get("longitude"), basis=_BASIS)
    day = _iso(text(fields, "date"))
    if day is None and (place is None or place.latitude is None):
        raise ValueError("expected a date or a latitude, found neither")
    clock = text(fields, "time")
    exact = f"{day}T{clock}" if day and clock and re.fullmatch(r"[0-2]\d:[0-5]\d", clock) else day
    time = when(exact, exact, "instant" if exact != day else None, _BASIS)
    return Draft(headline(description), text(fields, "type"), place, time, dict(fields))


def _iso(given: str | None) -> str | None:
    found = _AMERICAN.fullmatch(given) if given else None
    return f"{found[3]}-{int(found[1]):02d}-{int(found[2]):02d}" if found else given


def _written(one: Incident) -> dict[str, Json]:
    place, time = one.where, one.when
    day, _, clock = (time.earliest or "" if time else "").partition("T")
    return {
        "id": one.id,
        "description": one.title,
        "date": day,
        "time": clock[:5],
        "time_precision": time.precision if time else "",
        "location": place.name or "" if place else "",
        "latitude": "" if place is None or place.latitude is None else str(place.latitude),
        "longitude": "" if place is None or place.longitude is None else str(place.longitude),
        "type": one.type or "",
        "associations": [],
        "sources": [],
    }
