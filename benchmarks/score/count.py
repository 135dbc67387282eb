"""Counts of a category, and the list of what was missed, added or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Count:
    """`right_gold` of `gold` required items were found, `right_found` of `found` items that count were right."""

    gold: int = 0
    right_gold: int = 0
    found: int = 0
    right_found: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.gold + other.gold,
            self.right_gold + other.right_gold,
            self.found + other.found,
            self.right_found + other.right_found,
        )

    @property
    def precision(self) -> float | None:
        """Of what was found, the share that is right; `None` where nothing was found."""
        return self.right_found / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what is there, the share that was found; `None` where nothing is there."""
        return self.right_gold / self.gold if self.gold else None

    @property
    def f(self) -> float | None:
        """The harmonic mean; 0 where nothing was found of what is there; `None` where only recall is judged."""
        if not self.found and (not self.gold or self.right_gold):
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class Error:
    report: str
    category: str
    kind: str  # missed, extra or wrong
    detail: str


@dataclass
class Tally:
    """Collects counts and errors of one report."""

    report: str
    counts: dict[str, Count] = field(default_factory=dict)
    errors: list[Error] = field(default_factory=list)

    def gold(self, category: str, right: bool) -> None:
        self._add(category, Count(gold=1, right_gold=int(right)))

    def found(self, category: str, right: bool) -> None:
        self._add(category, Count(found=1, right_found=int(right)))

    def error(self, category: str, kind: str, detail: str) -> None:
        self.errors.append(Error(self.report, category, kind, " ".join(detail.split())))

    def _add(self, category: str, count: Count) -> None:
        self.counts[category] = self.counts.get(category, Count()) + count


def total(tallies: Iterator[Tally] | list[Tally]) -> dict[str, Count]:
    """The counts of many reports together, categories in the order in which they first occur."""
    out: dict[str, Count] = {}
    for tally in tallies:
        for category, count in tally.counts.items():
            out[category] = out.get(category, Count()) + count
    return out
