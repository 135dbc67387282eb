"""judge and casefile: what a person decides, and what goes to court."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from probanda.cli.output import USAGE, CommandError, Meter, reporting, say, say_json, write_whole
from probanda.records.canonical import CanonicalError, Json, parse_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.records.judgement import Decision
    from probanda.report.contents import Audience, CaseFile


def judge(
    case: Path, record: str, decision: str, reason: str, correct: list[str], by: str | None, *, as_json: bool
) -> None:
    from probanda.archive import Archive
    from probanda.index.queries import UnknownIdError
    from probanda.records.judgement import Decision

    known = get_args(Decision)
    with reporting(as_json=as_json):
        if decision not in known:
            raise CommandError(f"--decision: expected one of {', '.join(known)}, found {decision!r}", USAGE)
        if not reason.strip():
            raise CommandError("--reason: expected the reason in your words, found none", USAGE)
        correction = corrections(correct)
        if (decision == "corrected") != bool(correction):
            raise CommandError("--correct FIELD=VALUE goes with the decision 'corrected', and is needed there", USAGE)
        with Archive.open(case) as archive:
            try:
                made = archive.judge(record, cast("Decision", decision), reason, by, correction or None)
            except (UnknownIdError, ValueError) as error:
                raise CommandError(str(error)) from error
        if as_json:
            say_json(to_json(made))
            return
        say(f"Recorded and signed: {made.decision}, about {', '.join(made.about)}")
        say(f"  {made.id}")
        if made.supersedes:
            say(f"  it supersedes {made.supersedes}, which stays in the log")


def corrections(given: list[str]) -> dict[str, Json]:
    """"FIELD=VALUE" options as a mapping; a value that is JSON is taken as JSON. Raises `CommandError`."""
    found: dict[str, Json] = {}
    for option in given:
        field, equals, value = option.partition("=")
        if not equals or not field.strip():
            raise CommandError(f"--correct: expected FIELD=VALUE, found {option!r}", USAGE)
        try:
            found[field.strip()] = parse_json(value.encode("utf-8", "surrogateescape"))
        except CanonicalError:
            found[field.strip()] = value
    return found


def casefile(case: Path, output: Path, audience: str, *, as_json: bool) -> None:
    from probanda.archive import Archive

    with reporting(as_json=as_json):
        if audience not in ("internal", "public"):
            raise CommandError(f"--audience: expected internal or public, found {audience!r}", USAGE)
        if output.suffix not in (".html", ".json", ""):
            raise CommandError(f"--output: expected OUT.html, OUT.json or a folder, found {output.name!r}", USAGE)
        meter = Meter(quiet=as_json)
        with Archive.open(case) as archive:
            made = compose(archive, cast("Audience", audience), meter)
        written = write(made, output)
        if as_json:
            say_json({"written": [str(path) for path in written], "audience": audience})
            return
        for path in written:
            say(f"Case file written: {path}")
        if audience == "internal":
            say("  it holds what is not cleared for disclosure; for others use: --audience public")


def compose(archive: Archive, audience: Audience, meter: Meter) -> CaseFile:
    """The case file of an open case, its integrity checked first."""
    from probanda.report.casefile import build

    checked = archive.verify(meter.show)
    meter.clear()
    return build(archive.snapshot(checked), audience)


def write(made: CaseFile, output: Path) -> list[Path]:
    """Writes the page, the JSON or both, each whole or not at all. Raises `CommandError`."""
    from probanda.report.casefile import to_json as casefile_json
    from probanda.report.page import html

    wanted = [output] if output.suffix else [output / "casefile.html", output / "casefile.json"]
    for path in wanted:
        data = html(made).encode("utf-8") if path.suffix == ".html" else casefile_json(made) + b"\n"
        write_whole(path, data)
    return wanted
