"""A bundle as it is written: at the gate, on a disk that refuses, over what a crash left, as a ZIP, by the command."""

from __future__ import annotations

import fcntl
import hashlib
import os
import resource
import shutil
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_world import probanda
from probanda.outgoing import WayOutRefused
from probanda.preserve.bundle.bag import INFO, MARK, part_of
from probanda.preserve.bundle.zipped import write_zip
from probanda.preserve.errors import BlobCorrupt, BundleError, Locked, OutputTaken
from probanda.preserve.verify import verify
from probanda.records.entry import parse_entry
from seal_world import asking
from secret_world import OPEN, World, files_of, made
from time_authority import TimeAuthority


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


def test_where_a_second_person_is_asked_for_nothing_goes_without_one(world: World, tmp_path: Path) -> None:
    world.archive.judge(world.archive.claims()[0].record.id, "confirmed", "The list was seen.", by="Ilan Brod")
    world.archive.assign_settings("two persons", approval=("bundle",))
    with pytest.raises(WayOutRefused) as refused:
        world.archive.bundle(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert refused.value.request is not None
    world.archive.approve(refused.value.request, "It was asked for by the court.", by="Ilan Brod")
    report = world.archive.bundle(tmp_path / "out", reason="The court asked for it.")
    left = parse_entry(entries(tmp_path / "out")[report.entry])
    assert isinstance(left.detail["approval"], int)
    assert verify(tmp_path / "out").ok
    assert not any(b"asked for it" in data or b"asked for by" in data for _, data in files_of(tmp_path / "out"))


def test_fewer_anchors_than_the_case_asks_for_let_nothing_out(world: World, tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office", "Office")
    world.archive.assign_settings("a stamp a day", authorities=(office.authority(),), min_anchors=1)
    with pytest.raises(WayOutRefused):
        world.archive.bundle(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert world.archive.bundle(tmp_path / "out", asking(office)).met


def test_the_command_says_what_went_what_did_not_and_what_to_tell_the_receiver(kept: World, tmp_path: Path) -> None:
    shutil.copytree(kept.folder, tmp_path / "case")
    said = probanda("bundle", tmp_path / "case", "-o", tmp_path / "out", "--zip", "--organization", "Desk", "--json")
    assert said.code == 0
    told = said.json
    assert (told["items"], told["audience"], told["zip"]) == (1, "court", str(tmp_path / "out.zip"))
    assert {"what": "items", "reason": "identity protected", "count": 1} in told["withheld"]
    tagmanifest = (tmp_path / "out" / "tagmanifest-sha256.txt").read_bytes()
    assert told["tagmanifest"] == hashlib.sha256(tagmanifest).hexdigest()
    assert told["key"] == kept.archive.case.key
    assert told["checkpoint"]["size"] == len(entries(tmp_path / "out"))
    assert b"Source-Organization: Desk\n" in (tmp_path / "out" / INFO).read_bytes()
    again = probanda("bundle", tmp_path / "case", "-o", tmp_path / "out")
    assert (again.code, "found something" in again.err) == (1, True)
    assert probanda("bundle", tmp_path / "case", "-o", tmp_path / "x", "--audience", "press").code == 2
    assert probanda("bundle", tmp_path / "case", "-o", tmp_path / "x", "--only", "capture:zz").code == 1
    (tmp_path / "closed").mkdir(mode=0o555)
    refused = probanda("bundle", tmp_path / "case", "-o", tmp_path / "closed" / "x", unprivileged=True)
    assert (refused.code, "Permission denied" in refused.err) == (1, True)


def test_the_zip_holds_the_folder_and_is_the_same_each_time(kept: World, tmp_path: Path) -> None:
    bundle, packed = bundle_of(kept), bundle_of(kept).with_name("out.zip")
    assert {name.removeprefix("out/"): data for name, data in files_of(packed)} == dict(files_of(bundle))
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
    copy = tmp_path / "elsewhere" / "out"
    shutil.copytree(bundle, copy, copy_function=shutil.copyfile)
    write_zip(copy, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_what_a_crash_left_of_a_zip_is_removed_and_nothing_else(kept: World, tmp_path: Path) -> None:
    part = tmp_path / "again.zip.part"
    whole = bundle_of(kept).with_name("out.zip").read_bytes()
    for left in (b"", whole[: len(whole) // 2]):
        part.write_bytes(left)
        write_zip(bundle_of(kept), tmp_path / "again.zip")
        assert (tmp_path / "again.zip").read_bytes() == whole
        assert not part.exists()
        (tmp_path / "again.zip").unlink()
    for other in (b"my notes", whole[:30] + b"other/" + whole[36:]):
        part.write_bytes(other)
        with pytest.raises(OutputTaken):
            write_zip(bundle_of(kept), tmp_path / "again.zip")
        assert part.read_bytes() == other


def test_a_blob_that_is_not_its_name_stops_the_bundle_and_is_named(world: World, tmp_path: Path) -> None:
    path = world.archive.case.blobs.path(hashlib.sha256(OPEN).hexdigest())
    path.chmod(0o644)
    path.write_bytes(OPEN.replace(b"12", b"13"))
    with pytest.raises(BlobCorrupt, match=path.name):
        world.archive.bundle(tmp_path / "out", None)
    assert not (tmp_path / "out").exists()
    assert not part_of(tmp_path / "out").exists()


def test_nothing_is_written_over_and_nothing_into_the_case(world: World, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for out, error in (
        (tmp_path / "taken", OutputTaken),
        (world.folder / "out", BundleError),
        (world.folder, BundleError),
        (tmp_path / "nowhere" / "out", BundleError),
    ):
        before = world.archive.case.log.size
        with pytest.raises(error):
            world.archive.bundle(out, None)
        assert world.archive.case.log.size == before
    assert list((tmp_path / "taken").iterdir()) == []


def test_what_a_crash_left_is_removed_when_it_is_ours_and_left_when_it_is_not(world: World, tmp_path: Path) -> None:
    part = part_of(tmp_path / "out")
    part.mkdir()
    (part / "data").mkdir()
    (part / MARK).write_text("case:" + "0" * 64 + "\n")
    with pytest.raises(OutputTaken, match=r"out\.part"):
        world.archive.bundle(tmp_path / "out", None)
    assert (part / "data").exists()
    for name, said in ((MARK, world.archive.case.id), (INFO, f"External-Identifier: {world.archive.case.id}")):
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        part.mkdir()
        (part / name).write_text(f"{said}\n")
        (part / "rest").write_bytes(b"half")
        world.archive.bundle(tmp_path / "out", None)
        assert not part.exists()
        assert not (tmp_path / "out" / "rest").exists()


def test_a_bundle_that_is_being_written_is_left_alone(world: World, tmp_path: Path) -> None:
    part = part_of(tmp_path / "out")
    part.mkdir()
    (part / MARK).write_text(f"{world.archive.case.id}\n")
    with (part / MARK).open("rb") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        with pytest.raises(Locked):
            world.archive.bundle(tmp_path / "out", None)
    assert part.exists()


def test_a_full_disk_is_said_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"Every night. " * 20_000)
    world.archive.add([tmp_path / "long.txt"])
    child = os.fork()
    if child == 0:  # from here on no file may grow beyond what the log needs
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            world.archive.bundle(tmp_path / "out", None)
        except BundleError as error:
            os._exit(0 if "make room" in str(error) else 3)
        os._exit(4)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert not part_of(tmp_path / "out").exists()
    assert not (tmp_path / "out").exists()
