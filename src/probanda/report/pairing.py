"""Which records of one reading say the same, and where an occurrence stands.

A reading may hold a quotation and a claim of the same words, or an event and a claim that asserts it. They are shown on
one line, so that a reader does not take one assertion for two. Guarantees: only records of the same text, owner and
modality share a line; no record is lost or stands twice. What lies within the words of an accusation stands with the
accusations, whatever its own modality: an accuser's account of a crime is not a thing that happened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from probanda.records.reading import Claim, Event, Quotation, Reading
from probanda.report.contents import Owner
from probanda.report.figures import SAID
from probanda.report.lines import owner

R = TypeVar("R", Quotation, Event)
_MARKS = "“”«»„\"'‘’.,;: \t\r\n"

Said = tuple[Quotation | Claim, tuple[Claim, ...]]
Done = tuple[Event | Claim, tuple[Claim, ...]]


def said(reading: Reading) -> list[Said]:
    """Quotations and claims that are statements, in the order of the text, each with the claims of the same words."""
    claims = [one for one in reading.claims if one.quantity is None and one.kind == "statement"]
    paired, rest = _paired(reading.quotations, claims, _same_words)
    found: list[Said] = [*paired, *((one, ()) for one in rest)]
    return sorted(found, key=lambda pair: (pair[0].passage.start, pair[0].passage.end))


def done(reading: Reading) -> list[Done]:
    """Events and claims that assert one, in the order of the text, each event with the claims that assert it."""
    claims = [one for one in reading.claims if one.quantity is None and one.kind != "statement"]
    paired, rest = _paired(reading.events, claims, _asserts)
    found: list[Done] = [*paired, *((one, ()) for one in rest)]
    return sorted(found, key=lambda pair: _span(pair[0]))


def heading(record: Event | Claim, reading: Reading) -> str | None:
    """Under which heading the line is kept apart; `None` where a source says that it happened."""
    if isinstance(record, Claim) and record.negated:
        return "negated"
    if isinstance(record, Claim) and record.kind == "accusation":
        return "accusation"
    if record.modality in SAID:
        return "accusation" if any(_within(record, one) for one in reading.claims if one.kind == "accusation") else None
    return record.modality


def speaker(record: Quotation | Claim) -> Owner:
    return owner(record.speaker if isinstance(record, Quotation) else record.source)


def _paired(
    records: Sequence[R], claims: Sequence[Claim], matches: Callable[[R, Claim], bool]
) -> tuple[list[tuple[R, tuple[Claim, ...]]], list[Claim]]:
    """Each record with the claims that match it, each claim at the first that it matches; then the claims left."""
    taken: dict[int, list[Claim]] = {place: [] for place in range(len(records))}
    rest: list[Claim] = []
    for claim in claims:
        place = next((place for place, one in enumerate(records) if matches(one, claim)), None)
        (rest if place is None else taken[place]).append(claim)
    return [(one, tuple(taken[place])) for place, one in enumerate(records)], rest


def _same_words(quotation: Quotation, claim: Claim) -> bool:
    a, b = quotation.passage, claim.passage
    meet = a.start < b.end and b.start < a.end
    same = a.text.strip(_MARKS) == b.text.strip(_MARKS)
    return meet and same and not claim.negated and _same_owner(speaker(quotation), speaker(claim))


def _asserts(event: Event, claim: Claim) -> bool:
    """ "attack" is asserted of `attack.strike`, "investigation" of `legal.investigation_opened`."""
    kinds = event.type.split(".")
    named = any(part == claim.kind or part.startswith(claim.kind + "_") for part in kinds)
    inside = claim.passage.start <= event.trigger.start and event.trigger.end <= claim.passage.end
    same = event.modality == claim.modality and not claim.negated and claim.kind != "accusation"
    return named and inside and same and _same_owner(owner(event.source), owner(claim.source))


def _same_owner(a: Owner, b: Owner) -> bool:
    return (a.kind, a.name, a.role) == (b.kind, b.name, b.role)


def _within(record: Event | Claim, accusation: Claim) -> bool:
    start, end = _span(record)
    return accusation.passage.start <= start and end <= accusation.passage.end


def _span(record: Event | Claim) -> tuple[int, int]:
    passage = record.trigger if isinstance(record, Event) else record.passage
    return (passage.start, passage.end)
