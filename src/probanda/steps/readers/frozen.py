"""What every reader gives back: a frozen text, and for its stretches the place in the source where each stands.

Guarantees: regions are half-open, in the order of the text and never beyond it; a text can be written as UTF-8 and has
no character that is not shown (`shown`). A reader never guesses: it raises `ReadError` where the material cannot be
read, saying what was expected, what was found and what to do, and `NothingToReadError` where it has no text to give.
The form of the map is `spec/text-map.md`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probanda.records.canonical import Json

MAX_CHARS: Final = 20_000_000  # arbitrary: ten thousand pages; a verifier reads texts up to 64 MiB
PART: Final = "\n\f\n"  # between pages, sheets and parts of a document

# Ligatures of Latin typesetting (Unicode, Alphabetic Presentation Forms): the letters are what was written.
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})  # controls, characters without width, halves of pairs, no characters


class ReadError(ValueError):
    """The material cannot be read: what was expected, what was found, what to do."""


def locked(what: str) -> ReadError:
    """`what` needs a password."""
    todo = "remove the password in a copy that you add as well, or ask the provider for one"
    return ReadError(f"password-protected: {what}; {todo}")


class NothingToReadError(Exception):
    """The material is sound and has no text for this reader. `facts` go into the derivation."""

    def __init__(self, reason: str, facts: Mapping[str, Json] | None = None) -> None:
        super().__init__(reason)
        self.facts: Mapping[str, Json] = dict(facts or {})


@dataclass(frozen=True, slots=True)
class Region:
    """text[start:end] stands at `at` in the source (the kinds of places: `spec/text-map.md`)."""

    start: int
    end: int
    at: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Frozen:
    """`segments`: [t0, t1, s0, s1] into the decoded source, for kinds that are text themselves; `chars` and `encoding`
    are of that source. `apart`: words that the source holds and does not show as its text (deleted, hidden)."""

    text: str
    basis: str
    segments: tuple[Json, ...] = ()
    regions: tuple[Region, ...] | None = None
    pages: tuple[Mapping[str, Json], ...] | None = None
    apart: tuple[Mapping[str, Json], ...] = ()
    stated: Mapping[str, Json] = field(default_factory=dict)
    counts: Mapping[str, Json] = field(default_factory=dict)
    chars: int | None = None
    encoding: str | None = None


def way_back(frozen: Frozen, sha256: str) -> dict[str, Json]:
    """The map of a frozen text that was made from the blob `sha256`, as `spec/text-map.md` describes it."""
    found: dict[str, Json] = {
        "basis": frozen.basis,
        "counts": frozen.counts,
        "segments": frozen.segments,
        "source": {"chars": frozen.chars, "encoding": frozen.encoding, "sha256": sha256},
        "stated": frozen.stated,
        "text": {"chars": len(frozen.text), "sha256": hashlib.sha256(frozen.text.encode("utf-8")).hexdigest()},
    }
    if frozen.regions is not None:
        found["regions"] = [{"at": one.at, "end": one.end, "start": one.start} for one in frozen.regions]
    if frozen.pages is not None:
        found["pages"] = frozen.pages
    if frozen.apart:
        found["apart"] = frozen.apart
    return found


class Scroll:
    """A text in the making: pieces are added at its end, each with its place, or as what parts them."""

    def __init__(self) -> None:
        self.length = 0
        self.regions: list[Region] = []
        self._pieces: list[str] = []

    def add(self, text: str, at: Mapping[str, Json]) -> None:
        """`text` stands at `at`; no text, no region. Raises `ReadError` where the whole becomes too long."""
        if text:
            self.regions.append(Region(self.length, self.length + len(text), at))
            self.part(text)

    def part(self, text: str) -> None:
        """Characters of our own between two pieces."""
        self._pieces.append(text)
        self.length += len(text)
        if self.length > MAX_CHARS:
            raise ReadError(f"expected at most {MAX_CHARS:,} characters of text, found more; split the file")

    @property
    def text(self) -> str:
        return "".join(self._pieces)


def shown(text: str) -> str:
    """`text` without what has no width or no meaning in it; ligatures as letters. Tabs and line feeds stay."""
    if text.isascii() and text.isprintable():
        return text
    kept = (_LIGATURES.get(ord(one), one) for one in text if one in "\t\n" or unicodedata.category(one) not in _UNSEEN)
    return "".join(kept)


def one_line(text: str) -> str:
    """`text` as it is shown on one line: each run of white space is one space, none at the ends."""
    return shown(" ".join(text.split())).strip()
