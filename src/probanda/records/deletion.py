"""Deletion: what was taken out of a case for good, on what ground, and what stays of it (spec/deletion.md).

Guarantees: the list of a deletion names every blob that went and why; of a rows blob it names the file that stands in
its place. What a person is told of a deleted item is when, on what ground and who ordered it, never its name. The
grounds are those on which evidence may go at all: a law or a court, consent that was withdrawn, a risk to a life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.capture import Capture
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import require_hex64

Basis = Literal["law", "consent_withdrawn", "risk_to_life"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
# What a blob was to the item: its bytes; made from them; the rows that told of that; a record that rests on it alone; a
# snapshot or case file that holds it; the manifest of the bundle that it came in with, which lists its digest;
# something that no entry leads to and that names it.
Why = Literal["capture", "derived", "rows", "judgement", "incident", "relation", "report", "manifest", "unrecorded"]
WHYS: Final[tuple[Why, ...]] = get_args(Why)

BASIS_WORDS: Final[Mapping[Basis, str]] = {
    "law": "by law",
    "consent_withdrawn": "consent was withdrawn",
    "risk_to_life": "a life is at risk",
}

LIST_ROLE: Final = "deletion list"
TOUCHED_ROLE: Final = "touched records"
DELETED: Final = "deleted"  # in `Capture.extra`, as an index has it
TOUCHED: Final = "touched_by"  # in the `extra` of an incident or judgement, as an index has it: the deletion's number


@dataclass(frozen=True, slots=True)
class Removed:
    """A blob that went. `replaced_by` is the file that holds the rows which stay, for a rows blob and nothing else."""

    sha256: str
    size: int
    why: Why
    replaced_by: str | None = None
    replaced_size: int | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("a removed blob", self.sha256)
        if self.size < 0 or (self.replaced_size or 0) < 0:
            raise ValueError(f"expected sizes of 0 or more bytes, found {self.size} and {self.replaced_size}")
        if self.why not in WHYS:
            raise ValueError(f"expected one of {', '.join(WHYS)}, found {self.why!r:.40}")
        if (self.replaced_by is None) != (self.replaced_size is None):
            raise ValueError("what stands in the place of a blob has a digest and a size; found one of them")
        if self.replaced_by is not None:
            require_hex64("what stands in its place", self.replaced_by)
            if self.why != "rows":
                raise ValueError(f"expected rows to be replaced and nothing else, found {self.why!r}")


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is told of a deleted item: `seq` and `at` are those of the deletion's entry. `authority` is who ordered it,
    `None` where that is withheld."""

    seq: int
    at: str
    basis: Basis
    by: str
    authority: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


def encode_list(removed: Iterable[Removed]) -> bytes:
    """The blob that lists them: one canonical line each."""
    return b"".join(canonical(_given(one)) + b"\n" for one in removed)


def parse_list(data: bytes) -> Iterator[Removed]:
    """What a deletion list holds. Raises `RecordError`."""
    for number, line in enumerate(_lines(data, "deletion list"), 1):
        yield parse(Removed, line, f"deletion list, line {number}")


def encode_touched(ids: Iterable[str]) -> bytes:
    """The blob that names the records which stay and name what went: one canonical line each."""
    return b"".join(canonical({"id": one}) + b"\n" for one in ids)


def parse_touched(data: bytes) -> Iterator[str]:
    """The ids in it. Raises `RecordError`."""
    for number, line in enumerate(_lines(data, "touched records"), 1):
        identity = line.get("id") if isinstance(line, Mapping) else None
        if not isinstance(identity, str):
            raise RecordError(f"touched records, line {number}: expected an id")
        yield identity


def deleted_of(capture: Capture) -> Deleted | None:
    """What became of the capture as an index tells it; `None`: it stands."""
    told = capture.extra.get(DELETED)
    return None if told is None else parse(Deleted, told, "deleted")


def told_of(deleted: Deleted) -> dict[str, Json]:
    """As a capture's `extra` holds it."""
    return to_json(deleted)


def _given(one: Removed) -> dict[str, Json]:
    return {name: value for name, value in to_json(one).items() if value is not None}


def _lines(data: bytes, what: str) -> Iterator[Json]:
    if data and not data.endswith(b"\n"):
        raise RecordError(f"{what}: expected every line to end, found a last one that does not")
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            yield parse_canonical(line)
        except CanonicalError as error:
            raise RecordError(f"{what}, line {number}: {error}") from error
