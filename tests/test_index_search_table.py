"""The tables of search: made again from log and blobs word for word, and found wrong where a hand was in them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index.connect import APPLICATION, SCHEMA, close_database, open_database
from probanda.index.search_table import TABLE, TermsError, place_of
from probanda.index.work import by_facts
from probanda.pipeline import Stage
from probanda.steps.terms import STEP as TERMS

TEXTS = ("Shelling hit the mill in Velin.", "The mill was shelled again.\n3 people died", "Nobody saw the market")
STAGES = (*case_steps.STAGES, Stage(TERMS, lambda alias: by_facts(alias, "language", ("language",))))


def fill(archive: Archive, folder: Path, texts: tuple[str, ...] = TEXTS, batch: int = 100) -> None:
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text)
    archive.add([folder])
    archive.run(InlineEngine(archive.case.blobs.folder), stages=STAGES, batch=batch)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        fill(archive, tmp_path / "material", batch=2)
    return tmp_path / "case"


def dump(folder: Path) -> bytes:
    with Archive.open(folder) as archive:
        return b"".join(archive.canonical_dump())


def execute(case: Path, *statements: str) -> None:
    connection = sqlite3.connect(case / "index.sqlite")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_live_and_rebuilt_tables_are_the_same_word_for_word(case: Path) -> None:
    live = dump(case)
    assert live.count(b'"table":"searchtext"') == 3
    assert b'"term":"shell"' in live and b'"term":"shelled"' in live
    Archive.rebuild(case)
    assert dump(case) == live


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO {TABLE}(rowid, lemmas, forms, names) VALUES (7, 'invented', '', '')",
        f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')",
        f"INSERT INTO {TABLE}({TABLE}, rowid, lemmas, forms, names) SELECT 'delete', place, 'mill', '', '' "
        "FROM probanda_index_searchtext LIMIT 1",
        "UPDATE probanda_index_searchtext SET language = 'uk'",
    ],
    ids=["a row too many", "no words", "a word taken out", "another language"],
)
def test_verify_finds_tables_that_a_hand_was_in(case: Path, statement: str) -> None:
    execute(case, statement)
    with Archive.open(case) as archive:
        assert {check.name: check.outcome for check in archive.verify().checks}["index.agrees"] == "fails"
    Archive.rebuild(case)
    with Archive.open(case) as archive:
        assert archive.verify().ok


def make_older(case: Path) -> None:
    """The index as the first schema had it, as full as it was."""
    alias = open_database(case / "index.sqlite")
    MigrationExecutor(connections[alias]).migrate([(APPLICATION, "0001_initial")])
    close_database(alias)
    execute(case, "PRAGMA user_version = 1")


def test_an_index_from_before_search_is_migrated(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        (tmp_path / "a.txt").write_text("The mill")
        archive.add([tmp_path / "a.txt"])
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
    live = dump(tmp_path / "case")
    make_older(tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        assert archive.index_built is None
        assert b"".join(archive.canonical_dump()) == live
        assert archive.verify().ok
    assert SCHEMA >= 2


def test_an_index_that_an_older_version_has_filled_is_built_again(case: Path) -> None:
    live = dump(case)
    make_older(case)
    with Archive.open(case) as archive:
        assert "without search" in str(archive.index_built)
        assert b"".join(archive.canonical_dump()) == live


def test_a_newer_version_of_the_step_takes_the_place_of_the_old(case: Path) -> None:
    newer = (*STAGES[:-1], replace(STAGES[-1], step=replace(TERMS, version="2")))
    with Archive.open(case) as archive:
        # The step itself answers to any version: only the request's name differs.
        archive.run(InlineEngine(archive.case.blobs.folder), stages=newer)
        assert b"".join(archive.canonical_dump()).count(b'"table":"searchtext"') == 6
    live = dump(case)
    Archive.rebuild(case)
    assert dump(case) == live


def test_places_are_told_apart_and_in_the_order_of_the_log() -> None:
    assert place_of(3, 0) < place_of(3, 1) < place_of(4, 0)
    with pytest.raises(TermsError, match="at most"):
        place_of(3, 2**24)
