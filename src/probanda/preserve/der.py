"""The little of DER (X.690) that time stamping needs beside the libraries: writing a request, ordering certificates.

Guarantees: `elements` never reads beyond what it is given and raises `ValueError` alone. Why the order: DER wants the
certificates of a token sorted, some authorities send them as they come, openssl takes both and `rfc3161-client` the
sorted ones only. The certificates are covered by no signature of the token, so a sorted copy proves the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

INTEGER: Final = 0x02
OCTETS: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
BOOLEAN: Final = 0x01
SEQUENCE: Final = 0x30
CERTIFICATES: Final = 0xA0  # [0] of a SignedData, and of whatever else has a first optional part


def element(tag: int, *parts: bytes) -> bytes:
    """One element with the content `parts`."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    """A number of 0 or more."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def elements(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The elements side by side in `content`: tag, the whole element, its content. Raises `ValueError`."""
    place = 0
    while place < len(content):
        if place + 2 > len(content):
            raise ValueError("an element without a length")
        tag, length, start = content[place], content[place + 1], place + 2
        if tag & 0x1F == 0x1F or length == 0x80 or length > 0x84:
            raise ValueError("a tag or length of a form that no time stamp has")
        if length > 0x80:
            width = length & 0x7F
            length, start = int.from_bytes(content[start : start + width], "big"), start + width
        if start + length > len(content):
            raise ValueError("an element that is longer than what holds it")
        yield tag, content[place : start + length], content[start : start + length]
        place = start + length


def with_sorted_certificates(response: bytes) -> bytes:
    """A TimeStampResp with the certificates of its token in DER's order; as it is where it is none. Never raises."""
    try:
        [(_, _, whole)] = elements(response)
        status, token = elements(whole)
        kind, wrapped = elements(token[2])
        [(_, _, signed)] = elements(wrapped[2])
        parts = [
            element(tag, *sorted(one for _, one, _ in elements(content))) if tag == CERTIFICATES else part
            for tag, part, content in elements(signed)
        ]
    except ValueError:  # also from an element too many or too few
        return response
    inner = element(wrapped[0], element(SEQUENCE, *parts))
    return element(SEQUENCE, status[1], element(SEQUENCE, kind[1], inner))
