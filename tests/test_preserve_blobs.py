"""Blobs: what was put is there, whole, once, under its digest; what cannot be kept says why and leaves nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.preserve import durable
from probanda.preserve.blobs import BlobRef, BlobStore
from probanda.preserve.errors import BlobCorrupt, BlobMissing, SourceError, StorageError


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    made = BlobStore(tmp_path / "blobs")
    made.create()
    return made


@pytest.fixture
def boundaries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    passed: list[str] = []
    monkeypatch.setattr(durable, "on_boundary", passed.append)
    yield passed


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@given(datas=st.lists(st.binary(max_size=50), max_size=8))
def test_whatever_is_put_is_read_back_under_its_digest(
    datas: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = BlobStore(tmp_path_factory.mktemp("store") / "blobs")
    store.create()
    refs = store.put_many(datas)
    assert refs == [BlobRef(sha256(data), len(data)) for data in datas]
    assert [store.read(sha256(data)) for data in datas] == datas
    assert list(store.walk()) == sorted({sha256(data) for data in datas})
    assert store.orphans() == []


def test_a_blob_lies_read_only_under_its_digest(store: BlobStore) -> None:
    ref = store.put(b"hello")
    path = store.folder / "sha256" / "2c" / "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert store.path(ref.sha256) == path
    assert path.read_bytes() == b"hello"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert store.has(ref.sha256)
    assert store.size(ref.sha256) == 5
    assert store.verify(ref.sha256) == ref
    with store.open(ref.sha256) as file:
        assert file.read() == b"hello"


def test_the_same_bytes_again_change_nothing(store: BlobStore, tmp_path: Path) -> None:
    ref = store.put(b"same")
    before = store.path(ref.sha256).stat()
    (tmp_path / "copy").write_bytes(b"same")
    assert store.put(b"same") == store.put_file(tmp_path / "copy") == ref
    assert store.put_many([b"same", tmp_path / "copy", b"same"]) == [ref, ref, ref]
    after = store.path(ref.sha256).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert store.orphans() == []


@pytest.mark.parametrize("found", [b"sam3", b"same and more", b""])
def test_a_corrupt_blob_is_named_and_never_written_over(store: BlobStore, tmp_path: Path, found: bytes) -> None:
    ref = store.put(b"same")
    path = store.path(ref.sha256)
    path.chmod(0o644)
    path.write_bytes(found)
    (tmp_path / "copy").write_bytes(b"same")
    for again in (
        lambda: store.put(b"same"),
        lambda: store.put_file(tmp_path / "copy"),
        lambda: store.put_many([b"same"]),
    ):
        with pytest.raises(BlobCorrupt, match=ref.sha256):
            again()
    for look in (store.read, store.verify):
        with pytest.raises(BlobCorrupt, match=sha256(found)):
            look(ref.sha256)
    assert path.read_bytes() == found
    assert store.orphans() == []


def test_a_large_file_is_copied_whole(store: BlobStore, tmp_path: Path) -> None:
    data = os.urandom(1 << 20) * 3 + b"end"
    (tmp_path / "large").write_bytes(data)
    assert store.put_file(tmp_path / "large") == BlobRef(sha256(data), len(data))
    assert store.read(sha256(data)) == data


def test_more_items_than_are_open_at_once_are_all_kept(store: BlobStore) -> None:
    datas = [str(number).encode() for number in range(300)]
    assert store.put_all(datas) == [BlobRef(sha256(data), len(data)) for data in datas]
    assert len(list(store.walk())) == 300


@pytest.mark.parametrize("act", ["grow", "shrink", "touch"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    source = tmp_path / "growing"
    source.write_bytes(b"x" * (3 << 20))

    def interfere(boundary: str) -> None:
        if boundary == "after blob.write":
            if act == "touch":
                os.utime(source, ns=(1, 1))
            else:
                os.truncate(source, (4 << 20) if act == "grow" else (1 << 20))

    monkeypatch.setattr(durable, "on_boundary", interfere)
    with pytest.raises(SourceError, match=r"changed while it was read.*Nothing was kept"):
        store.put_file(source)
    assert list(store.walk()) == []
    assert store.orphans() == []


def test_a_source_that_cannot_be_kept_does_not_stop_its_neighbours(store: BlobStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "good").write_bytes(b"good")
    names = ["gone", "pipe", "folder", "loop", "nul\0name"]
    kept = store.put_many([b"first", *(tmp_path / name for name in names), tmp_path / "good"])
    assert kept[0] == BlobRef(sha256(b"first"), 5)
    assert kept[-1] == BlobRef(sha256(b"good"), 4)
    for name, refusal in zip(names, kept[1:-1], strict=True):
        assert isinstance(refusal, SourceError), name
        assert "expected a" in str(refusal)
    with pytest.raises(SourceError, match="No such file"):
        store.put_file(tmp_path / "gone")
    assert store.orphans() == []


def test_a_full_disk_is_an_error_of_the_store_and_keeps_nothing_of_the_item(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(boundary: str) -> None:
        if boundary == "before blob.fsync":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "on_boundary", full)
    with pytest.raises(StorageError, match="No space left"):
        store.put_many([b"a", b"b"])
    monkeypatch.undo()
    assert list(store.walk()) == []
    assert store.orphans() == []
    assert store.put(b"a").size == 1


def test_bytes_are_durable_before_the_name_and_the_name_before_the_answer(
    store: BlobStore, boundaries: list[str]
) -> None:
    store.put(b"order")
    assert boundaries == [
        "before blob.write", "after blob.write", "before blob.fsync", "after blob.fsync", "before blob.link",
        "after blob.link", "before blob.fsync_folder", "after blob.fsync_folder", "before blob.fsync_folder",
        "after blob.fsync_folder",
    ]  # fmt: skip


def test_a_file_system_without_hard_links_keeps_blobs_too_and_overwrites_none(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)  # such a file system cannot be mounted in a test
    ref = store.put(b"moved")
    assert store.read(ref.sha256) == b"moved"
    assert store.put_many([b"moved", b"moved"]) == [ref, ref]
    with pytest.raises(FileExistsError):
        durable.link(store.path(ref.sha256), store.path(ref.sha256), "blob")
    assert store.orphans() == []


def test_a_blob_that_was_there_already_is_made_durable_too(store: BlobStore, boundaries: list[str]) -> None:
    # A crash may have come between its link and the fsync of its folder.
    store.put(b"twice")
    boundaries.clear()
    store.put(b"twice")
    assert boundaries == ["before blob.fsync_folder", "after blob.fsync_folder"]


def test_what_is_no_blob_is_missing(store: BlobStore) -> None:
    absent = "ab" * 32
    assert not store.has(absent)
    for look in (store.read, store.verify, store.open, store.size):
        with pytest.raises(BlobMissing, match="Restore it from a copy"):
            look(absent)
    path = store.path(absent)
    path.parent.mkdir()
    path.symlink_to(__file__)
    assert not store.has(absent)
    with pytest.raises(BlobMissing):
        store.read(absent)
    path.unlink()
    path.mkdir()
    with pytest.raises(BlobMissing, match="no regular file"):
        store.read(absent)


@pytest.mark.parametrize("name", ["", "ab", "../../etc/passwd", "AB" * 32, "ab" * 31 + "/.", "ab" * 32 + "\n"])
def test_a_name_that_is_no_digest_is_the_callers_error(store: BlobStore, name: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case"):
        store.path(name)


def test_walking_passes_over_what_is_no_blob(store: BlobStore) -> None:
    ref = store.put(b"one")
    (store.folder / "sha256" / "stray").write_bytes(b"")
    (store.folder / "sha256" / ref.sha256[:2] / "note.txt").write_bytes(b"")
    (store.folder / "tmp" / "left").write_bytes(b"half")
    assert list(store.walk()) == [ref.sha256]
    assert store.orphans() == [store.folder / "tmp" / "left"]


def test_threads_that_put_the_same_bytes_at_once_all_succeed(store: BlobStore) -> None:
    found: list[BlobRef] = []
    threads = [threading.Thread(target=lambda: found.extend(store.put_all([b"a", b"b"] * 20))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160
    assert set(found) == {BlobRef(sha256(b"a"), 1), BlobRef(sha256(b"b"), 1)}
    assert store.orphans() == []
