"""Incidents and proposals as lines: what persons put together, and what a machine would.

Guarantees: an incident's figures stay one by one, each with its owner and bounds, in the order of the case file; none
is added to another. Incidents are in the order of their times, then of their ids; the same snapshot gives the same
numbers. A relation is shown at both incidents, in words from each side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from probanda.records.incident import Incident, Proposal, Relation, Where
from probanda.report.basis import Moment
from probanda.report.chapters import (
    IncidentFigures,
    IncidentLine,
    OwnedRange,
    ProposalLine,
    RelationLine,
    Spot,
)
from probanda.report.contents import Figure, FigureGroup
from probanda.report.disclosure import Disclosed, person_named
from probanda.report.figures import SAID, moment

Shown = Mapping[str, tuple[str, ...]]  # record id: numbers of the lines that show it


def incident_lines(
    disclosed: Disclosed, shown: Shown, groups: tuple[FigureGroup, ...], items: Mapping[str, int]
) -> tuple[IncidentLine, ...]:
    given = disclosed.snapshot
    ordered = sorted(given.incidents, key=lambda one: (*_order(one), one.id))
    numbers = {one.id: f"I{n}" for n, one in enumerate(ordered, start=1)}
    return tuple(_incident(one, numbers, disclosed, shown, groups, items) for one in ordered)


def proposal_lines(
    disclosed: Disclosed, shown: Shown, groups: tuple[FigureGroup, ...], items: Mapping[str, int]
) -> tuple[ProposalLine, ...]:
    """By score, the highest first."""
    ordered = sorted(disclosed.snapshot.proposals, key=lambda one: (-one.score, one.id))
    out = []
    for number, one in enumerate(ordered, start=1):
        lines, held, elsewhere = _members(one.members, shown, items)
        out.append(
            ProposalLine(
                f"M{number}", one.id, one.type, _spot(one.where), moment(one.when), lines, held, elsewhere,
                _figures(lines, groups), one.reasons, one.score,
            )
        )  # fmt: skip
    return tuple(out)


def _incident(
    one: Incident,
    numbers: Mapping[str, str],
    disclosed: Disclosed,
    shown: Shown,
    groups: tuple[FigureGroup, ...],
    items: Mapping[str, int],
) -> IncidentLine:
    lines, held, elsewhere = _members(one.members, shown, items)
    return IncidentLine(
        number=numbers[one.id],
        id=one.id,
        title=one.title,
        type=one.type,
        where=_spot(one.where),
        when=moment(one.when),
        lines=lines,
        items=held,
        elsewhere=elsewhere,
        figures=_figures(lines, groups),
        relations=_relations(one.id, numbers, disclosed),
        reason=one.reason if disclosed.opinions else None,
        by=person_named(one.by, disclosed.snapshot.agents, disclosed.opinions),
        at=one.at,
        marking=one.protection.marking,
        proposal=one.proposal,
        supersedes=one.supersedes,
        origin=one.origin if disclosed.opinions else None,
    )


def _relations(incident: str, numbers: Mapping[str, str], disclosed: Disclosed) -> tuple[RelationLine, ...]:
    out = []
    for one in sorted(disclosed.snapshot.relations, key=lambda one: (one.at, one.id)):
        other = _other_end(one, incident)
        if other is None or other[1] not in numbers:
            continue
        side, identity = other
        by = person_named(one.by, disclosed.snapshot.agents, disclosed.opinions)
        reason = one.reason if disclosed.opinions else None
        out.append(RelationLine(one.kind, side, numbers[identity], reason, by, one.at))
    return tuple(out)


def _other_end(one: Relation, incident: str) -> tuple[Literal["subject", "object"], str] | None:
    if one.subject == incident:
        return ("subject", one.object)
    return ("object", one.subject) if one.object == incident else None


def _members(
    members: Iterable[str], shown: Shown, items: Mapping[str, int]
) -> tuple[tuple[str, ...], tuple[int, ...], int]:
    """Numbers of lines and of items, and how many members have neither here."""
    lines: dict[str, None] = {}
    held: dict[int, None] = {}
    elsewhere = 0
    for member in members:
        if member in shown:
            lines.update(dict.fromkeys(shown[member]))
        elif member in items:
            held[items[member]] = None
        else:
            elsewhere += 1
    return tuple(sorted(lines, key=line_order)), tuple(sorted(held)), elsewhere


def line_order(number: str) -> tuple[str, int]:
    """ "E2" before "E10"."""
    return number[:1], int(number[1:]) if number[1:].isdigit() else 0


def _figures(lines: tuple[str, ...], groups: tuple[FigureGroup, ...]) -> tuple[IncidentFigures, ...]:
    inside = set(lines)
    out = []
    for group in groups:
        ranges = tuple(_range(one, inside) for one in (*group.said, *group.apart) if one.number in inside)
        if ranges:
            out.append(IncidentFigures(group.effect, group.unit, ranges))
    return tuple(out)


def _range(one: Figure, inside: set[str]) -> OwnedRange:
    beside = [other for other in one.differs if other.figure in inside]
    return OwnedRange(
        one.number, one.owner, one.words, one.unit, one.minimum, one.maximum,
        one.modality in SAID and not one.negated,
        tuple(other.figure for other in beside if not other.exclusive),
        tuple(other.figure for other in beside if other.exclusive),
    )  # fmt: skip


def _spot(where: Where | None) -> Spot | None:
    if where is None:
        return None
    return Spot(
        where.name, where.latitude, where.longitude, where.radius_m, where.gazetteer_id, where.country, where.basis
    )


def _order(one: Incident | Proposal) -> tuple[bool, str]:
    found: Moment | None = moment(one.when)
    first = (found.earliest or found.latest) if found else None
    return first is None, first or ""
