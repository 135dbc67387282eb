"""calendar and sites: what a person tells the case that its texts do not say, and which sites nobody has placed yet."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.canonical import CanonicalError, Json, parse_json
from probanda.records.codec import to_json
from probanda.records.supplement import in_force

if TYPE_CHECKING:
    from probanda.records.passage import Passage
    from probanda.records.supplement import Supplement, SupplementKind
    from probanda.report.snapshot import ReadingRow

_ACTIONS = ("add", "remove")
_SHOWN = 3  # passages of one site; arbitrary


def calendar(
    case: Path,
    action: str | None,
    name: str | None,
    day: str | None,
    reason: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> int:
    """Lists the case's calendar, or adds or removes the day on which an event began."""
    if action is None:
        return _list(case, "calendar", as_json=as_json)
    name, reason, person = _wanted("calendar", action, name, reason, by)
    if (day is not None) != (action == "add"):
        raise CommandError("calendar: 'add' needs the day on which it began (2031-03-17), 'remove' takes none", USAGE)
    return _tell(case, "calendar", name, reason, person, date=day, as_json=as_json)


def sites(
    case: Path,
    action: str | None,
    name: str | None,
    point: tuple[float | None, float | None, int | None],
    reason: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> int:
    """Lists what is placed and what is not, or adds or removes the point of a site."""
    if action is None:
        return _sites(case, by, as_json=as_json)
    name, reason, person = _wanted("sites", action, name, reason, by)
    given = [value is not None for value in point]
    if not all(given) if action == "add" else any(given):
        raise CommandError("sites: 'add' needs --lat, --lon and --radius-m, 'remove' takes none of them", USAGE)
    return _tell(case, "site", name, reason, person, point=point, as_json=as_json)


def read_calendar(file: Path | None) -> dict[str, str]:
    """The days of a JSON file such as {"the invasion": "2031-03-17"}. Raises `CommandError`."""
    if file is None:
        return {}
    try:
        held = parse_json(file.read_bytes())
    except OSError as error:
        raise CommandError(f"--calendar: expected a file at {file}, found: {error.strerror or error}", USAGE) from error
    except CanonicalError as error:
        raise CommandError(f"--calendar: expected JSON in {file}, found: {error}", USAGE) from error
    if not isinstance(held, dict):
        raise CommandError(f'--calendar: expected {{"the event": "2031-03-17"}} in {file}, found no object', USAGE)
    for name, day in held.items():
        asked.day(f"--calendar: {name!r}", day)
    return {name: str(day) for name, day in held.items()}


def _wanted(
    command: str, action: str, name: str | None, reason: str | None, by: str | None
) -> tuple[str, str, str | None]:
    asked.one_of(command, action, _ACTIONS)
    if name is None or reason is None:
        raise CommandError(f"{command} {action}: expected a name and --reason, found only some of them", USAGE)
    return asked.text("NAME", name), asked.text("--reason", reason), asked.person(by)


def _tell(
    case: Path,
    kind: SupplementKind,
    name: str,
    reason: str,
    by: str | None,
    *,
    date: str | None = None,
    point: tuple[float | None, float | None, int | None] = (None, None, None),
    as_json: bool,
) -> int:
    if date is not None:
        asked.day(name, date)
    latitude, longitude, radius_m = point
    with opened(case) as archive:
        try:
            made = archive.supplement(
                kind, name, reason, by, date=date, latitude=latitude, longitude=longitude, radius_m=radius_m,
                withdrawn=date is None and latitude is None,
            )  # fmt: skip
        except ValueError as error:
            raise CommandError(str(error), kind="SupplementRefused") from error
    if as_json:
        say_json(to_json(made))
        return OK
    say(f"Recorded and signed: {_line(made)}")
    say("  readings that should know of it are made by: probanda run CASE")
    return OK


def _list(case: Path, kind: SupplementKind, *, as_json: bool) -> int:
    with opened(case) as archive:
        held = [one for one in in_force(archive.supplements()) if one.kind == kind]
    if as_json:
        say_json([to_json(one) for one in held])
        return OK
    for one in held:
        say(_line(one))
        say(f"    {one.reason}; told {one.at}")
    say(f"{len(held)} told")
    return OK


def _sites(case: Path, by: str | None, *, as_json: bool) -> int:
    """The passages that name a site are words of texts, so that a look at guarded ones is recorded; what a person told
    of a day or a site is that person's own words, and is not."""
    person = asked.person(by)
    with opened(case) as archive:
        held = [one for one in in_force(archive.supplements()) if one.kind == "site"]
        every = _unplaced(archive.readings())
        holders = archive.holders({text for found in every.values() for text, _ in found})
        sight = archive.look("sites", (one for items in holders.values() for one in items), person)
        shown = {name: [one for one in found if sight.allows(holders[one[0]])] for name, found in every.items()}
        unplaced = {name: found for name, found in shown.items() if found}
        labels = archive.times(one for items in holders.values() for one in items) if as_json else {}
        hidden = sum(map(len, every.values())) - sum(map(len, unplaced.values()))
    if as_json:
        named: list[Json] = [
            {"name": name, "passages": [
                {"document": text, "passage": to_json(p),
                 "items": [{"capture": one, "time": labels[one]} for one in holders[text]]}
                for text, p in found
            ]}
            for name, found in unplaced.items()
        ]  # fmt: skip
        say_json({"told": [to_json(one) for one in held], "unplaced": named})
        say_hidden(hidden, "passages", sight, sys.stderr)
        return OK
    for one in held:
        say(_line(one))
        say(f"    {one.reason}; told {one.at}")
    for name, found in unplaced.items():
        say(f"{name}: no coordinates; named {len(found)} times")
        for text, passage in found[:_SHOWN]:
            say(f"    text {text[:12]}, characters {passage.start} to {passage.end}")
    say(f"{len(held)} told, {len(unplaced)} named without coordinates")
    say_hidden(hidden, "passages", sight)
    return OK


def _unplaced(rows: tuple[ReadingRow, ...]) -> dict[str, list[tuple[str, Passage]]]:
    """By name, where the current readings name a place that has no point, the most often named first."""
    found: dict[str, list[tuple[str, Passage]]] = defaultdict(list)
    for row in rows:
        for place in row.reading.places:
            if place.role == "location" and place.latitude is None:
                found[place.name].append((row.text_sha256, place.passage))
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def _line(told: Supplement) -> str:
    if told.withdrawn:
        return f"{told.name}: withdrawn"
    if told.kind == "calendar":
        return f"{told.name}: began {told.date}"
    return f"{told.name}: {told.latitude}, {told.longitude}, within {told.radius_m} m"
