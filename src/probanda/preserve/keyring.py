"""The keys of one case: where their private halves lie, how they are opened, and which one is in force for a person.

Guarantees: a private half is opened when something has to be signed and not before, and its passphrase is asked for
once in a process; a key once made is never overwritten by another, and a change of its passphrase leaves the old file
or the new one, never neither. The log says which key is in force (spec/keys.md): the first key of a person, until a
rotation names another. A key that was rotated is set aside under another name before the log says so, under the same
lock, so that no process goes on signing with it, and is taken up again where the log never came to say so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from probanda.preserve import durable
from probanda.preserve.at_rest import CLEAR, AtRest
from probanda.preserve.errors import KeyMissing, storing
from probanda.preserve.keys import AGENT_PREFIX, Random, Signer, private_info, public_pem, signer_of
from probanda.preserve.passphrases import NOBODY, Passphrases, require_passphrase
from probanda.preserve.pem import is_encrypted, read_private, write_private
from probanda.preserve.regular import open_regular
from probanda.preserve.second_key import SecondSigner, generate_second, second_of
from probanda.records.entry import Entry, require_hex64

_PEM_BYTES = 65_536  # more is no key of ours
_KEY, _RETIRED, _SECOND = ".key.pem", ".retired.key.pem", ".mldsa.pem"


class Keyring:
    """The keys in `folder`, a case's `keys`. `rotations` gives the key rotations of the case's log in order; it is
    asked only where a person's first key is not there or was set aside."""

    def __init__(
        self,
        folder: Path,
        *,
        passphrases: Passphrases = NOBODY,
        at_rest: AtRest = CLEAR,
        rotations: Callable[[], Iterable[Entry]] = tuple,
    ) -> None:
        self.folder = folder
        self.passphrases = passphrases
        self._at_rest = at_rest
        self._rotations = rotations
        self._in_force: dict[str, str] = {}  # agent -> fingerprint, where it is not the first key
        self._signers: dict[str, Signer] = {}
        self._seconds: dict[str, SecondSigner] = {}

    def in_force(self, agent: str) -> str:
        """The fingerprint of the key that signs for `agent` now. Raises `ValueError` for what is no agent id."""
        first = agent.removeprefix(AGENT_PREFIX)
        require_hex64("an agent's first key", first)
        known = self._in_force.get(agent, first)
        if self._path(known, _KEY).exists() and not self._path(known, _RETIRED).exists():
            return known
        found = first
        for entry in self._rotations():
            if entry.detail.get("agent") == agent:
                found = str(entry.detail.get("key"))
                require_hex64("a key's fingerprint", found)
        self._in_force[agent] = found
        return found

    def signer(self, agent: str) -> Signer:
        """The key in force of `agent`, able to sign. Raises `KeyMissing`, `PassphraseMissing`, `WrongPassphrase`."""
        name = self.in_force(agent)
        path = self._path(name, _KEY)
        if not path.exists() and self._path(name, _RETIRED).exists():
            path = self._path(name, _RETIRED)
        if name not in self._signers or not path.exists():  # a key that was taken away signs nothing more
            self._signers[name] = _signer(self._private(path, told(name)), name, path, agent)
        return self._signers[name]

    def create(self, random: Random = os.urandom, *, protected: bool = False, agent: str | None = None) -> Signer:
        """Makes a key from 32 bytes of `random` and writes both halves, durably, the private half first; `protected`
        asks for a new passphrase before anything is written. A crash between the two leaves a key that signs nothing
        yet. `agent` is whose key it is to become; `None`: of a new person. Raises `ReadOnlyCase`, `StorageError`."""
        private = Ed25519PrivateKey.from_private_bytes(random(32))
        signer = signer_of(private, agent)
        self._write(signer.fingerprint, _KEY, private_info(private), protected, random)
        with storing(self.folder):
            path = self.folder / f"{signer.fingerprint}.pub.pem"
            durable.place(path, public_pem(signer.public), "key", 0o444)
        self._signers[signer.fingerprint] = signer
        return signer

    def know(self, signer: Signer) -> None:
        """A key that was just made in this process need not be opened again."""
        self._signers[signer.fingerprint] = signer

    def protected(self, name: str) -> bool | None:
        """Whether the private half of the key with this fingerprint has a passphrase of its own; `None` where it is not
        here, or lies sealed and nobody has opened the case."""
        for kind in (_KEY, _RETIRED, _SECOND):
            path = self._path(name, kind)
            if path.exists():
                try:
                    return is_encrypted(self._pem(path, told(name)))
                except KeyMissing:
                    return None
        return None

    def protect(self, name: str, random: Random = os.urandom) -> None:
        """Gives the key with this fingerprint a passphrase, or another one: the old is asked for, then the new. The new
        file takes the old one's place in one move. What a disk keeps of overwritten files is beyond us. Raises as
        `signer`, `ReadOnlyCase`, `StorageError`."""
        kind = next((one for one in (_KEY, _RETIRED, _SECOND) if self._path(name, one).exists()), _KEY)
        path = self._path(name, kind)
        private = self._private(path, told(name))
        if kind != _SECOND:  # else a file of another's under this name would be told as this key, protected
            _signer(private, name, path, None)
        passphrase = require_passphrase(self.passphrases.new(told(name)), told(name))
        data = self._at_rest.seal(write_private(private_info(private), passphrase, random(32)))
        with storing(self.folder):
            durable.replace(path, data, "key", 0o600)

    def retire(self, name: str) -> None:
        """Sets the private half aside, durably. To be called under the append lock, before the log says so."""
        path = self._path(name, _KEY)
        if path.exists():
            with storing(self.folder):
                durable.move(path, self._path(name, _RETIRED), "key")

    def create_second(self, random: Random = os.urandom, *, protected: bool = False) -> SecondSigner:
        """Makes an ML-DSA-44 key, kept like the others as `<fingerprint>.mldsa.pem`, with its public half beside it.
        Raises as `create`, and `KeyMissing` where the installed `cryptography` has no ML-DSA."""
        made = generate_second(random(32))
        self._write(made.fingerprint, _SECOND, made.private_info(), protected, random)
        with storing(self.folder):
            durable.place(self.folder / f"{made.fingerprint}.mldsa.pub.pem", made.public_pem(), "key", 0o444)
        self._seconds[made.fingerprint] = made
        return made

    def second_signer(self, name: str) -> SecondSigner:
        """The ML-DSA-44 key with this fingerprint. Raises as `signer`."""
        require_hex64("a key's fingerprint", name)
        if name not in self._seconds:
            path = self._path(name, _SECOND)
            found = second_of(self._private(path, told(name)), path)
            if found.fingerprint != name:
                raise KeyMissing(f"expected the key {name} in {path}, found the key {found.fingerprint}")
            self._seconds[name] = found
        return self._seconds[name]

    def _path(self, name: str, kind: str) -> Path:
        return self.folder / f"{name}{kind}{self._at_rest.suffix}"

    def _pem(self, path: Path, what: str) -> bytes:
        try:
            with open_regular(path) as file:
                return self._at_rest.open(file.read(_PEM_BYTES))
        except OSError as error:
            raise KeyMissing(
                f"expected the private key {path}, found: {error.strerror}. Sign on the machine that holds it, or "
                "register an agent with a key of its own"
            ) from error
        except ValueError as error:
            raise KeyMissing(f"expected {what} sealed for this case in {path}, found: {error}") from error

    def _private(self, path: Path, what: str) -> PrivateKeyTypes:
        return read_private(self._pem(path, what), self.passphrases.known, what)

    def _write(self, name: str, kind: str, info: bytes, protected: bool, random: Random) -> None:
        passphrase = None
        if protected:
            passphrase = require_passphrase(self.passphrases.new(told(name)), told(name))
        pem = write_private(info, passphrase, random(32) if protected else b"")
        with storing(self.folder):
            durable.place(self._path(name, kind), self._at_rest.seal(pem), "key", 0o600)


def _signer(private: PrivateKeyTypes, name: str, path: Path, agent: str | None) -> Signer:
    """Raises `KeyMissing` for what is not the key `name`."""
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMissing(f"expected an Ed25519 key in {path}, found a {type(private).__name__}")
    signer = signer_of(private, agent)
    if signer.fingerprint != name:
        raise KeyMissing(f"expected the key {name} in {path}, found the key {signer.fingerprint}")
    return signer


def told(name: str) -> str:
    """A key in words."""
    return f"the key {name[:16]}"


def create_key(folder: Path, random: Random = os.urandom) -> Signer:
    """A key of a new person in `folder`, in clear; as `Keyring.create`."""
    return Keyring(folder).create(random)


def load_signer(folder: Path, name: str) -> Signer:
    """The key in `folder` with the fingerprint `name`, in clear, as a person's first. Raises `KeyMissing`."""
    return Keyring(folder).signer(AGENT_PREFIX + name)
