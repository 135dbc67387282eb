"""The real command line, as processes: what a person types, what comes out, with which code.

As root the permission bits of files mean nothing, so a trial of a folder that may not be written or read runs the
command as a root that has given up the right to pass them over (capabilities(7), CAP_DAC_OVERRIDE).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUN = "from probanda.cli import main; main()"
_WITHOUT_RIGHTS = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if libc.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
        sys.exit(f"cannot give up a right: {os.strerror(ctypes.get_errno())}")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

REPORT = """Shelling hit the market in Velin on Tuesday.

At least 12 people were killed, the Velin health service said.
“We carried them out on doors,” said Mirek Sandor, a paramedic.
The figure could not be independently verified.
"""
PAGE = """<!doctype html><html><head><title>Velin</title><meta charset="utf-8">
<script>var stolen = "scriptword";</script>
</head><body onload="stolen('attributeword')"><article><h1>The mill</h1>
<p>Shelling hit the mill in Velin on Tuesday, and more than 40 people were injured, the Velin mayor's office said.</p>
<p>“It came from the river,” said Petra Halloun, a miller. <img src="https://example.org/beacon.png" onerror="stolen()">
</p><p>The office said that &lt;script&gt;alert("quoted")&lt;/script&gt; was painted on the wall of the mill.</p>
</article><script>document.write("scriptword")</script></body></html>
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found


def command_line(*arguments: str | Path, unprivileged: bool = False) -> list[str | Path]:
    code = ["-c", _WITHOUT_RIGHTS, "-c", RUN] if unprivileged and os.geteuid() == 0 else ["-c", RUN]
    return [sys.executable, *code, *arguments]


def environment(**more: str) -> dict[str, str]:
    """Nothing of the user's own settings but where the programs are."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "COLUMNS": "120", **more}


def probanda(
    *arguments: str | Path, cwd: Path | None = None, unprivileged: bool = False, env: Mapping[str, str] | None = None
) -> Said:
    """One command, run to its end. Whatever goes wrong, no traceback is shown."""
    done = subprocess.run(
        command_line(*arguments, unprivileged=unprivileged),
        cwd=cwd, env=environment(**env or {}), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    said = Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in said.err, said.err
    return said


def made_case(folder: Path) -> Path:
    """A case made with the commands: a text and a page, preserved and read."""
    material, case = folder / "material", folder / "case"
    material.mkdir()
    (material / "report.txt").write_text(REPORT, "utf-8")
    (material / "page.html").write_text(PAGE, "utf-8")
    commands: tuple[list[str | Path], ...] = (
        ["init", case, "--title", "The mill", "--by", "Ana Velt"],
        ["add", case, material, "--published", "2031-04-10", "--source", "Velin Post", "--marking", "public"],
        ["run", case],
    )
    for arguments in commands:
        said = probanda(*arguments)
        assert said.code == 0, said
    return case
