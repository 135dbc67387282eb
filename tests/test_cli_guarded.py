"""Looking at what is guarded, by the commands: who saw which protected items is on record before they see them.
Countries, persons and bodies are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from cli_world import REPORT, made_case, probanda
from probanda.archive import Archive
from probanda.records.entry import ACCESS, Entry
from probanda.records.protection import Protection

WITNESS = "At least 9 people were killed in Velin on Monday, the Velin mayor's office said. Olen Tarik saw it.\n"


def entries(case: Path) -> list[Entry]:
    with Archive.open(case, read_only=True) as archive:
        return [entry for entry in archive.case.log.entries() if entry.act == ACCESS]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Two open items, and a witness whose identity is protected."""
    case = made_case(tmp_path)
    (tmp_path / "witness.txt").write_text(WITNESS, "utf-8")
    assert probanda("add", case, tmp_path / "witness.txt", "--marking", "identity_protected").code == 0
    assert probanda("run", case).code == 0
    return case


def guarded_item(case: Path) -> str:
    with Archive.open(case, read_only=True) as archive:
        return next(one.id for one in archive.captures() if one.name == "witness.txt")


def test_one_entry_a_command_says_who_saw_which_guarded_items(case: Path) -> None:
    item = guarded_item(case)
    commands = (
        ("claims", case), ("items", case), ("items", case, "--json"), ("search", case, "killed"), ("show", case, item),
    )  # fmt: skip
    for command in commands:
        said = probanda(*command, "--by", "Bo Harn")
        assert said.code == 0, said
        assert "Tarik" in said.out or item[:20] in said.out or "9 people" in said.out
    found = entries(case)
    assert [one.detail["command"] for one in found] == [str(command[0]) for command in commands]
    assert all(one.detail["captures"] == [item] for one in found)
    assert len({one.signature.key for one in found}) == 1
    assert probanda("verify", case).code == 0


def test_patterns_and_sites_show_what_texts_say_and_are_on_record(case: Path, tmp_path: Path) -> None:
    item = guarded_item(case)
    (tmp_path / "hidden.bin").write_bytes(bytes(range(256)))
    assert probanda("add", case, tmp_path / "hidden.bin", "--marking", "identity_protected").code == 0
    commands = (("patterns", case), ("patterns", case, "--json"), ("sites", case), ("sites", case, "--json"))
    for command in commands:
        assert probanda(*command, "--by", "Bo Harn").code == 0
    assert [one.detail["command"] for one in entries(case)] == ["patterns", "patterns", "sites", "sites"]
    assert all(one.detail["captures"] == [item] for one in entries(case))
    [site] = [one for one in probanda("sites", case, "--json").json["unplaced"] if one["name"] == "Velin"]
    guarded = [one for one in site["passages"] if item in [held["capture"] for held in one["items"]]]
    assert guarded and {held["time"] for one in guarded for held in one["items"]} == {"unanchored"}
    # `run` names what it could not read: the guarded file of no known kind among it.
    assert "hidden.bin" in probanda("run", case).out
    assert entries(case)[-1].detail["command"] == "run"
    # What only tells that something is there, or what a person told, leaves no entry.
    before = len(entries(case))
    for told in (("calendar", case), ("calendar", case, "--json"), ("doctor", case), ("verify", case)):
        probanda(*told)
    assert len(entries(case)) == before


def test_doctor_tells_of_a_guarded_item_that_waits_its_step_alone(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    for name, marking in (("witness.png", "identity_protected"), ("street.png", "public")):
        Image.new("RGB", (40, 40), "white").save(tmp_path / name)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + name.encode())  # two files, not the same bytes
        assert probanda("add", case, tmp_path / name, "--marking", marking).code == 0
    bare = {"PATH": str(tmp_path)}  # without Tesseract
    assert probanda("run", case, env=bare).code == 3
    recorded = len(entries(case))
    said, told = probanda("doctor", case), probanda("doctor", case, "--json").json["waiting"]
    assert "street.png" in said.out and "witness.png" not in said.out
    assert sorted(one["name"] or "" for one in told) == ["", "street.png"]
    assert "waits    ocr: an item: a guarded item" in said.out
    assert len(entries(case)) == recorded


def test_what_shows_nothing_guarded_leaves_no_entry(case: Path) -> None:
    assert probanda("search", case, "river").code == 0
    assert probanda("claims", case, "--text", "mill").code == 0
    with Archive.open(case) as archive:  # what steps and reports use records nothing
        archive.items(), archive.claims(), archive.snapshot(), archive.readings()
    assert entries(case) == []


def test_the_open_twin_of_a_guarded_item_is_guarded(case: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text(WITNESS, "utf-8")
    assert probanda("add", case, tmp_path / "copy.txt", "--marking", "public").code == 0
    with Archive.open(case, read_only=True) as archive:
        twin = next(one.id for one in archive.captures() if one.name == "copy.txt")
    assert probanda("show", case, twin).out.startswith("At least 9 people")
    assert [one.detail["captures"] for one in entries(case)] == [[twin]]


@pytest.mark.parametrize(
    "protection",
    [Protection("public", conditions=("needs_agreement",)), Protection("internal", risk="elevated"),
     Protection(risk="high")],
)  # fmt: skip
def test_a_condition_or_a_risk_guards_and_restricted_alone_does_not(protection: Protection, tmp_path: Path) -> None:
    case = made_case(tmp_path)
    (tmp_path / "given.txt").write_text("Given in confidence.\n", "utf-8")
    (tmp_path / "plain.txt").write_text("Given as it is.\n", "utf-8")
    with Archive.open(case) as archive:
        [given] = archive.add([tmp_path / "given.txt"], protection=protection).captures
        [plain] = archive.add([tmp_path / "plain.txt"], protection=Protection("restricted")).captures
    for one in (plain, given):
        assert probanda("show", case, one).code == 0
    assert [one.detail["captures"] for one in entries(case)] == [[given]]


def test_a_case_file_with_guarded_items_in_it_says_so_beside_its_dissemination(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    (tmp_path / "risk.txt").write_text("At least 9 people were killed in Velin on Monday, an official said.\n", "utf-8")
    with Archive.open(case) as archive:
        [risk] = archive.add([tmp_path / "risk.txt"], protection=Protection("internal", risk="high")).captures
    assert probanda("casefile", case, "-o", tmp_path / "court.json", "--audience", "court").code == 0
    assert entries(case) == []
    assert probanda("casefile", case, "-o", tmp_path / "inside.json").code == 0
    assert [(one.detail["command"], one.detail["captures"]) for one in entries(case)] == [("casefile", [risk])]


def test_where_it_cannot_be_recorded_it_is_not_shown_and_counted(case: Path) -> None:
    item = guarded_item(case)
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        for command in (("items", case), ("claims", case), ("search", case, "killed")):
            said = probanda(*command, unprivileged=True)
            assert said.code == 0, said
            assert "Tarik" not in said.out
            assert "9 people" not in said.out
            assert "witness.txt" not in said.out
            assert "of guarded items are not shown: the case may only be read" in said.out
        for command in (("sites", case), ("patterns", case), ("patterns", case, "--json")):
            said = probanda(*command, unprivileged=True)
            assert said.code == 0, said
            assert "of guarded items are not shown: the case may only be read" in said.out + said.err
        shown = probanda("patterns", case, "--json", "--count", "events", unprivileged=True).json
        told = probanda("items", case, "--json", unprivileged=True).json
        assert (told["hidden"], len(told["items"])) == (1, 2)
        said = probanda("show", case, item, "--json", unprivileged=True)
        assert (said.code, said.error["kind"]) == (1, "NotShown")
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)
    assert entries(case) == []
    whole = probanda("patterns", case, "--json", "--count", "events").json
    assert (shown["coverage"]["reports"], whole["coverage"]["reports"]) == (2, 3)


def test_more_than_an_entry_holds_stands_in_a_blob(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(501):
        (many / f"{number}.txt").write_text(f"Form {number}\n", "utf-8")
    assert probanda("add", case, many, "--marking", "identity_protected").code == 0
    assert probanda("items", case).code == 0
    [entry] = entries(case)
    assert (entry.detail["captures"], entry.detail["listed"]) == ([], 501)
    with Archive.open(case, read_only=True) as archive:
        [blob] = entry.blobs("captures")
        assert len(archive.case.blobs.read(blob.sha256).splitlines()) == 501
        assert archive.verify().ok


def test_show_gives_the_bytes_that_came_in(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    with Archive.open(case, read_only=True) as archive:
        named = {one.name: one.id for one in archive.captures()}
    [report] = [one for name, one in named.items() if name and name.endswith("report.txt")]
    out = tmp_path / "copy.txt"
    assert probanda("show", case, report[8:20], "-o", out).code == 0
    assert out.read_text("utf-8") == REPORT
    assert out.stat().st_mode & 0o077 == 0
    assert probanda("show", case, report, "-o", out, "--json").error["kind"] == "OutputRefused"
    assert probanda("show", case, report, "-o", case / "log" / "x").code == 2
    [page] = [one for name, one in named.items() if name and name.endswith("page.html")]
    assert "<article>" in probanda("show", case, page).out
    assert "<article>" not in probanda("show", case, page, "--text").out
    assert probanda("show", case, "ffffffff", "--json").error["kind"] == "UnknownId"


def test_an_incident_that_rests_on_a_guarded_item_is_a_look_at_it(case: Path) -> None:
    item = guarded_item(case)
    with Archive.open(case) as archive:
        told_by = next(one for one in archive.claims() if "9 people" in one.record.passage.text)
        open_claim = next(one for one in archive.claims() if one.document != told_by.document)
        archive.incident("Killings in Velin", "Told by the witness.", members=[told_by.record.id])
        archive.incident("The mill", "Told in the Post.", members=[open_claim.record.id])
    assert "Killings in Velin" in probanda("incidents", case).out
    assert "Killings in Velin" in probanda("incidents", case, "--json").out
    assert [one.detail["captures"] for one in entries(case)] == [[item], [item]]
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        said = probanda("incidents", case, unprivileged=True)
        told = probanda("incidents", case, "--json", unprivileged=True)
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)
    assert "1 incidents of guarded items are not shown" in said.out
    for shown in (said.out, told.out):
        assert "The mill" in shown
        assert "Killings" not in shown
