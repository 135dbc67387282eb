"""The parts of a case file about the holding itself: items, failures, what is missing, integrity, judgements.

Guarantees: an item that was not read, and why, is stated beside those that were; what nobody recorded (publication
date, source) is named as missing rather than left blank; a superseded judgement stays visible with the one that
replaced it.
"""

from __future__ import annotations

from collections.abc import Mapping

from probanda.records.capture import Capture
from probanda.records.deletion import BASIS_WORDS, deleted_of
from probanda.records.graded import graded
from probanda.records.judgement import Judgement
from probanda.records.supplement import Supplement, dump_of
from probanda.report.contents import Standing
from probanda.report.disclosure import Disclosed, person, person_named
from probanda.report.holdings import (
    FailureLine,
    GradeLine,
    ItemLine,
    JudgedLine,
    JudgementLine,
    MemberLine,
    Missing,
    SupplementLine,
)
from probanda.report.lines import Source, Standings
from probanda.report.snapshot import AgentRow, Snapshot

Numbers = Mapping[tuple[int, str], str]


def integrity_finding(snapshot: Snapshot) -> str:
    """In one sentence what the checks show: integrity since ingestion, and whether a time authority has anchored it."""
    if snapshot.integrity_ok is None:
        return "Integrity since ingestion was not checked; time unproven"
    anchored = any(row.name == "time.anchored" and row.outcome == "holds" for row in snapshot.integrity)
    finding = "holds" if snapshot.integrity_ok else "does not hold"
    return f"Integrity since ingestion {finding}; time {'anchored' if anchored else 'unproven'}"


def item_lines(snapshot: Snapshot, numbers: Mapping[str, int], sources: tuple[Source, ...]) -> tuple[ItemLine, ...]:
    out = []
    for row in sorted(snapshot.items, key=lambda row: row.capture.seq):
        capture, number = row.capture, numbers[row.capture.id]
        out.append(
            ItemLine(
                number=number,
                capture=capture.id,
                name=capture.name,
                source=capture.source,
                note=_note(capture),
                published=capture.published,
                media_type=row.media_type or capture.media_type_given,
                sha256=capture.blob,
                size=capture.size,
                captured_at=capture.captured_at,
                entry=capture.seq,
                added_by=_agent(row.added_by, snapshot.agents),
                marking=capture.protection.marking,
                conditions=capture.protection.conditions,
                risk=capture.protection.risk,
                texts=tuple(source.number for source in sources if number in source.items),
                members=tuple(MemberLine(one.path, one.sha256, one.size, one.media_type) for one in row.members),
                anchored=row.anchored,
                anchors=row.anchors,
                whence=row.whence,
            )
        )
    return tuple(out)


def _note(capture: Capture) -> str | None:
    """The note on the item; of one that was deleted, when, on what ground and, where this audience may know, by whose
    order."""
    gone = deleted_of(capture)
    if gone is None:
        return capture.note
    who = f"; ordered by {gone.authority}" if gone.authority else ""
    return f"deleted on {gone.at[:10]}: {BASIS_WORDS[gone.basis]}{who}"


def failure_lines(snapshot: Snapshot, numbers: Mapping[str, int]) -> tuple[FailureLine, ...]:
    rows = sorted(snapshot.failures, key=lambda row: (row.at or "", row.name or "", row.step, row.reason))
    return tuple(
        FailureLine(
            f"X{n}",
            numbers.get(row.capture) if row.capture else None,
            row.name,
            row.step,
            row.outcome,
            row.reason,
            row.at,
        )
        for n, row in enumerate(rows, start=1)
    )


def missing(snapshot: Snapshot, numbers: Mapping[str, int], sources: tuple[Source, ...]) -> tuple[Missing, ...]:
    """What a reader might take for granted and this case file does not have."""
    read = {number for source in sources for number in source.items}
    failed = {numbers[row.capture] for row in snapshot.failures if row.capture and row.capture in numbers}
    everything = sorted(numbers.values())
    by_number = {numbers[row.capture.id]: row.capture for row in snapshot.items}
    nothing = [source.number for source in sources if not any(True for _ in _records(source))]
    rejected = sum(len(source.row.reading.rejected) for source in sources)
    found = (
        Missing("not read, and no failure is recorded: run the case again",
                tuple(n for n in everything if n not in read and n not in failed)),
        Missing("not read: see the failures", tuple(n for n in everything if n not in read and n in failed)),
        Missing("no publication date was given; days named in the text could not be resolved from it",
                tuple(n for n in everything if by_number[n].published is None)),
        Missing("no source was given: who published or provided it is not recorded",
                tuple(n for n in everything if by_number[n].source is None)),
        Missing("read, and nothing was found in it", (), tuple(nothing)),
        Missing("findings of the machine that were refused because they did not lead back to exact words",
                (), (), rejected),
    )  # fmt: skip
    return tuple(one for one in found if one.items or one.texts or one.count)


def _records(source: Source) -> tuple[object, ...]:
    reading = source.row.reading
    return (*reading.quotations, *reading.claims, *reading.events, *reading.places, *reading.weapons,
            *reading.objects, *reading.labels)  # fmt: skip


def standings(disclosed: Disclosed) -> tuple[Standings, Mapping[str, str]]:
    """The judgements in force by record id, and the number of every judgement by its id."""
    ordered = sorted(disclosed.snapshot.judgements, key=lambda one: (one.at, one.id))
    numbers = {one.id: f"J{n}" for n, one in enumerate(ordered, start=1)}
    replaced = {one.supersedes for one in ordered}
    found: dict[str, tuple[Standing, ...]] = {}
    for one in ordered:
        if one.id in replaced:
            continue
        by = person(one, disclosed.snapshot.agents, disclosed.opinions)
        said = (one.reason, one.correction) if disclosed.opinions else (None, None)
        for record in one.about:
            found[record] = (*found.get(record, ()), Standing(numbers[one.id], one.decision, by, *said))
    return found, numbers


def judgement_lines(
    disclosed: Disclosed,
    judgement_numbers: Mapping[str, str],
    lines: Mapping[str, tuple[tuple[str, str], ...]],
    grades: Mapping[str, GradeLine],
) -> tuple[JudgementLine, ...]:
    """`lines`: for each record id, the number and words of each line that shows it; `grades`: by id of a judgement
    that grades."""
    given = disclosed.snapshot
    by_id = {one.id: one for one in given.judgements}
    replaced_by = {one.supersedes: judgement_numbers[one.id] for one in given.judgements if one.supersedes}
    out = []
    for judgement_id, number in judgement_numbers.items():
        one = by_id[judgement_id]
        about = tuple(
            JudgedLine(record, line, words)
            for record in _about(one)
            for line, words in lines.get(record, ((None, None),))
        )
        out.append(
            JudgementLine(
                number=number,
                id=one.id,
                decision=one.decision,
                about=about,
                reason=one.reason if disclosed.opinions else None,
                correction=one.correction if disclosed.opinions else None,
                correction_withheld=one.correction is not None and not disclosed.opinions,
                by=person(one, given.agents, disclosed.opinions),
                at=one.at,
                superseded_by=replaced_by.get(one.id),
                grade=grades.get(one.id),
            )
        )
    return tuple(out)


def _about(judgement: Judgement) -> tuple[str, ...]:
    """What was decided on; of a grade, what was graded, and not the question."""
    told = graded(judgement)
    return judgement.about if told is None else (told.subject,)


def supplement_lines(disclosed: Disclosed) -> tuple[SupplementLine, ...]:
    """What persons told the case, in the order in which they did."""
    given = disclosed.snapshot
    return tuple(
        SupplementLine(
            number=f"T{number}",
            id=one.id,
            kind=one.kind,
            name=_told_name(one),
            date=one.date,
            latitude=one.latitude,
            longitude=one.longitude,
            radius_m=one.radius_m,
            reason=one.reason if disclosed.opinions else None,
            by=person_named(one.by, given.agents, disclosed.opinions),
            at=one.at,
        )
        for number, one in enumerate(sorted(given.supplements, key=lambda one: (one.at, one.id)), start=1)
    )


def _told_name(one: Supplement) -> str:
    """The name; of a gazetteer with source, licence and digest, as its licence asks."""
    dump = dump_of(one)
    if dump is None:
        return one.name
    return f"{one.name}: {dump.source}, {dump.licence}, SHA-256 {dump.sha256}"


def _agent(agent_id: str | None, agents: tuple[AgentRow, ...]) -> str | None:
    return next((one.name for one in agents if one.id == agent_id and one.name), agent_id)
