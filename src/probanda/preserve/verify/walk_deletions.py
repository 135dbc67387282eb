"""The deletions: each good, each carried out, none of them taking more than what leads to its item alone.

Guarantees: a deletion accounts for something only where a person of the case signed it, names an item that came in
before and was not deleted before, a ground, an authority, a reason and a list that can be read; what it lists is gone
unless a later entry names it, and so are the bytes, the openings and every row of the item; of one that came in with a
bundle also the openings of the foreign entries about it, unless an item that stands came of them too. What a record
that is gone had named nobody can check any more. Memory: the commitments of each deleted item, 32 bytes for each item
that came in with a bundle.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from probanda.preserve.deletions import basis_of
from probanda.preserve.errors import PreserveError
from probanda.preserve.foreign import (
    ForeignLogs,
    Whose,
    commitments_of,
    refused_record,
    stated_origin,
)
from probanda.preserve.openings import Openings
from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.foreseen import CHECK, Foreseen
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.places import Places
from probanda.records.codec import RecordError
from probanda.records.entry import DELETION, INGESTION, PROTECTION, TRANSFER, Entry

_UNFINISHED = (
    "the deletion was interrupted (opening the case for writing, or recover, finishes it), or somebody put it back"
)


@dataclass(slots=True)
class _Came:
    """A deleted item that came in with a bundle: `own` are the commitments of the foreign entries that are about it
    for sure, `kept` is ours of its origin, which stays. `deleted` is the entry of its deletion."""

    whose: Whose
    kept: str | None
    own: set[str] = field(default_factory=set)
    deleted: int = -1


class DeletionWalk:
    """`leads` says whether something that stands leads to a blob; `openings` are those that are here, `held` gives
    what stands behind them."""

    def __init__(
        self,
        places: Places,
        tallies: Tallies,
        foreseen: Foreseen,
        openings: Opened | None,
        held: Openings,
        leads: Callable[[str], bool],
    ) -> None:
        self._places = places
        self._tallies = tallies
        self._tally = tallies[CHECK]
        self._foreseen = foreseen
        self._openings = openings
        self._held = held
        self._leads = leads
        self._logs = ForeignLogs(lambda sha256: places.blobs / sha256[:2] / sha256)
        self._came: dict[str, _Came] = {}  # deleted capture -> as what it came in with a bundle
        self._again: dict[str, int] = {}  # foreign case -> its last transfer
        self._standing = Table()  # digests of foreign captures of which items that stand came
        self._foreign: list[tuple[int, str]] = []  # deletion and foreign commitment that it lists
        self._others: set[str] = set()  # commitments that a deletion lists and an entry of ours about another thing has
        self._closed = 0  # deletions of items of which nobody can tell here where they came from
        self._own: dict[str, set[str]] = {}  # deleted capture -> the commitments of its entries
        self._refused: set[str] = set()  # commitments of records that an import refused
        self._unsigned = 0  # how many signatures had failed before this entry
        self._unseen = 0

    def see(self, entry: Entry) -> None:
        failed = self._tallies["log.signatures"].failed
        signed, self._unsigned = failed == self._unsigned, failed
        if not self._foreseen.any:
            return
        try:
            self._see(entry, signed=signed)
        except (RecordError, PreserveError, OSError) as error:
            self._tally.fail(f"entry {entry.seq}: {error}")

    def _see(self, entry: Entry, *, signed: bool) -> None:
        capture = entry.detail.get("capture")
        if entry.act == INGESTION and isinstance(capture, str) and entry.outcome == "success":
            self._origin(entry, capture)
        if entry.act == INGESTION and isinstance(capture, str) and self._foreseen.took(entry):
            self._own.setdefault(capture, set()).update(commitments_of(entry))
        elif entry.act == PROTECTION and isinstance(capture, str) and capture in self._own:
            self._own[capture].update(commitments_of(entry))
        elif refused_record(entry):
            self._refused.update(commitments_of(entry))
        else:
            self._others.update(one for one in commitments_of(entry) if one in self._foreseen.forgotten)
        if entry.act == TRANSFER and entry.outcome == "success" and not self._places.hides(entry.seq):
            self._logs.see(entry)
            self._again[str(entry.detail.get("case"))] = entry.seq
        if entry.act == DELETION and entry.outcome == "success":
            self._tally.count()
            self._deletion(entry, signed=signed)

    def _origin(self, entry: Entry, capture: str) -> None:
        """Keeps in mind which item of another case came in as this one."""
        if not self._again:
            return
        whose = self._logs.whose(stated_origin(entry, self._held.value))
        if whose is None:
            return
        if self._foreseen.took(entry):
            self._came[capture] = _Came(whose, entry.committed.get("origin"))
        else:
            self._standing.add(_key(whose))

    def close(self) -> None:
        """Whether all of it is gone; asked at the end, when it is known what came in again."""
        for seq, listed in self._foreseen.lists.items():
            for one in listed:
                if one.sha256 not in self._foreseen.named_later and self._there(one.sha256):
                    self._tally.fail(
                        f"entry {seq}: the blob {one.sha256}, which it lists, is still here: {_UNFINISHED}"
                    )
        for sha256, capture in self._foreseen.roots().items():
            listed_ = self._foreseen.deletions.listed(sha256)
            if not listed_ and not self._leads(sha256) and self._there(sha256):
                self._tally.fail(f"the bytes of {capture:.90} are still here, and nothing that stands leads to them")
        for seq, commitment in self._foreign:
            if commitment in self._others:
                self._tally.fail(f"entry {seq}: lists the opening of {commitment:.64}, which is not the item's")
        for came in self._came.values():
            again = self._again.get(came.whose[0], -1) > came.deleted or _key(came.whose) in self._standing
            left = 0 if again or came.deleted < 0 else sum(map(self._open, came.own))
            if left:
                self._tally.fail(
                    f"entry {came.deleted}: {left} openings that came in with the deleted item are still here: "
                    f"{_UNFINISHED}"
                )
        if self._closed:
            self._tally.decide(
                "unproven", f"{self._closed} openings were destroyed of which only who can open the case can tell that "
                "they are of deleted items that came in with a bundle",
            )  # fmt: skip
        if self._unseen:
            self._tally.decide(
                "unproven", f"{self._unseen} of {self._tally.counted} deletions keep to themselves what they took"
            )

    def _deletion(self, entry: Entry, *, signed: bool) -> None:
        foreseen, where = self._foreseen, f"entry {entry.seq}"
        if self._places.hides(entry.seq):
            self._unseen += 1
            return
        capture = entry.detail.get("capture")
        if not signed:
            foreseen.void(entry.seq, f"{where}: a deletion that no person of the case signed accounts for nothing")
        elif entry.seq not in foreseen.lists:
            foreseen.void(entry.seq, f"{where}: the list of what was deleted is not here or cannot be read")
        elif not isinstance(capture, str) or capture not in self._own:
            foreseen.void(entry.seq, f"{where}: deletes {capture!s:.90}, which no entry before it records")
        elif foreseen.deletions.captures[capture].seq != entry.seq:
            self._tally.fail(f"{where}: deletes {capture:.90}, which was deleted before")
        else:
            self._stated(entry, capture)

    def _stated(self, entry: Entry, capture: str) -> None:
        where = f"entry {entry.seq}"
        try:
            basis_of(entry)
        except RecordError as error:
            self._tally.fail(str(error))
        if missing := [name for name in ("authority", "reason") if name not in entry.committed]:
            self._tally.fail(f"{where}: expected who ordered the deletion and why, found no {missing[0]}")
        for one in self._foreseen.lists[entry.seq]:
            if one.why == "rows" and one.replaced_by is None:
                self._tally.fail(f"{where}: the rows {one.sha256} went, and nothing stands in their place")
        own, came = self._own[capture], self._came.get(capture)
        theirs = self._theirs(came, entry.seq) if came else set[str]()
        for commitment, seq in self._foreseen.forgotten.items():
            if seq != entry.seq or commitment in own or commitment in self._refused:
                continue
            self._foreign.append((seq, commitment))
            if came is None and self._openings is None and self._again:
                self._closed += 1
            elif commitment not in theirs:
                self._tally.fail(f"{where}: lists the opening of {commitment:.64}, which is not the item's")
        held = [one for one in own if self._open(one) and (came is None or one != came.kept)]
        if held:
            self._tally.fail(f"{where}: {len(held)} openings of the deleted item are still here: {_UNFINISHED}")

    def _theirs(self, came: _Came, seq: int) -> set[str]:
        """Every commitment of the foreign case that a deletion of the item may list: of its entry, of changes of its
        protection, and of refused records, whose item only their names tell. Raises `RecordError`, `OSError`."""
        case, capture = came.whose
        came.deleted = seq
        refused: set[str] = set()
        for one in self._logs.entries(case):
            if one.act in (INGESTION, PROTECTION) and one.detail.get("capture") == capture:
                came.own |= commitments_of(one)
            elif refused_record(one):
                refused |= commitments_of(one)
        return came.own | refused

    def _open(self, commitment: str) -> bool:
        return self._openings is not None and self._openings.holds(commitment)

    def _there(self, sha256: str) -> bool:
        return os.path.lexists(self._places.blobs / sha256[:2] / sha256)


def _key(whose: Whose) -> bytes:
    return hashlib.sha256("\n".join(whose).encode()).digest()
