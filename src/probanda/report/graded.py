"""From a snapshot's rows to grades: what the record of a claim or incident supports, and what it lacks; and to JSON.

Guarantees: grades are tested against readings and judgements as they stand now; a grade that a person recorded is shown
with whether it is still supported. Hand in rows *after* disclosure wherever the answer leaves the case folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from probanda.corroborate.comparison import compare
from probanda.corroborate.found import Sourcing
from probanda.corroborate.grades.definitions import SCHEMES, Scheme, scheme
from probanda.corroborate.grades.measures import Held, Subject, held, measures
from probanda.corroborate.grades.testing import GradeTested, Tested, tested
from probanda.corroborate.lexicon import shipped
from probanda.records.canonical import Json
from probanda.records.graded import Graded, graded
from probanda.records.judgement import Judgement
from probanda.report.corroborated import capture_of, corroborated
from probanda.report.holdings import GradeLine
from probanda.report.snapshot import AgentRow, ItemRow, ReadingRow, Snapshot

FORMAT = "probanda-grades/1"
LABEL = "what the record supports, worked out by rules; a grade is a person's, who signs it"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A grade that a person recorded, the last of its scheme. `now` is how its definition of today is met, `None`
    where the scheme has no such grade any more; `same_definition`: it was tested against the definition of today."""

    judgement: Judgement
    grade: Graded
    now: GradeTested | None
    same_definition: bool

    @property
    def supported(self) -> bool:
        return self.now is not None and self.now.outcome == "satisfied"


@dataclass(frozen=True, slots=True)
class SchemeTested:
    scheme: Scheme
    grades: tuple[GradeTested, ...]
    recorded: Recorded | None


@dataclass(frozen=True, slots=True)
class SubjectGraded:
    """A claim or incident, tested by each scheme asked for. `captures` are the items that the answer rests on, `own`
    those of the subject itself; `people` are names by id of who graded."""

    subject: Subject
    root: str
    schemes: tuple[SchemeTested, ...]
    captures: frozenset[str]
    own: frozenset[str]
    people: Mapping[str, str]


def record_of(
    items: Iterable[ItemRow], readings: Sequence[ReadingRow], judgements: Sequence[Judgement],
    without: Collection[str] = (),
) -> Held:  # fmt: skip
    """What the case holds, as measures are taken from it; nothing of the captures `without` is looked at."""
    return held_of(corroborated(items, readings, judgements, without), judgements)


def held_of(sourcings: Sequence[Sourcing], judgements: Iterable[Judgement]) -> Held:
    decisions: dict[str, str] = {}
    for one in judgements:
        decisions.update(dict.fromkeys(one.about, one.decision))
    return held(sourcings, compare(sourcings), decisions, shipped())


def graded_by(
    subject: Subject,
    root: str,
    schemes: Iterable[Scheme],
    record: Held,
    judgements: Iterable[Judgement],
    agents: Iterable[AgentRow] = (),
) -> SubjectGraded:
    last = _recorded(judgements)
    found = measures(subject, record)
    out = []
    for given in schemes:
        if subject.kind not in given.subjects:
            continue
        grades = tested(given, found)
        before = last.get((root, given.scheme))
        recorded = None
        if before is not None:
            now = next((one for one in grades if one.grade == before[1].grade), None)
            recorded = Recorded(*before, now, before[1].definition == given.sha256)
        out.append(SchemeTested(given, grades, recorded))
    ids = {name for measure in found.values() for name in (*measure.ids, *measure.open_ids)} | set(subject.members)
    own = frozenset(_captures(subject.members, record)).union(m for m in subject.members if m.startswith("capture:"))
    people = {one.id: one.name for one in agents if one.name}
    return SubjectGraded(subject, root, tuple(out), frozenset(_captures(ids, record)) | own, own, people)


def grade_lines(snapshot: Snapshot, sourcings: Sequence[Sourcing]) -> Mapping[str, GradeLine]:
    """By id of the judgement, each grade that is recorded, and whether what the snapshot holds supports it."""
    told = [(one, found) for one in snapshot.judgements if (found := graded(one)) is not None]
    if not told:
        return {}
    record = held_of(sourcings, snapshot.judgements)
    members = {one.id: one.members for one in snapshot.incidents}
    return {judgement.id: _line(one, record, members) for judgement, one in told}


def _line(one: Graded, record: Held, incidents: Mapping[str, tuple[str, ...]]) -> GradeLine:
    kind = one.subject.partition(":")[0]
    missing: tuple[str, ...] = (f"this version of Probanda has no grade {one.grade} of {one.scheme}",)
    supported = False
    if one.scheme in SCHEMES and (grade := scheme(one.scheme).grade(one.grade)) is not None:
        subject = Subject(one.subject, kind, incidents.get(one.subject, ()) if kind == "incident" else (one.subject,))
        [now] = tested(replace(scheme(one.scheme), grades=(grade,)), measures(subject, record))
        supported = now.outcome == "satisfied"
        missing = tuple(condition.words for condition in now.missing)
    return GradeLine(one.scheme, one.version, one.definition, one.grade, supported, missing)


def _captures(ids: Iterable[str], record: Held) -> Iterable[str]:
    for one in ids:
        for saying in record.sayings.get(one, ()):
            yield capture_of(saying.article.key)
        if one in record.events:
            yield capture_of(record.events[one][1].key)


def _recorded(judgements: Iterable[Judgement]) -> dict[tuple[str, str], tuple[Judgement, Graded]]:
    """By subject and scheme, the last grade."""
    found = {}
    for one in judgements:
        told = graded(one)
        if told is not None:
            found[told.root, told.scheme] = one, told
    return found


def graded_json(found: SubjectGraded) -> dict[str, Json]:
    return {
        "format": FORMAT,
        "label": LABEL,
        "subject": found.subject.id,
        "kind": found.subject.kind,
        "schemes": [
            {
                "scheme": one.scheme.scheme,
                "version": one.scheme.version,
                "definition": one.scheme.sha256,
                "title": one.scheme.title,
                "source": one.scheme.source,
                "grades": [_grade_json(grade) for grade in one.grades],
                "recorded": None if one.recorded is None else _recorded_json(one.recorded),
            }
            for one in found.schemes
        ],
    }


def _grade_json(one: GradeTested) -> dict[str, Json]:
    return {
        "grade": one.grade,
        "means": one.means,
        "outcome": one.outcome,
        "conditions": [_condition_json(condition) for condition in one.conditions],
    }


def _condition_json(one: Tested) -> dict[str, Json]:
    return {
        "words": one.words,
        "outcome": one.outcome,
        "found": one.found,
        "measure": one.measure,
        "ids": list(one.ids),
        "alternatives": [[_condition_json(each) for each in several] for several in one.alternatives],
    }


def _recorded_json(one: Recorded) -> dict[str, Json]:
    return {
        "judgement": one.judgement.id,
        "grade": one.grade.grade,
        "reason": one.judgement.reason,
        "by": one.judgement.by,
        "at": one.judgement.at,
        "subject": one.grade.subject,
        "version": one.grade.version,
        "definition": one.grade.definition,
        "same_definition": one.same_definition,
        "supported": one.supported,
        "missing": [] if one.now is None else [condition.words for condition in one.now.missing],
    }
