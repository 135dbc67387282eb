"""HTML: the main text of a page, line by line, and where each line stands in the page.

The text is what trafilatura chooses (no comments; recall before precision), in the page's own characters and breaks: a
line for each paragraph, heading, list item or table row (tabs between cells), a blank line between two. Characters
without width (soft hyphens) are left out. Where trafilatura finds no text, all visible text. Never scripts. `counts`
says how much of what the page shows was kept, in characters without spaces, so that a loss can be seen; `stated` is
what a page says of itself (title, author, dates), which is a fact about the page and decides nothing.
Refuses pages nested too deep or too long (`page.py`), and pages that show no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from probanda.records.canonical import Json
from probanda.steps.align import align
from probanda.steps.page import Line, Page, PageError, squeeze
from probanda.steps.readers.frozen import Frozen, ReadError
from probanda.steps.readers.plain import decoded
from probanda.steps.stated import stated

_BLOCKS = frozenset(
    {"p", "head", "list", "item", "quote", "table", "row", "ab", "code", "lb", "graphic", "div", "main"}
)
# Fixed, because htmldate's own defaults look at the clock, and a step has none.
_DATES = {"original_date": True, "extensive_search": False, "min_date": "1990-01-01", "max_date": "2100-01-01"}
_BETWEEN = "\n\n"  # a single line end could be taken for the wrapping of a line
_BLANKS = re.compile(r"[^\S\t]+")


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    encoding = parameters.get("encoding")
    return read_page(decoded(data, encoding), str(encoding))


def read_page(source: str, encoding: str) -> Frozen:
    """The frozen text of a decoded page. Raises `ReadError`."""
    import trafilatura  # half a second, which a case of plain text never pays

    try:
        page = Page(source)
    except PageError as error:
        raise ReadError(str(error)) from error
    found: Any = trafilatura.bare_extraction(
        source, include_comments=False, favor_recall=True, with_metadata=True, date_extraction_params=dict(_DATES)
    )
    chosen = _lines(found.body) if found is not None and found.body is not None else []
    basis = "main text (trafilatura)"
    if any(squeeze(line) for line in chosen):
        lines = list(_as_shown(page, chosen))
    else:
        lines, basis = list(page.lines(0, len(page.key))), "all visible text"
    if not lines:
        raise ReadError("expected a page that shows text, found none: it may be made by scripts, or hold only pictures")
    segments: list[Json] = []
    start = 0
    for line in lines:
        where = (line.start, line.end) if isinstance(line, Line) else (None, None)
        length = len(_text(line))
        segments.append([start, start + length, *where])
        start += length + len(_BETWEEN)
    counts: dict[str, Json] = {
        "chars_kept": sum(len(squeeze(_text(line))) for line in lines),
        "chars_shown": len(page.key),
        "lines_unmapped": sum(isinstance(line, str) for line in lines),
    }
    return Frozen(
        text=_BETWEEN.join(map(_text, lines)),
        basis=basis,
        segments=tuple(segments),
        stated=stated(page, found),
        counts=counts,
        chars=len(source),
        encoding=encoding,
    )


def _as_shown(page: Page, chosen: list[str]) -> Iterator[Line | str]:
    """The lines that trafilatura chose, taken from the page: its fallback runs blocks together and puts spaces where
    there are none ("H 2 O", "a link ,"). What is not found in the page stays in trafilatura's words."""
    for line, span in zip(chosen, align(page, chosen), strict=True):
        if span is None:
            yield line
        else:
            yield from page.lines(*span)


def _text(line: Line | str) -> str:
    return line if isinstance(line, str) else line.text


def _lines(body: Any) -> list[str]:
    """The lines of trafilatura's tree. Not its own rendering, which adds hyphens and bars to the words."""
    lines: list[list[str]] = [[]]

    def walk(element: Any) -> None:
        block = element.tag in _BLOCKS
        if block:
            lines.append([])
        lines[-1].append(_blank(element.text))
        for child in element:
            walk(child)
            lines[-1].append(_blank(child.tail))
        if element.tag == "cell":
            lines[-1].append("\t")
        if block:
            lines.append([])

    walk(body)
    joined = (_BLANKS.sub(" ", "".join(line)) for line in lines)
    return [line for line in ("\t".join(cell.strip() for cell in line.split("\t")).strip() for line in joined) if line]


def _blank(text: str | None) -> str:
    """White space as a browser shows it."""
    return re.sub(r"\s+", " ", text or "")
