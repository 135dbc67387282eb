"""A proposal: what one extractor returned about one text, as the blob that a reading is made from.

Guarantees: its bytes are canonical JSON and follow from what was returned alone; each record in it is JSON within the
limits of the gate, and what is not was taken out and is told under `refused` with a reason, so that one NaN does not
cost the records beside it. Nothing here is grounded yet: that is the gate's. Refuses nothing silently, and keeps no
more than `MOST_RECORDS` records and `MOST_BYTES` of them: a million invented records are a fault of their extractor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from probanda.extract.gate.shape import brief, json_fault
from probanda.extract.plugins.contract import Extractor
from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json

KINDS: Final = ("quotations", "claims", "events", "places", "weapons", "objects", "labels", "times")
MOST_RECORDS: Final = 5_000  # of all kinds together; far above what a report holds
MOST_BYTES: Final = 8 * 2**20  # likewise
_MOST_FIELDS: Final = 64  # names of the outermost object that are looked at


@dataclass(frozen=True, slots=True)
class Refused:
    """What was taken out before the gate: `reason` begins with a code of the gate (spec/reading.md)."""

    reason: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`extractor` proposed `content`: lists of records by kind."""

    extractor: str
    version: str
    resources: Mapping[str, str]
    content: Mapping[str, Json]
    refused: tuple[Refused, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)

    @property
    def records(self) -> int:
        return sum(len(held) for held in self.content.values() if isinstance(held, (list, tuple)))


def proposed(
    extractor: Extractor, text: str, published: str | None, language: str, name: str | None = None
) -> Proposal:
    """What the extractor, asked by `name`, proposes about the text. Lets through whatever it raises: where it runs,
    that is caught."""
    returned: object = extractor.propose(text, published, language)
    return sieved(name or extractor.name, extractor.version, extractor.resources(), returned)


def sieved(extractor: str, version: str, resources: Mapping[str, str], returned: object) -> Proposal:
    """`returned`, whatever it is, as a proposal."""
    sieve = _Sieve()
    content = sieve.content(returned)
    return Proposal(extractor, version, dict(resources), content, tuple(sieve.refused))


def failed(extractor: str, version: str, reason: str) -> Proposal:
    """The proposal of an extractor that gave none."""
    return Proposal(extractor, version, {}, {}, (Refused(f"extractor.failed: {reason}"),))


class _Sieve:
    def __init__(self) -> None:
        self.refused: list[Refused] = []
        self.left = MOST_RECORDS
        self.bytes_left = MOST_BYTES

    def content(self, returned: object) -> dict[str, Json]:
        if not isinstance(returned, Mapping):
            self.refuse("shape.candidate", f"expected an object with lists of records, found {type(returned).__name__}")
            return {}
        names = list(islice(returned, _MOST_FIELDS))
        if len(returned) > len(names):
            self.refuse("shape.too_many", f"expected at most {len(KINDS)} lists, found {len(returned)} fields")
        for name in names:
            if name not in KINDS:
                self.refuse("shape.unknown_field", f"a proposal has no field {brief(name)}")
        return {name: self.records(name, returned[name]) for name in KINDS if name in names}

    def records(self, name: str, given: object) -> list[Json]:
        if not isinstance(given, (list, tuple)):
            self.refuse("shape.list", f"expected a list of {name}, found {type(given).__name__}")
            return []
        kept: list[Json] = []
        for item in given:
            if not self.left:
                left_out = len(given) - len(kept)
                self.refuse("shape.too_many", f"expected at most {MOST_RECORDS} records, found {left_out} {name} more")
                break
            self.left -= 1
            record = self.record(item)
            if record is not None:
                kept.append(record)
        return kept

    def record(self, item: object) -> Json:
        """The record as plain JSON; `None` where it was refused."""
        if not isinstance(item, Mapping):
            self.refuse("shape.record", f"expected an object, found {type(item).__name__}")
            return None
        fault = json_fault(item)
        if fault is not None:
            self.refuse("shape.value", fault.lstrip(": "))
            return None
        try:
            data = canonical(dict(item))
        except CanonicalError as error:
            self.refuse("shape.value", brief(str(error), 300)[1:-1])
            return None
        if len(data) > self.bytes_left:
            self.refuse("shape.too_many", f"expected at most {MOST_BYTES} bytes of records, found more")
            return None
        self.bytes_left -= len(data)
        return parse_canonical(data)

    def refuse(self, code: str, words: str) -> None:
        self.refused.append(Refused(f"{code}: {words}"))


def encode_proposal(proposal: Proposal) -> bytes:
    """The bytes of the proposal's blob."""
    return canonical(to_json(proposal))


def parse_proposal(data: bytes) -> Proposal:
    """The proposal in a blob. Raises `RecordError`."""
    try:
        return parse(Proposal, parse_canonical(data), "proposal")
    except CanonicalError as error:
        raise RecordError(f"proposal: {error}") from error
