"""Agreement: which extractors found a record of a reading, what one filled in for another, and where they differ.

Guarantees: it stands in a reading only where further extractors were asked, under `agreement`, beside the records,
whose form it leaves alone; a record that it does not name was found by the rules and by nobody else. Where extractors
differ every version stands in the reading: nothing here says which is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probanda.records.codec import parse
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


def remarks(agreement: Agreement | None, record: str | None) -> tuple[str, ...]:
    """What is to be said of the record with this id, in words: who found it, what was filled in, whom it contradicts.
    Nothing of a record that only the rules found and nobody contradicts."""
    if agreement is None or record is None:
        return ()
    told = []
    if (finders := agreement.found_by.get(record)) is not None:
        told.append(f"found by {' and '.join(finders)}")
    if (whole := agreement.filled.get(record)) is not None:
        told.append("; ".join(f"{name.rstrip('_')} filled in by {who}" for name, who in sorted(whole.fields.items())))
    for one in agreement.disagreements:
        if record in one.records:
            others = " and ".join(other[:18] for other in one.records if other != record)
            told.append(f"to be looked at: differs from {others} in {', '.join(one.fields)}")
    return tuple(told)
