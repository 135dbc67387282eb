"""Capture: one coming-in of bytes. A capture is not its blob.

Guarantees: adding the same bytes again gives another capture (its nonce differs), so that publication date, source,
conditions and name belong to the coming-in and never to the bytes. The id follows from everything that the log states
openly about the capture: the blob, or the salted commitment to it where the digest is protected. Name, source and note
reach the log as commitments only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.protection import Protection


@dataclass(frozen=True, slots=True)
class Capture:
    """`name`, `source` and `note` are `None` where none was given or the opening is withheld. `published` is EDTF
    text; `captured_at` is the entry's time; `seq` its place in the log. `protection` is the one in force; `stated` is
    the one at ingestion, where a person changed it since. `committed` is the commitment that stands in the log in place
    of `blob` and `size`; `None`: they stand there openly."""

    id: str
    blob: str
    size: int
    name: str | None
    source: str | None
    note: str | None
    published: str | None
    media_type_given: str | None
    protection: Protection
    captured_at: str
    seq: int
    nonce: str
    stated: Protection | None = None
    committed: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


def capture_id(
    *, blob: str, size: int, published: str | None, media_type: str | None, protection: Protection, nonce: str
) -> str:
    """`capture:` and the digest of what the log says openly; anybody can compute it again from the entry."""
    return identify(
        "capture",
        {
            "blob": blob,
            "size": size,
            "published": published,
            "media_type": media_type,
            "protection": to_json(protection),
            "nonce": nonce,
        },
    )


def committed_capture_id(
    *, committed: str, published: str | None, media_type: str | None, protection: Protection, nonce: str
) -> str:
    """As `capture_id`, where the log shows only the commitment to blob and size."""
    return identify(
        "capture",
        {
            "committed": committed,
            "published": published,
            "media_type": media_type,
            "protection": to_json(protection),
            "nonce": nonce,
        },
    )
