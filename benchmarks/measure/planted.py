"""Made news with planted copies, of which it is known who copies whom.

Nobody's text: 60,000 made words, drawn by Zipf's law as Mandelbrot wrote it, 1 / (rank + 2.7), so that some are
everywhere and most are rare. A sentence is one of 2,000 templates, of 8 to 24 places: two in five are filled once and
for all with frequent words (never more than three in a row), the others anew each time. So sentences are built alike,
as those of agencies are, and no two articles have a sentence in common by accident. What news does share is there too:
5,000 stock phrases of 5 to 14 words, drawn by Zipf's law, three to an article on average ("did not immediately respond
to a request for comment"); and outlets, one for some 150 articles, by Zipf's law as well, each with a footer of 15 to
45 words under all its articles. The smaller outlets' footers are too rare to pass for boilerplate by their number.
Lengths follow a lognormal law with a median of 260 words, to which phrases, quotation and footer come. Half of the
articles quote somebody, 28 words in marks.

One article in ten copies an earlier one that is itself no copy, in one of four ways, in turn (`KINDS`): *truncated*:
its first 35 to 60 %; *changed*: 8 % of its words replaced by others; *embedded*: half of it, in a row, inside a story
three times as long; *quoted*: the 28 words of its quotation in a story that is otherwise its own. Each copy has its own
outlet's footer. Two articles have a common origin when one copies the other or both copy the same.

Everything follows from a seed and the article's number, so that article n can be made without the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random

import numpy as np
from numpy.typing import NDArray

KINDS = ("truncated", "changed", "embedded", "quoted")
QUOTED_WORDS = 28
_EVERY = 10  # one article in so many is a copy
_FORMS, _TEMPLATES, _PHRASES = 60_000, 2_000, 5_000
_FREQUENT = 150
_PER_OUTLET = 150

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Copy:
    """Article `number` copies article `of`, in this way."""

    number: int
    of: int
    kind: str


class News:
    """Up to `size` articles."""

    def __init__(self, size: int, seed: int = 2031) -> None:
        self._seed = seed
        chance = Random(seed)
        self._forms = _forms(chance, _FORMS)
        self._cumulated = _zipf(_FORMS)
        draw = np.random.default_rng(seed)
        self._templates = [_template(draw, self._cumulated) for _ in range(_TEMPLATES)]
        self._phrases = [self._words(draw, int(draw.integers(5, 15))) for _ in range(_PHRASES)]
        self._by_phrase = _zipf(_PHRASES)
        outlets = max(3, size // _PER_OUTLET)
        lengths = (int(draw.integers(15, 46)) for _ in range(outlets))
        self._footers = [self._words(draw, length + (length == QUOTED_WORDS)) for length in lengths]
        self._by_outlet = _zipf(outlets)
        self._own = lru_cache(maxsize=4)(self._make_own)

    def copy(self, number: int) -> Copy | None:
        """`None` for an article of its own."""
        if number < _EVERY or number % _EVERY:
            return None
        draw = np.random.default_rng((self._seed, number, 1))
        kind = KINDS[number // _EVERY % len(KINDS)]
        while True:
            of = int(draw.integers(1, number))
            if of % _EVERY and (kind != "quoted" or self._quotes(of)):
                return Copy(number, of, kind)

    def origin(self, number: int) -> int:
        """The article that this one copies, or itself. One that copies a quotation is an origin besides."""
        copy = self.copy(number)
        return number if copy is None else copy.of

    def text(self, number: int) -> str:
        copy = self.copy(number)
        draw = np.random.default_rng((self._seed, number, 2))
        footer = [self._footers[_drawn(draw, self._by_outlet)]]
        if copy is None:
            return self._written([*self._own(number), *footer], self._quotes(number))
        source = np.concatenate(self._own(copy.of))
        if copy.kind == "truncated":
            return self._written([source[: round(len(source) * draw.uniform(0.35, 0.60))], *footer])
        if copy.kind == "changed":
            other = np.where(draw.random(len(source)) < 0.08, self._words(draw, len(source)), source)
            return self._written([other, *footer])
        if copy.kind == "embedded":
            half = len(source) // 2
            begin = int(draw.integers(0, len(source) - half + 1))
            return self._written([*self._among(draw, 3 * len(source) - half, source[begin : begin + half]), *footer])
        (quotation,) = (part for part in self._own(copy.of) if len(part) == QUOTED_WORDS)
        return self._written([*self._among(draw, _length(draw), quotation), *footer], quoting=True)

    def texts(self, size: int) -> Iterator[tuple[str, str]]:
        return ((str(number), self.text(number)) for number in range(size))

    def _quotes(self, number: int) -> bool:
        return bool(number % 2)

    def _make_own(self, number: int) -> list[Ids]:
        """The sentences of an article of its own, without the footer."""
        draw = np.random.default_rng((self._seed, number, 3))
        quotation = self._words(draw, QUOTED_WORDS) if self._quotes(number) else None
        return self._among(draw, _length(draw), quotation)

    def _among(self, draw: np.random.Generator, length: int, part: Ids | None) -> list[Ids]:
        """Sentences of `length` words in all, stock phrases among them, and this part somewhere among them."""
        parts = self._sentences(draw, length)
        for _ in range(int(draw.poisson(3))):
            parts.insert(int(draw.integers(0, len(parts) + 1)), self._phrases[_drawn(draw, self._by_phrase)])
        if part is not None:
            parts.insert(int(draw.integers(0, len(parts) + 1)), part)
        return parts

    def _sentences(self, draw: np.random.Generator, length: int) -> list[Ids]:
        which = draw.integers(0, _TEMPLATES, length // 8 + 1).tolist()
        lengths = accumulate(len(self._templates[each]) for each in which)
        enough = next(place for place, words in enumerate(lengths) if words >= length)
        parts = [self._templates[each] for each in which[: enough + 1]]
        flat = np.concatenate(parts)
        filled = np.where(flat < 0, self._words(draw, len(flat)), flat)
        ends = list(accumulate(map(len, parts)))
        # A template has never exactly the length of a quotation, by which that is known.
        return [filled[end - len(part) : end] for end, part in zip(ends, parts, strict=True)]

    def _words(self, draw: np.random.Generator, count: int) -> Ids:
        return np.searchsorted(self._cumulated, draw.random(count))

    def _written(self, parts: list[Ids], quoting: bool = False) -> str:
        """Each part a sentence with its marks."""
        sentences = []
        for part in parts:
            words = " ".join(map(self._forms.__getitem__, part.tolist()))
            sentence = f"{words[:1].upper()}{words[1:]}."
            sentences.append(f"“{sentence}”" if quoting and len(part) == QUOTED_WORDS else sentence)
        return " ".join(sentences)


def _length(draw: np.random.Generator) -> int:
    return max(60, min(3000, round(draw.lognormal(5.56, 0.45))))


def _zipf(count: int) -> NDArray[np.float64]:
    weights = 1 / (np.arange(count) + 2.7)
    return np.asarray(np.cumsum(weights) / weights.sum(), np.float64)[:-1]


def _drawn(draw: np.random.Generator, cumulated: NDArray[np.float64]) -> int:
    return int(np.searchsorted(cumulated, draw.random()))


def _forms(chance: Random, count: int) -> list[str]:
    """Made words, the frequent ones short."""
    starts = "b br d dr f g gr h k kl l m n p pl r s st t tr v z".split()
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = 1 + (len(found) > _FREQUENT) + (len(found) > 3000) + chance.randrange(2)
        word = "".join(chance.choice(starts) + chance.choice("aeiou") for _ in range(syllables))
        found[word + chance.choice(["", "n", "r", "s", "l"])] = None
    return list(found)


def _template(draw: np.random.Generator, cumulated: NDArray[np.float64]) -> Ids:
    """-1 where a word is to be filled in."""
    length = int(draw.integers(8, 25))
    fixed = np.searchsorted(cumulated[:_FREQUENT] / cumulated[_FREQUENT], draw.random(length))
    found = np.where(draw.random(length) < 0.4, fixed, -1)
    for place in range(3, length):
        if (found[place - 3 : place + 1] >= 0).all():
            found[place] = -1
    return found
