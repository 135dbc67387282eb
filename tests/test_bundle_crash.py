"""A bundle whose making is killed: what has the bundle's name is whole, and the next try goes through."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

from probanda.archive import Archive
from probanda.preserve import durable
from probanda.preserve.bundle.bag import part_of
from probanda.preserve.verify import verify
from secret_world import made

TRIALS = 10  # spread over all boundaries; each takes a second


def killed_at(number: int, case: Path, out: Path) -> bool:
    """Whether a child that makes the bundle was killed (as by `kill -9`) at its boundary `number` of the bundle's."""
    child = os.fork()
    if child == 0:
        left = number

        def count(boundary: str) -> None:
            nonlocal left
            if boundary.split(" ")[1] in durable.BUNDLE_STEPS:
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1

        durable.on_boundary = count
        try:
            with Archive.open(case) as archive:
                archive.bundle(out)
        finally:
            os._exit(1)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_bundle_killed_while_it_is_made_is_whole_or_has_not_its_name(tmp_path: Path) -> None:
    made(tmp_path / "kept").archive.close()
    shutil.copytree(tmp_path / "kept" / "case", tmp_path / "counted")
    with Archive.open(tmp_path / "counted") as archive:
        passed: list[str] = []
        durable.on_boundary = passed.append
        try:
            archive.bundle(tmp_path / "first")
        finally:
            durable.on_boundary = durable.no_trial
    steps = [name for name in passed if name.split(" ")[1] in durable.BUNDLE_STEPS]
    assert {name.split(" ")[1] for name in steps} == set(durable.BUNDLE_STEPS)
    renamed = steps.index("after bundle.rename")
    numbers = sorted({*range(0, len(steps), len(steps) // TRIALS), renamed - 3, renamed - 1, renamed, len(steps) - 1})
    outcomes = set()
    for number in numbers:
        case, out = tmp_path / "case", tmp_path / "out"
        for folder in (case, out, part_of(out)):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "kept" / "case", case)
        assert killed_at(number, case, out)
        if out.exists():
            outcomes.add("whole")
            assert verify(out).ok
            assert not part_of(out).exists()
            continue
        outcomes.add("unnamed")
        with Archive.open(case) as archive:
            assert archive.verify().ok
            archive.bundle(out)
        assert verify(out).ok
        assert not part_of(out).exists()
    assert outcomes == {"whole", "unnamed"}
