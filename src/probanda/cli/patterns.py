"""patterns: what the incidents of a case show together, and what they cannot show.

It names places, bodies and who is said to hold what, out of every text that was read: a look at guarded ones is
recorded, and where it cannot be, nothing of them is counted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast, get_args

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.patterns.concentration import Share
from probanda.patterns.control import PlaceControl
from probanda.patterns.observed import Basis
from probanda.patterns.patterns import Patterns
from probanda.patterns.series import Per
from probanda.patterns.told import finding_lines, patterns_json

_SHOWN = 10  # rows of a table on the screen; --json gives all
_OF_WHAT: dict[Basis, str] = {
    "incidents": "incidents that people confirmed",
    "proposals": "incidents as the machine proposes them; nobody has confirmed them",
    "events": "events in reports; ten reports of one strike count ten times",
}


def patterns(
    case: Path, type: str | None, per: str, basis: str | None, seed: int, by: str | None = None, *, as_json: bool
) -> int:
    type = asked.optional_text("--of", type)
    asked.one_of("--per", per, get_args(Per))
    if basis is not None:
        asked.one_of("--count", basis, get_args(Basis))
    if seed < 0:
        raise CommandError(f"--seed: expected a number of 0 or more, found {seed}", USAGE)
    person = asked.person(by)
    with opened(case) as archive:
        sight = archive.look("patterns", archive.items_read(), person)
        found = archive.patterns(
            type=type, per=cast("Per", per), basis=cast("Basis | None", basis), seed=seed, hidden=sight.hidden
        )
    if as_json:
        say_json(patterns_json(found))
        say_hidden(len(sight.hidden), "texts", sight, sys.stderr)
        return OK
    _tell(found)
    say_hidden(len(sight.hidden), "texts", sight)
    return OK


def _tell(found: Patterns) -> None:
    total = found.coverage.observations
    say(f"{total} {_OF_WHAT[found.basis]}" + (f", of type {found.type}" if found.type else ""))
    say("A machine's count of what sources say; no finding on intent or on who is responsible.")
    say()
    say(f"By {found.per}: certain (possible) incidents, reports published")
    for bin in found.series.bins:
        silence = "   nobody reported" if bin.reports == 0 else ""
        say(f"  {bin.first}  {bin.certain} ({bin.possible})  {bin.reports}{silence}")
    say(f"  dated too widely for one {found.per}: {found.series.unplaced}; without a date: {found.series.undated}")
    say()
    say("Changes")
    for finding in found.findings:
        for line in finding_lines(finding, found.series.bins):
            say(f"  {line}")
    say()
    for heading, shares, missing in (
        ("Types", found.concentration.types, f"type not stated: {found.concentration.no_type}"),
        ("Kinds of object", found.concentration.objects, f"object not stated: {found.concentration.no_object}"),
        ("Places", found.concentration.places, f"place not stated: {found.concentration.no_place}"),
    ):
        _tell_shares(heading, shares, missing)
    for repeated in found.concentration.repeated[:_SHOWN]:
        say(f"  more than once: {repeated.object}, {repeated.place}: {', '.join(map(str, repeated.days))}")
    say()
    _tell_control(found.control)
    _tell_coverage(found)


def _tell_shares(heading: str, shares: tuple[Share, ...], missing: str) -> None:
    say(heading)
    for one in shares[:_SHOWN]:
        say(f"  {one.name}: {one.count} of {one.of} ({one.share:.0%}; 95 per cent: {one.low:.0%} to {one.high:.0%})")
    if len(shares) > _SHOWN:
        say(f"  and {len(shares) - _SHOWN} more; all of them: --json")
    say(f"  {missing}")


def _tell_control(places: tuple[PlaceControl, ...]) -> None:
    say("Control of places, as sources tell it")
    for one in places:
        say(f"  {one.place}" + (f" ({len(one.conflicts)} contradictions)" if one.conflicts else ""))
        for state in (*one.states, *one.apart):
            days = f"{state.earliest or '?'} to {state.latest or '?'}"
            modality = "" if state in one.states else f"; {state.modality}"
            say(f"    {days}: {state.state}, by {state.by or 'not stated'}; said by {state.holder}{modality}")
    if not places:
        say("  nothing is said of it")
    say()


def _tell_coverage(found: Patterns) -> None:
    seen = found.coverage
    say(f"Coverage: what the picture is drawn from ({seen.reports} reports; silence is not peace)")
    for heading, rows in (
        ("languages", seen.languages),
        ("sources", seen.sources),
        ("countries", seen.countries),
        ("alleged parties", seen.parties),
        ("held by", seen.holders),
    ):
        say(f"  {heading}: " + "; ".join(f"{row.name} {row.count}" for row in rows[:_SHOWN]))
    say(f"  resting on one report alone: {seen.one_report} of {seen.observations}")
