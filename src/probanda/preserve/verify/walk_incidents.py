"""Incidents and relations that persons made: each version signed by its maker and replaced at most once.

Guarantees: which version of an incident is in force has one answer for every reader, because a version names an
earlier one of the same kind, nothing else names that one, and nothing follows a withdrawal. Memory: one id for each
version.
"""

from __future__ import annotations

from collections.abc import Callable

from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.persons import Persons
from probanda.records.canonical import Json
from probanda.records.codec import RecordError
from probanda.records.entry import INCIDENT, Entry
from probanda.records.incident import Incident, Relation, parse_incident, parse_relation


class Incidents:
    """Told every entry of an incident or a relation in the log's order; `read` gives the bytes of a blob."""

    def __init__(
        self, tally: Tally, read: Callable[[str], bytes], persons: Persons, gone: Callable[[Entry], bool]
    ) -> None:
        self._tally = tally
        self._read = read
        self._persons = persons
        self._gone = gone  # whether a deletion took what the entry records, so that the entry alone speaks for it
        self._open: dict[str, bool] = {}  # by id of a version: whether another may still supersede it
        self._incidents: set[str] = set()

    def see(self, entry: Entry) -> None:
        self._tally.count()
        if self._gone(entry):
            self.outlined(entry)
            return
        try:
            record = self._record(entry)
        except (OSError, RecordError) as error:
            self._fail(entry, str(error))
            return
        if not self._persons.signed(entry, record.by):
            self._fail(entry, f"the {entry.act} is by {record.by:.80}, signed by {entry.signature.key}")
        expected = _stated(record)
        stated = {name: entry.detail.get(name) for name in expected}
        if stated != expected:
            self._fail(entry, f"the entry and the {entry.act} {record.id} say different things")
        self._supersedes(entry, record)
        if isinstance(record, Relation):
            for end in (record.subject, record.object):
                if end not in self._incidents:
                    self._fail(entry, f"relates {end:.90}, an incident that no entry before it records")
        else:
            self._incidents.add(record.id)
        self._open[record.id] = not record.withdrawn

    def outlined(self, entry: Entry) -> None:
        """Of a version that a deletion took, or that a bundle does not show, what the entry says: later versions and
        relations that are shown may name it."""
        identity, before = str(entry.detail.get(entry.act)), entry.detail.get("supersedes")
        self._open[identity] = True
        if entry.act == INCIDENT:
            self._incidents.add(identity)
        if isinstance(before, str):
            self._open[before] = False

    def _record(self, entry: Entry) -> Incident | Relation:
        blobs = entry.blobs(entry.act)
        if len(blobs) != 1:
            raise RecordError(f"expected one object with the role {entry.act!r}, found {len(blobs)}")
        data = self._read(blobs[0].sha256)
        return parse_incident(data) if entry.act == INCIDENT else parse_relation(data)

    def _supersedes(self, entry: Entry, record: Incident | Relation) -> None:
        before = record.supersedes
        if before is None:
            return
        if before not in self._open or (before in self._incidents) != isinstance(record, Incident):
            self._fail(entry, f"supersedes {before:.90}, which no entry before it records as {_an(entry.act)}")
        elif not self._open[before]:
            self._fail(entry, f"supersedes {before:.90}, which was superseded or withdrawn before")
        self._open[before] = False

    def _fail(self, entry: Entry, reason: str) -> None:
        self._tally.fail(f"entry {entry.seq}: {reason}")


def _stated(record: Incident | Relation) -> dict[str, Json]:
    """What the entry of a record says openly (spec/entry.md, "Acts")."""
    if isinstance(record, Incident):
        return {"incident": record.id, "members": len(record.members), "supersedes": record.supersedes}
    return {
        "relation": record.id,
        "kind": record.kind,
        "subject": record.subject,
        "object": record.object,
        "supersedes": record.supersedes,
    }


def _an(act: str) -> str:
    return f"an {act}" if act == INCIDENT else f"a {act}"
