"""Things on which sources differ, as lines of a case file: the positions with their lines, the pairs, the series.

Guarantees: both readings of a contradiction stand with their bounds and lead to their lines; nothing is called right.
What is too much for a page is counted, the contradictions first among what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from probanda.corroborate.comparison import Compared
from probanda.corroborate.evolution import series
from probanda.corroborate.positions import Position
from probanda.report.chapters import ComparisonLine, PairLine, PositionLine, StepLine
from probanda.report.compared import telling

MOST_POSITIONS = 40  # arbitrary
MOST_PAIRS = 60  # arbitrary


def comparison_lines(found: Iterable[Compared], shown: Mapping[str, tuple[str, ...]]) -> tuple[ComparisonLine, ...]:
    """`shown`: by claim id, the numbers of the lines that show it."""
    return tuple(_line(one, f"D{number}", shown) for number, one in enumerate(telling(found), start=1))


def _line(one: Compared, number: str, shown: Mapping[str, tuple[str, ...]]) -> ComparisonLine:
    topic = one.topic
    pairs = one.comparisons[:MOST_PAIRS]
    wanted = dict.fromkeys(place for pair in pairs for place in (pair.left, pair.right))
    kept = sorted(list(dict.fromkeys((*wanted, *range(len(one.positions)))))[:MOST_POSITIONS])
    places = {place: n for n, place in enumerate(kept, start=1)}
    lines = tuple(
        PairLine(places[pair.left], places[pair.right], pair.relation, pair.rule, pair.reason)
        for pair in pairs
        if pair.left in places and pair.right in places
    )
    steps = (
        tuple(StepLine(places[step.position], step.change) for step in line.steps if step.position in places)
        for line in series(one)
    )
    return ComparisonLine(
        number=number,
        id=one.id,
        what=topic.what,
        counted=topic.counted,
        place=topic.place,
        first=topic.first,
        last=topic.last,
        positions=tuple(_position(one.positions[place], shown) for place in kept),
        pairs=lines,
        all_positions=len(one.positions),
        all_pairs=len(one.comparisons),
        counts={str(name): count for name, count in one.counts.items()},
        series=tuple(line for line in steps if len(line) > 1),
    )


def _position(one: Position, shown: Mapping[str, tuple[str, ...]]) -> PositionLine:
    numbers = dict.fromkeys(number for claim in one.claims for number in shown.get(claim, ()))
    return PositionLine(
        named=one.named,
        lines=tuple(numbers),
        words=one.words,
        numbered=one.interval is not None,
        minimum=None if one.interval is None else one.interval.minimum,
        maximum=None if one.interval is None else one.interval.maximum,
        note=one.note or None,
        stance=one.stance,
        population=one.population,
        since=one.since,
        verified=one.verified,
        first=one.days[0] if one.days else None,
        last=one.days[1] if one.days else None,
    )
