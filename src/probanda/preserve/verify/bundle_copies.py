"""The checkpoints of a bundle in plain form, for stock tools: each must say what the log and the signed note say.

Guarantees: `checkpoint.body` and `checkpoint.sig` are the text and the first Ed25519 signature of the note beside them;
a note under data/checkpoints/ is one that the log names, in the folder of its size, and what lies beside it is a stamp
or cosignature over it that the log names. Without this, who holds the key could hand stock tools another checkpoint
than the one that `verify` reads. Memory: one digest for each stamp.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from probanda.preserve.checkpoint import parse_checkpoint
from probanda.preserve.note import MAX_BYTES as MAX_NOTE_BYTES
from probanda.preserve.note import NoteError, parse_note
from probanda.preserve.regular import open_regular
from probanda.preserve.verify.checks import Tally
from probanda.records.entry import CHECKPOINT, Entry

_ED25519_LINE: Final = 4 + 64  # key hash and signature (C2SP signed note)
_STAMP_BYTES: Final = 1 << 20
_PLAIN: Final = ("checkpoint", "checkpoint.body", "checkpoint.sig")


class Copies:
    """Told every entry; `settle` compares."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self._folder, self._tally = folder / "data", tally
        self._notes: dict[str, int] = {}  # by SHA-256, the size that the log states
        self._stamps: dict[tuple[int, str], str] = {}  # by size and SHA-256, the role

    def see(self, entry: Entry) -> None:
        size = entry.detail.get("size")
        if entry.act != CHECKPOINT or not isinstance(size, int):
            return
        for blob in entry.blobs():
            if blob.role == "checkpoint":
                self._notes[blob.sha256] = size
            else:
                self._stamps[size, blob.sha256] = blob.role

    def settle(self) -> None:
        self._plain(self._folder / "log")
        for name in sorted(_names(self._folder / "checkpoints")):
            try:
                self._earlier(self._folder / "checkpoints" / name)
            except (OSError, ValueError) as error:
                told = error.strerror if isinstance(error, OSError) else str(error)
                self._tally.fail(f"data/checkpoints/{name:.80}: {told}")

    def _plain(self, folder: Path) -> bytes | None:
        """The note of the folder, when its plain copies were compared with it; `None` where it cannot be read."""
        where = folder.relative_to(self._folder.parent).as_posix()
        try:
            note = _read(folder / "checkpoint", MAX_NOTE_BYTES)
            text, signature = parse_note(note).text, _signature(note)
        except (OSError, NoteError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._tally.fail(f"{where}/checkpoint: expected a signed checkpoint, found: {reason}")
            return None
        for name, wanted, what in (
            ("checkpoint.body", text.encode("utf-8"), "the text of the checkpoint beside it"),
            ("checkpoint.sig", signature, "the signature of the checkpoint beside it"),
        ):
            try:
                same = _read(folder / name, MAX_NOTE_BYTES) == wanted
            except OSError:
                same = False
            if not same:
                self._tally.fail(f"{where}/{name}: expected {what}, found something else")
        return note

    def _earlier(self, folder: Path) -> None:
        """Raises `ValueError` for what the log does not name."""
        note = self._plain(folder)
        if note is None:
            return
        head = parse_checkpoint(parse_note(note).text)
        stated = self._notes.get(hashlib.sha256(note).hexdigest())
        if stated is None or str(stated) != folder.name or stated != head.size:
            raise ValueError("expected a checkpoint that the log names, of the size that the folder has, found another")
        named = {digest for size, digest in self._stamps if size == stated}
        for name in sorted(set(_names(folder)) - set(_PLAIN)):
            if hashlib.sha256(_read(folder / name, _STAMP_BYTES)).hexdigest() not in named:
                raise ValueError(f"{name:.80}: expected a stamp or cosignature that the log names, found another")


def _signature(note: bytes) -> bytes:
    for line in note[note.rindex(b"\n\n") + 2 :].splitlines():
        signed = base64.b64decode(line.rsplit(b" ", 1)[-1])
        if len(signed) == _ED25519_LINE:
            return signed[4:]
    raise ValueError("no Ed25519 signature")


def _names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            yield from [one.name for one in found]
    except OSError:
        return


def _read(path: Path, most: int) -> bytes:
    with open_regular(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{path.name}: expected at most {most} bytes, found more")
    return data
