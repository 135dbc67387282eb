"""Weapons: the means of violence that a text names, by the cause-of-death classes of SDG indicator 16.1.2.

Guarantees: the longest term wins ("cluster munitions" is no bare "munitions"); each term may name phrases in which it
is no weapon ("think tank", "in his arms"). A verb is no weapon: "shelled" is an event. Nothing is said of whether a
weapon was used, by whom, or whether its use was lawful. Terms and their sources: lexica/weapons.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.inflection import plural
from probanda.extract.text.lexicon import table
from probanda.extract.text.matching import Match, Matcher
from probanda.extract.text.segments import Document
from probanda.records.reading import Weapon

Unless = tuple[tuple[str, ...], ...]


@cache
def _matcher() -> Matcher[tuple[str, Unless]]:
    terms: list[tuple[str, tuple[str, Unless]]] = []
    for row in table("weapons.tsv"):
        value = (row["class"], parse_unless(row["unless"]))
        terms.append((row["term"], value))
        if not row["term"].endswith("s"):
            terms.append((plural(row["term"]), value))
    return Matcher(terms)


def parse_unless(cell: str) -> Unless:
    """The phrases of a cell "think ~,~ of water" as tuples of words."""
    return tuple(tuple(phrase.split()) for phrase in cell.split(",") if phrase)


def excluded(doc: Document, first: int, last: int, unless: Unless) -> bool:
    """Whether tokens [first, last) stand in one of the phrases that take the term's meaning away."""
    for phrase in unless:
        if phrase.count("~") == 0:
            continue
        middle = phrase.index("~")
        start, end = first - middle, last + len(phrase) - middle - 1
        if start < 0 or end > len(doc.tokens):
            continue
        around = [t.lower for t in doc.tokens[start:first]] + ["~"] + [t.lower for t in doc.tokens[last:end]]
        if tuple(around) == phrase:
            return True
    return False


def weapon_matches(doc: Document) -> tuple[Match[str], ...]:
    """The weapons as token ranges with their class."""
    return tuple(
        Match(first, last, class_)
        for first, last, (class_, unless) in _matcher().scan(doc)
        if not excluded(doc, first, last, unless)
        and not _is_verb(doc, first, last)
        and (doc.tokens[first].lower not in ("mine", "mines") or _of_blast(doc, first))
    )


@cache
def _mine_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("event_words.tsv") if row["kind"] == "mine_word")


def _of_blast(doc: Document, place: int) -> bool:
    """Whether a bare "mine" is one that explodes, by a word for laying, hitting or clearing it in its sentence."""
    sentence = doc.sentences[doc.sentence_of(place)]
    return any(token.lower in _mine_words() for token in doc.tokens[sentence.first : sentence.last])


def _is_verb(doc: Document, first: int, last: int) -> bool:
    """ "to bomb", "they shell the town": a form that could be a noun, after "to", a modal or a pronoun."""
    if last - first > 1 or not first:
        return False
    before = doc.tokens[first - 1].lower
    return before in {
        "to",
        "will",
        "would",
        "could",
        "can",
        "may",
        "might",
        "must",
        "should",
        "not",
        "they",
        "we",
        "i",
        "he",
    } and doc.tokens[first].lower in {
        "bomb",
        "shell",
        "mine",
        "arms",
        "gun",
        "club",
        "hammer",
        "knife",
        "torpedo",
        "whip",
    }


def find_weapons(doc: Document) -> tuple[Weapon, ...]:
    """The weapons that `doc` names, in the order of the text."""
    return tuple(Weapon(doc.passage(first, last), class_) for first, last, class_ in weapon_matches(doc))
