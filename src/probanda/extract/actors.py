"""Noun phrases without a parser: where the phrase that ends before, or begins at, a token has its other end."""

from __future__ import annotations

from probanda.extract.segments import Document


def noun_phrase_ending_at(doc: Document, last: int) -> tuple[int, int] | None:
    """The noun phrase whose tokens are [first, last), `None` where no noun phrase ends there."""
    raise NotImplementedError


def noun_phrase_starting_at(doc: Document, first: int) -> tuple[int, int] | None:
    """The noun phrase whose tokens are [first, last), `None` where no noun phrase begins there."""
    raise NotImplementedError
