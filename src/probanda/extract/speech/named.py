"""A noun phrase taken apart into name, role and head noun: person, body, role, document, pronoun or something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from probanda.extract.places import gazetteer
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.nouns import (
    PARTICLES,
    Range,
    is_body,
    is_role,
    is_title,
    singular,
    words,
    words_of,
)
from probanda.extract.text.segments import Document


@dataclass(frozen=True, slots=True)
class Named:
    """A noun phrase taken apart. `name` and `role` are token ranges; `head` is the lower-case singular head noun."""

    span: Range
    name: Range | None
    role: Range | None
    head: str
    kind: Literal["person", "body", "role", "pronoun", "document", "other"]


def take_apart(doc: Document, span: Range) -> Named:
    """Which part of the phrase is a name and which a role. Never fails: what cannot be told is of kind `other`."""
    first, last = span
    tokens = doc.tokens
    if last - first == 1 and tokens[first].lower in words_of("pronoun"):
        return Named(span, None, None, tokens[first].lower, "pronoun")
    if last - first == 1 and tokens[first].lower in _UNNAMED:
        return Named(span, None, span, tokens[first].lower, "role")  # "Another, who asked not to be named, said"
    while first < last - 1 and tokens[first].lower in words_of("determiner"):
        first += 1
    end = head_end(doc, first, last)
    head = singular(tokens[_head_word(doc, first, end)].lower)
    joined = [place for place in range(first, end) if tokens[place].lower == "and"]
    if joined and not is_role(tokens[end - 1].lower) and tokens[joined[0] - 1].capital:
        return Named(span, (first, last), None, head, "body")  # "Karovia and Tessaly"
    if is_role(tokens[end - 1].lower) and end < last:
        name = _name_after_place(doc, end, last)
        if name is not None:
            return Named(span, name, (first, name[0]), head, "person")
    if is_role(tokens[end - 1].lower) and (span[0] < first or end < last):
        return Named(span, None, (first, last), head, "role")
    name_first = _name_start(doc, first, end)
    if name_first is not None and not is_body(tokens[end - 1].lower):
        if name_first == first:
            if is_role(tokens[end - 1].lower) and end - first == 1:
                return Named(span, None, (first, last), head, "role")
            personal = _is_personal(doc, span[0], first, end)
            if personal and (end == last or end - first == 2):
                return Named(span, (first, end), None, head, "person")
            return Named(span, (first, last), None, head, "body")
        before = tokens[name_first - 1]
        if before.kind == "word" and not before.capital and is_body(before.lower) and not is_role(before.lower):
            return Named(span, (name_first, end), None, head, "body")  # "the charity Open Harbour"
        titled = before.text == "." or (before.kind == "word" and (is_title(before) or not before.capital))
        if titled and before.lower not in words_of("preposition"):
            return Named(span, (name_first, end), (first, name_first), head, "person")
        return Named(span, (first, last), None, head, "body")
    if is_role(tokens[end - 1].lower):
        return Named(span, None, (first, last), head, "role")
    if is_body(tokens[end - 1].lower) or tokens[end - 1].capital:
        return Named(span, (first, last), None, head, "body")
    if singular(tokens[end - 1].lower) in word_list("document_nouns.txt") or tokens[end - 1].lower in word_list(
        "document_nouns.txt"
    ):
        return Named(span, (first, last), None, head, "document")
    return Named(span, None, (first, last), head, "other")


def _name_after_place(doc: Document, end: int, last: int) -> Range | None:
    """The name in "the mayor of Kyiv Ivo Kral": what is left of a run of capitals behind a place that is listed."""
    run = last
    while run > end and doc.tokens[run - 1].capital and doc.tokens[run - 1].kind == "word":
        run -= 1
    for size in range(1, last - run - 1):
        if last - run - size > 3:
            continue
        if gazetteer.load().lookup(words(doc, (run, run + size))):
            return (run + size, last)
    return None


_UNNAMED = frozenset({"another", "others", "some", "many", "several", "both"})
_THOROUGHFARES = frozenset(
    "street road avenue boulevard lane square bridge highway market river lake valley quarter district island".split()
)
_NAME_WORDS = frozenset(
    "united national international human red white world global"
    " european central federal supreme high free new royal state".split()
)


def _head_word(doc: Document, first: int, end: int) -> int:
    """The head noun itself: "Ministry" in "Ministry of Defence", where the name goes on behind a preposition."""
    for place in range(first + 1, end):
        if doc.tokens[place].lower == "of" and is_body(doc.tokens[place - 1].lower):
            return place - 1
    return end - 1


def _is_personal(doc: Document, start: int, first: int, end: int) -> bool:
    """Whether a run of capitals is a person's name rather than a body's: no article, no word of organisations."""
    tokens = doc.tokens[first:end]
    if (
        (start < first and doc.tokens[start].lower == "the")
        or len(tokens) > 4
        or (len(tokens) == 1 and tokens[0].acronym)
    ):
        return False
    listed = word_list("outlet_heads.txt") | _NAME_WORDS
    if len(tokens) > 1 and tokens[-1].lower in _THOROUGHFARES:
        return False
    return not any(is_body(token.lower) or token.lower in listed or token.kind == "clitic" for token in tokens)


def head_end(doc: Document, first: int, last: int) -> int:
    """The end of the head noun: the token before the first preposition of the phrase."""
    for place in range(first + 1, last):
        token = doc.tokens[place]
        ends = token.lower in words_of("preposition") or token.lower in ("who", "whose", "which")
        if ends and not token.capital and place > first:
            before, after = doc.tokens[place - 1], doc.tokens[min(place + 1, last - 1)]
            if before.capital and after.capital and token.lower == "of" and is_body(before.lower):
                continue  # Ministry of Defence, Court of Justice: one name
            return place
    return last


def _name_start(doc: Document, first: int, end: int) -> int | None:
    """Where the personal name that ends the phrase begins, `None` where it ends in no capital."""
    place = end
    tokens = doc.tokens
    while place > first:
        token = tokens[place - 1]
        if (
            token.kind == "word"
            and token.capital
            and not (place < end and is_title(token) and not _surname(doc, place, end))
        ):
            place -= 1
        elif place < end and (token.lower in PARTICLES or token.text in ".-") and place - 1 > first - 1:
            if token.text == "." and place - 2 >= first and tokens[place - 2].lower in word_list("titles.txt"):
                break
            place -= 1
        else:
            break
    while place < end and (
        tokens[place].kind == "mark" or (tokens[place].lower in PARTICLES and not tokens[place].capital)
    ):
        place += 1
    return place if place < end else None


def _surname(doc: Document, place: int, end: int) -> bool:
    """ "Baker" or "Bishop" as a last name: nothing that begins a name follows it."""
    return place >= end
