"""Passage: exact characters of one frozen text.

Offsets are Unicode code points, half-open; `text[start:end] == passage.text`, always. Which text is meant is said by
the document that holds the passage (its SHA-256), never by the passage alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text) or not self.text:
            raise ValueError(
                f"a passage of {len(self.text)} characters cannot stand at [{self.start}, {self.end}); "
                "expected a text that is not empty and fills its offsets"
            )


def passage_at(text: str, start: int, end: int) -> Passage:
    """The passage of `text` at [start, end), with white space at both ends left out."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Passage(start, end, text[start:end])
