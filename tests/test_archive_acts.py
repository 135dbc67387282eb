"""What a person does with a case: opening, adding, judging, and what is said when it cannot be done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import case_steps
from probanda.archive import Archive
from probanda.collect.files import collect
from probanda.engine.inline import InlineEngine
from probanda.index.queries import UnknownIdError
from probanda.intake import BATCH_ITEMS, Intake, take_in
from probanda.preserve.errors import HalfWrittenCase, KeyMissing, NewerVersion, NotACase, NotEmpty
from probanda.records.canonical import canonical, parse_json
from probanda.records.edtf import EdtfError
from probanda.records.judgement import parse_judgement
from probanda.records.protection import Consent, Protection
from probanda.report.disclosure import disclose


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        yield archive


@pytest.fixture
def material(tmp_path: Path) -> Path:
    folder = tmp_path / "material"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"12 died\n13 died")
    (folder / "b.txt").write_bytes(b"Nobody saw it")
    return folder


def run(archive: Archive) -> None:
    archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)


def test_a_capture_keeps_what_was_said_of_it(archive: Archive, material: Path) -> None:
    protection = Protection("internal", Consent(("court",)), ("lead_only",), "elevated")
    report = archive.add(
        [material / "a.txt"], published="2031-04~", source="Mill Post", note="from the archive", protection=protection
    )
    [capture] = archive.captures()
    assert report.captures == (capture.id,)
    assert (capture.name, capture.source, capture.note) == ("a.txt", "Mill Post", "from the archive")
    assert (capture.published, capture.protection) == ("2031-04~", protection)
    assert archive.case.blobs.read(capture.blob) == b"12 died\n13 died"
    log = (archive.case.path / "log" / "entries.jsonl").read_text()
    assert "Mill Post" not in log
    assert "a.txt" not in log


def test_unset_protection_is_restricted_and_a_marking_alone_leaves_the_rest_unset(
    archive: Archive, material: Path
) -> None:
    archive.add([material / "a.txt"])
    archive.add([material / "a.txt"], marking="public")
    assert [capture.protection for capture in archive.captures()] == [Protection(), Protection("public")]
    assert archive.captures()[0].protection.marking == "restricted"


def test_the_same_bytes_again_are_a_new_capture_and_no_new_blob(archive: Archive, material: Path) -> None:
    first = archive.add([material])
    blobs = list(archive.case.blobs.walk())
    second = archive.add([material])
    assert len({*first.captures, *second.captures}) == 4
    assert list(archive.case.blobs.walk()) == blobs


def test_names_of_any_kind_are_kept(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    names = [b"\xd0\x97\xd0\xb2\xd1\x96\xd1\x82.txt", b"two\nlines", b"no utf-8 \xff", b"100%"]
    for name in names:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(name)
    archive.add([folder])
    kept = {capture.name for capture in archive.captures()}
    assert kept == {"names/Звіт.txt", "names/two\nlines", "names/no utf-8 %FF", "names/100%"}
    assert archive.verify().ok


def test_what_cannot_be_added_is_recorded_and_the_rest_goes_on(archive: Archive, material: Path) -> None:
    (material / "loop").symlink_to(material)
    os.mkfifo(material / "pipe")
    report = archive.add([material, material / "absent.txt"])
    assert len(report.captures) == 2
    assert {row.name for row in report.failures} == {"material/loop", "material/pipe", "absent.txt"}
    assert all(row.step == "add" and row.outcome == "failed" and row.at for row in report.failures)
    assert archive.failures() == report.failures
    assert "absent.txt" not in (archive.case.path / "log" / "entries.jsonl").read_text()


def test_a_file_that_vanishes_between_walk_and_copy_is_a_failure(archive: Archive, material: Path) -> None:
    found = list(collect([material]))
    (material / "a.txt").unlink()
    intake = Intake(archive.case, (), None, None, None, Protection(), os.urandom)
    [taken] = take_in(intake, found)
    assert [entry.act for entry in taken.entries] == ["failure", "ingestion"]
    [row] = archive.failures()
    assert row == taken.failures[0]
    assert row.name == "material/a.txt"
    assert "No such file" in row.reason


def test_items_are_taken_in_by_batches_and_progress_is_told_after_each(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2 * BATCH_ITEMS + 1):
        (folder / f"{number}").write_bytes(b"%d" % number)
    told: list[tuple[int, int]] = []
    archive.add([folder], progress=lambda done: told.append((done, len(archive.captures()))))
    assert told == [(count, count) for count in (BATCH_ITEMS, 2 * BATCH_ITEMS, 2 * BATCH_ITEMS + 1)]


def test_the_case_folder_is_not_its_own_material(archive: Archive, tmp_path: Path, material: Path) -> None:
    report = archive.add([tmp_path])
    assert len(report.captures) == 2
    assert len(report.failures) == 1


def test_a_date_that_is_no_edtf_is_refused_before_anything_is_kept(archive: Archive, material: Path) -> None:
    with pytest.raises(EdtfError):
        archive.add([material], published="last Wednesday")
    assert archive.case.log.size == 1
    assert not list(archive.case.blobs.walk())


def test_a_judgement_is_signed_by_the_person_and_the_reading_stays(archive: Archive, material: Path) -> None:
    archive.add([material])
    run(archive)
    before = archive.readings()
    claim = archive.claims()[0].record
    made = archive.judge(claim.id[:14], "corrected", "one more in the register", "Mirek Sandor", {"stated": 13})
    assert made.about == (claim.id,)
    assert made.by != archive.case.agent
    entry = list(archive.case.log.entries())[-1]
    assert f"agent:{entry.signature.key}" == made.by
    assert parse_judgement(archive.case.blobs.read(entry.blobs("judgement")[0].sha256)) == made
    again = archive.judge(claim.id, "rejected", "the register was wrong", "Mirek Sandor")
    assert (again.supersedes, again.by) == (made.id, made.by)
    assert [found.judgement for found in archive.claims()] == [again, None]
    assert archive.judgements() == (made, again)
    assert archive.readings() == before
    assert archive.verify().ok


def test_a_capture_can_be_judged_by_who_made_the_case(archive: Archive, material: Path) -> None:
    [capture, _] = archive.add([material]).captures
    assert archive.judge(capture, "undecided", "its origin is not known").by == archive.case.agent


@pytest.mark.parametrize(
    ("record", "decision", "reason", "correction", "error"),
    [
        ("claim:0000000000", "confirmed", "seen", None, UnknownIdError),
        ("cl", "confirmed", "seen", None, UnknownIdError),
        ("", "confirmed", "seen", None, UnknownIdError),
        ("%%%%%%", "confirmed", "seen", None, UnknownIdError),
        (None, "confirmed", "  ", None, ValueError),
        (None, "maybe", "seen", None, ValueError),
        (None, "corrected", "seen", None, ValueError),
        (None, "confirmed", "seen", {"stated": 1}, ValueError),
    ],
)
def test_an_unfit_judgement_is_refused_and_leaves_no_trace(
    archive: Archive, material: Path, record: str | None, decision: str, reason: str, correction: object, error: type
) -> None:
    archive.add([material])
    run(archive)
    about = archive.claims()[0].record.id if record is None else record
    size, keys = archive.case.log.size, sorted((archive.case.path / "keys").iterdir())
    with pytest.raises(error):
        archive.judge(about, decision, reason, "Mirek Sandor", correction)  # type: ignore[arg-type]
    assert (archive.case.log.size, sorted((archive.case.path / "keys").iterdir())) == (size, keys)


def test_a_person_whose_key_is_elsewhere_cannot_be_signed_for(archive: Archive, material: Path) -> None:
    archive.add([material])
    run(archive)
    claim = archive.claims()[0].record.id
    made = archive.judge(claim, "confirmed", "seen", "Mirek Sandor")
    (archive.case.path / "keys" / f"{made.by.removeprefix('agent:')}.key.pem").unlink()
    folder = archive.case.path
    archive.close()  # a key that was used stays open as long as the case is
    with Archive.open(folder) as again:
        with pytest.raises(KeyMissing):
            again.judge(claim, "rejected", "no", "Mirek Sandor")
        assert again.judgements() == (made,)


def test_claims_are_filtered(archive: Archive, material: Path) -> None:
    archive.add([material])
    run(archive)
    assert len(archive.claims(kind="casualty", effect="died")) == 2
    assert archive.claims(kind="vote") == ()
    assert archive.claims(source="nobody") == ()
    document = archive.claims()[0].document
    assert len(archive.claims(document=document)) == 2
    assert archive.claims(document="ab" * 32) == ()
    assert archive.quotations() == ()
    assert archive.events() == ()


def test_the_snapshot_holds_everything_at_one_head(archive: Archive, material: Path) -> None:
    archive.add([material], published="2031-04-02")
    run(archive)
    archive.judge(archive.claims()[0].record.id, "confirmed", "seen", "Mirek Sandor")
    shot = archive.snapshot(archive.verify())
    assert (shot.title, shot.case_id) == ("The mill", archive.case.id)
    assert (shot.log_size, shot.log_root) == (archive.case.log.size, archive.case.log.root())
    assert [item.media_type for item in shot.items] == ["text/plain", "text/plain"]
    assert all(item.added_by == archive.case.agent for item in shot.items)
    for row in shot.readings:
        assert row.text_sha256 == case_steps.sha256(row.text.encode())
        assert row.captures
        for claim in row.reading.claims:
            assert row.text[claim.passage.start : claim.passage.end] == claim.passage.text
    assert {agent.name for agent in shot.agents} == {"Ana Velt", "Mirek Sandor"}
    assert shot.integrity_ok
    assert "index.agrees" in {check.name for check in shot.integrity}
    assert archive.snapshot().integrity_ok is None


def test_lost_openings_cost_the_link_to_the_bytes_and_leave_the_case_usable(archive: Archive, material: Path) -> None:
    archive.add([material / "a.txt"], source="Mill Post")
    archive.add([material / "b.txt"], source="Mill Post", marking="public")
    run(archive)
    folder = archive.case.path
    archive.close()
    (folder / "private" / "openings.jsonl").unlink()
    assert Archive.rebuild(folder) > 0
    with Archive.open(folder) as again:
        assert [(one.source, one.protection.marking) for one in again.captures()] == [(None, "public")]
        assert [row.capture.protection.marking for row in again.snapshot().items] == ["public"]
        assert disclose(again.snapshot(), "internal").snapshot.readings != again.snapshot().readings
        report = again.verify()
        assert again.add([material / "b.txt"]).failures == ()
        run(again)
        assert len(again.captures()) == 2
    assert report.ok, report.failed
    assert report.check("captures.complete").outcome == "unproven"
    assert "1 of 2 items name their bytes by a commitment whose opening is not here" in (
        report.check("captures.complete").reason
    )
    assert "openings.jsonl was lost or cut: restore it" in report.check("captures.complete").reason
    assert report.check("derivations.lead_to_capture").outcome == "unproven"


def test_what_is_no_case_is_said_to_be_none(tmp_path: Path, archive: Archive) -> None:
    with pytest.raises(NotACase, match="probanda init"):
        Archive.open(tmp_path / "nowhere")
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotACase):
        Archive.open(tmp_path / "plain")
    with pytest.raises(NotEmpty):
        Archive.create(archive.case.path, "Again", "Ana Velt")
    manifest = archive.case.path / "probanda.json"
    whole = manifest.read_bytes()
    value = parse_json(whole)
    assert isinstance(value, dict)
    manifest.write_bytes(canonical({**value, "format": "probanda-case/9"}))
    with pytest.raises(NewerVersion, match="newer"):
        Archive.open(archive.case.path)
    manifest.unlink()
    with pytest.raises(HalfWrittenCase):
        Archive.open(archive.case.path)
    manifest.write_bytes(whole)
    with Archive.open(archive.case.path) as again:
        assert again.index_built is None


def test_a_new_case_does_not_say_that_its_index_was_missing(archive: Archive) -> None:
    assert archive.index_built is None


def test_importing_the_package_does_not_import_django() -> None:
    import subprocess
    import sys

    code = "import sys, probanda, probanda.index, probanda.records.entry; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
