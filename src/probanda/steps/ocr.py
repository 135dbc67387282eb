"""ocr: characters recognised in pictures, and on pages of a PDF that have no text layer.

Parameter: `media_type`. Outputs `text` and `map` as the step `text` gives them (spec/text-map.md), a region for each
line with its box and confidence. The basis names the program, so that nobody takes what was recognised for what was
written: characters that look alike are mixed up, figures above all.

Recognition runs with the models for Ukrainian, Russian and English together; where a page turns out to be almost wholly
in one script, it is recognised again with the models of that script alone, because together they put single letters of
the other into its words. Pages on which hardly a word is certain give no text: a photograph of rubble has none.

Not here, or without its models: `unavailable`, with what to install; asked again when they are here. Refuses pictures
that are too large (`picture.py`), and more pages than `MAX_PAGES`. A page that fails is counted, and the rest is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import groupby
from statistics import fmean

from PIL import Image

from probanda.records.canonical import Json, digest
from probanda.records.derivation import Request
from probanda.steps.picture import FORMATS, MAX_PIXELS, frames, open_picture, png
from probanda.steps.readers.frozen import PART, Frozen, ReadError, Scroll, one_line
from probanda.steps.step import Step, StepResult, failed, not_applicable, unavailable
from probanda.steps.tesseract import MODELS, RecognitionError, Tesseract, Word, find_tesseract
from probanda.steps.text import result

PDF = "application/pdf"
PICTURES = tuple(sorted(FORMATS))
DPI = 200  # of a rendered page; the boxes are in its picture elements
MAX_PAGES = 500  # arbitrary: at five seconds each, what one item may take
_SURE = 60.0  # arbitrary confidence, of a word
_SURE_WORDS = 2  # arbitrary: fewer on a page are taken for none
_ONE_SCRIPT = 0.9  # arbitrary share of letters


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    width: int
    height: int
    dpi: int | None
    words: tuple[Word, ...]
    models: tuple[str, ...]


@cache
def program() -> Tesseract | str:
    """Found once in a process: what is installed meanwhile is found by the next."""
    return find_tesseract()


def capabilities() -> str:
    """The digest of what this machine can do for the step."""
    found = program()
    return digest("absent" if isinstance(found, str) else {"version": found.version, **found.models})


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    ((sha256, data),) = inputs.items()
    found = program()
    if isinstance(found, str):
        return unavailable(found)
    return recognised(found, str(request.parameters.get("media_type")), data, sha256)


def recognised(tesseract: Tesseract, media_type: str, data: bytes, sha256: str) -> StepResult:
    """The step's answer with this program."""
    if media_type != PDF and media_type not in FORMATS:
        return not_applicable(f"no pictures are read from {media_type}")
    pages: list[_Page] = []
    faults: list[Json] = []
    try:
        for number, picture, dpi in _rendered(data) if media_type == PDF else _frames(data, media_type):
            try:
                pages.append(_page(tesseract, number, picture, dpi))
            except RecognitionError as error:
                faults.append(f"page {number}: {error}")
    except ReadError as error:
        return failed(str(error))
    if not pages:
        return (
            failed(f"expected a page to read, found none: {faults[0]}")
            if faults
            else not_applicable("every page has a text layer; the step text reads it")
        )
    return _frozen(tesseract, pages, faults, sha256)


def _frozen(tesseract: Tesseract, pages: list[_Page], faults: list[Json], sha256: str) -> StepResult:
    scroll = Scroll()
    for page in pages:
        if sum(word.confidence >= _SURE for word in page.words) >= _SURE_WORDS:
            scroll.part(PART if scroll.length else "")
            _write(scroll, page)
    words = [word for page in pages for word in page.words]
    if not scroll.length:
        return not_applicable(f"no words were recognised with certainty on {len(pages)} pages")
    counts: dict[str, Json] = {
        "models": ["+".join(models) for models in sorted({page.models for page in pages})],
        "page_faults": faults,
        "pages": len(pages),
        "words": len(words),
        "words_uncertain": sum(word.confidence < _SURE for word in words),
    }
    frozen = Frozen(
        text=scroll.text,
        basis=f"optical character recognition (Tesseract {tesseract.version})",
        regions=tuple(scroll.regions),
        pages=tuple(_page_json(page) for page in pages),
        counts=counts,
    )
    return result(frozen, sha256)


def _page_json(page: _Page) -> dict[str, Json]:
    found: dict[str, Json] = {
        "height": page.height, "page": page.number, "rotation": 0, "unit": "px", "width": page.width,
    }  # fmt: skip
    return found if page.dpi is None else {**found, "dpi": page.dpi}


def _frames(data: bytes, media_type: str) -> Iterator[tuple[int, Image.Image, int | None]]:
    with open_picture(data) as picture:
        most = MAX_PAGES if media_type == "image/tiff" else 1  # the first frame of what moves
        for number, frame in enumerate(frames(picture, most), start=1):
            yield number, frame, None


def _rendered(data: bytes) -> Iterator[tuple[int, Image.Image, int | None]]:
    from probanda.steps.readers.pdf import open_pdf, pages_without_text

    with closing(open_pdf(data)) as document:
        numbers = pages_without_text(document)
        if len(numbers) > MAX_PAGES:
            raise ReadError(f"expected at most {MAX_PAGES} pages without text, found {len(numbers):,}; split the file")
        for number in numbers:
            with closing(document[number - 1]) as page:
                width, height = page.get_size()
                if not 0 < width * height < 10**10:
                    continue
                inches = width * height / 72**2
                dpi = min(DPI, max(1, int((MAX_PIXELS / 2 / inches) ** 0.5)))
                picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
            yield number, picture, dpi


def _page(tesseract: Tesseract, number: int, picture: Image.Image, dpi: int | None) -> _Page:
    image = png(picture)
    models: tuple[str, ...] = MODELS
    words = tesseract.recognise(image, models, dpi)
    alone = _script(words)
    if alone is not None:
        again = tesseract.recognise(image, alone, dpi)
        if _certainty(again) >= _certainty(words) - 1.0:
            words, models = again, alone
    return _Page(number, picture.width, picture.height, dpi, words, models)


def _certainty(words: tuple[Word, ...]) -> float:
    return fmean(word.confidence for word in words) if words else 0.0


def _script(words: tuple[Word, ...]) -> tuple[str, ...] | None:
    """The models of the script that the page is almost wholly in; `None`: in one alone, or in both."""
    letters = [one for word in words for one in word.text if one.isalpha()]
    cyrillic = sum("\u0400" <= one <= "\u04ff" for one in letters)
    if not letters or cyrillic in (0, len(letters)):
        return None
    if cyrillic >= _ONE_SCRIPT * len(letters):
        return ("ukr", "rus")
    return ("eng",) if cyrillic <= (1 - _ONE_SCRIPT) * len(letters) else None


def _write(scroll: Scroll, page: _Page) -> None:
    lines = [list(words) for _, words in groupby(page.words, key=lambda word: word.line)]
    for place, line in enumerate(lines):
        box = _around(line)
        at: dict[str, Json] = {
            "box": list(box),
            "confidence": round(fmean(word.confidence for word in line), 1),
            "kind": "region",
            "page": page.number,
            "unit": "px",
        }
        scroll.add(one_line(" ".join(word.text for word in line)), at)
        if place + 1 < len(lines):
            following = lines[place + 1]
            if line[0].line[:2] != following[0].line[:2]:
                scroll.part("\n\n")
            else:
                block = [one for other in lines if other[0].line[:2] == line[0].line[:2] for one in other]
                word = following[0].box
                fits = box[2] + (word[2] - word[0]) < _around(block)[2]
                scroll.part("\n" if fits else " ")  # a line ends early where the next word would have fitted


def _around(words: list[Word]) -> tuple[int, int, int, int]:
    boxes = [word.box for word in words]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


@cache
def _resources() -> Mapping[str, str]:
    libraries = {name: version(name) for name in ("pillow", "pypdfium2")}
    found = program()
    if isinstance(found, str):
        return libraries
    return {**libraries, "tesseract": found.version, **{f"{n}.traineddata": sha for n, sha in found.models.items()}}


STEP = Step(
    "ocr",
    "1",
    _run,
    timeout_s=3600.0,
    description="characters recognised in pictures and on pages without a text layer",
    resources=_resources,
)
