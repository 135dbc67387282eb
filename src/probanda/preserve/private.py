"""The private files of a case: its openings and the key of its index, kept in clear or sealed to the case's identity.

Guarantees: a case is encrypted from its first entry or never: `probanda.json` states the identity's public half, and so
does the first entry. A folder of which one part says that it is encrypted and another that it is not is refused, so
that nothing is ever written in clear into an encrypted case.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.at_rest import CLEAR, AtRest
from probanda.preserve.errors import CaseError, KeyMissing, storing
from probanda.preserve.keys import Random
from probanda.preserve.openings import Openings
from probanda.preserve.passphrases import Passphrases
from probanda.preserve.regular import open_regular
from probanda.preserve.sealed import FILE_NAME, Sealed, create_identity
from probanda.preserve.sealed_openings import FOLDER, SealedOpenings

_INDEX_KEY: Final = "index.key.age"
_KEY_BYTES: Final = 32
_FILE_BYTES: Final = 4096  # more is no key of ours


@dataclass(frozen=True, slots=True)
class Private:
    """`at_rest` is how private keys are kept too; `index_key` the 256-bit key of the index, `None`: it is in clear."""

    at_rest: AtRest
    openings: Openings
    index_key: bytes | None

    @property
    def sealed(self) -> Sealed | None:
        """The case's identity; `None` for a case in clear."""
        return self.at_rest if isinstance(self.at_rest, Sealed) else None


def openings_of(folder: Path, at_rest: AtRest = CLEAR) -> Openings:
    """The openings below the case's folder `private`."""
    if at_rest is CLEAR:
        return Openings(folder / "openings.jsonl")
    return SealedOpenings(folder / FOLDER, at_rest)


def create_private(folder: Path, passphrases: Passphrases, random: Random) -> Private:
    """Makes the identity of an encrypted case and the key of its index in `folder`, the case's `private`."""
    sealed = create_identity(folder, passphrases)
    key = random(_KEY_BYTES)
    with storing(folder):
        (folder / FOLDER).mkdir(mode=0o700)
        durable.place(folder / _INDEX_KEY, sealed.seal(key.hex().encode("ascii") + b"\n"), "key", 0o600)
    return Private(sealed, openings_of(folder, sealed), key)


def open_private(folder: Path, recipient: str | None, passphrases: Passphrases) -> Private:
    """What lies in `folder`; `recipient` is what `probanda.json` says. For an encrypted case the passphrase is asked
    for here. Raises `CaseError` where the two do not fit, `PassphraseMissing`, `WrongPassphrase`, `KeyMissing`,
    `EncryptionMissing`."""
    if (folder / FILE_NAME).exists() != (recipient is not None):
        says = "is" if recipient is not None else "is not"
        raise CaseError(
            f"expected probanda.json and {folder} to say the same, found that the case {says} encrypted by the first "
            "and the contrary by the second. Nothing was changed; restore both from a copy of the case"
        )
    if recipient is None:
        return Private(CLEAR, openings_of(folder), None)
    sealed = Sealed(folder, recipient, passphrases)
    sealed.unlock()
    return Private(sealed, openings_of(folder, sealed), _index_key(folder / _INDEX_KEY, sealed))


def _index_key(path: Path, sealed: Sealed) -> bytes:
    try:
        with open_regular(path) as file:
            key = bytes.fromhex(sealed.open(file.read(_FILE_BYTES)).decode("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyMissing(f"expected the key of the index in {path}, found: {error}. Restore it from a copy") from error
    if len(key) != _KEY_BYTES:
        raise KeyMissing(f"expected a key of {_KEY_BYTES} bytes in {path}, found {len(key)}. Restore it from a copy")
    return key
