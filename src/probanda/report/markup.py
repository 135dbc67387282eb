"""HTML that cannot be broken by what it holds.

Guarantees: text becomes markup only by escaping; an element's attributes are of a short list, and a link leads only to
a place in the same page; control and direction characters are shown by name instead of acting (a right-to-left override
can make "gnp.exe" read as "exe.png"). `visible` is for names and titles; `exact` keeps every character of a preserved
text, so that the text content of the page equals the text. Refuses (`ValueError`) every attribute that is not on the
list: `on…`, `style` and `src` are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ATTRIBUTES: Final = frozenset(
    {"id", "class", "lang", "dir", "scope", "href", "open", "datetime", "colspan", "headers", "title", "content",
     "name", "charset", "http-equiv", "aria-label", "aria-labelledby", "data-lines", "data-c", "data-n", "data-label",
     "role"}
)  # fmt: skip
_VOID: Final = frozenset({"meta", "br", "hr", "wbr", "col"})
_NAMES: Final = {
    "\0": "NUL", "\x1b": "ESC", "\x7f": "DEL", "\u00ad": "soft hyphen", "\u061c": "U+061C", "\u200b": "U+200B",
    "\ufeff": "U+FEFF",
}  # fmt: skip
# C0 and C1 controls but tab and line breaks; marks, overrides and isolates of direction; separators; characters of no
# width; tags; non-characters; surrogates. Joiners (U+200C, U+200D) are letters' business and stay.
_UNSEEN: Final = (
    "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
_VISIBLE: Final = re.compile(f"[&<>\"'\t\r\n]|[{_UNSEEN}]")
_EXACT: Final = re.compile(f"[&<>\r]|[{_UNSEEN}]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_UNCARRIED: Final = re.compile("[\0\ud800-\udfff]")  # HTML has no way to write these


class Html(str):
    """Markup, made by this module only; every other text is escaped."""

    __slots__ = ()


Child = Html | str | int | None | Iterable["Child"]


def el(tag: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """The element. Attribute names: `class_` is `class`, `_` is `-`; a value of `None` or `False` leaves it out."""
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value not in (None, False))
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: Child) -> Html:
    return Html("".join(_markup(child) for child in children))


def _markup(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, (str, int)):
        return visible(str(child))
    return "".join(_markup(one) for one in child)


def visible(text: str) -> Html:
    """The text for a name, title or cell: controls by name, line breaks as a sign."""
    return Html(_VISIBLE.sub(_show, text))


def plain(text: str) -> str:
    """The text with its controls by name, for where no element may stand (the page's title, an attribute)."""
    return re.sub(f"[\t\r\n]|[{_UNSEEN}]", lambda match: f"[{control_name(match.group())}]", text)


def exact(text: str) -> Html:
    """The text, every character kept; controls carry their name beside them and their direction ends with them. NUL and
    lone surrogates, which HTML cannot carry, are U+FFFD."""
    return Html(_EXACT.sub(_keep, text))


def uncarried(text: str) -> int:
    """How many characters of `text` `exact` had to replace."""
    return len(_UNCARRIED.findall(text))


def bdi(text: str | None) -> Html:
    """Source text inside our sentence: its direction stays its own."""
    return el("bdi", text) if text else Html("")


def link(anchor: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    return el("a", *children, href=f"#{anchor}", **attributes)


def control_name(char: str) -> str:
    return _NAMES.get(char) or {"\n": "line break", "\r": "CR", "\t": "tab"}.get(char) or f"U+{ord(char):04X}"


def _attribute(name: str, value: object) -> str:
    name = name.rstrip("_").replace("_", "-")
    if name not in _ATTRIBUTES:
        raise ValueError(f"the attribute {name!r} is not one that a case file may carry")
    if name == "href" and not re.fullmatch(r"#[A-Za-z0-9-]+", str(value)):
        raise ValueError(f"expected a link inside the page, found {value!r}")
    if value is True:
        return f" {name}"
    return f' {name}="{plain(str(value)).translate(_QUOTED)}"'


_QUOTED: Final = {ord(char): entity for char, entity in _ENTITIES.items()}


def _show(match: re.Match[str]) -> str:
    char = match.group()
    entity = _ENTITIES.get(char)
    return entity or f'<span class="ctl">[{control_name(char)}]</span>'


def _keep(match: re.Match[str]) -> str:
    char = match.group()
    if char in _ENTITIES:
        return _ENTITIES[char]
    if char == "\r":
        return "&#13;"
    kept = "\ufffd" if _UNCARRIED.match(char) else char
    return f'<span class="ctl" data-c="{control_name(char)}">{kept}</span>'
