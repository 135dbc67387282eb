"""GeoJSON (RFC 7946): one feature for each incident, a point or no geometry; radius and dates are properties.

Round trip: a feature that came in goes out as it came, other geometries, foreign members and properties included.
Members of the collection beside its features are not kept. The property `items_anchored` tells by when the items behind
an incident were there, and is of this case whatever came in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from probanda.records.canonical import CanonicalError, Json, parse_json
from probanda.records.incident import Incident
from probanda.report.exchange.drafts import (
    ANCHORED,
    Draft,
    Row,
    UnreadableFileError,
    headline,
    out,
    place_and_time,
    rows,
    text,
    when,
    where,
)

NAME: Final = "geojson"
_PARTS: Final = {
    "title": ("properties",),
    "type": ("properties",),
    "where": ("properties", "geometry"),
    "when": ("properties",),
}


def read(content: str) -> Iterator[Row]:
    try:
        found = parse_json(content.encode("utf-8"))
    except CanonicalError as error:
        raise UnreadableFileError(str(error)) from error
    features = found.get("features") if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or found.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise UnreadableFileError("expected a FeatureCollection with features (RFC 7946), found something else")
    return rows(({"feature": one} for one in features), lambda fields: _draft(_feature(fields)))


def write(incidents: Sequence[Incident], times: Mapping[str, str]) -> str:
    features = [_out(one, times.get(one.id)) for one in incidents]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def _out(one: Incident, time: str | None) -> Mapping[str, Json]:
    feature = out(one, NAME, _draft, _written, _PARTS)
    origin = one.origin or {}
    came = origin.get("fields")
    if origin.get("format") == NAME and isinstance(came, Mapping) and feature != came:
        before, now = came.get("properties"), _written(one)["properties"]
        # What was revised stands over what came in; every other property stays.
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            feature["properties"] = {**before, **now}
    if time is not None:
        held = feature.get("properties")
        feature["properties"] = {**(held if isinstance(held, Mapping) else {}), ANCHORED: time}
    return feature


def _feature(fields: Mapping[str, Json]) -> Mapping[str, Json]:
    feature = fields["feature"]
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise ValueError("expected a feature, found something else")
    return feature


def _draft(feature: Mapping[str, Json]) -> Draft:
    properties = feature.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise ValueError("properties: expected an object, found something else")
    told = next((value for name in ("title", "name", "description") if (value := text(properties, name))), None)
    latitude, longitude = _point(feature.get("geometry"))
    place = where(
        text(properties, "place"),
        latitude,
        longitude,
        radius_m=properties.get("radius_m"),
        gazetteer_id=text(properties, "gazetteer_id"),
        country=text(properties, "country"),
        basis=text(properties, "place_basis") or "imported",
    )
    earliest, latest = text(properties, "earliest"), text(properties, "latest")
    if told is None:
        raise ValueError("expected a title, name or description among the properties, found none")
    time = when(earliest, latest, text(properties, "precision"), text(properties, "time_basis") or "imported")
    return Draft(headline(told), text(properties, "type"), place, time, dict(feature))


def _point(geometry: Json) -> tuple[Json, Json]:
    if geometry is None:
        return None, None
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        raise ValueError("geometry: expected an object with a type, or null")
    if geometry["type"] != "Point":
        return None, None  # kept among the fields; where an area lies is more than a point and a radius
    place = geometry.get("coordinates")
    if not isinstance(place, (list, tuple)) or not 2 <= len(place) <= 3:
        raise ValueError(f"coordinates: expected longitude and latitude, found {place!r:.60}")
    return place[1], place[0]


def _written(one: Incident) -> dict[str, Json]:
    point = one.where if one.where and one.where.latitude is not None else None
    properties = {**place_and_time(one), "members": list(one.members)}
    geometry: Json = {"type": "Point", "coordinates": [point.longitude, point.latitude]} if point else None
    return {"type": "Feature", "id": one.id, "geometry": geometry, "properties": properties}
