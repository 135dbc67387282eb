"""gazetteer: import a GeoNames country dump into a case, list what is imported, take one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.supplement import dump_of, in_force

if TYPE_CHECKING:
    from probanda.records.supplement import Supplement

_FORMS = "gazetteer CASE; gazetteer import CASE FILE; gazetteer remove CASE COUNTRY"
_GEONAMES = "https://www.geonames.org"


def gazetteer(words: list[str], reason: str | None, by: str | None, *, as_json: bool) -> int:
    """`words` are the arguments as typed: a case, or what to do with it. Raises `CommandError`."""
    if len(words) == 1:
        if reason is not None:
            raise CommandError("gazetteer: --reason goes with import and remove", USAGE)
        return _list(Path(words[0]), as_json=as_json)
    if len(words) != 3 or words[0] not in ("import", "remove"):
        raise CommandError(f"expected one of: {_FORMS}; found {len(words)} words", USAGE)
    action, case, what = words
    why = asked.optional_text("--reason", reason)
    person = asked.person(by)
    if action == "import":
        return _import(Path(case), Path(what), why or "Names of places for the reading.", person, as_json=as_json)
    return _remove(Path(case), what.upper(), why or "Not needed any more.", person, as_json=as_json)


def _import(case: Path, file: Path, reason: str, by: str | None, *, as_json: bool) -> int:
    from probanda.extract.places.dump import DumpError

    with opened(case) as archive:
        try:
            made, told = archive.import_gazetteer(file, reason, by)
        except DumpError as error:
            raise CommandError(f"{file.name}: {error}", kind="DumpRefused") from error
        names = {agent.id: agent.name for agent in archive.snapshot().agents}
    if as_json:
        say_json({**_row(made, names), "first_faults": [to_json(one) for one in told.first_faults]})
        return OK
    for line in _lines(made, names):
        say(line)
    for one in told.first_faults:
        say(f"    line {one.line}, column {one.column}: {one.reason}; this row was left out")
    say("  readings that use it are made by: probanda run CASE")
    return OK


def _remove(case: Path, country: str, reason: str, by: str | None, *, as_json: bool) -> int:
    with opened(case) as archive:
        held = [one for one in in_force(archive.supplements()) if one.kind == "gazetteer"]
        if country not in {one.name for one in held}:
            known = ", ".join(one.name for one in held) or "none"
            raise CommandError(
                f"gazetteer remove: expected a country whose gazetteer is imported ({known}), found {country!r:.40}",
                kind="UnknownGazetteer",
            )
        made = archive.supplement("gazetteer", country, reason, by, withdrawn=True)
    if as_json:
        say_json(to_json(made))
        return OK
    say(f"Recorded and signed: the gazetteer of {country} is not used any more; its file stays in the case")
    say("  readings without it are made by: probanda run CASE")
    return OK


def _list(case: Path, *, as_json: bool) -> int:
    with opened(case) as archive:
        held = [one for one in in_force(archive.supplements()) if one.kind == "gazetteer"]
        names = {agent.id: agent.name for agent in archive.snapshot().agents} if held else {}
    if as_json:
        say_json([_row(one, names) for one in held])
        return OK
    for one in held:
        for line in _lines(one, names):
            say(line)
    say(f"{len(held)} imported, beside the one that comes with Probanda")
    return OK


def _row(one: Supplement, names: dict[str, str | None]) -> dict[str, Json]:
    dump = dump_of(one)
    assert dump is not None
    return {
        **to_json(dump), "source_url": _GEONAMES, "by": one.by, "by_name": names.get(one.by), "at": one.at,
        "reason": one.reason, "supplement": one.id,
    }  # fmt: skip


def _lines(one: Supplement, names: dict[str, str | None]) -> list[str]:
    dump = dump_of(one)
    assert dump is not None
    at_fault = sum(count for count in dump.faults.values() if isinstance(count, int))
    out = [
        f"{dump.country}: {dump.source} ({_GEONAMES}), {dump.licence}",
        f"    {dump.rows:,} rows: {dump.kept:,} kept, {dump.other_features:,} of features that are not read, "
        f"{at_fault:,} at fault",
    ]
    out += [f"        {count:,} at fault: {what}" for what, count in dump.faults.items()]
    out.append(f"    SHA-256 {dump.sha256}, {dump.size:,} bytes")
    out.append(f"    imported {one.at} by {names.get(one.by) or one.by}: {one.reason}")
    return out
