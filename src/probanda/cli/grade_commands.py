"""The command about grades, and its options. What it does stands in `grading`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]


def grade(
    case: Case,
    subject: Annotated[
        str, typer.Argument(metavar="ID", help="A claim or an incident: its id or its beginning.", show_default=False)
    ],
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme", help="probanda, airwars, admiralty(-source, -information), huridocs(-violation, -reliability)."
        ),
    ] = "probanda",
    label: Annotated[
        str | None,
        typer.Option("--as", help="Record this grade, signed; refused unless the record supports it."),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="With --as: why, in your words.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> int:
    """Show which grades of a scheme the record supports and what the others lack; record one with --as."""
    from probanda.cli import grading as command

    return command.grade(case, subject, scheme, label, reason, by, as_json=as_json)
