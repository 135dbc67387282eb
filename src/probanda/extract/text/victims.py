"""Nouns that name the harmed and the harm, for the reading of numbers and figures.

Words: lexica/victim_nouns.tsv (persons), lexica/effects.tsv (what befell them).
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.word_sets import word_set

_HARM = word_set("arrests casualties casualty deaths fatalities injuries injury losses victims")
_MODIFIERS = word_set("civilian combat further human immediate known military more new other serious")


@cache
def victim_class(word: str) -> str | None:
    """The broad class of a noun for persons, lower case, `None` for other words."""
    return _victims().get(word) or _victims().get(word.rpartition("-")[2] if "-" in word else word)


@cache
def _victims() -> dict[str, str]:
    return {row["word"]: row["class"] for row in table("victim_nouns.tsv")}


def is_harmed(doc: Document, place: int) -> bool:
    """Whether what follows "no" at `place` is a harm or somebody harmed: "no casualties", "no civilians were
    hurt"."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(place - 1)].last
    while place < end and tokens[place].lower in _MODIFIERS and place + 1 < end and tokens[place + 1].kind == "word":
        place += 1
    if place >= end:
        return False
    if tokens[place].lower in _HARM:
        return True
    if victim_class(tokens[place].lower) is None or place + 1 >= end:
        return False
    return (
        tokens[place + 1].lower in ("were", "was", "have", "had", "has", "died", "are")
        or tokens[place + 1].lower in harm_participles()
    )


@cache
def harm_participles() -> frozenset[str]:
    return frozenset(
        row["form"] for row in table("effects.tsv") if row["frame"] == "participle" and row["kind"] == "casualty"
    )
