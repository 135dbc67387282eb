"""Material run through identify and text as a case does it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from probanda.records.canonical import parse_canonical
from probanda.steps import identify, text
from probanda.steps.step import StepResult

_SCHEMA = json.loads((Path(__file__).parent.parent / "spec/text-map.schema.json").read_text(encoding="utf-8"))
FACTS = ("media_type", "encoding", "delimiter")


def run(data: bytes) -> StepResult:
    sha256 = hashlib.sha256(data).hexdigest()
    facts = identify.STEP.run(identify.STEP.request(sha256), {sha256: data}).facts
    request = text.STEP.request(sha256, parameters={name: facts[name] for name in FACTS})
    return text.STEP.run(request, {sha256: data})


def outputs(result: StepResult) -> tuple[str, dict[str, Any]]:
    """The text and its map, which has to fit the schema."""
    assert result.outcome == "succeeded", result.reason
    by_role = {output.role: output.data for output in result.outputs}
    way_back: Any = parse_canonical(by_role["map"])
    assert [error.message for error in Draft202012Validator(_SCHEMA).iter_errors(way_back)] == []
    frozen = by_role["text"].decode()
    assert way_back["text"] == {"chars": len(frozen), "sha256": hashlib.sha256(by_role["text"]).hexdigest()}
    ends = [0]
    for region in way_back.get("regions", ()):
        assert ends[-1] <= region["start"] < region["end"] <= len(frozen)
        ends.append(region["end"])
    return frozen, way_back


def places(frozen: str, way_back: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every region's words and place."""
    return [(frozen[one["start"] : one["end"]], one["at"]) for one in way_back["regions"]]
