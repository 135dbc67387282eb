"""Time expressions of a text, resolved as news uses them.

Guarantees: every result is an interval of dates (or clock times) with a precision and the rule that gave it; what
hangs on something that is not known (no publication date, "hours later" after nothing dated, a slash date that reads
two ways, an event that no calendar dates) stays unresolved and says on what it hangs. The rules: a bare weekday is the
latest such day up to and including the day of publication; a clause about the future turns it to the next such day;
"last Wednesday" is before the day of publication; a night belongs to the two days it joins; weeks begin on Monday (ISO
8601). Clock times carry no zone unless the source gives UTC or GMT: the text does not say which.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from probanda.extract.modality.modality import is_future
from probanda.extract.text.segments import Document
from probanda.extract.values.calendar_dates import Raw
from probanda.extract.values.chains import hung
from probanda.extract.values.time_patterns import scan
from probanda.records.reading import When

Precision = Literal["instant", "hour", "part_of_day", "day", "week", "month", "season", "year", "range", "unknown"]
_DAYS = {"day": 1, "week": 7, "fortnight": 14}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Tokens [first, last) and what they say."""

    first: int
    last: int
    when: When


@dataclass(frozen=True, slots=True)
class _Span:
    earliest: date | None
    latest: date | None
    precision: Precision
    basis: str
    relative_to: str | None = None


_STATED, _PUBLISHED, _UNRESOLVED = "stated", "relative to publication", "unresolved"


def find_times(
    doc: Document,
    published: str | None,
    calendar: Mapping[str, str] | None = None,
    scanned: Sequence[Raw] | None = None,
) -> tuple[TimeMention, ...]:
    """The time expressions of `doc` in order. `published` is an ISO 8601 date (a time after it is ignored), `None`
    where it is not known; `calendar` maps words of events ("invasion") to the ISO dates on which they began, for
    "since the invasion"; `scanned` is `time_patterns.scan(doc)`, where it is at hand."""
    day = _parse(published)
    raws = scan(doc) if scanned is None else scanned
    whens = hung(doc, raws, [_when(doc, raw, day, calendar or {}) for raw in raws], day)
    return tuple(TimeMention(raw.first, raw.last, when) for raw, when in zip(raws, whens, strict=True))


def _parse(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _when(doc: Document, raw: Raw, published: date | None, calendar: Mapping[str, str]) -> When:
    span = _resolve(doc, raw, published, calendar)
    passage = doc.passage(raw.first, raw.last)
    earliest = span.earliest.isoformat() if span.earliest else None
    latest = span.latest.isoformat() if span.latest else None
    precision = span.precision
    if raw.clock and span.precision in ("day", "part_of_day") and span.earliest is not None:
        earliest = latest = f"{span.earliest.isoformat()}T{raw.clock}"
        precision = "hour" if ":00" in raw.clock else "instant"
    return When(passage, earliest, latest, precision, span.basis, span.relative_to)


def _resolve(doc: Document, raw: Raw, published: date | None, calendar: Mapping[str, str]) -> _Span:
    if raw.form == "range":
        return _range(doc, raw, published, calendar)
    if raw.form == "since":
        inner = _resolve(doc, raw.ends[0], published, calendar)
        if inner.earliest is None:
            return _Span(None, None, "range", inner.basis, inner.relative_to)
        return _Span(inner.earliest, _at_least(published, inner.earliest), "range", inner.basis)
    if raw.form == "event" and raw.event is not None:
        return _event(doc, raw.event, published, calendar)
    if raw.form == "ambiguous":
        return _Span(None, None, "range", _UNRESOLVED, "order of day and month")
    if raw.form == "chained":
        return _Span(None, None, "unknown", _UNRESOLVED, "previous statement")
    if raw.form == "decade" and raw.year is not None:
        return _Span(date(raw.year, 1, 1), date(raw.year + 9, 12, 31), "range", _STATED)
    if raw.form == "year" and raw.year is not None:
        return _Span(date(raw.year, 1, 1), date(raw.year, 12, 31), "year", _STATED)
    if raw.year is not None and raw.form in ("date", "month", "season"):
        return _dated(raw, raw.year)
    if raw.form == "clock":
        return _Span(
            None,
            None,
            "hour" if not raw.clock or ":00" in raw.clock else "instant",
            _UNRESOLVED,
            "day of the statement",
        )
    if published is None:
        return _Span(None, None, _coarse(raw), _UNRESOLVED, "publication")
    return _relative(doc, raw, published)


def _at_least(published: date | None, earliest: date) -> date | None:
    return published if published is not None and published >= earliest else None


def _coarse(raw: Raw) -> Precision:
    found: dict[str, Precision] = {
        "date": "day",
        "weekday": "day",
        "deictic": "day",
        "month": "month",
        "season": "season",
    }
    return found.get(raw.form, "unknown")


def _dated(raw: Raw, year: int, basis: str = _STATED) -> _Span:
    if raw.form == "season":
        return _Span(None, None, "season", _UNRESOLVED, "hemisphere")
    month = raw.month or 1
    if raw.form == "date" and raw.day is not None:
        if raw.day > months.monthrange(year, month)[1]:
            return _Span(None, None, "day", _UNRESOLVED, "a day that the calendar does not have")
        return _parted(date(year, month, raw.day), raw.part, basis)
    last = months.monthrange(year, month)[1]
    first_day, last_day = {"early": (1, 10), "mid": (11, 20), "late": (21, last)}.get(raw.modifier, (1, last))
    return _Span(date(year, month, first_day), date(year, month, last_day), "month", basis)


def _parted(day: date, part: str, basis: str) -> _Span:
    """A day, or a part of it; nights and "overnight" reach into the next day, "overnight into" comes from the day
    before."""
    one = timedelta(days=1)
    if part in ("night", "evening", "morning", "afternoon", "lunchtime"):
        return _Span(day, day + one if part == "night" else day, "part_of_day", basis)
    if part == "into":
        return _Span(day - one, day, "part_of_day", basis)
    if part == "overnight":
        return _Span(day - one, day + one, "part_of_day", basis)
    return _Span(day, day, "day", basis)


def _relative(doc: Document, raw: Raw, published: date) -> _Span:
    if raw.form == "weekday" and raw.weekday is not None:
        return _weekday(doc, raw, raw.weekday, published)
    if raw.form == "date" and raw.month is not None and raw.day is not None:
        future = is_future(doc, raw.first, raw.last)
        years = (
            (published.year, published.year + 1, published.year + 4)
            if future
            else range(published.year, published.year - 9, -1)
        )
        for year in years:
            if raw.day > months.monthrange(year, raw.month)[1]:
                continue
            day = date(year, raw.month, raw.day)
            if (day >= published) if future else (day <= published):
                return _parted(day, raw.part, "year from publication")
        return _Span(None, None, "day", _UNRESOLVED, "publication")
    if raw.form == "month" and raw.month is not None:
        return _month(doc, raw, raw.month, published)
    if raw.form == "deictic":
        return _deictic(raw, published)
    if raw.form in ("period", "window"):
        return _period(raw, published)
    if raw.form == "ago":
        return _ago(raw, published)
    return _Span(None, None, _coarse(raw), _UNRESOLVED, "hemisphere" if raw.form == "season" else "publication")


def _weekday(doc: Document, raw: Raw, weekday: int, published: date) -> _Span:
    back = (published.weekday() - weekday) % 7
    monday = published - timedelta(days=published.weekday())
    if raw.modifier.endswith("week"):
        weeks = {"last": -1, "this": 0, "next": 1}[raw.modifier.split()[0]]
        return _parted(monday + timedelta(days=weekday + 7 * weeks), raw.part, _PUBLISHED)
    if raw.modifier == "last":
        return _parted(published - timedelta(days=back or 7), raw.part, "weekday before publication")
    if raw.modifier == "this":
        return _parted(monday + timedelta(days=weekday), raw.part, "weekday of the week of publication")
    if raw.modifier == "next" or is_future(doc, raw.first, raw.last):
        ahead = (weekday - published.weekday()) % 7
        basis = "weekday after publication" if raw.modifier == "next" else "weekday on or after publication"
        return _parted(published + timedelta(days=ahead or (7 if raw.modifier == "next" else 0)), raw.part, basis)
    return _parted(published - timedelta(days=back), raw.part, "weekday on or before publication")


def _month(doc: Document, raw: Raw, month: int, published: date) -> _Span:
    year = published.year
    if raw.modifier == "next" or is_future(doc, raw.first, raw.last):
        year += month < published.month or (month == published.month and raw.modifier == "next")
    elif month > published.month or (month == published.month and raw.modifier == "last"):
        year -= 1
    return _dated(raw, year, "year from publication")


def _deictic(raw: Raw, published: date) -> _Span:
    one = timedelta(days=1)
    if raw.word == "overnight" or raw.word == "last":
        return _Span(published - one, published, "part_of_day", _PUBLISHED)
    if raw.word == "tonight":
        return _Span(published, published + one, "part_of_day", _PUBLISHED)
    day = published + {"yesterday": -one, "tomorrow": one}.get(raw.word, timedelta())
    return _parted(day, raw.part, _PUBLISHED)


def _period(raw: Raw, published: date) -> _Span:
    modifier = raw.modifier.split()[-1] if raw.modifier else "this"
    if raw.form == "window":
        span = _length(raw)
        if span is None:
            return _Span(None, None, "range", _UNRESOLVED, "length of the period")
        if modifier == "next":
            return _Span(published, published + span, "range", _PUBLISHED)
        return _Span(published - span, published, "range", _PUBLISHED)
    shift = {"last": -1, "this": 0, "next": 1}[modifier]
    until_now = raw.modifier.startswith("earlier")
    first, last, precision = _period_bounds(raw.word, shift, published)
    if first is None or last is None:
        return _Span(None, None, "unknown", _UNRESOLVED, "length of the period")
    return _Span(first, min(last, published) if until_now and shift == 0 else last, precision, _PUBLISHED)


def _period_bounds(word: str, shift: int, published: date) -> tuple[date | None, date | None, Precision]:
    if word == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(days=7 * shift)
        return monday, monday + timedelta(days=6), "week"
    if word == "weekend":
        back = timedelta(days=(published.weekday() - 5) % 7)
        saturday = (
            published - back if shift < 0 else published + timedelta(days=5 - published.weekday() + 7 * max(shift, 0))
        )
        return saturday, saturday + timedelta(days=1), "range"
    if word == "month":
        index = published.year * 12 + published.month - 1 + shift
        year, month = index // 12, index % 12 + 1
        return date(year, month, 1), date(year, month, months.monthrange(year, month)[1]), "month"
    if word == "year":
        return date(published.year + shift, 1, 1), date(published.year + shift, 12, 31), "year"
    return None, None, "unknown"


def _length(raw: Raw) -> timedelta | None:
    """The span of "the past 24 hours", in whole days rounded up; `None` for "the last days"."""
    if raw.count is None:
        return None
    if raw.word in ("second", "minute"):
        return timedelta(days=1)
    if raw.word == "hour":
        return timedelta(days=-(-raw.count // 24))
    days = {**_DAYS, "month": 31, "year": 366, "decade": 3653}.get(raw.word)
    return timedelta(days=days * raw.count) if days is not None else None


def _ago(raw: Raw, published: date) -> _Span:
    if raw.count is None:
        return _Span(None, published, "range", _PUBLISHED, "an unstated number of " + raw.word + "s")
    if raw.count > 3000:
        return _Span(None, None, "unknown", _UNRESOLVED, "publication")
    if raw.word in ("hour", "minute", "second"):
        days = -(-raw.count // 24) if raw.word == "hour" else 1
        return _Span(published - timedelta(days=days), published, "part_of_day", _PUBLISHED)
    if raw.word == "day":
        day = published - timedelta(days=raw.count)
        return _Span(day, day, "day", _PUBLISHED)
    if raw.word in ("week", "fortnight"):
        day = published - timedelta(days=_DAYS[raw.word] * raw.count)
        return _Span(day - timedelta(days=3), day + timedelta(days=3), "week", _PUBLISHED)
    if raw.word == "month":
        first, last, precision = _period_bounds("month", -raw.count, published)
        return _Span(first, last, precision, _PUBLISHED)
    if raw.word in ("year", "decade"):
        years = raw.count * (10 if raw.word == "decade" else 1)
        if years >= published.year:
            return _Span(None, None, "unknown", _UNRESOLVED, "publication")
        return _Span(date(published.year - years, 1, 1), date(published.year - years, 12, 31), "year", _PUBLISHED)
    return _Span(None, None, "unknown", _UNRESOLVED, "publication")


def _range(doc: Document, raw: Raw, published: date | None, calendar: Mapping[str, str]) -> _Span:
    low, high = (_resolve(doc, end, published, calendar) for end in raw.ends)
    if low.earliest is not None and high.latest is not None and low.earliest > high.latest and raw.ends[0].year is None:
        low = _dated(raw.ends[0], low.earliest.year - 1, low.basis) if raw.ends[0].form in ("date", "month") else low
        if (
            low.earliest is not None
            and raw.ends[0].form == "weekday"
            and high.latest is not None
            and low.earliest > high.latest
        ):
            low = _Span(low.earliest - timedelta(days=7), low.latest, low.precision, low.basis)
    if raw.ends[1].year is not None and raw.ends[0].year is None and raw.ends[0].form in ("date", "month"):
        low = _dated(raw.ends[0], raw.ends[1].year)
        if low.earliest is not None and high.latest is not None and low.earliest > high.latest:
            low = _dated(raw.ends[0], raw.ends[1].year - 1)
    if low.earliest is None or high.latest is None or low.earliest > high.latest:
        return _Span(None, None, "range", _UNRESOLVED, low.relative_to or high.relative_to or "order of the two ends")
    return _Span(low.earliest, high.latest, "range", high.basis)


def _event(doc: Document, event: tuple[int, int], published: date | None, calendar: Mapping[str, str]) -> _Span:
    words = doc.passage(*event).text
    lower = " ".join(token.lower for token in doc.tokens[event[0] : event[1]])
    for name in sorted(calendar, key=len, reverse=True):  # "the second war" before "the war"
        day = _parse(calendar[name])
        if day is not None and f" {name.lower()} " in f" {lower} ":
            return _Span(day, _at_least(published, day), "range", "event calendar", words)
    return _Span(None, None, "range", "event calendar", words)
