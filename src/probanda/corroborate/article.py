"""Article: one publication of a text, as the rules of this folder are given it."""

from __future__ import annotations

from dataclasses import dataclass

from probanda.records.reading import Reading


@dataclass(frozen=True, slots=True)
class Article:
    """`key` is the capture's id: the same text captured from two outlets is two articles. `outlet` is who published
    it, as stated when it was added or in the material itself, `None` where nobody said; `published` is EDTF."""

    key: str
    document: str  # SHA-256 of the frozen text, in UTF-8
    outlet: str | None
    published: str | None
    language: str
    text: str
    reading: Reading
