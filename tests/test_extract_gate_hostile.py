"""The gate and hostile candidates: whatever an extractor hands over is answered, bounded, and can be stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate_world import DEATHS, KILLED, READING, WHISTLE, claim, codes, count, gate
from probanda.records.canonical import canonical
from probanda.records.codec import to_json

HOSTILE: list[object] = [
    None,
    7,
    "reading",
    [],
    b"x",
    {"claims": 3},
    {"claims": {"a": 1}},
    {"claims": [None, 3, "x", [], {}]},
    {"claims": [claim("died") | {"id": None}]},
    {"claims": [DEATHS | {"passage": None}]},
    {"claims": [DEATHS | {"passage": {"text": 7}}]},
    {"claims": [DEATHS | {"passage": {"text": ""}}]},
    {"claims": [DEATHS | {"passage": {"text": "x" * 5_000_000}}]},
    {"claims": [DEATHS | {"passage": {"start": -5, "end": -1, "text": "died"}}]},
    {"claims": [DEATHS | {"passage": {"start": 0, "end": 10**30, "text": "absent words"}}]},
    {"claims": [DEATHS | {"passage": {"start": float("nan"), "end": 3, "text": "absent words"}}]},
    {"claims": [DEATHS | {"passage": {"text": "\ud800 died"}}]},
    {"claims": [DEATHS | {"id": "\udfff"}]},
    {"claims": [DEATHS | {"quantity": DEATHS["quantity"] | {"stated": float("nan")}}]},
    {"claims": [DEATHS | {"quantity": DEATHS["quantity"] | {"stated": 10**400}}]},
    {"claims": [DEATHS | {"quantity": DEATHS["quantity"] | {"minimum": 9, "maximum": 1}}]},
    {"claims": [DEATHS | {"quantity": DEATHS["quantity"] | {"stated": True}}]},
    {"claims": [DEATHS | {"source": {"narrator": 1}}]},
    {"claims": [DEATHS | {7: "x"}]},
    {"claims": [DEATHS | {"id": "x" * 100_000}]},
    {"claims": [DEATHS | {"modality": ["accomplished"]}]},
    {"places": [READING["places"][0] | {"latitude": float("inf")}]},
    {"quotations": [WHISTLE | {"speaker": "Varro"}]},
    {"weapons": [{"passage": {"text": "missile", "before": 3}, "class": "x"}]},
    {"rejected": [{"reason": 1}]},
    {"extractors": ["me"]},
    {"surprise": [1]},
    {"document": {"chars": float("nan")}},
    {"document": object()},
    {"claims": [object()]},
    {3: 4},
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_candidates_are_rejected_and_never_raise(number: int) -> None:
    reading, rejections = gate(HOSTILE[number])
    assert rejections
    assert count(reading) == 0
    assert canonical(to_json(reading))  # what was rejected can be stored
    assert all(len(rejection.quote) <= 300 and len(rejection.reason) <= 1_000 for rejection in rejections)


def test_depth_and_number_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert codes({"claims": [DEATHS | {"where": deep}]}) == ["shape.value"]
    _, rejections = gate({"weapons": [{}] * 6_000})
    assert len(rejections) == 5_001
    assert "shape.too_many" in rejections[0].reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "start", "id", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = sorted({name for record in (DEATHS, KILLED) for name in record})


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3))
def test_any_values_are_answered(fields: dict[str, Any]) -> None:
    reading, rejections = gate({"claims": [DEATHS | fields]})
    assert len(reading.claims) + len(rejections) == 1
    json.dumps(to_json(reading), allow_nan=False).encode("utf-8")


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    reading, rejections = gate(READING, text)
    assert all(text[p.passage.start : p.passage.end] == p.passage.text for p in reading.places)
    assert count(reading) + len(rejections) == sum(len(READING[name]) for name in READING)
