"""What sources say of one thing, on the command line: side by side, to the schema, on record, and nothing leaks.
Countries, persons, bodies and outlets are invented."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli_world import probanda
from probanda.archive import Archive
from probanda.records.entry import ACCESS

SCHEMA = json.loads((Path(__file__).parents[1] / "spec" / "comparison.schema.json").read_text("utf-8"))
KILLED = "were killed in Marisburg on 4 April 2031."
TOLD = (
    ("Selis Herald", "2031-04-03", "Britain and 37 allies referred the situation in Karovia to the court on 2 April "
     "2031, the British foreign ministry said.\n"),
    ("Karov Star", "2031-04-05", "On 2 April 2031 thirty-nine states referred the situation in Karovia to the court, "
     "prosecutor Ana Velk said.\n"),
    ("Selis Herald", "2031-04-05", f"The mayor, Olm Brandt, said that 62 people {KILLED}\n"),
    ("Karov Star", "2031-04-07", f"The mayor, Olm Brandt, said that 65 people {KILLED}\n"),
)  # fmt: skip
GUARDED = f"At least 70 people {KILLED[:-1]}, said Olen Tarik, who was at the mill.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with Archive.create(folder / "case", "Marisburg", "Ana Velt") as archive:
        for number, (outlet, day, text) in enumerate(TOLD):
            path = folder / f"{number}.txt"
            path.write_text(text, "utf-8")
            archive.add([path], published=day, source=outlet, marking="public")
        archive.run()
    return folder / "case"


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(made, tmp_path / "case")
    yield tmp_path / "case"


def groups(case: Path, *more: str, **how: Any) -> list[dict[str, Any]]:
    said = probanda("compare", case, *more, "--json", **how)
    assert said.code == 0, said
    Draft202012Validator(SCHEMA).validate(said.json)
    return list(said.json["groups"])


def test_38_against_39_is_shown_with_both_readings_and_leads_to_its_claims(case: Path) -> None:
    said = probanda("compare", case, "--kind", "referral")
    for told in ("37; [38, 38]; British foreign ministry", "thirty-nine; [39, 39]; Ana Velk", "1 – 2  contradicts"):
        assert told in said.out, said.out
    [group] = groups(case, "--kind", "referral")
    assert group["counts"] == {"contradicts": 1}
    with Archive.open(case, read_only=True) as archive:
        held = {one.record.id: one.record for one in archive.claims()}
    words = [held[position["claims"][0]].passage.text for position in group["positions"]]
    assert words[0].startswith("Britain and 37 allies") and "thirty-nine states" in words[1]


def test_what_a_source_says_later_is_a_series_and_no_contradiction(case: Path) -> None:
    [group] = groups(case, "--kind", "casualty")
    assert group["counts"] == {"supersedes": 1}
    [series] = group["series"]
    assert [(step["first"], step["change"]) for step in series["steps"]] == [
        ("2031-04-05", "first"), ("2031-04-07", "raised"),
    ]  # fmt: skip
    assert "over time, Olm Brandt: 2031-04-05 62 → 2031-04-07 65 (raised)" in probanda("compare", case).out


def test_what_does_not_fit_is_told(case: Path, tmp_path: Path) -> None:
    assert probanda("compare", case, "--kind", "rumour", "--json").code == 2
    assert probanda("compare", tmp_path / "none", "--json").code == 1


def test_a_guarded_item_takes_part_on_record_or_not_at_all(case: Path, tmp_path: Path) -> None:
    (tmp_path / "witness.txt").write_text(GUARDED, "utf-8")
    with Archive.open(case) as archive:
        archive.add([tmp_path / "witness.txt"], marking="identity_protected", published="2031-04-07")
        archive.run()
    said = probanda("compare", case, "--by", "Bo Harn")
    assert "Olen Tarik" in said.out and "1 of them with contradictions" not in said.out
    with Archive.open(case, read_only=True) as archive:
        seen = [entry.detail for entry in archive.case.log.entries() if entry.act == ACCESS]
        item = next(one.id for one in archive.captures() if one.name == "witness.txt")
    assert [(one["command"], one["captures"]) for one in seen] == [("compare", [item])]
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        hidden = probanda("compare", case, unprivileged=True)
        assert hidden.code == 0 and "Tarik" not in hidden.out + hidden.err and "70" not in hidden.out
        assert [one["counts"] for one in groups(case, "--kind", "casualty", unprivileged=True)] == [{"supersedes": 1}]
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)
