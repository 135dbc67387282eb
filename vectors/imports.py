"""What came from another case: a good import, and the faults of imports, each as changes of the good case.

The foreign case is another one of the same making, with keys of its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bundle_files import bundle_files, with_checkpoint
from commits import with_drafts
from world import World, blob_path

from probanda.preserve import captures, transfer
from probanda.preserve.blobs import BlobRef
from probanda.preserve.log import Draft
from probanda.preserve.openings import parse_opening
from probanda.records.entry import Entry, ObjectRef, parse_entry
from probanda.records.protection import Protection

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
_KEPT = ("data/log/entries.jsonl", "data/log/checkpoint", "data/case.json", "data/withheld.json", "anchors/log.pub.pem")
_BROKEN = ["imports.intact"]


def import_vectors(world: World, folder: Path) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case. `folder` is for the foreign
    case."""
    theirs = World(folder, "probanda vectors of another case")
    files = bundle_files(theirs.files(), theirs.signer)
    other = with_checkpoint(files, theirs.stranger)["data/log/checkpoint"]
    entry = parse_entry(files["data/log/entries.jsonl"].splitlines()[1])
    opened = [parse_opening(line) for line in files["data/log/openings.jsonl"].splitlines()]
    at = len(world.files()["log/entries.jsonl"].splitlines())

    def log(
        said: Callable[[transfer.Transfer], transfer.Transfer] = lambda said: said,
        items: Sequence[Draft] | None = None,
        swap: Mapping[str, bytes] | None = None,
    ) -> Mapping[str, bytes | None]:
        kept = {name: (swap or {}).get(name, files[name]) for name in _KEPT}
        rows = [transfer.Kept(name, str(transfer.role_of(name)), *ref(data)) for name, data in kept.items()]
        listed = transfer.encode_list(rows)
        first = transfer.transfer(said(stated(theirs, files, at)), rows, BlobRef(*ref(listed)), ())
        blobs: dict[str, bytes | None] = {blob_path(ref(data)[0]): data for data in (*kept.values(), listed)}
        drafts = [first, *([item(entry, at)] if items is None else items)]
        return blobs | with_drafts(world, drafts, openings=opened)

    yield "import-good", "an item that came from another case, with that case's log; nothing fails", [], log()
    yield "import-interrupted", "a transfer whose item did not come in yet; nothing fails", [], log(items=[])
    yield (
        "import-of-another-root", "the entry of a transfer states another root than the kept log has", _BROKEN,
        log(lambda said: replace(said, root="ab" * 32)),
    )  # fmt: skip
    yield (
        "import-of-fewer-entries", "the entry of a transfer states fewer entries than the kept log has", _BROKEN,
        log(lambda said: replace(said, size=said.size - 1)),
    )  # fmt: skip
    yield (
        "import-checkpoint-by-another", "the kept checkpoint is signed by another key than the foreign log's", _BROKEN,
        log(swap={"data/log/checkpoint": other}),
    )  # fmt: skip
    yield (
        "import-key-of-another", "the kept key is not the one that the entry names", _BROKEN,
        log(swap={"anchors/log.pub.pem": files[f"data/keys/{theirs.person.fingerprint}.pub.pem"]}),
    )  # fmt: skip
    yield (
        "import-other-bytes", "an item has other bytes than the foreign entry names", _BROKEN,
        log(items=[item(entry, at, BlobRef(world.text, len(b"offsets\n")))]),
    )  # fmt: skip
    yield (
        "import-of-another-entry", "an item names a foreign entry that is of another item", _BROKEN,
        log(items=[item(entry, at, seq=4)]),
    )  # fmt: skip
    yield (
        "import-twice", "a foreign entry came in twice with one transfer", _BROKEN,
        log(lambda said: replace(said, items=2), items=[item(entry, at), item(entry, at)]),
    )  # fmt: skip
    yield (
        "import-without-transfer", "an item names a transfer that is none", _BROKEN, log(items=[item(entry, at - 1)]),
    )  # fmt: skip


def stated(theirs: World, files: Mapping[str, bytes], seq: int) -> transfer.Transfer:
    lines = files["data/log/checkpoint.body"].decode().splitlines()
    root = transfer_root(files)
    case = "case:" + lines[0].removeprefix("probanda/")
    return transfer.Transfer(
        seq, "", case, lines[0], int(lines[1]), root, theirs.signer.fingerprint, False,
        hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest(), 1, "court", (), "Velin",
    )  # fmt: skip


def transfer_root(files: Mapping[str, bytes]) -> str:
    return base64.b64decode(files["data/log/checkpoint.body"].splitlines()[2]).hex()


def item(entry: Entry, transfer_seq: int, blob: BlobRef | None = None, seq: int | None = None) -> Draft:
    """What came in of a foreign ingestion; the report of the good case is the same bytes."""
    [theirs] = (one for one in entry.objects if isinstance(one, ObjectRef))
    return captures.ingestion(
        blob or BlobRef(theirs.sha256, theirs.size),
        nonce="c7" * 32,
        salt=b"\xc8" * 32,
        published="2026-11-17",
        protection=Protection("public"),
        origin={
            "format": transfer.FORMAT,
            "transfer": transfer_seq,
            "seq": entry.seq if seq is None else seq,
            "capture": str(entry.detail["capture"]),
        },
    )


def ref(data: bytes) -> tuple[str, int]:
    return hashlib.sha256(data).hexdigest(), len(data)
