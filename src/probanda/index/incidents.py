"""Incidents and relations as an index holds them: which version is in force, what a relation means today.

Guarantees: of every incident at most one version is in force, the one that none supersedes and that is not withdrawn;
a relation is told with the newest versions of both its ends, and not at all while one of them is withdrawn. Earlier
versions stay in the index and in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from probanda.index import models
from probanda.records.canonical import parse_json
from probanda.records.codec import parse
from probanda.records.incident import Incident, Relation

R = TypeVar("R", Incident, Relation)


def incidents(alias: str) -> tuple[Incident, ...]:
    """Those in force, in the order in which each was first made."""
    return _in_force(incident_versions(alias))


def incident_versions(alias: str) -> tuple[Incident, ...]:
    """Every version in the order of the log."""
    rows = models.Incident.objects.using(alias).order_by("seq").values_list("body", flat=True)
    return tuple(parse(Incident, parse_json(body.encode()), "incident") for body in rows.iterator())


def relation_versions(alias: str) -> tuple[Relation, ...]:
    """Every version in the order of the log, each with the ids that it was made with."""
    rows = models.Relation.objects.using(alias).order_by("seq").values_list("body", flat=True)
    return tuple(parse(Relation, parse_json(body.encode()), "relation") for body in rows.iterator())


def relations(alias: str) -> tuple[Relation, ...]:
    """Those in force, between incidents in force: `subject` and `object` are the newest ids. A relation whose two ends
    have become one incident is told no more."""
    made = incident_versions(alias)
    newest = _newest(made)
    standing = {one.id for one in _in_force(made)}
    told = []
    for relation in _in_force(relation_versions(alias)):
        ends = newest.get(relation.subject, ""), newest.get(relation.object, "")
        if ends[0] != ends[1] and standing.issuperset(ends):
            told.append(replace(relation, subject=ends[0], object=ends[1]))
    return tuple(told)


def newest_incident(alias: str, identity: str) -> Incident:
    """The newest version of the incident that has a version `identity`, withdrawn or not."""
    versions = {one.id: one for one in incident_versions(alias)}
    return versions[_newest(tuple(versions.values()))[identity]]


def imported_from(alias: str, blob: str) -> tuple[str, ...]:
    """The captures of these bytes from which incidents were imported, oldest first."""
    known = models.Capture.objects.using(alias).filter(blob=blob).order_by("seq").values_list("id", flat=True)
    sources = models.Incident.objects.using(alias).filter(source__in=list(known)).values_list("source", flat=True)
    used = set(sources.distinct())
    return tuple(one for one in known if one in used)


def _in_force(versions: tuple[R, ...]) -> tuple[R, ...]:
    first = {one.id: number for number, one in enumerate(versions)}
    for one in versions:
        if one.supersedes in first:
            first[one.id] = first[one.supersedes]
    replaced = {one.supersedes for one in versions}
    standing = [one for one in versions if one.id not in replaced and not one.withdrawn]
    return tuple(sorted(standing, key=lambda one: first[one.id]))


def _newest(versions: tuple[R, ...]) -> Mapping[str, str]:
    """By id of a version, the id of the newest version of the same thing."""
    after: dict[str, str] = {}
    for one in versions:
        if one.supersedes is not None:
            after.setdefault(one.supersedes, one.id)
    newest: dict[str, str] = {}
    for one in reversed(versions):
        following = after.get(one.id)
        newest[one.id] = newest.get(following, following) if following is not None else one.id
    return newest
