"""The demo material is what its README says: marked exercises, pages with furniture, one item that must fail."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
import trafilatura

DEMO = Path(str(files("probanda"))) / "demo"
ITEMS = json.loads((DEMO / "manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_names_every_item_and_no_other() -> None:
    assert sorted(item["file"] for item in ITEMS) == sorted(
        f"material/{path.name}" for path in (DEMO / "material").iterdir()
    )
    assert {item["marking"] for item in ITEMS} == {"public"}


@pytest.mark.parametrize("name", [item["file"] for item in ITEMS if item["source"].startswith("Exercise")])
def test_an_exercise_says_so_at_its_head(name: str) -> None:
    text = (DEMO / name).read_text(encoding="utf-8")
    if not text:
        assert name.endswith("07-field-notes.txt")
        return
    words = trafilatura.extract(text) if name.endswith(".html") else text
    assert words is not None
    assert "EXERCISE – invented" in "\n".join(words.splitlines()[:2])


@pytest.mark.parametrize("name", [item["file"] for item in ITEMS if item["file"].endswith(".html")])
def test_the_pages_carry_what_must_never_reach_a_case_file(name: str) -> None:
    page = (DEMO / name).read_text(encoding="utf-8")
    words = trafilatura.extract(page)
    assert words is not None
    for trap in ("onclick", "<script", "<nav", "<footer"):
        assert trap in page
        assert trap not in words
    assert "written by a script" not in words
    assert len(words) >= 900
