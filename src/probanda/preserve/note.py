"""Signed notes: text with lines of signatures under it (C2SP signed-note, c2sp.org/signed-note@v1.0.0).

Guarantees: what `parse_note` accepts encodes to the same bytes; a line holds only by a key that was handed in, never by
one that the note brings along. Refuses: notes that are no UTF-8, hold control characters, have no signature, or whose
base64 has more than one reading. Every signature type that the C2SP pages define for checkpoints is known here by its
byte; what the types sign beyond plain text stands in `cosignature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519: Final = 0x01
COSIGNATURE_ED25519: Final = 0x04
COSIGNATURE_MLDSA44: Final = 0x06
PUBLIC_BYTES: Final = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_MLDSA44: 1312}
MAX_BYTES: Final = 1024 * 1024  # arbitrary; sixteen signatures of every kind known take less than 100 kB
MAX_SIGNATURES: Final = 128  # arbitrary; the page asks for 16 at least

_LINE = re.compile(r"\u2014 (?P<name>\S+) (?P<value>[A-Za-z0-9+/]+={0,2})")
_KEY_ID_BYTES: Final = 4


class NoteError(ValueError):
    """What was given is no signed note, or no key for one. Says what was expected and found."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line: who, by the four bytes of which key, and the signature itself."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        return f"\u2014 {self.name} {_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends with a line feed and holds no signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        return (self.text + "\n" + "".join(one.line() for one in self.signatures)).encode("utf-8")

    def by(self, key: NoteKey) -> tuple[NoteSignature, ...]:
        """The lines that claim to be by this key."""
        return tuple(one for one in self.signatures if (one.name, one.key_id) == (key.name, key.key_id))


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key that verifies lines: `public` is raw, `algorithm` its byte in C2SP signed-note."""

    name: str
    algorithm: int
    public: bytes

    def __post_init__(self) -> None:
        _require_name(self.name)
        expected = PUBLIC_BYTES.get(self.algorithm)
        if expected is None:
            known = ", ".join(f"0x{number:02x}" for number in PUBLIC_BYTES)
            raise NoteError(f"expected a key of one of the types {known}, found 0x{self.algorithm:02x}")
        if len(self.public) != expected:
            raise NoteError(f"expected a public key of {expected} bytes, found {len(self.public)}")

    @property
    def key_id(self) -> bytes:
        named = self.name.encode("utf-8") + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(named).digest()[:_KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        """`NAME+ID+KEY`, as one hands it to somebody who verifies."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.algorithm]) + self.public)}"


def parse_vkey(text: str) -> NoteKey:
    """The key that a vkey names. Raises `NoteError`, also when its id is not the one of its key."""
    parts = text.strip().split("+", 2)  # base64 may hold further plus signs
    if len(parts) != 3:
        raise NoteError(f"expected a verification key as NAME+ID+KEY, found {text!r:.80}")
    name, stated, encoded = parts
    data = _bytes("the key", encoded)
    if not data:
        raise NoteError("expected a key after the name and the id, found none")
    key = NoteKey(name, data[0], data[1:])
    if key.key_id.hex() != stated:
        raise NoteError(f"expected the id {key.key_id.hex()} of the key of {name!r:.80}, found {stated!r:.20}")
    return key


def parse_note(data: bytes) -> Note:
    """The note in `data`. Raises `NoteError`."""
    if len(data) > MAX_BYTES:
        raise NoteError(f"expected a signed note of at most {MAX_BYTES} bytes, found {len(data)}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError(f"expected a signed note in UTF-8, found the byte 0x{data[error.start]:02x}") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("expected a signed note without control characters, found one")
    text, blank, below = whole.rpartition("\n\n")
    if not blank:
        raise NoteError("expected text, an empty line and signatures, found no empty line")
    text += "\n"
    if not below.endswith("\n"):
        raise NoteError("expected a line feed after the last signature, found none")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"expected at most {MAX_SIGNATURES} signatures, found {len(lines)}")
    return Note(text, tuple(_signature(line) for line in lines))


def sign(text: str, key: NoteKey, signing: Callable[[bytes], bytes]) -> NoteSignature:
    """The Ed25519 line by `key` under `text`; `signing` is the private half. Raises `NoteError`."""
    if key.algorithm != ED25519:
        raise NoteError(f"expected an Ed25519 key (0x01) to sign text, found type 0x{key.algorithm:02x}")
    if not text.endswith("\n"):
        raise NoteError("expected the text of a note to end with a line feed")
    return NoteSignature(key.name, key.key_id, signing(text.encode("utf-8")))


def signature_holds(note: Note, key: NoteKey) -> bool | None:
    """Whether the Ed25519 lines by `key` cover the text: all of them must; `None` where there is none."""
    lines = note.by(key)
    if not lines or key.algorithm != ED25519:
        return None
    return all(ed25519_holds(key.public, line.value, note.text.encode("utf-8")) for line in lines)


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the raw signature by the raw key covers the message. Anything malformed does not hold."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signature(line: str) -> NoteSignature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoteError(f"expected a signature line (dash, name, base64), found {line!r:.80}")
    _require_name(found["name"])
    value = _bytes("a signature", found["value"])
    if len(value) <= _KEY_ID_BYTES:
        raise NoteError(f"expected four bytes of key id and a signature, found {len(value)} bytes")
    return NoteSignature(found["name"], value[:_KEY_ID_BYTES], value[_KEY_ID_BYTES:])


def _require_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise NoteError(f"expected a key name without spaces and plus signs, found {name!r:.80}")


def _bytes(what: str, text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"expected {what} in base64, found {text!r:.40}") from error
    if _base64(data) != text:  # trailing bits that say nothing would give one signature two spellings
        raise NoteError(f"expected {what} in the one base64 form of its bytes, found another")
    return data


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
