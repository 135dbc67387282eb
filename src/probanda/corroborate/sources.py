"""Who a source is, beyond the words of one article: a person, an office, a body, an outlet, or nobody named.

Guarantees: two mentions are one source only where a rule says so (`spec/corroboration.md`): the same person by name,
the same office of the same owner, the same body by name or by an abbreviation that the material explains. A role
without an owner ("the health ministry") is one with another only where the place or the topic leaves one possibility;
where two are possible it is nobody known, and counts as dependent. An outlet is nobody's origin unless it says that it
saw for itself. Names fold across scripts; what is listed in a lexicon is the public name of a body or office.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from probanda.corroborate.article import Article
from probanda.corroborate.chains import Chain, Mention
from probanda.corroborate.lexicon import Lexicon, Office
from probanda.corroborate.names import Folding, keys_of, stem_of, words_of
from probanda.records.reading import Speaker

SourceKind = Literal["person", "office", "body", "outlet", "own", "unnamed"]

_ABBREVIATION = re.compile(  # lengths are bounded, so that a text of one endless word costs its length
    r"(?<![\w'’-])(?P<name>(?:[^\W\d_][\w'’-]{0,40}\s{1,3}){1,7}[^\W\d_][\w'’-]{0,40})\s{1,3}"
    r"\((?P<short>[^\W\d_]{2,8})\)"
)
_MOST_OTHERS = 2  # words in the name of a publisher beside the office: a country, a town
_CAPITALS = re.compile(r"[^\W\d_]{2,8}$")


@dataclass(frozen=True, slots=True)
class Source:
    """What one mention tells of who it is. `owner` is whose office it is (a folded country or place), `None` where the
    words do not say; `person` are the folded words of a person's name, `body` of a body that no lexicon has."""

    kind: SourceKind
    words: str
    concept: str | None = None
    scope: str | None = None
    post: bool = False
    owner: str | None = None
    person: tuple[str, ...] = ()
    body: frozenset[str] = frozenset()
    outlet: str | None = None


def outlet_key(name: str) -> str:
    """One key of an outlet's name, whatever its case, script or web address."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", name.strip().casefold())
    return " ".join(keys_of(word)[0] for word in words_of(bare.split("/")[0])) or bare


class Resolver:
    """Resolves mentions of one set of articles."""

    def __init__(self, articles: Sequence[Article], lexicon: Lexicon, chains: Iterable[Chain]) -> None:
        self.lexicon = lexicon
        self._outlets = {outlet_key(one.outlet) for one in articles if one.outlet}
        vocabulary = {word for one in articles if one.outlet for word in words_of(one.outlet)}
        for chain in chains:
            for mention in (*chain.mentions, *((chain.credit,) if chain.credit else ())):
                vocabulary.update(words_of(_all_words(mention)))
        self._folding = Folding(sorted(vocabulary))
        self._places: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, str, str | None, str | None, str], Source] = {}

    def outlet_of(self, article: Article) -> str | None:
        return outlet_key(article.outlet) if article.outlet else None

    def published_by(self, article: Article) -> Source | None:
        """The body that published the article itself, where that is a public body and no medium."""
        if article.outlet is None:
            return None
        words = words_of(article.outlet)
        found = self.lexicon.office(words)
        if found is None or self.lexicon.is_outlet(words) or found[0].scope == "none":
            return None
        others = [n for n, word in enumerate(words) if n not in found[1] and not self.lexicon.is_filler(word)]
        if len(others) > _MOST_OTHERS:
            return None  # a remark in which a body occurs, and not its name
        return self._office(found[0], found[1], words, article.outlet, (), article)

    def resolve(self, mention: Mention, article: Article) -> Source:
        speaker = mention.speaker
        parts = (speaker.name, speaker.role, speaker.kind or "") if speaker else (None, None, "")
        key = (article.document, mention.words, *parts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._resolved(mention, article)
        return found

    def _resolved(self, mention: Mention, article: Article) -> Source:
        speaker, told = mention.speaker, mention.words
        name = speaker.name if speaker else None
        kind = speaker.kind if speaker else None
        whole = tuple(dict.fromkeys(words_of(_all_words(mention))))
        if outlet_key(told) in self._outlets or (name and outlet_key(name) in self._outlets):
            return Source("outlet", told, outlet=outlet_key(name or told))
        office = self.lexicon.office(whole)
        if office is None and self.lexicon.is_outlet(whole):
            named = name if name and kind != "person" else told
            return Source("outlet", told, outlet=outlet_key(named) if _is_named(named) else None)
        person = self._person(name, kind, speaker, office)
        if office is not None and not (office[0].scope == "none" and not person):
            return self._office(*office, whole, told, person, article)
        if person:
            return Source("person", told, person=person)
        return self._body(name or told, kind, speaker, article)

    def _person(
        self, name: str | None, kind: str | None, speaker: Speaker | None, office: tuple[Office, frozenset[int]] | None
    ) -> tuple[str, ...]:
        """The folded words of a person's name, without the words of the office."""
        if not name or kind in ("body", "group", "document") or (kind is None and not (speaker and speaker.role)):
            return ()
        words = words_of(name)
        inside = self.lexicon.office(words)
        kept = [word for n, word in enumerate(words) if inside is None or n not in inside[1]]
        kept = [word for word in kept if not self.lexicon.is_filler(word)]
        return () if inside is not None and office is not None and len(kept) < 2 else self._folded(kept)

    def _office(
        self, office: Office, taken: Collection[int], words: Sequence[str], told: str, person: tuple[str, ...],
        article: Article,
    ) -> Source:  # fmt: skip
        left = [word for place, word in enumerate(words) if place not in taken and not self.lexicon.is_filler(word)]
        left = [word for word in dict.fromkeys(left) if self._folding.word(word) not in person]
        owner, person = self._owner(office, left, person, article)
        if office.scope == "none":
            return Source("person", told, person=person)
        return Source("office", told, office.concept, office.scope, office.post, owner, person)

    def _owner(
        self, office: Office, left: Sequence[str], person: tuple[str, ...], article: Article
    ) -> tuple[str | None, tuple[str, ...]]:
        """Whose office it is, and the person named beside it where that was not known."""
        if office.scope == "world":
            return "", person
        country = self.lexicon.country(left)
        places = self._places_of(article)
        stems = [stem_of(word) for word in left]
        if office.scope == "country":
            own = country or next((stem for stem in stems if stem in places), None) or (stems[0] if stems else None)
            rest = [word for word, stem in zip(left, stems, strict=True) if stem != own and country is None]
        else:
            inside = [stem for stem in stems if stem in places]
            own = " ".join(inside) or (" ".join(stems) if stems and not person else None)
            rest = [word for word, stem in zip(left, stems, strict=True) if inside and stem not in inside]
        if not person and len(rest) >= 2:
            person = self._folded(rest[-2:])
        return own or office.owner, person

    def _body(self, told: str, kind: str | None, speaker: Speaker | None, article: Article) -> Source:
        """A body by its name, else somebody whom the words do not name."""
        unnamed = Source("unnamed", told)
        words = [word for word in words_of(told) if not self.lexicon.is_filler(word)]
        if speaker is not None:
            titled = all(word[:1].isupper() for word in re.findall(r"\w+", told)) and len(words) > 1
            if (speaker.name is None and not titled) or kind in ("group", "document"):
                return unnamed
            if len(words) < 2 and not _is_named(told):
                return unnamed  # "the group", "the agency"
        if speaker is None:  # found by the words that cite: a name has capitals
            if not _is_named(told):
                return unnamed
            capitals = re.findall(r"[^\W\d_a-zа-яіїєґё][\w'’-]+", told)
            if len(capitals) in (2, 3) and len(words_of(told)) == len(capitals):
                return Source("person", told, person=self._folded(words))
        if not words:
            return unnamed
        return Source("body", told, body=frozenset(stem_of(word) for word in words))

    def _folded(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._folding.word(word) for word in words)

    def _places_of(self, article: Article) -> frozenset[str]:
        found = self._places.get(article.document)
        if found is None:
            found = frozenset(stem for place in article.reading.places for stem in place_stems(place.name))
            self._places[article.document] = found
        return found


@lru_cache(maxsize=10_000)
def place_stems(name: str) -> tuple[str, ...]:
    return tuple(stem_of(word) for word in words_of(name))


def abbreviations(text: str) -> Mapping[str, frozenset[str]]:
    """By abbreviation, the stems of the name that the text explains it by: "Selis Relief Committee (SRC)"."""
    found: dict[str, frozenset[str]] = {}
    for match in _ABBREVIATION.finditer(text):
        short, words = match["short"], match["name"].split()
        if short.isupper() and len(words) >= len(short):
            last = words[-len(short) :]
            if all(word[0].casefold() == letter.casefold() for word, letter in zip(last, short, strict=True)):
                found[short.casefold()] = frozenset(stem_of(word) for one in last for word in words_of(one))
    return found


def is_abbreviation(words: str) -> bool:
    return words.isupper() and _CAPITALS.match(words) is not None


def joined_persons(names: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], str | None]:
    """By name, one key for each person: names of which one holds all words of the other, and a surname alone with the
    one full name that it closes. `None` where a surname alone fits several."""
    distinct = sorted(set(names), key=lambda name: (-len(set(name)), name))
    holders: dict[str, list[int]] = defaultdict(list)
    key: dict[tuple[str, ...], str | None] = {}
    full: list[tuple[frozenset[str], str]] = []
    for name in distinct:
        words = frozenset(name)
        fitting = {full[n][1] for n in set.intersection(*(set(holders[word]) for word in words))} if full else set()
        if len(fitting) == 1:
            key[name] = fitting.pop()
            continue
        if fitting:
            key[name] = None
            continue
        made = key[name] = " ".join(sorted(words))
        for word in words:
            holders[word].append(len(full))
        full.append((words, made))
    return key


def _all_words(mention: Mention) -> str:
    """Name, role and the words of the article, for what is said in one place only."""
    speaker = mention.speaker
    if speaker is None:
        return mention.words
    return " ".join(dict.fromkeys(filter(None, (speaker.name, speaker.role, speaker.passage.text))))


def _is_named(words: str) -> bool:
    return any(word[:1].isupper() for word in re.findall(r"\w+", words))
