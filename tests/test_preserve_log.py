"""The log: order, durability, one writer at a time, and what a torn tail leaves."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probanda.preserve import durable
from probanda.preserve.errors import DraftRefused, KeyMissing, Locked, LogDamaged, ReadOnlyCase, StorageError
from probanda.preserve.keyring import create_key
from probanda.preserve.keys import Signer, signature_holds
from probanda.preserve.lock import held
from probanda.preserve.log import Draft, Log
from probanda.preserve.merkle import leaf_hash, root
from probanda.preserve.openings import Openings
from probanda.records.entry import GENESIS, MAX_BYTES, Agent, ObjectRef, encode, parse_entry, signed_bytes

START = datetime(2026, 11, 22, 7, 0, 0, 123_000, UTC)
NOTE = Draft("note", detail={"text": "one"})


class World:
    """A folder with a key, a clock that is set by hand, and logs opened on it as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "log"
        self.folder.mkdir()
        (folder / "keys").mkdir()
        (folder / "private").mkdir()
        self.signer: Signer = create_key(folder / "keys")
        self.now = START
        self.openings = Openings(folder / "private" / "openings.jsonl")
        self.lock = folder / "append.lock"

    def open(self, *, read_only: bool = False, lock_timeout_s: float = 5.0) -> Log:
        return Log(self.folder, openings=self.openings, lock=self.lock, signer=lambda: self.signer,
                   clock=lambda: self.now, read_only=read_only, lock_timeout_s=lock_timeout_s)  # fmt: skip

    @property
    def data(self) -> bytes:
        return (self.folder / "entries.jsonl").read_bytes()

    def write(self, data: bytes) -> None:
        (self.folder / "entries.jsonl").write_bytes(data)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_empty_log_has_no_entries_and_the_empty_root(world: World) -> None:
    log = world.open()
    assert (log.size, log.head, list(log.entries())) == (0, GENESIS, [])
    assert log.root() == root([]).hex()
    assert log.append([]) == []


def test_entries_are_numbered_linked_signed_and_read_back(world: World) -> None:
    log = world.open()
    agents = (Agent("agent:" + world.signer.fingerprint, "authorizer"), Agent("software:x 1", "executing program"))
    made = log.append([NOTE, Draft("note", agents, (ObjectRef("outcome", "a" * 64, 1),), "failure")]) + log.append(
        [NOTE]
    )
    lines = world.data.splitlines()
    assert [encode(entry) for entry in made] == lines
    assert [entry.seq for entry in made] == [0, 1, 2]
    assert [entry.prev for entry in made] == [GENESIS, leaf_hash(lines[0]).hex(), leaf_hash(lines[1]).hex()]
    assert made[0].agents == (Agent("agent:" + world.signer.fingerprint, "implementer"),)
    assert made[1].agents == agents
    assert made[0].time == "2026-11-22T07:00:00.123Z"
    for entry in made:
        assert entry.signature.key == world.signer.fingerprint
        assert signature_holds(world.signer.public, entry.signature.value, signed_bytes(entry))
    assert list(world.open().entries()) == list(log.entries()) == made
    assert list(log.entries(2)) == made[2:]
    assert list(log.entries(3)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(batches=st.lists(st.integers(1, 5), max_size=8))
def test_the_root_is_that_of_the_lines_however_they_were_batched(
    batches: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = World(tmp_path_factory.mktemp("log"))
    log = world.open()
    for size in batches:
        log.append([NOTE] * size)
        assert log.root() == root([leaf_hash(line) for line in world.data.splitlines()]).hex()
    assert world.open().root() == log.root()
    assert log.size == sum(batches)


def test_reading_may_start_anywhere_in_a_long_log(world: World) -> None:
    log = world.open()
    log.append([NOTE] * 1500)
    log.append([NOTE] * 1500)
    for opened in (log, world.open()):
        for start in (0, 1, 1023, 1024, 1025, 1499, 1500, 2999, 3000, 3001, 1400, 5):
            assert [entry.seq for entry in opened.entries(start)] == list(range(start, 3000))


def test_protected_values_are_committed_and_their_openings_come_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[str] = []
    monkeypatch.setattr(durable, "on_boundary", passed.append)
    drafts = [Draft("note", committed_values={"name": "Mirek Sandor", "pages": [1, 2]}), NOTE]
    [entry, _] = world.open().append(drafts)
    assert "Mirek" not in world.data.decode()
    assert sorted(entry.committed) == ["name", "pages"]
    assert Openings(world.openings.path).value(entry.committed["name"]) == "Mirek Sandor"
    assert world.openings.value(entry.committed["pages"]) == [1, 2]
    opening = world.openings.find(entry.committed["name"])
    assert opening is not None
    assert opening.holds()
    assert world.openings.find("0" * 64) is None
    assert [step for step in passed if step.startswith("before")] == [
        "before openings.write", "before openings.fsync", "before openings.fsync_folder",
        "before log.write", "before log.fsync", "before log.fsync_folder",
    ]  # fmt: skip


def test_the_same_value_twice_has_two_commitments(world: World) -> None:
    draft = Draft("note", committed_values={"name": "Mirek Sandor"})
    first, second = world.open().append([draft, draft])
    assert first.committed["name"] != second.committed["name"]


def test_a_clock_set_back_never_gives_an_earlier_time(world: World) -> None:
    log = world.open()
    log.append([NOTE])
    world.now = START - timedelta(seconds=90)
    [behind] = world.open().append([NOTE])
    world.now = START + timedelta(seconds=1)
    [ahead] = log.append([NOTE])
    assert behind.time == "2026-11-22T07:00:00.123Z"
    assert behind.detail == {"text": "one", "clock_behind_ms": 90_000}
    assert (ahead.time, ahead.detail) == ("2026-11-22T07:00:01.123Z", {"text": "one"})


@pytest.mark.parametrize(
    "wrong",
    [Draft("note", detail={"x": "y" * MAX_BYTES}), Draft("note", detail={"x": float("nan")}),
     Draft("note", detail={"x": "\ud800"}), Draft("note", committed_values={"x": float("inf")})],
    ids=["too long", "nan", "surrogate", "infinite"],
)  # fmt: skip
def test_a_draft_that_cannot_be_an_entry_stops_its_whole_batch(world: World, wrong: Draft) -> None:
    log = world.open()
    log.append([NOTE])
    before = world.data
    with pytest.raises(DraftRefused, match="Nothing of this batch was written"):
        log.append([NOTE, wrong])
    assert world.data == before
    assert not world.openings.path.exists()
    assert [entry.seq for entry in log.append([NOTE])] == [1]


def test_a_log_without_a_key_cannot_append(world: World) -> None:
    log = Log(world.folder, openings=world.openings, lock=world.lock)
    with pytest.raises(KeyMissing):
        log.append([NOTE])
    assert log.append([NOTE], world.signer)[0].seq == 0


def test_a_read_only_log_refuses_to_append_and_leaves_a_torn_tail(world: World) -> None:
    world.open().append([NOTE])
    world.write(world.data + b"half")
    log = world.open(read_only=True)
    with pytest.raises(ReadOnlyCase, match="for reading only"):
        log.append([NOTE])
    assert [entry.seq for entry in log.entries()] == [0]
    assert world.data.endswith(b"half")


def test_two_logs_on_one_folder_follow_each_other(world: World) -> None:
    one, two = world.open(), world.open()
    assert [one.append([NOTE])[0].seq, two.append([NOTE])[0].seq, one.append([NOTE])[0].seq] == [0, 1, 2]
    assert one.size == two.size == 3
    assert one.root() == two.root() == world.open().root()


def test_many_threads_append_without_a_gap(world: World) -> None:
    logs = [world.open(lock_timeout_s=60) for _ in range(4)]
    threads = [threading.Thread(target=lambda log=log: [log.append([NOTE, NOTE]) for _ in range(10)]) for log in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = world.open()
    entries = list(log.entries())
    assert [entry.seq for entry in entries] == list(range(80))
    assert [entry.prev for entry in entries[1:]] == [leaf_hash(encode(entry)).hex() for entry in entries[:-1]]


def test_a_lock_that_another_holds_is_waited_for_and_then_named(world: World) -> None:
    log = world.open(lock_timeout_s=0.05)
    with held(world.lock), pytest.raises(Locked, match=f"process {os.getpid()} holds it"):
        log.append([NOTE])
    assert log.append([NOTE])[0].seq == 0


TORN = [b"{", b'{"act"', b"\0" * 300, b"\0\0\0\n", b"\xff", b"\0" * 300_000, b"\0" * 90_000 + b'"v":1}\n', b"x\n"[:1]]


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_tail_is_set_aside_and_reported(world: World, torn: bytes) -> None:
    made = world.open().append([NOTE, NOTE])
    whole = world.data
    for number in range(2):
        world.write(whole + torn)
        log = world.open()
        [repair] = log.repairs
        assert (repair.kind, repair.size) == ("cut", len(torn))
        assert repair.kept_in == world.folder / f"torn-{number}.bin"
        assert repair.kept_in.read_bytes() == torn
        assert world.data == whole
    assert list(log.entries()) == made
    assert log.append([NOTE])[0].seq == 2


def test_a_tail_that_no_interrupted_write_can_leave_is_left_as_found(world: World) -> None:
    world.open().append([NOTE])
    for tail in (b"x" * 70_000, b"x" * 70_000 + b"\n", b"x" * 200_000):
        whole = world.data + tail
        world.write(whole)
        with pytest.raises(LogDamaged, match="left as it is"):
            world.open()
        assert world.data == whole
        world.write(whole[: -len(tail)])


def test_any_cut_inside_the_last_batch_leaves_a_log_that_goes_on(world: World) -> None:
    log = world.open()
    log.append([NOTE])
    start = len(world.data)
    log.append([NOTE, NOTE])
    whole = world.data
    for cut in range(start, len(whole), 7):
        world.write(whole[:cut])
        opened = world.open()
        kept = list(opened.entries())
        assert len(kept) == whole[:cut].count(b"\n") + (whole[cut : cut + 1] == b"\n")
        assert opened.append([NOTE])[0].seq == len(kept)


def test_a_last_line_that_lacks_only_its_end_is_completed(world: World) -> None:
    made = world.open().append([NOTE, NOTE])
    whole = world.data
    world.write(whole[:-1])
    log = world.open()
    assert [(repair.kind, repair.kept_in) for repair in log.repairs] == [("completed", None)]
    assert world.data == whole
    assert list(log.entries()) == made


def test_a_whole_last_line_that_is_no_entry_is_left_as_found(world: World) -> None:
    world.open().append([NOTE, NOTE])
    damaged = world.data.replace(b'"seq":1', b'"seq":"1"')
    world.write(damaged)
    with pytest.raises(LogDamaged, match="left as it is"):
        world.open()
    assert world.data == damaged


def test_a_damaged_line_in_the_middle_stops_the_reading_there(world: World) -> None:
    world.open().append([NOTE, NOTE, NOTE])
    world.write(world.data.replace(b'"seq":1', b'"seq":7'))
    entries = world.open().entries()
    assert next(entries).seq == 0
    with pytest.raises(LogDamaged, match="expected the sequence number 1"):
        next(entries)


def test_a_log_cut_while_it_is_open_is_noticed(world: World) -> None:
    log = world.open()
    log.append([NOTE, NOTE])
    world.write(world.data.splitlines(keepends=True)[0])
    with pytest.raises(LogDamaged, match="was cut while it was open"):
        log.append([NOTE])


@pytest.mark.parametrize(
    "boundary", ["before openings.fsync", "before log.write", "after log.write", "before log.fsync"]
)
def test_a_full_disk_leaves_the_log_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch, boundary: str) -> None:
    log = world.open()
    log.append([NOTE])
    before = world.data

    def full(name: str) -> None:
        if name == boundary:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "on_boundary", full)
    with pytest.raises(StorageError, match="No space left"):
        log.append([Draft("note", committed_values={"name": "Mirek Sandor"}), NOTE])
    monkeypatch.undo()
    assert world.data == before
    assert [entry.seq for entry in log.append([NOTE])] == [1]


def test_a_torn_opening_is_cut_before_the_next(world: World) -> None:
    draft = Draft("note", committed_values={"name": "Mirek Sandor"})
    log = world.open()
    [first] = log.append([draft])
    with world.openings.path.open("ab") as file:
        file.write(b'{"commitment":"' + b"x" * 9000)
    [second] = log.append([draft])
    fresh = Openings(world.openings.path)
    assert fresh.value(first.committed["name"]) == fresh.value(second.committed["name"]) == "Mirek Sandor"
    assert world.openings.path.read_bytes().count(b"\n") == 2


def test_a_damaged_opening_is_an_error_that_says_what_to_restore(world: World) -> None:
    world.openings.path.write_bytes(b"no opening\n")
    with pytest.raises(LogDamaged, match=r"Restore private/openings\.jsonl"):
        world.openings.find("0" * 64)


def test_the_clock_and_the_salts_are_the_callers(tmp_path: Path) -> None:
    def entries(folder: Path, random: Callable[[int], bytes]) -> bytes:
        folder.mkdir()
        world = World(folder)
        world.signer = create_key(folder, lambda size: b"k" * size)
        log = Log(world.folder, openings=world.openings, lock=world.lock, clock=lambda: START, random=random)
        return encode(log.append([Draft("note", committed_values={"name": "x"})], world.signer)[0])

    first = entries(tmp_path / "a", lambda size: b"s" * size)
    assert first == entries(tmp_path / "b", lambda size: b"s" * size)
    assert first != entries(tmp_path / "c", lambda size: b"t" * size)
    assert parse_entry(first).seq == 0
