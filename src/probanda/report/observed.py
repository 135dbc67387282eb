"""From a snapshot to what patterns are counted from: incidents, proposals or events, and the reports beside them.

Guarantees: what was only anticipated, planned, feared or denied is never counted as having happened. Place, time,
kind of object and actor are taken from the record itself, for an incident from its members where a person did not
state them; nothing is guessed. Hand in a snapshot *after* disclosure wherever the answer leaves the case folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from probanda.patterns.observed import Basis, ControlStatement, Observation, Observed, Report
from probanda.records.edtf import EdtfError, parse_edtf
from probanda.records.incident import Incident, Proposal
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Event, Holder, Narrator, Place, Reading, Speaker, When
from probanda.report.snapshot import ReadingRow, Snapshot

HAPPENED = frozenset({"accomplished", "stated"})
CONTROL = "control"
# Families of event types that are acts of bodies and of politics, and no incident that people suffer.
_NO_INCIDENT = (CONTROL, "aid", "ceasefire", "diplomatic", "legal", "mobilisation", "pledge", "protest")


@dataclass(frozen=True, slots=True)
class _Stands:
    """An event or claim with the reading that it stands in."""

    record: Event | Claim
    row: ReadingRow


def observed(snapshot: Snapshot, basis: Basis | None = None) -> Observed:
    """`basis` of `None`: incidents where people confirmed any, else proposals where there are any, else events."""
    chosen: Basis = basis or ("incidents" if snapshot.incidents else "proposals" if snapshot.proposals else "events")
    stands = {one.record.id: one for one in _records(snapshot.readings)}
    if chosen == "events":
        found = tuple(_of_event(one, one.record) for one in stands.values() if _counts(one.record))
    else:
        made: Iterable[Incident | Proposal] = snapshot.incidents if chosen == "incidents" else snapshot.proposals
        found = tuple(_of_incident(one, stands) for one in made)
    return Observed(chosen, found, tuple(_reports(snapshot)), tuple(_control(stands.values())))


def _records(rows: Iterable[ReadingRow]) -> Iterable[_Stands]:
    for row in rows:
        yield from (_Stands(event, row) for event in row.reading.events)
        yield from (_Stands(claim, row) for claim in row.reading.claims)


def _counts(record: Event | Claim) -> bool:
    """Events alone: a claim about the same words would count them twice."""
    if not isinstance(record, Event):
        return False
    return record.modality in HAPPENED and record.type.partition(".")[0] not in _NO_INCIDENT


def _of_event(one: _Stands, record: Event | Claim) -> Observation:
    earliest, latest = _days(record.when)
    place = _place(one.row.reading, record.where)
    actor = record.actor.text if isinstance(record, Event) and record.actor else None
    return Observation(
        id=record.id,
        type=record.type if isinstance(record, Event) else None,
        earliest=earliest,
        latest=latest,
        place=place.name if place else record.where.text if record.where else None,
        place_id=place.gazetteer_id if place else None,
        country=place.country if place else None,
        objects=_objects(one.row.reading, record),
        party=actor,
        documents=(_told_in(one.row),),
        holders=(_holder(record.source),),
    )


def _of_incident(made: Incident | Proposal, stands: Mapping[str, _Stands]) -> Observation:
    """What a person (or a proposal) states comes first; what is missing comes from the members, where they agree."""
    members = [_of_event(stands[one], stands[one].record) for one in made.members if one in stands]
    earliest, latest = _days(made.when)
    if made.when is None and members:
        days = {(one.earliest, one.latest) for one in members if one.earliest or one.latest}
        earliest, latest = next(iter(days)) if len(days) == 1 else (None, None)
    where = made.where
    return Observation(
        id=made.id,
        type=made.type,
        earliest=earliest,
        latest=latest,
        place=where.name if where else _only(one.place for one in members),
        place_id=where.gazetteer_id if where else _only(one.place_id for one in members),
        country=where.country if where else _only(one.country for one in members),
        objects=tuple(sorted({kind for one in members for kind in one.objects})),
        party=_only(one.party for one in members),
        documents=tuple(sorted({text for one in members for text in one.documents})),
        holders=tuple(sorted({holder for one in members for holder in one.holders})),
    )


def _told_in(row: ReadingRow) -> str:
    """One text that was published twice is two reports."""
    return row.request or row.text_sha256


def _only(values: Iterable[str | None]) -> str | None:
    """The value where all that state one state the same."""
    stated = {value for value in values if value is not None}
    return stated.pop() if len(stated) == 1 else None


def _objects(reading: Reading, record: Event | Claim) -> tuple[str, ...]:
    """Physical types of what the event aims at or affects."""
    spans = [record.passage] if isinstance(record, Claim) else [record.aimed_at, record.affected]
    kinds = {
        thing.physical_type
        for span in spans
        if span is not None
        for thing in reading.objects
        if span.start <= thing.passage.start and thing.passage.end <= span.end
    }
    return tuple(sorted(kinds))


def _place(reading: Reading, where: Passage | None) -> Place | None:
    if where is None:
        return None
    inside = [
        one
        for one in reading.places
        if one.role == "location" and where.start <= one.passage.start and one.passage.end <= where.end
    ]
    return inside[0] if inside else None


def _holder(holder: Holder) -> str:
    return "speaker" if isinstance(holder, Speaker) else "report" if isinstance(holder, Narrator) else "unknown"


def _days(when: When | None) -> tuple[date | None, date | None]:
    return (None, None) if when is None else (_day(when.earliest), _day(when.latest))


def _day(stated: str | None) -> date | None:
    """The day of an ISO 8601 date or time; `None` for a year outside 1 to 9999."""
    try:
        return None if stated is None else date.fromisoformat(stated[:10])
    except ValueError:
        return None


def _published(stated: str | None) -> date | None:
    """Where it is one day."""
    try:
        known = parse_edtf(stated) if stated else None
    except EdtfError:
        return None
    return known.earliest if known is not None and known.earliest == known.latest else None


def _reports(snapshot: Snapshot) -> Iterable[Report]:
    captures = {row.capture.id: row.capture for row in snapshot.items}
    read: set[str] = set()
    for row in snapshot.readings:
        read.update(row.captures)
        sources = sorted({captures[one].source or "" for one in row.captures if one in captures} - {""})
        yield Report(
            _told_in(row),
            _published(row.reading.document.published),
            row.reading.document.language,
            "; ".join(sources) or None,
            len(row.captures),
        )
    for item in snapshot.items:
        if item.capture.id not in read:
            yield Report(item.capture.blob, _published(item.capture.published), None, item.capture.source)


def _control(stands: Iterable[_Stands]) -> Iterable[ControlStatement]:
    for one in stands:
        event = one.record
        if isinstance(event, Event) and event.type.startswith(f"{CONTROL}."):
            target = event.where or event.affected or event.aimed_at
            place = _place(one.row.reading, target)
            earliest, latest = _days(event.when)
            if target is not None:
                yield ControlStatement(
                    id=event.id,
                    place=place.name if place else target.text,
                    place_id=place.gazetteer_id if place else None,
                    state=event.type.partition(".")[2],
                    by=event.actor.text if event.actor else None,
                    holder=_owner(event.source),
                    modality=event.modality,
                    earliest=earliest,
                    latest=latest,
                    published=_published(one.row.reading.document.published),
                    document=one.row.text_sha256,
                    start=event.trigger.start,
                    end=event.trigger.end,
                )


def _owner(holder: Holder) -> str:
    if isinstance(holder, Speaker):
        return holder.name or holder.role or (holder.mention or holder.passage).text
    return "the report itself" if isinstance(holder, Narrator) else "holder unknown"
