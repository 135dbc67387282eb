"""Section 3 of the page: figures by source over time, those that differ side by side.

Guarantees: a figure never stands without its owner, its bounds and the source's own words; what is forecast, feared or
alleged stands in a table of its own; no figure is drawn that no source stated.
"""

from __future__ import annotations

from probanda.report import prose, words
from probanda.report.contents import CaseFile, Figure, FigureGroup
from probanda.report.markup import Child, Html, bdi, el, join
from probanda.report.page_parts import (
    Paragraphs,
    at,
    flow,
    items,
    line,
    own,
    owner,
    quote,
    row,
    small,
    standing,
    table,
    verification,
    when,
    written_date,
)

_BESIDE = 4  # figures beside each other in one table of differing figures; arbitrary, fits a printed page


def figures(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.figures:
        return num("No figure was found in the texts.")
    return join(
        num(prose.FIGURES),
        num(prose.DIFFERENCES),
        *(_figure_group(group) for group in casefile.figures),
    )


def _figure_group(group: FigureGroup) -> Html:
    effect = words.plain_name(group.effect, words.EFFECTS) if group.effect else "number stated"
    name = f"{effect[:1].upper()}{effect[1:]}: {group.unit or 'unit not named'}"
    said = _figure_table("Said to be so", group.said, "figures")
    apart = _figure_table(
        "Not said to be so: forecast, feared, alleged, denied or the like", group.apart, "figures apart"
    )
    return el("div", el("h3", name), said, _differing(group.said), apart, _differing(group.apart), class_="group")


_FIGURE_HEADINGS = ("Line", "Date", "Figure, and what it allows", "Whose figure", "How the source puts it", "Passage")


def _figure_table(caption: str, lines: tuple[Figure, ...], class_: str) -> Html | None:
    if not lines:
        return None
    rows = [
        row(
            one.number,
            standing(one.standing),
            when(one.date),
            _figure(one),
            join(owner(one.owner), el("br"), small(items(one.items))),
            _manner(one),
            quote(one.ref),
        )
        for one in lines
    ]
    return table(caption, _FIGURE_HEADINGS, rows, class_)


def _figure(one: Figure) -> Html:
    parts: list[Child] = [
        _stated(one),
        el("br"),
        small(words.bounds(one), " ", el("span", words.interval(one.minimum, one.maximum), class_="interval")),
    ]
    for mark, exclusive in (("cannot both hold with ", True), ("differs from ", False)):
        others = [line(other.figure) for other in one.differs if other.exclusive is exclusive]
        if others:
            listed = join(*(join(", " if n else "", other) for n, other in enumerate(others)))
            parts += [el("br"), el("span", "≠ ", mark, listed, class_="mark differ")]
    return join(*parts)


def _stated(one: Figure) -> Html:
    return join(el("span", bdi(flow(one.words)), class_="fig"), join(" ", bdi(flow(one.unit))) if one.unit else None)


def _manner(one: Figure) -> Html:
    parts: list[Child] = ["said not to be so" if one.negated else words.plain_name(one.modality, words.MODALITIES)]
    if one.where:
        parts.append(join("place: ", own(one.where)))
    if one.since:
        named = join(" (", el("q", flow(one.since.words)), ")") if one.since.words else None
        parts.append(join("counted since: ", written_date(one.since), named))
    if one.part_of:
        parts.append(join("part of ", _other(one.part_of)))
    if one.replaces:
        parts.append(join("replaces ", _other(one.replaces), ", by the source’s own correction"))
    parts.append(verification(one.verification))
    return join(*(el("div", part) for part in parts if part))


def _other(number_or_words: str) -> Html:
    known = number_or_words[:1] == "F" and number_or_words[1:].isdigit()
    return line(number_or_words) if known else el("q", flow(number_or_words))


def _differing(lines: tuple[Figure, ...]) -> Html | None:
    """Each set of figures that differ, side by side, one column for each."""
    tables = [_beside(cluster[n : n + _BESIDE]) for cluster in clusters(lines) for n in range(0, len(cluster), _BESIDE)]
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


def _beside(figures_: list[Figure]) -> Html:
    def across(heading: str, cells: list[Html]) -> Html:
        return el("tr", el("th", heading, scope="row"), *(el("td", cell) for cell in cells))

    head = el("tr", el("td", ""), *(el("th", line(one.number), scope="col") for one in figures_))
    rows = [
        across(
            "Figure", [join(el("span", bdi(flow(one.words)), class_="fig"), " ", own(one.unit, "")) for one in figures_]
        ),
        across("Allows", [join(words.bounds(one)) for one in figures_]),
        across("Whose", [owner(one.owner) for one in figures_]),
        across("Date", [written_date(one.date) for one in figures_]),
        across(
            "Checked", [verification(one.verification) or own(None, "nothing said of checking") for one in figures_]
        ),
        across("Source", [join(items(one.items), "; ", at(one.ref)) for one in figures_]),
    ]
    return el("table", el("caption", prose.BESIDE), el("thead", head), el("tbody", *rows), class_="beside")
