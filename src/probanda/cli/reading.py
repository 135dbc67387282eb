"""extract, claims, items: what texts say, with or without a case."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from probanda.cli import asked
from probanda.cli.custody import failure_line
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json, write_whole
from probanda.cli.readers import proposals, required
from probanda.cli.render import figure_line, owner, reading_lines, words
from probanda.cli.sources import corroborations
from probanda.cli.supplements import read_calendar
from probanda.cli.transfer import origin_line, with_origins
from probanda.records.agreement import agreement_of, remarks
from probanda.records.canonical import Json, parse_json
from probanda.records.codec import parse, to_json
from probanda.records.deletion import BASIS_WORDS, deleted_of
from probanda.records.reading import Claim, ClaimKind, Reading
from probanda.records.settings import extractors_of
from probanda.report.anchored import told
from probanda.report.located import touching, where_in_source

if TYPE_CHECKING:
    from probanda.index.queries import Located
    from probanda.report.contents import Audience
    from probanda.report.snapshot import ItemRow, Region
    from probanda.steps.step import Step, StepResult


def extract(
    file: Path,
    published: str | None,
    language: str | None,
    calendar: Path | None = None,
    extractors: Sequence[str] = (),
    *,
    as_json: bool,
) -> int:
    asked.date("--published", published)
    wanted = required(extractors) if extractors else ()
    reading = parse(Reading, read_file(file, published, language, read_calendar(calendar), wanted))
    if as_json:
        say_json(to_json(reading))
        return OK
    document = reading.document
    told = document.published or "unknown, so relative times stay unresolved"
    say(f"{file.name}: {document.chars:,} characters, language {document.language}, published {told}")
    for line in reading_lines(reading):
        say(line)
    return OK


def read_file(
    file: Path,
    published: str | None,
    language: str | None,
    calendar: Mapping[str, str] | None = None,
    extractors: Sequence[str] = (),
) -> Json:
    """The reading of one file, as JSON, by the same steps that a case runs. Raises `CommandError`."""
    from probanda.steps import identify, ocr, text
    from probanda.steps import language as language_step
    from probanda.steps import read as read_step

    try:
        data = file.read_bytes()
    except OSError as error:
        raise CommandError(
            f"expected a file to read at {file}, found: {error.strerror or error}", kind="Unreadable"
        ) from error
    identity = _asked(identify.STEP, data, {}, file).facts
    given = {name: identity[name] for name in ("media_type", "encoding", "delimiter")}
    if given["media_type"] in ocr.PICTURES:
        frozen = _output(_asked(ocr.STEP, data, {"media_type": given["media_type"]}, file), "text")
    else:
        frozen = _output(_asked(text.STEP, data, given, file, otherwise=ocr.STEP), "text")
    if language is None:
        language = str(_asked(language_step.STEP, frozen, {}, file).facts["language"])
    wanted: dict[str, Json] = {"published": published, "language": asked.text("--language", language)}
    if calendar:
        wanted["calendar"] = dict(calendar)
    further: tuple[bytes, ...] = ()
    if extractors:
        found = proposals(frozen, published, language, extractors)
        wanted["extractors"] = [{"name": name, "setting": setting} for name, _, setting in found]
        further = tuple(data for _, data, _ in found)
    return parse_json(_output(_asked(read_step.STEP, frozen, wanted, file, further=further), "reading"))


def _asked(
    step: Step,
    data: bytes,
    parameters: Mapping[str, Json],
    file: Path,
    otherwise: Step | None = None,
    further: Sequence[bytes] = (),
) -> StepResult:
    """What a step says of `data`, or `otherwise` where the step found pages and no text layer on them. Raises
    `CommandError` with its reason where it did not succeed."""
    inputs = {hashlib.sha256(one).hexdigest(): one for one in (data, *further)}
    result = step.run(step.request(*inputs, parameters=parameters), inputs)
    if otherwise is not None and result.outcome == "not_applicable" and result.facts.get("pages_without_text"):
        return _asked(otherwise, data, {"media_type": parameters["media_type"]}, file)
    if result.outcome != "succeeded":
        outcome = result.outcome.replace("_", " ")
        raise CommandError(f"{file}: {result.reason} (step {step.name}: {outcome})", kind="NotRead")
    return result


def _output(result: StepResult, role: str) -> bytes:
    return next(output.data for output in result.outputs if output.role == role)


def claims(
    case: Path, kind: str | None, source: str | None, text: str | None, by: str | None = None, *, as_json: bool
) -> int:
    if kind is not None:
        asked.one_of("--kind", kind, get_args(ClaimKind))
    source, text = asked.optional_text("--source", source), asked.optional_text("--text", text)
    person = asked.person(by)
    with opened(case) as archive:
        every = [row for row in archive.claims(kind=kind, source=source) if text is None or _holds(row, text)]
        holders = archive.holders({row.document for row in every})
        held = frozenset(one for items in holders.values() for one in items)
        behind = dict[str, dict[str, Json]]()
        if as_json:  # how many origins stand behind each is worked out for programs alone
            behind, sight = corroborations(archive, "claims", [row.record.id for row in every], person, held)
        else:
            sight = archive.look("claims", held, person)
        found = [row for row in every if sight.allows(holders[row.document])]
        labels = archive.times(one for held in holders.values() for one in held) if as_json else {}
        regions = {document: archive.regions(document) for document in {row.document for row in found}}
        several = extractors_of(archive.settings()) is not None
        agreements = {row.request: agreement_of(row.reading) for row in archive.readings()} if several else {}

    def told_of(row: Located[Claim]) -> tuple[str, ...]:
        return remarks(agreements.get(row.reading), row.record.id)

    if as_json:
        say_json(
            [
                {**_claim_json(row, regions[row.document], holders[row.document], labels),
                 "corroboration": behind.get(row.record.id),
                 **({"extractors": list(told_of(row))} if told_of(row) else {})}
                for row in found
            ]
        )  # fmt: skip
        say_hidden(len(every) - len(found), "claims", sight, sys.stderr)
        return OK
    for row in found:
        claim = row.record
        say(f"{claim.id[:18]}  {claim.kind}: {words(claim.passage)}")
        say("    " + (figure_line(claim) if claim.quantity else f"said by {owner(claim.source)}; {claim.modality}"))
        place = where_in_source(regions[row.document], claim.passage.start, claim.passage.end)
        where = f"characters {claim.passage.start} to {claim.passage.end}" + (f", {place}" if place else "")
        say(f"    {_judged(row)}; text {row.document[:12]}, {where}")
        for remark in told_of(row):
            say(f"    {remark}")
    say(f"{len(found)} claims")
    say_hidden(len(every) - len(found), "claims", sight)
    return OK


def _holds(row: Located[Claim], text: str) -> bool:
    """Whether the passage holds `text`, as it is written or with its lines joined."""
    return text in row.record.passage.text or text in words(row.record.passage)


def _claim_json(
    row: Located[Claim], regions: Sequence[Region], items: Sequence[str], labels: Mapping[str, str]
) -> dict[str, Json]:
    start, end = row.record.passage.start, row.record.passage.end
    return {
        "claim": to_json(row.record),
        "document": row.document,
        "published": row.published,
        "reading": row.reading,
        "items": [{"capture": one, "time": labels[one]} for one in items],
        "judgement": to_json(row.judgement) if row.judgement else None,
        "in_source": {
            "words": where_in_source(regions, start, end) or None,
            "regions": [to_json(region) for region in touching(regions, start, end)],
        },
    }


def _judged(row: Located[Claim]) -> str:
    judgement = row.judgement
    return "machine reading" if judgement is None else f"{judgement.decision} by a person: {judgement.reason}"


def items(case: Path, by: str | None = None, *, as_json: bool) -> int:
    person = asked.person(by)
    with opened(case) as archive:
        every, failures, timed = archive.items(), archive.failures(), archive.time_asked
        sight = archive.look("items", (row.capture.id for row in every), person)
        rows = [row for row in every if sight.allows([row.capture.id])]
        failures = tuple(row for row in failures if row.capture is None or sight.allows([row.capture]))
        transfers = {one.seq: one for one in archive.transfers()}
    if as_json:
        listed = with_origins([(to_json(row), row.capture) for row in rows], transfers)
        hidden: dict[str, Json] = {"hidden": len(every) - len(rows), "why_hidden": sight.why} if sight.why else {}
        say_json({"items": listed, "failures": [to_json(row) for row in failures], **hidden})
        return OK
    for row in rows:
        _say_item(row, timed=timed)
        if (whence := origin_line(row.capture, transfers)) is not None:
            say(f"    {whence}")
    for failure in failures:
        say(failure_line(failure))
    say(f"{len(rows)} items, {len(failures)} failures")
    say_hidden(len(every) - len(rows), "items", sight)
    return OK


def items_as(case: Path, form: str | None, output: Path | None, audience: str, by: str | None, *, as_json: bool) -> int:
    """The items that `audience` may have, as a sheet of another tool."""
    from probanda.exchange import as_auto_archiver
    from probanda.records.table import write_table
    from probanda.report.contents import Audience

    if form is None or output is None:
        raise CommandError("--format FORM goes with --output OUT.csv", USAGE)
    asked.one_of("--format", form, ("auto-archiver",))
    asked.one_of("--audience", audience, get_args(Audience))
    asked.outside(case, output)
    person = asked.person(by)
    with opened(case) as archive:
        table, permit = as_auto_archiver(archive, cast("Audience", audience), person)
        data = write_table(table).encode()
        write_whole(output, data)
        archive.left(permit, files=[hashlib.sha256(data).hexdigest()])
    if as_json:
        say_json({"written": str(output), "rows": len(table.rows), "audience": audience})
    else:
        say(f"{len(table.rows)} rows written: {output}")
    return OK


def _say_item(row: ItemRow, *, timed: bool) -> None:
    capture, gone = row.capture, deleted_of(row.capture)
    if gone is not None:
        say(f"{capture.id[:20]}  deleted on {gone.at[:10]}: {BASIS_WORDS[gone.basis]}")
        who = gone.authority or "somebody whose name is withheld"
        say(f"    ordered by {who}; in the log as entries {capture.seq} and {gone.seq}")
        return
    kind, published = row.media_type or "kind not found out", capture.published or "unknown"
    source, marking = capture.source or "not stated", capture.protection.marking
    say(f"{capture.id[:20]}  {capture.name or 'name withheld'}")
    say(f"    {capture.size:,} bytes, {kind}, published {published}, source {source}, {marking}")
    say(f"    sha256 {capture.blob}, in the log as entry {capture.seq} at {capture.captured_at}")
    if timed:
        say(f"    {told(row.anchored, row.anchors)}")
    for member in row.members:
        say(f"      {member.path}")
        say(f"        {member.size:,} bytes, {member.media_type or 'kind not found out'}, sha256 {member.sha256}")
