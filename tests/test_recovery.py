"""What interrupted acts leave is set in order on record, once, and nothing that anybody writes is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from probanda.archive import Archive
from probanda.cli.main import answer
from probanda.preserve import durable
from probanda.preserve.lock import held
from probanda.preserve.recovery import parse_leftovers
from probanda.records.entry import RECOVERY


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    (tmp_path / "a.txt").write_text("12 died", "utf-8")
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        archive.add([tmp_path / "a.txt"])
        yield archive


def test_with_nothing_to_do_nothing_is_written(archive: Archive) -> None:
    size = archive.case.log.size
    told = archive.recover()
    assert (told.left, told.temporary, told.deletions, told.seq) == ((), 0, 0, None)
    assert archive.case.log.size == size


def test_orphans_are_recorded_once_and_stay(archive: Archive) -> None:
    store = archive.case.blobs
    orphan = store.put(b"of an add that stopped")
    told = archive.recover()
    assert [one.sha256 for one in told.left] == [orphan.sha256]
    *_, entry = archive.case.log.entries()
    assert (entry.act, entry.detail["orphans"]) == (RECOVERY, 1)
    [listed] = parse_leftovers(store.read(entry.blobs()[0].sha256))
    assert (listed.what, listed.sha256) == ("orphan", orphan.sha256)
    assert store.has(orphan.sha256)
    assert archive.recover().seq is None, "what is on record is not told again"
    assert archive.verify().ok


def test_an_orphan_is_taken_up_by_the_act_that_is_run_again(archive: Archive, tmp_path: Path) -> None:
    archive.case.blobs.put(b"13 died")
    archive.recover()
    (tmp_path / "b.txt").write_bytes(b"13 died")
    archive.add([tmp_path / "b.txt"])
    report = archive.verify()
    assert report.ok and report.check("blobs.unreferenced").counted == 0


def test_temporary_files_go_but_not_those_that_somebody_writes(archive: Archive) -> None:
    folder = archive.case.path
    for dead in (folder / "blobs" / "tmp" / "ab12", folder / "log" / ".torn-0.bin.ab.tmp", folder / "keys" / ".k.tmp"):
        dead.write_bytes(b"half")
    living, descriptor = durable.temporary_file(lambda: "cd34", folder / "blobs" / "tmp", 0o444)
    (folder / "private" / "openings.jsonl.new").write_bytes(b"half")
    told = archive.recover()
    assert told.temporary == 4
    assert living.exists() and descriptor
    assert [path.name for path in (folder / "blobs" / "tmp").iterdir()] == ["cd34"]
    assert archive.verify().ok


def test_a_torn_end_is_set_aside_and_recorded(archive: Archive) -> None:
    folder = archive.case.path
    archive.close()
    with (folder / "log" / "entries.jsonl").open("ab") as log:
        log.write(b'{"act":"ingestion"')
    with Archive.open(folder) as again:
        told = again.recover()
        assert [one.what for one in told.left] == ["torn"]
        assert again.recover().seq is None
        assert again.verify().ok


def test_nobody_recovers_while_a_run_goes_on(archive: Archive) -> None:
    from probanda.preserve.errors import Locked

    with held(archive.case.run_lock), pytest.raises(Locked):
        archive.recover()


def test_the_command_says_what_it_found(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(archive.case.path)
    orphan = archive.case.blobs.put(b"of an add that stopped")
    archive.close()
    assert answer(["recover", folder]) == 0
    said = capsys.readouterr().out
    assert orphan.sha256 in said and "run it again" in said
    assert answer(["recover", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seq"] is None
