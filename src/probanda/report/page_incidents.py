"""The section on incidents: what persons put together first, a machine's proposals apart and marked so.

Guarantees: who holds it to be one happening, and why, stands with it; its figures are a list of ranges by owner and
never a sum; how it stands to others is said in words. A proposal is never numbered, headed or drawn like an incident.
"""

from __future__ import annotations

from probanda.report.chapters import IncidentFigures, IncidentLine, OwnedRange, ProposalLine, RelationLine, Spot
from probanda.report.contents import CaseFile
from probanda.report.markup import Child, Html, bdi, el, join, link
from probanda.report.page_content import coordinates, type_name
from probanda.report.page_figures import group_name
from probanda.report.page_parts import Pen, code, flow, line, listed, small


def incidents(casefile: CaseFile, pen: Pen) -> Html:
    parts: list[Child] = [el("h3", pen.say("incidents.confirmed_heading"))]
    if casefile.incidents:
        parts.append(pen.note("incidents.intro"))
        parts += [_incident(one, pen) for one in casefile.incidents]
    else:
        parts.append(pen.note("incidents.none"))
    parts.append(el("h3", pen.say("proposals.heading")))
    if casefile.proposals:
        parts.append(pen.note("proposals.intro"))
        parts += [_proposal(one, pen) for one in casefile.proposals]
    else:
        parts.append(pen.note("proposals.none"))
    return join(*parts)


def _incident(one: IncidentLine, pen: Pen) -> Html:
    heading = el("h4", el("span", one.number, class_="ln"), " ", bdi(flow(one.title)))
    key = "incidents.confirmed" if one.proposal else "incidents.made"
    by = el("p", pen.say(key, by=pen.person(one.by), day=pen.day(one.at)), class_="mark confirmed")
    why = el("p", pen.say("incidents.reason", reason=pen.own(one.reason, "judgements.reason_withheld")))
    facts = _facts(one, pen)
    facts.append(("incidents.relations", _relations(one.relations, pen) if one.relations else None))
    facts.append(("incidents.marking", join(pen.tongue.name("marking", one.marking))))
    facts.append(("incidents.id", code(one.id)))
    body = (heading, by, why, _listing(facts, pen), _figures(one.figures, pen))
    return el("article", *body, class_="incident", id=f"line-{one.number}")


def _proposal(one: ProposalLine, pen: Pen) -> Html:
    named = type_name(one.type, pen) if one.type else pen.tongue.text("incidents.no_type")
    place = join(", ", bdi(flow(one.where.name))) if one.where and one.where.name else None
    heading = el("h4", el("span", one.number, class_="ln"), " ", named, place)
    mark = el("p", pen.say("proposals.mark"), class_="mark machine")
    facts = _facts(one, pen)
    reasons = el("ul", *(el("li", el("span", flow(reason), lang=None if pen.tongue.language == "en" else "en"))
                         for reason in one.reasons))  # fmt: skip
    facts.append(("proposals.reasons", reasons if one.reasons else None))
    facts.append(("proposals.score", pen.say("proposals.score_means", score=f"{one.score:.2f}")))
    body = (heading, mark, _listing(facts, pen), _figures(one.figures, pen))
    return el("article", *body, class_="incident proposal", id=f"line-{one.number}")


def _facts(one: IncidentLine | ProposalLine, pen: Pen) -> list[tuple[str, Html | None]]:
    members: list[Html] = [pen.lines(one.lines)] if one.lines else []
    members += [pen.items(one.items)] if one.items else []
    members += [pen.tongue.count("incidents.elsewhere", one.elsewhere)] if one.elsewhere else []
    return [
        ("incidents.type", join(type_name(one.type, pen)) if one.type else pen.own(None, "incidents.no_type")),
        ("incidents.when", pen.when(one.when)),
        ("incidents.where", _where(one.where, pen)),
        ("incidents.members", listed(members, "; ") if members else None),
    ]


def _listing(facts: list[tuple[str, Html | None]], pen: Pen) -> Html:
    return el("dl", *(join(el("dt", pen.say(key)), el("dd", value)) for key, value in facts if value is not None))


def _where(spot: Spot | None, pen: Pen) -> Html:
    if spot is None:
        return pen.own(None)
    name = pen.own(spot.name, "incidents.no_place_name")
    if spot.latitude is None or spot.longitude is None:
        return join(name, ", ", pen.say("absent.not_located"))
    at = coordinates(spot.latitude, spot.longitude, spot.radius_m, spot.country, pen)
    return join(name, ", ", at, " ", small(pen.tongue.fixed(spot.basis)))


def _relations(relations: tuple[RelationLine, ...], pen: Pen) -> Html:
    told = []
    for one in relations:
        said = pen.say(f"relation.{one.kind}.{one.side}", other=link(f"line-{one.other}", one.other))
        reason = join(": ", bdi(flow(one.reason))) if one.reason else None
        told.append(el("li", said, " (", pen.person(one.by), ", ", pen.day(one.at), ")", reason))
    return el("ul", *told)


def _figures(groups: tuple[IncidentFigures, ...], pen: Pen) -> Html | None:
    """Each figure of the incident as a range with its owner; beneath, which of them contradict each other."""
    if not groups:
        return None
    return el("div", el("p", pen.say("incidents.figures"), class_="lead"), *(_group(group, pen) for group in groups))


def _group(group: IncidentFigures, pen: Pen) -> Html:
    rows = [el("li", _range(one, pen)) for one in group.ranges]
    return el("div", el("p", el("b", group_name(group.effect, group.unit, pen))), el("ul", *rows), class_="ranges")


def _range(one: OwnedRange, pen: Pen) -> Html:
    said = join(
        el("span", bdi(flow(one.words)), class_="fig"), " ", el("span", pen.interval(one.minimum, one.maximum),
        class_="interval"), ", ", pen.owner(one.owner), ", ", line(one.figure),
    )  # fmt: skip
    notes: list[Html] = []
    if not one.said:
        notes.append(pen.say("incidents.not_said"))
    if one.excludes:
        notes.append(el("span", "≠ ", pen.say("figures.excludes"), " ", pen.lines(one.excludes), class_="mark differ"))
    if one.differs:
        notes.append(el("span", "≠ ", pen.say("figures.differs"), " ", pen.lines(one.differs), class_="mark differ"))
    return join(said, join("; ", listed(notes, "; ")) if notes else None)
