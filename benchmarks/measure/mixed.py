"""One case of many kinds of documents, through the commands, and what its log says of each step and each kind.

The seconds of a step are those that stand in the derivations of the case: wall time within the step, in the worker.
What a document cost is the sum over everything that was derived from it, its members included.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from python_calamine import CalamineWorkbook

from measure.commands import Ran, ran
from probanda.preserve.case_folder import open_folder
from probanda.records.derivation import Derivation, parse_rows
from probanda.records.entry import DERIVATION

RUN_CODES = (0, 3)  # 3: some items had no result, which is recorded and told in the table
COMMANDS: tuple[str, ...] = ("init", "add", "run", "claims", "search", "casefile", "verify", "rebuild")


@dataclass(frozen=True, slots=True)
class StepSeen:
    """What the log says of one step: its outcomes, and the seconds in it, all workers together."""

    outcomes: Mapping[str, int]
    seconds: float

    @property
    def count(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Round:
    commands: Mapping[str, Ran]
    steps: Mapping[str, StepSeen]
    kinds: Mapping[str, Mapping[str, float]]  # by kind of document and step: seconds
    case_bytes: int
    blobs: int


def measure_round(material: Path, kinds: Mapping[str, str], folder: Path) -> Round:
    """Makes a case in the new folder `folder` of what lies in `material`, and takes it away again."""
    case, page = folder / "case", folder / "case.json"
    folder.mkdir()
    asked: Mapping[str, tuple[str | Path, ...]] = {
        "init": (case, "--title", "Measured", "--by", "Measurer"),
        "add": (case, material, "--published", "2031-05-14", "--source", "Exercise"),
        "run": (case,),
        "claims": (case,),
        "search": (case, "hospital"),
        "casefile": (case, "-o", page),
        "verify": (case,),
        "rebuild": (case,),
    }
    try:
        found = {name: ran(name, *asked[name], allowed=RUN_CODES if name == "run" else (0,)) for name in COMMANDS}
        by_name = {hashlib.sha256(path.read_bytes()).hexdigest(): kinds[path.name] for path in material.iterdir()}
        steps, spent = _seen(case, by_name)
        files = [path.stat().st_size for path in case.rglob("*") if path.is_file()]
        blobs = sum(1 for path in (case / "blobs").rglob("*") if path.is_file())
        return Round(found, steps, spent, sum(files), blobs)
    finally:
        shutil.rmtree(folder)


def _seen(case: Path, kinds: Mapping[str, str]) -> tuple[dict[str, StepSeen], dict[str, dict[str, float]]]:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    spent: dict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    of: dict[str, str] = dict(kinds)
    for row in _derivations(case):
        step = row.request.step
        outcomes[step][row.outcome] += 1
        kind = of.get(row.request.inputs[0], "?")
        for output in row.outputs:
            of.setdefault(output.sha256, kind)
        spent[kind][step] += row.seconds or 0.0
    steps = {
        step: StepSeen(dict(counted), sum(seconds[step] for seconds in spent.values()))
        for step, counted in outcomes.items()
    }
    return steps, {kind: dict(seconds) for kind, seconds in spent.items()}


def _derivations(case: Path) -> list[Derivation]:
    folder = open_folder(case, read_only=True)
    rows: list[Derivation] = []
    for entry in folder.log.entries():
        if entry.act == DERIVATION:
            rows += [row for blob in entry.blobs("rows") for row in parse_rows(folder.blobs.read(blob.sha256))]
    return rows


@dataclass(frozen=True, slots=True)
class Peer:
    """A bare loop over the documents of one kind (`None`: of all), and the step it stands beside."""

    what: str
    kind: str | None
    step: str
    work: Callable[[Path], object]


def peers() -> list[Peer]:
    found = [
        Peer("read and SHA-256", None, "add", lambda path: hashlib.sha256(path.read_bytes()).digest()),
        Peer("pypdfium2, the text of each page and no places", "pdf", "text", _pdf_text),
        Peer("calamine, the values of each cell and no places", "xlsx", "text", _sheet_cells),
    ]
    if tesseract() is not None:
        found.append(Peer("`tesseract` alone, the same models, one pass, text only", "png", "ocr", _recognised))
    return found


def peer_seconds(peer: Peer, material: Path, kinds: Mapping[str, str]) -> float:
    """How long the loop takes for all documents that it is about, in this process, on one core."""
    paths = [material / name for name, kind in sorted(kinds.items()) if peer.kind in (None, kind)]
    begun = time.perf_counter()
    for path in paths:
        peer.work(path)
    return time.perf_counter() - begun


def tesseract() -> str | None:
    return shutil.which("tesseract")


def _pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return "\f".join(page.get_textpage().get_text_range() for page in document)


def _sheet_cells(path: Path) -> list[object]:
    book = CalamineWorkbook.from_path(str(path))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def _recognised(path: Path) -> bytes:
    command = ["tesseract", str(path), "-", "-l", "ukr+rus+eng"]
    single = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(command, check=True, capture_output=True, env=single).stdout
