"""One walk over the log that writes whatever describes it: the log itself, openings, rows, PREMIS, objects.csv.

Guarantees: `entries.jsonl` is the log to the byte, up to the checkpoint; every other line follows from an entry, an
opening or a row that goes into the bundle; the root of what was copied is the checkpoint's, or nothing is written
(`BundleError`). Cells of objects.csv are inert in every spreadsheet (records.table). Memory: one entry and its rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from probanda.preserve.bundle.bag import Bag
from probanda.preserve.bundle.choose import Choice, Permission, openings_of, outcome_of
from probanda.preserve.bundle.premis import Agent, Event, FileObject, Linked, Premis
from probanda.preserve.bundle.source import Row
from probanda.preserve.errors import BundleError
from probanda.preserve.merkle import CompactRange, leaf_hash
from probanda.preserve.openings import Openings
from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.derivation import Derivation, parse_row
from probanda.records.entry import CHECKPOINT, CREATION, DERIVATION, INGESTION, REGISTRATION, Entry, parse_entry
from probanda.records.table import inert

COLUMNS: Final = (
    "sha256", "size", "path", "entry", "row", "act", "role", "media_type",
    "capture", "name", "published", "time", "from",
)  # fmt: skip
Rows = Callable[[Entry], Iterable[Row]]


def object_path(sha256: str) -> str:
    return f"data/objects/sha256/{sha256[:2]}/{sha256}"


class Description:
    """Told every line of the log in order, by `see`; `end` closes the files."""

    def __init__(
        self,
        bag: Bag,
        case: str,
        choice: Choice,
        permission: Permission,
        openings: Openings,
        rows: Rows,
        objects_a_file: int,
    ) -> None:
        self._choice, self._permission, self._openings, self._rows, self._bag = choice, permission, openings, rows, bag
        self._tree, self._seen = CompactRange(), set[bytes]()
        self.withheld_openings = 0
        self.ingestions: list[int] = []  # numbers of the entries whose item is shown
        self.keys: dict[str, str] = {}  # fingerprint to raw public key, base64, as entries brought them in
        with ExitStack() as stack:
            self._log = stack.enter_context(bag.stream("data/log/entries.jsonl"))
            self._opened = stack.enter_context(bag.stream("data/log/openings.jsonl"))
            self._lines = stack.enter_context(bag.stream("data/metadata/premis.jsonl"))
            self._csv = stack.enter_context(bag.stream("data/metadata/objects.csv"))
            self._stack = stack.pop_all()
        self._premis = Premis(
            case, self._lines.write, lambda name, data: _ignore(bag.put(f"data/metadata/{name}", data)), objects_a_file
        )
        self._cells(COLUMNS)

    def see(self, line: bytes) -> None:
        entry = parse_entry(line)
        self._tree.append(leaf_hash(line))
        self._log.write(line + b"\n")
        self._key(entry)
        self._agents(entry)
        for commitment, open_ in openings_of(entry, self._choice, self._permission):
            found = self._openings.find(commitment) if open_ else None
            if found is not None:
                self._opened.write(canonical(to_json(found)) + b"\n")
            else:
                self.withheld_openings += 1
        if entry.act == INGESTION:
            self._ingestion(entry)
        else:
            self._other(entry)
        if entry.act == DERIVATION and (entry.seq not in self._choice.withheld or entry.seq in self._choice.hidden):
            self._derivation(entry)

    def end(self, size: int, root: str) -> None:
        """Closes the files. Raises `BundleError` where what was copied is not the log that the checkpoint is about."""
        self._premis.end()
        self._stack.close()
        if (self._tree.size, self._tree.root().hex()) != (size, root):
            raise BundleError(
                f"expected the log of {size} entries with the root {root}, as the checkpoint says, found "
                f"{self._tree.size} entries with the root {self._tree.root().hex()}. No bundle was made; run verify"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _ingestion(self, entry: Entry) -> None:
        capture = str(entry.detail.get("capture"))
        blob = outcome_of(entry, self._openings.value) if capture in self._choice.captures else None
        if blob is not None:
            name = self._value(entry, "name") if "name" in self._permission.opened else None
            given = self._value(entry, "published") or entry.detail.get("published")
            self._object(*blob, entry, None, "outcome", capture=capture, name=name, published=str(given or ""))
            self.ingestions.append(entry.seq)
        self._event(entry, [(blob[0], "outcome")] if blob is not None else [])

    def _other(self, entry: Entry) -> None:
        open_ = entry.act == CHECKPOINT or entry.seq not in self._choice.withheld
        shown = [blob for blob in entry.blobs() if open_ and self._choice.has(blob.sha256)]
        for blob in shown:
            self._object(blob.sha256, blob.size, entry, None, blob.role)
        self._event(entry, [(blob.sha256, blob.role) for blob in shown])

    def _derivation(self, entry: Entry) -> None:
        hidden = self._choice.hidden.get(entry.seq)
        redacted = None
        if hidden is not None:
            [blob] = entry.blobs("rows")
            redacted = self._bag.stream(f"data/log/rows/{blob.sha256}.jsonl")
        kept = frozenset(hidden or ())
        with ExitStack() as stack:
            if redacted is not None:
                stack.enter_context(redacted)
            for number, row in enumerate(self._rows(entry)):
                if number in kept or row.line is None:
                    assert redacted is not None
                    redacted.write(canonical({"leaf": row.leaf_hash()}) + b"\n")
                    continue
                if redacted is not None:
                    redacted.write(b'{"row":' + row.line + b"}\n")
                self._row(entry, number + 1, parse_row(row.line))

    def _row(self, entry: Entry, number: int, row: Derivation) -> None:
        made_from = " ".join(row.request.inputs)
        for output in row.outputs:
            self._object(output.sha256, output.size, entry, number, output.role, made_from=made_from)
        links = [(name, "source") for name in row.request.inputs]
        links += [(output.sha256, output.role) for output in row.outputs]
        self._premis.event(
            Event(
                f"{entry.seq}/{number}", "step", row.request.step, entry.time, row.outcome,
                f"version {row.request.version}", _linked((one.id, one.role) for one in entry.agents), _linked(links),
            )
        )  # fmt: skip

    def _event(self, entry: Entry, objects: Sequence[tuple[str, str]]) -> None:
        of = entry.detail.get("of") if entry.outcome == "failure" else None
        self._premis.event(
            Event(
                str(entry.seq), "act", entry.act, entry.time, entry.outcome, None,
                _linked((one.id, one.role) for one in entry.agents), _linked(objects),
                of if isinstance(of, str) else None,
            )
        )  # fmt: skip

    def _object(
        self,
        sha256: str,
        size: int,
        entry: Entry,
        row: int | None,
        role: str,
        *,
        made_from: str = "",
        capture: str = "",
        name: str | None = None,
        published: str = "",
    ) -> None:
        key, path = bytes.fromhex(sha256), object_path(sha256)
        type_ = self._choice.types.get(key)
        if key not in self._seen:
            self._seen.add(key)
            self._premis.object(FileObject(sha256, size, path, type_, name))
        number = "" if row is None else str(row)
        self._cells(
            (sha256, str(size), path, str(entry.seq), number, entry.act, role, type_ or "",
             capture, name or "", published, entry.time, made_from)
        )  # fmt: skip

    def _agents(self, entry: Entry) -> None:
        named = entry.detail.get("agent") if entry.act in (CREATION, REGISTRATION) else None
        if isinstance(named, str):
            name = self._value(entry, "name") if named in self._permission.names else None
            self._premis.agent(Agent(named, name, "person"))
        for one in entry.agents:
            self._premis.agent(Agent(one.id, None, "software" if one.id.startswith("software:") else "person"))

    def _value(self, entry: Entry, name: str) -> str | None:
        found = self._openings.value(entry.committed.get(name))
        return found if isinstance(found, str) else None

    def _key(self, entry: Entry) -> None:
        name, public = entry.detail.get("key"), entry.detail.get("public_key")
        if isinstance(name, str) and isinstance(public, str):
            self.keys[name] = public

    def _cells(self, cells: Sequence[str]) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow([inert(cell) for cell in cells])
        self._csv.write(out.getvalue().encode("utf-8"))


def _linked(pairs: Iterable[tuple[str, str]]) -> tuple[Linked, ...]:
    return tuple(Linked(one, role) for one, role in pairs)


def _ignore(_: object) -> None:
    """A file was written; its digest stands in the manifest."""
