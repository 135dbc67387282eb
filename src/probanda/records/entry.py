"""Entry: one leaf of the log. Who did what, when, about which blobs (spec/entry.md fixes the format).

Guarantees: what `parse_entry` accepts re-encodes to the same bytes, unknown fields and unknown acts included; an entry
is at most 65,535 bytes (the C2SP tlog-tiles limit). A protected value never stands in an entry, only its salted
commitment. Entry acts and agent roles are named as in the Library of Congress preservation vocabularies (PREMIS 3).
Nothing here signs or stores; `preserve` does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, Literal

from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json

VERSION: Final = 1
MAX_BYTES: Final = 65_535
GENESIS: Final = "0" * 64  # `prev` of the first entry
SIGNATURE_CONTEXT: Final = b"probanda-entry-v1\n"
COMMITMENT_CONTEXT: Final = b"probanda-commitment-v1\n"
SALT_BYTES: Final = 32

CREATION: Final = "case creation"
REGISTRATION: Final = "agent registration"
INGESTION: Final = "ingestion"
DERIVATION: Final = "derivation"
JUDGEMENT: Final = "judgement"
SUPPLEMENT: Final = "supplement"
INCIDENT: Final = "incident"
RELATION: Final = "relation"
FAILURE: Final = "failure"
SETTINGS: Final = "policy assignment"  # what the case asks for: authorities, anchors, approval
CHECKPOINT: Final = "checkpoint"  # a seal: a signed checkpoint and the time anchors over it
ACCESS: Final = "access"  # a protected item was shown to a person
APPROVAL: Final = "approval"  # a second person's consent to one way out
DISSEMINATION: Final = "dissemination"  # something left the case, or was refused to
TRANSFER: Final = "transfer"  # another case's bundle came in
PROTECTION: Final = "protection change"  # marking, consent, conditions or risk of an item, from now on
DELETION: Final = "deletion"
RECOVERY: Final = "recovery"  # what an interrupted act left was found and set in order
ROTATION: Final = "key rotation"

_HEX64 = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


class EntryError(ValueError):
    """A line is not an entry, or a draft cannot become one. Says what was expected and found."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acted: `id` is `agent:<fingerprint>` of a person's key, or `software:<name> <version>`."""

    id: str
    role: str  # "implementer", "executing program", "authorizer"
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """A blob that the act is about. `role`: "source", "outcome", "rows", "judgement" ..."""

    role: str
    sha256: str
    size: int
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("an object's sha256", self.sha256)
        if self.size < 0:
            raise ValueError(f"expected a size of 0 or more bytes, found {self.size}")


@dataclass(frozen=True, slots=True)
class CommittedRef:
    """An object whose digest is itself protected: only the salted commitment to it stands in the log."""

    role: str
    committed: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("an object's commitment", self.committed)


@dataclass(frozen=True, slots=True)
class Signature:
    key: str  # fingerprint: SHA-256 of the public key's DER SubjectPublicKeyInfo
    value: str  # Ed25519, base64
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("a signature's key", self.key)


@dataclass(frozen=True, slots=True)
class Entry:
    v: int
    seq: int
    prev: str
    time: str
    act: str
    agents: tuple[Agent, ...]
    objects: tuple[ObjectRef | CommittedRef, ...]
    outcome: Literal["success", "failure"]
    detail: Mapping[str, Json]
    committed: Mapping[str, str]
    signature: Signature
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.v != VERSION:
            raise ValueError(f"expected an entry of version {VERSION}, found version {self.v}; use a newer Probanda")
        if self.seq < 0:
            raise ValueError(f"expected a sequence number of 0 or more, found {self.seq}")
        require_hex64("prev", self.prev)
        parse_time(self.time)
        for name, commitment_ in self.committed.items():
            require_hex64(f"the commitment to {name!r}", commitment_)

    def blobs(self, role: str | None = None) -> tuple[ObjectRef, ...]:
        """The objects that name a blob, of one role or of every role."""
        return tuple(o for o in self.objects if isinstance(o, ObjectRef) and role in (None, o.role))


def encode(entry: Entry) -> bytes:
    """The entry's line, without its line end. Raises `EntryError` when it is too long or has no canonical form."""
    try:
        line = canonical(to_json(entry))
    except CanonicalError as error:
        raise EntryError(f"the entry has no canonical form: {error}") from error
    if len(line) > MAX_BYTES:
        raise EntryError(
            f"expected an entry of at most {MAX_BYTES} bytes, found {len(line)}; put long content into a blob"
        )
    return line


def parse_entry(line: bytes) -> Entry:
    """The entry that `line` (without line end) holds. Raises `EntryError`."""
    if len(line) > MAX_BYTES:
        raise EntryError(f"expected an entry of at most {MAX_BYTES} bytes, found {len(line)} or more")
    try:
        return parse(Entry, parse_canonical(line), "entry")
    except (CanonicalError, RecordError) as error:
        raise EntryError(str(error)) from error


def signed_bytes(entry: Entry, line: bytes | None = None) -> bytes:
    """What the signature covers: the context line, then the canonical entry without its field `signature`. `line`,
    where given, is the entry's own canonical line, out of which the field is cut instead of writing the rest anew."""
    if line is not None:
        # Canonical, so that the field stands there in these very bytes; another field's value may hold the same ones.
        field_ = b',"signature":' + canonical(to_json(entry.signature))
        if line.count(field_) == 1:
            return SIGNATURE_CONTEXT + line.replace(field_, b"")
    body = to_json(entry)
    del body["signature"]
    return SIGNATURE_CONTEXT + canonical(body)


def with_signature(entry: Entry, signature: Signature) -> Entry:
    return replace(entry, signature=signature)


def commitment(salt: bytes, value: Json) -> str:
    """The salted commitment to `value`: hides it from who lacks the salt, binds who gave it. 64 hex digits."""
    if len(salt) != SALT_BYTES:  # a salt of another length would let two (salt, value) pairs share their bytes
        raise ValueError(f"expected a salt of {SALT_BYTES} bytes, found {len(salt)}")
    return hashlib.sha256(COMMITMENT_CONTEXT + salt + canonical(value)).hexdigest()


def format_time(moment: datetime) -> str:
    """UTC with milliseconds, as entries write it; cut, not rounded, so that no entry lies in the future."""
    if moment.tzinfo is None:
        raise ValueError("expected a time with its zone, found one without")
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse_time(text: str) -> datetime:
    """The moment that an entry's `time` names. Raises `ValueError`."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"expected a time like 2026-11-22T07:00:00.123Z, found {text!r}")
    return datetime.fromisoformat(text)


def require_hex64(what: str, value: str) -> None:
    """Raises `ValueError` unless `value` is a SHA-256 in lower-case hexadecimal; what passes is safe as a file name."""
    if not _HEX64.fullmatch(value):
        raise ValueError(f"expected {what} to be 64 lower-case hexadecimal digits, found {value!r:.80}")
