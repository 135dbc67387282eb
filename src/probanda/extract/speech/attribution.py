"""An attribution: a source, a cue and what the source is said to say, as token ranges."""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.speech.cues import Cue
from probanda.extract.speech.subjects import Subject
from probanda.extract.text.nouns import Range
from probanda.records.reading import Speaker


@dataclass(frozen=True, slots=True)
class Attribution:
    """Token ranges; `content` excludes cue and source. `speaker` is `None` where the holder is not told."""

    cue: Range
    verb: Cue
    subject: Subject | None
    speaker: Speaker | None
    content: Range | None
    addressee: Range | None
    sentence: int
    leading: bool  # the content follows the cue
    passive: bool = False
    more: Range | None = None  # content that goes on behind the source: "…, the agency said, while …"

    def covers(self, token: int) -> bool:
        if self.content is not None and self.content[0] <= token < self.content[1]:
            return True
        return self.more is not None and self.more[0] <= token < self.more[1]

    @property
    def start(self) -> int:
        """The first token of source and cue, where they stand together."""
        if self.subject is None or abs(self.subject.span[0] - self.cue[0]) > 24:
            return self.cue[0]
        return min(self.cue[0], self.subject.span[0])
