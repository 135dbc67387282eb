"""The path of a member: what its container calls it, in a form in which it can do nothing.

Guarantees: a path is a name on a list and is never opened or written to. In the safe form there is no step upwards, no
root, no drive letter and no character that steers a terminal or ends a string; "/" alone parts folders. The stored form
keeps what the container holds: as text where that is UTF-8, and else each byte that is none of printable ASCII as "%"
and two hexadecimal digits ("%" itself as "%25").
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 1_000  # characters of a path shown; arbitrary, longer than file systems allow for one name
_UNNAMED = "unnamed"
_DRIVE = re.compile(r"[A-Za-z]:")


def safe_path(stored: bytes | str, encoding: str | None = None) -> tuple[str, str | None]:
    """The path in safe form, and the stored form where that differs."""
    text, raw = _texts(stored, encoding)
    kept: list[str] = []
    for part in text.replace("\\", "/").split("/"):
        while not kept and _DRIVE.match(part):
            part = part[2:]
        if part not in ("", ".", ".."):
            kept.append(_printable(part))
    path = _cut("/".join(kept)) or _UNNAMED
    return path, None if path == raw else _cut(raw, 4 * LONGEST)


def _texts(stored: bytes | str, encoding: str | None) -> tuple[str, str]:
    if isinstance(stored, str):
        text = stored.encode("utf-8", "replace").decode("utf-8")
        return text, text
    try:
        text = stored.decode("utf-8")
    except UnicodeDecodeError:
        escaped = "".join(chr(byte) if 32 <= byte < 127 and byte != 37 else f"%{byte:02X}" for byte in stored)
        return stored.decode(encoding or "cp437", "replace"), escaped
    return text, text


def _printable(part: str) -> str:
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char for char in part)


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
