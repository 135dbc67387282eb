"""What a bundle withholds: accounted for by the entry that names it, and found in no byte of any file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import case_steps
from probanda.engine.inline import InlineEngine
from probanda.preserve.captures import capture_of
from probanda.preserve.rows import check_redacted
from probanda.preserve.verify import verify
from probanda.records.entry import DERIVATION, INGESTION, parse_entry
from secret_world import LEAD, OPEN, SECRET, WITNESS, World, files_of, made, secrets_of


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = made(tmp_path_factory.mktemp("kept"))
    world.archive.bundle(world.folder.parent / "out", None, zipped=True)
    yield world
    world.archive.close()


@pytest.fixture
def world(kept: World, tmp_path: Path) -> Iterator[World]:
    """A case of one's own."""
    shutil.copytree(kept.folder, tmp_path / "case")
    with type(kept.archive).open(tmp_path / "case") as archive:
        yield World(archive, kept.open, kept.secret, kept.lead)


def bundle_of(world: World) -> Path:
    return world.folder.parent / "out"


def entries(bundle: Path) -> list[bytes]:
    return (bundle / "data" / "log" / "entries.jsonl").read_bytes().splitlines()


def test_of_what_was_deleted_nothing_goes_and_the_rest_still_does(world: World, tmp_path: Path) -> None:
    gone = b"9 people died in Castle Orrin, the driver of the truck said.\n"
    (tmp_path / "more.txt").write_bytes(gone)
    (tmp_path / "rest.txt").write_bytes(b"6 people died in Vesna.\n")
    [capture] = world.archive.add([tmp_path / "more.txt"]).captures
    world.archive.add([tmp_path / "rest.txt"])
    world.archive.run(InlineEngine(world.archive.case.blobs.folder), stages=case_steps.STAGES)
    hidden = list(secrets_of(world.archive, (gone,)))
    world.archive.delete(capture, "law", "The court of Brendia", "An order of the court.")
    world.archive.bundle(tmp_path / "out", None, audience="internal")
    told = json.loads((tmp_path / "out" / "data" / "withheld.json").read_bytes())
    assert "deleted" in {one["reason"] for one in told["entries"]}
    for name, data in files_of(tmp_path / "out"):
        assert not [what for what, secret in hidden if secret in data], name
        assert b"court of Brendia" not in data
    assert any(b"6 people died" in data for _, data in files_of(tmp_path / "out"))


def test_an_incident_that_is_shown_may_follow_versions_and_incidents_that_are_not(world: World, tmp_path: Path) -> None:
    archive = world.archive
    first = archive.incident("Deaths in Vesna", "as told", members=[world.secret, world.open])
    shown = archive.incident("Deaths in Vesna", "as told openly", members=[world.open], supersedes=first.id)
    archive.bundle(tmp_path / "out", None)
    data = {name: content for name, content in files_of(tmp_path / "out") if "/objects/" in name}
    assert any(shown.id.encode() in content for content in data.values()), "the newest version may go"
    assert not any(f'"id":"{first.id}"'.encode() in content for content in data.values())
    report = verify(tmp_path / "out")
    assert report.check("incidents.signed").outcome == "holds"
    assert report.ok, report.failed


def test_a_case_with_nothing_for_an_audience_gives_a_bundle_that_says_so(world: World, tmp_path: Path) -> None:
    report = world.archive.bundle(tmp_path / "out", audience="public")
    assert report.made.items == 0
    assert verify(tmp_path / "out").ok


def test_every_blob_of_the_case_is_in_the_bundle_or_accounted_for_by_the_entry_that_names_it(kept: World) -> None:
    bundle = bundle_of(kept)
    told = json.loads((bundle / "data" / "withheld.json").read_bytes())
    withheld = {one["seq"] for one in told["entries"]}
    there = {name.rsplit("/", 1)[1] for name, _ in files_of(bundle) if name.startswith("data/objects/")}
    named: set[str] = set()
    for line in entries(bundle):
        entry = parse_entry(line)
        blobs = {blob.sha256 for blob in entry.blobs()}
        if entry.act == INGESTION and (capture := capture_of(entry, kept.archive.case.openings)):
            blobs.add(capture.blob)
        if entry.act == DERIVATION:
            rows = kept.archive.case.blobs.read(entry.blobs("rows")[0].sha256).splitlines()
            blobs |= {output["sha256"] for row in rows for output in json.loads(row)["outputs"]}
        named |= blobs
        if entry.seq not in withheld:
            assert blobs <= there, entry.act
    assert there <= named
    assert there < set(kept.archive.case.blobs.walk())
    assert told["audience"] == "court"
    assert {(one["what"], one["reason"]) for one in told["counts"] if one["what"] == "items"} == {
        ("items", "identity protected"), ("items", "provided as a lead only")
    }  # fmt: skip


def test_of_what_is_withheld_no_file_holds_text_name_digest_or_size(kept: World) -> None:
    hidden = [*secrets_of(kept.archive, (SECRET, LEAD))]
    hidden += [
        ("name", b"horn-statement"),
        ("name", b"orrin-lead"),
        ("source", WITNESS.encode()),
        ("source", b"a driver"),
    ]
    hidden += [("note", b"note on"), ("agent", b"Ana Velt")]
    assert any(OPEN in data for _, data in files_of(bundle_of(kept))), "the search would find what is there"
    for bundle in (bundle_of(kept), bundle_of(kept).with_name("out.zip")):
        for name, data in files_of(bundle):
            for what, secret in hidden:
                assert secret not in data and secret not in name.encode(), (name, what)


def test_redacted_rows_have_the_root_that_the_log_states(kept: World) -> None:
    folder, checked = bundle_of(kept) / "data" / "log" / "rows", 0
    for line in entries(bundle_of(kept)):
        entry = parse_entry(line)
        if entry.act == DERIVATION:
            path = folder / f"{entry.blobs('rows')[0].sha256}.jsonl"
            shown, hidden = check_redacted(path.read_bytes().splitlines(), str(entry.detail["rows_root"]))
            assert (shown, hidden) == (1, 2)
            checked += 1
    assert checked == len(case_rows(folder)) == 4


def case_rows(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_only_what_is_asked_for_goes(world: World, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_bytes(b"3 people died in Port Selis.\n")
    [other] = world.archive.add([tmp_path / "more.txt"], source="Selis Radio").captures
    report = world.archive.bundle(tmp_path / "out", None, only=[other[:40]])
    assert report.made.items == 1
    for name, data in files_of(tmp_path / "out"):
        assert b"Velin Post" not in data and OPEN not in data, name
    assert any(b"Selis Radio" in data for _, data in files_of(tmp_path / "out"))


def test_names_of_those_who_acted_are_opened_on_demand_and_never_of_a_protected_source(
    world: World, tmp_path: Path
) -> None:
    claim = world.archive.claims()[0].record.id
    world.archive.judge(claim, "confirmed", "The list was seen.", by=WITNESS)
    world.archive.judge(claim, "rejected", "The list was not seen.", by="Ilan Brod")
    world.archive.bundle(tmp_path / "out", None, audience="internal", names=True)
    whole = b"".join(data for _, data in files_of(tmp_path / "out"))
    assert b"Ana Velt" in whole and b"Ilan Brod" in whole
    assert WITNESS.encode() not in whole


def test_a_public_bundle_holds_no_word_of_a_person_of_the_case(world: World, tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_bytes(b"4 people died in Vesna.\n")
    world.archive.add([tmp_path / "open.txt"], source="Vesna Radio", note="by phone", marking="public")
    world.archive.judge(world.archive.claims()[0].record.id, "confirmed", "The list was seen.")
    world.archive.bundle(tmp_path / "out", None, audience="public", names=True)
    whole = b"".join(data for _, data in files_of(tmp_path / "out"))
    assert b"Vesna Radio" in whole
    for secret in (OPEN, b"The list was seen", b"Ana Velt", b"by phone", b"Velin Post"):
        assert secret not in whole


def test_readings_that_rest_on_what_is_not_told_in_any_shown_text_stay(world: World, tmp_path: Path) -> None:
    """The request of such a reading has what a person told: a name, a day, a point."""
    (tmp_path / "open.txt").write_bytes(b"4 people died in Vesna since the shelling of the mill began.\n")
    world.archive.add([tmp_path / "open.txt"], marking="public", published="2031-04-10")
    world.archive.supplement("site", "the house of the Horn family", "seen", latitude=50.5, longitude=30.5, radius_m=90)

    def found(out: Path, word: bytes) -> bool:
        return any(word in data for _, data in files_of(out))

    world.archive.run(InlineEngine(world.archive.case.blobs.folder))
    for audience in ("court", "public"):
        world.archive.bundle(tmp_path / audience, audience=audience)
        assert found(tmp_path / audience, b"4 people died")
        assert not found(tmp_path / audience, b"Horn family")
        assert not found(tmp_path / audience, b"50.5")
    world.archive.bundle(tmp_path / "internal", audience="internal")
    assert found(tmp_path / "internal", b"Horn family")
