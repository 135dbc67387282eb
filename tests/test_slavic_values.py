"""Numbers, dates and places of Ukrainian and Russian texts, and that a passage alone gives the same value again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.places.told import Site
from probanda.extract.read import read
from probanda.extract.slavic.dates import find_times
from probanda.extract.slavic.numbers import find_numbers, quantity_of
from probanda.extract.slavic.places import find_places
from probanda.extract.text.segments import segment

PUBLISHED = "2031-05-07"  # a Wednesday

QUANTITIES = [
    ("uk", "понад 2 000", (2000, 2001, None, "more_than")),
    ("uk", "1,5 млн", (1_500_000, 1_500_000, 1_500_000, "stated")),
    ("uk", "934 тис.", (934_000, 934_000, 934_000, "stated")),
    ("uk", "щонайменше п’ятеро", (5, 5, None, "at_least")),
    ("uk", "двадцяти трьох", (23, 23, 23, "stated")),
    ("uk", "сорока", (40, 40, 40, "stated")),
    ("uk", "трьома", (3, 3, 3, "stated")),
    ("uk", "дві тисячі триста", (2300, 2300, 2300, "stated")),
    ("uk", "кілька десятків", ("unknown", 20, "unknown", "dozens")),
    ("uk", "сотні", ("unknown", 200, "unknown", "hundreds")),
    ("uk", "десятки тисяч", ("unknown", 20_000, "unknown", "tens_of_thousands")),
    ("uk", "кілька", ("unknown", 2, "unknown", "several")),
    ("uk", "від 10 до 15", ("unknown", 10, 15, "between")),
    ("uk", "10–15 тисяч", ("unknown", 10_000, 15_000, "between")),
    ("uk", "не більше ніж 12", (12, "unknown", 12, "up_to")),
    ("uk", "не менш як 30", (30, 30, None, "at_least")),
    ("uk", "майже 40", (40, "unknown", 39, "nearly")),
    ("uk", "12-ти", (12, 12, 12, "stated")),
    ("uk", "півтори тисячі", (1500, 1500, 1500, "stated")),
    ("ru", "по меньшей мере 12", (12, 12, None, "at_least")),
    ("ru", "свыше 1,5 млн", (1_500_000, 1_500_001, None, "more_than")),
    ("ru", "около сорока", (40, "unknown", "unknown", "about")),
    ("ru", "двадцать пять тысяч триста", (25_300, 25_300, 25_300, "stated")),
    ("ru", "между 10 и 15", ("unknown", 10, 15, "between")),
    ("ru", "пятерых", (5, 5, 5, "stated")),
    ("ru", "несколько сотен", ("unknown", 200, "unknown", "hundreds")),
    ("ru", "до 200", (200, "unknown", 200, "up_to")),
    ("ru", "200 или более", (200, 200, None, "at_least")),
]


@pytest.mark.parametrize(("language", "words", "value"), QUANTITIES)
def test_a_number_keeps_its_qualifier(language: str, words: str, value: object) -> None:
    assert quantity_of(words, language) == value


@pytest.mark.parametrize(("language", "text"), [("uk", "Олена Штерн, 34, бачила удар."), ("ru", "Ему 20 лет.")])
def test_an_age_is_no_count(language: str, text: str) -> None:
    doc = segment(text, language)
    assert [number.kind for number in find_numbers(doc, frozenset())] == ["measure"]


TIMES = [
    ("uk", "У середу мер заявив", "2031-05-07", "2031-05-07", "day"),
    ("uk", "у вівторок увечері загинули", "2031-05-06", "2031-05-06", "part_of_day"),
    ("uk", "у ніч на 3 березня", "2031-03-02", "2031-03-03", "part_of_day"),
    ("uk", "минулого тижня", "2031-04-28", "2031-05-04", "week"),
    ("uk", "три дні тому", "2031-05-04", "2031-05-04", "day"),
    ("uk", "2 березня о 05:40", "2031-03-02T05:40", "2031-03-02T05:40", "instant"),
    ("uk", "на початку березня", "2031-03-01", "2031-03-10", "month"),
    ("uk", "з 24 лютого", "2031-02-24", "2031-05-07", "range"),
    ("uk", "через кілька годин", None, None, "unknown"),
    ("uk", "у п’ятницю рада розгляне", "2031-05-09", "2031-05-09", "day"),
    ("uk", "вранці", None, None, "part_of_day"),
    ("ru", "в ночь на среду", "2031-05-06", "2031-05-07", "part_of_day"),
    ("ru", "накануне", "2031-05-06", "2031-05-06", "day"),
    ("ru", "с 2 по 5 мая", "2031-05-02", "2031-05-05", "range"),
    ("ru", "в прошлую среду", "2031-04-30", "2031-04-30", "day"),
    ("ru", "неделю назад", "2031-04-27", "2031-05-03", "week"),
    ("ru", "на следующий день", None, None, "unknown"),
]


@pytest.mark.parametrize(("language", "text", "earliest", "latest", "precision"), TIMES)
def test_a_time_is_dated(language: str, text: str, earliest: str | None, latest: str | None, precision: str) -> None:
    (mention,) = find_times(segment(text, language), PUBLISHED)
    assert (mention.when.earliest, mention.when.latest, mention.when.precision) == (earliest, latest, precision)


@pytest.mark.parametrize(("language", "text", "earliest", "latest", "precision"), TIMES)
def test_without_a_date_of_publication_nothing_relative_is_dated(
    language: str, text: str, earliest: str | None, latest: str | None, precision: str
) -> None:
    del earliest, latest, precision
    assert all(mention.when.earliest is None for mention in find_times(segment(text, language), None))


def test_since_the_invasion_hangs_on_the_calendar() -> None:
    doc = segment("З початку вторгнення загинули люди. Від початку вторгнення минув рік.", "uk")
    unknown = find_times(doc, PUBLISHED)
    assert [(mention.when.earliest, mention.when.basis) for mention in unknown[:1]] == [(None, "event calendar")]
    for name in ("invasion", "вторгнення"):
        known = find_times(doc, PUBLISHED, {name: "2031-02-24"})
        assert known[0].when.earliest == "2031-02-24"


PLACES = [
    ("uk", "У Києві та Харкові пролунали вибухи.", [("Києві", "geonames:703448"), ("Харкові", "geonames:706483")]),
    ("uk", "Переговори в Женеві та Варшаві.", [("Женеві", "geonames:2660646"), ("Варшаві", "geonames:756135")]),
    ("uk", "У місті Марлів гримнуло.", [("Марлів", None)]),
    ("uk", "У Карівській області тихо.", [("Карівській області", None)]),
    ("uk", "в Харківській області", [("Харківській області", "geonames-adm1:UA.07")]),
    ("uk", "У Телеграмі він написав.", []),
    ("ru", "В селе Новая Брена тихо.", [("Новая Брена", None)]),
    ("ru", "Удар по Одессе.", [("Одессе", "geonames:698740")]),
]


@pytest.mark.parametrize(("language", "text", "expected"), PLACES)
def test_a_place_is_found_in_any_case(language: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    found = find_places(segment(text, language))
    assert [(place.passage.text, place.gazetteer_id) for place in found] == expected
    assert all((place.latitude is None) == (place.gazetteer_id is None) for place in found)


@pytest.mark.parametrize(("language", "text"), [("uk", "Київ заявив, що чекає."), ("ru", "Москва заявила, что ждет.")])
def test_a_capital_that_speaks_is_not_on_the_map(language: str, text: str) -> None:
    (place,) = find_places(segment(text, language))
    assert (place.role, place.latitude) == ("metonym", None)


LETTERS = st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёъыэАБВКМПРС0123456789 .,:;!?—«»„“\"'’-\n", max_size=200)


@given(text=LETTERS, language=st.sampled_from(["uk", "ru"]))
def test_any_text_is_read_and_every_passage_is_its_own(text: str, language: str) -> None:
    reading = read(text, PUBLISHED, language)
    passages = [claim.passage for claim in reading.claims] + [quotation.passage for quotation in reading.quotations]
    passages += [claim.quantity.passage for claim in reading.claims if claim.quantity]
    passages += [when.passage for when in reading.times if when.passage] + [place.passage for place in reading.places]
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text


QUALIFIERS = {
    "uk": ["понад", "близько", "щонайменше", "майже", "не менше"],
    "ru": ["более", "около", "почти", "не менее"],
}


@given(data=st.data(), language=st.sampled_from(["uk", "ru"]), number=st.integers(2, 999_999))
def test_a_number_in_its_sentence_has_the_value_of_its_passage(data: st.DataObject, language: str, number: int) -> None:
    qualifier = data.draw(st.sampled_from(QUALIFIERS[language]))
    written = data.draw(
        st.sampled_from([str(number), f"{number:,}".replace(",", "\u00a0"), f"{number:,}".replace(",", " ")])
    )
    died, people = {"uk": ("загинули", "людей"), "ru": ("погибли", "человек")}[language]
    text = f"За добу {died} {qualifier} {written} {people}."
    claims = [claim for claim in read(text, PUBLISHED, language).claims if claim.quantity]
    (claim,) = claims
    assert claim.quantity is not None
    quantity = claim.quantity
    assert (quantity.passage.text, quantity.stated, quantity.unit) == (f"{qualifier} {written}", number, people)
    assert (quantity.stated, quantity.minimum, quantity.maximum, quantity.qualifier) == quantity_of(
        quantity.passage.text, language
    )


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("uk", "Стара Ткальня", "Люди ховалися у Старій Ткальні."),
        ("uk", "Стара Ткальня", "Бої точилися біля Старої Ткальні."),
        ("ru", "Старая Мельница", "Люди прятались в Старой Мельнице."),
        ("ru", "Старая Мельница", "Бои шли у Старой Мельницы."),
    ],
)
def test_a_site_that_was_told_is_found_in_any_case(language: str, name: str, text: str) -> None:
    site = Site("supplement:1", name, 50.0, 30.0, 200)
    found = [place for place in read(text, PUBLISHED, language, sites=[site]).places if place.gazetteer_id == site.id]
    assert [place.latitude for place in found] == [50.0]


@pytest.mark.parametrize(("language", "text"), [("ru", "Спустя два часа обстрел возобновился.")])
def test_a_time_after_the_one_before_is_heard(language: str, text: str) -> None:
    (mention,) = find_times(segment(text, language), PUBLISHED)
    assert (mention.when.earliest, mention.when.basis) == (None, "unresolved")


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("uk", "У понеділок почалися бої. Наступного дня місто взяли.", "2031-05-06"),
        ("ru", "В понедельник начались бои. На следующий день город взяли.", "2031-05-06"),
        ("uk", "У понеділок почалися бої. Днем раніше було тихо.", "2031-05-04"),
        ("ru", "В понедельник начались бои. Днём ранее было тихо.", "2031-05-04"),
        ("uk", "Сапери перевірять дорогу до п'ятниці.", "2031-05-09"),
        ("ru", "Стороны могут договориться уже к субботе.", "2031-05-10"),
        ("uk", "До п'ятниці загинули 12 людей.", "2031-05-02"),
        ("uk", "Наступного дня місто взяли.", None),
    ],
)
def test_a_day_hangs_on_the_day_before_it_or_is_a_limit(language: str, text: str, day: str | None) -> None:
    assert find_times(segment(text, language), PUBLISHED)[-1].when.earliest == day
