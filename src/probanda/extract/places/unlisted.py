"""Places that no list has, told by the words around them: "the village of Upper Hask", "in Port Anselm", "Karovia’s
envoy".

Sites of atrocities are often hamlets below every gazetteer's limit, so an unknown name in the place of a place is
returned, without id and without point. Guarantees: a name needs one mention that shows it to be a place (a preposition
of place, a noun for a settlement, region or government beside it, a dateline, an adjective made from it); its other
mentions in the text then count too. A word that ends a longer name of a person, or follows a title, is no place.
Words: lexica/place_context.tsv.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from probanda.extract.places.context import (
    Role,
    context,
    dateline,
    demonyms,
    in_title_case,
    is_national,
    name_kinds,
    part_of_other_name,
    role_of,
)
from probanda.extract.text.actors import is_ordinary, starts_sentence
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.segments import Document

Range = tuple[int, int]

_AT = frozenset({"in", "near", "outside", "inside", "around", "across", "towards", "toward", "throughout", "within"})
_MOVING = frozenset({"to", "from", "into", "through", "for", "at"})


# The Arabic article in the common transcriptions (facts: ALA-LC romanisation, Arabic, rule 17 and its assimilations).
_ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul"})
_FIRST_OF_PLACE = frozenset(
    {"port", "mount", "fort", "camp", "cape", "lake", "puerto", "bandar", "wadi", "kafr", "deir"}
)


def is_capital(word: str) -> bool:
    """Whether a word is written as a name: a capital, after an Arabic article too ("al-Qasr")."""
    article, mark, rest = word.partition("-")
    return word[:1].isupper() or bool(mark and article in _ARTICLES and rest[:1].isupper())


_STRIKES = frozenset(
    {"strike", "strikes", "airstrike", "airstrikes", "raid", "raids", "shelling", "bombardment", "assault", "siege",
     "advance", "march"}
)  # fmt: skip


@cache
def taken_ground() -> frozenset[str]:
    """Forms of verbs whose object is ground or a people, and no single person: "retook X"."""
    verbs = (
        "besiege",
        "encircle",
        "surround",
        "retake",
        "recapture",
        "shell",
        "bombard",
        "overrun",
        "liberate",
        "flee",
    )
    return frozenset(form for verb in verbs for form in verb_forms(verb))


_SETTLEMENTS = frozenset({"camps", "towns", "villages", "cities", "districts", "provinces", "regions", "settlements"})


@dataclass(slots=True)
class _Evidence:
    places: set[tuple[str, ...]] = field(default_factory=set)
    countries: set[tuple[str, ...]] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)


def find_unlisted(doc: Document, taken: frozenset[int]) -> list[tuple[int, int, Role]]:
    """The unlisted places as token ranges with their role. `taken` holds the tokens of listed places and sites."""
    evidence = _Evidence()
    runs = list(_runs(doc, taken))
    nationals = {token.lower for token in doc.tokens if token.capital and token.kind == "word"}
    for run in runs:
        if _titled(doc, run[0]):
            evidence.persons.add(doc.tokens[run[1] - 1].lower)
    for n, run in enumerate(runs):
        _weigh(doc, run, runs[n - 1] if n else None, taken, nationals, evidence)
    for first, last in runs:
        if last - first > 1 and _key(doc, first, last) not in evidence.places | evidence.countries:
            evidence.persons.add(doc.tokens[last - 1].lower)
    names = {key for key in evidence.places | evidence.countries if key[-1] not in evidence.persons or len(key) > 1}
    return list(_mentions(doc, names, evidence.countries, taken))


def _runs(doc: Document, taken: frozenset[int]) -> Iterator[Range]:
    """Unbroken runs of capitalised words that may be names, the ordinary word that opens a sentence left out."""
    place, end = 0, len(doc.tokens)
    while place < end:
        if not _may_name(doc, place, taken):
            place += 1
            continue
        last = place + 1
        while last < end and _may_name(doc, last, taken) and doc.tokens[last].start - doc.tokens[last - 1].end == 1:
            last += 1
        if not _follows_title(doc, place):
            yield place, last
        place = last


def _may_name(doc: Document, place: int, taken: frozenset[int]) -> bool:
    token = doc.tokens[place]
    if token.kind != "word" or not is_capital(token.text) or place in taken or len(token.text) < 3:
        return False
    if starts_sentence(doc, place) and is_ordinary(token.lower):
        return False
    if token.lower.endswith("ern") and token.lower in context("compass"):
        return False  # "Northern Karovia"
    return not (token.lower in context("month") or token.lower in demonyms() or is_national(doc, place))


def _follows_title(doc: Document, first: int) -> bool:
    return first > 0 and doc.tokens[first - 1].capital and doc.tokens[first - 1].lower in context("person_title")


def _titled(doc: Document, first: int) -> bool:
    before = doc.tokens[first - 1] if first else None
    return doc.tokens[first].lower in context("person_title") or (
        before is not None and before.lower in context("person_title")
    )


def _key(doc: Document, first: int, last: int) -> tuple[str, ...]:
    return tuple(token.lower for token in doc.tokens[first:last])


def _weigh(
    doc: Document, run: Range, before: Range | None, taken: frozenset[int], nationals: set[str], evidence: _Evidence
) -> None:
    """Adds what one run shows of its name."""
    first, last = run
    key = _key(doc, first, last)
    if _is_no_place(doc, run) or key[-1] in evidence.persons:
        return
    if last - first == 1 and _national_of(key[0]) & nationals:
        evidence.countries.add(key)
    one_name = last - first == 1 or key[0] in context("compass") | {"new", "united", "saint"}
    if one_name and _governed(doc, first, last):  # two words before "’s government" are oftener a person's
        evidence.countries.add(key)
    if doc.tokens[first].acronym and not dateline(doc, first, last):
        return
    if _shown(doc, first, last) or dateline(doc, first, last):
        evidence.places.add(key)
    elif first > 1 and doc.tokens[first - 1].text == "," and doc.tokens[first - 2].lower in _SETTLEMENTS:
        evidence.places.add(key)  # "two camps, X and Y"
    elif first > 1 and doc.tokens[first - 1].text in (",", "and"):
        earlier = before is not None and before[1] == first - 1 and _key(doc, *before) in evidence.places
        listed = first - 2 in taken and doc.tokens[first - 1].text == ","
        follower = doc.tokens[last].text if last < len(doc.tokens) else "."
        in_list = doc.tokens[first - 1].text == "and" or follower in ("and", ",")  # "in X, Y and Z"
        alone = last - first == 1 or doc.tokens[first - 1].text == "and"
        if (earlier and in_list and alone) or (listed and follower in ("and", ",") and last - first == 1):
            evidence.places.add(key)
        elif (earlier or listed) and last - first == 1 and not follower[0].isupper():
            evidence.countries.add(key)  # "in X, Karovia"


def _is_no_place(doc: Document, run: Range) -> bool:
    words = doc.tokens[run[0] : run[1]]
    bodies = context("org_noun") | context("government_noun") | context("person_title")
    if any(word.lower in bodies for word in words):
        return True
    alone = len(words) == 1 and (is_ordinary(words[0].lower) or name_kinds().get(words[0].lower) == "person")
    return alone or len(words) > 3


def _national_of(name: str) -> set[str]:
    """The adjectives that English makes from the name of a country."""
    stem = name[:-1]
    return {
        name + "n",
        name + "an",
        name + "ian",
        name + "ish",
        name + "ese",
        name + "i",
        stem + "ian",
        stem + "ish",
        stem + "an",
        *({name[:-3] + "ish"} if name.endswith("land") else ()),
    }


def _governed(doc: Document, first: int, last: int) -> bool:
    """ "The president of X", "X’s foreign ministry": the name of something that has a government."""
    before = doc.tokens[first - 1].lower if first else ""
    head = doc.tokens[first - 2].lower if first > 1 else ""
    if before == "of" and head in context("government_noun") | {
        "republic",
        "kingdom",
        "secretary",
        "affairs",
        "invasion",
    }:
        return True
    if last < len(doc.tokens) and doc.tokens[last].kind == "clitic":
        owned = [token.lower for token in doc.tokens[last + 1 : last + 4]]
        return any(word in context("government_noun") | _OF_STATES for word in owned[:3])
    if before in ("to", "for") and head in _SENT and not starts_sentence(doc, first):
        return True  # "more arms for X"
    return _acts_as_state(doc, first, last)


_OF_STATES = frozenset(
    {"capital", "foreign", "embassy", "airspace", "territory", "borders", "border", "troops", "armed", "invasion",
     "offensive", "parliament", "ambassador", "diplomats", "coastline", "waters"}
)  # fmt: skip
_SENT = frozenset({"arms", "weapons", "missiles", "tanks", "ammunition", "aid", "sanctions", "diplomats", "shells"})
_OWNED = frozenset({"troops", "forces", "army", "arms", "airspace", "territory", "borders", "soldiers", "military",
                    "ambassador", "embassy", "diplomats", "aircraft", "navy"})  # fmt: skip
_EXPELS = frozenset({"expelled", "expels", "invaded", "annexed", "recalled", "summoned", "abstained"})


def _acts_as_state(doc: Document, first: int, last: int) -> bool:
    """ "X says its troops …", "X lays down its arms", "X expelled 35 diplomats": the subject of what States do."""
    end = min(doc.sentences[doc.sentence_of(first)].last, last + 9)
    if last >= end or doc.tokens[last].kind != "word" or doc.tokens[last].capital:
        return False  # also where the sentence ends with the name
    words = [token.lower for token in doc.tokens[last:end]]
    if words[0] in _EXPELS and (
        words[0] in ("invaded", "annexed") or {"diplomats", "ambassador", "envoy"} & set(words)
    ):
        return True
    its = next((place for place, word in enumerate(words) if word == "its"), None)
    mark = next((place for place, word in enumerate(words) if word in (",", ";", ":", "“")), len(words))
    return its is not None and its < mark and bool(_OWNED & set(words[its + 1 : its + 3]))


def _shown(doc: Document, first: int, last: int) -> bool:
    """Whether the words beside a name show it to be a place."""
    nouns = context("settlement_noun") | context("region_noun")
    before = doc.tokens[first - 1].lower if first else ""
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if after == "," and _settlement_follows(doc, last + 1):
        return True
    if last - first > 1 and doc.tokens[first].lower in _FIRST_OF_PLACE and before in _AT | _MOVING | {"of", "on"}:
        return True
    if after in context("region_noun") and doc.tokens[last].start - doc.tokens[last - 1].end == 1:
        return True
    if before in nouns and not doc.tokens[first - 1].capital:
        return True
    head = doc.tokens[first - 2].lower if first > 1 else ""
    if before == "on" and head in _STRIKES and not in_title_case(doc, first):
        return True
    if before in taken_ground() and not is_ordinary(doc.tokens[first].lower):
        return True
    if before == "of" and head in nouns | context("geo_noun") | context("ground_event"):
        return True
    owner = last < len(doc.tokens) and doc.tokens[last].kind == "clitic"
    if owner and last + 1 < len(doc.tokens) and doc.tokens[last + 1].lower in ("mayor", "mayoralty", "outskirts"):
        return True
    if before in _AT:
        return not owner or doc.tokens[last + 1].lower in context("geo_noun") if last + 1 < len(doc.tokens) else True
    if before in _MOVING and not owner:
        floor = max(doc.sentences[doc.sentence_of(first)].first, first - 5)
        return any(token.lower in context("moving") for token in doc.tokens[floor : first - 1])
    return False


def _settlement_follows(doc: Document, place: int) -> bool:
    """ "X, a village of 900 people": an apposition that says what X is."""
    if place >= len(doc.tokens) or doc.tokens[place].lower not in ("a", "an", "the"):
        return False
    for token in doc.tokens[place + 1 : place + 5]:
        if token.kind != "word" or token.capital:
            return False
        if token.lower in context("settlement_noun"):
            return True
    return False


def _mentions(
    doc: Document, names: set[tuple[str, ...]], countries: set[tuple[str, ...]], taken: frozenset[int]
) -> Iterator[tuple[int, int, Role]]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_first.setdefault(name[0], []).append(name)
    place = 0
    while place < len(doc.tokens):
        last = place + 1
        for name in by_first.get(doc.tokens[place].lower, ()):
            end = place + len(name)
            if (
                not is_capital(doc.tokens[place].text)
                or _key(doc, place, end) != name
                or taken & set(range(place, end))
            ):
                continue
            if part_of_other_name(doc, place, end, taken) in (None, "given") and not _continues(doc, end):
                region = end < len(doc.tokens) and doc.tokens[end].lower in context("region_noun")
                where = region or name not in countries or dateline(doc, place, end)
                role: Role = "location" if where else role_of(doc, place, end, "country")
                last = end + region
                yield place, last, role
                break
        place = last


def _continues(doc: Document, last: int) -> bool:
    """Whether the name goes on: "Karovia Airlines", "Olm Brandt"."""
    if last >= len(doc.tokens):
        return False
    token = doc.tokens[last]
    adjacent = token.start - doc.tokens[last - 1].end == 1
    known = token.lower in context("month") | context("region_noun") | context("person_title")
    return adjacent and token.kind == "word" and token.capital and not known and not token.acronym
