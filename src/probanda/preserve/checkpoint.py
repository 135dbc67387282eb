"""Checkpoints: the head of a log at a size, in the form of C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint@v1.0.0).

Guarantees: what `parse_checkpoint` accepts writes itself as the same text. The origin and the name of the log's key are
`probanda/` and the 64 digits of the case's id, so that a checkpoint of one case cannot be passed off for another's.
Refuses extension lines: nothing audits them, and the second signature (ML-DSA-44) does not cover them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from probanda.preserve.note import ED25519, Note, NoteError, NoteKey, sign

PREFIX: Final = "probanda/"
ROOT_BYTES: Final = 32
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_CASE = re.compile(r"case:([0-9a-f]{64})")


def origin_of(case: str) -> str:
    """The origin of the checkpoints of the case with this id. Raises `NoteError`."""
    found = _CASE.fullmatch(case)
    if found is None:
        raise NoteError(f"expected a case id (case: and 64 hexadecimal digits), found {case!r:.80}")
    return PREFIX + found[1]


def log_key(case: str, public: bytes) -> NoteKey:
    """The key that verifies the checkpoints of a case: Ed25519, under the name of the origin."""
    return NoteKey(origin_of(case), ED25519, public)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` has `size` entries and over them the tree with this root (RFC 6962)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text states. Raises `NoteError`."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise NoteError(
            f"expected a checkpoint of three lines (origin, size, root), found {max(len(lines) - 1, 0)} lines"
        )
    origin, size, encoded, _ = lines
    if not _SIZE.fullmatch(size):
        raise NoteError(f"expected the log's size in decimal digits, found {size!r:.40}")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"expected the root in base64, found {encoded!r:.60}") from error
    found = Checkpoint(origin, int(size), root)
    if len(root) != ROOT_BYTES or found.text != text:
        raise NoteError(f"expected a root of {ROOT_BYTES} bytes in base64, found {encoded!r:.60}")
    return found


def signed_checkpoint(checkpoint: Checkpoint, public: bytes, signing: Callable[[bytes], bytes]) -> Note:
    """The checkpoint as a note signed by the log's key, whose halves are `public` (raw) and `signing`."""
    key = NoteKey(checkpoint.origin, ED25519, public)
    return Note(checkpoint.text, (sign(checkpoint.text, key, signing),))
