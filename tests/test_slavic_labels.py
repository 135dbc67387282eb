"""Labels, military use and names of places in Ukrainian and Russian: whose word, about what, and what is no place."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import Speaker

PUBLISHED = "2031-05-07"


@pytest.mark.parametrize(
    ("language", "text", "holder", "about"),
    [
        ("uk", "Посол Ян Рот звинуватив Галворію в геноциді.", "Ян Рот", "Галворію"),
        ("ru", "Посол Ян Рот обвинил Галворию в геноциде.", "Ян Рот", "Галворию"),
        ("uk", "Президентка Ірина Гай кваліфікувала удар як воєнний злочин.", "Ірина Гай", "удар"),
        ("ru", "Президент Ирина Гай квалифицировала удар как военное преступление.", "Ирина Гай", "удар"),
        ("uk", "«Удар по ринку — воєнний злочин», — сказав Олег Бук.", "Олег Бук", "Удар по ринку"),
        ("ru", "«Удар по рынку — военное преступление», — сказал Олег Бук.", "Олег Бук", "Удар по рынку"),
        ("uk", "Прем'єр Олег Бук назвав вторгнення «актом агресії».", "Олег Бук", "вторгнення"),
        ("uk", "«Це геноцид», — сказав Олег Бук.", "Олег Бук", "Це"),
    ],
)
def test_a_label_has_its_holder_and_what_it_is_about(language: str, text: str, holder: str, about: str) -> None:
    reading = read(text, PUBLISHED, language)
    assert reading.rejected == ()
    (label,) = reading.labels
    assert isinstance(label.holder, Speaker)
    assert (label.holder.name, label.about.text if label.about else None) == (holder, about)


@pytest.mark.parametrize(
    ("language", "text", "use"),
    [
        ("uk", "Речник заявив, що в школі зберігали боєприпаси.", "зберігали боєприпаси"),
        ("ru", "Представитель заявил, что в школе хранили боеприпасы.", "хранили боеприпасы"),
        ("uk", "Речник заявив, що в школі не зберігали боєприпасів.", None),
        ("ru", "Снаряд попал в школу.", None),
        ("uk", "У школі вчилися діти.", None),
    ],
)
def test_a_military_use_is_given_in_the_words_that_assert_it(language: str, text: str, use: str | None) -> None:
    held = [thing for thing in read(text, PUBLISHED, language).objects if thing.physical_type == "school"]
    assert [thing.military_use_asserted.text if thing.military_use_asserted else None for thing in held] == [use]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("uk", "МАРЛІВ, 7 травня — Бої тривають.", [("МАРЛІВ", "location")]),
        ("ru", "МАРЛОВ (Волна) — Бои продолжаются.", [("МАРЛОВ", "location")]),
        ("uk", "Ракети випустила Галворія.", [("Галворія", "actor")]),
        ("ru", "Посол Галвории промолчал.", [("Галвории", "actor")]),
        ("uk", "Командувач оборони міста Роман Тесля мовчить.", []),
        ("ru", "Министр обороны Инна Каррера молчит. Каррера уехала.", []),
        ("uk", "Марія Гай і Софія Рута мовчать.", []),
        ("uk", "Про це пише портал «Маяк».", []),
        ("uk", "Армія мовчить, партія мовчить.", []),
    ],
)
def test_a_name_is_a_place_only_where_it_is_one(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    reading = read(text, PUBLISHED, language)
    assert [(place.passage.text, place.role) for place in reading.places] == expected
