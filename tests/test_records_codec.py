"""Records and JSON: a round trip keeps everything, and a misfit is an error that names the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import Json, canonical
from probanda.records.codec import RecordError, parse, to_json


@dataclass(frozen=True)
class Leaf:
    class_: str
    weight: float | None = None


@dataclass(frozen=True)
class Other:
    kind: Literal["other"]


@dataclass(frozen=True)
class Tree:
    name: str
    leaves: tuple[Leaf | Other, ...]
    colour: Literal["green", "red"]
    sizes: Mapping[str, int]
    ripe: bool | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


leaves = st.builds(Leaf, st.text(), st.none() | st.floats(allow_nan=False, allow_infinity=False)) | st.just(
    Other("other")
)
trees = st.builds(
    Tree,
    st.text(),
    st.lists(leaves, max_size=3).map(tuple),
    st.sampled_from(("green", "red")),
    st.dictionaries(st.text(), st.integers(), max_size=3),
    st.none() | st.booleans(),
    st.dictionaries(st.text().filter(lambda n: n not in ("name", "leaves", "colour", "sizes", "ripe")), st.integers()),
)

GOOD: dict[str, Any] = {"name": "n", "leaves": [{"class": "c"}], "colour": "red", "sizes": {"a": 1}}


@given(trees)
def test_a_record_comes_back_from_its_json(tree: Tree) -> None:
    assert parse(Tree, to_json(tree)) == tree


def test_unknown_fields_are_kept_and_written_again() -> None:
    data = {**GOOD, "later": {"deep": [1, None]}, "extra": "a field of that name", "ripe": None}
    tree = parse(Tree, data)
    assert tree.extra == {"later": {"deep": [1, None]}, "extra": "a field of that name"}
    assert canonical(to_json(tree)) == canonical({**data, "leaves": [{"class": "c", "weight": None}]})


def test_a_whole_number_is_read_where_a_fraction_may_stand() -> None:
    [leaf] = parse(Tree, {**GOOD, "leaves": [{"class": "c", "weight": 1}]}).leaves
    assert isinstance(leaf, Leaf)
    assert leaf.weight == 1.0
    assert type(leaf.weight) is float


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": 1}, r"\$\.name: expected str, found a number"),
        ({"name": None}, r"\$\.name: expected str, found null"),
        ({"colour": "blue"}, r"\$\.colour: expected one of green, red, found 'blue'"),
        ({"leaves": {}}, r"\$\.leaves: expected a list, found an object"),
        ({"leaves": [{"class": "c", "more": 1}]}, r"\$\.leaves\[0\]"),
        ({"sizes": {"a": True}}, r"\$\.sizes\.a: expected int, found a truth value"),
        ({"ripe": 1}, r"\$\.ripe: expected bool, found a number"),
    ],
)
def test_a_misfit_names_the_place_and_what_was_found(change: dict[str, Any], place: str) -> None:
    with pytest.raises(RecordError, match=place):
        parse(Tree, {**GOOD, **change})


def test_a_missing_field_and_a_list_are_no_record() -> None:
    with pytest.raises(RecordError, match="expected the field 'name'"):
        parse(Tree, {name: value for name, value in GOOD.items() if name != "name"})
    with pytest.raises(RecordError, match="expected an object"):
        parse(Tree, [GOOD])
    with pytest.raises(TypeError):
        to_json("text")
