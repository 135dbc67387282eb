"""Keys and encryption beside everything else that a case does: sealed, handed on, taken in, deleted from.

An encrypted case and one in clear go the same way, each with the case's key and a person's rotated between two seals
and with a second key on checkpoints.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve.verify import verify
from probanda.records.entry import CHECKPOINT

PASSPHRASE = "sluice gate 4"


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An empty encrypted case, and its identity."""
    folder = tmp_path_factory.mktemp("encrypted") / "case"
    with Archive.create(folder, "The mill", "Ana Velt", passphrase=PASSPHRASE, encrypted=True) as archive:
        assert archive.case.private.sealed is not None
        return folder, archive.case.private.sealed.recovery().splitlines()[-1]


@pytest.fixture(params=["in clear", "encrypted"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    if request.param == "in clear":
        Archive.create(tmp_path / "case", "The mill", "Ana Velt").close()
        opened = Archive.open(tmp_path / "case")
    else:
        folder, identity = request.getfixturevalue("encrypted")
        shutil.copytree(folder, tmp_path / "case")
        opened = Archive.open(tmp_path / "case", passphrase=identity)
    with opened as archive:
        for name, text in (("one.txt", "12 died at the mill"), ("two.txt", "40 died at the weir")):
            (tmp_path / name).write_text(text)
            archive.add([tmp_path / name], source="Velin Post", marking="public", by="Mirek Sandor")
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        yield archive


def require_good(archive: Archive) -> None:
    report = archive.verify()
    assert report.ok, [check for check in report.checks if check.outcome in ("fails", "not_run")]
    assert report.check("commitments.open").outcome == "holds"
    assert report.check("index.agrees").outcome == "holds"


def test_seals_before_and_after_a_rotation_hold_and_both_keys_sign_them(archive: Archive) -> None:
    second = archive.create_second_key()
    archive.assign_settings("a second signature", second_key=second.setting)
    before = archive.seal(None)
    first = archive.case.key_in_force
    archive.rotate_key("once a year")
    archive.rotate_key("a new laptop", by="Mirek Sandor", compromised_since="2031-04-02T08:00:00.000Z")
    after = archive.seal(None)
    assert after.size > before.size
    notes = [
        archive.case.blobs.read(entry.blobs("checkpoint")[0].sha256).decode()
        for entry in archive.case.log.entries()
        if entry.act == CHECKPOINT
    ]
    assert len(notes) == 2 and all(note.count("— probanda/") == 2 for note in notes)
    ids = [{line.split()[-1][:6] for line in note.splitlines() if line.startswith("—")} for note in notes]
    assert len(ids[0] & ids[1]) == 1, "the second key stays, the first is another"
    assert archive.case.key_in_force != first
    report = archive.verify()
    assert report.ok and report.check("checkpoints.signed").outcome == "holds"


def test_a_bundle_after_a_rotation_is_signed_by_the_key_in_force_and_taken_in_elsewhere(
    archive: Archive, tmp_path: Path
) -> None:
    archive.seal(None)
    archive.rotate_key("once a year")
    archive.rotate_key("a new laptop", by="Mirek Sandor")
    archive.judge(archive.captures()[0].id, "confirmed", "seen in the register", by="Mirek Sandor")
    made = archive.bundle(tmp_path / "bundle", audience="public", reason="a publication")
    assert made.key == archive.case.key_in_force != archive.case.key
    report = verify(tmp_path / "bundle", pinned_key=archive.case.key)
    assert report.ok, [check for check in report.checks if check.outcome in ("fails", "not_run")]
    assert report.check("key.pinned").outcome == report.check("bundle.signature").outcome == "holds"
    private = (b"AGE-SECRET-KEY", b"BEGIN PRIVATE KEY", b"BEGIN ENCRYPTED PRIVATE KEY", b"age-encryption.org")
    for path in (tmp_path / "bundle").rglob("*"):
        assert not path.is_file() or not any(word in path.read_bytes() for word in private), path
    with Archive.create(tmp_path / "other", "Another", "Petra Halloun") as other:
        other.import_bundle(tmp_path / "bundle", key=archive.case.key)
        assert other.verify().ok
    require_good(archive)


def test_a_deletion_takes_the_openings_out(archive: Archive) -> None:
    gone, stays = archive.captures()
    [entry] = [one for one in archive.case.log.entries() if one.detail.get("capture") == gone.id]
    archive.rotate_key("once a year")
    archive.delete(gone.id, "consent_withdrawn", "the person", "asked for it", by="Mirek Sandor")
    assert all(archive.case.openings.value(one) is None for one in entry.committed.values())
    assert [one.id for one in archive.captures() if one.source] == [stays.id]
    assert archive.verify().check("log.signatures").outcome == "holds"


def test_a_rotation_is_found_again_when_the_index_is_made_anew(archive: Archive) -> None:
    archive.rotate_key("once a year")
    rows = archive.keys()
    assert [(row.name, row.until is None) for row in rows] == [
        ("Ana Velt", False), ("Ana Velt", True), ("Mirek Sandor", True),
    ]  # fmt: skip
    archive.index_anew("a test")
    assert archive.keys() == rows
    require_good(archive)
