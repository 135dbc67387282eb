"""The timeline: a time as wide as it is known, tracks that keep kinds apart, a scale that fits."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_world as world
from probanda.report.casefile import build
from probanda.report.chapters import TimelineMark, Track
from probanda.report.page import html
from probanda.report.timeline import TRACKS, draw, panels
from probanda.report.tongue import Tongue

EN = Tongue("en")


def mark(number: str, low: str | None, high: str | None, track: Track = "happened") -> TimelineMark:
    return TimelineMark(number, track, low, high, "day", "fired", None)


def test_a_day_is_a_point_and_a_range_is_a_bar() -> None:
    (panel,) = draw([mark("E1", "2026-03-02", "2026-03-02"), mark("E2", "2026-03-05", "2026-03-09")], EN)
    drawn = dict(re.findall(r'<a href="#time-(E\d)"><title>[^<]*</title><(\w+)', panel.svg))
    assert drawn == {"E1": "circle", "E2": "rect"}
    assert "E2: 5 March 2026 to 9 March 2026" in panel.svg


def test_an_open_end_is_dotted_and_said() -> None:
    (panel,) = draw([mark("E1", "2026-03-02", None)], EN)
    assert "from 2 March 2026, end not known" in panel.svg
    assert 'stroke-dasharray="1 4"' in panel.svg
    (closed,) = draw([mark("E1", "2026-03-02", "2026-03-04")], EN)
    assert 'stroke-dasharray="1 4"' not in closed.svg


def test_what_is_alleged_or_proposed_never_stands_on_the_track_of_what_happened() -> None:
    day = "2026-03-02"
    marks = [mark("I1", day, day, "incident"), mark("M1", day, day, "proposal"), mark("E1", day, day),
             mark("A1", day, day, "apart"), mark("1", day, day, "published")]  # fmt: skip
    (panel,) = draw(marks, EN)
    places = {
        number: float(y) for y, number in re.findall(r'<text x="[\d.]+" y="([\d.]+)" [^>]*>(\w+)</text></a>', panel.svg)
    }
    assert len(set(places.values())) == 5
    assert sorted(places, key=lambda number: places[number]) == ["I1", "M1", "E1", "A1", "1"]
    for number, hollow in (("E1", False), ("I1", False), ("A1", True), ("M1", True)):
        found = re.findall(rf'-{number}"><title>[^<]*</title><\w+[^>]* fill="(#\w+)"', panel.svg)
        assert (found == ["#ffffff"]) is hollow


@pytest.mark.parametrize(("days", "scale"), [(3, "days"), (60, "weeks"), (400, "months"), (4000, "years")])
def test_the_scale_follows_the_stretch(days: int, scale: str) -> None:
    last = date(2026, 1, 1) + timedelta(days)
    (panel,) = draw([mark("E1", "2026-01-01", last.isoformat())], EN)
    assert panel.scale == scale


def test_dates_far_apart_get_panels_of_their_own() -> None:
    found = draw([mark("E1", "2005-06-06", "2005-06-06"), mark("E2", "2031-04-08", "2031-04-08"),
                  mark("E3", "2031-04-12", "2031-04-12")], EN)  # fmt: skip
    assert [panel.shown for panel in found] == [("E1",), ("E2", "E3")]


DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.lists(st.tuples(DAYS, st.integers(0, 900), st.sampled_from(TRACKS), st.sampled_from(["both", "low", "high"])),
                max_size=25))  # fmt: skip
def test_every_mark_stands_in_one_panel_and_inside_the_drawing(given_: list[tuple[date, int, Track, str]]) -> None:
    marks = []
    for n, (first, length, track, ends) in enumerate(given_):
        low, high = first.isoformat(), (first + timedelta(length)).isoformat()
        marks.append(mark(f"E{n}", low if ends != "high" else None, high if ends != "low" else None, track))
    assert sorted(one.mark.number for group in panels(marks) for one in group) == sorted(one.number for one in marks)
    drawn = draw(marks, EN)
    assert sum(len(panel.shown) + panel.left_out for panel in drawn) == len(marks)
    for panel in drawn:
        assert all(0 <= float(x) <= 760 for x in re.findall(r' c?x="([\d.-]+)"', panel.svg))


def test_days_at_the_ends_of_the_calendar_are_drawn() -> None:
    assert draw([mark("E1", "0001-01-01", "9999-12-31")], EN)[0].scale == "years"


def test_every_mark_stands_in_the_table_and_the_undated_are_listed() -> None:
    casefile = build(world.whole())
    page = html(casefile)
    assert casefile.timeline is not None
    section = page[page.index('id="s-timeline"') : page.index('id="s-procedures"')]
    for one in casefile.timeline.marks:
        assert (f'id="time-{one.number}"' in section) is (one.track != "published")
    assert all(f'href="#line-{number}"' in section for number in casefile.timeline.undated)


def test_what_the_drawing_has_no_room_for_is_said() -> None:
    text = "\n".join(f"Strike {n} hit." for n in range(60))
    events = [world.event(text, f"event:{n}", f"Strike {n} ", when=world.on("2026-03-02")) for n in range(60)]
    one = world.item(text, 1)
    casefile = build(world.snapshot([one], [world.row(text, world.reading(text, events=events), one)]))
    assert casefile.timeline is not None
    (panel,) = draw(casefile.timeline.marks, EN)
    assert panel.left_out == 61 - len(panel.shown) > 0
    page = html(casefile)
    assert f"{panel.left_out} more have no room here" in page
    assert all(f'id="time-E{n}"' in page for n in range(1, 61))
