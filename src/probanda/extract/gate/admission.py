"""Admission: the strict gate between an extractor and a reading."""

from __future__ import annotations

from collections.abc import Mapping

from probanda.extract.gate.values import RECOMPUTE, Recompute
from probanda.extract.segments import Document
from probanda.records.canonical import Json
from probanda.records.reading import Reading, Rejection


def admit(
    doc: Document,
    candidate: Reading | Mapping[str, Json] | object,
    *,
    extractor: str,
    published: str | None,
    sha256: str | None = None,
    recompute: Recompute = RECOMPUTE,
) -> tuple[Reading, tuple[Rejection, ...]]:
    """What of `candidate` the text bears out, and what was rejected here with the reasons.

    The reading's own `rejected` holds these rejections too, after those that the candidate brought. Never raises on
    what an extractor hands over: wrong types, offsets that lie, texts without end are rejections.
    """
    raise NotImplementedError
