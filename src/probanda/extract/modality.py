"""Whether the words of a clause say that a thing was done (first version follows)."""

from __future__ import annotations

from probanda.extract.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Modality


def modality_at(doc: Document, first: int, last: int) -> tuple[Modality, Passage | None]:
    """The modality of what tokens [first, last) name, and the cue that gives it; ("accomplished", None) without cue."""
    return "accomplished", None


def negated_at(doc: Document, first: int, last: int) -> bool:
    """Whether the clause around tokens [first, last) negates what they name."""
    return False
