"""A case made with the first version of the format opens for ever: its index, its readings, its judgement.

`cases/spine.zip` was made by the version before incidents, members and search (exercise text; its private key is not in
it). Its index is in it too, as that version filled it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cli_world import probanda
from probanda.archive import Archive
from probanda.report.casefile import build
from probanda.report.page import html

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    with zipfile.ZipFile(CASES / "spine.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "case"


def test_its_index_is_built_again_and_what_it_held_is_there(case: Path) -> None:
    with Archive.open(case) as archive:
        assert archive.index_built is not None
        assert "records have another form" in archive.index_built
        [judged] = archive.judgements()
        [claim] = [one for one in archive.claims(kind="casualty") if one.judgement is not None]
        assert judged.about == (claim.record.id,)
        assert claim.record.quantity is not None
        assert (claim.record.quantity.minimum, claim.record.quantity.maximum) == (41, None)
        assert [row.capture.source for row in archive.items()] == ["Exercise wire"]
        assert archive.verify().ok
    with Archive.open(case) as archive:
        assert archive.index_built is None, "once is enough"


def test_every_command_that_reads_works_on_it(case: Path, tmp_path: Path) -> None:
    for command in (["claims"], ["items"], ["incidents"], ["patterns"], ["search", "market"], ["verify"], ["rebuild"]):
        done = probanda(command[0], case, *command[1:])
        assert done.code == 0, done
    # Its keys are not kept with it, so nothing can record what leaves it but for what is public.
    assert probanda("casefile", case, "-o", tmp_path / "out", "--json").error["kind"] == "KeyMissing"
    assert probanda("casefile", case, "-o", tmp_path / "out", "--audience", "public").code == 0
    with Archive.open(case, read_only=True) as archive:
        assert "Read against the page." in html(build(archive.snapshot()))


def test_it_opens_where_nothing_may_be_written(case: Path) -> None:
    with Archive.open(case, read_only=True) as archive:
        assert len(archive.claims(kind="casualty")) >= 1
        assert archive.verify().ok
