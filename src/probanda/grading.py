"""What an archive does with grades: it tests what the record supports, and records a person's grade where it does.

Guarantees: a grade is tested against its definition at the moment in which a person records it; a label that the record
does not support is refused with what is missing (`GradeNotSupported`), and nothing enters the log. A recorded grade is
a signed judgement, superseded by a later one of the same scheme and subject; it stays when its support falls away,
which is then told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from probanda.acting import Acting, AtHand
from probanda.corroborate.grades.definitions import Scheme
from probanda.corroborate.grades.measures import Subject
from probanda.corroborate.grades.testing import GradeTested
from probanda.index import contents, queries
from probanda.index import incidents as kept
from probanda.preserve.errors import CaseError
from probanda.records.graded import Graded, grade_extra, grade_question
from probanda.records.judgement import Judgement
from probanda.report.graded import SubjectGraded, graded_by, record_of


class GradeNotSupported(CaseError):  # noqa: N818 - a name that a lawyer can read
    """The record does not support the label. `tested` says condition by condition what is missing."""

    def __init__(self, message: str, tested: GradeTested) -> None:
        super().__init__(message)
        self.tested = tested


class Grading(Acting):
    """What an archive does with grades."""

    def grades(self, subject: str, schemes: Sequence[Scheme], without: Collection[str] = ()) -> SubjectGraded:
        """What the record of the claim or incident whose id is or begins with `subject` supports, by each scheme that
        grades such. Nothing of the captures `without` is used. Raises `UnknownIdError`."""
        case = self.at_hand(writing=False)
        found, root = _subject(case, subject)
        with contents.unchanging(case.alias):
            items = contents.items(case.alias)
            readings = contents.readings(case.alias, case.folder.blobs.read)
            judgements, agents = queries.judgements(case.alias), contents.agents(case.alias)
        return graded_by(found, root, schemes, record_of(items, readings, judgements, without), judgements, agents)

    def record_grade(self, subject: str, scheme: Scheme, grade: str, reason: str, by: str | None = None) -> Judgement:
        """A person's grade, signed; `by` as in `judge`. Raises `GradeNotSupported`, `ValueError` for a grade that the
        scheme does not have or a subject that it does not grade, `UnknownIdError`, `KeyMissing`."""
        case = self.at_hand(writing=True)
        if scheme.grade(grade) is None:
            names = ", ".join(one.grade for one in scheme.grades)
            raise ValueError(f"expected one of the grades {names} of {scheme.scheme}, found {grade!r}")
        answer = self.grades(subject, [scheme])
        if not answer.schemes:
            raise ValueError(f"expected {' or '.join(scheme.subjects)}, which {scheme.scheme} grades, found "
                             f"{answer.subject.id}")  # fmt: skip
        tested = next(one for one in answer.schemes[0].grades if one.grade == grade)
        if tested.outcome != "satisfied":
            missing = "; ".join(f"{one.words} Found: {one.found}" for one in tested.missing)
            raise GradeNotSupported(
                f"expected a record that supports {grade!r} of {scheme.scheme}, found that it does not. Missing: "
                f"{missing}. Nothing was recorded; see what it supports with: probanda grade", tested
            )  # fmt: skip
        told = Graded(scheme.scheme, scheme.version, scheme.sha256, grade, answer.subject.id, answer.root, tested.ids)
        return case.judge(grade_question(answer.root, scheme.scheme), "confirmed", reason, by, extra=grade_extra(told))


def _subject(case: AtHand, given: str) -> tuple[Subject, str]:
    """The claim or incident meant, and the id under which its grades are kept: of an incident the first version's."""
    found = queries.resolve(case.alias, given)
    if found.startswith("claim:"):
        return Subject(found, "claim", (found,)), found
    if found.startswith("incident:"):
        versions = {one.id: one for one in kept.incident_versions(case.alias)}
        newest = kept.newest_incident(case.alias, found)
        if newest.withdrawn:
            raise queries.UnknownIdError(f"expected an incident that stands, found {newest.id}, which was withdrawn")
        root = newest
        while root.supersedes is not None and root.supersedes in versions:
            root = versions[root.supersedes]
        return Subject(newest.id, "incident", newest.members), root.id
    raise queries.UnknownIdError(f"expected a claim or an incident, found {found}; list the ids with: probanda claims "
                                 "CASE, probanda incidents CASE")  # fmt: skip
