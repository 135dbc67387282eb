"""spec/text-map.md and its schema: the example holds, and the schema refuses what is no map."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SPEC = Path(__file__).parent.parent / "spec"
PAGE = (SPEC / "text-map.md").read_text(encoding="utf-8")
SCHEMA: dict[str, Any] = json.loads((SPEC / "text-map.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)


def fenced(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_example_is_a_map_and_its_regions_are_the_cells() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    text, way_back = fenced("text"), json.loads(fenced("json"))
    assert [error.message for error in VALID.iter_errors(way_back)] == []
    assert way_back["text"] == {"chars": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    found = {one["at"]["cell"]: text[one["start"] : one["end"]] for one in way_back["regions"]}
    assert found == {"A1": "Name", "B1": "Age", "A2": "Ada Lind", "B2": "40"}


def test_the_page_names_every_field_and_kind_of_the_schema() -> None:
    kinds = [one["properties"]["kind"]["const"] for one in SCHEMA["$defs"]["at"]["oneOf"]]
    assert len(kinds) == 5
    for name in (*SCHEMA["properties"], *kinds):
        assert f"`{name}`" in PAGE


FAULTS: dict[str, Any] = {
    "a page without its box": {"kind": "page", "page": 1, "unit": "pt"},
    "a page counted from nought": {"kind": "page", "page": 0, "box": [0, 0, 1, 1], "unit": "pt"},
    "a kind of its own": {"kind": "frame", "page": 1},
    "a cell without a name": {"kind": "cell", "sheet": None, "row": 1, "column": 1, "cell": ""},
    "a confidence above a hundred": {"kind": "region", "page": 1, "box": [0, 0, 1, 1], "unit": "px", "confidence": 101},
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_schema_refuses(name: str) -> None:
    way_back = json.loads(fenced("json"))
    way_back["regions"][0]["at"] = FAULTS[name]
    assert not VALID.is_valid(way_back)
