"""What the rooms found in one document, and in whose words each token stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from probanda.extract.slavic.quotes import Spoken
from probanda.extract.slavic.subjects import Attribution
from probanda.extract.text.segments import Document
from probanda.extract.values.times import TimeMention
from probanda.records.reading import (
    Holder,
    HolderUnknown,
    Narrator,
    Place,
)


@dataclass(frozen=True)
class Material:
    """What the rooms found in one document."""

    doc: Document
    words: Sequence[str]
    sha256: str
    extractor: str
    times: tuple[TimeMention, ...]
    places: tuple[Place, ...]
    attributions: tuple[Attribution, ...]
    spoken: tuple[Spoken, ...]

    def told_at(self, token: int) -> Attribution | Spoken | None:
        """Who says what stands at `token`: the innermost reported clause or speech around it."""
        return self._told.get(token)

    @cached_property
    def _told(self) -> dict[int, Attribution | Spoken]:
        spans: list[tuple[int, int, Attribution | Spoken]] = [
            (first, last, told) for told in self.attributions for first, last in told.content
        ]
        spans += [(*said.span, said) for said in self.spoken]
        held: dict[int, Attribution | Spoken] = {}
        for first, last, told in sorted(spans, key=lambda span: span[0] - span[1]):  # the longest first
            cue = told.cue if isinstance(told, Attribution) else None
            for token in range(first, last):
                if cue is None or not cue.first <= token < cue.last:
                    held[token] = told
        return held

    def holder_at(self, token: int) -> Holder:
        told = self.told_at(token)
        if told is None:
            return Narrator()
        return told.speaker or HolderUnknown()
