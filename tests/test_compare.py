"""What sources hold of one thing, pair by pair: contradictions are found, and nothing else is called one."""

from __future__ import annotations

import inspect
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compare_world import compared, position, told
from origins_world import article
from probanda.corroborate import relations
from probanda.corroborate.comparison import ALL_PAIRS, Comparison, _compared, compare
from probanda.corroborate.copies import copies
from probanda.corroborate.evolution import series
from probanda.corroborate.origins import origins
from probanda.corroborate.positions import Position
from probanda.corroborate.relations import relation
from probanda.records.quantity import Bound
from probanda.report.tongue import LANGUAGES, catalogue

TOLL = "were killed in Marisburg on 4 April 2031"


def found(a: Position, b: Position) -> tuple[str, str]:
    answer = relation(a, b)
    return answer.relation, answer.rule


def test_38_states_against_39_are_found_and_shown_with_both_readings() -> None:
    group = compared(
        article("Herald", "Britain and 37 allies referred the situation in Karovia to the court on 2 April 2031, the "
                "British foreign ministry said.", "2031-04-03"),
        article("Star", "On 2 April 2031 thirty-nine states referred the situation in Karovia to the court, prosecutor "
                "Ana Velk said.", "2031-04-05"),
        what="referral",
    )  # fmt: skip
    assert told(group) == {("37", "thirty-nine", "contradicts", "apart")}
    first, second = (one.interval for one in group.positions)
    assert first is not None and second is not None
    assert ((first.minimum, first.maximum), (second.minimum, second.maximum)) == ((38, 38), (39, 39))
    assert group.positions[0].note == "Britain and 37: 38 in all"
    assert [one.named for one in group.positions] == ["British foreign ministry", "Ana Velk"]


def test_a_number_expressly_corrected_is_a_contradiction_and_by_the_same_source_a_correction() -> None:
    group = compared(
        article("Herald", f"The mayor, Olm Brandt, said that 62 people {TOLL}.", "2031-04-05"),
        article("Star", f"Petra Halloun, a doctor, said that 59 people, not 62, {TOLL}.", "2031-04-05"),
    )
    assert ("59", "62", "contradicts", "said_to_be_wrong") in told(group)
    one, other = position("a", 62, 62), position("a", 59, 59, replaced=(62,))
    assert found(one, other) == ("supersedes", "corrected")


def test_a_denied_number_contradicts_who_gives_it_and_nobody_else() -> None:
    group = compared(
        article("Herald", f"The mayor, Olm Brandt, said that 62 people {TOLL}.", "2031-04-05"),
        article("Star", f"Petra Halloun, a doctor, said that 59 people {TOLL}.", "2031-04-05"),
        article("Post", f"The Brendian defence ministry denied that 62 people {TOLL}.", "2031-04-05"),
    )
    assert ("62", "62", "contradicts", "number_denied") in told(group)
    assert ("59", "62", "undetermined", "other_number_denied") in told(group)


def test_the_same_source_later_supersedes_and_another_source_does_not() -> None:
    group = compared(
        article("Herald", f"The mayor, Olm Brandt, said that 62 people {TOLL}.", "2031-04-05"),
        article("Star", f"The mayor, Olm Brandt, said that 65 people {TOLL}.", "2031-04-07"),
        article("Post", f"Petra Halloun, a doctor, said that 59 people {TOLL}.", "2031-04-07"),
    )
    assert told(group) == {
        ("62", "65", "supersedes", "later"),
        ("59", "62", "contradicts", "apart"),
        ("59", "65", "contradicts", "apart"),
    }
    [longest, other] = series(group)
    assert [(one.first, one.change) for one in longest.steps] == [("2031-04-05", "first"), ("2031-04-07", "raised")]
    assert (longest.named, other.named) == ("Olm Brandt", "Petra Halloun")


def test_a_verified_floor_beside_a_claimed_total_differs_in_scope() -> None:
    group = compared(
        article("Herald", "The UN human rights office said it had verified 406 civilian deaths in Karovia since the "
                "invasion began on 24 February 2031.", "2031-03-05"),
        article("Star", "The Karovian emergency service said more than 2,000 civilians have died in Karovia since "
                "24 February 2031.", "2031-03-05"),
        article("Post", "The Karovian emergency service said more than 3,000 civilians have died in Karovia since "
                "24 February 2031.", "2031-03-15"),
    )  # fmt: skip
    rules = {(relation, rule) for _, _, relation, rule in told(group)}
    assert rules == {("different_scope", "verified_floor"), ("supersedes", "growth")}


def test_own_losses_beside_the_other_sides_claim_differ_in_scope() -> None:
    group = compared(
        article("Herald", "The Brendian defence ministry said 498 Brendian soldiers had been killed in Karovia."),
        article("Star", "The Karovian army said more than 5,840 Brendian soldiers had been killed in Karovia."),
    )
    assert told(group) == {("498", "more than 5,840", "different_scope", "own_losses")}


def test_a_part_beside_its_whole_differs_in_scope_and_a_part_above_the_whole_contradicts() -> None:
    group = compared(
        article("Herald", f"The mayor, Olm Brandt, said that 62 people, including 5 children, {TOLL}."),
        article("Star", f"Petra Halloun, a doctor, said that 4 people {TOLL}."),
    )
    assert ("62", "5", "different_scope", "part") in told(group) or ("5", "62", "different_scope", "part") in told(
        group
    )
    above = {pair for pair in told(group) if pair[3] == "part_above_whole"}
    assert {pair[:2] for pair in above} == {("4", "5")}
    assert {pair[2] for pair in above} == {"contradicts"}


def test_one_joint_act_beside_the_total_of_all_acts_differs_in_scope() -> None:
    joint = position("a", 38, 38, population="country", joint=True, grows=False)
    total = position("b", 41, 41, population="country", whole=True, grows=False)
    assert found(joint, total) == ("different_scope", "joint_act")
    assert found(joint, position("b", 39, 39, population="country", grows=False)) == ("contradicts", "apart")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (position("a", 5, 5), position("b", 5, 5), ("agrees", "same")),
        (position("a", 5, None), position("b", 9, 9), ("narrows", "inside")),
        (position("a", 5, 9), position("b", 7, 12), ("agrees", "overlap")),
        (position("a", 2001, None), position("b", 1350, 1350), ("contradicts", "apart")),
        (position("a", "unknown", "unknown"), position("b", 9, 9), ("undetermined", "bound_unknown")),
        (position("a", "unknown", 50), position("b", 60, "unknown"), ("contradicts", "apart")),
        (position("a", 50, "unknown"), position("b", 40, "unknown"), ("undetermined", "bound_unknown")),
        (position("a", 5, 5, "2031-04-09"), position("b", 9, 9, "2031-04-10"), ("different_scope", "as_of")),
        (position("a", 9, 9, "2031-04-09"), position("b", 5, 5, "2031-04-10"), ("contradicts", "apart")),
        (position("a", 9, 9, None), position("b", 5, 5), ("contradicts", "apart")),
        (position(None, 9, 9), position(None, 5, 5, "2031-04-10"), ("contradicts", "apart")),
        (position("a", 30, 30, stance="ahead"), position("b", 5, 5), ("different_scope", "expected")),
        (position("a", 30, 30, stance="ahead"), position("b", 5, 5, stance="ahead"),
         ("different_scope", "both_expected")),
        (position("a", 5, 5, interval=None), position("b", 9, 9), ("undetermined", "no_number")),
        (position("a", 5, 5, interval=None), position("b", 9, 9, stance="denied"), ("contradicts", "denied")),
        (position("a", 59, 59), position("a", 62, 62, stance="denied"), ("agrees", "denies_another")),
        (position("a", 12, 12, population="civilian"), position("b", 9, 9, population="combatant"),
         ("different_scope", "others_counted")),
        (position("a", 50, 50), position("b", 40, 40, since="2031-02-24"), ("contradicts", "event_above_total")),
        (position("a", 50, 50), position("b", 400, 400, since="2031-02-24"), ("different_scope", "cumulative")),
        (position("a", 5, 5, since="2031-01-01"), position("b", 9, 9, since="2031-02-24"),
         ("different_scope", "other_beginning")),
        (position("a", 406, 406, verified=True), position("b", 300, 300), ("contradicts", "floor_above_total")),
        (position("a", 406, 406, verified=True), position("b", 500, 500, verified=True),
         ("different_scope", "two_floors")),
        (position("a", 5, 5), position("a", 9, 9), ("contradicts", "apart")),
    ],
)  # fmt: skip
def test_each_rule(one: Position, other: Position, expected: tuple[str, str]) -> None:
    assert found(one, other) == expected


bound: st.SearchStrategy[Bound] = st.one_of(st.integers(0, 12), st.none(), st.just("unknown"))
day = st.one_of(st.none(), st.sampled_from(["2031-04-09", "2031-04-10", "2031-04-11"]))


@st.composite
def held(draw: st.DrawFn) -> Position:
    low, high = draw(bound), draw(bound)
    if isinstance(low, int) and isinstance(high, int) and low > high:
        low, high = high, low
    return position(
        draw(st.sampled_from([None, "a", "b", "c"])), low, high, draw(day),
        stance=draw(st.sampled_from(["said", "said", "said", "denied", "ahead"])),
        population=draw(st.sampled_from(["person", "person", "civilian", "child"])),
        since=draw(st.sampled_from([None, None, "2031-02-24"])), verified=draw(st.booleans()),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(held(), held())
def test_a_contradiction_rests_on_bounds_that_both_give_or_on_a_denial(one: Position, other: Position) -> None:
    answer = relation(one, other)
    if answer.relation != "contradicts":
        return
    a, b = one.interval, other.interval
    assert "ahead" not in (one.stance, other.stance) and a is not None and b is not None
    if "denied" in (one.stance, other.stance):
        assert a.known and b.known
    else:
        assert a.below(b) or b.below(a)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(held(), held())
def test_told_on_one_day_the_relation_does_not_depend_on_the_order(one: Position, other: Position) -> None:
    if one.days == other.days:
        assert found(one, other) == found(other, one)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(held(), min_size=2, max_size=25), st.integers(0, 10**6))
def test_in_a_large_group_whoever_contradicts_another_source_is_found(given_: list[Position], seed: int) -> None:
    """Against the slow obvious way: every pair."""
    one_scope = [one for one in given_ if one.stance == "said" and one.population == "person" and not one.since]
    every = [one for one in one_scope if not one.verified and one.interval is not None]
    random.Random(seed).shuffle(every)
    topic = origins([article("Herald", f"The mayor said that 62 people {TOLL}.")])[0].topic
    slow = _compared(topic, every, (), all_pairs=len(every))
    quick = _compared(topic, every, (), all_pairs=0)
    assert _in_conflict(slow.comparisons, every) == _in_conflict(quick.comparisons, every)
    assert len(quick.comparisons) <= len(slow.comparisons) == quick.pairs


def _in_conflict(comparisons: tuple[Comparison, ...], every: list[Position]) -> set[int]:
    found: set[int] = set()
    for one in comparisons:
        left, right = every[one.left], every[one.right]
        if one.relation == "contradicts" and (left.source is None or left.source != right.source):
            found |= {one.left, one.right}
    return found


def test_ten_thousand_positions_are_compared_with_work_that_is_not_quadratic() -> None:
    topic = origins([article("Herald", f"The mayor said that 62 people {TOLL}.")])[0].topic
    every = [position(f"s{n}", n % 977, n % 977, f"2031-04-{n % 28 + 1:02}") for n in range(10_000)]
    group = _compared(topic, every, ())
    assert len(every) > ALL_PAIRS and group.pairs == 49_995_000
    assert len(group.comparisons) < 10 * len(every)
    assert group.counts["contradicts"] > 0


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_articles_does_not_matter(seed: int) -> None:
    texts = [
        article("Herald", f"The mayor, Olm Brandt, said that 62 people, including 5 children, {TOLL}."),
        article("Star", f"Petra Halloun, a doctor, said that 59 people {TOLL}.", "2031-04-07"),
        article("Post", f"The Brendian defence ministry denied that 62 people {TOLL}."),
        article(None, f"About 60 people {TOLL}.", None),
    ]
    first = compare(origins(texts, copies(texts)))
    random.Random(seed).shuffle(texts)
    assert compare(origins(texts, copies(texts))) == first


def test_every_rule_of_the_specification_is_one_of_the_code_and_has_words_in_both_languages() -> None:
    spec = (Path(__file__).parents[1] / "spec" / "comparison.md").read_text("utf-8")
    table = spec[spec.index("| rule | relation") : spec.index("So a contradiction rests")]
    named = {name for line in table.splitlines() if line.startswith("|")
             for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])}  # fmt: skip
    code = inspect.getsource(relations)
    told = set(re.findall(r'Finding\(\s*"[a-z_]+",\s*"([a-z_]+)"', code))
    assert named == told and len(told) > 30
    for language in LANGUAGES:
        words = {key.removeprefix("compared.rule.") for key in catalogue(language) if key.startswith("compared.rule.")}
        assert words == told
