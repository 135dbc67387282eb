"""incidents, and incident new, confirm, revise, withdraw, relate: what persons put together, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import ITEMS_FAILED, OK, USAGE, CommandError, Meter, say, say_json
from probanda.records.codec import to_json
from probanda.records.incident import Incident, Relation, RelationKind, Where
from probanda.records.protection import Marking, Protection
from probanda.records.reading import When

if TYPE_CHECKING:
    from probanda.archive import Archive


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
