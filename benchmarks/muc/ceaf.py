"""CEAF-REE over templates: how far found templates agree with those of the key.

After the definition of the role-filler metric (Du, Rush and Cardie 2021), read for templates (Chen et al. 2023): found
and true templates are aligned one to one so that most agrees, and only templates of the same type are aligned; in an
aligned pair the entities of each role are aligned one to one, a found entity agrees with a true one where all of its
strings are among the true one's; the type of an aligned pair counts as one filler that agrees. Precision is what agrees
over what was found, types included, recall over what is true; *micro* sums over all documents before dividing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from muc.data import ROLES, Entity, Template

SLOTS = ("type", *ROLES)


@dataclass(slots=True)
class Tally:
    agree: int = 0
    found: int = 0
    true: int = 0

    @property
    def precision(self) -> float:
        return self.agree / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.agree / self.true if self.true else 0.0

    @property
    def f(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def aligned(found: Sequence[Entity], true: Sequence[Entity]) -> int:
    """How many entities agree when each is aligned with one at most (augmenting paths)."""
    partner: dict[int, int] = {}

    def place(mine: int, tried: set[int]) -> bool:
        for theirs, entity in enumerate(true):
            if theirs in tried or not found[mine] <= entity:
                continue
            tried.add(theirs)
            if theirs not in partner or place(partner[theirs], tried):
                partner[theirs] = mine
                return True
        return False

    return sum(bool(found[mine]) and place(mine, set()) for mine in range(len(found)))


def compare(found: Sequence[Template], true: Sequence[Template]) -> dict[str, Tally]:
    """The tallies of one document, slot by slot. The time grows with two to the number of found templates."""
    if len(found) > 14:
        raise ValueError(f"expected at most 14 templates of a document, found {len(found)}")
    agreed = [[_agree(mine, theirs) for theirs in true] for mine in found]

    @cache
    def best(place: int, free: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        if place == len(true):
            return 0, ()
        top = best(place + 1, free)
        for mine in range(len(found)):
            if free >> mine & 1 and (here := agreed[mine][place]) is not None:
                rest, pairs = best(place + 1, free & ~(1 << mine))
                if rest + sum(here.values()) > top[0]:
                    top = rest + sum(here.values()), ((mine, place), *pairs)
        return top

    tallies = {slot: Tally() for slot in SLOTS}
    for mine, theirs in best(0, (1 << len(found)) - 1)[1]:
        for slot, count in (agreed[mine][theirs] or {}).items():
            tallies[slot].agree += count
    for side, templates in (("found", found), ("true", true)):
        for one in templates:
            for slot in SLOTS:
                count = 1 if slot == "type" else len(one.fillers[slot])
                setattr(tallies[slot], side, getattr(tallies[slot], side) + count)
    return tallies


def _agree(mine: Template, theirs: Template) -> dict[str, int] | None:
    """What agrees of two templates, slot by slot; `None` where they are of different types."""
    if mine.type != theirs.type:
        return None
    return {"type": 1, **{role: aligned(mine.fillers[role], theirs.fillers[role]) for role in ROLES}}


def total(documents: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """Slot by slot, and `micro` over all of them."""
    summed = {slot: Tally() for slot in (*SLOTS, "micro")}
    for one in documents:
        for slot, tally in one.items():
            for into in (summed[slot], summed["micro"]):
                into.agree += tally.agree
                into.found += tally.found
                into.true += tally.true
    return summed
