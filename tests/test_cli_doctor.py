"""doctor says what a machine can do; what it cannot tell it does not call working."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cli_world import made_case, probanda
from probanda.report.machine import CORE_LIBRARIES, LIBRARIES, Line, Machine, able, examine

GOOD = Machine(
    python=(3, 11, 7), sqlite=(3, 45, 1), full_text=True, libraries=dict.fromkeys(LIBRARIES, "1.0"),
    tesseract="tesseract 5.3.4", languages=("eng", "osd", "rus", "ukr"), ffmpeg="ffmpeg version 7", git="git version 2",
    folder="case", free_bytes=2**40, syncs=True, links=True, case_sensitive=True, encrypted=True, year=2031, zone="EET",
    released=2026, cpus=4, open_files=1024,
)  # fmt: skip


def of(machine: Machine, name: str) -> Line:
    [line] = [line for line in examine(machine) if line.name == name]
    return line


def test_a_machine_that_has_everything_has_nothing_to_install() -> None:
    lines = examine(GOOD)
    assert {line.outcome for line in lines} == {"works"}
    assert not any(line.remedy for line in lines)
    assert all(line.purpose and line.found for line in lines)
    assert able(lines)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"python": (3, 10, 9)}, "python"),
        ({"sqlite": (3, 22, 0)}, "sqlite"),
        ({"full_text": False}, "sqlite full text"),
        ({"libraries": {**GOOD.libraries, "lxml": ""}}, "library lxml"),
        ({"syncs": False}, "durable writes"),
        ({"links": False}, "hard links"),
        ({"year": 1970}, "clock"),
        ({"year": 2090}, "clock"),
    ],
)
def test_what_the_core_needs_fails_the_whole_with_a_remedy(fault: dict[str, object], name: str) -> None:
    machine = replace(GOOD, **fault)  # type: ignore[arg-type]
    line = of(machine, name)
    assert (line.outcome, line.core) == ("missing", True)
    assert line.remedy
    assert not able(examine(machine))


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"tesseract": ""}, "tesseract"),
        ({"languages": ("eng",)}, "tesseract ukr"),
        ({"ffmpeg": ""}, "ffmpeg"),
        ({"git": ""}, "git"),
        ({"libraries": {**GOOD.libraries, "typst": ""}}, "library typst"),
        ({"free_bytes": 0}, "free space"),
        ({"case_sensitive": False}, "case of names"),
        ({"open_files": 64}, "open files"),
    ],
)
def test_what_only_some_items_need_is_missing_and_fails_nothing(fault: dict[str, object], name: str) -> None:
    machine = replace(GOOD, **fault)  # type: ignore[arg-type]
    assert (of(machine, name).outcome, of(machine, name).core) == ("missing", False)
    assert able(examine(machine))


def test_what_cannot_be_told_is_neither_working_nor_missing() -> None:
    optional = [one.name for one in fields(Machine) if "None" in str(one.type) and one.name != "zone"]
    machine = replace(GOOD, **dict.fromkeys(optional))  # type: ignore[arg-type]
    unknown = [line for line in examine(machine) if line.outcome == "unknown"]
    assert len(unknown) == len(optional) + 2, "three languages of one fact"
    assert able(examine(machine)), "what is unknown is not called missing"
    assert not any(line.outcome == "missing" for line in examine(machine))


def test_the_core_libraries_are_among_the_libraries() -> None:
    assert set(CORE_LIBRARIES) <= set(LIBRARIES)


def test_the_command_tells_of_this_machine_and_leaves_nothing_behind(tmp_path: Path) -> None:
    said = probanda("doctor", "--json", cwd=tmp_path)
    lines = {line["name"]: line for line in said.json["lines"]}
    assert lines["python"]["found"] == ".".join(map(str, sys.version_info[:3]))
    assert lines["sqlite"]["found"] == sqlite3.sqlite_version
    assert said.json["waiting"] is None
    assert (said.code == 0) == said.json["ok"]
    assert list(tmp_path.iterdir()) == []
    plain = probanda("doctor", cwd=tmp_path)
    assert all(name in plain.out for name in lines)


def test_without_the_program_it_says_so_and_what_to_install(tmp_path: Path) -> None:
    said = probanda("doctor", "--json", cwd=tmp_path, env={"PATH": str(tmp_path)})
    lines = {line["name"]: line for line in said.json["lines"]}
    assert lines["tesseract"]["outcome"] == "missing"
    assert "tesseract-ocr" in lines["tesseract"]["remedy"]
    assert said.code == 0


def test_with_a_case_it_says_what_waits(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    before = sorted(case.rglob("*"))
    said = probanda("doctor", case, "--json")
    assert said.json["waiting"] == []
    assert sorted(case.rglob("*")) == before
    assert "0 items wait" in probanda("doctor", case).out
    absent = probanda("doctor", tmp_path / "absent", "--json")
    assert absent.code == 1 and absent.error["kind"] == "NotACase"
