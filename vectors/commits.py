"""Committed digests, the root over rows, changes of protection: a good log that has them, and the faults of their own,
each as changes of the good case.

Signed here line by line, so that the good case and every vector made from it stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from world import LOG, OPENINGS, World, blob_path

from probanda.preserve import acts, captures
from probanda.preserve.blobs import BlobRef
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.openings import Opening, seal
from probanda.preserve.protections import protection_change
from probanda.preserve.rows import rows_root, with_nonce
from probanda.records.canonical import Json, canonical
from probanda.records.codec import to_json
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import PROTECTION, Agent, CommittedRef, Entry, Signature, parse_entry
from probanda.records.protection import Protection

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
Changes = dict[str, bytes | None]

PHOTOGRAPH = b"A photograph that somebody else has too.\n"
MAP = b"offsets of the photograph\n"


def commitment_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    photograph, made = _ref(PHOTOGRAPH), _ref(MAP)
    rows = encode_rows(
        with_nonce(derivation, bytes([number]).__mul__)
        for number, derivation in enumerate(
            [
                Derivation(
                    Request("text", "1", (photograph.sha256,)), "succeeded", None,
                    (Output("map", made.sha256, made.size),),
                ),
                Derivation(Request("ocr", "1", (photograph.sha256,)), "unavailable", "tesseract is not installed"),
            ],
            1,
        )
    )  # fmt: skip
    root = rows_root(rows)
    blobs: Changes = {blob_path(_ref(one).sha256): one for one in (PHOTOGRAPH, MAP, rows)}

    def taken_in(blob: BlobRef = photograph, protection: Protection | None = None) -> Draft:
        return captures.ingestion(blob, nonce="b1" * 32, salt=b"\xb2" * 32, name="photograph.jpg", source="Velin Post",
                                  published="2026-11-17", media_type="image/jpeg",
                                  protection=protection)  # fmt: skip

    def log(drafts: Sequence[Draft], change: Callable[[Entry], Entry] = lambda entry: entry) -> Changes:
        return blobs | with_drafts(world, drafts, change)

    derived = acts.derivation(_ref(rows), 2, root)
    good = [taken_in(), derived]
    yield (
        "committed-good",
        "an item whose digest is committed, and what was derived from it, with the root over the rows; nothing fails",
        [],
        log(good),
    )
    yield (
        "committed-public",
        "an item marked public, whose digest stands openly; nothing fails",
        [],
        log([taken_in(protection=Protection("public")), derived]),
    )
    whole = log(good)
    openings = whole[OPENINGS] or b""
    outcome = next(line for line in openings.splitlines(keepends=True) if photograph.sha256.encode() in line)
    yield (
        "committed-opening-missing",
        "the opening of a committed digest was taken out; what was derived leads to a capture only behind it",
        ["commitments.open"],
        whole | {OPENINGS: openings.replace(outcome, b"")},
    )
    yield (
        "committed-opening-of-other-bytes",
        "the opening of a committed digest was changed to name other bytes, which the case holds too",
        ["commitments.open"],
        whole | {OPENINGS: openings.replace(photograph.sha256.encode(), world.report.encode())},
    )
    yield (
        "committed-size-wrong",
        "the commitment opens, rightly, to a size that the bytes do not have",
        ["blobs.present"],
        log([taken_in(replace(photograph, size=photograph.size + 1)), derived]),
    )
    words = seal("a photograph", b"\xb3" * 32)
    yield (
        "committed-no-digest",
        "the commitment opens, rightly, to something that is no digest and size",
        ["captures.complete", "derivations.lead_to_capture"],
        log([_committing(taken_in(), words), derived]),
    )
    yield (
        "committed-capture-id-wrong",
        "the marking was changed, and the entry signed again; the id of the capture does not follow from it",
        ["captures.complete"],
        log(good, lambda entry: _marked(entry, "internal") if entry.act == "ingestion" else entry),
    )
    yield (
        "rows-root-wrong",
        "the entry states another root than that over its rows",
        ["derivations.outputs"],
        log([taken_in(), acts.derivation(_ref(rows), 2, "ab" * 32)]),
    )
    item = str(taken_in().detail["capture"])
    changed = protection_change(item, Protection("identity_protected", risk="high"), "She is named in it.")
    loosened = protection_change(item, Protection("public"), "The paper has printed it.")
    protections = ["protection.changes"]
    yield (
        "protection-changed",
        "the protection of an item is tightened and then loosened, which opens nothing; nothing fails",
        [],
        log([*good, changed, loosened]),
    )
    other = replace(changed, detail={**changed.detail, "capture": "capture:" + "cd" * 32})
    yield (
        "protection-of-unknown-item",
        "the protection of an item is changed that came in at no entry",
        protections,
        log([*good, other]),
    )
    yield (
        "protection-before-the-item",
        "the protection of an item is changed before the item comes in",
        protections,
        log([changed, *good]),
    )
    secret = {**_plain(changed.detail["protection"]), "marking": "secret"}
    yield (
        "protection-not-understood",
        "the protection of an item is changed to a marking that there is not",
        protections,
        log([*good, replace(changed, detail={**changed.detail, "protection": secret})]),
    )
    yield (
        "protection-without-reason",
        "the protection of an item is changed and no reason is committed to",
        protections,
        log([*good, replace(changed, committed_values={})]),
    )
    yield (
        "protection-by-a-stranger",
        "the protection of an item is changed by a key that no entry brought in",
        ["log.signatures"],
        log([*good, changed], lambda entry: _by(entry, world.stranger) if entry.act == PROTECTION else entry),
    )
    swapped = b"".join(reversed(rows.splitlines(keepends=True)))
    yield (
        "rows-moved",
        "two rows changed places in a blob of their own, and the entry keeps the root over the others",
        ["derivations.outputs"],
        log([taken_in(), acts.derivation(_ref(swapped), 2, root)]) | {blob_path(_ref(swapped).sha256): swapped},
    )


def with_drafts(
    world: World,
    drafts: Sequence[Draft],
    change: Callable[[Entry], Entry] = lambda entry: entry,
    openings: Sequence[Opening] = (),
) -> Changes:
    """The good case's log with further entries by who made the case, and its openings with theirs."""
    files = world.files()
    lines, kept = files[LOG].splitlines(), [*openings]
    for draft in drafts:
        values = {
            name: seal(value, hashlib.sha256(f"{len(lines)} {name}".encode()).digest())
            for name, value in draft.committed_values.items()
        }
        kept += [*draft.openings, *values.values()]
        fields: dict[str, Any] = {name: getattr(draft, name) for name in ("act", "objects", "outcome", "detail")}
        entry = Entry(
            v=1, seq=len(lines), prev=leaf_hash(lines[-1]).hex(), time=_later(lines[-1]),
            agents=(Agent(world.signer.agent, "implementer"),), signature=Signature(world.signer.fingerprint, ""),
            committed={name: opening.commitment for name, opening in values.items()}, **fields,
        )  # fmt: skip
        lines.append(world.sign(change(entry)))
    return {
        LOG: b"".join(line + b"\n" for line in lines),
        OPENINGS: files[OPENINGS] + b"".join(canonical(to_json(opening)) + b"\n" for opening in kept),
    }


def _committing(draft: Draft, opening: Opening) -> Draft:
    """The ingestion, its outcome committed to what `opening` opens to."""
    stated = {name: draft.detail[name] for name in ("nonce", "protection", "published", "media_type")}
    return replace(
        draft,
        objects=(CommittedRef(captures.OUTCOME, opening.commitment),),
        openings=(opening,),
        detail={**stated, "capture": _identified({"committed": opening.commitment, **stated})},
    )


def _identified(body: Json) -> str:
    return "capture:" + hashlib.sha256(canonical(body)).hexdigest()


def _marked(entry: Entry, marking: str) -> Entry:
    return replace(
        entry, detail={**entry.detail, "protection": {**_plain(entry.detail["protection"]), "marking": marking}}
    )


def _plain(protection: Json) -> dict[str, Json]:
    assert isinstance(protection, Mapping)
    return dict(protection)


def _by(entry: Entry, signer: Signer) -> Entry:
    return replace(entry, agents=(Agent(signer.agent, "implementer"),), signature=Signature(signer.fingerprint, ""))


def _ref(data: bytes) -> BlobRef:
    return BlobRef(hashlib.sha256(data).hexdigest(), len(data))


def _later(line: bytes) -> str:
    """A second after the entry before."""
    before = parse_entry(line).time
    return f"{before[:17]}{int(before[17:19]) + 1:02d}{before[19:]}"
