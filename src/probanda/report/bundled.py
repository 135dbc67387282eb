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
from probanda.records.incident import Incident
from probanda.report.contents import Audience
from probanda.report.disclosure import Disclosed, disclose, record_ids, refusal, refused_items
from probanda.report.snapshot import Snapshot

UNASKED: Final = "not asked for"


def permission(
    snapshot: Snapshot, audience: Audience, *, only: Collection[str] = (), names: bool = False, versions: Versions
) -> Permission:
    """What this audience may have of the case. `only`: ids of the items asked for; empty: every one."""
    texts = ((row.text_sha256, row.captures) for row in snapshot.readings)
    refused = refused_items(snapshot.items, texts, audience)
    disclosed = disclose(snapshot, audience)
    shown = {row.capture.id for row in disclosed.snapshot.items}
    if only:
        shown &= set(only)
    return Permission(
        audience=audience,
        captures=shown,
        refused=refused,
        unasked=UNASKED,
        records=_records(snapshot, disclosed, audience, shown, bool(only), bool(refused), versions),
        told=_told(snapshot, disclosed, audience, versions),
        settings=disclosed.opinions,
        failures=audience == "internal" and not only,
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


def _records(
    snapshot: Snapshot,
    disclosed: Disclosed,
    audience: Audience,
    shown: Collection[str],
    some: bool,
    refused: bool,
    versions: Versions,
) -> frozenset[str]:
    if not disclosed.opinions:
        return frozenset()
    found = disclosed.snapshot
    if not some:
        ids = {one.id for one in found.judgements} | {one.id for one in found.incidents}
        ids |= {one.id for one in found.relations} | {one.id for one in found.supplements}
        return frozenset(ids) if refused else frozenset(ids | _older(audience, versions))
    known = set(shown).union(*(record_ids(row.reading) for row in found.readings if set(shown) >= set(row.captures)))
    incidents = {one.id for one in found.incidents if known.issuperset(one.members)}
    relations = {one.id for one in found.relations if one.subject in incidents and one.object in incidents}
    known |= incidents | relations
    return frozenset(incidents | relations | {one.id for one in found.judgements if known.issuperset(one.about)})


def _older(audience: Audience, versions: Versions) -> set[str]:
    """Versions that were superseded or withdrawn, of a case of which nothing is withheld: all but the incidents that
    any version of theirs protects, and relations with those."""
    closed = {one.id for one in versions.incidents.values() if refusal(one.protection, audience) is not None}
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


def _told(snapshot: Snapshot, disclosed: Disclosed, audience: Audience, versions: Versions) -> bool:
    if audience == "internal":
        return True
    shown = {one.id for one in disclosed.snapshot.supplements}
    return disclosed.opinions and shown >= versions.supplements


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
