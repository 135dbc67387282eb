"""Days in Ukrainian and Russian that hang on the day told before: "наступного дня", "днём ранее", "того ж дня".

Guarantees: such a time is dated only where a day stands before it, in the same sentence or the eight before and on the
same side of quotation marks; the nearest one counts, and `relative_to` holds its words. A day that would lie after
publication stays unresolved, as does what tells no number of days ("через кілька годин"). The rule is that of
`values.chains`; a text that jumps between two stories breaks it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from probanda.extract.slavic.calendar_days import DAY, Span
from probanda.extract.text.segments import Document

_CHAINED = "relative to the preceding statement"
_HANGS = 8  # sentences; arbitrary
_FINE = frozenset({"instant", "hour", "part_of_day", "day"})


def hung(doc: Document, spans: list[Span], published: date | None) -> list[Span]:
    """The spans, those dated that hang on the day told before them."""
    for at, span in enumerate(spans):
        if span.shift is None:
            continue
        near = [
            held for held in spans[:at] if held.earliest is not None and held.precision in _FINE
            and doc.sentence_of(span.first) - doc.sentence_of(held.first) <= _HANGS
            and doc.quoted_of(held.first) == doc.quoted_of(span.first)
        ]  # fmt: skip
        if not near or near[-1].earliest is None:
            continue
        day = near[-1].earliest + timedelta(days=span.shift)
        told_after = published is not None and day > published + DAY
        if not told_after:
            words = doc.passage(near[-1].first, near[-1].last).text
            spans[at] = replace(span, earliest=day, latest=day, precision="day", basis=_CHAINED, relative_to=words)
    return spans
