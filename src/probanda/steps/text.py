"""text: the frozen text of a blob, and the way back from it to the blob.

Parameters: `media_type`, `encoding`, as `identify` found them. Outputs, on which all later offsets rest:

- `text`: UTF-8. Of plain text: the decoded bytes, line ends and all, without a byte-order mark. Of a page: its main
  text as trafilatura chooses it (no comments; recall before precision), in the page's own characters and breaks: a line
  for each paragraph, heading, list item or table row (tabs between cells), a blank line between two. Characters
  without width (soft hyphens) are left out. Where trafilatura finds no text, all visible text. Never scripts.
- `map`: canonical JSON, `{"basis", "counts", "segments": [[t0, t1, s0, s1], ...], "source": {"chars", "encoding",
  "sha256"}, "stated": {...}, "text": {"chars", "sha256"}}`. A segment says that text[t0:t1] stands at
  source[s0:s1] of the decoded page; `s0`, `s1` are `null` where that was not found ("unmapped"). Offsets are code
  points, half-open.

`counts` says how much of what the page shows was kept, in characters without spaces, so that a loss can be seen.
`stated` is what a page says of itself (title, author, dates), which is a fact about the page and decides nothing.
Refuses bytes that do not decode (no replacement characters: they would be words nobody wrote), pages nested too deep
or too long (`page.py`). Other types: not applicable, until a reader for them exists.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.steps.align import align
from probanda.steps.encoding import codec
from probanda.steps.page import Line, Page, PageError, squeeze
from probanda.steps.stated import stated
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded
from probanda.steps.tables import table_digest

_BLOCKS = frozenset(
    {"p", "head", "list", "item", "quote", "table", "row", "ab", "code", "lb", "graphic", "div", "main"}
)
# Fixed, because htmldate's own defaults look at the clock, and a step has none.
_DATES = {"original_date": True, "extensive_search": False, "min_date": "1990-01-01", "max_date": "2100-01-01"}
_BETWEEN = "\n\n"  # a single line end could be taken for the wrapping of a line
_BLANKS = re.compile(r"[^\S\t]+")


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    ((sha256, data),) = inputs.items()
    media_type, encoding = request.parameters.get("media_type"), request.parameters.get("encoding")
    if media_type == "application/x-empty":
        return not_applicable("the file is empty (application/x-empty): it has no bytes to read")
    if media_type not in ("text/plain", "text/html"):
        return not_applicable(f"no reader for {media_type} yet")
    name = codec(encoding) if isinstance(encoding, str) else None
    if name is None:
        return failed(f"expected an encoding of tables/encodings.tsv as parameter `encoding`, found {encoding!r}")
    try:
        source = data.decode(name)
    except UnicodeDecodeError as error:
        return failed(
            f"expected text in {encoding}, found at byte {error.start} (0x{data[error.start]:02x}) what does not decode"
            f" so ({error.reason}); if another encoding is right, state it"
        )
    origin: dict[str, Json] = {"chars": len(source), "encoding": encoding, "sha256": sha256}
    if media_type == "text/plain":
        mark = 1 if source.startswith("\ufeff") else 0
        text = source[mark:]
        segments: list[Json] = [[0, len(text), mark, len(source)]] if text else []
        return _result(text, segments, origin, "the whole text", {}, {})
    try:
        return _page(source, origin)
    except PageError as error:
        return failed(str(error))


def _page(source: str, origin: Mapping[str, Json]) -> StepResult:
    import trafilatura  # half a second, which a case of plain text never pays

    page = Page(source)
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
        return failed("expected a page that shows text, found none: it may be made by scripts, or hold only pictures")
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
    return _result(_BETWEEN.join(map(_text, lines)), segments, origin, basis, stated(page, found), counts)


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


def _result(
    text: str,
    segments: list[Json],
    origin: Mapping[str, Json],
    basis: str,
    about: Mapping[str, Json],
    counts: Mapping[str, Json],
) -> StepResult:
    data = text.encode("utf-8")
    way_back: dict[str, Json] = {
        "basis": basis,
        "counts": counts,
        "segments": segments,
        "source": origin,
        "stated": about,
        "text": {"chars": len(text), "sha256": hashlib.sha256(data).hexdigest()},
    }
    return succeeded(
        StepOutput("text", data, "text/plain"),
        StepOutput("map", canonical(way_back), "application/json"),
        facts={"basis": basis, "chars": len(text), **counts, "stated": about},
    )


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


@cache
def _resources() -> Mapping[str, str]:
    libraries = {name: version(name) for name in ("htmldate", "justext", "lxml", "trafilatura")}
    return {**libraries, **{name: table_digest(name) for name in ("encodings.tsv", "html_elements.tsv")}}


STEP = Step(
    "text",
    "1",
    _run,
    timeout_s=120.0,
    description="the frozen text of a text file or page, and the way back to it",
    resources=_resources,
)
