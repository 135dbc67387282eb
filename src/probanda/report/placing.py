"""What has a place on the map, and what has none and why.

Guarantees: only a place that a source names as a location, and an incident with coordinates, is on the map; States and
authorities that act, and places that stand for one, never are. Whatever is not on the map is listed with the reason.
What is said to be at a place is found by the words of the source: a line stands at a place where its place words
overlap the place's own passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probanda.records.passage import Passage
from probanda.report.chapters import Absent, IncidentLine, MapContent, MapPoint, PointKind, ProposalLine
from probanda.report.contents import PlaceLine
from probanda.report.incidents import Shown, line_order
from probanda.report.lines import Source


def map_content(
    incidents: Sequence[IncidentLine],
    proposals: Sequence[ProposalLine],
    places: Sequence[PlaceLine],
    sources: Sequence[Source],
    shown: Shown,
) -> MapContent:
    points: list[MapPoint] = []
    absent: list[Absent] = []
    for incident in incidents:
        _put(incident, incident.title, points, absent)
    for proposal in proposals:
        _put(proposal, None, points, absent)
    there = _said_at(places, sources, shown)
    for place in places:
        if place.role != "location":
            absent.append(Absent(place.number, "place", place.name, place.role))
        elif place.latitude is None or place.longitude is None:
            reason = "undecided" if place.candidates > 1 else "not_located"
            absent.append(Absent(place.number, "place", place.name, reason))
        else:
            points.append(
                MapPoint(place.number, "place", place.name, place.latitude, place.longitude, place.radius_m,
                         tuple(sorted(there.get(place.number, ()), key=line_order)))
            )  # fmt: skip
    return MapContent(tuple(points), tuple(absent))


def _put(one: IncidentLine | ProposalLine, title: str | None, points: list[MapPoint], absent: list[Absent]) -> None:
    spot = one.where
    kind: PointKind = "incident" if isinstance(one, IncidentLine) else "proposal"
    name = title or (spot.name if spot else None)
    if spot is None:
        absent.append(Absent(one.number, kind, name, "no_place"))
    elif spot.latitude is None or spot.longitude is None:
        absent.append(Absent(one.number, kind, name, "not_located"))
    else:
        points.append(MapPoint(one.number, kind, name, spot.latitude, spot.longitude, spot.radius_m, one.lines))


def _said_at(places: Sequence[PlaceLine], sources: Sequence[Source], shown: Shown) -> dict[str, set[str]]:
    """For each place line, the lines whose place words overlap one of its passages."""
    numbers = {(place.name, place.gazetteer_id, place.role): place.number for place in places}
    found: dict[str, set[str]] = {}
    for source in sources:
        reading = source.row.reading
        spans = sorted(
            ((one.passage.start, one.passage.end, numbers[one.name, one.gazetteer_id, one.role])
             for one in reading.places if (one.name, one.gazetteer_id, one.role) in numbers),
        )  # fmt: skip
        said = [(one.id, one.where) for one in reading.claims] + [(one.id, one.where) for one in reading.events]
        for identity, where in said:
            for number in _overlapping(where, spans) if where else ():
                found.setdefault(number, set()).update(shown.get(identity, ()))
    return found


def _overlapping(where: Passage, spans: Iterable[tuple[int, int, str]]) -> set[str]:
    return {number for start, end, number in spans if start < where.end and where.start < end}
