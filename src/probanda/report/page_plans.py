"""The sections with drawings, map and timeline, and beside each the table that holds everything the drawing shows.

Guarantees: nobody needs the drawing: the table has each point and each mark, and what could not be drawn is listed with
the reason. The caption says what the lines are, where they are from, and how the map is projected.
"""

from __future__ import annotations

from probanda.report import map as maps
from probanda.report import timeline
from probanda.report.chapters import Absent, MapPoint, TimelineMark
from probanda.report.contents import CaseFile
from probanda.report.markup import Child, Html, bdi, el, join, link
from probanda.report.page_content import coordinates
from probanda.report.page_parts import Pen, Row, flow, line, listed

_REASONS = ("no_place", "not_located", "undecided", "actor", "metonym")


def map_section(casefile: CaseFile, pen: Pen) -> Html:
    found = casefile.map
    if found is None or not (found.points or found.absent):
        return pen.note("map.nothing")
    parts: list[Child] = []
    if found.points:
        drawn = maps.draw(found.points, pen.tongue)
        parts.append(pen.note("map.intro"))
        parts += [_frame(one, len(drawn), pen) for one in drawn]
        parts.append(el("p", *(_legend(kind, pen) for kind in ("incident", "proposal", "place")), class_="legend"))
        parts.append(pen.note("map.source"))
        letters = {number: one.letter for one in drawn for number in one.shown}
        rows = [_point(point, letters.get(point.number, ""), len(drawn) > 1, pen) for point in found.points]
        headings = ("th.sign", "th.name", "th.coordinates", "th.said_there")
        parts.append(pen.table(pen.say("map.table"), headings, rows, "points"))
    else:
        parts.append(pen.note("map.no_points"))
    parts.append(_absent(found.absent, pen))
    return join(*parts)


def _frame(one: maps.Drawn, count: int, pen: Pen) -> Html:
    degrees = f"{abs(round(one.latitude))}° {'N' if one.latitude >= 0 else 'S'}"
    letter = join(el("b", pen.say("map.letter", letter=one.letter)), " ") if count > 1 else None
    caption = el("figcaption", letter, pen.say(f"map.projection.{one.projection}", latitude=degrees))
    return el("figure", one.svg, caption, class_="drawing")


def _legend(kind: str, pen: Pen) -> Html:
    return el("span", maps.sign(kind), " ", pen.say(f"map.legend.{kind}"), class_="sign-of")


def _point(point: MapPoint, letter: str, several: bool, pen: Pen) -> Row:
    head = join(
        line(point.number),
        el("span", pen.tongue.name("point", point.kind), class_="mark"),
        el("span", pen.say("map.letter", letter=letter), class_="mark") if several else None,
    )
    at = coordinates(point.latitude, point.longitude, point.radius_m, None, pen)
    said = pen.lines(point.lines) if point.lines else el("span", pen.say("map.only_named"), class_="none")
    return Row(f"map-{point.number}", head, (pen.own(point.name), at, said))


def _absent(given: tuple[Absent, ...], pen: Pen) -> Html | None:
    if not given:
        return None
    groups = []
    for reason in _REASONS:
        named = [join(line(one.number), " ", bdi(flow(one.name)) if one.name else None) for one in given
                 if one.reason == reason]  # fmt: skip
        if named:
            groups.append(el("li", el("b", pen.say(f"map.absent.{reason}")), " ", listed(named, "; "), "."))
    return join(el("h3", pen.say("map.not_on_it")), el("ul", *groups, class_="absent"))


def timeline_section(casefile: CaseFile, pen: Pen) -> Html:
    found = casefile.timeline
    if found is None or not (found.marks or found.undated):
        return pen.note("timeline.nothing")
    parts: list[Child] = []
    if found.marks:
        parts.append(pen.note("timeline.intro"))
        for panel in timeline.draw(found.marks, pen.tongue):
            days = {"first": pen.day(panel.first.isoformat()), "last": pen.day(panel.last.isoformat())}
            more = join(" ", pen.tongue.count("timeline.more", panel.left_out)) if panel.left_out else None
            caption = el("figcaption", pen.say(f"timeline.scale.{panel.scale}", **days), more)
            parts.append(el("figure", panel.svg, caption, class_="drawing times"))
        dated = [mark for mark in found.marks if mark.track != "published"]
        if dated:
            headings = ("th.line", "th.date", "th.kind", "th.words")
            ordered = sorted(dated, key=lambda mark: mark.earliest or mark.latest or "")
            parts.append(pen.table(pen.say("timeline.table"), headings, [_mark(one, pen) for one in ordered], "times"))
    if found.undated:
        lines = pen.lines(found.undated)
        parts.append(pen.num(pen.tongue.count("timeline.undated", len(found.undated)), " ", lines, "."))
    return join(*parts)


def _mark(mark: TimelineMark, pen: Pen) -> Row:
    kind = join(pen.tongue.name("track", mark.track))
    if mark.modality:
        kind = join(pen.tongue.name("heading", mark.modality))
    words = bdi(flow(mark.words))
    if mark.track not in ("incident", "proposal"):
        words = el("q", words)
    return Row(f"time-{mark.number}", link(f"line-{mark.number}", mark.number),
               (join(timeline.dates(mark, pen.tongue)), kind, words))  # fmt: skip
