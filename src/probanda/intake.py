"""From files to captures: collected, preserved, then told in the log.

Guarantees: the blobs of a batch are durable before its entries are written, and its entries before it is reported; an
item that vanished, cannot be read or changes while it is read becomes a `failure` entry with the reason, and its
neighbours are kept. The bytes of a file stream through; only a batch's entries are in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from probanda.collect.files import Found, Skipped
from probanda.preserve import acts, captures
from probanda.preserve.blobs import BlobRef
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.errors import SourceError
from probanda.preserve.keys import Random
from probanda.preserve.log import Draft
from probanda.records.entry import FAILURE, INGESTION, SALT_BYTES, Agent, Entry
from probanda.records.protection import Marking, Protection
from probanda.report.snapshot import FailureRow

BATCH_ITEMS = 64  # one wait for the disk each for log and index; arbitrary, more gained little when measured
BATCH_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Intake:
    """Into which case, by whom, and what holds for everything that is taken in together. `signer` is the id of the
    agent whose key signs; `None`: who made the case."""

    case: CaseFolder
    agents: tuple[Agent, ...]
    published: str | None
    source: str | None
    note: str | None
    protection: Protection
    random: Random
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One batch, durable: its entries in the order of its items, and the failures among them."""

    entries: tuple[Entry, ...]
    failures: tuple[FailureRow, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of everything that is added together, as the arguments of `Archive.add`."""

    published: str | None = None
    source: str | None = None
    note: str | None = None
    marking: Marking | None = None
    protection: Protection | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class AddReport:
    """What `add` did, in the order of the items: ids of new captures, and what could not be added and why. Both are in
    the log. `deleted_before` are those of the new captures whose bytes were deleted from this case once."""

    captures: tuple[str, ...]
    failures: tuple[FailureRow, ...]
    deleted_before: tuple[str, ...] = ()


def take_in(intake: Intake, items: Iterable[Found | Skipped]) -> Iterator[Taken]:
    """Every item, batch by batch. While one batch is told in the log, the bytes of the next are already on their way
    to the disk; a crash then leaves blobs that no entry names. Raises what `BlobStore.put_many` and `Log.append` raise.
    """
    with ThreadPoolExecutor(1) as ahead:
        waiting: tuple[list[Found | Skipped], Future[list[BlobRef | SourceError]]] | None = None
        for batch in _batches(items):
            paths = [item.path for item in batch if isinstance(item, Found)]
            kept = ahead.submit(intake.case.blobs.put_many, paths)
            if waiting is not None:
                yield _tell(intake, waiting[0], waiting[1].result())
            waiting = batch, kept
        if waiting is not None:
            yield _tell(intake, waiting[0], waiting[1].result())


def _tell(intake: Intake, batch: Sequence[Found | Skipped], kept: Sequence[BlobRef | SourceError]) -> Taken:
    """The entries of one batch, whose blobs are durable."""
    refs = iter(kept)
    drafts = [_draft(intake, item, next(refs) if isinstance(item, Found) else item) for item in batch]
    entries = tuple(intake.case.append(drafts, intake.signer))
    pairs = zip(drafts, entries, strict=True)
    return Taken(entries, tuple(_failure(draft, entry) for draft, entry in pairs if entry.act == FAILURE))


def _draft(intake: Intake, item: Found | Skipped, kept: BlobRef | SourceError | Skipped) -> Draft:
    if isinstance(kept, BlobRef):
        own = item if isinstance(item, Found) else Found(item.path, kept.size, item.name)
        draft = captures.ingestion(
            kept,
            nonce=intake.random(32).hex(),
            salt=intake.random(SALT_BYTES),
            name=item.name,
            source=own.source or intake.source,
            note=intake.note,
            published=own.published or intake.published,
            protection=intake.protection,
            origin=own.origin,
            agents=intake.agents,
        )
    else:
        reason = kept.reason if isinstance(kept, Skipped) else str(kept)
        draft = acts.failure(INGESTION, reason, name=item.name, agents=intake.agents)
    if item.name_form != "verbatim":  # without it the name's bytes on the disk could not be had back
        draft = replace(draft, detail={**draft.detail, "name_form": item.name_form})
    return draft


def _failure(draft: Draft, entry: Entry) -> FailureRow:
    given = draft.committed_values
    return FailureRow(None, str(given["name"]), "add", "failed", str(given["reason"]), entry.time)


def _batches(items: Iterable[Found | Skipped]) -> Iterator[list[Found | Skipped]]:
    batch: list[Found | Skipped] = []
    size = 0
    for item in items:
        batch.append(item)
        size += item.size if isinstance(item, Found) else 0
        if len(batch) >= BATCH_ITEMS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
