"""Folders as archives have them: links, loops, pipes, odd names, files that come and go."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.collect.files import FileVanished, Found, Skipped, collect, name_bytes, recorded_name, status


@pytest.fixture
def material(tmp_path: Path) -> Path:
    folder = tmp_path / "material"
    (folder / "b").mkdir(parents=True)
    for name in ("z.txt", "a.txt", ".hidden", "b/inner.html"):
        (folder / name).write_text("content", encoding="utf-8")
    return folder


def names(met: Iterator[Found | Skipped]) -> list[str]:
    return [item.name for item in met if isinstance(item, Found)]


def skipped(met: Iterator[Found | Skipped]) -> dict[str, str]:
    return {item.name: item.reason for item in met if isinstance(item, Skipped)}


def test_everything_is_found_in_one_order_hidden_files_too(material: Path) -> None:
    expected = ["material/.hidden", "material/a.txt", "material/b/inner.html", "material/z.txt"]
    assert names(collect([material])) == expected
    assert names(collect([str(material)])) == expected


def test_a_file_by_itself_is_found_with_its_size(material: Path) -> None:
    (found,) = collect([material / "a.txt"])
    assert found == Found(material / "a.txt", 7, "a.txt")


def test_links_are_not_followed_so_a_loop_of_links_ends(material: Path) -> None:
    (material / "b" / "back").symlink_to(material)
    (material / "dangling").symlink_to(material / "nowhere")
    met = skipped(collect([material]))
    assert set(met) == {"material/b/back", "material/dangling"}
    assert all("symbolic link" in reason for reason in met.values())
    assert len(names(collect([material]))) == 4


def test_a_link_given_by_name_is_not_followed_either(material: Path) -> None:
    link = material.parent / "link"
    link.symlink_to(material)
    assert "symbolic link" in skipped(collect([link]))["link"]


def test_pipes_sockets_and_devices_are_skipped_without_waiting(material: Path) -> None:
    os.mkfifo(material / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(material)  # a socket's path is limited to about a hundred bytes
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
    met = skipped(collect([material, Path("/dev/null")]))
    assert "named pipe" in met["material/pipe"]
    assert "socket" in met["material/socket"]
    assert "character device" in met["null"]


def test_what_is_not_there_is_said_and_stops_nothing(material: Path) -> None:
    met = list(collect([material / "missing", material / "a.txt"]))
    assert [type(item) for item in met] == [Skipped, Found]
    assert "does not exist" in skipped(iter(met))["missing"]


def test_a_file_that_vanishes_during_the_walk_is_a_reason(material: Path) -> None:
    walk = collect([material])
    assert next(walk).name == "material/.hidden"
    (material / "a.txt").unlink()
    assert "vanished" in skipped(walk)["material/a.txt"]


def test_a_file_that_vanishes_after_the_walk_is_an_error_that_names_it(material: Path) -> None:
    (found,) = collect([material / "a.txt"])
    assert isinstance(found, Found)
    assert status(found).st_size == 7
    found.path.unlink()
    with pytest.raises(FileVanished, match="is gone") as gone:
        status(found)
    assert gone.value.filename == "a.txt"
    os.mkfifo(found.path)
    with pytest.raises(FileVanished, match="named pipe"):
        status(found)


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """The superuser may read everything, so become somebody else for a while."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    yield
    os.seteuid(me)


def test_what_may_not_be_read_is_a_reason(ordinary_user: None) -> None:
    with tempfile.TemporaryDirectory() as place:  # not `tmp_path`, which only its owner may enter
        folder = Path(place) / "material"
        (folder / "closed").mkdir(parents=True)
        (folder / "a.txt").write_text("content", encoding="utf-8")
        (folder / "a.txt").chmod(0)
        (folder / "closed").chmod(0)
        met = skipped(collect([folder]))
        (folder / "closed").chmod(0o700)
    assert set(met) == {"material/a.txt", "material/closed"}
    assert all("may not be read" in reason for reason in met.values())


def test_the_case_folder_is_never_its_own_material(material: Path) -> None:
    case = material / "case"
    (case / "blobs").mkdir(parents=True)
    (case / "probanda.json").write_text("{}", encoding="utf-8")
    assert skipped(collect([material], case_folder=case)) == {
        "material/case": "this is the case folder, which cannot be its own material"
    }
    assert len(names(collect([material], case_folder=case))) == 4
    assert "lies in the case folder" in skipped(collect([case / "blobs"], case_folder=case))["blobs"]
    assert names(collect([material], case_folder=material.parent / "not yet there")) == names(collect([material]))


@pytest.mark.parametrize("name", ["звіт.txt", "two\nlines.txt", "a b%41.txt", "quote'\".txt"])
def test_valid_names_are_recorded_as_they_are(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    (found,) = collect([tmp_path / name])
    assert (found.name, found.name_form) == (name, "verbatim")


def test_a_name_that_is_not_utf8_is_recorded_by_its_bytes(tmp_path: Path) -> None:
    raw = "звіт 100%".encode("cp1251") + b".txt"
    try:
        descriptor = os.open(os.fsencode(tmp_path) + b"/" + raw, os.O_CREAT | os.O_WRONLY)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    os.close(descriptor)
    (found,) = collect([tmp_path / os.fsdecode(raw)])
    assert isinstance(found, Found)
    assert found.name == "%E7%E2%B3%F2 100%25.txt"
    assert name_bytes(found.name, found.name_form) == raw
    assert found.path.read_bytes() == b""


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_every_recorded_name_is_utf8_and_gives_its_bytes_back(raw: bytes) -> None:
    name, form = recorded_name(os.fsdecode(raw))
    assert name.encode("utf-8")
    assert name_bytes(name, form) == raw


def test_a_tree_deeper_than_the_stack_is_walked(tmp_path: Path) -> None:
    here, depth = Path.cwd(), 1500
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("leaf").write_text("x", encoding="utf-8")
        met = list(collect([tmp_path]))
        Path("leaf").unlink()
        for _ in range(depth):  # by hand: `shutil.rmtree` does not get so deep
            os.chdir("..")
            Path("d").rmdir()
    finally:
        os.chdir(here)
    assert len(met) == 1
    assert isinstance(met[0], Found)
