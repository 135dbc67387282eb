"""The section on what sources say differently: the positions on one thing, the pairs, and what each said when.

Guarantees: both readings of a contradiction stand side by side with their bounds and lines, and none is called right;
the drawing shows what the table says and no more: a mark for each position, nothing where a source said nothing.
"""

from __future__ import annotations

from probanda.report.chapters import ComparisonLine, PairLine, PositionLine
from probanda.report.contents import CaseFile
from probanda.report.markup import Child, Html, bdi, el, join
from probanda.report.page_parts import Pen, Row, flow, listed, small, thing_told_of
from probanda.report.page_series import series_drawing


def compared(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.comparisons:
        return pen.note("compared.none")
    return join(pen.note("compared.intro"), *(_thing(one, pen) for one in casefile.comparisons))


def _thing(one: ComparisonLine, pen: Pen) -> Html:
    parts = thing_told_of(pen, one.what, one.counted, one.place, one.first, one.last)
    heading = el("h4", el("span", one.number, class_="ln"), " ", listed([join(part) for part in parts]))
    counts = ", ".join(f"{pen.tongue.name('compared.relation', name)}: {n}" for name, n in one.counts.items())
    rows = [_position(number, position, one, pen) for number, position in enumerate(one.positions, start=1)]
    headings = ("th.position", "th.figure", "th.whose_figure", "th.told_on", "th.lines")
    drawing = series_drawing(one, pen)
    more = one.all_positions - len(one.positions) + one.all_pairs - len(one.pairs)
    return el(
        "article", heading, el("p", pen.say("compared.mark"), class_="mark machine"), el("p", el("b", counts)),
        pen.table(pen.say("compared.caption"), headings, rows, "positions"), drawing,
        el("ul", *(el("li", _pair(pair, pen)) for pair in one.pairs)),
        el("p", pen.tongue.count("compared.more", more)) if more else None,
        class_="incident", id=f"line-{one.number}",
    )  # fmt: skip


def _position(number: int, one: PositionLine, thing: ComparisonLine, pen: Pen) -> Row:
    told: list[Child] = []
    if one.words:
        told.append(el("b", bdi(flow(one.words))))
    if one.numbered:
        told.append(el("span", pen.interval(one.minimum, one.maximum), class_="interval"))
    else:
        told.append(pen.say("compared.no_number"))
    if one.note:
        told.append(small(bdi(flow(one.note))))
    notes: list[Child] = []
    if one.stance != "said":
        notes.append(pen.say(f"origins.stance.{one.stance}"))
    if one.verified:
        notes.append(pen.say("compared.verified"))
    if one.since:
        notes.append(pen.say("figures.since", day=pen.day(one.since)))
    if one.population and one.population != thing.counted:
        notes.append(pen.tongue.name("origins.counted", one.population))
    days = pen.own(None) if one.first is None or one.last is None else (
        pen.day(one.first) if one.first == one.last
        else pen.say("date.range", first=pen.day(one.first), last=pen.day(one.last))
    )  # fmt: skip
    head = el("span", f"{thing.number}.{number}", class_="ln")
    cells = (
        join(*(el("div", part) for part in (*told, *notes))),
        pen.own(one.named, "compared.source_unknown"),
        days,
        pen.lines(one.lines) if one.lines else pen.own(None, "compared.no_line"),
    )
    return Row(f"line-{thing.number}-{number}", head, cells)


def _pair(one: PairLine, pen: Pen) -> Html:
    relation = el("b", pen.tongue.name("compared.relation", one.relation))
    class_ = "mark differ" if one.relation == "contradicts" else "mark"
    return join(
        f"{one.left} – {one.right}: ", el("span", relation, class_=class_), "; ",
        pen.tongue.name("compared.rule", one.rule),
    )  # fmt: skip
