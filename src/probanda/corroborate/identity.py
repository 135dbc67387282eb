"""Which sources of one topic are one: every source gets keys, and two that share a key are one.

Guarantees: deterministic; a source without a key is nobody known, and the reason is in words. Rules are those of
`spec/corroboration.md`: an office of the same owner, whoever speaks for it; a post as long as no two persons are named
for it; a person by name; a body by name, by a name of which the other's is a part where only one fits, or by an
abbreviation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from probanda.corroborate.sources import (
    Source,
    abbreviations,
    is_abbreviation,
    joined_persons,
    place_stems,
)
from probanda.corroborate.topics import Topic

UNOWNED = "?"


@dataclass(frozen=True, slots=True)
class Identity:
    """`keys` are empty where the source is nobody known; `why` then says so in words. `likely`: the words leave
    something open that the topic settles."""

    keys: tuple[str, ...]
    why: str = ""
    likely: bool = False


class Identities:
    """The identities of the sources of one topic. `owners` are, by article and concept, the owners that the article
    itself names anywhere; `texts` are the texts of the topic's articles."""

    def __init__(
        self,
        topic: Topic,
        sources: Iterable[Source],
        owners: Mapping[tuple[str, str], frozenset[str]],
        texts: Iterable[str],
    ) -> None:
        held = sorted(set(sources), key=lambda one: (one.kind, one.words))
        self._owners = owners
        self._place = " ".join(place_stems(topic.place)) if topic.place else None
        self._persons = joined_persons(one.person for one in held if one.person)
        self._named: dict[str, set[str]] = defaultdict(set)
        for one in held:
            if one.concept and one.owner:
                self._named[one.concept].add(one.owner)
        self._holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in held:
            if one.post and one.concept and one.person and (person := self._persons.get(one.person)):
                owner, _ = self._owner(one, "")
                self._holders[one.concept, owner or UNOWNED].add(person)
        self._bodies = _bodies([one for one in held if one.body], texts)
        self._known: dict[tuple[Source, str], Identity] = {}

    def of(self, source: Source, article: str) -> Identity:
        found = self._known.get((source, article))
        if found is None:
            found = self._known[source, article] = self._of(source, article)
        return found

    def _of(self, source: Source, article: str) -> Identity:
        if source.kind == "office":
            return self._office(source, article)
        if source.kind == "person":
            person = self._persons.get(source.person)
            if not source.person:
                return Identity((), "nobody is named")
            return Identity((f"person:{person}",)) if person else Identity((), "the surname fits several persons")
        if source.kind == "body":
            key = self._bodies.get(source.body)
            return Identity((f"body:{key}",)) if key else Identity((), "the name fits several bodies")
        if source.kind == "own":
            return Identity((f"own:{source.outlet}",))
        if source.kind == "outlet":
            return Identity((), "it repeats another outlet")
        return Identity((), "the source is not named")

    def _office(self, source: Source, article: str) -> Identity:
        person = self._persons.get(source.person) if source.person else None
        mine = (f"person:{person}",) if person else ()
        owner, likely = self._owner(source, article)
        if owner is None:
            return Identity(mine, "" if mine else "several such offices are named, and the article says not which")
        held = self._holders.get((source.concept or "", owner), set())
        if source.post and len(held) > 1:
            return Identity(mine, "" if mine else "several persons are named for this post")
        return Identity((f"office:{source.concept}@{owner}", *mine), likely=likely)

    def _owner(self, source: Source, article: str) -> tuple[str | None, bool]:
        """Whose office it is, and whether the topic had to settle that; `None` where several are possible."""
        if source.owner is not None:
            return source.owner, False
        concept = source.concept or ""
        here = self._owners.get((article, concept), frozenset())
        if len(here) == 1:
            return next(iter(here)), False
        if len(here) > 1:
            return None, True
        if source.scope == "place" and self._place:
            return self._place, True
        named = self._named.get(concept, set())
        if len(named) > 1:
            return None, True
        return (next(iter(named)) if named else UNOWNED), True


def owners_named(sources: Iterable[tuple[str, Source]]) -> Mapping[tuple[str, str], frozenset[str]]:
    """By article and concept, the owners that the article names."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for article, source in sources:
        if source.concept and source.owner:
            found[article, source.concept].add(source.owner)
    return {key: frozenset(owners) for key, owners in found.items()}


def _bodies(sources: Sequence[Source], texts: Iterable[str]) -> Mapping[frozenset[str], str | None]:
    """By the stems of its name, the key of a body; `None` where a short name fits several longer ones."""
    short = {one.body: one.words for one in sources if is_abbreviation(one.words)}
    explained: dict[str, frozenset[str]] = {}
    if short:
        for text in texts:
            explained.update(abbreviations(text))
    names = sorted({one.body for one in sources}, key=lambda name: (-len(name), sorted(name)))
    initials: dict[str, set[frozenset[str]]] = defaultdict(set)
    for one in sources:
        capitals = "".join(word[0] for word in one.words.split() if word[:1].isupper()).casefold()
        if len(capitals) > 1:
            initials[capitals].add(one.body)
    key: dict[frozenset[str], str | None] = {}
    full: list[frozenset[str]] = []
    for name in names:
        if name in short:
            continue
        fitting = {key[other] for other in full if name < other} if len(name) > 1 else set()
        if len(fitting) == 1:
            key[name] = fitting.pop()
        elif fitting:
            key[name] = None
        else:
            key[name] = " ".join(sorted(name))
            full.append(name)
    for name, words in short.items():
        meant = explained.get(words.casefold())
        if meant is not None:
            key[name] = next((key[one] for one in full if one <= meant or meant <= one), " ".join(sorted(meant)))
            continue
        fitting = {key[other] for other in initials.get(words.casefold(), ()) if other in key}
        key[name] = fitting.pop() if len(fitting) == 1 else " ".join(sorted(name))
    return key
