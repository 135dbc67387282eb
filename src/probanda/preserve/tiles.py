"""The log as C2SP tlog-tiles: files of 256 hashes or 256 entries, from which any proof is made in O(log n).

    tile/0/000  tile/0/x001/234  tile/0/x001/235.p/17     leaf hashes
    tile/1/000  tile/2/000.p/1                            roots of full tiles one level below
    tile/entries/000                                      the entries, each behind its length in two bytes

Guarantees: `write_tiles` (from `tile_making.py`) needs the same memory for every log. `Tiles` believes nothing: a
tile of another width than the size demands is refused, and what it answers is worth what the root that it is compared
with is worth. `agree` names every deviation of the files from the log's lines.
The form is that of https://c2sp.org/tlog-tiles; the hashing is RFC 6962, section 2.1.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from probanda.preserve.merkle import EMPTY_ROOT, HASH_BYTES
from probanda.preserve.regular import open_regular
from probanda.preserve.tile_making import (
    ENTRIES,
    MAX_ENTRY_BYTES,
    WIDTH,
    Making,
    TilesError,
    TreeHead,
    fold,
    parse_tile_name,
    pyramid,
    tile_name,
    tile_width,
    write_tiles,
)

__all__ = [
    "ENTRIES", "HASH_BYTES", "MAX_ENTRY_BYTES", "WIDTH", "Read", "Tiles", "TilesError", "TreeHead", "agree",
    "folder_reader", "parse_tile_name", "tile_name", "tile_width", "write_tiles",
]  # fmt: skip

MOST_NAMED: Final = 100  # deviations that `agree` spells out; arbitrary
_CACHED_TILES = 64  # 16 KiB each; arbitrary

Read = Callable[[str, int], bytes]  # name below the log's prefix, most bytes wanted; raises OSError


def folder_reader(folder: Path) -> Read:
    """Reads the files below `folder`, and nothing but regular ones."""

    def read(name: str, most: int) -> bytes:
        with open_regular(folder / name) as file:
            found = bytearray()
            while len(found) < most and (part := file.read(most - len(found))):
                found += part
            return bytes(found)

    return read


class Tiles:
    """The tree over the first `size` entries of a log in tiles. Every method raises `TilesError` where a tile is
    missing or too short or long, and `ValueError` for what lies outside the tree."""

    def __init__(self, source: Path | Read, size: int) -> None:
        if size < 0:
            raise ValueError(f"expected a size of 0 or more, found {size}")
        self.size = size
        self._read = folder_reader(source) if isinstance(source, Path) else source
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def root(self) -> bytes:
        return self._range(0, self.size) if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The leaf hash of the entry."""
        self._within(index)
        return self._node(0, index)

    def entry(self, index: int) -> bytes:
        """The entry's bytes, which are compared with its leaf hash."""
        self._within(index)
        line = self.bundle(index // WIDTH)[index % WIDTH]
        if sha256(b"\x00" + line).digest() != self.leaf(index):
            raise TilesError(f"entry {index} of the tiles has another hash than its leaf")
        return line

    def bundle(self, index: int) -> list[bytes]:
        """The entries of one bundle, at most 256."""
        width = tile_width(ENTRIES, index, self.size)
        data = self._bytes(ENTRIES, index, width, WIDTH * (MAX_ENTRY_BYTES + 2))
        found: list[bytes] = []
        at = 0
        while at < len(data) and len(found) < width:
            length = int.from_bytes(data[at : at + 2], "big")
            line = data[at + 2 : at + 2 + length]
            if at + 2 > len(data) or len(line) != length:
                raise TilesError(f"{tile_name(ENTRIES, index, width)} ends within an entry")
            found.append(line)
            at += 2 + length
        if len(found) != width:
            raise TilesError(f"expected {width} entries in {tile_name(ENTRIES, index, width)}, found {len(found)}")
        return found

    def inclusion(self, index: int) -> list[bytes]:
        """The audit path of an entry, leaf to root (RFC 6962, 2.1.1)."""
        self._within(index)
        path, low, high = [], 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, first: int) -> list[bytes]:
        """The proof that this tree extends the one over the first `first` entries (RFC 6962, 2.1.2)."""
        if not 0 < first <= self.size:
            raise ValueError(f"expected an earlier size from 1 to {self.size}, found {first}")
        path, low, high, whole = [], 0, self.size, True
        while first < high:
            middle = low + _split(high - low)
            if first <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._range(low, high))
        return path[::-1]

    def _within(self, index: int) -> None:
        if not 0 <= index < self.size:
            raise ValueError(f"expected an index below the tree's size {self.size}, found {index}")

    def _range(self, low: int, high: int) -> bytes:
        """MTH over entries `low` to `high`, a range that RFC 6962's splitting leads to."""
        peaks = []
        while low < high:
            height = (high - low).bit_length() - 1
            peaks.append(self._node(height, low >> height))
            low += 1 << height
        return fold(peaks)

    def _node(self, height: int, index: int) -> bytes:
        """The root of the perfect tree over the `index`-th run of 2**height entries."""
        level, within = divmod(height, 8)
        tile, place = divmod(index, WIDTH >> within)
        row = self._tile(level, tile)[within]
        return row[place * HASH_BYTES : (place + 1) * HASH_BYTES]

    def _tile(self, level: int, index: int) -> list[bytes]:
        key = (level, index)
        found = self._tiles.get(key)
        if found is None:
            width = tile_width(level, index, self.size)
            data = self._bytes(level, index, width, WIDTH * HASH_BYTES)
            if len(data) < width * HASH_BYTES:
                raise TilesError(
                    f"expected {width} hashes in {tile_name(level, index, width)}, found {len(data)} bytes"
                )
            found = self._tiles[key] = pyramid(data[: width * HASH_BYTES])
            if len(self._tiles) > _CACHED_TILES:
                self._tiles.popitem(last=False)
        else:
            self._tiles.move_to_end(key)
        return found

    def _bytes(self, level: int | str, index: int, width: int, most: int) -> bytes:
        """The tile's bytes; the full tile where the partial one was taken away, as the specification allows."""
        name = tile_name(level, index, width)
        try:
            data = self._read(name, most + 1)
        except OSError as error:
            if width == WIDTH:
                raise TilesError(f"expected the tile {name}, found: {error.strerror or error}") from error
            try:
                data = self._read(tile_name(level, index), most + 1)
            except OSError:
                raise TilesError(
                    f"expected the tile {name} or the full one, found: {error.strerror or error}"
                ) from error
        if len(data) > most:
            raise TilesError(f"expected at most {most} bytes in {name}, found more")
        return data


def agree(source: Path | Read, lines: Iterable[bytes], size: int, *, names: Iterable[str] | None = None) -> list[str]:
    """Every deviation of the tiles from the log with these lines, whose first `size` they should hold: a tile that is
    missing, another, too long or too much, and a log that is shorter. Empty where they agree. At most `MOST_NAMED` are
    spelled out, and then how many more. `names` are the files below the prefix that begin with `tile/`; for a folder
    they are found. Memory: one tile for each level."""
    read = folder_reader(source) if isinstance(source, Path) else source
    told = _Told()
    making = Making()
    try:
        for line in islice(lines, size):
            for name, data in making.add(line):
                _compare(read, name, data, told)
    except TilesError as error:
        told.say(str(error))
        return told.all()
    if making.size < size:
        told.say(f"expected {size} entries in the log, found {making.size}")
    for name, data in making.partial(making.size):
        _compare(read, name, data, told)
    if names is None and isinstance(source, Path):
        names = _names(source)
    for name in names or ():
        _expected(read, name, making.size, told)
    return told.all()


class _Told:
    def __init__(self) -> None:
        self._first: list[str] = []
        self._more = 0

    def say(self, reason: str) -> None:
        if len(self._first) < MOST_NAMED:
            self._first.append(reason)
        else:
            self._more += 1

    def all(self) -> list[str]:
        return [*self._first, f"and {self._more} more"] if self._more else self._first


def _compare(read: Read, name: str, data: bytes, told: _Told) -> None:
    try:
        found = read(name, len(data) + 1)
    except OSError as error:
        told.say(f"expected the tile {name}, found: {error.strerror or error}")
        return
    if found != data:
        more = "more" if len(found) > len(data) else f"{len(found)}, or others"
        told.say(f"{name} does not hold what the log holds: expected {len(data)} bytes, found {more}")


def _expected(read: Read, name: str, size: int, told: _Told) -> None:
    """A file that is there: one of the tree's tiles (compared above), or an earlier state of one, to the byte."""
    parsed = parse_tile_name(name)
    if parsed is None:
        told.say(f"{name!r:.120} is the name of no tile")
        return
    level, index, width = parsed
    now = tile_width(level, index, size)
    if width == now:
        return
    if width > now:
        told.say(f"the log of {size} entries has no tile {name}")
        return
    most = WIDTH * (MAX_ENTRY_BYTES + 2) if level == ENTRIES else width * HASH_BYTES
    try:
        data, whole = read(name, most + 1), read(tile_name(level, index, now), most + 1)
    except OSError as error:
        told.say(f"{name} or the tile that it grew into cannot be read: {error.strerror or error}")
        return
    end = _end_of(whole, width) if level == ENTRIES else width * HASH_BYTES
    if data != whole[:end]:
        told.say(f"{name} is no earlier state of {tile_name(level, index, now)}")


def _end_of(bundle: bytes, count: int) -> int:
    at = 0
    for _ in range(count):
        at += 2 + int.from_bytes(bundle[at : at + 2], "big")
    return at


def _names(folder: Path) -> Iterator[str]:
    for path in (folder / "tile").rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
