"""The README is true: its commands are the ones that work, and its transcript is what the demo prints.

After a change that alters the demo's output on purpose: `python tests/test_readme.py` writes the new transcript, to be
read before it is committed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- transcript -->\n```\n)(.*?)(```\n)", re.DOTALL)


def demo_output(folder: Path) -> str:
    """What `probanda demo` prints in an empty folder."""
    done = subprocess.run(
        [sys.executable, "-c", "from probanda.cli import main; main()", "demo"],
        cwd=folder, capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return done.stdout


def test_the_transcript_is_the_real_output(tmp_path: Path) -> None:
    begun = time.monotonic()
    printed = demo_output(tmp_path)
    block = BLOCK.search(README.read_text(encoding="utf-8"))
    assert block is not None
    assert printed == block.group(2)
    assert time.monotonic() - begun < 60  # a promise of the README's first command, not a benchmark
    assert (tmp_path / "probanda-demo" / "casefile" / "casefile.html").stat().st_size > 10_000


def test_every_command_of_the_readme_exists() -> None:
    text = README.read_text(encoding="utf-8") + (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:\.venv/bin/)?probanda ([a-z]+)", text, re.MULTILINE))
    shown = subprocess.run(
        [sys.executable, "-c", "from probanda.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    missing = sorted(command for command in named if not re.search(rf"\b{command}\b", shown))
    assert named and not missing


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for document in [README, *(ROOT / "docs").rglob("*.md"), *(ROOT / "spec").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        output = demo_output(Path(made))
    content = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda block: block.group(1) + output + block.group(3), content), encoding="utf-8")
