"""kill -9 while things are added, sealed, bundled, taken in, deleted or recovered: `recover` sets it in order.

After each kill: `recover` once, then nothing is left to do, the case verifies, every blob that no entry leads to is on
record, and the same act again completes it. The default suite kills at a few boundaries; `-m slow` at every one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve.recovery import ROLE, parse_leftovers
from probanda.preserve.verify import leading, verify
from probanda.records.deletion import deleted_of
from probanda.records.entry import CHECKPOINT, RECOVERY
from probanda.records.protection import Protection
from test_crash_trial import MATERIAL, Harness, require_sound

QUICK = 2  # kills of each act in the default suite
LEAST = {"add": 60, "delete": 60, "recover": 20, "seal": 10, "bundle": 60, "take": 60}


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = tmp_path_factory.mktemp("world")
    (world / "material").mkdir()
    for number, data in enumerate(MATERIAL):
        (world / "material" / f"{number}.txt").write_bytes(data)
    with Archive.create(world / "empty", "A trial", "Ana Velt"):
        pass
    shutil.copytree(world / "empty", world / "run")
    with Archive.open(world / "run") as archive:
        archive.add([world / "material"], published="2031-04-02", protection=Protection(marking="public"))
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        archive.judge(archive.claims()[0].record.id, "confirmed", "seen in the register")
    shutil.copytree(world / "run", world / "left")
    with Archive.open(world / "left") as archive:
        for number in range(3):
            archive.case.blobs.put(b"of an add that stopped, %d" % number)
            (world / "left" / "blobs" / "tmp" / f"{number:024x}").write_bytes(b"half")
    with Archive.create(world / "theirs", "Another trial", "Petra Halloun") as archive:
        archive.add([world / "material"], published="2031-04-02", protection=Protection(marking="public"))
        archive.bundle(world / "bundle", audience="internal")
    return world


def set_in_order(case: Path) -> None:
    with Archive.open(case) as archive:
        archive.recover()
        assert archive.recover().seq is None, "once is enough"
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome in ("fails", "not_run")]
        listed = [
            one.sha256
            for entry in archive.case.log.of_act(RECOVERY)
            for ref in entry.blobs(ROLE)
            for one in parse_leftovers(archive.case.blobs.read(ref.sha256))
        ]
        assert len(set(listed)) == len(listed), "nothing is put on record twice"
        leads = leading(case)
        assert {name for name in archive.case.blobs.walk() if not leads(name)} <= set(listed)
    assert not list((case / "blobs" / "tmp").iterdir())


def check_add(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "empty", case)
    paths = sorted(str(path) for path in (world / "material").iterdir())
    said = harness("add", case, at, paths=paths)["said"]
    set_in_order(case)
    with Archive.open(case) as archive:
        kept = archive.captures()
        assert len(said) <= len(kept) <= len(said) + 1
        archive.add(paths[len(kept) :], published="2031-04-02", source="Mill Post")
        assert [archive.case.blobs.read(capture.blob) for capture in archive.captures()] == list(MATERIAL)
    set_in_order(case)


def check_delete(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    with Archive.open(case) as archive:
        one = archive.captures()[0]
        data = archive.case.blobs.read(one.blob)
    said = harness("delete", case, at, capture=one.id)["said"]
    set_in_order(case)
    with Archive.open(case) as archive:
        gone = {capture.id for capture in archive.captures() if deleted_of(capture)}
        assert not said or one.id in gone, "an acknowledged deletion stands"
        if one.id not in gone:
            assert archive.case.blobs.has(one.blob), "without an entry nothing is taken"
            archive.delete(one.id, "law", "a court", "an order", by="Mirek Sandor")
    assert not [path for path in case.rglob("*") if path.is_file() and data in path.read_bytes()]
    require_sound(case)
    set_in_order(case)


def check_recover(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "left", case)
    harness("recover", case, at)
    set_in_order(case)
    require_sound(case)


def check_seal(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    said = harness("seal", case, at)["said"]
    set_in_order(case)
    with Archive.open(case) as archive:
        assert sum(1 for _ in archive.case.log.of_act(CHECKPOINT)) >= len(said), "an acknowledged seal stands"
        archive.seal(None)
        assert sum(1 for _ in archive.case.log.of_act(CHECKPOINT)) >= 1
    set_in_order(case)


def check_bundle(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    out = case.with_name(f"{case.name}-bundle")
    said = harness("bundle", case, at, out=str(out))["said"]
    set_in_order(case)
    assert out.exists() or not said, "an acknowledged bundle is there"
    if not out.exists():
        with Archive.open(case) as archive:
            archive.bundle(out, audience="internal")
    report = verify(out)
    assert report.ok, [check for check in report.checks if check.outcome in ("fails", "not_run")]
    shutil.rmtree(out)
    set_in_order(case)


def check_take(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "empty", case)
    said = harness("take", case, at, bundle=str(world / "bundle"))["said"]
    set_in_order(case)
    with Archive.open(case) as archive:
        came = len(archive.captures())
        assert came >= len(said), "what was acknowledged is in"
        if came < len(MATERIAL):
            archive.import_bundle(world / "bundle", by="Mirek Sandor")
        assert len(archive.captures()) == len(MATERIAL), "each item came in once"
    set_in_order(case)


Check = Callable[[Harness, Path, Path, int], None]
ACTS: dict[str, tuple[Check, str]] = {
    "add": (check_add, "empty"),
    "delete": (check_delete, "run"),
    "recover": (check_recover, "left"),
    "seal": (check_seal, "run"),
    "bundle": (check_bundle, "run"),
    "take": (check_take, "empty"),
}


def boundaries(harness: Harness, world: Path, case: Path, act: str) -> int:
    """How many boundaries the act has when nothing stops it."""
    shutil.copytree(world / ACTS[act][1], case)
    with Archive.open(world / "run") as archive:
        capture = archive.captures()[0].id
    paths = sorted(str(path) for path in (world / "material").iterdir())
    count: int = harness(act, case, paths=paths, capture=capture, bundle=str(world / "bundle"), out=f"{case}-bundle")[
        "boundaries"
    ]
    return count


@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_some_boundaries_is_set_in_order(harness: Harness, world: Path, tmp_path: Path, act: str) -> None:
    count = boundaries(harness, world, tmp_path / "whole", act)
    assert count >= LEAST[act]
    for number in range(QUICK):
        at = 1 + (2 * number + 1) * count // (2 * QUICK)
        ACTS[act][0](harness, world, tmp_path / str(at), at)


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_every_boundary_is_set_in_order(harness: Harness, world: Path, tmp_path: Path, act: str) -> None:
    count = boundaries(harness, world, tmp_path / "whole", act)
    for at in range(1, count + 1):
        ACTS[act][0](harness, world, tmp_path / str(at), at)
        for path in tmp_path.glob(f"{at}*"):
            shutil.rmtree(path, ignore_errors=True)
    print(f"{act}: killed at each of {count} boundaries, and set in order")
