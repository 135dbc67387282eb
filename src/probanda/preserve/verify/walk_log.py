"""The log, line by line: form, order, chain, signatures, commitments, root. Memory: one line, and the keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from io import FileIO

from probanda.preserve.errors import LogDamaged
from probanda.preserve.keys import signature_holds
from probanda.preserve.merkle import CompactRange
from probanda.preserve.openings import Openings, parse_opening
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.persons import Persons
from probanda.preserve.verify.places import Places
from probanda.records.codec import RecordError
from probanda.records.entry import (
    CREATION,
    GENESIS,
    MAX_BYTES,
    REGISTRATION,
    ROTATION,
    CommittedRef,
    Entry,
    EntryError,
    parse_entry,
    signed_bytes,
)

Progress = Callable[[str, int, int], None]  # stage ("log", "blobs"), bytes done, bytes in all as far as known


def good_openings(held: Openings, tallies: Tallies) -> Opened | None:
    """The openings that are here and right; `None` where the openings as a whole are withheld."""
    tally = tallies["commitments.open"]
    if not os.path.lexists(held.path):
        return None
    found = Opened()
    try:
        for number, (line, ended) in enumerate(held.lines(), 1):
            if not ended:
                break  # torn: the entry that would name it was never written
            try:
                opening = parse_opening(line if line is not None else b"")
            except RecordError as error:
                tally.fail(f"line {number} of {held.path.name}: {error}")
                continue
            if opening.holds():
                found.add(opening)
            else:
                tally.fail(f"line {number} of {held.path.name}: salt and value do not give the commitment")
    except OSError as error:
        tally.fail(f"expected {held.path.name} to be a file that can be read, found: {error.strerror}")
    except LogDamaged as error:
        tally.fail(str(error))
    return found


class LogWalk:
    """Goes through the log once; `size`, `tree`, `keys` and `creation` say what was found: while an entry is looked at,
    over the entries before it (its own key aside), afterwards over all."""

    def __init__(
        self, places: Places, tallies: Tallies, openings: Opened | None, pinned: tuple[int, str] | None
    ) -> None:
        self.size = 0
        self.tree = CompactRange()
        self.persons = Persons()
        self._path = places.log
        self._some_withheld = not places.whole
        self._tallies = tallies
        self._openings = openings
        self._withheld = 0
        self._pinned = pinned
        self._pinned_found: str | None = None
        self._prev = GENESIS
        self._time = ""

    @property
    def keys(self) -> Mapping[str, bytes]:
        """Fingerprint -> raw public key, as the log brought them in, rotated ones too."""
        return self.persons.keys

    @property
    def creation(self) -> Entry | None:
        return self.persons.creation

    def entries(self, progress: Progress) -> Iterator[Entry]:
        """The lines that are entries, in order; whatever is wrong with a line is told to the tallies."""
        try:
            file = open_regular(self._path)
        except OSError as error:
            self._tallies["log.canonical"].fail(f"expected log/{self._path.name}, found: {error.strerror}")
            self._tallies.not_run(("log.", "commitments.", "captures.", "derivations.", "readings.", "judgements."),
                                  "the log could not be read")  # fmt: skip
            return
        with file:
            yield from self._walk(file, progress)
        self._close()

    def _walk(self, file: FileIO, progress: Progress) -> Iterator[Entry]:
        total, done = file.seek(0, 2), 0
        file.seek(0)
        for line, ended, leaf in lines(file, MAX_BYTES):
            if not ended:
                self._tallies["log.torn_tail"].fail(
                    "the log ends with bytes that are no whole entry: a write was interrupted (the next command that "
                    "opens the case for writing sets them aside), or somebody cut the file"
                )
                break
            entry = self._line(line)
            if entry:
                yield entry
            self.tree.append(leaf)
            self.size += 1
            self._prev = leaf.hex()
            if self._pinned and self.size == self._pinned[0]:
                self._pinned_found = self.tree.root().hex()
            done += len(line or b"") + 1
            if self.size % 256 == 0:
                progress("log", done, total)
        progress("log", total, total)

    def _line(self, line: bytes | None) -> Entry | None:
        number, tallies = self.size + 1, self._tallies
        tallies["log.canonical"].count()
        try:
            if line is None:
                raise EntryError(f"expected an entry of at most {MAX_BYTES} bytes, found more")
            entry = parse_entry(line)
        except EntryError as error:
            tallies["log.canonical"].fail(f"line {number}: {error}")
            return None
        self._order(entry, number)
        self._learn_key(entry, number)
        self._signature(entry, line, number)
        self._commitments(entry, number)
        return entry

    def _order(self, entry: Entry, number: int) -> None:
        for name in ("log.sequence", "log.chain", "log.time_order"):
            self._tallies[name].count()
        if entry.seq != self.size:
            self._tallies["log.sequence"].fail(f"line {number}: expected number {self.size}, found {entry.seq}")
        if entry.prev != self._prev:
            self._tallies["log.chain"].fail(
                f"line {number}: expected the hash of the line before, {self._prev}, found {entry.prev}"
            )
        if entry.time < self._time:
            self._tallies["log.time_order"].fail(f"line {number}: {entry.time} lies before an earlier {self._time}")
        self._time = max(self._time, entry.time)

    def _learn_key(self, entry: Entry, number: int) -> None:
        """A key that the entry brings in itself; that of a rotation counts from the next entry on."""
        if number == 1 and entry.act != CREATION:
            self._tallies["key.agreement"].fail(f"line 1: expected the act {CREATION!r}, found {entry.act!r:.60}")
        if entry.act not in (CREATION, REGISTRATION):
            return
        tally = self._tallies["key.agreement"]
        tally.count()
        try:
            self.persons.register(entry, number)
        except RecordError as error:
            tally.fail(f"line {number}: {error}")

    def _signature(self, entry: Entry, line: bytes, number: int) -> None:
        tally = self._tallies["log.signatures"]
        tally.count()
        public = self.persons.keys.get(entry.signature.key)
        refused = self.persons.may_sign(entry)
        if public is not None and not signature_holds(public, entry.signature.value, signed_bytes(entry, line)):
            refused = "the signature does not cover this line"
        if refused is not None:
            tally.fail(f"line {number}: {refused}")
        elif entry.act == ROTATION and entry.outcome == "success":
            self._rotation(entry, number)

    def _rotation(self, entry: Entry, number: int) -> None:
        tally = self._tallies["key.agreement"]
        tally.count()
        try:
            self.persons.rotate(entry)
        except RecordError as error:
            tally.fail(f"line {number}: {error}")

    def _commitments(self, entry: Entry, number: int) -> None:
        tally = self._tallies["commitments.open"]
        objects = [(o.role, o.committed) for o in entry.objects if isinstance(o, CommittedRef)]
        for name, commitment in [*entry.committed.items(), *objects]:
            tally.count()
            if self._openings is not None and bytes.fromhex(commitment) in self._openings:
                continue
            if self._openings is None or self._some_withheld:
                self._withheld += 1
            else:
                tally.fail(f"line {number}: no opening for the commitment {name!r:.60}")

    def _close(self) -> None:
        tallies = self._tallies
        if not self.size:
            tallies["log.canonical"].fail("expected a first entry, found an empty log")
        if self.persons.suspect:
            said = "; ".join(
                f"the key {key} is said to have been in other hands since {since}: from then on its signature alone "
                "shows nothing"
                for key, since in sorted(self.persons.suspect.items())
            )
            tallies["log.signatures"].decide("holds", f"every entry is signed by the person who acted; {said}")
        if self._withheld:
            tallies["commitments.open"].decide("unproven", f"the openings of {self._withheld} commitments are not here")
        found, tally = self.tree.root().hex(), tallies["log.root"]
        tally.count(self.size)
        if self._pinned is None:
            tally.decide(
                "unproven",
                f"the root over {self.size} entries is {found}; compare both with what was kept elsewhere, because "
                "nothing in this folder shows whether entries were cut from the end",
            )
        elif self._pinned_found == self._pinned[1]:
            tally.decide("holds", f"the first {self._pinned[0]} of {self.size} entries have the root kept elsewhere")
        else:
            tally.fail(f"expected the root {self._pinned[1]} over {self._pinned[0]} entries, found "
                       f"{self._pinned_found or f'only {self.size} entries'}")  # fmt: skip
