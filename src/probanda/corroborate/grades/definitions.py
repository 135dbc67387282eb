"""Schemes of grades, as data that a lawyer can read: each grade is a list of conditions on what the case holds.

Guarantees: a scheme is one JSON file beside this module, named by its version and the SHA-256 of its canonical form, so
that a recorded grade names the very definition that it was tested against. A condition asks for at least or at most so
many of one *measure* (`grades.measures`). Refuses (`ValueError`) a file with a field, measure or condition it does not
know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from probanda.records.canonical import Json, canonical, parse_json

SubjectKind = Literal["claim", "incident"]
SCHEMES: Final = (
    "probanda", "airwars", "admiralty-source", "admiralty-information", "huridocs-violation", "huridocs-reliability",
)  # fmt: skip
FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "admiralty": ("admiralty-source", "admiralty-information"),
    "huridocs": ("huridocs-violation", "huridocs-reliability"),
}
MEASURES: Final = (
    "claims", "origins", "confirmed_origins", "credible_origins", "contradictions", "contradicting_origins",
    "confirmed", "rejected", "accepted_responsibility", "near_actions", "attributed_parties", "civilians",
    "combatants", "source_judged", "source_confirmed_percent", "not_in_record",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """At least and at most so many of a measure, in words; `None` sets no bound."""

    measure: str
    words: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several lists of conditions, each of which would do."""

    words: str
    any: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Grade:
    grade: str
    means: str
    all: tuple[Condition | Choice, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """`source` says where the terms are from and what is our own reading of them; `sha256` is of the definition."""

    scheme: str
    version: str
    title: str
    source: str
    subjects: tuple[SubjectKind, ...]
    grades: tuple[Grade, ...]
    sha256: str

    def grade(self, name: str) -> Grade | None:
        return next((one for one in self.grades if one.grade == name), None)


@cache
def scheme(name: str) -> Scheme:
    """The scheme of this name. Raises `ValueError` for another."""
    if name not in SCHEMES:
        raise ValueError(f"expected one of the schemes {', '.join(SCHEMES)}, found {name!r}")
    text = files("probanda.corroborate.grades").joinpath(f"{name}.json").read_bytes()
    return parse_scheme(parse_json(text))


def named(name: str) -> tuple[Scheme, ...]:
    """The schemes of a name or of a family ("admiralty" has two, which are kept apart)."""
    return tuple(scheme(one) for one in FAMILIES.get(name, (name,)))


def parse_scheme(given: Json) -> Scheme:
    data = _object(given, {"scheme", "version", "title", "source", "subjects", "grades"}, "a scheme")
    subjects = tuple(str(one) for one in _list(data["subjects"]))
    if not subjects or not set(subjects) <= {"claim", "incident"}:
        raise ValueError(f"expected claim and incident as subjects, found {subjects}")
    grades = tuple(_grade(one) for one in _list(data["grades"]))
    if len({one.grade for one in grades}) != len(grades):
        raise ValueError("expected each grade once")
    return Scheme(
        scheme=str(data["scheme"]),
        version=str(data["version"]),
        title=str(data["title"]),
        source=str(data["source"]),
        subjects=cast("tuple[SubjectKind, ...]", subjects),
        grades=grades,
        sha256=hashlib.sha256(canonical(given)).hexdigest(),
    )


def _grade(given: Json) -> Grade:
    data = _object(given, {"grade", "means", "all"}, "a grade")
    conditions = tuple(_condition(one) for one in _list(data["all"]))
    if not conditions:
        raise ValueError(f"expected conditions of the grade {data['grade']!r}, found none")
    return Grade(str(data["grade"]), str(data["means"]), conditions)


def _condition(given: Json) -> Condition | Choice:
    if isinstance(given, dict) and "any" in given:
        data = _object(given, {"words", "any"}, "a choice")
        return Choice(str(data["words"]), tuple(tuple(_plain(c) for c in _list(one)) for one in _list(data["any"])))
    return _plain(given)


def _plain(given: Json) -> Condition:
    data = _object(given, {"measure", "words", "at_least", "at_most"}, "a condition", optional={"at_least", "at_most"})
    if data["measure"] not in MEASURES:
        raise ValueError(f"expected one of the measures {', '.join(MEASURES)}, found {data['measure']!r}")
    least, most = data.get("at_least"), data.get("at_most")
    for bound in (least, most):
        if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool) or bound < 0):
            raise ValueError(f"expected a number of 0 or more as a bound, found {bound!r}")
    if least is None and most is None:
        raise ValueError(f"expected at_least or at_most, found neither: {data['words']!r}")
    return Condition(str(data["measure"]), str(data["words"]), cast("int | None", least), cast("int | None", most))


def _object(
    given: Json, fields: set[str], what: str, optional: frozenset[str] | set[str] = frozenset()
) -> dict[str, Json]:
    if not isinstance(given, dict) or not fields - optional <= given.keys() <= fields:
        found = sorted(given) if isinstance(given, dict) else type(given).__name__
        raise ValueError(f"expected {what} with the fields {', '.join(sorted(fields))}, found {found}")
    return given


def _list(given: Json) -> list[Json]:
    if not isinstance(given, list):
        raise ValueError(f"expected a list, found {type(given).__name__}")
    return given
