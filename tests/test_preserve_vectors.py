"""Each file in vectors/ has one fault; verification names exactly the checks that it breaks."""

from __future__ import annotations

import base64
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from probanda.preserve.verify import verify

VECTORS = Path(__file__).parent.parent / "vectors"
NAMES = sorted(path.name for path in VECTORS.glob("*.json"))
BUNDLES = sorted(path.name for path in (VECTORS / "bundles").glob("*.json"))


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / name).read_text("utf-8"))
    return found


def write_case(folder: Path, files: dict[str, str | dict[str, str] | None]) -> None:
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8") if isinstance(text, str) else base64.b64decode(text["base64"]))


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_breaks_exactly_the_checks_that_the_vector_names(name: str, tmp_path: Path) -> None:
    vector = read(name)
    write_case(tmp_path, read("case.json")["files"])
    write_case(tmp_path, vector.get("changes", {}))
    report = verify(tmp_path)
    fails = [check.name for check in report.checks if check.outcome == "fails"]
    expected = [check for check in vector["fails"] if report.check(check).outcome != "not_run"]
    assert sorted(fails) == expected, [check for check in report.checks if check.outcome == "fails"]
    assert set(vector["fails"]) <= set(report.failed)
    assert report.ok == (not vector["fails"])


@pytest.mark.parametrize("name", BUNDLES)
def test_each_fault_of_a_bundle_breaks_exactly_the_checks_that_the_vector_names(name: str, tmp_path: Path) -> None:
    vector = read(f"bundles/{name}")
    write_case(tmp_path, read("bundles/bundle.json")["files"])
    write_case(tmp_path, vector.get("changes", {}))
    report = verify(tmp_path)
    fails = [check.name for check in report.checks if check.outcome == "fails"]
    assert sorted(fails) == vector["fails"], [check for check in report.checks if check.outcome == "fails"]
    assert report.ok == (not vector["fails"])


def test_the_vectors_are_those_that_the_code_makes() -> None:
    made = runpy.run_path(str(VECTORS))["make"]()
    assert sorted(made) == sorted([*NAMES, *(f"bundles/{name}" for name in BUNDLES)])
    for name, content in made.items():
        assert read(name) == content, name
