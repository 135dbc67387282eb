"""init, add, run, verify, rebuild: what comes in, what is derived, whether it is unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from probanda.cli.output import ITEMS_FAILED, CommandError, Meter, Stop, agent_name, reporting, say, say_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.preserve.verify import Check
    from probanda.records.canonical import Json
    from probanda.records.protection import Marking

OUTCOMES = {"holds": "holds", "fails": "FAILS", "unproven": "unproven", "not_run": "not run"}


def init(case: Path, title: str, by: str | None, *, as_json: bool) -> None:
    from probanda.archive import Archive

    with reporting(as_json=as_json), Archive.create(case, title, agent_name(by)) as archive:
        folder = archive.case
        if as_json:
            say_json({"case": folder.id, "folder": str(case), "title": folder.title, "key": folder.key})
        else:
            say(f"Case made in {case}: {folder.title}")
            say(f"  its key has the fingerprint {folder.key}")
            say("  keep this fingerprint elsewhere too: who has it can tell later whether the log is this one")


def add(
    case: Path,
    paths: list[Path],
    published: str | None,
    source: str | None,
    marking: str | None,
    note: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    from probanda.archive import Archive
    from probanda.records.edtf import EdtfError

    meter = Meter(quiet=as_json)
    with reporting(as_json=as_json), Archive.open(case) as archive:
        try:
            report = archive.add(
                paths, published=published, source=source, note=note, marking=checked_marking(marking),
                progress=lambda done: meter.show("preserving", done, done),
            )  # fmt: skip
        except EdtfError as error:
            raise CommandError(f"--published: {error}", 2) from error
        meter.clear()
        failures = [to_json(failure) for failure in report.failures]
        if as_json:
            say_json({"captures": list(report.captures), "failures": failures})
        else:
            say(f"{len(report.captures)} preserved, {len(report.failures)} could not be (recorded in the log)")
            for failure in report.failures:
                say(f"  not preserved: {failure.name}: {failure.reason}")
        if report.failures:
            raise Stop(ITEMS_FAILED)
        if not report.captures:
            raise CommandError("expected something to preserve, found no file there; nothing was added")


def checked_marking(marking: str | None) -> Marking | None:
    """The marking asked for. Raises `CommandError` for a word that is none."""
    from probanda.records.protection import Marking

    known = get_args(Marking)
    if marking is not None and marking not in known:
        raise CommandError(f"--marking: expected one of {', '.join(known)}, found {marking!r}", 2)
    return cast("Marking | None", marking)


def run(case: Path, workers: int | None, *, as_json: bool) -> None:
    from probanda.archive import Archive
    from probanda.engine.contract import EngineError
    from probanda.engine.local import LocalEngine

    meter = Meter(quiet=as_json)
    with reporting(as_json=as_json), Archive.open(case) as archive:
        try:
            with LocalEngine(archive.case.blobs.folder, workers=workers) as engine:
                report = archive.run(engine, lambda step: meter.show(step.step, step.done, step.total))
        except EngineError as error:
            raise CommandError(f"{error}. What was committed is safe; run the same command again to go on") from error
        meter.clear()
        counted: dict[str, Json] = {step: dict(outcomes) for step, outcomes in report.counted.items()}
        failed = sum(outcomes.get("failed", 0) for outcomes in report.counted.values())
        failures = [row for row in archive.failures() if row.step != "add"]
        if as_json:
            say_json({"derivations": counted, "failures": [to_json(row) for row in failures]})
        else:
            say(f"{report.total} derivations made")
            for step, outcomes in report.counted.items():
                if outcomes:
                    told = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in sorted(outcomes.items()))
                    say(f"  {step:<9} {told}")
            for row in failures:
                say(f"  {row.step}: {row.name or 'an item'}: {row.outcome.replace('_', ' ')}: {row.reason}")
        if failed:
            raise Stop(ITEMS_FAILED)


def verify(case: Path, *, as_json: bool) -> None:
    from probanda.archive import Archive
    from probanda.preserve.errors import LogDamaged

    meter = Meter(quiet=as_json)
    with reporting(as_json=as_json):
        try:
            with Archive.open(case, read_only=True) as archive:
                report = archive.verify(meter.show)
                checks, ok = report.checks, report.ok
        except LogDamaged:  # no index without a log: the checks that need none say what is wrong
            from probanda.preserve.verify import verify as verify_folder

            alone = verify_folder(case, meter.show)
            checks, ok = alone.checks, False
        meter.clear()
        if as_json:
            say_json({"ok": ok, "summary": summary(checks, ok=ok), "checks": [to_json(check) for check in checks]})
        else:
            for check in checks:
                say(f"  {OUTCOMES[check.outcome]:<9} {check.name:<26} {check.reason}")
            say(summary(checks, ok=ok))
        if not ok:
            raise Stop(1)


def summary(checks: tuple[Check, ...], *, ok: bool) -> str:
    """One line: whether integrity since ingestion holds, and what is known of the time."""
    timed = next((check for check in checks if check.name == "time.anchored"), None)
    time = "time proven" if timed is not None and timed.outcome == "holds" else "time unproven"
    if ok:
        return f"Integrity since ingestion holds; {time}."
    failing = ", ".join(check.name for check in checks if check.outcome == "fails")
    return f"INTEGRITY DOES NOT HOLD ({failing or 'a check could not be run'}); {time}."


def rebuild(case: Path, *, as_json: bool) -> None:
    from probanda.archive import Archive

    with reporting(as_json=as_json):
        entries = Archive.rebuild(case)
        if as_json:
            say_json({"entries": entries})
        else:
            say(f"The index was made anew from {entries} entries of the log; no step was run again.")
