"""Extractors in a case: asked beside the rules, remembered, told by name where they fail, and taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_world import Said, probanda
from extractor_world import PUBLISHED, TEXT
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.engine.local import LocalEngine
from probanda.pipeline import spine
from probanda.records.agreement import agreement_of
from probanda.records.canonical import parse_canonical
from probanda.records.reading import Reading
from probanda.records.settings import extractors_of
from probanda.steps import propose, read

TRIAL = "path:extractor_world:Trial"
RULES = "probanda.rules/1"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    with Archive.create(tmp_path / "case", "The market", "Ana Velt") as archive:
        archive.add([tmp_path / "report.txt"], published=PUBLISHED)
        yield archive


def run(archive: Archive, *names: str) -> Reading:
    archive.ask_extractors(names, "a trial")
    archive.run(InlineEngine(archive.case.blobs.folder))
    (row,) = archive.readings()
    return row.reading


def names(reading: Reading) -> list[object]:
    return [one["name"] for one in reading.extractors]


def test_who_is_asked_is_remembered_and_can_be_taken_back(case: Archive) -> None:
    plain = run(case)
    assert agreement_of(plain) is None
    assert names(run(case, TRIAL)) == [RULES, TRIAL]
    assert case.run(InlineEngine(case.case.blobs.folder)).total == 0, "nothing is missing"
    assert case.settings() is not None and extractors_of(case.settings()) is not None
    case.assign_settings("another matter", approval=("bundle",))
    assert case.run(InlineEngine(case.case.blobs.folder)).total == 0, "other settings ask for no reading anew"
    assert run(case) == plain
    assert names(run(case, TRIAL)) == [RULES, TRIAL]
    assert case.verify().ok


def test_a_case_that_asks_nobody_asks_as_it_always_did(case: Archive) -> None:
    run(case)
    (row,) = [one for one in case.canonical_dump() if b'"step":"read"' in one]
    told = parse_canonical(row.strip())
    assert b"extractors" not in row and b"asked" not in row
    assert [stage.step.name for stage in spine()] == [stage.step.name for stage in spine({}, ())]
    assert isinstance(told, dict)


def test_the_request_names_version_resources_and_proposals(case: Archive) -> None:
    run(case, TRIAL)
    step = propose.step_of(TRIAL)
    (text,) = [row.text_sha256 for row in case.readings()]
    asked = step.request(text, parameters={"language": "en", "published": PUBLISHED})
    assert (asked.version, dict(asked.resources)) == ("1", {"weights": "0" * 64})
    dump = b"".join(case.canonical_dump())
    assert asked.sha256.encode() in dump and asked.setting.encode() in dump


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Raising", "raised RuntimeError: no weights"),
        ("Crashing", "crashed (signal 11)"),
        ("Hanging", "timed out after"),
    ],
)
def test_one_that_fails_is_told_by_name_and_the_rules_stand(case: Archive, kind: str, reason: str) -> None:
    plain, name = run(case), f"path:extractor_world:{kind}"
    case.ask_extractors((name, TRIAL), "a trial")
    stages = [one for one in spine({"asked": "trial"}, (TRIAL,)) if one.step.name != "read"]
    hanging = propose.step_of(name, timeout_s=3.0)
    wanted = [
        *stages,
        type(stages[0])(hanging, stages[-1].wanted),
        next(one for one in spine({"asked": "trial"}, (name, TRIAL)) if one.step.name == "read"),
    ]
    with LocalEngine(case.case.blobs.folder, workers=1) as engine:
        case.run(engine, stages=wanted)
    (row,) = case.readings()
    assert names(row.reading) == [RULES, TRIAL]
    assert set(plain.claims) == set(row.reading.claims)
    (failure,) = [one for one in case.failures() if one.step == f"propose:{name}"]
    assert failure.outcome == "failed" and reason in failure.reason


def test_one_that_invents_is_refused_by_name_in_the_reading(case: Archive) -> None:
    plain = run(case)
    found = run(case, "path:extractor_world:Inventing", "path:extractor_world:Rubbish", "path:extractor_world:Greedy")
    told = {(one.extractor.rpartition(":")[2], one.reason.partition(":")[0]) for one in found.rejected}
    assert {("Inventing", "grounding.not_found"), ("Rubbish", "shape.candidate"), ("Greedy", "shape.too_many")} <= told
    assert found.claims == plain.claims and found.quotations == plain.quotations


def test_one_that_does_not_read_the_language_is_not_asked(case: Archive, tmp_path: Path) -> None:
    (tmp_path / "uk.txt").write_text(
        "Щонайменше 12 людей загинули у Білогорі, повідомила міська рада.", encoding="utf-8"
    )
    case.add([tmp_path / "uk.txt"], published=PUBLISHED)
    case.ask_extractors((TRIAL,), "a trial")
    report = case.run(InlineEngine(case.case.blobs.folder))
    assert report.counted[f"propose:{TRIAL}"] == {"succeeded": 1}
    assert {tuple(names(row.reading)) for row in case.readings()} == {(RULES,), (RULES, TRIAL)}


def test_a_machine_without_the_extractor_reads_with_what_it_proposed_elsewhere(case: Archive) -> None:
    with_trial = run(case, TRIAL)
    elsewhere = [one for one in spine({"asked": "anew"}, (TRIAL,)) if not one.step.name.startswith("propose:")]
    report = case.run(InlineEngine(case.case.blobs.folder), stages=elsewhere)
    assert report.counted["read"] == {"succeeded": 1}
    (row,) = case.readings()
    assert row.reading == with_trial


def test_the_step_says_where_the_proposals_and_their_names_do_not_match() -> None:
    text = TEXT.encode()
    request = read.STEP.request("0" * 64, "1" * 64, parameters={"language": "en", "published": None})
    result = read.STEP.run(request, {"0" * 64: text, "1" * 64: b"{}"})
    assert result.outcome == "failed" and "named for each of 1 proposals" in str(result.reason)
    told = {"language": "en", "published": None, "extractors": [{"name": "trial"}]}
    result = read.STEP.run(read.STEP.request("0" * 64, "1" * 64, parameters=told), {"0" * 64: text, "1" * 64: b"{}"})
    assert result.outcome == "succeeded" and b"extractor.failed" in result.outputs[0].data


def typed(*arguments: str | Path) -> Said:
    """A command of somebody who has the extractors of the trials installed."""
    path = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return probanda(*arguments, env={"PYTHONPATH": os.pathsep.join(path)})


def test_the_command_line_asks_lists_and_refuses(tmp_path: Path) -> None:
    material, case = tmp_path / "report.txt", tmp_path / "case"
    material.write_text(TEXT, encoding="utf-8")
    found = typed("extract", material, "--published", PUBLISHED, "--with", TRIAL, "--json")
    assert found.code == 0 and [one["name"] for one in found.json["extractors"]] == [RULES, TRIAL]
    raising = typed("extract", material, "--with", "path:extractor_world:Raising", "--json")
    assert raising.code == 0
    assert [one["extractor"] for one in raising.json["rejected"]] == ["path:extractor_world:Raising"]
    unknown = typed("extract", material, "--with", "nobody", "--json")
    assert unknown.code == 2 and "probanda readers" in unknown.error["message"]
    assert typed("init", case, "--title", "A trial", "--by", "Ana Velt").code == 0
    assert typed("add", case, material).code == 0
    lacking = typed("run", case, "--with", "path:extractor_world:Lacking", "--json")
    assert lacking.code == 1 and "pip install trial-weights" in lacking.error["message"]
    assert typed("run", case, "--with", TRIAL).code == 0
    assert f"extractors asked beside the rules: {TRIAL}" in typed("settings", case).out
    assert typed("run", case, "--without", "nobody").code == 2
    assert typed("run", case, "--without", TRIAL).code == 0
    assert "extractors asked beside the rules: none" in typed("settings", case).out
    assert typed("readers", "--json").code == 0
    assert "spacy:NAME" in typed("readers").out


def test_a_person_sees_who_found_what_and_where_readings_differ(tmp_path: Path) -> None:
    material, case = tmp_path / "report.txt", tmp_path / "case"
    material.write_text(TEXT, encoding="utf-8")
    differing = "path:extractor_world:Differing"
    shown = typed("extract", material, "--published", PUBLISHED, "--with", TRIAL, "--with", differing).out
    assert "Read by further extractors" in shown
    assert "to be looked at: they differ in effect of “More than 2,000 people have died”" in shown
    assert typed("init", case, "--title", "A trial", "--by", "Ana Velt").code == 0
    assert typed("add", case, material, "--published", PUBLISHED).code == 0
    assert typed("run", case, "--with", TRIAL, "--with", differing).code == 0
    listed = typed("claims", case).out
    assert f"found by {RULES} and {TRIAL}" in listed and "to be looked at: differs from claim:" in listed
    rows = typed("claims", case, "--json").json
    assert sum("extractors" in row for row in rows) == 2, "of the others only the rules have spoken"
