"""What of a case a bundle may show to an audience: the answer of `report.disclosure`, as a bundle needs it.

Guarantees: nothing that `disclose` withholds is allowed here. A bundle hands on blobs whole, so of what `disclose` only
shortens (a judgement without its reason, an item without its note) nothing is allowed either: the public gets no
decision, incident, supplement or settings in a bundle. Older versions of incidents, relations and supplements go along
only where nothing at all is withheld, since nobody looked through them for it. Readings that rest on what persons told
the case are allowed where every such word may be shown. Names of persons who acted are opened on demand only, never to
the public, and never of a person who is also the source or the name of an item whose identity is protected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from probanda.preserve.bundle.choose import Permission
from probanda.records.deletion import TOUCHED
from probanda.records.incident import Incident
from probanda.report.contents import Audience
from probanda.report.disclosure import Disclosed, disclose, refusal, refused_items
from probanda.report.snapshot import Snapshot

UNASKED: Final = "not asked for"


def permission(
    snapshot: Snapshot, audience: Audience, within: Collection[str], versions: Versions, *, names: bool = False
) -> Permission:
    """What this audience may have of the items `within` (a permit's)."""
    disclosed = disclose(snapshot, audience, within)
    shown = {row.capture.id for row in disclosed.snapshot.items}
    return Permission(
        audience=audience,
        captures=shown,
        refused=refused_items(snapshot.items, ((row.text_sha256, row.captures) for row in snapshot.readings), audience),
        unasked=UNASKED,
        records=_records(snapshot, disclosed, audience, versions),
        told=_told(disclosed, audience, versions),
        settings=disclosed.opinions,
        failures=audience == "internal" and len(shown) == len(snapshot.items),
        names=_names(snapshot, audience) if names else frozenset(),
        opened=frozenset(("name", "source", "note") if audience == "internal" else ("name", "source")),
    )


class Versions:
    """Every incident, relation and supplement of the log, superseded and withdrawn ones too, by id."""

    def __init__(
        self, incidents: Iterable[Incident] = (), relations: Mapping[str, tuple[str, str]] | None = None,
        supplements: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.incidents = {one.id: one for one in incidents}
        self.relations = dict(relations or {})
        self.supplements = frozenset(supplements)


def _records(snapshot: Snapshot, disclosed: Disclosed, audience: Audience, versions: Versions) -> frozenset[str]:
    if not disclosed.opinions:
        return frozenset()
    found = disclosed.snapshot
    ids = {one.id for one in found.judgements} | {one.id for one in found.incidents}
    ids |= {one.id for one in found.relations} | {one.id for one in found.supplements}
    everything = len(found.items) == len(snapshot.items)
    return frozenset(ids | _older(audience, versions)) if everything else frozenset(ids)


def _older(audience: Audience, versions: Versions) -> set[str]:
    """Versions that were superseded or withdrawn, of a case of which nothing is withheld: all but the incidents that
    any version of theirs protects or a deletion took something of, and relations with those."""
    closed = {
        one.id
        for one in versions.incidents.values()
        if TOUCHED in one.extra or refusal(one.protection, audience) is not None
    }
    spreading = True
    while spreading:
        spreading = False
        for one in versions.incidents.values():
            if one.supersedes is not None and (one.id in closed) != (one.supersedes in closed):
                closed |= {one.id, one.supersedes}
                spreading = True
    relations = {id_ for id_, ends in versions.relations.items() if closed.isdisjoint(ends)}
    supplements = versions.supplements if audience == "internal" else set[str]()
    return (versions.incidents.keys() - closed) | relations | supplements


def _told(disclosed: Disclosed, audience: Audience, versions: Versions) -> bool:
    if audience == "internal":
        return True
    shown = {one.id for one in disclosed.snapshot.supplements}
    return shown >= versions.supplements


def _names(snapshot: Snapshot, audience: Audience) -> frozenset[str]:
    if audience == "public":
        return frozenset()
    guarded = {
        _folded(told)
        for row in snapshot.items
        if row.capture.protection.withholds_identity
        for told in (row.capture.source, row.capture.name)
        if told
    }
    return frozenset(one.id for one in snapshot.agents if one.name is not None and _folded(one.name) not in guarded)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
