"""Shared passages: which texts have words in a row in common, and exactly which.

Guarantees: fingerprints only say which texts to compare; what is reported was then found on the words themselves, so
that hashes which meet by accident link nothing. Each `SharedRange` is the same words (`words.fold`) at its own
characters in both texts, at least 8 of them, and cannot be made longer. Two texts with 19 words in a row in common
(signs of a script without spaces: 38) are always found, wherever these stand, unless the words are common; where more
than 16 texts share them not every pair is named, but enough to join all (`candidates`). Pure, and any string is taken.
Time grows with the length of the texts and the number of pairs.

Where a copy was edited, ranges that follow one another at a distance of at most 16 words in both are one `Stretch`,
which says how many of its words are the same. What links is one stretch, never the sum of formulas strewn over two
texts: by its different runs of 8 words, 12 make a possible link (19 words in a row), 20 a likely one (27), 100 same
words a certain one. A text shorter than 19 words links, as possible, where four fifths of it stand in the other in a
row. Up to 60 words at the end of both texts, and no more than half of either, are only a possible link: they may be a
paper's footer.

*Common* words do not count and are in `boilerplate`: those that stand in more than 200 texts, or in at least 5 of which
nearly all have them at the end (`candidates`). But where at least half of both texts is common they link: as possible,
for a short post may stand under a long footer; from four fifths on as above, for then it is one text that was published
everywhere. Which text is the earlier the times say, not this module; a common author of both and a copy look alike
here. A translation shares no words.

The ways and numbers come from published work on news (8 words, more than 200 texts) and from trials on planted copies
in the tests; all thresholds are choices and none is a probability.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probanda.corroborate import candidates
from probanda.corroborate.fingerprints import (
    AT_LEAST_TWO,
    WORDS,
    WordHashes,
    fingerprints_together,
    hashed_runs,
    winnowed,
)
from probanda.corroborate.tiles import Tile, hashes_of, tiles
from probanda.corroborate.words import Numbers, comparable, spans
from probanda.records.corroboration import Confidence, Link, SharedRange
from probanda.records.passage import Passage

POSSIBLE_RUNS = AT_LEAST_TWO - WORDS + 1
LIKELY_RUNS = 20
CERTAIN_WORDS = 100
_SHORT_SHARE = 0.8
_GAP_WORDS = 16
_ONE_TEXT = 0.8  # of what is common in both, from where on they are one text and not two with a footer
_FOOTER_WORDS = 60
_FOOTER_FROM_END = 10
_MOST_KNOWN = 1_000_000  # word forms that are numbered at once
_TOGETHER = 512  # texts hashed at once
_MOST_TEXTS_HELD = 16
_MOST_HELD = 4_000_000  # words of texts that are kept numbered for their next pair


@dataclass(frozen=True, slots=True)
class Stretch:
    """One passage in two wordings: `same` of its words are the same in both, in the same order. `left_words` and
    `right_words` are how many words it has in each."""

    left: Passage
    right: Passage
    same: int
    left_words: int
    right_words: int


@dataclass(frozen=True, slots=True)
class SharedPassages:
    """What two texts have in common. `left` and `right` are their keys, in the order in which they were given;
    `stretches` are those that link by themselves; `words` is how many words stand in `ranges`, `containment` their
    share of the text with fewer words."""

    left: str
    right: str
    confidence: Confidence
    ranges: tuple[SharedRange, ...]
    stretches: tuple[Stretch, ...]
    words: int
    containment: float
    boilerplate: tuple[SharedRange, ...] = ()

    def turned(self) -> SharedPassages:
        """The same with left and right exchanged, for whoever knows that `right` is the earlier."""
        return replace(
            self,
            left=self.right,
            right=self.left,
            ranges=tuple(sorted(map(_turned, self.ranges), key=_by_left)),
            stretches=tuple(
                sorted(
                    (Stretch(s.right, s.left, s.same, s.right_words, s.left_words) for s in self.stretches),
                    key=lambda one: one.left.start,
                )
            ),
            boilerplate=tuple(sorted(map(_turned, self.boilerplate), key=_by_left)),
        )

    @property
    def rule(self) -> str:
        """What was found, in words."""
        most = max(one.same for one in self.stretches)
        return (
            f"{self.words} words in common, {self.containment:.0%} of the shorter text; {most} of them in one passage"
        )

    def link(self) -> Link:
        return Link(
            "shared_passage", self.left, self.right, self.confidence, self.rule, self.ranges,
            containment=self.containment,
        )  # fmt: skip


def shared_passages(texts: Sequence[tuple[str, str]]) -> tuple[SharedPassages, ...]:
    """The pairs among these texts, each given as key and text, that share passages: by the place of the left text, then
    of the right."""
    hashes = WordHashes()
    parts = [
        (found, of + np.uint32(at), counts)
        for at in range(0, len(texts), _TOGETHER)
        for found, of, counts in [fingerprints_together([text for _, text in texts[at : at + _TOGETHER]], hashes)]
    ]
    if not parts:
        return ()
    every = candidates.postings(np.concatenate([one[0] for one in parts]), np.concatenate([one[1] for one in parts]))
    words = np.concatenate([one[2] for one in parts])
    rare, widespread = every.parted()
    kept, frequent = (np.bincount(rows.texts, minlength=len(texts)) for rows in (every, widespread))
    shares = candidates.shares_of(frequent, kept)
    pairs = candidates.enough([*candidates.proposed(rare), *candidates.among_common(widespread, shares)], words)
    comparer = Comparer(lambda place: texts[place][1], np.unique(widespread.hashes), shares, hashes)
    return tuple(comparer.compared(pairs, lambda place: texts[place][0]))


class _Numbered(NamedTuple):
    text: str
    words: list[str]
    numbers: NDArray[np.int64]
    hashes: NDArray[np.uint64]


class Comparer:
    """Compares texts, given by their place, on their words. `common` are the fingerprints that are common, sorted;
    `shares` says of each place how much of its text is (`candidates`)."""

    def __init__(
        self,
        text: Callable[[int], str],
        common: NDArray[np.uint64],
        shares: NDArray[np.float64],
        hashes: WordHashes | None = None,
    ) -> None:
        self._text = text
        self._common = common
        self._shares = shares
        self._hashes = hashes if hashes is not None else WordHashes()
        self._numbers = Numbers()
        self._held: dict[int, _Numbered] = {}

    def compared(self, pairs: NDArray[np.uint64], key: Callable[[int], str]) -> Iterator[SharedPassages]:
        for left, right in zip(*(side.tolist() for side in candidates.apart(pairs)), strict=True):
            found = self.compare(left, right, key)
            if found is not None:
                yield found

    def compare(self, left: int, right: int, key: Callable[[int], str]) -> SharedPassages | None:
        """`None` where they do not share enough."""
        if len(self._numbers) > _MOST_KNOWN:
            self._numbers = Numbers()
            self._held.clear()
        one, other = self._numbered(left), self._numbered(right)
        counted = tiles(one.numbers, other.numbers, hashed=(one.hashes, other.hashes))
        if _too_little(counted, min(len(one.words), len(other.words))):
            return None
        common = {tile for tile in counted if self._is_common(one.words, tile)}
        share = min(self._shares[left], self._shares[right])
        linking = _linking([tile for tile in counted if tile not in common], one.numbers, other.numbers)
        if share >= _ONE_TEXT or (share >= candidates.MOSTLY and not linking):
            linking, common = _linking(counted, one.numbers, other.numbers), set()
        if not linking:
            return None
        confidence = max((found for found, _ in linking), key=_STRENGTH.index)
        if not common and candidates.MOSTLY <= share < _ONE_TEXT:
            confidence = "possible"
        counted = [tile for tile in counted if tile not in common]
        placed = _Placed(one.text, other.text)
        words = sum(tile.words for tile in counted)
        return SharedPassages(
            key(left), key(right), confidence,
            tuple(map(placed.range, counted)), tuple(placed.stretch(part) for _, part in linking),
            words, words / min(len(one.words), len(other.words)), tuple(map(placed.range, sorted(common))),
        )  # fmt: skip

    def _numbered(self, place: int) -> _Numbered:
        found = self._held.pop(place, None)
        if found is None:
            text = self._text(place)
            words = comparable(text)
            numbers = self._numbers.of(words)
            found = _Numbered(text, words, numbers, hashes_of(numbers))
        self._held[place] = found  # the latest used last
        while len(self._held) > _MOST_TEXTS_HELD or (
            len(self._held) > 2 and sum(len(one.words) for one in self._held.values()) > _MOST_HELD
        ):
            del self._held[next(iter(self._held))]
        return found

    def _is_common(self, words: list[str], tile: Tile) -> bool:
        if not len(self._common):
            return False
        own = winnowed(hashed_runs(self._hashes.of(words[tile.left : tile.left + tile.words])))
        at = np.minimum(np.searchsorted(self._common, own), len(self._common) - 1)
        return bool(2 * np.count_nonzero(self._common[at] == own) >= len(own))


class _Placed:
    """Tiles as characters of two texts, whose words are sought only where something was found."""

    def __init__(self, left: str, right: str) -> None:
        self._left, self._right = (left, *spans(left)), (right, *spans(right))

    def range(self, tile: Tile) -> SharedRange:
        return SharedRange(_passage(*self._left, tile.left, tile.words), _passage(*self._right, tile.right, tile.words))

    def stretch(self, part: list[Tile]) -> Stretch:
        first, last = part[0], part[-1]
        left_words = last.left + last.words - first.left
        right_words = last.right + last.words - first.right
        return Stretch(
            _passage(*self._left, first.left, left_words), _passage(*self._right, first.right, right_words),
            sum(tile.words for tile in part), left_words, right_words,
        )  # fmt: skip


_STRENGTH: list[Confidence] = ["possible", "likely", "certain"]


def _joined(found: Iterable[Tile]) -> list[list[Tile]]:
    """Tiles that follow one another in both texts at a small distance."""
    parts: list[list[Tile]] = []
    for tile in found:
        if parts:
            last = parts[-1][-1]
            before, beside = tile.left - last.left - last.words, tile.right - last.right - last.words
            if before <= _GAP_WORDS and 0 <= beside <= _GAP_WORDS:
                parts[-1].append(tile)
                continue
        parts.append([tile])
    return parts


def _too_little(found: list[Tile], shorter: int) -> bool:
    """Whether no stretch can link: most candidates share two formulas, and this is the quick way out."""
    return shorter >= 2 * AT_LEAST_TWO and sum(tile.words - WORDS + 1 for tile in found) < POSSIBLE_RUNS


def _linking(
    found: Iterable[Tile], left: NDArray[np.int64], right: NDArray[np.int64]
) -> list[tuple[Confidence, list[Tile]]]:
    """The stretches that link by themselves."""
    every = [(_confidence(part, left, right), part) for part in _joined(found)]
    return [(confidence, part) for confidence, part in every if confidence is not None]


def _confidence(part: list[Tile], left: NDArray[np.int64], right: NDArray[np.int64]) -> Confidence | None:
    """How far one stretch links; a sign counts as half a word."""
    same = np.concatenate([left[tile.left : tile.left + tile.words] for tile in part])
    weight = _weight(same) / len(same)
    words = len(same) * weight
    each = [hashed_runs(left[tile.left : tile.left + tile.words].view(np.uint64)) for tile in part]
    distinct = len(np.unique(np.concatenate(each))) / sum(map(len, each))  # "no, no, no, no" says it once
    runs = distinct * sum(max(0.0, tile.words * weight - WORDS + 1) for tile in part)
    if words * distinct >= CERTAIN_WORDS:
        return "certain"
    if runs >= LIKELY_RUNS:
        return "possible" if _looks_like_a_footer(part, len(left), len(right)) else "likely"
    if runs >= POSSIBLE_RUNS:
        return "possible"
    whole = min(_weight(left), _weight(right))
    if whole < AT_LEAST_TWO and words >= WORDS and words >= _SHORT_SHARE * whole:
        return "possible"
    return None


def _looks_like_a_footer(part: list[Tile], left: int, right: int) -> bool:
    """Whether a stretch of a few words stands at the end of both texts and is little of either."""
    last = part[-1]
    after = max(left - last.left - last.words, right - last.right - last.words)
    return after <= _FOOTER_FROM_END and sum(tile.words for tile in part) <= min(_FOOTER_WORDS, left / 2, right / 2)


def _weight(numbers: NDArray[np.int64]) -> float:
    return len(numbers) - np.count_nonzero(numbers < 0) / 2


def _passage(text: str, starts: NDArray[np.int64], ends: NDArray[np.int64], first: int, words: int) -> Passage:
    start, end = int(starts[first]), int(ends[first + words - 1])
    return Passage(start, end, text[start:end])


def _turned(one: SharedRange) -> SharedRange:
    return SharedRange(one.right, one.left)


def _by_left(one: SharedRange) -> int:
    return one.left.start
