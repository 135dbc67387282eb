"""The command `codes` and its options."""

from __future__ import annotations

from typing import Annotated

import typer

from probanda.cli.reading_commands import AsJson


def codes(
    type: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="A type of event (attack.strike). Default: all of them.")
    ] = None,
    weapon: Annotated[
        str | None, typer.Option("--weapon", help="What a report calls a weapon: which treaties are about such?")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="A State in two letters (UA): was it bound by them ...")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="... on this day (2013-01-31)?")] = None,
    as_json: AsJson = False,
) -> int:
    """What ACLED and PLOVER call our types, and which treaties may concern a weapon. Information, and no finding."""
    from probanda.cli import codes as command

    return command.codes(type, weapon, state, on, as_json=as_json)
