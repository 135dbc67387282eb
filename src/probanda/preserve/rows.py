"""The rows of a derivation as a tree of their own, so that some can be handed on and the rest withheld.

Guarantees: the root over the rows (RFC 6962, `rows_root` in the entry) is the same whether a row is shown or only its
leaf hash is, so that what is shown is proved to be what the log recorded, and nothing can be added, dropped or moved.
A row that carries a nonce cannot be found again from its leaf hash by guessing its content. Refuses to withhold a row
without one: rows written before nonces existed leave whole or not at all. Format: spec/entry.md, "Redacted rows".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from probanda.preserve.keys import Random
from probanda.preserve.merkle import CompactRange, leaf_hash
from probanda.records.canonical import CanonicalError, canonical, parse_canonical
from probanda.records.codec import RecordError
from probanda.records.derivation import MAX_ROW_BYTES, NONCE, Derivation, parse_row
from probanda.records.entry import require_hex64

_ROW: Final = b'{"row":'
MAX_REDACTED_BYTES: Final = MAX_ROW_BYTES + len(_ROW) + 1  # of one line, without its end


@dataclass(frozen=True, slots=True)
class RedactedRow:
    """One line of a redacted rows file: `derivation` is `None` where only the leaf hash is here."""

    leaf: bytes
    derivation: Derivation | None


def with_nonce(derivation: Derivation, random: Random) -> Derivation:
    """The derivation with 32 random bytes, which hide its row behind the row's leaf hash."""
    return replace(derivation, extra={**derivation.extra, NONCE: random(32).hex()})


def rows_root(rows: bytes) -> str:
    """The root over the lines of a rows blob, each without its line end; 64 hexadecimal digits."""
    tree = CompactRange()
    for line in rows.split(b"\n")[:-1]:
        tree.append(leaf_hash(line))
    return tree.root().hex()


def redacted_rows(rows: bytes, shown: Callable[[Derivation], bool]) -> bytes:
    """The redacted rows file of a rows blob: a row where `shown` says so, else its leaf hash, one line each in order.
    Raises `RecordError` for what is no rows blob, and for a row to be withheld that has no nonce."""
    if rows and not rows.endswith(b"\n"):
        raise RecordError("row: expected every row to end with a line end, found a last row without")
    out: list[bytes] = []
    for number, line in enumerate(rows.split(b"\n")[:-1], 1):
        derivation = parse_row(line)
        if shown(derivation):
            out.append(_ROW + line + b"}\n")  # canonical as the row is: an object of one field
        elif has_nonce(derivation):
            out.append(canonical({"leaf": leaf_hash(line).hex()}) + b"\n")
        else:
            raise RecordError(
                f"row {number}: expected a nonce, found none: an earlier version wrote this row, and its hash could be "
                "guessed from what it is about. Hand the rows of this entry on whole, or none of them"
            )
    return b"".join(out)


def has_nonce(derivation: Derivation) -> bool:
    """Whether the row's leaf hash hides what the row says."""
    nonce = derivation.extra.get(NONCE)
    try:
        require_hex64("the nonce", nonce if isinstance(nonce, str) else "")
    except ValueError:
        return False
    return True


def parse_redacted_row(line: bytes) -> RedactedRow:
    """What one line (without line end) of a redacted rows file holds. Raises `RecordError`."""
    try:
        if line.startswith(_ROW) and line.endswith(b"}"):
            row = line[len(_ROW) : -1]  # parsed by itself: as deep as a row may be, and canonical or no row
            return RedactedRow(leaf_hash(row), parse_row(row))
        data = parse_canonical(line)
        if isinstance(data, dict) and set(data) == {"leaf"} and isinstance(leaf := data["leaf"], str):
            require_hex64("the leaf", leaf)
            return RedactedRow(bytes.fromhex(leaf), None)
    except (CanonicalError, ValueError) as error:
        raise RecordError(f"redacted row: {error}") from error
    raise RecordError('redacted row: expected {"row": ...} or {"leaf": ...} and nothing else')


def check_redacted(lines: Iterable[bytes], root: str) -> tuple[int, int]:
    """How many rows these lines (each without its line end) show, and how many they withhold. Raises `RecordError`
    where a line is malformed or the lines do not give `root`, which is the entry's `rows_root`."""
    tree, shown, withheld = CompactRange(), 0, 0
    for line in lines:
        row = parse_redacted_row(line)
        tree.append(row.leaf)
        shown, withheld = (shown, withheld + 1) if row.derivation is None else (shown + 1, withheld)
    if (found := tree.root().hex()) != root:
        raise RecordError(f"redacted rows: expected the root {root:.64}, found {found}")
    return shown, withheld
