"""Graded: a person's grade of a claim or incident, as a judgement carries it.

A grade is a judgement about a *question* ("which grade of this scheme has this record?") with an id of its own, so
that it neither hides a decision on the record nor counts as one, and so that a later grade of the same scheme takes its
place and one of another scheme does not. Its `members` are the record and what the grade rests on: what is withheld or
deleted of these takes the grade with it or leaves it touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from probanda.records.canonical import Json, identify
from probanda.records.judgement import Judgement

FIELD: Final = "grade"
_PREFIX: Final = "grade:"


@dataclass(frozen=True, slots=True)
class Graded:
    """`subject` is the id of what was graded, of an incident that of the version that the person saw; `root` of its
    first version, of a claim its id; `definition` is the SHA-256 of the scheme's definition; `rests_on` are the ids of
    what satisfied its conditions then."""

    scheme: str
    version: str
    definition: str
    grade: str
    subject: str
    root: str
    rests_on: tuple[str, ...]


def grade_question(root: str, scheme: str) -> str:
    return identify("grade", {"subject": root, "scheme": scheme})


def grade_extra(graded: Graded) -> Mapping[str, Json]:
    """What the judgement keeps beside decision and reason."""
    return {
        FIELD: {
            "scheme": graded.scheme, "version": graded.version, "definition": graded.definition,
            "grade": graded.grade, "subject": graded.subject, "root": graded.root,
            "rests_on": list(graded.rests_on),
        },
        "members": [graded.subject, *(one for one in graded.rests_on if one != graded.subject)],
    }  # fmt: skip


def graded(judgement: Judgement) -> Graded | None:
    """The grade that a judgement records; `None` for other judgements, and for one that does not fit together."""
    if len(judgement.about) != 1 or not judgement.about[0].startswith(_PREFIX) or judgement.decision != "confirmed":
        return None
    told = judgement.extra.get(FIELD)
    if not isinstance(told, Mapping):
        return None
    words = [told.get(name) for name in ("scheme", "version", "definition", "grade", "subject", "root")]
    rests_on = told.get("rests_on")
    if not all(isinstance(one, str) for one in words) or not isinstance(rests_on, (list, tuple)):
        return None
    scheme, version, definition, grade, subject, root = map(str, words)
    if judgement.about[0] != grade_question(root, scheme):
        return None
    return Graded(scheme, version, definition, grade, subject, root, tuple(str(one) for one in rests_on))
