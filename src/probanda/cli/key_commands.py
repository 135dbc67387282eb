"""The `key` commands and their options. What they do stands in `keys`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

act = typer.Typer(
    name="key",
    help="The keys that sign: list them, add a person's, protect them with a passphrase, rotate them.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="A file whose first line is the passphrase. Default: PROBANDA_PASSPHRASE_FILE, PROBANDA_PASSPHRASE, else "
        "it is asked for.",
        readable=False,
    ),
]
NewPassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--new-passphrase-file",
        help="A file whose first line is the new passphrase. Default: PROBANDA_NEW_PASSPHRASE_FILE, "
        "PROBANDA_NEW_PASSPHRASE, else that of --passphrase-file, else it is asked for.",
        readable=False,
    ),
]
Person = Annotated[
    str | None, typer.Option("--agent", help="Whose key: a name or an agent's id. Default: who made the case.")
]


@act.command("list")
def listing(case: Case, as_json: AsJson = False) -> int:
    """Persons, their keys, since when, which were rotated, which have a passphrase."""
    from probanda.cli import keys

    return keys.listing(case, as_json=as_json)


@act.command()
def add(
    case: Case,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the person.", show_default=False)],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> int:
    """Bring a further person into the case, with a key of their own."""
    from probanda.cli import keys

    return keys.add(case, name, passphrase_file, as_json=as_json)


@act.command()
def protect(
    case: Case,
    agent: Person = None,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: NewPassphraseFile = None,
    as_json: AsJson = False,
) -> int:
    """Give a key a passphrase, or another one."""
    from probanda.cli import keys

    return keys.protect(case, agent, passphrase_file, new_passphrase_file, as_json=as_json)


@act.command()
def rotate(
    case: Case,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    by: Annotated[
        str | None, typer.Option("--by", help="Whose key: a name or an agent's id. Default: who made the case.")
    ] = None,
    compromised_since: Annotated[
        str | None,
        typer.Option(
            "--compromised-since", help="From when the old key may have been in other hands: 2031-04-02T08:00:00Z."
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: NewPassphraseFile = None,
    as_json: AsJson = False,
) -> int:
    """Put a new key in the place of the one in force; both sign the change."""
    from probanda.cli import keys

    return keys.rotate(case, reason, by, compromised_since, passphrase_file, new_passphrase_file, as_json=as_json)
