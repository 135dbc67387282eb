"""Places: which words of a text name a place, which place that is, and whether the name stands for a government."""

from __future__ import annotations

from probanda.extract.segments import Document
from probanda.records.reading import Place


def find_places(doc: Document, published: str | None = None) -> tuple[Place, ...]:
    """The places that `doc` names, in the order of the text."""
    raise NotImplementedError
