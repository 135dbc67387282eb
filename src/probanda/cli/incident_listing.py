"""incidents: what persons put together and what a machine proposes, shown to who holds the case or let out of it.

Guarantees: what is written to a file, or in another tool's format, has passed the gate (`probanda.outgoing`) and is on
record; what is shown in the terminal stays with who holds the case folder.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast, get_args

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_exactly, say_json, write_whole
from probanda.cli.render import event_line, figure_line, when, words
from probanda.codes.events import event_codes
from probanda.records.codec import to_json
from probanda.records.incident import Incident, Proposal, Relation, Where
from probanda.records.reading import Claim, Event
from probanda.records.way_out import Audience
from probanda.report.anchored import told_of_all
from probanda.report.exchange.drafts import ANCHORED

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.index.queries import Located
    from probanda.outgoing import Permit
    from probanda.records.canonical import Json
    from probanda.report.snapshot import Snapshot

Members = dict[str, "Located[Any]"]
Made = TypeVar("Made", Incident | Proposal, Relation)
_UNCLEARED: Final = "not cleared for the public"
_NAMES: Final = {"csv": "incidents-csv", "geojson": "geojson", "timemap": "timemap", "atlos": "atlos"}


def listing(
    case: Path, type: str | None, place: str | None, earliest: str | None, latest: str | None, *,
    proposed: bool, format: str, output: Path | None, audience: str, by: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Shows incidents or proposals to who holds the case; with a file or another tool's format, lets them out."""
    asked.one_of("--format", format, ("text", "json", *_NAMES))
    asked.one_of("--audience", audience, get_args(Audience))
    asked.date("--from", earliest)
    asked.date("--to", latest)
    out, person = format if not as_json else "json", asked.person(by)
    if output is not None:
        asked.outside(case, output)
    if proposed and out in _NAMES:
        raise CommandError(f"--format {out}: expected incidents, found --proposed; a proposal is no incident", USAGE)

    def wanted(snapshot: Snapshot) -> list[Incident | Proposal]:
        held: tuple[Incident | Proposal, ...] = snapshot.proposals if proposed else snapshot.incidents
        return [one for one in held if _wanted(one, type, place, earliest, latest)]

    with opened(case) as archive:
        snapshot = archive.snapshot()
        crowded = len(archive.linked().crowded) if proposed else 0
        members: Members = {row.record.id: row for row in archive.claims()}
        members |= {row.record.id: row for row in archive.events()}
        if output is None and out not in _NAMES:
            every = wanted(snapshot)
            resting = _resting(archive, every, members)
            sight = archive.look("incidents", (one for held in resting.values() for one in held), person)
            shown = [one for one in every if sight.allows(resting[one.id])]
            told = {one.id for one in shown}
            relations = tuple(
                one for one in snapshot.relations if sight.why is None or {one.subject, one.object} <= told
            )
            drawn = _Shown(shown, relations, members, crowded, _times(snapshot, resting), proposed)
            _show(out, drawn, timed=snapshot.time_asked)
            say_hidden(len(every) - len(shown), "incidents", sight, sys.stderr if out == "json" else None)
            return OK
        found, relations, permit = _let_out(archive, snapshot, cast("Audience", audience), wanted, person)
        times = _times(snapshot, _resting(archive, found, members))
        if audience == "public":
            found = [_without_person(one) for one in found]
            relations = tuple(_without_person(one) for one in relations)
        drawn = _Shown(found, relations, members, crowded, times, proposed)
        content = _drawn(out, drawn, timed=snapshot.time_asked)
        if output is None:
            say_exactly(content)
        else:
            write_whole(output, content.encode("utf-8"))
        archive.left(permit, files=[hashlib.sha256(content.encode("utf-8")).hexdigest()])
    return OK


def _resting(archive: Archive, found: list[Incident | Proposal], members: Members) -> dict[str, tuple[str, ...]]:
    """By id, the items that an incident or proposal rests on: of its members, and the file that it came from."""
    named = [(*one.members, *(one.contradicted_by if isinstance(one, Proposal) else ())) for one in found]
    documents = {members[name].document for names in named for name in names if name in members}
    holders = archive.holders(documents)
    resting: dict[str, tuple[str, ...]] = {}
    for one in found:
        ids = [name for name in one.members if name.startswith("capture:")]
        origin = one.origin if isinstance(one, Incident) else None
        ids += [str(origin["capture"])] if origin and "capture" in origin else []
        names = (*one.members, *(one.contradicted_by if isinstance(one, Proposal) else ()))
        ids += [capture for name in names if name in members for capture in holders.get(members[name].document, ())]
        resting[one.id] = tuple(ids)
    return resting


def _let_out(
    archive: Archive, snapshot: Snapshot, audience: Audience,
    wanted: Callable[[Snapshot], list[Incident | Proposal]], by: str | None,
) -> tuple[list[Incident | Proposal], tuple[Relation, ...], Permit]:  # fmt: skip
    """What of the wanted may go to this audience, once the gate has let it. Raises as `Archive.permit`."""
    from probanda.outgoing import Records
    from probanda.report.disclosure import disclose

    ids = frozenset(one.id for one in wanted(disclose(snapshot, audience).snapshot))
    permit = archive.permit("export", audience, records=Records(ids, len(wanted(snapshot)) - len(ids)), by=by)
    # Once more, within what the gate decided: an item may have been protected in between.
    given = disclose(snapshot, audience, permit.captures).snapshot
    found = [one for one in wanted(given) if one.id in permit.records]
    going = {one.id for one in found}
    relations = tuple(one for one in given.relations if one.subject in going and one.object in going)
    return found, relations, permit


def _times(snapshot: Snapshot, resting: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """By id, what can be said of the time of the items that an incident or proposal rests on."""
    rows = {row.capture.id: row for row in snapshot.items}
    return {one: told_of_all(rows[name] for name in held if name in rows) for one, held in resting.items()}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown or let out; `times` by the id of an incident or proposal."""

    found: list[Incident | Proposal]
    relations: tuple[Relation, ...]
    members: Members
    crowded: int
    times: Mapping[str, str]
    proposed: bool


def _drawn(out: str, shown: _Shown, *, timed: bool) -> str:
    """The content in the form asked for."""
    from probanda.records.canonical import canonical
    from probanda.report.exchange import FORMATS

    if out in _NAMES:
        return FORMATS[_NAMES[out]].write([one for one in shown.found if isinstance(one, Incident)], shown.times)
    if out == "json":
        return canonical(_as_json(shown)).decode() + "\n"
    return "".join(f"{line}\n" for line in _as_lines(shown, timed=timed))


def _show(out: str, shown: _Shown, *, timed: bool) -> None:
    """In the terminal, or for the program that asked."""
    if out == "json":
        say_json(_as_json(shown))
        return
    for line in _as_lines(shown, timed=timed):
        say(line)


def _as_json(shown: _Shown) -> dict[str, Json]:
    what = "proposals" if shown.proposed else "incidents"
    found: list[Json] = [
        {**to_json(one), ANCHORED: shown.times[one.id], "codes": _codes(one.type)} for one in shown.found
    ]
    return {what: found, "relations": [to_json(one) for one in shown.relations]}


def _as_lines(shown: _Shown, *, timed: bool) -> Iterator[str]:
    for one in shown.found:
        yield from _lines(one, shown.relations, shown.members)
        if timed:
            yield f"    items behind it: {shown.times[one.id]}"
    yield f"{len(shown.found)} {'proposals of a machine; none is a finding' if shown.proposed else 'incidents'}"
    if shown.crowded:
        yield f"{shown.crowded} events and claims were left out: too much is told of their place and time"


def _without_person(one: Made) -> Made:
    """What nobody cleared for the public: who made it and why, and the record that it came from."""
    if isinstance(one, Proposal):
        return one
    if isinstance(one, Relation):
        return replace(one, by="", reason=_UNCLEARED)
    return replace(one, by="", reason=_UNCLEARED, origin=None)


def _wanted(
    one: Incident | Proposal, type: str | None, place: str | None, earliest: str | None, latest: str | None
) -> bool:
    if type is not None and not (one.type == type or (one.type or "").startswith(f"{type}.")):
        return False
    if place is not None and (one.where is None or place.casefold() not in (one.where.name or "").casefold()):
        return False
    time = one.when
    first = time.earliest or time.latest if time else None
    last = time.latest or time.earliest if time else None
    if (earliest or latest) and (first is None or last is None):
        return False
    return not (earliest and last and last[:10] < earliest) and not (latest and first and first[:10] > latest)


def _lines(one: Incident | Proposal, relations: tuple[Relation, ...], members: Members) -> Iterator[str]:
    title = one.title if isinstance(one, Incident) else "proposed, by a machine"
    yield f"{one.id[:21]}  {title}"
    told = (one.type or "kind not coded", _place(one.where), when(one.when) or "time not said")
    yield "    " + "; ".join(told)
    if isinstance(one, Incident):
        yield f"    by {one.by[:18]} on {one.at[:10]}: {one.reason}"
    for name in one.members:
        yield f"    - {_member(name, members)}"
    if isinstance(one, Proposal):
        yield from (f"    contradicted by {_member(name, members)}" for name in one.contradicted_by)
        yield f"    score {one.score:.2f}, which ranks and is no probability"
        yield from (f"    {reason}" for reason in one.reasons)
    for relation in relations:
        if one.id in (relation.subject, relation.object):
            side = f"{relation.kind} {relation.object[:21]}" if relation.subject == one.id else ""
            yield f"    {side or f'{relation.subject[:21]} {relation.kind} this'}: {relation.reason}"


def _place(where: Where | None) -> str:
    if where is None:
        return "place not said"
    point = "" if where.latitude is None else f"{where.latitude:.4f}, {where.longitude:.4f}"
    radius = "" if where.radius_m is None else f"within {where.radius_m:,} m"
    return " ".join(filter(None, (where.name or "", f"({point})" if point else "", radius))) or "place not said"


def _member(name: str, members: Members) -> str:
    row = members.get(name)
    record = row.record if row else None
    if isinstance(record, Claim):
        told = figure_line(record) if record.quantity else words(record.passage)
        return f"{name[:18]} {told}"
    return f"{name[:18]} {event_line(record)}" if isinstance(record, Event) else name[:26]


def _codes(type: str | None) -> Json:
    """What the type is called in the lists of others; `None` where nobody coded it."""
    return None if type is None else asdict(event_codes(type))
