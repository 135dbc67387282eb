"""import: a good bundle comes in as theirs, a bad one leaves nothing but the record that it was refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import case_steps
from cli_world import probanda
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.incoming import ImportRefused
from probanda.preserve import transfer
from probanda.preserve.protections import protection_change
from probanda.preserve.verify import verify
from probanda.records.entry import FAILURE, INGESTION, TRANSFER
from probanda.records.protection import Consent, Protection
from seal_world import asking
from secret_world import World, made, program
from time_authority import TimeAuthority

GUARDED = Protection("internal", Consent(("documentation", "court")), (), "low")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case of another organisation, with a judgement and an incident, and two bundles of it: `court` and, after
    another item came in, `whole`."""
    world = made(tmp_path_factory.mktemp("theirs"))
    archive, folder = world.archive, world.folder.parent
    record = archive.claims()[0].record.id
    archive.judge(record, "confirmed", "as the register says", by="Petra Halloun")
    archive.incident("Deaths in Velin", "in the register", members=[record])
    archive.bundle(folder / "court", zipped=True)
    (folder / "more.txt").write_bytes(b"30 people were moved from Castle Orrin.\n")
    archive.add([folder / "more.txt"], protection=GUARDED, source="a clerk")
    archive.bundle(folder / "whole", audience="internal")
    yield world
    archive.close()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "ours", "Ours", "Bo Lund") as archive:
        yield archive


def bundle(theirs: World, name: str) -> Path:
    return theirs.folder.parent / name


def blobs(archive: Archive) -> set[str]:
    return set(archive.case.blobs.walk())


@pytest.mark.parametrize("form", ["whole", "zip"])
def test_a_good_bundle_comes_in_with_everything_that_says_whose_it_is(
    theirs: World, ours: Archive, tmp_path: Path, form: str
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    source = bundle(theirs, "whole" if form == "whole" else "court.zip")
    report = ours.import_bundle(source, by="Mia Sand", key=theirs.archive.case.key, scratch=scratch)
    assert list(scratch.iterdir()) == []
    shown = ("report.txt", "more.txt") if form == "whole" else ("report.txt",)
    expected = {one.id: one for one in theirs.archive.captures() if one.name in shown}
    found = {str(one.extra["origin"]["capture"]): one for one in ours.captures()}  # type: ignore[call-overload,index]
    assert found.keys() == expected.keys()
    assert report.captures == tuple(one.id for one in ours.captures())
    for name, one in found.items():
        wanted = expected[name]
        assert (one.blob, one.size, one.published, one.protection) == (
            wanted.blob, wanted.size, wanted.published, wanted.protection
        )  # fmt: skip
        assert transfer.came_with(one.extra["origin"]) == (report.transfer.seq, wanted.seq, wanted.id)
        assert ours.case.blobs.read(one.blob) == theirs.archive.case.blobs.read(wanted.blob)
        assert one.id != wanted.id, "a capture of our own, by our own coming-in"
    assert (found[theirs.open].name, found[theirs.open].source) == ("report.txt", "Velin Post")
    said = report.transfer
    assert (said.case, said.title, said.key, said.key_compared) == (
        theirs.archive.case.id, "The mill", theirs.archive.case.key, True
    )  # fmt: skip
    assert ours.transfers() == (said,)
    [entry] = [one for one in ours.case.log.entries() if one.act == TRANSFER]
    roles = {one.role for one in entry.blobs()}
    assert {*transfer.ROLES.values(), transfer.LIST} <= roles
    log = ours.case.blobs.read(transfer.blob_with(entry, transfer.LOG).sha256)
    assert log == theirs.archive.case.log.path.read_bytes()[: len(log)]
    assert log.count(b"\n") == said.size
    person = next(agent.id for agent in ours.snapshot().agents if agent.name == "Mia Sand")
    assert {one.agents[0].id for one in ours.case.log.entries() if one.act in (TRANSFER, INGESTION)} == {person}


def test_what_they_derived_and_decided_is_not_counted_as_ours(theirs: World, ours: Archive) -> None:
    ours.import_bundle(bundle(theirs, "whole"))
    assert ours.judgements() == ()
    assert ours.incidents() == ()
    assert ours.claims() == ()
    ours.run(InlineEngine(ours.case.blobs.folder), stages=case_steps.STAGES)
    assert len(ours.claims()) == 2
    report = ours.verify()
    assert report.ok, [check for check in report.checks if check.outcome == "fails"]
    assert report.check("imports.intact").outcome == "holds"
    assert report.check("blobs.unreferenced").counted == 0
    live = b"".join(ours.canonical_dump())
    Archive.rebuild(ours.case.path)
    with Archive.open(ours.case.path) as again:
        assert b"".join(again.canonical_dump()) == live


def test_an_item_that_is_withheld_there_does_not_come_in(theirs: World, ours: Archive) -> None:
    ours.import_bundle(bundle(theirs, "court"))
    assert [one.name for one in ours.captures()] == ["report.txt"]
    withheld = {one.blob for one in theirs.archive.captures() if one.id != theirs.open}
    assert len(withheld) == 3
    assert not withheld & blobs(ours)


def test_a_change_of_protection_there_comes_in_as_it_is_in_force(theirs: World, ours: Archive, tmp_path: Path) -> None:
    shutil.copytree(theirs.folder, tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        archive.case.append([protection_change(theirs.open, GUARDED, "as agreed")])
        archive.bundle(tmp_path / "out", audience="internal")
    ours.import_bundle(tmp_path / "out")
    [found] = [one for one in ours.captures() if one.name == "report.txt"]
    assert found.protection == GUARDED


def test_a_spoiled_bundle_leaves_only_the_record_of_its_refusal(theirs: World, ours: Archive, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled"
    shutil.copytree(bundle(theirs, "whole"), spoiled)
    (spoiled / "anchors" / "tagmanifest.sig").write_bytes(bytes(64))
    before = blobs(ours)
    with pytest.raises(ImportRefused, match=r"bundle\.signature") as refused:
        ours.import_bundle(spoiled, by="Mia Sand")
    assert refused.value.checks == ("bundle.signature",)
    assert blobs(ours) == before
    assert ours.items() == ()
    assert ours.transfers() == ()
    last = list(ours.case.log.entries())[-1]
    assert (last.act, last.detail["of"], last.outcome) == (FAILURE, TRANSFER, "failure")
    assert "bundle.signature" in str(ours.case.openings.value(last.committed["reason"]))
    assert ours.case.openings.value(last.committed["name"]) == "spoiled"
    assert "Mia Sand" not in {agent.name for agent in ours.snapshot().agents}
    assert ours.verify().ok


def test_a_bundle_whose_log_changes_between_check_and_take_in_is_refused(
    theirs: World, ours: Archive, tmp_path: Path
) -> None:
    changing = tmp_path / "changing"
    shutil.copytree(bundle(theirs, "whole"), changing)
    log = changing / "data" / "log" / "entries.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    changed: list[str] = []

    def meanwhile(what: str, done: int, total: int) -> None:
        if what == "preserving" and not changed:  # every check held, and the first items lie among the blobs
            changed.append(what)
            log.write_bytes(b"".join(lines[:-1]))

    with pytest.raises(ImportRefused, match=f"of {len(lines)} entries .* found one of {len(lines) - 1} "):
        ours.import_bundle(changing, progress=meanwhile)
    assert changed
    assert (ours.items(), ours.transfers()) == ((), ())
    assert ours.verify().ok
    log.write_bytes(b"".join(lines))
    assert ours.import_bundle(changing).captures


def test_what_is_written_into_the_bundle_after_the_transfer_changes_nothing(
    theirs: World, ours: Archive, tmp_path: Path
) -> None:
    changing = tmp_path / "changing"
    shutil.copytree(bundle(theirs, "whole"), changing)
    log = changing / "data" / "log" / "entries.jsonl"

    class Stopped(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if what == "taking in":
            raise Stopped

    with pytest.raises(Stopped):
        ours.import_bundle(changing, progress=stop)
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(ImportRefused):
        ours.import_bundle(changing)
    assert ours.verify().ok


def test_another_key_than_its_owner_told_is_refused(theirs: World, ours: Archive) -> None:
    with pytest.raises(ImportRefused, match=r"key\.pinned"):
        ours.import_bundle(bundle(theirs, "whole"), key="ab" * 32)
    assert ours.items() == ()


def test_the_same_bundle_comes_in_once_unless_asked_again(theirs: World, ours: Archive) -> None:
    first = ours.import_bundle(bundle(theirs, "court"))
    for form in ("court", "court.zip"):
        with pytest.raises(ImportRefused, match="in this case already"):
            ours.import_bundle(bundle(theirs, form))
    assert len(ours.items()) == 1
    again = ours.import_bundle(bundle(theirs, "court"), again=True)
    assert again.transfer.seq != first.transfer.seq
    assert len(ours.items()) == 2
    ours.import_bundle(bundle(theirs, "whole"))
    assert len(ours.transfers()) == 3
    assert ours.verify().check("imports.intact").outcome == "holds"


def test_a_bundle_of_the_case_itself_has_nothing_to_take_in(theirs: World) -> None:
    with pytest.raises(ImportRefused, match="this very case"):
        theirs.archive.import_bundle(bundle(theirs, "whole"))


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_two_histories_of_one_case_are_told_apart(
    theirs: World, ours: Archive, tmp_path: Path, order: tuple[str, str]
) -> None:
    for name in ("one", "two"):
        shutil.copytree(theirs.folder, tmp_path / name)
        with Archive.open(tmp_path / name) as archive:
            for _ in range(2 if name == "two" else 1):
                archive.add([tmp_path / name / "README.txt"], marking="public")
            archive.bundle(tmp_path / f"bundle {name}")
    ours.import_bundle(tmp_path / f"bundle {order[0]}")
    count = len(ours.items())
    with pytest.raises(ImportRefused, match="another history") as refused:
        ours.import_bundle(tmp_path / f"bundle {order[1]}")
    assert refused.value.checks == ("imports.intact",)
    assert len(ours.items()) == count
    assert len(ours.transfers()) == 1


def test_a_kept_log_that_was_changed_is_found(theirs: World, ours: Archive) -> None:
    ours.import_bundle(bundle(theirs, "whole"))
    [entry] = [one for one in ours.case.log.entries() if one.act == TRANSFER]
    path = ours.case.blobs.path(transfer.blob_with(entry, transfer.LOG).sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b'"risk":"high"', b'"risk":"none"', 1))
    assert "imports.intact" in verify(ours.case.path).failed


def test_who_stamped_their_log_is_kept_and_by_whose_certificates(theirs: World, ours: Archive, tmp_path: Path) -> None:
    program("openssl")
    office = TimeAuthority(tmp_path / "office", "Office")
    shutil.copytree(theirs.folder, tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        archive.assign_settings("a stamp a day", authorities=(office.authority(),), min_anchors=1)
        archive.bundle(tmp_path / "out", audience="internal", post=asking(office))
    [anchor] = ours.import_bundle(tmp_path / "out").transfer.anchors
    assert (anchor.name, anchor.trusted, anchor.reason) == ("Office", False, None)
    assert anchor.at is not None
    again = ours.import_bundle(tmp_path / "out", certificates=office.authority().certificates.encode(), again=True)
    assert again.transfer.anchors[0].trusted
    assert again.checked.bundle is not None
    assert again.checked.bundle.anchors == again.transfer.anchors
    said = probanda("items", ours.case.path)
    assert f"log stamped by Office {anchor.at}" in said.out
    report = ours.verify()
    assert report.check("imports.intact").outcome == "holds"


def test_names_that_came_in_are_as_private_as_our_own(theirs: World, tmp_path: Path) -> None:
    source = bundle(theirs, "whole")
    assert b"a clerk" in (source / "data" / "log" / "openings.jsonl").read_bytes()
    for encrypted in (False, True):
        case = tmp_path / f"case {encrypted}"
        phrase = "long enough for a trial" if encrypted else None
        with Archive.create(case, "Ours", "Bo Lund", passphrase=phrase, encrypted=encrypted) as ours:
            ours.import_bundle(source)
            assert "a clerk" in {one.source for one in ours.captures()}
            assert ours.verify().check("imports.intact").outcome == "holds"
        found = {path.relative_to(case).parts[0] for path in files(case) if b"a clerk" in path.read_bytes()}
        assert found == (set() if encrypted else {"private", "index.sqlite"})


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm"))]


def test_the_commands_say_from_whom_an_item_came(theirs: World, tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert probanda("init", case, "--title", "Ours", "--by", "Bo Lund").code == 0
    said = probanda("import", bundle(theirs, "court.zip"), "--into", case)
    assert said.code == 0, said
    assert "1 items taken in, under entry 1" in said.out
    assert "Not compared with anything from elsewhere: the key" in said.out
    listed = probanda("items", case)
    assert f"from the case The mill, its entry 1, key {theirs.archive.case.key[:16]}" in listed.out
    [item] = probanda("items", case, "--json").json["items"]
    assert item["transfer"]["case"] == theirs.archive.case.id
    assert item["transfer"]["key"] == theirs.archive.case.key
    again = probanda("import", bundle(theirs, "court.zip"), "--into", case, "--json")
    assert (again.code, again.error["kind"]) == (1, "ImportRefused")
    page = tmp_path / "out.html"
    assert probanda("casefile", case, "-o", page).code == 0
    assert "From another case: " in page.read_text("utf-8")
    assert theirs.archive.case.key in page.read_text("utf-8")
    assert probanda("casefile", case, "-o", page, "--audience", "public").code == 0
    assert theirs.archive.case.key not in page.read_text("utf-8")
    nothing = probanda("import", tmp_path / "nothing", "--into", case)
    assert nothing.code == 1
