"""Noun phrases that name a person or a body, found from closed-class words and capitals alone.

There is no parser behind this: a phrase ends where a function word, a mark or a verb of speech says so. It therefore
prefers to stop early, and what it returns is always a run of whole tokens. Word classes: lexica/function_words.tsv,
roles.txt, bodies.txt, document_nouns.txt, titles.txt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.actors import word_classes
from probanda.extract.lexicon import table, word_list
from probanda.extract.segments import Document, Token

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


@cache
def _speech_forms() -> frozenset[str]:
    return frozenset(row[form] for row in table("cue_verbs.tsv") for form in ("past", "third", "ing"))


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
    return token.kind == "word" and (token.lower not in _stops() or (token.text.isupper() and len(token.text) > 1))


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
        return plural_possessive or (token.text in "-–&" and token.start == before.end and nounish(before))
    if before is not None and first < end:
        links = token.lower in LINKERS and (nounish(before) or before.kind == "clitic")
        places = token.lower in PLACE_LINKERS and _heads(before)
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


def _heads(token: Token) -> bool:
    return token.kind == "word" and (is_role(token.lower) or is_body(token.lower))


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
        and (partitive or _heads(head) or head.lower.endswith("s") or head.capital)
    ):
        return place - 1
    if link.lower in PLACE_LINKERS and _heads(head):
        return place - 1
    return None


def _conjoins(doc: Document, place: int, first: int) -> bool:
    left, right = doc.tokens[place - 1], doc.tokens[first]
    if not nounish(left):
        return False
    both_capital = left.capital and (right.capital or right.kind == "number")
    both_heads = _heads(left) and any(_heads(token) for token in doc.tokens[first : first + 3])
    return both_capital or both_heads


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
                _may_follow(tokens[place + 1]) and (lower in LINKERS or _heads(previous)) and previous.kind == "word"
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
            if not (previous.capital and tokens[place + 1].capital and nounish(tokens[place + 1])):
                break
        elif lower in words_of("determiner"):
            if previous is None or previous.lower not in LINKERS | PLACE_LINKERS:
                break
        elif lower in PARTICLES and previous is not None and previous.capital:
            pass
        elif nounish(token):
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
    while first < last - 1 and tokens[first].lower in words_of("determiner"):
        first += 1
    end = head_end(doc, first, last)
    head = singular(tokens[_head_word(doc, first, end)].lower)
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
        or (len(tokens) == 1 and tokens[0].text.isupper())
    ):
        return False
    listed = word_list("outlet_heads.txt") | _NAME_WORDS
    return not any(is_body(token.lower) or token.lower in listed or token.kind == "clitic" for token in tokens)


def head_end(doc: Document, first: int, last: int) -> int:
    """The end of the head noun: the token before the first preposition of the phrase."""
    for place in range(first + 1, last):
        token = doc.tokens[place]
        if token.lower in LINKERS | PLACE_LINKERS and not (token.capital and place > first):
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


def words(doc: Document, span: Range) -> str:
    """The characters of a token range."""
    return doc.text[doc.tokens[span[0]].start : doc.tokens[span[1] - 1].end]
