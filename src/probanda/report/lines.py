"""The lines of a case file about one text: records of the reading with their references, owners and standings.

Guarantees: a line adds nothing to the record it comes from; each refers to exact characters through `Source.anchors`.
Numbers come in from outside, so that lines can be ordered over all texts before they are numbered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.reading import (
    Claim,
    Event,
    Holder,
    Label,
    Narrator,
    Quotation,
    Reading,
    Speaker,
    Verification,
)
from probanda.report.anchors import Anchors
from probanda.report.contents import (
    Difference,
    Figure,
    LabelLine,
    Mention,
    Occurrence,
    Owner,
    PlaceLine,
    Ref,
    Same,
    Standing,
    Statement,
    Verified,
)
from probanda.report.figures import Counted, moment
from probanda.report.snapshot import ReadingRow

T = TypeVar("T")
Standings = Mapping[str, tuple[Standing, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """One text as the case file numbers it, with the numbers of its items."""

    number: int
    row: ReadingRow
    items: tuple[int, ...]
    anchors: Anchors


def passages(reading: Reading) -> Iterator[Passage]:
    """Every passage that a line refers to."""
    for quotation in reading.quotations:
        yield quotation.passage
    for claim in reading.claims:
        yield claim.passage
        if claim.verification:
            yield claim.verification.passage
    for event in reading.events:
        yield event.trigger
    for label in reading.labels:
        yield label.passage
        if label.about:
            yield label.about
    for place in reading.places:
        yield place.passage
    for weapon in reading.weapons:
        yield weapon.passage
    for thing in reading.objects:
        yield thing.passage
        if thing.military_use_asserted:
            yield thing.military_use_asserted


def owner(holder: Holder | None) -> Owner:
    if isinstance(holder, Speaker):
        mention = holder.mention.text if holder.mention else None
        return Owner("speaker", holder.name, holder.role, mention, holder.via)
    return Owner("report" if isinstance(holder, Narrator) else "unknown")


def figure(
    one: Counted,
    source: Source,
    numbers: Mapping[tuple[int, str], str],
    differences: tuple[Difference, ...],
    standings: Standings,
) -> Figure:
    claim, quantity, number = one.claim, one.quantity, numbers[one.text, one.claim.id]
    return Figure(
        number=number,
        id=claim.id,
        ref=source.anchors.ref(claim.passage, number),
        items=source.items,
        owner=owner(claim.source),
        words=quantity.passage.text,
        stated=quantity.stated,
        minimum=quantity.minimum,
        maximum=quantity.maximum,
        qualifier=quantity.qualifier,
        unit=quantity.unit,
        who=_words(claim.who),
        where=_words(claim.where),
        date=one.date,
        since=moment(claim.cumulative_since),
        modality=claim.modality,
        negated=claim.negated,
        verification=_verified(claim.verification, source, number),
        part_of=numbers.get((one.text, claim.subset_of), claim.subset_of) if claim.subset_of else None,
        replaces=numbers.get((one.text, claim.corrects), claim.corrects) if claim.corrects else None,
        differs=differences,
        standing=standings.get(claim.id, ()),
    )


def statement(
    record: Quotation | Claim, same: tuple[Claim, ...], source: Source, number: str, standings: Standings
) -> Statement:
    quotation = record if isinstance(record, Quotation) else None
    return Statement(
        number=number,
        id=record.id,
        ref=source.anchors.ref(record.passage, number),
        items=source.items,
        form=quotation.form if quotation else "reported",
        venue=quotation.venue.name if quotation and quotation.venue else None,
        when=moment(_first(record.when, *(one.when for one in same))),
        negated=isinstance(record, Claim) and record.negated,
        same=_same(same),
        standing=_standing(record, same, standings),
    )


def occurrence(
    record: Event | Claim, same: tuple[Claim, ...], source: Source, number: str, standings: Standings
) -> Occurrence:
    """The line of an event, or of a claim that asserts one; `same` are claims that assert this event."""
    event = record if isinstance(record, Event) else None
    claims = (record, *same) if isinstance(record, Claim) else same
    passage = event.trigger if event else record.passage  # type: ignore[union-attr]
    before, after = source.anchors.context(passage)
    return Occurrence(
        number=number,
        id=record.id,
        type=event.type if event else (claims[0].effect or claims[0].kind),
        ref=source.anchors.ref(passage, number),
        before=before,
        after=after,
        items=source.items,
        owner=owner(record.source),
        actor=_words(event.actor) if event else None,
        aimed_at=_words(event.aimed_at) if event else None,
        affected=_words(event.affected) if event else _words(claims[0].who),
        instrument=_words(event.instrument) if event else None,
        where=_words(_first(record.where, *(one.where for one in same))),
        when=moment(_first(record.when, *(one.when for one in same))),
        counts=to_json(event.counts) if event and event.counts else None,
        modality=record.modality,
        negated=isinstance(record, Claim) and record.negated,
        verification=_verified(_first(*(one.verification for one in claims)), source, number),
        same=_same(same),
        standing=_standing(record, same, standings),
    )


def label_line(label: Label, source: Source, number: str) -> LabelLine:
    about = source.anchors.ref(label.about, number) if label.about else None
    holder = owner(label.holder)
    return LabelLine(number, label.label, source.anchors.ref(label.passage, number), source.items, holder, about)


def place_lines(sources: tuple[Source, ...]) -> tuple[PlaceLine, ...]:
    """One line for each name, gazetteer id and role: the same name at two ids is two places."""
    groups: dict[tuple[str, str | None, str], list[tuple[Source, int]]] = {}
    for source in sources:
        for index, place in enumerate(source.row.reading.places):
            groups.setdefault((place.name, place.gazetteer_id, place.role), []).append((source, index))
    out = []
    for count, ((name, gazetteer_id, role), members) in enumerate(groups.items(), start=1):
        source, index = members[0]
        place = source.row.reading.places[index]
        refs = tuple(one.anchors.ref(one.row.reading.places[at].passage, f"P{count}") for one, at in members)
        out.append(
            PlaceLine(
                f"P{count}", name, role, gazetteer_id, place.country, place.latitude, place.longitude, place.radius_m,
                len(place.candidates), refs,
            )
        )  # fmt: skip
    return tuple(out)


def weapon_lines(sources: tuple[Source, ...]) -> tuple[Mention, ...]:
    groups: dict[tuple[str, str], list[tuple[Source, Passage]]] = {}
    for source in sources:
        for weapon in source.row.reading.weapons:
            groups.setdefault((weapon.passage.text.casefold(), weapon.class_), []).append((source, weapon.passage))
    return tuple(
        Mention(f"W{count}", members[0][1].text, kind, None, (), _refs(members, f"W{count}"))
        for count, ((_, kind), members) in enumerate(groups.items(), start=1)
    )


def object_lines(sources: tuple[Source, ...]) -> tuple[Mention, ...]:
    groups: dict[tuple[str, str, str], list[tuple[Source, Passage, Passage | None]]] = {}
    for source in sources:
        for thing in source.row.reading.objects:
            key = (thing.passage.text.casefold(), thing.physical_type, thing.reported_as)
            groups.setdefault(key, []).append((source, thing.passage, thing.military_use_asserted))
    out = []
    for count, ((_, kind, reported_as), members) in enumerate(groups.items(), start=1):
        number = f"O{count}"
        military = tuple(source.anchors.ref(use, number) for source, _, use in members if use is not None)
        refs = _refs([(source, passage) for source, passage, _ in members], number)
        out.append(Mention(number, members[0][1].text, kind, reported_as, military, refs))
    return tuple(out)


def _refs(members: list[tuple[Source, Passage]], number: str) -> tuple[Ref, ...]:
    return tuple(source.anchors.ref(passage, number) for source, passage in members)


def _first(*given: T | None) -> T | None:
    return next((one for one in given if one is not None), None)


def _same(claims: tuple[Claim, ...]) -> tuple[Same, ...]:
    return tuple(Same(one.id, one.passage.start, one.passage.end) for one in claims)


def _standing(record: Quotation | Claim | Event, same: tuple[Claim, ...], standings: Standings) -> tuple[Standing, ...]:
    found = {judged.judgement: judged for one in (record, *same) for judged in standings.get(one.id, ())}
    return tuple(found.values())


def _words(passage: Passage | None) -> str | None:
    return passage.text if passage else None


def _verified(verification: Verification | None, source: Source, number: str) -> Verified | None:
    if verification is None:
        return None
    return Verified(verification.status, source.anchors.ref(verification.passage, number))
