"""spec/casefile.md names every field that the JSON has."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import report_world as world
from probanda.report import basis, chapters, contents, holdings
from probanda.report.casefile import build, to_json

SPEC = (Path(__file__).parent.parent / "spec" / "casefile.md").read_text(encoding="utf-8")


def test_every_field_is_in_the_specification() -> None:
    named = set(re.findall(r"`([a-z_0-9]+)`", SPEC))
    modules = (basis, chapters, contents, holdings)
    records = [kind for module in modules for kind in vars(module).values() if dataclasses.is_dataclass(kind)]
    assert len(records) > 20
    assert {field.name.rstrip("_") for kind in records for field in dataclasses.fields(kind)} <= named


def test_the_example_is_what_is_written() -> None:
    example = json.loads(re.findall(r"```json\n(.*?)```", SPEC, re.DOTALL)[0])
    written = json.loads(to_json(build(world.full())))["figures"][0]["said"][0]
    assert {**written, "id": "claim:…"} == example
