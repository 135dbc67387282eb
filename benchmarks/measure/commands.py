"""The commands as a person runs them, each a process of its own: how long, with what exit code, in how much memory.

Memory is the peak of what a process held at once (`VmHWM`), read from /proc four times a second while it lives: the
command's own process, and apart from it the greatest among the processes below it (workers, and what they start). Where
there is no /proc it is not known.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAIN = "from probanda.cli import main; main()"
_EVERY_S = 0.25


class CommandFailedError(RuntimeError):
    """A command ended otherwise than it has to."""


@dataclass(frozen=True, slots=True)
class Ran:
    """`code` is the exit code, `last` the last line of what it printed; peaks in bytes, `None` where not known."""

    seconds: float
    code: int
    last: str
    peak: int | None
    peak_below: int | None


def ran(*arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> Ran:
    """Runs `probanda` with these arguments. Raises `CommandFailedError`."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", _MAIN, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        peaks: dict[int, int] = {}
        said = b""
        while True:
            try:
                said, _ = process.communicate(timeout=_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                for number in (process.pid, *_below(process.pid)):
                    peaks[number] = max(peaks.get(number, 0), _peak(number))
    seconds = time.perf_counter() - begun
    lines = said.decode("utf-8", "replace").strip().splitlines() or [""]
    if process.returncode not in allowed:
        told = "\n".join(lines[-5:])
        raise CommandFailedError(f"expected probanda {arguments[0]} to end with one of {allowed}, found: {told}")
    below = [peak for number, peak in peaks.items() if number != process.pid]
    return Ran(seconds, process.returncode, lines[-1], peaks.get(process.pid) or None, max(below, default=0) or None)


def _below(number: int) -> Iterator[int]:
    """The processes that the process started, and those that they started."""
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _peak(number: int) -> int:
    try:
        lines = Path(f"/proc/{number}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
