"""Names that come from outside and would become paths: in a bundle's folder, its manifests and its ZIP.

Guarantees: a name without trouble stays below the folder it is put under, on every system, and no two such names can
be written differently and mean one file but by letter case or Unicode form, which `folded` tells. A bundle has plain
names only, so whatever is refused here no honest writer makes.
"""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_NAME_BYTES: Final = 1024
_MAX_PART_BYTES = 255  # what common file systems take
_MAX_DEPTH = 16
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
_REFUSED = {
    "\\": "a backslash, which separates folders on some systems",
    ":": "a colon, which names a drive or a hidden stream on some systems",
    "%": "a percent sign, which a reader may decode into another name",
    "*": "a wildcard", "?": "a wildcard", "<": "a redirection", ">": "a redirection", "|": "a pipe", '"': "a quote",
}  # fmt: skip


def trouble(name: str) -> str | None:
    """Why `name` (parts joined by `/`) may not become a path below a folder; `None` when it may."""
    if not name or name.startswith(("/", "~")):
        return "is absolute or empty"
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return f"has more than {MAX_NAME_BYTES} bytes"
    if not (name.isascii() and name.isprintable()):
        for character in name:
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"):
                return f"holds the character U+{ord(character):04X}, which steers or hides"
        if unicodedata.normalize("NFC", name) != name:
            return "is not in Unicode's composed form, so another name could look and count as the same"
    for character, what in _REFUSED.items():
        if character in name:
            return f"holds {what}"
    parts = name.split("/")
    if len(parts) > _MAX_DEPTH:
        return f"goes more than {_MAX_DEPTH} folders deep"
    return next((why for part in parts if (why := _part(part)) is not None), None)


def folded(name: str) -> str:
    """The same for names that some file system takes for one."""
    return (
        name.lower() if name.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    )


def plain(name: str) -> bool:
    """Whether the name is its own folded form without looking it up, as all names are that Probanda writes but two."""
    return name.isascii() and name == name.lower()


def _part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "climbs out of its folder" if part == ".." else "has an empty part"
    if part != part.strip(" ") or part.endswith("."):
        return "has a part with a space around it or a dot at its end, which some systems take away"
    if part.partition(".")[0].lower() in _DEVICES:
        return "names a device on some systems"
    if len(part.encode("utf-8")) > _MAX_PART_BYTES:
        return f"has a part of more than {_MAX_PART_BYTES} bytes"
    return None
