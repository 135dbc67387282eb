"""DOCX: the paragraphs of a document, of its notes, comments, headers and footers, each at its number.

Guarantees: a line for each paragraph, a tab between the cells of a table row, which is one line; parts of the package
one after another, each paragraph's region naming its part. What a tracked change inserted is text; what it deleted,
and text that is set as hidden, is no text of the document and is kept apart with its place, who made the change and
when, as the file states it. Of alternative contents the first is read, so that a text box is read once. Fields show
their result. The numbers of lists are made by programs that show the file; they are not in it and not in the text.
Refuses what `package.py` refuses. Source: ISO/IEC 29500-1, 17 (WordprocessingML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from probanda.records.canonical import Json
from probanda.steps.readers.frozen import PART, Frozen, NothingToReadError, ReadError, Scroll, one_line, shown
from probanda.steps.readers.package import Package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAIN = "word/document.xml"
# The other parts with text, in this order; Office numbers those of which there are several.
_PARTS = re.compile(r"word/(footnotes|endnotes|comments|header|footer)(\d*)\.xml")
_ORDER = ("footnotes", "endnotes", "comments", "header", "footer")
_DELETED = frozenset({"del", "moveFrom"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
MAX_DEPTH = 200  # arbitrary: tables in tables in text boxes; libxml2 itself stops at 256


@dataclass(slots=True)
class _Part:
    """One part in the making: how many paragraphs were met, and what stands apart."""

    name: str
    index: int = 0
    apart: list[Mapping[str, Json]] = field(default_factory=list)
    changes: int = 0


@dataclass(slots=True)
class _Paragraph:
    index: int
    text: list[str] = field(default_factory=list)
    within: list[Any] = field(default_factory=list)  # text boxes, whose paragraphs follow this one


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    package = Package(data, "a Word document")
    if _MAIN not in package.names:
        raise ReadError(f"expected a Word document with a member {_MAIN}, found none; it may be cut or made by hand")
    others = sorted((found for name in package.names if (found := _PARTS.fullmatch(name))), key=_rank)
    scroll, apart = Scroll(), list[Mapping[str, Json]]()
    changes = 0
    for name in (_MAIN, *(found.group() for found in others)):
        part = _Part(name)
        root = package.xml(name)
        changes += sum(1 for one in root.iter() if _name(one) in ("ins", "del", "moveFrom", "moveTo") and _is_run(one))
        _write(scroll, part, root)
        apart += part.apart
    deleted = sum(one["kind"] == "deleted" for one in apart)
    counts: dict[str, Json] = {
        "paragraphs": len({(str(one.at["part"]), str(one.at["index"])) for one in scroll.regions}),
        "parts": 1 + len(others),
        "tracked_changes": changes,
        "stretches_deleted": deleted,
        "stretches_hidden": len(apart) - deleted,
    }
    if not scroll.regions:
        raise NothingToReadError("the document holds no text; pictures in it are not read yet", counts)
    return Frozen(scroll.text, "paragraphs of the document", (), tuple(scroll.regions), None, tuple(apart), {}, counts)


def _rank(found: re.Match[str]) -> tuple[int, int]:
    return _ORDER.index(found[1]), int(found[2] or 0)


def _name(element: Any) -> str:
    """The local name of an element of WordprocessingML, "" for any other."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.removeprefix(_W) if tag.startswith(_W) else tag.removeprefix(_STRICT) if tag.startswith(_STRICT) else ""


def _is_run(element: Any) -> bool:
    """Whether a tracked change is about content, not about the mark of a paragraph."""
    parent = element.getparent()
    return parent is not None and _name(parent) not in ("rPr", "trPr", "tcPr")


def _attribute(element: Any, name: str) -> str | None:
    found = element.get(_W + name) or element.get(_STRICT + name)
    return found if isinstance(found, str) else None


def _write(scroll: Scroll, part: _Part, root: Any) -> None:
    first = True
    for line in _lines(part, root, 0):
        if not any(line):
            continue
        if scroll.length:
            scroll.part(PART if first else "\n")
        first = False
        for place, cell in enumerate(line):
            scroll.part("\t" if place else "")
            for number, (text, index) in enumerate(cell):
                scroll.part(" " if number else "")
                scroll.add(text, _at(part, index))


def _at(part: _Part, index: int) -> dict[str, Json]:
    return {"index": index, "kind": "paragraph", "part": part.name}


_Cell = list[tuple[str, int]]  # the paragraphs that have words, each with its number
_Line = list[_Cell]  # of a table row; a paragraph outside tables is a line of one cell


def _lines(part: _Part, block: Any, depth: int) -> Iterator[_Line]:
    """The lines of a block: one for each paragraph, one for each row of a table."""
    if depth > MAX_DEPTH:
        raise ReadError(f"expected blocks nested at most {MAX_DEPTH} deep in {part.name}, found more")
    for element in block:
        name = _name(element)
        if name == "p":
            yield from _paragraph_lines(part, element, depth)
        elif name == "tr":
            cells = element.iter(_W + "tc", _STRICT + "tc")
            yield [_cell(part, cell, depth + 1) for cell in cells if _own(cell, element)]
        elif element.tag == _MC + "AlternateContent":
            yield from _lines(part, element[0], depth + 1) if len(element) else ()
        elif name != "sectPr":
            yield from _lines(part, element, depth + 1)


def _own(cell: Any, row: Any) -> bool:
    """Whether the cell is the row's, not one of a table inside it."""
    return next((one for one in cell.iterancestors() if _name(one) == "tr"), None) is row


def _cell(part: _Part, cell: Any, depth: int) -> _Cell:
    """The paragraphs of a cell, those of a table inside it as well."""
    inner = (piece for line in _lines(part, cell, depth) for cell in line for piece in cell)
    return [(words, index) for text, index in inner if (words := one_line(text))]


def _paragraph_lines(part: _Part, element: Any, depth: int) -> Iterator[_Line]:
    part.index += 1
    paragraph = _Paragraph(part.index)
    _collect(part, paragraph, element, depth)
    text = "\n".join(line.strip() for line in shown("".join(paragraph.text)).split("\n")).strip()
    yield [[(text, paragraph.index)] if text else []]
    for box in paragraph.within:
        yield from _lines(part, box, depth + 1)


def _collect(part: _Part, paragraph: _Paragraph, element: Any, depth: int) -> None:
    """The shown words of an element, in order; the others go apart."""
    if depth > MAX_DEPTH:
        raise ReadError(f"expected runs nested at most {MAX_DEPTH} deep in {part.name}, found more")
    for child in element:
        name = _name(child)
        if name == "t":
            paragraph.text.append(child.text or "")
        elif name in _BREAKS:
            paragraph.text.append(_BREAKS[name])
        elif name in _DELETED and _is_run(child):
            _apart(part, paragraph, child, "deleted", None)
        elif name == "r" and _vanishes(child):
            _apart(part, paragraph, child, "not shown", "set as hidden")
        elif name == "txbxContent":
            paragraph.within.append(child)
        elif child.tag == _MC + "AlternateContent":
            if len(child):
                _collect(part, paragraph, child[0], depth + 1)
        elif name not in ("pPr", "rPr", "instrText", "delText"):
            _collect(part, paragraph, child, depth + 1)


def _vanishes(run: Any) -> bool:
    for properties in run:
        if _name(properties) == "rPr":
            for one in properties:
                if _name(one) == "vanish":
                    return _attribute(one, "val") not in ("0", "false", "off")
    return False


def _apart(part: _Part, paragraph: _Paragraph, element: Any, kind: str, why: str | None) -> None:
    words = "".join(one.text or "" for one in element.iter() if _name(one) in ("t", "delText"))
    text = shown(words)
    if not text.strip():
        return
    found: dict[str, Json] = {"at": _at(part, paragraph.index), "kind": kind, "text": text}
    if why is not None:
        found["why"] = why
    else:
        found |= {"by": _attribute(element, "author"), "stated_at": _attribute(element, "date")}
    part.apart.append(found)
