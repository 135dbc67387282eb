"""What a case costs when it is handed on and checked: bundles, a log of a million entries, one item shown alone."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Final

from measure.long_log import write_long_log
from measure.material import write_files
from measure.rows import MEGABYTE, Row, Setting, Target, alternate, rate_row, timed
from probanda.archive import Archive
from probanda.preserve import kit
from probanda.preserve.tiles import Tiles, write_tiles
from probanda.preserve.verify import verify
from probanda.records.protection import Protection

_BUFFER: Final = 1 << 20
_PROOFS: Final = 1000
_PEAK = """
import resource, sys
from pathlib import Path
from probanda.preserve.verify import verify
report = verify(Path(sys.argv[1]))
print(report.ok, report.entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def verify_small(setting: Setting) -> Row:
    """20,000 objects of 2 KB: what names, entries, openings and signatures cost where bytes do not prevail."""
    count = setting.count(20_000)
    case = _case(setting.folder, count, 2_000, seed=11)
    blobs = sorted((case / "blobs" / "sha256").glob("??/*"))
    ours, peer = alternate(lambda _: _verified(case), lambda _: _hashed(blobs), setting.rounds)
    return rate_row(
        "verify-small", f"`verify` of a case of {count:,} items of 2 KB, every signature checked", "objects/s", count,
        ours, peer, "open and SHA-256 of the same files", Target("ours", "≥", 2000),
    )  # fmt: skip


def bundle_large(setting: Setting) -> list[Row]:
    """1 GB handed on, and the bundle checked beside bagit-python."""
    case = _case(setting.folder, 4, setting.count(250 * MEGABYTE, least=1000), seed=12)
    blobs = sorted((case / "blobs" / "sha256").glob("??/*"))
    megabytes = sum(path.stat().st_size for path in blobs) / MEGABYTE
    out, copy = setting.folder / "out", setting.folder / "copy"

    def ours(_: int) -> float:
        shutil.rmtree(out, ignore_errors=True)
        with Archive.open(case) as archive, timed() as watch:
            archive.bundle(out)
        return watch.seconds

    def copied(_: int) -> float:
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        buffer = memoryview(bytearray(_BUFFER))
        with timed() as watch:
            for path in blobs:
                hasher = hashlib.sha256()
                with path.open("rb", buffering=0) as source, (copy / path.name).open("wb", buffering=0) as target:
                    while count := source.readinto(buffer):
                        hasher.update(buffer[:count])
                        target.write(buffer[:count])
                    os.fsync(target.fileno())
        return watch.seconds

    made = rate_row(
        "bundle", f"`bundle` of {megabytes:,.0f} MB in {len(blobs)} files", "MB/s", megabytes,
        *alternate(ours, copied, setting.rounds), "copy, SHA-256 and fsync of the same files",
        Target("share", "≥", 0.5),
    )  # fmt: skip
    shutil.rmtree(copy, ignore_errors=True)
    checked = rate_row(
        "verify-bundle", f"`verify` of that bundle ({megabytes:,.0f} MB)", "MB/s", megabytes,
        *alternate(lambda _: _verified(out), lambda _: _validated(out), setting.rounds),
        "bagit-python validates the same bag, one process", None,
    )  # fmt: skip
    return [made, checked]


def bundle_small(setting: Setting) -> Row:
    """A bundle of many small things, checked beside bagit-python, which looks at bytes alone."""
    count = setting.count(5_000)
    case = _case(setting.folder, count, 2_000, seed=13)
    out = setting.folder / "out"
    with Archive.open(case) as archive:
        archive.bundle(out)
    return rate_row(
        "verify-bundle-small", f"`verify` of a bundle of {count:,} items of 2 KB, with its proofs", "items/s", count,
        *alternate(lambda _: _verified(out), lambda _: _validated(out), setting.rounds),
        "bagit-python validates the same bag, one process", None,
    )  # fmt: skip


def long_log(setting: Setting) -> list[Row]:
    """A log of 1,000,000 entries: checked by the kit's sixty lines and by the library, and one item shown."""
    entries = setting.count(1_000_000, least=300)
    case = write_long_log(setting.folder, entries, setting.say)
    data, log = setting.folder / "data", case / "log" / "entries.jsonl"
    (data / "log").mkdir(parents=True)
    (data / "log" / "entries.jsonl").symlink_to(log)
    shutil.copy(case / "probanda.json", data / "case.json")
    with timed() as tiling:
        head = write_tiles(_lines(log), setting.folder / "tiles")
    origin = json.loads((data / "case.json").read_bytes())["id"].replace("case:", "probanda/")
    (data / "log" / "checkpoint").write_text(f"{origin}\n{head.size}\n{_base64(head.root)}\n\n(not signed here)\n")
    script = Path(kit.__file__).parent / "verify_log.py"

    def checked(_: int) -> float:
        with timed() as watch:
            subprocess.run([sys.executable, "-I", script, data], check=True, capture_output=True)
        return watch.seconds

    def hashed(_: int) -> float:
        with timed() as watch:
            for line in _lines(log):
                hashlib.sha256(b"\0" + line)
        return watch.seconds

    rounds = min(setting.rounds, 3)
    ours, peer = alternate(checked, hashed, rounds, warm_up=False)
    setting.say("verify of the whole case")
    with timed() as whole:
        done = subprocess.run([sys.executable, "-c", _PEAK, case], check=True, capture_output=True, text=True).stdout
    ok, found, peak = done.split()
    if ok != "True" or int(found) != entries:
        raise RuntimeError(f"our own fault: {done}")
    return [
        _seconds("log-kit", f"`verify_log.py` over a log of {entries:,} entries: form, numbers, chain, root", ours,
                 peer, "read the lines and hash each", Target("ours", "<", 10)),
        _single("log-verify", f"`verify` of that case: every signature and opening too ({entries:,} entries, "
                f"{2 * entries:,} openings)", "s", whole.seconds, None),
        _single("log-memory", "peak memory of that `verify`", "MB", int(peak) * 1024 / MEGABYTE,
                Target("ours", "<", 300)),
        _single("log-tiles", "writing that log's tiles", "s", tiling.seconds, None),
        _proofs(setting.folder / "tiles", head.size),
    ]  # fmt: skip


def _proofs(folder: Path, size: int) -> Row:
    """The time of one proof, of entries far apart, with nothing remembered from another proof."""
    chance, spent = random.Random(14), []
    for _ in range(_PROOFS):
        index = chance.randrange(size)
        begun = time.perf_counter()
        Tiles(folder, size).inclusion(index)
        spent.append((time.perf_counter() - begun) * 1000)
    return Row(
        "proof", f"the proof of one entry of {size:,}, from its tiles", "ms", median(spent), None, "", None, min(spent),
        sorted(spent)[int(len(spent) * 0.99)], Target("ours", "<", 1),
    )  # fmt: skip


def _case(folder: Path, count: int, size: int, seed: int) -> Path:
    sources = write_files(folder / "sources", count, size, seed)
    with Archive.create(folder / "case", "Measured", "Measurer") as archive:
        archive.add([sources[0].parent], protection=Protection("public"))
    shutil.rmtree(folder / "sources")
    return folder / "case"


def _verified(place: Path) -> float:
    with timed() as watch:
        report = verify(place)
    if not report.ok:
        raise RuntimeError(f"our own fault: {report.summary}")
    return watch.seconds


def _validated(bag: Path) -> float:
    bagit = _bagit()
    with timed() as watch:
        bagit.Bag(str(bag)).validate(processes=1)
    return watch.seconds


def _bagit() -> ModuleType:
    import logging

    import bagit

    logging.getLogger("bagit").setLevel(logging.ERROR)
    found: ModuleType = bagit
    return found


def _hashed(paths: list[Path]) -> float:
    with timed() as watch:
        for path in paths:
            with path.open("rb", buffering=0) as file:
                hashlib.file_digest(file, "sha256")
    return watch.seconds


def _lines(log: Path) -> Iterator[bytes]:
    with log.open("rb") as file:
        for line in file:
            yield line[:-1]


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _seconds(name: str, what: str, ours: list[float], peer: list[float], peer_is: str, target: Target) -> Row:
    shares = [theirs / mine for mine, theirs in zip(ours, peer, strict=True)]
    return Row(name, what, "s", median(ours), median(peer), peer_is, median(shares), min(ours), max(ours), target)


def _single(name: str, what: str, unit: str, value: float, target: Target | None) -> Row:
    return Row(name, what, unit, value, None, "", None, value, value, target)


ROWS: dict[str, tuple[Callable[[Setting], Row | list[Row]], int]] = {
    # what is measured, and the most megabytes on the disk at once
    "verify-small": (verify_small, 400),
    "bundle": (bundle_large, 4200),
    "bundle-small": (bundle_small, 300),
    "long-log": (long_log, 5000),
}
