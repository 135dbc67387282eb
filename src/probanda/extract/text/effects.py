"""What befell the counted, by the words that say so: forms of lexica/effects.tsv found in a text.

Guarantees: the longest form at a place is the one found; every frame that this form has is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.records.reading import Effect

Frame = Literal["active", "participle", "intransitive", "adjective", "noun", "of"]
FigureKind = Literal["casualty", "displacement", "count"]


@dataclass(frozen=True, slots=True)
class Harm:
    """Tokens [first, last) and, by frame, what they say befell the counted."""

    first: int
    last: int
    frames: dict[Frame, tuple[Effect, FigureKind]]


@cache
def _forms() -> dict[str, tuple[tuple[tuple[str, ...], dict[Frame, tuple[Effect, FigureKind]]], ...]]:
    """Forms by their first word, the longest first."""
    found: dict[str, dict[tuple[str, ...], dict[Frame, tuple[Effect, FigureKind]]]] = {}
    for row in table("effects.tsv"):
        form = tuple(row["form"].split())
        frame: Frame = row["frame"]  # type: ignore[assignment]
        effect: Effect = row["effect"]  # type: ignore[assignment]
        kind: FigureKind = row["kind"]  # type: ignore[assignment]
        found.setdefault(form[0], {}).setdefault(form, {})[frame] = (effect, kind)
    return {word: tuple(sorted(forms.items(), key=lambda item: -len(item[0]))) for word, forms in found.items()}


def frames_of(word: str) -> dict[Frame, tuple[Effect, FigureKind]]:
    """The frames of one word as a form of its own, none for other words."""
    return next((frames for form, frames in _forms().get(word, ()) if form == (word,)), {})


def harm_at(doc: Document, place: int) -> Harm | None:
    """The harm that the words from token `place` on tell, `None` where they tell none."""
    tokens = doc.tokens
    if place >= len(tokens):
        return None
    for form, frames in _forms().get(tokens[place].lower, ()):
        last = place + len(form)
        if last <= len(tokens) and all(tokens[place + at].lower == word for at, word in enumerate(form)):
            return Harm(place, last, frames)
    return None


def harm_ending_at(doc: Document, last: int) -> Harm | None:
    """The harm whose form ends at token `last` (exclusive): "shooting dead" before a number."""
    for length in (3, 2, 1):
        if last - length >= 0:
            found = harm_at(doc, last - length)
            if found is not None and found.last == last:
                return found
    return None
