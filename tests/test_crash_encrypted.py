"""kill -9 at the boundaries of persistence, in a case that is encrypted: it stays whole, opens, and nothing that was
acknowledged is lost; nothing is left in clear. The default suite kills at a few dozen boundaries, `-m slow` at each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve.errors import CaseError, NotACase
from test_crash_trial import Harness, committed

PASSPHRASE = "sluice gate 4"
QUICK = 9  # kills of each act in the default suite
PERSON, SOURCE = "Ana Velt", "Mill Post"


class World:
    """Encrypted cases at three stages, all with one identity, and the material that goes in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "material").mkdir()
        self.paths = [folder / "material" / f"{number}.txt" for number in range(3)]
        for path, text in zip(self.paths, ("12 died", "40 died", "nothing of note"), strict=True):
            path.write_text(text)
        with Archive.create(folder / "empty", "A trial", PERSON, passphrase=PASSPHRASE, encrypted=True) as archive:
            sealed = archive.case.private.sealed
            assert sealed is not None
            self.identity = sealed.recovery().splitlines()[-1]
        shutil.copytree(folder / "empty", folder / "added")
        with self.open(folder / "added") as archive:
            archive.add(self.paths, source=SOURCE)
        shutil.copytree(folder / "added", folder / "run")
        with self.open(folder / "run") as archive:
            archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
            self.records = [found.record.id for found in archive.claims()]

    def open(self, case: Path) -> Archive:
        return Archive.open(case, passphrase=self.identity)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


def require_sound(world: World, case: Path) -> None:
    with world.open(case) as archive:
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]
        assert report.check("commitments.open").outcome == "holds"
    for path in case.rglob("*"):
        if path.is_file() and "blobs" not in path.parts:
            data = path.read_bytes()
            assert not any(word.encode() in data for word in (PERSON, SOURCE, "BEGIN PRIVATE KEY", "A trial")), path


def after_add(world: World, case: Path, said: list[str]) -> None:
    with world.open(case) as archive:
        kept = [capture.id for capture in archive.captures()]
        assert kept[: len(said)] == said and len(kept) <= len(said) + 1
        archive.add(world.paths[len(kept) :], source=SOURCE)
        assert [capture.name for capture in archive.captures()] == [path.name for path in world.paths]
        assert {capture.source for capture in archive.captures()} <= {SOURCE}


def after_run(world: World, case: Path, said: list[str]) -> None:
    with world.open(case) as archive, world.open(world.folder / "run") as unharmed:
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES, batch=2)
        assert sorted(committed(archive)) == sorted(committed(unharmed))
        assert archive.claims() == unharmed.claims()


def after_judge(world: World, case: Path, said: list[str]) -> None:
    with world.open(case) as archive:
        kept = [judgement.id for judgement in archive.judgements()]
        assert kept[: len(said)] == said and len(kept) <= len(said) + 1
        archive.judge(world.records[0], "confirmed", "seen in the register", by="Mirek Sandor")
        assert len([agent for agent in archive.snapshot().agents if agent.name == "Mirek Sandor"]) == 1


def after_rotate(world: World, case: Path, said: list[str]) -> None:
    with world.open(case) as archive:
        in_force = archive.case.key_in_force
        assert in_force == said[0] if said else True
        archive.judge(world.records[0], "confirmed", "seen in the register")
        *_, last = archive.case.log.entries()
        assert last.signature.key == in_force


ACTS: dict[str, tuple[Callable[[World, Path, list[str]], None], str, int]] = {
    "add": (after_add, "empty", 60),
    "run": (after_run, "added", 60),
    "judge": (after_judge, "run", 40),
    "rotate": (after_rotate, "run", 20),
}


def kills(harness: Harness, world: World, folder: Path, act: str, wanted: Callable[[int], list[int]]) -> int:
    after, start, least = ACTS[act]
    order: dict[str, Any] = {
        "passphrase": world.identity,
        "paths": [str(path) for path in world.paths],
        "records": world.records,
    }
    shutil.copytree(world.folder / start, folder / "whole")
    count: int = harness(act, folder / "whole", **order)["boundaries"]
    assert count >= least, "some boundaries were taken away"
    for at in wanted(count):
        case = folder / str(at)
        shutil.copytree(world.folder / start, case)
        after(world, case, harness(act, case, at, **order)["said"])
        require_sound(world, case)
        shutil.rmtree(case)
    return count


@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_some_boundaries(harness: Harness, world: World, tmp_path: Path, act: str) -> None:
    kills(harness, world, tmp_path, act, lambda count: [1 + (2 * n + 1) * count // (2 * QUICK) for n in range(QUICK)])


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_every_boundary(harness: Harness, world: World, tmp_path: Path, act: str) -> None:
    count = kills(harness, world, tmp_path, act, lambda count: list(range(1, count + 1)))
    print(f"{act}, encrypted: killed at each of {count} boundaries")


@pytest.mark.slow
def test_a_case_killed_while_it_is_made_is_whole_or_no_case(harness: Harness, tmp_path: Path) -> None:
    """Each takes seconds, since a passphrase is made slow to guess: so at every third boundary."""
    order: dict[str, Any] = {"passphrase": PASSPHRASE}
    count = harness("create_encrypted", tmp_path / "whole", **order)["boundaries"]
    outcomes = set()
    for at in range(1, count + 1, 3):
        case = tmp_path / str(at)
        said = harness("create_encrypted", case, at, **order)["said"]
        try:
            with Archive.open(case, passphrase=PASSPHRASE) as archive:
                assert archive.verify().ok
            outcomes.add("whole")
        except (CaseError, NotACase):
            assert not said, "an acknowledged case is a whole case"
            outcomes.add("none")
    assert outcomes == {"whole", "none"}
