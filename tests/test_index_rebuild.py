"""The index is a copy: whatever happens to its file, the log and the blobs give it back, row for row."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index import migrations
from probanda.index.connect import SCHEMA, setup
from probanda.preserve.errors import ReadOnlyCase

NOBODY = 65534
TEXTS = (b"12 people died near the mill\nNobody saw it", b"broken\n3 died", b"\0\1binary", b"40 died\n41 died")


def fill(archive: Archive, folder: Path) -> None:
    """Items of every outcome, a failure, judgements that supersede one another."""
    folder.mkdir(exist_ok=True)
    for number, data in enumerate(TEXTS):
        (folder / f"{number}.txt").write_bytes(data)
    archive.add([folder], published="2031-04-02", source="Mill Post")
    archive.add([folder / "0.txt"], published="2031-04-03")
    archive.add([folder / "absent.txt"])
    archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES, batch=3)
    claim = archive.claims()[0].record.id
    archive.judge(claim, "confirmed", "the register has the same number", by="Mirek Sandor")
    archive.judge(claim, "corrected", "the register counts one more", correction={"stated": 13})


@pytest.fixture
def case(tmp_path: Path) -> Path:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        fill(archive, tmp_path / "material")
    return tmp_path / "case"


def dump(folder: Path) -> bytes:
    with Archive.open(folder) as archive:
        return b"".join(archive.canonical_dump())


def test_live_and_rebuilt_index_are_the_same_row_for_row(case: Path) -> None:
    live = dump(case)
    tables = {json.loads(line)["table"] for line in live.splitlines()}
    assert tables >= {
        "agent", "applied", "blob", "capture", "claim", "derivation", "derivationinput", "derivationoutput", "entry",
        "failure", "judgement", "judgementabout", "reading",
    }  # fmt: skip
    assert Archive.rebuild(case) > 10
    assert dump(case) == live
    with Archive.open(case) as archive:
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]
        assert {check.name: check.outcome for check in report.checks}["index.agrees"] == "holds"


def test_a_row_changed_by_hand_is_found_by_verify(case: Path) -> None:
    connection = sqlite3.connect(case / "index.sqlite")
    connection.execute("UPDATE probanda_index_claim SET minimum = 9999")
    connection.commit()
    connection.close()
    with Archive.open(case) as archive:
        report = archive.verify()
        assert not report.ok
        assert {check.name: check.outcome for check in report.checks}["index.agrees"] == "fails"
    Archive.rebuild(case)
    with Archive.open(case) as archive:
        assert archive.verify().ok


def _remove(path: Path) -> None:
    path.unlink()


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is no database, and quite long enough not to be taken for an empty one" * 20)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _newer(path: Path) -> None:
    _execute(path, f"PRAGMA user_version = {SCHEMA + 1}")


def _other_form(path: Path) -> None:
    _execute(path, "PRAGMA application_id = 7")


def _ahead(path: Path) -> None:
    _execute(path, "UPDATE probanda_index_applied SET count = count + 1")


def _other_history(path: Path) -> None:
    _execute(path, f"UPDATE probanda_index_applied SET head = '{'ab' * 32}'")


def _other_case(path: Path) -> None:
    _execute(path, "UPDATE probanda_index_applied SET \"case\" = 'case:other'")


def _table_gone(path: Path) -> None:
    _execute(path, "DROP TABLE probanda_index_applied")


def _execute(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "harm",
    [_remove, _no_database, _cut, _empty, _newer, _other_form, _ahead, _other_history, _other_case, _table_gone],
    ids=lambda harm: harm.__name__,
)
def test_an_index_that_cannot_serve_is_built_again_and_said_to_be(case: Path, harm: object) -> None:
    live = dump(case)
    assert callable(harm)
    harm(case / "index.sqlite")
    with Archive.open(case) as archive:
        assert b"".join(archive.canonical_dump()) == live
        assert archive.index_built or harm is _empty  # an empty file is an empty database: it is filled, not replaced
    with Archive.open(case) as archive:
        assert archive.index_built is None


def test_an_index_that_lags_behind_is_caught_up(case: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    shutil.copy(case / "index.sqlite", old)
    with Archive.open(case) as archive:
        archive.judge(archive.claims()[1].record.id, "rejected", "it counts horses")
    live = dump(case)
    shutil.copy(old, case / "index.sqlite")
    with Archive.open(case) as archive:
        assert archive.index_built is None
        assert b"".join(archive.canonical_dump()) == live


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(min_value=0, max_value=30))
def test_an_index_stopped_anywhere_is_continued_to_the_same_rows(case: Path, tmp_path: Path, cut: int) -> None:
    """As after a crash: an index of the first entries of the log only, then opened with the whole log."""
    live = dump(case)
    log = case / "log" / "entries.jsonl"
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    try:
        log.write_bytes(b"".join(lines[: 1 + cut % len(lines)]))
        Archive.rebuild(case)
    finally:
        log.write_bytes(whole)
    assert dump(case) == live


@pytest.fixture
def read_only(case: Path) -> Iterator[Path]:
    yield case
    for path in (case, *case.rglob("*")):
        path.chmod(stat.S_IRWXU)


def _forbid(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


@pytest.mark.parametrize("index", ["as it is", "missing", "lagging"])
def test_a_case_that_may_only_be_read_is_read_and_left_as_it_is(read_only: Path, index: str) -> None:
    case = read_only
    live = dump(case)
    if index == "missing":
        (case / "index.sqlite").unlink()
    if index == "lagging":
        with Archive.open(case) as archive:
            old = (case / "index.sqlite").read_bytes()
            archive.judge(archive.claims()[1].record.id, "rejected", "it counts horses")
        live = dump(case)
        (case / "index.sqlite").write_bytes(old)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    _forbid(case)
    with Archive.open(case, read_only=True) as archive:
        assert b"".join(archive.canonical_dump()) == live
        assert (archive.index_built is None) == (index == "as it is")
        assert archive.verify().ok
        claim = archive.claims()[0].record.id
        with pytest.raises(ReadOnlyCase, match="Nothing was changed"):
            archive.judge(claim, "rejected", "no")
        with pytest.raises(ReadOnlyCase):
            archive.add([case / "README.txt"])
        with pytest.raises(ReadOnlyCase):
            archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        assert archive.claims()[0].record.id == claim
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


def _without_privileges(act: Callable[[], None]) -> bool:
    """Whether `act` comes to its end in a fork of this process that the permissions of files bind, as they do not
    bind the superuser."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    return os.waitpid(process, 0)[1] == 0


def test_a_case_without_write_permission_is_found_to_be_for_reading(case: Path) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        copy = Path(open_to_all) / "case"
        shutil.copytree(case, copy)
        if os.geteuid() == 0:
            for path in (copy, *copy.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        _forbid(copy)

        def act() -> None:
            with Archive.open(copy) as archive:
                assert archive.case.read_only
                assert len(archive.claims()) == 4
                with pytest.raises(ReadOnlyCase):
                    archive.judge(archive.claims()[0].record.id, "rejected", "no")
            with pytest.raises(ReadOnlyCase):
                Archive.rebuild(copy)

        try:
            assert _without_privileges(act)
        finally:
            for path in (copy, *copy.rglob("*")):
                path.chmod(stat.S_IRWXU)


def test_two_archives_in_one_process_do_not_meet(tmp_path: Path) -> None:
    material = tmp_path / "material"
    material.mkdir()
    (material / "a.txt").write_bytes(b"7 died")
    with (
        Archive.create(tmp_path / "one", "One", "Ana Velt") as one,
        Archive.create(tmp_path / "two", "Two", "Ana Velt") as two,
    ):
        one.add([material], published="2031-01-01")
        two.add([material])
        two.add([material])
        assert (len(one.captures()), len(two.captures())) == (1, 2)
        one.run(InlineEngine(one.case.blobs.folder), stages=case_steps.STAGES)
        assert (len(one.claims()), len(two.claims())) == (1, 0)
        assert (one.snapshot().title, two.snapshot().title) == ("One", "Two")


def test_an_archive_can_be_used_where_an_event_loop_runs(tmp_path: Path) -> None:
    async def cell() -> int:
        with Archive.create(tmp_path / "case", "In a notebook", "Ana Velt") as archive:
            fill(archive, tmp_path / "material")
            return len(archive.claims())

    assert asyncio.run(cell()) == 4


def test_what_another_process_wrote_is_seen(case: Path) -> None:
    with Archive.open(case) as reader, Archive.open(case) as writer:
        before = len(reader.judgements())
        writer.judge(writer.claims()[0].record.id, "undecided", "two registers differ")
        assert len(reader.judgements()) == before + 1
        assert b"".join(reader.canonical_dump()) == b"".join(writer.canonical_dump())


def test_a_case_that_somebody_writes_to_can_be_opened_for_reading(case: Path) -> None:
    with Archive.open(case) as writer:
        made = writer.judge(writer.claims()[0].record.id, "undecided", "two registers differ")
        with Archive.open(case, read_only=True) as reader:
            assert reader.judgements()[-1] == made
            shot = reader.snapshot()
            writer.judge(writer.claims()[0].record.id, "rejected", "one register was wrong")
            assert reader.snapshot().log_size == shot.log_size, "it stays as it was opened"
            assert reader.snapshot().log_root == shot.log_root


def test_migrations_give_the_tables_that_the_models_describe() -> None:
    names = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
    assert len(names) == SCHEMA
    setup()
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
