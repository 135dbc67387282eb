"""What a bundle reads of a case: lines of the log below a size, lines of a rows blob.

Guarantees: line by line, however long the file; what is no whole line raises `LogDamaged` or `RecordError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from probanda.preserve.blobs import BlobStore
from probanda.preserve.deletions import Deletions, redacted_line
from probanda.preserve.errors import LogDamaged
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.rows import MAX_REDACTED_BYTES
from probanda.records.codec import RecordError
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


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a derivation: its line (without line end), or where it was deleted its leaf hash in hexadecimal, or
    neither where a deletion left nothing that could be proved."""

    line: bytes | None
    leaf: str | None = None

    def leaf_hash(self) -> str | None:
        return self.leaf if self.line is None else leaf_hash(self.line).hex()


def rows_of(blobs: BlobStore, deletions: Deletions, entry: Entry) -> Iterator[Row]:
    """The rows of a derivation's entry, in order. Raises `RecordError`, `BlobMissing`."""
    for blob in entry.blobs("rows"):
        instead = deletions.instead(blob.sha256)
        with blobs.open(blob.sha256 if instead is None else instead.sha256) as file:
            for line, ended, _ in lines(file, MAX_REDACTED_BYTES):
                if line is None or not ended:
                    raise RecordError(f"entry {entry.seq}: expected whole rows of at most {MAX_REDACTED_BYTES} bytes")
                if instead is None:
                    yield Row(line)
                    continue
                held = redacted_line(line)
                yield Row(held) if isinstance(held, bytes) else Row(None, held)
