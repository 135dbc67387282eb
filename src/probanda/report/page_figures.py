"""The section on figures: by source over time, those that differ side by side.

Guarantees: a figure never stands without its owner, its bounds and the source's own words; what is forecast, feared or
alleged stands in a table of its own; no figure is drawn that no source stated.
"""

from __future__ import annotations

from probanda.report.contents import CaseFile, Figure, FigureGroup
from probanda.report.markup import Child, Html, bdi, el, join
from probanda.report.page_parts import Pen, flow, line, listed, small

_BESIDE = 4  # figures beside each other in one table of differing figures; arbitrary, fits a printed page
_HEADINGS = ("th.line", "th.date", "th.figure", "th.whose_figure", "th.manner", "th.passage")


def figures(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.figures:
        return pen.note("figures.none")
    return join(
        pen.note("figures.intro"),
        pen.note("figures.differences"),
        *(_group(group, pen) for group in casefile.figures),
    )


def group_name(effect: str | None, unit: str | None, pen: Pen) -> Html:
    name = pen.tongue.name("effect", effect) if effect else pen.tongue.text("effect.none")
    return join(f"{name[:1].upper()}{name[1:]}: ", bdi(unit) if unit else pen.say("figures.no_unit"))


def _group(group: FigureGroup, pen: Pen) -> Html:
    return el(
        "div", el("h3", group_name(group.effect, group.unit, pen)),
        _table("figures.said", group.said, "figures", pen), _differing(group.said, pen),
        _table("figures.apart", group.apart, "figures apart", pen), _differing(group.apart, pen),
        class_="group",
    )  # fmt: skip


def _table(caption: str, lines: tuple[Figure, ...], class_: str, pen: Pen) -> Html | None:
    if not lines:
        return None
    rows = [
        pen.row(one.number, pen.standing(one.standing), pen.when(one.date, one.ref.text), _figure(one, pen),
                join(pen.owner(one.owner, one.ref.text), el("br"), small(pen.items(one.items))), _manner(one, pen),
                pen.quote(one.ref))
        for one in lines
    ]  # fmt: skip
    return pen.table(pen.say(caption), _HEADINGS, rows, class_)


def _figure(one: Figure, pen: Pen) -> Html:
    interval = el("span", pen.interval(one.minimum, one.maximum), class_="interval")
    parts: list[Child] = [
        _stated(one, pen),
        el("br"),
        small(pen.bounds(one.minimum, one.maximum, one.qualifier), " ", interval),
    ]
    for key, exclusive in (("figures.excludes", True), ("figures.differs", False)):
        others = [line(other.figure) for other in one.differs if other.exclusive is exclusive]
        if others:
            parts += [el("br"), el("span", "≠ ", pen.say(key), " ", listed(others), class_="mark differ")]
    return join(*parts)


def _stated(one: Figure, pen: Pen) -> Html:
    words = el("bdi", flow(one.words), lang=pen.lang(one.ref.text))
    return join(el("span", words, class_="fig"), join(" ", pen.own(one.unit, of=one.ref.text)) if one.unit else None)


def _manner(one: Figure, pen: Pen) -> Html:
    said = pen.tongue.text("modality.negated") if one.negated else pen.tongue.name("modality", one.modality)
    parts: list[Child] = [said]
    if one.where:
        parts.append(pen.say("line.place", place=pen.own(one.where, of=one.ref.text)))
    if one.since:
        named = join(" (", el("q", flow(one.since.words)), ")") if one.since.words else ""
        parts.append(join(pen.say("figures.since", day=pen.written_date(one.since)), named))
    if one.part_of:
        parts.append(pen.say("figures.part_of", other=_other(one.part_of)))
    if one.replaces:
        parts.append(pen.say("figures.replaces", other=_other(one.replaces)))
    parts.append(pen.verification(one.verification))
    return join(*(el("div", part) for part in parts if part))


def _other(number_or_words: str) -> Html:
    known = number_or_words[:1] == "F" and number_or_words[1:].isdigit()
    return line(number_or_words) if known else el("q", flow(number_or_words))


def _differing(lines: tuple[Figure, ...], pen: Pen) -> Html | None:
    """Each set of figures that differ, side by side, one column for each."""
    tables = [
        _beside(cluster[n : n + _BESIDE], pen) for cluster in clusters(lines) for n in range(0, len(cluster), _BESIDE)
    ]
    return join(*tables) if tables else None


def clusters(lines: tuple[Figure, ...]) -> list[list[Figure]]:
    """Figures joined by differences, each set in the order of the table."""
    by_number = {one.number: one for one in lines}
    seen: set[str] = set()
    out: list[list[Figure]] = []
    for one in lines:
        if one.number in seen or not one.differs:
            continue
        reached, todo = {one.number}, [one.number]
        while todo:
            for other in by_number[todo.pop()].differs:
                if other.figure not in reached and other.figure in by_number:
                    reached.add(other.figure)
                    todo.append(other.figure)
        seen |= reached
        out.append([figure for figure in lines if figure.number in reached])
    return out


def _beside(side: list[Figure], pen: Pen) -> Html:
    def across(key: str, cells: list[Html]) -> Html:
        numbered = (el("td", cell, data_label=one.number) for cell, one in zip(cells, side, strict=True))
        return el("tr", el("th", pen.say(key), scope="row"), *numbered)

    head = el("tr", el("td", ""), *(el("th", line(one.number), scope="col") for one in side))
    rows = [
        across("beside.figure", [_stated(one, pen) for one in side]),
        across("beside.allows", [join(pen.bounds(one.minimum, one.maximum, one.qualifier)) for one in side]),
        across("beside.whose", [pen.owner(one.owner, one.ref.text) for one in side]),
        across("beside.date", [pen.written_date(one.date) for one in side]),
        across(
            "beside.checked", [pen.verification(one.verification) or pen.own(None, "beside.unchecked") for one in side]
        ),
        across("beside.source", [join(pen.items(one.items), "; ", pen.at(one.ref)) for one in side]),
    ]
    caption = el("caption", pen.say("beside.caption"))
    return el("table", caption, el("thead", head), el("tbody", *rows), class_="beside")
