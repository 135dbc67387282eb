"""The timeline of a case file: exact days as points, other times as bars, each kind on a track of its own.

Guarantees: a time is drawn as wide as it is known; an open bound fades out in dots and is never closed by us; dates of
publication stand apart from dates of events; what is alleged, feared, forecast or denied has its own track and its own
sign, and never stands among what is said to have happened. Dates far from each other get panels of their own, each with
its scale (days, weeks, months or years). Pure: the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from probanda.report.chapters import TimelineMark, Track
from probanda.report.drawing import FONT, INK, PAPER, RULE, SOFT, number, shape, title, width_of, words
from probanda.report.markup import Html
from probanda.report.tongue import Tongue

TRACKS: Final[tuple[Track, ...]] = ("incident", "proposal", "happened", "apart", "published")
WIDTH: Final = 720.0
_LEFT, _RIGHT, _LANE, _HEAD = 128.0, 40.0, 17.0, 30.0
_MOST_PANELS = 12  # further dates stand in the table only
_MOST_LANES = 24  # of one track in one panel
_SIZE = 9.5


@dataclass(frozen=True, slots=True)
class Panel:
    """One stretch of time: its drawing, its scale, and the numbers of the marks that it shows."""

    svg: Html
    first: date
    last: date
    scale: str  # days, weeks, months, years
    shown: tuple[str, ...]
    left_out: int  # marks for which the drawing has no room; the table has them


@dataclass(frozen=True, slots=True)
class _Placed:
    mark: TimelineMark
    low: date
    high: date


def draw(marks: Sequence[TimelineMark], tongue: Tongue) -> tuple[Panel, ...]:
    groups = panels(marks)
    drawn = [_panel(group, tongue) for group in groups[:_MOST_PANELS]]
    further = sum(len(group) for group in groups[_MOST_PANELS:])
    if further:
        drawn[-1] = replace(drawn[-1], left_out=drawn[-1].left_out + further)
    return tuple(drawn)


def panels(marks: Sequence[TimelineMark]) -> list[list[_Placed]]:
    """Marks by stretches of time: a new one begins after a gap of more than a fifth of the whole, and 60 days."""
    placed = sorted((_Placed(mark, *_bounds(mark)) for mark in marks), key=lambda one: (one.low, one.high))
    if not placed:
        return []
    whole = (max(one.high for one in placed) - placed[0].low).days
    gap = max(60, whole // 5)
    out: list[list[_Placed]] = []
    reached = date.min
    for one in placed:
        if not out or (one.low - reached).days > gap:
            out.append([])
        out[-1].append(one)
        reached = max(reached, one.high)
    return out


def _bounds(mark: TimelineMark) -> tuple[date, date]:
    """Both ends; an open one is taken as the other."""
    low, high = mark.earliest or mark.latest, mark.latest or mark.earliest
    assert low is not None and high is not None
    return date.fromisoformat(low), max(date.fromisoformat(low), date.fromisoformat(high))


def _panel(group: Sequence[_Placed], tongue: Tongue) -> Panel:
    first, last = min(one.low for one in group), max(one.high for one in group)
    room = max(2, (last - first).days // 20)
    begin, end = _days(first, -room), _days(last, room)
    scale = _scale((end - begin).days)
    across = (WIDTH - _LEFT - _RIGHT) / max(1, (end - begin).days + 1)

    def x(day: date) -> float:
        return _LEFT + ((day - begin).days + 0.5) * across

    parts: list[Html] = []
    y = _HEAD
    shown: list[str] = []
    for track in TRACKS:
        own = [one for one in group if one.mark.track == track]
        if not own:
            continue
        lanes = _lanes(own, x)
        height = len(lanes) * _LANE + 8
        parts.append(shape("rect", x=0, y=y, width=WIDTH, height=height,
                           fill="#f7f4ec" if track in ("apart", "proposal") else PAPER))  # fmt: skip
        for n, line in enumerate(_wrapped(tongue.name("track", track), 22)):
            parts.append(words(line, 6, y + 15 + n * 11, font_size=_SIZE, fill=INK, font_weight="600"))
        for n, lane in enumerate(lanes):
            middle = y + 4 + (n + 0.5) * _LANE
            for one in lane:
                parts.append(_mark(one, x(one.low), x(one.high), middle, across, tongue))
                shown.append(one.mark.number)
        y += max(height, 11 * len(_wrapped(tongue.name("track", track), 22)) + 12)
        parts.append(shape("line", x1=0, y1=y, x2=WIDTH, y2=y, stroke=RULE, stroke_width=0.8))
    grid = list(_grid(begin, end, scale, x, y, tongue))
    name = tongue.text("timeline.panel", first=tongue.day(first.isoformat()), last=tongue.day(last.isoformat()))
    svg = shape(
        "svg", shape("rect", x=0, y=0, width=WIDTH, height=y + 1, fill=PAPER), *_behind(parts), *grid,
        *_front(parts), viewBox=f"0 0 {number(WIDTH)} {number(y + 1)}",
        width=WIDTH, height=y + 1, font_family=FONT, role="group", aria_label=name, class_="timeline",
    )  # fmt: skip
    return Panel(svg, first, last, scale, tuple(shown), len(group) - len(shown))


def _behind(parts: Sequence[Html]) -> list[Html]:
    return [part for part in parts if part.startswith("<rect")]


def _front(parts: Sequence[Html]) -> list[Html]:
    return [part for part in parts if not part.startswith("<rect")]


def _days(day: date, days: int) -> date:
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _scale(days: int) -> str:
    return "days" if days <= 21 else "weeks" if days <= 120 else "months" if days <= 1100 else "years"


def _lanes(own: Sequence[_Placed], x: Callable[[date], float]) -> list[list[_Placed]]:
    """Marks that do not run into each other share a lane."""
    lanes: list[tuple[float, list[_Placed]]] = []
    for one in own:
        left = x(one.low) - 8
        right = x(one.high) + 10 + width_of(one.mark.number, _SIZE)
        if one.mark.latest is None:
            right += 26
        for n, (taken, members) in enumerate(lanes):
            if left - (26 if one.mark.earliest is None else 0) > taken:
                members.append(one)
                lanes[n] = (right, members)
                break
        else:
            if len(lanes) < _MOST_LANES:
                lanes.append((right, [one]))
    return [members for _, members in lanes]


def _mark(one: _Placed, low: float, high: float, y: float, across: float, tongue: Tongue) -> Html:
    mark = one.mark
    shapes: list[Html] = []
    hollow = mark.track in ("apart", "proposal")
    fill, dashes = (PAPER, "3 2") if hollow else (INK if mark.track != "published" else SOFT, None)
    stroke = SOFT if mark.track == "published" else INK
    if low == high and mark.earliest and mark.latest:
        shapes.append(_point(mark.track, low, y, fill, stroke))
    else:
        left, right = low - across / 2, high + across / 2
        shapes.append(
            shape("rect", x=left, y=y - 3.5, width=max(3.0, right - left), height=7, rx=1, fill=fill,
                  fill_opacity=None if hollow else "0.35", stroke=stroke, stroke_width=1, stroke_dasharray=dashes)
        )  # fmt: skip
        if mark.earliest is None:
            shapes.append(_open(left - 22, left, y, stroke))
        if mark.latest is None:
            shapes.append(_open(right, right + 22, y, stroke))
        high = right + (22 if mark.latest is None else 0) - 2
    shapes.append(words(mark.number, high + 8, y + 3.5, font_size=_SIZE, fill=INK))
    anchor = f"item-{mark.number}" if mark.track == "published" else f"time-{mark.number}"
    return shape("a", title(f"{mark.number}: {dates(mark, tongue)}"), *shapes, href=f"#{anchor}")


def _point(track: str, x: float, y: float, fill: str, stroke: str) -> Html:
    if track in ("incident", "proposal"):
        corners = " ".join(f"{number(a)},{number(b)}" for a, b in ((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)))
        return shape("polygon", points=corners, fill=fill, stroke=stroke, stroke_width=1.2)
    if track == "published":
        return shape("rect", x=x - 1.2, y=y - 5, width=2.4, height=10, fill=fill)
    return shape("circle", cx=x, cy=y, r=3.6, fill=fill, stroke=stroke, stroke_width=1.2)


def _open(left: float, right: float, y: float, stroke: str) -> Html:
    return shape("line", x1=left, y1=y, x2=right, y2=y, stroke=stroke, stroke_width=1.6, stroke_dasharray="1 4",
                 stroke_linecap="round")  # fmt: skip


def dates(mark: TimelineMark, tongue: Tongue) -> str:
    """The time of a mark in words."""
    if mark.earliest == mark.latest:
        return tongue.day(mark.earliest or "")
    if mark.earliest is None:
        return tongue.text("date.until", last=tongue.day(mark.latest or ""))
    if mark.latest is None:
        return tongue.text("date.from", first=tongue.day(mark.earliest))
    return tongue.text("date.range", first=tongue.day(mark.earliest), last=tongue.day(mark.latest))


def _grid(
    begin: date, end: date, scale: str, x: Callable[[date], float], bottom: float, tongue: Tongue
) -> Iterator[Html]:
    """A line and a label at each tick; labels that would meet are left out."""
    free = 0.0
    for tick in _ticks(begin, end, scale):
        at = x(tick) - (x(begin + timedelta(1)) - x(begin)) / 2 if scale != "days" else x(tick)
        if not _LEFT <= at <= WIDTH - 8:
            continue
        label = _label(tick, scale, tongue, first=free == 0.0)
        yield shape("line", x1=at, y1=_HEAD - 6, x2=at, y2=bottom, stroke="#e3dfd6", stroke_width=0.8)
        wide = width_of(label, _SIZE)
        if at - wide / 2 > free and at + wide / 2 < WIDTH:
            yield words(label, at, _HEAD - 11, font_size=_SIZE, fill=SOFT, text_anchor="middle")
            free = at + wide / 2 + 4


def _ticks(begin: date, end: date, scale: str) -> Iterator[date]:
    if scale in ("days", "weeks"):
        day = begin if scale == "days" else _days(begin, -begin.weekday())
        while day < end:
            yield day
            day = _days(day, 1 if scale == "days" else 7)
        return
    years = max(1, (end.year - begin.year) // 12) if scale == "years" else 1
    for year in range(begin.year, end.year + 1):
        if scale == "months":
            yield from (date(year, month, 1) for month in range(1, 13))
        elif year % years == 0:
            yield date(year, 1, 1)


def _label(day: date, scale: str, tongue: Tongue, *, first: bool) -> str:
    if scale == "years":
        return str(day.year)
    month = tongue.short_month(day.month)
    if scale == "months":
        return f"{month} {day.year}" if first or day.month == 1 else month
    return f"{day.day} {month} {day.year}" if first else f"{day.day} {month}"


def _wrapped(text: str, longest: int) -> list[str]:
    out = [""]
    for word in text.split():
        if out[-1] and len(out[-1]) + 1 + len(word) > longest:
            out.append(word)
        else:
            out[-1] = f"{out[-1]} {word}".strip()
    return out
