"""codes: our types in the lists of others, and the treaties that may concern a weapon. Needs no case."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.codes.events import event_codes
from probanda.codes.tables import rows
from probanda.codes.treaties import concerning

if TYPE_CHECKING:
    from probanda.codes.treaties import Concern
    from probanda.records.canonical import Json


def codes(type: str | None, weapon: str | None, state: str | None, day: str | None, *, as_json: bool) -> int:
    if weapon is None and (state is not None or day is not None):
        raise CommandError("--state and --on go with --weapon", USAGE)
    if weapon is not None and type is not None:
        raise CommandError("expected a type of event or --weapon, found both", USAGE)
    if weapon is not None:
        return _treaties(asked.text("--weapon", weapon), state, day, as_json=as_json)
    known = [row["type"] for row in rows("events")]
    if type is not None and type not in known:
        raise CommandError(f"expected a type of event, found {type!r:.60}; they are listed by: probanda codes", USAGE)
    wanted = known if type is None else [type]
    if as_json:
        say_json([{"type": one, **asdict(event_codes(one))} for one in wanted])
        return OK
    for one in wanted:
        found = event_codes(one)
        acled = ": ".join(word for word in (found.acled_event, found.acled_sub_event) if word)
        plover = " ".join(word for word in (found.plover_event, found.plover_mode) if word)
        say(f"{one}  ACLED {acled or 'not decided by the type'}; PLOVER {plover or 'nothing of the kind'}")
    say("Our own reading of these lists, which nobody of theirs has reviewed. HURIDOCS: codes of acts not obtained.")
    return OK


def _treaties(weapon: str, state: str | None, day: str | None, *, as_json: bool) -> int:
    if day is not None:
        asked.day("--on", day)
    try:
        found = concerning(weapon, state, day)
    except ValueError as error:
        raise CommandError(f"--state: {error}", USAGE) from error
    if as_json:
        say_json([_json(one) for one in found])
        return OK
    for one in found:
        say(f"{one.treaty.title}: {one.words}")
    if not found:
        say("No treaty of the table is about what these words name.")
    say("Information about treaties, and no finding that a weapon was used or that anything was breached.")
    return OK


def _json(one: Concern) -> Json:
    return {
        "treaty": one.treaty.id, "title": one.treaty.title, "adopted": one.treaty.adopted,
        "in_force": one.treaty.in_force, "standing": one.standing, "since": one.since, "as_of": one.treaty.as_of,
        "words": one.words,
    }  # fmt: skip
