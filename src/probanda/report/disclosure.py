"""What may leave the case folder, and to whom: every way out gives the least.

Guarantees: of what is withheld the case file holds neither text, name, digest nor id, only a count and the reason; the
same bytes under two conditions get the stricter, in an archive as well, whose members are withheld with it; what nobody
cleared is not public. *Internal* readers get everything but identity-protected items, leads, what the provider gave
without further disclosure, and items whose consent was withdrawn. A *court* (and with it the parties, to whom a court
hands on what it gets) gets the same, less every item under any condition, every item whose consent was asked and does
not cover a court, and every item that puts a person at elevated or high risk: such a person is heard under measures
that the court orders, not out of a file. *Public* readers get items marked public without conditions or such risk, the
decisions of persons without their names, reasons and corrections (nobody cleared those), and no internal notes. An
incident or a machine's proposal is shown only where every member of it may be, and an incident to the public only where
it is itself marked public. A risk that nobody assessed withholds nothing by itself: unset items are restricted, which
keeps them from the public, and who marks one public answers for it. Sources of the rules: records.protection; Rome
Statute, Articles 54(3)(e) and 68(1) and (5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from probanda.records.capture import Capture
from probanda.records.corroboration import judged_pair
from probanda.records.deletion import DELETED, TOUCHED, deleted_of, told_of
from probanda.records.graded import graded
from probanda.records.incident import Incident
from probanda.records.judgement import Judgement
from probanda.records.protection import Protection
from probanda.records.reading import Reading
from probanda.records.supplement import Supplement
from probanda.report.contents import Audience
from probanda.report.holdings import Withheld
from probanda.report.snapshot import AgentRow, ItemRow, ReadingRow, Snapshot

UNNAMED = "a person whose identity is withheld"
_SAME = "same content as an item that is withheld"
_USES: Final[Mapping[Audience, str]] = {"court": "court", "public": "publication"}  # as consents name their scope
_AT_RISK: Final = ("elevated", "high")


@dataclass(frozen=True, slots=True)
class Disclosed:
    """`snapshot` holds only what this audience may have; `opinions` says whether reasons of persons are among it;
    `restricted`, whether any of it is not cleared for the public."""

    snapshot: Snapshot
    withheld: tuple[Withheld, ...]
    opinions: bool
    restricted: bool


def refusal(protection: Protection, audience: Audience) -> str | None:
    """Why an item so protected is withheld from this audience; `None` where it is not."""
    if protection.withholds_identity:
        return "identity protected"
    if "lead_only" in protection.conditions:
        return "provided as a lead only"
    if "no_further_disclosure" in protection.conditions:
        return "provided on condition of no further disclosure"
    if protection.consent is not None and protection.consent.withdrawn is not None:
        return "consent withdrawn"
    if audience == "internal":
        return None
    if audience == "public" and protection.marking != "public":
        return "not marked public"
    if protection.conditions:
        return "disclosure needs the provider's agreement"
    use = _USES[audience]
    if protection.consent is not None and not protection.consent.covers(use):
        return f"consent does not cover {'a court' if use == 'court' else use}"
    if protection.risk in _AT_RISK:
        return "it could endanger a person"
    return None


def disclose(snapshot: Snapshot, audience: Audience, within: Collection[str] | None = None) -> Disclosed:
    """The part of `snapshot` that this audience may have, with counts of the rest by reason. `within` are ids of
    captures beside which nothing may be shown (a permit's); `None` sets no such bound."""
    refused = refused_items(snapshot.items, ((row.text_sha256, row.captures) for row in snapshot.readings), audience)
    if within is not None:
        bound = {row.capture.id for row in snapshot.items}.difference(within, refused)
        refused |= dict.fromkeys(bound, "not part of what was let out")
    items = tuple(_item(row, audience) for row in snapshot.items if row.capture.id not in refused)
    known = {row.capture.id for row in items}
    readings = tuple(row for row in snapshot.readings if row.captures and known.issuperset(row.captures))
    ids = known.union(*(record_ids(row.reading) for row in readings))
    incidents = tuple(one for one in snapshot.incidents if _open(one, ids, refused, audience))
    open_ids = {one.id for one in incidents}
    relations = tuple(one for one in snapshot.relations if one.subject in open_ids and one.object in open_ids)
    proposals = tuple(one for one in snapshot.proposals if ids.issuperset((*one.members, *one.contradicted_by)))
    ids |= open_ids.union((one.id for one in relations), (one.id for one in proposals))
    judgements = tuple(
        one for one in snapshot.judgements if TOUCHED not in one.extra and (not refused or ids.issuperset(_about(one)))
    )
    if audience == "public":
        judgements = tuple(one for one in judgements if ids.issuperset(_about(one)))
    failures = tuple(
        row for row in snapshot.failures if (row.capture in known if row.capture else audience == "internal")
    )
    supplements = tuple(one for one in snapshot.supplements if audience == "internal" or _is_told(one, readings))
    given = replace(
        snapshot,
        supplements=supplements,
        incidents=incidents,
        relations=relations,
        proposals=proposals,
        items=items,
        readings=readings,
        judgements=judgements,
        failures=failures,
        agents=snapshot.agents if audience != "public" else tuple(AgentRow(one.id, None) for one in snapshot.agents),
    )
    counts = [Withheld("items", reason, count) for reason, count in sorted(Counter(refused.values()).items())]
    for what, reason, before, after in (
        ("texts", "made from items that are withheld", snapshot.readings, readings),
        ("judgements", "about what is withheld or not shown", snapshot.judgements, judgements),
        ("incidents", "about what is withheld or not cleared", snapshot.incidents, incidents),
        ("relations", "with an incident that is withheld", snapshot.relations, relations),
        ("proposals", "about what is withheld or not shown", snapshot.proposals, proposals),
        ("supplements", "named in nothing that is shown", snapshot.supplements, supplements),
        ("failures", "about items that are withheld or were never cleared", snapshot.failures, failures),
    ):
        if len(before) > len(after):
            counts.append(Withheld(what, reason, len(before) - len(after)))
    if audience == "public" and judgements:
        counts.append(Withheld("reasons and names of those who judged", "not cleared for the public", len(judgements)))
    cleared = bool(items) and all(refusal(row.capture.protection, "public") is None for row in items)
    uncleared = [one for one in incidents if refusal(one.protection, "public") is not None]
    restricted = audience != "public" and not (cleared and not judgements and not failures and not uncleared)
    return Disclosed(given, tuple(counts), audience != "public", restricted)


def _about(judgement: Judgement) -> tuple[str, ...]:
    """What has to be shown for it: of a judgement whether two claims have one origin, both claims; of a grade, what
    was graded and all that it rests on, since the label alone would tell of what is withheld."""
    told = graded(judgement)
    if told is not None:
        return (told.subject, *told.rests_on)
    return judged_pair(judgement.about, judgement.extra.get("members")) or judgement.about


def _open(incident: Incident, members: set[str], refused: Collection[str], audience: Audience) -> bool:
    """An incident is shown whole or not at all: its title and its place could give away a member that is withheld. A
    member of an older reading is nobody's secret while nothing is withheld. What was imported is its file's content."""
    if refusal(incident.protection, audience) is not None or TOUCHED in incident.extra:  # until somebody revises it
        return False
    if incident.origin is not None and incident.origin.get("capture") in refused:
        return False
    return members.issuperset(incident.members) or (audience != "public" and not refused)


def _is_told(one: Supplement, readings: tuple[ReadingRow, ...]) -> bool:
    """Whether a text that is shown names it, so that its lines rest on it. On a gazetteer any reading may rest, and
    its licence asks that it is named."""
    if one.kind == "gazetteer":
        return bool(readings)
    name = " ".join(one.name.casefold().split())
    return any(name in " ".join(row.text.casefold().split()) for row in readings)


def refused_items(
    items: Iterable[ItemRow], texts: Iterable[tuple[str, Iterable[str]]], audience: Audience
) -> dict[str, str]:
    """Ids of the captures withheld, with the reason. `texts` are the SHA-256 of frozen texts with the ids of the
    captures that they were made from. A refusal spreads over equal bytes and equal texts until nothing changes:
    otherwise the open twin of a protected item would give away that a protected one exists, or its content."""
    held = tuple(items)
    refused = {
        row.capture.id: reason for row in held if (reason := refusal(row.capture.protection, audience)) is not None
    }
    refused.update(dict.fromkeys(sorted(_spread(refused, held, texts) - refused.keys()), _SAME))
    return refused


def guarded_items(items: Iterable[ItemRow], texts: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
    """Ids of the captures of which no look may go unrecorded (spec/ways-out.md), those of the same bytes or text
    included; `texts` as in `refused_items`."""
    held = tuple(items)
    return _spread({row.capture.id for row in held if is_guarded(row.capture.protection)}, held, texts)


def is_guarded(protection: Protection) -> bool:
    withdrawn = protection.consent is not None and protection.consent.withdrawn is not None
    return protection.withholds_identity or bool(protection.conditions) or withdrawn or protection.risk in _AT_RISK


def _spread(start: Collection[str], items: Iterable[ItemRow], texts: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
    """`start`, and every item that has its content from one in it, over any number of steps."""
    found = set(start)
    if not found:
        return found
    by_item: dict[str, list[set[str]]] = {}
    for group in _twins(items, texts).values():
        if len(group) > 1:
            for one in group:
                by_item.setdefault(one, []).append(group)
    waiting = list(found)
    while waiting:
        for group in by_item.get(waiting.pop(), ()):
            waiting += group - found
            found |= group
    return found


def _twins(items: Iterable[ItemRow], texts: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    by_content: dict[str, set[str]] = {}
    for row in items:
        if row.capture.blob:  # what was deleted has no content to give away
            by_content.setdefault(row.capture.blob, set()).add(row.capture.id)
        for member in row.members:
            if member.size:  # an empty file has no content to give away
                by_content.setdefault(member.sha256, set()).add(row.capture.id)
    for text, captures in texts:
        by_content.setdefault(text, set()).update(captures)
    return by_content


def record_ids(reading: Reading) -> set[str]:
    """The ids that a judgement can be about."""
    ids: set[str | None] = {one.id for one in reading.quotations}
    ids |= {one.id for one in reading.claims} | {one.id for one in reading.events}
    ids |= {one.id for one in reading.places} | {one.id for one in reading.weapons}
    ids |= {one.id for one in reading.objects} | {one.id for one in reading.labels}
    return {one for one in ids if one is not None}


def _item(row: ItemRow, audience: Audience) -> ItemRow:
    if audience != "public":
        return row
    gone = deleted_of(row.capture)  # who ordered it may be the person whom it protects
    told = row.capture.extra if gone is None else {**row.capture.extra, DELETED: told_of(replace(gone, authority=None))}
    capture: Capture = replace(row.capture, note=None, extra=told)
    return replace(row, capture=capture, added_by=None, whence=None)


def person(judgement: Judgement, agents: tuple[AgentRow, ...], opinions: bool) -> str:
    """The name under which a judgement is shown."""
    return person_named(judgement.by, agents, opinions)


def person_named(by: str, agents: tuple[AgentRow, ...], opinions: bool) -> str:
    """The name of the agent `by`, its id where the name is not held, or that it is withheld."""
    if not opinions:
        return UNNAMED
    return next((one.name for one in agents if one.id == by and one.name), by)
