"""What a machine can and cannot do for Probanda, from facts that the command line gathered.

Guarantees: pure. `None` as a fact means that it could not be told, which is never shown as working or as missing. Each
line says what it is for and, where something is missing, what to install. Only what is marked `core` is needed for the
case itself: without the rest some items wait, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["works", "missing", "unknown"]

PYTHON = (3, 11)
SQLITE = (3, 31)  # what Django 5.2 asks for
LANGUAGES = {"eng": "English", "rus": "Russian", "ukr": "Ukrainian"}
FREE_BYTES = 2**30  # arbitrary: a folder of reports; videos need more
OPEN_FILES = 256  # arbitrary: a run holds about a dozen for each worker
LIBRARIES = {
    "cryptography": "signatures of entries and judgements",
    "django": "the index",
    "lxml": "web pages",
    "lxml-html-clean": "web pages",
    "numpy": "counts and changes over time",
    "pillow": "images",
    "py3langid": "the language of a text",
    "pyrage": "cases that are encrypted",
    "pypdfium2": "PDF",
    "python-calamine": "spreadsheets",
    "rich": "the command line",
    "sqlcipher3": "cases that are encrypted",
    "simplemma": "search in Ukrainian, Russian and English",
    "trafilatura": "web pages",
    "typer": "the command line",
    "typst": "the case file as PDF",
}
EXTRAS = {"pyrage": "'probanda[encrypt]'", "sqlcipher3": "'probanda[encrypt]'"}
CORE_LIBRARIES = ("cryptography", "django", "lxml", "lxml-html-clean", "py3langid", "rich", "trafilatura", "typer")


@dataclass(frozen=True, slots=True)
class Machine:
    """Facts. Versions of programs: the text that they print, `""` where they are not installed. `released`: the year of
    this version of Probanda, before which no clock can stand."""

    python: tuple[int, int, int]
    sqlite: tuple[int, ...]
    full_text: bool | None
    libraries: Mapping[str, str]
    tesseract: str | None
    languages: tuple[str, ...] | None
    ffmpeg: str | None
    git: str | None
    folder: str
    free_bytes: int | None
    syncs: bool | None
    links: bool | None
    case_sensitive: bool | None
    encrypted: bool | None
    year: int
    zone: str | None
    released: int
    cpus: int | None
    open_files: int | None


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    outcome: Outcome
    found: str
    purpose: str
    remedy: str | None = None  # only where something is missing or unknown
    core: bool = False


def examine(machine: Machine) -> tuple[Line, ...]:
    """Every line, in a fixed order."""
    return (*_software(machine), *_programs(machine), *_folder(machine), *_system(machine))


def case_line(encrypted: bool) -> Line:
    """What one case does to protect the people in it, should its folder be copied."""
    found = "keys, names, sources and index; not the log, not the material" if encrypted else "nothing in this case"
    remedy = "make sensitive cases with: probanda init --encrypt; until then rely on the disk's encryption"
    return _line("case encryption", encrypted, found, "a copied case folder gives no names away", remedy)


def able(lines: tuple[Line, ...]) -> bool:
    """Whether nothing is missing that the core needs."""
    return not any(line.core and line.outcome == "missing" for line in lines)


def _line(name: str, holds: bool | None, found: str, purpose: str, remedy: str, *, core: bool = False) -> Line:
    outcome: Outcome = "unknown" if holds is None else "works" if holds else "missing"
    return Line(name, outcome, found, purpose, None if holds else remedy, core)


def _software(machine: Machine) -> tuple[Line, ...]:
    wanted = f"Python {'.'.join(map(str, PYTHON))} or newer"
    return (
        _line("python", machine.python[:2] >= PYTHON, _dotted(machine.python), "everything", f"install {wanted}",
              core=True),
        _line("sqlite", machine.sqlite >= SQLITE, _dotted(machine.sqlite), "the index",
              f"install a Python with SQLite {_dotted(SQLITE)} or newer", core=True),
        _line("sqlite full text", machine.full_text, "FTS5" if machine.full_text else "no FTS5", "search",
              "install a Python whose SQLite has FTS5", core=True),
        *(
            _line(f"library {name}", bool(machine.libraries.get(name)), machine.libraries.get(name) or "not installed",
                  purpose, f"pip install {EXTRAS.get(name, name)}", core=name in CORE_LIBRARIES)
            for name, purpose in LIBRARIES.items()
        ),
    )  # fmt: skip


def _programs(machine: Machine) -> tuple[Line, ...]:
    recognition = "text in scans and photographs"
    languages = machine.languages
    return (
        _program("tesseract", machine.tesseract, recognition, "tesseract-ocr"),
        *(
            _line(f"tesseract {code}", None if languages is None else code in languages,
                  _told(None if languages is None else code in languages, "installed", "not installed"),
                  f"{recognition}, in {language}", f"install tesseract-ocr-{code} (Debian's name)")
            for code, language in LANGUAGES.items()
        ),
        _program("ffmpeg", machine.ffmpeg, "frames and sound of video", "ffmpeg"),
        _program("git", machine.git, "fetching new versions of Probanda", "git"),
    )  # fmt: skip


def _program(name: str, version: str | None, purpose: str, package: str) -> Line:
    holds = None if version is None else bool(version)
    found = "it is there and does not answer" if version is None else version or "not installed"
    return _line(name, holds, found, purpose, f"install {package} (Debian's name)")


def _folder(machine: Machine) -> tuple[Line, ...]:
    free = machine.free_bytes
    return (
        _line("free space", None if free is None else free >= FREE_BYTES,
              "cannot be told" if free is None else f"{free / 2**30:,.1f} GiB free at {machine.folder}",
              "blobs: everything that is added, and what is derived from it", "make room, or use another disk"),
        _line("durable writes", machine.syncs, _told(machine.syncs, "the disk takes fsync", "fsync is refused"),
              "what was acknowledged survives a power cut", "keep the case on a local disk", core=True),
        _line("hard links", machine.links, _told(machine.links, "there are", "there are none"),
              "blobs appear whole or not at all", "keep the case on a file system with hard links (not FAT, exFAT)",
              core=True),
        _line("case of names", machine.case_sensitive,
              _told(machine.case_sensitive, "told apart", "not told apart: A.txt and a.txt are one name"),
              "folders that are added: two files whose names differ in case only are one here",
              "nothing needs to be done for the case folder itself; unpack foreign archives with `probanda add`"),
        _line("disk encryption", machine.encrypted, _told(machine.encrypted, "dm-crypt", "not encrypted"),
              "a lost or seized machine gives nothing away",
              "see in the system's settings (LUKS, BitLocker, FileVault); encrypt the disk before witnesses' names go "
              "on it"),
    )  # fmt: skip


def _system(machine: Machine) -> tuple[Line, ...]:
    plausible = machine.released <= machine.year < machine.released + 30
    files = machine.open_files
    return (
        _line("clock", plausible, f"year {machine.year}, time zone {machine.zone or 'not known'}",
              "the times that entries state (UTC)", "set the clock; entries keep the time that it showed", core=True),
        _line("processors", None if machine.cpus is None else True,
              "cannot be told" if machine.cpus is None else f"{machine.cpus} for this process",
              "as many items are read at once", "give their number: probanda run --workers N"),
        _line("open files", None if files is None else files >= OPEN_FILES,
              "cannot be told" if files is None else f"at most {files:,}", "blobs and workers",
              f"raise the limit: ulimit -n {OPEN_FILES * 4}"),
    )  # fmt: skip


def _told(fact: bool | None, yes: str, no: str) -> str:
    return "cannot be told" if fact is None else yes if fact else no


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
