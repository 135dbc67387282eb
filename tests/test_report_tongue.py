"""The page's own words: both languages have every key with the same placeholders, and sources' words stay theirs."""

from __future__ import annotations

import re
from typing import get_args

import pytest

import report_world as world
from probanda.records.protection import MARKINGS, RISKS, Condition, Consent, Protection
from probanda.records.reading import Effect, Modality
from probanda.report import custody, disclosure
from probanda.report.casefile import build
from probanda.report.contents import Audience
from probanda.report.page import SECTIONS, html
from probanda.report.page_overview import TERMS
from probanda.report.snapshot import CheckRow
from probanda.report.tongue import LANGUAGES, Tongue, catalogue, plural

FORMS = {"en": {"one", "other"}, "uk": {"one", "few", "many"}}


def keys(language: str) -> tuple[set[str], dict[str, set[str]]]:
    """Keys without a number, and those with one with their forms."""
    plain: set[str] = set()
    counted: dict[str, set[str]] = {}
    for key in catalogue(language):
        stem, _, form = key.rpartition(".")
        if form in ("one", "few", "many", "other") and stem not in ("items", "procedure"):
            counted.setdefault(stem, set()).add(form)
            continue
        plain.add(key)
    return plain, counted


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_has_every_key_and_every_plural_form() -> None:
    plain, counted = keys("en")
    assert len(plain) > 300
    for language in LANGUAGES:
        other, numbers = keys(language)
        assert other == plain
        assert set(numbers) == set(counted)
        assert all(forms == FORMS[language] for forms in numbers.values())


def test_the_same_is_filled_in_in_every_language() -> None:
    plain, counted = keys("en")
    english, ukrainian = catalogue("en"), catalogue("uk")
    for key in plain:
        assert placeholders(english[key]) == placeholders(ukrainian[key]), key
    for stem in counted:
        for form in FORMS["uk"]:
            assert placeholders(ukrainian[f"{stem}.{form}"]) == placeholders(english[f"{stem}.other"]), stem


def test_ukrainian_words_are_ukrainian() -> None:
    same = {key for key, text in catalogue("uk").items() if text == catalogue("en").get(key)}
    assert same == {"term.sha256", "map.sign"}
    for key, text in catalogue("uk").items():
        assert not re.search("[ыэёъЫЭЁЪ]", text), key


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"),
     (21, "one"), (22, "few"), (25, "many"), (101, "one"), (111, "many"), (112, "many"), (1002, "few")],
)  # fmt: skip
def test_ukrainian_plural_forms(n: int, form: str) -> None:
    assert plural("uk", n) == form


def test_numbers_and_dates_are_written_in_the_readers_manner() -> None:
    english, ukrainian = Tongue("en"), Tongue("uk")
    assert (english.number(12345), ukrainian.number(12345)) == ("12,345", "12\u00a0345")
    assert ukrainian.day("2026-03-04") == "4 березня 2026"
    assert ukrainian.day("2026-03") == "березень 2026"
    assert english.day("2026-03-04T07:05:00Z") == "4 March 2026, 07:05 UTC"
    assert english.day("2026-03~") == "2026-03~"
    assert ukrainian.count_text("count.items", 3) == "3 одиниці зберігання"


def test_what_records_say_in_english_is_said_in_the_language_or_marked_as_english() -> None:
    tongue = Tongue("uk")
    assert "доведено" in tongue.fixed("Integrity since ingestion holds; time unproven")
    assert tongue.fixed("the disk was full") == '<span lang="en">the disk was full</span>'
    assert disclosure.UNNAMED in catalogue("en").values()
    casefile = build(world.full())
    for sentence in (casefile.integrity, *(one.reason for one in casefile.missing)):
        assert "lang=" not in tongue.fixed(sentence), sentence
    refused = (
        Protection("identity_protected"),
        Protection("internal"),
        Protection("public", risk="high"),
        Protection("public", Consent(())),
        Protection(consent=Consent((), "2031-04-01")),
        *(Protection("public", conditions=(condition,)) for condition in get_args(Condition)),
    )
    for audience in get_args(Audience):
        for protection in refused:
            assert "lang=" not in tongue.fixed(disclosure.refusal(protection, audience) or "items"), protection
    rows = (CheckRow("time.anchored", "holds", "stamped"),)
    for ok in (True, False, None):
        for integrity in (rows, ()):
            found = custody.integrity_finding(world.snapshot([], [], integrity=integrity, integrity_ok=ok))
            assert "lang=" not in tongue.fixed(found), found


def test_vocabularies_are_in_the_catalogue() -> None:
    english = catalogue("en")
    wanted = [f"modality.{value}" for value in get_args(Modality)] + [f"effect.{value}" for value in get_args(Effect)]
    wanted += [f"marking.{value}" for value in MARKINGS] + [f"risk.{value}" for value in RISKS]
    wanted += [f"section.{name}" for name, _ in SECTIONS] + [f"term.{name}.means" for name in TERMS]
    assert not [key for key in wanted if key not in english]


def test_the_ukrainian_page_leaves_the_words_of_sources_alone() -> None:
    page = html(build(world.whole()), "uk")
    assert '<html lang="uk">' in page
    for words in ("прочитання машини", "Стислий огляд справи", "не може бути правдою разом із"):
        assert words in page
    assert '<q lang="en">They fired at the hospital with cluster munitions</q>' in page
    for ours in ("machine reading", "Said to have happened", "Coverage and gaps", "holder unknown"):
        assert ours not in page


def test_no_sentence_of_the_page_keeps_an_unfilled_place() -> None:
    casefile = build(world.whole())
    for language in LANGUAGES:
        shown = re.sub("<style>.*?</style>", "", html(casefile, language), flags=re.DOTALL)
        assert not re.findall(r"\{\w+\}", shown)
        assert all(text.sha256 in shown for text in casefile.texts)
