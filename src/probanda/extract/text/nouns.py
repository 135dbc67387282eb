"""Words by what they can be in a noun phrase: closed classes, roles, bodies, titles, plurals.

Word lists: lexica/function_words.tsv, roles.txt, bodies.txt, titles.txt, abbreviations.txt.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.segments import Document, Token

Range = tuple[int, int]

PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "bin",
        "ibn",
        "ben",
        "al",
        "el",
        "la",
        "le",
        "ul",
        "ad",
        "abu",
    ]
)
LINKERS = frozenset(("of", "for"))
PLACE_LINKERS = frozenset(("in", "at", "from", "on", "to", "with"))


@cache
def words_of(word_class: str) -> frozenset[str]:
    """The closed-class words of one class, lower case."""
    return frozenset(row["word"] for row in table("function_words.tsv") if row["class"] == word_class)


@cache
def _stops() -> frozenset[str]:
    classes = ("preposition", "conjunction", "pronoun", "auxiliary", "adverb")
    return (
        frozenset().union(*(words_of(name) for name in classes))
        - words_of("determiner")
        - frozenset(("more", "most", "first", "last", "well", "about"))
    )


def singular(word: str) -> str:
    """The singular of a regular English plural; other words come back as they are."""
    if word.endswith("men") and len(word) > 4:
        return word[:-3] + "man"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and (len(word) > 3 or word == "mps"):
        return word[:-1]
    return word


def is_role(word: str) -> bool:
    """Whether the word, in lower case, is a noun for persons."""
    roles = word_list("roles.txt")
    return word in roles or singular(word) in roles or (word.rpartition("-")[2] in roles and "-" in word)


def is_body(word: str) -> bool:
    """Whether the word, in lower case, is a noun for organisations and organs."""
    bodies = word_list("bodies.txt")
    return word in bodies or singular(word) in bodies


def is_title(token: Token) -> bool:
    return token.lower in word_list("titles.txt") or is_role(token.lower)


def nounish(token: Token) -> bool:
    """A word that can stand in a noun phrase: neither closed-class nor a mark."""
    return token.kind == "word" and (token.lower not in _stops() or token.acronym)


def can_head(token: Token) -> bool:
    return token.kind == "word" and (is_role(token.lower) or is_body(token.lower))


def words(doc: Document, span: Range) -> str:
    """The characters of a token range."""
    return doc.text[doc.tokens[span[0]].start : doc.tokens[span[1] - 1].end]
