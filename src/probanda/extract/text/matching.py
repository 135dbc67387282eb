"""Longest-match scan of a document for the terms of a lexicon, by a dictionary of first words.

Guarantees: matches do not overlap and are the longest at their place; a hyphen and a blank between words compare
equal, and case does not matter. A term is never found inside a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from probanda.extract.text.segments import Document, segment

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """Tokens [first, last) and what the lexicon says of them."""

    first: int
    last: int
    value: T


class Matcher(Generic[T]):
    """Terms, made once and used for every document."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for term, value in terms:
            for variant in {term, term.replace("-", " "), term.replace(" ", "-")}:
                digits = any(letter.isdigit() for letter in variant)  # "M16" is two tokens
                words = tuple(t.lower for t in segment(variant).tokens) if digits else tuple(variant.lower().split())
                self._by_first.setdefault(words[0], []).append((words[1:], value))
        for held in self._by_first.values():
            held.sort(key=lambda pair: -len(pair[0]))

    def scan(self, doc: Document) -> list[Match[T]]:
        out: list[Match[T]] = []
        tokens, by_first = doc.tokens, self._by_first
        place, end = 0, len(tokens)
        while place < end:
            size = 1
            for rest, value in by_first.get(tokens[place].lower, ()):
                last = place + 1 + len(rest)
                if last <= end and all(tokens[place + 1 + n].lower == word for n, word in enumerate(rest)):
                    out.append(Match(place, last, value))
                    size = last - place
                    break
            place += size
        return out
