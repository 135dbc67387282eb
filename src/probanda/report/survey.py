"""The whole at a glance: what is held, who the sources are, and what is missing.

Guarantees: each count is of lines or items of this case file, so that nothing withheld is counted; a gap names the
lines or items that it is about. A source is who published or handed over an item; it is not the owner of what its
texts pass on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from probanda.report.chapters import Gap, IncidentLine, MapContent, Overview, ProposalLine, SourceLine, Tally
from probanda.report.contents import (
    Figure,
    FigureGroup,
    LabelLine,
    Occurrence,
    OccurrenceGroup,
    Owner,
    PlaceLine,
    SpeakerGroup,
    Statement,
    Text,
)
from probanda.report.dating import day
from probanda.report.holdings import FailureLine, ItemLine, JudgementLine

_DOUBTED = ("not_verified", "not_independently_verified", "disputed", "being_verified")


def figures_of(groups: Iterable[FigureGroup]) -> list[Figure]:
    return [one for group in groups for one in (*group.said, *group.apart)]


def occurrences_of(happened: Iterable[Occurrence], apart: Iterable[OccurrenceGroup]) -> list[Occurrence]:
    return [*happened, *(line for group in apart for line in group.lines)]


def overview(
    *,
    items: Sequence[ItemLine],
    texts: Sequence[Text],
    sources: Sequence[SourceLine],
    figures: Sequence[FigureGroup],
    statements: Sequence[SpeakerGroup],
    happened: Sequence[Occurrence],
    apart: Sequence[OccurrenceGroup],
    incidents: Sequence[IncidentLine],
    proposals: Sequence[ProposalLine],
    judgements: Sequence[JudgementLine],
    labels: Sequence[LabelLine],
    places: Sequence[PlaceLine],
    mapped: MapContent,
    failures: Sequence[FailureLine],
) -> Overview:
    times = [bound for line in happened if line.when for bound in (line.when.earliest, line.when.latest)]
    days = sorted(found for found in map(day, times) if found)
    counted = figures_of(figures)
    return Overview(
        items=len(items),
        media_types=_tallies(item.media_type for item in items),
        languages=_tallies(text.language for text in texts),
        texts=len(texts),
        sources=sum(one.name is not None for one in sources),
        earliest=days[0] if days else None,
        latest=days[-1] if days else None,
        happened=len(happened),
        apart=sum(len(group.lines) for group in apart),
        figures=len(counted),
        figures_owned=sum(one.owner.kind != "unknown" for one in counted),
        statements=sum(len(group.statements) for group in statements),
        speakers=sum(group.owner.kind == "speaker" for group in statements),
        incidents=len(incidents),
        proposals=len(proposals),
        judgements=len(judgements),
        labels=len(labels),
        places=len(places),
        located=sum(point.kind == "place" for point in mapped.points),
        failures=len(failures),
    )


def _tallies(names: Iterable[str | None]) -> tuple[Tally, ...]:
    """The most frequent first, then by name."""
    counted = Counter(names)
    return tuple(Tally(name, count) for name, count in sorted(counted.items(), key=lambda one: (-one[1], one[0] or "")))


def source_lines(
    items: Sequence[ItemLine],
    texts: Sequence[Text],
    figures: Sequence[FigureGroup],
    statements: Sequence[SpeakerGroup],
    occurrences: Sequence[Occurrence],
) -> tuple[SourceLine, ...]:
    """By the name under which items came, in the order of the items; last those whose source was not given."""
    by_name: dict[str | None, list[ItemLine]] = {}
    for item in items:
        by_name.setdefault(item.source, []).append(item)
    owned: list[tuple[str, Owner, Figure | Statement | Occurrence]] = [
        *(("figures", one.owner, one) for one in figures_of(figures)),
        *(("statements", group.owner, one) for group in statements for one in group.statements),
        *(("occurrences", one.owner, one) for one in occurrences),
    ]
    out = []
    ordered = sorted(by_name.items(), key=lambda one: (one[0] is None, one[1][0].number))
    for number, (name, members) in enumerate(ordered, start=1):
        own = {item.number for item in members}
        here = [(kind, owner) for kind, owner, line in owned if not own.isdisjoint(line.items)]
        counts = Counter(kind for kind, _ in here)
        speakers = {(owner.name, owner.role) for _, owner in here if owner.kind == "speaker"}
        out.append(
            SourceLine(
                number=f"Q{number}",
                name=name,
                items=tuple(sorted(own)),
                languages=tuple(sorted({text.language for text in texts if not own.isdisjoint(text.items)})),
                published=tuple(sorted({item.published for item in members if item.published})),
                undated=sum(item.published is None for item in members),
                figures=counts["figures"],
                statements=counts["statements"],
                occurrences=counts["occurrences"],
                own=sum(owner.kind == "report" for _, owner in here),
                speakers=len(speakers),
            )
        )
    return tuple(out)


def gaps(
    items: Sequence[ItemLine],
    failures: Sequence[FailureLine],
    figures: Sequence[FigureGroup],
    happened: Sequence[Occurrence],
    places: Sequence[PlaceLine],
    located: set[str],
    texts: Sequence[Text],
) -> tuple[Gap, ...]:
    """What a reader must not take for granted. `located`: numbers of lines that stand at a place with coordinates."""
    counted = figures_of(figures)
    said = [one for group in figures for one in group.said]
    bare = {text.number for text in texts if not text.anchors}

    def of(kind: str, total: Sequence[Figure | Occurrence], found: Sequence[Figure | Occurrence]) -> Gap:
        return Gap(kind, len(found), len(total), tuple(one.number for one in found))

    unread = [item for item in items if not item.texts]
    undated = [item for item in items if item.published is None]
    nameless = [item for item in items if item.source is None]
    found = [
        Gap("unread_items", len(unread), len(items), items=tuple(one.number for one in unread)),
        *(
            Gap(f"failures_{outcome}", len(rows), len(failures), tuple(one.number for one in rows))
            for outcome in ("failed", "unavailable", "not_applicable")
            if (rows := [one for one in failures if one.outcome == outcome])
        ),
        Gap("empty_texts", len(bare), len(texts), items=tuple(sorted({n for t in texts if t.number in bare
                                                                        for n in t.items}))),
        Gap("undated_items", len(undated), len(items), items=tuple(one.number for one in undated)),
        Gap("items_without_source", len(nameless), len(items), items=tuple(one.number for one in nameless)),
        of("undated_events", happened, [one for one in happened if not _dated(one)]),
        of("unlocated_events", happened, [one for one in happened if one.number not in located]),
        of("figures_without_owner", counted, [one for one in counted if one.owner.kind == "unknown"]),
        of("figures_unverified", said,
           [one for one in said if one.verification and one.verification.status in _DOUBTED]),
        of("figures_unchecked", said, [one for one in said if one.verification is None]),
        Gap("undecided_places", sum(one.candidates > 1 and one.latitude is None for one in places), len(places),
            tuple(one.number for one in places if one.candidates > 1 and one.latitude is None)),
    ]  # fmt: skip
    return tuple(one for one in found if one.count)


def _dated(one: Occurrence) -> bool:
    return one.when is not None and bool(one.when.earliest or one.when.latest)
