"""From a reading to rows of the index: one table for each kind of statement, in the order of the reading.

Guarantees: `body` is the record itself, so that what a query returns is what the reading's blob holds; the columns
beside it only repeat what queries filter by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import models as django_models

from probanda.index import models
from probanda.records.canonical import Json, canonical
from probanda.records.codec import to_json
from probanda.records.reading import Claim, Event, Holder, Narrator, Place, Reading, Speaker, When


def reading_rows(row: models.Derivation, blob: str, reading: Reading) -> Iterator[django_models.Model]:
    """The rows of the reading that the derivation `row` gave; `blob` is where it is kept."""
    yield models.Reading(
        derivation_id=row.request,
        document=reading.document.sha256,
        published=row.published,
        language=reading.document.language,
        blob=blob,
        seq=row.seq,
    )
    for number, quotation in enumerate(reading.quotations):
        yield models.Quotation(
            **_place(row, number, quotation, quotation.passage.start, quotation.passage.end, quotation.id),
            form=quotation.form,
            speaker=quotation.speaker.name if quotation.speaker else None,
            role=quotation.speaker.role if quotation.speaker else None,
        )
    for number, claim in enumerate(reading.claims):
        yield _claim(row, number, claim)
    for number, event in enumerate(reading.events):
        yield _event(row, number, event)
    for number, place in enumerate(reading.places):
        yield _place_mention(row, number, place)
    for number, weapon in enumerate(reading.weapons):
        yield models.Weapon(
            **_place(row, number, weapon, weapon.passage.start, weapon.passage.end, weapon.id),
            weapon_class=weapon.class_,
        )
    for number, thing in enumerate(reading.objects):
        yield models.ObjectMention(
            **_place(row, number, thing, thing.passage.start, thing.passage.end, thing.id),
            physical_type=thing.physical_type,
            reported_as=thing.reported_as,
        )
    for number, label in enumerate(reading.labels):
        holder, speaker, _ = _holder(label.holder)
        yield models.Label(
            **_place(row, number, label, label.passage.start, label.passage.end, label.id),
            label=label.label,
            holder=holder,
            speaker=speaker,
        )


def _claim(row: models.Derivation, number: int, claim: Claim) -> models.Claim:
    holder, speaker, role = _holder(claim.source)
    quantity = claim.quantity
    earliest, latest = _span(claim.when or claim.as_of)
    return models.Claim(
        **_place(row, number, claim, claim.passage.start, claim.passage.end, claim.id),
        kind=claim.kind,
        effect=claim.effect,
        modality=claim.modality,
        negated=claim.negated,
        holder=holder,
        speaker=speaker,
        role=role,
        verification=claim.verification.status if claim.verification else None,
        minimum=_number(quantity.minimum) if quantity else None,
        maximum=_number(quantity.maximum) if quantity else None,
        earliest=earliest,
        latest=latest,
    )


def _event(row: models.Derivation, number: int, event: Event) -> models.EventRecord:
    holder, speaker, _ = _holder(event.source)
    earliest, latest = _span(event.when)
    return models.EventRecord(
        **_place(row, number, event, event.trigger.start, event.trigger.end, event.id),
        type=event.type,
        modality=event.modality,
        holder=holder,
        speaker=speaker,
        earliest=earliest,
        latest=latest,
    )


def _place_mention(row: models.Derivation, number: int, place: Place) -> models.PlaceMention:
    return models.PlaceMention(
        **_place(row, number, place, place.passage.start, place.passage.end, place.id),
        name=place.name,
        gazetteer_id=place.gazetteer_id,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        radius_m=place.radius_m,
        role=place.role,
    )


def _place(
    row: models.Derivation, position: int, record: object, start: int, end: int, identity: str | None = None
) -> Mapping[str, Json]:
    body = canonical(to_json(record)).decode()
    return {
        "reading_id": row.request, "position": position, "record": identity, "start": start, "end": end, "body": body,
    }  # fmt: skip


def _holder(holder: Holder) -> tuple[str, str | None, str | None]:
    if isinstance(holder, Speaker):
        return "speaker", holder.name, holder.role
    return ("narrator" if isinstance(holder, Narrator) else "unknown"), None, None


def _span(when: When | None) -> tuple[str | None, str | None]:
    return (when.earliest, when.latest) if when else (None, None)


def _number(bound: int | float | str | None) -> float | None:
    return float(bound) if isinstance(bound, (int, float)) else None
