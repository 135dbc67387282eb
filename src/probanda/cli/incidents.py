"""incidents, and incident new, confirm, revise, withdraw, relate: what persons put together, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import ITEMS_FAILED, OK, USAGE, CommandError, Meter, say, say_exactly, say_json, write_whole
from probanda.cli.render import event_line, figure_line, when, words
from probanda.records.codec import to_json
from probanda.records.incident import Incident, Proposal, Relation, RelationKind, Where
from probanda.records.protection import Marking, Protection
from probanda.records.reading import Claim, Event, When

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.index.queries import Located

Members = dict[str, "Located[Any]"]


def listing(
    case: Path, type: str | None, place: str | None, earliest: str | None, latest: str | None, *,
    proposed: bool, format: str, output: Path | None, audience: str, as_json: bool,
) -> int:  # fmt: skip
    from probanda.report.contents import Audience
    from probanda.report.disclosure import disclose
    from probanda.report.exchange import FORMATS

    names = {"csv": "incidents-csv", "geojson": "geojson", "timemap": "timemap", "atlos": "atlos"}
    asked.one_of("--format", format, ("text", "json", *names))
    asked.one_of("--audience", audience, get_args(Audience))
    asked.date("--from", earliest)
    asked.date("--to", latest)
    out = format if not as_json else "json"
    if output is not None:
        asked.outside(case, output)
    if proposed and out in names:
        raise CommandError(f"--format {out}: expected incidents, found --proposed; a proposal is no incident", USAGE)
    with opened(case) as archive:
        snapshot = archive.snapshot()
        crowded = archive.linked().crowded if proposed else ()
        members: Members = {row.record.id: row for row in archive.claims()}
        members |= {row.record.id: row for row in archive.events()}
    leaving = output is not None or out in names
    if leaving:  # what is looked at in the terminal stays with whoever has the case folder
        snapshot = disclose(snapshot, cast("Audience", audience)).snapshot
    held: tuple[Incident | Proposal, ...] = snapshot.proposals if proposed else snapshot.incidents
    found = [one for one in held if _wanted(one, type, place, earliest, latest)]
    if audience == "public" and leaving:
        found = [_without_person(one) if isinstance(one, Incident) else one for one in found]
    if out in names:
        _write(output, FORMATS[names[out]].write([one for one in found if isinstance(one, Incident)]))
    elif out == "json":
        told = {"incidents" if not proposed else "proposals": [to_json(one) for one in found]}
        told["relations"] = [to_json(one) for one in snapshot.relations]
        if output is None:
            say_json(told)
        else:
            from probanda.records.canonical import canonical

            _write(output, canonical(told).decode() + "\n")
    else:
        lines = [line for one in found for line in _lines(one, snapshot.relations, members)]
        lines += [f"{len(found)} {'proposals of a machine; none is a finding' if proposed else 'incidents'}"]
        if crowded:
            lines.append(f"{len(crowded)} events and claims were left out: too much is told of their place and time")
        if output is None:
            for line in lines:
                say(line)
        else:
            _write(output, "\n".join(lines) + "\n")
    return OK


def _write(output: Path | None, content: str) -> None:
    if output is None:
        say_exactly(content)
    else:
        write_whole(output, content.encode("utf-8"))


def _without_person(one: Incident) -> Incident:
    """What nobody cleared for the public: who made it and why, and the record that it came from."""
    return replace(one, by="", reason="not cleared for the public", origin=None)


def _wanted(
    one: Incident | Proposal, type: str | None, place: str | None, earliest: str | None, latest: str | None
) -> bool:
    if type is not None and not (one.type == type or (one.type or "").startswith(f"{type}.")):
        return False
    if place is not None and (one.where is None or place.casefold() not in (one.where.name or "").casefold()):
        return False
    time = one.when
    first = time.earliest or time.latest if time else None
    last = time.latest or time.earliest if time else None
    if (earliest or latest) and (first is None or last is None):
        return False
    return not (earliest and last and last[:10] < earliest) and not (latest and first and first[:10] > latest)


def _lines(one: Incident | Proposal, relations: tuple[Relation, ...], members: Members) -> Iterator[str]:
    title = one.title if isinstance(one, Incident) else "proposed, by a machine"
    yield f"{one.id[:21]}  {title}"
    told = (one.type or "kind not coded", _place(one.where), when(one.when) or "time not said")
    yield "    " + "; ".join(told)
    if isinstance(one, Incident):
        yield f"    by {one.by[:18]} on {one.at[:10]}: {one.reason}"
    for name in one.members:
        yield f"    - {_member(name, members)}"
    if isinstance(one, Proposal):
        yield from (f"    contradicted by {_member(name, members)}" for name in one.contradicted_by)
        yield f"    score {one.score:.2f}, which ranks and is no probability"
        yield from (f"    {reason}" for reason in one.reasons)
    for relation in relations:
        if one.id in (relation.subject, relation.object):
            side = f"{relation.kind} {relation.object[:21]}" if relation.subject == one.id else ""
            yield f"    {side or f'{relation.subject[:21]} {relation.kind} this'}: {relation.reason}"


def _place(where: Where | None) -> str:
    if where is None:
        return "place not said"
    point = "" if where.latitude is None else f"{where.latitude:.4f}, {where.longitude:.4f}"
    radius = "" if where.radius_m is None else f"within {where.radius_m:,} m"
    return " ".join(filter(None, (where.name or "", f"({point})" if point else "", radius))) or "place not said"


def _member(name: str, members: Members) -> str:
    row = members.get(name)
    record = row.record if row else None
    if isinstance(record, Claim):
        told = figure_line(record) if record.quantity else words(record.passage)
        return f"{name[:18]} {told}"
    return f"{name[:18]} {event_line(record)}" if isinstance(record, Event) else name[:26]


def made(
    case: Path, title: str, reason: str, by: str | None, *, members: list[str], type: str | None, place: str | None,
    latitude: float | None, longitude: float | None, radius_m: int | None, date: str | None, marking: str | None,
    proposal: str | None, as_json: bool,
) -> int:  # fmt: skip
    """A new incident, of members or of a proposal."""
    where, time = spot(place, latitude, longitude, radius_m), moment(date)
    title, reason, person = asked.text("--title", title), asked.text("--reason", reason), asked.person(by)
    with opened(case) as archive, _fitting():
        one = archive.incident(
            title, reason, members=members, type=type, where=where, when=time, proposal=proposal, by=person,
            protection=protected(marking),
        )  # fmt: skip
    return _told(one, as_json=as_json)


def revised(
    case: Path, incident: str, reason: str, by: str | None, *, title: str | None, add: list[str], remove: list[str],
    type: str | None, place: str | None, latitude: float | None, longitude: float | None, radius_m: int | None,
    date: str | None, marking: str | None, withdraw: bool, as_json: bool,
) -> int:  # fmt: skip
    """A new version of an incident; what is not named stays as it was."""
    where, time = spot(place, latitude, longitude, radius_m), moment(date)
    reason, person = asked.text("--reason", reason), asked.person(by)
    with opened(case) as archive, _fitting():
        before = _standing(archive, incident)
        taken = {_one_member(before, name) for name in remove}
        one = archive.incident(
            title or before.title, reason, members=[*(m for m in before.members if m not in taken), *add],
            type=type or before.type, where=where or before.where, when=time or before.when, supersedes=incident,
            origin=before.origin, by=person, withdrawn=withdraw,
            protection=protected(marking, before.protection),
        )  # fmt: skip
    return _told(one, as_json=as_json)


def related(case: Path, subject: str, kind: str, object: str, reason: str, by: str | None, *, as_json: bool) -> int:
    asked.one_of("KIND", kind, get_args(RelationKind))
    reason, person = asked.text("--reason", reason), asked.person(by)
    with opened(case) as archive, _fitting():
        one = archive.relate(subject, cast("RelationKind", kind), object, reason, by=person)
    return _told(one, as_json=as_json)


def imported(
    case: Path, paths: list[Path], format: str, *, again: bool, by: str | None, as_json: bool, **told: Any
) -> int:
    """`probanda add --as`: a file of records, each of which becomes an incident."""
    from probanda.exchange import add_atlos_media
    from probanda.intake import Stated
    from probanda.register import Imported
    from probanda.report.exchange import UnreadableFileError
    from probanda.report.snapshot import FailureRow

    person, said, failures, taken = asked.person(by), list[Imported](), list[FailureRow](), list[str]()
    for path in paths:
        if not path.is_file():
            raise CommandError(f"--as {format}: expected a file of records, found none at {path}", USAGE)
    with Meter(), opened(case) as archive:
        for path in paths:
            try:
                if not again:
                    archive.refuse_again(path)
                preserved = archive.add([path], by=person, **told)
                made_of = []
                for one in preserved.captures:
                    members: Mapping[int, tuple[str, ...]] = {}
                    if format == "atlos":
                        media, members = add_atlos_media(archive, path, one, Stated(by=person, **told))
                        failures += media.failures
                        taken += media.captures
                    made_of.append(archive.make_incidents(one, format, by=person, members=members))
            except UnreadableFileError as error:
                raise CommandError(
                    f"{path.name}: {error}. The file was preserved; nothing was made of it", kind="NotRead"
                ) from error
            said += made_of
            failures += preserved.failures
    failures += [failure for report in said for failure in report.failures]
    if as_json:
        told_failures = [to_json(one) for one in failures]
        say_json({"imports": [to_json(one) for one in said], "media": taken, "failures": told_failures})
    else:
        count = sum(len(report.incidents) for report in said)
        media_told = f", {len(taken)} files beside them preserved" if taken else ""
        say(f"{count} incidents made{media_told}, {len(failures)} records or files were none (recorded in the log)")
        for failure in failures:
            say(f"  {failure.name or 'an item'}: {failure.reason}")
    return ITEMS_FAILED if failures else OK


def spot(place: str | None, latitude: float | None, longitude: float | None, radius_m: int | None) -> Where | None:
    """Raises `CommandError` for a place that is none."""
    if place is None and latitude is None and longitude is None and radius_m is None:
        return None
    try:
        return Where(place, latitude, longitude, radius_m, basis="told by a person")
    except ValueError as error:
        raise CommandError(f"--lat, --lon, --radius-m: {error}", USAGE) from error


def moment(date: str | None) -> When | None:
    """Raises `CommandError` for what is no EDTF."""
    from probanda.records.edtf import EdtfError, parse_edtf

    if date is None:
        return None
    try:
        told = parse_edtf(date)
    except EdtfError as error:
        raise CommandError(f"--date: {error}", USAGE) from error
    first = told.earliest.isoformat() if told.earliest else None
    last = told.latest.isoformat() if told.latest else None
    precision = "day" if first == last else "range"
    return When(None, first, last, cast("Any", precision), "told by a person")


def protected(marking: str | None, before: Protection | None = None) -> Protection:
    """With the marking told, else as before; what nobody set is restricted."""
    guarded = before or Protection()
    if marking is None:
        return guarded
    asked.one_of("--marking", marking, get_args(Marking))
    return replace(guarded, marking=cast("Marking", marking))


@contextmanager
def _fitting() -> Iterator[None]:
    """What does not fit together was asked wrongly."""
    try:
        yield
    except ValueError as error:
        raise CommandError(str(error), USAGE) from error


def _standing(archive: Archive, given: str) -> Incident:
    return archive.incident_named(given)


def _one_member(incident: Incident, given: str) -> str:
    found = [one for one in incident.members if one.startswith(given) or one.partition(":")[2].startswith(given)]
    if len(found) != 1:
        raise CommandError(f"--remove: expected one member that begins with {given!r}, found {len(found)}", USAGE)
    return found[0]


def _told(one: Incident | Relation, *, as_json: bool) -> int:
    if as_json:
        say_json(to_json(one))
    else:
        say(f"{one.id}: recorded and signed")
    return OK
