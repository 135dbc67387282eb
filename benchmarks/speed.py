"""Measures Probanda beside its limits: bare loops that do the least the disk or processor must do.

    python benchmarks/speed.py [--only NAME ...] [--scale S] [--rounds N] [--folder F] [--json] [--write FILE]

Ours and the peer run in the same process, turn about, several times; the table gives medians, their ratio, what is
asked and whether it is met. Needs 3.3 GB of free disk at full scale, which it gives back. `--folder` should lie
on a disk, since a folder in memory has no fsync to wait for; without it a temporary folder is made beside the current
one. `--write` puts the table between the two marks of a Markdown file. Ends with 0 when it measured, whatever it
found: a busy machine is no defect; with 2 when it could not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from measure import custody, pipeline, reading, start
from measure.material import NoRoomError, require_room
from measure.rows import MEGABYTE, Row, Setting

ROWS: Mapping[str, tuple[Callable[[Setting], Row | list[Row]], int]] = {
    # what is measured, and the most megabytes on the disk at once
    "add-small": (custody.add_small, 150),
    "add-large": (custody.add_large, 3200),
    "verify": (custody.verify_case, 2200),
    "pipeline": (pipeline.overhead, 200),
    "pipeline-output": (pipeline.overhead_with_output, 400),
    "extract": (reading.extract, 1),
    "extract-models": (reading.extract_with_models, 1),
    "help": (start.help_page, 1),
    "rebuild": (custody.rebuild, 300),
}
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def machine() -> dict[str, str]:
    """What of the machine the numbers depend on; nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": _processor(),
        "cores": str(cores),
        "busy": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "openssl": ssl.OPENSSL_VERSION.split(" (")[0],
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {platform.machine()}" if names else platform.machine()


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = ["| what | ours | limit | our speed ÷ the limit's | asked | met |", "|---|---:|---|---:|---:|---|"]
    for row in rows:
        peer = "" if row.peer is None else f"{_number(row.peer)} {row.unit}: {row.peer_is}"
        share = "" if row.share is None else f"{row.share:.2f}"
        asked = ""
        if row.target is not None:
            unit = "" if row.target.of == "share" else f" {row.unit}"
            of = "ratio " if row.target.of == "share" else ""
            asked = f"{of}{row.target.sign} {row.target.limit:g}{unit}"
        met = {None: "", True: "yes", False: "**no**"}[row.met]
        lines.append(f"| {row.what} | {_number(row.ours)} {row.unit} | {peer} | {share} | {asked} | {met} |")
    return "\n".join(lines)


def remarks(rows: Sequence[Row]) -> str:
    """How far the rounds lay apart, and what else was seen."""
    spread = [
        f"{row.name} {_number(row.least)} to {_number(row.most)}"
        for row in rows
        if row.target is not None and row.least != row.most
    ]
    lines = []
    if spread:
        lines.append(f"From the least to the most of what is asked about, over the rounds: {'; '.join(spread)}.")
    for row in rows:
        if row.name == "extract":
            lines.append(
                f"`extract`: {row.notes['per_processor_second']:.0f} reports for each second of processor time; "
                f"{row.notes['first_pass']:.0f} a second in the first pass over {row.notes['sources']:.0f} texts; "
                f"{row.notes['start_s']:.2f} s to start, first reading included."
            )
    return "\n\n".join(lines)


def facts(found: Mapping[str, str], rounds: int, scale: float) -> str:
    amount = "" if scale == 1 else f" All amounts are {scale:g} times the full ones."
    return (
        f"Measured {found['measured']} on {found['processor']}, {found['cores']} cores (load {found['busy']} at the "
        f"start), {found['system']}, {found['python']}, {found['openssl']}; {rounds} rounds.{amount}"
    )


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def write_between(path: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Puts `text` between the marks of `path`. Raises `ValueError` where they are not there."""
    whole = path.read_text("utf-8")
    before, begun, rest = whole.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"expected the marks {begin} and {end} in {path.name}, found {'one' if begun else 'none'}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def measure_all(names: Sequence[str], setting: Setting) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        work, megabytes = ROWS[name]
        require_room(setting.folder, round(megabytes * MEGABYTE * setting.scale) + 100 * MEGABYTE)
        setting.say(f"measuring {name}")
        with tempfile.TemporaryDirectory(dir=setting.folder, prefix=f"{name}-") as folder:
            found = work(replace(setting, folder=Path(folder)))
        rows += found if isinstance(found, list) else [found]
    return rows


def as_json(rows: Sequence[Row], found: Mapping[str, str]) -> str:
    return json.dumps({"machine": found, "rows": [{**asdict(row), "met": row.met} for row in rows]}, indent=2)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measures Probanda beside its limits.")
    parser.add_argument("--only", action="append", choices=list(ROWS), help="only this row; repeatable")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies all amounts (default: 1)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side is timed (default: 5)")
    parser.add_argument("--folder", type=Path, help="where files are written (default: beside the current folder)")
    parser.add_argument("--json", action="store_true", help="the rows as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks of this file")
    parser.add_argument("--reading-only", type=int, help=argparse.SUPPRESS)  # how `extract` runs itself alone
    parser.add_argument("--with-models", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.reading_only is not None:
        print(json.dumps(reading.measure(given.reading_only, models=given.with_models)))
        return 0
    if given.write is not None and given.only:
        parser.error("--write takes the whole table, so it does not go with --only")
    if given.scale <= 0 or given.rounds < 1:
        parser.error("expected a scale above 0 and at least one round")
    found = machine()
    try:
        with tempfile.TemporaryDirectory(dir=given.folder or Path.cwd().parent, prefix="probanda-benchmark-") as folder:
            setting = Setting(Path(folder), given.scale, given.rounds, lambda text: print(text, file=sys.stderr))
            rows = measure_all(given.only or list(ROWS), setting)
        shown = f"{table(rows)}\n\n{remarks(rows)}\n\n{facts(found, given.rounds, given.scale)}"
        if given.write is not None:
            write_between(given.write, shown)
    except (NoRoomError, OSError, ValueError, subprocess.SubprocessError) as problem:
        print(f"speed: {problem}", file=sys.stderr)
        return 2
    print(as_json(rows, found) if given.json else shown)
    return 0


def _stop(signal_: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signal_)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # so that the files are taken away
    sys.exit(main())
