"""What was typed, checked before anything is done: texts, choices, names of persons, places for reports.

Guarantees: a wrong command line ends with `CommandError` and the code 2 before a case is opened or made, so that
nothing of it is kept.
"""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from probanda.cli.output import USAGE, CommandError
from probanda.records.canonical import CanonicalError, Json, parse_json

_OF_THE_CASE = ("blobs", "log", "private", "keys")


def text(option: str, given: str) -> str:
    """`given`, which is text and not empty. Raises `CommandError`."""
    if not given.strip():
        raise CommandError(f"{option}: expected words, found none", USAGE)
    try:
        given.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CommandError(
            f"{option}: expected text in UTF-8, found the byte 0x{ord(given[error.start]) & 0xFF:02X} at character "
            f"{error.start + 1}. Type it in a terminal that uses UTF-8",
            USAGE,
        ) from error
    return given


def optional_text(option: str, given: str | None) -> str | None:
    return None if given is None else text(option, given)


def one_of(option: str, given: str, known: tuple[str, ...]) -> None:
    """Raises `CommandError` where `given` is none of `known`."""
    if given not in known:
        raise CommandError(f"{option}: expected one of {', '.join(known)}, found {given!r}", USAGE)


def date(option: str, given: str | None) -> None:
    """Raises `CommandError` where `given` is no date in EDTF."""
    from probanda.records.edtf import EdtfError, parse_edtf

    if given is not None:
        try:
            parse_edtf(given)
        except EdtfError as error:
            raise CommandError(f"{option}: {error}", USAGE) from error


def day(option: str, given: object) -> None:
    """Raises `CommandError` where `given` is no day of the calendar (2031-03-17)."""
    from datetime import date as calendar_date

    try:
        if isinstance(given, str) and calendar_date.fromisoformat(given).isoformat() == given:
            return
    except ValueError:
        pass
    raise CommandError(f"{option}: expected a day such as 2031-03-17, found {given!r}", USAGE)


def maker(given: str | None) -> str:
    """Who makes a case: `--by`, else PROBANDA_AGENT, else the login name. Raises `CommandError` where none is known."""
    named = person(given)
    if named is not None:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # no such user on this system
        raise CommandError("expected a name for the person who acts, found none; give --by NAME", USAGE) from error


def person(given: str | None) -> str | None:
    """Who acts in a case: `--by`, else PROBANDA_AGENT, else `None`: who made the case."""
    if given is not None:
        return text("--by", given)
    return optional_text("PROBANDA_AGENT", os.environ.get("PROBANDA_AGENT") or None)


def recovery(case: Path, place: Path, *, encrypted: bool) -> None:
    """Raises `CommandError` where the file that opens an encrypted case cannot go to `place`."""
    if not encrypted:
        raise CommandError("--recovery goes with --encrypt: a case in clear has nothing that it would open", USAGE)
    if os.path.lexists(place):
        raise CommandError(f"--recovery: expected a free place, found something at {place}. Name another", USAGE)
    if case.resolve() in place.resolve().parents:
        raise CommandError(
            f"--recovery: expected a place outside the case, found {place}. Whoever has both can read the case", USAGE
        )


def corrections(given: list[str]) -> dict[str, Json]:
    """ "FIELD=VALUE" options as a mapping; a value that is JSON is taken as JSON. Raises `CommandError`."""
    found: dict[str, Json] = {}
    for option in given:
        field, equals, value = text("--correct", option).partition("=")
        if not equals or not field.strip():
            raise CommandError(f"--correct: expected FIELD=VALUE, found {option!r}", USAGE)
        try:
            found[field.strip()] = parse_json(value.encode("utf-8"))
        except CanonicalError:
            found[field.strip()] = value
    return found


def reports(case: Path, output: Path, *, pdf: bool = False) -> list[Path]:
    """The files that a case file goes to: the one named, or page and JSON (and sheets, with `pdf`) in the folder named.
    Raises `CommandError` for another kind of file, and for a place among the case's own files, which a report would
    overwrite."""
    if output.suffix not in (".html", ".json", ".pdf", ""):
        raise CommandError(f"--output: expected OUT.html, OUT.json, OUT.pdf or a folder, found {output.name!r}", USAGE)
    names = ("casefile.html", "casefile.json", *(("casefile.pdf",) if pdf else ()))
    wanted = [output] if output.suffix else [output / name for name in names]
    if pdf and output.suffix not in (".pdf", ""):
        raise CommandError(f"--pdf goes with a folder or OUT.pdf, found {output.name!r}", USAGE)
    for path in wanted:
        outside(case, path)
    return wanted


def outside(case: Path, output: Path) -> None:
    """Raises `CommandError` for a place among the case's own files, which an export would overwrite."""
    folder, place = case.resolve(), output.resolve()
    if place.parent == folder or any((folder / part) in place.parents for part in _OF_THE_CASE):
        raise CommandError(
            f"--output: expected a place outside the case's own files, found {output}. Name another folder", USAGE
        )
