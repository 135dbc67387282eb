"""A preserved text with its passages marked, overlapping or not.

Guarantees: the text content of the result, in order, is the text, character for character (but for NUL and lone
surrogates: see `markup.exact`); each passage has one element with its anchor as id, at its start. A passage that lies
within one paragraph and crosses no other is one element, so that the page can highlight it by `:target`; any other is
cut where it must be, and its further pieces carry the anchor as a class, for which `split` asks a style rule.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from probanda.report.contents import Anchor, Text
from probanda.report.markup import Html, el, exact


@dataclass(frozen=True, slots=True)
class Preserved:
    body: Html
    split: tuple[str, ...]  # anchors of passages in several pieces


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    start: int
    negative_end: int  # the longer first, so that the shorter nests inside
    order: int
    anchor: Anchor
    first: bool

    @property
    def end(self) -> int:
        return -self.negative_end


def preserved(text: Text) -> Preserved:
    """The whole text as numbered paragraphs with its passages marked."""
    bounds = _blocks(text)
    pieces = [_Piece(one.start, -one.end, n, one, True) for n, one in enumerate(text.anchors)]
    heapq.heapify(pieces)
    split: dict[str, None] = {}
    blocks: list[Html] = []
    for number, start, end in bounds:
        content = _render(text.text, start, end, pieces, split)
        if number:
            blocks.append(el("div", Html(content), class_="para", id=f"t-{text.number}-{number}", data_n=number))
        else:
            blocks.append(el("div", Html(content), class_="gap"))
    return Preserved(Html("".join(blocks)), tuple(split))


def _blocks(text: Text) -> list[tuple[int, int, int]]:
    """Paragraph number (0: before the first), start and end; together they fill the text. The white space after a
    paragraph belongs to it."""
    starts = [start for start, _ in text.paragraphs]
    out = []
    if text.text and (not starts or starts[0] > 0):
        out.append((0, 0, starts[0] if starts else len(text.text)))
    for number, start in enumerate(starts, start=1):
        out.append((number, start, starts[number] if number < len(starts) else len(text.text)))
    return out


def _render(text: str, start: int, end: int, pieces: list[_Piece], split: dict[str, None]) -> str:
    """Characters [start, end) with the marks that lie there; what reaches further goes back to `pieces`."""
    out: list[str] = []
    open_marks: list[tuple[int, str]] = []  # end, and what to write there
    at = start
    while True:
        upto = open_marks[-1][0] if open_marks else end
        if pieces and pieces[0].start < upto:
            piece = heapq.heappop(pieces)
            out.append(exact(text[at : piece.start]))
            at = piece.start
            close = piece.end
            last = close <= upto
            if not last:  # crosses the mark it lies in, or the paragraph: cut here, go on there
                heapq.heappush(pieces, _Piece(upto, -close, piece.order, piece.anchor, False))
                split[piece.anchor.anchor] = None
                close = upto
            out.append(_opening(piece, last))
            open_marks.append((close, "</mark>"))
            continue
        out.append(exact(text[at:upto]))
        at = upto
        if not open_marks:
            return "".join(out)
        out.append(open_marks.pop()[1])


def _opening(piece: _Piece, last: bool) -> str:
    """The last piece names the lines, where a reader has read all of it."""
    name = piece.anchor.anchor
    lines = f' data-lines="{" ".join(piece.anchor.lines)}"' if last else ""
    return f'<mark id="{name}"{lines}>' if piece.first else f'<mark class="{name}"{lines}>'
