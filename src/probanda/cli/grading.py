"""grade: what the record of a claim or incident supports, what it lacks, and a person's grade where it is supported.

Guarantees: of guarded items nothing is shown that is not on record, and where that cannot be recorded nothing of them
counts. A label that the record does not support is refused with what is missing, and nothing is recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import FAILED, OK, USAGE, CommandError, say, say_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.corroborate.grades.definitions import Scheme
    from probanda.corroborate.grades.testing import Tested
    from probanda.report.graded import Recorded, SchemeTested

_SIGNS = {"satisfied": "+", "not_satisfied": "-", "unknown": "?"}
_OUTCOMES = {"satisfied": "supported", "not_satisfied": "not supported", "unknown": "cannot be known"}
_SHOWN = 4  # ids beside a condition; --json gives all


def grade(
    case: Path, subject: str, scheme: str, label: str | None, reason: str | None, by: str | None, *, as_json: bool
) -> int:
    from probanda.corroborate.grades.definitions import FAMILIES, SCHEMES, named

    asked.one_of("--scheme", scheme, (*SCHEMES, *FAMILIES))
    subject, person = asked.text("ID", subject), asked.person(by)
    schemes = named(scheme)
    if label is not None:
        if reason is None:
            raise CommandError("--as: expected --reason with it, found none", USAGE)
        return _record(case, subject, schemes, label, asked.text("--reason", reason), person, as_json=as_json)
    if reason is not None:
        raise CommandError("--reason goes with --as, found it alone", USAGE)
    from probanda.report.graded import LABEL, graded_json

    with opened(case) as archive:
        found = archive.grades(subject, schemes)
        sight = archive.look("grade", found.captures, person)
        if sight.hidden:
            if not sight.allows(found.own):
                told = f"expected to record who looks at {subject}, which is guarded, found that {sight.why}"
                raise CommandError(f"{told}. Nothing was shown", kind="NotShown")
            found = archive.grades(subject, schemes, sight.hidden)
    if not found.schemes:
        raise CommandError(f"--scheme {scheme}: expected a scheme that grades a {found.subject.kind}", USAGE)
    if as_json:
        say_json(graded_json(found))
        say_hidden(len(sight.hidden), "items", sight, sys.stderr)
        return OK
    say(found.subject.id)
    for one in found.schemes:
        for line in _lines(one, found.people):
            say(line)
    say(f"  {LABEL}")
    say_hidden(len(sight.hidden), "items", sight)
    return OK


def _record(
    case: Path, subject: str, schemes: tuple[Scheme, ...], label: str, reason: str, by: str | None, *, as_json: bool
) -> int:
    from probanda.grading import GradeNotSupported

    meant = [one for one in schemes if one.grade(label) is not None]
    if len(meant) != 1:
        names = "; ".join(f"{one.scheme}: {', '.join(grade.grade for grade in one.grades)}" for one in schemes)
        raise CommandError(f"--as: expected a grade of one of {names}; found {label!r}", USAGE)
    with opened(case) as archive:
        try:
            made = archive.record_grade(subject, meant[0], label, reason, by)
        except GradeNotSupported as error:
            raise CommandError(str(error), FAILED, kind="GradeNotSupported") from error
        except ValueError as error:
            raise CommandError(str(error), USAGE) from error
    if as_json:
        say_json(to_json(made))
        return OK
    say(f"Recorded and signed: {label} ({meant[0].scheme}, version {meant[0].version})")
    say(f"  {made.id}")
    if made.supersedes:
        say(f"  it supersedes {made.supersedes}, which stays in the log")
    return OK


def _lines(one: SchemeTested, people: Mapping[str, str]) -> Iterator[str]:
    yield f"{one.scheme.title} ({one.scheme.scheme}, version {one.scheme.version}, {one.scheme.sha256[:12]})"
    for grade in one.grades:
        yield f"  {grade.grade}: {_OUTCOMES[grade.outcome]}. {grade.means}"
        for condition in grade.conditions:
            yield from _condition(condition)
    yield "  recorded: " + ("nothing" if one.recorded is None else _recorded(one.recorded, people))


def _condition(one: Tested) -> Iterator[str]:
    rests = f" [{', '.join(name[:18] for name in one.ids[:_SHOWN])}{' …' if len(one.ids) > _SHOWN else ''}]"
    yield f"    {_SIGNS[one.outcome]} {one.words} Found: {one.found}{rests if one.ids else ''}"


def _recorded(one: Recorded, people: Mapping[str, str]) -> str:
    who = people.get(one.judgement.by) or one.judgement.by
    told = f"{one.grade.grade} by {who}, {one.judgement.at[:10]}: {one.judgement.reason}"
    if one.supported:
        return told + ("" if one.same_definition else " (under an earlier definition; the present one supports it)")
    missing = "; ".join(condition.words for condition in one.now.missing) if one.now else "there is no such grade now"
    return f"{told} — NO LONGER SUPPORTED. Missing: {missing}"
