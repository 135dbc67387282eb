"""Cosignatures on checkpoints (c2sp.org/tlog-cosignature): by witnesses, and the log's own second key (ML-DSA-44).

A cosignature states that at a time, which it covers, this was the largest consistent head of the log that the cosigner
had seen. Guarantees: what holds here covers origin, size, root and time of this checkpoint; under ML-DSA-44 the
cosigner's name too. Two types: Ed25519 (0x04) and ML-DSA-44 (0x06, FIPS 204), which stays when Ed25519 is broken.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from probanda.preserve.checkpoint import Checkpoint, parse_checkpoint
from probanda.preserve.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    Note,
    NoteError,
    NoteKey,
    NoteSignature,
    ed25519_holds,
)

_LABEL: Final = b"subtree/v1\n\0"
_LATEST: Final = 253_402_300_799  # the last second of the year 9999: later ones are no date that anybody can read


def cosigned_message(checkpoint: Checkpoint, key: NoteKey, timestamp: int) -> bytes:
    """The bytes that a cosignature by `key` covers. Raises `NoteError` for a key that cosigns nothing."""
    if key.algorithm == COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {timestamp}\n{checkpoint.text}".encode()
    if key.algorithm == COSIGNATURE_MLDSA44:
        return subtree_message(key.name, timestamp, checkpoint.origin, 0, checkpoint.size, checkpoint.root)
    raise NoteError(f"expected a key that cosigns (type 0x04 or 0x06), found type 0x{key.algorithm:02x}")


def subtree_message(name: str, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """`cosigned_message` of the page: what ML-DSA-44 signs; of a checkpoint `start` is 0. Raises `NoteError`."""
    times, span = struct.pack(">Q", timestamp), struct.pack(">QQ", start, end)
    return _LABEL + _opaque(name) + times + _opaque(origin) + span + root


def cosign(note: Note, key: NoteKey, signing: Callable[[bytes], bytes], at: datetime) -> Note:
    """The note with one more line: a cosignature by `key`, of the second `at`."""
    timestamp = int(at.timestamp())
    value = signing(cosigned_message(parse_checkpoint(note.text), key, timestamp))
    line = NoteSignature(key.name, key.key_id, struct.pack(">Q", timestamp) + value)
    return replace(note, signatures=(*note.signatures, line))


def cosigned_at(note: Note, key: NoteKey) -> datetime | None:
    """The time at which `key` cosigned the checkpoint, the earliest if more than once; `None` where it has no line.
    Raises `NoteError` where a line by this key does not cover the checkpoint."""
    checkpoint = parse_checkpoint(note.text)
    times = []
    for line in note.by(key):
        timestamp = struct.unpack(">Q", line.value[:8])[0] if len(line.value) > 8 else 0
        if not 0 < timestamp <= _LATEST:
            raise NoteError(f"expected a cosignature of {key.name} with its time, found none that can be read")
        if not _holds(key, line.value[8:], cosigned_message(checkpoint, key, timestamp)):
            raise NoteError(f"the cosignature of {key.name} does not cover this checkpoint")
        times.append(datetime.fromtimestamp(timestamp, UTC))
    return min(times, default=None)


def _holds(key: NoteKey, signature: bytes, message: bytes) -> bool:
    """Whether the raw signature covers the message. Raises `NoteError` where this machine cannot check the type."""
    if key.algorithm == COSIGNATURE_ED25519:
        return ed25519_holds(key.public, signature, message)
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    except (ImportError, UnsupportedAlgorithm) as error:
        raise NoteError(
            f"this machine cannot check ML-DSA-44 signatures ({error}); install a newer `cryptography`"
        ) from error
    return True


def _opaque(text: str) -> bytes:
    """A string of 1 to 255 bytes after its length, as RFC 8446 writes `opaque <1..2^8-1>`."""
    data = text.encode("utf-8")
    if not 1 <= len(data) <= 255:
        raise NoteError(f"expected a name of 1 to 255 bytes, found {len(data)}")
    return bytes([len(data)]) + data
