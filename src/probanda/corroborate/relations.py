"""How two positions on one thing stand to each other: the rules, one after the other, each with its reason in words.

Guarantees: pure and symmetric but for who came first. *Contradicts* is said only where bounds that both sources give do
not meet, or one says and the other denies; never because of a bound that is unknown, of a part beside its whole, of a
count of other persons, of another day since which is counted, of what is only expected, or because a toll grew. The
first rule that applies decides; the order is that of `spec/comparison.md`. Nothing says which of the two is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from probanda.corroborate.positions import Position, is_part

Relation = Literal["agrees", "narrows", "supersedes", "different_scope", "contradicts", "undetermined"]
RELATIONS: Final[tuple[Relation, ...]] = (
    "contradicts", "undetermined", "supersedes", "different_scope", "narrows", "agrees",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` is the stable name of the rule that decided; `reason` is in words, the earlier position first."""

    relation: Relation
    rule: str
    reason: str


Rule = Callable[[Position, Position], Finding | None]


def relation(a: Position, b: Position) -> Finding:
    """`a` is the one first told, or either where nobody knows."""
    for rule in _RULES:
        found = rule(a, b)
        if found is not None:
            return found
    return Finding("undetermined", "no_number", "one of them gives no number")


def _expected(a: Position, b: Position) -> Finding | None:
    if "ahead" not in (a.stance, b.stance):
        return None
    if a.stance == b.stance:
        return Finding("different_scope", "both_expected", "neither says that it happened: both are expected or feared")
    return Finding(
        "different_scope", "expected", "one is expected, feared or planned, the other is told as having happened"
    )


def _denied(a: Position, b: Position) -> Finding | None:
    """A denial of a number contradicts whoever gives that number, and leaves every other number open."""
    if a.stance == b.stance == "denied":
        return Finding("agrees", "both_deny", "both deny it")
    if "denied" not in (a.stance, b.stance):
        return None
    said, denied = (b, a) if a.stance == "denied" else (a, b)
    if said.source is not None and said.source == denied.source and _after(b, a):
        return Finding("supersedes", "taken_back", "the same source says the opposite later")
    if _same_source(said, denied) and said.interval is not None and said.interval != denied.interval:
        return Finding("agrees", "denies_another", f"the same source says {said.words} and denies {denied.words}")
    if denied.interval is None or said.interval is None:
        return Finding("contradicts", "denied", "one says that it happened, the other denies it")
    if not said.interval.known or not denied.interval.known:
        return Finding("undetermined", "bound_unknown", "a number is denied, and a bound is not known")
    if said.interval.inside(denied.interval):
        return Finding("contradicts", "number_denied", f"one gives {said.words}, the other denies {denied.words}")
    return Finding(
        "undetermined", "other_number_denied", f"{denied.words} is denied; that says nothing of {said.words}"
    )


def _corrected(a: Position, b: Position) -> Finding | None:
    """ "59, and not 62"."""
    for one, other in ((a, b), (b, a)):
        if other.stated in one.replaced and one.interval != other.interval:
            if one.source is not None and one.source == other.source:
                return Finding("supersedes", "corrected", f"the source corrects {other.words} to {one.words}")
            return Finding("contradicts", "said_to_be_wrong", f"one says {one.words}, and expressly not {other.words}")
    return None


def _without_number(a: Position, b: Position) -> Finding | None:
    if a.interval is None and b.interval is None:
        return Finding("agrees", "both_say_so", "both say so, without a number")
    if a.interval is None or b.interval is None:
        return Finding("undetermined", "no_number", "one of them gives no number")
    return None


def _parts(a: Position, b: Position) -> Finding | None:
    for part, whole in ((a, b), (b, a)):
        if not _is_part(part, whole):
            continue
        if part.since == whole.since and _exceeds(part, whole):
            if _may_have_grown(whole, part):
                return Finding("different_scope", "as_of", "a part told later than its whole, which may have grown")
            told = f"the part alone ({part.words}) exceeds what the other gives for the whole ({whole.words})"
            return Finding("contradicts", "part_above_whole", told)
        return Finding("different_scope", "part", f"a part ({part.words}) beside a whole ({whole.words})")
    if a.population != b.population:
        return Finding("different_scope", "others_counted", f"not the same are counted: {a.population}, {b.population}")
    return None


def _is_part(part: Position, whole: Position) -> bool:
    if set(part.inside) & set(whole.claims):
        return True
    if part.population == whole.population:
        return part.part and not whole.part
    return is_part(part.population, whole.population) and not whole.part


def _sides(a: Position, b: Position) -> Finding | None:
    if a.population != "combatant":
        return None
    if a.nation is not None and b.nation is not None and a.nation != b.nation:
        return Finding("different_scope", "other_side", "the losses of two sides")
    if a.own != b.own:
        told = "what a side says of its own losses beside what others claim of them"
        return Finding("different_scope", "own_losses", told)
    return None


def _since(a: Position, b: Position) -> Finding | None:
    if a.since == b.since:
        return None
    if a.since is not None and b.since is not None:
        return Finding("different_scope", "other_beginning", f"counted since different days ({a.since}, {b.since})")
    one, total = (a, b) if b.since is not None else (b, a)
    if _after_or_same(total, one) and _exceeds(one, total):
        return Finding("contradicts", "event_above_total", f"one event alone ({one.words}) exceeds the total since "
                       f"{total.since} ({total.words}), which was told no earlier")  # fmt: skip
    return Finding("different_scope", "cumulative", f"one event beside a total since {total.since}")


def _acts(a: Position, b: Position) -> Finding | None:
    if a.joint != b.joint and (a.joint or a.whole or b.joint or b.whole) and (a.whole or b.whole):
        return Finding("different_scope", "joint_act", "one act of several together beside the total of all acts")
    return None


def _verified(a: Position, b: Position) -> Finding | None:
    """What was verified is a floor: more may have happened than anybody checked."""
    if not (a.verified or b.verified) or a.interval is None or b.interval is None or a.interval == b.interval:
        return None
    if a.verified and b.verified:
        return None if _same_source(a, b) else Finding(
            "different_scope", "two_floors", "each counts what it verified itself; both are floors"
        )  # fmt: skip
    floor, claimed = (a, b) if a.verified else (b, a)
    if _exceeds(floor, claimed) and not _may_have_grown(claimed, floor):
        return Finding("contradicts", "floor_above_total", f"{floor.words} were verified, more than the other gives in "
                       f"all ({claimed.words})")  # fmt: skip
    return Finding("different_scope", "verified_floor", f"a verified floor ({floor.words}) beside a claimed total "
                   f"({claimed.words})")  # fmt: skip


def _same_source_later(a: Position, b: Position) -> Finding | None:
    if not _same_source(a, b) or a.interval == b.interval or not _after(b, a):
        return None
    assert a.interval is not None and b.interval is not None
    if a.since is not None and a.interval.starts_below(b.interval):
        return Finding("supersedes", "growth", f"the same source's count has grown from {a.words} to {b.words}")
    return Finding("supersedes", "later", f"the same source says {b.words} later, in place of {a.words}")


def _intervals(a: Position, b: Position) -> Finding | None:
    one, other = a.interval, b.interval
    assert one is not None and other is not None
    if one == other and a.stated == b.stated:
        return Finding("agrees", "same", f"the same number ({a.words})")
    if one.below(other) or other.below(one):
        return _apart(a, b)
    if not (one.known and other.known):
        return Finding("undetermined", "bound_unknown", f"how far “{a.words}” or “{b.words}” reaches is not known")
    if one.inside(other) or other.inside(one):
        inner, outer = (a, b) if one.inside(other) else (b, a)
        if one == other:
            return Finding("agrees", "same_bounds", f"the same bounds ({a.words}, {b.words})")
        return Finding("narrows", "inside", f"{inner.words} lies within {outer.words}")
    return Finding("agrees", "overlap", f"both can hold: {a.words} and {b.words} overlap")


def _apart(a: Position, b: Position) -> Finding:
    """The bounds do not meet."""
    assert a.interval is not None and b.interval is not None
    if not _same_source(a, b) and a.interval.below(b.interval) and _may_have_grown(a, b):
        if a.since is not None:
            return Finding("different_scope", "as_of", f"as of different days: a total since {a.since} grows")
        return Finding("different_scope", "as_of", "as of different days: a toll grows while it is counted, and the "
                       "earlier was not repeated")  # fmt: skip
    told = f"{_number(a)} and {_number(b)} cannot both hold"
    if _same_source(a, b):
        told += "; the same source gives both, and which came last is not told"
    elif a.days is None or b.days is None:
        told += "; as of when is not told"
    presumed = sorted({*a.presumed, *b.presumed})
    if presumed:
        told += f" if both speak of the same; the {' and the '.join(presumed)} of one is presumed, not said"
    return Finding("contradicts", "apart", told)


_RULES: Final[tuple[Rule, ...]] = (
    _expected, _denied, _corrected, _without_number, _parts, _sides, _since, _acts, _verified, _same_source_later,
    _intervals,
)  # fmt: skip


def _number(one: Position) -> str:
    return f"{one.words} ({one.note})" if one.note else str(one.words)


def _same_source(a: Position, b: Position) -> bool:
    return a.source is not None and a.source == b.source


def _after(later: Position, earlier: Position) -> bool:
    """Whether all of the one was told after all of the other."""
    return earlier.days is not None and later.days is not None and earlier.days[1] < later.days[0]


def _may_have_grown(lower: Position, higher: Position) -> bool:
    """Whether the lower was last told before the higher, of what is counted for some time."""
    return lower.grows and _after(higher, lower)


def _after_or_same(later: Position, earlier: Position) -> bool:
    return earlier.days is not None and later.days is not None and earlier.days[0] <= later.days[0]


def _exceeds(a: Position, b: Position) -> bool:
    return a.interval is not None and b.interval is not None and b.interval.below(a.interval)
