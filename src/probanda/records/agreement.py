"""Agreement: which extractors found a record of a reading, what one filled in for another, and where they differ.

Guarantees: it stands in a reading only where further extractors were asked, under `agreement`, beside the records,
whose form it leaves alone; a record that it does not name was found by the rules and by nobody else. Where extractors
differ every version stands in the reading: nothing here says which is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probanda.records.codec import parse, to_json
from probanda.records.reading import Reading

FIELD: Final = "agreement"


@dataclass(frozen=True, slots=True)
class Filled:
    """The record was put together: `of` is the id of the record that was silent in `fields`, each of which comes from
    the extractor named there."""

    of: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """These records are about the same words and differ in `fields`: a person has to look."""

    records: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`found_by`: by id of a record, the extractors that found it."""

    found_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filled: Mapping[str, Filled] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()


def agreement_of(reading: Reading) -> Agreement | None:
    """What the reading says of its extractors; `None` where only the rules read. Raises `RecordError`."""
    told = reading.extra.get(FIELD)
    return None if told is None else parse(Agreement, told, FIELD)


def agreement_json(agreement: Agreement) -> Mapping[str, object]:
    """As it stands in the reading's JSON."""
    return {FIELD: to_json(agreement)}
