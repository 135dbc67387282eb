"""The language of a text, and when it is not known."""

from __future__ import annotations

import pytest

from probanda.records.canonical import parse_canonical
from probanda.steps.language import STEP, language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The emergency service of Karovia said that twelve people died in Belov.", "en"),
        ("Twelve died.\n\nBelov, Karovia", "en"),
        ("Рятувальники повідомили про дванадцять загиблих у місті Бєлов.", "uk"),
        ("Спасатели сообщили о двенадцати погибших в городе Белов.", "ru"),
        ("Вони сказали, що вона була там", "uk"),
        ("Они сказали, что она там была", "ru"),
        ("Służba ratunkowa podała, że dwanaście osób zginęło w mieście Belov.", "pl"),
        ("Die Feuerwehr meldete zwölf Tote in der Stadt Belov.", "de"),
        ("قالت خدمة الطوارئ إن اثني عشر شخصا لقوا حتفهم", "und"),
        ("救援部门说有十二人死亡，另有三十人受伤。", "und"),
        ("12 - 45", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_found_or_left_undetermined(text: str, code: str) -> None:
    assert language(text)["language"] == code


def test_letters_that_one_language_alone_has_decide_before_the_model() -> None:
    found = language("Її дім, її ґанок, їхній сад")
    assert (found["language"], found["basis"]) == ("uk", "letters that only one language has")


def test_the_output_is_the_facts_and_is_canonical() -> None:
    data = b"The emergency service said that twelve people died."
    result = STEP.run(STEP.request("0" * 64), {"0" * 64: data})
    assert parse_canonical(result.outputs[0].data) == result.facts


def test_bytes_that_are_no_frozen_text_are_refused() -> None:
    assert STEP.run(STEP.request("0" * 64), {"0" * 64: b"\xff"}).outcome == "failed"
