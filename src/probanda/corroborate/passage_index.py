"""An index of fingerprints in a folder, for more texts than fit in memory.

Guarantees: the passages that `PassageIndex.shared` finds are those of `shared_passages` for the same texts in the same
order, however they were added and in however many parts; a text whose key is there is never hashed again; memory grows
by some hundred bytes for each text and each link, not with the length of the texts (a single text is held whole).

The folder is a cache: it can be deleted at any time, and one that was made by another scheme, that is damaged or that
a crash left half written is begun anew. Files that are not the index's own are left alone. One process writes at a
time; that is for the caller to see to. What lies in the folder are numbers and keys, no words; but who has a sentence
in mind can test whether some text holds it, so keep the folder as you keep the texts.

Form, in files of little-endian numbers: texts are added in *segments*; of each segment `N.hashes` (64 bits) and
`N.texts` (32 bits: the place of a text, the highest bit for its tail) are the fingerprints in their order, each with
its texts in order; `N.words` (32 bits) how many words each text has; `N.keys` the keys, each in JSON on a line.
`index.json` names the segments, of each its files' CRC-32 and where the fingerprints that begin with each byte begin,
and is written last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate import candidates
from probanda.corroborate.candidates import Hashes, Pairs, Places, Postings
from probanda.corroborate.fingerprints import SCHEME, WordHashes, fingerprints_together
from probanda.corroborate.shared_passages import Comparer, SharedPassages

_LIST = "index.json"
_HASH, _PLACE = np.dtype("<u8"), np.dtype("<u4")
_TOGETHER = 512  # texts hashed at once; the numbers here are arbitrary and change no result
_SEGMENT_ROWS = 4_000_000
_MOST_CHARACTERS = 20_000_000  # of texts hashed at once
_MOST_SEGMENTS = 32
_SPILLS = 64
_FIRST_BYTES = 256
_Kind = TypeVar("_Kind", np.uint64, np.uint32)


_KINDS = ("hashes", "texts", "words", "keys")
_OWN = re.compile(rf"\d+\.(?:{'|'.join(_KINDS)})")


@dataclass(frozen=True, slots=True)
class _Segment:
    """`name` is a number; `bounds` where the fingerprints of each first byte begin, and where the last end; `crc` of
    each kind of file."""

    name: int
    texts: int
    bounds: tuple[int, ...]
    crc: dict[str, int]


class _Out:
    """A file that is written from its beginning, and what it holds summed up."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.crc = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.crc = crc32(data, self.crc)

    def close(self) -> None:
        self._file.close()


class PassageIndex:
    """The index in this folder, which is made where it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._segments = _listed(folder)

    def __len__(self) -> int:
        """How many texts are there."""
        return sum(one.texts for one in self._segments)

    def add(self, texts: Iterable[tuple[str, str]]) -> int:
        """Adds each text, given as key and text, whose key is not there; returns how many. What was added before an
        exception of `texts` stays."""
        known = set(self._keys())
        hashes = WordHashes()
        before = len(self)
        new = ((key, text) for key, text in texts if key not in known and not known.add(key))  # type: ignore[func-returns-value]
        waiting: list[tuple[list[str], Hashes, Places, NDArray[np.uint32]]] = []
        try:
            for batch in _batches(new):
                found, of, words = fingerprints_together([text for _, text in batch], hashes)
                waiting.append(([key for key, _ in batch], found, of, words))
                if sum(len(one[1]) for one in waiting) >= _SEGMENT_ROWS:
                    self._write(waiting)
                    waiting = []
        finally:
            self._write(waiting)
        return len(self) - before

    def shared(self, text: Callable[[str], str | None], since: int = 0) -> Iterator[SharedPassages]:
        """What the texts share, pair by pair as it is found on their words, in the order of `shared_passages`. `text`
        gives the text of a key, `None` where it is gone: nothing is said of it then. `since` leaves out the pairs of
        which both were among the first `since` texts."""
        keys = list(self._keys())
        with TemporaryDirectory(dir=self._folder, prefix="work-") as work:
            pairs, common, shares = self._proposed(Path(work))
        pairs = pairs[candidates.apart(pairs)[1] >= since]
        comparer = Comparer(lambda place: text(keys[place]) or "", common, shares)
        yield from comparer.compared(pairs, keys.__getitem__)

    def _proposed(self, work: Path) -> tuple[Pairs, Hashes, NDArray[np.float64]]:
        """The pairs to compare, the common fingerprints, and the share of them in each text."""
        kept, frequent = np.zeros(len(self), np.int64), np.zeros(len(self), np.int64)
        everywhere = [np.zeros(0, np.uint64)]
        parts: list[int] = []
        with _Spill(work) as spill, (work / "hashes").open("wb") as hashes, (work / "texts").open("wb") as texts:
            for every in self._postings():
                rare, widespread = every.parted()
                kept += np.bincount(every.texts, minlength=len(self))
                frequent += np.bincount(widespread.texts, minlength=len(self))
                everywhere.append(np.unique(widespread.hashes))
                hashes.write(widespread.hashes.tobytes())
                texts.write(widespread.texts.tobytes())
                parts.append(len(widespread.hashes))
                spill.take(candidates.proposed(rare))
            shares = candidates.shares_of(frequent, kept)
            hashes.flush()
            texts.flush()
            at = 0
            for rows in parts:
                texts_of = _read(work / "texts", _PLACE, at, rows)
                found = Postings(_read(work / "hashes", _HASH, at, rows), texts_of, np.zeros(rows, bool))
                spill.take(candidates.among_common(found, shares))
                at += rows
        words = self._words()
        pairs = [candidates.enough([part], words) for part in spill.parts()]
        return np.sort(np.concatenate([np.zeros(0, np.uint64), *pairs])), np.sort(np.concatenate(everywhere)), shares

    def _postings(self) -> Iterator[Postings]:
        """All fingerprints, in parts of some millions, from the lowest on."""
        bounds = np.array([one.bounds for one in self._segments], np.int64).reshape(-1, _FIRST_BYTES + 1)
        totals = bounds.sum(axis=0)
        begin = 0
        while begin < _FIRST_BYTES:
            end = max(begin + 1, int(np.searchsorted(totals, totals[begin] + _SEGMENT_ROWS, "right")) - 1)
            yield self._part(begin, min(end, _FIRST_BYTES))
            begin = end

    def _part(self, begin: int, end: int) -> Postings:
        """The fingerprints whose first byte lies in [begin, end)."""
        hashes, texts = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
        for one in self._segments:
            at, rows = one.bounds[begin], one.bounds[end] - one.bounds[begin]
            hashes.append(_read(self._path(one.name, "hashes"), _HASH, at, rows))
            texts.append(_read(self._path(one.name, "texts"), _PLACE, at, rows))
        return candidates.postings(np.concatenate(hashes), np.concatenate(texts))

    def _write(self, waiting: list[tuple[list[str], Hashes, Places, NDArray[np.uint32]]]) -> None:
        """A segment of its own, and the list that names it; where there are many, one of all."""
        if not waiting:
            return
        lengths = np.cumsum([len(self), *(len(keys) for keys, *_ in waiting)])
        found = candidates.postings(
            np.concatenate([part[1] for part in waiting]),
            np.concatenate([part[2] + np.uint32(at) for part, at in zip(waiting, lengths[:-1], strict=True)]),
        )
        lines = "".join(f"{json.dumps(key)}\n" for keys, *_ in waiting for key in keys)
        words = np.concatenate([part[3] for part in waiting])
        with self._written() as (name, out):
            out["hashes"].write(found.hashes.astype(_HASH).tobytes())
            out["texts"].write(found.marked().astype(_PLACE).tobytes())
            out["words"].write(words.astype(_PLACE).tobytes())
            out["keys"].write(lines.encode("ascii"))
        crc = {kind: file.crc for kind, file in out.items()}
        self._list([*self._segments, _Segment(name, len(words), _bounds(found.hashes), crc)])
        if len(self._segments) > _MOST_SEGMENTS:
            self._merge()

    def _merge(self) -> None:
        bounds = [0]
        with self._written() as (name, out):
            for byte in range(_FIRST_BYTES):
                part = self._part(byte, byte + 1)
                out["hashes"].write(part.hashes.astype(_HASH).tobytes())
                out["texts"].write(part.marked().astype(_PLACE).tobytes())
                bounds.append(bounds[-1] + len(part.hashes))
            out["words"].write(self._words().astype(_PLACE).tobytes())
            for one in self._segments:
                out["keys"].write(self._path(one.name, "keys").read_bytes())
        self._list([_Segment(name, len(self), tuple(bounds), {kind: file.crc for kind, file in out.items()})])

    @contextmanager
    def _written(self) -> Iterator[tuple[int, dict[str, _Out]]]:
        name = 1 + max((one.name for one in self._segments), default=0)
        with ExitStack() as stack:
            yield name, {kind: stack.enter_context(closing(_Out(self._path(name, kind)))) for kind in _KINDS}

    def _list(self, segments: list[_Segment]) -> None:
        held = {"scheme": SCHEME, "segments": [asdict(one) for one in segments]}
        fresh = self._folder / f"{_LIST}.new"
        fresh.write_text(json.dumps(held), "ascii")
        fresh.replace(self._folder / _LIST)
        self._segments = segments
        names = {str(one.name) for one in segments}
        for path in self._folder.iterdir():  # of segments that were merged, or that no list named
            if _OWN.fullmatch(path.name) and path.stem not in names:
                path.unlink()

    def _keys(self) -> Iterator[str]:
        for one in self._segments:
            with self._path(one.name, "keys").open(encoding="ascii") as lines:
                yield from map(json.loads, lines)

    def _words(self) -> NDArray[np.uint32]:
        every = [_read(self._path(one.name, "words"), _PLACE, 0, one.texts) for one in self._segments]
        return np.concatenate([np.zeros(0, np.uint32), *every])

    def _path(self, name: int, kind: str) -> Path:
        return self._folder / f"{name}.{kind}"


class _Spill:
    """Pairs on the disk, so that all mentions of one pair lie in one of a few parts."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"pairs-{number}" for number in range(_SPILLS)]

    def __enter__(self) -> _Spill:
        self._files: list[BinaryIO] = [path.open("wb") for path in self._paths]
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def take(self, found: Iterable[Pairs]) -> None:
        for pairs in found:
            part = ((pairs * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58)).astype(np.uint8)
            pairs = pairs[np.argsort(part, kind="stable")]
            ends = np.cumsum(np.bincount(part, minlength=_SPILLS))
            for file, start, end in zip(self._files, [0, *ends[:-1]], ends, strict=True):
                file.write(pairs[start:end].tobytes())

    def parts(self) -> Iterator[Pairs]:
        for path in self._paths:
            yield np.fromfile(path, np.uint64)


def _batches(texts: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Of so many texts, or of fewer where they are long."""
    batch: list[tuple[str, str]] = []
    characters = 0
    for one in texts:
        batch.append(one)
        characters += len(one[1])
        if len(batch) == _TOGETHER or characters >= _MOST_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _bounds(hashes: Hashes) -> tuple[int, ...]:
    firsts = np.arange(1, _FIRST_BYTES, dtype=np.uint64) << np.uint64(56)
    return (0, *np.searchsorted(hashes, firsts).tolist(), len(hashes))


def _listed(folder: Path) -> list[_Segment]:
    """The segments that are whole; none where one is not, for the places of texts run through all."""
    try:
        held = json.loads((folder / _LIST).read_text("ascii"))
        if held["scheme"] != SCHEME:
            return []
        found = [
            _Segment(int(one["name"]), int(one["texts"]), tuple(map(int, one["bounds"])), dict(one["crc"]))
            for one in held["segments"]
        ]
        for one in found:
            if any(_summed(folder / f"{one.name}.{kind}") != one.crc[kind] for kind in _KINDS):
                return []
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return found


def _summed(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            found = crc32(data, found)
    return found


def _read(path: Path, kind: np.dtype[_Kind], at: int, rows: int) -> NDArray[_Kind]:
    return np.fromfile(path, kind, rows, offset=at * kind.itemsize)
