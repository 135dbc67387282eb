"""Noun phrases that name a person or a body, found from closed-class words and capitals alone.

There is no parser behind this: a phrase ends where a function word, a mark or a verb says so. It therefore prefers to
stop early, and what it returns is always a run of whole tokens.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.actors import word_classes
from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.nouns import (
    LINKERS,
    PARTICLES,
    PLACE_LINKERS,
    Range,
    can_head,
    is_body,
    is_title,
    nounish,
    words_of,
)
from probanda.extract.text.segments import Document, Token


@cache
def _speech_forms() -> frozenset[str]:
    return frozenset(row[form] for row in table("cue_verbs.tsv") for form in ("past", "third", "ing"))


def phrase_before(doc: Document, end: int, floor: int) -> Range | None:
    """The noun phrase [first, end) whose last token is `end - 1`, going left no further than `floor`."""
    tokens = doc.tokens
    place = end - 1
    first = end
    while place >= floor:
        token = tokens[place]
        if token.lower in words_of("determiner") and not (token.capital and _inside_name(doc, place, floor)):
            first = place
            linked = _linked(doc, place, floor)
            if linked is None:
                break
            first = place = linked
        elif token.text == "." and place > floor and first < end and _abbreviated(doc, place - 1):
            first = place = place - 1
        elif _belongs(doc, place, first, end, floor):
            first = place
        else:
            break
        place -= 1
    while first < end and not _may_begin(tokens[first]):
        first += 1
    return (first, end) if first < end else None


def _belongs(doc: Document, place: int, first: int, end: int, floor: int) -> bool:
    """Whether the token at `place` goes on, to the left, the phrase that begins at `first`."""
    tokens = doc.tokens
    token = tokens[place]
    if token.kind == "clitic":
        return True
    if token.kind == "number":
        clock = "." in token.text and len(token.text) <= 5
        return not clock and (first < end or token.text.isdigit())
    before = tokens[place - 1] if place > floor else None
    if token.kind == "mark":
        if before is None or first == end:
            return False
        plural_possessive = token.text in "’'" and before.lower.endswith("s")
        return plural_possessive or (
            token.text in "-–&" and token.start == before.end and (nounish(before) or before.kind == "number")
        )
    if before is not None and first < end:
        links = token.lower in LINKERS and (nounish(before) or before.kind == "clitic")
        places = token.lower in PLACE_LINKERS and can_head(before)
        joins = token.lower == "and" and _conjoins(doc, place, first)
        if links or places or joins or (token.lower in PARTICLES and before.capital):
            return True
    said = token.lower in _speech_forms() and not token.capital
    verb = (said or (first < end and _is_verb(token))) and not _after_article(doc, place, floor)
    return nounish(token) and not verb


def _is_verb(token: Token) -> bool:
    """Whether a word in lower case is a verb more often than anything else."""
    return token.kind == "word" and not token.capital and word_classes(token.lower)[:1] in ("V", "P")


def _may_begin(token: Token) -> bool:
    return token.kind not in ("mark", "clitic") and token.lower not in LINKERS | PLACE_LINKERS | {"and"}


def _after_article(doc: Document, place: int, floor: int) -> bool:
    """Whether a form of a speech verb is a noun: "the ministry’s claims", "a report"."""
    before = doc.tokens[place - 1] if place > floor else None
    return before is not None and (before.kind == "clitic" or before.lower in words_of("determiner"))


def _inside_name(doc: Document, place: int, floor: int) -> bool:
    return place > floor and doc.tokens[place - 1].capital and doc.tokens[place - 1].kind == "word"


def _abbreviated(doc: Document, place: int) -> bool:
    token = doc.tokens[place]
    return token.capital and (len(token.text) == 1 or token.lower in word_list("abbreviations.txt"))


def _linked(doc: Document, place: int, floor: int) -> int | None:
    """Where "a spokesman for" stands before the determiner at `place`: the index of the preposition."""
    tokens = doc.tokens
    if place - 2 < floor:
        return None
    link, head = tokens[place - 1], tokens[place - 2]
    partitive = link.lower == "of" and head.lower in ("one", "some", "many", "most", "several", "two", "three", "none")
    if (
        link.lower in LINKERS
        and nounish(head)
        and (partitive or can_head(head) or head.lower.endswith("s") or head.capital)
    ):
        return place - 1
    if link.lower in PLACE_LINKERS and can_head(head):
        return place - 1
    return None


def _conjoins(doc: Document, place: int, first: int) -> bool:
    left, right = doc.tokens[place - 1], doc.tokens[first]
    if not nounish(left):
        return False
    both_capital = left.capital and (right.capital or right.kind == "number")
    both_heads = can_head(left) and any(can_head(token) for token in doc.tokens[first : first + 3])
    return both_capital or both_heads or _adjectives(left, right)


def _adjectives(left: Token, right: Token) -> bool:
    """ "current and former": two adjectives that share a noun."""
    return all(token.kind == "word" and word_classes(token.lower)[:1] == "J" for token in (left, right))


def phrase_after(doc: Document, start: int, ceiling: int) -> Range | None:
    """The noun phrase [start, last) that begins at `start`, going right no further than `ceiling`."""
    tokens = doc.tokens
    place = start
    named = False
    while place < ceiling:
        token = tokens[place]
        lower = token.lower
        previous = tokens[place - 1] if place > start else None
        if place == start and (lower in words_of("determiner") or token.kind == "number"):
            pass
        elif token.kind == "clitic" or (token.kind == "number" and previous is not None):
            named = False
            if (
                token.kind == "number"
                and previous is not None
                and previous.lower not in words_of("determiner")
                and not _numbered(previous)
            ):
                break
        elif token.text in "-–" and previous is not None and previous.kind == "number" and token.start == previous.end:
            pass  # "the 53-year-old"
        elif token.kind == "mark":
            possessive = token.text in "’'" and previous is not None and previous.lower.endswith("s")
            initial = (
                token.text == "." and previous is not None and place + 1 < ceiling and _abbreviated(doc, place - 1)
            )
            if not ((possessive and place + 1 < ceiling and nounish(tokens[place + 1])) or initial):
                break
            named = False if possessive else named
        elif lower in LINKERS | PLACE_LINKERS and previous is not None and place + 1 < ceiling:
            if not (
                _may_follow(tokens[place + 1]) and (lower in LINKERS or can_head(previous)) and previous.kind == "word"
            ):
                break
            if (
                lower in PLACE_LINKERS
                and not tokens[place + 1].capital
                and tokens[place + 1].lower not in words_of("determiner")
            ):
                break
            named = False
        elif lower in ("and", "&") and previous is not None and place + 1 < ceiling:
            if not (
                (previous.capital and tokens[place + 1].capital and nounish(tokens[place + 1]))
                or _adjectives(previous, tokens[place + 1])
            ):
                break
        elif lower in words_of("determiner"):
            if previous is None or previous.lower not in LINKERS | PLACE_LINKERS:
                break
        elif lower in PARTICLES and previous is not None and previous.capital:
            pass
        elif nounish(token) or (token.capital and previous is not None and previous.kind == "clitic"):
            if (
                previous is not None
                and _is_verb(token)
                and previous.kind == "word"
                and previous.lower not in words_of("determiner")
            ):
                break  # "the envoy left"
            ahead = tokens[place + 1] if place + 1 < ceiling else token
            if named and not token.capital and not is_body(lower) and not (is_body(ahead.lower) and nounish(ahead)):
                break  # a name is over: "said Lena Voss yesterday"
            if token.capital and previous is not None and previous.capital and previous.kind == "word":
                named = (
                    previous.lower not in words_of("determiner") and not is_title(token) and not is_body(token.lower)
                )
        else:
            break
        place += 1
    while place > start and (
        (tokens[place - 1].kind == "mark" and tokens[place - 1].text != ".")
        or tokens[place - 1].kind == "clitic"
        or tokens[place - 1].lower in LINKERS | PLACE_LINKERS | {"and"}
        or tokens[place - 1].lower in words_of("determiner")
    ):
        place -= 1
    if place > start and tokens[place - 1].text == ".":
        place -= 1
    return (start, place) if place > start else None


def _numbered(token: Token) -> bool:
    """A name that goes on with a number: "Radio 4", "Channel 5"."""
    return token.capital and (token.lower in word_list("outlet_heads.txt") or is_body(token.lower))


def _may_follow(token: Token) -> bool:
    return nounish(token) or token.lower in words_of("determiner")
