"""Time expressions of a text, resolved as news uses them (first version follows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from probanda.extract.segments import Document
from probanda.records.reading import When


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Tokens [first, last) and what they say."""

    first: int
    last: int
    when: When


def find_times(
    doc: Document, published: str | None, calendar: Mapping[str, str] | None = None
) -> tuple[TimeMention, ...]:
    """The time expressions of `doc` in order. `published` is an ISO 8601 date, `calendar` maps event words to dates."""
    return ()
