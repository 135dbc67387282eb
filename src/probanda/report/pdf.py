"""The case file as PDF/A-3b, set by typst from the same page (report/paper.py).

Guarantees: the content is that of the page in the same language; the bytes depend on the case file, the language and
the version of typst alone (its own fonts, no system font, no clock: the time is `generated_at`); case, log root, page
number and, where it applies, the marking stand on every sheet. A character that the typesetter's fonts lack is written
as its number in brackets ("[U+4E2D]"), since PDF/A admits no character without a shape; the page beside it has the
character. Raises `SheetsError` where the typesetter refuses the sheets.
"""

from __future__ import annotations

import functools
import json
import re
from datetime import datetime
from importlib.resources import files
from typing import Final

import typst

from probanda.report.contents import CaseFile
from probanda.report.page import html
from probanda.report.paper import blocks
from probanda.report.tongue import Language, Tongue

STANDARD: Final = "a-3b"
# Written with the fonts that typst brings along; anything else is tried (see `_undrawable`).
_SURE: Final = re.compile(
    "[\\s !-~\u00a1-\u00ac\u00ae-\u017f\u0400-\u045f\u0490\u0491\u2010-\u2015\u2018-\u201e\u2026\u200b]"
)
_TRIALS: Final = 400  # of the typesetter on characters it may lack; what is left over is written by number


class SheetsError(RuntimeError):
    """The typesetter refused. The fault of this program or of the typesetter, not of the material."""


def pdf(casefile: CaseFile, language: Language = "en") -> bytes:
    """The PDF. Raises `SheetsError`."""
    tongue = Tongue(language)
    made = datetime.fromisoformat(casefile.generated_at.replace("Z", "+00:00"))
    drawn = blocks(html(casefile, language), language)
    data = {
        "title": casefile.title, "language": language, "case": casefile.case_id, "root": casefile.log_root,
        "root_label": tongue.text("title.root"), "contents": tongue.text("contents"),
        "restricted": tongue.text("restricted") if casefile.restricted else "",
        "date": [made.year, made.month, made.day, made.hour, made.minute, made.second], "blocks": drawn,
        "contents_after": next(n for n, one in enumerate(drawn) if isinstance(one, dict) and one["k"] == "dl"),
    }  # fmt: skip
    written = json.dumps(data, ensure_ascii=False)
    rare = frozenset(char for char in set(written) if not _SURE.match(char))
    lacking = _undrawable(rare)
    try:
        return _set(_by_number(written, lacking), int(made.timestamp()))
    except typst.TypstError:
        pass  # some sequence of rare characters has no shape: all of them by number
    try:
        return _set(_by_number(written, rare), int(made.timestamp()))
    except typst.TypstError as error:
        told = f"the typesetter refused the case file: {error}. Write the page instead, and report this"
        raise SheetsError(told) from error


def _set(data: str, timestamp: int) -> bytes:
    source = files("probanda.report").joinpath("casefile.typ").read_bytes()
    return bytes(
        typst.compile(
            source, sys_inputs={"data": data}, ignore_system_fonts=True, pdf_standards=STANDARD, timestamp=timestamp
        )
    )


def _by_number(text: str, lacking: frozenset[str]) -> str:
    """The characters by number; JSON and SVG stay what they are, since neither is written with such characters."""
    return text.translate({ord(char): f"[U+{ord(char):04X}]" for char in lacking})


@functools.lru_cache(maxsize=64)
def _undrawable(chars: frozenset[str]) -> frozenset[str]:
    """Those that no font of the typesetter has, found by halving the set while it refuses it."""
    todo, lacking, trials = [sorted(chars)], set(), 0
    while todo:
        some = todo.pop()
        trials += 1
        if not some or (trials <= _TRIALS and _drawable(some)):
            continue
        if len(some) == 1 or trials > _TRIALS:
            lacking.update(some)
        else:
            todo += [some[: len(some) // 2], some[len(some) // 2 :]]
    return frozenset(lacking)


def _drawable(chars: list[str]) -> bool:
    source = b'#set text(font: "Libertinus Serif")\n#for c in json(bytes(sys.inputs.data)) [#text(c) ]'
    data = json.dumps(chars, ensure_ascii=False)
    try:
        typst.compile(source, sys_inputs={"data": data}, ignore_system_fonts=True, pdf_standards=STANDARD, timestamp=0)
    except typst.TypstError:
        return False
    return True
