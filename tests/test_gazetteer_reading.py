"""What an imported gazetteer places: villages, districts and facilities that the shipped one lacks, in three languages;
and what it leaves open. Texts and places are invented."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer_world import gazetteers, row
from probanda.extract.read import read
from probanda.records.codec import to_json
from probanda.records.reading import Place, Reading

HELD = gazetteers()


def reading(text: str, language: str = "en") -> Reading:
    found = read(text, "2031-05-14", language, gazetteers=HELD)
    assert not found.rejected
    return found


def places(text: str, language: str = "en") -> dict[str, Place]:
    return {place.passage.text: place for place in reading(text, language).places}


@pytest.mark.parametrize(
    ("text", "name", "id_", "level"),
    [
        ("A shell hit a house in the village of Upper Hasko on Monday.", "Upper Hasko", 10, "settlement"),
        ("Soldiers entered Yarivets on Monday.", "Yarivets", 11, "settlement"),
        ("Fighting went on in Hasko district.", "Hasko district", 2, "district"),
        ("Fighting went on in the Marlivska region.", "Marlivska region", 1, "region"),
        ("A rocket hit the Yarivets District Hospital.", "Yarivets District Hospital", 20, "facility"),
        ("Drones struck Zoranka airfield at night.", "Zoranka airfield", 21, "facility"),
        ("Forty men were held in Hasko Prison.", "Hasko Prison", 23, "facility"),
        ("They crossed the Olsha river at night.", "Olsha river", 22, "water"),
    ],
)
def test_a_place_that_the_shipped_gazetteer_lacks_has_a_point_a_level_and_a_radius(
    text: str, name: str, id_: int, level: str
) -> None:
    assert read(text, "2031-05-14").places == () or all(p.gazetteer_id is None for p in read(text, None).places)
    place = places(text)[name]
    assert place.gazetteer_id == f"geonames:{id_}"
    assert place.latitude is not None
    assert place.radius_m is not None
    assert place.candidates[0].gazetteer_id == place.gazetteer_id
    assert place.candidates[0].rule.startswith(f"{level}; ")


@pytest.mark.parametrize(
    ("text", "language", "name", "id_"),
    [
        ("Снаряд влучив у будинок у селі Верхнє Гаськове.", "uk", "Верхнє Гаськове", 10),
        ("Люди втекли з Ярівця.", "uk", "Ярівця", 11),
        ("У Гаськівському районі загинули двоє людей.", "uk", "Гаськівському районі", 2),
        ("Дрони атакували аеродром Зоранка.", "uk", "аеродром Зоранка", 21),
        ("У селі Серівка Ольвійського району загинули двоє людей.", "uk", "Серівка", 13),
        ("В Яривце погибли двое.", "ru", "Яривце", 11),
        ("В Гасковском районе погибли двое.", "ru", "Гасковском районе", 2),
        ("Бои шли у реки Ольша.", "ru", "реки Ольша", 22),
    ],
)
def test_names_in_ukrainian_and_russian_are_found_in_their_cases(text: str, language: str, name: str, id_: int) -> None:
    assert places(text, language)[name].gazetteer_id == f"geonames:{id_}"


def test_a_name_that_several_villages_share_stays_open_with_its_candidates() -> None:
    place = places("A shell hit a school in Serivka on Monday.")["Serivka"]
    assert (place.gazetteer_id, place.latitude, place.radius_m, place.country) == (None, None, None, "XK")
    assert {one.gazetteer_id for one in place.candidates} == {"geonames:12", "geonames:13", "geonames:14"}
    assert all("one of 3 of its name" in one.rule for one in place.candidates)


@pytest.mark.parametrize(
    ("text", "id_", "rule"),
    [
        ("A shell hit a school in Serivka, Olvia district, on Monday.", 13, "region named with it"),
        ("Shells fell near Yarivets. People fled from the village of Serivka.", 12, "near a place of the text"),
        ("Shells fell near Dalnivka. People fled from the village of Serivka.", 13, "near a place of the text"),
    ],
)
def test_a_region_or_a_sure_place_near_by_settles_it(text: str, id_: int, rule: str) -> None:
    place = places(text)["Serivka"]
    assert place.gazetteer_id == f"geonames:{id_}"
    assert rule in place.candidates[0].rule


def test_a_village_is_not_put_into_a_country_that_the_text_is_not_about() -> None:
    place = places("In Germany, a fire broke out in the village of Yarivets near Berlin.")["Yarivets"]
    assert place.latitude is None
    assert place.candidates[0].rule == "settlement; the text's places lie in other countries"


@pytest.mark.parametrize(
    "text",
    [
        "The Bank of the river was hit. Bank officials said so. A bank was robbed in bank street.",
        "Center parties met on Monday. The Center said so.",
        "The mayor, Ivan Serivka, said so. Mr Yarivets left. Yarivets Airlines flew.",
        "President Anna Brannivets voted.",
        "Zoranka said no. Olsha laughed.",
        "They took the old road. The Old Road was closed.",
    ],
)
def test_words_persons_and_bodies_are_not_swallowed(text: str) -> None:
    assert not [place for place in reading(text).places if place.gazetteer_id is not None]
    assert to_json(reading(text)) == to_json(read(text, "2031-05-14"))


def test_a_village_called_as_a_common_word_needs_a_word_for_what_it_is() -> None:
    text = "Prices rose in Bank offices and in Center."
    assert to_json(reading(text)) == to_json(read(text, "2031-05-14"))
    assert places("A shell hit the village of Bank.")["Bank"].gazetteer_id == "geonames:16"


def test_metonyms_actors_countries_and_large_cities_stay_what_they_were() -> None:
    text = "Moscow said on Monday that Ukraine had shelled Kharkiv and the village of Yarivets."
    with_, without = reading(text).places, read(text, "2031-05-14").places
    assert [place for place in with_ if place.passage.text != "Yarivets"] == [
        place for place in without if place.passage.text != "Yarivets"
    ]
    moscow = next(place for place in with_ if place.passage.text == "Moscow")
    assert (moscow.role, moscow.latitude) == ("metonym", None)


def test_twins_of_one_village_are_one_place() -> None:
    held = gazetteers(row(1, "Marlupa", 48.0, 37.0, people=500), row(2, "Marlupa", 48.01, 37.0, "P.PPLX"))
    [place] = read("Shells fell near Marlupa.", None, gazetteers=held).places
    assert place.gazetteer_id == "geonames:1"
    assert "2 features of its name within 3,000 m" in place.candidates[0].rule


def test_a_town_far_larger_than_its_namesakes_is_meant_and_one_slightly_larger_is_not() -> None:
    for people, chosen in ((90_000, "geonames:1"), (900, None)):
        held = gazetteers(row(1, "Marlupa", 48.0, 37.0, people=people), row(2, "Marlupa", 49.0, 39.0, people=300))
        [place] = read("Shells fell near Marlupa.", None, gazetteers=held).places
        assert place.gazetteer_id == chosen


def test_without_an_import_a_reading_is_what_it_was() -> None:
    text = "A shell hit a house in the village of Upper Hasko on Monday."
    assert to_json(read(text, "2031-05-14", gazetteers=None)) == to_json(read(text, "2031-05-14"))


_WORDS = st.sampled_from(
    "Serivka Yarivets Center Bank Olsha Zoranka Hasko district village of the in near airfield Prison river , . and "
    "Upper said shelled Kharkiv Serivka's Germany A".split()
)


@given(st.lists(_WORDS, max_size=25))
def test_whatever_stands_there_the_gate_agrees_and_places_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    found = read(text, None, gazetteers=HELD)
    assert not [one for one in found.rejected if one.reason.startswith(("value.place", "grounding"))]
    spans = [(place.passage.start, place.passage.end) for place in found.places]
    assert all(text[start:end] == place.passage.text for (start, end), place in zip(spans, found.places, strict=True))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all((place.latitude is None) == (place.radius_m is None) for place in found.places)
