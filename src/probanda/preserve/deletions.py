"""The deletions of a log: what each took out of the case, and how the rest is read since (spec/deletion.md).

Guarantees: what a deletion lists counts as gone for every entry before it, whether its files were taken away yet or
not, so that who replays the log comes to the same end at any moment; the same bytes named by a later entry count as
there. A rows blob is read through the file that stands in its place, and that through the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.errors import PreserveError
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.openings import Openings
from probanda.preserve.regular import lines, open_regular
from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError
from probanda.records.deletion import (
    BASES,
    LIST_ROLE,
    TOUCHED_ROLE,
    Basis,
    Deleted,
    Removed,
    parse_list,
    parse_touched,
)
from probanda.records.derivation import Derivation, parse_row
from probanda.records.entry import DELETION, MAX_BYTES, Entry, EntryError, ObjectRef, parse_entry

_ACT: Final = b'"act":"deletion"'  # as canonical JSON writes it: a line without it is no deletion
ROWS_ROOT: Final = "rows_root"


def deletion(
    capture: str, basis: Basis, openings: Iterable[str], objects: tuple[ObjectRef, ...], authority: str, reason: str
) -> Draft:
    """A deletion whose lists are already durable. Who ordered it and why may name the person whom it protects, so both
    are committed."""
    return Draft(
        DELETION,
        objects=objects,
        detail={"capture": capture, "basis": basis, "openings": list(openings)},
        committed_values={"authority": authority, "reason": reason},
    )


def deletion_entries(log: Path) -> Iterator[Entry]:
    """The entries of deletions in a log file, in order. A line that is none is passed over: `verify` tells of it."""
    try:
        file = open_regular(log)
    except OSError:
        return
    with file:
        for line, ended, _ in lines(file, MAX_BYTES):
            if line is None or not ended or _ACT not in line:
                continue
            try:
                entry = parse_entry(line)
            except EntryError:
                continue
            if entry.act == DELETION and entry.outcome == "success":
                yield entry


def basis_of(entry: Entry) -> Basis:
    """Raises `RecordError`."""
    found = entry.detail.get("basis")
    for basis in BASES:
        if found == basis:
            return basis
    raise RecordError(f"entry {entry.seq}: expected a basis of {', '.join(BASES)}, found {found!r:.40}")


def removed_by(entry: Entry, read: Callable[[str], bytes]) -> tuple[Removed, ...]:
    """What the deletion lists. Raises `RecordError`, and what `read` raises."""
    if len(entry.blobs(LIST_ROLE)) != 1:
        raise RecordError(f"entry {entry.seq}: expected one object with the role {LIST_ROLE!r}")
    return tuple(one for ref in entry.blobs(LIST_ROLE) for one in parse_list(read(ref.sha256)))


class Deletions:
    """Those of `entries`; `read` gives the bytes of a blob. A deletion that cannot be read is passed over, so that
    what it would account for is missing and not excused."""

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        read: Callable[[str], bytes] | None = None,
        openings: Openings | None = None,
    ) -> None:
        self.captures: dict[str, Deleted] = {}
        self.touched: dict[str, int] = {}  # id of a record that stays -> number of the deletion that took of it
        self._gone: dict[bytes, int] = {}  # blob -> number of the last deletion that lists it
        self._instead: dict[str, BlobRef] = {}  # rows blob -> the file in its place
        for entry in entries:
            try:
                assert read is not None
                removed = removed_by(entry, read)
                touched = [one for ref in entry.blobs(TOUCHED_ROLE) for one in parse_touched(read(ref.sha256))]
                basis = basis_of(entry)
            except (RecordError, PreserveError, OSError):
                continue
            for one in removed:
                self._gone[bytes.fromhex(one.sha256)] = entry.seq
                if one.replaced_by is not None and one.replaced_size is not None:
                    self._instead[one.sha256] = BlobRef(one.replaced_by, one.replaced_size)
            self.touched.update(dict.fromkeys(touched, entry.seq))
            capture = entry.detail.get("capture")
            if isinstance(capture, str):
                authority = openings.value(entry.committed.get("authority")) if openings else None
                told = authority if isinstance(authority, str) else None
                self.captures.setdefault(
                    capture, Deleted(entry.seq, entry.time, basis, entry.agents[0].id if entry.agents else "", told)
                )

    def taken_by(self, sha256: str, seq: int) -> int | None:
        """The last deletion that took the blob which entry `seq` names or leads to; `None` where none did."""
        taken = self._gone.get(bytes.fromhex(sha256), -1)
        return taken if taken > seq else None

    def gone(self, sha256: str, seq: int) -> bool:
        """Whether the blob that entry `seq` names, or leads to, was taken out by a later entry."""
        return self.taken_by(sha256, seq) is not None

    def listed(self, sha256: str) -> bool:
        """Whether any deletion took the blob."""
        return bytes.fromhex(sha256) in self._gone

    def instead(self, sha256: str) -> BlobRef | None:
        """The file that holds the rows of this rows blob today; `None`: the blob itself does."""
        found = self._instead.get(sha256)
        seen = {sha256}
        while found is not None and found.sha256 in self._instead and found.sha256 not in seen:  # a ring has no end
            seen.add(found.sha256)
            found = self._instead[found.sha256]
        return found


def shown_rows(data: bytes) -> Iterator[tuple[int, Derivation]]:
    """The rows that a redacted rows file shows, each with its place in the batch. Raises `RecordError`."""
    for position, held in enumerate(redacted_lines(data)):
        if not isinstance(held, str) and held is not None:
            yield position, parse_row(held)


def redacted_lines(data: bytes) -> Iterator[bytes | str | None]:
    """Each line of a redacted rows file: the row's own bytes, or its leaf hash, or `None` where a row of an older
    version went, whose hash could be guessed. Raises `RecordError`."""
    if data and not data.endswith(b"\n"):
        raise RecordError("redacted row: expected every row to end with a line end, found a last row without")
    for line in data.split(b"\n")[:-1]:
        yield redacted_line(line)


def redacted_line(line: bytes) -> bytes | str | None:
    """One line as `redacted_lines` gives it. Raises `RecordError`."""
    try:
        held = parse_canonical(line)
        if isinstance(held, dict) and set(held) == {"row"}:
            return canonical(held["row"])
        if isinstance(held, dict) and set(held) == {"leaf"} and isinstance(leaf := held["leaf"], str | None):
            return leaf
    except CanonicalError as error:
        raise RecordError(f"redacted row: {error}") from error
    raise RecordError('redacted row: expected {"row": ...} or {"leaf": ...} and nothing else')


def without_rows(data: bytes, gone: Callable[[Derivation], bool], *, redacted: bool, rooted: bool) -> tuple[bytes, int]:
    """The redacted rows file of a rows blob, or of a file in its place (`redacted`), without the rows that are `gone`,
    and how many those are. `rooted`: the entry has a root over its rows, so each leaves its leaf hash behind; else
    nothing, since the hash of a row without a nonce can be guessed. Raises `RecordError`."""
    out: list[bytes] = []
    count = 0
    held = redacted_lines(data) if redacted else iter(data.split(b"\n")[:-1])
    for line in held:
        leaf: Json = None
        if isinstance(line, bytes):
            if not gone(parse_row(line)):
                out.append(b'{"row":' + line + b"}\n")
                continue
            count += 1
            leaf = leaf_hash(line).hex() if rooted else None
        else:
            leaf = line
        out.append(canonical({"leaf": leaf}) + b"\n")
    return b"".join(out), count
