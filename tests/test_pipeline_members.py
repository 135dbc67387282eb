"""What lies in a container is read like what was added by itself, and has the container's date and protection."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from jsonschema import Draft202012Validator

from cli_world import probanda
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index.connect import APPLICATION, close_database, open_database
from probanda.report.casefile import build, to_json
from probanda.report.contents import Audience
from probanda.report.page import html

SPEC = Path(__file__).parent.parent / "spec"
REPORT = b"""Shelling hit the market in Velin on Tuesday.

At least 12 people were killed, the Velin health service said.
"""
OTHER = b"""The mill in Velin was hit on Friday.

At least 31 people were injured, the Velin mayor's office said.
"""
PLAIN = "At least 12 people were killed"


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("_", "."), (2031, 4, 2, 10, 0, 0)), data)
    return made.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        yield archive


def add(archive: Archive, folder: Path, name: str, data: bytes, **given: str) -> str:
    """The id of the new capture."""
    (folder / name).write_bytes(data)
    [capture] = archive.add([folder / name], **{"published": "2031-04-03", **given}).captures  # type: ignore[arg-type]
    return capture


def run(archive: Archive) -> None:
    archive.run(InlineEngine(archive.case.blobs.folder))


def test_members_are_identified_read_and_listed(archive: Archive, tmp_path: Path) -> None:
    capture = add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT, inner_zip=zipped(other_txt=OTHER)))
    run(archive)
    [item] = archive.items()
    assert [(row.path, row.size, row.media_type) for row in item.members] == [
        ("report.txt", len(REPORT), "text/plain"),
        ("inner.zip/other.txt", len(OTHER), "text/plain"),
    ]
    assert {row.record.quantity.minimum for row in archive.claims() if row.record.quantity} == {12, 31}
    readings = archive.readings()
    assert [row.captures for row in readings] == [(capture,)] * 2
    assert {row.reading.document.published for row in readings} == {"2031-04-03"}, "the date is the container's"
    assert not archive.failures(), "an archive that was unpacked is no text that could not be read"


def test_every_chain_from_a_member_leads_to_a_capture_and_a_second_run_does_nothing(
    archive: Archive, tmp_path: Path
) -> None:
    add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT, broken_zip=zipped(a_txt=b"a")[:40]))
    run(archive)
    assert archive.run(InlineEngine(archive.case.blobs.folder)).total == 0
    report = archive.verify()
    assert report.ok, [check for check in report.checks if check.outcome == "fails"]
    checks = {check.name: check for check in report.checks}
    assert checks["blobs.unreferenced"].counted == 0
    assert checks["index.agrees"].outcome == "holds"


def test_what_is_written_fits_the_specification(archive: Archive, tmp_path: Path) -> None:
    capture = add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT))
    run(archive)
    schema = json.loads((SPEC / "contents.schema.json").read_text("utf-8"))
    [blob] = [row.blob for row in archive.captures() if row.id == capture]
    lines = [json.loads(line) for line in archive.canonical_dump()]
    outputs = [row["row"] for row in lines if row["table"] == "derivationoutput" and row["row"]["role"] == "contents"]
    contents = json.loads(archive.case.blobs.read(outputs[0]["sha256"]))
    Draft202012Validator(schema).validate(contents)
    assert contents["container"]["sha256"] == blob


def test_the_same_archive_under_two_dates_is_unpacked_once_and_read_twice(archive: Archive, tmp_path: Path) -> None:
    data = zipped(report_txt=REPORT)
    first = add(archive, tmp_path, "a.zip", data)
    second = add(archive, tmp_path, "b.zip", data, published="2031-05-01")
    third = add(archive, tmp_path, "report.txt", REPORT, published="2031-05-01")
    report = archive.run(InlineEngine(archive.case.blobs.folder))
    assert report.counted["unpack"] == {"succeeded": 1}
    assert report.counted["read"] == {"succeeded": 2}
    assert {row.reading.document.published: row.captures for row in archive.readings()} == {
        "2031-04-03": (first,),
        "2031-05-01": (second, third),
    }


def test_a_member_that_was_read_is_judged_and_the_judgement_stands(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT))
    run(archive)
    [claim] = [row.record.id for row in archive.claims() if row.record.quantity]
    archive.judge(claim, "confirmed", "Read against the page.")
    [row] = [row for row in archive.claims() if row.record.id == claim]
    assert row.judgement is not None and row.judgement.decision == "confirmed"


def test_a_rebuilt_index_has_the_same_members(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT, broken_zip=zipped(a_txt=b"a")[:40]))
    run(archive)
    live = b"".join(archive.canonical_dump())
    assert b'"table":"member"' in live
    archive.close()
    Archive.rebuild(tmp_path / "case")
    with Archive.open(tmp_path / "case") as again:
        assert b"".join(again.canonical_dump()) == live


def test_an_index_without_the_table_of_members_is_brought_up_to_date(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT))
    run(archive)
    live = b"".join(archive.canonical_dump())
    archive.close()
    alias = open_database(tmp_path / "case" / "index.sqlite")
    MigrationExecutor(connections[alias]).migrate([(APPLICATION, "0002_search")])
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA user_version = 2")
    close_database(alias)
    with Archive.open(tmp_path / "case") as again:
        assert b"".join(again.canonical_dump()) == live


def test_failures_name_the_member_and_belong_to_the_capture(archive: Archive, tmp_path: Path) -> None:
    data = zipped(report_txt=REPORT, broken_zip=zipped(a_txt=b"a" * 50)[:40], picture_bin=b"\0\1\2")
    capture = add(archive, tmp_path, "reports.zip", data)
    run(archive)
    found = {(row.name, row.step, row.outcome) for row in archive.failures()}
    assert found >= {
        ("reports.zip/broken.zip", "unpack", "not_applicable"),
        ("reports.zip/broken.zip/a.txt", "unpack", "failed"),
        ("reports.zip/picture.bin", "text", "not_applicable"),
    }
    assert {row.capture for row in archive.failures()} == {capture}


def test_a_member_of_a_protected_archive_is_withheld_with_all_traces(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, "witness-halloun.zip", zipped(testimony_txt=REPORT), marking="identity_protected")
    add(archive, tmp_path, "open.txt", OTHER, marking="public")
    run(archive)
    for audience in get_args(Audience):
        casefile = build(archive.snapshot(), audience)
        told = html(casefile) + to_json(casefile).decode()
        for trace in ("halloun", "testimony", PLAIN, "market in Velin", archive.items()[0].members[0].sha256):
            assert trace not in told
        assert "31" in told
        assert casefile.items[0].members == ()


def test_the_same_bytes_in_a_protected_archive_and_in_an_open_item_are_withheld(
    archive: Archive, tmp_path: Path
) -> None:
    add(archive, tmp_path, "held.zip", zipped(testimony_txt=REPORT), marking="identity_protected")
    add(archive, tmp_path, "open.txt", REPORT, marking="public")
    add(archive, tmp_path, "open.zip", zipped(copy_txt=REPORT, other_txt=OTHER), marking="public")
    add(archive, tmp_path, "free.txt", b"The bridge at Velin was not hit, the mayor's office said.\n", marking="public")
    run(archive)
    casefile = build(archive.snapshot(), "public")
    assert [item.name for item in casefile.items] == ["free.txt"]
    assert PLAIN not in html(casefile)
    assert {(line.what, line.count) for line in casefile.withheld} >= {("items", 1), ("items", 2)}


def test_pictures_are_twins_without_any_text(archive: Archive, tmp_path: Path) -> None:
    picture = b"\xff\xd8\xff\xe0" + bytes(range(200))
    add(archive, tmp_path, "held.zip", zipped(face_jpg=picture, empty_txt=b""), marking="identity_protected")
    add(archive, tmp_path, "open.zip", zipped(copy_jpg=picture), marking="public")
    add(archive, tmp_path, "free.zip", zipped(empty_txt=b"", other_txt=OTHER), marking="public")
    run(archive)
    assert [item.name for item in build(archive.snapshot(), "public").items] == ["free.zip"]


def test_the_case_file_lists_members(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path, "reports.zip", zipped(report_txt=REPORT), marking="public")
    run(archive)
    [item] = json.loads(to_json(build(archive.snapshot())))["items"]
    assert [(row["path"], row["media_type"]) for row in item["members"]] == [("report.txt", "text/plain")]


def test_items_shows_members_under_their_container(tmp_path: Path) -> None:
    (tmp_path / "reports.zip").write_bytes(zipped(report_txt=REPORT))
    case = tmp_path / "case"
    assert probanda("init", case, "--title", "The mill", "--by", "Ana").code == 0
    assert probanda("add", case, tmp_path / "reports.zip").code == 0
    assert probanda("run", case).code == 0
    said = probanda("items", case)
    assert "\n      report.txt\n        " in said.out
    [item] = probanda("items", case, "--json").json["items"]
    assert [row["path"] for row in item["members"]] == ["report.txt"]
