"""kill -9 at the boundaries of persistence: nothing acknowledged is lost, nothing is committed twice.

After each kill the case is opened, the work is finished, and the folder must verify; the index must hold what an index
built from log and blobs holds. The default suite kills at a few boundaries of each act; `-m slow` at every one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve.errors import CaseError
from probanda.records.derivation import parse_rows
from probanda.records.entry import DERIVATION

HERE = Path(__file__).parent
MATERIAL = (b"12 died\n13 died", b"broken", b"\0binary", b"40 died", b"nothing of note")
QUICK = 3  # kills of each act in the default suite
LEAST = {
    "create": 40,
    "add": 60,
    "run": 100,
    "judge": 40,
    "incident": 100,
    "rebuild": 5,
}  # boundaries, below which some were taken away


class Harness:
    def __init__(self) -> None:
        path = os.pathsep.join([str(HERE), *filter(None, sys.path)])
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "crash" / "harness.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )

    def __call__(self, act: str, case: Path, at: int = 0, **more: Any) -> dict[str, Any]:
        """The act in a process that dies at its boundary `at` (from 1; 0: never)."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps({"act": act, "case": str(case), "at": at, **more}), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        # Threads that keep the same bytes at the same time meet a boundary more or less, so `at` may lie past the end.
        killed = answer["signal"] == signal.SIGKILL
        assert killed if 0 < at <= answer["boundaries"] else answer["signal"] == 0, "the harness could not do the act"
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with material and cases at three stages: empty, added to, and run."""
    world = tmp_path_factory.mktemp("world")
    (world / "material").mkdir()
    for number, data in enumerate(MATERIAL):
        (world / "material" / f"{number}.txt").write_bytes(data)
    with Archive.create(world / "empty", "A trial", "Ana Velt"):
        pass
    shutil.copytree(world / "empty", world / "added")
    with Archive.open(world / "added") as archive:
        archive.add([world / "material"], published="2031-04-02")
    shutil.copytree(world / "added", world / "run")
    with Archive.open(world / "run") as archive:
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
    return world


def require_sound(case: Path) -> None:
    """The folder verifies, and live and rebuilt index are the same row for row."""
    with Archive.open(case) as archive:
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]
        live = b"".join(archive.canonical_dump())
    Archive.rebuild(case)
    with Archive.open(case) as archive:
        assert b"".join(archive.canonical_dump()) == live
    assert not list(case.glob("index.sqlite.*.new*"))


def check_create(harness: Harness, world: Path, case: Path, at: int) -> None:
    said = harness("create", case, at)["said"]
    try:
        Archive.open(case).close()
    except CaseError:
        assert not said, "an acknowledged case is a whole case"
        return
    require_sound(case)


def check_add(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "empty", case)
    paths = sorted(str(path) for path in (world / "material").iterdir())
    said = harness("add", case, at, paths=paths)["said"]
    with Archive.open(case) as archive:
        kept = [capture.id for capture in archive.captures()]
        assert kept[: len(said)] == said, "acknowledged captures stand, once each, in order"
        assert len(kept) <= len(said) + 1, "at most the one on its way stands besides"
        archive.add(paths[len(kept) :], published="2031-04-02", source="Mill Post")
        names = sorted(Path(path).name for path in paths)
        assert sorted(capture.name or "" for capture in archive.captures()) == names
        for capture, data in zip(archive.captures(), MATERIAL, strict=True):
            assert archive.case.blobs.read(capture.blob) == data
    require_sound(case)


def check_run(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "added", case)
    said = harness("run", case, at)["said"]
    told = {line.split()[0]: int(line.split()[1]) for line in said}
    with Archive.open(case) as archive:
        before = committed(archive)
        counts = Counter(step for step, _ in before)
        assert all(counts[step] >= done for step, done in told.items()), "what progress was told stands"
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES, batch=2)
        after = committed(archive)
        assert after[: len(before)] == before
        assert set(Counter(after).values()) == {1}, "each request is committed once"
        with Archive.open(world / "run") as unharmed:
            assert sorted(after) == sorted(committed(unharmed)), "as if nothing had happened"
            assert archive.claims() == unharmed.claims()
    require_sound(case)


def committed(archive: Archive) -> list[tuple[str, str]]:
    """Step and request of every derivation in the log, straight from the blobs."""
    entries = [entry for entry in archive.case.log.entries() if entry.act == DERIVATION]
    rows = (row for entry in entries for row in parse_rows(archive.case.blobs.read(entry.blobs("rows")[0].sha256)))
    return [(row.request.step, row.request.sha256) for row in rows]


def check_judge(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    with Archive.open(case) as archive:
        records = [found.record.id for found in archive.claims()]
    said = harness("judge", case, at, records=records)["said"]
    with Archive.open(case) as archive:
        kept = [judgement.id for judgement in archive.judgements()]
        assert kept[: len(said)] == said, "acknowledged judgements stand, once each, in order"
        assert len(kept) <= len(said) + 1
        for record in records[len(kept) :]:
            archive.judge(record, "confirmed", "seen in the register", by="Mirek Sandor")
        assert [about for judgement in archive.judgements() for about in judgement.about] == records
        people = [agent for agent in archive.snapshot().agents if agent.name == "Mirek Sandor"]
        assert len(people) == 1, "one person has one key that the log knows"
        assert {judgement.by for judgement in archive.judgements()} == {people[0].id}
    require_sound(case)


def check_incident(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    with Archive.open(case) as archive:
        records = [found.record.id for found in archive.claims()]
    said = harness("incident", case, at, records=records)["said"]
    with Archive.open(case) as archive:
        log = [entry for entry in archive.case.log.entries() if entry.act in ("incident", "relation")]
        kept = [str(entry.detail[entry.act]) for entry in log]
        assert kept[: len(said)] == said, "acknowledged incidents and relations stand, once each, in order"
        assert len(kept) <= len(said) + 1
        for made in archive.incidents():
            done = archive.incident(made.title, "all seen", supersedes=made.id, by="Mirek Sandor")
            assert done.id in {one.id for one in archive.incidents()}
        people = [agent for agent in archive.snapshot().agents if agent.name == "Mirek Sandor"]
        assert len(people) <= 1, "one person has one key that the log knows"
    require_sound(case)


def check_rebuild(harness: Harness, world: Path, case: Path, at: int) -> None:
    shutil.copytree(world / "run", case)
    harness("rebuild", case, at)
    with Archive.open(case) as archive, Archive.open(world / "run") as unharmed:
        assert b"".join(archive.canonical_dump()) == b"".join(unharmed.canonical_dump())
    require_sound(case)


Check = Callable[[Harness, Path, Path, int], None]
ACTS: dict[str, tuple[Check, str | None]] = {
    "create": (check_create, None),
    "add": (check_add, "empty"),
    "run": (check_run, "added"),
    "judge": (check_judge, "run"),
    "incident": (check_incident, "run"),
    "rebuild": (check_rebuild, "run"),
}


def boundaries(harness: Harness, world: Path, case: Path, act: str) -> int:
    """How many boundaries the act has when nothing stops it."""
    _, start = ACTS[act]
    if start is not None:
        shutil.copytree(world / start, case)
    with Archive.open(world / "run") as archive:
        records = [found.record.id for found in archive.claims()]
    paths = sorted(str(path) for path in (world / "material").iterdir())
    count: int = harness(act, case, paths=paths, records=records)["boundaries"]
    return count


@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_some_boundaries(harness: Harness, world: Path, tmp_path: Path, act: str) -> None:
    count = boundaries(harness, world, tmp_path / "whole", act)
    for number in range(QUICK):
        at = 1 + (2 * number + 1) * count // (2 * QUICK)
        ACTS[act][0](harness, world, tmp_path / str(at), at)


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_every_boundary(harness: Harness, world: Path, tmp_path: Path, act: str) -> None:
    count = boundaries(harness, world, tmp_path / "whole", act)
    assert count >= LEAST[act]
    for at in range(1, count + 1):
        ACTS[act][0](harness, world, tmp_path / str(at), at)
        shutil.rmtree(tmp_path / str(at), ignore_errors=True)
    print(f"{act}: killed at each of {count} boundaries")
