"""Candidates: which pairs of texts share enough fingerprints for their words to be compared.

A fingerprint that stands in up to 16 texts proposes every pair of them; in more, each text beside the first of them
and beside the one before it, which is enough to join them all and keeps the number of pairs linear. One that stands in
more than 200 is *common*, and so is one that stands in at least 5 of which four fifths have it in their tail
(`fingerprints`): boilerplate as a rule, a formula or a paper's footer. It proposes nothing, except among texts at
least half of whose fingerprints are common: those may be one text that was published everywhere, or short posts under
a long footer, and each is set beside the first. Which fingerprints are common is told. A pair is a candidate from two
shared fingerprints on, from one where one of the texts is shorter than 19 words. The numbers 16, 200, 5, four fifths
and one half are arbitrary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate.fingerprints import AT_LEAST_TWO, TAIL

MOST_IN_ALL_PAIRS = 16
MOST_TEXTS = 200
LEAST_FOOTERS = 5
MOSTLY = 0.5

Hashes = NDArray[np.uint64]
Places = NDArray[np.uint32]  # texts, by their place
Pairs = NDArray[np.uint64]  # the earlier place in the upper 32 bits, the later in the lower


class Postings(NamedTuple):
    """Each fingerprint with each text that has it, once, by fingerprint and then by text; `tails` where it is of the
    text's tail only."""

    hashes: Hashes
    texts: Places
    tails: NDArray[np.bool_]

    @property
    def counts(self) -> NDArray[np.int64]:
        """For each row, in how many texts its fingerprint stands."""
        _, counts = _groups(self.hashes)
        return np.repeat(counts, counts)

    def only(self, rows: NDArray[np.bool_]) -> Postings:
        return Postings(self.hashes[rows], self.texts[rows], self.tails[rows])

    def marked(self) -> Places:
        """The texts with the bit `TAIL`, as `postings` takes them."""
        return np.where(self.tails, self.texts | np.uint32(TAIL), self.texts)

    def parted(self) -> tuple[Postings, Postings]:
        """Those that propose pairs, and those that are common."""
        begins, counts = _groups(self.hashes)
        tails = np.add.reduceat(self.tails, begins, dtype=np.int64) if len(begins) else counts
        common = (counts > MOST_TEXTS) | ((counts >= LEAST_FOOTERS) & (5 * tails >= 4 * counts))
        rows = np.repeat(common, counts)
        return self.only(~rows), self.only(rows)


def postings(hashes: Hashes, texts: Places) -> Postings:
    """Of rows in the order of their texts, or in pieces that are already sorted and follow one another so; the bit
    `TAIL` is set in `texts` where a fingerprint is of the tail."""
    order = np.argsort(hashes, kind="stable")
    hashes, tails, texts = hashes[order], texts[order] >= TAIL, texts[order] & np.uint32(TAIL - 1)
    new = np.ones(len(hashes), bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (texts[1:] != texts[:-1])
    return Postings(hashes[new], texts[new], tails[new])


def proposed(found: Postings) -> Iterator[Pairs]:
    """A pair for each fingerprint by which it is proposed. Common ones have to be left out before."""
    _, counts = _groups(found.hashes)
    few = np.repeat(counts <= MOST_IN_ALL_PAIRS, counts)
    small = found.only(few)
    for step in range(1, MOST_IN_ALL_PAIRS):
        same = small.hashes[step:] == small.hashes[:-step]
        if not same.any():
            break
        yield _pairs(small.texts[:-step][same], small.texts[step:][same])
    many = counts > MOST_IN_ALL_PAIRS
    if many.any():
        yield from _spanning(found.texts[~few], counts[many])


def among_common(common: Postings, shares: NDArray[np.float64]) -> Iterator[Pairs]:
    """Among the texts that are mostly common: each beside the first that has the fingerprint."""
    rows = common.only(shares[common.texts] >= MOSTLY)
    begins, counts = _groups(rows.hashes)
    if len(begins):
        found = _pairs(np.repeat(rows.texts[begins], counts), rows.texts)
        yield np.delete(found, begins)


def shares_of(common: NDArray[np.int64], kept: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each text the share of its fingerprints that are common, from how many are and how many it has."""
    return np.asarray(common / np.maximum(kept, 1), np.float64)


def enough(pairs: Iterable[Pairs], words: NDArray[np.uint32]) -> Pairs:
    """The pairs that were proposed often enough, sorted; `words` is the length of each text."""
    several = [np.zeros(0, np.uint64), *pairs]
    found, counts = np.unique(np.concatenate(several), return_counts=True)
    left, right = apart(found)
    short = np.minimum(words[left], words[right]) < AT_LEAST_TWO
    return found[(counts > 1) | short]


def apart(pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _pairs(left: Places, right: Places) -> Pairs:
    return (left.astype(np.uint64) << np.uint64(32)) | right


def _spanning(texts: Places, counts: NDArray[np.int64]) -> Iterator[Pairs]:
    """For groups of these sizes, one after the other: each member beside the first, and beside the one before."""
    begins = np.cumsum(counts) - counts
    yield np.delete(_pairs(np.repeat(texts[begins], counts), texts), begins)
    before = np.delete(np.arange(len(texts)), np.concatenate([begins, begins + 1]))
    yield _pairs(texts[before - 1], texts[before])


def _groups(hashes: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each fingerprint begins, and its number of rows."""
    if not len(hashes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begins = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    return begins, np.diff(np.append(begins, len(hashes)))
