"""The page taken apart into blocks for paper: what stands on the page stands on the sheet, and nothing else.

Guarantees: the only input is a page that `page.html` made; text goes over as text, never as markup of the typesetter; a
link is kept where its target is on the sheets too; a preserved text keeps every line break. Characters that turn the
direction of writing or cannot be seen are written by name. The list of contents is left to the typesetter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from probanda.records.canonical import Json

_VOID: Final = frozenset({"meta", "br", "hr", "wbr", "col"})
_SKIPPED: Final = frozenset({"nav", "footer", "style", "head", "title"})
_INLINE: Final = frozenset(
    {"a", "b", "bdi", "q", "span", "small", "code", "time", "br", "mark", "svg", "dt", "dd", "li", "th", "td"}
)
_UNSHOWN: Final = frozenset(
    {"statements", "events", "checks", "labels", "judgements", "items", "failures", "procedures"}
)
_LONG_WORD: Final = re.compile(r"\S{41,}")
_QUOTES: Final = {"en": ("“", "”"), "uk": ("«", "»")}

Run = dict[str, Json]


@dataclass(slots=True)
class _Node:
    tag: str
    given: dict[str, str | None]
    children: list[_Node | str] = field(default_factory=list)

    def has(self, class_: str) -> bool:
        return class_ in (self.given.get("class") or "").split()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("root", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, dict(attrs))
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(_Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def blocks(page: str, language: str) -> list[Json]:
    """The page's blocks in order, each with its text in runs."""
    drawings: list[str] = []

    def put_by(found: re.Match[str]) -> str:
        drawings.append(found.group())
        return f'<svg class="{len(drawings) - 1}"></svg>'

    reader = _Reader()
    reader.feed(re.sub(r"<svg .*?</svg>", put_by, page, flags=re.DOTALL))
    reader.close()
    writer = _Writer(drawings, _QUOTES.get(language, _QUOTES["en"]))
    out = list(writer.walk(reader.root))
    return _linked(out)


class _Writer:
    def __init__(self, drawings: list[str], quotes: tuple[str, str]) -> None:
        self._drawings = drawings
        self._quotes = quotes

    def walk(self, node: _Node) -> Iterator[Json]:
        for child in node.children:
            if isinstance(child, _Node) and child.tag not in _SKIPPED and not child.has("skip"):
                yield from self._block(child)

    def _block(self, node: _Node) -> Iterator[Json]:
        anchors = _anchors(node)
        if node.has("banner"):
            return  # stands in the head of every sheet
        if node.tag in ("h1", "h2", "h3", "h4"):
            runs = [run for run in self._runs(node) if "br" not in run]
            yield {"k": "h", "level": int(node.tag[1]), "runs": [*anchors, *runs]}
        elif node.tag == "p":
            yield self._paragraph(node, anchors)
        elif node.tag == "table":
            yield self._table(node)
        elif node.tag == "ul":
            items = [[*_anchors(one), *self._runs(one)] for one in _nodes(node, "li")]
            yield {"k": "list", "items": items}
        elif node.tag == "dl":
            names, values = _nodes(node, "dt"), _nodes(node, "dd")
            pairs = [[self._runs(dt), self._runs(dd)] for dt, dd in zip(names, values, strict=True)]
            yield {"k": "dl", "items": pairs}
        elif node.tag == "figure":
            yield self._figure(node)
        elif node.has("preserved"):
            yield from self._preserved(node)
        elif node.tag in _INLINE:
            yield {"k": "p", "style": "", "n": "", "runs": [*anchors, *self._runs(node)]}
        else:
            box = node.has("incident")
            if box:
                yield {"k": "box", "style": "proposal" if node.has("proposal") else "incident", "runs": anchors}
            elif anchors:
                yield {"k": "p", "style": "anchor", "n": "", "runs": anchors}
            yield from self.walk(node)
            if box:
                yield {"k": "end"}

    def _paragraph(self, node: _Node, anchors: list[Run]) -> Json:
        style = next((name for name in ("num", "finding", "kicker", "legend", "lead", "mark") if node.has(name)), "")
        if style != "num":
            return {"k": "p", "style": style, "n": "", "runs": [*anchors, *self._runs(node)]}
        number, text = [child for child in node.children if isinstance(child, _Node)]
        return {"k": "p", "style": style, "n": _text(number), "runs": [*anchors, *self._runs(text)]}

    def _table(self, node: _Node) -> Json:
        parts = {child.tag: child for child in node.children if isinstance(child, _Node)}
        head = [self._runs(cell) for row in _nodes(parts["thead"], "tr") for cell in row.children
                if isinstance(cell, _Node)]  # fmt: skip
        rows = []
        for row in _nodes(parts["tbody"], "tr"):
            cells = [self._runs(cell) for cell in row.children if isinstance(cell, _Node)]
            cells[0] = [*_anchors(row), *cells[0]]
            rows.append(cells)
        class_ = (node.given.get("class") or "").split()
        shown = "caption" in parts and not _UNSHOWN.intersection(class_)  # where the heading says the same
        caption = self._runs(parts["caption"]) if shown else []
        return {"k": "table", "class": class_[0] if class_ else "", "apart": "apart" in class_, "rows": rows,
                "caption": caption, "head": head}  # fmt: skip

    def _figure(self, node: _Node) -> Json:
        caption = [run for one in _nodes(node, "figcaption") for run in self._runs(one)]
        (drawing,) = _nodes(node, "svg")
        return {"k": "svg", "svg": self._drawing(drawing), "caption": caption}

    def _drawing(self, node: _Node) -> str:
        svg = self._drawings[int(node.given["class"] or "0")]
        svg = re.sub(r'font-family="[^"]*"', 'font-family="Libertinus Serif"', svg, count=1)
        return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    def _preserved(self, node: _Node) -> Iterator[Json]:
        for child in node.children:
            if isinstance(child, _Node):
                runs = [*_anchors(child), *self._runs(child, exact=True)]
                while runs and runs[-1].get("br"):
                    runs.pop()
                if runs:
                    yield {"k": "para", "n": child.given.get("data-n") or "", "runs": runs}

    def _runs(self, node: _Node, exact: bool = False, **style: Json) -> list[Run]:
        """The text of an element as runs of one style each; a `div` inside begins a new line."""
        out: list[Run] = []
        for child in node.children:
            if isinstance(child, str):
                out += _plain(child, exact, style)
            elif child.tag == "br":
                out.append({"br": True})
            elif child.tag == "svg":
                out.append({"svg": self._drawing(child)})
            elif child.has("ctl"):
                name = child.given.get("data-c")
                out += _plain(f"[{name}]" if name else _text(child), exact, {**style, "m": True})
            else:
                out += self._element(child, exact, style)
        return out

    def _element(self, node: _Node, exact: bool, style: dict[str, Json]) -> list[Run]:
        given: dict[str, Json] = dict(style)
        if node.tag == "b" or any(node.has(name) for name in ("fig", "owner", "ln", "type", "sn")):
            given["b"] = True
        if node.tag == "small" or node.has("mark"):
            given["s"] = True
        if node.tag == "code":
            given["m"] = True
        if node.tag == "mark":
            given["u"] = True
        if node.has("none") or node.has("machine"):
            given["i"] = True
        if node.tag == "a":
            given["l"] = (node.given.get("href") or "")[1:]
        runs = [*_anchors(node), *self._runs(node, exact, **given)]
        if node.tag == "q":
            runs = [*_plain(self._quotes[0], True, given), *runs, *_plain(self._quotes[1], True, given)]
        if node.tag == "mark" and node.given.get("data-lines"):
            runs.append({"t": node.given["data-lines"], "sup": True})
        if node.tag in ("div", "li", "ul", "p", "dd", "dt") or node.has("ln") or node.has("which"):
            runs = [*runs, {"br": True}]
        elif node.has("mark") and node.tag == "span":
            runs = [{"t": " "}, *runs, {"t": " "}]
        return runs


def _anchors(node: _Node) -> list[Run]:
    identity = node.given.get("id")
    return [{"id": identity}] if identity else []


def _nodes(node: _Node, tag: str) -> list[_Node]:
    return [child for child in node.children if isinstance(child, _Node) and child.tag == tag]


def _text(node: _Node) -> str:
    return "".join(child if isinstance(child, str) else _text(child) for child in node.children)


def _plain(text: str, exact: bool, style: dict[str, Json]) -> list[Run]:
    """Runs of a text; long words get places where a line may end, which are no characters of the text."""
    out: list[Run] = []
    lines = re.split(r"\r\n|[\r\n\u2028\u2029]", text) if exact else [text]
    for n, line in enumerate(lines):
        if n:
            out.append({"br": True})
        if line:
            out.append({"t": _LONG_WORD.sub(_breakable, line), **style})
    return out


def _breakable(found: re.Match[str]) -> str:
    word = found.group()
    return "\u200b".join(word[n : n + 16] for n in range(0, len(word), 16))


def _linked(given: list[Json]) -> list[Json]:
    """Links whose target is not on the sheets (the list of contents, say) become plain text; each id stands once."""
    ids = {run["id"] for run in _every_run(given) if "id" in run}
    for run in _every_run(given):
        if run.get("l") not in ids:
            run.pop("l", None)
    return given


def _every_run(value: object) -> Iterator[Run]:
    if isinstance(value, dict):
        if not value.keys().isdisjoint(("t", "id", "br", "svg")) and "k" not in value:
            yield value
        else:
            for part in value.values():
                yield from _every_run(part)
    elif isinstance(value, list):
        for part in value:
            yield from _every_run(part)
