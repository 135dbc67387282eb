"""The map of a case file: coast and boundary lines, the places of a case, and how far off each may lie.

Guarantees: a circle has the radius in metres that the record states, drawn point by point on the sphere, so that it is
true in any projection; what has no radius is marked so. No area is filled as a country's and none is named: a line is
no statement on any border, and lines of dispute are dashed (scripts/make_map_lines.py says which those are). Sign and
stroke tell incident, proposal and place apart, not colour alone. Labels never overlap: one that finds no room is left
out, since the table beside the map holds everything. Pure: the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from probanda.report.chapters import MapPoint
from probanda.report.drawing import (
    FONT,
    INK,
    PAPER,
    RULE,
    SOFT,
    Box,
    Point,
    clipped,
    fit,
    inside,
    meets,
    number,
    path,
    shape,
    title,
    width_of,
    words,
)
from probanda.report.frames import Frame, circle, frames, nice
from probanda.report.markup import Html
from probanda.report.tongue import Tongue

WIDTH, HEIGHT = 720.0, 460.0
_BOX: Final[Box] = (0.0, 0.0, WIDTH, HEIGHT)
_STROKES: Final[dict[str, tuple[str, str | None, float]]] = {
    "c": ("#7d8a94", None, 0.9), "b": ("#8a7f70", None, 0.9), "d": ("#8a7f70", "4 4", 0.9),
}  # fmt: skip
_RING: Final[dict[str, tuple[str, str | None]]] = {
    "incident": (INK, None), "proposal": (INK, "7 4"), "place": (SOFT, "1.5 3"),
}  # fmt: skip
_SIZE = 11.0  # of labels
_LONGEST = 26  # characters of a name in a label

Line = tuple[str, Box, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One frame of the map: its letter, the drawing, how it is projected, and the numbers of the points in it."""

    letter: str
    svg: Html
    projection: str
    latitude: float
    shown: tuple[str, ...]


def draw(points: Sequence[MapPoint], tongue: Tongue) -> tuple[Drawn, ...]:
    """A frame for each group of points that lie together; none where there is no point."""
    out = []
    for n, (frame, members) in enumerate(frames(points, WIDTH, HEIGHT)):
        letter = chr(ord("A") + n) if n < 26 else str(n + 1)
        numbers = tuple(point.number for point in members)
        name = tongue.text("map.frame", letter=letter, numbers=", ".join(numbers[:20]))
        out.append(Drawn(letter, _svg(frame, members, name, tongue), frame.projection, frame.latitude, numbers))
    return tuple(out)


def _svg(frame: Frame, points: Sequence[MapPoint], name: str, tongue: Tongue) -> Html:
    ordered = sorted(points, key=lambda one: (-(one.radius_m or 0), one.number))
    where = {point.number: frame.on(point.longitude, point.latitude) for point in points}
    parts = [
        shape("rect", x=0.5, y=0.5, width=WIDTH - 1, height=HEIGHT - 1, fill=PAPER, stroke=RULE),
        *_graticule(frame),
        *_lines(frame),
        *(ring for point in ordered for ring in _ring(point, frame)),
        *(_sign(point, where[point.number], tongue) for point in sorted(ordered, key=_rank, reverse=True)),
        *_labels(points, where),
        *_bar(frame, tongue),
    ]
    return shape(
        "svg", *parts, viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        width=WIDTH, height=HEIGHT, font_family=FONT, role="group", aria_label=name, class_="map",
    )  # fmt: skip


def sign(kind: str) -> Html:
    """The sign of a kind, alone, for the legend."""
    box = shape("rect", x=0, y=0, width=26, height=20, fill=PAPER)
    colour, dashes = _RING[kind]
    ring = shape("circle", cx=13, cy=10, r=8.5, fill="none", stroke=colour, stroke_dasharray=dashes)
    return shape(
        "svg", box, ring, *_mark(kind, (13.0, 10.0)), viewBox="0 0 26 20", width=26,
        height=20, aria_hidden="true", class_="sign",
    )  # fmt: skip


def _lines(frame: Frame) -> Iterator[Html]:
    wide, high = frame.reach()
    found: dict[str, list[list[Point]]] = {kind: [] for kind in _STROKES}
    for kind, (west, south, east, north), line in map_lines():
        if north < frame.latitude - high or south > frame.latitude + high:
            continue
        off = abs(((west + east) / 2 - frame.longitude + 180) % 360 - 180) - (east - west) / 2
        if off > wide:
            continue
        for piece in _unbroken([frame.on(x, y) for x, y in line]):
            found[kind] += clipped(piece, _BOX)
    for kind, pieces in found.items():
        colour, dashes, width = _STROKES[kind]
        if pieces:
            yield shape("path", d=path(pieces), fill="none", stroke=colour, stroke_width=width,
                        stroke_dasharray=dashes, stroke_linejoin="round", class_=f"line-{kind}")  # fmt: skip


def _unbroken(line: list[Point]) -> Iterator[list[Point]]:
    """Cut where the line leaps over the edge of the map to the other side of the earth."""
    start = 0
    for n in range(1, len(line)):
        if abs(line[n][0] - line[n - 1][0]) > WIDTH * 2:
            yield line[start:n]
            start = n
    yield line[start:]


def _graticule(frame: Frame) -> Iterator[Html]:
    """Meridians and parallels, with their degrees at the lower and the left edge."""
    wide, high = frame.reach()
    step = max(0.1, nice(high / 1.6))
    lines: list[list[Point]] = []
    texts: list[Html] = []
    first = round((frame.latitude - high) / step)
    for n in range(first, round((frame.latitude + high) / step) + 1):
        if abs(n * step) > 89:
            continue
        points = [frame.on(frame.longitude + wide * at / 24, n * step) for at in range(-24, 25)]
        lines += clipped(points, _BOX)
        y = frame.on(frame.longitude, n * step)[1]
        if 14 < y < HEIGHT - 20:
            texts.append(words(_degrees(n * step, "NS", step), 4, y - 3, font_size=9, fill=SOFT))
    across = max(step, nice(wide / 2.2))
    for n in range(round((frame.longitude - wide) / across), round((frame.longitude + wide) / across) + 1):
        low, top = max(-89.0, frame.latitude - high), min(89.0, frame.latitude + high)
        points = [frame.on(n * across, low + (top - low) * at / 24) for at in range(25)]
        lines += clipped(points, _BOX)
        x = frame.on(n * across, frame.latitude)[0]
        if 40 < x < WIDTH - 170:
            turned = (n * across + 180) % 360 - 180
            texts.append(words(_degrees(turned, "EW", across), x + 3, HEIGHT - 5, font_size=9, fill=SOFT))
    yield shape("path", d=path(lines), fill="none", stroke="#e9e5dc", stroke_width=0.8)
    yield from texts


def _degrees(value: float, signs: str, step: float) -> str:
    digits = 0 if step >= 1 else 1
    return f"{abs(value):.{digits}f}° {signs[0] if value >= 0 else signs[1]}"


def _ring(point: MapPoint, frame: Frame) -> Iterator[Html]:
    """The circle within which the place may lie, where it is larger than the sign."""
    if point.radius_m is None or point.radius_m * frame.scale < 5:
        return
    colour, dashes = _RING[point.kind]
    drawn = [frame.on(x, y) for x, y in circle(point.longitude, point.latitude, point.radius_m)]
    area = inside(drawn[:-1], _BOX)
    if area:
        corners = " ".join(f"{number(x)},{number(y)}" for x, y in area)
        yield shape("polygon", points=corners, fill=colour, fill_opacity="0.05")
    pieces = clipped(drawn, _BOX)
    if pieces:
        yield shape("path", d=path(pieces), fill="none", stroke=colour, stroke_width=1.1, stroke_dasharray=dashes,
                    class_="radius")  # fmt: skip


def _sign(point: MapPoint, at: Point, tongue: Tongue) -> Html:
    """A link to the line of the point; its title says what it is and how far off it may be."""
    radius = tongue.text("map.radius_unknown") if point.radius_m is None else tongue.text(
        "map.radius", km=kilometres(point.radius_m))  # fmt: skip
    about = tongue.text("map.sign", number=point.number, kind=tongue.name("point", point.kind),
                        name=fit(point.name or "", 80), radius=radius)  # fmt: skip
    hint = () if point.radius_m is not None else (words("?", at[0] - 12, at[1] + 4, font_size=10, fill=INK),)
    return shape("a", title(about), *_mark(point.kind, at), *hint, href=f"#map-{point.number}")


def kilometres(metres: int) -> str:
    return f"{metres / 1000:.3g}" if metres < 999_500 else f"{metres / 1000:.0f}"


def _mark(kind: str, at: Point) -> tuple[Html, ...]:
    x, y = at
    if kind == "place":
        return (shape("circle", cx=x, cy=y, r=3.2, fill=SOFT, stroke=PAPER, stroke_width=1),)
    corners = " ".join(f"{number(a)},{number(b)}" for a, b in ((x, y - 6.5), (x + 6.5, y), (x, y + 6.5), (x - 6.5, y)))
    if kind == "incident":
        return (shape("polygon", points=corners, fill=INK, stroke=PAPER, stroke_width=1.2),)
    return (shape("polygon", points=corners, fill=PAPER, stroke=INK, stroke_width=1.4, stroke_dasharray="2.5 1.8"),)


def _rank(point: MapPoint) -> int:
    return ("incident", "proposal", "place").index(point.kind)


def _labels(points: Sequence[MapPoint], where: dict[str, Point]) -> Iterator[Html]:
    """Number and name, else the number, beside each sign where there is room; incidents first."""
    taken: list[Box] = [(x - 7, y - 7, x + 7, y + 7) for x, y in where.values()]
    taken.append((WIDTH - 170, HEIGHT - 34, WIDTH, HEIGHT))  # the scale bar
    for point in sorted(points, key=lambda one: (_rank(one), one.radius_m or 0, one.number)):
        full = f"{point.number} {fit(point.name, _LONGEST)}" if point.name else point.number
        x, y = where[point.number]
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            continue
        found = next((place for text in dict.fromkeys((full, point.number)) for place in _places(text, x, y)
                      if _free(place[0], taken)), None)  # fmt: skip
        if found is None:
            continue
        box, left, base, text = found
        taken.append(box)
        weight = "600" if point.kind == "incident" else None
        yield words(text, left, base, font_size=_SIZE, fill=INK, font_weight=weight, stroke=PAPER, stroke_width=3,
                    paint_order="stroke", stroke_linejoin="round", aria_hidden="true")  # fmt: skip


def _places(text: str, x: float, y: float) -> Iterator[tuple[Box, float, float, str]]:
    """Where a label may stand: right, left, above, below, and the corners."""
    width = width_of(text, _SIZE)
    for left, base in ((x + 10, y + 4), (x - 10 - width, y + 4), (x - width / 2, y - 11), (x - width / 2, y + 20),
                       (x + 8, y - 8), (x + 8, y + 16), (x - 8 - width, y - 8), (x - 8 - width, y + 16)):  # fmt: skip
        yield (left - 1, base - _SIZE, left + width + 1, base + 3), left, base, text


def _free(box: Box, taken: Sequence[Box]) -> bool:
    within = box[0] >= 2 and box[1] >= 2 and box[2] <= WIDTH - 2 and box[3] <= HEIGHT - 2
    return within and not any(meets(box, other) for other in taken)


def _bar(frame: Frame, tongue: Tongue) -> Iterator[Html]:
    length_m = nice(150 / frame.scale)
    length = length_m * frame.scale
    left, y = WIDTH - 12 - length, HEIGHT - 12
    yield shape("rect", x=left - 8, y=y - 20, width=length + 16, height=28, fill=PAPER, fill_opacity="0.85")
    yield shape("path", d=f"M{number(left)} {number(y - 4)}V{number(y)}H{number(left + length)}V{number(y - 4)}",
                fill="none", stroke=INK, stroke_width=1)  # fmt: skip
    yield words(tongue.text("map.km", km=kilometres(round(length_m))), left + length / 2, y - 7, font_size=10,
                fill=INK, text_anchor="middle")  # fmt: skip


@cache
def map_lines() -> tuple[Line, ...]:
    """Every line with its kind and its bounds (west, south, east, north)."""
    text = files("probanda.report").joinpath("map_lines.txt").read_text(encoding="ascii")
    out = []
    for row in text.splitlines():
        if row and not row.startswith("#"):
            line = _decoded(row[2:])
            xs, ys = [x for x, _ in line], [y for _, y in line]
            out.append((row[0], (min(xs), min(ys), max(xs), max(ys)), line))
    return tuple(out)


def _decoded(text: str) -> tuple[Point, ...]:
    """The encoding that the head of the file describes."""
    numbers: list[int] = []
    value = shift = 0
    for char in text:
        part = ord(char) - 63
        value |= (part & 31) << shift
        shift += 5
        if part < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    out: list[Point] = []
    x = y = 0
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        out.append((x / 1000, y / 1000))
    return tuple(out)
