"""Ways out, by the commands: what passed the gate is on record, and what a second person has to approve waits for one.
Countries, persons and bodies are invented."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from cli_world import made_case, probanda
from probanda.archive import Archive
from probanda.records.entry import APPROVAL, DISSEMINATION, Entry, parse_entry
from probanda.records.settings import Way
from probanda.records.way_out import asked_digest, parse_asked


def entries(case: Path, *acts: str) -> list[Entry]:
    with Archive.open(case, read_only=True) as archive:
        return [entry for entry in archive.case.log.entries() if entry.act in acts]


def asking(case: Path, *ways: Way) -> None:
    """A second person is asked for, and Bo Harn is one who is known."""
    with Archive.open(case) as archive:
        archive.assign_settings("Two persons answer for what leaves.", approval=ways)
        claim = archive.claims()[0].record.id
        archive.judge(claim, "confirmed", "Read again.", by="Bo Harn")


def test_what_leaves_is_an_entry_that_says_for_whom_how_much_and_which_bytes(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    assert probanda("casefile", case, "-o", tmp_path / "a.html", "--audience", "court", "--by", "Bo Harn").code == 0
    assert probanda("items", case, "--format", "auto-archiver", "-o", tmp_path / "a.csv").code == 0
    assert probanda("incidents", case, "--format", "geojson", "--audience", "public").code == 0
    found = entries(case, DISSEMINATION)
    assert [(one.detail.get("way"), one.detail.get("audience"), one.detail.get("items")) for one in found[::2]] == [
        ("casefile", "court", 2), ("export", "internal", 2), ("export", "public", 0),
    ]  # fmt: skip
    for passage, written in zip(found[::2], found[1::2], strict=True):
        assert written.detail["of"] == passage.seq
        assert passage.detail["approval"] is None
        assert passage.signature.key == written.signature.key
    assert found[0].signature.key != found[2].signature.key
    assert found[1].detail["files"] == [hashlib.sha256((tmp_path / "a.html").read_bytes()).hexdigest()]
    assert probanda("verify", case).code == 0


def test_a_second_person_approves_exactly_one_passage(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    asking(case, "casefile")
    asked = ("casefile", case, "-o", tmp_path / "out.json", "--audience", "court")
    refused = probanda(*asked, "--json")
    assert (refused.code, refused.error["kind"]) == (1, "WayOutRefused")
    assert not (tmp_path / "out.json").exists()
    [entry] = entries(case, DISSEMINATION)
    assert (entry.outcome, entry.detail["items"]) == ("failure", 2)
    [request] = [one.sha256 for one in entry.blobs("request")]
    assert f"probanda approve {case} {request} --by NAME" in refused.error["message"]

    looked = probanda("approve", case, request[:12])
    assert "report.txt" in looked.out
    assert "Nothing was approved" in looked.out
    done = probanda("approve", case, request, "--by", "Bo Harn", "--reason", "Read it.", "--json")
    assert done.code == 0, done
    assert probanda(*asked).code == 0
    passed = [one for one in entries(case, DISSEMINATION) if one.detail.get("approval") is not None]
    assert [one.detail["approval"] for one in passed] == [done.json["approval"]]
    assert probanda(*asked, "--json").error["kind"] == "WayOutRefused"  # an approval is used once
    assert probanda("incidents", case, "--format", "csv").code == 0  # this way needs nobody
    assert probanda("verify", case).code == 0


def test_nobody_approves_what_they_ask_for_nor_through_a_person_who_came_after_it(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    asking(case, "export")
    asked = ("items", case, "--format", "auto-archiver", "-o", tmp_path / "out.csv", "--by", "Ana Velt", "--json")
    assert probanda(*asked).error["kind"] == "WayOutRefused"
    request = entries(case, DISSEMINATION)[-1].blobs("request")[0].sha256
    for name, why in (("Ana Velt", "other than the person who asks"), ("Cy Nobody", "one who came after")):
        said = probanda("approve", case, request, "--by", name, "--reason", "Fine.", "--json")
        assert (said.code, said.error["kind"]) == (1, "WayOutRefused")
        assert why in said.error["message"]
    assert [one.outcome for one in entries(case, APPROVAL)] == ["failure", "failure"]
    assert probanda(*asked).error["kind"] == "WayOutRefused"
    assert not (tmp_path / "out.csv").exists()
    # What is asked anew is asked after Cy Nobody came, and the log shows in which order.
    assert probanda("approve", case, request, "--by", "Cy Nobody", "--reason", "Fine.").code == 0
    assert probanda(*asked).code == 0
    assert probanda("verify", case).code == 0


def test_the_examples_of_the_specification_are_those_of_a_vector() -> None:
    root = Path(__file__).parent.parent
    written = json.loads((root / "vectors" / "approval-good.json").read_text("utf-8"))["changes"]
    shown = re.findall(r"```json\n(.*?)\n```", (root / "spec" / "ways-out.md").read_text("utf-8"), re.DOTALL)
    assert len(shown) == 5
    entries = written["log/entries.jsonl"].splitlines()
    assert all(one in entries for one in shown[1:])
    request = asked_digest(parse_asked(shown[0].encode()))
    assert shown[0] in written.values()
    assert request == parse_entry(shown[2].encode()).detail["request"]


def waiting(case: Path, *command: str | Path) -> str:
    """The request of a way out that was just refused for want of approval."""
    assert probanda(*command, "--json").error["kind"] == "WayOutRefused"
    [blob] = entries(case, DISSEMINATION)[-1].blobs("request")
    return blob.sha256


def test_an_approval_covers_its_list_its_audience_and_its_asker_and_nothing_else(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    asking(case, "casefile")
    court = ("casefile", case, "-o", tmp_path / "out.json", "--audience", "court")
    request = waiting(case, *court)
    assert probanda("approve", case, request, "--by", "Bo Harn", "--reason", "Read it.").code == 0
    for other in ((*court[:-1], "internal"), (*court[:-1], "public"), (*court, "--by", "Di Lorn")):
        assert probanda(*other, "--json").error["kind"] == "WayOutRefused", other
    (tmp_path / "late.txt").write_text("A letter that came later.\n", "utf-8")
    assert probanda("add", case, tmp_path / "late.txt").code == 0
    grown = probanda(*court, "--json").error["message"]
    assert "1 of these are not part of" in grown
    assert not (tmp_path / "out.json").exists()
    with Archive.open(case, read_only=True) as archive:
        late = next(one.id for one in archive.captures() if one.name == "late.txt")
    protected = ("protect", case, late, "--marking", "identity_protected", "--reason", "She asked for it.")
    assert probanda(*protected).code == 0
    assert probanda(*court).code == 0  # a part of what was approved
    assert probanda("verify", case).code == 0


def test_what_was_protected_after_the_approval_stays_and_its_open_twin_with_it(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    (tmp_path / "witness.txt").write_text("Olen Tarik saw it from the river.\n", "utf-8")
    (tmp_path / "twin.txt").write_text("Olen Tarik saw it from the river.\n", "utf-8")
    for name in ("witness.txt", "twin.txt"):
        assert probanda("add", case, tmp_path / name, "--marking", "public").code == 0
    assert probanda("run", case).code == 0
    asking(case, "casefile")
    command = ("casefile", case, "-o", tmp_path / "out.json", "--audience", "public")
    request = waiting(case, *command)
    assert probanda("approve", case, request, "--by", "Bo Harn", "--reason", "All public.").code == 0
    with Archive.open(case, read_only=True) as archive:
        ids = {one.name: one.id for one in archive.captures()}
    assert (
        probanda("protect", case, ids["witness.txt"], "--marking", "identity_protected", "--reason", "Threats.").code
        == 0
    )
    assert probanda(*command).code == 0
    written = (tmp_path / "out.json").read_text("utf-8")
    for trace in ("Tarik", "twin.txt", "witness.txt", ids["twin.txt"], ids["witness.txt"]):
        assert trace not in written
    passage = [one for one in entries(case, DISSEMINATION) if one.detail.get("approval") is not None][-1]
    assert (passage.detail["items"], passage.detail["withheld"]) == (2, 2)
    assert probanda("verify", case).code == 0


def test_out_of_a_case_that_may_only_be_read_goes_what_is_public_unless_somebody_has_to_approve(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    public = ("casefile", case, "-o", tmp_path / "out.json", "--audience", "public")
    asking(case, "casefile")
    before = len(entries(case, DISSEMINATION))
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        approve = probanda(*public, "--json", unprivileged=True)
        assert (approve.code, approve.error["kind"]) == (1, "ReadOnlyCase")
        sheet = ("items", case, "--format", "auto-archiver", "-o", tmp_path / "out.csv")
        assert probanda(*sheet, "--json", unprivileged=True).error["kind"] == "ReadOnlyCase"
        assert probanda(*sheet, "--audience", "public", unprivileged=True).code == 0
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)
    assert len(entries(case, DISSEMINATION)) == before
