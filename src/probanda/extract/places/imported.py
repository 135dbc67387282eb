"""Gazetteers that a case imported: the villages, districts and facilities that the shipped one lacks.

Guarantees: they add to what `places` found and take nothing off it: a name that stands for a government, a country, a
region or a large city stays what it was. A settlement is read where the words around its name make it a place; a name
that is an ordinary word or a person's needs a noun ("the village of Center"). A region or district needs its noun; a
hospital, school, airfield, river or hill needs the word for what it is, in its name or beside it. Which of several
namesakes is meant, `choice` says, or nobody: then there is no point. Tables: `compile`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from probanda.extract.places.choice import Around, Region, choose
from probanda.extract.places.compile import HEAD
from probanda.extract.places.context import (
    context,
    dateline,
    demonyms,
    in_capitals,
    in_title_case,
    name_kinds,
    part_of_other_name,
    supported,
)
from probanda.extract.places.features import NEEDS_NO_WORD, class_words, goes_with
from probanda.extract.places.gazetteer import Entry, Gazetteer, fold, key_of, load
from probanda.extract.places.unlisted import taken_ground
from probanda.extract.text.actors import is_ordinary
from probanda.extract.text.segments import Document
from probanda.records.reading import Place

WELL_KNOWN = 100_000  # inhabitants from which the shipped gazetteer's choice stands
_AT_MOST = 8  # tables kept in a process; arbitrary
_BETWEEN = 2  # words between a name and the word for what it is: "Zoryane central hospital"
_NOUNS_FOR_REGIONS = frozenset({"raion", "rayon", "community", "hromada", "commune", "parish"})
_BESIDE_PLACE = frozenset({"village", "town", "hamlet", "settlement", "city", "suburb", "villages", "towns"})
_ADM1 = re.compile(r"geonames-adm1:([A-Z]{2})\.([A-Za-z0-9]{1,10})")


class TableError(ValueError):
    """The bytes are no compiled table."""


_parsed: dict[str, Gazetteer] = {}  # by digest, the last few that this process used


def table_of(content: bytes, sha256: str | None = None) -> Gazetteer:
    """The table in these bytes, parsed once in a process where `sha256` names them. Raises `TableError`."""
    held = _parsed.pop(sha256, None) if sha256 is not None else None
    held = held or _parse(content)
    if sha256 is not None:
        _parsed[sha256] = held
        while len(_parsed) > _AT_MOST:
            del _parsed[next(iter(_parsed))]
    return held


def _parse(content: bytes) -> Gazetteer:
    if not content.startswith(HEAD.encode()):
        raise TableError(f"expected a compiled gazetteer beginning with {HEAD[:40]!r}, found {content[:40]!r}")
    try:
        return Gazetteer(content)
    except (ValueError, IndexError) as error:
        raise TableError(f"expected ten columns in every line of a compiled gazetteer, found: {error}") from error


def region_nouns() -> frozenset[str]:
    return context("region_noun") | _NOUNS_FOR_REGIONS


@dataclass(frozen=True, slots=True)
class Imported:
    """The tables of a case, looked up together."""

    tables: tuple[Gazetteer, ...]
    countries: frozenset[str]

    def at(self, key: str) -> tuple[Entry, ...]:
        """Every entry of this key, each id once."""
        found = {entry.id: entry for table in self.tables for entry in table.named(key)}
        return tuple(found.values())

    def can_name(self, words: str) -> tuple[Entry, ...]:
        """For the gate: every entry that these words can name, whether a word for what it is stands beside or not."""
        parts = key_of(words).split(" ")
        found = {entry.id: entry for entry in self.at(" ".join(parts))}
        for first, last in ((0, len(parts) - 1), (0, len(parts) - 2), (0, len(parts) - 3), (1, len(parts))):
            if 0 <= first < last:
                found.update((entry.id, entry) for entry in self._with_word(parts, first, last))
        return tuple(found.values())

    def _with_word(self, parts: Sequence[str], first: int, last: int) -> list[Entry]:
        """Entries under the name in parts [first, last) of a phrase whose other end says what it is."""
        word = parts[-1] if last < len(parts) else parts[0]
        region = word in region_nouns() and last == len(parts) - 1
        return [
            entry for entry in self.at(" ".join(parts[first:last]))
            if (entry.feature[0] == "A" and region)
            or (entry.feature[0] not in NEEDS_NO_WORD and goes_with(word, entry.feature, "en"))
        ]  # fmt: skip

    def means(self, words: str) -> tuple[Entry, ...]:
        """What an English phrase means: the entries of its whole name, else those of the name before or after the word
        for what it is."""
        parts = key_of(words).split(" ")
        whole = [entry for entry in self.at(" ".join(parts)) if _says_what(entry, parts)]
        if whole:
            return tuple(whole)
        for first, last in ((0, len(parts) - 1), (1, len(parts)), (0, len(parts) - 2), (0, len(parts) - 3)):
            found = self._with_word(parts, first, last) if 0 <= first < last else []
            if found:
                return tuple(found)
        return ()


def _says_what(entry: Entry, parts: Sequence[str]) -> bool:
    """Whether a whole name needs nothing beside it: a settlement, or a name that has the word for what it is."""
    class_ = entry.feature[0]
    if class_ == "P":
        return True
    if class_ == "A":
        return parts[-1] in region_nouns() and len(parts) > 1
    return len(parts) > 1 and any(goes_with(part, entry.feature, "en") for part in parts)


def imported(tables: Mapping[str, bytes]) -> Imported | None:
    """The tables with these bytes, by their SHA-256; `None` where there is none. Raises `TableError`."""
    held = tuple(table_of(content, sha256) for sha256, content in tables.items())
    if not held:
        return None
    countries = frozenset(table.country for table in held)
    return Imported(held, countries - {""})


def with_imported(doc: Document, places: Sequence[Place], held: Imported | None) -> tuple[Place, ...]:
    """`places` of an English text with what the imported gazetteers know, in the order of the text."""
    if held is None:
        return tuple(places)
    named = [(place, _entries_of(doc, place, held)) for place in places]
    taken = {
        token
        for place in places
        for token in range(doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1)
    }
    for first, last in _mentions(doc, held, frozenset(taken)):
        passage = doc.passage(first, last)
        place = Place(passage, passage.text, None, None, None, None, None, "location")
        named.append((place, held.means(passage.text)))
    named.sort(key=lambda pair: pair[0].passage.start)
    return settled(doc, named, held)


def settled(doc: Document, named: Sequence[tuple[Place, tuple[Entry, ...]]], held: Imported) -> tuple[Place, ...]:
    """The places, each with what it can mean; first those that are the only ones of their name, which tell where the
    text is, then the others by them."""
    around = _around(doc, named, held)
    out = {n: _placed(doc, place, entries, around) for n, (place, entries) in enumerate(named) if len(entries) == 1}
    for place in out.values():
        if place.latitude is not None and place.longitude is not None and (place.radius_m or 0) <= 50_000:
            around.points.append((place.latitude, place.longitude))
    for n, (place, entries) in enumerate(named):
        if n not in out:
            out[n] = _placed(doc, place, entries, around) if entries else place
    return tuple(out[n] for n in range(len(named)))


def _around(doc: Document, named: Sequence[tuple[Place, tuple[Entry, ...]]], held: Imported) -> Around:
    around = Around(held.countries)
    for place, entries in named:
        if place.role != "location":
            continue
        token = doc.token_at(place.passage.start)
        known = _ADM1.fullmatch(place.gazetteer_id or "")
        if known:
            around.regions.append(Region(known[1], f"{known[2]}/", token))
        around.regions += [Region(one.country, one.admin1, token) for one in entries if one.feature[0] == "A"]
        if entries or place.country is None:
            continue
        around.countries.add(place.country)
        if place.latitude is not None and place.longitude is not None and (place.radius_m or 0) <= 20_000:
            around.points.append((place.latitude, place.longitude))
    return around


def _placed(doc: Document, place: Place, entries: tuple[Entry, ...], around: Around) -> Place:
    token = doc.token_at(place.passage.start)
    candidates, chosen = choose(entries, key_of(place.passage.text), token, around)
    if chosen is None:
        countries = {entry.country for entry in entries}
        listed = {one.country for one in candidates}
        country = min(countries) if len(countries) == 1 and countries == listed else None
        return replace(
            place, name=place.passage.text, gazetteer_id=None, country=country, latitude=None, longitude=None,
            radius_m=None, candidates=candidates,
        )  # fmt: skip
    return replace(
        place, name=chosen.name, gazetteer_id=chosen.id, country=chosen.country, latitude=chosen.latitude,
        longitude=chosen.longitude, radius_m=chosen.radius_m, candidates=candidates,
    )  # fmt: skip


def _entries_of(doc: Document, place: Place, held: Imported) -> tuple[Entry, ...]:
    """What a place that the rules found can mean besides; nothing where the imported tables have no say."""
    if place.role != "location":
        return ()
    words = place.passage.text.removesuffix("’s").removesuffix("'s")
    shipped = [entry for entry in load().lookup(words) if entry.feature in ("city", "capital", "country")]
    first, last = doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1
    common = _ordinary([token.lower for token in doc.tokens[first:last]]) and not _named_as_place(doc, first, last)
    if common or stands(place, shipped):
        return ()
    found = {entry.id: entry for entry in held.means(words)}
    if not found:
        return ()
    if place.gazetteer_id is not None:
        found = {**{entry.id: entry for entry in shipped}, **found}
    return tuple(found.values())


def stands(place: Place, shipped: Sequence[Entry]) -> bool:
    """Whether the shipped gazetteer's choice is beyond doubt: a country, a region, a capital, a large city; or a name
    of the lexica with a point of its own."""
    if place.gazetteer_id is None:
        return place.latitude is not None
    chosen = next((entry for entry in shipped if entry.id == place.gazetteer_id), None)
    return chosen is None or chosen.feature != "city" or chosen.population >= WELL_KNOWN


def _mentions(doc: Document, held: Imported, taken: frozenset[int]) -> list[tuple[int, int]]:
    """The names of the tables in tokens that no place has yet: those that the words around them show to be places, and
    what is named so elsewhere in the text."""
    spans: dict[tuple[int, int], str] = {}
    shown: set[str] = set()
    for table in held.tables:
        for hit in table.scan(doc):
            span = _span(doc, hit.first, hit.last, hit.entries)
            if span is None or taken.intersection(range(*span)) or not held.means(doc.passage(*span).text):
                continue
            if not _may_be_place(doc, *span, hit.key):
                continue
            spans[span] = hit.key
            if _shown(doc, *span):
                shown.add(hit.key)
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        words = [token.lower for token in doc.tokens[span[0] : span[1]]]
        alone = not _ordinary(words) or supported(doc, *span)  # "Bank officials", though a village is called Bank
        if spans[span] in shown and alone and (not kept or kept[-1][1] <= span[0]):
            kept.append(span)
    return kept


def _ordinary(words: Sequence[str]) -> bool:
    """Whether a name is an ordinary word or a person's."""
    return len(words) == 1 and (is_ordinary(words[0]) or words[0] in name_kinds())


def _span(doc: Document, first: int, last: int, entries: Sequence[Entry]) -> tuple[int, int] | None:
    """The tokens of a name with the word for what it is, where it needs one or has one beside it."""
    sentence = doc.sentences[doc.sentence_of(first)]
    parts = [fold(token.text) for token in doc.tokens[first:last]]
    if any(_says_what(entry, parts) and entry.feature[0] != "P" for entry in entries):
        return first, last
    for place in range(last, min(last + _BETWEEN + 1, sentence.last)):
        word = doc.tokens[place].lower
        if doc.tokens[place].kind != "word":
            break
        if place == last and word in region_nouns() and any(entry.feature[0] == "A" for entry in entries):
            return first, place + 1
        if any(entry.feature[0] not in NEEDS_NO_WORD and goes_with(word, entry.feature, "en") for entry in entries):
            return first, place + 1
        if word not in class_words() and not (doc.tokens[place].capital or word in _ADJECTIVES):
            break
    if first > sentence.first and any(
        entry.feature[0] not in NEEDS_NO_WORD and goes_with(doc.tokens[first - 1].lower, entry.feature, "en")
        for entry in entries
    ):
        return first - 1, last
    return (first, last) if any(entry.feature[0] == "P" for entry in entries) else None


_ADJECTIVES = frozenset(
    {"central", "district", "regional", "city", "town", "village", "military", "international", "general", "maternity",
     "children’s", "children's", "railway", "train", "bus", "power", "secondary", "primary", "high", "air", "naval"}
)  # fmt: skip


def _named_as_place(doc: Document, first: int, last: int) -> bool:
    """Whether a noun for a settlement stands with the name: "the village of Center"."""
    before = doc.tokens[first - 1].lower if first else ""
    of = doc.tokens[first - 2].lower if before == "of" and first > 1 else ""
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    nouns = context("settlement_noun") | _BESIDE_PLACE
    return before in nouns or of in nouns or after in _BESIDE_PLACE


def _may_be_place(doc: Document, first: int, last: int, key: str) -> bool:
    token = doc.tokens[first]
    if key in demonyms() or key in context("month") or (last - first == 1 and len(token.text) < 4):
        return False
    if in_capitals(doc, first) and not dateline(doc, first, last):
        return False
    return not (token.acronym and not dateline(doc, first, last)) and (
        part_of_other_name(doc, first, last, frozenset()) is None or doc.tokens[last - 1].lower in class_words()
    )


def _shown(doc: Document, first: int, last: int) -> bool:
    """Whether this mention alone shows a place."""
    words = [token.lower for token in doc.tokens[first:last]]
    if len(words) > 1 and (words[-1] in class_words() | region_nouns() or words[0] in class_words()):
        return True  # a word for what it is belongs to the name
    if in_title_case(doc, first):
        return False
    before = doc.tokens[first - 1].lower if first else ""
    named = _named_as_place(doc, first, last)
    if _ordinary(words):
        return named  # "Center", "Bank", "Victoria": a preposition is not enough
    if before in ("the", "a", "an"):
        return named
    return named or supported(doc, first, last) or before in context("reach_verb") | taken_ground()
