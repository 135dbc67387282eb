"""What Ukrainian and Russian numbers count: by verbs, states and fates, parts of a whole, corrections, cases."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import Claim

PUBLISHED = "2031-05-07"


def figures(text: str, language: str) -> list[Claim]:
    """The claims with a number, in the order of the text; nothing that the gate refuses."""
    reading = read(text, PUBLISHED, language)
    assert [rejection.reason for rejection in reading.rejected] == []
    held = [claim for claim in reading.claims if claim.quantity is not None]
    return sorted(held, key=lambda claim: claim.quantity.passage.start if claim.quantity else 0)


def effects(text: str, language: str) -> list[tuple[object, str | None]]:
    return [(claim.quantity.stated, claim.effect) for claim in figures(text, language) if claim.quantity]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("uk", "У річці потонули троє рибалок.", [(3, "died")]),
        ("ru", "В реке утонули трое рыбаков.", [(3, "died")]),
        ("uk", "Доля одинадцяти жителів досі невідома.", [(11, "missing")]),
        ("ru", "Местонахождение 14 человек не установлено.", [(14, "missing")]),
        ("ru", "О судьбе девяти рабочих ничего не известно.", [(9, "missing")]),
        ("uk", "Під уламками школи залишаються п'ятеро людей.", [(5, "missing")]),
        ("uk", "Четверо у важкому стані.", [(4, "injured")]),
        ("ru", "Ещё шестеро в реанимации.", [(6, "injured")]),
        ("uk", "Обстріл забрав життя подружжя; ще троє — у лікарні.", [(3, "injured")]),
        ("ru", "Обстрел унёс жизни супругов; ещё трое — в больнице.", [(3, "injured")]),
        ("ru", "Погибли восемь человек и 20 ранены.", [(8, "died"), (20, "injured")]),
        ("uk", "Загинуло двоє жителів, сімох поранено.", [(2, "died"), (7, "injured")]),
        ("ru", "Трое задержанных умерли.", [(3, "died")]),
        ("uk", "Двоє поранених померли.", [(2, "died")]),
        ("uk", "П'ятьох чоловіків, яких знайшли в лісі, затримали.", [(5, "detained")]),
        ("ru", "Четверых мужчин, которых нашли в лесу, задержали.", [(4, "detained")]),
        ("ru", "Около 300 жителей прошли через фильтрационный лагерь.", [(300, "detained")]),
        ("uk", "Понад 200 жителів пройшли крізь фільтраційний табір.", [(200, "detained")]),
        ("uk", "Затоплено 40 будинків.", [(40, "damaged")]),
        ("ru", "Затоплены 40 домов.", [(40, "damaged")]),
        ("uk", "Із міста автобусами вивезли 70 дітей.", [(70, "evacuated")]),
        ("ru", "Из города автобусами вывезли 70 детей.", [(70, "evacuated")]),
        ("uk", "Із міста силою вивезли 70 дітей.", [(70, "transferred")]),
        ("ru", "Из занятых сёл вывезли 70 детей.", [(70, "transferred")]),
        ("uk", "Брендійська армія зайшла в село. До Брендії вивезли 70 дітей.", [(70, "transferred")]),
        ("ru", "Брендийская армия вошла в село. В Брендию вывезли 70 детей.", [(70, "transferred")]),
        ("uk", "20 тисяч людей переїхали в межах країни.", [(20_000, "internally_displaced")]),
        ("ru", "20 тысяч человек переехали внутри страны.", [(20_000, "internally_displaced")]),
        ("ru", "Выбраться из города смогли менее 500 жителей.", [(500, "fled")]),
    ],
)
def test_what_befell_the_counted(language: str, text: str, expected: list[tuple[object, str]]) -> None:
    assert effects(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "У місті працюють 12 шкіл, ніхто не постраждав."),
        ("ru", "В городе работают 12 школ, никто не пострадал."),
        ("uk", "Трьом офіцерам висунуто обвинувачення у вбивстві."),
        ("ru", "Трём офицерам предъявлено обвинение в убийстве."),
        ("uk", "Суд видав чотири ордери на арешт."),
    ],
)
def test_harm_that_is_not_theirs_is_not_given_to_them(language: str, text: str) -> None:
    assert [effect for _, effect in effects(text, language)] == [None]


@pytest.mark.parametrize(
    ("language", "text", "whole", "part"),
    [
        ("uk", "Із 60 машин відвантажено лише 18.", 60, 18),
        ("ru", "Из 60 машин отгружены только 18.", 60, 18),
        ("uk", "Поранено 17 людей. П'ятеро у важкому стані.", 17, 5),
        ("ru", "Ранены 17 человек. Пятеро в тяжёлом состоянии.", 17, 5),
        ("uk", "Домівки залишили 10 тисяч людей: 4 тисячі виїхали за кордон, 6 тисяч — до столиці.", 10_000, 4000),
        ("ru", "Погибли 12 человек, четверо из них дети.", 12, 4),
        ("uk", "Загинули 12 людей, четверо з них — діти.", 12, 4),
        ("uk", "Затримано 40 людей. Сімох із них відпустили.", 40, 7),
    ],
)
def test_a_part_names_its_whole(language: str, text: str, whole: int, part: int) -> None:
    held = {claim.quantity.stated: claim for claim in figures(text, language) if claim.quantity}
    assert held[part].subset_of == held[whole].id


@pytest.mark.parametrize(
    ("language", "text", "right", "wrong"),
    [
        ("uk", "Загинули 19 людей, а не 21.", 19, 21),
        ("ru", "Погибли 19 человек, а не 21.", 19, 21),
        ("uk", "Загинуло не двоє, а п'ятеро.", 5, 2),
        ("ru", "Погибли не двое, а пятеро.", 5, 2),
    ],
)
def test_a_correction_names_the_wrong_number(language: str, text: str, right: int, wrong: int) -> None:
    held = {claim.quantity.stated: claim for claim in figures(text, language) if claim.quantity}
    assert held[right].corrects == held[wrong].id
    assert (held[right].effect, held[wrong].effect, held[wrong].negated) == ("died", "died", True)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("uk", "До трибуналу звернулися 22 держави.", "referral"),
        ("ru", "В трибунал обратились 22 государства.", "referral"),
        ("uk", "Прокуратура розслідує 300 епізодів.", "investigation"),
        ("ru", "По делу допросили около сорока человек.", "investigation"),
        ("uk", "Міністр пообіцяв передати 20 гаубиць.", "pledge"),
        ("ru", "Министр пообещал передать 20 гаубиц.", "pledge"),
        ("uk", "Армія випустила по місту шість ракет.", "attack"),
        ("ru", "Армия выпустила по городу шесть ракет.", "attack"),
        ("uk", "Собор 64 голосами проти 21 засудив наступ.", "vote"),
        ("ru", "Собрание 64 голосами против 21 осудило наступление.", "vote"),
    ],
)
def test_what_no_harm_befell_has_a_kind(language: str, text: str, kind: str) -> None:
    assert {claim.kind for claim in figures(text, language)} == {kind}


@pytest.mark.parametrize(
    ("language", "text", "unit"),
    [
        ("uk", "Поранених уже 54.", "Поранених"),
        ("ru", "Раненых уже 54.", "Раненых"),
        ("ru", "Число погибших при взрыве на рынке возросло до четырёх.", "погибших"),
        ("uk", "Кількість загиблих унаслідок вибуху зросла до чотирьох.", "загиблих"),
    ],
)
def test_the_thing_counted_may_stand_in_front(language: str, text: str, unit: str) -> None:
    assert [claim.quantity.unit for claim in figures(text, language) if claim.quantity] == [unit]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Двоє посадовців заявили, що міст цілий."),
        ("ru", "Агентство со ссылкой на двух чиновников сообщает, что мост цел."),
        ("uk", "Багато хто ночує в льоху."),
    ],
)
def test_how_many_speak_is_no_figure(language: str, text: str) -> None:
    assert figures(text, language) == []
