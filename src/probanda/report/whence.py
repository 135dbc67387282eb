"""From which other case an item came, where it came from one: whose key signed there, and who stamped their log.

Guarantees: what is told is what the entry of the transfer says; an item of the case's own has no such row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from probanda.preserve.transfer import Transfer, came_with
from probanda.report.snapshot import ItemRow, Whence


def with_whence(items: Iterable[ItemRow], transfers: Mapping[int, Transfer]) -> tuple[ItemRow, ...]:
    """The items, each with where it came from."""
    out = []
    for row in items:
        came = came_with(row.capture.extra.get("origin"))
        said = transfers.get(came[0]) if came is not None else None
        out.append(row if said is None or came is None else replace(row, whence=_whence(said, came[1])))
    return tuple(out)


def _whence(said: Transfer, entry: int) -> Whence:
    stamped = tuple(f"{one.name} {one.at}" for one in said.anchors if one.at is not None)
    return Whence(said.case, said.title, entry, said.key, stamped)
