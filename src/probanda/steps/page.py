"""The visible text of an HTML page, character by character, with where each stands in the page's source.

Guarantees: every visible character that is no space has the offset (code points into the decoded page) at which its
source begins and ends, entities included; what browsers do not show as text (script, style, template, comments,
hidden metadata) is not there. It parses tokens and builds no tree, so it does not depend on how another library
repairs the page. Refuses pages nested deeper than the tree builders read (`PageError`): libxml2 drops, without a word,
what lies below 255 levels.
"""

from __future__ import annotations

import html
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from probanda.steps.tables import table

MAX_DEPTH = 240
MAX_CHARS = 10_000_000  # arbitrary: a page of text is a hundredth of it; beyond it is a data dump in a page's clothes


def _elements(column: str) -> frozenset[str]:
    return frozenset(row["element"] for row in table("html_elements.tsv") if row[column] == "1")


_VOID, _END_OPTIONAL, _IN_HEAD = _elements("void"), _elements("end_optional"), _elements("in_head")
_INLINE, _UNSEEN = _elements("inline"), _elements("unseen")

JOINED, TAG, SPACE, CELL, BLOCK = range(5)


class PageError(ValueError):
    """The page cannot be read: says what was expected, what was found and where."""


_GAP_SHOWN = {SPACE: " ", CELL: "\t"}


@dataclass(frozen=True, slots=True)
class Line:
    """`text` as shown; source[start:end] is where it is written."""

    text: str
    start: int
    end: int


class Page:
    """`key`: the visible characters without spaces, decomposed (NFD) for comparison. `shown[i]`: what is shown there,
    as written. `starts[i]`, `ends[i]`: where its source lies. `gaps[i]`: what stands before it: `JOINED`, `TAG` (an
    inline tag), `SPACE`, `CELL` (of a table) or `BLOCK` (a tag that begins a line). `stated`: the tags in which pages
    state facts about themselves, with attributes and offset."""

    def __init__(self, source: str) -> None:
        """Raises `PageError`."""
        if len(source) > MAX_CHARS:
            raise PageError(f"expected a page of at most {MAX_CHARS} characters, found {len(source)}")
        walk = _Walk(source)
        walk.feed(source)
        walk.close()
        self.key, self.shown = "".join(walk.characters), walk.shown
        self.starts, self.ends, self.gaps = walk.starts, walk.ends, walk.gaps
        self.stated = tuple(walk.stated)

    def lines(self, start: int, end: int) -> Iterator[Line]:
        """key[start:end] as the page shows it: one line for each block, cells parted by tabs."""
        first, written = start, list[str]()
        for place in range(start, end):
            gap = self.gaps[place] if place > start else JOINED
            if gap == BLOCK:
                yield Line("".join(written), self.starts[first], self.ends[place - 1])
                first, written = place, []
            elif gap in _GAP_SHOWN:
                written.append(_GAP_SHOWN[gap])
            written.append(self.shown[place])
        if written:
            yield Line("".join(written), self.starts[first], self.ends[end - 1])

    def fits(self, start: int, end: int) -> bool:
        """Whether key[start:end] begins and ends where words do, as far as the page shows."""
        return self.gaps[start] != JOINED and (end == len(self.key) or self.gaps[end] != JOINED)


def squeeze(text: str) -> str:
    """`text` as it is compared with `Page.key`: without spaces and characters that have no width, decomposed."""
    return "".join(piece for character in text for piece in _pieces(character))


def _pieces(character: str) -> str:
    if character.isascii():
        return "" if character.isspace() or character < " " else character
    if character.isspace() or unicodedata.category(character) in ("Cf", "Cc"):
        return ""
    return unicodedata.normalize("NFD", character)


class _Walk(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.characters: list[str] = []
        self.shown: list[str] = []
        self.starts, self.ends = array("q"), array("q")
        self.gaps = bytearray()
        self.stated: list[tuple[str, dict[str, str], int]] = []
        self._script: list[str] = []
        self._lines = array("q", [0])
        for line in source.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._unseen: list[str] = []
        self._depth = 0
        self._gap = BLOCK

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._boundary(tag)
        if tag in ("meta", "time", "html"):
            given = {name: value or "" for name, value in attributes}
            self.stated.append((tag, given, self._offset()))
        if self._unseen == ["head"] and tag not in _IN_HEAD:
            self._unseen.clear()  # a head without an end tag ends here and does not hide the page
        if tag in _VOID:
            return
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if tag not in _END_OPTIONAL:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise PageError(
                    f"expected tags nested at most {MAX_DEPTH} deep, found more at character {self._offset()} (<{tag}>)"
                )

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._boundary(tag)
        if tag == "script":
            self.stated.append(("script", {"text": "".join(self._script)}, self._offset()))
            self._script.clear()
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        if tag not in _VOID and tag not in _END_OPTIONAL:
            self._depth = max(0, self._depth - 1)

    def _boundary(self, tag: str) -> None:
        self._gap = max(self._gap, TAG if tag in _INLINE else CELL if tag in ("td", "th") else BLOCK)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """`<![` is a comment up to the next ">" (HTML Standard 13.2.5.42); the base class raises on unknown words."""
        end = self.rawdata.find(">", i + 3)
        return end + 1 if end >= 0 else -1

    def handle_data(self, data: str) -> None:
        if self._unseen:
            if self._unseen[-1] == "script":
                self._script.append(data)
            return
        for place, character in enumerate(data, self._offset()):
            self._see(character, place, place + 1)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def _reference(self, written: str) -> None:
        start = self._offset()
        end = start + len(written)
        if self.source[end : end + 1] == ";":
            written, end = written + ";", end + 1
        if not self._unseen:
            for character in html.unescape(written):
                self._see(character, start, end)

    def _see(self, character: str, start: int, end: int) -> None:
        if character.isspace():
            self._gap = max(self._gap, SPACE)
        for piece in _pieces(character):
            self.characters.append(piece)
            self.shown.append(character)
            self.starts.append(start)
            self.ends.append(end)
            self.gaps.append(self._gap)
            self._gap, character = JOINED, ""  # a decomposed character is shown once
