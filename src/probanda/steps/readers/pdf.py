"""PDF: the text layer, page by page, a region for each line.

Guarantees: the words are those of the text layer in its own order; nothing is recognised from pictures. Lines that the
width of the column broke go on after a space, and a line feed stands where the next word would have fitted; a blank
line stands where the page leaves more room than between its lines, a tab between columns, a form feed between pages.
A word that was hyphenated at a line's end is joined, and its hyphen left out unless the same word stands with a hyphen
elsewhere in the file. What a reader of the page would not see (words outside the page, too small to be read, or written
without ink on a page that has no picture under them) is kept apart, with its place. A page with a picture over most of
it and hardly a word counts as a page without text. Boxes are in points, [left, bottom, right, top], from the lower left
corner of the visible page before it is turned.

Refuses: files under a password, more pages or characters than a document has, files whose pages cannot be loaded.
Fields of forms and notes stuck on pages are not in the text layer and are not read. The parser is PDFium.
"""

from __future__ import annotations

import ctypes
import re
import statistics
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from probanda.records.canonical import Json
from probanda.steps.readers.frozen import (
    PART,
    Frozen,
    NothingToReadError,
    ReadError,
    Scroll,
    locked,
    shown,
)

MAX_PAGES = 10_000  # arbitrary: the longest judgments have three thousand
MAX_PAGE_CHARS = 500_000  # arbitrary: a densely printed page has ten thousand
MAX_PAGE_OBJECTS = 500_000  # arbitrary: a map has a tenth of it
FEW_CHARS = 50  # arbitrary: a stamp or a page number on a scanned page
_COVERED = 0.5  # arbitrary share of the page under one picture, from which it is a scan
_UNREADABLE_PT = 1.0  # arbitrary: no printed letter is smaller
_WITHOUT_INK = (3, 7)  # ISO 32000-1 9.3.6: neither fill nor stroke
_HYPHEN = "\x02"  # what PDFium puts for a hyphen at the end of a line
_ENDS = frozenset("\r\n" + _HYPHEN)
_UPRIGHT = "\u2e80"  # from here scripts that are also set downwards, letter below letter
_JOINT = re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    box: Box
    baseline: float
    height: float  # of its letters
    size: float  # of its font, as the file states it
    hyphenated: bool
    apart: str | None = None  # why a reader of the page would not see it


@dataclass(frozen=True, slots=True)
class Page:
    """`number` from 1. `box`: the visible page in the file's own coordinates. `scanned`: it has hardly a word, and a
    picture over most of it, or nothing at all; `None`: the page could not be loaded."""

    number: int
    width: float
    height: float
    rotation: int
    scanned: bool | None
    lines: tuple[_Line, ...] = ()


def open_pdf(data: bytes) -> Any:
    """The open document, to be closed. Raises `ReadError`."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise locked("the PDF opens with a password only") from error
        raise ReadError(
            f"expected a PDF, found a file that begins like one and cannot be opened ({_ends(data)}): {error}"
        ) from error
    if len(document) > MAX_PAGES:
        count = len(document)
        document.close()
        raise ReadError(f"expected at most {MAX_PAGES:,} pages, found a PDF that claims {count:,}; split the file")
    return document


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    with closing(open_pdf(data)) as document:
        pages = list(_pages(document))
    broken = [page.number for page in pages if page.scanned is None]
    if not pages or len(broken) == len(pages):
        raise ReadError(f"expected pages, found {len(pages)} in the PDF and none that loads ({_ends(data)})")
    without = [page.number for page in pages if page.scanned]
    counts: dict[str, Json] = {
        "pages": len(pages),
        "pages_broken": len(broken),
        "pages_without_text": len(without),
        "ends_whole": b"%%EOF" in data[-2048:],
    }
    scroll = Scroll()
    apart: list[Mapping[str, Json]] = []
    hyphened = {word.casefold() for page in pages for line in page.lines for word in _compounds(line.text)}
    for page in pages:
        if scroll.length:
            scroll.part(PART)
        _write(scroll, page, hyphened, apart)
    text = scroll.text
    if not text.strip():
        what = f"no text layer on any of {len(pages)} pages; the step ocr reads page images"
        raise NothingToReadError(what, counts)
    counts["lines_not_shown"] = len(apart)
    return Frozen(
        text=text,
        basis="text layer (PDFium)",
        regions=tuple(scroll.regions),
        pages=tuple(page_json(page) for page in pages),
        apart=tuple(apart),
        counts=counts,
    )


def page_json(page: Page) -> dict[str, Json]:
    return {
        "height": page.height,
        "page": page.number,
        "rotation": page.rotation,
        "unit": "pt",
        "width": page.width,
    }


def pages_without_text(document: Any) -> list[int]:
    """The numbers of the pages that have no text layer to speak of, as `read` counts them."""
    return [page.number for page in _pages(document) if page.scanned]


def _ends(data: bytes) -> str:
    return "it has its end mark" if b"%%EOF" in data[-2048:] else "its end mark is missing: it may be cut short"


def _pages(document: Any) -> Iterator[Page]:
    chars = 0
    for place in range(len(document)):
        try:
            page = document[place]
        except pypdfium2.PdfiumError:
            yield Page(place + 1, 0, 0, 0, None)
            continue
        with closing(page):
            found = _page(page, place + 1)
        chars += sum(len(line.text) for line in found.lines)
        yield found


def _page(page: Any, number: int) -> Page:
    left, bottom, right, top = page.get_cropbox()
    width, height, rotation = _round(right - left), _round(top - bottom), int(page.get_rotation())
    objects = pdfium.FPDFPage_CountObjects(page.raw)
    if objects > MAX_PAGE_OBJECTS:
        raise ReadError(f"expected at most {MAX_PAGE_OBJECTS:,} objects on a page, found {objects:,} on page {number}")
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Page(number, width, height, rotation, None)
    with closing(textpage):
        count = textpage.count_chars()
        if count > MAX_PAGE_CHARS:
            raise ReadError(f"expected at most {MAX_PAGE_CHARS:,} characters on a page, found {count:,} on {number}")
        pictured = count < FEW_CHARS or _hidden_ink(textpage, count)
        cover = _covered(page, width * height) if pictured else 0.0
        lines = tuple(_lines(textpage, count, (left, bottom, right, top), pictured=cover > 0))
    chars = sum(len(line.text) for line in lines if line.apart is None)
    scanned = chars == 0 or (chars < FEW_CHARS and cover >= _COVERED)
    return Page(number, width, height, rotation, scanned, lines)


def _hidden_ink(textpage: Any, count: int) -> bool:
    return any(_ink(textpage, place) in _WITHOUT_INK for place in range(0, count, max(1, count // 20)))


def _ink(textpage: Any, place: int) -> int:
    """The text rendering mode of a character; -1 where it has none of its own."""
    words = pdfium.FPDFText_GetTextObject(textpage.raw, place)
    return int(pdfium.FPDFTextObj_GetTextRenderMode(words)) if words else -1


def _covered(page: Any, area: float) -> float:
    """The share of the page that its largest picture covers."""
    shares = [0.0]
    for picture in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        try:
            left, bottom, right, top = picture.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        shares.append(abs(right - left) * abs(top - bottom) / area if area else 0.0)
    return max(shares)


class _Letters:
    """Where the letters of a page stand. PDFium is asked for each letter by itself, and a page has thousands: so always
    with the same room for its answers, and for no more than is needed."""

    __slots__ = ("_at", "_edges", "_far", "_loose", "_near", "_raw", "_rect", "_x", "_y")

    def __init__(self, textpage: Any) -> None:
        self._raw = textpage.raw
        self._x, self._y, self._rect = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
        self._near, self._far = ctypes.c_double(), ctypes.c_double()
        self._at = ctypes.byref(self._x), ctypes.byref(self._y)
        self._loose = ctypes.byref(self._rect)
        unused = ctypes.byref(self._x), ctypes.byref(self._y)
        self._edges = ctypes.byref(self._near), ctypes.byref(self._far), *unused  # left, right, bottom, top

    def unicode(self, place: int) -> str:
        return chr(pdfium.FPDFText_GetUnicode(self._raw, place))

    def baseline(self, place: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self._raw, place, *self._at)
        return self._y.value

    def height(self, place: int) -> float:
        """At least one point."""
        pdfium.FPDFText_GetLooseCharBox(self._raw, place, self._loose)
        return max(float(self._rect.top - self._rect.bottom), 1.0)

    def upright(self, place: int) -> bool:
        return not pdfium.FPDFText_GetCharAngle(self._raw, place)

    def gap(self, place: int) -> float:
        """From the right edge of the letter before to the left edge of the letter after."""
        pdfium.FPDFText_GetCharBox(self._raw, place - 1, *self._edges)
        right = self._far.value
        pdfium.FPDFText_GetCharBox(self._raw, place + 1, *self._edges)
        return self._near.value - right


def _lines(textpage: Any, count: int, visible: Box, *, pictured: bool) -> Iterator[_Line]:
    """The lines as PDFium parts them, and parted where it runs on from one baseline to another: it takes a column of
    single digits for one word."""
    letters = _Letters(textpage)
    first, written = 0, list[str]()
    before: int | None = None  # the letter before
    level = 0.0  # its baseline
    for place in range(count + 1):
        one = letters.unicode(place) if place < count else "\n"
        ends = one in _ENDS
        space = one.isspace()
        if not ends and not space:
            here = letters.baseline(place)
            leaps = before is not None and here != level and abs(here - level) > 0.7 * letters.height(before)
            if leaps and one < _UPRIGHT and letters.upright(place):
                line = _line(textpage, letters, first, place, written, visible, hyphenated=False, pictured=pictured)
                if line is not None:
                    yield line
                first, written = place, []
            before, level = place, here
        if ends:
            hyphenated = one == _HYPHEN
            line = _line(textpage, letters, first, place, written, visible, hyphenated=hyphenated, pictured=pictured)
            if line is not None:
                yield line
            first, written, before = place + 1, [], None
        else:
            written.append("\t" if space and _wide(letters, place, count, before) else one)


def _wide(letters: _Letters, place: int, count: int, before: int | None) -> bool:
    """Whether the space parts two columns: wider than a letter is high. "12" and "300" in two columns are two numbers,
    and with a space between them could be read as one."""
    if before is None or not 0 < place < count - 1:
        return False
    gap = letters.gap(place)
    return gap > 1.0 and gap > letters.height(before)  # no letter counts as less than a point high


def _words(written: list[str]) -> str:
    """The characters of a line; pairs of UTF-16 halves are one character."""
    text = "".join(written).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return "\t".join(" ".join(cell.split()) for cell in shown(text).split("\t")).strip()


def _line(
    textpage: Any,
    letters: _Letters,
    first: int,
    end: int,
    written: list[str],
    visible: Box,
    *,
    hyphenated: bool,
    pictured: bool,
) -> _Line | None:
    text = _words(written)
    if not text:
        return None
    first += next((place for place, one in enumerate(written) if not one.isspace()), 0)
    rects = [textpage.get_rect(n) for n in range(textpage.count_rects(first, end - first))]
    box = (
        (min(r[0] for r in rects), min(r[1] for r in rects), max(r[2] for r in rects), max(r[3] for r in rects))
        if rects
        else (0.0, 0.0, 0.0, 0.0)
    )
    why = None
    if box[2] < visible[0] or box[0] > visible[2] or box[3] < visible[1] or box[1] > visible[3]:
        why = "outside the page"
    elif rects and max(box[3] - box[1], box[2] - box[0]) < _UNREADABLE_PT:
        why = "too small to be seen"
    elif not pictured and _ink(textpage, first) in _WITHOUT_INK:
        why = "without ink"
    left, bottom = visible[0], visible[1]
    placed = (_round(box[0] - left), _round(box[1] - bottom), _round(box[2] - left), _round(box[3] - bottom))
    size = float(pdfium.FPDFText_GetFontSize(textpage.raw, first))
    return _Line(text, placed, letters.baseline(first), letters.height(first), size, hyphenated, why)


def _write(scroll: Scroll, page: Page, hyphened: set[str], apart: list[Mapping[str, Json]]) -> None:
    lines = []
    for line in page.lines:
        if line.apart is None:
            lines.append(line)
        else:
            apart.append({"at": _at(page, line), "kind": "not shown", "text": line.text, "why": line.apart})
    gaps = [_gap(one, other) for one, other in pairwise(lines)]
    usual = statistics.median([gap for gap in gaps if gap > 0] or [0.0])
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        joined = line.hyphenated and following is not None
        text = line.text
        if line.hyphenated:
            text += "" if joined and following is not None and not _keeps(line, following, hyphened) else "-"
        scroll.add(text, _at(page, line))
        if following is not None and not joined:
            other = _differ(line.height, following.height) or _differ(line.size, following.size)
            if gaps[place] > usual + 0.15 * line.height or other:
                scroll.part("\n\n")
            else:
                scroll.part(" " if _wrapped(lines, gaps, place) else "\n")


def _wrapped(lines: list[_Line], gaps: list[float], place: int) -> bool:
    """Whether the line ended because the next word did not fit into the column, whose edge is the longest line of the
    run that goes down the page here."""
    line, following = lines[place], lines[place + 1]
    if "\t" in line.text or "\t" in following.text or gaps[place] <= 0:
        return False
    first = last = place
    while first > 0 and gaps[first - 1] > 0:
        first -= 1
    while last < len(gaps) and gaps[last] > 0:
        last += 1
    edge = max(one.box[2] for one in lines[first : last + 1])
    word = following.text.split(" ", 1)[0]
    needed = (following.box[2] - following.box[0]) * (len(word) + 1) / len(following.text)
    return line.box[2] + needed > edge


def _differ(one: float, other: float) -> bool:
    return abs(other - one) > 0.15 * one  # arbitrary: a heading is larger than that


def _gap(line: _Line, following: _Line) -> float:
    """How far down the next line stands; negative where it stands above, in another column."""
    return line.baseline - following.baseline


def _keeps(line: _Line, following: _Line, hyphened: set[str]) -> bool:
    """Whether the hyphen between two lines belongs to the word: it joins more than letters, or the same word stands
    with it elsewhere."""
    before, after = _JOINT[0].search(line.text), _JOINT[1].match(following.text)
    if before is None or after is None or not after.group()[0].islower():
        return True
    return f"{before.group()}-{after.group()}".casefold() in hyphened


def _compounds(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+-[^\W\d_]+", text)


def _at(page: Page, line: _Line) -> dict[str, Json]:
    return {"box": list(line.box), "kind": "page", "page": page.number, "unit": "pt"}


def _round(points: float) -> float:
    """A hundredth of a point is a 3,500th of a millimetre; the same on every machine."""
    return round(float(points), 2)
