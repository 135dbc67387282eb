"""Places: which names are places, which places they are, and in which role. Invented countries; neutral texts."""

from __future__ import annotations

import gzip
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.places.gazetteer import Gazetteer, key_of, load
from probanda.extract.places.places import find_places
from probanda.extract.text.segments import segment
from probanda.records.reading import Place


def places(text: str) -> list[Place]:
    doc = segment(text)
    found = find_places(doc)
    for place in found:
        assert text[place.passage.start : place.passage.end] == place.passage.text
        if place.role != "location":
            assert place.latitude is None and place.longitude is None, "an actor must not come onto a map"
    return list(found)


def named(text: str) -> dict[str, Place]:
    return {place.passage.text: place for place in places(text)}


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Kyiv", "geonames:703448"),
        ("Kiev", "geonames:703448"),
        ("Київ", "geonames:703448"),
        ("Киев", "geonames:703448"),
        ("Kharkiv", "geonames:706483"),
        ("Kharkov", "geonames:706483"),
        ("Ukraine", "geonames:690791"),
        ("Украина", "geonames:690791"),
        ("London", "geonames:2643743"),
        ("Sana’a", "geonames:71137"),
    ],
)
def test_a_place_is_found_under_each_of_its_names(name: str, id_: str) -> None:
    assert id_ in {entry.id for entry in load().lookup(name)}


def test_gazetteer_keeps_every_entry_of_a_name_and_says_which_file_it_is() -> None:
    gazetteer = load()
    assert len({entry.country for entry in gazetteer.lookup("Tripoli")}) > 1
    assert gazetteer.lookup("Qwertzopolis") == ()
    content = files("probanda.extract").joinpath("lexica", "gazetteer.tsv.gz").read_bytes()
    assert Gazetteer(content).digest == gazetteer.digest
    assert len(content) < 3_000_000


def test_shipped_gazetteer_names_its_source_and_has_no_time_stamp() -> None:
    content = files("probanda.extract").joinpath("lexica", "gazetteer.tsv.gz").read_bytes()
    assert content[4:8] == b"\0\0\0\0", "a time stamp would give other bytes at each making"
    assert "CC BY 4.0" in gzip.decompress(content)[:200].decode()


@given(st.text(max_size=40))
def test_any_text_can_be_read_for_places(text: str) -> None:
    places(text)
    assert key_of(text) == key_of(key_of(text))


@pytest.mark.parametrize("text", ["AAA\ra", "Velin\n\nits troops left.", "Velin"])
def test_a_name_that_ends_its_sentence_can_be_read(text: str) -> None:
    places(text)


@pytest.mark.parametrize("name", ["\u0f43A", "A\u0f4d\u0f43"])
def test_a_key_in_a_script_whose_letters_part_is_the_key_of_itself(name: str) -> None:
    assert key_of(key_of(name)) == key_of(name)


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Brandt met her lawyer.",
        "London Abernathy was the first witness.",
        "The Washington Gazette published the list.",
        "Paris Kolb declined to answer.",
        "Mr Lincoln was sworn in.",
        "President Chad Milan left early.",
        "Georgia Kolb gave evidence.",
        "He studied at the University of Warsaw.",
        "Karovian strikes continued, and Russian pilots were trained.",
        "The mobile unit saw many of them, and reading the list took an hour.",
        "In March the court rose.",
        "Vladimir Kolb’s government fell, and Kolb’s ministers left.",
        "The mayor, Lukas Hembry, spoke.",
    ],
)
def test_persons_bodies_adjectives_and_words_are_no_places(text: str) -> None:
    assert places(text) == []


def test_a_surname_stays_a_person_later_in_the_text() -> None:
    found = places("Mirek Lincoln spoke first. Lincoln added that he was tired.")
    assert found == []


def test_a_country_after_a_comma_decides_between_towns_of_one_name() -> None:
    assert named("He flew to Tripoli, Lebanon, on Friday.")["Tripoli"].country == "LB"
    assert named("He flew to Tripoli, Libya, on Friday.")["Tripoli"].country == "LY"


def test_countries_named_elsewhere_decide_between_towns_of_one_name() -> None:
    assert named("Officials in Ukraine said that Odessa was quiet.")["Odessa"].country == "UA"
    assert named("Officials in the United States said that Odessa was quiet.")["Odessa"].country == "US"


def test_the_candidates_stay_with_score_and_rule_best_first() -> None:
    place = named("The road to Tripoli was closed.")["Tripoli"]
    scores = [candidate.score for candidate in place.candidates]
    assert len(scores) > 1 and scores == sorted(scores, reverse=True)
    assert place.candidates[0].gazetteer_id == place.gazetteer_id
    assert all(candidate.rule for candidate in place.candidates)


def test_names_that_are_words_need_a_preposition() -> None:
    found = named("Reading the file, the clerk left Reading. Nice weather was reported from Nice, France.")
    assert "Nice" in found and found["Nice"].country == "FR" and found["Nice"].passage.start > 50


def test_a_region_is_the_region_and_wider_than_its_town() -> None:
    region = named("Fighting went on in Kharkiv region.")["Kharkiv region"]
    town = named("Fighting went on in Kharkiv.")["Kharkiv"]
    assert region.gazetteer_id != town.gazetteer_id
    assert region.radius_m is not None and town.radius_m is not None and region.radius_m > 3 * town.radius_m


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Troops were seen in Belarus.", "Belarus", "location"),
        ("Belarus said it would abstain.", "Belarus", "actor"),
        ("The motion was opposed by Belarus.", "Belarus", "actor"),
        ("Karovia accused Belarus of delay.", "Belarus", "actor"),
        ("Belarus’s foreign ministry gave no answer.", "Belarus", "actor"),
        ("Belarus’s second-largest city was calm.", "Belarus", "location"),
        ("The president of Belarus arrived.", "Belarus", "actor"),
        ("Thousands fled Belarus.", "Belarus", "location"),
        ("The embassy in Minsk was closed.", "Minsk", "location"),
        ("Minsk accused Karovia of delay.", "Minsk", "metonym"),
        ("Minsk’s demands were put on paper.", "Minsk", "metonym"),
        ("Minsk’s streets were empty.", "Minsk", "location"),
        ("Minsk was covered in snow.", "Minsk", "location"),
        ("Talks between Minsk and Karovia went on.", "Minsk", "metonym"),
        ("Sanctions on Minsk were discussed.", "Minsk", "metonym"),
        ("Gomel said nothing.", "Gomel", "location"),
    ],
)
def test_a_name_acts_stands_for_a_government_or_says_where(text: str, name: str, role: str) -> None:
    assert named(text)[name].role == role


def test_names_joined_by_and_share_a_role() -> None:
    assert {place.role for place in places("Belarus and Moldova signed the text.")} == {"actor"}
    assert {place.role for place in places("He spoke in Belarus and Moldova.")} == {"location"}


def test_a_seat_of_government_is_no_point_on_a_map() -> None:
    place = named("The Kremlin gave no answer.")["The Kremlin"]
    assert (place.role, place.country, place.latitude) == ("metonym", "RU", None)


def test_a_site_that_no_list_has_is_returned_without_id_and_with_its_town() -> None:
    site = named("Shells fell near the Halvard bridge in Goma.")["Halvard bridge"]
    assert site.gazetteer_id is None and site.latitude is None
    assert site.country == "CD" and site.candidates[0].name == "Goma"
    assert "hospital" not in {name.lower() for name in named("The hospital was empty.")}


def test_a_village_that_no_list_has_is_returned_without_id() -> None:
    found = named("The village of Brenholt lies near Veshkova.")
    assert set(found) == {"Brenholt", "Veshkova"}
    assert all(place.gazetteer_id is None and place.latitude is None for place in found.values())


def test_an_unlisted_country_is_known_by_its_adjective_or_its_government_and_then_everywhere() -> None:
    text = (
        "VESNA, Karovia (Agency) — Karovian troops left. Karovia denied it. The town of Olm is in Karovia. Olm is calm."
    )
    found = [(place.passage.text, place.role) for place in places(text)]
    assert found == [
        ("VESNA", "location"), ("Karovia", "location"), ("Karovia", "actor"),
        ("Olm", "location"), ("Karovia", "location"), ("Olm", "location"),
    ]  # fmt: skip


def test_reading_places_is_repeatable() -> None:
    text = "Officials in Odesa, Mykolaiv and Tessaly spoke of Tripoli and Georgia."
    assert places(text) == places(text)


def test_two_capitals_with_one_verb_both_stand_for_their_governments() -> None:
    found = named("Kyiv and London voted against the draft. Shells fell in Kyiv and Kharkiv.")
    assert (found["London"].role, found["Kharkiv"].role) == ("metonym", "location")
    roles = [place.role for place in places("Kyiv and London voted against the draft.")]
    assert roles == ["metonym", "metonym"]


@pytest.mark.parametrize(
    "text",
    [
        "Ostvia says its troops do not shoot at towns.",
        "Ostvia expelled 35 diplomats.",
        "Deputies want more arms for Ostvia.",
        "The jets had entered Ostvia’s airspace.",
    ],
)
def test_a_country_that_no_list_has_is_told_by_what_only_states_do(text: str) -> None:
    assert "Ostvia" in [place.name for place in find_places(segment(text))]


@pytest.mark.parametrize("text", ["Ostvia says its readers wrote.", "Ostvia wore its coat.", "Ostvia left."])
def test_what_anybody_does_makes_no_country(text: str) -> None:
    assert find_places(segment(text)) == ()
