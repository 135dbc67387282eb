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
