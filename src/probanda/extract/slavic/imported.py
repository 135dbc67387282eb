"""Gazetteers that a case imported, for Ukrainian and Russian: names in any case, in Cyrillic.

Guarantees: as `extract.places.imported`, which says what is taken and who decides among namesakes; here a name is found
under any form of which the words can be a case form, a district by its adjective ("у Марлівському районі"), and a
hospital, school or airfield by the word before or after its name ("аеродром Марлове").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from probanda.extract.places.features import NEEDS_NO_WORD, goes_with
from probanda.extract.places.gazetteer import Entry, key_of
from probanda.extract.places.imported import Imported, settled, stands
from probanda.extract.slavic.cases import nominatives
from probanda.extract.slavic.lookup import lookup, place_terms
from probanda.extract.slavic.words import fold
from probanda.extract.text.segments import Document
from probanda.records.reading import Place

_ADJECTIVE = re.compile(r"([сц]ь?к)(?:ого|ому|им|ім|ом|а|ої|ій|у|ою|ая|ой|ую|ое|е)$")  # "Гаського району"
_MOST_FORMS = 400  # of one phrase; arbitrary


def with_imported(doc: Document, places: Sequence[Place], held: Imported | None) -> tuple[Place, ...]:
    """`places` of a text with what the imported gazetteers know, in the order of the text."""
    if held is None:
        return tuple(places)
    named = [(place, _entries_of(place, doc.language, held)) for found in places for place in _parted(doc, found, held)]
    taken = {
        token
        for place, _ in named
        for token in range(doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1)
    }
    for first, last in _facilities(doc, held, taken):
        passage = doc.passage(first, last)
        place = Place(passage, passage.text, None, None, None, None, None, "location")
        named.append((place, means(passage.text, doc.language, held)))
    named.sort(key=lambda pair: pair[0].passage.start)
    return settled(doc, named, held)


def _parted(doc: Document, place: Place, held: Imported) -> tuple[Place, ...]:
    """A village with the district behind it ("селі Марлове Гаського району") is two places."""
    first, last = doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1
    if place.gazetteer_id is not None or place.role != "location" or last - first < 2 or last >= len(doc.tokens):
        return (place,)
    if not place_terms(doc.language, "region").keys(fold(doc.tokens[last].text)):
        return (place,)
    village, district = doc.passage(first, last - 1), doc.passage(last - 1, last + 1)
    if not means(village.text, doc.language, held) or not means(district.text, doc.language, held):
        return (place,)
    return tuple(replace(place, passage=one, name=one.text, candidates=()) for one in (village, district))


def can_name(words: str, language: str, held: Imported) -> tuple[Entry, ...]:
    """For the gate: every entry that these words can name."""
    parts = key_of(words).split(" ")
    found = {entry.id: entry for entry in held.can_name(words)}
    for first, last in ((0, len(parts)), (0, len(parts) - 1), (1, len(parts))):
        if first < last:
            found.update((entry.id, entry) for entry in _forms(parts[first:last], language, held))
    return tuple(found.values())


def means(words: str, language: str, held: Imported) -> tuple[Entry, ...]:
    """What a phrase means: entries under its whole name, else under the name beside the word for what it is."""
    parts = key_of(words).split(" ")
    region = len(parts) > 1 and place_terms(language, "region").keys(fold(parts[-1]))
    whole = [
        entry for entry in _forms(parts, language, held)
        if (entry.feature[0] == "P" and not region) or (entry.feature[0] == "A" and region)
        or (entry.feature[0] not in NEEDS_NO_WORD and any(_goes(part, entry, language) for part in parts))
    ]  # fmt: skip
    if whole or len(parts) < 2:
        return tuple(whole)
    found = []
    for first, last, word in ((1, len(parts), parts[0]), (0, len(parts) - 1, parts[-1])):
        found += [
            entry for entry in _forms(parts[first:last], language, held)
            if entry.feature[0] not in NEEDS_NO_WORD and _goes(word, entry, language)
        ]  # fmt: skip
    return tuple({entry.id: entry for entry in found}.values())


def _goes(word: str, entry: Entry, language: str) -> bool:
    return goes_with(fold(word), entry.feature, language)


def _forms(parts: Sequence[str], language: str, held: Imported) -> list[Entry]:
    """Entries of a name of which the parts can be a case form; where they are one as they stand, only that."""
    forms = [""]
    for part in parts:
        options = dict.fromkeys((*nominatives(part, language), _ADJECTIVE.sub(r"\1ий", part)))
        forms = [f"{form} {option}".strip() for form in forms for option in options][:_MOST_FORMS]
    found: dict[str, Entry] = {}
    for form in dict.fromkeys(forms):
        found.update((entry.id, entry) for entry in held.at(form))
        if found and form == forms[0]:
            break
    return list(found.values())


def _entries_of(place: Place, language: str, held: Imported) -> tuple[Entry, ...]:
    if place.role != "location":
        return ()
    words = place.passage.text
    shipped = lookup(words, language)
    if stands(place, shipped):
        return ()
    found = {entry.id: entry for entry in means(words, language, held)}
    if not found:
        return ()
    return tuple({**{entry.id: entry for entry in shipped if entry.feature == "city"}, **found}.values())


def _facilities(doc: Document, held: Imported, taken: set[int]) -> list[tuple[int, int]]:
    """Names behind the word for what they are ("аеродром Марлове", "річка Ольша"), that no place has yet."""
    out: list[tuple[int, int]] = []
    tokens = doc.tokens
    for first in range(1, len(tokens)):
        token = tokens[first]
        if token.kind != "word" or not token.capital or taken.intersection((first - 1, first)):
            continue
        if tokens[first - 1].kind != "word" or doc.sentence_of(first) != doc.sentence_of(first - 1):
            continue
        for last in (first + 2, first + 1):
            if last > len(tokens) or not all(one.kind == "word" and one.capital for one in tokens[first:last]):
                continue
            found = means(doc.passage(first - 1, last).text, doc.language, held)
            if any(entry.feature[0] not in NEEDS_NO_WORD for entry in found):
                out.append((first - 1, last))
                taken.update(range(first - 1, last))
                break
    return out
