"""Where passphrases come from: asked for when something has to be opened or protected, and not before.

Guarantees: nothing here reads an environment, a file or a terminal, or keeps a passphrase; who opens a case says where
they come from. `what` names the thing in words that a person can be asked with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from probanda.preserve.errors import PassphraseMissing

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Passphrases:
    """`known(what)` is the passphrase that opens what is there, `new(what)` one that is to protect something from now
    on. Both raise `PassphraseMissing`."""

    known: Ask
    new: Ask


def same(passphrase: str) -> Passphrases:
    """One passphrase for everything."""
    return Passphrases(lambda what: passphrase, lambda what: passphrase)


def _nobody(what: str) -> NoReturn:
    raise PassphraseMissing(
        f"expected the passphrase of {what}, found nobody to ask for it. Nothing was changed; open the case with its "
        "passphrase"
    )


NOBODY = Passphrases(_nobody, _nobody)


def given(passphrase: str | Passphrases | None) -> Passphrases:
    """What a caller handed in: one passphrase for everything, where they come from, or `None`: nobody can be asked."""
    return same(passphrase) if isinstance(passphrase, str) else passphrase or NOBODY


def require_passphrase(given: str, what: str) -> bytes:
    """A new passphrase as bytes. Raises `PassphraseMissing` for an empty one, which would protect nothing, and for an
    age identity, which was given to open something."""
    if not given.strip() or given.startswith("AGE-SECRET-KEY-1"):
        found = "an age identity" if given.strip() else "an empty one"
        raise PassphraseMissing(f"expected a new passphrase for {what}, found {found}. Nothing was changed")
    return given.encode("utf-8")
