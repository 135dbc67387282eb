"""Private files sealed to one age identity, which a passphrase opens (spec/keys.md, "A case that is encrypted").

Guarantees: every sealed file is an age file (age-encryption.org/v1) for one X25519 recipient; the identity lies beside
them, itself an age file for a passphrase (scrypt), so that the `age` program opens all of it without Probanda. Sealing
needs no secret; the passphrase is asked for once, when something is opened. In the place of the passphrase the identity
itself serves, as it was written down when the case was made: who has either can read everything, who has neither can
read nothing, and nobody can help them. Needs the library `pyrage`, which is looked for when it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from probanda.preserve import durable
from probanda.preserve.errors import EncryptionMissing, KeyMissing, WrongPassphrase, storing
from probanda.preserve.passphrases import Passphrases, require_passphrase
from probanda.preserve.regular import open_regular

if TYPE_CHECKING:
    from types import ModuleType

FILE_NAME: Final = "identity.age"
IDENTITY: Final = "AGE-SECRET-KEY-1"
_BYTES = 65_536  # more is no identity of ours
_WHAT = "this case"


class Sealed:
    """`at_rest.AtRest` for the case whose identity lies in `private`; `recipient` as `probanda.json` states it."""

    suffix = ".age"

    def __init__(self, private: Path, recipient: str, passphrases: Passphrases) -> None:
        self.recipient = recipient
        self._path = private / FILE_NAME
        self._passphrases = passphrases
        self._identity: Any = None

    def seal(self, data: bytes) -> bytes:
        rage = pyrage()
        sealed: bytes = rage.encrypt(data, [rage.x25519.Recipient.from_str(self.recipient)])
        return sealed

    def open(self, data: bytes) -> bytes:
        rage = pyrage()
        try:
            opened: bytes = rage.decrypt(data, [self.unlock()])
        except rage.DecryptError as error:
            raise ValueError("something that was not sealed for this case, or was changed") from error
        return opened

    def unlock(self) -> Any:
        """The identity, once asked for. Raises `PassphraseMissing`, `WrongPassphrase`, `KeyMissing`."""
        if self._identity is None:
            given = self._passphrases.known(_WHAT).strip()
            text = given if given.startswith(IDENTITY) else _opened(self._path, given)
            identity = _parsed(text)
            if str(identity.to_public()) != self.recipient:
                raise WrongPassphrase(
                    f"expected the identity of this case, {self.recipient}, found that of {identity.to_public()}. "
                    "Nothing was changed"
                )
            self._identity = identity
        return self._identity

    def recovery(self) -> str:
        """The identity in clear, as `age-keygen` writes one: whoever has this text can read the case."""
        return _text(self.unlock())

    def protect(self) -> None:
        """Puts another passphrase in the place of the one that opens the case. A crash leaves the old or the new."""
        text = self.recovery()
        passphrase = require_passphrase(self._passphrases.new(_WHAT), _WHAT).decode("utf-8")
        data: bytes = pyrage().passphrase.encrypt(text.encode("ascii"), passphrase)
        with storing(self._path.parent):
            durable.replace(self._path, data, "key", 0o600)


def create_identity(private: Path, passphrases: Passphrases) -> Sealed:
    """Makes an identity and writes it to the folder `private`, sealed with a new passphrase. Raises
    `EncryptionMissing`, `PassphraseMissing`, `StorageError`."""
    rage = pyrage()
    passphrase = require_passphrase(passphrases.new(_WHAT), _WHAT).decode("utf-8")
    identity = rage.x25519.Identity.generate()
    made = Sealed(private, str(identity.to_public()), passphrases)
    made._identity = identity
    with storing(private):
        data: bytes = rage.passphrase.encrypt(_text(identity).encode("ascii"), passphrase)
        durable.place(private / FILE_NAME, data, "key", 0o600)
    return made


def pyrage() -> ModuleType:
    """The library. Raises `EncryptionMissing`."""
    try:
        import pyrage as found
    except ImportError as error:
        raise EncryptionMissing(
            "expected the library pyrage, which an encrypted case needs, found none. Nothing was changed; install it: "
            "pip install 'probanda[encrypt]'"
        ) from error
    module: ModuleType = found
    return module


def _text(identity: Any) -> str:
    return f"# public key: {identity.to_public()}\n{identity}\n"


def _parsed(text: str) -> Any:
    rage = pyrage()
    line = next((line for line in text.splitlines() if line.startswith(IDENTITY)), "")
    try:
        return rage.x25519.Identity.from_str(line.strip())
    except rage.IdentityError as error:
        raise WrongPassphrase(
            "expected an age identity (AGE-SECRET-KEY-1...), found something that only begins like one. Nothing was "
            "changed"
        ) from error


def _opened(path: Path, passphrase: str) -> str:
    rage = pyrage()
    try:
        with open_regular(path) as file:
            sealed = file.read(_BYTES)
    except OSError as error:
        raise KeyMissing(
            f"expected the identity that opens this case in {path}, found: {error.strerror}. Restore it from a copy of "
            "the case, or give the identity that was written down for recovery"
        ) from error
    try:
        opened: bytes = rage.passphrase.decrypt(sealed, passphrase)
    except rage.DecryptError as error:
        raise WrongPassphrase(
            f"expected the passphrase of {_WHAT}, found one that does not open it. Nothing was changed; try again. If "
            "it is lost, only the identity that was written down for recovery opens the case"
        ) from error
    return opened.decode("ascii", "replace")
