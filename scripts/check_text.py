"""Looks for what must not be in the project: paths of one machine, secrets, broad excepts, very long source files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[\w.-]+/")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}|AKIA[0-9A-Z]{16}|xox[bp]-[0-9A-Za-z-]{10,}"
)
# A broad except passes with its reason beside it.
BROAD = re.compile(r"^\s*except(?:\s+(?:Base)?Exception\b[^:]*)?:(?!.*noqa: BLE001 - \w)", re.MULTILINE)
LONGEST = 400


def main() -> int:
    """Prints each finding; exit code 1 where there is one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found: list[str] = []
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if path.suffix not in (".py", ".md", ".toml", ".txt", ".json", ".css", ".html", "") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += _of(name, text)
    for line in found:
        print(line)
    return 1 if found else 0


def _of(name: str, text: str) -> list[str]:
    own = name == "scripts/check_text.py"
    found = [f"{name}: a path of one machine: {match.group()}" for match in MACHINE.finditer(text) if not own]
    found += [f"{name}: looks like a secret" for _ in SECRET.finditer(text) if not own]
    if name.startswith("src/") and name.endswith(".py"):
        found += [f"{name}: a broad except" for _ in BROAD.finditer(text)]
        lines = text.count("\n")
        if lines > LONGEST and "/migrations/" not in name:
            found.append(f"{name}: {lines} lines; split it, or raise the limit with a reason")
    return found


if __name__ == "__main__":
    sys.exit(main())
