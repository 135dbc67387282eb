"""Which articles hold the same words, and which claim of the one stands where in the other.

Guarantees: what is shared was found on the words themselves (`shared_passages`, `shared_quotations`). A text that
several put out is compared once, as the article that was published first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from probanda.corroborate.article import Article
from probanda.corroborate.circumstances import day_of
from probanda.corroborate.shared_passages import shared_passages
from probanda.corroborate.shared_quotations import shared_quotations
from probanda.records.corroboration import Link
from probanda.records.passage import Passage

_OFF = 120  # characters by which a claim may stand off from where the words around it say that it stands
_LEAST_BESIDE = 8  # words shared beside a claim: one shingle of `shared_passages`
_LEAST_WHOLE = 24  # or with it; three of them. Both arbitrary


@dataclass(frozen=True, slots=True)
class Copy:
    """A link between two articles by their words; `same` are the stretches that are one passage in two wordings."""

    link: Link
    same: tuple[tuple[Passage, Passage], ...]

    def expected(self, claim: Passage) -> int | None:
        """Where in the right article the claim of the left one stands, if it stands in what both share."""
        for left, right in self.same:
            inside = min(claim.end, left.end) - max(claim.start, left.start)
            if inside * 2 < claim.end - claim.start:
                continue
            ranges = [one for one in self.link.shared if left.start <= one.left.start and one.left.end <= left.end]
            if not ranges:
                return right.start + (claim.start - left.start)
            near = min(ranges, key=lambda one: max(one.left.start - claim.start, claim.start - one.left.end, 0))
            return near.right.start + (claim.start - near.left.start)
        return None

    def stands_around(self, claim: Passage) -> bool:
        """Whether what is shared stands around the claim of the left one, and is not the claim alone, in the words that
        everybody has for such a thing, beside a footer somewhere else. Words between quotation marks are whole."""
        if self.link.kind != "shared_passage":
            return True
        around = [one.left for one in self.link.shared if one.left.start < claim.end and claim.start < one.left.end]
        outside = (
            one.text[: max(claim.start - one.start, 0)] + " " + one.text[max(claim.end - one.start, 0) :]
            for one in around
        )
        beside = sum(len(words.split()) for words in outside)
        return beside >= _LEAST_BESIDE or sum(len(one.text.split()) for one in around) >= _LEAST_WHOLE

    def counterpart(self, claim: Passage, others: Iterable[tuple[int, Passage]]) -> int | None:
        """Which of the right article's claims (numbers with passages) is this claim of the left one."""
        at = self.expected(claim)
        if at is None:
            return None
        near = [(abs(one.start - at), number) for number, one in others if abs(one.start - at) <= _OFF]
        return min(near)[1] if near else None


def copies(articles: Sequence[Article]) -> tuple[Copy, ...]:
    """Every two articles of other texts that hold the same passages or quotations, the earlier one on the left."""
    ordered = sorted(articles, key=lambda one: (one.published is None, day_of(one.published) or 0, one.key))
    first: dict[str, Article] = {}
    for one in ordered:
        first.setdefault(one.document, one)
    texts = [(one.key, one.text) for one in first.values()]
    found = [
        Copy(one.link(), tuple((stretch.left, stretch.right) for stretch in one.stretches))
        for one in shared_passages(texts)
    ]
    found += [
        Copy(one.link(), tuple((part.left, part.right) for part in one.ranges)) for one in shared_quotations(texts)
    ]
    return tuple(found)
