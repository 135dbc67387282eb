"""Where and when a claim has it: what its article says of that, and what it says only of itself.

Guarantees: a place is keyed by its gazetteer id, else by its name folded across scripts; a name that the material gives
one id has that id. Where the claim names no place, those that the article names first and most are taken, and
`place_stated` is false. Nothing here guesses a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from probanda.corroborate.article import Article
from probanda.corroborate.names import Folding
from probanda.records.edtf import EdtfError, parse_edtf
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Place, When

Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Saying:
    """One claim in one article."""

    article: Article
    claim: Claim


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`places` are keys, the likeliest first; `days` are ordinals, both inclusive."""

    saying: Saying
    places: tuple[str, ...]
    place_words: str | None
    place_stated: bool
    days: Days | None
    published: int | None
    country: str | None

    @property
    def number(self) -> tuple[object, ...] | None:
        quantity = self.saying.claim.quantity
        return None if quantity is None else (quantity.stated, quantity.qualifier)


def day_of(published: str | None) -> int | None:
    """The day of publication; `None` where it is not one day."""
    try:
        known = parse_edtf(published) if published else None
    except EdtfError:
        return None
    return known.earliest.toordinal() if known and known.earliest and known.earliest == known.latest else None


def circumstances(one: Saying, names: PlaceNames) -> Circumstances:
    """What is known of the place and time of a claim."""
    claim, located = one.claim, [p for p in one.article.reading.places if p.role == "location"]
    stated = [p for p in located if claim.where is not None and _touch(p.passage, claim.where)]
    stated = stated or [p for p in located if _touch(p.passage, claim.passage)]
    told: Sequence[Place] = stated[:1] or _of_article(located)
    keys = tuple(dict.fromkeys(names.key(place) for place in told))
    when = claim.as_of if claim.cumulative_since else claim.when or claim.as_of
    words = told[0].name if told else None
    return Circumstances(
        one, keys, words, bool(stated), _days(when), day_of(one.article.published), told[0].country if told else None
    )


def _of_article(located: Sequence[Place]) -> list[Place]:
    """The place that an article names first and the one that it names most."""
    if not located:
        return []
    counts: dict[str, int] = defaultdict(int)
    for place in located:
        counts[place.name] += 1
    most = max(located, key=lambda place: counts[place.name])
    return [located[0], most]


def _touch(a: Passage, b: Passage) -> bool:
    return a.start < b.end and b.start < a.end


def _days(when: When | None) -> Days | None:
    if when is None:
        return None
    found = [one for one in (_ordinal(when.earliest), _ordinal(when.latest)) if one is not None]
    return (found[0], found[-1]) if found and found[0] <= found[-1] else None


def _ordinal(stated: str | None) -> int | None:
    try:
        return None if stated is None else date.fromisoformat(stated[:10]).toordinal()
    except ValueError:
        return None


class PlaceNames:
    """A key for each place: its gazetteer id, else its name folded; a name that some article gives one id has that."""

    def __init__(self, articles: Iterable[Article], folding: Folding) -> None:
        self._folding = folding
        self._ids: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._known: dict[str, tuple[str, ...]] = {}
        for article in articles:
            for place in article.reading.places:
                if place.gazetteer_id is not None:
                    self._ids[self._name(place)].add(place.gazetteer_id)

    def key(self, place: Place) -> str:
        if place.gazetteer_id is not None:
            return f"id:{place.gazetteer_id}"
        name = self._name(place)
        ids = self._ids.get(name, ())
        return f"id:{next(iter(ids))}" if len(ids) == 1 else "name:" + " ".join(name)

    def _name(self, place: Place) -> tuple[str, ...]:
        found = self._known.get(place.name)
        if found is None:
            found = self._known[place.name] = self._folding.words(place.name)
        return found
