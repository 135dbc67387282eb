"""Whether a record satisfies a grade: condition by condition, with reasons and the ids that satisfy each.

Guarantees: pure and three-valued: *satisfied*, *not satisfied*, or *unknown* where what the record leaves open could
decide it either way; unknown is never counted as satisfied. A grade is satisfied where every condition is, not
satisfied where one is not, else unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from probanda.corroborate.grades.definitions import Choice, Condition, Grade, Scheme

Outcome = Literal["satisfied", "not_satisfied", "unknown"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many of something the record holds: `low` for certain, and up to `high` (`None`: nobody can tell). `ids`
    count for certain, `open_ids` may; `why` says in words what leaves it open."""

    low: int
    high: int | None
    ids: tuple[str, ...] = ()
    open_ids: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """One condition. `found` says in words what the record holds; `ids` are the records that it rests on."""

    words: str
    outcome: Outcome
    found: str
    ids: tuple[str, ...]
    measure: str | None  # `None`: a choice between several
    alternatives: tuple[tuple[Tested, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class GradeTested:
    grade: str
    means: str
    outcome: Outcome
    conditions: tuple[Tested, ...]

    @property
    def missing(self) -> tuple[Tested, ...]:
        return tuple(one for one in self.conditions if one.outcome != "satisfied")

    @property
    def ids(self) -> tuple[str, ...]:
        """What it rests on, each once."""
        return tuple(dict.fromkeys(name for one in self.conditions for name in one.ids))


def tested(scheme: Scheme, measures: Mapping[str, Measure]) -> tuple[GradeTested, ...]:
    """Every grade of the scheme, in its order."""
    return tuple(_grade(one, measures) for one in scheme.grades)


def _grade(grade: Grade, measures: Mapping[str, Measure]) -> GradeTested:
    conditions = tuple(
        _choice(one, measures) if isinstance(one, Choice) else _condition(one, measures) for one in grade.all
    )
    return GradeTested(grade.grade, grade.means, _all(conditions), conditions)


def _choice(choice: Choice, measures: Mapping[str, Measure]) -> Tested:
    lists = tuple(tuple(_condition(one, measures) for one in conditions) for conditions in choice.any)
    outcomes = [_all(conditions) for conditions in lists]
    best: Outcome = "satisfied" if "satisfied" in outcomes else "unknown" if "unknown" in outcomes else "not_satisfied"
    held = lists[outcomes.index(best)]
    found = "; ".join(one.found for one in held)
    return Tested(choice.words, best, found, tuple(dict.fromkeys(i for one in held for i in one.ids)), None, lists)


def _condition(condition: Condition, measures: Mapping[str, Measure]) -> Tested:
    found = measures[condition.measure]
    least = _least(found, condition.at_least)
    most = _most(found, condition.at_most)
    outcome = _both(least, most)
    return Tested(condition.words, outcome, _told(found), (*found.ids, *found.open_ids), condition.measure)


def _least(found: Measure, bound: int | None) -> Outcome:
    if bound is None or found.low >= bound:
        return "satisfied"
    return "unknown" if found.high is None or found.high >= bound else "not_satisfied"


def _most(found: Measure, bound: int | None) -> Outcome:
    if bound is None or (found.high is not None and found.high <= bound):
        return "satisfied"
    return "not_satisfied" if found.low > bound else "unknown"


def _both(a: Outcome, b: Outcome) -> Outcome:
    if "not_satisfied" in (a, b):
        return "not_satisfied"
    return "unknown" if "unknown" in (a, b) else "satisfied"


def _all(conditions: Sequence[Tested]) -> Outcome:
    outcome: Outcome = "satisfied"
    for one in conditions:
        outcome = _both(outcome, one.outcome)
    return outcome


def _told(found: Measure) -> str:
    count = str(found.low) if found.low == found.high else f"{found.low} for certain" + (
        f", up to {found.high}" if found.high is not None else ""
    )  # fmt: skip
    return f"{count}; {found.why}" if found.why else count
