"""Deletion: what goes, what stays, and that nobody finds again in the folder what went."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import case_steps
from probanda.archive import Archive
from probanda.cli.main import answer
from probanda.engine.inline import InlineEngine
from probanda.erasing import DeletedBeforeError
from probanda.index.queries import UnknownIdError
from probanda.preserve import erasure
from probanda.preserve.deletions import Deletions, deletion, deletion_entries
from probanda.preserve.errors import BlobMissing, Locked
from probanda.preserve.lock import held
from probanda.preserve.log import Draft
from probanda.records.capture import Capture
from probanda.records.deletion import LIST_ROLE, deleted_of, encode_list
from probanda.records.entry import DELETION, ObjectRef
from probanda.records.judgement import Judgement
from probanda.report.casefile import build, to_json
from probanda.report.disclosure import disclose

WITNESS = "12 of us died at the Old Mill"  # a claim, and words that stand nowhere else
NAME = "statement-of-Mirek.txt"
SOURCE = "told by Mirek Sandor himself"


def fill(archive: Archive, folder: Path, files: dict[str, str], **stated: str) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    archive.add(sorted(folder.iterdir()), published="2031-04-02", **stated)  # type: ignore[arg-type]
    run(archive)


def run(archive: Archive) -> int:
    return archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES).total


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        fill(archive, tmp_path / "statement", {NAME: WITNESS}, source=SOURCE)
        fill(archive, tmp_path / "press", {"a.txt": "40 died", "b.txt": "needs a program", "c.txt": "13 died\n7 fled"})
        yield archive


def item(archive: Archive, name: str = NAME) -> Capture:
    return next(one for one in archive.captures() if one.name == name)


def holding(folder: Path, words: str) -> list[str]:
    """Every file below the folder in whose bytes the words stand."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.relative_to(folder).as_posix() for path in files if words.encode() in path.read_bytes()]


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("index.sqlite") and path.suffix != ".lock"
    }


def require_same_index(archive: Archive) -> None:
    live = b"".join(archive.canonical_dump())
    Archive.rebuild(archive.case.path)
    with Archive.open(archive.case.path) as again:
        assert b"".join(again.canonical_dump()) == live


def test_content_and_names_go_and_the_entry_with_authority_and_reason_stays(archive: Archive) -> None:
    folder, one = archive.case.path, item(archive)
    assert len(holding(folder, WITNESS)) >= 3, "in its blob, a reading and the index, or the test shows nothing"
    told = archive.delete(one.id, "consent_withdrawn", "the witness", "He asked on 3 May.", by="Petra Halloun")
    for words in (WITNESS, NAME, SOURCE, "Old Mill"):
        assert holding(folder, words) == []
    assert not list((folder / "blobs" / "tmp").iterdir())
    *_, entry = archive.case.log.entries()
    assert (entry.act, entry.seq, entry.detail["capture"]) == (DELETION, told.seq, one.id)
    assert archive.case.openings.value(entry.committed["reason"]) == "He asked on 3 May."
    [gone] = [capture for capture in archive.captures() if capture.id == one.id]
    known = deleted_of(gone)
    assert known is not None and (known.basis, known.authority) == ("consent_withdrawn", "the witness")
    assert known.at == entry.time and known.by == entry.agents[0].id
    assert (gone.name, gone.source, gone.note, gone.blob) == (None, None, None, "")


def test_what_was_made_of_other_items_stays(archive: Archive) -> None:
    before = [claim for claim in archive.claims() if claim.record.passage.text != WITNESS]
    archive.delete(item(archive).id, "law", "a court", "an order")
    assert list(archive.claims()) == before
    assert len(before) == 3
    assert run(archive) == 0, "nothing is to be made again"
    require_same_index(archive)


def test_rows_that_failed_or_waited_go_too(archive: Archive) -> None:
    waiting = item(archive, "b.txt")
    archive.delete(waiting.id, "law", "a court", "an order")
    assert [row for row in archive.failures() if row.step == "text"] == []
    assert run(archive) == 0
    assert holding(archive.case.path, "needs a program") == []


def test_a_dry_run_names_exactly_what_goes_and_changes_nothing(archive: Archive) -> None:
    before = state(archive.case.path)
    planned = archive.deletion_of(item(archive).id)
    assert state(archive.case.path) == before
    done = archive.delete(planned.capture, "law", "a court", "an order")
    assert (done.removed, done.openings, done.twins, done.touched) == (
        planned.removed, planned.openings, planned.twins, planned.touched,
    )  # fmt: skip
    after = state(archive.case.path)
    went = {path.rpartition("/")[2] for path in before.keys() - after.keys()}
    assert went == {one.sha256 for one in done.removed}
    came = {path.rpartition("/")[2] for path in after.keys() - before.keys()}
    *_, entry = archive.case.log.entries()
    assert came == {one.replaced_by for one in done.removed if one.replaced_by} | {ref.sha256 for ref in entry.blobs()}


def test_the_same_bytes_under_another_item_stay(archive: Archive, tmp_path: Path) -> None:
    one = item(archive)
    archive.add([tmp_path / "statement"], published="2031-05-01", source="The Mill Post")
    [twin] = [capture for capture in archive.captures() if capture.blob == one.blob and capture.id != one.id]
    told = archive.delete(one.id, "law", "a court", "an order")
    assert told.twins == (twin.id,) and told.removed == ()
    assert holding(archive.case.path, SOURCE) == []
    assert archive.case.blobs.read(twin.blob) == WITNESS.encode()
    run(archive)
    about = {capture for row in archive.readings() for capture in row.captures}
    assert twin.id in about and one.id not in about
    last = archive.delete(twin.id, "law", "a court", "an order")
    assert {removed.why for removed in last.removed} == {"capture", "derived", "rows"}
    assert holding(archive.case.path, WITNESS) == []
    require_same_index(archive)


def test_a_text_that_another_item_gives_too_stays(archive: Archive, tmp_path: Path) -> None:
    words = "14 died at the ford"
    fill(archive, tmp_path / "again", {"one.txt": f"{words}\n", "two.txt": f"{words}\n\n", "three.txt": words})
    told = archive.delete(item(archive, "one.txt").id, "law", "a court", "an order")
    assert [removed.why for removed in told.removed if removed.why != "rows"] == ["capture"]
    told = archive.delete(item(archive, "three.txt").id, "law", "a court", "an order")
    assert told.removed == () and told.made_elsewhere, "its bytes are the text of another item"
    assert any(claim.record.passage.text == words for claim in archive.claims())
    archive.delete(item(archive, "two.txt").id, "law", "a court", "an order")
    assert holding(archive.case.path, words) == []
    require_same_index(archive)


def judged(archive: Archive, words: str) -> Judgement:
    [claim] = [claim for claim in archive.claims() if claim.record.passage.text == words]
    return archive.judge(claim.record.id, "confirmed", f"seen in the register: {words}")


def test_records_that_rest_on_it_alone_go_and_others_stay_hidden(archive: Archive) -> None:
    own, other = judged(archive, WITNESS), judged(archive, "40 died")
    alone = archive.incident("Killing of Mirek's sons", "in his words", members=[own.about[0], item(archive).id])
    mixed = archive.incident("Deaths at the mill", "two sources", members=[own.about[0], other.about[0]])
    apart = archive.incident("Deaths in town", "the press", members=[other.about[0]])
    bound = archive.relate(alone.id, "precedes", apart.id, "Mirek said so")
    free = archive.relate(mixed.id, "precedes", apart.id, "by their dates")
    on_it = archive.judge(alone.id, "confirmed", "Mirek was there")
    told = archive.delete(item(archive).id, "risk_to_life", "the victims' unit", "he is in danger")
    assert told.touched == (mixed.id,)
    assert {one.why for one in told.removed} == {"capture", "derived", "rows", "judgement", "incident", "relation"}
    assert holding(archive.case.path, "Mirek") == []
    assert [one.id for one in archive.judgements()] == [other.id]
    assert {own.id, on_it.id}.isdisjoint(one.id for one in archive.judgements())
    assert [one.id for one in archive.incidents()] == [mixed.id, apart.id]
    assert [one.id for one in archive.relations()] == [free.id] and bound.id != free.id
    shown = disclose(archive.snapshot(), "internal").snapshot
    assert [one.id for one in shown.incidents] == [apart.id], "nobody sees the other until it is revised"
    revised = archive.incident("Deaths at the mill", "the press alone", members=[other.about[0]], supersedes=mixed.id)
    shown = disclose(archive.snapshot(), "internal").snapshot
    assert [one.id for one in shown.incidents] == [revised.id, apart.id]
    require_same_index(archive)


def test_a_version_without_members_goes_with_those_before_it(archive: Archive) -> None:
    own = judged(archive, WITNESS)
    made = archive.incident("Killing of Mirek's sons", "in his words", members=[own.about[0]])
    archive.incident("Killing of Mirek's two sons", "counted", supersedes=made.id)
    archive.delete(item(archive).id, "law", "a court", "an order")
    assert archive.incidents() == ()
    assert holding(archive.case.path, "Mirek") == []


def test_what_is_deleted_is_deleted_once_and_by_its_own_id(archive: Archive) -> None:
    one = item(archive)
    with pytest.raises(UnknownIdError, match="the item that it was read"):
        archive.delete(archive.claims()[0].record.id, "law", "a court", "an order")
    with pytest.raises(ValueError, match="who orders it"):
        archive.delete(one.id, "law", " ", "an order")
    with held(archive.case.run_lock), pytest.raises(Locked):
        archive.delete(one.id, "law", "a court", "an order")
    archive.delete(one.id, "law", "a court", "an order")
    with pytest.raises(DeletedBeforeError, match="was deleted on"):
        archive.delete(one.id, "law", "a court", "an order")


def test_the_same_bytes_may_come_in_again_and_that_is_said(archive: Archive, tmp_path: Path) -> None:
    before = [claim.record for claim in archive.claims()]
    one = item(archive)
    archive.delete(one.id, "law", "a court", "an order")
    report = archive.add([tmp_path / "statement"], published="2031-04-02")
    assert report.deleted_before == report.captures
    assert archive.add([tmp_path / "press" / "a.txt"]).deleted_before == ()
    run(archive)
    assert {claim.id for claim in before} <= {claim.record.id for claim in archive.claims()}
    require_same_index(archive)
    with Archive.open(archive.case.path) as again:
        assert erasure.finish(again.case) == erasure.Erased(), "what came in again is not taken out again"
    archive.delete(report.captures[0], "law", "a court", "another order")
    assert holding(archive.case.path, WITNESS) == []


def test_a_deletion_that_stopped_after_its_entry_is_finished_by_who_opens_the_case(archive: Archive) -> None:
    folder, one = archive.case, item(archive)
    planned = archive.deletion_of(one.id)
    found = [entry for entry in folder.log.entries() if entry.detail.get("capture") == one.id]
    from probanda.preserve.reach import reach

    reached = reach(folder, one.id)
    assert reached is not None
    removed, instead = erasure.removals(folder, reached)
    objects = erasure.lists(folder, removed, tuple(instead.values()), ())
    erasure.begin(folder)
    folder.append([deletion(one.id, "law", tuple(found[0].committed.values()), objects, "a court", "an order")])
    archive.close()
    assert holding(folder.path, WITNESS)
    with Archive.open(folder.path, read_only=True) as reading:
        assert all(claim.record.passage.text != WITNESS for claim in reading.claims()), "who only reads sees it no more"
    with Archive.open(folder.path) as again:
        assert holding(folder.path, WITNESS) == [] and holding(folder.path, NAME) == []
        assert not erasure.pending(again.case)
        assert {one.sha256 for one in planned.removed}.isdisjoint(again.case.blobs.walk())
        require_same_index(again)


def test_an_entry_never_names_what_was_taken_out_meanwhile(archive: Archive) -> None:
    draft = Draft("ingestion", objects=(ObjectRef("outcome", "ab" * 32, 3),))
    with pytest.raises(BlobMissing, match="run the same command again"):
        archive.case.append([draft])


def test_who_has_the_openings_open_meanwhile_sees_the_new_file(archive: Archive) -> None:
    with Archive.open(archive.case.path) as other:
        press = item(other, "a.txt")
        other.case.openings.value("ab" * 32)
        archive.delete(item(archive).id, "law", "a court", "an order")
        entries = {str(entry.detail.get("capture")): entry for entry in other.case.log.entries()}
        assert other.case.openings.value(entries[press.id].committed["name"]) == "a.txt"


def test_the_command_looks_first_and_then_does_it(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    case, one = str(archive.case.path), item(archive)
    archive.close()
    asked = ["delete", case, one.id, "--basis", "law", "--authority", "a court", "--reason", "an order"]
    assert answer(asked) == 2
    assert "--dry-run" in capsys.readouterr().err
    assert answer([*asked, "--dry-run"]) == 0
    assert "Would be deleted" in (looked := capsys.readouterr().out) and one.blob in looked
    assert answer([*asked, "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["capture"] == one.id and told["seq"] is not None
    assert answer(["items", case]) == 0
    listed = capsys.readouterr().out
    assert "deleted" in listed and NAME not in listed and "a court" in listed
    assert answer(["delete", case, one.id, "--basis", "whim", "--authority", "a", "--reason", "b", "--yes"]) == 2


def test_deletions_that_cannot_be_read_account_for_nothing(archive: Archive, tmp_path: Path) -> None:
    told = archive.delete(item(archive).id, "law", "a court", "an order")
    copy = tmp_path / "copy"
    shutil.copytree(archive.case.path, copy)
    entries = list(deletion_entries(copy / "log" / "entries.jsonl"))
    assert [entry.seq for entry in entries] == [told.seq]

    def nothing(sha256: str) -> bytes:
        raise BlobMissing(sha256)

    assert Deletions(entries, nothing).captures == {}


def test_the_log_does_not_tell_from_the_digest_of_the_list_what_was_deleted(tmp_path: Path) -> None:
    (tmp_path / "known.jpg").write_bytes(b"a photograph that others have too")
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        [item] = archive.add([tmp_path / "known.jpg"]).captures
        listed = archive.delete(item, "consent_withdrawn", "Lida Horn", "She asked for it").removed
        entry = next(one for one in archive.case.log.entries() if one.act == DELETION)
    assert [one.why for one in listed] == ["capture"], "nothing else in it that could not be guessed"
    assert entry.blobs(LIST_ROLE)[0].sha256 != hashlib.sha256(encode_list(listed)).hexdigest()


def test_the_case_file_tells_a_deleted_item_as_deleted_and_not_its_name(archive: Archive) -> None:
    one = item(archive)
    archive.delete(one.id, "consent_withdrawn", "the unit for victims", "he asked")
    made = to_json(build(archive.snapshot(), "internal")).decode()
    assert "consent was withdrawn; ordered by the unit for victims" in made
    assert NAME not in made and WITNESS not in made
    assert "the unit for victims" not in to_json(build(archive.snapshot(), "public")).decode()
