"""Judgement: what a person decided about named records, with the reason.

Guarantees: a judgement pins the ids it is about, is superseded but never edited, and its id follows from its content.
The nonce makes the digest of a judgement impossible to guess from a likely text, because the log names the digest
openly while the reason stays in the blob.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from probanda.records.canonical import CanonicalError, Json, canonical, identify, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import parse_time, require_hex64

Decision = Literal["confirmed", "corrected", "rejected", "undecided"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`correction` holds the corrected fields and their values where the decision is "corrected", else `None`; `by` is
    the agent id of the person; `at` is a time as entries write it; `supersedes` is the id of an earlier judgement."""

    id: str
    about: tuple[str, ...]
    decision: Decision
    reason: str
    correction: Mapping[str, Json] | None
    by: str
    at: str
    supersedes: str | None
    nonce: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.about:
            raise ValueError("a judgement is about at least one record; found none")
        if self.decision not in get_args(Decision):
            raise ValueError(f"expected a decision of {', '.join(get_args(Decision))}, found {self.decision!r}")
        if not self.reason.strip():
            raise ValueError("a judgement needs a reason; found none")
        if (self.correction is None) == (self.decision == "corrected"):
            raise ValueError(f"a correction goes with the decision 'corrected' and no other; found {self.decision!r}")
        parse_time(self.at)
        require_hex64("the nonce", self.nonce)


def judge(
    *,
    about: tuple[str, ...],
    decision: Decision,
    reason: str,
    by: str,
    at: str,
    nonce: str,
    correction: Mapping[str, Json] | None = None,
    supersedes: str | None = None,
) -> Judgement:
    """The judgement with its id. Raises `ValueError` when a part is missing or two parts contradict each other."""
    draft = Judgement("", about, decision, reason, correction, by, at, supersedes, nonce)
    return replace(draft, id=judgement_id(draft))


def judgement_id(judgement: Judgement) -> str:
    body = to_json(judgement)
    del body["id"]
    return identify("judgement", body)


def encode_judgement(judgement: Judgement) -> bytes:
    """The bytes of the judgement's blob."""
    return canonical(to_json(judgement))


def parse_judgement(data: bytes) -> Judgement:
    """The judgement in a blob. Raises `RecordError`, also when its id does not follow from its content."""
    try:
        judgement = parse(Judgement, parse_canonical(data), "judgement")
    except CanonicalError as error:
        raise RecordError(f"judgement: {error}") from error
    if judgement.id != judgement_id(judgement):
        raise RecordError(f"judgement: expected the id {judgement_id(judgement)}, found {judgement.id!r:.90}")
    return judgement
