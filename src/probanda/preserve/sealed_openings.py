"""The openings of an encrypted case: each batch a sealed file of its own.

Guarantees: as `openings`: a batch is on the disk, whole or not at all, before the entries that carry its commitments. A
file once written is never appended to, since an age file cannot be; `forget` puts another in its place in one move.
Each is an age file whose content is the lines of `openings.jsonl`: `age -d -i IDENTITY private/openings/*.age`, one
after the other. What can be told without the identity: how many batches there are, and about how long each is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count, takewhile
from pathlib import Path

from probanda.preserve import durable
from probanda.preserve.at_rest import AtRest
from probanda.preserve.errors import LogDamaged, storing
from probanda.preserve.openings import MAX_LINE_BYTES, Opening, Openings, parse_opening
from probanda.preserve.regular import open_regular
from probanda.records.canonical import canonical
from probanda.records.codec import RecordError, to_json

FOLDER = "openings"
_BATCH_BYTES = 2**28  # arbitrary: no honest batch comes near, and memory stays bounded


class SealedOpenings(Openings):
    """The batches in `folder`, the case's `private/openings`, kept as `at_rest` keeps them."""

    def __init__(self, folder: Path, at_rest: AtRest) -> None:
        super().__init__(folder)
        self._at_rest = at_rest
        self._name = re.compile(r"(\d{9})\.jsonl" + re.escape(at_rest.suffix))
        self._batches: dict[bytes, int] = {}  # commitment -> number of its batch
        self._known_to: int | None = None  # batches below this number were looked at
        self._next: int | None = None  # the number of the next batch, as far as this process knows
        self._held: tuple[int, int, dict[bytes, Opening]] | None = None  # number and inode of the batch looked at last

    def append(self, openings: Sequence[Opening]) -> None:
        """Makes the openings durable; to be called under the append lock. Raises `ReadOnlyCase`, `StorageError`."""
        if not openings:
            return
        number = max(self._numbers(), default=-1) + 1 if self._next is None else self._next
        while self._batch(number).exists():  # of another process
            number += 1
        data = b"".join(canonical(to_json(opening)) + b"\n" for opening in openings)
        with storing(self.path):
            durable.place(self._batch(number), self._at_rest.seal(data), "sealed", 0o600)
        self._next = number + 1
        held = {bytes.fromhex(opening.commitment): opening for opening in openings}
        self._held = number, self._inode(number), held

    def find(self, commitment_: str) -> Opening | None:
        key = bytes.fromhex(commitment_)
        if key not in self._batches:
            self._look()
        number = self._batches.get(key)
        return None if number is None else self._opened(number).get(key)

    def lines(self) -> Iterator[tuple[bytes | None, bool]]:
        for number in self._numbers():
            for line in self._content(number).splitlines(keepends=True):
                ended = line.endswith(b"\n")
                body = line[:-1] if ended else line
                yield (body if len(body) <= MAX_LINE_BYTES else None), ended

    def forget(self, commitments: Collection[str]) -> int:
        """Takes the openings of these commitments out for good and says how many there were; to be called under the
        append lock. A crash leaves each batch as it was, or without them. Raises `ReadOnlyCase`, `StorageError`."""
        gone = {bytes.fromhex(one) for one in commitments}
        count = 0
        for number in self._numbers():
            kept = self._opened(number)
            held = gone & kept.keys()
            if not held:
                continue
            data = b"".join(canonical(to_json(one)) + b"\n" for key, one in kept.items() if key not in gone)
            with storing(self.path):
                durable.replace(self._batch(number), self._at_rest.seal(data), "sealed", 0o600)
            self._held = None
            count += len(held)
        return count

    def _batch(self, number: int) -> Path:
        return self.path / f"{number:09d}.jsonl{self._at_rest.suffix}"

    def _numbers(self) -> list[int]:
        try:
            found = [self._name.fullmatch(path.name) for path in self.path.iterdir()]
        except OSError:
            return []  # not there, or not for us: the values are withheld
        return sorted(int(one[1]) for one in found if one)

    def _look(self) -> None:
        """Takes note of what lies in batches that were not looked at. The folder is listed once; after that the next
        number is tried, since a folder of many batches takes long to list and most of what is not found is withheld."""
        if self._known_to is None:
            numbers = self._numbers()
        else:
            numbers = list(takewhile(lambda number: self._batch(number).exists(), count(self._known_to)))
        for number in numbers:
            self._batches.update(dict.fromkeys(self._opened(number), number))
        self._known_to = numbers[-1] + 1 if numbers else self._known_to or 0

    def _opened(self, number: int) -> dict[bytes, Opening]:
        inode = self._inode(number)  # another file stands there where something was forgotten
        if self._held is None or self._held[:2] != (number, inode):
            try:
                found = [parse_opening(line) for line in self._content(number).splitlines()]
            except RecordError as error:
                raise LogDamaged(
                    f"expected openings (commitment, salt, value) in {self._batch(number)}, found: {error}. Restore it "
                    "from a copy"
                ) from error
            self._held = number, inode, {bytes.fromhex(one.commitment): one for one in found}
        return self._held[2]

    def _inode(self, number: int) -> int:
        try:
            return self._batch(number).stat().st_ino
        except OSError:
            return 0

    def _content(self, number: int) -> bytes:
        try:
            with open_regular(self._batch(number)) as file:
                if file.seek(0, 2) > _BATCH_BYTES:
                    raise ValueError(f"more than {_BATCH_BYTES} bytes")
                file.seek(0)
                return self._at_rest.open(file.readall())
        except (OSError, ValueError) as error:
            raise LogDamaged(
                f"expected sealed openings in {self._batch(number)}, found: {error}. Restore it from a copy"
            ) from error
