"""What the gate's checks look at: one text in its parts, and what can be derived from it, each derived once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from probanda.extract.gate.recompute import Recompute
from probanda.extract.grounding import Grounder
from probanda.extract.text.segments import Document, Span
from probanda.records.passage import Passage
from probanda.records.reading import Speaker, When

_CHECKING = re.compile("verif|confirm|corroborat|substantiat", re.IGNORECASE)


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

    @cached_property
    def checkings(self) -> tuple[int, ...]:
        """The characters at which words of checking begin: reports have few, so that most claims need no search."""
        return tuple(match.start() for match in _CHECKING.finditer(self.doc.text))

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
        found = self._found.get(words)
        if found is None:
            found = tuple((passage.start, passage.end) for passage in self.grounder.occurrences(words))
            self._found[words] = found
        limit = len(self.doc.text) if end is None else end
        return (span for span in found if start <= span[0] and span[1] <= limit)

    @cached_property
    def speakers(self) -> dict[Speaker, tuple[str, str] | None]:
        """The speakers that were looked at, each with what is wrong with name, role or chain."""
        return {}

    @cached_property
    def _found(self) -> dict[str, tuple[tuple[int, int], ...]]:
        return {}

    def holds(self, words: str, start: int = 0, end: int | None = None) -> bool:
        return next(self.occurrences(words, start, end), None) is not None
