"""Mail: the header fields that say who wrote to whom, when and about what, then the words of the message.

Guarantees: a line for each of those fields with its name, decoded (RFC 2047), in a fixed order; then the body in plain
text, else the HTML body as the reader of pages gives it, each a region of its part. A character set that is unknown or
contradicted by the bytes is recorded, and the bytes are read in the encoding that they look like. Attachments and
forwarded messages are counted and are no part of this text. What header fields say can be forged.
Refuses messages nested too deep, and messages that show no text. Sources: RFC 5322, 2045 to 2047, 2183.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from probanda.records.canonical import Json
from probanda.steps.encoding import by_label, codec, detect
from probanda.steps.readers.frozen import Frozen, NothingToReadError, ReadError, Scroll, one_line, shown
from probanda.steps.readers.html import read_page

FIELDS = ("From", "To", "Cc", "Date", "Subject", "Message-ID")
MAX_PARTS = 10_000  # arbitrary: a message of a thousand pictures has a tenth
_FIELD_CHARS = 20_000  # arbitrary: of one header field; a list of a thousand recipients


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
        parts = list(_parts(message))
    except (RecursionError, MessageError, LookupError, ValueError, AttributeError, TypeError) as error:
        raise ReadError(
            f"expected a message, found parts that cannot be told apart: {error or 'nested too deep'}"
        ) from error
    scroll = Scroll()
    for name in FIELDS:
        value = _field(message, name)
        if value:
            scroll.part("\n" if scroll.length else "")
            scroll.add(f"{name}: {value}", _at(f"header:{name}"))
    faults: list[Json] = []
    basis = "header fields"
    body, kind = _body(parts, faults)
    if body:
        scroll.part("\n\n" if scroll.length else "")
        scroll.add(body, _at(f"body:{kind}"))
        basis += f" and {kind} body"
    counts: dict[str, Json] = {
        "attachments": sum(_is_attached(part) for part in parts),
        "charset_errors": faults,
        "parts": len(parts),
    }
    if not scroll.length:
        raise NothingToReadError("the message holds neither header fields to show nor a body of text", counts)
    return Frozen(scroll.text, basis, regions=tuple(scroll.regions), counts=counts)


def _at(part: str) -> dict[str, Json]:
    return {"kind": "part", "part": part}


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every part but those of messages inside this one, in order."""
    waiting: list[EmailMessage] = [message]
    found = 0
    while waiting:
        part = waiting.pop()
        found += 1
        if found > MAX_PARTS:
            raise ReadError(f"expected at most {MAX_PARTS:,} parts in a message, found more")
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting += [one for one in reversed(inner) if isinstance(one, EmailMessage)]


def _field(message: EmailMessage, name: str) -> str:
    """The field's value on one line; as it is written where it cannot be decoded."""
    try:
        value = message[name]
        return "" if value is None else one_line(str(value))[:_FIELD_CHARS]
    except (LookupError, ValueError, AttributeError, TypeError):
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return one_line(raw.encode("ascii", "backslashreplace").decode())[:_FIELD_CHARS]


def _is_attached(part: EmailMessage) -> bool:
    if part.get_content_maintype() == "multipart":
        return False
    return part.get_content_disposition() == "attachment" or _named(part) or part.get_content_maintype() == "message"


def _named(part: EmailMessage) -> bool:
    try:
        return part.get_filename() is not None
    except (LookupError, ValueError, AttributeError, TypeError):
        return True


def _body(parts: list[EmailMessage], faults: list[Json]) -> tuple[str, str]:
    """The text of the first plain body, else of the first page; and its kind."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind or _is_attached(part):
                continue
            text, encoding = _decoded(part, faults)
            if kind == "text/html" and text.strip():
                try:
                    text = read_page(text, encoding).text
                except ReadError as error:
                    faults.append(f"text/html: {error}")
                    continue
            lines = (line.rstrip() for line in shown(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))
            text = "\n".join(lines).strip("\n")
            if text.strip():
                return text, kind
    return "", ""


def _decoded(part: EmailMessage, faults: list[Json]) -> tuple[str, str]:
    """The part's characters and their encoding."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        stated = part.get_content_charset()
    except (LookupError, ValueError, AttributeError, TypeError):
        stated = "unreadable"
    if data.isascii() and stated in (None, "us-ascii", "ascii"):
        return data.decode("ascii"), "utf-8"
    # What a message calls ASCII, or calls nothing, and is not ASCII (RFC 2045 5.2), has no character set stated.
    known = by_label(stated) if stated not in (None, "us-ascii", "ascii") else None
    name = codec(known) if known is not None else None
    if name is not None and known is not None:
        try:
            return data.decode(name), known
        except UnicodeDecodeError as error:
            what = f"byte {error.start} does not decode"
    else:
        what = "no known character set"
    seems = detect(data)
    guessed = codec(seems.name) or "utf-8"
    text = data.decode(guessed, "replace")
    lost = text.count("\ufffd") - data.count("\ufffd".encode())
    loss = f", {lost} bytes without meaning" if lost > 0 else ""
    named = "nothing" if stated is None else repr(stated[:40])
    faults.append(f"{part.get_content_type()}: stated {named}, {what}; read as {seems.name}{loss}")
    return text, seems.name
