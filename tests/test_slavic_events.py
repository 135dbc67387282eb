"""Events in Ukrainian and Russian: what is named by a verb and the word beside it, where, and how it is told of."""

from __future__ import annotations

import pytest

from probanda.extract.read import read

PUBLISHED = "2031-05-07"


def told(text: str, language: str) -> list[tuple[str, str]]:
    return [(event.type, event.modality) for event in read(text, PUBLISHED, language).events]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("uk", "Прокурор відкрив у середу розслідування.", ("legal.investigation_opened", "accomplished")),
        ("ru", "Прокурор открыл в среду расследование.", ("legal.investigation_opened", "accomplished")),
        ("uk", "Держави звернулися до трибуналу.", ("legal.referral", "accomplished")),
        ("ru", "Государства обратились в трибунал.", ("legal.referral", "accomplished")),
        ("uk", "Суд визнав капітана винним.", ("legal.conviction", "accomplished")),
        ("ru", "Суд признал капитана виновным.", ("legal.conviction", "accomplished")),
        ("uk", "Слідчі збирають на місці уламки.", ("legal.evidence_collection", "accomplished")),
        ("ru", "Армия била по городу из миномётов.", ("attack.strike", "accomplished")),
        ("uk", "Армія била по місту з мінометів.", ("attack.strike", "accomplished")),
        ("uk", "Оборона збила дві ракети.", ("attack.interception", "accomplished")),
        ("ru", "Оборона сбила две ракеты.", ("attack.interception", "accomplished")),
        ("uk", "Місто не в облозі.", ("siege", "denied")),
        ("ru", "Никакой осады не существует.", ("siege", "denied")),
        ("uk", "Завтра чекаємо нового штурму.", ("attack.ground", "anticipated")),
        ("ru", "Завтра ждём нового штурма.", ("attack.ground", "anticipated")),
    ],
)
def test_an_event_has_its_type_and_how_it_is_told_of(language: str, text: str, expected: tuple[str, str]) -> None:
    assert expected in told(text, language)


@pytest.mark.parametrize(
    ("language", "text", "where"),
    [
        ("uk", "Колону обстріляли на залізничному переїзді.", "залізничному переїзді"),
        ("ru", "Колонну обстреляли на железнодорожном переезде.", "железнодорожном переезде"),
        ("uk", "У Марлові колону обстріляли на мосту.", "Марлові"),
    ],
)
def test_where_it_happened_may_be_a_common_noun(language: str, text: str, where: str) -> None:
    (event,) = [event for event in read(text, PUBLISHED, language).events if event.type == "attack.shelling"]
    assert event.where is not None and event.where.text == where
