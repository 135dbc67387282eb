"""The index in a folder: the links of the small way, nothing hashed twice, and a folder that anybody may spoil."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.corroborate.fingerprints import SCHEME
from probanda.corroborate.passage_index import PassageIndex
from probanda.corroborate.shared_passages import shared_passages

VOCABULARY = [f"word{number}" for number in range(2000)]
FOOTER = " ".join(VOCABULARY[:30])


def collection(size: int, seed: int) -> list[tuple[str, str]]:
    """Texts of which many have a piece of an earlier one, and most a footer."""
    chance = random.Random(seed)
    texts: list[tuple[str, str]] = []
    for number in range(size):
        words = chance.choices(VOCABULARY, k=chance.choice([0, 5, 12, 60, 200]))
        if texts and chance.random() < 0.5:
            other = chance.choice(texts)[1].split()
            begin = chance.randrange(len(other) + 1)
            words[:0] = other[begin : begin + chance.choice([10, 20, 40, 100])]
        words += [FOOTER] * (chance.random() < 0.8)
        texts.append((f"capture:{number}", " ".join(words)))
    return texts


@given(st.integers(0, 1000), st.integers(1, 80), st.lists(st.integers(0, 40), max_size=6))
@settings(max_examples=20, deadline=None)
def test_the_index_finds_what_the_small_way_finds(seed: int, size: int, parts: list[int]) -> None:
    texts = collection(size, seed)
    with TemporaryDirectory() as folder:
        at = 0
        for part in [*parts, size]:
            PassageIndex(Path(folder)).add(texts[at : at + part])
            at += part
        assert tuple(PassageIndex(Path(folder)).shared(dict(texts).get)) == shared_passages(texts)


def test_many_small_additions_are_merged_and_find_the_same(tmp_path: Path) -> None:
    texts = collection(400, 1)
    for at in range(0, 400, 5):
        PassageIndex(tmp_path).add(texts[at : at + 5])
    assert len(list(tmp_path.iterdir())) < 4 * 40
    found = tuple(PassageIndex(tmp_path).shared(dict(texts).get))
    assert found == shared_passages(texts)
    assert len(found) > 100


def test_what_is_there_is_not_hashed_again(tmp_path: Path) -> None:
    texts = collection(60, 2)
    index = PassageIndex(tmp_path)
    assert index.add(texts[:40]) == 40
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".json"}

    again = PassageIndex(tmp_path)
    assert again.add([*texts[:40], *texts[30:], *texts[:3]]) == 20
    assert len(again) == 60
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert tuple(again.shared(dict(texts).get)) == shared_passages(texts)


def test_only_the_pairs_with_a_new_text_where_these_are_asked_for(tmp_path: Path) -> None:
    texts = collection(80, 3)
    index = PassageIndex(tmp_path)
    index.add(texts)
    late = {key for key, _ in texts[60:]}
    expected = [one for one in shared_passages(texts) if late & {one.left, one.right}]
    assert list(index.shared(dict(texts).get, since=60)) == expected
    assert 0 < len(expected) < len(shared_passages(texts))


def test_of_a_text_that_is_gone_nothing_is_said(tmp_path: Path) -> None:
    texts = collection(50, 4)
    index = PassageIndex(tmp_path)
    index.add(texts)
    gone = shared_passages(texts)[0].left
    held = {key: text for key, text in texts if key != gone}
    found = list(index.shared(held.get))
    assert found == [one for one in shared_passages(texts) if gone not in (one.left, one.right)]


def test_what_was_added_before_a_failure_stays(tmp_path: Path) -> None:
    texts = collection(30, 5)

    def failing() -> Iterator[tuple[str, str]]:
        yield from [*texts, *((str(number), "x") for number in range(600))]
        raise OSError("the source of texts broke off")

    with pytest.raises(OSError, match="broke off"):
        PassageIndex(tmp_path).add(failing())
    index = PassageIndex(tmp_path)
    assert len(index) == 512  # whole batches
    assert index.add(texts) == 0


@pytest.mark.parametrize("kind", ["hashes", "texts", "words", "keys"])
@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_a_damaged_folder_is_begun_anew(tmp_path: Path, kind: str, harm: str) -> None:
    texts = collection(30, 6)
    PassageIndex(tmp_path).add(texts)
    path = tmp_path / f"1.{kind}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data if harm == "flip" else data[:-1])

    index = PassageIndex(tmp_path)
    assert len(index) == 0
    assert index.add(texts) == 30
    assert tuple(PassageIndex(tmp_path).shared(dict(texts).get)) == shared_passages(texts)


LISTS = [
    "",
    "{",
    "[]",
    "null",
    '{"scheme": "other", "segments": []}',
    json.dumps({"scheme": SCHEME}),
    json.dumps({"scheme": SCHEME, "segments": [{"name": "../x", "texts": 1, "bounds": [0], "crc": {}}]}),
    json.dumps({"scheme": SCHEME, "segments": [{"name": 7, "texts": 1, "bounds": [0], "crc": {}}]}),
]


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_that_is_none_is_begun_anew(tmp_path: Path, listed: str) -> None:
    (tmp_path / "index.json").write_text(listed, "utf-8")
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    (tmp_path / "7.hashes").write_bytes(b"left by a crash")
    texts = collection(20, 7)
    index = PassageIndex(tmp_path)
    assert index.add(texts) == 20
    assert tuple(index.shared(dict(texts).get)) == shared_passages(texts)
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"
    assert not (tmp_path / "7.hashes").exists()


def test_an_empty_index_and_texts_without_words(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path / "new")
    assert (index.add([]), list(index.shared(lambda key: None))) == (0, [])
    assert index.add([("a", ""), ("b", "one"), ("a", "again")]) == 2
    assert list(index.shared({"a": "", "b": "one"}.get)) == []
