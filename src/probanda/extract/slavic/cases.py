"""Of which nominatives a word of Ukrainian or Russian can be a case form, and which words are common given names.

Guarantees: the word itself stands first; the others follow from its ending alone (lexica/{uk,ru}_cases.tsv), so that
some of them are no words. Given names: lexica/{uk,ru}_given_names.tsv.
"""

from __future__ import annotations

from functools import cache, lru_cache

from probanda.extract.slavic.words import fold
from probanda.extract.text.lexicon import table


@cache
def _cases(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Case endings, each with the endings of the nominatives that it can stem from."""

    def plain(ending: str) -> str:
        return "" if ending == "-" else ending

    return tuple(
        (plain(row["ending"]), tuple(plain(base) for base in row["nominatives"].split()))
        for row in table(f"{language}_cases.tsv")
    )


@lru_cache(maxsize=16384)
def nominatives(word: str, language: str) -> tuple[str, ...]:
    """The forms of which `word` can be a case form, itself first."""
    found = [word]
    for ending, bases in _cases(language):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: len(word) - len(ending)]
            found += [stem + base for base in bases]
    return tuple(dict.fromkeys(found))


@cache
def given_names(language: str) -> frozenset[str]:
    """Common given names, folded, in the nominative."""
    return frozenset(fold(name) for row in table(f"{language}_given_names.tsv") for name in row["names"].split())
