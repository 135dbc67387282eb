"""A seal killed at every boundary of persistence leaves a case that verifies, and the next seal completes it."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from token_maker import office

from probanda.archive import Archive
from probanda.preserve import durable
from probanda.preserve.verify import verify
from seal_world import Paper, Watch, asking_paper, case_in

NOON = datetime(2031, 5, 14, 12, 0, 0, tzinfo=UTC)
WATCH = Watch(NOON)
ONE, TWO = (
    Paper(name, office(name, NOON - timedelta(1), NOON + timedelta(3650)), WATCH) for name in ("Office", "Bureau")
)


def sealed(case: Path, *, renew: bool) -> bool:
    with Archive.open(case, clock=WATCH) as archive:
        return archive.seal(asking_paper(ONE, TWO), renew=renew).met


def killed_at(number: int, case: Path, *, renew: bool) -> bool:
    """Whether a child that seals the case was killed (as by `kill -9`) at its boundary `number`."""
    child = os.fork()
    if child == 0:
        left = number

        def count(boundary: str) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        durable.on_boundary = count
        try:
            sealed(case, renew=renew)
        finally:
            os._exit(1)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("renew", [False, True])
def test_a_seal_killed_anywhere_leaves_a_case_that_verifies(tmp_path: Path, renew: bool) -> None:
    with case_in(tmp_path / "kept", WATCH) as archive:
        archive.assign_settings("two", authorities=(ONE.authority(), TWO.authority()), min_anchors=2)
    case, kills = tmp_path / "case", 0
    for number in range(200):
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(tmp_path / "kept" / "case", case)
        if not killed_at(number, case, renew=renew):
            break
        kills += 1
        report = verify(case, now=WATCH())
        assert report.ok, (number, report.failed)
        assert sealed(case, renew=renew)
        report = verify(case, now=WATCH())
        assert report.ok, (number, report.failed)
        assert report.check("time.anchored").outcome == "holds"
    assert kills > 20
