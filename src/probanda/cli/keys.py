"""key list, key add, key protect, key rotate: who signs with what."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.cli.passphrases import asking
from probanda.records.codec import to_json

_PROTECTED = {True: "passphrase", False: "no passphrase", None: "not here"}


def listing(case: Path, *, as_json: bool) -> int:
    with opened(case, read_only=True) as archive:
        rows = archive.keys()
    if as_json:
        say_json({"keys": [to_json(row) for row in rows]})
        return OK
    for row in rows:
        until = f"rotated {row.until}" if row.until else "in force"
        say(f"{row.key}  {until:<32} since {row.since}  {_PROTECTED[row.protected]:<13}  {row.name or 'name withheld'}")
        if row.compromised_since:
            say(f"{'':<66}said to have been in other hands since {row.compromised_since}")
    return OK


def add(case: Path, name: str, file: Path | None, *, as_json: bool) -> int:
    name = asked.text("NAME", name)
    with opened(case, passphrases=asking(file, None)) as archive:
        try:
            row = archive.add_person(name)
        except ValueError as error:
            raise CommandError(f"{error}. Nothing was changed; list persons with: probanda key list {case}") from error
    if as_json:
        say_json(to_json(row))
    else:
        say(f"{name} is in the case, with the key {row.key}")
    return OK


def protect(case: Path, agent: str | None, file: Path | None, new_file: Path | None, *, as_json: bool) -> int:
    with opened(case, passphrases=asking(file, new_file)) as archive:
        if agent is None and archive.protect_case():
            if as_json:
                say_json({"key": None, "protected": True})
            else:
                say("The case has a new passphrase, which opens all of it; the old one opens older copies still.")
            return OK
        name = archive.protect_key(by=agent)
    if as_json:
        say_json({"key": name, "protected": True})
    else:
        say(f"The key {name} has a new passphrase. If it is lost, nobody can sign with this key again.")
    return OK


def rotate(
    case: Path, reason: str, by: str | None, since: str | None, file: Path | None, new_file: Path | None, *,
    as_json: bool,
) -> int:  # fmt: skip
    reason = asked.text("--reason", reason)
    moment = None if since is None else _moment(since)
    with opened(case, passphrases=asking(file, new_file)) as archive:
        row = archive.rotate_key(reason, by=asked.person(by), compromised_since=moment)
    if as_json:
        say_json(to_json(row))
    else:
        say(f"The key {row.key} is in force for {row.name or row.agent}; the one before signs nothing any more.")
        say("  keep this fingerprint elsewhere too: who has it can tell later whether the log is this one")
    return OK


def _moment(given: str) -> str:
    from probanda.records.entry import format_time

    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise CommandError(
            f"--compromised-since: expected a time such as 2031-04-02T08:00:00Z, found {given!r}", USAGE
        ) from error
    return format_time(found if found.tzinfo else found.replace(tzinfo=UTC))
