"""From a snapshot to a case file: all computing, no drawing (spec/casefile.md).

Guarantees: a pure function of the snapshot and the audience; the same arguments give the same bytes of `to_json`. What
the audience may not have is left out first, so that no count, conflict or reference is computed from it. Every
quotation, claim, event and label of a reading that is shown stands on exactly one line. Refuses (`SnapshotError`) a
reading whose passages are not the characters of its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from probanda.records.canonical import canonical
from probanda.records.codec import to_json as record_to_json
from probanda.report import behind, custody, incidents, lines, pairing, procedures, survey
from probanda.report.anchors import Anchors, SnapshotError
from probanda.report.beside import comparison_lines
from probanda.report.compared import beside_each_other
from probanda.report.contents import (
    FORMAT,
    Audience,
    CaseFile,
    Difference,
    Figure,
    FigureGroup,
    LabelLine,
    Occurrence,
    OccurrenceGroup,
    Owner,
    SpeakerGroup,
    Statement,
    Text,
)
from probanda.report.corroborated import corroborated
from probanda.report.dating import timeline_content
from probanda.report.disclosure import disclose
from probanda.report.figures import Counted, counted, differs, exclusive, grouped
from probanda.report.graded import grade_lines
from probanda.report.holdings import Check
from probanda.report.lines import Source, Standings
from probanda.report.placing import map_content
from probanda.report.snapshot import ReadingRow, Snapshot

__all__ = ["CaseFile", "SnapshotError", "build", "to_json"]

APART = ("accusation", "alleged", "threatened", "planned", "promised", "attempted", "anticipated", "forecast", "feared",
         "possible", "denied", "negated")  # fmt: skip


def build(snapshot: Snapshot, audience: Audience = "internal", within: Collection[str] | None = None) -> CaseFile:
    """The case file that this audience may have, `within` as in `disclose`. Raises `SnapshotError`."""
    disclosed = disclose(snapshot, audience, within)
    given = disclosed.snapshot
    ordered = sorted(given.items, key=lambda row: (row.capture.seq, row.capture.id))
    item_numbers = {row.capture.id: n for n, row in enumerate(ordered, start=1)}
    sources = _sources(given, item_numbers)
    standings, judgement_numbers = custody.standings(disclosed)
    figures = _figures(sources, standings)
    statements = _statements(sources, standings)
    happened, apart = _occurrences(sources, standings)
    labels = _labels(sources)
    places, weapons, objects = lines.place_lines(sources), lines.weapon_lines(sources), lines.object_lines(sources)
    occurrences = survey.occurrences_of(happened, apart)
    shown = _line_index(figures, statements, tuple(occurrences))
    numbered = {record: tuple(number for number, _ in lines_) for record, lines_ in shown.items()}
    incident_lines = incidents.incident_lines(disclosed, numbered, figures, item_numbers)
    proposal_lines = incidents.proposal_lines(disclosed, numbered, figures, item_numbers)
    mapped = map_content(incident_lines, proposal_lines, places, sources, numbered)
    sourcings = corroborated(given.items, given.readings, given.judgements, opinions=disclosed.opinions)
    incidents_too = shown | {one.id: ((one.number, one.title),) for one in incident_lines}
    grades = grade_lines(given, sourcings)
    judgements = custody.judgement_lines(disclosed, judgement_numbers, incidents_too, grades)
    items, failures = custody.item_lines(given, item_numbers, sources), custody.failure_lines(given, item_numbers)
    texts = tuple(_text(source) for source in sources)
    source_lines = survey.source_lines(items, texts, figures, statements, occurrences)
    located = {line for point in mapped.points if point.kind == "place" for line in point.lines}
    return CaseFile(
        format=FORMAT,
        case_id=given.case_id,
        title=given.title,
        generated_at=given.generated_at,
        log_size=given.log_size,
        log_root=given.log_root,
        software_version=given.software_version,
        audience=audience,
        restricted=disclosed.restricted,
        withheld=disclosed.withheld,
        integrity=custody.integrity_finding(given),
        integrity_ok=given.integrity_ok,
        checks=tuple(Check(row.name, row.outcome, row.reason, row.counted) for row in given.integrity),
        figures=figures,
        statements=statements,
        happened=happened,
        apart=apart,
        labels=labels,
        places=places,
        weapons=weapons,
        objects=objects,
        judgements=judgements,
        supplements=custody.supplement_lines(disclosed),
        items=items,
        failures=failures,
        missing=custody.missing(given, item_numbers, sources),
        texts=texts,
        overview=survey.overview(
            items=items,
            texts=texts,
            sources=source_lines,
            figures=figures,
            statements=statements,
            happened=happened,
            apart=apart,
            incidents=incident_lines,
            proposals=proposal_lines,
            judgements=judgements,
            labels=labels,
            places=places,
            mapped=mapped,
            failures=failures,
        ),
        incidents=incident_lines,
        proposals=proposal_lines,
        map=mapped,
        timeline=timeline_content(incident_lines, proposal_lines, happened, apart, items),
        procedures=procedures.procedures(happened, apart, figures),
        pledges=procedures.pledges(apart, figures),
        sources=source_lines,
        time_asked=given.time_asked,
        origins=behind.origins_lines(sourcings, numbered, item_numbers, {s.row.text_sha256: s.number for s in sources}),
        comparisons=comparison_lines(beside_each_other(sourcings), numbered),
        gaps=survey.gaps(items, failures, figures, happened, places, located, texts),
    )


def to_json(casefile: CaseFile) -> bytes:
    """The case file as canonical JSON (RFC 8785)."""
    return canonical(record_to_json(casefile))


def _sources(snapshot: Snapshot, item_numbers: dict[str, int]) -> tuple[Source, ...]:
    def first_item(row: ReadingRow) -> tuple[int, str, str]:
        return min(item_numbers[one] for one in row.captures), row.text_sha256, row.request or ""

    out = []
    for number, row in enumerate(sorted(snapshot.readings, key=first_item), start=1):
        anchors = Anchors(number, row.text, row.paragraphs, row.regions)
        anchors.number_passages(lines.passages(row.reading))
        out.append(Source(number, row, tuple(sorted(item_numbers[one] for one in row.captures)), anchors))
    return tuple(out)


def _figures(sources: tuple[Source, ...], standings: Standings) -> tuple[FigureGroup, ...]:
    by_text = {source.number: source for source in sources}
    found = [
        counted(source.number, claim, claim.quantity, source.row.reading, judged=_doubted(claim.id, standings))
        for source in sources
        for claim in source.row.reading.claims
        if claim.quantity is not None
    ]
    groups = grouped(found)
    numbers: dict[tuple[int, str], str] = {}
    for group in groups:
        for one in (*group.said, *group.apart):
            numbers[one.text, one.claim.id] = f"F{len(numbers) + 1}"

    def drawn(one: Counted, members: tuple[Counted, ...]) -> Figure:
        others = tuple(
            Difference(numbers[other.text, other.claim.id], exclusive(one, other))
            for other in members
            if other is not one and differs(one, other)
        )
        return lines.figure(one, by_text[one.text], numbers, others, standings)

    return tuple(
        FigureGroup(
            group.effect,
            group.unit,
            tuple(drawn(one, group.said) for one in group.said),
            tuple(drawn(one, group.apart) for one in group.apart),
        )
        for group in groups
    )


def _doubted(record: str, standings: Standings) -> bool:
    return any(one.decision in ("rejected", "corrected") for one in standings.get(record, ()))


def _statements(sources: tuple[Source, ...], standings: Standings) -> tuple[SpeakerGroup, ...]:
    """By speaker in the order of first appearance. Names join over texts as words; roles alone do not."""
    groups: dict[tuple[str, str, int], list[tuple[Source, pairing.Said]]] = {}
    for source in sources:
        for pair in pairing.said(source.row.reading):
            groups.setdefault(_speaker_key(pairing.speaker(pair[0]), source), []).append((source, pair))
    out: list[SpeakerGroup] = []
    count = 0
    for members in groups.values():
        owners = [pairing.speaker(record) for _, (record, _) in members]
        drawn: list[Statement] = []
        for source, (record, same) in members:
            count += 1
            drawn.append(lines.statement(record, same, source, f"S{count}", standings))
        roles = tuple(dict.fromkeys(one.role for one in owners if one.role))
        out.append(SpeakerGroup(owners[0], roles, tuple(drawn)))
    return tuple(out)


def _speaker_key(owner: Owner, source: Source) -> tuple[str, str, int]:
    if owner.kind == "speaker" and owner.name:
        return ("name", " ".join(owner.name.casefold().split()), 0)
    if owner.kind == "speaker":
        return ("role", " ".join((owner.role or owner.mention or "").casefold().split()), source.number)
    return (owner.kind, "", source.number)


def _occurrences(
    sources: tuple[Source, ...], standings: Standings
) -> tuple[tuple[Occurrence, ...], tuple[OccurrenceGroup, ...]]:
    happened: list[tuple[Source, pairing.Done]] = []
    apart: dict[str, list[tuple[Source, pairing.Done]]] = {heading: [] for heading in APART}
    for source in sources:
        for pair in pairing.done(source.row.reading):
            heading = pairing.heading(pair[0], source.row.reading)
            (happened if heading is None else apart[heading]).append((source, pair))

    def drawn(members: Iterable[tuple[Source, pairing.Done]], letter: str, first: int) -> tuple[Occurrence, ...]:
        return tuple(
            lines.occurrence(record, same, source, f"{letter}{n}", standings)
            for n, (source, (record, same)) in enumerate(members, start=first)
        )

    groups: list[OccurrenceGroup] = []
    count = 1
    for heading, members in apart.items():
        if members:
            groups.append(OccurrenceGroup(heading, drawn(members, "A", count)))
            count += len(members)
    return drawn(sorted(happened, key=_when), "E", 1), tuple(groups)


def _when(one: tuple[Source, pairing.Done]) -> tuple[bool, str]:
    """Dated lines first, by date; the sort is stable, so the rest stay in the order of their texts."""
    when = one[1][0].when
    return (when is None or when.earliest is None, (when.earliest or "") if when else "")


def _labels(sources: tuple[Source, ...]) -> tuple[LabelLine, ...]:
    found = [(source, label) for source in sources for label in source.row.reading.labels]
    return tuple(lines.label_line(label, source, f"L{n}") for n, (source, label) in enumerate(found, start=1))


def _line_index(
    figures: tuple[FigureGroup, ...], statements: tuple[SpeakerGroup, ...], occurrences: tuple[Occurrence, ...]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each record id, the number and words of every line that shows it."""
    shown: dict[str, tuple[tuple[str, str], ...]] = {}
    drawn: list[Figure | Statement | Occurrence] = [
        *(line for group in figures for line in (*group.said, *group.apart)),
        *(line for speaker in statements for line in speaker.statements),
        *occurrences,
    ]
    for line in drawn:
        same = () if isinstance(line, Figure) else line.same
        for record in (line.id, *(one.id for one in same)):
            shown[record] = (*shown.get(record, ()), (line.number, line.ref.words))
    return shown


def _text(source: Source) -> Text:
    row, document = source.row, source.row.reading.document
    return Text(
        number=source.number,
        sha256=row.text_sha256,
        chars=len(row.text),
        language=document.language,
        published=document.published,
        request=row.request,
        extractors=row.reading.extractors,
        items=source.items,
        paragraphs=source.anchors.paragraphs,
        anchors=source.anchors.all(),
        text=row.text,
    )
