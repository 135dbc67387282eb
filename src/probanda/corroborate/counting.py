"""From joined tellings to what is shown: origins with their roots, and the counts.

Guarantees: the counts are counted from the groups that stand beside them; a group of which no root is known never
counts as an origin, and says why it is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from probanda.corroborate.clusters import Clusters
from probanda.corroborate.found import Evidence, FigureCount, Named, Origin, Sourcing, Verdict
from probanda.corroborate.identity import Identity
from probanda.corroborate.telling import Figure, Telling
from probanda.corroborate.topics import Topic


@dataclass(frozen=True, slots=True)
class Joined:
    """A topic with its tellings joined; evidence and notes by the number of a telling."""

    topic: Topic
    tellings: Sequence[Telling]
    identities: Sequence[Identity]
    relayed: Mapping[int, frozenset[str]]
    clusters: Clusters
    evidence: Sequence[tuple[int, Evidence]]
    notes: Mapping[int, Iterable[str]]
    verdicts: Sequence[Verdict]


def sourcing(joined: Joined) -> Sourcing:
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(joined.tellings)):
        members[joined.clusters.head(number)].append(number)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for number, one in joined.evidence:
        evidence[joined.clusters.head(number)].append(one)
    groups = [_origin(joined, numbers, evidence[head]) for head, numbers in members.items()]
    groups.sort(key=lambda one: (not one.known, -len(one.articles), one.claims))
    known = sum(one.known for one in groups)
    return Sourcing(
        topic=joined.topic,
        articles=len({one.article for one in joined.tellings}),
        outlets=_outlets(joined.tellings),
        without_outlet=len({one.article for one in joined.tellings if one.outlet is None}),
        origins=max(known, 1),
        known=known > 0,
        groups=tuple(groups),
        figures=_figures(joined),
        judged=tuple(sorted({one.judgement for one in joined.verdicts})),
    )


def _outlets(tellings: Iterable[Telling]) -> int:
    return len({one.outlet for one in tellings if one.outlet is not None})


def _origin(joined: Joined, numbers: Sequence[int], evidence: Sequence[Evidence]) -> Origin:
    tellings = [joined.tellings[number] for number in numbers]
    known = joined.clusters.known(numbers[0])
    rooted = [joined.tellings[n] for n in numbers if joined.identities[n].keys]
    relayed = frozenset(key for number in numbers for key in joined.relayed[number])
    farthest = [joined.tellings[n] for n in numbers if joined.identities[n].keys
                and relayed.isdisjoint(joined.identities[n].keys)]  # fmt: skip
    root = next(iter(farthest or rooted), None)
    named: dict[str, Named] = {}
    chains: dict[tuple[str, ...], tuple[Named, ...]] = {}
    for one in tellings:
        if one.root_at is not None:
            named.setdefault(one.article, one.root_at)
        if len(one.chain) > 1:
            chains.setdefault(tuple(link.words for link in one.chain), one.chain)
    notes = dict.fromkeys(note for number in numbers for note in joined.notes.get(number, ()))
    if not known:
        notes.update(dict.fromkeys(joined.identities[n].why for n in numbers if joined.identities[n].why))
    return Origin(
        known=known,
        kind=root.root.kind if root is not None and root.root is not None else "unknown",
        root=root.root_at.words if root is not None and root.root_at is not None else None,
        named=tuple(named.values()),
        articles=tuple(dict.fromkeys(one.article for one in tellings)),
        outlets=tuple(dict.fromkeys(one.saying.article.outlet for one in tellings if one.saying.article.outlet)),
        claims=tuple(dict.fromkeys(one.claim for one in tellings)),
        figures=tuple(
            dict.fromkeys(
                one.saying.claim.quantity.passage.text for one in tellings if one.saying.claim.quantity is not None
            )
        ),
        chains=tuple(chains.values()),
        evidence=tuple(evidence),
        notes=tuple(notes),
    )


def _figures(joined: Joined) -> tuple[FigureCount, ...]:
    by_figure: dict[Figure, list[int]] = defaultdict(list)
    for number, one in enumerate(joined.tellings):
        if one.figure is not None:
            by_figure[one.figure].append(number)
    counts = []
    for (stated, qualifier), numbers in by_figure.items():
        tellings = [joined.tellings[number] for number in numbers]
        heads = {joined.clusters.head(number) for number in numbers if joined.clusters.known(number)}
        counts.append(
            FigureCount(
                stated=stated,
                qualifier=qualifier,
                claims=tuple(dict.fromkeys(one.claim for one in tellings)),
                articles=len({one.article for one in tellings}),
                outlets=_outlets(tellings),
                origins=max(len(heads), 1),
                known=bool(heads),
            )
        )
    return tuple(sorted(counts, key=lambda one: (-one.articles, str(one.stated), one.qualifier)))
