"""The log: append-only, one canonical entry a line, each naming the hash of the one before it.

Guarantees: what `append` returned is on the disk; the entries of one call are written with one write and one fsync; two
processes never write the same sequence number; an entry's time never lies before that of the entry before it. What is
written is never changed. Opening repairs one thing only, the tail that a crash tore: a last line without its end is
completed when it is the whole next entry, and otherwise moved to `torn-<n>.bin` and reported in `repairs`. Any other
damage is left as found and raises `LogDamaged`. Tree: RFC 6962 over the lines without their line ends.
"""

from __future__ import annotations

import bisect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from probanda.preserve import durable
from probanda.preserve.errors import DraftRefused, KeyMissing, LogDamaged, ReadOnlyCase, storing
from probanda.preserve.keys import Random, Signer
from probanda.preserve.lock import held
from probanda.preserve.merkle import CompactRange, leaf_hash
from probanda.preserve.openings import Opening, Openings, seal
from probanda.preserve.tail import keep_aside, last_line
from probanda.records.canonical import Json, canonical
from probanda.records.entry import (
    GENESIS,
    MAX_BYTES,
    SALT_BYTES,
    VERSION,
    Agent,
    CommittedRef,
    Entry,
    EntryError,
    ObjectRef,
    Signature,
    encode,
    format_time,
    parse_entry,
    parse_time,
    signed_bytes,
    with_signature,
)

Clock = Callable[[], datetime]
FILE_NAME = "entries.jsonl"
_MARK_EVERY = 1024  # entries between two remembered places; arbitrary


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before the log gives it its place. `committed_values` are protected values, to be kept as openings;
    `openings` those whose commitments stand elsewhere in the draft already. `agents` left empty means the signer, as
    implementer. `bound` gives what is added to `detail` once the entry's place is known: it is handed the hash of the
    entry before."""

    act: str
    agents: tuple[Agent, ...] = ()
    objects: tuple[ObjectRef | CommittedRef, ...] = ()
    outcome: Literal["success", "failure"] = "success"
    detail: Mapping[str, Json] = field(default_factory=dict)
    committed_values: Mapping[str, Json] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    bound: Callable[[str], Mapping[str, Json]] | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What opening did to a torn tail: "completed" (nothing lost) or "cut" (`kept_in` holds the bytes)."""

    kind: Literal["completed", "cut"]
    size: int
    kept_in: Path | None


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the log ends: the next sequence number, the last leaf and time, and the file's length there."""

    size: int = 0
    prev: str = GENESIS
    time: str | None = None
    end: int = 0


class Log:
    """The log of one case; `folder` is the case's `log`. `signer` is who signs when `append` is given nobody else."""

    def __init__(
        self,
        folder: Path,
        *,
        openings: Openings,
        lock: Path,
        signer: Callable[[], Signer] | None = None,
        clock: Clock = system_clock,
        random: Random = os.urandom,
        read_only: bool = False,
        lock_timeout_s: float = 30.0,
    ) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.repairs: tuple[Repair, ...] = ()
        self._openings = openings
        self._lock = lock
        self._signer = signer
        self._clock = clock
        self._random = random
        self._read_only = read_only
        self._lock_timeout_s = lock_timeout_s
        self._tree = CompactRange()
        self._tree_end = 0
        self._marks: list[tuple[int, int]] = [(0, 0)]  # (sequence number, where its line starts)
        self._tail = _Tail()
        self._open()

    @property
    def size(self) -> int:
        """How many entries there are, those of other processes included."""
        self._refresh()
        return self._tail.size

    @property
    def head(self) -> str:
        """The leaf hash of the last entry, hexadecimal; 64 zeros while there is none."""
        self._refresh()
        return self._tail.prev

    def root(self) -> str:
        """The root of the tree over all entries, hexadecimal. Reads only what was appended since it was last asked."""
        self._refresh()
        for _, line in self._lines(self._tree_end):
            self._tree.append(leaf_hash(line))
            self._tree_end += len(line) + 1
        return self._tree.root().hex()

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries from sequence number `start` on, in order. Raises `LogDamaged` at the first line that is none."""
        seq, place = self._marks[bisect.bisect_right(self._marks, (start, 1 << 62)) - 1]
        self._refresh()
        for at, line in self._lines(place):
            if seq % _MARK_EVERY == 0 and seq > self._marks[-1][0]:
                self._marks.append((seq, at))
            if seq >= start:
                yield self._entry(seq, line)
            seq += 1

    def of_act(self, act: str) -> Iterator[Entry]:
        """The entries of one act, in order; only lines that hold its name are looked into. Raises `LogDamaged`."""
        self._refresh()
        wanted = b'"act":' + canonical(act)
        for seq, (_, line) in enumerate(self._lines(0)):
            if wanted in line and (entry := self._entry(seq, line)).act == act:
                yield entry

    def append(
        self,
        drafts: Sequence[Draft],
        signer: Signer | Callable[[], Signer] | None = None,
        check: Callable[[], None] | None = None,
    ) -> list[Entry]:
        """Adds the drafts in order and returns them as entries, durably, all or (on an error) none of them. A `signer`
        to be called is called under the lock, when nobody else can rotate a key; `check` too, before anything is
        written, and stops it by raising. Raises `DraftRefused`, `KeyMissing`,
        `Locked`, `LogDamaged`, `ReadOnlyCase`, `StorageError`."""
        if not drafts:
            return []
        if self._read_only:
            raise ReadOnlyCase(f"the case {self.folder.parent} was opened for reading only; open it for writing to add")
        if signer is None:
            if self._signer is None:
                raise KeyMissing("expected a key to sign with, found none; give a signer")
            self._signer()  # what it has to ask a person for is asked before the lock is taken
            signer = self._signer
        with held(self._lock, self._lock_timeout_s):
            self._repair()
            if not isinstance(signer, Signer):
                signer = signer()
            if check is not None:
                check()
            now = format_time(self._clock())
            openings: list[Opening] = []
            entries: list[Entry] = []
            lines: list[bytes] = []
            tail = self._tail
            for draft in drafts:
                entry, line = self._build(draft, tail, now, signer, openings)
                entries.append(entry)
                lines.append(line)
                tail = _Tail(tail.size + 1, leaf_hash(line).hex(), entry.time, tail.end + len(line) + 1)
            self._openings.append(openings)
            self._write(b"".join(line + b"\n" for line in lines))
            if tail.size - self._marks[-1][0] >= _MARK_EVERY:
                self._marks.append((self._tail.size, self._tail.end))
            self._tail = tail
        return entries

    def _build(
        self, draft: Draft, tail: _Tail, now: str, signer: Signer, openings: list[Opening]
    ) -> tuple[Entry, bytes]:
        detail = {**draft.detail, **(draft.bound(tail.prev) if draft.bound else {})}
        if tail.time is not None and now < tail.time:
            # The order of entries is what the log proves; a clock that was set back must not contradict it.
            behind = parse_time(tail.time) - parse_time(now)
            detail["clock_behind_ms"] = round(behind.total_seconds() * 1000)
            now = tail.time
        try:
            sealed = {name: seal(value, self._random(SALT_BYTES)) for name, value in draft.committed_values.items()}
            unsigned = Entry(
                v=VERSION,
                seq=tail.size,
                prev=tail.prev,
                time=now,
                act=draft.act,
                agents=draft.agents or (Agent(signer.agent, "implementer"),),
                objects=draft.objects,
                outcome=draft.outcome,
                detail=detail,
                committed={name: opening.commitment for name, opening in sealed.items()},
                signature=Signature(signer.fingerprint, ""),
            )
            entry = with_signature(unsigned, Signature(signer.fingerprint, signer.sign(signed_bytes(unsigned))))
            line = encode(entry)
        except ValueError as error:
            raise DraftRefused(f"{draft.act}: {error}. Nothing of this batch was written") from error
        openings.extend((*draft.openings, *sealed.values()))
        return entry, line

    def _write(self, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with storing(self.folder):
            descriptor = os.open(self.path, flags, 0o644)
            try:
                durable.append(descriptor, data, "log")
            finally:
                os.close(descriptor)
            if self._tail.end == 0:
                durable.fsync_folder(self.folder, "log")

    def _open(self) -> None:
        torn = self._refresh()
        if torn and not self._read_only:
            with held(self._lock, self._lock_timeout_s):
                self._repair()

    def _refresh(self) -> int:
        """Looks for entries that another process appended. Returns the length of a tail without its line end."""
        try:
            length = self.path.stat().st_size
        except FileNotFoundError:
            length = 0
        if length < self._tail.end:
            raise LogDamaged(
                f"expected {self.path} to hold at least {self._tail.end} bytes, found {length}: it was cut while it "
                "was open. Stop, keep this folder as it is, and compare it with a copy"
            )
        if length == self._tail.end:
            return 0
        with self.path.open("rb") as file:
            end, last = last_line(file.fileno(), self._tail.end, length)
        if last is not None:
            entry = self._entry(None, last)
            self._tail = _Tail(entry.seq + 1, leaf_hash(last).hex(), entry.time, end)
        return length - end

    def _repair(self) -> None:
        """Under the lock: completes or cuts a torn tail. Without one it does nothing but `_refresh`."""
        torn = self._refresh()
        if not torn:
            return
        with storing(self.folder):
            descriptor = os.open(self.path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                data = os.pread(descriptor, torn, self._tail.end)
                if self._is_next(data):
                    os.lseek(descriptor, 0, os.SEEK_END)
                    durable.append(descriptor, b"\n", "log")
                    repair = Repair("completed", torn, None)
                else:
                    kept = keep_aside(self.folder, data)
                    os.ftruncate(descriptor, self._tail.end)
                    durable.fsync_file(descriptor, "log")
                    repair = Repair("cut", torn, kept)
            finally:
                os.close(descriptor)
        self.repairs = (*self.repairs, repair)
        self._refresh()

    def _is_next(self, line: bytes) -> bool:
        try:
            entry = parse_entry(line)
        except EntryError:
            return False
        return entry.seq == self._tail.size and entry.prev == self._tail.prev

    def _lines(self, start: int) -> Iterator[tuple[int, bytes]]:
        """Whole lines from the byte `start` to the end known now, each with its place. Memory: one line."""
        if start >= self._tail.end:
            return
        end = self._tail.end
        with self.path.open("rb") as file:
            file.seek(start)
            while start < end:
                line = file.readline(MAX_BYTES + 2)
                if not line.endswith(b"\n"):
                    raise LogDamaged(f"expected a line of at most {MAX_BYTES} bytes at byte {start} of {self.path}")
                yield start, line[:-1]
                start += len(line)

    def _entry(self, seq: int | None, line: bytes) -> Entry:
        where = "last line" if seq is None else f"line {seq + 1}"
        try:
            entry = parse_entry(line)
        except EntryError as error:
            raise LogDamaged(
                f"{where} of {self.path} is no entry: {error}. The file is left as it is; run verify for the whole "
                "picture, and restore the log from a copy"
            ) from error
        if seq is not None and entry.seq != seq:
            raise LogDamaged(
                f"expected the sequence number {seq} in {where} of {self.path}, found {entry.seq}. The file is left as "
                "it is; run verify for the whole picture, and restore the log from a copy"
            )
        return entry
