"""From a snapshot's rows to claims set beside each other, and from those to JSON (spec/comparison.md).

Guarantees: every position names its claims, so that each leads to exact characters; nothing that both readings say is
resolved here. Hand in rows *after* disclosure wherever the answer leaves the case folder: what is withheld takes part
in no comparison.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from probanda.corroborate.comparison import Compared, compare, of_kind
from probanda.corroborate.evolution import series
from probanda.corroborate.found import Sourcing
from probanda.corroborate.positions import Position
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.judgement import Judgement
from probanda.report.corroborated import capture_of, corroborated
from probanda.report.snapshot import ItemRow, ReadingRow

FORMAT = "probanda-comparison/1"
LABEL = "worked out by rules from what the sources say; which of them is right is for a person"


def compared(
    items: Iterable[ItemRow],
    readings: Sequence[ReadingRow],
    judgements: Iterable[Judgement],
    without: Collection[str] = (),
    kind: str | None = None,
) -> tuple[Compared, ...]:
    """What sources hold of one thing, side by side; of claims of this `kind` alone. Nothing of the captures `without`
    is looked at."""
    return beside_each_other(corroborated(items, readings, judgements, without), kind)


def beside_each_other(found: Sequence[Sourcing], kind: str | None = None) -> tuple[Compared, ...]:
    return of_kind(compare(found), kind)


def telling(found: Iterable[Compared]) -> tuple[Compared, ...]:
    """Those in which anything but agreement was found."""
    return tuple(one for one in found if any(pair.relation != "agrees" for pair in one.comparisons))


def captures_in(found: Iterable[Compared]) -> frozenset[str]:
    """The items of which something is shown where these are shown."""
    return frozenset(capture_of(key) for one in found for position in one.positions for key in position.articles)


def comparisons_json(found: Iterable[Compared]) -> dict[str, Json]:
    return {"format": FORMAT, "label": LABEL, "groups": [group_json(one) for one in found]}


def group_json(one: Compared) -> dict[str, Json]:
    topic = one.topic
    return {
        "id": one.id,
        "topic": topic.id,
        "what": topic.what,
        "counted": topic.counted,
        "stance": topic.stance,
        "place": topic.place,
        "first": topic.first,
        "last": topic.last,
        "own": one.own,
        "positions": [_position_json(position) for position in one.positions],
        "pairs": one.pairs,
        "compared": len(one.comparisons),
        "counts": dict(one.counts.items()),
        "comparisons": [to_json(pair) for pair in one.comparisons],
        "series": [to_json(line) for line in series(one)],
    }


def _position_json(one: Position) -> dict[str, Json]:
    interval = one.interval
    return {
        "topic": one.topic,
        "source": one.source,
        "named": one.named,
        "outlets": list(one.outlets),
        "stance": one.stance,
        "modality": one.modality,
        "words": one.words,
        "stated": one.stated,
        "qualifier": one.qualifier,
        "interval": None if interval is None else {"minimum": interval.minimum, "maximum": interval.maximum},
        "note": one.note or None,
        "population": one.population,
        "nation": one.nation,
        "own": one.own,
        "part": one.part,
        "since": one.since,
        "verified": one.verified,
        "joint": one.joint,
        "whole": one.whole,
        "replaced": list(one.replaced),
        "first": one.days[0] if one.days else None,
        "last": one.days[1] if one.days else None,
        "presumed": list(one.presumed),
        "claims": list(one.claims),
        "captures": sorted({capture_of(key) for key in one.articles}),
    }
