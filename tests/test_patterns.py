"""Counts by bin, concentration, control and coverage, and the words that a pattern is told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.patterns.concentration import concentration, groups_of, wilson
from probanda.patterns.control import control
from probanda.patterns.coverage import NOT_STATED, coverage
from probanda.patterns.observed import ControlStatement, Observation, Observed, Report
from probanda.patterns.patterns import patterns
from probanda.patterns.series import Per, bin_of, series, spans

START = date(2031, 3, 3)  # a Monday
WEEK = timedelta(days=7)


def seen(
    number: int,
    earliest: date | None = START,
    latest: date | None = None,
    *,
    type: str | None = "attack.strike",
    place: str | None = "Marisburg",
    place_id: str | None = "site:1",
    objects: Sequence[str] = ("healthcare",),
    party: str | None = None,
) -> Observation:
    return Observation(
        f"incident:{number:04}", type, earliest, latest or earliest, place, place_id, "XX", tuple(objects), party,
        (f"{number:064x}",), ("speaker",),
    )  # fmt: skip


def heard(number: int, published: date | None, language: str | None = "en", source: str | None = "Wire") -> Report:
    return Report(f"{number:064x}", published, language, source)


def test_a_week_begins_on_monday_and_a_month_ends_with_its_last_day() -> None:
    assert bin_of(date(2031, 3, 9), "week") == (START, date(2031, 3, 9))
    assert bin_of(date(2032, 2, 11), "month") == (date(2032, 2, 1), date(2032, 2, 29))
    assert bin_of(date.max, "month")[1] == bin_of(date.max, "week")[1] == date.max
    assert [first for first, _ in spans(START, START + 2 * WEEK, "week")] == [START, START + WEEK, START + 2 * WEEK]


def test_a_date_that_spans_two_bins_is_put_into_neither() -> None:
    wide = seen(2, START + WEEK - timedelta(days=1), START + WEEK)
    counted = series([seen(1), wide, seen(3, None)], [heard(1, START + 2 * WEEK)], "week")
    assert [(bin.certain, bin.possible, bin.reports) for bin in counted.bins] == [(1, 2, 0), (0, 1, 0), (0, 0, 1)]
    assert (counted.unplaced, counted.undated) == (1, 1)
    assert [bin.first for bin in counted.silent] == [START, START + WEEK]


dates = st.dates(date(2031, 1, 1), date(2031, 6, 30))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(dates, st.integers(0, 40)), max_size=12), st.sampled_from(get_args(Per)))
def test_nothing_is_lost_or_counted_twice(given_: list[tuple[date, int]], per: Per) -> None:
    observations = [seen(n, first, first + timedelta(days=days)) for n, (first, days) in enumerate(given_)]
    counted = series(observations, [], per)
    assert sum(bin.certain for bin in counted.bins) + counted.unplaced + counted.undated == len(observations)
    assert all(bin.certain <= bin.possible for bin in counted.bins)
    assert series(observations[::-1], [], per) == counted


def test_reports_that_multiply_are_no_change_of_what_happened() -> None:
    """Each report tells of one incident: six times the reports, six times the incidents."""
    reports: list[Report] = []
    observations: list[Observation] = []
    for week in range(20):
        for copy in range(2 if week < 10 else 12):
            reports.append(heard(len(reports), START + week * WEEK))
            observations.append(seen(len(observations), START + week * WEEK + timedelta(days=copy % 7)))
    volume = patterns(Observed("events", tuple(observations), tuple(reports))).findings[0]
    assert (volume.what, volume.verdict) == ("all", "sign_in_reporting")
    assert volume.count is not None
    assert volume.count.any_change > 0.95
    assert volume.per_report is not None
    assert volume.per_report.any_change < 0.95


def rise() -> list[Observation]:
    """One incident a week for ten weeks, then eight a week, all of a week told in one report of the week after."""
    each = [1 if week < 10 else 8 for week in range(20)]
    return [
        replace(seen(week * 10 + n, START + week * WEEK), documents=(f"{week:064x}",))
        for week in range(20)
        for n in range(each[week])
    ]


def test_a_rise_that_reports_do_not_explain_is_a_sign() -> None:
    reports = tuple(heard(week, START + (week + 1) * WEEK) for week in range(20))
    volume = patterns(Observed("incidents", tuple(rise()), reports)).findings[0]
    assert volume.verdict == "sign"
    assert volume.count is not None
    assert [change.at for change in volume.count.changes] == [10]
    assert volume.per_report is not None
    assert [change.at for change in volume.per_report.changes] == [11]


def test_without_dated_reports_a_rise_is_one_in_what_is_known() -> None:
    volume = patterns(Observed("incidents", tuple(rise()), ())).findings[0]
    assert (volume.verdict, volume.per_report) == ("sign_in_reporting", None)


def test_a_shift_to_one_kind_of_object_is_seen_in_its_share() -> None:
    observations = []
    for week in range(24):
        for n in range(6):
            civilian = n < (1 if week < 12 else 5)
            kind = "residential" if civilian else "military"
            observations.append(seen(week * 10 + n, START + week * WEEK, objects=(kind,)))
    reports = tuple(heard(week, START + week * WEEK) for week in range(24))
    found = {one.what: one for one in patterns(Observed("incidents", tuple(observations), reports)).findings}
    assert found["all"].verdict == "no_sign"
    assert found["residential"].verdict == "sign"
    share = found["residential"].share
    assert share is not None
    assert share.changes[0].at == 12


def test_few_incidents_say_nothing() -> None:
    few = Observed("incidents", tuple(seen(n) for n in range(9)), ())
    (finding,) = patterns(few).findings
    assert (finding.verdict, finding.count) == ("too_few", None)
    assert "9 dated incidents" in finding.why
    assert patterns(Observed("incidents", (), ())).findings[0].verdict == "too_few"


def test_only_the_type_asked_for_is_counted_with_what_is_below_it() -> None:
    observed = Observed(
        "incidents", (seen(1), seen(2, type="attack"), seen(3, type="attacker"), seen(4, type=None)), ()
    )
    assert patterns(observed, type="attack").coverage.observations == 2


def test_a_share_has_wilsons_interval_and_leaves_out_what_is_not_stated() -> None:
    assert wilson(15, 50) == pytest.approx((0.1910, 0.4375), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    found = concentration(
        [seen(1), seen(2, objects=("school", "residential")), seen(3, objects=()), seen(4, place=None)]
    )
    assert [(one.name, one.count, one.of) for one in found.types] == [("attack.strike", 4, 4)]
    assert found.no_object == 1
    assert found.no_place == 1
    medical = next(one for one in found.groups if one.name == "medical")
    assert (medical.count, medical.of) == (2, 3)


def test_groups_are_by_physical_type_and_fall_back_to_its_family() -> None:
    assert groups_of(["infrastructure.power"]) == {"power"}
    assert groups_of(["infrastructure.transport"]) == {"other_civilian"}
    assert groups_of(["something new"]) == {"other"}


def test_repetition_needs_a_place_that_somebody_identified() -> None:
    again = [seen(1), seen(2, START + WEEK), seen(3, START, place_id=None), seen(4, START + WEEK, place_id=None)]
    (repeated,) = concentration(again).repeated
    assert repeated.ids == ("incident:0001", "incident:0002")


def said(number: int, state: str, day: date | None, **more: str | None) -> ControlStatement:
    row = ControlStatement(
        f"event:{number}", "Castle Orrin", "site:9", state, "Brendian troops", "report", "accomplished", day, day,
        START, "0" * 64, 0, 9,
    )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


def test_control_is_told_by_source_and_conflicts_stay() -> None:
    rows = [
        said(1, "captured", START),
        said(2, "contested", START),
        said(3, "captured", START + WEEK),
        said(4, "captured", None),
        said(5, "captured", START, modality="denied"),
        said(6, "captured", START, place="Castle Orrin", place_id=None),
    ]
    first, second = control(rows[::-1])
    named, unnamed = (first, second) if first.place_id is not None else (second, first)
    assert [one.id for one in named.states] == ["event:1", "event:2", "event:4", "event:3"]
    assert named.conflicts == (("event:1", "event:2"),)
    assert [one.id for one in named.apart] == ["event:5"]
    assert [one.id for one in unnamed.states] == ["event:6"]


def test_every_table_of_the_coverage_adds_up() -> None:
    observed = Observed(
        "events", (seen(1), seen(2, party="Brendian troops")), (heard(1, START), heard(2, None, None, None))
    )
    found = coverage(observed)
    for rows, total in (
        (found.languages, 2), (found.sources, 2), (found.countries, 2), (found.parties, 2), (found.holders, 2),
    ):  # fmt: skip
        assert sum(row.count for row in rows) == total
    assert {row.name for row in found.parties} == {NOT_STATED, "Brendian troops"}
    assert {row.name for row in found.languages} == {"en", "not read"}
    assert found.one_report == 2
