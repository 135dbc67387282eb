"""How many reports a second one core reads, and in how much memory; measured in a process of its own.

Each report of about 2 kB is one of the development texts, lengthened by paragraphs of another of them and a line of its
own, so that no two are alike and nothing can be remembered of a text. Start-up (imports, word lists, gazetteer, one
reading) is not counted; the first pass over the texts, with whatever is still to be learned, is told separately.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

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


def measure(passes: int) -> dict[str, float]:
    """Run in a process of its own: wall and processor time of each pass over as many reports as there are sources."""
    begun = time.perf_counter()
    from probanda.extract.read import read

    sources = texts()
    stream = reports(sources)
    read(next(stream), _PUBLISHED)
    started = time.perf_counter() - begun
    walls, processors, sizes = [], [], []
    for _ in range(passes):
        batch = list(islice(stream, len(sources)))
        wall, processor = time.perf_counter(), time.process_time()
        for text in batch:
            read(text, _PUBLISHED)
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


def extract(setting: Setting) -> list[Row]:
    passes = setting.count(20, least=2)
    command = [sys.executable, str(Path(__file__).parents[1] / "speed.py"), "--reading-only", str(passes)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
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
