"""Comparison: what sources hold of one thing, set beside each other pair by pair, with the relation of each pair.

Guarantees: deterministic; every position and every claim behind it is named; no number is averaged, merged or chosen.
Topics (`corroborate.topics`) say what is about the same thing; beside a topic stand those of the same effect, place and
time that differ in scope or stance alone: a part, a total since some day, a denial. Up to `ALL_PAIRS` positions every
pair is compared. In larger groups each is compared with its neighbours by number and of the same source, with what
denies it, and with the highest and the lowest of its scope that it could contradict, so that whoever contradicts
another source of the same scope is found; how many of the possible pairs were compared is told. Time is n log n.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from probanda.corroborate.circumstances import day_of
from probanda.corroborate.found import Sourcing
from probanda.corroborate.lexicon import Lexicon, shipped
from probanda.corroborate.positions import Position, is_part, positions
from probanda.corroborate.relations import RELATIONS, Relation, relation
from probanda.corroborate.topics import WINDOW_DAYS, Topic
from probanda.records.canonical import identify

ALL_PAIRS = 60  # positions; arbitrary: 1,770 pairs
MOST_BESIDE = 12  # topics beside one topic; arbitrary
_MOST_LOOKED_AT = 40 * MOST_BESIDE
_PART = ", as a part"
_ALWAYS, _NEVER = "0001-01-01", "9999-12-31"  # before and after every day of what has none


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` and `right` are places in the group's `positions`, the one first told first where that is known."""

    left: int
    right: int
    relation: Relation
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One topic: `own` of its `positions` are its own, the others stand beside it. `pairs` of them are possible."""

    id: str
    topic: Topic
    positions: tuple[Position, ...]
    own: int
    comparisons: tuple[Comparison, ...]
    pairs: int
    counts: Mapping[Relation, int]

    @property
    def contradicted(self) -> bool:
        return self.counts.get("contradicts", 0) > 0


def compare(sourcings: Sequence[Sourcing], lexicon: Lexicon | None = None) -> tuple[Compared, ...]:
    """Every topic on which there are two positions, those with contradictions first, then by number of positions."""
    words = lexicon or shipped()
    held = {one.topic.id: positions(one, words) for one in sourcings}
    beside = _beside([one.topic for one in sourcings])
    found = []
    for one in sourcings:
        own = held[one.topic.id]
        others = [position for topic in beside.get(one.topic.id, ()) for position in held[topic]]
        if len(own) + len(others) > 1:
            found.append(_compared(one.topic, own, others))
    return tuple(sorted(found, key=lambda one: (*(-one.counts.get(r, 0) for r in RELATIONS[:1]), -len(one.positions),
                                                one.topic.id)))  # fmt: skip


def _compared(
    topic: Topic, own: Sequence[Position], others: Sequence[Position], all_pairs: int = ALL_PAIRS
) -> Compared:
    every = (*own, *others)
    made = []
    for left, right in _pairs(every, len(own), all_pairs):
        if _first_told(every[right], every[left]):
            left, right = right, left
        found = relation(every[left], every[right])
        made.append(Comparison(left, right, found.relation, found.rule, found.reason))
    made.sort(key=lambda one: (RELATIONS.index(one.relation), one.left, one.right))
    counts = Counter(one.relation for one in made)
    possible = len(own) * (len(own) - 1) // 2 + len(own) * len(others)
    return Compared(
        id=identify("comparison", {"topic": topic.id, "positions": [list(one.claims) for one in every]}),
        topic=topic,
        positions=every,
        own=len(own),
        comparisons=tuple(made),
        pairs=possible,
        counts={name: counts[name] for name in RELATIONS if counts[name]},
    )


def _pairs(every: Sequence[Position], own: int, all_pairs: int) -> Iterator[tuple[int, int]]:
    """Pairs of the topic's own positions, and of each with each beside it; two that only stand beside are not one's
    business here."""
    if len(every) <= all_pairs:
        yield from ((a, b) for a, b in combinations(range(len(every)), 2) if a < own)
        return
    found: set[tuple[int, int]] = set()
    for a, b in _chosen(every):
        if a != b and min(a, b) < own:
            found.add((min(a, b), max(a, b)))
    yield from sorted(found)


def _chosen(every: Sequence[Position]) -> Iterator[tuple[int, int]]:
    by_source: dict[str, list[int]] = defaultdict(list)
    by_scope: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(every):
        if one.source is not None:
            by_source[one.source].append(number)
        by_scope[_scope(one)].append(number)
    yield from _against_denials(every)
    for numbers in by_source.values():
        yield from pairwise(numbers)
    ends = {}
    for scope, numbers in by_scope.items():
        by_low = sorted(numbers, key=lambda n: (_low(every[n]), n))
        yield from pairwise(by_low)
        yield from _rivals(numbers, every)
        ends[scope] = by_low[-1], min(numbers, key=lambda n: (_high(every[n]), n))
    for scope, numbers in by_scope.items():
        for other, (highest, lowest) in list(ends.items())[:MOST_BESIDE]:
            if other != scope:
                yield from ((number, highest) for number in numbers)
                yield from ((number, lowest) for number in numbers)


def _rivals(numbers: Sequence[int], every: Sequence[Position]) -> Iterator[tuple[int, int]]:
    """Each position of one scope with the highest of another source that was told no later than it was last told, and
    with the lowest of another that was still told when it was first: if it contradicts any other source, then these."""
    rising = sorted(numbers, key=lambda n: _first(every[n]))
    falling = sorted(numbers, key=lambda n: _last(every[n]), reverse=True)
    highest = _best(rising, every, lambda n: _low(every[n]))
    lowest = _best(falling, every, lambda n: -_high(every[n]))
    firsts = [_first(every[n]) for n in rising]
    lasts = [_backwards(_last(every[n])) for n in falling]
    for number in numbers:
        one = every[number]
        until, since = (_last(one), _first(one)) if one.grows else (_NEVER, _ALWAYS)
        for best, place in (
            (highest, bisect_right(firsts, until) - 1),
            (lowest, bisect_right(lasts, _backwards(since)) - 1),
        ):
            if place >= 0:
                yield from ((number, other) for other in best[place])


def _best(
    ordered: Sequence[int], every: Sequence[Position], worth: Callable[[int], float]
) -> Sequence[tuple[int, ...]]:
    """At each place, the two of most worth up to there that are not of one source."""
    found, kept = [], tuple[int, ...]()
    for number in ordered:
        ranked = sorted((*kept, number), key=lambda n: (-worth(n), n))
        first = ranked[0]
        others = [n for n in ranked[1:] if every[n].source is None or every[n].source != every[first].source]
        kept = (first, *others[:1])
        found.append(kept)
    return found


def _first(one: Position) -> str:
    return one.days[0] if one.days else _ALWAYS


def _last(one: Position) -> str:
    return one.days[1] if one.days else _NEVER


def _backwards(day: str) -> int:
    return -(date.fromisoformat(day).toordinal())


def _against_denials(every: Sequence[Position]) -> Iterator[tuple[int, int]]:
    """What is said with what is denied in the same number, or corrected away."""
    by_number: dict[object, list[int]] = defaultdict(list)
    for number, one in enumerate(every):
        if one.stance == "said" and one.stated is not None:
            by_number[one.stated].append(number)
    for number, one in enumerate(every):
        wanted = [*one.replaced, *([one.stated] if one.stance == "denied" and one.stated is not None else [])]
        for stated in wanted:
            yield from ((number, other) for other in by_number.get(stated, ())[:ALL_PAIRS])


def _scope(one: Position) -> tuple[object, ...]:
    return (one.stance, one.population, one.nation, one.own, one.part, one.since, one.verified, one.joint, one.whole)


def _beside(topics: Sequence[Topic]) -> Mapping[str, tuple[str, ...]]:
    """By topic, those that differ from it in scope or stance alone: the wider one names the narrower."""
    buckets: dict[tuple[str, str], list[tuple[int, int, Topic]]] = defaultdict(list)
    for topic in topics:
        window = _window(topic)
        if window is not None and not _is_words(topic):
            for place in topic.places or frozenset({""}):
                buckets[topic.what, place].append((*window, topic))
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for rows in buckets.values():
        rows.sort(key=lambda row: (row[0], row[1], row[2].id))
        totals = [row for row in rows if _cumulative(row[2])][:_MOST_LOOKED_AT]
        events = [row for row in rows if not _cumulative(row[2])]
        starts = [row[0] for row in events]
        for first, last, topic in rows:
            if _rank(topic) > 0:
                continue
            end = bisect_left(starts, last + 1)
            for start, stop, other in (*totals, *events[max(0, end - _MOST_LOOKED_AT) : end]):
                if len(found[topic.id]) >= MOST_BESIDE:
                    break
                if other.id != topic.id and start <= last and first <= stop and _differs_in_scope(topic, other):
                    found[topic.id][other.id] = None
    return {topic: tuple(others) for topic, others in found.items()}


def _differs_in_scope(one: Topic, other: Topic) -> bool:
    """Whether `other` stands beside `one`, and not the other way round."""
    if one.stance == other.stance and _counted(one) == _counted(other) and not _rank(other):
        if _cumulative(one) and _cumulative(other):
            return one.id < other.id
        return _cumulative(other)
    counted = _counted(one) == _counted(other) or is_part(_counted(other), _counted(one))
    return counted or (other.stance != "said" and not (_counted(one) and _counted(other)))


def _rank(topic: Topic) -> int:
    """0: others stand beside it; what is denied, expected or a part stands beside others."""
    return int(topic.stance != "said" or (topic.counted or "").endswith(_PART))


def _counted(topic: Topic) -> str | None:
    return topic.counted.removesuffix(_PART) if topic.counted else None


def _cumulative(topic: Topic) -> bool:
    return topic.sayings[0].claim.cumulative_since is not None


def _is_words(topic: Topic) -> bool:
    """Claims that are about the same only because their words are."""
    return topic.counted is None and all(one.claim.where is None for one in topic.sayings[:1])


def _window(topic: Topic) -> tuple[int, int] | None:
    """The days of what it is about; the days before its publications where nobody says."""
    if topic.first is not None and topic.last is not None:
        return date.fromisoformat(topic.first).toordinal(), date.fromisoformat(topic.last).toordinal()
    days = [day for one in topic.sayings if (day := day_of(one.article.published)) is not None]
    since = [day for one in topic.sayings if (day := _since_day(one.claim.cumulative_since)) is not None]
    if not days:
        return None
    return (min(since) if since else min(days) - WINDOW_DAYS), max(days)


def _since_day(when: object) -> int | None:
    stated = getattr(when, "earliest", None)
    try:
        return date.fromisoformat(stated[:10]).toordinal() if stated else None
    except ValueError:
        return None


def _first_told(a: Position, b: Position) -> bool:
    """Whether `a` was told before `b`; what has no day comes last."""
    if a.days is None or b.days is None:
        return a.days is not None and b.days is None
    return a.days < b.days


def _low(one: Position) -> float:
    low = one.interval.minimum if one.interval else None
    return float(low) if isinstance(low, (int, float)) else float("-inf")


def _high(one: Position) -> float:
    high = one.interval.maximum if one.interval else None
    return float(high) if isinstance(high, (int, float)) else float("inf")


def of_kind(found: Iterable[Compared], kind: str | None) -> tuple[Compared, ...]:
    """Those of which a claim is of this kind."""
    if kind is None:
        return tuple(found)
    return tuple(one for one in found if any(saying.claim.kind == kind for saying in one.topic.sayings))
