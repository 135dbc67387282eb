"""What a text can be found by: the same word under one term however it is written, each term at its characters."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from probanda.records.canonical import parse_canonical
from probanda.records.name_keys import name_keys, sought_keys
from probanda.steps.step import StepResult
from probanda.steps.terms import STEP, terms
from probanda.steps.words import PROFILES, fold, lemma, profile_of, words


def run(data: bytes, **parameters: str | None) -> StepResult:
    sha256 = hashlib.sha256(data).hexdigest()
    return STEP.run(STEP.request(sha256, parameters=parameters), {sha256: data})


def lemmas(text: str, language: str) -> list[str]:
    return str(terms(text, language)["lemmas"]).split()


def found_by(text: str, language: str) -> set[str]:
    held = terms(text, language)
    return {*str(held["lemmas"]).split(), *str(held["forms"]).split()}


def test_inflected_words_stand_under_their_lemma_in_three_languages() -> None:
    assert lemmas("Children were killed in strikes.", "en") == ["child", "be", "kill", "in", "strike"]
    assert lemmas("обстріл лікарень, дітей, дітям", "uk") == ["обстріл", "лікарня", "дитина", "дитина"]
    assert lemmas("обстрел больниц, детей", "ru") == ["обстрел", "больница", "ребенок"]
    assert lemmas("Attaques contre les enfants", "fr") == ["attaques", "contre", "les", "enfants"]


def test_a_ukrainian_text_may_hold_russian_and_english_words() -> None:
    assert lemmas("написано «больницы» і «strikes»", "uk")[1::2] == ["больница", "strike"]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "‘", "`"])
def test_apostrophes_are_one(apostrophe: str) -> None:
    assert lemmas(f"сім{apostrophe}ї", "uk") == ["сімя"]
    assert lemmas(f"Russia{apostrophe}s O{apostrophe}Brien", "en") == ["russia", "obrien"]


def test_accents_case_stress_and_invisible_characters_fall_away() -> None:
    assert lemmas("Café ŞIRNAK naïve", "fr") == ["cafe", "sirnak", "naive"]
    assert lemmas("ёлка сло\u0301во КИЄВІ", "ru") == ["елка", "слово", "київ"]
    assert lemmas("lab\u00adora\u200btory", "en") == ["laboratory"]
    assert lemmas("їжак", "und") == ["їжак"]  # the two dots of ї are no accent


@pytest.mark.parametrize("number", ["2,000", "2 000", "2\u00a0000", "2\u202f000", "2000", "2'000"])
def test_a_number_is_one_however_its_thousands_are_parted(number: str) -> None:
    assert lemmas(f"about {number} people", "en")[1] == "2000"


def test_numbers_that_stand_side_by_side_are_not_joined() -> None:
    assert lemmas("in 2022 300 people", "en")[1:3] == ["2022", "300"]
    assert lemmas("3.5 or 1,5", "en") == ["3", "5", "or", "1", "5"]
    assert {"300", "12", "12300"} <= found_by("12 300 people", "en")


def test_hyphenated_words_are_found_whole_and_in_parts() -> None:
    assert {"air", "raid", "airraid", "airraids"} <= found_by("air-raids", "en")
    assert "t72" in found_by("a T-72 tank", "en")
    assert lemmas("цивільно-військової", "uk") == ["цивільний", "військовий"]


NAMES = [
    "Kyiv Kiev Київ Киев Києва Киева",
    "Kharkiv Kharkov Харків Харьков Харкова",
    "Zelenskyy Zelensky Zelenskiy Зеленський Зеленский Зеленского Зеленським",
    "Mykhailo Михайло Mikhail Михаил",
    "Serhiy Serhii Sergei Sergey Сергій Сергей",
    "Lviv Lvov Львів Львов",
    "Zaporizhzhia Zaporozhye Запоріжжя Запорожье",
    "Shcherbakov Ščerbakov Щербаков",
    "Hassan Хасан",
    "Sievierodonetsk Severodonetsk Сєвєродонецьк Северодонецк",
]


@pytest.mark.parametrize("spellings", NAMES, ids=lambda spellings: str(spellings).split(" ")[0])
def test_spellings_of_a_name_share_a_key(spellings: str) -> None:
    first, *others = spellings.split(" ")
    for other in others:
        assert set(name_keys(first)) & set(sought_keys(other)), other


@pytest.mark.parametrize(("latin", "arabic"), [("Khartoum", "الخرطوم"), ("Mohammed", "محمد"), ("Idlib", "إدلب")])
def test_arabic_meets_latin_by_its_consonants_both_ways(latin: str, arabic: str) -> None:
    assert set(name_keys(arabic)) & set(sought_keys(latin))
    assert set(name_keys(latin)) & set(sought_keys(arabic))


def test_names_that_differ_share_no_key() -> None:
    assert not set(name_keys("Kharkiv")) & set(sought_keys("Kherson"))
    assert not set(name_keys("Poltava")) & set(sought_keys("Plotov"))  # one skeleton, two names in Latin letters
    assert name_keys("Al") == name_keys("12") == name_keys("京都") == ()


def test_only_words_with_a_capital_letter_are_names() -> None:
    held = terms("Мер Харкова сказав про харків", "uk")["names"]
    assert isinstance(held, dict)
    assert next(places for keys, places in held.items() if "garkiv" in keys) == [1]


def spans(held: dict[str, Any]) -> list[tuple[int, int]]:
    """As spec/terms.md says."""
    found, at = [], 0
    for one in held["spans"].split():
        gap, _, length = one.rpartition("+")
        start = at + int(gap or 1)
        at = start + int(length)
        found.append((start, at))
    return found


TEXTS = st.text(
    st.one_of(st.sampled_from("abkiv ZЗиїєґёў'’ʼ-‑,.0123 \u00a0\u0301\n«»\u00adةمحأ½ﬁß"), st.characters(codec="utf-8")),
    max_size=80,
)


@given(TEXTS, st.sampled_from(["en", "uk", "ru", "und"]))
@example("\u0301a", "en")
@example("12 300 400", "uk")
def test_every_term_stands_at_its_characters(text: str, language: str) -> None:
    held = json.loads(json.dumps(terms(text, language)))
    places, in_order = spans(held), held["lemmas"].split(" ") if held["lemmas"] else []
    assert len(places) == len(in_order)
    before = 0
    for (start, end), term in zip(places, in_order, strict=True):
        assert before <= start < end <= len(text)
        before = end
        assert fold(text[start:end]) or term
        assert term in {lemma(text[start:end], profile_of(language)), fold(text[start:end])} or term.isdigit()
    for places_of_name in held["names"].values():
        assert all(place < len(in_order) for place in places_of_name)


@given(TEXTS, st.sampled_from(PROFILES))
def test_a_term_is_nothing_to_a_query_language_or_a_tokenizer(text: str, profile: str) -> None:
    for word in words(text, profile):
        for term in (word.lemma, *word.forms):
            assert term
            for letter in term:
                assert letter.isalnum() or unicodedata.category(letter)[0] == "M"
                assert not letter.isascii() or letter.isdigit() or letter.islower()


def test_the_step_answers_with_one_blob_and_names_what_it_depends_on() -> None:
    result = run("Дітей вбито у Харкові".encode(), language="uk")
    (output,) = result.outputs
    held = parse_canonical(output.data)
    assert isinstance(held, dict)
    assert (output.role, held["language"], held["lemmas"]) == ("terms", "uk", "дитина вбити у харків")
    assert set(STEP.resources()) == {"romanisation.tsv", "simplemma"}
    assert run(b"", language="und").outcome == "succeeded"


def test_what_is_no_text_or_has_no_language_fails_with_the_reason() -> None:
    assert "byte 3" in (run(b"abc\xff", language="en").reason or "")
    assert "`language`" in (run(b"abc", language=None).reason or "")


def test_the_example_of_the_spec_is_what_the_step_gives() -> None:
    page = (Path(__file__).parents[1] / "spec" / "terms.md").read_text("utf-8")
    shown = page.split("```\n")[1].replace("\n ", "").strip()
    assert json.loads(shown) == terms("У Харкові 2 000 дітей, air-raid.", "uk")


def test_long_words_of_hostile_texts_cost_little() -> None:
    held = terms("a" * 300_000 + " " + "-".join("b" * 2000) + " " + "я" * 100_000, "uk")
    assert max(map(len, str(held["lemmas"]).split() + str(held["forms"]).split())) <= 200
