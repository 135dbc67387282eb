"""Names folded so that one name written in two scripts, or in another case of the language, meets itself.

Guarantees: pure. A `Folding` is made of all words that will be asked of it and gives each an id; two words get one id
where they share a key of `records.name_keys`, directly or through a third word of the same material. A shared id is a
hint that two words are one name, never a statement that they are: it errs towards one, which for a count of origins is
the careful side. A word that has no key (too short, another script) is itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from probanda.records.name_keys import name_keys

_WORD = re.compile(r"\w+(?:['’ʼ]\w+)*")
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
# Endings of the cases of nouns and surnames in Ukrainian and Russian that `name_keys` leaves (it drops vowels itself).
_CASE = re.compile(r"(?<=\w{4})(ові|еві|єві|ами|ями|ом|ем|єм|ём|им|ым|ою|єю|ею|ой|ей|ів|ов|ах|ях|ам|ям)$")
# What turns the name of a country or town into an adjective, in symbols of the keys: Karovian, каровийский.
_ADJECTIVE = re.compile(r"(?<=[a-z]{4})(ianisk|inisk|anisk|ianski|ian|isk|sk|an|is|i)$")
_LEAST_STEM = 4


def words_of(text: str) -> tuple[str, ...]:
    """The words, lower case, without a possessive's ending."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(_POSSESSIVE.sub("", word) for word in _WORD.findall(folded))


@lru_cache(maxsize=100_000)
def keys_of(word: str) -> tuple[str, ...]:
    """The keys of one lower-case word, with those of its form without a case ending; never empty."""
    found = [key for key in name_keys(word) if not key[0].isdigit()]
    bare = _CASE.sub("", word)
    if bare != word:
        found += [key for key in name_keys(bare) if not key[0].isdigit()]
    return tuple(dict.fromkeys(found)) or (f"={word}",)


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """One key under which a country or town meets its adjective in the three languages (Karovia, Karovian,
    каровийский); the word itself where it has no key."""
    key = keys_of(word)[0]
    if key.startswith("="):
        return key
    for _ in range(2):
        key = _ADJECTIVE.sub("", key)
    return key if len(key) >= _LEAST_STEM else keys_of(word)[0]


class Folding:
    """Ids of words, over the vocabulary of one look."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._parent: dict[str, str] = {}
        for word in vocabulary:
            first, *others = keys_of(word)
            for other in others:
                self._join(first, other)

    def word(self, word: str) -> str:
        return self._root(keys_of(word)[0])

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(self.word(word) for word in words_of(text))

    def _root(self, key: str) -> str:
        while (above := self._parent.get(key, key)) != key:
            key = above
        return key

    def _join(self, a: str, b: str) -> None:
        one, other = sorted((self._root(a), self._root(b)))
        if one != other:
            self._parent[other] = one
