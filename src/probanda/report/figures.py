"""Figures by source over time, conflicts side by side.

Guarantees: every claim with a quantity stands in exactly one group (effect and kind of thing counted) and keeps its
owner, wording and bounds; nothing is summed, averaged, merged or left out because another figure contradicts it. Two
figures are marked as *different* only where the sources speak of the same effect, kind and time and of the same place,
or neither names one; where the time of either is open, or only one names a place, nothing is concluded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from probanda.records.quantity import Quantity
from probanda.records.reading import Claim, Reading, When
from probanda.report.contents import Moment

SAID = frozenset({"accomplished", "stated"})
# What befell people and things comes first, and only such figures are compared: "15 against" does not contradict
# "105 in favour", and two bare counts need not be of the same things.
COMPARED = (
    "died", "killed", "injured", "missing", "detained", "abducted", "refugee", "internally_displaced", "transferred",
    "fled", "evacuated", "destroyed", "damaged",
)  # fmt: skip
_PERSONS = frozenset({"people", "person", "persons", "individuals", "individual"})
_IRREGULAR = {"child": "children", "man": "men", "woman": "women"}
_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Counted:
    """A claim with a quantity, with what decides where it stands and whether another is about the same."""

    text: int
    claim: Claim
    quantity: Quantity
    date: Moment
    place: str | None  # a gazetteer id, else the source's words; `None`: not said
    judged: bool  # a person rejected or corrected the line, so its machine reading is compared with nothing

    @property
    def said(self) -> bool:
        return self.claim.modality in SAID and not self.claim.negated


@dataclass(frozen=True, slots=True)
class CountedGroup:
    effect: str | None
    unit: str | None
    said: tuple[Counted, ...]
    apart: tuple[Counted, ...]


def counted(text: int, claim: Claim, quantity: Quantity, reading: Reading, *, judged: bool) -> Counted:
    date = figure_date(claim, reading.document.published)
    return Counted(text, claim, quantity, date, _place_key(claim, reading), judged)


def grouped(claims: Iterable[Counted]) -> tuple[CountedGroup, ...]:
    """Groups by effect and kind: what befell people and things in the order of `COMPARED`, then other effects in the
    order of their first line, last the numbers of which nothing more is said, in one group. Within each, lines by date,
    then as given."""
    groups: dict[tuple[str | None, str | None], list[Counted]] = {}
    for one in claims:
        effect = one.claim.effect
        kind = None if effect is None else kind_counted(one.quantity, one.claim)
        groups.setdefault((effect, kind), []).append(one)
    out = []
    for (befell, _), members in sorted(groups.items(), key=lambda group: _rank(group[0][0])):
        members.sort(key=_by_date)
        unit = Counter(named_kind(one.quantity, one.claim) for one in members).most_common(1)[0][0] if befell else None
        said = tuple(one for one in members if one.said)
        out.append(CountedGroup(befell, unit, said, tuple(one for one in members if not one.said)))
    return tuple(out)


def _rank(effect: str | None) -> int:
    if effect is None:
        return len(COMPARED) + 1
    return COMPARED.index(effect) if effect in COMPARED else len(COMPARED)


def differs(one: Counted, other: Counted) -> bool:
    """Whether two figures of one group contradict or outbid each other. Symmetric."""
    a, b = one.claim, other.claim
    if a.effect not in COMPARED or a.effect != b.effect:
        return False
    if one.judged or other.judged or a.id == b.id or _value(one) == _value(other):
        return False
    if any(claim.negated or claim.subset_of for claim in (a, b)) or _since(a) != _since(b):
        return False  # a part, or a count from another date on, does not compete with a total
    if one.said != other.said or (not one.said and a.modality != b.modality) or one.place != other.place:
        return False
    if a.corrects == b.id or b.corrects == a.id:
        return False  # the source itself withdrew the one for the other
    return _times_meet(one.date, other.date)


def exclusive(one: Counted, other: Counted) -> bool:
    """Whether the bounds do not meet, so that both figures cannot hold."""
    return _above(one.quantity, other.quantity) or _above(other.quantity, one.quantity)


def moment(when: When | None) -> Moment | None:
    if when is None:
        return None
    return Moment(when.earliest, when.latest, when.precision, when.basis, when.passage.text if when.passage else None)


def figure_date(claim: Claim, published: str | None) -> Moment:
    """The date for which the source gives the figure: as of, else when, else that of publication."""
    for when in (claim.as_of, claim.when):
        found = moment(when)
        if found is not None and (found.earliest or found.latest):
            return found
    if published:
        return Moment(published, published, "day" if len(published) == 10 else "unknown", "date of publication", None)
    return Moment(None, None, "unknown", "no date known", None)


def named_kind(quantity: Quantity, claim: Claim) -> str | None:
    """The last word of the unit as the source writes it; of the persons meant where it names no unit."""
    words = _WORD.findall(quantity.unit or (claim.who.text if claim.who else ""))
    return words[-1].casefold() if words else None


def kind_counted(quantity: Quantity, claim: Claim) -> str | None:
    """What is counted, by the last word of the unit: "12 Karovian civilians" counts civilians.

    Only puts lines into one table; each keeps the source's own words. Knows English plurals only.
    """
    word = named_kind(quantity, claim)
    if word is None or word in _PERSONS:
        return word and "people"
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(("s", "men", "children")):
        return word
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else word + "s"


def _place_key(claim: Claim, reading: Reading) -> str | None:
    """Words alone do not identify a place; they serve here only to set figures beside each other."""
    where = claim.where
    if where is None:
        return None
    for place in reading.places:
        if place.gazetteer_id and place.passage.start < where.end and where.start < place.passage.end:
            return place.gazetteer_id
    return where.text.casefold()


def _since(claim: Claim) -> tuple[str | None, str | None] | None:
    """From when on the figure counts: resolved bounds, else the source's words."""
    since = moment(claim.cumulative_since)
    if since is None:
        return None
    if since.earliest or since.latest:
        return (since.earliest, since.latest)
    return (since.words.casefold() if since.words else None, None)


def _by_date(one: Counted) -> tuple[bool, str]:
    first = one.date.earliest or one.date.latest
    return (first is None, first or "")


def _value(one: Counted) -> tuple[object, object, object]:
    return (one.quantity.stated, one.quantity.minimum, one.quantity.maximum)


def _times_meet(a: Moment, b: Moment) -> bool:
    """Whether the dates overlap, to the day. An open bound does not count as meeting."""
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return False
    return a.earliest[:10] <= b.latest[:10] and b.earliest[:10] <= a.latest[:10]


def _above(a: Quantity, b: Quantity) -> bool:
    low, high = a.minimum, b.maximum
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high
