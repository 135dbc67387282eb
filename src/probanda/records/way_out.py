"""What somebody asks to let out of a case: which way, for whom, and exactly what.

Guarantees: who approves approves a list, not a wish: `only` names every item (or incident) that would go, sorted and
without repeats, so that what came into the case later was never approved; the digest of the canonical bytes is what an
approval is signed over. An approval for a list covers every part of that list and nothing beside it, since what is
withheld later must not need a new approval to stay inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.settings import WAYS, Way

Audience = Literal["internal", "court", "public"]  # most is given to the first, least to the last


@dataclass(frozen=True, slots=True)
class Asked:
    """`only` are ids of captures or, in an export of incidents, of these; `by` is the id of the agent who asks."""

    way: Way
    audience: Audience
    only: tuple[str, ...]
    by: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise ValueError(f"expected a way out among {', '.join(WAYS)}, found {self.way!r:.40}")
        if list(self.only) != sorted(set(self.only)):
            raise ValueError("expected the ids of what is asked for in order and each once, found another order")

    def lies_within(self, approved: Asked) -> bool:
        """Whether an approval of `approved` covers this."""
        same = (self.way, self.audience, self.by) == (approved.way, approved.audience, approved.by)
        return same and set(approved.only).issuperset(self.only)


def encode_asked(asked: Asked) -> bytes:
    """The bytes whose SHA-256 an approval names."""
    return canonical(to_json(asked))


def asked_digest(asked: Asked) -> str:
    return hashlib.sha256(encode_asked(asked)).hexdigest()


def parse_asked(data: bytes) -> Asked:
    """Raises `RecordError`."""
    try:
        return parse(Asked, parse_canonical(data), "request")
    except CanonicalError as error:
        raise RecordError(f"request: {error}") from error
