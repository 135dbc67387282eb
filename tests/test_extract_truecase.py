"""A text set in capitals alone, or in none, is read like any other; a text of both is not touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.read import read
from probanda.extract.text.segments import segment
from probanda.extract.text.truecase import is_name, single_case

TEXT = (
    "Gunmen kidnapped 12 farmers near the village of Kolvar on Monday, the army said. A bomb exploded outside the town "
    "hall of Marisburg and killed three policemen. The rebels threatened to attack the power station. "
    "More than 40 people fled the fighting."
)


@pytest.mark.parametrize("text", [TEXT.upper(), TEXT.lower()])
def test_a_text_in_one_case_tells_of_the_same_events(text: str) -> None:
    expected, found = read(TEXT, "2031-05-14"), read(text, "2031-05-14")
    assert [(e.type, e.modality) for e in found.events] == [(e.type, e.modality) for e in expected.events]
    figures = [(c.quantity.stated, c.effect) for c in expected.claims if c.quantity]
    assert [(c.quantity.stated, c.effect) for c in found.claims if c.quantity] == figures
    assert text.islower() or any(place.passage.text == "KOLVAR" for place in found.places)
    assert any(when.earliest == "2031-05-12" for when in found.times)


@given(st.sampled_from([TEXT.upper(), TEXT.lower()]), st.integers(0, 200))
def test_every_passage_is_still_the_text_s_own(text: str, cut: int) -> None:
    for event in read(text[cut:], "2031-05-14").events:
        assert text[cut:][event.trigger.start : event.trigger.end] == event.trigger.text


def test_a_text_of_both_cases_is_left_alone() -> None:
    assert all(token.named is None for token in segment(TEXT).tokens)
    assert single_case(["UN", "NATO", "ICC"] * 9 + ["the", "mayor"] * 9) is None
    assert single_case(["NATO", "MEETS"]) is None


@pytest.mark.parametrize(
    ("word", "name"),
    [("monday", True), ("marisburg", True), ("farmers", False), ("kidnapped", False), ("the", False), ("may", False)],
)
def test_days_and_unknown_words_are_names(word: str, name: bool) -> None:
    assert is_name(word) is name
