"""The descriptions in a bundle (PREMIS as JSON lines and as XML, objects.csv) against the log that they describe.

Guarantees: every entry has its event, with its time and outcome, and no event is of anything else; every object is a
blob of the bundle with its digest, size and place, and there are as many as there are blobs; every row of objects.csv
says of its entry what the entry says; the XML files hold the objects and events of the JSON lines, in their order.
Names and media types are the word of who made the bundle. Hostile XML: no entity is taken in. Memory: one line, one
element.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from probanda.preserve.regular import BUFFER_BYTES, lines, open_regular
from probanda.preserve.verify.checks import Tallies
from probanda.records.canonical import CanonicalError, Json, parse_json
from probanda.records.entry import Entry, ObjectRef

_MAX_LINE: Final = 16 << 20
_MAX_TEXT: Final = 1 << 20
_XML_NAME = re.compile(r"premis-\d{4,9}\.xml")
_KEPT: Final = {
    "objectIdentifierValue", "messageDigest", "size", "contentLocationValue", "eventIdentifierValue", "eventDateTime",
    "eventOutcome",
}  # fmt: skip


class Metadata:
    """Told every entry of the log in order; `settle` afterwards."""

    def __init__(self, folder: Path, tallies: Tallies) -> None:
        self._folder, self._tallies = folder / "data" / "metadata", tallies
        self._tally = tallies["bundle.metadata"]
        self._agents: set[str] = set()
        self._objects, self._events = hashlib.sha256(), hashlib.sha256()
        self._count = 0
        self._case = ""
        self._lines = self._premis()
        self._line = next(self._lines, None)
        self._rows = self._csv()
        self._row = next(self._rows, None)

    def see(self, entry: Entry) -> None:
        self._tally.count()
        self._agents.update(agent.id for agent in entry.agents)
        if isinstance(named := entry.detail.get("agent"), str):
            self._agents.add(named)
        if entry.seq == 0:
            self._case = str(entry.detail.get("case"))
        self._described(entry)
        while self._row is not None and self._row.get("entry") == str(entry.seq):
            self._cells(entry, self._row)
            self._row = next(self._rows, None)

    def settle(self) -> None:
        while self._line is not None:
            kind, body = self._line
            if kind == "event":
                self._tally.fail(f"premis.jsonl: an event {body.get('eventIdentifier')!r:.40} that no entry leads to")
            else:
                self._other(kind, body)
            self._line = next(self._lines, None)
        if self._row is not None:
            self._tally.fail(f"objects.csv: a row of entry {self._row.get('entry')!r:.20}, out of order or of none")
        if self._count != (there := self._tallies["blobs.digest"].counted):
            self._tally.fail(f"premis.jsonl describes {self._count} objects, and the bundle has {there}")
        self._xml()

    def _described(self, entry: Entry) -> None:
        seen = False
        while self._line is not None:
            kind, body = self._line
            if kind == "event":
                number = str(body.get("eventIdentifier"))
                if number.partition("/")[0] != str(entry.seq):
                    break
                seen = seen or number == str(entry.seq)
                self._event(entry, number, body)
            elif kind == "agent" and seen:
                break  # of a later entry
            else:
                self._other(kind, body)
            self._line = next(self._lines, None)
        if not seen:
            self._tally.fail(f"premis.jsonl: expected an event {entry.seq}, found none in its place")

    def _event(self, entry: Entry, number: str, body: dict[str, Json]) -> None:
        time, outcome = body.get("eventDateTime"), body.get("eventOutcome")
        row = "/" in number
        stated = (time, None, None) if row else (time, outcome, body.get("act"))
        expected = (entry.time, None, None) if row else (entry.time, entry.outcome, entry.act)
        if stated != expected:
            self._tally.fail(f"premis.jsonl: event {number:.40} says {stated!r:.160}, the entry {expected!r:.160}")
        self._events.update(_told(f"{self._case}/{number}", time, outcome))

    def _other(self, kind: str, body: dict[str, Json]) -> None:
        if kind == "agent":
            if body.get("agentIdentifier") not in self._agents:
                self._tally.fail(f"premis.jsonl: no entry names the agent {body.get('agentIdentifier')!r:.90}")
        elif kind == "object":
            self._count += 1
            digest, size, place = (body.get(key) for key in ("messageDigest", "size", "contentLocation"))
            self._blob("premis.jsonl", digest, size, place)
            self._objects.update(_told(digest, size, place))
        else:
            self._tally.fail(f"premis.jsonl: expected an object, event or agent, found {kind!r:.40}")

    def _cells(self, entry: Entry, row: dict[str, str]) -> None:
        size = int(row["size"]) if row.get("size", "").isdecimal() and len(row["size"]) < 20 else None
        self._blob("objects.csv", row.get("sha256"), size, row.get("path"))
        said = (row.get("act"), row.get("time"))
        if said != (entry.act, entry.time):
            self._tally.fail(f"objects.csv: a row of entry {entry.seq} says {said!r:.120}, which the entry does not")
        if row.get("capture") and row["capture"] != entry.detail.get("capture"):
            self._tally.fail(f"objects.csv: entry {entry.seq} is not of {row['capture']!r:.90}")
        open_ = [(one.role, one.sha256) for one in entry.objects if isinstance(one, ObjectRef)]
        if (
            not row.get("row")
            and len(open_) == len(entry.objects)
            and (row.get("role"), row.get("sha256")) not in open_
        ):
            self._tally.fail(f"objects.csv: entry {entry.seq} names no {row.get('role')!r:.40} of that digest")

    def _blob(self, where: str, digest: Json, size: Json, place: Json) -> None:
        """A blob of the bundle, as the log leads to it."""
        if isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest):
            known = self._folder.parent / "objects" / "sha256" / digest[:2] / digest
            path = f"data/objects/sha256/{digest[:2]}/{digest}"
            if place == path and type(size) is int and (known.is_symlink() or not known.is_file()):
                self._tally.fail(f"{where}: {path} is not there")
            elif place == path and type(size) is int and known.stat().st_size == size:
                return
        self._tally.fail(f"{where}: {digest!r:.70} with {size!r:.20} bytes at {place!r:.100} is no blob of the bundle")

    def _premis(self) -> Iterator[tuple[str, dict[str, Json]]]:
        try:
            file = open_regular(self._folder / "premis.jsonl")
        except OSError as error:
            self._tally.fail(f"expected data/metadata/premis.jsonl, found: {error.strerror}")
            return
        with file:
            for number, (line, ended, _) in enumerate(lines(file, _MAX_LINE), 1):
                try:
                    found = parse_json(line) if line is not None and ended else None
                except CanonicalError:
                    found = None
                kind, body = next(iter(found.items()), ("", None)) if isinstance(found, dict) else ("", None)
                if isinstance(body, dict) and isinstance(found, dict) and len(found) == 1:
                    yield kind, body
                else:
                    self._tally.fail(f"line {number} of premis.jsonl: expected one object, event or agent")

    def _csv(self) -> Iterator[dict[str, str]]:
        try:
            with io.TextIOWrapper(
                io.BufferedReader(open_regular(self._folder / "objects.csv")), "utf-8", newline=""
            ) as f:
                for row in csv.DictReader(_short(f), strict=True):
                    yield {str(name): value for name, value in row.items() if isinstance(value, str)}
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._tally.fail(f"expected rows in data/metadata/objects.csv, found: {reason:.200}")

    def _xml(self) -> None:
        reader = _Reader()
        try:
            names = sorted(path.name for path in self._folder.iterdir() if _XML_NAME.fullmatch(path.name))
            for name in names:
                reader.read(self._folder / name)
        except (OSError, ExpatError, _HostileError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._tally.fail(f"the PREMIS files cannot be read: {reason:.200}")
            return
        if reader.objects.digest() != self._objects.digest():
            self._tally.fail("the PREMIS files do not hold the objects of premis.jsonl, in their order")
        if reader.events.digest() != self._events.digest():
            self._tally.fail("the PREMIS files do not hold the events of premis.jsonl, in their order")


def _short(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines, none of which is held in memory beyond what one of ours has."""
    while line := file.readline(_MAX_TEXT):
        if len(line) == _MAX_TEXT:
            raise csv.Error(f"a line of {_MAX_TEXT} characters or more")
        yield line


class _HostileError(ValueError):
    """XML that no PREMIS file of ours holds."""


class _Reader:
    """Objects and events of PREMIS files, as digests over what is compared of them."""

    def __init__(self) -> None:
        self.objects, self.events = hashlib.sha256(), hashlib.sha256()
        self._found: dict[str, str] = {}
        self._text: list[str] = []
        self._length = 0
        self._within = ""

    def read(self, path: Path) -> None:
        parser = ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refused
        parser.EntityDeclHandler = _refused
        with open_regular(path) as file:
            while data := file.read(BUFFER_BYTES):
                parser.Parse(data, False)
            parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._text.clear()
        self._length = 0
        if local in ("object", "event"):
            kind = next((value for key, value in attributes.items() if key.endswith(" type")), "")
            self._within = kind if local == "object" else local
            self._found = {}

    def _characters(self, data: str) -> None:
        self._length += len(data)
        if self._length > _MAX_TEXT:
            raise _HostileError(f"a text of more than {_MAX_TEXT} characters")
        self._text.append(data)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local in _KEPT:
            self._found.setdefault(local, "".join(self._text))
        elif local == "object" and self._within == "file":
            told = [self._found.get(key) for key in ("messageDigest", "size", "contentLocationValue")]
            self.objects.update(_told(*told))
        elif local == "event":
            told = [self._found.get(key) for key in ("eventIdentifierValue", "eventDateTime", "eventOutcome")]
            self.events.update(_told(*told))


def _refused(*_: object) -> None:
    raise _HostileError("a document type or entity, which no file of a bundle declares")


def _told(*values: Json) -> bytes:
    return b"".join(hashlib.sha256(str(value).encode("utf-8", "replace")).digest() for value in values)
