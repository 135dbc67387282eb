"""Fingerprints: a few 64-bit numbers for a text, of which two texts that share words in a row share some.

Each run of 8 words has a hash; of every 6 such hashes in a row the least is kept (winnowing: Schleimer, Wilkerson,
Aiken, SIGMOD 2003). Guarantees: the same words give the same fingerprints on every machine; two texts that share 13
words in a row share a fingerprint, two that share 19 share two, whatever surrounds them (`AT_LEAST_ONE`,
`AT_LEAST_TWO`; a run that repeats itself may have one alone). About 2 of 7 hashes are kept.

Of each fingerprint is also told whether it is of the text's *tail*: its last 60 words and no more than its last half,
where footers stand.

A shared fingerprint is a hint and never a finding: hashes can meet by accident. Texts of fewer than 8 words have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate.words import comparable, fold

WORDS = 8
WINDOW = 6
AT_LEAST_ONE = WORDS + WINDOW - 1
AT_LEAST_TWO = WORDS + 2 * WINDOW - 1
TAIL = 1 << 31
SCHEME = "words-8/window-6/tail-60/1"  # changes with every change that gives a text other fingerprints

_TAIL_WORDS = 60
_MOST_KEPT = 400_000  # words whose hash is remembered; arbitrary
_FACTORS = [pow(0x9E3779B97F4A7C15, place + 1, 1 << 64) for place in range(WORDS)]


class WordHashes(dict[str, int]):
    """The hash of each word, by its form in the text; remembers a bounded number."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[word] = int.from_bytes(
            blake2b(fold(word).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        )
        return found

    def of(self, words: list[str]) -> NDArray[np.uint64]:
        return np.array(list(map(self.__getitem__, words)), np.uint64)


def hashed_runs(words: NDArray[np.uint64], length: int = WORDS) -> NDArray[np.uint64]:
    """The hash of each run of `length` words, by the place of its first; empty where there are fewer words."""
    count = max(0, len(words) - length + 1)
    found = np.zeros(count, np.uint64)
    for place in range(length if count else 0):
        found += words[place : place + count] * np.uint64(_FACTORS[place])
    found ^= found >> np.uint64(29)
    found *= np.uint64(0xBF58476D1CE4E5B9)
    found ^= found >> np.uint64(32)
    return found


def winnowed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The least of each window of a text's hashes; of fewer than a window, the least of all."""
    if len(hashes) <= WINDOW:
        return np.array([hashes.min()], np.uint64) if len(hashes) else hashes
    return np.unique(_least(hashes))


def fingerprints(text: str, hashes: WordHashes | None = None) -> NDArray[np.uint64]:
    """The fingerprints of one text, sorted, each once."""
    return winnowed(hashed_runs((hashes if hashes is not None else WordHashes()).of(comparable(text))))


def fingerprints_together(
    texts: Sequence[str], hashes: WordHashes
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    """The fingerprints of many texts at once, equal to those of each alone: hashes; for each the place of its text in
    `texts` (in that order; a hash perhaps more than once, first where it comes first) with the bit `TAIL` where it is
    of the tail; and how many words each text has."""
    cut = [comparable(text) for text in texts]
    counts = np.fromiter(map(len, cut), np.uint32, len(cut))
    words = np.concatenate([hashes.of(one) for one in cut]) if cut else np.zeros(0, np.uint64)
    owner = np.repeat(np.arange(len(cut), dtype=np.uint32), counts)
    runs = hashed_runs(words)
    last = owner[WORDS - 1 :][: len(runs)]
    within = owner[: len(runs)] == last  # a run that goes from one text into the next is none
    runs, owner = runs[within], last[within]
    least = _least(runs)
    first, last = owner[: len(least)], owner[WINDOW - 1 :][: len(least)]
    ends = np.cumsum(np.maximum(counts.astype(np.int64) - WORDS + 1, 0))  # of each text's runs
    tail = np.minimum(_TAIL_WORDS, counts // 2).astype(np.int64) - WORDS + 1
    whole = first == last
    found, of = least[whole], first[whole]
    of = of | np.where(np.flatnonzero(whole) >= (ends - tail)[of], np.uint32(TAIL), np.uint32(0))
    short = np.flatnonzero((counts >= WORDS) & (counts < AT_LEAST_ONE))  # fewer runs than a window
    if len(short):
        begins = np.searchsorted(owner, short)
        ends = np.searchsorted(owner, short, "right")
        extra = np.array([runs[a:b].min() for a, b in zip(begins, ends, strict=True)], np.uint64)
        found, of = np.concatenate([found, extra]), np.concatenate([of, short.astype(np.uint32)])
        order = np.argsort(of & np.uint32(TAIL - 1), kind="stable")
        found, of = found[order], of[order]
    new = np.ones(len(found), bool)  # a hash is often the least of several windows in a row
    new[1:] = (found[1:] != found[:-1]) | ((of[1:] ^ of[:-1]) & np.uint32(TAIL - 1) != 0)
    return found[new], of[new], counts


def _least(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The least of each `WINDOW` in a row (of six: pairs, then pairs of pairs, then one pair more)."""
    if len(hashes) < WINDOW:
        return np.zeros(0, np.uint64)
    two = np.minimum(hashes[:-1], hashes[1:])
    four = np.minimum(two[:-2], two[2:])
    return np.minimum(four[:-2], two[4:])
