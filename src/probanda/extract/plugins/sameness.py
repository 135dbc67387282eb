"""Whether two records are about the same words, and in which fields they then contradict each other.

Guarantees: symmetric but for the order of the names; a field that one record leaves unsaid contradicts nothing. Rules:
passages are about the same words where they share at least half of all the characters that either covers (the measure
in which attribution is scored), figures, triggers, names of places, weapons and objects where they overlap at all.
"""

from __future__ import annotations

from typing import Any, Final

from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
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
    Speaker,
    Verification,
    Weapon,
    When,
)

KINDS: Final = ("quotations", "claims", "events", "places", "weapons", "objects", "labels")
HALF: Final = 0.5


def about_same(one: Any, other: Any) -> float:
    """How far two records of one kind are about the same words: 0 not at all, 1 exactly these."""
    if isinstance(one, Claim) and isinstance(other, Claim):
        if one.quantity is not None and other.quantity is not None:
            return _shared(one.quantity.passage, other.quantity.passage)
        if (one.quantity is None) != (other.quantity is None) and one.kind != other.kind:
            return 0.0
        return _half(one.passage, other.passage)
    if isinstance(one, Quotation) and isinstance(other, Quotation):
        return _half(one.passage, other.passage)
    if isinstance(one, Event) and isinstance(other, Event):
        return _shared(one.trigger, other.trigger)
    return _shared(one.passage, other.passage)


def conflicts(one: Any, other: Any) -> tuple[str, ...]:
    """The fields in which two records about the same words contradict each other."""
    return tuple(name for name in _COMPARED[type(one)] if _differ(name, getattr(one, name), getattr(other, name)))


_COMPARED: Final[dict[type, tuple[str, ...]]] = {
    Quotation: ("speaker",),
    Claim: (
        "kind",
        "source",
        "quantity",
        "effect",
        "who",
        "where",
        "when",
        "as_of",
        "cumulative_since",
        "modality",
        "negated",
        "verification",
    ),
    Event: ("type", "actor", "aimed_at", "affected", "instrument", "where", "when", "modality", "source", "counts"),
    Place: ("gazetteer_id", "role"),
    Weapon: ("class_",),
    ObjectMention: ("physical_type", "reported_as"),
    Label: ("label", "holder"),
}


def _differ(name: str, one: object, other: object) -> bool:
    if one is None or other is None:
        return False
    if isinstance(one, Passage) and isinstance(other, Passage):
        return _shared(one, other) == 0.0
    if isinstance(one, When) and isinstance(other, When):
        given = (one.earliest, one.latest), (other.earliest, other.latest)
        return all(any(part) for part in given) and given[0] != given[1]
    if isinstance(one, Verification) and isinstance(other, Verification):
        return one.status != other.status
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return (one.stated, one.minimum, one.maximum, one.qualifier) != (
            other.stated, other.minimum, other.maximum, other.qualifier,
        )  # fmt: skip
    if isinstance(one, (Speaker, Narrator, HolderUnknown)) and isinstance(other, (Speaker, Narrator, HolderUnknown)):
        return not same_holder(one, other)
    if name == "type" and isinstance(one, str) and isinstance(other, str):  # attack.strike is an attack
        return not (f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}."))
    return one != other


def same_holder(one: Holder, other: Holder) -> bool:
    """Whether two holders are one: the same passage, the same name or its last word, one's passage the
    other's mention or the same role where not both are named. That both stand for one "she" does not make two persons
    one: who she is, they disagree on."""
    if not isinstance(one, Speaker) or not isinstance(other, Speaker):
        return type(one) is type(other)
    if _shared(one.passage, other.passage) > 0:
        return True
    names = _folded(one.name), _folded(other.name)
    if all(names):
        return names[0] == names[1] or names[0].split()[-1:] == [names[1]] or names[1].split()[-1:] == [names[0]]
    beside = ((one.passage, other.mention), (one.mention, other.passage))
    if any(a is not None and b is not None and _shared(a, b) > 0 for a, b in beside):
        return True
    return bool(one.role) and _folded(one.role) == _folded(other.role)


def _folded(name: str | None) -> str:
    words = (name or "").casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def _shared(one: Passage, other: Passage) -> float:
    """Characters that both cover, of all that either does."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return both / (max(one.end, other.end) - min(one.start, other.start)) if both > 0 else 0.0


def _half(one: Passage, other: Passage) -> float:
    shared = _shared(one, other)
    return shared if shared >= HALF else 0.0
