"""The commands about incidents and their options: `probanda incidents` lists, `probanda incident ...` acts. Beside them
the options of `add` that imports of incidents share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
Id = Annotated[str, typer.Argument(metavar="ID", help="An incident's id or its beginning.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[str | None, typer.Option("--by", help="Who acts. Default: PROBANDA_AGENT, else who made the case.")]
Title = Annotated[str, typer.Option("--title", "-t", help="What the incident is called.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")]
Type = Annotated[str | None, typer.Option("--type", help="A dotted path: attack.strike, detention ...")]
PlaceName = Annotated[str | None, typer.Option("--place", help="The name of the place.")]
Latitude = Annotated[float | None, typer.Option("--lat", help="Degrees north.")]
Longitude = Annotated[float | None, typer.Option("--lon", help="Degrees east.")]
Radius = Annotated[int | None, typer.Option("--radius-m", help="How far off it may be, in metres.")]
Date = Annotated[str | None, typer.Option("--date", help="When (EDTF: 2031-04-08, 2031-04, 2031-04-08/2031-04-09).")]
Marking = Annotated[str | None, typer.Option("--marking", help="As of an item. Unset means restricted.")]
Members = Annotated[list[str] | None, typer.Option("--member", help="Id of a claim, event, quotation or item.")]
Published = Annotated[
    str | None, typer.Option("--published", help="Publication date (EDTF: 2022-03-02, 2022-03, 2022-03~).")
]
ItemMarking = Annotated[
    str | None,
    typer.Option("--marking", help="public, internal, restricted or identity_protected. Unset means restricted."),
]
Form = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="PATH is another tool's export: auto-archiver (its media beside it); a file of incidents: atlos, timemap, "
        "geojson, incidents-csv (one incident for each record).",
    ),
]
Again = Annotated[bool, typer.Option("--again", help="With --as: take in a file of incidents once more.")]

act = typer.Typer(
    help="Make, confirm, revise, withdraw and relate incidents; each act is signed.", no_args_is_help=True
)


def listing(
    case: Case,
    type: Type = None,
    place: PlaceName = None,
    earliest: Annotated[str | None, typer.Option("--from", help="Not over before this day.")] = None,
    latest: Annotated[str | None, typer.Option("--to", help="Begun by this day.")] = None,
    proposed: Annotated[bool, typer.Option("--proposed", help="What a machine proposes, with its reasons.")] = False,
    format: Annotated[str, typer.Option("--format", help="text, json, csv, geojson, timemap or atlos.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file to write to.", readable=False)] = None,
    audience: Annotated[str, typer.Option("--audience", help="For whom: internal, court or public.")] = "internal",
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """List incidents with members, figures by owner, relations; or what is proposed. Write them in other formats."""
    from probanda.cli import incident_listing

    return incident_listing.listing(
        case, type, place, earliest, latest, proposed=proposed, format=format, output=output, audience=audience,
        by=by, as_json=as_json,
    )  # fmt: skip


@act.command()
def new(
    case: Case, title: Title, reason: Reason, member: Members = None, type: Type = None, place: PlaceName = None,
    latitude: Latitude = None, longitude: Longitude = None, radius_m: Radius = None, date: Date = None,
    marking: Marking = None, by: By = None, as_json: AsJson = False,
) -> int:  # fmt: skip
    """Make an incident of records and items."""
    from probanda.cli import incidents

    return incidents.made(
        case, title, reason, by, members=member or [], type=type, place=place, latitude=latitude, longitude=longitude,
        radius_m=radius_m, date=date, marking=marking, proposal=None, as_json=as_json,
    )  # fmt: skip


@act.command()
def confirm(
    case: Case,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="A proposal's id or its beginning.")],
    title: Title, reason: Reason, type: Type = None, place: PlaceName = None, latitude: Latitude = None,
    longitude: Longitude = None, radius_m: Radius = None, date: Date = None, marking: Marking = None, by: By = None,
    as_json: AsJson = False,
) -> int:  # fmt: skip
    """Make an incident of what a machine proposes; place and time are the proposal's unless told otherwise."""
    from probanda.cli import incidents

    return incidents.made(
        case, title, reason, by, members=[], type=type, place=place, latitude=latitude, longitude=longitude,
        radius_m=radius_m, date=date, marking=marking, proposal=proposal, as_json=as_json,
    )  # fmt: skip


@act.command()
def revise(
    case: Case, incident: Id, reason: Reason,
    title: Annotated[str | None, typer.Option("--title", "-t", help="A new title.")] = None,
    member: Members = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="A member to take out.")] = None,
    type: Type = None, place: PlaceName = None, latitude: Latitude = None, longitude: Longitude = None,
    radius_m: Radius = None, date: Date = None, marking: Marking = None, by: By = None, as_json: AsJson = False,
) -> int:  # fmt: skip
    """Make a new version of an incident; the version named must be the newest."""
    from probanda.cli import incidents

    return incidents.revised(
        case, incident, reason, by, title=title, add=member or [], remove=remove or [], type=type, place=place,
        latitude=latitude, longitude=longitude, radius_m=radius_m, date=date, marking=marking, withdraw=False,
        as_json=as_json,
    )  # fmt: skip


@act.command()
def withdraw(case: Case, incident: Id, reason: Reason, by: By = None, as_json: AsJson = False) -> int:
    """Say that something is no incident; it stays in the log."""
    from probanda.cli import incidents

    return incidents.revised(
        case, incident, reason, by, title=None, add=[], remove=[], type=None, place=None, latitude=None,
        longitude=None, radius_m=None, date=None, marking=None, withdraw=True, as_json=as_json,
    )  # fmt: skip


@act.command()
def relate(
    case: Case, incident: Id,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="same, part_of, precedes, causes or contradicts.")],
    other: Annotated[str, typer.Argument(metavar="ID", help="The other incident.")],
    reason: Reason, by: By = None, as_json: AsJson = False,
) -> int:  # fmt: skip
    """Say how one incident stands to another."""
    from probanda.cli import incidents

    return incidents.related(case, incident, kind, other, reason, by, as_json=as_json)
