"""From entries of the log to rows of the index: one function for each act, the same for live commits and for replay.

Guarantees: rows follow from the entry and the blobs it names, never from a step run again; an entry is applied in the
same transaction that counts it, in order, once; applying what is applied already changes nothing. Each entry must name
the last applied one in `prev`, so an index cannot be continued with another case's log. An act that this version does
not know leaves its entry's row and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from django.db import models as django_models
from django.db import transaction

from probanda.index import models
from probanda.index.derivations import derivation_rows
from probanda.index.truth import Truth
from probanda.preserve import durable
from probanda.preserve.acts import public_key_of
from probanda.preserve.captures import capture_of, emptied_capture
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.protections import protection_of
from probanda.records.canonical import Json, canonical, parse_json
from probanda.records.capture import Capture
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.deletion import DELETED, TOUCHED, told_of
from probanda.records.entry import (
    CREATION,
    DELETION,
    DERIVATION,
    FAILURE,
    GENESIS,
    INCIDENT,
    INGESTION,
    JUDGEMENT,
    PROTECTION,
    REGISTRATION,
    RELATION,
    Entry,
    ObjectRef,
    encode,
)
from probanda.records.incident import parse_incident, parse_relation
from probanda.records.judgement import parse_judgement

_CHUNK = 500  # entries applied in one transaction: bounds memory while a long log is replayed


class IndexMismatchError(Exception):
    """The index and the log disagree: the index is of another log, or an entry does not have the form of its act."""


class ContentDeletedError(IndexMismatchError):
    """Something was deleted from the case since this index was built, so that it has to be built again: rows are not
    picked out of a file whose free pages would still hold them."""


Rows = Iterator[django_models.Model]
Pending = dict[type[django_models.Model], list[django_models.Model]]


def catch_up(alias: str, truth: Truth, recent: Sequence[Entry] = ()) -> int:
    """Applies every entry of the log that the index lacks; how many there were. Raises `IndexMismatchError`.

    `recent` are entries just as `Log.append` returned them, which need not be read from the disk again.
    """
    done = 0
    if _applied(alias, truth).count == 0:
        truth = truth.from_the_beginning()
        fresh = True
    else:
        fresh = False
    while _applied(alias, truth).count < truth.end()[0]:  # asked outside the transaction, which would lock others out
        with transaction.atomic(using=alias):
            applied = _applied(alias, truth)
            if recent and recent[0].seq == applied.count:
                entries = list(_with_known_leaves(recent))
            else:
                entries = [(entry, _leaf(entry)) for entry in islice(truth.entries(applied.count), _CHUNK)]
            if not fresh:
                _refuse_deletions(entries)
            _apply(alias, truth, entries, applied)
            applied.save(using=alias)
            durable.on_boundary("before index.commit")
        durable.on_boundary("after index.commit")
        done += len(entries)
    return done


def _refuse_deletions(entries: Iterable[tuple[Entry, str]]) -> None:
    for entry, _ in entries:
        if entry.act == DELETION and entry.outcome == "success":
            raise ContentDeletedError(
                f"something was deleted from the case (entry {entry.seq}) since its index was built. What was "
                "committed is safe; run the same command again"
            )


def _applied(alias: str, truth: Truth) -> models.Applied:
    found = models.Applied.objects.using(alias).filter(id=1).first()
    if found is not None and found.case != truth.case:
        raise IndexMismatchError(f"expected an index of {truth.case}, found one of {found.case}")
    return found or models.Applied(id=1, case=truth.case, count=0, head=GENESIS)


def _apply(alias: str, truth: Truth, entries: Iterable[tuple[Entry, str]], applied: models.Applied) -> None:
    pending: Pending = {}
    for entry, leaf in entries:
        if entry.seq != applied.count or entry.prev != applied.head:
            raise IndexMismatchError(
                f"expected entry {applied.count} after {applied.head}, found entry {entry.seq} after {entry.prev}"
            )
        if entry.act in (DERIVATION, PROTECTION):
            _write(alias, pending)  # what a batch replaces and supersedes, and an item, is looked up in the tables
        try:
            for row in _rows(alias, truth, entry, leaf):
                pending.setdefault(type(row), []).append(row)
        except RecordError as error:
            raise IndexMismatchError(f"entry {entry.seq} ({entry.act}) has not the form of its act: {error}") from error
        applied.count, applied.head = entry.seq + 1, leaf
    _write(alias, pending)


def _with_known_leaves(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Each with its leaf hash, which the log has put into the next one's `prev`; only the last is encoded again."""
    for entry, following in pairwise(entries):
        yield entry, following.prev
    yield entries[-1], _leaf(entries[-1])


def _leaf(entry: Entry) -> str:
    return leaf_hash(encode(entry)).hex()


def _write(alias: str, pending: Pending) -> None:
    for model, rows in pending.items():
        # A blob is named by many entries and keeps the row of the first; every other row is made once.
        model._base_manager.using(alias).bulk_create(rows, batch_size=200, ignore_conflicts=model is models.Blob)
    pending.clear()


def _rows(alias: str, truth: Truth, entry: Entry, leaf: str) -> Rows:
    yield models.Entry(
        seq=entry.seq,
        leaf=leaf,
        act=entry.act,
        time=entry.time,
        outcome=entry.outcome,
        agents=canonical([to_json(agent) for agent in entry.agents]).decode(),
    )
    for ref in entry.blobs():
        yield models.Blob(sha256=ref.sha256, size=ref.size, seq=entry.seq)
    if entry.act == DERIVATION:
        for ref in entry.blobs("rows"):
            yield from derivation_rows(alias, entry.seq, truth.rows(ref), truth.read)
    elif entry.act == PROTECTION and entry.outcome == "success":
        _protect(alias, entry)
    elif entry.act in _ACTS:
        yield from _ACTS[entry.act](truth, entry)


def _agent(truth: Truth, entry: Entry) -> Rows:
    key, _ = public_key_of(entry)
    yield models.Agent(id=f"agent:{key}", name=_opened(truth, entry, "name"), key=key, seq=entry.seq)


def _capture(truth: Truth, entry: Entry) -> Rows:
    capture = capture_of(entry, truth.openings)
    deleted = truth.deletions.captures.get(str(entry.detail.get("capture")))
    if deleted is not None:
        capture = emptied_capture(entry)  # whether its openings are gone yet or not
    if capture is None:  # the opening of its digest is withheld: nothing says which bytes came in
        return
    if deleted is not None:
        told = {**capture.extra, DELETED: told_of(deleted)}
        capture = replace(capture, extra=told)
    elif capture.committed is not None:  # else the entry names the blob, which has its row already
        yield models.Blob(sha256=capture.blob, size=capture.size, seq=entry.seq)
    yield models.Capture(
        id=capture.id,
        seq=capture.seq,
        blob=capture.blob,
        published=capture.published,
        marking=capture.protection.marking,
        name=capture.name,
        source=capture.source,
        body=canonical(to_json(capture)).decode(),
    )


def _protect(alias: str, entry: Entry) -> None:
    """The item's row says what is in force; of one that has no row, because its opening is withheld, nothing."""
    identity, protection = protection_of(entry)
    row = models.Capture.objects.using(alias).filter(id=identity).first()
    if row is None:
        return
    held = parse(Capture, parse_json(row.body.encode()), "capture")
    changed = replace(held, protection=protection, stated=held.stated or held.protection)
    row.marking, row.body = protection.marking, canonical(to_json(changed)).decode()
    row.save(using=alias, update_fields=["marking", "body"])


def _failure(truth: Truth, entry: Entry) -> Rows:
    yield models.Failure(
        seq=entry.seq,
        time=entry.time,
        name=_opened(truth, entry, "name"),
        reason=_opened(truth, entry, "reason"),
    )


def _judgement(truth: Truth, entry: Entry) -> Rows:
    for ref in _standing(truth, entry, "judgement"):
        judgement = parse_judgement(truth.read(ref.sha256))
        judgement = replace(judgement, extra=_touched(truth, judgement.id, judgement.extra))
        yield models.Judgement(
            id=judgement.id,
            seq=entry.seq,
            decision=judgement.decision,
            by=judgement.by,
            at=judgement.at,
            supersedes=judgement.supersedes,
            blob=ref.sha256,
            body=canonical(to_json(judgement)).decode(),
        )
        for position, record in enumerate(judgement.about):
            yield models.JudgementAbout(judgement_id=judgement.id, position=position, record=record)


def _incident(truth: Truth, entry: Entry) -> Rows:
    for ref in _standing(truth, entry, "incident"):
        made = parse_incident(truth.read(ref.sha256))
        made = replace(made, extra=_touched(truth, made.id, made.extra))
        where, when, origin = made.where, made.when, made.origin or {}
        capture = origin.get("capture")
        yield models.Incident(
            id=made.id,
            seq=entry.seq,
            title=made.title,
            type=made.type,
            by=made.by,
            at=made.at,
            supersedes=made.supersedes,
            withdrawn=made.withdrawn,
            proposal=made.proposal,
            source=capture if isinstance(capture, str) else None,
            earliest=when.earliest if when else None,
            latest=when.latest if when else None,
            place=where.name if where else None,
            latitude=where.latitude if where else None,
            longitude=where.longitude if where else None,
            blob=ref.sha256,
            body=canonical(to_json(made)).decode(),
        )
        for position, record in enumerate(made.members):
            yield models.IncidentMember(incident_id=made.id, position=position, record=record)


def _relation(truth: Truth, entry: Entry) -> Rows:
    for ref in _standing(truth, entry, "relation"):
        data = truth.read(ref.sha256)
        made = parse_relation(data)
        yield models.Relation(
            id=made.id,
            seq=entry.seq,
            kind=made.kind,
            subject=made.subject,
            object=made.object,
            by=made.by,
            at=made.at,
            supersedes=made.supersedes,
            withdrawn=made.withdrawn,
            blob=ref.sha256,
            body=data.decode(),
        )


_ACTS: Mapping[str, Callable[[Truth, Entry], Rows]] = {
    CREATION: _agent,
    REGISTRATION: _agent,
    INGESTION: _capture,
    FAILURE: _failure,
    JUDGEMENT: _judgement,
    INCIDENT: _incident,
    RELATION: _relation,
}


def _standing(truth: Truth, entry: Entry, role: str) -> Iterator[ObjectRef]:
    """The blobs of this role that no later deletion took out."""
    return (ref for ref in entry.blobs(role) if not truth.deletions.gone(ref.sha256, entry.seq))


def _touched(truth: Truth, identity: str, extra: Mapping[str, Json]) -> Mapping[str, Json]:
    """With the deletion that took something which this record names, where there is one."""
    seq = truth.deletions.touched.get(identity)
    return extra if seq is None else {**extra, TOUCHED: seq}


def _opened(truth: Truth, entry: Entry, name: str) -> str | None:
    """A protected value of the entry; `None` where none was given or no opening is held."""
    value = truth.openings.value(entry.committed.get(name))
    return value if isinstance(value, str) else None
