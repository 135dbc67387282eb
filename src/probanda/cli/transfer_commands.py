"""The commands about what somebody handed over, and their options: check it, take it into a case. What they do stands
in the modules that each imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probanda.cli.reading_commands import AsJson, By

Key = Annotated[
    str | None,
    typer.Option("--key", metavar="FINGERPRINT", help="The log's key, as its owner told you by another way."),
]
Certificates = Annotated[
    Path | None,
    typer.Option(
        "--certificates", metavar="FILE", help="Of time authorities (PEM), got by another way.", readable=False
    ),
]


def verify(
    case: Annotated[
        Path,
        typer.Argument(metavar="CASE|BUNDLE", help="A case, a bundle or its ZIP.", show_default=False, readable=False),
    ],
    key: Key = None,
    certificates: Certificates = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            "--checkpoint",
            metavar="FILE",
            help="A signed checkpoint of this case that was kept elsewhere.",
            readable=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Check that nothing in a case, or a bundle of one, was edited, dropped, inserted or reordered."""
    from probanda.cli import custody

    return custody.verify(case, key, certificates, checkpoint, as_json=as_json)


def import_bundle(
    bundle: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="A bundle or its ZIP.", show_default=False, readable=False)
    ],
    into: Annotated[Path, typer.Option("--into", metavar="CASE", help="The case that takes it in.", readable=False)],
    by: By = None,
    key: Key = None,
    certificates: Certificates = None,
    again: Annotated[bool, typer.Option("--again", help="Take in once more what came in before.")] = False,
    as_json: AsJson = False,
) -> int:
    """Take another's bundle into a case: checked first, kept with its log and keys, its items shown as theirs."""
    from probanda.cli import transfer

    return transfer.take(bundle, into, by, key, certificates, again, as_json=as_json)
