"""Places in Ukrainian and Russian text: names in any case, regions by their adjective, towns that no gazetteer holds.

Guarantees: every place stands in the text; a point and a country come from the gazetteer alone, for an entry whose name
the words can be a case form of; a name that only its sentence makes a place ("у місті X", "під X") is offered with no
coordinates. A country or capital that acts ("Київ заявив") is an actor, not on the map. Where several entries share the
name, all are candidates; the one of most inhabitants is taken only where it is far larger.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from probanda.extract.places import gazetteer
from probanda.extract.places.gazetteer import Entry
from probanda.extract.slavic.cases import given_names, nominatives
from probanda.extract.slavic.words import Terms, fold, folded, lemma, part_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.records.reading import Candidate, Place

Role = Literal["location", "actor", "metonym"]

_LARGE = 50_000  # inhabitants from which a name needs no words of place beside it; arbitrary
_CLEARLY = 5  # how many times larger the first of two namesakes must be; arbitrary
_MOST_CANDIDATES = 5


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    """Ids of places outside Belarus, Russia and Ukraine by their Cyrillic names, with the name in the gazetteer."""
    content = files("probanda.extract").joinpath("lexica", "cyrillic_names.tsv.gz").read_bytes()
    found: dict[str, tuple[str, ...]] = {}
    for line in gzip.decompress(content).decode("utf-8").splitlines():
        if line and not line.startswith("#"):
            id_, main, names = line.split("\t")
            for name in names.split("|"):
                found[name] = (*found.get(name, ()), f"{id_}\t{main}")
    return found


@lru_cache(maxsize=16384)
def lookup(words: str, language: str) -> tuple[Entry, ...]:
    """Every gazetteer entry of which the words can be a case form, the most inhabitants first."""
    held = gazetteer.load()
    key = gazetteer.key_of(words)
    parts = key.split(" ")
    forms = [""]
    for part in parts:
        forms = [f"{form} {option}".strip() for form in forms for option in nominatives(part, language)][:400]
    found: dict[str, Entry] = {}
    for form in dict.fromkeys(forms):
        for entry in (*held.lookup(form), *_alias(form)):
            found.setdefault(entry.id, entry)
        if found and form == forms[0]:
            break
    for region in _region(key, language):
        found.setdefault(region.id, region)
    return tuple(sorted(found.values(), key=lambda entry: (entry.feature != "country", -entry.population, entry.id)))


def _alias(form: str) -> list[Entry]:
    held = []
    for alias in _aliases().get(form, ()):
        id_, main = alias.split("\t")
        held += [entry for entry in gazetteer.load().lookup(main) if entry.id == id_]
    return held


@cache
def _region_stems(language: str) -> Terms[tuple[str, str]]:
    rows = table("cyrillic_regions.tsv")
    return Terms((row[language] + "*", (row["name"], row["country"])) for row in rows)


def _region(key: str, language: str) -> list[Entry]:
    parts = key.split(" ")
    if len(parts) != 2 or not _terms(language, "region").keys(parts[1]):
        return []
    found = _region_stems(language).at(parts[:1], 0, 1)
    if found is None:
        return []
    name, country = found.value
    entries = gazetteer.load().lookup(name)
    return [entry for entry in entries if entry.feature == "admin1" and entry.country == country]


@cache
def _terms(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_places.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spot:
    first: int
    last: int
    entries: tuple[Entry, ...]
    role: Role
    sure: bool  # its own sentence makes it a place


def find_places(doc: Document) -> tuple[Place, ...]:
    """The places of `doc` in order, none overlapping."""
    finder = _Finder(doc)
    spots = finder.spots()
    known = {form for spot in spots if spot.sure and spot.role == "location" for form in finder.forms(spot)}
    kept = [spot for spot in spots if spot.sure or spot.entries or not known.isdisjoint(finder.forms(spot))]
    return tuple(_place(doc, spot) for spot in kept)


def _place(doc: Document, spot: _Spot) -> Place:
    passage = doc.passage(spot.first, spot.last)
    first = spot.entries[0] if spot.entries else None
    clear = first is not None and (
        len(spot.entries) == 1
        or first.feature == "country"
        or first.population >= _CLEARLY * max(spot.entries[1].population, 1)
    )  # fmt: skip
    candidates = tuple(
        Candidate(entry.id, entry.name, entry.country, round(1 / (1 + rank), 3), "name in any case")
        for rank, entry in enumerate(spot.entries[:_MOST_CANDIDATES])
    )
    if first is None or not clear:
        return Place(passage, passage.text, None, None, None, None, None, spot.role, candidates)
    on_map = spot.role == "location"
    return Place(
        passage, first.name, first.id, first.country,
        first.latitude if on_map else None, first.longitude if on_map else None,
        first.radius_m if on_map else None, spot.role, candidates,
    )  # fmt: skip


class _Finder:
    def __init__(self, doc: Document) -> None:
        self.doc, self.language = doc, doc.language
        self.words: Sequence[str] = folded(doc.tokens)

    def forms(self, spot: _Spot) -> frozenset[str]:
        """The names of which the words can be case forms, told apart by their last word and the first's beginning."""
        words = self.words[spot.first : spot.last]
        return frozenset(f"{words[0][:3]} {form}" for form in nominatives(words[-1], self.language))

    def spots(self) -> list[_Spot]:
        found: list[_Spot] = []
        place, end = 0, len(self.words)
        while place < end:
            spot = self._region_at(place) or self._named_at(place, found)
            if spot is None:
                place += 1
                continue
            found.append(spot)
            place = spot.last
        return found

    def _region_at(self, place: int) -> _Spot | None:
        """ "Карівська область", "в Карівському районі"."""
        tokens = self.doc.tokens
        if not tokens[place].capital or place + 1 >= len(tokens) or tokens[place].kind != "word":
            return None
        if not _terms(self.language, "region").keys(self.words[place + 1]) or tokens[place + 1].capital:
            return None
        if part_of(self.words[place], self.language) != "adjective" and not self.words[place].endswith(_ADJECTIVAL):
            return None
        text = self.doc.passage(place, place + 2).text
        entries = tuple(entry for entry in lookup(text, self.language) if entry.feature == "admin1")
        return _Spot(place, place + 2, entries, "location", True)

    def _named_at(self, place: int, before: Sequence[_Spot]) -> _Spot | None:
        tokens = self.doc.tokens
        token = tokens[place]
        if token.kind != "word" or not token.capital or (token.text.isupper() and len(token.text) > 1):
            return None
        start = self.doc.sentences[self.doc.sentence_of(place)].first
        if self._common(place):
            return None
        context = self._context(place, start)
        run = place + 1
        while run < len(tokens) and run < place + 4 and tokens[run].capital and tokens[run].kind == "word":
            run += 1
        if run - place >= 2 and self._person_at(place, start):
            return None
        for last in range(min(run, place + 3), place, -1):
            entries = self._entries(place, last, alone=last == run and not self._name_before(place, start))
            if entries:
                spot = self._listed(place, last, entries, context, start, before)
                if spot is not None:
                    return spot
        return self._unlisted(place, run, context, start, before)

    def _person_at(self, place: int, start: int) -> bool:
        """Whether two words with capitals are a person: a common given name, or behind an office: "командувач оборони
        міста Роман Тесля"."""
        if not given_names(self.language).isdisjoint(nominatives(self.words[place], self.language)):
            return True
        if part_of(self.words[place], self.language) == "adjective":
            return False
        for at in range(place - 1, max(start, place - 5) - 1, -1):
            if self.doc.tokens[at].kind != "word" or part_of(self.words[at], self.language) == "verb":
                return False
            if _terms(self.language, "office").keys(self.words[at]):
                return at < place - 1
        return False

    def _name_before(self, place: int, start: int) -> bool:
        if place <= start:
            return False
        token = self.doc.tokens[place - 1]
        return token.capital and token.kind == "word" and not self._common(place - 1)

    def _common(self, place: int) -> bool:
        """A word with a capital that names a body, an office or nothing: "Президент Польщі", "У", "Жителі"."""
        word = self.words[place]
        if part_of(word, self.language) in (
            "preposition",
            "conjunction",
            "subordinator",
            "pronoun",
            "particle",
            "adverb",
        ):
            return True
        return any(
            _terms(self.language, class_).keys(word) for class_ in ("body", "owner", "owned_actor", "settlement")
        )

    def _entries(self, first: int, last: int, *, alone: bool) -> tuple[Entry, ...]:
        text = self.doc.text[self.doc.tokens[first].start : self.doc.tokens[last - 1].end]
        if last - first == 1 and (not alone or _terms(self.language, "body").keys(self.words[first])):
            return ()
        return tuple(
            entry for entry in lookup(text, self.language) if entry.feature != "admin1" or entry.country != "UA"
        )

    def _context(self, place: int, start: int) -> str:
        """What stands before a name: settlement, near, in, way, owner, actor, "" for nothing that tells."""
        words, at = self.words, place - 1
        if at < start:
            return ""
        if words[at] == "." and at - 1 >= start and _terms(self.language, "settlement").at(words, at - 1, place):
            return "settlement"
        for class_ in ("settlement", "near", "in", "way"):
            if _terms(self.language, class_).keys(words[at]):
                return class_
        if part_of(words[at], self.language) == "adjective" and at > start and not self.doc.tokens[at].capital:
            at -= 1  # "в окупованому Марлі"
            for class_ in ("near", "in", "way"):
                if _terms(self.language, class_).keys(words[at]):
                    return class_
        for class_ in ("owner", "owned_actor"):
            if _terms(self.language, class_).keys(words[at]) or (
                at - 1 >= start and _terms(self.language, class_).at(words, at - 1, place)
            ):
                return class_
        return ""

    def _listed(
        self, first: int, last: int, entries: tuple[Entry, ...], context: str, start: int, before: Sequence[_Spot]
    ) -> _Spot | None:
        large = entries[0].feature in ("country", "capital") or entries[0].population >= _LARGE
        exact = gazetteer.key_of(self.doc.passage(first, last).text)
        if not large and context not in ("settlement", "near", "in", "way", "owner"):
            return None
        if not large and context in ("way", "owner") and self._person_like(first, last):
            return None
        if first == start and not large:
            return None
        if context == "owned_actor":
            return _Spot(first, last, entries, "actor", False)
        if self._acts(last) and context == "" and not self._goes_on(first, before):
            role: Role = "metonym" if entries[0].feature == "capital" else "actor"
            return _Spot(first, last, entries, role, False)
        common = last - first == 1 and first == start and lemma(exact, self.language) != exact and not large
        return None if common else _Spot(first, last, entries, "location", True)

    def _person_like(self, first: int, last: int) -> bool:
        tokens = self.doc.tokens
        beside = [tokens[at] for at in (first - 1, last) if 0 <= at < len(tokens)]
        return any(token.capital and token.kind == "word" for token in beside)

    def _acts(self, last: int) -> bool:
        """Whether the verb right behind a name makes it a subject."""
        return last < len(self.words) and part_of(self.words[last], self.language) == "verb"

    def _unlisted(self, first: int, run: int, context: str, start: int, before: Sequence[_Spot]) -> _Spot | None:
        if context not in ("settlement", "near", "in", "way", "owner") and not self._goes_on(first, before):
            if context == "" and first != start:
                return self._again(first, run)
            return self._again(first, run) if run - first == 1 else None
        if _terms(self.language, "body").keys(self.words[first]) or run - first > 2:
            return None
        adjective = part_of(self.words[first], self.language) == "adjective" and run - first == 1
        if (
            context != "settlement"
            and adjective
            and (not self.words[first].endswith(_TOWN_ADJECTIVES) or self._before_noun(run))
        ):
            return None
        if context in ("way", "owner", "near") and run - first == 2:
            return _Spot(first, first + 1, (), "location", False)  # a person, as likely as not
        if (
            context == "in"
            and run - first == 2
            and not self.words[first].endswith(("ому", "ій", "ом", "ой", "их", "ых"))
        ):
            return None
        if context == "in" and self.words[first - 1] in ("на", "по"):
            struck = first >= 2 and self.words[first - 2].startswith((*_STRUCK, *_ROADS))
            return _Spot(first, run, (), "location", True) if struck and run - first == 1 else None
        if context in ("way", "owner"):
            sure = self._is_told(first, context) or self._is_led_to(first)
            return _Spot(first, run, (), "location", sure)
        return _Spot(first, run, (), "location", True)

    def _is_told(self, first: int, context: str) -> bool:
        """Whether "із Марлова", "жителі Марлова" alone make a place: not "мер Ковач", "з Ковачем", "від Ковача"."""
        before, word = self.words[first - 1], self.words[first]
        if word.endswith(("ом", "ем", "єм", "им", "ым", "ою", "ею", "ой")) or len(word) < 4:
            return False
        if context == "owner":
            return not before.startswith(("мер", "мэр", "губернатор"))
        return before in ("з", "із", "зі", "из")

    def _is_led_to(self, first: int) -> bool:
        """ "бої за Марлове", "депортовано до Каровії": fighting for a place, or a way that ends there."""
        words = self.words
        if words[first - 1] == "за":
            return first >= 2 and words[first - 2] in _FIGHTS
        start = max(self.doc.sentences[self.doc.sentence_of(first)].first, first - 5)
        return words[first - 1] == "до" and any(word.startswith(_WAYS) for word in words[start : first - 1])

    def _before_noun(self, place: int) -> bool:
        if place >= len(self.words) or self.doc.tokens[place].kind != "word":
            return False
        return part_of(self.words[place], self.language) in ("noun", "adjective")

    def _again(self, first: int, run: int) -> _Spot | None:
        """A name that may be told elsewhere to be a place; kept only if so."""
        if run - first > 2 or _terms(self.language, "body").keys(self.words[first]):
            return None
        role: Role = "actor" if self._acts(run) else "location"
        state = role == "actor" and run - first == 1 and self.words[first].endswith(("ія", "ия"))
        state = state and not self.words[first].endswith(_NO_STATE)
        return _Spot(first, run, (), role, state)

    def _goes_on(self, first: int, before: Sequence[_Spot]) -> bool:
        """ "у Карі, Бресті та Марлі": the name goes on a list of places."""
        if not before or not before[-1].sure or before[-1].role != "location":
            return False
        between = self.words[before[-1].last : first]
        return between in ((",",), ("і",), ("та",), ("й",), ("и",), (",", "а", "також"), (",", "і"))


_FIGHTS = frozenset("бої боїв боях бій битва битви битву бои боев боях бой сражение сражения борьба боротьба".split())
_ROADS = ("дорог", "доріг", "шлях", "трас", "напрям", "шоссе", "путь", "пути")
_WAYS = tuple(
    (
        "вторгн вторж депорт вивез вивоз виїх виїжд втек евакую переїх перевез перевоз поверн прибул доправ доставл "
        "переселен переміщ напад вийшл увійш прямува їха доїх наближ"
    ).split()
)
_STRUCK = ("удар", "обстр", "вдар", "атак", "наступ", "напад", "бомб", "штурм")
_NO_STATE = tuple("ція ция сія сия зія зия тія тия ения ання ення ания".split())
_ADJECTIVAL = tuple(
    (
        "ська ської ській ську ською ський ського ському ським ські ських ская ской скую ский ского ском скому ским "
        "ские ских цька цької цькій цький цького цькому цкой цкая"
    ).split()
)
_TOWN_ADJECTIVES = ("ому", "ого", "ому", "ом", "ої", "ій", "ой", "ском", "ську")


def named(words: str, language: str) -> tuple[Entry, ...]:
    """For the gate: every entry that `words` can name, the region around "Харківська область" among them."""
    return lookup(words, language)


__all__ = ["find_places", "fold", "lookup", "named", "nominatives"]
