"""What the openings that are here and right open: every commitment, and the blob behind those of committed outcomes.

Memory: a fixed number of bytes for each opening.
"""

from __future__ import annotations

from probanda.preserve.blobs import BlobRef
from probanda.preserve.captures import opened_blob
from probanda.preserve.openings import Opening
from probanda.records.codec import RecordError


class Opened:
    """Openings that were looked at and give their commitments."""

    def __init__(self) -> None:
        self._blobs: dict[bytes, tuple[bytes, int] | None] = {}

    def add(self, opening: Opening) -> None:
        try:
            blob = opened_blob(opening.value)
        except RecordError:
            self._blobs[bytes.fromhex(opening.commitment)] = None  # a name, a reason: no digest
        else:
            self._blobs[bytes.fromhex(opening.commitment)] = bytes.fromhex(blob.sha256), blob.size

    def __contains__(self, commitment: bytes) -> bool:
        return commitment in self._blobs

    def blob(self, commitment: str) -> BlobRef | None:
        """The digest and size behind a commitment; `None` where no opening is here, or it opens to something else."""
        found = self._blobs.get(bytes.fromhex(commitment))
        return None if found is None else BlobRef(found[0].hex(), found[1])
