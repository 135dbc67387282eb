"""What the pipeline costs for an item whose step costs nothing: work list, worker, log, index."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from measure import trivial
from measure.material import write_files
from measure.rows import Row, Setting, Target, Timed, alternate, timed
from probanda.archive import Archive
from probanda.index.work import Group, captured
from probanda.pipeline import Stage
from probanda.steps.step import Step


def overhead(setting: Setting) -> Row:
    """A step with no output. Workers are started within the time that is measured."""
    return _measure(
        setting, "pipeline", trivial.COUNT, "`run` of a step without output", "read and digest in a bare loop",
        Target("ours", "<", 1.0),
    )  # fmt: skip


def overhead_with_output(setting: Setting) -> Row:
    """A step with one small output each, which must be on the disk before it is reported: no target, the disk's."""
    return _measure(
        setting, "pipeline-output", trivial.REVERSE, "`run` of a step with one small output",
        "read, digest, write and fsync in a bare loop", None,
    )  # fmt: skip


def _measure(setting: Setting, name: str, step: Step, what: str, peer_is: str, target: Target | None) -> Row:
    count = setting.count(5000, least=2)
    sources = write_files(setting.folder / "tiny", count, 64, seed=5)
    with Archive.create(setting.folder / "case", "Measured", "Measurer") as archive:
        archive.add(sources)
        seconds = alternate(_running(archive, step, count), _bare(setting.folder, sources, step), setting.rounds)
    ours, peer = ([1000 * second / count for second in side] for side in seconds)
    shares = [theirs / mine for mine, theirs in zip(ours, peer, strict=True)]
    return Row(
        name, f"{what}, {count:,} items", "ms/item", median(ours), median(peer), peer_is, median(shares),
        min(ours), max(ours), target,
    )  # fmt: skip


def _running(archive: Archive, step: Step, count: int) -> Timed:
    def once(number: int) -> float:
        def wanted(alias: str) -> Iterator[Group]:
            """The same captures under a parameter of their own: requests that no earlier round answered."""
            return (replace(group, parameters={"round": number}) for group in captured(alias))

        with timed() as watch:
            report = archive.run(stages=[Stage(step, wanted)])
        if report.counted != {step.name: {"succeeded": count}}:
            raise RuntimeError(f"our own fault: expected {count} results, found {report.counted}")
        return watch.seconds

    return once


def _bare(folder: Path, sources: list[Path], step: Step) -> Timed:
    """What remains without requests, isolation, log and index."""

    def once(number: int) -> float:
        target = folder / "bare"
        target.mkdir()
        with timed() as watch:
            for place, path in enumerate(sources):
                data = path.read_bytes()
                digest = hashlib.sha256(data).hexdigest()
                result = step.run(step.request(digest, parameters={"round": number}), {digest: data})
                for output in result.outputs:
                    with (target / str(place)).open("wb", buffering=0) as file:
                        file.write(output.data)
                        os.fsync(file.fileno())
        shutil.rmtree(target)
        return watch.seconds

    return once
