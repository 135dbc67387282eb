"""Shared quotations: which texts give the same words inside quotation marks.

Whoever quotes eight words in a row as another text quotes them has them from one utterance, however differently the two
texts are written around them; a quotation is often too short for `shared_passages`. Guarantees: each `SharedRange` is
the same words (`words.fold`) inside quotation marks in both texts, at least 8 of them (signs of a script without
spaces: 16), found on the words themselves and at its own characters. Pure, and any string is taken; time grows with the
length of the texts and the number of pairs. Where more than 16 texts quote the same words not every pair is named, but
enough of them to join all.

Marks: “…”, „…“, „…”, «…», ‹…›, "…", ‘…’ where it stands between words, 「…」, 『…』. A quotation that is not closed
ends with its paragraph where the next one opens with a mark, as printers set speech that goes on, and is none
elsewhere. The straight apostrophe is no mark.

`weight` is how much the words tell, in bits: rare words tell more, a repeated one nothing more. Words are counted in
the texts given, to which 10,000 others are thought, so that in few texts no word is taken for frequent. From 80 bits on
a link is likely (eight words of which most are no everyday words), below it is possible: a slogan, a title. Both
numbers are arbitrary. Who said the words, and whether both texts say the same one did, is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate import candidates
from probanda.corroborate.fingerprints import WORDS, hashed_runs
from probanda.corroborate.tiles import Tile, tiles
from probanda.corroborate.words import Numbers, spans, split
from probanda.records.corroboration import Confidence, Link, SharedRange
from probanda.records.passage import Passage

LIKELY_BITS = 80
_THOUGHT_WORDS = 10_000
_MARKS = re.compile(r"[“”„‟«»‹›\"＂‘’「」『』]|\n[^\S\n]*\n\s*")
_CLOSES = {"“": "”", "‟": "”", "„": "“”", "«": "»", "‹": "›", '"': '"', "＂": "＂", "‘": "’", "「": "」", "『": "』"}
_APART = 1 << 40  # numbers that stand between quotations; no word has one


@dataclass(frozen=True, slots=True)
class SharedQuotation:
    """What two texts both quote. `left` and `right` are their keys, in the order in which they were given; `words` is
    how many words stand in `ranges`, `texts` how many of all texts quote its rarest eight words."""

    left: str
    right: str
    confidence: Confidence
    ranges: tuple[SharedRange, ...]
    words: int
    weight: float
    texts: int

    @property
    def rule(self) -> str:
        """What was found, in words."""
        return f"{self.words} words in quotation marks in common, quoted by {self.texts} texts; {self.weight:.0f} bits"

    def turned(self) -> SharedQuotation:
        """The same with left and right exchanged, for whoever knows that `right` is the earlier."""
        turned = sorted((SharedRange(r.right, r.left) for r in self.ranges), key=lambda one: one.left.start)
        return SharedQuotation(
            self.right, self.left, self.confidence, tuple(turned), self.words, self.weight, self.texts
        )

    def link(self) -> Link:
        return Link("shared_quotation", self.left, self.right, self.confidence, self.rule, self.ranges)


class _Quoting(NamedTuple):
    """The quoted words of one text: their numbers, with a number of nothing between two quotations, and which word of
    the text each is (-1: none)."""

    numbers: NDArray[np.int64]
    words: NDArray[np.int64]


def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """The characters between quotation marks; of marks within marks the outer ones."""
    return tuple(_quoted(text))


def shared_quotations(texts: Sequence[tuple[str, str]]) -> tuple[SharedQuotation, ...]:
    """The pairs among these texts, each given as key and text, that quote the same words: by the place of the left
    text, then of the right."""
    numbers = Numbers()
    seen: NDArray[np.int64] = np.zeros(1, np.int64)
    quoting: dict[int, _Quoting] = {}
    for place, (_, text) in enumerate(texts):
        every = numbers.of(split(text))
        counts = np.bincount(np.abs(every), minlength=len(seen))
        counts[: len(seen)] += seen
        seen = counts
        found = _quoting(text, every, place)
        if found is not None:
            quoting[place] = found
    if len(quoting) < 2:
        return ()
    rows = [(_windows(one), np.uint32(place)) for place, one in quoting.items()]
    hashes = np.concatenate([found for found, _ in rows])
    posted = candidates.postings(hashes, np.concatenate([np.full(len(found), place) for found, place in rows]))
    in_texts = dict(zip(posted.hashes.tolist(), posted.counts.tolist(), strict=True))
    pairs = np.unique(np.concatenate([np.zeros(0, np.uint64), *candidates.proposed(posted)]))
    shared: list[SharedQuotation] = []
    for left, right in zip(*(side.tolist() for side in candidates.apart(pairs)), strict=True):
        one, other = quoting[left], quoting[right]
        same = [tile for tile in tiles(one.numbers, other.numbers) if _long_enough(one.numbers, tile)]
        if not same:
            continue
        words = [one.numbers[tile.left : tile.left + tile.words] for tile in same]
        weight = _bits(np.unique(np.abs(np.concatenate(words))), seen)
        rarest = min(in_texts[each] for part in words for each in hashed_runs(part.view(np.uint64)).tolist())
        ranges = tuple(_ranges(same, one, other, texts[left][1], texts[right][1]))
        confidence: Confidence = "likely" if weight >= LIKELY_BITS else "possible"
        length = sum(tile.words for tile in same)
        shared.append(SharedQuotation(texts[left][0], texts[right][0], confidence, ranges, length, weight, rarest))
    return tuple(shared)


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    start, closing = -1, ""
    for match in _MARKS.finditer(text):
        mark = match.group()
        if mark[0] == "\n":
            if 0 <= start < match.start() and text[match.end() : match.end() + 1] in _CLOSES:
                yield start, match.start()
            start = -1
        elif start < 0:
            if mark in _CLOSES and (mark != "‘" or not _letter(text, match.start() - 1)):
                start, closing = match.end(), _CLOSES[mark]
        elif mark in closing and (mark != "’" or not _letter(text, match.end())):
            if start < match.start():
                yield start, match.start()
            start = -1


def _letter(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalnum()


def _quoting(text: str, numbers: NDArray[np.int64], place: int) -> _Quoting | None:
    """`None` where nothing of `WORDS` words is quoted."""
    places = quoted(text)
    if not places:
        return None
    starts, ends = spans(text)
    edges = np.array(places, np.int64)
    first, last = np.searchsorted(starts, edges[:, 0]), np.searchsorted(ends, edges[:, 1], "right")
    parts, words = [], []
    for turn, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        if end - begin >= WORDS:
            parts += [numbers[begin:end], np.array([_APART + (place << 24) + turn], np.int64)]
            words += [np.arange(begin, end), np.array([-1])]
    return _Quoting(np.concatenate(parts), np.concatenate(words)) if parts else None


def _windows(one: _Quoting) -> NDArray[np.uint64]:
    """The hashes of eight words in a row within a quotation."""
    runs = hashed_runs(one.numbers.view(np.uint64))
    over = np.convolve(one.words < 0, np.ones(WORDS, np.int64))[WORDS - 1 : WORDS - 1 + len(runs)]
    found: NDArray[np.uint64] = runs[over == 0]
    return found


def _long_enough(numbers: NDArray[np.int64], tile: Tile) -> bool:
    signs = np.count_nonzero(numbers[tile.left : tile.left + tile.words] < 0)
    return bool(tile.words - signs / 2 >= WORDS)


def _bits(words: NDArray[np.int64], seen: NDArray[np.int64]) -> float:
    return float(np.log2((seen.sum() + _THOUGHT_WORDS) / (seen[words] + 1)).sum())


def _ranges(same: list[Tile], one: _Quoting, other: _Quoting, left: str, right: str) -> Iterator[SharedRange]:
    sides = ((left, *spans(left)), (right, *spans(right)))
    for tile in same:
        at = (one.words[tile.left], other.words[tile.right])
        first, second = (
            _passage(text, starts[word], ends[word + tile.words - 1])
            for (text, starts, ends), word in zip(sides, at, strict=True)
        )
        yield SharedRange(first, second)


def _passage(text: str, start: np.int64, end: np.int64) -> Passage:
    return Passage(int(start), int(end), text[int(start) : int(end)])
