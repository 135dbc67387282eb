"""The commands `seal` and `settings` and their options. What they do stands in `sealing` and `settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probanda.cli.reading_commands import AsJson, By, Case


def seal(
    case: Case,
    renew: Annotated[
        bool, typer.Option("--renew", help="Bind all that is there by SHA-512 too, before certificates end.")
    ] = False,
    offline: Annotated[
        Path | None,
        typer.Option(
            "--offline", metavar="FOLDER", help="Ask nobody: write checkpoint and requests there.", readable=False
        ),
    ] = None,
    token: Annotated[
        Path | None,
        typer.Option(
            "--token", metavar="FILE", help="Take in an authority's answer that was fetched elsewhere.", readable=False
        ),
    ] = None,
    authority: Annotated[
        str | None, typer.Option("--authority", metavar="NAME", help="With --token: whose answer it is.")
    ] = None,
    cosignature: Annotated[
        Path | None,
        typer.Option("--cosignature", metavar="FILE", help="Take in what a witness signed.", readable=False),
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Sign the state of the log and have it stamped by the time authorities that the settings name."""
    from probanda.cli import sealing

    if sum(one is not None for one in (offline, token, cosignature)) + renew > 1:
        raise sealing.wrong("--renew, --offline, --token and --cosignature go one at a time")
    if (token is None) != (authority is None):
        raise sealing.wrong("--token and --authority go together")
    if token is not None and authority is not None:
        return sealing.take_token(case, token, authority, by, as_json=as_json)
    if cosignature is not None:
        return sealing.take_cosignature(case, cosignature, by, as_json=as_json)
    return sealing.seal(case, by, offline, renew=renew, as_json=as_json)


def settings(
    case: Case,
    authority: Annotated[
        list[str] | None,
        typer.Option("--authority", metavar="NAME=URL", help="A time authority (RFC 3161). Repeatable."),
    ] = None,
    certificates: Annotated[
        list[Path] | None,
        typer.Option(
            "--certificates",
            metavar="FILE",
            help="Its root certificate (PEM), one for each --authority, in order.",
            readable=False,
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="NAME=VKEY", help="Somebody who cosigns checkpoints. Repeatable."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="An authority or witness no longer asked. Repeatable."),
    ] = None,
    min_anchors: Annotated[
        int | None, typer.Option("--min-anchors", metavar="N", min=0, help="How many must have stamped a checkpoint.")
    ] = None,
    max_age: Annotated[
        str | None,
        typer.Option("--max-age", metavar="AGE", help="How late a stamp may be: 90m, 24h, 7d; or none: no limit."),
    ] = None,
    approval: Annotated[
        str | None,
        typer.Option("--approval", metavar="WAYS", help="Ways out that need a second person: bundle,export; or none."),
    ] = None,
    second_key: Annotated[
        bool | None,
        typer.Option("--second-key/--no-second-key", help="Sign checkpoints with ML-DSA-44 too; makes the key."),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why, in your words.")] = None,
    as_json: AsJson = False,
) -> int:
    """Show what the case asks for, or change what the options name; the rest stays."""
    from probanda.cli import settings as command

    wanted = command.Wanted(
        tuple(authority or ()), tuple(certificates or ()), tuple(witness or ()), tuple(without or ()), min_anchors,
        max_age, approval, second_key,
    )  # fmt: skip
    return command.settings(case, wanted, reason, as_json=as_json)
