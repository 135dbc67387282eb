"""README and guide are true: their commands work as they stand, and the transcript is what the demo prints.

After a change that alters the demo's output on purpose: `python tests/test_readme.py` writes the new transcript, to be
read before it is committed.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from probanda.archive import Archive
from probanda.cli.main import answer

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DEMO = ROOT / "src" / "probanda" / "demo"
RUN = re.compile(r"<!-- run -->\n```\n(.*?)```\n", re.DOTALL)
PLACEHOLDER = re.compile(r"(?:claim|event|proposal|incident|capture):[0-9a-f]{4}")
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


def test_the_commands_of_the_guide_run_as_they_stand(tmp_path: Path) -> None:
    """In a copy of the demo's material. Ids in the guide stand for those of the case, by the order in which each kind
    of id appears."""
    shutil.copytree(DEMO / "material", tmp_path / "material")
    (tmp_path / "out").mkdir()
    ran = run_blocks(ROOT / "docs" / "guide.md", tmp_path)
    assert len(ran) > 35
    assert (tmp_path / "out" / "casefile.pdf").read_bytes().startswith(b"%PDF-")
    public = (tmp_path / "out" / "incidents.geojson").read_text(encoding="utf-8")
    assert "Strike on the harbour market" in public
    assert "fight for Castle Orrin" not in public  # the one that nobody marked public stays inside


def test_the_commands_of_the_readme_run_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    shutil.copy(DEMO / "material" / "03-harbour-market-wire.txt", tmp_path / "reports")
    assert len(run_blocks(README, tmp_path)) >= 7


def run_blocks(document: Path, folder: Path) -> list[str]:
    """Every command of the blocks marked `run`, in order, in `folder`; each ends well or tells of items that failed."""
    ids: dict[str, str] = {}
    ran = []
    for block in RUN.findall(document.read_text(encoding="utf-8")):
        for line in block.splitlines():
            words = [ids.setdefault(word, real_id(folder / "case", word, ids)) if PLACEHOLDER.fullmatch(word) else word
                     for word in shlex.split(line)]  # fmt: skip
            assert words[0] == "probanda"
            with contextlib.chdir(folder):
                assert answer(words[1:]) in (0, 3), line
            ran.append(line)
    return ran


def real_id(case: Path, placeholder: str, known: dict[str, str]) -> str:
    """The first id of the kind that no placeholder stands for yet."""
    if placeholder in known:
        return known[placeholder]
    kind = placeholder.partition(":")[0]
    with Archive.open(case) as archive:
        found: Sequence[str | None] = {
            "claim": [row.record.id for row in archive.claims(kind="casualty")],
            "event": [row.record.id for row in archive.events() if row.record.type == "control.contested"],
            "proposal": [one.id for one in archive.proposals() if one.type and one.type.startswith("attack")],
            "incident": [one.id for one in archive.incidents()],
            "capture": [one.id for one in reversed(archive.captures())],
        }[kind]
    return next(one for one in found if one is not None and one not in known.values())


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
