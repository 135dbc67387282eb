"""Approvals of ways out: a good log that has one, and the faults of their own, each as changes of the good case.

Signed here line by line, so that the good case and every vector made from it stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from world import LOG, Seeded, World, blob_path

from probanda.preserve import acts, ways
from probanda.preserve.blobs import BlobRef
from probanda.preserve.keyring import create_key
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.records.entry import Agent, Entry, ObjectRef, Signature, encode, parse_entry, signed_bytes
from probanda.records.settings import Settings, encode_settings, settings
from probanda.records.way_out import Asked, encode_asked

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
Act = tuple[Draft, Signer]


def approval_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    asker, second = world.signer, world.person
    ids = sorted(
        str(entry.detail["capture"])
        for entry in map(parse_entry, world.files()[LOG].splitlines())
        if entry.act == "ingestion"
    )
    policy = settings(
        Settings("", (), (), 0, None, ("bundle", "casefile"), None, "Two persons answer for it.", asker.agent,
                 "2026-11-22T07:00:20.000Z", "c1" * 32)
    )  # fmt: skip
    whole = Asked("casefile", "court", tuple(ids), asker.agent)
    part = replace(whole, only=(ids[0],))
    public = replace(whole, audience="public")
    blobs = [encode_settings(policy), *(encode_asked(one) for one in (whole, part, public))]
    first = len(world.files()[LOG].splitlines())  # the number of the entry of the settings

    def assigned() -> Act:
        return acts.settings(policy, _ref(blobs[0])), asker

    def refused(asked: Asked = whole) -> Act:
        draft = ways.refusal(asked, "nobody approved", withheld=0, request=_ref(encode_asked(asked)))
        return replace(draft, committed_values={}), asker

    def approved(asked: Asked = whole, by: Signer = second) -> Act:
        return replace(ways.approval(_ref(encode_asked(asked)), "read"), committed_values={}), by

    def passed(asked: Asked = whole, approval: int | None = first + 2, by: Signer = asker) -> Act:
        return ways.dissemination(asked, withheld={}, approval=approval, request=_ref(encode_asked(asked))), by

    def log(*acted: Act, change: Callable[[Entry], Entry] = lambda entry: entry) -> dict[str, bytes | None]:
        return _with(world, blobs, acted, change)

    good = [assigned(), refused(), approved()]
    left = (ways.left(first + 3, files=["d1" * 32]), asker)
    yield (
        "approval-good",
        "a case file is refused, approved by a second person, and let out; a part of what was approved, too",
        [],
        log(*good, passed(), left, approved(), passed(part, first + 5)),
    )
    bad = ["approvals.proper"]
    yield "approval-used-twice", "one approval lets two case files out", bad, log(*good, passed(), passed())
    yield (
        "approval-none",
        "a case file leaves though the settings ask for a second person",
        bad,
        log(assigned(), passed(approval=None)),
    )
    yield "approval-not-there", "a passage names a refusal as its approval", bad, log(*good, passed(approval=first + 1))
    yield (
        "approval-by-who-asks",
        "who asks approves it",
        bad,
        log(assigned(), refused(), approved(by=asker)),
    )
    yield (
        "approval-by-who-asks-under-another-name",
        "who asks approves it and names a second person beside themselves",
        bad,
        log(
            assigned(), refused(), approved(by=asker),
            change=lambda entry: replace(entry, agents=(Agent(second.agent, "authorizer"), *entry.agents))
            if entry.act == "approval" else entry,
        ),
    )  # fmt: skip
    yield (
        "approval-of-another-list",
        "what is let out is more than what was approved",
        bad,
        log(assigned(), refused(part), approved(part), passed(whole)),
    )
    yield (
        "approval-for-another-audience",
        "what was approved for a court is let out to the public",
        bad,
        log(*good, passed(public)),
    )
    yield "approval-unasked", "something is approved that nobody had asked for", bad, log(assigned(), approved())
    yield (
        "approval-misquoted",
        "the entry of an approval states the digest of another request",
        bad,
        log(
            *good,
            change=lambda entry: (
                replace(entry, detail={"request": _ref(blobs[2]).sha256}) if entry.act == "approval" else entry
            ),
        ),
    )
    with TemporaryDirectory() as folder:
        late = create_key(Path(folder), Seeded("probanda approval vectors"))
        public_key = (Path(folder) / f"{late.fingerprint}.pub.pem").read_bytes()
    yield (
        "approval-by-a-newcomer",
        "the second person came into the case after it was asked",
        bad,
        log(assigned(), refused(), (replace(acts.registration(late, "Ivo Marek"), committed_values={}), asker),
            approved(by=late)) | {f"keys/{late.fingerprint}.pub.pem": public_key},
    )  # fmt: skip
    yield (
        "approval-passage-by-another",
        "the second person lets out what another asked for",
        bad,
        log(*good, passed(by=second)),
    )


def _ref(data: bytes) -> BlobRef:
    return BlobRef(hashlib.sha256(data).hexdigest(), len(data))


def _with(
    world: World, blobs: list[bytes], acted: tuple[Act, ...], change: Callable[[Entry], Entry]
) -> dict[str, bytes | None]:
    """The good case's log with further entries, and the blobs that they name."""
    changed: dict[str, bytes | None] = {}
    lines = world.files()[LOG].splitlines()
    for draft, signer in acted:
        fields: dict[str, Any] = {name: getattr(draft, name) for name in ("act", "objects", "outcome", "detail")}
        entry = Entry(
            v=1, seq=len(lines), prev=leaf_hash(lines[-1]).hex(), time=f"2026-11-22T07:01:{len(lines):02d}.000Z",
            agents=(Agent(signer.agent, "implementer"),), committed={}, signature=Signature(signer.fingerprint, ""),
            **fields,
        )  # fmt: skip
        entry = change(entry)
        value = signer.sign(signed_bytes(entry))
        lines.append(encode(replace(entry, signature=Signature(signer.fingerprint, value))))
        named = {one.sha256 for one in draft.objects if isinstance(one, ObjectRef)}
        changed |= {blob_path(_ref(data).sha256): data for data in blobs if _ref(data).sha256 in named}
    changed[LOG] = b"".join(line + b"\n" for line in lines)
    return changed
