"""What an interrupted act left and is on record: a good recovery, and one whose list is another's, each as changes of
the good case."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from commits import with_drafts
from world import World, blob_path

from probanda.preserve.recovery import ORPHAN, ROLE, Leftover, encode_leftovers, recovery
from probanda.records.entry import ObjectRef

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
_ORPHAN = b"What an interrupted act was about to record.\n"
_OTHER = b"What another act was once about to record!!!\n"


def recovery_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    listed, other = (encode_leftovers([_left(data)]) for data in (_ORPHAN, _OTHER))
    ref = ObjectRef(ROLE, _digest(listed), len(listed))
    log = with_drafts(world, [recovery((_left(_ORPHAN),), 1, 0, ref)])
    orphan: dict[str, bytes | None] = {blob_path(_digest(_ORPHAN)): _ORPHAN}

    def files(data: bytes) -> dict[str, bytes | None]:
        return {**log, **orphan, blob_path(ref.sha256): data}

    yield (
        "recovery-good", "a blob that no entry leads to, put on record by a recovery; nothing fails", [], files(listed),
    )  # fmt: skip
    yield (
        "recovery-list-of-others", "the list of a recovery names another blob than the entry's list does",
        ["blobs.digest"], files(other),
    )  # fmt: skip
    yield "recovery-without-list", "the list of a recovery is not there", ["blobs.present"], {**log, **orphan}


def _left(data: bytes) -> Leftover:
    return Leftover(ORPHAN, _digest(data), len(data))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
