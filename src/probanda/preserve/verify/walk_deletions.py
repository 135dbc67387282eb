"""The deletions: each good, each carried out, none of them taking more than what leads to its item alone.

Guarantees: a deletion accounts for something only where a person of the case signed it, names an item that came in
before and was not deleted before, a ground, an authority, a reason and a list that can be read; what it lists is gone
unless a later entry names it, and so are the bytes, the openings and every row of the item. What a record that is gone
had named nobody can check any more. Memory: the commitments of each deleted item.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from probanda.preserve.deletions import basis_of
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.foreseen import CHECK, Foreseen
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.places import Places
from probanda.records.codec import RecordError
from probanda.records.entry import DELETION, INCIDENT, INGESTION, PROTECTION, CommittedRef, Entry

_UNFINISHED = (
    "the deletion was interrupted (opening the case for writing, or recover, finishes it), or somebody put it back"
)


class DeletionWalk:
    """`leads` says whether something that stands leads to a blob; `openings` are those that are here."""

    def __init__(
        self,
        places: Places,
        tallies: Tallies,
        foreseen: Foreseen,
        openings: Opened | None,
        leads: Callable[[str], bool],
    ) -> None:
        self._places = places
        self._tallies = tallies
        self._tally = tallies[CHECK]
        self._foreseen = foreseen
        self._openings = openings
        self._leads = leads
        self._own: dict[str, set[str]] = {}  # deleted capture -> the commitments of its entries
        self._refused: set[str] = set()  # commitments of records that an import refused
        self._unsigned = 0  # how many signatures had failed before this entry
        self._unseen = 0

    def see(self, entry: Entry) -> None:
        failed = self._tallies["log.signatures"].failed
        signed, self._unsigned = failed == self._unsigned, failed
        if not self._foreseen.any:
            return
        capture = entry.detail.get("capture")
        if entry.act == INGESTION and isinstance(capture, str) and self._foreseen.took(entry):
            self._own.setdefault(capture, set()).update(_commitments(entry))
        elif entry.act == PROTECTION and isinstance(capture, str) and capture in self._own:
            self._own[capture].update(_commitments(entry))
        elif entry.outcome == "failure" and entry.detail.get("of") == INCIDENT:
            self._refused.update(_commitments(entry))
        elif entry.act == DELETION and entry.outcome == "success":
            self._tally.count()
            self._deletion(entry, signed=signed)

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
        own = self._own[capture]
        for commitment, seq in self._foreseen.forgotten.items():
            if seq == entry.seq and commitment not in own and commitment not in self._refused:
                self._tally.fail(f"{where}: lists the opening of {commitment:.64}, which is not the item's")
        held = [one for one in own if self._openings is not None and self._openings.holds(one)]
        if held:
            self._tally.fail(f"{where}: {len(held)} openings of the deleted item are still here: {_UNFINISHED}")

    def _there(self, sha256: str) -> bool:
        return os.path.lexists(self._places.blobs / sha256[:2] / sha256)


def _commitments(entry: Entry) -> set[str]:
    return {*entry.committed.values(), *(one.committed for one in entry.objects if isinstance(one, CommittedRef))}
