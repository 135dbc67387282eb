"""Types of events in ACLED's and PLOVER's words, means of violence in those of SDG indicator 16.1.2.

Guarantees: a type that alone does not decide between two entries of a list has none there; nothing is guessed. The
arrangement is our own, and events.tsv says so. HURIDOCS' codes of acts were not obtained.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from probanda.codes.tables import rows


@dataclass(frozen=True, slots=True)
class EventCodes:
    """`None`: the type does not decide it, or the list has nothing of the kind."""

    acled_event: str | None
    acled_sub_event: str | None
    plover_event: str | None
    plover_mode: str | None


@cache
def event_codes(type: str) -> EventCodes:
    """The codes of a dotted type; of one that has no row, those of the nearest type above it."""
    held = {row["type"]: row for row in rows("events")}
    while type not in held and "." in type:
        type = type.rpartition(".")[0]
    row = held.get(type, {})
    return EventCodes(
        *(row.get(name) or None for name in ("acled_event", "acled_sub_event", "plover_event", "plover_mode"))
    )


@cache
def cause_of_death(weapon_class: str) -> str | None:
    """A class of means in the words of SDG indicator 16.1.2; `None` for a class that is none of ours."""
    return {row["class"]: row["sdg_16_1_2"] for row in rows("means")}.get(weapon_class)
