"""EDTF levels 0 and 1: every form of the specification, its bounds, and clear refusals."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.edtf import EdtfError, parse_edtf

D = date


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        # level 0
        ("1985-04-12", "day", D(1985, 4, 12), D(1985, 4, 12)),
        ("1985-04", "month", D(1985, 4, 1), D(1985, 4, 30)),
        ("1985", "year", D(1985, 1, 1), D(1985, 12, 31)),
        ("2024-02", "month", D(2024, 2, 1), D(2024, 2, 29)),
        ("1900-02", "month", D(1900, 2, 1), D(1900, 2, 28)),
        ("1985-04-12T23:20:30", "instant", D(1985, 4, 12), D(1985, 4, 12)),
        ("1964/2008", "interval", D(1964, 1, 1), D(2008, 12, 31)),
        ("2004-06/2006-08", "interval", D(2004, 6, 1), D(2006, 8, 31)),
        ("2004-02-01/2005-02-08", "interval", D(2004, 2, 1), D(2005, 2, 8)),
        ("2004-02-01/2005-02", "interval", D(2004, 2, 1), D(2005, 2, 28)),
        ("2005/2006-02", "interval", D(2005, 1, 1), D(2006, 2, 28)),
        # level 1
        ("Y170000002", "year", None, None),
        ("Y-170000002", "year", None, None),
        ("2001-21", "season", D(2001, 3, 1), D(2001, 12, 31)),
        ("2001-23", "season", D(2001, 3, 1), D(2001, 12, 31)),
        ("2001-22", "season", D(2000, 12, 1), D(2002, 3, 31)),
        ("2001-24", "season", D(2000, 12, 1), D(2002, 3, 31)),
        ("201X", "decade", D(2010, 1, 1), D(2019, 12, 31)),
        ("20XX", "century", D(2000, 1, 1), D(2099, 12, 31)),
        ("2004-XX", "year", D(2004, 1, 1), D(2004, 12, 31)),
        ("1985-04-XX", "month", D(1985, 4, 1), D(1985, 4, 30)),
        ("1985-XX-XX", "year", D(1985, 1, 1), D(1985, 12, 31)),
        ("1985-04-12/..", "interval", D(1985, 4, 12), None),
        ("../1985-04", "interval", None, D(1985, 4, 30)),
        ("1985/", "interval", D(1985, 1, 1), None),
        ("/1985-04-12", "interval", None, D(1985, 4, 12)),
        ("1984-06-02?/2004-08-08~", "interval", D(1984, 6, 2), D(2004, 8, 8)),
        ("2004-06-XX/2004-07-03", "interval", D(2004, 6, 1), D(2004, 7, 3)),
        ("-1985", "year", None, None),
        ("0000", "year", None, None),
        ("0001", "year", D(1, 1, 1), D(1, 12, 31)),
        ("9999-12-31", "day", D(9999, 12, 31), D(9999, 12, 31)),
        ("9999-24", "season", D(9998, 12, 1), None),
    ],
)
def test_each_form_has_its_bounds(text: str, precision: str, earliest: date | None, latest: date | None) -> None:
    found = parse_edtf(text)
    assert (found.precision, found.earliest, found.latest) == (precision, earliest, latest)
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("-1985", -1985, -1985), ("0000", 0, 0), ("-19XX", -1999, -1900), ("-000X", -9, 0), ("Y-17000", -17000, -17000),
     ("Y17000/..", 17000, None), ("../-0500", None, -500), ("-0010/0010", -10, 10), ("-0004-02-29", -4, -4)],
)  # fmt: skip
def test_years_that_a_date_cannot_hold_keep_their_number(text: str, first: int | None, last: int | None) -> None:
    found = parse_edtf(text)
    assert (found.earliest_year, found.latest_year) == (first, last)


@pytest.mark.parametrize(("mark", "uncertain", "approximate"), [("", 0, 0), ("?", 1, 0), ("~", 0, 1), ("%", 1, 1)])
@pytest.mark.parametrize("text", ["1984", "2004-06", "2004-06-11", "2001-21", "Y17000", "201X", "../1984", "1984/.."])
def test_doubt_is_carried_and_widens_nothing(text: str, mark: str, uncertain: int, approximate: int) -> None:
    doubted = text.replace("1984", "1984" + mark) if "/" in text else text + mark
    found, plain = parse_edtf(doubted), parse_edtf(text)
    assert (found.uncertain, found.approximate) == (bool(uncertain), bool(approximate))
    assert (found.earliest, found.latest) == (plain.earliest, plain.latest)


def test_an_open_end_and_an_unknown_end_differ() -> None:
    opened, unknown = parse_edtf("1985/.."), parse_edtf("1985/")
    assert (opened.open_end, opened.unknown_end) == (True, False)
    assert (unknown.open_end, unknown.unknown_end) == (False, True)
    assert parse_edtf("../1985").open_start
    assert parse_edtf("/1985").unknown_start


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1985-04-12T23:20:30Z", datetime(1985, 4, 12, 23, 20, 30, tzinfo=UTC)),
        ("1985-04-12T23:20:30-04", datetime(1985, 4, 12, 23, 20, 30, tzinfo=timezone(timedelta(hours=-4)))),
        ("1985-04-12T23:20:30+04:30", datetime(1985, 4, 12, 23, 20, 30, tzinfo=timezone(timedelta(hours=4.5)))),
        ("1985-04-12T23:20:30", None),
    ],
)
def test_a_date_time_is_a_moment_when_it_has_a_zone(text: str, moment: datetime | None) -> None:
    assert parse_edtf(text).instant == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expected a date"), ("2022-2-3", "expected a date"), ("22-03-02", "expected a date"),
        ("March 2022", "expected a date"), ("2021-02-29", "from 01 to 28"), ("2022-04-31", "from 01 to 30"),
        ("2022-00", "found 00"), ("2022-13", "season"), ("2022-25", "season"),
        ("2022-21-01", "no days"), ("2022-01-00", "from 01"), ("XXXX", "expected"),
        ("2X22", "expected"), ("201X-03", "right end"), ("2022-XX-03", "level 2"), ("2022?-03", "expected"),
        ("{1985,1986}", "expected"), ("1985/1986/1987", "one '/'"), ("/", "at one end"), ("../..", "at one end"),
        ("2005/2004", "ends after"), ("Y2022", "5 to 15"), ("Y012345", "5 to 15"), ("Y1234567890123456", "5 to 15"),
        ("-0000", "0000"), ("2022-03-02T14:05", "date-time"), ("2022-03-02T25:00:00Z", "no moment"),
        ("2022-03-02T14:05:00Z/2022-03-03", "expected"), ("2022-03-02 ", "expected"), ("２０２２", "expected"),
        ("2022-03-02T14:05:00+25", "no moment"),
    ],
)  # fmt: skip
def test_what_is_no_such_date_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(EdtfError, match=why):
        parse_edtf(text)


@given(st.dates())
def test_every_day_month_and_year_bounds_itself(day: date) -> None:
    found = parse_edtf(day.isoformat())
    assert found.earliest == found.latest == day
    month = parse_edtf(f"{day:%Y-%m}" if day.year > 999 else f"{day.year:04d}-{day.month:02d}")
    assert month.earliest == day.replace(day=1)
    assert month.latest == day.replace(day=calendar.monthrange(day.year, day.month)[1])


@given(st.dates(), st.dates())
def test_an_interval_holds_both_its_ends_or_is_refused(a: date, b: date) -> None:
    if a > b:
        with pytest.raises(EdtfError):
            parse_edtf(f"{a.isoformat()}/{b.isoformat()}")
    else:
        found = parse_edtf(f"{a.isoformat()}/{b.isoformat()}")
        assert (found.earliest, found.latest) == (a, b)


@given(st.text("0123456789-/.XYTZ?~%:+", max_size=24))
def test_any_text_is_read_whole_or_refused(text: str) -> None:
    try:
        found = parse_edtf(text)
    except EdtfError:
        return
    assert found.text == text
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
