"""The commands at a case's door and their options: `probanda approve`, `probanda show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def approve(
    case: Case,
    request: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST", help="The digest that the refused command printed, or its beginning.", show_default=False
        ),
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", "-r", help="Why, in your words. Without it: only look at what was asked.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who approves: another person than who asks. Default: PROBANDA_AGENT.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Give a second person's consent to one way out (bundle, casefile, export), signed; good for one passage."""
    from probanda.cli import ways

    return ways.approve(case, request, reason, by, as_json=as_json)


def show(
    case: Case,
    item: Annotated[str, typer.Argument(metavar="ID", help="An item's id or its beginning.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file for it, readable by you alone.", readable=False)
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="The text that was read, not the bytes that came in.")] = False,
    by: Annotated[str | None, typer.Option("--by", help="Who looks. Default: PROBANDA_AGENT, else the maker.")] = None,
    as_json: AsJson = False,
) -> int:
    """Show one item: the bytes that came in, or its text. A look at a guarded one is recorded before it is shown."""
    from probanda.cli import ways

    return ways.show(case, item, output, by, text=text, as_json=as_json)
