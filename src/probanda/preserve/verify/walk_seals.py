"""Seals: that every checkpoint is signed, is the head that the log had, and was stamped when it says; and what follows
for the time of every entry (spec/seal.md).

Guarantees: a checkpoint holds only under the name of its case and by the case's key of that moment; its root is
computed anew at its size, so that an entry taken away, put in or moved below any seal contradicts that seal; stamps
that do not hold anchor nothing. Times that contradict each other fail, unless the log itself says that the clock was
wrong. Memory: eight bytes for each entry and a few hundred for each seal.
"""

from __future__ import annotations

import base64
import bisect
import hashlib
from array import array
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.checkpoint import Checkpoint, log_key, origin_of, parse_checkpoint
from probanda.preserve.cosignature import cosigned_at
from probanda.preserve.merkle import CompactRange
from probanda.preserve.note import COSIGNATURE_MLDSA44, Note, NoteKey, parse_note, signature_holds
from probanda.preserve.note import MAX_BYTES as MAX_NOTE_BYTES
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.seals import CONTENT, Policy, Seal, anchoring, lapsed, policy_of, seal_of
from probanda.preserve.verify.seal_renewals import check_renewal
from probanda.preserve.verify.seal_stamps import Stamps
from probanda.preserve.verify.walk import Ground
from probanda.records.codec import RecordError
from probanda.records.entry import CHECKPOINT, MAX_BYTES, SETTINGS, Entry, format_time, parse_time
from probanda.records.settings import Settings, parse_settings

TOLERANCE: Final = timedelta(minutes=5)  # arbitrary: between two honest clocks, and tokens that count whole seconds
_MAX_READ_BYTES: Final = 64 * 1024 * 1024


class SealWalk:
    """A walk over the seals of a log; `now` decides which stamps have lapsed."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._log, self._tallies = ground, ground.log, ground.tallies
        self._now = format_time(ground.now)
        self._stamps = Stamps(ground.tallies, self._read, self._read_path, ground.certificates)
        self._times = array("q")  # of each entry, as `_digits`
        self._settings: Settings | None = None
        self._hidden_settings = False
        self._trusted: dict[str, str] | None = {}  # name -> all certificates ever named; None: some are not shown here
        self._assigned: tuple[int, str] | None = None
        self._case_keys: list[tuple[int, str]] = []  # from which entry on which key was in force
        self._signed: dict[str, Checkpoint] = {}  # notes found good
        self._unread = 0
        self._seals: list[Seal] = []  # with the stamps that hold
        self._elsewhere: list[Seal] = []  # whose size is not where they stand
        self._seen = 0
        self._last_content: int | None = None
        self._doubted: list[str] = []

    def see(self, entry: Entry) -> None:
        self._time(entry)
        key = self._log.persons.case_key
        if key is not None and (not self._case_keys or self._case_keys[-1][1] != key):
            self._case_keys.append((entry.seq, key))
        if entry.outcome != "success":
            return
        if entry.act in CONTENT:
            self._last_content = entry.seq
        elif entry.act == SETTINGS:
            self._assign(entry)
        elif entry.act == CHECKPOINT:
            self._seal(entry)

    def close(self) -> None:
        self._bundled()
        self._roots_elsewhere()
        if self._unread:
            for name in ("checkpoints.signed", "time.tokens"):
                self._tallies[name].decide("unproven", f"{self._unread} seals are not shown here")
        self._pins()
        self._order()
        self._anchored()
        self._renewed()

    def _time(self, entry: Entry) -> None:
        moment = _digits(entry.time)
        while len(self._times) < self._log.size:  # lines that are no entries
            self._times.append(self._times[-1] if self._times else moment)
        self._times.append(moment)

    def _assign(self, entry: Entry) -> None:
        tally, blobs = self._tallies["settings.signed"], entry.blobs("settings")
        tally.count()
        try:
            if len(blobs) != 1:
                raise RecordError(f"expected one object with the role 'settings', found {len(blobs)}")
            record = parse_settings(self._read(blobs[0].sha256))
        except OSError as error:
            if self._ground.places.hides(entry.seq):
                self._hidden_settings, self._trusted = True, None
                return
            tally.fail(f"entry {entry.seq}: the settings cannot be read: {error.strerror}")
            return
        except (RecordError, ValueError) as error:
            tally.fail(f"entry {entry.seq}: {error}")
            return
        if self._trusted is not None:
            for one in record.authorities:
                known, more = self._trusted.get(one.name, ""), one.certificates.strip()
                self._trusted[one.name] = known if more in known else f"{known}{more}\n"
        stated = tuple(entry.detail.get(name) for name in ("settings", "min_anchors", "max_age_s"))
        if stated != (record.id, record.min_anchors, record.max_age_s):
            tally.fail(f"entry {entry.seq}: the entry and the settings {record.id} say different things")
        elif entry.signature.key != self._log.persons.case_key:
            # Else anybody with a key of their own could name authorities and lower what the case asks for.
            tally.fail(f"entry {entry.seq}: expected the case's key to sign settings, found {entry.signature.key}")
        else:
            self._settings, self._assigned, self._hidden_settings = record, (entry.seq, entry.time), False

    def _seal(self, entry: Entry) -> None:
        where, signed = f"entry {entry.seq}", self._tallies["checkpoints.signed"]
        signed.count()
        self._seen += 1
        if self._ground.places.hides(entry.seq):  # of a renewal only the list of all that is held stays back
            for blob in entry.blobs():
                if self._read_path(blob.sha256).is_file():
                    self._ground.named.add(bytes.fromhex(blob.sha256), blob.size)
        try:
            seal = seal_of(entry)
            note = self._note(seal)
        except OSError as error:
            if self._ground.places.hides(entry.seq):
                self._unread += 1
            else:
                signed.fail(f"{where}: the checkpoint cannot be read: {error.strerror}")
            return
        except ValueError as error:  # also a second key that is no base64
            signed.fail(f"{where}: {error}")
            return
        self._consistent(seal, where)
        if self._hidden_settings:
            self._unread += 1
            return
        hidden = self._ground.places.hides(entry.seq)
        good = tuple(
            one for one in seal.stamps if self._stamps.good(where, seal, one, note, self._settings, hidden=hidden)
        )
        self._seals.append(replace(seal, stamps=good))
        self._contradictions(entry, self._seals[-1])

    def _note(self, seal: Seal) -> bytes:
        """The note's bytes, its signatures looked at. Raises `OSError`, `RecordError`, `NoteError`."""
        data = self._read(seal.note.sha256)
        known = self._signed.get(seal.note.sha256)
        if known is None:
            note = parse_note(data)
            known = parse_checkpoint(note.text)
            self._signatures(note, known, seal)
            self._signed[seal.note.sha256] = known
        if known != seal.checkpoint:
            raise RecordError("the entry and the checkpoint say different things")
        return data

    def _signatures(self, note: Note, head: Checkpoint, seal: Seal) -> None:
        case = self._case()
        if head.origin != origin_of(case):
            raise RecordError(f"expected a checkpoint of {origin_of(case)}, found one of {head.origin:.120}")
        keys = [log_key(case, self._log.keys[name]) for name in self._keys_between(head.size, seal.seq)]
        held = [signature_holds(note, key) for key in keys]
        if True not in held:
            raise RecordError(
                "the signature does not cover this checkpoint" if False in held
                else "expected a signature by the case's key, found none"
            )  # fmt: skip
        second = self._settings.second_key if self._settings else None
        if second is None or (self._assigned is not None and self._assigned[0] >= head.size):
            return  # signed before the second key was named
        key = NoteKey(head.origin, COSIGNATURE_MLDSA44, base64.b64decode(second))
        if cosigned_at(note, key) is None:
            raise RecordError("expected a signature by the case's second key (ML-DSA-44), found none")

    def _keys_between(self, size: int, seq: int) -> list[str]:
        """The case's keys that were in force when the log had `size` to `seq` entries."""
        started = [place for place, _ in self._case_keys]
        first = max(bisect.bisect_right(started, max(size - 1, 0)) - 1, 0)
        return [key for place, key in self._case_keys[first:] if place <= seq]

    def _consistent(self, seal: Seal, where: str) -> None:
        tally, head = self._tallies["checkpoints.consistent"], seal.checkpoint
        tally.count()
        if head.size > seal.seq:
            tally.fail(f"{where}: a checkpoint over {head.size} entries, made when there were {seal.seq}")
        elif head.size == self._log.size:
            self._compare(where, head, self._log.tree.root())
        else:
            self._elsewhere.append(seal)

    def _compare(self, where: str, head: Checkpoint, root: bytes) -> None:
        if head.root != root:
            self._tallies["checkpoints.consistent"].fail(
                f"{where}: the log had the root {head.root.hex()} over {head.size} entries, and has {root.hex()} now: "
                "entries were taken away, put in, moved or changed"
            )

    def _roots_elsewhere(self) -> None:
        """The roots of seals that do not stand where they end, in one more pass over the log."""
        if not self._elsewhere:
            return
        wanted = sorted(self._elsewhere, key=lambda seal: seal.checkpoint.size)
        tree, place = CompactRange(), 0
        try:
            with open_regular(self._ground.places.log) as file:
                for _, ended, leaf in lines(file, MAX_BYTES):
                    while place < len(wanted) and wanted[place].checkpoint.size == tree.size:
                        self._compare(f"entry {wanted[place].seq}", wanted[place].checkpoint, tree.root())
                        place += 1
                    if not ended or place == len(wanted):
                        return
                    tree.append(leaf)
        except OSError as error:
            self._tallies["checkpoints.consistent"].fail(f"the log cannot be read again: {error.strerror}")

    def _contradictions(self, entry: Entry, seal: Seal) -> None:
        """An entry cannot be younger than a stamp over it, and what names a stamp not older than the stamp."""
        tally, admitted = self._tallies["time.order"], entry.detail.get("clock_offset_ms")
        for stamp in seal.stamps:
            tally.count()
            at = parse_time(stamp.at)
            told = [
                f"entry {entry.seq}: the stamp of {stamp.name!r:.80} is of {stamp.at}, and {what}"
                for wrong, what in self._wrong(at, entry, seal.checkpoint.size)
                if wrong
            ]
            if not told:
                continue
            if "clock_behind_ms" in entry.detail or (isinstance(admitted, dict) and stamp.name in admitted):
                self._doubted += told
            else:
                tally.fail(told[0])

    def _wrong(self, at: datetime, entry: Entry, size: int) -> list[tuple[bool, str]]:
        latest = _moment(self._times[min(size, len(self._times)) - 1]) if size and self._times else at
        return [
            (latest - at > TOLERANCE, f"the entries under it go on to {format_time(latest)}"),
            (at - parse_time(entry.time) > TOLERANCE, f"the entry that names it claims {entry.time}"),
        ]

    def _order(self) -> None:
        if self._doubted:
            said = "; ".join(self._doubted[:3])
            self._tallies["time.order"].decide("unproven", f"the log says itself that a clock was wrong: {said}")

    def _pins(self) -> None:
        tally, stamps = self._tallies["time.pinned"], self._stamps
        tally.count(stamps.compared)
        if not self._names():
            tally.decide("holds", "there is no time stamp whose authority could be compared")
        elif not stamps.compared:
            tally.decide(
                "unproven",
                "the certificates of the time authorities are those that the case itself names; compare them with "
                "what the authorities publish",
            )
        elif stamps.foreign and len(stamps.foreign) == len(self._names()):
            name, reason = next(iter(stamps.foreign.items()))
            tally.fail(f"no time stamp leads to the certificates that were given; that of {name!r:.80}: {reason}")
        elif stamps.foreign:
            names = ", ".join(sorted(stamps.foreign))
            tally.decide("unproven", f"the time stamps of {names:.200} do not lead to the certificates that were given")
        else:
            tally.decide("holds", f"every time stamp leads to the certificates that were given ({stamps.compared})")

    def _names(self) -> set[str]:
        return {one.name for seal in self._seals for one in seal.stamps if one.kind != "cosignature"}

    def _policy(self) -> Policy:
        return policy_of(self._settings, self._assigned[1] if self._assigned else None)

    def _anchored(self) -> None:
        tally = self._tallies["time.anchored"]
        if not self._seen and not self._seals:
            tally.decide(
                "unproven", "no time anchor yet: times are those of the clock of the machine that wrote the log"
            )
            return
        found = anchoring(
            self._seals, self._policy(), now=self._now, last_content=self._last_content,
            first_from=lambda moment: bisect.bisect_left(self._times, _digits(moment)),
        )  # fmt: skip
        tally.count(found.covered)
        if not found.covered or not found.met:
            tally.decide("unproven", found.reason)
            return
        names = ", ".join(sorted({name for span in found.spans for name in span.names}))
        rest = self._log.size - found.covered
        tally.decide(
            "holds",
            f"time anchored up to entry {found.covered - 1} by {str(found.at)[:10]} ({names:.200}); {rest} "
            f"{'entry' if rest == 1 else 'entries'} after it",
        )

    def _renewed(self) -> None:
        tally = self._tallies["time.renewed"]
        ends = [stamp for seal in self._seals for stamp in seal.stamps if stamp.until is not None]
        tally.count(len(ends))
        gone = lapsed(self._seals, self._now)
        last = max((seal for seal in self._seals if seal.renewal is not None), key=lambda one: one.seq, default=None)
        if last is not None:
            check_renewal(last, self._ground, self._read_path, tally)
        if gone:
            names = ", ".join(sorted({name for name, _ in gone}))
            tally.decide(
                "unproven",
                f"{len(gone)} time stamps of {names:.200} rest on certificates that have ended, and no later seal "
                "renewed them in time",
            )

    def _bundled(self) -> None:
        """The last seal of a bundle, which lies beside its log: the entry that names it came after."""
        anchors, signed = self._ground.places.anchors, self._tallies["checkpoints.signed"]
        if anchors is None or not self._log.size:
            return
        signed.count()
        self._seen += 1
        if self._trusted is not None:
            self._stamps.certificates(anchors, self._trusted.values())
        try:
            data = _small(self._ground.places.log.parent / "checkpoint")
            note = parse_note(data)
            head = parse_checkpoint(note.text)
            blob = BlobRef(hashlib.sha256(data).hexdigest(), len(data))
            seal = Seal(self._log.size, head, blob)
            self._signatures(note, head, seal)
        except OSError as error:
            signed.fail(f"expected the bundle's checkpoint in data/log, found: {error.strerror}")
            return
        except ValueError as error:
            signed.fail(f"the bundle's checkpoint: {error}")
            return
        if head.size != self._log.size:
            self._tallies["checkpoints.consistent"].fail(
                f"the bundle's checkpoint is over {head.size} entries, and its log has {self._log.size}"
            )
            return
        self._tallies["checkpoints.consistent"].count()
        self._compare("the bundle's checkpoint", head, self._log.tree.root())
        self._seals.append(replace(seal, stamps=tuple(self._stamps.beside(anchors, data, self._settings))))

    def _read_path(self, sha256: str) -> Path:
        return self._ground.places.blobs / sha256[:2] / sha256

    def _case(self) -> str:
        creation = self._log.creation
        return str(creation.detail.get("case")) if creation else "unknown"

    def _read(self, sha256: str) -> bytes:
        with open_regular(self._read_path(sha256)) as file:
            size = file.seek(0, 2)
            if size > _MAX_READ_BYTES:
                raise RecordError(f"expected the blob {sha256} to have at most {_MAX_READ_BYTES} bytes, found {size}")
            file.seek(0)
            return file.read(size)


def _small(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(MAX_NOTE_BYTES + 1)


def _digits(time: str) -> int:
    """The digits of an entry's time as one number, which sorts as the time does and takes eight bytes. Many times
    cheaper than a date, and asked for every entry."""
    return int(time[:4] + time[5:7] + time[8:10] + time[11:13] + time[14:16] + time[17:19] + time[20:23])


def _moment(digits: int) -> datetime:
    text = f"{digits:017d}"
    day, clock = f"{text[:4]}-{text[4:6]}-{text[6:8]}", f"{text[8:10]}:{text[10:12]}:{text[12:14]}"
    return parse_time(f"{day}T{clock}.{text[14:]}Z")
