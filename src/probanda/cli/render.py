"""Readings as lines of text for a person: figures with owner and bounds, who said what, what is apart from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from probanda.records.agreement import agreement_of
from probanda.records.passage import Passage
from probanda.records.quantity import Bound, Quantity
from probanda.records.reading import (
    Claim,
    Event,
    Holder,
    HolderUnknown,
    Label,
    Narrator,
    ObjectMention,
    Place,
    Quotation,
    Reading,
    When,
)

HAPPENED = ("accomplished", "stated")


def words(passage: Passage) -> str:
    """The passage's words on one line: where the text's lines end is the typesetter's choice."""
    return " ".join(passage.text.split())


def bounds(quantity: Quantity) -> str:
    """The interval that the words leave open: "[2001, …)", "[12, 12]", "(?, 499]"."""
    return f"{_low(quantity.minimum)}, {_high(quantity.maximum)}"


def _low(bound: Bound) -> str:
    if bound is None:
        return "(…"
    return "(?" if bound == "unknown" else f"[{number(bound)}"


def _high(bound: Bound) -> str:
    if bound is None:
        return "…)"
    return "?)" if bound == "unknown" else f"{number(bound)}]"


def number(value: int | float | str) -> str:
    return f"{value:,}" if isinstance(value, int | float) else value


def owner(holder: Holder) -> str:
    """Who holds a claim, in the source's words."""
    if isinstance(holder, Narrator):
        return "the report itself"
    if isinstance(holder, HolderUnknown):
        return "holder unknown"
    named = holder.name or ""
    told = f"{named} ({holder.role})" if holder.name and holder.role else named or holder.role or words(holder.passage)
    return told + (f", citing {', '.join(holder.via)}" if holder.via else "")


def when(time: When | None) -> str:
    if time is None:
        return ""
    if time.earliest is None and time.latest is None:
        told = words(time.passage) if time.passage else "?"
        return f"{told} (unresolved)"
    if time.earliest == time.latest or time.latest is None:
        return time.earliest or ""
    return f"{time.earliest or '…'} to {time.latest}"


def figure_line(claim: Claim) -> str:
    """ "more than 2,000 civilians: died [2,001, …) — emergency service; not independently verified"."""
    assert claim.quantity is not None
    quantity = claim.quantity
    told = words(quantity.passage)
    if quantity.unit and quantity.unit not in told:
        told += f" {quantity.unit}"
    effect = (claim.effect or "counted").replace("_", " ")
    parts = [f"{told}: {effect} {bounds(quantity)}", f"said by {owner(claim.source)}"]
    if claim.modality not in HAPPENED:
        parts.append(claim.modality)
    if claim.negated:
        parts.append("negated")
    if claim.verification is not None:
        parts.append(claim.verification.status.replace("_", " "))
    if claim.cumulative_since is not None:
        since = claim.cumulative_since
        told_since = words(since.passage) if since.passage else ""
        parts.append(told_since if told_since.lower().startswith("since") else f"since {told_since or when(since)}")
    return "; ".join(parts)


def quotation_line(quotation: Quotation) -> str:
    said = owner(quotation.speaker) if quotation.speaker else "speaker unknown"
    setting = [quotation.venue.name if quotation.venue else "", when(quotation.when)]
    told = f"{said} ({', '.join(filter(None, setting))})" if any(setting) else said
    spoken = words(quotation.passage)
    return f"{told}: {spoken}" if quotation.form == "indirect" else f"{told}: “{spoken}”"


def event_line(event: Event) -> str:
    parts = [event.type, f"“{words(event.trigger)}”"]
    for name, passage in (
        ("by", event.actor),
        ("aimed at", event.aimed_at),
        ("affected", event.affected),
        ("with", event.instrument),
        ("in", event.where),
    ):
        if passage is not None:
            parts.append(f"{name} {words(passage)}")
    if event.when is not None:
        parts.append(when(event.when))
    counts = event.counts
    if counts is not None:
        told = (("for", counts.for_), ("against", counts.against), ("abstaining", counts.abstaining))
        parts += [f"{value} {name}" for name, value in told if value is not None]
        if counts.states:
            parts.append(f"States: {', '.join(counts.states)}")
    if event.modality not in HAPPENED:
        parts.append(event.modality)
    parts.append(f"according to {owner(event.source)}")
    return "; ".join(parts)


def label_line(label: Label) -> str:
    about = f", about {words(label.about)}" if label.about else ""
    return f"“{words(label.passage)}”: {owner(label.holder)}{about}"


def place_line(place: Place) -> str:
    country = f", {place.country}" if place.country else ""
    role = "" if place.role == "location" else f", as {place.role}"
    return f"{words(place.passage)}: {place.gazetteer_id or 'not in the gazetteer'}{country}{role}"


def time_line(time: When) -> str:
    """ "Tuesday: 2031-04-08": the words and the days that they can mean."""
    told = words(time.passage) if time.passage else "not in words"
    return f"{told}: {'unresolved' if time.earliest is None and time.latest is None else when(time)}"


def object_line(found: ObjectMention) -> str:
    return f"{words(found.passage)}: {found.physical_type}, {found.reported_as.replace('_', ' ')}"


def reading_lines(reading: Reading) -> Iterator[str]:
    """The whole reading, section by section; empty sections are left out."""
    happened = [event for event in reading.events if event.modality in HAPPENED]
    apart = [event for event in reading.events if event.modality not in HAPPENED]
    weapons = (f"{words(weapon.passage)}: {weapon.class_}" for weapon in reading.weapons)
    rejected = (f"{rejection.reason}: {rejection.quote}" for rejection in reading.rejected)
    yield from section("Figures", (figure_line(claim) for claim in reading.claims if claim.quantity))
    yield from section("Who said what", map(quotation_line, reading.quotations))
    yield from section("Said to have happened", map(event_line, happened))
    yield from section("Anticipated, promised, alleged, denied", map(event_line, apart))
    yield from section("Legal labels, in the words of those who used them", map(label_line, reading.labels))
    yield from section("Places", map(place_line, reading.places))
    yield from section("Times", map(time_line, reading.times))
    yield from section("Weapons", weapons)
    yield from section("Objects", map(object_line, reading.objects))
    yield from section("Read by further extractors", _extractor_lines(reading))
    yield from section("Rejected by the grounding gate", rejected)


def _extractor_lines(reading: Reading) -> Iterator[str]:
    """How much each extractor beside the rules found, and where readings differ; none where only the rules read."""
    told = agreement_of(reading)
    if told is None:
        return
    for one in reading.extractors[1:]:
        name = str(one["name"])
        found = [finders for finders in told.found_by.values() if name in finders]
        refused = sum(1 for rejection in reading.rejected if rejection.extractor == name)
        alone = sum(1 for finders in found if finders == (name,))
        yield f"{name} {one.get('version', '')}: {len(found)} found, {alone} of them alone; {refused} refused"
    records = {one.id: one for kind in _WITH_IDS for one in getattr(reading, kind)}
    for differing in told.disagreements:
        about = (
            words(_about(records[differing.records[0]])) if differing.records[0] in records else differing.records[0]
        )
        yield f"to be looked at: they differ in {', '.join(differing.fields)} of “{about}”"


_WITH_IDS = ("quotations", "claims", "events", "places", "weapons", "objects", "labels")


def _about(record: object) -> Passage:
    found: Passage = getattr(record, "trigger", None) or getattr(record, "passage")  # noqa: B009 - of several classes
    return found


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield f"{title} ({len(found)})"
        for line in found:
            yield f"  - {line}"
