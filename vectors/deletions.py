"""Deletions: a log that has a good one, and the faults of their own, each as changes of the good case.

Signed here line by line, so that the good case and every vector made from it stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from world import LOG, OPENINGS, World, blob_path

from probanda.preserve import captures
from probanda.preserve.blobs import BlobRef
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.openings import Opening, seal
from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.deletion import LIST_ROLE, Removed, encode_list
from probanda.records.entry import DELETION, Agent, Entry, ObjectRef, Signature
from probanda.records.protection import Protection

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
_LETTER = b"A letter that its writer wants back.\n"


def deletion_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    letter = _ref(_LETTER)
    came = captures.ingestion(letter, nonce="d1" * 32, salt=b"\xd2" * 32, protection=Protection(marking="public"))
    capture = str(came.detail["capture"])
    taken = [Removed(letter.sha256, letter.size, "capture")]
    bad = ["deletions.complete"]

    def files(
        listed: list[Removed], *, by: Signer | None = None, times: int = 1, **more: Any
    ) -> dict[str, bytes | None]:
        return _with(world, came, capture, listed, by or world.signer, times, more)

    yield "deletion-good", "an item was deleted: its entry stays, its bytes are gone; nothing fails", [], files(taken)
    yield (
        "deletion-not-carried-out",
        "the bytes that a deletion lists are still there",
        bad,
        files(taken) | {blob_path(letter.sha256): _LETTER},
    )
    yield (
        "deletion-by-a-stranger",
        "a key that no entry brought in signed the deletion",
        ["blobs.present", *bad, "log.signatures"],
        files(taken, by=world.stranger),
    )
    [text] = [Removed(world.text, 8, "derived")]
    yield (
        "deletion-of-more",
        "the deletion lists, and took, what was made of another item",
        [*bad, "derivations.outputs"],
        files([*taken, text]) | {blob_path(world.text): None},
    )
    yield (
        "deletion-without-list",
        "the deletion does not say what it took",
        ["blobs.present", *bad],
        files(taken, objects=()),
    )
    yield (
        "deletion-without-ground",
        "the deletion names a ground that is none, and so accounts for nothing",
        ["blobs.present", *bad],
        files(taken, detail={"capture": capture, "basis": "convenience", "openings": []}),
    )
    yield "deletion-twice", "the same item is deleted a second time", bad, files(taken, times=2)


def _with(
    world: World, came: Draft, capture: str, listed: list[Removed], by: Signer, times: int, more: Mapping[str, Any]
) -> dict[str, bytes | None]:
    """The good case's log with an item that came in and its deletion."""
    data = encode_list(listed)
    ref = _ref(data)
    lines = world.files()[LOG].splitlines()
    sealed: list[Opening] = []
    lines.append(world.sign(_entry(lines, came, world.signer, {})))
    for number in range(times):
        openings = {
            "authority": seal("a court", bytes([0xD3 + number]) * 32),
            "reason": seal("an order", bytes([0xE3 + number]) * 32),
        }
        sealed += openings.values()
        draft = Draft(
            DELETION,
            objects=(ObjectRef(LIST_ROLE, ref.sha256, ref.size),),
            detail={"capture": capture, "basis": "law", "openings": []},
        )
        committed = {name: one.commitment for name, one in openings.items()}
        lines.append(world.sign(replace(_entry(lines, draft, by, committed), **more)))
    kept = b"".join(canonical(to_json(one)) + b"\n" for one in sealed)
    return {
        LOG: b"".join(line + b"\n" for line in lines),
        OPENINGS: world.files()[OPENINGS] + kept,
        blob_path(ref.sha256): data,
    }


def _entry(lines: list[bytes], draft: Draft, by: Signer, committed: Mapping[str, str]) -> Entry:
    return Entry(
        v=1, seq=len(lines), prev=leaf_hash(lines[-1]).hex(), time=f"2026-11-22T07:01:{len(lines):02d}.000Z",
        act=draft.act, agents=(Agent(by.agent, "implementer"),), objects=draft.objects, outcome="success",
        detail=draft.detail, committed=committed, signature=Signature(by.fingerprint, ""),
    )  # fmt: skip


def _ref(data: bytes) -> BlobRef:
    return BlobRef(hashlib.sha256(data).hexdigest(), len(data))
