"""Times that hang on what was told before: "hours later", "the next morning", "the day before", "Earlier, …".

Guarantees: such a time is dated only where a time of day or day stands before it, outside quotation marks, in the same
sentence or the eight before; the nearest one counts. The
result is the widest interval of days that the words leave, ends at publication where the text tells of the past, and
`relative_to` holds the words that it hangs on. Without such a time it stays unresolved. That the nearest time is the
one meant is the rule of narrative in temporal tagging (Strötgen and Gertz 2013, Multilingual and cross-domain temporal
tagging, section 4); a text that jumps between two stories breaks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from probanda.extract.modality.modality import is_future
from probanda.extract.text.segments import Document
from probanda.extract.values.calendar_dates import Raw
from probanda.records.reading import When

BASIS = "relative to the preceding statement"
_FAR = 8  # sentences; arbitrary
_FINE = frozenset({"instant", "hour", "part_of_day", "day"})
Precision = Literal["part_of_day", "day", "week", "range"]


@dataclass(frozen=True, slots=True)
class _Shift:
    """Days from the anchor's first and last day, `None` for no bound."""

    low: int | None
    high: int | None
    precision: Precision


def hung(doc: Document, raws: Sequence[Raw], whens: Sequence[When], published: date | None) -> list[When]:
    """`whens`, one for each of `raws`, with those dated that hang on an earlier one."""
    out = list(whens)
    for place, raw in enumerate(raws):
        if raw.form != "chained":
            continue
        anchor = _anchor(doc, raws, out, place)
        shift = _shift(raw)
        if anchor is not None and shift is not None:
            out[place] = _moved(doc, raw, out[place], anchor, shift, published)
    return out


def _anchor(doc: Document, raws: Sequence[Raw], whens: Sequence[When], place: int) -> When | None:
    """The time that `raws[place]` hangs on, `None` where another dates its own sentence or none is near."""
    raw = raws[place]
    sentence = doc.sentence_of(raw.first)
    beside = raws[place + 1] if place + 1 < len(raws) else None
    if beside is not None and beside.first - raw.last <= 1 and whens[place + 1].precision in _FINE:
        return None  # "the next day, Wednesday"
    for at in range(place - 1, -1, -1):
        before, when = raws[at], whens[at]
        if sentence - doc.sentence_of(before.first) > _FAR:
            return None
        if when.earliest is None or when.latest is None or when.precision not in _FINE:
            continue
        quoted = doc.quoted_of(before.first)
        if quoted is not None and quoted != doc.quoted_of(raw.first):
            continue
        if not is_future(doc, before.first, before.last):
            return when
    return None


def _shift(raw: Raw) -> _Shift | None:
    words = raw.word.split()
    if len(words) > 1:
        return _of_phrase(words)
    back = raw.modifier == "earlier"
    if not words:
        return _Shift(None, 0, "range") if back else _Shift(0, None, "range")
    ahead = _ahead(raw.word, raw.count)
    if ahead is None or not back:
        return ahead
    low = None if ahead.high is None else -ahead.high
    return _Shift(low, None if ahead.low is None else -ahead.low, ahead.precision)


def _of_phrase(words: Sequence[str]) -> _Shift:
    night = "night" in words
    if "week" in words:
        return _Shift(1, 13, "week")
    if words[0] in ("shortly", "soon", "moments"):
        return _Shift(-1, 0, "part_of_day") if words[-1] == "earlier" else _Shift(0, 1, "part_of_day")
    days = 0
    if {"next", "following"} & set(words) or words[-1] == "after":
        days = 1
    elif "previous" in words or words[-1] == "before":
        days = -1
    whole = words[-1] == "day" and words[0] not in ("later", "earlier")
    return _Shift(days, days + night, "day" if whole or words[1:2] == ["day"] else "part_of_day")


def _ahead(unit: str, count: int | None) -> _Shift | None:
    if count is not None and not 0 < count <= 1000:
        return None
    if unit in ("second", "minute"):
        return _Shift(0, 1, "part_of_day")
    if unit == "hour":
        return _Shift(0, -(-(count or 1) // 24), "part_of_day")
    if unit == "day":
        return _Shift(2, None, "range") if count is None else _Shift(count, count, "day")
    if unit in ("week", "fortnight"):
        days = 7 if unit == "week" else 14
        return _Shift(days + 1, None, "range") if count is None else _Shift(days * count - 3, days * count + 3, "week")
    if unit == "month":
        return _Shift(32, None, "range") if count is None else _Shift(28 * count, 31 * count, "range")
    return None


def _moved(doc: Document, raw: Raw, when: When, anchor: When, shift: _Shift, published: date | None) -> When:
    assert anchor.earliest is not None and anchor.latest is not None
    first, last = date.fromisoformat(anchor.earliest[:10]), date.fromisoformat(anchor.latest[:10])
    low = None if shift.low is None else first + timedelta(days=shift.low)
    high = published if shift.high is None else last + timedelta(days=shift.high)
    if published is not None and high is not None and high > published and not is_future(doc, raw.first, raw.last):
        high = published
    if low is not None and high is not None and low > high:
        return when  # what it hangs on was not the right one, or publication is not
    precision: Precision = shift.precision
    if precision == "part_of_day" and (low is None or high is None or high - low > timedelta(days=1)):
        precision = "range"
    words = anchor.passage.text if anchor.passage is not None else None
    return When(
        when.passage, low.isoformat() if low else None, high.isoformat() if high else None, precision, BASIS, words
    )
