"""Dates that carry their precision: EDTF (ISO 8601-2:2019, Library of Congress specification), levels 0 and 1.

Guarantees: the text is kept as written; `earliest` and `latest` are the first and last day that the text allows, both
included, in the text's own calendar and zone. Doubt ("?", "~", "%") widens no bound, because EDTF gives it no width; it
is carried as `uncertain` and `approximate`. Seasons 21 to 24 are independent of location in EDTF, so their bounds cover
both hemispheres. Refuses, with the reason: level 2 forms, dates that no calendar has, an interval whose end lies before
its start.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Literal

Precision = Literal["instant", "day", "month", "season", "year", "decade", "century", "interval"]
_Day = tuple[int, int, int]  # year, month, day: also for years that `datetime.date` cannot hold

_DATE = re.compile(
    r"(?P<year>-?\d{4}|-?\d{3}X|-?\d{2}XX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<doubt>[?~%]?)", re.ASCII
)
_LONG_YEAR = re.compile(r"Y(?P<year>-?[1-9]\d{4,14})(?P<doubt>[?~%]?)", re.ASCII)  # 15 digits: stays a safe integer
_INSTANT = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?P<zone>Z|[+-]\d\d(?::\d\d)?)?", re.ASCII)
_SPRING, _SUMMER, _AUTUMN, _WINTER = 21, 22, 23, 24


class EdtfError(ValueError):
    """The text is no EDTF date of level 0 or 1. Says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Edtf:
    """`earliest` and `latest` are `None` where the end is open or unknown, and where the year lies outside 1 to 9999,
    which `datetime.date` cannot hold; `earliest_year` and `latest_year` (astronomical: 0 is 1 BC) are `None` only in
    the first case. `instant` is set for a date-time with a zone. An end is *open* ("..": goes on) or *unknown* (empty:
    nobody says); the two differ."""

    text: str
    precision: Precision
    earliest: date | None
    latest: date | None
    earliest_year: int | None
    latest_year: int | None
    approximate: bool = False
    uncertain: bool = False
    unspecified: bool = False  # written with X
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    instant: datetime | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class _Span:
    first: _Day
    last: _Day
    precision: Precision
    approximate: bool = False
    uncertain: bool = False
    unspecified: bool = False


def parse_edtf(text: str) -> Edtf:
    """The date that `text` writes. Raises `EdtfError`."""
    if "/" in text:
        return _interval(text)
    if "T" in text:
        return _instant(text)
    span = _span(text)
    return Edtf(
        text=text,
        precision=span.precision,
        earliest=_date(span.first),
        latest=_date(span.last),
        earliest_year=span.first[0],
        latest_year=span.last[0],
        approximate=span.approximate,
        uncertain=span.uncertain,
        unspecified=span.unspecified,
    )


def _interval(text: str) -> Edtf:
    ends = text.split("/")
    if len(ends) != 2:
        raise EdtfError(f"expected one '/' between the two ends of an interval, found {text!r:.60}")
    start, end = (None if side in ("", "..") else _span(side) for side in ends)
    if start is None and end is None:
        raise EdtfError(f"expected a date at one end of the interval at least, found {text!r:.60}")
    if start and end and start.first > end.last:
        raise EdtfError(f"expected an interval that ends after it starts, found {text!r:.60}")
    spans = [span for span in (start, end) if span]
    return Edtf(
        text=text,
        precision="interval",
        earliest=_date(start.first) if start else None,
        latest=_date(end.last) if end else None,
        earliest_year=start.first[0] if start else None,
        latest_year=end.last[0] if end else None,
        approximate=any(span.approximate for span in spans),
        uncertain=any(span.uncertain for span in spans),
        unspecified=any(span.unspecified for span in spans),
        open_start=ends[0] == "..",
        open_end=ends[1] == "..",
        unknown_start=ends[0] == "",
        unknown_end=ends[1] == "",
    )


def _instant(text: str) -> Edtf:
    found = _INSTANT.fullmatch(text)
    if not found:
        raise EdtfError(f"expected a date-time like 2022-03-02T14:05:00+02:00 or ...Z, found {text!r:.60}")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EdtfError(f"{text!r:.60} names no moment: {error}") from error
    day = moment.date()
    return Edtf(
        text=text,
        precision="instant",
        earliest=day,
        latest=day,
        earliest_year=day.year,
        latest_year=day.year,
        instant=moment if moment.tzinfo else None,
    )


def _span(text: str) -> _Span:
    if text.startswith("Y"):
        return _long_year(text)
    found = _DATE.fullmatch(text)
    if not found:
        raise EdtfError(
            f"expected a date of EDTF level 0 or 1, such as 2022-03-02, 2022-03, 2022, 202X, 2022-03~ or "
            f"2022-03-01/2022-03-31, found {text!r:.60}"
        )
    year, month, day, doubt = found["year"], found["month"], found["day"], found["doubt"]
    if year == "-0000":
        raise EdtfError("the year 0 is written 0000, not -0000")
    if "X" in year:
        if month:
            raise EdtfError(f"unspecified digits stand at the right end at level 1, found {text!r:.60}")
        first, last, precision = _unspecified_years(year)
    elif month is None or month == "XX":
        if day not in (None, "XX"):
            raise EdtfError(f"a day of an unspecified month is level 2, found {text!r:.60}")
        first, last, precision = (int(year), 1, 1), (int(year), 12, 31), "year"
    elif int(month) > 12:
        if day is not None:
            raise EdtfError(f"a season has no days, found {text!r:.60}")
        first, last, precision = _season(int(year), int(month), text)
    else:
        first, last, precision = _month_or_day(int(year), int(month), day, text)
    return _doubted(_Span(first, last, precision, unspecified="X" in text), doubt)


def _unspecified_years(year: str) -> tuple[_Day, _Day, Precision]:
    ends = sorted((int(year.replace("X", "0")), int(year.replace("X", "9"))))  # a minus turns the order round
    return (ends[0], 1, 1), (ends[1], 12, 31), "century" if "XX" in year else "decade"


def _season(year: int, season: int, text: str) -> tuple[_Day, _Day, Precision]:
    """Spring and autumn of either hemisphere lie between March and December of the year; summer and winter may reach
    over the year's end to either side (December to March)."""
    if season in (_SPRING, _AUTUMN):
        return (year, 3, 1), (year, 12, 31), "season"
    if season in (_SUMMER, _WINTER):
        return (year - 1, 12, 1), (year + 1, 3, 31), "season"
    raise EdtfError(f"expected a month from 01 to 12 or a season from 21 to 24, found {season:02d} in {text!r:.60}")


def _month_or_day(year: int, month: int, day: str | None, text: str) -> tuple[_Day, _Day, Precision]:
    if month == 0:
        raise EdtfError(f"expected a month from 01 to 12, found 00 in {text!r:.60}")
    # The Gregorian calendar repeats every 400 years, so a year that `calendar` refuses has the length of one it takes.
    length = calendar.monthrange(year % 400 + 2000, month)[1]
    if day is None or day == "XX":
        return (year, month, 1), (year, month, length), "month"
    if not 1 <= int(day) <= length:
        raise EdtfError(f"expected a day from 01 to {length} in month {month:02d} of that year, found {text!r:.60}")
    return (year, month, int(day)), (year, month, int(day)), "day"


def _long_year(text: str) -> _Span:
    found = _LONG_YEAR.fullmatch(text)
    if not found:
        raise EdtfError(f"expected Y and a year of 5 to 15 digits without leading zeros, found {text!r:.60}")
    year = int(found["year"])
    return _doubted(_Span((year, 1, 1), (year, 12, 31), "year"), found["doubt"])


def _doubted(span: _Span, doubt: str) -> _Span:
    return _Span(
        span.first, span.last, span.precision, doubt in ("~", "%"), doubt in ("?", "%"),
        span.unspecified,
    )  # fmt: skip


def _date(day: _Day) -> date | None:
    return date(*day) if MINYEAR <= day[0] <= MAXYEAR else None
