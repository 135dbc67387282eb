"""Shared quotations: the marks of three languages, the words in them, and how much they tell."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.corroborate.shared_passages import shared_passages
from probanda.corroborate.shared_quotations import quoted, shared_quotations

WORDS = "We shall rebuild every house in Marisburg before the winter comes"
SLAVIC = "Мы восстановим каждый дом в Марисбурге до наступления зимы"


def between(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said: “Stay home.” She left.", ["Stay home."]),
        ('He said: "Stay home." She left. "Why?"', ["Stay home.", "Why?"]),
        ("Он сказал: «Сидите дома», она ушла.", ["Сидите дома"]),
        ("Він сказав: „Сидіть удома“. Вона пішла. „Так”", ["Сидіть удома", "Так"]),
        ("Он: «Мы в „Орле“ были».", ["Мы в „Орле“ были"]),
        ("He said ‘it’s the mayor’s house’ again", ["it’s the mayor’s house"]),
        ("the mayor’s house isn’t his’ own", []),
        ("市长说:「留在家里」。", ["留在家里"]),
        ("“First part.\n\n“Second part,” he said.", ["First part.", "Second part,"]),
        ("“Never closed.\n\nAnother paragraph.", []),
        ('5" of rain\n\nand "this"', ["this"]),
        ("“”", []),
    ],
)
def test_what_stands_between_marks(text: str, found: list[str]) -> None:
    assert between(text) == found


@given(st.text(alphabet='ab “”„«»"‘’\n', max_size=60))
def test_quotations_do_not_overlap_and_are_never_empty(text: str) -> None:
    places = quoted(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (f"“{WORDS},” the mayor said.", f'She had heard it: "{WORDS}, and more than that".', WORDS),
        (f"Мэр: «{SLAVIC}».", f"Мер пише: „{SLAVIC.upper()}“, і це все.", SLAVIC),
    ],
)
def test_the_same_words_in_other_marks_are_found_with_their_characters(one: str, other: str, words: str) -> None:
    (found,) = shared_quotations([("a", one), ("b", "Nothing is quoted here."), ("c", other)])
    assert (found.left, found.right, found.confidence, found.texts) == ("a", "c", "likely", 2)
    (shared,) = found.ranges
    assert shared.left.text == words == one[shared.left.start : shared.left.end]
    assert shared.right.text == other[shared.right.start : shared.right.end]
    assert shared_passages([("a", one), ("c", other)]) == ()  # too short for a passage
    assert found.turned().ranges[0].left == shared.right
    assert found.turned().turned() == found
    assert found.link().kind == "shared_quotation"


def test_words_that_one_of_the_two_does_not_quote_are_not_shared() -> None:
    assert shared_quotations([("a", f"“{WORDS},” she said."), ("b", f"The mayor: {WORDS}.")]) == ()


def test_words_that_run_over_from_one_quotation_into_the_next_are_not_shared() -> None:
    first, second = WORDS[:33], WORDS[33:]
    texts = [("a", f"“{first}” said the mayor “{second}”"), ("b", f"“{first}” “{second}”")]
    assert shared_quotations(texts) == ()


def test_seven_words_are_too_few() -> None:
    seven = " ".join(WORDS.split()[:7])
    assert shared_quotations([("a", f"“{seven}”"), ("b", f"“{seven}”")]) == ()


def test_a_slogan_is_only_a_possible_link_where_its_words_are_everywhere() -> None:
    slogan = "we are one and we will be one"
    filler = "we are one and will be here " * 3000
    (found,) = shared_quotations([("a", f"“{slogan}” {filler}"), ("b", f"They sang: “{slogan}”")])
    assert found.confidence == "possible"
    (known,) = shared_quotations([("a", f"“{WORDS}” {filler}"), ("b", f"They sang: “{WORDS}”")])
    assert known.weight > found.weight and known.confidence == "likely"


def test_many_who_quote_the_same_are_joined_without_naming_every_pair() -> None:
    found = shared_quotations([(str(n), f"Outlet {n}: “{WORDS}.”") for n in range(300)])
    assert len(found) < 700
    reached = {"0"}
    for one in sorted(found, key=lambda each: int(each.right)):
        if one.left in reached:
            reached.add(one.right)
    assert len(reached) == 300
    assert {one.texts for one in found} == {300}


MARKED = st.text(alphabet='ab c“”„«»"‘’\n東ж', max_size=80)


@given(st.lists(MARKED, max_size=4))
@settings(deadline=None)
def test_any_texts_are_taken(texts: list[str]) -> None:
    for one in shared_quotations([(str(place), text) for place, text in enumerate(texts)]):
        for shared in one.ranges:
            assert texts[int(one.left)][shared.left.start : shared.left.end] == shared.left.text
            assert texts[int(one.right)][shared.right.start : shared.right.end] == shared.right.text


@pytest.mark.parametrize("text", ['"' * 500_000, "“" * 500_000, "“a b c d e f g h” " * 10_000, "‘" + "x’s " * 200_000])
def test_a_text_of_marks_is_taken(text: str) -> None:
    shared_quotations([("a", text), ("b", text + "“one”")])
