"""The program `tesseract`: whether it is here, which models it has, and what it recognises in one picture.

Guarantees: the program is started without a shell, with a picture on its input and its answer on its output; it gets no
file name, a fixed environment of two names, one thread and a time limit. What is missing is said with what to install.
Models are known by the SHA-256 of their files, since another model gives other words. Words come with the box and the
confidence that the program gives, from 0 to 100, which is a ranking and no probability.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MODELS = ("ukr", "rus", "eng")
INSTALL = (
    "install Tesseract with its models for Ukrainian, Russian and English (Debian and Ubuntu: apt install "
    "tesseract-ocr tesseract-ocr-ukr tesseract-ocr-rus tesseract-ocr-eng; macOS: brew install tesseract tesseract-lang)"
)
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
_ASK_S = 20.0  # for a version or a list
PAGE_S = 120.0  # arbitrary: a dense page takes ten
_COLUMNS = 12


class RecognitionError(Exception):
    """The program could not read this picture."""


@dataclass(frozen=True, slots=True)
class Word:
    """`line`: (block, paragraph, line) as the program found them. `box`: left, top, right, bottom."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    line: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tesseract:
    program: str
    version: str
    models: Mapping[str, str]  # SHA-256 by name

    def recognise(self, png: bytes, models: Sequence[str], dpi: int | None = None) -> tuple[Word, ...]:
        """The words in a picture, in the program's order. Raises `RecognitionError`."""
        resolution = () if dpi is None else ("--dpi", str(dpi))
        command = [self.program, "stdin", "stdout", "-l", "+".join(models), *resolution, "--psm", "3", "tsv"]
        try:
            done = subprocess.run(
                command, input=png, capture_output=True, timeout=PAGE_S, env=_ENVIRONMENT, check=False
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise RecognitionError(f"recognition took longer than {PAGE_S:g} s") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["nothing said"]
            raise RecognitionError(f"recognition ended with status {done.returncode}: {said[0][:200]}")
        return parse_words(done.stdout.decode("utf-8", "replace"))


def parse_words(table: str) -> tuple[Word, ...]:
    """The words (level 5) of the program's table."""
    found = []
    for row in table.splitlines()[1:]:
        columns = row.split("\t")
        if len(columns) != _COLUMNS or columns[0] != "5" or not columns[11].strip():
            continue
        _, _, block, paragraph, line, _, left, top, width, height = map(int, columns[:10])
        box = (left, top, left + width, top + height)
        confidence = max(0.0, min(100.0, float(columns[10])))
        found.append(Word(columns[11].strip(), box, confidence, (block, paragraph, line)))
    return tuple(found)


def find_tesseract(program: str = "tesseract") -> Tesseract | str:
    """The program, or what is missing and how to get it."""
    path = shutil.which(program)
    if path is None:
        return f"the program tesseract is not on this machine; {INSTALL}"
    stated, listed = _said(path, "--version"), _said(path, "--list-langs")
    version = re.match(r"tesseract v?(\S+)", stated)
    folder = re.search(r'in "([^"\n]+)"', listed)
    if version is None or folder is None:
        return f"the program tesseract does not say its version and models; {INSTALL}"
    models = {name: Path(folder[1]) / f"{name}.traineddata" for name in MODELS}
    absent = [name for name, file in models.items() if name not in listed.split() or not file.is_file()]
    if absent:
        return f"tesseract {version[1]} lacks the models {', '.join(absent)}; {INSTALL}"
    digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in models.items()}
    return Tesseract(path, version[1], digests)


def _said(path: str, question: str) -> str:
    try:
        done = subprocess.run([path, question], capture_output=True, timeout=_ASK_S, env=_ENVIRONMENT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")
