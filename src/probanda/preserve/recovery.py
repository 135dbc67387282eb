"""What an interrupted act left in a case folder, and setting it in order on record (spec/entry.md, "Recovery").

Guarantees: nothing that an entry leads to is touched, and nothing that somebody writes at this moment. A blob that no
entry leads to stays where it is: it may be the only copy of what an interrupted act was about to record. It is put on
record, once. What is taken away are temporary files of processes that died. With nothing to do, nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.errors import storing
from probanda.preserve.log import Draft
from probanda.preserve.regular import hash_rest, open_regular
from probanda.records.canonical import CanonicalError, Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import RECOVERY, ObjectRef, require_hex64

ROLE: Final = "recovery list"
ORPHAN, TORN = "orphan", "torn"


@dataclass(frozen=True, slots=True)
class Leftover:
    """A blob that no entry leads to (`orphan`), or the torn end of a log (`torn`), by its digest."""

    what: str
    sha256: str
    size: int
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("what was left", self.sha256)


def encode_leftovers(left: Iterable[Leftover]) -> bytes:
    """The blob that puts them on record: one canonical line each."""
    return b"".join(canonical(to_json(one)) + b"\n" for one in left)


def parse_leftovers(data: bytes) -> Iterator[Leftover]:
    """What such a blob holds. Raises `RecordError`."""
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            yield parse(Leftover, parse_canonical(line), f"recovery list, line {number}")
        except CanonicalError as error:
            raise RecordError(f"recovery list, line {number}: {error}") from error


def leftovers(case: CaseFolder, leads: Callable[[str], bool]) -> tuple[Leftover, ...]:
    """What is left and not on record yet; `leads` says whether an entry leads to a blob."""
    recorded = {one.sha256 for one in _recorded(case)}
    found = [
        Leftover(ORPHAN, name, case.blobs.size(name))
        for name in case.blobs.walk()
        if name not in recorded and not leads(name)
    ]
    for path in sorted(case.log.folder.glob("torn-*.bin")):
        with open_regular(path) as file:
            sha256, size = hash_rest(file)
        if sha256 not in recorded:
            found.append(Leftover(TORN, sha256, size))
    return tuple(found)


def _recorded(case: CaseFolder) -> Iterator[Leftover]:
    for entry in case.log.of_act(RECOVERY):
        for ref in entry.blobs(ROLE):
            yield from parse_leftovers(case.blobs.read(ref.sha256))


def sweep(case: CaseFolder) -> int:
    """Takes away the temporary files of processes that died; how many. To be called under the append lock."""
    count = case.blobs.sweep()
    with storing(case.path):
        private = case.openings.path.parent
        for folder in (case.path, case.log.folder, case.path / "keys", private, case.openings.path):
            swept = sum(durable.sweep(path, "erase") for path in sorted(folder.glob(".*.tmp")))
            left: Path = folder / f"{case.openings.path.name}.new"  # only ever written under this lock
            if folder == private and left.exists():
                durable.unlink(left, "erase")
                swept += 1
            if swept:
                durable.fsync_folder(folder, "erase")
            count += swept
    return count


def recovery(left: tuple[Leftover, ...], temporary: int, deletions: int, ref: ObjectRef | None) -> Draft:
    """What was found and set in order; the list, where there is one, is already durable."""
    counts = {what: sum(one.what == what for one in left) for what in (ORPHAN, TORN)}
    return Draft(
        RECOVERY,
        objects=() if ref is None else (ref,),
        detail={
            "orphans": counts[ORPHAN],
            "torn": counts[TORN],
            "temporary": temporary,
            "deletions": deletions,
        },
    )


def listed(case: CaseFolder, left: tuple[Leftover, ...]) -> ObjectRef | None:
    """Makes the list durable; `None` for an empty one."""
    if not left:
        return None
    ref = case.blobs.put(encode_leftovers(left))
    return ObjectRef(ROLE, ref.sha256, ref.size)
