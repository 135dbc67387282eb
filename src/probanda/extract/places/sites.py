"""Named sites: a proper name with a noun for a building, installation or open place ("Halvard bridge", "Freedom
Square").

Guarantees: a site has a name of its own; "the hospital", "a Karovian airport" and "the city's bridge" are objects and
no named sites. Nothing is located here: a site that the gazetteer lacks waits for the case's own list. Nouns:
lexica/objects.tsv, column `site`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from probanda.extract.places.context import context, demonyms, in_title_case
from probanda.extract.places.gazetteer import Hit
from probanda.extract.text.actors import is_ordinary, starts_sentence
from probanda.extract.text.inflection import plural
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document


@cache
def site_nouns() -> frozenset[str]:
    """Last words of the names of sites, lower case, singular."""
    return frozenset(row["noun"].split()[-1] for row in table("objects.tsv") if row["site"] == "yes")


@cache
def _common() -> frozenset[str]:
    """Words that qualify a site and do not name it: "Holocaust memorial" keeps them inside, never as the only word."""
    nouns = {word for row in table("objects.tsv") for word in row["noun"].split()}
    return frozenset(nouns | {plural(noun) for noun in nouns} | context("compass") | context("settlement_noun"))


def find_sites(doc: Document, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """The named sites as token ranges [first, last), longest first where they overlap."""
    towns = {token for hit in hits for token in range(hit.first, hit.last)}
    out: list[tuple[int, int]] = []
    for last, token in enumerate(doc.tokens):
        if token.kind != "word" or token.lower not in site_nouns():
            continue
        first = name_start(doc, last)
        if first == last or in_title_case(doc, last) or is_body(doc, first, last + 1):
            continue
        names = [place for place in range(first, last) if doc.tokens[place].lower not in _common()]
        names = [place for place in names if doc.tokens[place].lower not in demonyms()]
        own = [place for place in names if place not in towns]
        if not names or (not own and not token.capital):
            continue  # "the Karovian embassy", "Odesa hospital": an object, told of elsewhere
        out.append((first, last + 1))
    return [site for n, site in enumerate(out) if n + 1 == len(out) or out[n + 1][0] >= site[1]]


_OF_BODIES = frozenset(
    {
        "charity", "group", "organisation", "organization", "agency", "nonprofit", "watchdog", "analyst", "researcher",
        "professor", "lecturer", "fellow", "expert", "historian", "director", "economist", "ngo",
    }
)  # fmt: skip


def is_body(doc: Document, first: int, last: int) -> bool:
    """Whether the name is that of a body: "the charity Open Harbour", "an analyst at the Alder Institute", and any
    institute."""
    if doc.tokens[last - 1].lower in ("institute", "institutes") and doc.tokens[last - 1].capital:
        return True
    floor = max(doc.sentences[doc.sentence_of(first)].first, first - 9)
    place = first - 1
    if place >= floor and doc.tokens[place].lower in _OF_BODIES:
        return True
    while place >= floor and doc.tokens[place].lower in ("the", "of", "at", "from"):
        place -= 1
    if place == first - 1 or place < floor:
        return _called_body(doc, first, last)
    while place > floor and doc.tokens[place].capital:
        place -= 1  # "Professor Matthias Eyck of the University"
    return any(t.lower in _OF_BODIES for t in doc.tokens[max(floor, place - 1) : first - 1])


def _called_body(doc: Document, first: int, last: int) -> bool:
    """Whether the same name is once "the charity X" in the text."""
    if first and doc.tokens[first - 1].capital and doc.tokens[first].start - doc.tokens[first - 1].end == 1:
        first -= 1  # an ordinary word that opens the sentence may open the name too
    if last - first < 2:
        return False
    name = doc.text[doc.tokens[first].start : doc.tokens[last - 1].end]
    at = doc.text.find(name)
    while at >= 0:
        place = doc.token_at(at)
        if place and doc.tokens[place].start == at and doc.tokens[place - 1].lower in _OF_BODIES:
            return True
        at = doc.text.find(name, at + 1)
    return False


_OVER_WATER = frozenset({"bridge", "harbour", "harbor", "port", "ford", "ferry", "cross", "mill", "crossing"})


def is_settlement(doc: Document, first: int, last: int) -> bool:
    """Whether a name that ends in "Bridge" or the like is a town's, since the text has something happen in it: "in
    Alder Bridge"; nothing is in a bridge."""
    words = [token.text for token in doc.tokens[first:last]]
    if words[-1].lower() not in _OVER_WATER or not words[-1][:1].isupper() or len(words) < 2:
        return False
    return any(
        doc.tokens[place - 1].lower in ("in", "outside")
        and doc.tokens[place].text == words[0]
        and [token.text for token in doc.tokens[place : place + len(words)]] == words
        for place in range(1, len(doc.tokens) - len(words) + 1)
    )


def name_start(doc: Document, noun: int) -> int:
    """The first capital of the unbroken run before the noun; the noun itself where there is none."""
    floor = doc.sentences[doc.sentence_of(noun)].first
    first = noun
    while first - 1 >= floor:
        token = doc.tokens[first - 1]
        adjacent = doc.tokens[first].start - token.end <= 1
        small = (
            token.lower in _common() and first == noun
        )  # "Halvard railway station": common words just before the noun
        if token.kind != "word" or not adjacent or not (token.capital or small):
            break
        if starts_sentence(doc, first - 1) and is_ordinary(token.lower):
            break
        if token.lower in context("person_title") or token.lower in context("month"):
            break
        first -= 1
    while first < noun and not doc.tokens[first].capital:
        first += 1
    return first
