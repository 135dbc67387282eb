"""A case as its index sees it: the log, the blobs, and such openings of commitments as are held here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.deletions import Deletions, deletion_entries, shown_rows
from probanda.preserve.openings import Openings
from probanda.records.derivation import Derivation, parse_rows
from probanda.records.entry import Entry, ObjectRef

FILE_NAME = "index.sqlite"


@dataclass(frozen=True, slots=True)
class Truth:
    """`deletions` are those of the whole log where it is replayed from its beginning, none otherwise: what they take
    out then never comes into an index."""

    folder: CaseFolder
    deletions: Deletions = field(default_factory=Deletions)

    def from_the_beginning(self) -> Truth:
        """The same case, for a replay that begins with the first entry."""
        entries = deletion_entries(self.folder.log.path)
        return replace(self, deletions=Deletions(entries, self.read, self.openings))

    @property
    def case(self) -> str:
        """The id of the case."""
        return self.folder.id

    @property
    def openings(self) -> Openings:
        return self.folder.openings

    @property
    def index_path(self) -> Path:
        return self.folder.path / FILE_NAME

    @property
    def index_key(self) -> bytes | None:
        """The 256-bit key of the index of an encrypted case; `None`: it is kept in clear."""
        return self.folder.private.index_key

    @property
    def lock(self) -> Path:
        """The lock of an append, held also while index files are opened or exchanged."""
        return self.folder.path / "append.lock"

    def entries(self, start: int) -> Iterator[Entry]:
        return self.folder.log.entries(start)

    def read(self, sha256: str) -> bytes:
        return self.folder.blobs.read(sha256)

    def rows(self, ref: ObjectRef) -> Iterator[tuple[int, Derivation]]:
        """The derivations of a rows blob that stand, each with its place in the batch."""
        instead = self.deletions.instead(ref.sha256)
        if instead is not None:
            return shown_rows(self.read(instead.sha256))
        return iter(enumerate(parse_rows(self.read(ref.sha256))))

    def end(self) -> tuple[int, str]:
        """How many entries the log has, and the leaf hash of the last."""
        while True:
            size, head = self.folder.log.size, self.folder.log.head
            if self.folder.log.size == size:  # else another process appended between the two
                return size, head
