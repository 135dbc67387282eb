"""Where lines point: the passages of one text, each with an anchor and its paragraph.

Guarantees: one anchor for each distinct passage, numbered in the order of the text; a passage that is not exactly the
characters it claims is refused (`SnapshotError`), since a reader who follows a line must land on the words it quotes.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable

from probanda.records.passage import Passage
from probanda.report.contents import Anchor, Ref
from probanda.report.located import where_in_source
from probanda.report.snapshot import Region

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_CONTEXT_CHARS = 90  # arbitrary: about one printed line of context on either side


class SnapshotError(ValueError):
    """The snapshot contradicts itself: the fault of the program that made it, not of the material."""


class Anchors:
    """Made for one text; `ref` notes which line rests on which passage, `all` tells it once every line is made."""

    def __init__(
        self,
        text_number: int,
        text: str,
        paragraphs: tuple[tuple[int, int], ...] | None,
        regions: tuple[Region, ...] = (),
    ) -> None:
        self.number = text_number
        self.text = text
        self.paragraphs = _checked(paragraphs, text, text_number) if paragraphs is not None else find_paragraphs(text)
        self._starts = [start for start, _ in self.paragraphs]
        self._regions = regions
        self._region_starts = [one.start for one in regions]
        self._names: dict[tuple[int, int], str] = {}
        self._lines: dict[tuple[int, int], list[str]] = {}

    def number_passages(self, passages: Iterable[Passage]) -> None:
        """Give every passage its anchor, in the order of the text (the longer first where two start together)."""
        spans = {(p.start, p.end) for p in passages if self._exact(p)}
        for count, span in enumerate(sorted(spans, key=lambda span: (span[0], -span[1])), start=1):
            self._names[span] = f"p-{self.number}-{count}"

    def ref(self, passage: Passage, line: str) -> Ref:
        """The reference of `line` to `passage`, which `number_passages` must have been given."""
        span = (passage.start, passage.end)
        lines = self._lines.setdefault(span, [])
        if line not in lines:
            lines.append(line)
        return Ref(
            self.number, self.paragraph_of(passage.start), self._names[span], passage.start, passage.end, passage.text,
            self.place(passage),
        )  # fmt: skip

    def place(self, passage: Passage) -> str | None:
        """Where in the source it stands, in words; `None` where the text says nothing of it."""
        first = max(0, bisect.bisect_right(self._region_starts, passage.start) - 1)
        last = bisect.bisect_left(self._region_starts, passage.end)
        return where_in_source(self._regions[first:last], passage.start, passage.end) or None

    def paragraph_of(self, char: int) -> int:
        """The number of the paragraph, from 1, that holds the character; 0 before the first."""
        return bisect.bisect_right(self._starts, char)

    def context(self, passage: Passage) -> tuple[str, str]:
        """Some words before and after the passage, within its paragraph."""
        number = self.paragraph_of(passage.start)
        low, high = self.paragraphs[number - 1] if number else (passage.start, passage.end)
        left, right = max(low, passage.start - _CONTEXT_CHARS), min(high, passage.end + _CONTEXT_CHARS)
        return (
            _tail(self.text[left : passage.start], cut=left > low),
            _head(self.text[passage.end : max(passage.end, right)], cut=right < high),
        )

    def all(self) -> tuple[Anchor, ...]:
        """Every passage that a line rests on, in the order of the text."""
        return tuple(
            Anchor(name, start, end, tuple(self._lines[start, end]))
            for (start, end), name in self._names.items()
            if (start, end) in self._lines
        )

    def _exact(self, passage: Passage) -> bool:
        found = self.text[passage.start : passage.end]
        if found != passage.text:
            raise SnapshotError(
                f"text {self.number}: expected {passage.text[:60]!r} at [{passage.start}, {passage.end}), found "
                f"{found[:60]!r}; the reading was made from another text: run `probanda rebuild` on the case"
            )
        return True


def find_paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """The paragraphs of `text` as [start, end), without the line breaks around them.

    Each line is one, unless the text was wrapped by hand (no line beyond 120 characters, half of them beyond 40): then
    lines without a blank line between them belong together.
    """
    lines = [match.span() for match in _LINE.finditer(text) if match.group().strip()]
    if not _wrapped(lines):
        return tuple(lines)
    out: list[tuple[int, int]] = []
    for start, end in lines:
        if out and _one_break(text[out[-1][1] : start]):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _wrapped(lines: list[tuple[int, int]]) -> bool:
    widths = [end - start for start, end in lines]
    return len(widths) > 3 and max(widths) <= 120 and sum(width > 40 for width in widths) > len(widths) / 2


def _one_break(gap: str) -> bool:
    return len(gap.replace("\r\n", "\n").replace("\r", "\n").strip(" \t")) == 1


def _checked(paragraphs: tuple[tuple[int, int], ...], text: str, number: int) -> tuple[tuple[int, int], ...]:
    last = 0
    for start, end in paragraphs:
        if not last <= start < end <= len(text):
            raise SnapshotError(f"text {number}: paragraph [{start}, {end}) is out of order or beyond the text")
        last = end
    return paragraphs


def _tail(words: str, *, cut: bool) -> str:
    return "… " + words.partition(" ")[2] if cut and " " in words else words


def _head(words: str, *, cut: bool) -> str:
    return words.rpartition(" ")[0] + " …" if cut and " " in words else words
