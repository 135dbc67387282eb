"""The last renewal manifest of a log: whether log and blobs are still what it bound by SHA-512.

Guarantees: root and digests are computed anew, each blob read once more; a blob that is gone is counted and not taken
for changed, since a deletion by law is for other checks to judge. Memory: one line and one buffer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path

from probanda.preserve.regular import lines, open_regular
from probanda.preserve.renewal import MAX_LINE_BYTES, Tree512, digests, read_bound, read_head
from probanda.preserve.seals import Seal
from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.walk import Ground
from probanda.records.codec import RecordError
from probanda.records.entry import MAX_BYTES


def check_renewal(seal: Seal, ground: Ground, path_of: Callable[[str], Path], tally: Tally) -> None:
    """Compares what is there with the manifest that the seal names; every difference fails `tally`."""
    where = f"entry {seal.seq}"
    if seal.renewal is None:
        return
    try:
        with open_regular(path_of(seal.renewal.sha256)) as file:
            gone = _compare(seal, ground, path_of, _lines(file), tally)
    except OSError as error:
        if ground.places.hides(seal.seq):
            tally.decide("unproven", f"{where}: the renewal manifest is not shown here")
        else:
            tally.fail(f"{where}: the renewal manifest cannot be read: {error.strerror}")
        return
    except RecordError as error:
        tally.fail(f"{where}: {error}")
        return
    missing = f"; {gone} of its blobs are not here any more" if gone else ""
    if not any(stamp.kind == "renewal time stamp" for stamp in seal.stamps):
        tally.decide("unproven", f"{where}: no time authority stamped the renewal manifest{missing}")
    elif gone:
        tally.decide("holds", f"everything that is here is as it was when entry {seal.seq} renewed it{missing}")


def _compare(seal: Seal, ground: Ground, path_of: Callable[[str], Path], found: Iterator[bytes], tally: Tally) -> int:
    """How many blobs are gone. Raises `OSError`, `RecordError` for a manifest that cannot be read."""
    where, checkpoint = f"entry {seal.seq}", seal.checkpoint
    head = read_head(next(found, b""))
    if (head.origin, head.size, head.root) != (checkpoint.origin, checkpoint.size, checkpoint.root.hex()):
        tally.fail(f"{where}: the renewal manifest is about another checkpoint than its seal")
    root = _root512(ground.places.log, head.size)
    if root != head.root_sha512:
        tally.fail(f"{where}: the log had the SHA-512 root {head.root_sha512:.128} when it was renewed, and has {root}")
    count = gone = 0
    for bound in read_bound(found):
        count += 1
        try:
            with open_regular(path_of(bound.sha256)) as blob:
                now = digests(blob)
        except OSError:
            gone += 1
            continue
        tally.count()
        if now != bound:
            tally.fail(f"{where}: the blob {bound.sha256} is not what it was when it was renewed")
    if count != head.blobs:
        tally.fail(f"{where}: expected {head.blobs} blobs in the renewal manifest, found {count}")
    return gone


def _lines(file: FileIO) -> Iterator[bytes]:
    for line, ended, _ in lines(file, MAX_LINE_BYTES):
        if line is None or not ended:
            raise RecordError(f"renewal: expected whole lines of at most {MAX_LINE_BYTES} bytes")
        yield line


def _root512(path: Path, size: int) -> str:
    tree = Tree512()
    with open_regular(path) as file:
        for line, ended, _ in lines(file, MAX_BYTES):
            if tree.size == size or not ended:
                break
            tree.append(line if line is not None else b"")
    return tree.root() if tree.size == size else f"only {tree.size} entries"
