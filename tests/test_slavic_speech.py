"""Who speaks in Ukrainian and Russian: told in the next sentence, or by a pronoun, an office or a source of sources."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import Quotation

PUBLISHED = "2031-05-07"


def told(text: str, language: str) -> list[tuple[str, str | None]]:
    """What is said and who says it, by name, else by role; nothing that the gate refuses."""
    reading = read(text, PUBLISHED, language)
    assert reading.rejected == ()
    return [(said.passage.text, _who(said)) for said in reading.quotations]


def _who(said: Quotation) -> str | None:
    return (said.speaker.name or said.speaker.role) if said.speaker else None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "uk",
            "Увечері обстріляли міст. Про це повідомив голова ради Петро Дуб.",
            ("Увечері обстріляли міст", "Петро Дуб"),
        ),
        ("uk", "Згоріли два склади.\n\nПро це повідомила поліція.", ("Згоріли два склади", "поліція")),
        ("uk", "Поранено трьох людей. Про це йдеться у звіті міністерства.", ("Поранено трьох людей", "міністерства")),
        (
            "ru",
            "Вечером обстреляли мост. Об этом сообщил глава совета Пётр Дуб.",
            ("Вечером обстреляли мост", "Пётр Дуб"),
        ),
        ("ru", "Сгорели два склада.\n\nОб этом сообщила полиция.", ("Сгорели два склада", "полиция")),
        (
            "ru",
            "Ранены три человека. Об этом говорится в отчёте министерства.",
            ("Ранены три человека", "министерства"),
        ),
    ],
)
def test_a_sentence_told_of_in_the_next_has_its_speaker(language: str, text: str, expected: tuple[str, str]) -> None:
    assert told(text, language) == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Мер Олег Ткач заявив, що міст цілий. Про це повідомила поліція."),
        ("ru", "Мэр Олег Ткач заявил, что мост цел. Об этом сообщила полиция."),
    ],
)
def test_what_one_person_said_is_not_given_to_the_next(language: str, text: str) -> None:
    assert [who for _, who in told(text, language)] == ["Олег Ткач"]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("uk", "Речниця служби Іва Лоза прибула вранці. Загинули двоє, повідомила речниця.", "Іва Лоза"),
        ("uk", "«Ми чекали», — сказала Віра Лоза. За словами жінки, допомоги не було.", "Віра Лоза"),
        ("uk", "Прокурор Ніна Лоза відкрила справу. За словами прокурорки, загинули двоє.", "Ніна Лоза"),
        ("uk", "Рада створила групу. За словами її керівниці Віри Лози, загинули двоє.", "Віри Лози"),
        ("ru", "Начальница службы Ива Лоза прибыла утром. Погибли двое, сообщила начальница.", "Ива Лоза"),
        ("ru", "«Мы ждали», — сказала Вера Лоза. По словам женщины, помощи не было.", "Вера Лоза"),
        ("ru", "Совет создал группу. По словам её руководителя Ивана Лозы, погибли двое.", "Ивана Лозы"),
        ("ru", "По данным врача Дарьи Луговой, погибли двое. «Это ужасно», — сказала она.", "Дарьи Луговой"),
    ],
)
def test_an_office_a_woman_or_a_pronoun_lead_to_the_person(language: str, text: str, name: str) -> None:
    said = told(text, language)
    assert said
    assert {who for _, who in said} == {name}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("uk", "За уточненими даними поліції, загинули двоє.", [("загинули двоє", "поліції")]),
        ("uk", "За попередніми даними поліції, загинули двоє.", [("загинули двоє", "поліції")]),
        ("ru", "По уточнённым данным полиции, погибли двое.", [("погибли двое", "полиции")]),
        ("ru", "По предварительным данным полиции, погибли двое.", [("погибли двое", "полиции")]),
    ],
)
def test_a_source_with_an_adjective_is_a_source(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [("uk", "За попередніми даними, загинули двоє."), ("ru", "По предварительным данным, погибли двое.")],
)
def test_data_of_nobody_have_no_speaker(language: str, text: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "via"),
    [
        ("uk", "Агенція «Обрій» з посиланням на джерело в поліції повідомила, що затримано двох людей.", "джерело"),
        ("ru", "Агентство «Даль» со ссылкой на военного врача сообщило, что задержаны двое.", "военного врача"),
    ],
)
def test_a_cited_source_before_the_verb_is_a_link_of_the_chain(language: str, text: str, via: str) -> None:
    (said,) = read(text, PUBLISHED, language).quotations
    assert said.speaker is not None
    assert "«" in (said.speaker.name or "")
    assert any(via in link for link in said.speaker.via)
