"""Supplement: what a person tells the case that its texts do not say: when an event began, where a site lies, what
places a country has.

Guarantees: it is signed, has a reason, is followed by later ones and never edited, and its id follows from its content.
The last one about a name counts; one that is withdrawn leaves the name as if nothing had been said. A reading that used
supplements says so: they are parameters of its request. Nobody's finding on a deed is a supplement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from probanda.records.canonical import CanonicalError, Json, canonical, identify, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import parse_time, require_hex64

SupplementKind = Literal["calendar", "site", "gazetteer"]
GAZETTEER: Final = "gazetteer"  # in a supplement's JSON: the dump that was imported
MOST_RADIUS_M = 50_000  # what reaches further is a region and no site; arbitrary


@dataclass(frozen=True, slots=True)
class Supplement:
    """`name` is in the words of the texts: "the invasion", "the Old Mill". A *calendar* supplement has a `date` (ISO
    8601, the day on which the event began), a *site* a point (degrees, WGS 84) and how far it may be off in metres, a
    *gazetteer* its `Dump` in `extra`, and a country's code as name; `withdrawn` has none of these."""

    id: str
    kind: SupplementKind
    name: str
    date: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    withdrawn: bool
    reason: str
    by: str
    at: str
    nonce: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("expected the name of an event or a site, found none")
        if not self.reason.strip():
            raise ValueError("what is told to a case needs a reason; found none")
        point = (self.latitude, self.longitude, self.radius_m)
        held = (self.date is not None, any(value is not None for value in point))
        if held != ((self.kind == "calendar" and not self.withdrawn), (self.kind == "site" and not self.withdrawn)):
            raise ValueError("a calendar supplement has a date, a site has a point, what is withdrawn has neither")
        if (GAZETTEER in self.extra) != (self.kind == "gazetteer" and not self.withdrawn):
            raise ValueError("a gazetteer supplement says what was imported, no other does")
        dump_of(self)
        if self.date is not None:
            _check_day(self.date)
        if any(value is not None for value in point):
            _check_point(self.latitude, self.longitude, self.radius_m)
        parse_time(self.at)
        require_hex64("the nonce", self.nonce)


@dataclass(frozen=True, slots=True)
class Dump:
    """A GeoNames dump that was imported: `sha256` and `size` of the file, which is a blob of the case, and what it
    held: `rows` in all, those `kept` for the reading, those of `other_features`, and how many were at fault by
    reason."""

    sha256: str
    size: int
    country: str
    source: str
    licence: str
    rows: int
    kept: int
    other_features: int
    faults: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("a gazetteer's sha256", self.sha256)


def dump_of(record: Supplement) -> Dump | None:
    """What a gazetteer supplement imported; `None` for every other. Raises `RecordError`."""
    told = record.extra.get(GAZETTEER)
    return None if told is None else parse(Dump, told, "supplement.gazetteer")


def _check_day(text: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return
    except ValueError:
        pass
    raise ValueError(f"expected a day such as 2031-03-17, found {text!r:.40}")


def _check_point(latitude: float | None, longitude: float | None, radius_m: int | None) -> None:
    if latitude is None or longitude is None or radius_m is None:
        raise ValueError("a site has latitude, longitude and radius; found only some of them")
    if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
        raise ValueError(f"expected degrees within 90 and 180, found {latitude}, {longitude}")
    if not 0 < radius_m <= MOST_RADIUS_M:
        raise ValueError(f"expected a radius of 1 to {MOST_RADIUS_M} metres, found {radius_m}")


def supplement(draft: Supplement) -> Supplement:
    """`draft` with the id that follows from its content."""
    return replace(draft, id=supplement_id(draft))


def supplement_id(record: Supplement) -> str:
    body = to_json(record)
    del body["id"]
    return identify("supplement", body)


def encode_supplement(record: Supplement) -> bytes:
    """The bytes of the supplement's blob."""
    return canonical(to_json(record))


def parse_supplement(data: bytes) -> Supplement:
    """The supplement in a blob. Raises `RecordError`, also when its id does not follow from its content."""
    try:
        record = parse(Supplement, parse_canonical(data), "supplement")
    except CanonicalError as error:
        raise RecordError(f"supplement: {error}") from error
    if record.id != supplement_id(record):
        raise RecordError(f"supplement: expected the id {supplement_id(record)}, found {record.id!r:.90}")
    return record


def in_force(records: Iterable[Supplement]) -> tuple[Supplement, ...]:
    """Of `records` in the order of the log, the last of each kind and name, without what was withdrawn."""
    last: dict[tuple[str, str], Supplement] = {}
    for record in records:
        key = (record.kind, " ".join(record.name.lower().split()))
        last.pop(key, None)
        last[key] = record
    return tuple(record for record in last.values() if not record.withdrawn)


def parameters(records: Iterable[Supplement]) -> dict[str, Json]:
    """What a reading is asked with: calendar, sites, and which supplement was the last. Empty where nobody ever told
    anything, so that such a case asks as one always did."""
    told = [one for one in records if one.kind != "gazetteer"]
    if not told:
        return {}
    held = in_force(told)
    calendar: dict[str, Json] = {one.name: one.date for one in held if one.kind == "calendar"}
    sites: list[Json] = [
        {"id": one.id, "name": one.name, "latitude": one.latitude, "longitude": one.longitude, "radius_m": one.radius_m}
        for one in held
        if one.kind == "site"
    ]
    return {"calendar": calendar, "sites": sites, "supplement": told[-1].id}


def gazetteers(records: Iterable[Supplement]) -> tuple[tuple[Dump, ...], str] | None:
    """The gazetteers in force, in the order of their countries, and the id of the last that was imported or removed;
    `None` where nobody ever imported any, so that such a case asks as one always did."""
    told = [one for one in records if one.kind == "gazetteer"]
    if not told:
        return None
    held = sorted((one for one in in_force(told)), key=lambda one: one.name)
    return tuple(dump for one in held if (dump := dump_of(one)) is not None), told[-1].id
