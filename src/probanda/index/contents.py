"""The rows of a snapshot: items, readings, failures and agents, as the report receives them.

Guarantees: only what is current is told, with every capture that it concerns; what could not be added, or gave no
result, is told with its reason and never left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import cast

from django.db import transaction
from django.db.models import Exists, OuterRef

from probanda.index import models
from probanda.index.members import current_members, kept, places_of
from probanda.index.queries import captures, current_readings, maps_of, texts_of
from probanda.preserve.merkle import CompactRange
from probanda.records.canonical import parse_canonical, parse_json
from probanda.records.capture import Capture
from probanda.records.codec import parse
from probanda.records.reading import Reading
from probanda.report.snapshot import AgentRow, FailureOutcome, FailureRow, ItemRow, MemberRow, ReadingRow, Region


def unchanging(alias: str) -> AbstractContextManager[None]:
    """A block in which the rows stay as they are, whatever other processes append to the log."""
    return transaction.atomic(using=alias)


def head(alias: str) -> tuple[int, str]:
    """How many entries of the log these rows follow from, and the root (RFC 6962) over exactly those."""
    tree = CompactRange()
    for leaf in models.Entry.objects.using(alias).order_by("seq").values_list("leaf", flat=True).iterator():
        tree.append(bytes.fromhex(leaf))
    return models.Applied.objects.using(alias).get(id=1).count, tree.root().hex()


def items(alias: str) -> tuple[ItemRow, ...]:
    """Every capture in the order of the log, with the media type that `identify` found and what lies in it."""
    found = models.Derivation.objects.using(alias).filter(step="identify", current=True, outcome="succeeded")
    types = dict(found.values_list("subject", "facts__media_type"))
    acting = dict(models.Entry.objects.using(alias).filter(act="ingestion").values_list("seq", "agents"))
    members: dict[str, list[MemberRow]] = defaultdict(list)
    for row in kept(alias).order_by("container", "position").values("container", "path", "blob", "size"):
        lies = MemberRow(row["path"], row["blob"], row["size"], types.get(row["blob"]))
        members[row["container"]].append(lies)
    return tuple(
        ItemRow(one, types.get(one.blob), _first_agent(acting[one.seq]), tuple(members.get(one.blob, ())))
        for one in captures(alias)
    )


def readings(alias: str, read: Callable[[str], bytes]) -> tuple[ReadingRow, ...]:
    """Every current reading, in the order of the first capture that it concerns."""
    by_blob = _captures_by_blob(alias)
    made = texts_of(alias)
    rows = []
    for row in current_readings(alias):
        holding = {
            capture.id: capture
            for blob in made.get(row.document, ())
            for capture, _ in by_blob.get(blob, ())
            if capture.published == row.published
        }
        about = sorted(holding.values(), key=lambda capture: capture.seq)
        reading = parse(Reading, parse_canonical(read(row.blob)), "reading")
        text = read(row.document).decode("utf-8")
        ids = tuple(capture.id for capture in about)
        first = about[0].seq if about else -1
        where = regions(alias, read, row.document, about[0].blob if about else None)
        rows.append((first, ReadingRow(reading, text, row.document, ids, row.derivation_id, regions=where)))
    return tuple(row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1].request)))


def captures_of(alias: str, made: Mapping[str, Collection[str]]) -> Mapping[str, tuple[Capture, ...]]:
    """By SHA-256 of each text of `made` (what `texts_of` gave), the captures that hold it, in the order of the log."""
    by_blob = _captures_by_blob(alias, {blob for blobs in made.values() for blob in blobs})
    found: dict[str, tuple[Capture, ...]] = {}
    for text, blobs in made.items():
        about = {capture.id: capture for blob in blobs for capture, _ in by_blob.get(blob, ())}
        found[text] = tuple(sorted(about.values(), key=lambda capture: capture.seq))
    return found


def regions(alias: str, read: Callable[[str], bytes], text: str, blob: str | None = None) -> tuple[Region, ...]:
    """The places in its source of the text with this SHA-256; where several sources gave the same text, those in
    `blob`, or in the first. None where the text is the source's own characters."""
    maps = maps_of(alias, text)
    chosen = maps.get(blob or "") or next(iter(maps.values()), None)
    found = parse_canonical(read(chosen)) if chosen is not None else None
    rows = found.get("regions", ()) if isinstance(found, Mapping) else ()
    return tuple(parse(Region, row, "region") for row in rows) if isinstance(rows, list) else ()


def bare_readings(alias: str, read: Callable[[str], bytes]) -> Iterator[Reading]:
    """Every current reading, without its text."""
    for row in current_readings(alias).order_by("derivation"):
        yield parse(Reading, parse_canonical(read(row.blob)), "reading")


def failures(alias: str) -> tuple[FailureRow, ...]:
    """What could not be added, then what a step gave no result about, once for each capture concerned."""
    return (*_not_added(alias), *_not_derived(alias), *_not_unpacked(alias))


def agents(alias: str) -> tuple[AgentRow, ...]:
    rows = models.Agent.objects.using(alias).order_by("seq").values_list("id", "name")
    return tuple(AgentRow(id_, name) for id_, name in rows)


def _not_added(alias: str) -> Iterator[FailureRow]:
    for row in models.Failure.objects.using(alias).order_by("seq"):
        yield FailureRow(None, row.name, "add", "failed", row.reason or "the reason is withheld", row.time)


def _not_derived(alias: str) -> Iterator[FailureRow]:
    by_blob = _captures_by_blob(alias)
    made = texts_of(alias)
    rows = models.Derivation.objects.using(alias).filter(current=True).exclude(outcome="succeeded")
    times = dict(models.Entry.objects.using(alias).filter(act="derivation").values_list("seq", "time"))
    recognised = models.Derivation.objects.using(alias).filter(step="ocr", current=True, subject=OuterRef("subject"))
    # What has no text layer and went to `ocr` is told once, by what that step says of it.
    rows = rows.exclude(Exists(recognised), step="text", outcome="not_applicable")
    for row in rows.order_by("seq", "position"):
        blobs = made.get(row.subject, (row.subject,))
        about = [held for blob in blobs for held in by_blob.get(blob, ())]
        if "published" in row.parameters:
            about = [held for held in about if held[0].published == row.published]
        outcome = cast("FailureOutcome", row.outcome)
        for capture, path in about:
            name = _name(capture, path)
            yield FailureRow(capture.id, name, row.step, outcome, row.reason or "", times.get(row.seq))


def _not_unpacked(alias: str) -> Iterator[FailureRow]:
    """Members that were refused, or kept with a remark, once for each capture of their container."""
    by_blob = _captures_by_blob(alias)
    times = dict(models.Entry.objects.using(alias).filter(act="derivation").values_list("seq", "time"))
    rows = current_members(alias).filter(reason__isnull=False).order_by("derivation__seq", "container", "position")
    for row in rows.select_related("derivation"):
        for capture, within in by_blob.get(row.container, ()):
            if within is None:
                outcome: FailureOutcome = "failed" if row.blob is None else "not_applicable"
                name, at = _name(capture, row.path), times.get(row.derivation.seq)
                yield FailureRow(capture.id, name, row.derivation.step, outcome, row.reason or "", at)


def _name(capture: Capture, path: str | None) -> str | None:
    """The item's name, with the path of the member where it is about one: protected as the name is."""
    return capture.name if path is None else "/".join(part for part in (capture.name, path) if part)


Held = tuple[Capture, str | None]  # a capture and, where the blob is a member of its blob, the path there


def _captures_by_blob(alias: str, blobs: Collection[str] | None = None) -> Mapping[str, list[Held]]:
    """By blob, every capture of it and of the containers that it lies in; of every blob, or of `blobs` (and of their
    containers) alone."""
    lying = places_of(alias, blobs)
    wanted = None if blobs is None else {*blobs, *(place.container for places in lying.values() for place in places)}
    found: dict[str, list[Held]] = defaultdict(list)
    for capture in captures(alias, wanted):
        found[capture.blob].append((capture, None))
    direct = {blob: [capture for capture, _ in held] for blob, held in found.items()}
    for blob, places in lying.items():
        found[blob] += [(capture, place.path) for place in places for capture in direct.get(place.container, ())]
    return found


def _first_agent(agents_json: str) -> str | None:
    acting = parse_json(agents_json.encode())
    first = acting[0] if isinstance(acting, list) and acting else None
    return str(first["id"]) if isinstance(first, dict) else None
