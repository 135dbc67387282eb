"""Who speaks in Ukrainian and Russian: across clauses, addressees, seats of power, verbs that no list has."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import HolderUnknown, Narrator, Speaker

PUBLISHED = "2031-05-07"


def told(text: str, language: str) -> list[tuple[str, str | None]]:
    """What is said and who says it, by name, else by role; nothing that the gate refuses."""
    reading = read(text, PUBLISHED, language)
    assert [rejection.reason for rejection in reading.rejected] == []
    return [
        (said.passage.text.strip(" ,.«»"), (said.speaker.name or said.speaker.role) if said.speaker else None)
        for said in reading.quotations
    ]


DIRECT = [
    ("uk", "«Ми чекали два дні», — зізналася в ефірі радіо «Хвиля» вчителька Марта Сливка.", ["Марта Сливка"]),
    ("ru", "«Мы ждали два дня», — призналась в эфире радио «Волна» учительница Марта Сливка.", ["Марта Сливка"]),
    ("uk", "«Води немає», — поскаржилася мешканка. «Світла теж», — додав її сусід.", ["мешканка", "сусід"]),
    ("ru", "«Воды нет», — пожаловалась жительница. «Света тоже», — добавил её сосед.", ["жительница", "сосед"]),
    ("uk", "Мер Тисовця Ірина Гай, яка провела ніч у підвалі, сказала: «Ми вистояли».", ["Ірина Гай"]),
    ("ru", "Мэр Тисовца Ирина Гай, проведшая ночь в подвале, сказала: «Мы выстояли».", ["Ирина Гай"]),
    ("uk", "Вдова сторожа, Олена Крук, вийшла із зали. «Це ганьба», — кинула вона.", ["Олена Крук"]),
    ("ru", "Вдова сторожа, Елена Крук, вышла из зала. «Это позор», — бросила она.", ["Елена Крук"]),
    ("uk", "Делегат Ян Морок встав. Посол Ірина Гай пішла. «Досить», — кинув він.", ["Ян Морок"]),
    ("uk", '«Нас б\'ють, — розповіла агентству "Хвиля" лікарка Софія Рута. — Ліків немає».', ["Софія Рута"] * 2),
    ("ru", '«Нас бьют, — рассказала агентству "Волна" врач София Рута. — Лекарств нет».', ["София Рута"] * 2),
    ("uk", "«Міст стоїть», — пише у своєму телеграм-каналі голова області Тимур Гак.", ["Тимур Гак"]),
    ("uk", "«Усе спокійно», — заспокоїв мер.", ["мер"]),
    ("ru", "На вопрос о пленных генерал ответил: «Мы их вернём».", ["генерал"]),
    ("ru", "Врачи молчали, но одна из медсестёр шепнула: «Их били».", ["одна из медсестёр"]),
    ("uk", "«Нас били щодня», — розповів один із них.", ["один із них"]),
    ("ru", "Главврач Анна Лис вышла к прессе. «Лекарств нет», — сказала врач.", ["Анна Лис"]),
]


@pytest.mark.parametrize(("language", "text", "speakers"), DIRECT)
def test_direct_speech_has_its_speaker(language: str, text: str, speakers: list[str]) -> None:
    assert [who for _, who in told(text, language)][-len(speakers) :] == speakers


REPORTED = [
    ("uk", "На засіданні ради голова комісії Олег Бук розповів, що міст зруйновано.", "міст зруйновано", "Олег Бук"),
    ("ru", "На заседании совета глава комиссии Олег Бук рассказал, что мост разрушен.", "мост разрушен", "Олег Бук"),
    ("uk", "Посол Ян Рот порвав резолюцію й оголосив, що піде з ради.", "піде з ради", "Ян Рот"),
    ("ru", "Посол Ян Рот порвал резолюцию и объявил, что уйдёт из совета.", "уйдёт из совета", "Ян Рот"),
    ("uk", "Прокурорка Лідія Мороз, коментуючи рішення, назвала його «ганебним».", "ганебним", "Лідія Мороз"),
    ("ru", "Прокурор Лидия Мороз, комментируя решение, назвала его «позорным».", "позорным", "Лидия Мороз"),
    ("uk", "У Марлові заявили, що ракет не випускали.", "ракет не випускали", "Марлові"),
    ("ru", "В Марлове заявили, что ракет не выпускали.", "ракет не выпускали", "Марлове"),
    ("uk", "Уряд свою участь заперечує. Там же стверджується, що міст цілий.", "міст цілий", "Уряд"),
    ("uk", "Тихо було вчора; тепер, стверджує штаб армії, у місті бої.", "у місті бої", "штаб армії"),
    ("ru", "Тихо было вчера; теперь, утверждает штаб армии, в городе бои.", "в городе бои", "штаб армии"),
    ("uk", "Крім того, як каже мер Олег Бук, води немає.", "води немає", "Олег Бук"),
    ("ru", "Кроме того, как говорит мэр Олег Бук, воды нет.", "воды нет", "Олег Бук"),
    ("uk", "Як пише «Степовий край», міст підірвали.", "міст підірвали", "«Степовий край»"),
    ("ru", "Людей держали в яме, рассказывают выжившие.", "Людей держали в яме", "выжившие"),
    ("ru", "Если удары не прекратятся, предупредил Олег Бук, город останется без воды.", "город останется без воды",
     "Олег Бук"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "words", "who"), REPORTED)
def test_reported_words_have_their_speaker(language: str, text: str, words: str, who: str) -> None:
    assert (words, who) in told(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Оператор станції повідомив про пожежу. Раніше побоювалися, що під завалами двоє людей."),
        ("ru", "Оператор станции сообщил о пожаре. Ранее опасались, что под завалами двое людей."),
    ],
)
def test_nobody_told_of_is_not_the_last_speaker(language: str, text: str) -> None:
    reading = read(text, PUBLISHED, language)
    held = [claim.source for claim in reading.claims if claim.quantity is not None]
    assert held and not any(isinstance(source, Speaker) for source in held)


@pytest.mark.parametrize(
    ("language", "text", "holder"),
    [
        ("uk", "Міністерство обліковує 940 тисяч переселенців.", "Міністерство"),
        ("ru", "Министерство насчитывает 940 тысяч переселенцев.", "Министерство"),
        ("uk", "У березні, за даними поліції, загинули 12 людей.", "поліції"),
        ("ru", "В марте, по данным полиции, погибли 12 человек.", "полиции"),
    ],
)
def test_who_counts_holds_the_number(language: str, text: str, holder: str) -> None:
    reading = read(text, PUBLISHED, language)
    held = [claim.source for claim in reading.claims if claim.quantity is not None]
    assert [source.name or source.role for source in held if isinstance(source, Speaker)] == [holder]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "За неофіційною інформацією, загинули троє охоронців."),
        ("ru", "По неподтверждённым сведениям, погибли трое охранников."),
        ("ru", "За ночь умерли, как сообщается, трое стариков."),
    ],
)
def test_what_is_told_by_nobody_named_is_held_by_somebody_unknown(language: str, text: str) -> None:
    reading = read(text, PUBLISHED, language)
    held = [claim.source for claim in reading.claims if claim.quantity is not None]
    assert held and not any(isinstance(source, Narrator) for source in held)
    assert all(isinstance(source, HolderUnknown) for source in held)
