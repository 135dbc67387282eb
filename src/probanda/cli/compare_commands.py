"""The command about claims that differ, and its options. What it does stands in `comparing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]


def compare(
    case: Case,
    kind: Annotated[str | None, typer.Option("--kind", help="Only claims of this kind: casualty, referral ...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also things on which all agree.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Set beside each other what sources say of one thing: contradictions, growth, other scopes; resolve nothing."""
    from probanda.cli import comparing as command

    return command.compare(case, kind, by, every=every, as_json=as_json)
