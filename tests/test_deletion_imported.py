"""Deletion of an item that came in with another's bundle: what their openings say of it goes too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_world import probanda
from probanda.archive import Archive
from probanda.preserve import erasure
from probanda.preserve.deletions import deletion
from probanda.preserve.foreign import ForeignLogs, commitments_of
from probanda.preserve.log import Draft
from probanda.preserve.reach import reach
from probanda.preserve.verify import verify
from probanda.records.deletion import LIST_ROLE
from probanda.records.entry import DELETION, INGESTION, Entry
from test_deletion import holding

NAME, SOURCE = "statement-of-Mirek.txt", "told by Mirek Sandor himself"
OTHER, OTHER_SOURCE = "register.txt", "the clerk of Castle Orrin"
ORDER = ("--basis", "law", "--authority", "a court", "--reason", "an order")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two bundles of a case: one of two items, and a later one of the same case."""
    folder = tmp_path_factory.mktemp("theirs")
    (folder / NAME).write_text("12 of us died at the Old Mill.\n", "utf-8")
    (folder / OTHER).write_text("40 died at Castle Orrin.\n", "utf-8")
    with Archive.create(folder / "case", "The mill", "Ana Velt") as archive:
        for name, source in ((NAME, SOURCE), (OTHER, OTHER_SOURCE)):
            archive.add([folder / name], published="2031-04-02", source=source, marking="internal")
        archive.bundle(folder / "first", audience="internal")
        archive.bundle(folder / "later", audience="internal")
    return folder


@pytest.fixture
def case(theirs: Path, tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "ours"
    assert probanda("init", made, "--title", "Ours", "--by", "Bo Lund").code == 0
    assert probanda("import", theirs / "first", "--into", made).code == 0
    assert probanda("run", made).code == 0
    yield made


def ids(case: Path, name: str) -> list[str]:
    with Archive.open(case, read_only=True) as archive:
        return [one.id for one in archive.captures() if one.name == name]


def lists(case: Path) -> list[str]:
    """Where the lists of deletions lie, which hold the digests of what went (spec/deletion.md)."""
    with Archive.open(case, read_only=True) as archive:
        found = [entry.blobs(LIST_ROLE)[0].sha256 for entry in archive.case.log.of_act(DELETION)]
    return [f"blobs/sha256/{one[:2]}/{one}" for one in found]


def good(case: Path) -> None:
    said = probanda("verify", case, "--json")
    outcomes = {one["name"]: (one["outcome"], one["reason"]) for one in said.json["checks"]}
    assert said.code == 0, outcomes
    for name in ("imports.intact", "deletions.complete", "commitments.open"):
        assert outcomes[name][0] == "holds", outcomes[name]


def test_nothing_of_an_item_that_came_in_is_left_once_it_is_deleted(case: Path) -> None:
    with Archive.open(case, read_only=True) as archive:
        digest = next(one.blob for one in archive.captures() if one.name == NAME)
    assert all(holding(case, words) for words in (NAME, SOURCE, digest))
    assert probanda("delete", case, ids(case, NAME)[0], *ORDER, "--yes").code == 0
    for words in (NAME, SOURCE, "Mirek", "Old Mill"):
        assert holding(case, words) == [], words
    assert holding(case, digest) == lists(case)
    for words in (OTHER, OTHER_SOURCE):
        assert holding(case, words), "the other item stands"
    good(case)


def test_a_deleted_item_is_not_missing_from_an_import(case: Path, theirs: Path) -> None:
    assert probanda("delete", case, ids(case, NAME)[0], *ORDER, "--yes").code == 0
    again = probanda("import", theirs / "first", "--into", case)
    assert again.code == 1 and "in this case already" in again.err
    assert ids(case, NAME) == [] and len(ids(case, OTHER)) == 1


def test_openings_that_another_item_came_with_too_stay_until_it_goes(case: Path, theirs: Path) -> None:
    assert probanda("import", theirs / "later", "--into", case).code == 0
    first, second = ids(case, NAME)
    before = sum(SOURCE.encode() in line for line in (case / "private" / "openings.jsonl").read_bytes().splitlines())
    assert probanda("delete", case, first, *ORDER, "--yes").code == 0
    after = sum(SOURCE.encode() in line for line in (case / "private" / "openings.jsonl").read_bytes().splitlines())
    assert (before, after) == (3, 2), "theirs, the second item's, and no more the first item's"
    good(case)
    assert probanda("delete", case, second, *ORDER, "--yes").code == 0
    assert holding(case, "Mirek") == []
    good(case)


def test_a_bundle_taken_in_again_after_a_deletion_is_not_taken_out_again(case: Path, theirs: Path) -> None:
    assert probanda("delete", case, ids(case, NAME)[0], *ORDER, "--yes").code == 0
    assert probanda("import", theirs / "first", "--into", case, "--again").code == 0
    good(case)
    with Archive.open(case) as archive:
        assert erasure.finish(archive.case) == erasure.Erased()
    assert len(ids(case, NAME)) == 1
    good(case)


def test_a_deletion_that_leaves_or_takes_other_openings_than_the_items_fails(case: Path) -> None:
    with Archive.open(case) as archive:
        folder = archive.case
        mine = next(one for one in archive.captures() if one.name == NAME)
        found = reach(folder, mine.id)
        assert found is not None
        logs = ForeignLogs(folder.blobs.path)
        for entry in folder.log.entries():
            logs.see(entry)
        [of] = {
            origin for one in archive.captures() if (origin := logs.whose(one.extra["origin"])) and one.id == mine.id
        }
        about = {
            one
            for entry in logs.entries(of[0])
            if entry.detail.get("capture") == of[1]
            for one in commitments_of(entry)
        }
        others = {one for entry in logs.entries(of[0]) if _other(entry, of[1]) for one in commitments_of(entry)}
        assert about & set(found.openings) and not others & set(found.openings)
        removed, instead = erasure.removals(folder, found)
        objects = erasure.lists(folder, removed, tuple(instead.values()), ())

        def told(openings: set[str]) -> Draft:
            return deletion(mine.id, "law", sorted(openings), objects, "a court", "an order")

        erasure.begin(folder)
        folder.append([told(set(found.openings) - about | {min(others)})])
        erasure.finish(folder)
        erasure.done(folder)
    check = verify(case).check("deletions.complete")
    assert check.outcome == "fails"
    assert "openings that came in with the deleted item are still here" in check.reason
    assert f"lists the opening of {min(others)}" in check.reason


def _other(entry: Entry, capture: str) -> bool:
    return entry.act == INGESTION and entry.detail.get("capture") != capture


def test_what_came_in_is_deleted_from_an_encrypted_case_too(theirs: Path, tmp_path: Path) -> None:
    phrase = "long enough for a trial"
    with Archive.create(tmp_path / "ours", "Ours", "Bo Lund", passphrase=phrase, encrypted=True) as archive:
        archive.import_bundle(theirs / "first")
        item = next(one for one in archive.captures() if one.name == NAME)
        digest = item.blob
        assert SOURCE in _values(archive)
        archive.delete(item.id, "law", "a court", "an order")
        assert not {NAME, SOURCE} & _values(archive)
        assert {OTHER, OTHER_SOURCE} <= _values(archive)
        listed = next(archive.case.log.of_act(DELETION)).blobs(LIST_ROLE)[0].sha256
        assert holding(tmp_path / "ours", digest) == [f"blobs/sha256/{listed[:2]}/{listed}"]
        report = archive.verify()
        assert report.ok, report.failed
        assert report.check("deletions.complete").outcome == report.check("imports.intact").outcome == "holds"
    closed = verify(tmp_path / "ours")
    assert closed.ok, closed.failed
    assert closed.check("deletions.complete").outcome == "unproven"


def _values(archive: Archive) -> set[str]:
    """Every protected value that can be opened."""
    lines = archive.case.openings.lines()
    return {word for line, _ in lines for word in (NAME, SOURCE, OTHER, OTHER_SOURCE) if word.encode() in (line or b"")}
