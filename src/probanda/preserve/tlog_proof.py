"""A C2SP tlog-proof: one entry of the log, shown without the others.

    c2sp.org/tlog-proof@v1
    extra AAEC                                       (only where there is some)
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=     the audit path, leaf to root, one hash a line

    probanda/1812b28f…                               the checkpoint, word for word: a signed note
    …

Guarantees: what `parse_proof` accepts re-encodes to the same bytes; `check_proof` passes only where the entry's line
stands at that index of the tree whose size and root a checkpoint names that the caller's `opened` accepted. Not
claimed: `extra` is covered by no signature and proves nothing. The form is that of https://c2sp.org/tlog-proof.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from probanda.preserve.merkle import leaf_hash, verify_inclusion
from probanda.preserve.tiles import HASH_BYTES, TreeHead

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_PATH: Final = 64  # no tree of a size below 2**64 has a longer one
MAX_BYTES: Final = 256 * 1024  # of a whole proof; arbitrary: a checkpoint with many witnesses has a few KiB

Opened = Callable[[bytes], TreeHead]  # checks a signed checkpoint's note; raises ValueError where it is not good


class ProofError(ValueError):
    """A proof is malformed, or does not show what it was asked to show."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def encode_proof(index: int, path: Sequence[bytes], checkpoint_note: bytes, extra: bytes | None = None) -> bytes:
    """The bytes of a `.tlog-proof`. Raises `ValueError` for hashes that are none, and for no checkpoint."""
    if index < 0:
        raise ValueError(f"expected an index of 0 or more, found {index}")
    if any(len(node) != HASH_BYTES for node in path):
        raise ValueError(f"expected hashes of {HASH_BYTES} bytes in the path")
    if not checkpoint_note.strip():
        raise ValueError("expected a signed checkpoint, found nothing")
    lines = [FIRST_LINE]
    if extra is not None:
        lines.append("extra " + _base64(extra))
    lines.append(f"index {index}")
    lines += [_base64(node) for node in path]
    return "\n".join([*lines, "", ""]).encode("ascii") + checkpoint_note


def parse_proof(data: bytes) -> TlogProof:
    """The proof that the bytes hold. Raises `ProofError`."""
    if len(data) > MAX_BYTES:
        raise ProofError(f"expected a proof of at most {MAX_BYTES} bytes, found {len(data)}")
    head, empty, checkpoint = data.partition(b"\n\n")
    if not empty or not checkpoint:
        raise ProofError("expected the proof's lines, an empty line and a checkpoint, found no empty line")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ProofError("expected plain ASCII before the checkpoint, found other bytes") from error
    if lines[0] != FIRST_LINE:
        raise ProofError(f"expected the first line {FIRST_LINE}, found {lines[0]!r:.60}")
    at, extra = 1, None
    if len(lines) > at and lines[at].startswith("extra "):
        extra = _bytes(lines[at][len("extra ") :], "the extra data")
        at += 1
    stated = lines[at] if len(lines) > at else ""
    digits = stated.removeprefix("index ")
    if digits == stated or not digits.isdigit() or len(digits) > 20 or str(int(digits)) != digits:
        raise ProofError(f"expected a line like 'index 73894', found {stated!r:.60}")
    path = tuple(_bytes(line, "a hash of the path") for line in lines[at + 1 :])
    if len(path) > MAX_PATH or any(len(node) != HASH_BYTES for node in path):
        raise ProofError(f"expected at most {MAX_PATH} hashes of {HASH_BYTES} bytes in the path")
    return TlogProof(int(digits), path, checkpoint, extra)


def check_proof(data: bytes, leaf_line: bytes, opened: Opened, *, index: int | None = None) -> TreeHead:
    """The checkpointed tree in which the proof shows `leaf_line` (an entry without its line end) to stand. `opened`
    checks the checkpoint's signature and origin and says what tree it is of; `index`, where given, is where the entry
    has to stand. Raises `ProofError`."""
    proof = parse_proof(data)
    if index is not None and proof.index != index:
        raise ProofError(f"expected the proof of entry {index}, found that of entry {proof.index}")
    try:
        head = opened(proof.checkpoint)
    except ValueError as error:
        raise ProofError(f"the proof's checkpoint is not good: {error}") from error
    if not verify_inclusion(leaf_hash(leaf_line), proof.index, head.size, proof.path, head.root):
        raise ProofError(
            f"the entry is not shown to be number {proof.index} of the {head.size} entries with the root "
            f"{head.root.hex()}"
        )
    return head


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str, what: str) -> bytes:
    """Strict: only what encodes to the same text, so that one proof has one form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofError(f"expected {what} in base64, found {text!r:.60}") from error
    if _base64(data) != text:
        raise ProofError(f"expected {what} in base64 without spare bits, found {text!r:.60}")
    return data
