"""What has a place in time, and what has none.

Guarantees: the date of publication is no date of an event and stands on a track of its own; a time keeps its bounds,
and an open bound stays open; what is anticipated, alleged or denied is on another track than what is said to have
happened. A line without a resolved time is listed as undated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from probanda.records.edtf import EdtfError, parse_edtf
from probanda.report.basis import Moment
from probanda.report.chapters import IncidentLine, ProposalLine, TimelineContent, TimelineMark, Track
from probanda.report.contents import Occurrence, OccurrenceGroup
from probanda.report.holdings import ItemLine

_ORDER: tuple[Track, ...] = ("incident", "proposal", "happened", "apart", "published")


def timeline_content(
    incidents: Sequence[IncidentLine],
    proposals: Sequence[ProposalLine],
    happened: Sequence[Occurrence],
    apart: Sequence[OccurrenceGroup],
    items: Sequence[ItemLine],
) -> TimelineContent:
    marks: list[TimelineMark] = []
    undated: list[str] = []

    def put(number: str, track: Track, when: Moment | None, words: str, modality: str | None = None) -> None:
        low, high = (day(when.earliest), day(when.latest)) if when else (None, None)
        if when is None or (low is None and high is None):
            undated.append(number)
        else:
            marks.append(TimelineMark(number, track, low, high, when.precision, words, modality))

    for incident in incidents:
        put(incident.number, "incident", incident.when, incident.title)
    for proposal in proposals:
        put(proposal.number, "proposal", proposal.when, (proposal.where and proposal.where.name) or proposal.number)
    for line in happened:
        put(line.number, "happened", line.when, line.ref.words)
    for group in apart:
        for line in group.lines:
            put(line.number, "apart", line.when, line.ref.words, group.heading)
    marks += _published(items)
    marks.sort(key=lambda one: (_ORDER.index(one.track), one.earliest or one.latest or ""))
    return TimelineContent(tuple(marks), tuple(undated))


def day(text: str | None) -> str | None:
    """The day of an ISO date or time; `None` where it is none."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


def _published(items: Iterable[ItemLine]) -> list[TimelineMark]:
    """One mark for each item with a date of publication; its number is that of the item."""
    out = []
    for item in items:
        if item.published is None:
            continue
        try:
            found = parse_edtf(item.published)
        except EdtfError:
            continue
        if found.earliest is None and found.latest is None:
            continue
        low, high = (bound.isoformat() if bound else None for bound in (found.earliest, found.latest))
        out.append(TimelineMark(str(item.number), "published", low, high, found.precision, item.name or "", None))
    return out
