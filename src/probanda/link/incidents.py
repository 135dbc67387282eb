"""From what readings tell to proposals: which events and claims may be one happening.

Guarantees: the same readings give the same proposals with the same ids, in whatever order they come; every two members
of a proposal are compatible (complete linkage: that A fits B and B fits C joins nobody to C); nothing that is only
anticipated or denied is a member; a denial that fits is named as what contradicts. Figures in members stay what each
source said. Compatible are two tellings whose types lie on one dotted path, whose times overlap, whose places are one
place or lie within the radius of one of them, and whose objects are not of other kinds; two acts of one document only
if they share place, time and object. A score ranks proposals and is no probability. Nothing here is a finding.

Refuses to explode: a telling that would have to be compared with more than `CROWD` others is left out and named.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from probanda.link.happenings import Spot, Told, told
from probanda.link.reasons import reasons
from probanda.records.canonical import identify
from probanda.records.incident import Incident, Proposal, Where
from probanda.records.reading import Reading, When

RULES: Final = "2"  # part of every id: other rules make other proposals
CROWD: Final = 1000  # arbitrary: 20,000 tellings so crowded take about a minute
_NEAR_M: Final = 1000  # coordinates of one place differ between gazetteers by about this; arbitrary
_EARTH_M: Final = 6_371_000
_CELL_DEG: Final = 0.5  # at least COARSE_M in north-south direction


@dataclass(frozen=True, slots=True)
class Linked:
    """`crowded` are ids of what was left out because too much is told of its place and time to compare."""

    proposals: tuple[Proposal, ...]
    crowded: tuple[str, ...]


def propose(readings: Iterable[Reading]) -> Linked:
    """Proposals, the highest score first. Not looked at: what persons decided (`open_proposals`)."""
    everything = told(readings)
    usable = [one for one in everything if one.spot and one.span and not one.denied]
    pairs, crowded = _compatible_pairs(usable)
    groups = _complete_linkage([one for one in usable if one.id not in crowded], pairs)
    denials = [one for one in everything if one.denied]
    own = [group for group in groups if any(one.near is None for one in group)]  # else no place or time is its own
    kept = [group for group in own if any(one.act or one.type for one in group) or _documents(group) > 1]
    undated, beside = _undated([one for one in everything if one.spot and not one.span and not one.denied])
    made = _proposals([*kept, *undated], denials, {**pairs, **beside})
    return Linked(tuple(sorted(made, key=lambda one: (-one.score, one.id))), tuple(sorted(crowded)))


def open_proposals(
    proposals: Iterable[Proposal], incidents: Iterable[Incident], refused: Iterable[Iterable[str]]
) -> tuple[Proposal, ...]:
    """Those that no person has answered: gone is one whose members all stand in one incident in force, or in one
    group that a person refused (`refused`: the members of each). One that holds a part of such says so."""
    answered = [(frozenset(one.members), f"stand in the incident {one.id[:20]} already") for one in incidents]
    answered += [(frozenset(group), "stand in a group that a person refused") for group in refused]
    by_member: dict[str, list[int]] = defaultdict(list)
    for number, (group, _) in enumerate(answered):
        for member in group:
            by_member[member].append(number)
    left = []
    for one in proposals:
        touched = sorted({number for member in one.members for number in by_member.get(member, ())})
        if any(answered[number][0].issuperset(one.members) for number in touched):
            continue
        shared = ((len(answered[number][0].intersection(one.members)), answered[number][1]) for number in touched)
        more = tuple(f"against: {count} of {len(one.members)} {what}" for count, what in shared)
        left.append(replace(one, reasons=one.reasons + more))
    return tuple(left)


def compatible(a: Told, b: Told) -> bool:
    """Whether two tellings may be of one happening. Both have a place and a time."""
    return (
        _types_fit(a.type, b.type)
        and a.span is not None
        and b.span is not None
        and a.span.first <= b.span.last
        and b.span.first <= a.span.last
        and a.spot is not None
        and b.spot is not None
        and _places_fit(a.spot, b.spot)
        and not _objects_contradict(a, b)
        and not (a.document == b.document and a.act and b.act and not _same_in_one_text(a, b))
    )


def _types_fit(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b or a.startswith(b + ".") or b.startswith(a + ".")


def _places_fit(a: Spot, b: Spot) -> bool:
    if a.gazetteer_id is not None and a.gazetteer_id == b.gazetteer_id:
        return True
    if a.country and b.country and a.country != b.country:
        return False
    distance = _distance_m(a, b)
    if distance is None:
        return a.key == b.key
    return distance <= max(a.radius_m, b.radius_m, _NEAR_M)


def _distance_m(a: Spot, b: Spot) -> float | None:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    y1, y2 = math.radians(a.latitude), math.radians(b.latitude)
    x = math.radians(b.longitude - a.longitude)
    chord = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin(x / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, chord)))


def _objects_contradict(a: Told, b: Told) -> bool:
    """Other kinds of thing, and not a word in common. People who were hit contradict no building that was."""
    return bool(a.kinds and b.kinds) and a.kinds.isdisjoint(b.kinds) and a.words.isdisjoint(b.words)


def _same_in_one_text(a: Told, b: Told) -> bool:
    assert a.spot and b.spot and a.span and b.span
    shared = not (a.kinds.isdisjoint(b.kinds) and a.words.isdisjoint(b.words))
    return shared and a.spot.key == b.spot.key and a.span.days == b.span.days


def _closeness(a: Told, b: Told) -> float:
    """How much speaks for one happening, 0 to 1, with arbitrary weights. Times that nobody told speak for nothing."""
    if a.near == b.id or b.near == a.id:
        return 1.0
    assert a.spot and b.spot
    place = 1.0 if a.spot.key == b.spot.key or a.spot.gazetteer_id == b.spot.gazetteer_id is not None else 0.6
    time = 0.0
    if a.span and b.span:
        shared = min(a.span.last, b.span.last) - max(a.span.first, b.span.first) + 1
        time = shared / (max(a.span.last, b.span.last) - min(a.span.first, b.span.first) + 1)
    kind = 1.0 if a.type == b.type else 0.5
    same_object = not (a.kinds.isdisjoint(b.kinds) and a.words.isdisjoint(b.words))
    return round(0.35 * place + 0.25 * time + 0.15 * kind + 0.25 * (1.0 if same_object else 0.4), 6)


def _undated(tellings: Sequence[Told]) -> tuple[list[list[Told]], dict[tuple[str, str], float]]:
    """Groups of what one document tells of one thing at one place, without a time, with an act in each; and the
    closeness of their members. Each telling joins the first group of which it fits every member."""
    groups: dict[tuple[str, str], list[list[Told]]] = defaultdict(list)
    for one in sorted(tellings, key=lambda one: (one.document, one.at, one.id)):
        assert one.spot
        here = groups[one.document, one.spot.key]
        fitting = (group for group in here if all(_one_thing(one, other) for other in group))
        joined = next(fitting, None)
        if joined is None:
            here.append([one])
        else:
            joined.append(one)
    kept = [sorted(group, key=lambda one: one.id) for here in groups.values() for group in here]
    kept = [group for group in kept if any(one.act for one in group)]
    pairs = {
        (a.id, b.id): _closeness(a, b) for group in kept for place, a in enumerate(group) for b in group[place + 1 :]
    }
    return kept, pairs


def _one_thing(a: Told, b: Told) -> bool:
    """Whether two tellings of one document, at one place and without a time, are of the same thing. Two acts need a
    word in common for it: a city and its square are both urban areas, and a strike on each is two."""
    if not _types_fit(a.type, b.type):
        return False
    alike = not a.words.isdisjoint(b.words)
    return alike or (not (a.act and b.act) and not a.kinds.isdisjoint(b.kinds))


def _compatible_pairs(tellings: Sequence[Told]) -> tuple[dict[tuple[str, str], float], set[str]]:
    """Every compatible pair (ids in order) with its closeness, and the ids of what is too crowded to compare."""
    blocks: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for one in tellings:
        for key in _own_blocks(one):
            blocks[key].append(one)
    starts: dict[tuple[object, ...], list[int]] = {}
    ends: dict[tuple[object, ...], list[int]] = {}
    for key, block in blocks.items():
        block.sort(key=_start)
        starts[key] = [_start(one)[0] for one in block]
        ends[key] = sorted(one.span.last for one in block if one.span)
    crowded = set()
    for one in tellings:
        assert one.span
        beside = [key for key in _blocks_beside(one) if key in blocks]
        met = sum(bisect_right(starts[k], one.span.last) - bisect_left(ends[k], one.span.first) for k in beside)
        if met > 2 * CROWD:  # each may be met under its name and under its cell
            crowded.add(one.id)
    pairs: dict[tuple[str, str], float] = {}
    for one in tellings:
        if one.id in crowded:
            continue
        assert one.span
        for key in _blocks_beside(one):
            if key not in blocks:
                continue
            low, high = bisect_left(starts[key], one.span.first), bisect_right(starts[key], one.span.last)
            for other in blocks[key][low:high]:
                pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
                if one.id != other.id and pair not in pairs and other.id not in crowded and compatible(one, other):
                    pairs[pair] = _closeness(one, other)
    return pairs, crowded


def _start(one: Told) -> tuple[int, str]:
    assert one.span
    return one.span.first, one.id


def _own_blocks(one: Told) -> Iterator[tuple[object, ...]]:
    assert one.spot
    yield ("name", one.spot.key)
    if one.spot.latitude is not None and one.spot.longitude is not None:
        yield ("cell", *_cell(one.spot.latitude, one.spot.longitude))


def _blocks_beside(one: Told) -> Iterator[tuple[object, ...]]:
    """The block of its name, and every cell in which a place that fits can lie."""
    assert one.spot
    yield ("name", one.spot.key)
    if one.spot.latitude is None or one.spot.longitude is None:
        return
    row, column = _cell(one.spot.latitude, one.spot.longitude)
    narrowest = math.cos(math.radians(min(89.0, abs(one.spot.latitude) + _CELL_DEG)))
    reach = math.ceil(1 / narrowest)
    columns = round(360 / _CELL_DEG)
    beside = {(column + step) % columns for step in range(-reach, reach + 1)}
    yield from (("cell", row + up, one_column) for up in (-1, 0, 1) for one_column in sorted(beside))


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return math.floor(latitude / _CELL_DEG), math.floor(longitude / _CELL_DEG) % round(360 / _CELL_DEG)


def _complete_linkage(tellings: Sequence[Told], pairs: Mapping[tuple[str, str], float]) -> list[list[Told]]:
    """Groups in which every two are a pair: the closest pairs first, two groups become one only if all of one fits all
    of the other."""
    fits: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        fits[a].add(b)
        fits[b].add(a)
    group_of = {one.id: one.id for one in tellings}
    members: dict[str, set[str]] = {one.id: {one.id} for one in tellings}
    for a, b in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        left, right = group_of[a], group_of[b]
        if left == right or not all(members[right] <= fits[one] for one in members[left]):
            continue
        smaller, larger = sorted((left, right), key=lambda name: (len(members[name]), name))
        for one in members[smaller]:
            group_of[one] = larger
        members[larger] |= members.pop(smaller)
    by_id = {one.id: one for one in tellings}
    return [[by_id[name] for name in sorted(group)] for _, group in sorted(members.items())]


def _proposals(
    groups: Sequence[Sequence[Told]], denials: Sequence[Told], pairs: Mapping[tuple[str, str], float]
) -> Iterator[Proposal]:
    in_document: dict[str, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for document in {one.document for one in group}:
            in_document[document].append(number)
    against: dict[int, list[Told]] = defaultdict(list)
    by_document: dict[str, list[Told]] = defaultdict(list)
    for denial in denials:
        by_document[denial.document].append(denial)
    placed = [denial for denial in denials if denial.spot and denial.span]
    for number, group in enumerate(groups):
        near = [d for one in {one.document for one in group} for d in by_document[one] if in_document[one] == [number]]
        against[number] = [d for d in near if all(_not_against(d, one) for one in group)]
    for denial, number in _met(placed, groups):
        if denial not in against[number]:
            against[number].append(denial)
    for number, group in enumerate(groups):
        yield _proposal(group, sorted(against[number], key=lambda one: one.id), pairs)


def _not_against(denial: Told, one: Told) -> bool:
    """Whether nothing known speaks against the denial's being about this."""
    if not _types_fit(denial.type, one.type) or _objects_contradict(denial, one):
        return False
    if denial.spot and one.spot and not _places_fit(denial.spot, one.spot):
        return False
    return not (denial.span and one.span and (denial.span.first > one.span.last or one.span.first > denial.span.last))


def _met(denials: Sequence[Told], groups: Sequence[Sequence[Told]]) -> Iterator[tuple[Told, int]]:
    """Denials with a place and a time, with every group that they fit as a member would."""
    blocks: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        for one in group:
            for key in _own_blocks(one):
                blocks[key].add(number)
    for denial in denials:
        beside = {number for key in _blocks_beside(denial) for number in blocks.get(key, ())}
        yield from (
            (denial, number) for number in sorted(beside) if all(_not_against(denial, o) for o in groups[number])
        )


def _proposal(group: Sequence[Told], denials: Sequence[Told], pairs: Mapping[tuple[str, str], float]) -> Proposal:
    members = tuple(one.id for one in group)
    documents = _documents(group)
    joined = [pairs[(a.id, b.id)] for place, a in enumerate(group) for b in group[place + 1 :]]
    cohesion = sum(joined) / len(joined) if joined else 1.0
    smallest = min((one.spot for one in group if one.spot), key=lambda s: (s.latitude is None, s.radius_m, s.key))
    return Proposal(
        id=identify("proposal", {"members": list(members), "rules": RULES}),
        type=max((one.type for one in group if one.type), key=lambda name: (len(name), name), default=None),
        where=_where(smallest),
        when=_when(group),
        members=members,
        # More tellers count for more, though nobody has yet looked whether one copied the other.
        score=round(cohesion * (1 - 1 / (1 + documents)), 3),
        reasons=reasons(group, denials),
        contradicted_by=tuple(one.id for one in denials),
    )


def _documents(group: Iterable[Told]) -> int:
    return len({one.document for one in group})


def _where(spot: Spot) -> Where:
    return Where(
        name=spot.name,
        latitude=spot.latitude,
        longitude=spot.longitude,
        radius_m=spot.radius_m if spot.latitude is not None else None,
        gazetteer_id=spot.gazetteer_id,
        country=spot.country,
        basis="the narrowest place that a member names",
    )


def _when(group: Sequence[Told]) -> When | None:
    """What all members have in common: intervals that overlap two by two overlap all together (Helly). Where no time is
    close enough to compare, the one that all who state any state, else `None`."""
    spans = [one.span for one in group if one.span]
    if not spans:
        stated = [one.stated for one in group if one.stated and (one.stated.earliest or one.stated.latest)]
        alike = {(one.earliest, one.latest) for one in stated}
        return replace(stated[0], passage=None) if len(alike) == 1 else None
    first = max(spans, key=lambda span: (span.first, span.days))
    last = min(spans, key=lambda span: (span.last, span.days))
    days = (first.days[0], last.days[1])
    if days[0][:10] == days[1][:10] and days[0] > days[1]:
        days = (last.days[1], first.days[0])  # clock times that differ by less than their slack
    precision = next((span.precision for span in spans if span.days == days), "range")
    return When(None, *days, cast("Any", precision), "common to all members")
