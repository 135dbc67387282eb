"""Tiles: which words two texts have in common, as runs that do not overlap.

Greedy string tiling (Wise 1993; Prechelt, Malpohl, Philippsen 2002 in JPlag): the longest common run first, then the
longest of what is left in both, until none of `least` words remains. Guarantees: each tile is the same numbers in both;
no word is in two tiles; no tile can be made longer at either end by words that are in no other tile. Time and memory
grow with the lengths and not with their product: where a run of `least` words stands so often that more than
`_MOST_PAIRS` pairs of places had to be tried, its first place in one text is tried with its first in the other, the
second with the second, and so on. For a text that repeats itself the tiles are true, then, but perhaps not the longest.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate.fingerprints import WORDS, hashed_runs

_MOST_PAIRS = 16  # arbitrary; 4 places in each of two texts

Numbered = NDArray[np.int64]
Hashed = NDArray[np.uint64]


class Tile(NamedTuple):
    """`words` numbers from `left` on in the one text, from `right` on in the other."""

    left: int
    right: int
    words: int


def tiles(
    left: Numbered, right: Numbered, least: int = WORDS, hashed: tuple[Hashed, Hashed] | None = None
) -> list[Tile]:
    """In the order of the left text. `hashed` are the hashes of both (`hashes_of`), where they are at hand."""
    if len(left) < least or len(right) < least:
        return []
    if len(left) == len(right) and np.array_equal(left, right):
        return [Tile(0, 0, len(left))]
    waiting = [
        (-run.words, run.left, run.right)
        for found in _runs(*(hashed or (hashes_of(left, least), hashes_of(right, least))), least)
        for run in _same(left, right, found, least)
    ]
    heapify(waiting)
    free_left, free_right = np.ones(len(left), bool), np.ones(len(right), bool)
    taken: list[Tile] = []
    while waiting:
        length, at, beside = heappop(waiting)
        length = -length
        free = free_left[at : at + length] & free_right[beside : beside + length]
        if free.all():
            tile = _stretched(left, right, free_left, free_right, Tile(at, beside, length))
            free_left[tile.left : tile.left + tile.words] = False
            free_right[tile.right : tile.right + tile.words] = False
            taken.append(tile)
            continue
        for start, end in _true_runs(free):
            if end - start >= least:
                heappush(waiting, (start - end, at + start, beside + start))
    return sorted(taken)


def hashes_of(numbers: Numbered, least: int = WORDS) -> Hashed:
    return hashed_runs(numbers.view(np.uint64), least)


def _runs(left: Hashed, right: Hashed, least: int) -> list[Tile]:
    """Every longest run whose hashes are the same in both."""
    at, beside = _places(left, right)
    if not len(at):
        return []
    shift = at - beside
    order = np.lexsort((at, shift))
    at, beside, shift = at[order], beside[order], shift[order]
    begins = np.flatnonzero(np.concatenate([[True], (shift[1:] != shift[:-1]) | (at[1:] != at[:-1] + 1)]))
    counts = np.diff(np.append(begins, len(at)))
    return [
        Tile(a, b, n + least - 1)
        for a, b, n in zip(at[begins].tolist(), beside[begins].tolist(), counts.tolist(), strict=True)
    ]


def _places(left: Hashed, right: Hashed) -> tuple[Numbered, Numbered]:
    """The pairs of places to try."""
    order = np.argsort(left, kind="stable")
    ordered = left[order]
    at = np.searchsorted(ordered, right)
    by_right = np.flatnonzero(ordered[np.minimum(at, len(ordered) - 1)] == right)
    by_right = by_right[np.argsort(right[by_right], kind="stable")]
    if not len(by_right):
        return by_right, by_right
    values, second, others = np.unique(right[by_right], return_index=True, return_counts=True)
    first = at[by_right[second]]
    many = np.searchsorted(ordered, values, "right") - first
    crossed = many * others <= _MOST_PAIRS
    pairs = np.where(crossed, many * others, np.minimum(many, others))
    which = np.repeat(np.arange(len(pairs)), pairs)
    turn = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    step = np.where(crossed, others, 1)[which]
    at = first[which] + turn // step
    beside = second[which] + np.where(crossed[which], turn % step, turn)
    return order[at], by_right[beside]


def _same(left: Numbered, right: Numbered, run: Tile, least: int) -> list[Tile]:
    """What of a run is the same numbers: all, unless hashes met by accident."""
    same = left[run.left : run.left + run.words] == right[run.right : run.right + run.words]
    if same.all():
        return [run]
    return [Tile(run.left + a, run.right + a, b - a) for a, b in _true_runs(same) if b - a >= least]


def _stretched(
    left: Numbered, right: Numbered, free_left: NDArray[np.bool_], free_right: NDArray[np.bool_], tile: Tile
) -> Tile:
    """The tile with the free words at both ends that are the same. Not every pair of places was tried."""
    at, beside, count = tile
    while at and beside and free_left[at - 1] and free_right[beside - 1] and left[at - 1] == right[beside - 1]:
        at, beside, count = at - 1, beside - 1, count + 1
    end, other = at + count, beside + count
    while end < len(left) and other < len(right) and free_left[end] and free_right[other] and left[end] == right[other]:
        end, other = end + 1, other + 1
    return Tile(at, beside, end - at)


def _true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
