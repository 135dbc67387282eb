"""Which of several features of one name is meant: by what stands around it, and never by chance.

Guarantees: every candidate has a score and a rule; a score ranks and is no probability. One is chosen only where it is
the only one of its name, where a region or district named in the text has it alone, where the others stand so near to
it that they are one place, where it is far larger, or where it alone lies near a place that the text has for sure.
Otherwise none is: the name stays ambiguous, with its candidates. A text whose places all lie in other countries leaves
it open, too. The rule begins with the level of precision ("settlement; only one of its name").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from probanda.extract.places.compile import metres
from probanda.extract.places.features import kind_of_feature
from probanda.extract.places.gazetteer import Entry
from probanda.records.reading import Candidate

CANDIDATES = 5  # kept with a place
NEAR_M = 50_000  # how far from a sure place nearness says something; arbitrary
_NEARER = 3  # times nearer than the next; arbitrary
_LARGE = 50_000  # inhabitants from which a settlement can outweigh its namesakes; arbitrary
_LARGER = 10  # times as many as the next; arbitrary
_SAME_M = 3_000  # features of one name within it are one place; arbitrary
_BESIDE = 8  # tokens between a name and the region that it is said to lie in; arbitrary


@dataclass(frozen=True, slots=True)
class Region:
    """A region that the text names at a token: its country and the codes of its path ("07/0712/")."""

    country: str
    path: str
    token: int


@dataclass(slots=True)
class Around:
    """What the text says of where it is: its regions, the points of places that are sure, and the countries of its
    places. `known` are the countries whose gazetteer the case imported."""

    known: frozenset[str]
    regions: list[Region] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    countries: set[str] = field(default_factory=set)


def choose(
    entries: Sequence[Entry], key: str, token: int, around: Around
) -> tuple[tuple[Candidate, ...], Entry | None]:
    """The candidates for a name (compared as `key`) at a token, best first, and the one meant, if that shows."""
    pool, why = _pool(entries, token, around)
    chosen, rule = _chosen(pool, around)
    if chosen is not None and around.countries and chosen.country not in around.countries:
        chosen, rule = None, "the text's places lie in other countries"
    if chosen is not None and why and rule == "only one of its name":
        rule = why
    scored = []
    for entry in entries:
        told = rule if entry is chosen or (chosen is None and rule) else f"one of {len(entries)} of its name"
        score = _score(entry, key, pool if why else (), around) + (1.0 if entry is chosen else 0.0)
        scored.append(Candidate(entry.id, entry.name, entry.country, round(score, 3), f"{level_of(entry)}; {told}"))
    scored.sort(key=lambda one: (-one.score, one.gazetteer_id))
    return tuple(scored[:CANDIDATES]), chosen


def level_of(entry: Entry) -> str:
    """How precise an entry is, imported or shipped."""
    kind = kind_of_feature(entry.feature)
    if kind is not None:
        return kind.level
    return {"admin1": "region", "country": "country"}.get(entry.feature, "settlement")


def _pool(entries: Sequence[Entry], token: int, around: Around) -> tuple[Sequence[Entry], str]:
    """The entries that lie in a region named right beside the name, else in one named anywhere, else all."""
    beside = [region for region in around.regions if abs(region.token - token) <= _BESIDE]
    for regions, why in ((beside, "region named with it"), (around.regions, "region named in the text")):
        inside = [entry for entry in entries if any(_inside(entry, region) for region in regions)]
        if inside and len(inside) < len(entries):
            return inside, why
    return entries, ""


def _inside(entry: Entry, region: Region) -> bool:
    path = entry.admin1 if entry.admin1.endswith("/") else f"{entry.admin1}/"
    if entry.country != region.country or not path.startswith(region.path):
        return False
    return path != region.path or not entry.feature.startswith("A.")  # a region does not lie in itself


def _chosen(pool: Sequence[Entry], around: Around) -> tuple[Entry | None, str]:
    if len(pool) == 1:
        return pool[0], "only one of its name"
    ordered = sorted(pool, key=lambda entry: (-entry.population, -entry.radius_m, entry.id))
    first, second = ordered[0], ordered[1]
    if all(_apart(first, other) <= _SAME_M for other in ordered[1:]):
        return first, f"{len(pool)} features of its name within {_SAME_M:,} m"
    if first.population >= _LARGE and first.population >= _LARGER * max(second.population, 1):
        return first, "far larger than its namesakes"
    near = sorted(pool, key=lambda entry: (_distance(entry, around), entry.id))
    nearest, next_ = _distance(near[0], around), _distance(near[1], around)
    if nearest <= NEAR_M and next_ >= _NEARER * max(nearest, _SAME_M):
        return near[0], "near a place of the text"
    here = [entry for entry in pool if entry.country in around.known]
    if len(here) == 1 and here[0].country not in {entry.country for entry in pool if entry is not here[0]}:
        return here[0], "only one of its name in a country whose gazetteer the case has"
    return None, ""


def _score(entry: Entry, key: str, pool: Sequence[Entry], around: Around) -> float:
    score = 0.2 + math.log10(entry.population + 10) / 20 + (0.1 if entry.main_key == key else 0.0)
    if any(entry is one for one in pool):
        score += 0.5
    near = _distance(entry, around)
    return score + (0.3 * (1 - near / NEAR_M) if near < NEAR_M else 0.0)


def _apart(one: Entry, other: Entry) -> float:
    return metres(one.latitude, one.longitude, other.latitude, other.longitude)


def _distance(entry: Entry, around: Around) -> float:
    """How far the nearest sure place of the text is."""
    return min((metres(entry.latitude, entry.longitude, *point) for point in around.points), default=math.inf)
