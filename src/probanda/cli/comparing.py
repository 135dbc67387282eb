"""compare: what sources hold of one thing, side by side, with the relation of each pair and the series of each source.

Guarantees: of guarded items nothing is shown that is not on record, and where that cannot be recorded nothing of them
takes part. Both readings of a contradiction are shown; none is called right.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, one_line, say, say_json
from probanda.records.reading import ClaimKind

if TYPE_CHECKING:
    from probanda.corroborate.comparison import Compared
    from probanda.corroborate.positions import Position
    from probanda.records.quantity import Bound

_SHOWN = 12  # positions and pairs of one thing on the screen; --json gives all


def compare(case: Path, kind: str | None, by: str | None, *, every: bool, as_json: bool) -> int:
    from probanda.report.compared import LABEL, captures_in, comparisons_json, telling

    if kind is not None:
        asked.one_of("--kind", kind, get_args(ClaimKind))
    person = asked.person(by)
    with opened(case) as archive:
        found = archive.comparisons(kind)
        shown = found if every else telling(found)
        sight = archive.look("compare", captures_in(shown), person)
        hidden = sight.hidden
        while hidden:  # without these others may be set beside each other, and some of these be guarded
            found = archive.comparisons(kind, hidden)
            shown = found if every else telling(found)
            sight = archive.look("compare", captures_in(shown) | hidden, person)
            if sight.hidden <= hidden:
                break
            hidden |= sight.hidden
    if as_json:
        say_json(comparisons_json(shown))
        say_hidden(len(sight.hidden), "items", sight, sys.stderr)
        return OK
    for one in shown:
        for line in _lines(one):
            say(line)
    against = sum(one.contradicted for one in shown)
    left = len(found) - len(shown)
    say(f"{len(shown)} things on which sources differ, {against} of them with contradictions"
        + (f"; {left} on which all agree: --all" if left else ""))  # fmt: skip
    say(f"  {LABEL}")
    say_hidden(len(sight.hidden), "items", sight)
    return OK


def _lines(one: Compared) -> Iterator[str]:
    topic = one.topic
    days = "" if topic.first is None else topic.first if topic.first == topic.last else f"{topic.first} to {topic.last}"
    what = topic.what.replace("_", " ") + (f" ({topic.counted})" if topic.counted else "")
    yield "; ".join(filter(None, (what, topic.place or "", days)))
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in one.counts.items())
    left = f"; {one.pairs:,} pairs are possible" if one.pairs > len(one.comparisons) else ""
    yield f"  {len(one.positions)} positions: {counts}{left}"
    for number, position in enumerate(one.positions[:_SHOWN], start=1):
        yield f"    {number}. {_position(position)}"
        yield f"       {', '.join(claim[:18] for claim in position.claims[:4])}" + (
            f" and {len(position.claims) - 4} more" if len(position.claims) > 4 else ""
        )
    yield from _more(len(one.positions), "positions")
    for pair in one.comparisons[:_SHOWN]:
        yield f"    {pair.left + 1} – {pair.right + 1}  {pair.relation.replace('_', ' ')}: {one_line(pair.reason)}"
    yield from _more(len(one.comparisons), "pairs")
    yield from _series(one)
    yield ""


def _position(one: Position) -> str:
    told = [one.words or "no number given"]
    if one.interval is not None:
        told.append(_interval(one.interval.minimum, one.interval.maximum))
    told.append(one.named or "source not known")
    if one.days is not None:
        told.append(one.days[0] if one.days[0] == one.days[1] else f"{one.days[0]} to {one.days[1]}")
    told += [word for word, so in (("denied", one.stance == "denied"), ("not said to have happened", one.stance ==
             "ahead"), ("verified, it says", one.verified), (f"since {one.since}", one.since is not None),
             (one.note, bool(one.note))) if so]  # fmt: skip
    if one.population and one.population != "person":
        told.append(f"counts: {one.population}")
    return "; ".join(" ".join(part.split()) for part in told)


def _series(one: Compared) -> Iterator[str]:
    from probanda.corroborate.evolution import series

    for line in series(one)[:_SHOWN]:
        if len(line.steps) > 1:
            steps = (f"{step.first or 'no day'} {one.positions[step.position].words or 'no number'}"
                     + ("" if step.change == "first" else f" ({step.change.replace('_', ' ')})")
                     for step in line.steps[:_SHOWN])  # fmt: skip
            yield f"    over time, {line.named or 'source not known'}: " + " → ".join(steps)


def _interval(low: Bound, high: Bound) -> str:
    left = "(−∞" if low is None else "[?" if low == "unknown" else f"[{low:,}"
    right = "∞)" if high is None else "?]" if high == "unknown" else f"{high:,}]"
    return f"{left}, {right}"


def _more(count: int, what: str) -> Iterator[str]:
    if count > _SHOWN:
        yield f"    and {count - _SHOWN:,} more {what}; all of them: --json"
