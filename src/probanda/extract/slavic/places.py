"""Places in Ukrainian and Russian text: names in any case, regions by their adjective, towns that no gazetteer holds.

Guarantees: every place stands in the text; a point and a country come from the gazetteer alone, for an entry whose name
the words can be a case form of; a name that only its sentence makes a place ("у місті X", "під X") is offered with no
coordinates. A country or capital that acts ("Київ заявив") is an actor, not on the map. Where several entries share the
name, all are candidates; the one of most inhabitants is taken only where it is far larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from probanda.extract.places import gazetteer
from probanda.extract.places.gazetteer import Entry
from probanda.extract.slavic.cases import given_names, nominatives
from probanda.extract.slavic.lookup import is_name, lookup, place_terms
from probanda.extract.slavic.words import folded, is_listed, lemma, part_of
from probanda.extract.text.segments import Document
from probanda.records.reading import Candidate, Place

Role = Literal["location", "actor", "metonym"]

_LARGE = 50_000  # inhabitants from which a name needs no words of place beside it; arbitrary
_CLEARLY = 5  # how many times larger the first of two namesakes must be; arbitrary
_MOST_CANDIDATES = 5


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

    @cached_property
    def _persons(self) -> frozenset[int]:
        """The tokens of persons' names: two capitals that are a person, and the surname wherever it stands alone."""
        tokens, found = self.doc.tokens, set()
        surnames: set[str] = set()
        for place in range(len(tokens) - 1):
            pair = tokens[place].capital and tokens[place + 1].capital and tokens[place + 1].kind == "word"
            if not pair or tokens[place].kind != "word" or tokens[place].text.isupper():
                continue
            given = given_names(self.language)
            second = not given.isdisjoint(nominatives(self.words[place + 1], self.language))
            if second and given.isdisjoint(nominatives(self.words[place], self.language)):
                continue  # "прем'єр Нордії Ельза Вінтер"
            if self._person_at(place, self.doc.sentences[self.doc.sentence_of(place)].first):
                found |= {place, place + 1}
                surnames |= set(nominatives(self.words[place + 1], self.language))
        for place, word in enumerate(self.words):
            if tokens[place].capital and tokens[place].kind == "word" and len(word) > 3 and word in surnames:
                found.add(place)
        return frozenset(found)

    def forms(self, spot: _Spot) -> frozenset[str]:
        """The names of which the words can be case forms, told apart by their last word and the first's beginning."""
        words = self.words[spot.first : spot.last]
        return frozenset(f"{words[0][:3]} {form}" for form in nominatives(words[-1], self.language))

    def spots(self) -> list[_Spot]:
        found: list[_Spot] = []
        place, end = 0, len(self.words)
        while place < end:
            if place in self._persons:
                place += 1
                continue
            spot = (
                self._region_at(place)
                or self._dateline_at(place)
                or self._state_at(place)
                or self._named_at(place, found)
            )
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
        if not place_terms(self.language, "region").keys(self.words[place + 1]) or tokens[place + 1].capital:
            return None
        if part_of(self.words[place], self.language) != "adjective" and not self.words[place].endswith(_ADJECTIVAL):
            return None
        text = self.doc.passage(place, place + 2).text
        entries = tuple(entry for entry in lookup(text, self.language) if entry.feature == "admin1")
        return _Spot(place, place + 2, entries, "location", True)

    def _dateline_at(self, place: int) -> _Spot | None:
        """ "ЖЕНЕВА, 14 березня —", "ВЕНА (Прибой) —": the town that opens a report."""
        tokens = self.doc.tokens
        paragraph = self.doc.paragraph_of(place)
        if paragraph > 2 or self.doc.paragraphs[paragraph].first != place or not tokens[place].text.isupper():
            return None
        last = place + 1
        while last < len(tokens) and (tokens[last].text == "-" or (tokens[last].text.isupper() and last - place < 3)):
            last += 1
        if len(tokens[place].text) < 4 or last >= len(tokens) or tokens[last].text not in "(,.—–:/":
            return None
        return _Spot(place, last, self._entries(place, last, alone=True), "location", True)

    def _state_at(self, place: int) -> _Spot | None:
        """A name in -ія, -ия that no dictionary has and no person bears: "Галворія передасть", "посол Галворії"."""
        token, word = self.doc.tokens[place], self.words[place]
        if token.kind != "word" or not token.capital or token.text.isupper() or len(word) < 5 or self._common(place):
            return None
        named = next((form for form in nominatives(word, self.language) if form.endswith(("ія", "ия"))), None)
        if named is None or not word.endswith(_STATE_ENDINGS) or named in given_names(self.language):
            return None
        if self._entries(place, place + 1, alone=True):
            return None
        if named.endswith(("ція", "ция")) or is_listed(word, self.language) or is_listed(named, self.language):
            return None
        if self._name_before(place, self.doc.sentences[self.doc.sentence_of(place)].first):
            return None
        return _Spot(place, place + 1, (), self._state_role(place), True)

    def _state_role(self, place: int) -> Role:
        start = self.doc.sentences[self.doc.sentence_of(place)].first
        context = self._context(place, start)
        if context in ("in", "near", "settlement") or (
            context == "way" and self.words[place - 1] not in ("проти", "против")
        ):
            return "location"
        before = self.words[place - 1] if place > start else ""
        if before.startswith(_WITHIN):
            return "location"
        return "actor"

    def _named_at(self, place: int, before: Sequence[_Spot]) -> _Spot | None:
        tokens = self.doc.tokens
        token = tokens[place]
        if token.kind != "word" or not token.capital or (token.text.isupper() and len(token.text) > 1):
            return None
        start = self.doc.sentences[self.doc.sentence_of(place)].first
        if self._common(place) or (place and self.words[place - 1] in ("«", "“", "„") and self._closes(place + 1)):
            return None
        if place == start and is_listed(self.words[place], self.language) and (
            lemma(self.words[place], self.language) != self.words[place] and not is_name(token.text)
        ):  # fmt: skip
            return None  # "Часом раніше"
        context = self._context(place, start)
        run = place + 1
        while run < len(tokens) and run < place + 4 and tokens[run].capital and tokens[run].kind == "word":
            run += 1
        for last in range(min(run, place + 3), place, -1):
            entries = self._entries(place, last, alone=last == run and not self._name_before(place, start))
            if entries:
                spot = self._listed(place, last, entries, context, start, before)
                if spot is not None:
                    return spot
        return self._unlisted(place, run, context, start, before)

    def _closes(self, place: int) -> bool:
        return place < len(self.words) and self.words[place] in ("»", "”", "“")

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
            if place_terms(self.language, "office").keys(self.words[at]):
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
            place_terms(self.language, class_).keys(word) for class_ in ("body", "owner", "owned_actor", "settlement")
        )

    def _entries(self, first: int, last: int, *, alone: bool) -> tuple[Entry, ...]:
        text = self.doc.text[self.doc.tokens[first].start : self.doc.tokens[last - 1].end]
        if last - first == 1 and (not alone or place_terms(self.language, "body").keys(self.words[first])):
            return ()
        return tuple(
            entry for entry in lookup(text, self.language) if entry.feature != "admin1" or entry.country != "UA"
        )

    def _context(self, place: int, start: int) -> str:
        """What stands before a name: settlement, near, in, way, owner, actor, "" for nothing that tells."""
        words, at = self.words, place - 1
        if at < start:
            return ""
        if words[at] == "." and at - 1 >= start and place_terms(self.language, "settlement").at(words, at - 1, place):
            return "settlement"
        for class_ in ("settlement", "near", "in", "way"):
            if place_terms(self.language, class_).keys(words[at]):
                return class_
        if part_of(words[at], self.language) == "adjective" and at > start and not self.doc.tokens[at].capital:
            at -= 1  # "в окупованому Марлі"
            for class_ in ("near", "in", "way"):
                if place_terms(self.language, class_).keys(words[at]):
                    return class_
        for class_ in ("owner", "owned_actor"):
            if place_terms(self.language, class_).keys(words[at]) or (
                at - 1 >= start and place_terms(self.language, class_).at(words, at - 1, place)
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
        if place_terms(self.language, "body").keys(self.words[first]) or run - first > 2:
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
        if run - first > 2 or place_terms(self.language, "body").keys(self.words[first]):
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
_STATE_ENDINGS = ("ія", "ії", "ію", "ією", "ия", "ии", "ию", "ией")
_WITHIN = (
    "територі",
    "простір",
    "простор",
    "кордон",
    "границ",
    "жител",
    "жител",
    "північ",
    "півдн",
    "север",
    "юг",
    "схід",
    "восток",
)
_NO_STATE = tuple("ція ция сія сия зія зия тія тия ения ання ення ания".split())
_ADJECTIVAL = tuple(
    (
        "ська ської ській ську ською ський ського ському ським ські ських ская ской скую ский ского ском скому ским "
        "ские ских цька цької цькій цький цького цькому цкой цкая"
    ).split()
)
_TOWN_ADJECTIVES = ("ому", "ого", "ому", "ом", "ої", "ій", "ой", "ском", "ську")
