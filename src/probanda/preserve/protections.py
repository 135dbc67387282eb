"""Protection that changes: the draft of a protection change, and what such an entry says (spec/entry.md).

Guarantees: a change names one item and states its whole protection from now on, openly, so that who holds the log
knows what may be done with the item even where every opening is gone; the reason is committed. The last one counts.
"""

from __future__ import annotations

import re
from typing import Final

from probanda.preserve.captures import stated_protection
from probanda.preserve.log import Draft
from probanda.records.canonical import Json
from probanda.records.codec import RecordError, to_json
from probanda.records.entry import PROTECTION, Entry
from probanda.records.protection import Protection

_CAPTURE: Final = re.compile(r"capture:[0-9a-f]{64}")


def protection_change(capture: str, protection: Protection, reason: str) -> Draft:
    """To be signed by who decides. Raises `ValueError` for a reason without words."""
    if not reason.strip():
        raise ValueError("a change of protection needs a reason; found none")
    detail: dict[str, Json] = {"capture": capture, "protection": to_json(protection)}
    return Draft(PROTECTION, detail=detail, committed_values={"reason": reason})


def protection_of(entry: Entry) -> tuple[str, Protection]:
    """The id of the item and its protection from this entry on. Raises `RecordError`."""
    capture = entry.detail.get("capture")
    if not isinstance(capture, str) or not _CAPTURE.fullmatch(capture):
        raise RecordError(f"entry {entry.seq}: expected the id of an item in detail.capture, found {capture!r:.90}")
    if "reason" not in entry.committed:
        raise RecordError(f"entry {entry.seq}: expected a committed reason for the change of protection, found none")
    return capture, stated_protection(entry)
