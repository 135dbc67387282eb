"""Words and tiles: offsets that hold in every script, and the runs that the slow and obvious way finds."""

from __future__ import annotations

import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from probanda.corroborate.fingerprints import (
    AT_LEAST_ONE,
    AT_LEAST_TWO,
    TAIL,
    WordHashes,
    fingerprints,
    fingerprints_together,
)
from probanda.corroborate.tiles import Tile, tiles
from probanda.corroborate.words import Numbers, comparable, fold, spans, split

ANY_TEXT = st.text(max_size=80) | st.text(
    alphabet="aЄё\u0301\u00ad’ʼ'_-. \n\u0640\u064eل東京ไท\u0e35\u200d", max_size=60
)


@given(ANY_TEXT)
def test_each_word_is_its_own_characters(text: str) -> None:
    starts, ends = spans(text)
    assert [text[start:end] for start, end in zip(starts, ends, strict=True)] == split(text)
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert all(first <= second for first, second in zip(ends[:-1], starts[1:], strict=True))


@given(ANY_TEXT)
def test_no_letter_or_digit_is_left_out(text: str) -> None:
    starts, ends = spans(text)
    within = {place for start, end in zip(starts, ends, strict=True) for place in range(start, end)}
    left_out = {char for place, char in enumerate(text) if char.isalnum() and place not in within}
    assert left_out <= set("\u02b9\u02bb\u02bc\u02bd\u02c8\u02ee")  # apostrophes that Unicode has as letters


@given(ANY_TEXT | st.text(alphabet="aB9’“—\u00a0 _-.", max_size=60))
def test_words_to_compare_are_the_words(text: str) -> None:
    assert [fold(word) for word in comparable(text)] == [fold(word) for word in split(text)]


@given(st.text(max_size=40))
def test_a_decomposed_text_has_the_same_words(text: str) -> None:
    apart, whole = unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)
    assert [fold(word) for word in split(apart)] == [fold(word) for word in split(whole)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("МОСТ взорван", "мост взо\u00adрван"),
        ("за́мок", "замок"),
        ("всё ещё", "все еще"),
        ("п'ять сімей", "п’ять сімей"),
        ("п'ять сімей", "пʼять сімей"),
        ("قُتِلَ ثلاثة", "قتل ثـلاثة"),
        ("ﬁfty", "FIFTY"),
        ("_heavily_ shelled", "heavily shelled"),
    ],
)
def test_spellings_of_the_same_words(one: str, other: str) -> None:
    assert [fold(word) for word in split(one)] == [fold(word) for word in split(other)]


def test_other_letters_and_other_numbers_are_other_words() -> None:
    assert fold("и") != fold("й") and fold("і") != fold("i") and fold("39") != fold("38")


def test_signs_are_words_of_their_own_beside_words_with_spaces() -> None:
    assert split("死者39人、Port Selisで") == ["死", "者", "39", "人", "Port", "Selis", "で"]
    assert split("ที่นี่") == ["ที่", "นี่"]
    assert [number < 0 for number in Numbers().of(["死", "39", "人"])] == [True, False, True]


def slow_tiles(left: list[int], right: list[int], least: int) -> int:
    """How many words greedy tiling covers, tried at every pair of places."""
    free_left, free_right, covered = [True] * len(left), [True] * len(right), 0
    while True:
        best = (0, 0, 0)
        for at in range(len(left)):
            for beside in range(len(right)):
                n = 0
                while (
                    at + n < len(left) and beside + n < len(right) and left[at + n] == right[beside + n]
                    and free_left[at + n] and free_right[beside + n]
                ):  # fmt: skip
                    n += 1
                best = max(best, (n, -at, -beside))
        n, at, beside = best[0], -best[1], -best[2]
        if n < least:
            return covered
        free_left[at : at + n] = [False] * n
        free_right[beside : beside + n] = [False] * n
        covered += n


def true(found: list[Tile], left: list[int], right: list[int], least: int) -> None:
    """What holds of tiles whatever the texts are."""
    taken_left, taken_right = (
        Counter(place for tile in found for place in range(tile[side], tile[side] + tile.words)) for side in (0, 1)
    )
    assert all(tile.words >= least for tile in found)
    assert set(taken_left.values()) | set(taken_right.values()) <= {1}
    for at, beside, n in found:
        assert left[at : at + n] == right[beside : beside + n]
        for a, b in ((at - 1, beside - 1), (at + n, beside + n)):
            if 0 <= a < len(left) and 0 <= b < len(right) and a not in taken_left and b not in taken_right:
                assert left[a] != right[b]


NUMBERS = st.lists(st.integers(1, 60), min_size=3, max_size=8)
PIECES = st.lists(NUMBERS, min_size=1, max_size=4)


@given(PIECES, st.data())
@settings(max_examples=200, deadline=None)
def test_tiles_are_those_of_the_slow_way(pieces: list[list[int]], data: st.DataObject) -> None:
    order = data.draw(st.lists(st.sampled_from(range(len(pieces))), max_size=5))
    left = [number for piece in pieces for number in piece]
    right = [number for place in order for number in pieces[place]]
    runs = Counter(tuple(side[at : at + 3]) for side in (left, right) for at in range(len(side) - 2))
    assume(max(runs.values(), default=0) <= 4)  # beyond that not all pairs of places are tried
    found = tiles(np.array(left, np.int64), np.array(right, np.int64), 3)
    true(found, left, right, 3)
    assert sum(tile.words for tile in found) == slow_tiles(left, right, 3)


@given(st.lists(st.integers(1, 2), max_size=60), st.lists(st.integers(1, 2), max_size=60))
@settings(deadline=None)
def test_tiles_of_texts_that_repeat_themselves_are_true(left: list[int], right: list[int]) -> None:
    true(tiles(np.array(left, np.int64), np.array(right, np.int64), 3), left, right, 3)


WORD = st.integers(0, 10_000).map("w{}".format)


def text_of(length: int) -> st.SearchStrategy[list[str]]:
    return st.lists(WORD, min_size=length, max_size=length, unique=True)


@given(st.lists(WORD, max_size=40), text_of(AT_LEAST_TWO), st.lists(WORD, max_size=40), st.lists(WORD, max_size=40))
@settings(deadline=None)
def test_words_in_a_row_always_leave_fingerprints(
    before: list[str], run: list[str], after: list[str], other: list[str]
) -> None:
    for length, least in ((AT_LEAST_ONE, 1), (AT_LEAST_TWO, 2)):
        one, two = " ".join([*before, *run[:length], *after]), " ".join([*other, *run[:length]])
        assert len(np.intersect1d(fingerprints(one), fingerprints(two))) >= least


@given(st.lists(st.lists(WORD, max_size=30).map(" ".join), max_size=6))
@settings(deadline=None)
def test_many_texts_at_once_have_the_fingerprints_of_each(texts: list[str]) -> None:
    found, of, counts = fingerprints_together(texts, WordHashes())
    assert [np.unique(found[of & np.uint32(TAIL - 1) == place]).tolist() for place in range(len(texts))] == [
        fingerprints(text).tolist() for text in texts
    ]
    assert counts.tolist() == [len(split(text)) for text in texts]


def test_fingerprints_are_the_same_on_every_machine() -> None:
    words = "The bridge at Port Selis was hit on Tuesday, the mayor of Marisburg said; nobody was harmed there."
    known = [3155182195771481543, 3513997125447702580, 3923758338434456980]
    assert fingerprints(words).tolist() == fingerprints(words.upper().replace(",", "")).tolist() == known
