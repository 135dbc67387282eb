"""seal: the log's state signed, stamped, cosigned; what was carried to an authority by hand is brought back.

Guarantees: fewer anchors than the case asks for end with a code that is not 0 (except with --offline, which asks for
none); what an authority failed to give is named. Without a network nothing is lost: the checkpoint is signed, and the
requests lie in the folder named.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import FAILED, ITEMS_FAILED, OK, USAGE, CommandError, say, say_json, write_whole

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.records.canonical import Json
    from probanda.sealing import SealReport

_FILE_BYTES = 4 << 20  # more is no token and no note


def wrong(told: str) -> CommandError:
    return CommandError(told, USAGE)


def seal(case: Path, by: str | None, offline: Path | None, *, renew: bool, as_json: bool) -> int:
    from probanda.collect.post import post

    person = asked.person(by)
    if offline is not None:
        asked.outside(case, offline / "checkpoint")
    with opened(case) as archive:
        report = archive.seal(None if offline is not None else post, by=person, renew=renew)
        settings = archive.settings()
        limit = archive.anchoring()
    files: list[str] = []
    if offline is not None:
        files = _hand_out(offline, report)
    if as_json:
        told = _json(report)
        told["files"] = list(files)
        told["anchoring"] = {"covered": limit.covered, "at": limit.at, "met": limit.met, "reason": limit.reason}
        say_json(told)
    else:
        _say(report)
        if settings is None or not (settings.authorities or settings.witnesses):
            say("  no time authority is named: name one with: probanda settings CASE --authority NAME=URL")
        for name in files:
            say(f"  written: {name}")
        if files:
            say("  send each .tsq to its authority (Content-Type: application/timestamp-query), bring the answer back")
            say("  with: probanda seal CASE --token FILE --authority NAME")
    return OK if offline is not None else _code(report)


def take_token(case: Path, token: Path, authority: str, by: str | None, *, as_json: bool) -> int:
    return _take(case, token, as_json, lambda archive, data: archive.take_token(data, authority, by=asked.person(by)))


def take_cosignature(case: Path, note: Path, by: str | None, *, as_json: bool) -> int:
    return _take(case, note, as_json, lambda archive, data: archive.take_cosignature(data, by=asked.person(by)))


def _take(case: Path, file: Path, as_json: bool, taking: Callable[[Archive, bytes], SealReport]) -> int:
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(_FILE_BYTES)
    except OSError as error:
        raise CommandError(f"expected a file at {file}, found: {error.strerror}", USAGE) from error
    with opened(case) as archive:
        report = taking(archive, data)
    if as_json:
        say_json(_json(report))
    else:
        _say(report)
    return _code(report)


def _hand_out(folder: Path, report: SealReport) -> list[str]:
    from probanda.preserve.bundle.compose import named

    write_whole(folder / "checkpoint", report.note)
    written = [str(folder / "checkpoint")]
    for name, data in named(report.asked, "tsq"):
        write_whole(folder / name, data)
        written.append(str(folder / name))
    return written


def _code(report: SealReport) -> int:
    if not report.met:
        return FAILED
    return ITEMS_FAILED if report.failures else OK


def _json(report: SealReport) -> dict[str, Json]:
    return {
        "size": report.size,
        "root": report.root,
        "checkpoint": report.note.decode("utf-8"),
        "entry": report.entry,
        "anchors": [{"name": name, "time": at} for name, at in report.anchors],
        "failures": [{"name": name, "reason": reason} for name, reason in report.failures],
        "min_anchors": report.min_anchors,
        "met": report.met,
    }


def _say(report: SealReport) -> None:
    new = "" if report.entry is not None else " (nothing was missing; nothing was added)"
    say(f"Sealed: {report.size} entries, root {report.root}{new}")
    for name, at in report.anchors:
        say(f"  stamped by {name} at {at}")
    for name, reason in report.failures:
        say(f"  NOT stamped by {name}: {reason}")
    if not report.met:
        say(
            f"  the case asks for {report.min_anchors} anchors, this checkpoint has {len(report.anchors)}: its entries "
            "count as unanchored. Run seal again when the authorities answer"
        )
