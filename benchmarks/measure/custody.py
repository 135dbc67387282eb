"""add, verify and rebuild, beside the bare loops that no custody can beat."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from measure.material import write_files
from measure.rows import MEGABYTE, Row, Setting, Target, alternate, rate_row, timed
from probanda.archive import Archive
from probanda.preserve.verify import verify

_BUFFER = 1 << 20


def add_small(setting: Setting) -> Row:
    """1,000 files of 20 KB: the price of names, digests, signatures, openings and index for small things."""
    count, size = setting.count(1000), 20_000
    sources = write_files(setting.folder / "small", count, size, seed=1)
    contents = [path.read_bytes() for path in sources]

    def bare(target: Path) -> None:
        for number, data in enumerate(contents):
            with (target / str(number)).open("wb", buffering=0) as file:
                file.write(data)
                os.fsync(file.fileno())

    ours, peer = alternate(_adding(setting.folder, sources), _into_new(setting.folder, bare), setting.rounds)
    return rate_row(
        "add-small", f"`add` of {count:,} files of 20 KB", "files/s", count, ours, peer,
        "write and fsync the same files", Target("share", "≥", 0.5),
    )  # fmt: skip


def add_large(setting: Setting) -> Row:
    """1 GB in four files: the price of custody where bytes prevail."""
    sources = _large_files(setting, seed=2)
    amount = sum(path.stat().st_size for path in sources)

    def bare(target: Path) -> None:
        buffer = memoryview(bytearray(_BUFFER))
        for path in sources:
            hasher = hashlib.sha256()
            with path.open("rb", buffering=0) as source, (target / path.name).open("wb", buffering=0) as file:
                while count := source.readinto(buffer):
                    hasher.update(buffer[:count])
                    file.write(buffer[:count])
                os.fsync(file.fileno())

    ours, peer = alternate(_adding(setting.folder, sources), _into_new(setting.folder, bare), setting.rounds)
    megabytes = amount / MEGABYTE
    return rate_row(
        "add-large", f"`add` of {megabytes:,.0f} MB in {len(sources)} files", "MB/s", megabytes, ours, peer,
        "copy, SHA-256 and fsync of the same files", Target("share", "≥", 0.7),
    )  # fmt: skip


def verify_case(setting: Setting) -> Row:
    """All checks over a case of 1 GB, the blobs in memory so that the disk hides nothing."""
    sources = _large_files(setting, seed=3)
    case = setting.folder / "case"
    with Archive.create(case, "Measured", "Measurer") as archive:
        archive.add(sources)
    for path in sources:
        path.unlink()
    blobs = sorted((case / "blobs" / "sha256").glob("??/*"))
    amount = sum(path.stat().st_size for path in blobs)

    def ours(_: int) -> float:
        with timed() as watch:
            report = verify(case)
        if not report.ok:
            raise RuntimeError(f"our own fault: {report.summary}")
        return watch.seconds

    def peer(_: int) -> float:
        with timed() as watch:
            for path in blobs:
                with path.open("rb", buffering=0) as file:
                    hashlib.file_digest(file, "sha256")
        return watch.seconds

    seconds = alternate(ours, peer, setting.rounds)
    return rate_row(
        "verify", f"`verify` of a case of {amount / MEGABYTE:,.0f} MB", "MB/s", amount / MEGABYTE, *seconds,
        "`hashlib.file_digest`, SHA-256, one core", Target("share", "≥", 0.8),
    )  # fmt: skip


def rebuild(setting: Setting) -> Row:
    """The index made anew from log and openings; the peer reads the same lines and keeps them in a bare table."""
    count = setting.count(10_000)
    case = setting.folder / "case"
    with Archive.create(case, "Measured", "Measurer") as archive:
        archive.add([write_files(setting.folder / "tiny", count, 200, seed=4)[0].parent])
    log = case / "log" / "entries.jsonl"

    def ours(_: int) -> float:
        with timed() as watch:
            Archive.rebuild(case)
        return watch.seconds

    def peer(number: int) -> float:
        path = setting.folder / f"bare-{number}.sqlite"
        with timed() as watch, log.open("rb") as lines:
            table = sqlite3.connect(path)
            table.execute("PRAGMA journal_mode=WAL")
            table.execute("PRAGMA synchronous=FULL")
            table.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, leaf TEXT, line BLOB)")
            rows = ((json.loads(line)["seq"], hashlib.sha256(b"\0" + line[:-1]).hexdigest(), line) for line in lines)
            table.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
            table.commit()
            table.close()
        path.unlink()
        return watch.seconds

    seconds = alternate(ours, peer, setting.rounds)
    return rate_row(
        "rebuild", f"`rebuild` of the index of {count:,} captures", "captures/s", count, *seconds,
        "parse, hash and insert the log's lines into one table", None,
    )  # fmt: skip


def _large_files(setting: Setting, seed: int) -> list[Path]:
    return write_files(setting.folder / "large", 4, setting.count(250 * MEGABYTE, least=1000), seed)


def _adding(folder: Path, sources: Sequence[Path]) -> Callable[[int], float]:
    """`add` into a case that was made before the clock starts and goes afterwards."""

    def once(_: int) -> float:
        case = folder / "case"
        with Archive.create(case, "Measured", "Measurer") as archive, timed() as watch:
            report = archive.add(sources)
        if len(report.captures) != len(sources):
            raise RuntimeError(f"our own fault: {len(report.failures)} files could not be added")
        shutil.rmtree(case)
        return watch.seconds

    return once


def _into_new(folder: Path, work: Callable[[Path], None]) -> Callable[[int], float]:
    def once(_: int) -> float:
        target = folder / "bare"
        target.mkdir()
        with timed() as watch:
            work(target)
        shutil.rmtree(target)
        return watch.seconds

    return once
