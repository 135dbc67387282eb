"""What a machine takes for one incident: only what is said to have happened, and only what fits every other member."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_world import DAY, NEXT, PLACES, Report, one_act, readings
from probanda.link import happenings
from probanda.link.incidents import CROWD, compatible, open_proposals, propose
from probanda.records.canonical import identify
from probanda.records.incident import Incident, Proposal

MONTH = ("2031-04-01", "2031-04-30")
YEAR = ("2031-01-01", "2031-12-31")


def proposed(*reports: Report) -> tuple[Proposal, ...]:
    return propose(readings(reports)).proposals


def test_two_reports_of_one_act_are_one_proposal_with_the_narrowest_place_and_the_common_time() -> None:
    found = proposed(
        one_act("a", days=MONTH, hit="the harbour market"), one_act("b", "attack", "Selis Harbour", hit="the market")
    )
    [one] = found
    assert len(one.members) == 2
    assert (one.type, one.where and one.where.name, one.where and one.where.radius_m) == (
        "attack.strike", "Selis Harbour", 1000,
    )  # fmt: skip
    assert one.when is not None
    assert (one.when.earliest, one.when.latest, one.when.precision) == (*DAY, "day")
    assert any("2 documents" in reason for reason in one.reasons)


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("another day", one_act("b", days=NEXT)),
        ("another place", one_act("b", place="Castle Orrin")),
        ("another kind of act", one_act("b", "detention")),
        ("another branch of one kind", one_act("b", "attack.ground")),
        ("a region, which tells no two acts apart", one_act("b", place="Karovia")),
        ("a year, which tells no two acts apart", one_act("b", days=YEAR)),
        ("no place", one_act("b", place=None)),
        ("another object", one_act("b", hit="the hospital")),
    ],
)
def test_what_differs_is_kept_apart(what: str, other: Report) -> None:
    first = one_act("a", hit="the market")
    for one in proposed(first, other):
        assert len(one.members) == 1, what


def test_people_who_were_hit_contradict_no_building_that_was() -> None:
    report = one_act("b")
    report.events[0] = replace(report.events[0], affected=report.words("dozens of civilians"))
    [one] = proposed(one_act("a", hit="the market"), report)
    assert len(one.members) == 2


@pytest.mark.parametrize("modality", ["anticipated", "planned", "feared", "forecast", "possible", "threatened"])
def test_what_has_not_happened_is_no_member(modality: str) -> None:
    [one] = proposed(one_act("a"), one_act("b", modality=modality))
    assert len(one.members) == 1
    assert proposed(one_act("b", modality=modality)) == ()


def test_an_allegation_is_a_member_and_is_called_one() -> None:
    [one] = proposed(one_act("a"), one_act("b", modality="alleged"))
    assert len(one.members) == 2
    assert "against: 1 of 2 only as an allegation" in one.reasons


def test_a_denial_is_no_member_and_is_told_as_what_contradicts() -> None:
    elsewhere = one_act("b", modality="denied")
    [one] = proposed(one_act("a"), elsewhere)
    assert one.contradicted_by == (elsewhere.events[0].id,)
    assert len(one.members) == 1
    assert any("denied by the report itself" in reason for reason in one.reasons)


def test_a_denial_without_place_or_time_is_of_the_one_act_that_its_report_tells() -> None:
    report = one_act("a")
    denied = report.act("attack", modality="denied")
    [one] = proposed(report)
    assert one.contradicted_by == (denied,)
    report.act("attack.strike", "Castle Orrin", DAY)
    assert all(not one.contradicted_by for one in proposed(report)), "of two acts nobody knows which is denied"


def test_a_figure_without_place_or_time_goes_with_the_act_beside_it() -> None:
    report = one_act("a")
    toll = report.toll()
    [one] = proposed(report)
    assert toll in one.members
    assert any("lack a place or time of their own" in reason for reason in one.reasons)


def test_a_claim_of_another_kind_takes_nothing_from_the_act_beside_it() -> None:
    report = one_act("a", "displacement")
    report.toll()
    report.claims[0] = replace(report.claims[0], kind="attack")
    [one] = proposed(report)
    assert one.members == (report.events[0].id,)


def test_a_figure_after_another_place_was_named_goes_with_nothing() -> None:
    report = one_act("a")
    report.place("Castle Orrin")
    toll = report.toll()
    [one] = proposed(report)
    assert toll not in one.members


def test_a_figure_denied_is_no_member() -> None:
    report = one_act("a")
    none = report.toll("Port Selis", DAY, negated=True)
    [one] = proposed(report)
    assert none not in one.members
    assert one.contradicted_by == (none,)


def test_two_acts_of_one_report_are_one_only_if_they_share_place_time_and_object() -> None:
    report = one_act("a", hit="the market")
    report.act("attack", "Port Selis", DAY, hit="the market")
    assert [len(one.members) for one in proposed(report)] == [2]
    other = one_act("b", hit="the market")
    other.act("attack", "Port Selis", DAY)
    assert [len(one.members) for one in proposed(other)] == [1, 1]


def test_fitting_is_not_passed_on() -> None:
    """A broad telling fits two narrow ones that do not fit each other: three are never one."""
    strike, ground, broad = one_act("a", "attack.strike"), one_act("b", "attack.ground"), one_act("c", "attack")
    found = proposed(strike, ground, broad)
    assert sorted(len(one.members) for one in found) == [1, 2]


def test_one_name_at_two_places_is_two_places() -> None:
    there = one_act("b")
    there.places[0] = replace(there.places[0], latitude=10.0, longitude=10.0)
    assert [len(one.members) for one in proposed(one_act("a"), there)] == [1, 1]


def test_clock_times_of_one_act_may_differ_by_some_minutes() -> None:
    first = one_act("a", days=("2031-04-08T10:40", "2031-04-08T10:40"), precision="instant")
    near = one_act("b", days=("2031-04-08T11:10", "2031-04-08T11:10"), precision="instant")
    far = one_act("c", days=("2031-04-08T22:00", "2031-04-08T22:00"), precision="instant")
    [one] = proposed(first, near)
    assert one.when is not None
    assert (one.when.earliest, one.when.latest) == ("2031-04-08T10:40", "2031-04-08T11:10")
    assert [len(one.members) for one in proposed(first, far)] == [1, 1]


def test_a_date_that_no_calendar_has_is_no_time() -> None:
    for days in (("2031-02-30", "2031-02-30"), ("-0044", "soon")):
        assert len(proposed(one_act("a", days=days), one_act("b", days=days))) == 2, "it joins nothing"


def test_an_act_whose_time_nobody_tells_is_proposed_and_joined_with_no_other_report() -> None:
    first, second = one_act("a", days=None, hit="the market"), one_act("b", days=None, hit="the market")
    first.act("damage", "Port Selis", None, hit="the market")
    first.act("attack.strike", "Port Selis", None, hit="the hospital")
    first.act("damage", "Castle Orrin", None, hit="the market")
    found = proposed(first, second, one_act("c", hit="the market"))
    assert sorted(len(one.members) for one in found) == [1, 1, 1, 2]
    [both] = [one for one in found if len(one.members) == 2]
    assert (both.type, both.when) == ("attack.strike", None)
    assert any("unknown: when it was" in reason for reason in both.reasons)


def test_a_time_too_wide_to_compare_is_kept() -> None:
    [one] = proposed(one_act("a", days=YEAR))
    assert one.when is not None
    assert (one.when.earliest, one.when.latest) == YEAR


def test_an_id_follows_from_members_and_rules() -> None:
    [one] = proposed(one_act("a"), one_act("b"))
    assert one.id == identify("proposal", {"members": sorted(one.members), "rules": "2"})


def test_a_crowd_is_left_out_and_named() -> None:
    lone = one_act("elsewhere", place="Castle Orrin")
    crowd = [one_act(f"report {number}") for number in range(2 * CROWD + 1)]
    linked = propose(readings([*crowd, lone]))
    assert len(linked.crowded) == len(crowd)
    assert [one.members for one in linked.proposals] == [(lone.events[0].id,)]


def incident(*members: str) -> Incident:
    at = "2031-04-10T08:00:00.000Z"
    return Incident("incident:" + "1" * 64, "Strike", None, None, None, members, "seen", "agent:a", at, "0" * 64)


def test_what_a_person_answered_is_gone_and_a_part_of_it_is_told() -> None:
    reports = [one_act("a"), one_act("b")]
    found = proposed(*reports)
    members = found[0].members
    assert open_proposals(found, [incident(*members, "claim:x")], ()) == ()
    assert open_proposals(found, (), [members]) == ()
    [left] = open_proposals(found, [incident(members[0])], [(members[1],)])
    assert left.id == found[0].id
    assert left.reasons[-2:] == (
        "against: 1 of 2 stand in the incident incident:11111111111 already",
        "against: 1 of 2 stand in a group that a person refused",
    )


TYPES = ("attack", "attack.strike", "attack.ground", "siege", "killing", "diplomatic.vote")
MODALITIES = ("accomplished", "stated", "alleged", "denied", "anticipated", "feared")
DAYS = (DAY, NEXT, ("2031-04-08", "2031-04-10"), MONTH, YEAR, None)
acts = st.tuples(
    st.sampled_from(TYPES), st.sampled_from([*PLACES, None]), st.sampled_from(DAYS),
    st.sampled_from([None, "the market", "the hospital"]), st.sampled_from(MODALITIES),
)  # fmt: skip


@st.composite
def worlds(draw: Any) -> list[Report]:
    reports = []
    for number, told in enumerate(draw(st.lists(st.lists(acts, min_size=1, max_size=3), max_size=7))):
        report = Report(str(number))
        for type, place, days, hit, modality in told:
            report.act(type, place, days, hit, modality)
        if draw(st.booleans()):
            report.toll(draw(st.sampled_from([None, "Port Selis"])), negated=draw(st.booleans()))
        reports.append(report)
    return reports


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_proposals_hold_what_they_promise(world: list[Report], random: Any) -> None:
    given = readings(world)
    linked = propose(given)
    shuffled = list(given)
    random.shuffle(shuffled)
    assert propose(shuffled) == linked, "the order of reading means nothing"
    told = {one.id: one for one in happenings.told(given)}
    modality = {event.id: event.modality for reading in given for event in reading.events}
    seen: set[str] = set()
    for one in linked.proposals:
        assert one.members == tuple(sorted(set(one.members)))
        assert seen.isdisjoint(one.members), "one telling stands in one proposal"
        seen.update(one.members)
        if all(told[name].span for name in one.members):
            assert all(compatible(told[a], told[b]) for a, b in combinations(one.members, 2)), "every two fit"
            assert one.when and one.when.earliest and one.when.latest and one.when.earliest <= one.when.latest
        else:
            assert not any(told[name].span for name in one.members)
            assert len({(told[name].document, told[name].spot) for name in one.members}) == 1
        assert all(modality.get(name, "stated") in ("accomplished", "stated", "alleged") for name in one.members)
        assert seen.isdisjoint(one.contradicted_by)
        assert 0 < one.score < 1
    certain = {
        event.id
        for reading in given
        for event in reading.events
        if told.get(event.id) and told[event.id].act and told[event.id].spot and not told[event.id].denied
    }  # fmt: skip
    assert certain <= seen, "no act with a place is lost"
