"""Objects by physical type, how the text reports them, and military use that it asserts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.events.events import find_events
from probanda.extract.events.objects import find_objects
from probanda.extract.places.places import find_places
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import segment
from probanda.records.reading import ObjectMention


def objects(text: str) -> list[ObjectMention]:
    doc = segment(text)
    found = find_objects(doc, find_events(doc, (), find_places(doc)))
    for item in found:
        assert text[item.passage.start : item.passage.end] == item.passage.text
    return list(found)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Doctors at the maternity hospital slept there.", "healthcare"),
        ("A kindergarten stood empty.", "school"),
        ("They met at the mosque.", "religious"),
        ("The war memorial was closed.", "cultural"),
        ("The bazaar opened late.", "commercial"),
        ("Engineers reached the power plant.", "infrastructure.power"),
        ("The railway bridge was open.", "infrastructure.transport"),
        ("The dam held.", "infrastructure.water"),
        ("The town hall was empty.", "administrative"),
        ("Families slept in the refugee camp.", "humanitarian"),
        ("The barracks were empty.", "military"),
        ("An apartment block stood there.", "residential"),
        ("The refinery was shut.", "industrial"),
        ("People met on the central square.", "urban_area"),
    ],
)
def test_a_noun_has_its_physical_type(text: str, type_: str) -> None:
    assert [item.physical_type for item in objects(text)] == [type_]


@pytest.mark.parametrize(
    ("text", "noun", "reported"),
    [
        ("Karovian forces shelled the hospital.", "hospital", "aimed_at"),
        ("The attack on the hospital lasted an hour.", "hospital", "aimed_at"),
        ("The hospital was damaged by a missile.", "hospital", "affected"),
        ("A drone hit the hospital.", "hospital", "affected"),
        ("The wounded lay in the hospital.", "hospital", "mentioned"),
        ("Strikes damaged the school in Goma and the market in Bukavu.", "market", "affected"),
        ("Strikes damaged the school and the mayor visited the market.", "market", "mentioned"),
    ],
)
def test_aimed_at_affected_and_mentioned_are_three(text: str, noun: str, reported: str) -> None:
    assert [item.reported_as for item in objects(text) if noun in item.passage.text] == [reported]


@pytest.mark.parametrize(
    "text",
    [
        "The city was calm.",
        "The House of Representatives met.",
        "It measured two square kilometres.",
        "The central bank met.",
    ],
)
def test_words_too_common_or_otherwise_meant_are_no_objects(text: str) -> None:
    assert objects(text) == []


def test_a_city_is_an_object_where_it_is_aimed_at() -> None:
    assert [item.reported_as for item in objects("The army bombarded cities.")] == ["aimed_at"]


@pytest.mark.parametrize(
    "text",
    [
        "The school had been used by fighters as a base, the army said.",
        "The army said fighters were using the school to store ammunition.",
        "Soldiers were stationed in the school, residents said.",
        "The school was converted into a military headquarters.",
    ],
)
def test_a_military_use_is_returned_in_the_words_that_assert_it(text: str) -> None:
    (school,) = (item for item in objects(text) if item.passage.text == "school")
    assert school.military_use_asserted is not None
    assert school.military_use_asserted.text in text


@pytest.mark.parametrize(
    "text",
    [
        "The school was used by pupils as a library.",
        "The school was not used by fighters as a base.",
        "The school stood empty while fighters passed the town.",
    ],
)
def test_no_military_use_is_read_where_none_is_asserted(text: str) -> None:
    assert [item.military_use_asserted for item in objects(text) if item.passage.text == "school"] == [None]


def test_a_site_keeps_its_name() -> None:
    assert "Halvard memorial" in {item.passage.text for item in objects("Rockets hit the Halvard memorial.")}


def test_no_type_of_the_list_is_a_legal_class() -> None:
    types = {row["type"] for row in table("objects.tsv")}
    assert not types & {"protected", "civilian_object", "military_objective", "cultural_property"}


@given(st.text(max_size=60))
def test_any_text_can_be_read_for_objects(text: str) -> None:
    objects(text)
