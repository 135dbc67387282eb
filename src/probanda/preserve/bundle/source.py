"""What a bundle reads of a case: lines of the log below a size, lines of a rows blob.

Guarantees: line by line, however long the file; what is no whole line raises `LogDamaged` or `RecordError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probanda.preserve.blobs import BlobStore
from probanda.preserve.errors import LogDamaged
from probanda.preserve.regular import lines, open_regular
from probanda.records.codec import RecordError
from probanda.records.derivation import MAX_ROW_BYTES
from probanda.records.entry import MAX_BYTES, Entry


def log_lines(path: Path, size: int) -> Iterator[bytes]:
    """The first `size` lines of the log, each without its line end."""
    with open_regular(path) as file:
        for number, (line, ended, _) in enumerate(lines(file, MAX_BYTES)):
            if number == size:
                return
            if line is None or not ended:
                raise LogDamaged(f"expected a whole line {number + 1} in {path}, found none; run verify")
            yield line


def row_lines(blobs: BlobStore, entry: Entry) -> Iterator[bytes]:
    """The rows of a derivation's entry, each without its line end."""
    for blob in entry.blobs("rows"):
        with blobs.open(blob.sha256) as file:
            for line, ended, _ in lines(file, MAX_ROW_BYTES):
                if line is None or not ended:
                    raise RecordError(f"entry {entry.seq}: expected whole rows of at most {MAX_ROW_BYTES} bytes")
                yield line
