"""From when on an item is known to have existed: by whose stamps, or not at all.

Guarantees: an item is anchored by the entry that brought it in, as `preserve.seals.anchoring` finds; everything else is
*unanchored*, said in the same word everywhere. Whether the stamps are genuine is for `verify` to show.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from probanda.preserve.seals import Anchoring
from probanda.report.snapshot import UNANCHORED, ItemRow


def labelled(items: Iterable[ItemRow], anchoring: Anchoring) -> tuple[ItemRow, ...]:
    """The items, each with the time by which it is anchored and by whom."""
    out = []
    for row in items:
        span = anchoring.span(row.capture.seq)
        out.append(row if span is None else replace(row, anchored=span.at, anchors=tuple(span.names)))
    return tuple(out)


def told(anchored: str, anchors: Iterable[str]) -> str:
    """`anchored by 2031-04-02T10:00Z (Office A, Office B)`, or `unanchored`."""
    if anchored == UNANCHORED:
        return UNANCHORED
    return f"anchored by {anchored[:16]}Z ({', '.join(anchors)})"
