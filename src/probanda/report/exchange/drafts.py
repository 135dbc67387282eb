"""What the formats have in common: a record that came in, and how one that is unchanged goes out as it came.

Guarantees: a record that was imported and not revised since goes out in its own format field by field as it came in;
of one that was revised, only what was revised differs. Times are ISO 8601 dates or times, coordinates WGS 84 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast, get_args, get_type_hints

from probanda.records.canonical import CanonicalError, Json, canonical
from probanda.records.incident import Incident, Where
from probanda.records.reading import When

TITLE_CHARS: Final = 120  # of a title made from a description; arbitrary
ANCHORED: Final = "items_anchored"  # the column or property that tells by when the items behind a record were there
_NOTE: Final = "Items behind it: "
_PRECISIONS: Final = get_args(get_type_hints(When)["precision"])


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as an incident to be; `fields` is all that it said."""

    title: str
    type: str | None
    where: Where | None
    when: When | None
    fields: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Row:
    """Record `number` of a file (from 1): a draft, or the reason why it is none."""

    number: int
    draft: Draft | None
    reason: str | None = None


class UnreadableFileError(ValueError):
    """The file as a whole is not of the format. Says what was expected and what was found."""


def rows(records: Iterator[Mapping[str, Json]], draft: Callable[[Mapping[str, Json]], Draft]) -> Iterator[Row]:
    """Each record as a row; what is wrong with one stops no other."""
    for number, fields in enumerate(records, 1):
        try:
            canonical(fields)
            yield Row(number, draft(fields))
        except (CanonicalError, ValueError) as error:
            yield Row(number, None, str(error))


def place_and_time(one: Incident) -> dict[str, Json]:
    """The fields that the formats of our own give to title, type, place (without its point) and time."""
    place, time = one.where, one.when
    return {
        "title": one.title,
        "type": one.type,
        "place": place.name if place else None,
        "radius_m": place.radius_m if place else None,
        "gazetteer_id": place.gazetteer_id if place else None,
        "country": place.country if place else None,
        "place_basis": place.basis if place else None,
        "earliest": time.earliest if time else None,
        "latest": time.latest if time else None,
        "precision": time.precision if time else None,
        "time_basis": time.basis if time else None,
    }


def out(
    incident: Incident,
    format: str,
    draft: Callable[[Mapping[str, Json]], Draft],
    written: Callable[[Incident], Mapping[str, Json]],
    parts: Mapping[str, tuple[str, ...]],
) -> dict[str, Json]:
    """The fields of an incident in a format. `written` gives those of one made here; `parts` says which of them belong
    to title, type, where and when."""
    fields = written(incident)
    origin = incident.origin or {}
    came = origin.get("fields")
    if origin.get("format") != format or not isinstance(came, Mapping):
        return dict(fields)
    before = draft(came)
    kept = dict(came)
    for part, names in parts.items():
        if getattr(before, part) != getattr(incident, part):
            kept.update({name: fields[name] for name in names if name in fields})
    return kept


def noted(notes: Json, label: str) -> str:
    """Free text with a last line that tells `label`, in place of one that told it before."""
    lines = notes.split("\n") if isinstance(notes, str) and notes else []
    kept = lines[:-1] if lines and lines[-1].startswith(_NOTE) else lines
    return "\n".join([*kept, f"{_NOTE}{label}"])


def text(fields: Mapping[str, Json], name: str) -> str | None:
    """The text of a field; `None` where it is absent, null or blank."""
    value = fields.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected text, found {value!r:.60}")
    return value


def headline(description: str) -> str:
    """A title from a description: its first line, cut at a word."""
    line = description.strip().splitlines()[0].strip()
    return line if len(line) <= TITLE_CHARS else line[:TITLE_CHARS].rsplit(" ", 1)[0] + "…"


def where(
    name: str | None,
    latitude: Json,
    longitude: Json,
    *,
    radius_m: Json = None,
    gazetteer_id: str | None = None,
    country: str | None = None,
    basis: str,
) -> Where | None:
    """Raises `ValueError` for coordinates that are none, or come alone."""
    y, x = _degrees("latitude", latitude), _degrees("longitude", longitude)
    radius = _degrees("radius_m", radius_m)
    if name is None and y is None and x is None:
        return None
    return Where(name, y, x, round(radius) if radius is not None else None, gazetteer_id, country, basis)


def _degrees(name: str, value: Json) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}: expected a number, found {value!r:.60}")
    return number


def when(earliest: str | None, latest: str | None, precision: str | None, basis: str) -> When | None:
    """Raises `ValueError` for what is no ISO 8601 date or time."""
    if earliest is None and latest is None:
        return None
    for told in filter(None, (earliest, latest)):
        try:
            date.fromisoformat(told[:10])
        except ValueError as error:
            raise ValueError(f"expected a date like 2031-04-08, found {told!r:.40}") from error
    if precision is not None and precision not in _PRECISIONS:
        raise ValueError(f"precision: expected one of {', '.join(_PRECISIONS)}, found {precision!r:.40}")
    guessed = precision or ("day" if earliest == latest else "range")
    return When(None, earliest, latest, cast("Any", guessed), basis)
