"""Whether every change of an item's protection is one: of an item that came in before, whole, and with a reason.

Memory: about twenty bytes for each item.
"""

from __future__ import annotations

from typing import Final

from probanda.preserve.protections import protection_of
from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tallies
from probanda.records.codec import RecordError
from probanda.records.entry import INGESTION, PROTECTION, Entry

CHECK: Final = "protection.changes"


class Protections:
    """Told every entry in the log's order."""

    def __init__(self, tallies: Tallies) -> None:
        self._tally = tallies[CHECK]
        self._captures = Table()

    def see(self, entry: Entry) -> None:
        if entry.outcome != "success":
            return
        if entry.act == INGESTION:
            if (key := _key(entry.detail.get("capture"))) is not None:
                self._captures.add(key)
        elif entry.act == PROTECTION:
            self._tally.count()
            try:
                capture, _ = protection_of(entry)
            except RecordError as error:
                self._tally.fail(str(error))
                return
            if _key(capture) not in self._captures:
                self._tally.fail(f"entry {entry.seq}: changes the protection of {capture}, which came in at no entry "
                                 "before it")  # fmt: skip

    def close(self) -> None:
        """Nothing is left to say: each change was answered for when it was seen."""


def _key(capture: object) -> bytes | None:
    """The 32 bytes of a capture's id; `None` for anything else, which captures.complete reports."""
    digits = capture.removeprefix("capture:") if isinstance(capture, str) else ""
    try:
        return bytes.fromhex(digits) if len(digits) == 64 else None
    except ValueError:
        return None
