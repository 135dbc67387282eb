"""judge and casefile: what a person decides, and what goes to court."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, Meter, say, say_json, write_whole
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.outgoing import Permit
    from probanda.preserve.verify import VerifyReport
    from probanda.records.canonical import Json
    from probanda.records.judgement import Decision
    from probanda.report.contents import Audience, CaseFile
    from probanda.report.tongue import Language


def judge(
    case: Path, record: str, decision: str, reason: str, correct: list[str], by: str | None, *, as_json: bool
) -> int:
    from probanda.records.judgement import Decision

    record, reason, person = asked.text("ID", record), asked.text("--reason", reason), asked.person(by)
    asked.one_of("--decision", decision, get_args(Decision))
    correction = asked.corrections(correct)
    if (decision == "corrected") != bool(correction):
        raise CommandError("--correct FIELD=VALUE goes with the decision 'corrected', and is needed there", USAGE)
    with opened(case) as archive:
        try:
            made = archive.judge(record, cast("Decision", decision), reason, person, correction or None)
        except ValueError as error:
            raise CommandError(str(error), kind="JudgementRefused") from error
    if as_json:
        say_json(to_json(made))
        return OK
    say(f"Recorded and signed: {made.decision}, about {', '.join(made.about)}")
    say(f"  {made.id}")
    if made.supersedes:
        say(f"  it supersedes {made.supersedes}, which stays in the log")
    return OK


def casefile(
    case: Path, output: Path, audience: str, language: str, by: str | None, *, pdf: bool, as_json: bool
) -> int:
    from probanda.report.contents import Audience
    from probanda.report.tongue import LANGUAGES

    asked.one_of("--audience", audience, get_args(Audience))
    asked.one_of("--language", language, LANGUAGES)
    wanted, person = asked.reports(case, output, pdf=pdf), asked.person(by)
    with Meter() as meter, opened(case) as archive:
        checked = archive.verify(meter.show)
        permit = archive.permit("casefile", cast("Audience", audience), by=person)
        if permit.entry is not None:  # else only what is public goes, which is not guarded
            archive.look("casefile", permit.captures, person)
        made = compose(archive, cast("Audience", audience), checked, permit)
        digests = write(made, wanted, cast("Language", language), meter.show)
        archive.left(permit, files=digests)
    if as_json:
        say_json({"written": [str(path) for path in wanted], "audience": audience, "language": language})
        return OK
    for path in wanted:
        say(f"Case file written: {path}")
    if audience == "internal":
        say("  it holds what is not cleared for disclosure; for others use: --audience public")
    return OK


def compose(archive: Archive, audience: Audience, checked: VerifyReport, permit: Permit | None = None) -> CaseFile:
    """The case file of an open case, with what was found when its integrity was checked. Without a `permit` it has not
    passed the gate, and is for the case's own folder alone."""
    from probanda.report.casefile import build

    return build(archive.snapshot(checked), audience, None if permit is None else permit.captures)


def write(
    made: CaseFile,
    wanted: list[Path],
    language: Language = "en",
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Json]:
    """Writes the page, the JSON, the sheets or several, each whole or not at all; returns the SHA-256 of each. Raises
    `CommandError`."""
    digests: list[Json] = []
    for number, path in enumerate(wanted):
        if progress is not None:
            progress("writing", number, len(wanted))
        data = _written(made, path.suffix, language)
        write_whole(path, data)
        digests.append(hashlib.sha256(data).hexdigest())
    return digests


def _written(made: CaseFile, suffix: str, language: Language) -> bytes:
    from probanda.report.casefile import to_json as casefile_json
    from probanda.report.page import html

    if suffix == ".html":
        return html(made, language).encode("utf-8")
    if suffix == ".json":
        return casefile_json(made) + b"\n"
    from probanda.report.pdf import SheetsError, pdf

    try:
        return pdf(made, language)
    except SheetsError as error:
        raise CommandError(str(error), kind="SheetsRefused") from error
