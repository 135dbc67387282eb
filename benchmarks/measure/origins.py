"""Who copies whom among made articles: ours and MinHash LSH, each in a process of its own over the same file.

The file holds the texts one after the other, in UTF-8, and is read as both go; making it is not timed. Ours reads each
text twice and more: to fingerprint it, and again for each pair whose words are compared. Memory is the peak of what the
process held in memory at once, all included (`ru_maxrss`).

The peer is datasketch's MinHash LSH as its documentation shows it: sets of 5-word shingles, 128 permutations, 32 bands
of 4 rows (it then proposes most pairs with a Jaccard similarity from 0.4 on), the words cut and folded as ours are. A
pair that it proposes counts as found; it names no words.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from measure.planted import KINDS, News
from probanda.corroborate.passage_index import PassageIndex
from probanda.corroborate.words import fold, split

_STRENGTHS = ("possible", "likely", "certain")
_SAY_EVERY = 50_000
PERMUTATIONS, BANDS, ROWS, SHINGLE = 128, 32, 4, 5


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that lie in a folder, by their number."""

    folder: Path

    @staticmethod
    def at(folder: Path, news: News, size: int) -> Texts:
        """Those that lie there, where they are as many, else made now and kept."""
        found = Texts(folder)
        if not (folder / "ends.npy").exists() or len(found.ends()) != size + 1:
            folder.mkdir(parents=True, exist_ok=True)
            Texts.write(folder, news, size)
        return found

    @staticmethod
    def write(folder: Path, news: News, size: int) -> Texts:
        ends = np.zeros(size + 1, np.int64)
        with (folder / "texts").open("wb") as file:
            for number in range(size):
                data = news.text(number).encode()
                file.write(data)
                ends[number + 1] = ends[number] + len(data)
                if number % _SAY_EVERY == 0:
                    print(f"made {number:,} of {size:,}", file=sys.stderr)
        np.save(folder / "ends.npy", ends)
        return Texts(folder)

    def ends(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.load(self.folder / "ends.npy")
        return found

    def first(self, size: int) -> Iterator[tuple[str, str]]:
        ends = self.ends()
        with (self.folder / "texts").open("rb") as file:
            for number in range(size):
                yield str(number), file.read(int(ends[number + 1] - ends[number])).decode()


@dataclass(frozen=True, slots=True)
class Found:
    """`links` are pairs of numbers with the strength of the link (0: possible), the earlier number first; seconds of
    wall time, of the parts named, and of processor time."""

    articles: int
    seconds: dict[str, float]
    processor_s: float
    peak_mb: float
    links: NDArray[np.int64]

    @property
    def total_s(self) -> float:
        return sum(self.seconds.values())


def ours(held: Path, size: int, folder: Path) -> dict[str, object]:
    """Run in a process of its own, which writes the pairs to `folder`."""
    texts = Texts(held)
    ends = texts.ends()
    watch = _Watch()
    index = PassageIndex(folder / "index")
    index.add(_counted(texts.first(size)))
    watch.lap("fingerprints")
    links: list[tuple[int, int, int]] = []
    with (held / "texts").open("rb") as file:

        def text(key: str) -> str:
            number = int(key)
            file.seek(int(ends[number]))
            return file.read(int(ends[number + 1] - ends[number])).decode()

        for one in index.shared(text):
            if not links:
                watch.lap("pairs")
            links.append((int(one.left), int(one.right), _STRENGTHS.index(one.confidence)))
    watch.lap("words compared")
    np.save(folder / "found.npy", np.array(links, np.int64).reshape(-1, 3))
    return watch.told()


def peer(held: Path, size: int, folder: Path) -> dict[str, object]:
    """Run in a process of its own."""
    from datasketch import MinHash, MinHashLSH

    watch = _Watch()
    table = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    links: list[tuple[int, int, int]] = []
    for key, text in _counted(Texts(held).first(size)):
        words = [fold(word) for word in split(text)]
        shingles = {" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1)}
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(list(shingles))
        links += [(int(other), int(key), 1) for other in table.query(sketch)]
        table.insert(key, sketch)
    watch.lap("sketches and table")
    np.save(folder / "found.npy", np.array(links, np.int64).reshape(-1, 3))
    return watch.told()


SIDES = {"ours": ours, "peer": peer}


def measured(side: str, texts: Texts, size: int, folder: Path) -> Found:
    """Raises `CalledProcessError` where the process fails."""
    program = str(Path(__file__).parents[1] / "origins_speed.py")
    command = [sys.executable, program, "--side", side, "--articles", str(size)]
    command += ["--texts", str(texts.folder), "--folder", str(folder)]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return Found(size, told["seconds"], told["processor_s"], told["peak_mb"], np.load(folder / "found.npy"))


def recalls(news: News, found: Found) -> dict[str, dict[str, float]]:
    """For each kind of copy how many were planted, and the share found, by any link and by one that is more than
    possible."""
    strength = {(left, right): strong for left, right, strong in found.links.tolist()}
    planted, by_any, by_likely = Counter[str](), Counter[str](), Counter[str]()
    for number in range(found.articles):
        copy = news.copy(number)
        if copy is not None:
            strong = strength.get((copy.of, number))
            planted[copy.kind] += 1
            by_any[copy.kind] += strong is not None
            by_likely[copy.kind] += bool(strong)
    return {
        kind: {
            "planted": planted[kind],
            "any": by_any[kind] / max(1, planted[kind]),
            "likely": by_likely[kind] / max(1, planted[kind]),
        }
        for kind in KINDS
    }


def false(news: News, found: Found) -> dict[str, int]:
    """How many pairs were found, and how many of them have no common origin, by any link and by a likely one."""
    origins = np.array([news.origin(number) for number in range(found.articles)])
    wrong = origins[found.links[:, 0]] != origins[found.links[:, 1]]
    likely = found.links[:, 2] > 0
    return {
        "pairs": len(wrong),
        "false": int(wrong.sum()),
        "likely": int(likely.sum()),
        "likely_false": int((wrong & likely).sum()),
    }


class _Watch:
    def __init__(self) -> None:
        self._begun = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._seconds[name], self._begun = now - self._begun, now
        print(f"{name}: {self._seconds[name]:.0f} s", file=sys.stderr)

    def told(self) -> dict[str, object]:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return {"seconds": self._seconds, "processor_s": time.process_time(), "peak_mb": peak / 1e6}


def _counted(texts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(texts, 1):
        yield one
        if number % _SAY_EVERY == 0:
            print(f"read {number:,}", file=sys.stderr)
