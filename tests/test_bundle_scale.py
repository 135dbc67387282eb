"""A bundle of 100,000 objects is made and verified with the commands, in memory that a small laptop has."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli_world import RUN, environment

OBJECTS = 100_000
MIB = 1024 * (1024 if sys.platform == "darwin" else 1)  # in the unit of ru_maxrss


@dataclass(frozen=True)
class Took:
    code: int
    seconds: float
    mebibytes: float


def took(*arguments: str | Path) -> Took:
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", RUN, *arguments], env=environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Took(process.returncode, time.monotonic() - begun, used.ru_maxrss / MIB)


@pytest.mark.slow
def test_a_hundred_thousand_objects_are_handed_on_and_verified_in_bounded_memory(tmp_path: Path) -> None:
    material, case, out = tmp_path / "material", tmp_path / "case", tmp_path / "out"
    for number in range(OBJECTS):
        folder = material / f"{number // 1000:03d}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"{number}.txt").write_bytes(b"Exercise: note %d from Port Selis.\n" % number)
    told = {}
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("init", case, "--title", "A hundred thousand notes"),
        ("add", case, material),
        ("bundle", case, "-o", out),
        ("verify", out),
    )
    for arguments in commands:
        told[str(arguments[0])] = took(*arguments)
        assert told[str(arguments[0])].code == 0, arguments
    print({what: (round(one.seconds), round(one.mebibytes)) for what, one in told.items()})
    assert sum(1 for path in (out / "data" / "objects").rglob("*") if path.is_file()) >= OBJECTS
    assert len(list((out / "data" / "proofs").iterdir())) == OBJECTS
    assert len(list((out / "data" / "metadata").glob("premis-*.xml"))) >= OBJECTS // 10_000
    # Measured: 333 to 379 and 88 to 110 MiB. To make one takes some 3 kB for each item beside some 90 MiB; none of it
    # grows with the sizes of files.
    assert told["bundle"].mebibytes < 512
    assert told["verify"].mebibytes < 256
