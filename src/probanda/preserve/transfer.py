"""Another case's bundle in this case: the entry that says so, and the foreign log kept with it (spec/import.md).

Guarantees: what came in is told before the items that came with it, each of which names that entry, so that no item of
another's stands in a case without whose it is; the title of the foreign case stands behind a commitment. A foreign log
is kept to the byte and read at the place asked for. Their openings go to ours, not into a blob: there they are as
private, and as encrypted, as our own. Pure but for reading the kept log: blobs come in as references.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.log import Draft
from probanda.preserve.merkle import CompactRange
from probanda.preserve.openings import Openings
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.stamped import ForeignAnchor
from probanda.records.canonical import Json, canonical, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import MAX_BYTES, TRANSFER, Agent, Entry, ObjectRef, parse_entry

FORMAT: Final = "probanda-bundle"
LIST: Final = "foreign files"
LOG: Final = "foreign log"
CHECKPOINT: Final = "foreign checkpoint"
KEY: Final = "foreign key"
MANIFEST: Final = "foreign manifest"
ROLES: Final[Mapping[str, str]] = {
    "data/log/entries.jsonl": LOG,
    "data/log/checkpoint": CHECKPOINT,
    "data/case.json": "foreign case",
    "data/withheld.json": "foreign withheld",
    "anchors/log.pub.pem": KEY,
    "anchors/tagmanifest.sig": "foreign signature",
    "manifest-sha256.txt": MANIFEST,
    "tagmanifest-sha256.txt": "foreign tag manifest",
}
_BY_SUFFIX: Final = {".tsr": "foreign token", ".note": "foreign cosignature", ".pem": "foreign certificate"}
_MOST_NAMED: Final = 150  # objects in the entry itself, which may have 65,535 bytes; the list names all
_MAX_LIST_LINE: Final = 4096


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a transfer entry records. `tagmanifest` is the SHA-256 that names the bundle; `items` how many captures
    follow the entry; `key` the fingerprint of the foreign log's key; `title` is `None` where it is withheld."""

    seq: int
    time: str
    case: str
    origin: str
    size: int
    root: str
    key: str
    key_compared: bool
    tagmanifest: str
    items: int
    audience: str
    anchors: tuple[ForeignAnchor, ...]
    title: str | None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the bundle that is kept as a blob."""

    name: str
    role: str
    sha256: str
    size: int


def role_of(name: str) -> str | None:
    """The role in which a file of a bundle is kept; `None` for one that is not kept as part of the foreign record:
    items come in as captures, openings go to ours, what was derived from items stays with whom it was derived by."""
    if name in ROLES:
        return ROLES[name]
    if name.startswith("data/keys/"):
        return "foreign person's key"
    if name.startswith(("data/checkpoints/", "anchors/")):
        return _BY_SUFFIX.get(PurePosixPath(name).suffix, "foreign seal")
    return None


def encode_list(kept: Sequence[Kept]) -> bytes:
    return b"".join(canonical(to_json(one)) + b"\n" for one in kept)


def transfer(said: Transfer, kept: Sequence[Kept], listed: BlobRef, agents: tuple[Agent, ...]) -> Draft:
    """The entry, whose blobs are durable; `listed` is the blob of `encode_list(kept)`."""
    named = sorted(kept, key=lambda one: (one.role not in ROLES.values(), not one.name.startswith("anchors/")))
    objects = [ObjectRef(one.role, one.sha256, one.size, {"name": one.name}) for one in named[:_MOST_NAMED]]
    detail: dict[str, Json] = {
        name: getattr(said, name)
        for name in ("case", "origin", "size", "root", "key", "key_compared", "tagmanifest", "items", "audience")
    }
    detail["anchors"] = [to_json(one) for one in said.anchors]
    return Draft(
        TRANSFER,
        agents,
        (ObjectRef(LIST, listed.sha256, listed.size), *objects),
        detail=detail,
        committed_values={} if said.title is None else {"title": said.title},
    )


def transfer_of(entry: Entry, openings: Openings | None = None) -> Transfer:
    """What a transfer entry records. Raises `RecordError`."""
    title = openings.value(entry.committed.get("title")) if openings else None
    detail = {name: value for name, value in entry.detail.items() if name != "clock_behind_ms"}
    body = {**detail, "seq": entry.seq, "time": entry.time, "title": title if isinstance(title, str) else None}
    return parse(Transfer, body, f"entry {entry.seq}: transfer")


def kept_files(data: bytes) -> list[Kept]:
    """The files that a list names. Raises `RecordError`."""
    try:
        return [parse(Kept, parse_canonical(line), "foreign file") for line in data.splitlines()]
    except ValueError as error:
        raise RecordError(f"the list of foreign files: {error}") from error


def blob_with(entry: Entry, role: str) -> ObjectRef:
    """The one object of the entry in this role. Raises `RecordError`."""
    found = entry.blobs(role)
    if len(found) != 1:
        raise RecordError(f"entry {entry.seq}: expected one object with the role {role!r}, found {len(found)}")
    return found[0]


def origin(of: Transfer, seq: int, capture: str) -> dict[str, Json]:
    """Where an item came from: which transfer, and which entry and capture of the foreign log."""
    return {"format": FORMAT, "transfer": of.seq, "seq": seq, "capture": capture}


def came_with(origin: Json) -> tuple[int, int, str] | None:
    """Transfer, foreign entry and foreign capture that an item's `origin` names; `None` where it names none."""
    if not isinstance(origin, dict) or origin.get("format") != FORMAT:
        return None
    transfer_seq, seq, capture = origin.get("transfer"), origin.get("seq"), origin.get("capture")
    if type(transfer_seq) is not int or type(seq) is not int or not isinstance(capture, str):
        return None
    return transfer_seq, seq, capture


class ForeignLog:
    """A kept log: `size` and `root` over all its lines, `roots` at the sizes asked for, and any entry by its number.
    Memory: eight bytes for each entry. Raises `OSError`."""

    def __init__(self, path: Path, at: Collection[int] = ()) -> None:
        self._path = path
        self._places = array("Q")
        self.roots: dict[int, str] = {}
        self.whole = True  # every line has its end and is no longer than an entry may be
        tree, place = CompactRange(), 0
        with open_regular(path) as file:
            for line, ended, leaf in lines(file, MAX_BYTES):
                self.whole = self.whole and ended and line is not None
                self._places.append(place)
                tree.append(leaf)
                place += len(line or b"") + 1
                if tree.size in at:
                    self.roots[tree.size] = tree.root().hex()
        self.size, self.root = tree.size, tree.root().hex()

    def entries(self) -> Iterator[Entry]:
        """All of them, in order. Raises `RecordError`, `OSError`."""
        with open_regular(self._path) as file:
            for number, (line, _, _) in enumerate(lines(file, MAX_BYTES)):
                yield self._entry(number, line or b"")

    def entry(self, seq: int) -> Entry:
        """Raises `RecordError`, `OSError`."""
        if not 0 <= seq < self.size:
            raise RecordError(f"expected an entry below {self.size} of the foreign log, found {seq}")
        with open_regular(self._path) as file:
            file.seek(self._places[seq])
            found = file.read(MAX_BYTES + 1)
        return self._entry(seq, found.partition(b"\n")[0])

    @staticmethod
    def _entry(seq: int, line: bytes) -> Entry:
        try:
            return parse_entry(line)
        except ValueError as error:
            raise RecordError(f"entry {seq} of the foreign log: {error}") from error
