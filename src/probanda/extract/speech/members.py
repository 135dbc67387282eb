"""A person or body of a report, and what the words beside a name tell of it: sex, rank, subject, office."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.text.actors import word_classes
from probanda.extract.text.lexicon import table
from probanda.extract.text.nouns import Range, words_of
from probanda.extract.text.phrases import phrase_after
from probanda.extract.text.segments import Document

Gender = Literal["f", "m"]


@cache
def ranks() -> dict[str, str]:
    """Titles by their abbreviations, lower case."""
    return {row["abbreviation"]: row["title"] for row in table("rank_abbreviations.tsv")}


@cache
def _gendered() -> dict[str, Gender]:
    return {row["word"]: "f" if row["gender"] == "f" else "m" for row in table("gendered_words.tsv")}


def gender_of(doc: Document, span: Range) -> Gender | None:
    """What the words of a phrase tell of a person's sex: "spokeswoman", "Mr"; `None` where they tell nothing."""
    told = {_gendered()[token.lower] for token in doc.tokens[span[0] : span[1]] if token.lower in _gendered()}
    return told.pop() if len(told) == 1 else None


@dataclass(slots=True)
class Member:
    """A person or body of the report. Ranges are token ranges of the mention that says most."""

    kind: Literal["person", "body", "role", "document", "other"]
    name: Range | None
    role: Range | None
    span: Range
    head: str
    gender: Gender | None = None
    plural: bool = False


def is_subject(doc: Document, member: Member) -> bool:
    """Whether a name is the subject of its clause, as far as the words beside it tell."""
    assert member.name is not None
    first, last = min(member.span[0], member.name[0]), member.name[1]
    sentence = doc.sentences[doc.sentence_of(first)]
    behind = doc.tokens[first - 1] if first > sentence.first else None
    opener = doc.tokens[sentence.first].lower
    if behind is not None and behind.kind == "word" and word_classes(behind.lower)[:1] in ("V", "P"):
        return opener in words_of("preposition") | words_of("adverb")  # "In the gallery sat Lena Voss"
    free = behind is None or behind.kind != "word" or behind.lower in ("and", "but", "while", "whereas", "the")
    ahead = doc.tokens[last] if last < sentence.last else None
    verb = ahead is not None and ahead.kind == "word" and not ahead.capital
    return (
        free
        and verb
        and ahead is not None
        and (ahead.lower in words_of("auxiliary") or word_classes(ahead.lower)[:1] in ("V", "P"))
    )


def apposition_name(doc: Document, comma: int) -> Range | None:
    """The name in "Karovia’s envoy, Mirek Sandor, left"."""
    if comma + 1 >= len(doc.tokens) or doc.tokens[comma].text != "," or not doc.tokens[comma + 1].capital:
        return None
    span = phrase_after(doc, comma + 1, doc.sentences[doc.sentence_of(comma)].last)
    closed = span is not None and span[1] < len(doc.tokens) and doc.tokens[span[1]].text == ","
    return span if closed else None
