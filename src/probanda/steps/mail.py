"""Whether bytes are a mail message or a mailbox, by how they begin.

Guarantees: a message needs the two header fields that RFC 5322 3.6 requires, a sender and a date, among lines that are
all header fields up to the first blank line, and something that only mail has: an identification or transport field, or
an address and a date in the form of RFC 5322 3.3. So a memorandum that begins "From: the director" stays a text. A
mailbox (RFC 4155) is a "From " line with an address and a year, followed by header fields.
"""

from __future__ import annotations

import re
from email.utils import parsedate_tz

MESSAGE, MAILBOX = "message/rfc822", "application/mbox"
_HEAD_BYTES = 65_536  # arbitrary: long chains of Received lines fit
_FIELD = re.compile(rb"([!-9;-~]{1,77}):(.*)")  # RFC 5322 2.2: printable, no colon
_POSTMARK = re.compile(rb"From \S+(?:[ \t].*)?\b\d{4}\b.*\r?\n")
_ONLY_MAIL = frozenset(
    b"message-id mime-version received return-path content-type delivered-to dkim-signature x-received "
    b"arc-seal authentication-results".split()
)


def mail(data: bytes) -> str | None:
    """`message/rfc822`, `application/mbox`, or `None`."""
    head = data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    postmark = _POSTMARK.match(head)
    if postmark is not None:
        return MAILBOX if _fields(head[postmark.end() :]) else None
    fields = _fields(head)
    if b"from" not in fields or not fields.keys() & {b"date", b"received"}:
        return None
    if fields.keys() & _ONLY_MAIL:
        return MESSAGE
    date = fields.get(b"date", b"").decode("ascii", "replace")
    return MESSAGE if b"@" in fields[b"from"] and parsedate_tz(date) is not None else None


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The header fields, names in lower case; none where a line before the first blank one is no field."""
    found: dict[bytes, bytes] = {}
    lines = head.split(b"\n")
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if not line:
            return found
        if line[:1] in b" \t" and found:
            continue
        match = _FIELD.fullmatch(line)
        if match is None:
            cut = number == len(lines) - 1 and len(head) == _HEAD_BYTES
            return found if cut else {}
        found.setdefault(match.group(1).lower(), match.group(2))
    return found
