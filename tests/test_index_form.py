"""The number that an index carries for the form of its records."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

from probanda.index.form import _describe, form


def test_the_form_is_one_number_for_every_process() -> None:
    code = "from probanda.index.form import form; print(form())"
    told = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        told.add(done.stdout.strip())
    assert told == {str(form())}
    assert 0 < form() < 2**31


@dataclass(frozen=True)
class Inner:
    name: str


@dataclass(frozen=True)
class Outer:
    one: Inner | None
    many: tuple[Inner, ...]


def test_records_within_records_count() -> None:
    shapes: dict[str, list[str]] = {}
    _describe(Outer, shapes)
    assert shapes == {"Outer": ["one", "many"], "Inner": ["name"]}
