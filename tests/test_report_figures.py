"""Figures: each in one place with its owner and bounds; differences marked, nothing merged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_world as world
from probanda.records.reading import Claim, HolderUnknown, Narrator, Place, When
from probanda.report.casefile import build
from probanda.report.contents import CaseFile, Figure
from probanda.report.figures import counted, differs, kind_counted
from probanda.report.page_parts import Pen
from probanda.report.tongue import Tongue

TEXT = "Ten died in Drevna. Twelve died in Osten. Drevna and Osten were quiet on 4 March and on 5 March. " * 3
DAY, NEXT_DAY = world.on("2026-03-04"), world.on("2026-03-05")


def case_of(*claims: Claim, places: tuple[Place, ...] = (), **given_: Any) -> CaseFile:
    one = world.item(TEXT, 1)
    return build(
        world.snapshot([one], [world.row(TEXT, world.reading(TEXT, claims=claims, places=places), one)], **given_)
    )


def ten(identity: str = "claim:1", **given_: Any) -> Claim:
    fields = {"bounds": (10, 10, 10), "as_of": DAY, **given_}
    return world.claim(TEXT, identity, "Ten died", "Ten", Narrator(), **fields)


def twelve(identity: str = "claim:2", **given_: Any) -> Claim:
    fields = {"bounds": (12, 12, 12), "as_of": DAY, **given_}
    return world.claim(TEXT, identity, "Twelve died", "Twelve", HolderUnknown(), **fields)


def all_figures(casefile: CaseFile) -> list[Figure]:
    return [figure for group in casefile.figures for figure in (*group.said, *group.apart)]


def differences(*claims: Claim, **given_: Any) -> int:
    return sum(len(figure.differs) for figure in all_figures(case_of(*claims, **given_)))


def test_two_figures_for_the_same_thing_are_marked_on_both_lines() -> None:
    figures = all_figures(case_of(ten(), twelve()))
    assert [[(d.figure, d.exclusive) for d in figure.differs] for figure in figures] == [[("F2", True)], [("F1", True)]]
    assert [(figure.words, figure.minimum, figure.maximum) for figure in figures] == [
        ("Ten", 10, 10),
        ("Twelve", 12, 12),
    ]


def test_figures_whose_bounds_meet_differ_but_could_both_hold() -> None:
    for first, second in (
        ((10, 11, None), (12, 12, None)),
        ((10, 8, 12), (12, 12, 12)),
        ((10, 8, "unknown"), (12, 12, 12)),
    ):
        figures = all_figures(case_of(ten(bounds=first), twelve(bounds=second)))
        assert [d.exclusive for figure in figures for d in figure.differs] == [False, False]


@pytest.mark.parametrize(
    ("what", "claim"),
    [
        ("the same figure", twelve(bounds=(10, 10, 10))),
        ("another day", twelve(as_of=NEXT_DAY)),
        ("another effect", twelve(effect="injured")),
        ("another kind", twelve(unit="soldiers")),
        ("another place", twelve(where=world.find(TEXT, "Osten"))),
        ("a part of it", twelve(subset_of="claim:1")),
        ("counted from a date on", twelve(cumulative_since=DAY)),
        ("the source's own correction", twelve(corrects="claim:1")),
        ("a forecast", twelve(modality="forecast")),
        ("said not to be so", twelve(negated=True)),
    ],
)
def test_what_is_about_something_else_is_not_marked_as_different(what: str, claim: Claim) -> None:
    assert differences(ten(), claim) == 0, what


def test_totals_counted_from_the_same_date_on_differ_and_from_another_do_not() -> None:
    quiet = When(world.find(TEXT, "quiet"), None, None, "unknown", "unresolved")
    march = When(world.find(TEXT, "4 March"), None, None, "unknown", "unresolved")
    assert differences(ten(cumulative_since=quiet), twelve(cumulative_since=quiet)) == 2
    assert differences(ten(cumulative_since=quiet), twelve(cumulative_since=march)) == 0
    assert differences(ten(cumulative_since=DAY), twelve(cumulative_since=NEXT_DAY)) == 0


def test_a_forecast_does_not_differ_from_a_figure_said_to_be_so() -> None:
    reading = world.reading(TEXT)
    made = [ten(), twelve(modality="forecast"), twelve("claim:3")]
    said, forecast, other = (counted(1, one, one.quantity, reading, judged=False) for one in made if one.quantity)
    assert not differs(said, forecast)
    assert not differs(forecast, said)
    assert differs(said, other)
    assert differs(other, said)


def test_the_same_place_under_two_names_is_the_same_and_two_places_of_one_name_are_two() -> None:
    here, there = world.find(TEXT, "Drevna"), world.find(TEXT, "Osten")
    also = world.find(TEXT, "Drevna", 1)

    def place(passage: Any, identity: str) -> Place:
        return Place(passage, passage.text, identity, "KV", 1.0, 2.0, 1000, "location")

    one = (place(here, "geonames:1"), place(there, "geonames:1"))
    assert differences(ten(where=here), twelve(where=there), places=one) == 2
    two = (place(here, "geonames:1"), place(also, "geonames:2"))
    assert differences(ten(where=here), twelve(where=also), places=two) == 0


def test_a_line_that_a_person_rejected_or_corrected_is_compared_with_nothing() -> None:
    assert differences(ten(), twelve(), judgements=(world.judged("rejected", "claim:2"),)) == 0
    assert differences(ten(), twelve(), judgements=(world.judged("confirmed", "claim:2"),)) == 2


def test_lines_stand_by_date_and_those_without_come_last() -> None:
    casefile = case_of(ten(as_of=NEXT_DAY), twelve(), ten("claim:3", as_of=None))
    assert [figure.date.earliest for figure in all_figures(casefile)] == ["2026-03-04", "2026-03-04", "2026-03-05"]
    assert all_figures(casefile)[1].date.basis == "date of publication"
    undated = world.item(TEXT, 1, published=None)
    reading = world.reading(TEXT, None, claims=[ten(as_of=None), twelve()])
    last = all_figures(build(world.snapshot([undated], [world.row(TEXT, reading, undated)])))[-1]
    assert (last.id, last.date.earliest, last.date.basis) == ("claim:1", None, "no date known")


def test_kinds_are_put_together_by_their_last_word_and_keep_the_words_of_the_source() -> None:
    casefile = case_of(ten(unit="Karovian civilians"), twelve(unit="civilian"))
    assert [(group.effect, group.unit) for group in casefile.figures] == [("died", "civilians")]
    assert [figure.unit for figure in all_figures(casefile)] == ["Karovian civilians", "civilian"]
    kinds = {}
    for unit in ("person", "people", "child", "children", "cities", "city"):
        claim = ten(unit=unit)
        assert claim.quantity
        kinds[unit] = kind_counted(claim.quantity, claim)
    assert kinds["person"] == kinds["people"] != kinds["child"] == kinds["children"]
    assert kinds["city"] == kinds["cities"]


def test_parts_and_corrections_name_the_line_they_refer_to() -> None:
    figures = {
        figure.id: figure
        for figure in all_figures(case_of(ten(), twelve(subset_of="claim:1"), ten("claim:3", corrects="claim:2")))
    }
    assert figures["claim:2"].part_of == figures["claim:1"].number
    assert figures["claim:3"].replaces == figures["claim:2"].number


BOUND = st.one_of(st.none(), st.just("unknown"), st.integers(0, 20))
MODALITY = st.sampled_from(["accomplished", "stated", "forecast", "alleged", "denied"])


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    made = []
    for n in range(draw(st.integers(0, 7))):
        low, high = draw(BOUND), draw(BOUND)
        if isinstance(low, int) and isinstance(high, int) and low > high:
            low, high = high, low
        given_ = {
            "bounds": (draw(st.integers(0, 20)), low, high),
            "modality": draw(MODALITY),
            "negated": draw(st.booleans()),
            "effect": draw(st.sampled_from(["died", "injured", None])),
            "unit": draw(st.sampled_from(["civilians", "people", None])),
            "as_of": draw(st.sampled_from([DAY, NEXT_DAY, None])),
        }
        made.append(ten(f"claim:{n}", **given_))
    return made


@given(claims())
def test_every_figure_stands_once_and_differences_are_mutual(made: list[Claim]) -> None:
    casefile = case_of(*made)
    figures = all_figures(casefile)
    assert sorted(figure.id for figure in figures) == sorted(claim.id for claim in made)
    assert [figure.number for figure in figures] == [f"F{n}" for n in range(1, len(made) + 1)]
    by_id = {claim.id: claim for claim in made}
    marked = {(figure.number, other.figure, other.exclusive) for figure in figures for other in figure.differs}
    assert marked == {(b, a, exclusive) for a, b, exclusive in marked}
    for group in casefile.figures:
        assert all(one.modality in ("accomplished", "stated") and not one.negated for one in group.said)
        assert all(one.modality not in ("accomplished", "stated") or one.negated for one in group.apart)
    for figure in figures:
        quantity = by_id[figure.id].quantity
        assert quantity is not None
        assert (figure.stated, figure.minimum, figure.maximum) == (quantity.stated, quantity.minimum, quantity.maximum)
        assert figure.owner.kind == "report"


def test_unbounded_unknown_and_zero_read_differently() -> None:
    pen = Pen(build(world.full()), Tongue("en"))

    def bounds_of(claim: Claim) -> str:
        figure = all_figures(case_of(claim))[0]
        return pen.bounds(figure.minimum, figure.maximum, figure.qualifier)

    assert pen.interval(2001, None) == "[2,001, ∞)"
    assert pen.interval(None, 0) == "(−∞, 0]"
    assert pen.interval(24, "unknown") == "[24, ?]"
    assert pen.interval("unknown", 5.5) == "[?, 5.5]"
    ends = ((0, 0), (2001, None), (24, "unknown"), (None, 5), ("unknown", 5), ("unknown", None), (None, None))
    bounds = [bounds_of(ten(bounds=(1, low, high))) for low, high in ends]
    assert len(set(bounds)) == len(bounds)
    assert bounds[:2] == ["0, stated as such", "2,001 or more, no upper bound"]
    assert bounds_of(ten(qualifier="exactly")) == "exactly 10"
