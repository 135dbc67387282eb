"""What is asked of an index, answered with records.

Guarantees: statements come from *current* readings only: the newest version's reading of a text that the newest version
of the text step made. Older readings stay in the index and in the log. Judgements are looked up by the ids that they
pin, so that a new reading with other ids has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from probanda.index import models
from probanda.records.canonical import parse_json
from probanda.records.capture import Capture
from probanda.records.codec import parse
from probanda.records.judgement import Judgement
from probanda.records.reading import Claim, Event, Quotation
from probanda.steps.step import TEXT_STEPS

T = TypeVar("T")

_JUDGED: Mapping[str, type[models.Statement]] = {
    "claim": models.Claim,
    "quotation": models.Quotation,
    "event": models.EventRecord,
    "place": models.PlaceMention,
    "weapon": models.Weapon,
    "object": models.ObjectMention,
    "label": models.Label,
}
_SHORTEST = 4  # digits of an id's beginning; arbitrary, below that a slip of the hand finds something


class UnknownIdError(LookupError):
    """No record, or more than one, has an id that begins so."""


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A statement with where it stands: `document` is the SHA-256 of the text that its passages point into, `reading`
    of the request that read it; `judgement` is the latest about it, `None` while nobody judged it."""

    record: T
    document: str
    published: str | None
    reading: str
    judgement: Judgement | None


def current_readings(alias: str) -> QuerySet[models.Reading]:
    made = models.DerivationOutput.objects.using(alias).filter(
        sha256=OuterRef("document"), role="text", derivation__step__in=TEXT_STEPS, derivation__current=True
    )
    return models.Reading.objects.using(alias).filter(Exists(made), derivation__current=True)


def claims(
    alias: str,
    *,
    kind: str | None = None,
    effect: str | None = None,
    modality: str | None = None,
    source: str | None = None,
    document: str | None = None,
) -> tuple[Located[Claim], ...]:
    """Claims by exact kind, effect and modality, by words of the holder's name or role, by the text's SHA-256."""
    rows = _of(models.Claim.objects.using(alias), alias, document)
    rows = _equal(rows, kind=kind, effect=effect, modality=modality)
    return _located(alias, _held_by(rows, source), Claim)


def quotations(
    alias: str, *, form: str | None = None, source: str | None = None, document: str | None = None
) -> tuple[Located[Quotation], ...]:
    rows = _of(models.Quotation.objects.using(alias), alias, document)
    return _located(alias, _held_by(_equal(rows, form=form), source), Quotation)


def events(
    alias: str, *, type: str | None = None, modality: str | None = None, document: str | None = None
) -> tuple[Located[Event], ...]:
    """Events whose type is `type` or below it: "attack" finds "attack.strike"."""
    rows = _equal(_of(models.EventRecord.objects.using(alias), alias, document), modality=modality)
    if type is not None:
        rows = rows.filter(Q(type=type) | Q(type__startswith=f"{type}."))
    return _located(alias, rows, Event)


def captures(alias: str, blobs: Collection[str] | None = None) -> tuple[Capture, ...]:
    """Every capture in the order of the log, or those of these blobs alone."""
    rows = models.Capture.objects.using(alias).values_list("body", flat=True)
    if blobs is None:
        return tuple(parse(Capture, parse_json(body.encode()), "capture") for body in rows.order_by("seq").iterator())
    found = (parse(Capture, parse_json(body.encode()), "capture") for body in rows.filter(blob__in=list(blobs)))
    return tuple(sorted(found, key=lambda capture: capture.seq))  # an order in SQL would go through every capture


def seqs(alias: str, captures: Iterable[str]) -> dict[str, int]:
    """By id of an item, the number of the entry that brought it in; what is no item is left out."""
    rows = models.Capture.objects.using(alias).only("seq").in_bulk(list(captures))
    return {id: row.seq for id, row in rows.items()}


def capture(alias: str, given: str) -> Capture:
    """The one item whose id is `given` or begins so, with or without its kind. Raises `UnknownIdError`."""
    stated, digits = _asked(given)
    rows = models.Capture.objects.using(alias)
    found = set(_begins(rows, "id", "capture", digits)) if stated in ("", "capture") else set()
    body = rows.values_list("body", flat=True).get(id=_only(found, given, "item", "probanda items CASE"))
    return parse(Capture, parse_json(body.encode()), "capture")


def judgements(alias: str) -> tuple[Judgement, ...]:
    """Every judgement in the order of the log, superseded ones too."""
    rows = models.Judgement.objects.using(alias).order_by("seq").values_list("body", flat=True)
    return tuple(parse(Judgement, parse_json(body.encode()), "judgement") for body in rows.iterator())


def latest_judgements(alias: str, ids: Iterable[str] | None = None) -> Mapping[str, Judgement]:
    """By id of what was judged, the last judgement about it."""
    rows = models.JudgementAbout.objects.using(alias).order_by("judgement__seq")
    if ids is not None:
        rows = rows.filter(record__in=list(ids))
    return {
        record: parse(Judgement, parse_json(body.encode()), "judgement")
        for record, body in rows.values_list("record", "judgement__body").iterator()
    }


def resolve(alias: str, given: str) -> str:
    """The one id of a capture, an incident or a record of a reading that is `given` or begins so, with or without its
    kind. Raises `UnknownIdError`."""
    kind, digits = _asked(given)
    found: set[str] = set(_begins(models.Capture.objects.using(alias), "id", kind or "capture", digits))
    for name, model in _JUDGED.items():
        found.update(_begins(model._default_manager.using(alias), "record", kind or name, digits))
    found.update(_begins(models.Incident.objects.using(alias), "id", kind or "incident", digits))
    return _only(found, given, "capture, incident or record of a reading", "probanda claims CASE")


def resolve_own(alias: str, given: str, kind: Literal["incident", "relation"]) -> str:
    """The one id of a version of an incident, or of a relation, that is `given` or begins so. Raises
    `UnknownIdError`."""
    stated, digits = _asked(given)
    rows: QuerySet[Any] = (models.Incident if kind == "incident" else models.Relation)._default_manager.using(alias)
    found = set(_begins(rows, "id", kind, digits)) if stated in ("", kind) else set()
    return _only(found, given, kind, "probanda incidents CASE")


def _asked(given: str) -> tuple[str, str]:
    kind, _, digits = given.rpartition(":")
    if len(digits) < _SHORTEST:
        raise UnknownIdError(f"expected an id or at least {_SHORTEST} digits of its beginning, found {given!r}")
    return kind, digits


def _only(found: set[str], given: str, what: str, list_command: str) -> str:
    if len(found) != 1:
        told = "nothing" if not found else f"several: {', '.join(sorted(found)[:3])}"
        raise UnknownIdError(
            f"expected one {what} whose id begins with {given!r}, found {told}; list the ids with: {list_command}"
        )
    return found.pop()


def person(alias: str, given: str) -> str | None:
    """The id of the agent that has this id or this name, the first registered where several have it; `None`: nobody."""
    rows = models.Agent.objects.using(alias).filter(Q(id=given) | Q(name=given)).order_by("seq")
    return rows.values_list("id", flat=True).first()


def agent_keys(alias: str) -> tuple[tuple[str, str, int], ...]:
    """Id of each person, their first key, and the number of the entry that brought it in, in the order of the log."""
    rows = models.Agent.objects.using(alias).order_by("seq").values_list("id", "key", "seq")
    return tuple(rows)


def agent_since(alias: str, agent: str) -> int | None:
    """The number of the entry that brought this agent into the case; `None`: none did."""
    return models.Agent.objects.using(alias).filter(id=agent).values_list("seq", flat=True).first()


def texts_of(alias: str, texts: Collection[str] | None = None) -> Mapping[str, tuple[str, ...]]:
    """By SHA-256 of a current text, the blobs that it was made from; of every text, or of `texts` alone."""
    rows = models.DerivationOutput.objects.using(alias).filter(
        role="text", derivation__step__in=TEXT_STEPS, derivation__current=True
    )
    if texts is not None:  # looked up one after the other, or SQLite would go through every text of the case
        outputs = models.DerivationOutput.objects.using(alias).filter(sha256__in=list(texts), role="text")
        rows = rows.filter(row__in=list(outputs.values_list("row", flat=True)))
    made: dict[str, list[str]] = defaultdict(list)
    for text, blob in rows.order_by("derivation__subject").values_list("sha256", "derivation__subject"):
        made[text].append(blob)
    return {text: tuple(blobs) for text, blobs in made.items()}


def maps_of(alias: str, text: str) -> Mapping[str, str]:
    """By blob that the current text with this SHA-256 was made from, the SHA-256 of the map that leads back to it."""
    rows = models.DerivationOutput.objects.using(alias).filter(
        role="map",
        derivation__step__in=TEXT_STEPS,
        derivation__current=True,
        derivation__outputs__role="text",
        derivation__outputs__sha256=text,
    )
    return dict(rows.order_by("derivation__subject").values_list("derivation__subject", "sha256"))


def _begins(rows: QuerySet[Any], column: str, kind: str, digits: str) -> Iterable[str]:
    # A range instead of LIKE: it uses the index, and `%` in what was typed means nothing.
    low = f"{kind}:{digits}"
    return rows.filter(**{f"{column}__gte": low, f"{column}__lt": low + "g"}).values_list(column, flat=True)[:5]


def _of(rows: QuerySet[Any], alias: str, document: str | None) -> QuerySet[Any]:
    readings = current_readings(alias)
    if document is not None:
        readings = readings.filter(document=document)
    return rows.filter(reading__in=readings)


def _equal(rows: QuerySet[Any], **wanted: str | None) -> QuerySet[Any]:
    return rows.filter(**{column: value for column, value in wanted.items() if value is not None})


def _held_by(rows: QuerySet[Any], source: str | None) -> QuerySet[Any]:
    return rows if source is None else rows.filter(Q(speaker__icontains=source) | Q(role__icontains=source))


def _located(alias: str, rows: QuerySet[Any], record: type[T]) -> tuple[Located[T], ...]:
    ordered = rows.order_by("reading__published", "reading__document", "position")
    columns = ("record", "body", "reading__document", "reading__published", "reading_id")
    found = list(ordered.values_list(*columns))
    judged = latest_judgements(alias, None if len(found) > 500 else [row[0] for row in found])
    return tuple(
        Located(parse(record, parse_json(body.encode())), document, published, reading, judged.get(identity))
        for identity, body, document, published, reading in found
    )
