"""A set or mapping of digests that takes few bytes for each: what a check has to remember of a log of millions.

Guarantees: `in`, `get` and `add` answer as a `set` or `dict` of the same keys would, at about 20 bytes a key (and 13
more with a number), where Python's own take 110 and more. Open addressing over byte arrays, split in 256, so that
growing never needs the whole twice. A key is kept as 12 bytes of a BLAKE2b keyed with a secret of this table: nobody
who writes a bundle can choose keys that fall together, to slow a check down or to be taken for another; by chance that
happens once in 10^15 tables of ten million keys. No key is ever taken out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_MARK_BYTES: Final = 12
_FREE: Final = bytes(_MARK_BYTES)
_SHARDS: Final = 256
_FIRST_SLOTS: Final = 4
NUMBER_BYTES: Final = 8


class Table:
    """Keys are bytes of any length. With `numbers` each key has a number from 0 to 2**64 - 1, without it 0. `secret` is
    given only where runs have to be repeated."""

    def __init__(self, keys: Iterable[bytes] = (), *, numbers: bool = False, secret: bytes | None = None) -> None:
        self._secret = os.urandom(32) if secret is None else secret
        self._width = _MARK_BYTES + (NUMBER_BYTES if numbers else 0)
        self._shards = [bytearray(_FIRST_SLOTS * self._width) for _ in range(_SHARDS)]
        self._counts = [0] * _SHARDS
        self.update(keys)

    def __len__(self) -> int:
        return sum(self._counts)

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, bytes):
            return False
        mark = self._mark(key)
        shard = self._shards[mark[0]]
        at = self._find(shard, mark)
        return shard[at : at + _MARK_BYTES] == mark

    def get(self, key: bytes) -> int | None:
        """The key's number; `None` where it is not in the table."""
        mark = self._mark(key)
        shard = self._shards[mark[0]]
        at = self._find(shard, mark)
        if shard[at : at + _MARK_BYTES] != mark:
            return None
        return int.from_bytes(shard[at + _MARK_BYTES : at + self._width], "little")

    def add(self, key: bytes, number: int = 0) -> bool:
        """Puts the key in, with its number, which replaces an earlier one. Whether it was new."""
        mark = self._mark(key)
        place = mark[0]
        shard = self._shards[place]
        at = self._find(shard, mark)
        new = shard[at : at + _MARK_BYTES] != mark
        if new and (self._counts[place] + 1) * 4 * self._width > len(shard) * 3:  # three slots of four at most
            shard = self._grow(place)
            at = self._find(shard, mark)
        # Whole numbers only: one that does not fit raises here, before anything is changed.
        data = mark + number.to_bytes(NUMBER_BYTES, "little") if self._width > _MARK_BYTES else mark
        shard[at : at + self._width] = data
        self._counts[place] += new
        return new

    def update(self, keys: Iterable[bytes]) -> None:
        for key in keys:
            self.add(key)

    def issuperset(self, keys: Iterable[bytes]) -> bool:
        return all(key in self for key in keys)

    @property
    def size_bytes(self) -> int:
        """What the byte arrays take."""
        return sum(map(len, self._shards))

    def _mark(self, key: bytes) -> bytes:
        mark = blake2b(key, digest_size=_MARK_BYTES, key=self._secret).digest()
        return mark if mark != _FREE else b"\xff" * _MARK_BYTES

    def _find(self, shard: bytearray, mark: bytes) -> int:
        """Where the mark is, or else the free slot that it would take; a quarter of the slots at least are free."""
        width = self._width
        at = int.from_bytes(mark[1:8], "little") % (len(shard) // width) * width
        while True:
            found = shard[at : at + _MARK_BYTES]
            if found in (mark, _FREE):
                return at
            at += width
            if at == len(shard):
                at = 0

    def _grow(self, place: int) -> bytearray:
        old, width = self._shards[place], self._width
        slots = len(old) // width
        grown = bytearray((slots + (slots + 1) // 2) * width)
        for start in range(0, len(old), width):
            mark = bytes(old[start : start + _MARK_BYTES])
            if mark != _FREE:
                at = self._find(grown, mark)
                grown[at : at + width] = old[start : start + width]
        self._shards[place] = grown
        return grown
