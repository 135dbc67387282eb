"""SVG that cannot be broken by what it holds, for map and timeline.

Guarantees: elements and attributes are of a short list, text is escaped as in `markup`, a link leads into the page, and
nothing refers to anything outside the drawing; so the same drawing serves page and paper. Numbers are written with one
decimal, so that the same input gives the same bytes on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from probanda.report.markup import Html, plain

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_TAGS: Final = frozenset({"svg", "g", "a", "path", "circle", "rect", "line", "text", "title", "polygon"})
_ATTRIBUTES: Final = frozenset(
    {"x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "d", "points", "width", "height", "fill", "stroke",
     "stroke-width", "stroke-dasharray", "stroke-linejoin", "fill-opacity", "font-size", "font-family", "font-weight",
     "font-style", "text-anchor", "viewBox", "role", "aria-label", "aria-hidden", "class", "href",
     "paint-order", "stroke-linecap", "rx"}
)  # fmt: skip
FONT: Final = "Segoe UI, Helvetica Neue, Noto Sans, Liberation Sans, Arial, DejaVu Sans, sans-serif"
INK, SOFT, RULE, PAPER = "#1a1a1a", "#555555", "#c9c5bd", "#ffffff"
_ESCAPED: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def shape(tag: str, *children: Html, **attributes: str | float | None) -> Html:
    """The element; `_` in a name is `-`, `class_` is `class`. Raises `ValueError` for what is not on the list."""
    if tag not in _TAGS:
        raise ValueError(f"the element {tag!r} is not one that a drawing may hold")
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    return Html(f"<{tag}{written}>{''.join(children)}</{tag}>" if children else f"<{tag}{written}/>")


def words(text: str, x: float, y: float, **attributes: str | float | None) -> Html:
    return shape("text", Html(_escape(text)), x=x, y=y, **attributes)


def title(text: str) -> Html:
    return shape("title", Html(_escape(text)))


def fit(text: str, longest: int) -> str:
    """At most `longest` characters, on one line."""
    flat = " ".join(text[: longest * 4].split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def width_of(text: str, size: float) -> float:
    """About how wide the text is drawn; generous, since fonts differ."""
    return sum(1.05 if ord(char) > 0x2E80 else 0.62 for char in text) * size


def number(value: float) -> str:
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def meets(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def path(lines: Iterable[Sequence[Point]]) -> str:
    """Path data of open lines; points that fall together on the drawing are written once."""
    out: list[str] = []
    for line in lines:
        last = ""
        for n, (x, y) in enumerate(line):
            now = f"{number(x)} {number(y)}"
            if now != last:
                out.append(f"{'L' if n else 'M'}{now}")
            last = now
    return "".join(out)


def clipped(line: Sequence[Point], box: Box) -> list[list[Point]]:
    """The parts of a line that lie in the box (Liang and Barsky)."""
    out: list[list[Point]] = []
    for n in range(len(line) - 1):
        cut = _segment(line[n], line[n + 1], box)
        if cut is None:
            continue
        a, b = cut
        if out and out[-1][-1] == a:
            out[-1].append(b)
        else:
            out.append([a, b])
    return out


def _segment(a: Point, b: Point, box: Box) -> tuple[Point, Point] | None:
    dx, dy = b[0] - a[0], b[1] - a[1]
    first, last = 0.0, 1.0
    for p, q in ((-dx, a[0] - box[0]), (dx, box[2] - a[0]), (-dy, a[1] - box[1]), (dy, box[3] - a[1])):
        if p == 0:
            if q < 0:
                return None
        elif p < 0:
            first = max(first, q / p)
        else:
            last = min(last, q / p)
    if first > last:
        return None
    start = a if first == 0 else (a[0] + first * dx, a[1] + first * dy)
    end = b if last == 1 else (a[0] + last * dx, a[1] + last * dy)
    return start, end


def inside(polygon: Sequence[Point], box: Box) -> list[Point]:
    """The part of a polygon that lies in the box (Sutherland and Hodgman)."""
    out = list(polygon)
    for axis, bound, above in ((0, box[0], True), (0, box[2], False), (1, box[1], True), (1, box[3], False)):
        given, out = out, []
        for n, now in enumerate(given):
            before = given[n - 1]
            now_in = now[axis] >= bound if above else now[axis] <= bound
            before_in = before[axis] >= bound if above else before[axis] <= bound
            if now_in != before_in:
                share = (bound - before[axis]) / (now[axis] - before[axis])
                out.append((before[0] + share * (now[0] - before[0]), before[1] + share * (now[1] - before[1])))
            if now_in:
                out.append(now)
    return out


def _attribute(name: str, value: str | float) -> str:
    name = name.rstrip("_").replace("_", "-")
    if name not in _ATTRIBUTES:
        raise ValueError(f"the attribute {name!r} is not one that a drawing may carry")
    if name == "href" and not re.fullmatch(r"#[A-Za-z0-9-]+", str(value)):
        raise ValueError(f"expected a link inside the page, found {value!r}")
    return f' {name}="{_escape(number(value) if isinstance(value, (int, float)) else value)}"'


def _escape(text: str) -> str:
    return "".join(_ESCAPED.get(char, char) for char in plain(text))
