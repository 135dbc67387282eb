"""The scorer of templates does what the metric's definition says, worked out by hand on small examples."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muc.ceaf import aligned, compare, total
from muc.data import ROLES, Template


def template(kind: str, **fillers: list[set[str]]) -> Template:
    return Template(kind, {role: tuple(frozenset(one) for one in fillers.get(role, ())) for role in ROLES})


GOLD = template("bombing", PerpOrg=[{"the front", "fmln"}], Target=[{"a bridge"}, {"the town hall", "town hall"}])


def test_a_template_found_as_it_is_scores_full_marks() -> None:
    scored = total([compare([GOLD], [GOLD])])
    assert (scored["micro"].agree, scored["micro"].found, scored["micro"].true) == (4, 4, 4)
    assert scored["micro"].f == 1


def test_one_of_the_strings_of_an_entity_is_enough_and_a_string_beside_them_too_much() -> None:
    short = template("bombing", PerpOrg=[{"fmln"}], Target=[{"town hall"}])
    assert compare([short], [GOLD])["PerpOrg"].agree == 1
    mixed = template("bombing", PerpOrg=[{"fmln", "the army"}])
    assert compare([mixed], [GOLD])["PerpOrg"].agree == 0


def test_the_same_entity_found_twice_counts_once() -> None:
    twice = template("bombing", PerpOrg=[{"fmln"}, {"the front"}])
    tally = compare([twice], [GOLD])["PerpOrg"]
    assert (tally.agree, tally.found, tally.true) == (1, 2, 1)


def test_a_template_of_another_type_earns_nothing() -> None:
    other = template("attack", PerpOrg=[{"fmln"}])
    scored = total([compare([other], [GOLD])])["micro"]
    assert (scored.agree, scored.found, scored.true) == (0, 2, 4)


def test_templates_are_aligned_so_that_most_agrees() -> None:
    first = template("attack", Victim=[{"a"}])
    second = template("attack", Victim=[{"b"}], Weapon=[{"rifle"}])
    found = [template("attack", Victim=[{"b"}], Weapon=[{"rifle"}]), template("attack", Victim=[{"a"}])]
    assert total([compare(found, [first, second])])["micro"].f == 1
    alone = total([compare(found[:1], [first, second])])["micro"]
    assert (alone.agree, alone.found, alone.true) == (3, 3, 5)


def test_micro_sums_over_documents_before_it_divides() -> None:
    nothing, whole = compare([], [GOLD]), compare([GOLD], [GOLD])
    scored = total([nothing, whole])["micro"]
    assert scored.recall == pytest.approx(4 / 8)
    assert scored.precision == 1
    assert scored.f == pytest.approx(2 / 3)


def test_nothing_found_and_nothing_true_is_no_division_by_zero() -> None:
    assert total([compare([], [])])["micro"].f == 0


entities = st.lists(st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=2), max_size=4)


@given(entities, entities)
def test_alignment_of_entities_is_the_best_there_is(found: list[frozenset[str]], true: list[frozenset[str]]) -> None:
    short, long_ = (found, true) if len(found) <= len(true) else (true, found)
    best = max(
        sum((a <= b) if short is found else (b <= a) for a, b in zip(short, order, strict=False))
        for order in itertools.permutations(long_)
    )
    assert aligned(found, true) == best
