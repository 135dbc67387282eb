"""Who anchored a bundle's checkpoint in time, for somebody who received the bundle.

Guarantees: a time is told only of a stamp that holds over the very checkpoint, by certificates that are named as what
they are: got from elsewhere, or come with the bundle, which then shows only that whoever made the bundle had them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from probanda.preserve.anchor import AnchorError, check
from probanda.preserve.regular import open_regular
from probanda.records.entry import format_time

_MOST_BYTES: Final = 4 << 20
_MOST_STAMPS: Final = 64  # arbitrary; whoever has more shows the first


@dataclass(frozen=True, slots=True)
class ForeignAnchor:
    """`at` is `None` where the stamp could not be checked, for `reason`. `trusted`: by certificates that did not come
    with the bundle."""

    name: str
    at: str | None
    trusted: bool
    reason: str | None = None


def foreign_anchors(folder: Path, certificates: bytes | None) -> tuple[ForeignAnchor, ...]:
    """What lies in `anchors/` of the bundle over its checkpoint. Never raises for what it finds."""
    try:
        note = _bytes(folder / "data" / "log" / "checkpoint")
        paths = sorted(path for path in (folder / "anchors").iterdir() if path.name.startswith("checkpoint."))
    except OSError:
        return ()
    return tuple(_anchor(path, note, certificates) for path in paths[:_MOST_STAMPS])


def _anchor(path: Path, note: bytes, certificates: bytes | None) -> ForeignAnchor:
    name = path.stem.removeprefix("checkpoint.")
    if path.suffix != ".tsr":
        return ForeignAnchor(name, None, False, "a witness's signature; compare it with the witness's key")
    try:
        pem = certificates if certificates is not None else _bytes(path.with_name(f"{name}.pem"))
        at = check(_bytes(path), note, pem.decode("utf-8")).at
    except (AnchorError, OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return ForeignAnchor(name, None, certificates is not None, f"{reason:.300}")
    return ForeignAnchor(name, format_time(at), certificates is not None)


def _bytes(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(_MOST_BYTES)
