"""kill -9 while a bundle comes in: no item stands without its transfer, and the same import again completes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from probanda.archive import Archive
from probanda.incoming import ImportRefused
from probanda.preserve import transfer
from test_crash_trial import MATERIAL, Harness, require_sound

QUICK = 6
PARTS = 4  # of the slow trial, so that several processes can share it
LEAST = 60  # boundaries, below which some were taken away


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of a case with a few items, and an empty case."""
    world = tmp_path_factory.mktemp("world")
    (world / "material").mkdir()
    for number in range(70):  # more than are told in one batch
        data = MATERIAL[number % len(MATERIAL)] + b"\n" * number
        (world / "material" / f"{number:02}.txt").write_bytes(data)
    with Archive.create(world / "theirs", "Theirs", "Petra Halloun") as archive:
        archive.add([world / "material"], published="2031-04-02", source="Mill Post")
        archive.bundle(world / "bundle")
    with Archive.create(world / "empty", "A trial", "Ana Velt"):
        pass
    return world


def check(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "empty", case)
    harness("take", case, at, bundle=str(world / "bundle"))
    with Archive.open(case) as archive:
        report = archive.verify()
        assert report.ok, [one for one in report.checks if one.outcome == "fails"]
        told = {one.seq for one in archive.transfers()}
        for one in archive.captures():
            came = transfer.came_with(one.extra["origin"])
            assert came is not None
            assert came[0] in told
        before = len(archive.captures())
        try:
            made = archive.import_bundle(world / "bundle", by="Mirek Sandor")
            assert made.already == before
        except ImportRefused:
            assert before == 70, "only what is in as a whole is refused as being in already"
        assert sorted(one.name or "" for one in archive.captures()) == [
            f"material/{number:02}.txt" for number in range(70)
        ]
        assert len(archive.transfers()) == 1
        assert archive.verify().check("imports.intact").outcome == "holds"
        people = [agent for agent in archive.snapshot().agents if agent.name == "Mirek Sandor"]
        assert len(people) == 1
    require_sound(case)


def boundaries(harness: Harness, world: Path, case: Path) -> int:
    shutil.copytree(world / "empty", case)
    count: int = harness("take", case, bundle=str(world / "bundle"))["boundaries"]
    return count


def test_a_kill_at_some_boundaries(harness: Harness, world: Path, tmp_path: Path) -> None:
    count = boundaries(harness, world, tmp_path / "whole")
    for at in (*(1 + (2 * number + 1) * count // (2 * QUICK) for number in range(QUICK)), count - 3, count):
        check(harness, world, tmp_path / str(at), at)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_kill_at_every_boundary(harness: Harness, world: Path, tmp_path: Path, part: int) -> None:
    count = boundaries(harness, world, tmp_path / "whole")
    assert count >= LEAST
    killed = 0
    for at in range(1 + part, count + 1, PARTS):
        check(harness, world, tmp_path / str(at), at)
        shutil.rmtree(tmp_path / str(at), ignore_errors=True)
        killed += 1
    print(f"import: killed at {killed} of {count} boundaries")
