"""identify: what a blob is, by its content and never by its name.

Guarantees: every input gets an identity; a name, an extension or what a server said plays no part, since they are
what somebody wanted us to think. Bytes that are no text of a known kind are `application/octet-stream`, whatever
they are called; nothing at all is `application/x-empty`. The output, role `identity`, is canonical JSON:

    {"basis":"...","confidence":1,"declared":null,"delimiter":null,"encoding":"utf-8","encrypted":null,
     "media_type":"text/plain","size":2326}

`encoding`, `confidence` and `declared` are `null` unless it is text; `delimiter` is the character that parts the fields
of a table in text (`delimited.py`). `encrypted` is `true` where the container says so: an Office file under a password
(`ole.py`), an archive with encrypted members; `null`: not found out here (a PDF says so further in). Does not claim
that the file is sound: a PDF cut in half begins like a whole one. Sources: `tables/signatures.tsv`; for HTML the MIME
Sniffing Standard, 7.1; for mail `mail.py`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.steps import ole
from probanda.steps.delimited import delimited
from probanda.steps.encoding import codec, detect
from probanda.steps.mail import MESSAGE, mail
from probanda.steps.step import Step, StepOutput, StepResult, succeeded
from probanda.steps.tables import table, table_digest

_HEAD_BYTES = 4096
_TABLE_BYTES = 262_144  # arbitrary: what `delimited` looks at, in any encoding

# MIME Sniffing Standard 7.1: these, in any case, after white space, followed by a space or ">".
_HTML = re.compile(
    r"(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
    r"(?:<!doctype html|<(?:html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)(?=[\s>]))",
    re.IGNORECASE | re.DOTALL,
)

# Control characters that no text has. Tab, line feed, form feed, carriage return and escape are in old text files.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27}) + b"\x7f"

# What a ZIP archive is, by a member that its specification requires (ISO/IEC 29500-2, annex on package relationships).
_PACKAGES = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    identity = identify(data)
    return succeeded(StepOutput("identity", canonical(identity), "application/json"), facts=identity)


def identify(data: bytes) -> dict[str, Json]:
    """The identity of `data`, as the output's JSON."""
    if not data:
        return _identity("application/x-empty", "it has no bytes", data)
    known = _by_signature(data)
    if known == ole.UNKNOWN:
        kind, encrypted = ole.media_type(data)
        basis = "signature; it holds an encrypted Office Open XML package" if encrypted else "signature and streams"
        return {**_identity(kind, basis, data), "encrypted": encrypted or None}
    if known == "application/zip":
        kind, encrypted = _package(data)
        return {**_identity(kind, "signature", data), "encrypted": encrypted or None}
    if known is not None:
        return _identity(known, "signature", data)
    post = mail(data)
    if post is not None:
        fields = "header fields of RFC 5322"
        return _identity(post, fields if post == MESSAGE else f'a "From " line and {fields}', data)
    return _as_text(data) or _identity("application/octet-stream", "neither text nor a known signature", data)


def _identity(media_type: str, basis: str, data: bytes) -> dict[str, Json]:
    return {
        "basis": basis,
        "confidence": None,
        "declared": None,
        "delimiter": None,
        "encoding": None,
        "encrypted": None,
        "media_type": media_type,
        "size": len(data),
    }


def _by_signature(data: bytes) -> str | None:
    for media_type, offset, pattern in _signatures():
        if pattern.match(data, offset):
            return media_type
    return None


@cache
def _signatures() -> tuple[tuple[str, int, re.Pattern[bytes]], ...]:
    found = []
    for row in table("signatures.tsv"):
        pairs = [row["hex"][place : place + 2] for place in range(0, len(row["hex"]), 2)]
        pattern = b"".join(b"." if pair == "??" else re.escape(bytes.fromhex(pair)) for pair in pairs)
        found.append((row["media_type"], int(row["offset"]), re.compile(pattern, re.DOTALL)))
    return tuple(found)


def _package(data: bytes) -> tuple[str, bool]:
    """OpenDocument and EPUB put a stored member `mimetype` first; Office Open XML is known by its folders. And whether
    a member is encrypted (PKWARE APPNOTE 4.4.4, bit 0)."""
    if data[30:38] == b"mimetype":
        stated = re.match(rb"application/[\w.+-]{1,80}", data[38:160])
        if stated:
            return stated.group().removesuffix(b"PK").decode("ascii"), False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return "application/zip", False
    names = [member.filename for member in members]
    if "[Content_Types].xml" in names:
        for folder, media_type in _PACKAGES:
            if any(name.startswith(folder) for name in names):
                return media_type, False
    return "application/zip", any(member.flag_bits & 1 for member in members)


def _as_text(data: bytes) -> dict[str, Json] | None:
    """The identity of `data` as text, or `None` where it is none: one NUL outside UTF-16 is enough, and so is one
    control character in five hundred (arbitrary; old text files have a few)."""
    encoding = detect(data)
    if not encoding.name.startswith("utf-16"):
        controls = len(data) - len(data.translate(None, _CONTROL))
        if b"\0" in data or controls * 500 > len(data) or encoding.confidence < 0.5:
            return None
    head = data[:_HEAD_BYTES].decode(codec(encoding.name) or "utf-8", "replace").lstrip("\ufeff")
    media_type, basis, delimiter = "text/plain", encoding.basis, None
    if _HTML.match(head) is not None:
        media_type = "text/html"
    elif head.lstrip().startswith("<?xml"):
        media_type = "text/html" if "<html" in head else "application/xml"
    else:
        sample = data[:_TABLE_BYTES].decode(codec(encoding.name) or "utf-8", "replace").lstrip("\ufeff")
        rows = delimited(sample)
        if rows is not None:
            delimiter = rows.delimiter
            media_type = "text/tab-separated-values" if delimiter == "\t" else "text/csv"
            basis += f"; {rows.rows} of {rows.sampled} rows have {rows.columns} fields between {delimiter!r}"
            basis += f", others between {' '.join(map(repr, rows.others))}" if rows.others else ""
    return {
        **_identity(media_type, basis, data),
        "delimiter": delimiter,
        "confidence": encoding.confidence,
        "declared": encoding.declared,
        "encoding": encoding.name,
    }


def _resources() -> Mapping[str, str]:
    return {name: table_digest(name) for name in ("encodings.tsv", "signatures.tsv")}


STEP = Step(
    "identify",
    "2",
    _run,
    timeout_s=60.0,
    description="media type and character encoding, by content",
    resources=_resources,
)
