"""The rows of a derivation as they lie in a rows blob, in a redacted rows file, or in the file that a deletion left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from probanda.preserve.deletions import redacted_line
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.rows import MAX_REDACTED_BYTES, RedactedRow
from probanda.records.codec import RecordError
from probanda.records.derivation import MAX_ROW_BYTES, Derivation, parse_row

Row = tuple[int, bytes, Derivation | None]  # its number from 1, its leaf hash; `None`: only that is here, or it is bad


def rows_in(
    path: Path, read: Callable[[bytes], RedactedRow]
) -> Iterator[tuple[int, bytes, Derivation | None, str | None]]:
    """Each row as `Row`, and what is wrong with it where something is. Raises `OSError`."""
    with open_regular(path) as file:
        for number, (line, ended, leaf) in enumerate(lines(file, MAX_REDACTED_BYTES), 1):
            try:
                if line is None or not ended:
                    raise RecordError(f"expected a whole row of at most {MAX_ROW_BYTES} bytes")
                row = read(line)
            except RecordError as error:
                yield number, leaf, None, str(error)
            else:
                yield number, row.leaf, row.derivation, None


def left_row(line: bytes) -> RedactedRow:
    """A row, the leaf hash of one that a deletion took, or nothing of one whose hash could be guessed."""
    held = redacted_line(line)
    if isinstance(held, bytes):
        return RedactedRow(leaf_hash(held), parse_row(held))
    return RedactedRow(b"" if held is None else bytes.fromhex(held), None)


def whole_row(line: bytes) -> RedactedRow:
    if len(line) > MAX_ROW_BYTES:
        raise RecordError(f"expected a whole row of at most {MAX_ROW_BYTES} bytes")
    return RedactedRow(leaf_hash(line), parse_row(line))
