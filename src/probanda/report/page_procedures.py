"""The section on procedures and pledges.

Guarantees: a vote, referral or investigation stands here with the numbers that the source states, and nothing is
counted by us; what was promised is named a promise, and whether it was kept is not said.
"""

from __future__ import annotations

from probanda.report.chapters import ProcedureGroup, ProcedureLine
from probanda.report.contents import CaseFile, Figure, Occurrence
from probanda.report.markup import Child, Html, bdi, el, join
from probanda.report.page_content import context
from probanda.report.page_parts import Pen, Row, line, listed


def procedures(casefile: CaseFile, pen: Pen) -> Html:
    by_number = {one.number: one for one in casefile.happened}
    by_number |= {one.number: one for group in casefile.apart for one in group.lines}
    figures = {one.number: one for group in casefile.figures for one in (*group.said, *group.apart)}
    parts: list[Child] = []
    if casefile.procedures:
        parts.append(pen.note("procedures.intro"))
        parts += [_group(group, by_number, figures, pen) for group in casefile.procedures]
    else:
        parts.append(pen.note("procedures.none"))
    parts.append(el("h3", pen.say("pledges.heading")))
    if casefile.pledges:
        told = []
        for number in casefile.pledges:
            one = by_number.get(number) or figures.get(number)
            if one is not None:
                said = pen.quote(one.ref)
                told.append(el("li", line(number), ": ", said, ", ", pen.owner(one.owner, one.ref.text)))
        parts += [pen.note("pledges.intro"), el("ul", *told, class_="pledges")]
    else:
        parts.append(pen.note("pledges.none"))
    return join(*parts)


def _group(group: ProcedureGroup, lines: dict[str, Occurrence], figures: dict[str, Figure], pen: Pen) -> Html:
    heading = pen.tongue.name("procedure", group.kind)
    rows = [_row(one, lines[one.line], figures, pen) for one in group.lines if one.line in lines]
    headings = ("th.line", "th.passage", "th.who_stated", "th.time", "th.whose")
    return el("div", el("h3", heading), pen.table(heading, headings, rows, "procedures"), class_="group")


def _row(one: ProcedureLine, occurrence: Occurrence, figures: dict[str, Figure], pen: Pen) -> Row:
    of = occurrence.ref.text
    modality = None
    if occurrence.modality not in ("accomplished", "stated") or occurrence.negated:
        said = "modality.negated" if occurrence.negated else f"modality.{occurrence.modality}"
        modality = el("span", pen.say(said), class_="mark")
    return Row(
        None, join(line(one.line), " ", modality),
        (context(occurrence, pen), _stated(one, occurrence, figures, pen), pen.when(occurrence.when, of),
         pen.owner(occurrence.owner, of)),
    )  # fmt: skip


def _stated(one: ProcedureLine, occurrence: Occurrence, figures: dict[str, Figure], pen: Pen) -> Html:
    parts: list[Child] = []
    if occurrence.actor:
        parts.append(pen.say("parts.actor", words=pen.own(occurrence.actor, of=occurrence.ref.text)))
    told = [
        pen.tongue.text(f"counts.{name}", n=pen.tongue.number(value))
        for name, value in (("for", one.for_), ("against", one.against), ("abstaining", one.abstaining))
        if value is not None
    ]
    if told:
        parts.append(el("b", ", ".join(told)))
    if one.states:
        named = listed([bdi(state) for state in one.states])
        parts.append(join(pen.tongue.count("counts.states", len(one.states)), ": ", named))
    counting = [join(line(number), " ", bdi(figures[number].words)) for number in one.figures if number in figures]
    if counting:
        parts.append(pen.say("procedures.counted", figures=listed(counting)))
    return join(*(el("div", part) for part in parts)) if parts else pen.own(None, "procedures.no_numbers")
