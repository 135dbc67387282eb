"""doctor: what this machine can and cannot do, and which items of a case wait for something that it lacks.

Guarantees: nothing is changed but for a temporary folder, which goes again: it is made where blobs are written, since
only there the file system can be tried. Of a guarded item that waits it tells the step alone. A program is asked for
its version and for nothing else, for ten seconds.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.opened import opened
from probanda.cli.output import FAILED, OK, CommandError, say, say_json
from probanda.records.codec import to_json
from probanda.report.machine import LIBRARIES, Line, Machine, able, case_line, examine

if TYPE_CHECKING:
    from probanda.report.snapshot import FailureRow

RELEASED = 2026
_PATIENCE_S = 10.0
_MARKS = {"works": "works", "missing": "MISSING", "unknown": "unknown"}


def doctor(case: Path | None, *, as_json: bool) -> int:
    folder = case if case is not None else Path.cwd()
    if case is not None and not case.is_dir():
        raise CommandError(f"expected a case folder at {case}, found none", kind="NotACase")
    lines = (*examine(gathered(folder)), *_of_the_case(case))
    waiting = _waiting(case)
    good = able(lines)
    if as_json:
        told = None if waiting is None else [to_json(row) for row in waiting]
        say_json({"ok": good, "lines": [to_json(line) for line in lines], "waiting": told})
        return OK if good else FAILED
    for line in lines:
        say(f"{_MARKS[line.outcome]:<8} {line.name:<24} {line.found}")
        if line.remedy is not None:
            needed = "needed for" if line.core else "for"
            say(f"{'':<33} {needed} {line.purpose}; {line.remedy}")
    for row in waiting or ():
        say(f"waits    {row.step}: {row.name or 'an item'}: {row.reason}")
    if case is not None and waiting is None:
        say("Which items wait is not looked at: the case is encrypted, and its passphrase was not given.")
    if waiting is not None:
        say(f"{len(waiting)} items wait for something that was missing; after installing it: probanda run {case}")
    say("Everything that the core needs is there." if good else "Something that the core needs is missing: see above.")
    return OK if good else FAILED


def _of_the_case(case: Path | None) -> tuple[Line, ...]:
    from probanda.preserve.manifest import read_manifest

    return () if case is None else (case_line(read_manifest(case).recipient is not None),)


def _waiting(case: Path | None) -> list[FailureRow] | None:
    """Items of the case that wait; `None` without a case, or without the passphrase that opens it."""
    from probanda.preserve.errors import EncryptionMissing, PassphraseMissing

    if case is None:
        return None
    try:
        with opened(case, read_only=True) as archive:
            rows = [row for row in archive.failures() if row.outcome == "unavailable"]
            sight = archive.look("doctor", [row.capture for row in rows if row.capture is not None])
            return [row if row.capture is None or sight.allows([row.capture]) else _unnamed(row) for row in rows]
    except (PassphraseMissing, EncryptionMissing):
        return None


def _unnamed(row: FailureRow) -> FailureRow:
    """That a guarded item waits, and for which step: opened for reading only, this command records no look at it."""
    return replace(row, capture=None, name=None, reason="a guarded item; probanda items shows which")


def gathered(folder: Path) -> Machine:
    """The facts of this machine, and of the file system at `folder`."""
    where = folder / "blobs" / "tmp" if (folder / "blobs" / "tmp").is_dir() else folder
    syncs, links, case_sensitive = _tried(where)
    now = datetime.now().astimezone()
    return Machine(
        python=sys.version_info[:3],
        sqlite=sqlite3.sqlite_version_info,
        full_text=_full_text(),
        libraries={name: _installed(name) for name in LIBRARIES},
        tesseract=_answer("tesseract", "--version"),
        languages=_languages(),
        ffmpeg=_answer("ffmpeg", "-version"),
        git=_answer("git", "--version"),
        folder=str(folder),
        free_bytes=_free(folder),
        syncs=syncs,
        links=links,
        case_sensitive=case_sensitive,
        encrypted=_encrypted(where),
        year=now.year,
        zone=now.tzname(),
        released=RELEASED,
        cpus=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        open_files=_open_files(),
    )


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _full_text() -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE tried USING fts5(words)")
        except sqlite3.OperationalError:
            return False
    return True


def _asked(program: str, *options: str) -> list[str] | None:
    """The lines that a program prints; none where it is not installed, `None` where it does not answer."""
    found = shutil.which(program)
    if found is None:
        return []
    try:
        done = subprocess.run(
            [found, *options], stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return (done.stdout or done.stderr).decode("utf-8", "replace").splitlines() or None


def _answer(program: str, option: str) -> str | None:
    lines = _asked(program, option)
    return None if lines is None else lines[0][:100] if lines else ""


def _languages() -> tuple[str, ...] | None:
    lines = _asked("tesseract", "--list-langs")
    return None if lines is None else tuple(line.strip() for line in lines[1:])


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _tried(folder: Path) -> tuple[bool | None, bool | None, bool | None]:
    """Whether files and folders are synced there, whether hard links are made, whether "a" and "A" are two names; all
    `None` where nothing may be written."""
    try:
        with tempfile.TemporaryDirectory(prefix="probanda-doctor-", dir=folder) as name:
            made = Path(name)
            (made / "a").write_bytes(b"a")
            return _works(made / "a"), _linked(made), not (made / "A").exists()
    except OSError:
        return None, None, None


def _works(path: Path) -> bool:
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:
            return False
        finally:
            os.close(handle)
    return True


def _linked(folder: Path) -> bool:
    try:
        (folder / "b").hardlink_to(folder / "a")
    except OSError:
        return False
    return True


def _encrypted(folder: Path) -> bool | None:
    """Whether the device under `folder`, or one that it rests on, is dm-crypt's. Only ever `True` or "cannot be told":
    a disk may encrypt itself, or the system below a virtual machine may."""
    if platform.system() != "Linux":
        return None
    try:
        device = folder.stat().st_dev
        waiting = [Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()]
        while waiting:
            block = waiting.pop()
            uuid = block / "dm" / "uuid"
            if uuid.is_file() and uuid.read_text().startswith("CRYPT-"):
                return True
            if (block / "slaves").is_dir():
                waiting += [found.resolve() for found in (block / "slaves").iterdir()]
    except OSError:
        return None
    return None


def _open_files() -> int | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft
