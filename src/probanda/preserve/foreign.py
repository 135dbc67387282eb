"""What the log of another case, kept with its bundle, says of one item that came in with it (spec/deletion.md).

Guarantees: which foreign entries are about an item follows from the item's `origin` and the kept log alone, so that who
deletes and who verifies come to the same commitments. Of several bundles of one case the longest log is read: it holds
what the shorter ones hold. A record that their import refused is known by the item's name, as one of ours is.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.transfer import LOG, ForeignLog, blob_with, came_with, transfer_of
from probanda.records.canonical import Json
from probanda.records.entry import INCIDENT, INGESTION, PROTECTION, TRANSFER, CommittedRef, Entry

Value = Callable[[str | None], Json]
Whose = tuple[str, str]  # another case and a capture of its


def commitments_of(entry: Entry) -> set[str]:
    """Every commitment that the entry makes."""
    return {*entry.committed.values(), *(one.committed for one in entry.objects if isinstance(one, CommittedRef))}


def refused_record(entry: Entry) -> bool:
    """Whether the entry tells of a record in an item that an import of incidents refused."""
    return entry.outcome == "failure" and entry.detail.get("of") == INCIDENT


def stated_origin(entry: Entry, value: Value) -> Json:
    """What an ingestion says of where its item came from, openly or behind a commitment."""
    return value(entry.committed["origin"]) if "origin" in entry.committed else entry.detail.get("origin")


def entries_about(entries: Iterable[Entry], capture: str, value: Value) -> Iterator[Entry]:
    """An item's own entry, every change of its protection, and the records in it that were refused."""
    name: Json = None
    for one in entries:
        if one.detail.get("capture") == capture and one.act in (INGESTION, PROTECTION):
            if one.act == INGESTION:
                name = value(one.committed.get("name"))
            yield one
        elif refused_record(one) and isinstance(name, str):
            told = value(one.committed.get("name"))
            if not isinstance(told, str) or not told.startswith(f"{name}, record "):
                continue
            yield one


class ForeignLogs:
    """The kept logs of the transfers that it was told of; `place` says where a blob lies."""

    def __init__(self, place: Callable[[str], Path]) -> None:
        self._place = place
        self._cases: dict[int, str] = {}  # number of a transfer -> the foreign case
        self._longest: dict[str, tuple[int, str]] = {}  # foreign case -> size of its longest log, and the log's digest

    def see(self, entry: Entry) -> None:
        """Any entry of our log. Raises `RecordError` for a transfer that has not its form."""
        if entry.act != TRANSFER or entry.outcome != "success":
            return
        said = transfer_of(entry)
        kept = said.size, blob_with(entry, LOG).sha256
        self._cases[entry.seq] = said.case
        self._longest[said.case] = max(kept, self._longest.get(said.case, kept))

    def whose(self, origin: Json) -> Whose | None:
        """The foreign case and capture that an item's `origin` names; `None`: it came with none of these transfers."""
        came = came_with(origin)
        case = None if came is None else self._cases.get(came[0])
        return None if came is None or case is None else (case, came[2])

    def entries(self, case: str) -> Iterator[Entry]:
        """The log of a foreign case. Raises `RecordError`, `OSError`."""
        return ForeignLog(self._place(self._longest[case][1])).entries()


def openings_about(case: CaseFolder, entry: Entry, capture: str) -> Iterator[str]:
    """The commitments of its own entry, of every change of its protection, and of records in it that were refused. That
    it came in with a bundle, and as which foreign entry, stays known: the foreign log is kept."""
    value = case.openings.value
    came = came_with(stated_origin(entry, value)) is not None
    for one in entries_about(case.log.entries(entry.seq), capture, value):
        kept = {one.committed["origin"]} if came and "origin" in one.committed else set[str]()
        yield from _held(case, commitments_of(one) - kept)


def foreign_openings(case: CaseFolder, gone: Container[str], capture: str) -> Iterator[str]:
    """The same of the foreign entries about the item, whose openings came in with their bundle; none where another item
    came of the same foreign entry and is not among those `gone`. Raises `LogDamaged`, `RecordError`, `OSError`."""
    logs, value = ForeignLogs(case.blobs.path), case.openings.value
    whose: Whose | None = None
    others: set[Whose] = set()
    for one in case.log.entries():
        logs.see(one)
        if one.act != INGESTION or one.outcome != "success":
            continue
        named, identity = logs.whose(stated_origin(one, value)), str(one.detail.get("capture"))
        if identity == capture:
            whose = named
        elif named is not None and identity not in gone:
            others.add(named)
    if whose is not None and whose not in others:
        for one in entries_about(logs.entries(whose[0]), whose[1], value):
            yield from _held(case, commitments_of(one))


def _held(case: CaseFolder, commitments: Iterable[str]) -> Iterator[str]:
    return (one for one in sorted(commitments) if case.openings.find(one) is not None)
