"""Measures what custody costs: checking a case, handing it on, a log of a million entries, one item shown alone.

    python benchmarks/custody_speed.py [--only NAME ...] [--scale S] [--rounds N] [--folder F] [--json] [--write FILE]

Beside bare loops that do the least that has to be done (read and SHA-256; copy, SHA-256 and fsync), and beside
bagit-python over the same bag: in one run, turn about, medians. A log of 1,000,000 entries takes minutes to make and to
verify; `--scale 0.01` is for a first look. Needs 5 GB of free disk at full scale, which it gives back. `--write` puts
the table between the two marks of a Markdown file. Ends with 0 when it measured, whatever it found, with 2 when it
could not.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from measure import custody, handing_on
from measure.material import NoRoomError, require_room
from measure.rows import MEGABYTE, Row, Setting
from speed import _stop, as_json, facts, machine, remarks, table, write_between

BEGIN, END = "<!-- custody: begin -->", "<!-- custody: end -->"
ROWS = {"verify-large": (custody.verify_case, 2200), **handing_on.ROWS}


def measure_all(names: list[str], setting: Setting) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        work, megabytes = ROWS[name]
        require_room(setting.folder, round(megabytes * MEGABYTE * setting.scale) + 100 * MEGABYTE)
        setting.say(f"measuring {name}")
        with tempfile.TemporaryDirectory(dir=setting.folder, prefix=f"{name}-") as folder:
            found = work(replace(setting, folder=Path(folder)))
        rows += found if isinstance(found, list) else [found]
    return rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measures what custody costs, beside its limits and bagit-python.")
    parser.add_argument("--only", action="append", choices=list(ROWS), help="only this part; repeatable")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies all amounts (default: 1)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side is timed (default: 5)")
    parser.add_argument("--folder", type=Path, help="where files are written (default: beside the current folder)")
    parser.add_argument("--json", action="store_true", help="the rows as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks of this file")
    given = parser.parse_args(arguments)
    if given.scale <= 0 or given.rounds < 1:
        parser.error("expected a scale above 0 and at least one round")
    found = machine()
    try:
        with tempfile.TemporaryDirectory(dir=given.folder or Path.cwd().parent, prefix="probanda-custody-") as folder:
            setting = Setting(Path(folder), given.scale, given.rounds, lambda text: print(text, file=sys.stderr))
            rows = measure_all(given.only or list(ROWS), setting)
        shown = f"{table(rows)}\n\n{remarks(rows)}\n\n{facts(found, given.rounds, given.scale)}"
        if given.write is not None:
            write_between(given.write, shown, BEGIN, END)
    except (NoRoomError, OSError, ValueError, subprocess.SubprocessError) as problem:
        print(f"custody_speed: {problem}", file=sys.stderr)
        return 2
    print(as_json(rows, found) if given.json else shown)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # so that the files are taken away
    sys.exit(main())
