"""How long somebody waits for `probanda --help`."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from statistics import median

from measure.rows import Row, Setting, Target, Timed, alternate, timed

ROUNDS = 10


def help_page(setting: Setting) -> Row:
    program = Path(sysconfig.get_path("scripts")) / "probanda"
    command = [str(program)] if program.exists() else [sys.executable, "-c", "from probanda.cli import main; main()"]
    ours, peer = alternate(
        _running([*command, "--help"]), _running([sys.executable, "-c", "pass"]), setting.count(ROUNDS, least=1)
    )
    shares = [theirs / mine for mine, theirs in zip(ours, peer, strict=True)]
    return Row(
        "help", "`probanda --help`", "s", median(ours), median(peer), "`python -c pass`", median(shares), min(ours),
        max(ours), Target("ours", "<", 0.5),
    )  # fmt: skip


def _running(command: list[str]) -> Timed:
    def once(_: int) -> float:
        with timed() as watch:
            subprocess.run(command, check=True, capture_output=True)
        return watch.seconds

    return once
