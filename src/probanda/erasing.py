"""Deletion from a case: by law, because consent was withdrawn, because a life is at risk (spec/deletion.md).

Guarantees: content, names and everything made of them alone go; the entry of the item, the authority and the reason
stay. The entry of the deletion is durable before anything is taken away, and an interrupted deletion is finished by
whoever opens the case for writing next. The index is built anew, in a new file. What goes and what stays is said
before and after, also what cannot be reached: the same bytes under another item, what has left the case, copies.
Refuses: an item that was deleted before, and to go on while a run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from probanda.acting import Acting, AtHand
from probanda.index import queries
from probanda.index.acts import entries_of
from probanda.index.queries import UnknownIdError
from probanda.index.rebuild import rebuild_index
from probanda.index.truth import Truth
from probanda.preserve import erasure, recovery
from probanda.preserve.deletions import Deletions, deletion, deletion_entries, removed_by
from probanda.preserve.errors import CaseError, Locked
from probanda.preserve.lock import held
from probanda.preserve.reach import Reach, captured_blob, reach
from probanda.preserve.recovery import Leftover
from probanda.preserve.verify import leading
from probanda.records.deletion import Basis, Removed
from probanda.records.entry import DELETION, DISSEMINATION, INGESTION, Entry
from probanda.register import LOCK as INCIDENTS_LOCK


class DeletedBeforeError(CaseError):
    """The item was deleted before."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Something that left the case after the item came in, and may hold it: entry `seq` says to whom."""

    seq: int
    at: str
    way: str
    audience: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """What a deletion takes, or would take where `seq` is `None`. `openings` counts the protected values that go,
    `twins` are items of the same bytes, which stay with the bytes; `touched` are records that stay, name what goes and
    are shown to nobody until somebody revises them; `unproven` are derivation entries of an older version, whose
    remaining rows can no longer be proved unchanged; `departed` is what a deletion cannot reach; `made_elsewhere` says
    that its bytes stay because another item gives them too."""

    capture: str
    removed: tuple[Removed, ...]
    openings: int
    twins: tuple[str, ...]
    touched: tuple[str, ...]
    unproven: tuple[int, ...]
    departed: tuple[Departure, ...]
    made_elsewhere: bool
    seq: int | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was left and is on record now: blobs that no entry leads to and torn ends of the log; how many temporary
    files were taken away and whether a deletion was finished. `seq` is the entry, `None` where there was nothing."""

    left: tuple[Leftover, ...]
    temporary: int
    deletions: int
    seq: int | None


@dataclass(frozen=True, slots=True)
class _Plan:
    told: Deletion
    found: Reach
    instead: tuple[bytes, ...]


class Erasing(Acting):
    """What an archive does with deletions."""

    def deletion_of(self, capture: str) -> Deletion:
        """What the deletion of the item whose id is or begins with `capture` would take; changes nothing. Raises
        `UnknownIdError`, `DeletedBeforeError`, and `BlobError` where the case is not whole."""
        return _plan(self.at_hand(writing=False), capture).told

    def delete(
        self, capture: str, basis: Basis, authority: str, reason: str, by: str | None = None, *, wait_s: float = 0.0
    ) -> Deletion:
        """Deletes the item: `authority` is who ordered it, `by` who does it and signs, as in `judge`. Raises as
        `deletion_of`, `ValueError` without an authority or a reason, `KeyMissing`, `ReadOnlyCase`, and `Locked` when a
        run goes on for longer than `wait_s`."""
        for what, text in (("who orders it", authority), ("a reason", reason)):
            if not text.strip():
                raise ValueError(f"expected {what} for a deletion, found none")
        case = self.at_hand(writing=True)
        folder = case.folder
        with held(folder.run_lock, wait_s), held(folder.path / INCIDENTS_LOCK):
            plan = _plan(case, capture)
            agent = case.agent(by)
            folder.signer(agent)  # a key that is elsewhere is noticed before anything is done
            objects = erasure.lists(folder, plan.told.removed, plan.instead, plan.found.touched)
            draft = deletion(plan.told.capture, basis, plan.found.openings, objects, authority, reason)
            erasure.begin(folder)
            [entry] = folder.append([draft], agent)
            erasure.finish(folder)
            self.index_anew(f"entry {entry.seq} deleted something")
            erasure.done(folder)
        return replace(plan.told, seq=entry.seq, at=entry.time)

    def recover(self, *, wait_s: float = 0.0) -> Recovery:
        """Sets in order what interrupted acts left, and puts it on record in one entry; with nothing to do it writes
        nothing. Opening the case has cut a torn tail already. Raises `ReadOnlyCase`, and `Locked` when a run goes on
        for longer than `wait_s`."""
        case = self.at_hand(writing=True)
        folder = case.folder
        with held(folder.run_lock, wait_s), held(folder.path / INCIDENTS_LOCK):
            begun = erasure.pending(folder)
            erased = erasure.finish(folder)
            if begun or erased != erasure.Erased():
                self.index_anew("a deletion was finished")
                erasure.done(folder)
            with held(folder.path / erasure.APPEND_LOCK):
                temporary = recovery.sweep(folder)
            leads = leading(folder.path, folder.openings if folder.private.sealed else None)
            left = recovery.leftovers(folder, leads)
            finished = int(begun or erased != erasure.Erased())
            entry = None
            if left or temporary or finished:
                draft = recovery.recovery(left, temporary, finished, recovery.listed(folder, left))
                [entry] = case.commit([draft])
        return Recovery(left, temporary, finished, None if entry is None else entry.seq)


def finish_deletion(truth: Truth) -> None:
    """Finishes a deletion that was interrupted; nothing where none was, or where somebody is at it."""
    folder = truth.folder
    if folder.read_only or not erasure.pending(folder):
        return
    try:
        with held(folder.run_lock, 0.0):
            erasure.finish(folder)
            rebuild_index(truth, why="a deletion was interrupted").close()
            erasure.done(folder)
    except Locked:
        return


def deleted_bytes(case: AtHand) -> frozenset[str]:
    """The digests of items that were deleted from the case."""
    found = entries_of(case.alias, case.truth, DELETION)
    return frozenset(
        one.sha256 for entry in found for one in removed_by(entry, case.truth.read) if one.why == "capture"
    )


def deleted_before(truth: Truth, deleted: frozenset[str], entries: Iterable[Entry]) -> Iterator[str]:
    """The captures among these ingestions whose bytes are among the `deleted`."""
    for entry in entries if deleted else ():
        if entry.act == INGESTION and entry.outcome == "success":
            blob = captured_blob(entry, truth.openings.value)
            if blob is not None and blob.sha256 in deleted:
                yield str(entry.detail["capture"])


def _plan(case: AtHand, given: str) -> _Plan:
    capture = queries.resolve(case.alias, given)
    if not capture.startswith("capture:"):
        raise UnknownIdError(
            f"expected the id of an item, found {capture}. What was read in a text goes with the item that it was read "
            "in; list the items with: probanda items CASE"
        )
    earlier = Deletions(deletion_entries(case.folder.log.path), case.folder.blobs.read).captures.get(capture)
    if earlier is not None:
        raise DeletedBeforeError(
            f"expected an item that stands, found {capture}, which was deleted on {earlier.at[:10]} (entry "
            f"{earlier.seq}). Nothing was changed"
        )
    found = reach(case.folder, capture)
    if found is None:
        raise UnknownIdError(f"expected an item of the log, found {capture}, which no entry records")
    removed, instead = erasure.removals(case.folder, found)
    told = Deletion(
        capture=capture,
        removed=removed,
        openings=len(found.openings),
        twins=found.twins,
        touched=found.touched,
        unproven=tuple(entry.seq for entry in found.rows if "rows_root" not in entry.detail),
        departed=tuple(_departed(case, found.entry)),
        made_elsewhere=found.made_elsewhere,
    )
    return _Plan(told, found, tuple(instead.values()))


def _departed(case: AtHand, item: Entry) -> list[Departure]:
    out = []
    for entry in case.folder.log.entries(item.seq + 1):
        if entry.act == DISSEMINATION and entry.outcome == "success" and "of" not in entry.detail:
            way, audience = (str(entry.detail.get(name, "not stated")) for name in ("way", "audience"))
            out.append(Departure(entry.seq, entry.time, way, audience))
    return out
