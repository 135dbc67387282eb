"""From readings to what they tell of acts and their consequences, each with place, time and object as far as told.

Guarantees: what a text only anticipates, plans, promises, attempts, fears or holds possible is not among it; what is
denied is, marked as denied. A place is known only where it is known to better than `COARSE_M`, and a time only where
it is no longer than `LONG_DAYS`, unless the act itself lasts: an act "in the country, this spring" joins nothing.
A figure or consequence that names no place or time of its own takes those of the nearest act told beside it, if
nothing else is named in between, and says so (`near`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from probanda.records.passage import Passage
from probanda.records.reading import Claim, Event, Holder, Narrator, Place, Reading, Speaker, When

COARSE_M: Final = 50_000  # a radius above this is a region: it does not tell two acts of one day apart; arbitrary
LONG_DAYS: Final = 31  # a span above this does not tell two acts apart; arbitrary
_BESIDE: Final = 500  # characters between an act and what is told beside it; arbitrary, about a paragraph
_DAY: Final = 24 * 60
_SLACK_MIN: Final = {"instant": 30, "hour": 60}  # how far apart clocks of two tellers of one act may be; arbitrary

# Types of events (lexica of `extract`) that are acts, and those that are what acts did: these say nothing of the kind
# of act. Everything else (votes, talks, charges, pledges, aid) is no incident.
_ACTS: Final = frozenset(
    "attack siege control execution torture ill_treatment sexual_violence abduction detention looting mass_grave "
    "forced_recruitment human_shields displacement".split()
)
_CONSEQUENCES: Final = frozenset(("killing", "death", "injury", "damage"))
_LASTING: Final = frozenset(("siege", "control", "detention", "displacement"))
_NO_ACT: Final = frozenset(("displacement.return",))
_CLAIMS: Final = frozenset(("casualty", "damage", "attack"))
_SAID_TO_HAVE_HAPPENED: Final = frozenset(("accomplished", "stated", "alleged"))
_SMALL: Final = frozenset("the and its his her their our some with from into near that this those these".split())


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a reading has it; `key` is the name folded, for comparison. Without coordinates: known by name."""

    name: str
    key: str
    gazetteer_id: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes of the text's own clock since the day 0, inclusive; `days` are the ISO dates or times as told."""

    first: int
    last: int
    days: tuple[str, str]
    precision: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event or claim. `type` is `None` where it says nothing of the kind of act; `kinds` are physical types of
    what was aimed at or affected and `words` its words; `holder` is who says it, in the source's words."""

    id: str
    document: str
    act: bool
    type: str | None
    spot: Spot | None
    span: Span | None
    kinds: frozenset[str]
    words: frozenset[str]
    alleged: bool
    denied: bool
    figure: bool
    holder: str
    at: int
    near: str | None = None
    stated: When | None = None  # its time as the reading has it, also where it is too wide to compare


def told(readings: Iterable[Reading]) -> tuple[Told, ...]:
    """What the readings tell of acts and consequences, by id, whatever order they come in. The same id from two
    readings (one text under two dates of publication) counts once, as the earlier date has it."""
    found: dict[str, Told] = {}
    for reading in sorted(readings, key=lambda one: (one.document.sha256, one.document.published or "")):
        for one in _of(reading):
            found.setdefault(one.id, one)
    return tuple(found[name] for name in sorted(found))


def _of(reading: Reading) -> Iterator[Told]:
    places = [place for place in reading.places if place.role == "location"]
    events = [one for one in (_event(reading, event, places) for event in reading.events) if one is not None]
    claims = [one for one in (_claim(reading, claim, places) for claim in reading.claims) if one is not None]
    acts = [one for one in events if one.act and not one.denied and one.spot and one.span]
    for one in (*events, *claims):
        yield one if one.act or one.denied or (one.spot and one.span) else _beside(one, acts, places)


def _event(reading: Reading, event: Event, places: Sequence[Place]) -> Told | None:
    root = event.type.partition(".")[0]
    act = root in _ACTS and event.type not in _NO_ACT
    if not act and root not in _CONSEQUENCES:
        return None
    if event.modality not in _SAID_TO_HAVE_HAPPENED and event.modality != "denied":
        return None
    objects = [one for one in (event.aimed_at, event.affected) if one is not None]
    return Told(
        id=event.id,
        document=reading.document.sha256,
        act=act,
        type=event.type if act else None,
        spot=_spot(event.where, places),
        span=_span(event.when, lasting=root in _LASTING),
        kinds=_kinds(reading, objects),
        words=_words(objects, places),
        alleged=event.modality == "alleged",
        denied=event.modality == "denied",
        figure=False,
        holder=_holder(event.source),
        at=event.trigger.start,
        stated=event.when,
    )


def _claim(reading: Reading, claim: Claim, places: Sequence[Place]) -> Told | None:
    if claim.kind not in _CLAIMS:
        return None
    if claim.modality not in _SAID_TO_HAVE_HAPPENED and claim.modality != "denied":
        return None
    return Told(
        id=claim.id,
        document=reading.document.sha256,
        act=False,
        type="attack" if claim.kind == "attack" else None,
        spot=_spot(claim.where, places),
        span=_span(claim.when, lasting=False),
        kinds=frozenset(),
        words=frozenset(),
        alleged=claim.modality == "alleged",
        denied=claim.negated or claim.modality == "denied",
        figure=claim.quantity is not None,
        holder=_holder(claim.source),
        at=claim.passage.start,
    )


def _beside(one: Told, acts: Sequence[Told], places: Sequence[Place]) -> Told:
    for act in sorted(acts, key=lambda act: (abs(act.at - one.at), act.id)):
        if abs(act.at - one.at) > _BESIDE:
            break
        low, high = sorted((act.at, one.at))
        between = {_key(place.name) for place in places if low <= place.passage.start < high}
        named = {spot.key for spot in (act.spot, one.spot) if spot}
        fits = one.type is None or act.type is None or act.type.partition(".")[0] == one.type.partition(".")[0]
        if fits and between <= named and (one.spot is None or (act.spot is not None and one.spot.key == act.spot.key)):
            return replace(
                one,
                spot=one.spot or act.spot,
                span=one.span or act.span,
                kinds=one.kinds or act.kinds,
                words=one.words or act.words,
                near=act.id,
            )
    return one


def _spot(where: Passage | None, places: Sequence[Place]) -> Spot | None:
    if where is None:
        return None
    inside = [place for place in places if place.passage.start < where.end and where.start < place.passage.end]
    known = [spot for spot in map(_of_place, inside) if spot is not None]
    return min(known, key=lambda spot: (spot.radius_m, spot.key), default=None)


def _of_place(place: Place) -> Spot | None:
    if place.latitude is None or place.longitude is None:
        return Spot(place.name, _key(place.name), place.gazetteer_id, place.country, None, None, 0)
    radius = place.radius_m if place.radius_m is not None else 1000
    if radius > COARSE_M:
        return None
    return Spot(
        place.name, _key(place.name), place.gazetteer_id, place.country, place.latitude, place.longitude, radius
    )


def _span(when: When | None, *, lasting: bool) -> Span | None:
    if when is None or when.earliest is None or when.latest is None:
        return None
    try:
        first, last = _minute(when.earliest, 0), _minute(when.latest, _DAY - 1)
    except ValueError:
        return None
    if last < first or (last - first > LONG_DAYS * _DAY and not lasting):
        return None
    slack = _SLACK_MIN.get(when.precision, 0)
    return Span(first - slack, last + slack, (when.earliest, when.latest), when.precision)


def _minute(text: str, otherwise: int) -> int:
    """A date, or a date with a clock time, in minutes; a zone is passed over, since few texts give theirs."""
    day, _, clock = text.partition("T")
    minute = otherwise
    if clock:
        hours, minutes = clock[:5].split(":")
        minute = int(hours) * 60 + int(minutes)
    return date.fromisoformat(day).toordinal() * _DAY + minute


def _kinds(reading: Reading, objects: Sequence[Passage]) -> frozenset[str]:
    return frozenset(
        mention.physical_type
        for mention in reading.objects
        if any(one.start < mention.passage.end and mention.passage.start < one.end for one in objects)
    )


def _words(objects: Sequence[Passage], places: Sequence[Place]) -> frozenset[str]:
    named = {word for place in places for word in _split(place.name)}
    return frozenset(word for one in objects for word in _split(one.text)) - named - _SMALL


def _split(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) > 2]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _holder(holder: Holder) -> str:
    if isinstance(holder, Speaker):
        return holder.name or holder.role or " ".join(holder.passage.text.split())
    return "the report itself" if isinstance(holder, Narrator) else "holder unknown"
