"""init, add, run, verify, rebuild: what comes in, what is derived, whether it is unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.opened import explained, opened
from probanda.cli.output import FAILED, ITEMS_FAILED, OK, USAGE, CommandError, Meter, say, say_json, write_whole
from probanda.cli.passphrases import asking
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.preserve.verify import Check
    from probanda.records.canonical import Json
    from probanda.records.protection import Protection
    from probanda.report.snapshot import FailureRow

OUTCOMES = {"holds": "holds", "fails": "FAILS", "unproven": "unproven", "not_run": "not run"}


def init(
    case: Path, title: str, by: str | None, file: Path | None, recovery: Path | None, *,
    protected: bool, encrypted: bool, as_json: bool,
) -> int:  # fmt: skip
    from probanda.archive import Archive

    title, maker = asked.text("--title", title), asked.maker(by)
    if recovery is not None:
        asked.recovery(case, recovery, encrypted=encrypted)
    passphrase = asking(file) if protected or encrypted or file is not None else None
    with explained(case), Archive.create(case, title, maker, passphrase=passphrase, encrypted=encrypted) as archive:
        folder = archive.case
        if recovery is not None and folder.private.sealed is not None:
            write_whole(recovery, folder.private.sealed.recovery().encode("ascii"))
    if as_json:
        say_json({"case": folder.id, "folder": str(case), "title": folder.title, "key": folder.key, "by": maker})
    else:
        say(f"Case made in {case}: {folder.title}")
        say(f"  by {maker}; its key has the fingerprint {folder.key}")
        say("  keep this fingerprint elsewhere too: who has it can tell later whether the log is this one")
        if encrypted:
            say("  it is encrypted: keys, names, sources and index open with its passphrase alone. Log and material")
            say("  are not: keep the case on an encrypted disk. If the passphrase is lost, nobody can bring it back")
            if recovery is not None:
                say(f"  {recovery} opens the case WITHOUT the passphrase: take it to a safe, and off this machine")
        elif passphrase is not None:
            say("  its keys have a passphrase; if that is lost, nobody can sign in this case again")
    return OK


def add(
    case: Path,
    paths: list[Path],
    published: str | None,
    source: str | None,
    protection: Protection,
    note: str | None,
    by: str | None,
    form: str | None = None,
    *,
    as_json: bool,
) -> int:
    from probanda.cli.importing import INCIDENTS, MATERIAL, files
    from probanda.intake import Stated

    asked.date("--published", published)
    if form is not None:
        asked.one_of("--as", form, (*MATERIAL, *INCIDENTS))
    source, note, person = (
        asked.optional_text("--source", source),
        asked.optional_text("--note", note),
        asked.person(by),
    )
    with Meter() as meter, opened(case) as archive:
        stated = Stated(published, source, note, protection=protection, by=person)
        report = (MATERIAL[form] if form else files)(
            archive, paths, stated, lambda done: meter.show("preserving", done, 0)
        )
    if not report.captures and not report.failures:
        raise CommandError(
            "expected something to preserve, found no file there; nothing was added", kind="NothingThere"
        )
    if as_json:
        say_json(
            {
                "captures": list(report.captures),
                "failures": [to_json(failure) for failure in report.failures],
                "deleted_before": list(report.deleted_before),
            }
        )
    else:
        say(f"{len(report.captures)} preserved, {len(report.failures)} could not be (recorded in the log)")
        for failure in report.failures:
            say(f"  not preserved: {failure.name or 'an item'}: {failure.reason}")
        for capture in report.deleted_before:
            say(f"  deleted from this case once, and now in it again: {capture}. See that this is meant")
    return ITEMS_FAILED if report.failures else OK


def run(
    case: Path, workers: int | None, extractors: Sequence[str] = (), without: Sequence[str] = (), *, as_json: bool
) -> int:
    from probanda.cli.readers import required
    from probanda.engine.local import LocalEngine
    from probanda.preserve.errors import Locked

    wanted = required(extractors) if extractors else ()
    with Meter() as meter, opened(case) as archive:
        lacking = ask(archive, wanted, without)
        try:
            with LocalEngine(archive.case.blobs.folder, workers=workers) as engine:
                report = archive.run(engine, lambda step: meter.show(step.step, step.done, step.total))
        except Locked as error:
            if str(archive.case.run_lock) not in str(error):
                raise
            raise CommandError(f"another run of this case goes on: {error}", kind="Locked") from error
        rows = [row for row in archive.failures() if row.step != "add"]
        sight = archive.look("run", [row.capture for row in rows if row.capture is not None])
        failures = [row for row in rows if row.capture is None or sight.allows([row.capture])]
    if as_json:
        counted: dict[str, Json] = {step: dict(outcomes) for step, outcomes in report.counted.items()}
        document: dict[str, Json] = {"derivations": counted, "failures": [to_json(row) for row in failures]}
        say_json({**document, **({"missing_extractors": dict(lacking)} if lacking else {})})
    else:
        say(f"{report.total} derivations made")
        for step, outcomes in report.counted.items():
            if outcomes:
                told = (f"{count} {outcome.replace('_', ' ')}" for outcome, count in sorted(outcomes.items()))
                say(f"  {step:<9} {', '.join(told)}")
        for row in failures:
            say(f"  {failure_line(row)}")
        for name, why in lacking.items():
            say(f"  {name} is asked by this case and was not: {why}. What it proposed elsewhere is kept")
    failed = sum(outcomes.get(name, 0) for outcomes in report.counted.values() for name in ("failed", "unavailable"))
    return ITEMS_FAILED if failed else OK


def ask(archive: Archive, wanted: Sequence[str], without: Sequence[str]) -> Mapping[str, str]:
    """Has the case ask the extractors `wanted` beside those that it asks already, and those named in `without` no more.
    By name, those that it asks and that cannot work here, with the reason. Raises `CommandError`."""
    from probanda.pipeline import lacking
    from probanda.records.settings import extractors_of

    held = extractors_of(archive.settings())
    names = held.names if held else ()
    unknown = [name for name in without if name not in names]
    if unknown:
        told = ", ".join(names) or "none"
        raise CommandError(f"--without: expected an extractor of this case ({told}), found {unknown[0]!r:.80}", USAGE)
    asked_now = tuple(name for name in dict.fromkeys((*names, *wanted)) if name not in without)
    if asked_now != names:
        changes = [f"--with {name}" for name in wanted if name not in names] + [f"--without {one}" for one in without]
        archive.ask_extractors(asked_now, f"run {' '.join(changes)}")
    return {name: why for name in asked_now if (why := lacking(name)) is not None}


def failure_line(row: FailureRow) -> str:
    """ "text: map.gif: not applicable: no reader for it"."""
    return f"{row.step}: {row.name or 'an item'}: {row.outcome.replace('_', ' ')}: {row.reason}"


def verify(
    case: Path, key: str | None, certificates: Path | None, checkpoint: Path | None = None, *, as_json: bool
) -> int:
    from probanda.cli import verifying
    from probanda.preserve.verify import is_bundle

    pinned, trusted = verifying.pinned(key), verifying.trusted(certificates)
    kept = verifying.kept(checkpoint)
    if is_bundle(case):
        return verifying.bundle(case, pinned, trusted, kept, as_json=as_json)
    with Meter() as meter:
        checks, ok = checked(case, meter, pinned, trusted, kept)
    if as_json:
        say_json({"ok": ok, "summary": summary(checks, ok=ok), "checks": [to_json(check) for check in checks]})
    else:
        say_checks(checks)
        say(summary(checks, ok=ok))
    return OK if ok else FAILED


def say_checks(checks: tuple[Check, ...]) -> None:
    for check in checks:
        say(f"  {OUTCOMES[check.outcome]:<9} {check.name:<26} {check.reason}")


def checked(
    case: Path,
    meter: Meter,
    key: str | None = None,
    certificates: bytes | None = None,
    checkpoint: bytes | None = None,
) -> tuple[tuple[Check, ...], bool]:
    """Every check of the case, and whether none fails. Where log and blobs do not even give an index, the checks that
    need none say what is wrong; of an encrypted case without its passphrase nothing else is asked. Raises `NotACase`
    and `NewerVersion`, since there is nothing to check then, and `WrongPassphrase`."""
    from probanda.preserve.errors import (
        EncryptionMissing,
        HalfWrittenCase,
        NewerVersion,
        NotACase,
        PassphraseMissing,
        PreserveError,
        WrongPassphrase,
    )
    from probanda.preserve.verify import Check
    from probanda.preserve.verify import verify as verify_folder

    try:
        with opened(case, read_only=True) as archive:
            report = archive.verify(meter.show, pinned_key=key, certificates=certificates, pinned_checkpoint=checkpoint)
            return report.checks, report.ok
    except NotACase as error:
        if case.is_dir() and not any(case.iterdir()):
            raise NotACase(
                f"expected a case folder (probanda.json, log, blobs, keys) or a bundle (a folder with bagit.txt, data "
                f"and anchors, or its ZIP) at {case}, found an empty folder. Name the folder that holds one of them"
            ) from error
        raise
    except (NewerVersion, WrongPassphrase):
        raise
    except (PassphraseMissing, EncryptionMissing) as error:
        why = "the case is encrypted and was looked at without its passphrase"
        if isinstance(error, EncryptionMissing):
            why = str(error)
        report = verify_folder(case, meter.show, pinned_key=key, certificates=certificates)
        return (*report.checks, Check("index.agrees", "unproven", f"not looked at: {why}", 0)), report.ok
    except (CommandError, PreserveError) as error:
        why = "the case was not made to its end" if isinstance(error, HalfWrittenCase) else str(error)
        index = Check("index.agrees", "not_run", f"no index can be made to compare with: {why}", 0)
    report = verify_folder(case, meter.show, pinned_key=key, certificates=certificates, pinned_checkpoint=checkpoint)
    return (*report.checks, index), False


def summary(checks: tuple[Check, ...], *, ok: bool) -> str:
    """One line: whether integrity since ingestion holds, and what is known of the time."""
    timed = next((check for check in checks if check.name == "time.anchored"), None)
    time = timed.reason if timed is not None and timed.outcome == "holds" else "time unproven"
    if ok:
        return f"Integrity since ingestion holds; {time}."
    named = {outcome: ", ".join(check.name for check in checks if check.outcome == outcome) for outcome in OUTCOMES}
    if named["fails"]:
        return f"INTEGRITY DOES NOT HOLD ({named['fails']}); {time}."
    return f"INTEGRITY IS NOT SHOWN (not run: {named['not_run']}); {time}."


def rebuild(case: Path, *, as_json: bool) -> int:
    from probanda.archive import Archive

    with explained(case):
        entries = Archive.rebuild(case, asking())
    if as_json:
        say_json({"entries": entries})
    else:
        say(f"The index was made anew from {entries} entries of the log; no step was run again.")
    return OK
