"""Where the command line has passphrases from: a file, the environment, or a person at a terminal.

Guarantees: they are read here and nowhere else, when something has to be opened or protected, and each once in a
process; never from the command line itself, which other users of the machine can see. A new one is asked for twice.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.output import USAGE, CommandError

if TYPE_CHECKING:
    from probanda.preserve.passphrases import Passphrases

_BYTES = 65_536  # more is no passphrase
_HOW = "set PROBANDA_PASSPHRASE_FILE to a file that holds it (or PROBANDA_PASSPHRASE), or run the command on a terminal"


def asking(file: Path | None = None, new_file: Path | None = None) -> Passphrases:
    """Passphrases for one command: one from `file` or the environment serves for everything, a new one is that of
    `new_file`; without, a person is asked for each by name."""
    from probanda.preserve.passphrases import Passphrases

    known: dict[str, str] = {}

    def once(what: str) -> str:
        if what not in known:
            known[what] = _given("PROBANDA_PASSPHRASE", file) or _typed(what)
        return known[what]

    def new(what: str) -> str:
        found = _given("PROBANDA_NEW_PASSPHRASE", new_file) or _given("PROBANDA_PASSPHRASE", file)
        known[what] = found or _typed_twice(what)
        return known[what]

    return Passphrases(once, new)


def _given(variable: str, file: Path | None) -> str | None:
    """A passphrase from the file that an option or the environment names, else from the environment itself."""
    named = file or os.environ.get(f"{variable}_FILE")
    if named:
        return _first_line(Path(named))
    return os.environ.get(variable) or None


def _first_line(path: Path) -> str:
    """The passphrase in a file: an age identity where it holds one, else its first line as it stands."""
    try:
        with path.open("rb") as file:
            lines = file.read(_BYTES).decode("utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"expected a passphrase in {path}, found: {error.strerror}", USAGE) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"expected a passphrase in UTF-8 in {path}, found something else", USAGE) from error
    identity = next((line for line in lines if line.startswith("AGE-SECRET-KEY-1")), None)
    if identity is None and not (lines and lines[0]):
        raise CommandError(f"expected a passphrase in the first line of {path}, found none", USAGE)
    return identity or lines[0]


def _terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _typed(what: str) -> str:
    from probanda.preserve.errors import PassphraseMissing

    found = getpass.getpass(f"Passphrase of {what}: ") if _terminal() else ""
    if not found:
        raise PassphraseMissing(f"expected the passphrase of {what}, found none. Nothing was changed; {_HOW}")
    return found


def _typed_twice(what: str) -> str:
    from probanda.preserve.errors import PassphraseMissing

    if not _terminal():
        raise PassphraseMissing(f"expected a new passphrase for {what}, found none. Nothing was changed; {_HOW}")
    first = getpass.getpass(f"New passphrase for {what}: ")
    if getpass.getpass("The same again: ") != first:
        raise CommandError("expected the same passphrase twice, found two. Nothing was changed; run the command again")
    return first
