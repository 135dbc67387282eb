"""Grades as rules: what a record supports, what it lacks, and what nobody can know; each with the ids it rests on.
Countries, persons, bodies and outlets are invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from origins_world import AROUND, article
from probanda.corroborate.article import Article
from probanda.corroborate.comparison import compare
from probanda.corroborate.copies import copies
from probanda.corroborate.grades import testing
from probanda.corroborate.grades.definitions import FAMILIES, MEASURES, SCHEMES, named, parse_scheme, scheme
from probanda.corroborate.grades.measures import Held, Subject, held, measures
from probanda.corroborate.grades.testing import GradeTested, Measure
from probanda.corroborate.lexicon import shipped
from probanda.corroborate.origins import origins
from probanda.records.canonical import Json

TOLL = "were killed in Marisburg on 4 April 2031."
MAYOR = f"The mayor of Marisburg, Olm Brandt, said that 12 civilians {TOLL}"
DOCTOR = f"Petra Halloun, a doctor, said that 12 civilians {TOLL}"


def record(*articles: Article, **decisions: str) -> Held:
    """`decisions` by outlet: what a person decided of its claims with a number."""
    found = origins(articles, copies(articles))
    told = {claim.id: decisions[one.outlet] for one in articles if one.outlet in decisions
            for claim in one.reading.claims if claim.quantity}  # fmt: skip
    return held(found, compare(found), told, shipped())


def numbered(one: Article) -> str:
    return next(claim.id for claim in one.reading.claims if claim.quantity)


def of_claim(one: Article) -> Subject:
    return Subject(numbered(one), "claim", (numbered(one),))


def of_incident(*articles: Article) -> Subject:
    ids = [claim.id for one in articles for claim in one.reading.claims]
    ids += [event.id for one in articles for event in one.reading.events]
    return Subject("incident:1", "incident", tuple(ids))


def grades(subject: Subject, case: Held, name: str = "probanda") -> Mapping[str, GradeTested]:
    return {one.grade: one for one in testing.tested(scheme(name), measures(subject, case))}


def supported(subject: Subject, case: Held, name: str = "probanda") -> set[str]:
    return {one.grade for one in grades(subject, case, name).values() if one.outcome == "satisfied"}


def test_one_official_in_two_outlets_is_a_single_origin_and_two_witnesses_corroborate() -> None:
    herald, star, post = article("Herald", MAYOR), article("Star", MAYOR + " It rained."), article("Post", DOCTOR)
    assert supported(of_claim(herald), record(herald, star)) == {"single_origin"}
    found = record(herald, star, post)
    assert supported(of_claim(herald), found) == {"corroborated"}
    assert set(grades(of_claim(herald), found)["corroborated"].conditions[0].ids) >= {numbered(post)}


def test_established_asks_for_persons_who_confirmed_two_origins() -> None:
    herald, post = article("Herald", MAYOR), article("Post", DOCTOR)
    unjudged = grades(of_claim(herald), record(herald, post))["established"]
    assert unjudged.outcome == "unknown"
    assert [one.measure for one in unjudged.missing] == ["confirmed_origins"]
    assert "established" in supported(of_claim(herald), record(herald, post, Herald="confirmed", Post="confirmed"))
    rejected = grades(of_claim(herald), record(herald, post, Herald="confirmed", Post="rejected"))["established"]
    assert rejected.outcome == "not_satisfied"


def test_who_contradicts_makes_it_contested_and_names_the_claim() -> None:
    herald, post = article("Herald", MAYOR), article("Post", DOCTOR.replace("12", "9"))
    found = record(herald, post)
    assert "contested" in supported(of_claim(herald), found)
    assert grades(of_claim(herald), found)["contested"].conditions[1].ids == (numbered(post),)
    assert "contested" not in supported(of_claim(herald), record(herald, post, Post="rejected"))


def test_a_report_without_a_source_leaves_a_second_origin_unknown() -> None:
    herald = article("Herald", MAYOR)
    bare = article("Post", f"It is known by now: 12 or more civilians {TOLL}", "2031-05-30")
    single = grades(of_incident(herald, bare), record(herald, bare))["single_origin"]
    corroborated = grades(of_incident(herald, bare), record(herald, bare))["corroborated"]
    assert (single.outcome, corroborated.outcome) == ("unknown", "unknown")
    assert "no report says where it has them from" in corroborated.conditions[0].found


def test_copies_of_one_report_that_names_no_source_are_one_origin_at_most() -> None:
    bare = AROUND % f"It is known by now: 12 civilians {TOLL}"
    herald, star = article("Herald", bare), article("Star", bare.replace("before noon", "before two"))
    found = grades(of_incident(herald, star), record(herald, star))
    assert found["corroborated"].outcome == "not_satisfied"
    assert "weak" in supported(of_incident(herald, star), record(herald, star), "airwars")


STRIKE = "The Brendian army struck Marisburg on 4 April 2031, killing 12 civilians, {who} said."


def test_airwars_confirmed_rests_on_the_belligerents_own_words_that_a_person_confirmed() -> None:
    own = article("Herald", STRIKE.format(who="the Brendian army"))
    other = article("Herald", STRIKE.format(who="the Karovian army"))
    assert grades(of_incident(own), record(own), "airwars")["confirmed"].outcome == "unknown"
    assert "confirmed" in supported(of_incident(own), record(own, Herald="confirmed"), "airwars")
    assert grades(of_incident(other), record(other, Herald="confirmed"), "airwars")["confirmed"].outcome == (
        "not_satisfied"
    )


def test_airwars_fair_needs_two_origins_and_a_confirmed_near_action() -> None:
    first = article("Herald", STRIKE.format(who="Olm Brandt, a ferryman,"))
    second = article("Post", STRIKE.format(who="Petra Halloun, a doctor,"))
    assert supported(of_incident(first), record(first), "airwars") == {"weak"}
    assert grades(of_incident(first, second), record(first, second), "airwars")["fair"].outcome == "unknown"
    assert "fair" in supported(of_incident(first, second), record(first, second, Herald="confirmed"), "airwars")


def test_airwars_contested_where_two_parties_are_named_and_discounted_where_combatants_alone() -> None:
    first = article("Herald", STRIKE.format(who="Olm Brandt, a ferryman,"))
    second = article("Post", STRIKE.format(who="Petra Halloun, a doctor,").replace("Brendian", "Karovian"))
    assert "contested" in supported(of_incident(first, second), record(first, second), "airwars")
    soldiers = article("Herald", "Olm Brandt, a ferryman, said that 12 soldiers were killed in Marisburg on 4 April.")
    found = grades(of_incident(soldiers), record(soldiers), "airwars")
    assert found["discounted"].outcome == "satisfied"
    assert grades(of_incident(first), record(first), "airwars")["discounted"].outcome == "unknown"


@pytest.mark.parametrize(
    ("confirmed", "rejected", "letter"),
    [(4, 0, "F"), (5, 0, "A"), (4, 1, "B"), (3, 3, "C"), (1, 4, "D"), (0, 5, "E"), (0, 0, "F")],
)
def test_reliability_is_what_persons_decided_of_a_source_and_never_who_it_is(
    confirmed: int, rejected: int, letter: str
) -> None:
    texts = [article(f"O{n}", f"Petra Halloun, a doctor, said that {n + 3} civilians were killed in Marisburg on "
                     f"{n + 1} April 2031.", f"2031-04-{n + 2:02}") for n in range(7)]  # fmt: skip
    decided = {f"O{n}": "confirmed" if n < confirmed else "rejected" for n in range(confirmed + rejected)}
    found = record(*texts, **decided)
    subject = of_claim(texts[0])
    if decided.get("O0") != "rejected":
        assert supported(subject, found, "admiralty-source") == {letter}


def test_reliability_and_credibility_are_kept_apart() -> None:
    assert named("admiralty") == (scheme("admiralty-source"), scheme("admiralty-information"))
    assert scheme("admiralty-source").subjects == ("claim",)
    herald, post = article("Herald", MAYOR), article("Post", DOCTOR)
    case = record(herald, post)
    assert supported(of_claim(herald), case, "admiralty-information") == {"2", "3"}
    assert supported(of_claim(herald), case, "admiralty-source") == {"F"}


@pytest.mark.parametrize("name", SCHEMES)
def test_every_definition_can_be_read_and_is_named_by_its_hash(name: str) -> None:
    found = scheme(name)
    assert found.scheme == name and len(found.sha256) == 64 and found.source and found.title
    assert {name for family in FAMILIES.values() for name in family} <= set(SCHEMES)


@pytest.mark.parametrize(
    "change",
    [{"measure": "rumours"}, {"at_least": -1}, {"at_least": True}, {"at_least": None}, {"hint": "x"}],
)
def test_a_definition_with_what_nobody_knows_is_refused(change: dict[str, Json]) -> None:
    condition: dict[str, Json] = {"measure": "origins", "at_least": 1, "words": "One.", **change}
    given_: Json = {"scheme": "x", "version": "1", "title": "x", "source": "x", "subjects": ["claim"],
                   "grades": [{"grade": "a", "means": "x", "all": [condition]}]}  # fmt: skip
    with pytest.raises(ValueError, match="expected"):
        parse_scheme(given_)


measure = st.builds(
    lambda low, more: Measure(low, None if more is None else low + more), st.integers(0, 4),
    st.one_of(st.none(), st.integers(0, 3)),
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(MEASURES, measure)), st.sampled_from(SCHEMES))
def test_what_is_satisfied_stays_so_whatever_turns_out_of_what_is_open(found: dict[str, Any], name: str) -> None:
    """A grade that is satisfied holds, and one that is not fails, at both ends of what the measures allow."""
    settled = {key: Measure(one.low, one.low) for key, one in found.items()}
    most = {
        key: Measure(high, high)
        for key, one in found.items()
        for high in [one.low + 9 if one.high is None else one.high]
    }
    before = {one.grade: one.outcome for one in testing.tested(scheme(name), found)}
    for way in (settled, most):
        for one in testing.tested(scheme(name), way):
            assert one.outcome != "unknown"
            assert before[one.grade] in (one.outcome, "unknown")
