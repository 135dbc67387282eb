"""A drawing of what each source of one thing said from day to day, source by source.

Guarantees: a mark for each position at its bounds and days, nothing between; a bound that is open or not known is drawn
as an arrow to the edge; every number of the drawing stands in the table beside it. No drawing where fewer than two
positions have a day and a number.
"""

from __future__ import annotations

from probanda.report.chapters import ComparisonLine, PositionLine
from probanda.report.drawing import FONT, INK, RULE, SOFT, fit, shape, title, words
from probanda.report.markup import Html, el
from probanda.report.page_parts import Pen

_WIDTH, _ROW, _LEFT, _RIGHT, _TOP = 720.0, 22.0, 210.0, 16.0, 26.0
_MOST = 24  # rows; arbitrary, about half a page
_COLOUR = {"said": "#1f4e79", "denied": "#8a1c1c", "ahead": "#8a6d1c"}


def series_drawing(one: ComparisonLine, pen: Pen) -> Html | None:
    held = [
        (number, position)
        for number, position in enumerate(one.positions, start=1)
        if position.first and position.numbered and _ends(position)
    ]
    if len(held) < 2:
        return None
    begun: dict[str, str] = {}
    for number, position in held:
        source = position.named or f"{number}"
        begun[source] = min(begun.get(source, "9999"), position.first or "9999")
    held.sort(
        key=lambda pair: (begun[pair[1].named or f"{pair[0]}"], pair[1].named or "", pair[1].first or "", pair[0])
    )
    held = held[:_MOST]
    numbers = [bound for _, position in held for bound in _ends(position)]
    low, high = min(numbers), max(numbers)
    spread = (high - low) or 1.0

    def across(value: float) -> float:
        return _LEFT + 30 + (value - low) / spread * (_WIDTH - _LEFT - _RIGHT - 60)

    height = _TOP + _ROW * len(held) + 8
    parts = [title(pen.tongue.text("compared.drawing", number=one.number))]
    for value in dict.fromkeys((low, high)):
        x = across(value)
        parts.append(shape("line", x1=x, y1=_TOP - 6, x2=x, y2=height - 4, stroke=RULE, stroke_dasharray="2 3"))
        parts.append(words(pen.tongue.number(_plain(value)), x, 14, font_size=11, text_anchor="middle", fill=SOFT))
    for row, (number, position) in enumerate(held):
        parts += _row(one.number, number, position, _TOP + _ROW * (row + 0.5), across)
    drawn = shape(
        "svg", *parts, viewBox=f"0 0 {_WIDTH:.0f} {height:.0f}", width=_WIDTH, height=height, font_family=FONT,
        role="img", aria_label=pen.tongue.text("compared.drawing", number=one.number),
    )  # fmt: skip
    return el("figure", drawn, el("figcaption", pen.say("compared.drawing_means")))


def _row(thing: str, number: int, one: PositionLine, y: float, across: object) -> list[Html]:
    assert callable(across)
    colour = _COLOUR.get(one.stance, INK)
    day = one.first if one.first == one.last else f"{one.first} – {one.last}"
    told = f"{number}. {day} {one.named or '?'}"
    out = [shape("a", words(fit(told, 36), 4, y + 4, font_size=11, fill=INK), href=f"#line-{thing}-{number}")]
    low = across(float(one.minimum)) if isinstance(one.minimum, (int, float)) else None
    high = across(float(one.maximum)) if isinstance(one.maximum, (int, float)) else None
    left = _LEFT + 6 if low is None else low
    right = _WIDTH - _RIGHT if high is None else high
    if right > left:
        dashes = "3 3" if "unknown" in (one.minimum, one.maximum) else None
        out.append(shape("line", x1=left, y1=y, x2=right, y2=y, stroke=colour, stroke_width=2, stroke_dasharray=dashes))
    if high is None:
        out.append(shape("polygon", points=f"{right} {y - 4} {right + 7} {y} {right} {y + 4}", fill=colour))
    if low is None:
        out.append(shape("polygon", points=f"{left} {y - 4} {left - 7} {y} {left} {y + 4}", fill=colour))
    out += [shape("circle", cx=x, cy=y, r=4, fill=colour) for x in dict.fromkeys((low, high)) if x is not None]
    return out


def _ends(one: PositionLine) -> list[float]:
    return [float(bound) for bound in (one.minimum, one.maximum) if isinstance(bound, (int, float))]


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value
