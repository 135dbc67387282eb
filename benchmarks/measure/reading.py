"""How many reports a second one core reads, and in how much memory; measured in a process of its own.

Each report of about 2 kB is one of the development texts, lengthened by paragraphs of another of them and a line of its
own, so that no two are alike and nothing can be remembered of a text. Start-up (imports, word lists, gazetteer, one
reading) is not counted; the first pass over the texts, with whatever is still to be learned, is told separately.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import cast

from measure.rows import Row, Setting, Target

GOLD = Path(__file__).parents[2] / "tests" / "gold" / "dev"
CHARACTERS = 2000
_PUBLISHED = "2031-05-14"


def texts(folder: Path = GOLD) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]


def reports(sources: list[str]) -> Iterator[str]:
    """Endless, no two alike, `CHARACTERS` long or a little more; each source leads in turn."""
    number = 0
    while True:
        lead = number % len(sources)
        other = (lead + 1 + number // len(sources)) % len(sources)
        paragraphs = [sources[lead].rstrip(), f"This is dispatch {number + 1} of the day."]
        following = sources[other:] + sources[:other]  # the next of them too, where the other is short
        for paragraph in "\n\n".join(following).split("\n\n"):
            if sum(map(len, paragraphs)) >= CHARACTERS:
                break
            paragraphs.append(paragraph.strip())
        yield "\n\n".join(paragraphs) + "\n"
        number += 1


def _reader(models: bool) -> Callable[[str], object]:
    """The reading by the rules; with `models` also by the English model, agreed and disagreed."""
    if not models:
        from probanda.extract.read import read

        return lambda text: read(text, _PUBLISHED)
    from probanda.extract.plugins.english import EnglishExtractor
    from probanda.extract.plugins.proposal import proposed
    from probanda.extract.plugins.reading import read_with

    model = EnglishExtractor()
    return lambda text: read_with(text, _PUBLISHED, "en", [proposed(model, text, _PUBLISHED, "en")])


def measure(passes: int, *, models: bool = False) -> dict[str, float]:
    """Run in a process of its own: wall and processor time of each pass over as many reports as there are sources."""
    begun = time.perf_counter()
    read = _reader(models)
    sources = texts()
    stream = reports(sources)
    read(next(stream))
    started = time.perf_counter() - begun
    walls, processors, sizes = [], [], []
    for _ in range(passes):
        batch = list(islice(stream, len(sources)))
        wall, processor = time.perf_counter(), time.process_time()
        for text in batch:
            read(text)
        walls.append((time.perf_counter() - wall) / len(batch))
        processors.append((time.process_time() - processor) / len(batch))
        sizes += [len(text.encode()) for text in batch]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "per_second": 1 / median(walls),
        "least": 1 / max(walls),
        "most": 1 / min(walls),
        "per_processor_second": 1 / median(processors),
        "first_pass": 1 / walls[0],
        "start_s": started,
        "peak_mb": peak / 1e6,
        "sources": len(sources),
        "reports": len(sizes),
        "mean_bytes": sum(sizes) / len(sizes),
    }


def _alone(passes: int, *options: str) -> dict[str, float]:
    """`measure` in a process of its own, with one thread for whatever libraries calculate in."""
    command = [sys.executable, str(Path(__file__).parents[1] / "speed.py"), "--reading-only", str(passes), *options]
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=one).stdout
    return cast("dict[str, float]", json.loads(told))


def extract_with_models(setting: Setting) -> list[Row]:
    from probanda.extract.plugins.english_parser import missing

    absent = missing()
    if absent is not None:
        setting.say(f"extract-models is left out: {absent}")
        return []
    found = _alone(setting.count(10, least=2), "--with-models")
    what = f"`extract` with the English model, {found['reports']:,} reports of {found['mean_bytes']:,.0f} bytes"
    return [
        Row(
            "extract-models", what, "reports/s", found["per_second"], None, "", None, found["least"], found["most"],
            Target("ours", "≥", 20), found,
        )
    ]  # fmt: skip


def extract(setting: Setting) -> list[Row]:
    found = _alone(setting.count(20, least=2))
    what = f"`extract`, {found['reports']:,} different reports of {found['mean_bytes']:,.0f} bytes"
    rate = Row(
        "extract", what, "reports/s", found["per_second"], None, "", None, found["least"], found["most"],
        Target("ours", "≥", 50), found,
    )  # fmt: skip
    memory = Row(
        "extract-memory", "`extract`, peak memory of the process", "MB", found["peak_mb"], None, "", None,
        found["peak_mb"], found["peak_mb"], Target("ours", "<", 600),
    )  # fmt: skip
    return [rate, memory]
