"""Things in the order of the text, found by where they begin: a long text is not searched for each of its parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Along(Generic[T]):
    """`items` by `start`, a character or token offset; `None` as a start leaves the item out."""

    def __init__(self, items: Iterable[T], start: Callable[[T], int | None]) -> None:
        placed = [(at, number, item) for number, item in enumerate(items) if (at := start(item)) is not None]
        placed.sort(key=lambda row: row[:2])
        self._starts = [at for at, _, _ in placed]
        self._items = [item for _, _, item in placed]

    def within(self, first: int, last: int) -> Sequence[T]:
        """The items that begin in [first, last), in order."""
        return self._items[bisect_left(self._starts, first) : bisect_left(self._starts, last)]
