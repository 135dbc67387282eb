"""Members of containers: which blobs came out of which captured blob, under which path.

Guarantees: rows follow from the `contents` output of an `unpack` derivation (spec/contents.md) and nothing else; a
member is held by every capture of its container, and by that alone: it has no date, source or protection of its own.
Only what a current derivation unpacked counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from probanda.index import models
from probanda.records.canonical import Json, parse_canonical
from probanda.records.codec import RecordError

STEP, ROLE = "unpack", "contents"


@dataclass(frozen=True, slots=True)
class Lies:
    """A blob lies in the container `container` under `path`."""

    container: str
    path: str


def member_rows(row: models.Derivation, data: bytes) -> Iterator[models.Member]:
    """The rows of the contents that the derivation `row` gave. Raises `RecordError`."""
    contents = parse_canonical(data)
    members = contents.get("members") if isinstance(contents, Mapping) else None
    if not isinstance(members, (list, tuple)):
        raise RecordError("contents: expected a list `members`, found none")
    for position, member in enumerate(members):
        if not isinstance(member, Mapping):
            raise RecordError(f"contents: expected an object as member {position}")
        sha256, size, reason = member.get("sha256"), member.get("size"), member.get("reason")
        yield models.Member(
            derivation_id=row.request,
            position=position,
            container=row.subject,
            path=_text(member, "path"),
            outcome=_text(member, "outcome"),
            blob=sha256 if isinstance(sha256, str) else None,
            size=size if isinstance(size, int) else None,
            reason=reason if isinstance(reason, str) else None,
        )


def _text(member: Mapping[str, Json], name: str) -> str:
    value = member.get(name)
    if not isinstance(value, str):
        raise RecordError(f"contents: expected text as `{name}` of a member, found {value!r:.40}")
    return value


def current_members(alias: str) -> QuerySet[models.Member]:
    """Every member that a current derivation names, kept or refused."""
    return models.Member.objects.using(alias).filter(derivation__current=True)


def kept(alias: str) -> QuerySet[Any, Any]:
    return current_members(alias).filter(blob__isnull=False)


def places_of(alias: str, blobs: Collection[str] | None = None) -> Mapping[str, tuple[Lies, ...]]:
    """By SHA-256 of a member, where it lies; of every member, or of `blobs` alone."""
    rows = kept(alias).order_by("container", "position")
    if blobs is not None:
        rows = rows.filter(blob__in=list(blobs))
    found: dict[str, list[Lies]] = defaultdict(list)
    for blob, container, path in rows.values_list("blob", "container", "path").iterator():
        found[blob].append(Lies(container, path))
    return {blob: tuple(places) for blob, places in found.items()}
