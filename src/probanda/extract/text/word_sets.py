"""Small closed sets of words, written as one line of text."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, which white space parts."""
    return frozenset(text.split())
