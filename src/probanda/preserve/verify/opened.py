"""What the openings that are here and right open: every commitment, and the blob behind those of committed outcomes.

Memory: a fixed number of bytes for each opening.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.captures import opened_blob
from probanda.preserve.openings import Opening
from probanda.preserve.table import Table
from probanda.records.codec import RecordError

_SIZE_BYTES: Final = 8  # canonical JSON has no whole number of more than 53 bits
_RECORD_BYTES: Final = 32 + _SIZE_BYTES


class Opened:
    """Openings that were looked at and give their commitments."""

    def __init__(self) -> None:
        self._there = Table()
        self._blobs = Table(numbers=True)  # commitment -> which record of `_records`
        self._records = bytearray()  # digest and size of each blob opened
        self._forgotten = Table()

    def add(self, opening: Opening) -> None:
        commitment = bytes.fromhex(opening.commitment)
        self._there.add(commitment)
        try:
            blob = opened_blob(opening.value)
        except RecordError:
            return  # a name, a reason: no digest
        self._blobs.add(commitment, len(self._records) // _RECORD_BYTES)
        self._records += bytes.fromhex(blob.sha256) + blob.size.to_bytes(_SIZE_BYTES, "big")

    def forget(self, commitments: Iterable[str]) -> None:
        """A deletion says that it took the openings of these: they need not be here."""
        for one in commitments:
            with suppress(ValueError):  # what is no commitment accounts for none
                self._forgotten.add(bytes.fromhex(one))

    def holds(self, commitment: str) -> bool:
        """Whether the opening itself is here."""
        return bytes.fromhex(commitment) in self._there

    def __contains__(self, commitment: bytes) -> bool:
        return commitment in self._there or commitment in self._forgotten

    def blob(self, commitment: str) -> BlobRef | None:
        """The digest and size behind a commitment; `None` where no opening is here, or it opens to something else."""
        number = self._blobs.get(bytes.fromhex(commitment))
        if number is None:
            return None
        record = self._records[number * _RECORD_BYTES : (number + 1) * _RECORD_BYTES]
        return BlobRef(record[:-_SIZE_BYTES].hex(), int.from_bytes(record[-_SIZE_BYTES:], "big"))
