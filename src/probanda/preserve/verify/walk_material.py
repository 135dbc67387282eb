"""What the entries lead to: captures, derivations, readings, decisions, and whether each chain ends at a capture.

Memory: a fixed number of bytes for each blob named, one row, one reading and its text at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.captures import OUTCOME, check_capture
from probanda.preserve.merkle import CompactRange
from probanda.preserve.regular import open_regular
from probanda.preserve.rows import RedactedRow, parse_redacted_row
from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tallies, Tally
from probanda.preserve.verify.foreseen import Foreseen
from probanda.preserve.verify.gazetteers import Gazetteers
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.passages import passages, stands, text_of
from probanda.preserve.verify.persons import Persons
from probanda.preserve.verify.places import Places
from probanda.preserve.verify.read_rows import Row, left_row, rows_in, whole_row
from probanda.preserve.verify.walk_incidents import Incidents
from probanda.records.canonical import CanonicalError, parse_json
from probanda.records.codec import RecordError
from probanda.records.derivation import Derivation
from probanda.records.entry import (
    DERIVATION,
    INCIDENT,
    INGESTION,
    JUDGEMENT,
    RELATION,
    SUPPLEMENT,
    Entry,
    ObjectRef,
)
from probanda.records.judgement import parse_judgement
from probanda.records.supplement import parse_supplement

READING_ROLE: Final = "reading"
MAX_READ_BYTES: Final = 64 * 1024 * 1024  # of a text, reading or judgement held in memory at once; arbitrary


class Material:
    """Told every entry in the log's order. `sizes` are the blobs named so far, `bytes_named` how long all are."""

    def __init__(
        self, places: Places, tallies: Tallies, persons: Persons, openings: Opened | None, foreseen: Foreseen
    ) -> None:
        self.sizes = Table(numbers=True)
        self.bytes_named = 0
        self._places = places
        self._tallies = tallies
        self._openings = openings
        self._unopened = 0  # captures whose bytes are behind a commitment that nothing here opens
        self._rows_withheld = 0  # of which only the leaf hash is here
        self._unseen = 0  # derivations of which no rows are here
        self._ungrounded = 0  # rows that would have to lead to one of these
        self._grounded = Table()  # blobs that are captures or lead to one
        self._gazetteers = Gazetteers()
        self._read = Table()  # readings already compared with their text
        self._judgements = Table()  # their ids
        self._foreseen = foreseen
        self._deleted = 0  # captures so far that were deleted since
        self._later: list[tuple[Entry, int, Derivation]] = []  # rows to be asked again at the end
        self._rewritten = 0  # derivations of an older version whose rows a deletion rewrote
        self._incidents = Incidents(tallies["incidents.signed"], self._bytes, persons, self._gone)
        self._persons = persons

    def see(self, entry: Entry) -> None:
        if self._foreseen.any:
            self._foreseen.look(entry)
        if self._places.hides(entry.seq):
            self._hidden(entry)
            return
        for blob in entry.blobs():
            if entry.act != DERIVATION or blob.role != "rows":  # a redacted rows file may stand in for that one
                self._present(blob.sha256, blob.size, self._tallies["blobs.present"], f"entry {entry.seq}", entry.seq)
        if entry.outcome != "success":
            return
        if entry.act == INGESTION:
            self._capture(entry)
        elif entry.act == DERIVATION:
            self._derivation(entry)
        elif entry.act == JUDGEMENT:
            self._judgement(entry)
        elif entry.act == SUPPLEMENT:
            self._supplement(entry)
        elif entry.act in (INCIDENT, RELATION):
            self._incidents.see(entry)

    def close(self) -> None:
        """What was withheld is told with its number, and leaves the check *unproven*, never failed."""
        self._ground_later()
        if self._unopened:
            captures = self._tallies["captures.complete"]
            captures.decide(
                "unproven",
                f"{self._unopened} of {captures.counted} items name their bytes by a commitment whose opening is not "
                "here, so nothing shows which files they are"
                + ("; unless encrypted, openings.jsonl was lost or cut: restore it" if self._places.whole else ""),
            )
        if self._rewritten:
            outputs = self._tallies["derivations.outputs"]
            outputs.decide(
                "unproven",
                f"{self._rewritten} batches of rows of an older version were rewritten by a deletion: nothing shows "
                "that the rows that stayed are as they were",
            )
        if self._ungrounded:
            derived = self._tallies["derivations.lead_to_capture"]
            derived.decide(
                "unproven",
                f"{self._ungrounded} of {derived.counted} things derived rest on what is withheld here: "
                f"{self._unopened} items without an opening, {self._rows_withheld} rows, {self._unseen} batches",
            )

    def _hidden(self, entry: Entry) -> None:
        """An entry whose blobs a bundle does not show: what it states is checked, its blobs may be missing."""
        if entry.outcome != "success":
            return
        if entry.act == INGESTION:
            self._capture(entry)
        elif entry.act == DERIVATION:
            self._derivation(entry)
        elif entry.act == JUDGEMENT and isinstance(stated := entry.detail.get("judgement"), str):
            self._judgements.add(stated.encode())  # what supersedes it may be shown
        elif entry.act in (INCIDENT, RELATION):
            self._incidents.outlined(entry)

    def leads_to(self, sha256: str) -> bool:
        """Whether something that stands leads to this blob."""
        return bytes.fromhex(sha256) in self._grounded

    def _gone(self, entry: Entry) -> bool:
        """Whether a deletion took the one blob that records this act."""
        blobs = entry.blobs(entry.act) if self._foreseen.any else ()
        return len(blobs) == 1 and self._foreseen.gone(entry, blobs[0])

    def _present(self, sha256: str, size: int, tally: Tally, where: str, seq: int | None = None) -> bool:
        """`seq` is the entry that names the blob itself: a deletion may account for that one."""
        tally.count()
        key = bytes.fromhex(sha256)
        if self.sizes.get(key) == size:
            return True  # looked at before
        try:
            with open_regular(self._path(sha256)) as file:
                found = file.seek(0, 2)
        except OSError as error:
            reason = f"{where}: the blob {sha256} is missing ({error.strerror})"
            if seq is None or not self._foreseen.excuses(sha256, seq, tally.name, reason):
                tally.fail(reason)
            return False
        if found != size:
            tally.fail(f"{where}: expected {size} bytes in the blob {sha256}, found {found}")
            return False
        self.bytes_named += size if self.sizes.add(key, size) else 0
        return True

    def _capture(self, entry: Entry) -> None:
        tally = self._tallies["captures.complete"]
        tally.count()
        try:
            check_capture(entry)
        except RecordError as error:
            tally.fail(str(error))
        if self._foreseen.any and self._foreseen.took(entry):
            self._deleted_capture(entry)
            return
        for outcome in entry.objects:
            if outcome.role != OUTCOME:
                continue
            if isinstance(outcome, ObjectRef):
                self._stands(outcome.sha256, entry)
            else:
                self._committed(entry, outcome.committed, tally)

    def _deleted_capture(self, entry: Entry) -> None:
        """Nothing stands on it; an opening that is still here tells which bytes have to be gone."""
        self._deleted += 1
        for outcome in entry.objects:
            if outcome.role == OUTCOME and not isinstance(outcome, ObjectRef):
                opened = self._openings.blob(outcome.committed) if self._openings else None
                if opened is not None:
                    self._foreseen.root(opened.sha256, str(entry.detail.get("capture")))

    def _stands(self, sha256: str, entry: Entry) -> None:
        self._grounded.add(bytes.fromhex(sha256))
        if self._foreseen.any:
            self._foreseen.stands(sha256, entry.seq)

    def _committed(self, entry: Entry, commitment: str, tally: Tally) -> None:
        """A committed outcome is followed through its opening; where that is not here, nothing shows which bytes came
        in, and the capture is counted as such."""
        opened = self._openings.blob(commitment) if self._openings else None
        if opened is not None:
            self._stands(opened.sha256, entry)
            if not self._places.hides(entry.seq):
                self._present(opened.sha256, opened.size, self._tallies["blobs.present"], f"entry {entry.seq}, opened")
        elif self._openings is not None and bytes.fromhex(commitment) in self._openings:
            tally.fail(f"entry {entry.seq}: the committed outcome opens to something that is no digest and size")
        else:
            self._unopened += 1

    def _derivation(self, entry: Entry) -> None:
        tally, rows = self._tallies["derivations.outputs"], entry.blobs("rows")
        if len(rows) != 1:
            tally.fail(f"entry {entry.seq}: expected one object with the role 'rows', found {len(rows)}")
            return
        walk = self._rows_of(entry, rows[0])
        if walk is None:
            self._unseen += 1
            return
        tree, waiting = CompactRange(), []
        for number, leaf, derivation in walk:
            tree.append(leaf)
            if derivation is None:
                continue
            for output in derivation.outputs:
                self._present(output.sha256, output.size, tally, f"entry {entry.seq}, row {number}")
                if output.role == READING_ROLE:
                    self._reading(derivation, output.sha256, f"entry {entry.seq}, row {number}")
            if derivation.outputs or self._foreseen.any:
                waiting.append((number, derivation))
        if entry.detail.get("count") != tree.size:
            tally.fail(f"entry {entry.seq}: expected {entry.detail.get('count')!r:.40} rows, found {tree.size}")
        root = entry.detail.get("rows_root")
        if root is not None and root != tree.root().hex():
            tally.fail(f"entry {entry.seq}: expected the root {root!r:.80} over its rows, found {tree.root().hex()}")
        self._ground(entry, waiting)

    def _rows_of(self, entry: Entry, blob: ObjectRef) -> Iterator[Row] | None:
        """The rows, from their blob or else from the redacted rows file that stands in its place; `None` where a bundle
        shows neither."""
        path, hidden = self._path(blob.sha256), self._places.hides(entry.seq)
        instead = self._foreseen.deletions.instead(blob.sha256)
        if instead is not None and not hidden and not path.exists():
            return self._rewritten_rows(entry, instead)
        redacted = self._places.redacted_rows(blob.sha256) if hidden or not path.exists() else None
        if redacted is None:
            if hidden:
                return None
            there = self._present(blob.sha256, blob.size, self._tallies["blobs.present"], f"entry {entry.seq}")
            return self._rows(entry, path, whole_row) if there else iter(())
        if not hidden:
            self._tallies["bundle.withheld"].fail(f"entry {entry.seq}: rows are left out, and withheld.json is silent")
        if not isinstance(entry.detail.get("rows_root"), str):
            reason = f"entry {entry.seq}: only redacted rows are here, and the entry states no root to check them by"
            self._tallies["derivations.outputs"].fail(reason)
            return iter(())
        return self._rows(entry, redacted, parse_redacted_row)

    def _rewritten_rows(self, entry: Entry, ref: BlobRef) -> Iterator[Row]:
        """The rows that a deletion left, proved by the root over all of them where the entry has one."""
        if "rows_root" not in entry.detail:
            self._rewritten += 1
        withheld = self._rows_withheld
        if self._present(ref.sha256, ref.size, self._tallies["blobs.present"], f"entry {entry.seq}, rewritten"):
            yield from self._rows(entry, self._path(ref.sha256), left_row)
        self._rows_withheld = withheld  # what went with a deleted item is no ground for anything that stands

    def _rows(self, entry: Entry, path: Path, read: Callable[[bytes], RedactedRow]) -> Iterator[Row]:
        tally = self._tallies["derivations.outputs"]
        try:
            for number, leaf, derivation, wrong in rows_in(path, read):
                tally.count()
                if wrong is not None:
                    tally.fail(f"entry {entry.seq}, row {number}: {wrong}")
                else:
                    self._rows_withheld += derivation is None
                yield number, leaf, derivation
        except OSError as error:
            tally.fail(f"entry {entry.seq}: its rows cannot be read ({error.strerror})")

    def _ground(self, entry: Entry, waiting: list[tuple[int, Derivation]]) -> None:
        """Rows of one batch may build on each other in any order; rows of different batches only on earlier ones."""
        tally = self._tallies["derivations.lead_to_capture"]
        tally.count(sum(bool(derivation.outputs) for _, derivation in waiting))
        while True:
            open_rows = []
            for number, derivation in waiting:
                if not (self._gazetteers.compiles(derivation) or self._grounded_now(entry, number, derivation)):
                    open_rows.append((number, derivation))
            if len(open_rows) == len(waiting):
                break
            waiting = open_rows
        if waiting and self._deleted:
            self._later += [(entry, number, derivation) for number, derivation in waiting]
            return
        self._groundless(entry, waiting)

    def _groundless(self, entry: Entry, waiting: list[tuple[int, Derivation]]) -> None:
        """These rows were given what leads to no capture."""
        tally = self._tallies["derivations.lead_to_capture"]
        if waiting and (self._unopened or self._unseen or self._rows_withheld):
            self._ungrounded += len(waiting)  # what they were given may stand behind what is withheld
            return
        for number, derivation in waiting:
            tally.fail(
                f"entry {entry.seq}, row {number}: what the step {derivation.request.step!r:.60} was given leads to no "
                "capture before it"
            )

    def _ground_later(self) -> None:
        """Rows that came after a deleted capture: its bytes may have come in again later, and what was made of them
        stayed. Whose inputs are those of a deleted item alone has no business here."""
        waiting = self._later
        while True:
            still = [one for one in waiting if not self._grounded_now(*one)]
            if len(still) == len(waiting):
                break
            waiting = still
        for entry, number, derivation in waiting:
            if any(self._foreseen.deleted(name, entry.seq) for name in derivation.request.inputs):
                self._foreseen.left(entry, number, derivation.request.step)
            elif derivation.outputs:
                self._groundless(entry, [(number, derivation)])

    def _grounded_now(self, entry: Entry, number: int, derivation: Derivation) -> bool:
        if not self._gazetteers.lead(derivation, self._grounded):
            return False
        for output in derivation.outputs:
            self._stands(output.sha256, entry)
        return True

    def _reading(self, derivation: Derivation, sha256: str, where: str) -> None:
        tally = self._tallies["readings.anchored"]
        try:
            reading = parse_json(self._bytes(sha256))
            source = text_of(reading, derivation)
            if not self._read.add((sha256 + source).encode()):
                return
            text = self._bytes(source).decode("utf-8")
        except (OSError, CanonicalError, RecordError, UnicodeDecodeError) as error:
            tally.fail(f"{where}: the reading {sha256} or its text cannot be read: {error}")
            return
        for start, end, words in passages(reading):
            tally.count()
            if stands(text, start, end, words):
                continue
            place = f"[{start!r:.20}, {end!r:.20})"
            tally.fail(f"{where}: the passage {place} of the reading {sha256} is not in its text {source}")

    def _judgement(self, entry: Entry) -> None:
        tally, blobs = self._tallies["judgements.signed"], entry.blobs("judgement")
        tally.count()
        try:
            if len(blobs) != 1:
                raise RecordError(f"expected one object with the role 'judgement', found {len(blobs)}")
            if self._gone(entry):
                self._judgements.add(str(entry.detail.get("judgement")).encode())  # what supersedes it may stand
                return
            record = parse_judgement(self._bytes(blobs[0].sha256))
        except (OSError, RecordError) as error:
            tally.fail(f"entry {entry.seq}: {error}")
            return
        if not self._persons.signed(entry, record.by):
            tally.fail(f"entry {entry.seq}: the judgement is by {record.by:.80}, signed by {entry.signature.key}")
        stated = {"judgement": record.id, "about": list(record.about), "decision": record.decision}
        # `about` stands in the entries of earlier versions only: the ids of what a text says follow from the text.
        if any(
            entry.detail.get(name) != value for name, value in stated.items() if name != "about" or name in entry.detail
        ):
            tally.fail(f"entry {entry.seq}: the entry and the judgement {record.id} say different things")
        if record.supersedes is not None and record.supersedes.encode() not in self._judgements:
            tally.fail(f"entry {entry.seq}: supersedes {record.supersedes:.90}, which no entry before it records")
        self._judgements.add(record.id.encode())

    def _supplement(self, entry: Entry) -> None:
        """What a person told the case is held to the same as a judgement: signed by who told it, and as it was told."""
        tally, blobs = self._tallies["judgements.signed"], entry.blobs("supplement")
        tally.count()
        try:
            if len(blobs) != 1:
                raise RecordError(f"expected one object with the role 'supplement', found {len(blobs)}")
            record = parse_supplement(self._bytes(blobs[0].sha256))
        except (OSError, RecordError) as error:
            tally.fail(f"entry {entry.seq}: {error}")
            return
        if not self._persons.signed(entry, record.by):
            tally.fail(f"entry {entry.seq}: the supplement is by {record.by:.80}, signed by {entry.signature.key}")
        if (entry.detail.get("supplement"), entry.detail.get("kind")) != (record.id, record.kind):
            tally.fail(f"entry {entry.seq}: the entry and the supplement {record.id} say different things")
        self._gazetteers.imported(entry, record, tally)

    def _path(self, sha256: str) -> Path:
        return self._places.blobs / sha256[:2] / sha256

    def _bytes(self, sha256: str) -> bytes:
        with open_regular(self._path(sha256)) as file:
            size = file.seek(0, 2)
            if size > MAX_READ_BYTES:
                raise RecordError(f"expected the blob {sha256} to have at most {MAX_READ_BYTES} bytes, found {size}")
            file.seek(0)
            return file.read(size)
