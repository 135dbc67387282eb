"""Making tiles: their names, the hashes in them, and writing them while the log's lines arrive.

Guarantees: `write_tiles` holds one tile for each level and one bundle of entries, however long the log; a full tile is
8,192 bytes; a partial one is never hashed into the level above; an earlier size that is asked for gets its partial
tiles too. `tiles.py` shows the form and reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from probanda.preserve.merkle import EMPTY_ROOT, HASH_BYTES, node_hash

WIDTH: Final = 256
MAX_ENTRY_BYTES: Final = 65_535  # what the length prefix of two bytes can say
ENTRIES: Final = "entries"
_NAME = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/){0,6})(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)

Place = Callable[[Path, bytes], None]


class TilesError(ValueError):
    """A tile or a bundle of entries is missing, or is not what the size of the tree demands."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """`root` is the 32 bytes of RFC 6962's MTH over the first `size` entries."""

    size: int
    root: bytes


def tile_name(level: int | str, index: int, width: int = WIDTH) -> str:
    """The path below the log's prefix; `level` is a number or `ENTRIES`."""
    parts: list[str] = []
    rest = index
    while True:
        rest, last = divmod(rest, 1000)
        parts.append(f"{last:03d}" if not parts else f"x{last:03d}")
        if not rest:
            break
    name = f"tile/{level}/" + "/".join(reversed(parts))
    return name if width == WIDTH else f"{name}.p/{width}"


def parse_tile_name(name: str) -> tuple[int | str, int, int] | None:
    """Level, index and width; `None` where no tile is called so."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    level: int | str = ENTRIES if match[1] == ENTRIES else int(match[1])
    index = int(match[2].replace("x", "").replace("/", "") + match[3])
    width = int(match[4]) if match[4] else WIDTH
    return (level, index, width) if tile_name(level, index, width) == name else None


def tile_width(level: int | str, index: int, size: int) -> int:
    """How many hashes (or entries) the tile has in a tree of `size`; 0 where there is no such tile."""
    there = size if level == ENTRIES else size >> 8 * int(level)
    return max(0, min(WIDTH, there - index * WIDTH))


def write_tiles(
    lines: Iterable[bytes], folder: Path, *, also: Collection[int] = (), place: Place | None = None
) -> TreeHead:
    """Writes the tiles of the log with these lines (each without its line end) below `folder`, and says what tree it
    is. `also` are earlier sizes for which a checkpoint exists: the specification demands their partial tiles while no
    full one stands there. `place(path, data)` writes a file, its folder being there; the default writes it once and
    does not wait for the disk. Raises `TilesError` for an entry that is too long, and `OSError`."""
    making = Making()
    put = place or _place

    def write(name: str, data: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, data)

    for line in lines:
        for name, data in making.add(line):
            write(name, data)
    last: dict[str, bytes] = {}  # two sizes can share a tile of an upper level
    for size in {*also, making.size}:
        if 0 < size <= making.size:
            last.update(making.partial(size))
    for name, data in sorted(last.items()):
        write(name, data)
    return making.head()


class Making:
    """Tiles while the lines arrive: the unfinished one of each level, and the entries that stand over it."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[bytearray] = []  # the unfinished tile of each level
        self._entries = bytearray()
        self._ends: list[int] = []  # where each entry of the unfinished bundle ends

    def add(self, line: bytes) -> Iterator[tuple[str, bytes]]:
        """Takes in one entry; the tiles that are full with it."""
        if len(line) > MAX_ENTRY_BYTES:
            raise TilesError(
                f"expected an entry of at most {MAX_ENTRY_BYTES} bytes, found {len(line)} (nr {self.size})"
            )
        self._entries += len(line).to_bytes(2, "big") + line
        self._ends.append(len(self._entries))
        if not self._levels:
            self._levels.append(bytearray())
        self._levels[0] += sha256(b"\x00" + line).digest()
        self.size += 1
        return iter(()) if self.size % WIDTH else self._full()

    def _full(self) -> Iterator[tuple[str, bytes]]:
        done = self.size // WIDTH
        yield tile_name(ENTRIES, done - 1), bytes(self._entries)
        self._entries.clear()
        self._ends.clear()
        level = 0
        while len(self._levels[level]) == WIDTH * HASH_BYTES:
            data = bytes(self._levels[level])
            yield tile_name(level, done - 1), data
            self._levels[level].clear()
            level += 1
            done //= WIDTH
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += pyramid(data)[-1]

    def partial(self, size: int) -> Iterator[tuple[str, bytes]]:
        """The partial tiles of the tree over the first `size` entries, as far as no full tile took their place."""
        entries, width = divmod(size, WIDTH)
        if width and entries == self.size // WIDTH:
            yield tile_name(ENTRIES, entries, width), bytes(self._entries[: self._ends[width - 1]])
        for level, hashes in enumerate(self._levels):
            index, width = divmod(size >> 8 * level, WIDTH)
            if width and index == self.size >> 8 * (level + 1):
                yield tile_name(level, index, width), bytes(hashes[: width * HASH_BYTES])

    def head(self) -> TreeHead:
        return TreeHead(self.size, fold([peak for row in reversed(self._levels) for peak in peaks(bytes(row))]))


def pyramid(hashes: bytes) -> list[bytes]:
    """The levels over neighbouring hashes, the given one first; a last hash without a partner is not carried up."""
    levels = [hashes]
    while len(hashes) >= 2 * HASH_BYTES:
        whole = len(hashes) // (2 * HASH_BYTES) * (2 * HASH_BYTES)
        hashes = b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in range(0, whole, 64)])
        levels.append(hashes)
    return levels


def peaks(hashes: bytes) -> list[bytes]:
    """The roots of the perfect trees that a row of hashes falls into, largest first."""
    levels, start = pyramid(hashes), 0
    found: list[bytes] = []
    for height in reversed(range(len(levels))):
        if len(hashes) // HASH_BYTES >> height & 1:
            at = (start >> height) * HASH_BYTES
            found.append(levels[height][at : at + HASH_BYTES])
            start += 1 << height
    return found


def fold(trees: list[bytes]) -> bytes:
    """The root over perfect trees, largest first."""
    if not trees:
        return EMPTY_ROOT
    node = trees[-1]
    for peak in reversed(trees[:-1]):
        node = node_hash(peak, node)
    return node


def _place(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
