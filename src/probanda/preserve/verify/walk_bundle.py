"""What a bundle has beside a log and its blobs: who signed it, and what it leaves out.

Guarantees: the signature is looked for where the key is the log's own, so that a bundle signed by anybody else, or a
signature taken from another bundle, holds nothing; what is missing from a bundle is missing because it says so, and
what it says it withholds is not there. Memory: one number for each reason.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from probanda.preserve.checkpoint import log_key
from probanda.preserve.keys import fingerprint, public_pem, read_public_pem, signature_holds_raw
from probanda.preserve.manifest import MANIFEST
from probanda.preserve.regular import open_regular
from probanda.preserve.stamped import foreign_anchors
from probanda.preserve.verify.bag import SMALL_BYTES, Bag, check_manifests
from probanda.preserve.verify.bundle_copies import Copies
from probanda.preserve.verify.bundle_metadata import Metadata
from probanda.preserve.verify.bundle_proofs import Proofs, check_tiles
from probanda.preserve.verify.checks import BundleFacts, Tallies, Tally
from probanda.preserve.verify.unzip import unpack
from probanda.preserve.verify.walk import Ground
from probanda.preserve.verify.walk_log import Progress
from probanda.preserve.verify.withheld import Stated
from probanda.records.entry import INGESTION, Entry

_PEM_BYTES: Final = 4096
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle as a folder, and what was wrong with the ZIP that it came in."""

    folder: Path
    wrong: Tally


def is_bundle(path: Path) -> bool:
    """Whether `path` is to be checked as a bundle: any file, and a folder that has parts of a bundle and is no case."""
    if path.is_file():
        return True
    parts = ("bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data", "anchors")
    return not os.path.lexists(path / MANIFEST) and any(os.path.lexists(path / part) for part in parts)


@contextmanager
def opened_bundle(path: Path, scratch: Path | None, progress: Progress) -> Iterator[OpenedBundle]:
    """The bundle as a folder; a ZIP is unpacked into a private folder in `scratch` that is gone afterwards."""
    wrong = Tally("bundle.layout")
    if not path.is_file():
        yield OpenedBundle(path, wrong)
        return
    with tempfile.TemporaryDirectory(prefix="probanda-", dir=scratch) as name:  # readable by its owner alone
        unpack(path, Path(name), wrong, lambda done, total: progress("unpacking", done, total))
        yield OpenedBundle(Path(name), wrong)


class Bundle:
    """A walk: which items are shown, whether what is left out is what `withheld.json` says; then, in `settle`, what
    lies around the log."""

    def __init__(self, ground: Ground, folder: Path, bag: Bag, stated: Stated) -> None:
        self._folder, self._bag, self._stated = folder, bag, stated
        self._log, self._tallies, self._certificates = ground.log, ground.tallies, ground.certificates
        self._items = 0
        self._hidden: Counter[str] = Counter()
        self._proofs = Proofs(folder, ground.tallies, ground.log)
        self._metadata = Metadata(folder, ground.tallies)
        self._copies = Copies(folder, ground.tallies["checkpoints.signed"])

    def see(self, entry: Entry) -> None:
        self._metadata.see(entry)
        self._copies.see(entry)
        if entry.act != INGESTION or entry.outcome != "success":
            return
        reason = self._stated.entries.get(entry.seq)
        if reason is None:
            self._items += 1
            self._proofs.see(entry)
        else:
            self._hidden[reason] += 1

    def close(self) -> None:
        tally = self._tallies["bundle.withheld"]
        beyond = [seq for seq in self._stated.entries if seq >= self._log.size]
        if beyond:
            tally.fail(f"withheld.json names entry {min(beyond)}, and the log has {self._log.size}")
        stated = {count.reason: count.count for count in self._stated.counts if count.what == "items"}
        for reason in sorted(self._hidden.keys() | stated.keys()):
            if self._hidden[reason] != stated.get(reason, 0):
                tally.fail(
                    f"withheld.json counts {stated.get(reason, 0)} items for the reason {reason!r:.80}, and names "
                    f"{self._hidden[reason]}"
                )

    def settle(self, progress: Progress) -> BundleFacts:
        """After all blobs were looked at."""
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress("files", done, max(done, self._bag.octets))

        check_manifests(self._folder, self._bag, self._tallies, advance)
        creation, key = self._log.creation, self._log.keys.get(self._log.persons.case_key or "")
        _signature(self._folder, key, self._tallies)
        if creation is not None and key is not None:
            _vkey(self._folder / "anchors" / "log.vkey", str(creation.detail.get("case")), key, self._tallies)
        self._metadata.settle()
        self._copies.settle()
        check_tiles(self._folder, self._log.size, self._tallies)
        self._proofs.settle(str(creation.detail.get("case")) if creation else None)
        tally = self._tallies["bundle.withheld"]
        if missing := self._tallies["blobs.present"].failed + self._tallies["derivations.outputs"].failed:
            tally.fail(f"{missing} blobs or rows are missing or not as stated, and withheld.json does not say so")
        if unled := self._tallies["blobs.unreferenced"].counted:
            tally.fail(f"{unled} blobs are there that nothing shown leads to: withheld.json says they are not")
        return BundleFacts(
            self._stated.audience, self._items, len(self._stated.entries), self._stated.counts,
            foreign_anchors(self._folder, self._certificates),
        )  # fmt: skip


def _signature(folder: Path, key: bytes | None, tallies: Tallies) -> None:
    """anchors/tagmanifest.sig, by the log's key (`key`, raw), over the tag manifest."""
    tally = tallies["bundle.signature"]
    tally.count()
    if key is None:
        tally.decide("not_run", "the log's key could not be read")
        return
    try:
        pem = _read(folder / "anchors" / "log.pub.pem", _PEM_BYTES)
        public = read_public_pem(pem)
        if pem != public_pem(public):  # nothing else covers this file, so it may hold nothing else
            raise ValueError("expected a public key and nothing else in anchors/log.pub.pem")
        signature = _read(folder / "anchors" / "tagmanifest.sig", _SIGNATURE_BYTES)
        signed = _read(folder / "tagmanifest-sha256.txt", SMALL_BYTES)
    except (OSError, ValueError) as error:
        tally.fail(str(error) if isinstance(error, ValueError) else f"{Path(error.filename).name}: {error.strerror}")
        return
    if public != key:
        tally.fail(
            f"anchors/log.pub.pem is the key {fingerprint(public)}, and the log's is {fingerprint(key)}: a signature "
            "by another key shows nothing"
        )
    if not signature_holds_raw(key, signature, signed):
        tally.fail("anchors/tagmanifest.sig is no signature of tagmanifest-sha256.txt by the log's key")


def _vkey(path: Path, case: str, key: bytes, tallies: Tallies) -> None:
    """anchors/log.vkey, where it is there: the same key, as other tools want it. No list covers it."""
    if not os.path.lexists(path):
        return
    try:
        if _read(path, _PEM_BYTES) != f"{log_key(case, key).vkey}\n".encode():
            raise ValueError("expected the log's key, found something else")
    except (OSError, ValueError) as error:
        tallies["bundle.signature"].fail(f"anchors/log.vkey: {error}")


def _read(path: Path, most: int) -> bytes:
    with open_regular(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"expected at most {most} bytes in {path.name}, found more")
    return data
