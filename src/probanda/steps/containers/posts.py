"""Mail: a mailbox (RFC 4155) gives its messages, a message (RFC 5322, 2045 to 2047) its attachments.

Guarantees: a message out of a mailbox, and one attached to another, is the very bytes between its borders; a line that
the mailbox escaped (">From ") stays escaped, since nothing says by which of its dialects. What a message says itself
(its parts of text or HTML without a file name) is no member: the step `text` reads it. Everything else is one, decoded
from base64 or quoted-printable; what does not decode is refused. Only header fields go through the mail library, 64 KiB
of them at most, so that no message can keep it busy.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser

from probanda.steps.containers.found import Budget, Found, Refused

_HEADER_BYTES = 65_536
_DEPTH = 50  # of parts within parts of one message; arbitrary, mail programs make four or five
_BORDER = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*(?:\n|\Z)")
_POSTMARK = re.compile(
    rb"From .*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d{1,2}:\d\d.*\b\d{4}\b|From .*\b\d{4}\b.*\d{1,2}:\d\d"
)
_BLANK = re.compile(rb"\r?\n\r?\n")
# For parts without a name, so that a reader knows what to open them with.
_EXTENSIONS = {
    "application/pdf": ".pdf", "image/gif": ".gif", "image/jpeg": ".jpg", "image/png": ".png",
    "message/rfc822": ".eml", "text/calendar": ".ics", "text/csv": ".csv", "text/html": ".html", "text/plain": ".txt",
}  # fmt: skip


def members_of_mailbox(data: bytes, budget: Budget) -> Iterator[Found]:
    """A line "From " after a blank line begins a message where it has a day and a time, as the first one has; in a
    mailbox whose first one has none, every such line does."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    borders = list(_BORDER.finditer(data))
    if borders and _POSTMARK.match(borders[0].group()):
        borders = [border for border in borders if _POSTMARK.match(border.group())]
    for number, border in enumerate(borders, start=1):
        budget.entry()
        last = number == len(borders)
        stretch = data[border.end() : len(data) if last else borders[number].start()]
        if not last:  # the blank line before the next message belongs to the mailbox
            stretch = stretch.removesuffix(b"\n").removesuffix(b"\r")
        name = f"message {number:05d}.eml"
        try:
            yield Found(name, budget.plain(memoryview(stretch)), size=len(stretch))
        except Refused as error:
            yield Found(name, None, str(error), size=len(stretch))


def members_of_message(data: bytes, budget: Budget) -> Iterator[Found]:
    waiting = [(0, len(data), "", 0)]  # start, end, number of the part, depth
    while waiting:
        start, end, number, depth = waiting.pop()
        budget.entry()
        fields, body = _header(data, start, end)
        kind = fields.get_content_type()
        border = _text(fields.get_param("boundary")) if fields.get_content_maintype() == "multipart" else ""
        if border and depth < _DEPTH:
            parts = [*_parts(data, body, end, border.encode("utf-8", "replace"))]
            numbered = [
                (*part, f"{number}.{place}".lstrip("."), depth + 1) for place, part in enumerate(parts, start=1)
            ]
            waiting += reversed(numbered)
            continue
        name = _file_name(fields)
        attached = fields.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not attached and name is None:
            continue
        stored = name or f"part {number or 1}{_EXTENSIONS.get(kind, '.bin')}"
        try:
            decoded = _decoded(data, body, end, _text(fields.get("content-transfer-encoding")).strip().lower())
            yield Found(stored, budget.plain(memoryview(decoded)))
        except Refused as error:
            yield Found(stored, None, str(error))


def _header(data: bytes, start: int, end: int) -> tuple[Message, int]:
    """The header fields of the part [start, end), and where its body begins."""
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":  # no fields at all
        return Message(), start + (1 if data[start : start + 1] == b"\n" else 2)
    blank = _BLANK.search(data, start, end)
    body = blank.end() if blank else end
    return BytesHeaderParser().parsebytes(data[start : min(body, start + _HEADER_BYTES)]), body


def _parts(data: bytes, start: int, end: int, border: bytes) -> Iterator[tuple[int, int]]:
    """Where the parts of a multipart body lie (RFC 2046, 5.1.1). The line end before a border belongs to it."""
    line = re.compile(rb"(?<![^\n])--" + re.escape(border) + rb"(--)?[ \t]*\r?(?:\n|\Z)")
    begun: int | None = None
    for found in line.finditer(data, start, end):
        if begun is not None:
            before = found.start()
            before -= data[before - 1 : before] == b"\n"
            before -= data[before - 1 : before] == b"\r"
            yield begun, max(begun, before)
        begun = None if found.group(1) else found.end()
        if begun is None:
            return
    if begun is not None:  # the last border is missing: the message was cut
        yield begun, end


def _decoded(data: bytes, start: int, end: int, encoding: str) -> bytes:
    stretch = data[start:end]
    if encoding == "base64":
        try:
            return binascii.a2b_base64(stretch)
        except binascii.Error as error:
            raise Refused(f"expected base64 as its header says, found what is none ({error}): it may be cut") from error
    if encoding == "quoted-printable":
        return quopri.decodestring(stretch)
    if encoding in ("", "7bit", "8bit", "binary"):
        return stretch
    raise Refused(f"it is encoded in a way that is not read here ({encoding:.40})")


def _file_name(fields: Message) -> str | None:
    try:
        name = fields.get_filename()
        return (str(make_header(decode_header(_text(name)))) or None) if name else None
    except (MessageError, LookupError, ValueError):
        return _text(fields.get_param("filename", header="content-disposition")) or "unnamed"


def _text(value: object) -> str:
    """A value of a header field as text that can be kept: RFC 2231 gives triples, raw bytes give surrogates."""
    if isinstance(value, tuple):
        value = value[-1]
    return "" if value is None else str(value).encode("utf-8", "replace").decode("utf-8")
