"""The commands about what stands behind claims, and their options. What they do stands in `sources`."""

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


def sources(
    case: Case,
    claim: Annotated[
        str | None,
        typer.Argument(metavar="[CLAIM]", help="A claim's id or its beginning: only what it is about."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Also statements that stand in one article alone.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Count articles, outlets and independent origins behind claims about the same thing, with the evidence."""
    from probanda.cli import sources as command

    return command.sources(case, claim, by, every=every, as_json=as_json)


def origin(
    case: Case,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim's id or its beginning.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="same, different or undecided.")],
    other: Annotated[str, typer.Argument(metavar="CLAIM", help="The other claim.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Decide whether two claims have what they say from one origin; signed. The counts follow."""
    from probanda.cli import sources as command

    return command.origin(case, claim, kind, other, reason, by, as_json=as_json)
