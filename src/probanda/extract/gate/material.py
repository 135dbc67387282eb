"""What the gate's checks look at: one text in its parts, and what can be derived from it, each derived once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from probanda.extract.gate.recompute import Recompute
from probanda.extract.grounding import Grounder, begins_word, ends_word, normalise
from probanda.extract.segments import Document, Span
from probanda.records.passage import Passage
from probanda.records.reading import When


@dataclass(frozen=True)
class Material:
    """One document, its date of publication and the functions that derive values from its spans."""

    doc: Document
    published: str | None
    recompute: Recompute

    @cached_property
    def grounder(self) -> Grounder:
        return Grounder(self.doc.text)

    @cached_property
    def times(self) -> Mapping[tuple[int, int], When]:
        found = self.recompute.times(self.doc, self.published)
        return {(when.passage.start, when.passage.end): when for when in found if when.passage is not None}

    def tokens_of(self, passage: Passage) -> tuple[int, int]:
        """The tokens [first, last) that the passage covers, in part or whole."""
        return self.doc.token_at(passage.start), self.doc.token_at(passage.end - 1) + 1

    def sentence_of(self, passage: Passage) -> Span:
        """The sentence in which the passage begins."""
        return self.doc.sentences[self.doc.sentence_of(self.doc.token_at(passage.start))]

    def paragraph_of(self, char: int) -> int:
        return self.doc.paragraph_of(min(self.doc.token_at(char), len(self.doc.tokens) - 1))

    def occurrences(self, words: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The characters [start, end) of every place where `words` stands as whole words, marks normalised."""
        text = self.doc.text
        end = len(text) if end is None else end
        if not words or len(words) > 2 * len(text) + 64:
            return
        place = text.find(words, start, end)
        if place < 0 and normalise(words) in normalise(text[start:end]):
            yield from (
                (found.start, found.end)
                for found in self.grounder.occurrences(words)
                if start <= found.start and found.end <= end
            )
        while place >= 0:
            if begins_word(text, place) and ends_word(text, place + len(words)):
                yield place, place + len(words)
            place = text.find(words, place + 1, end)

    def holds(self, words: str, start: int = 0, end: int | None = None) -> bool:
        return next(self.occurrences(words, start, end), None) is not None
