"""From when on an item is known to have existed: by whose stamps, or not at all.

Guarantees: an item is anchored by the entry that brought it in, as `preserve.seals.anchoring` finds; everything else is
*unanchored*, said in the same word everywhere. Whether the stamps are genuine is for `verify` to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from probanda.preserve.seals import Anchoring, Span
from probanda.report.snapshot import UNANCHORED, ItemRow


def labelled(items: Iterable[ItemRow], anchoring: Anchoring) -> tuple[ItemRow, ...]:
    """The items, each with the time by which it is anchored and by whom."""
    out = []
    for row in items:
        span = anchoring.span(row.capture.seq)
        out.append(row if span is None else replace(row, anchored=span.at, anchors=tuple(span.names)))
    return tuple(out)


def told_of_all(rows: Iterable[ItemRow]) -> str:
    """One label for what rests on several items, in the words of `told`: the latest of their times, by which all of
    them were there, or *unanchored* where one of them is, with how many."""
    every = {row.capture.id: row for row in rows}
    bare = sum(row.anchored == UNANCHORED for row in every.values())
    if not every:
        return f"{UNANCHORED} (no item)"
    if bare:
        return UNANCHORED if bare == len(every) else f"{UNANCHORED} ({bare} of {len(every)} items)"
    last = max(every.values(), key=lambda row: row.anchored)
    return told(last.anchored, last.anchors)


def told_by(span: Span | None) -> str:
    """The same of one stretch of the log; `None`: it is not anchored."""
    return UNANCHORED if span is None else told(span.at, span.names)


def told(anchored: str, anchors: Iterable[str]) -> str:
    """`anchored by 2031-04-02T10:00Z (Office A, Office B)`, or `unanchored`."""
    if anchored == UNANCHORED:
        return UNANCHORED
    return f"anchored by {anchored[:16]}Z ({', '.join(anchors)})"
