"""The faults, one at a time: what was changed in the good case, and the checks that fail because of it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from world import LOG, OPENINGS, PEOPLE, Files, World, blob_path, reading_of

from probanda.records.canonical import canonical
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import Entry, ObjectRef, Signature, encode, parse_entry

Changes = dict[str, bytes | None]


def faults(world: World) -> Iterator[tuple[str, str, list[str], Mapping[str, bytes | None]]]:
    """Name, the fault in words, the checks that fail, and the files that differ (`None`: taken away)."""
    files = world.files()
    lines = files[LOG].splitlines(keepends=True)
    entries = [parse_entry(line[:-1]) for line in lines]
    last = len(lines) - 1

    def with_lines(changed: list[bytes]) -> Changes:
        return {LOG: b"".join(changed)}

    def with_last(line: bytes) -> Changes:
        return with_lines([*lines[:-1], line + b"\n"])

    def resigned(seq: int, **fields: Any) -> Changes:
        return {LOG: world.resign(entries, lambda e: replace(e, **fields) if e.seq == seq else e)}

    def detailed(seq: int, **fields: Any) -> Changes:
        return resigned(seq, detail={**entries[seq].detail, **fields})

    def rows(derivations: list[Derivation], *more: bytes) -> Changes:
        data = encode_rows(derivations)
        blobs: dict[str, bytes | None] = {blob_path(hashlib.sha256(b).hexdigest()): b for b in (data, *more)}
        ref = ObjectRef("rows", hashlib.sha256(data).hexdigest(), len(data))
        return blobs | resigned(2, objects=(ref,), detail={"count": len(derivations)})

    def derived(step: str, inputs: str, role: str, data: bytes) -> Derivation:
        made = Output(role, hashlib.sha256(data).hexdigest(), len(data))
        return Derivation(Request(step, "1", (inputs,)), "succeeded", None, (made,))

    later = entries[3].time[:-2] + "9Z"
    yield (
        "log-line-edited",
        "the time of one entry was moved by a few milliseconds",
        ["log.chain", "log.signatures"],
        with_lines(
            [line.replace(entries[3].time.encode(), later.encode()) if n == 3 else line for n, line in enumerate(lines)]
        ),
    )
    yield (
        "log-last-line-edited",
        "the time of the last entry was moved by a few milliseconds",
        ["log.signatures"],
        with_last(lines[-1][:-1].replace(entries[-1].time.encode(), (entries[-1].time[:-2] + "9Z").encode())),
    )
    yield (
        "log-line-deleted",
        "one entry was taken out",
        ["log.chain", "log.sequence"],
        with_lines(lines[:3] + lines[4:]),
    )
    yield (
        "log-line-inserted",
        "one entry stands twice",
        ["log.chain", "log.sequence"],
        with_lines([*lines[:4], lines[3], *lines[4:]]),
    )
    yield (
        "log-lines-reordered",
        "two entries changed places",
        ["log.chain", "log.sequence", "log.time_order"],
        with_lines([*lines[:3], lines[4], lines[3], *lines[5:]]),
    )
    yield (
        "log-sequence-gap",
        "a number is left out, all lines linked and signed again",
        ["log.sequence"],
        {LOG: world.resign(entries, lambda e: replace(e, seq=e.seq + 1) if e.seq >= 5 else e)},
    )
    yield (
        "log-prev-wrong",
        "an entry names another hash than that of the line before it",
        ["log.chain"],
        resigned(5, prev="ab" * 32),
    )
    yield (
        "log-time-back",
        "an entry's time lies before that of the entry before it",
        ["log.time_order"],
        resigned(4, time="2026-11-22T06:00:00.000Z"),
    )
    yield (
        "log-not-canonical",
        "the last line has a space after a colon",
        ["log.canonical"],
        with_last(lines[-1][:-1].replace(b'"v":1', b'"v": 1')),
    )
    yield (
        "log-duplicate-key",
        "a key stands twice in the last line",
        ["log.canonical"],
        with_last(lines[-1][:-1].replace(b'"v":1', b'"v":1,"v":1')),
    )
    yield (
        "log-line-too-long",
        "the last line has more than 65,535 bytes",
        ["log.canonical"],
        with_last(canonical({**json.loads(lines[-1]), "zz": "x" * 65_536})),
    )
    yield (
        "log-torn-tail",
        "the last line stops before its end",
        ["log.torn_tail"],
        with_lines([*lines, lines[-1][:200]]),
    )
    yield "log-empty", "the log has no entry", ["key.agreement", "log.canonical"], {LOG: b""}
    yield "log-missing", "the log is not there", ["key.agreement", "log.canonical"], {LOG: None}
    yield (
        "signature-of-another-line",
        "the last line carries the signature of another entry by the same key",
        ["log.signatures"],
        with_last(
            encode(
                replace(
                    entries[-1], signature=Signature(entries[-1].signature.key, world.person.sign(b"something else"))
                )
            )
        ),
    )
    stranger = replace(
        entries[-1],
        signature=Signature(world.stranger.fingerprint, ""),
        agents=(replace(entries[-1].agents[0], id=world.stranger.agent),),
        act="dissemination",
        objects=(),
    )
    yield (
        "key-not-in-the-log",
        "the last line is signed, rightly, by a key that no entry brought in",
        ["log.signatures"],
        with_last(world.sign(stranger)),
    )
    mine = replace(entries[-1], signature=Signature(world.signer.fingerprint, ""))
    yield (
        "judgement-signed-by-another",
        "the entry of a judgement is signed by another person of the case",
        ["judgements.signed"],
        with_last(world.sign(replace(mine, agents=(replace(mine.agents[0], id=world.signer.agent),)))),
    )
    yield (
        "judgement-misquoted",
        "the entry names another decision than the judgement that it records",
        ["judgements.signed"],
        detailed(last, decision="rejected"),
    )
    yield (
        "registration-by-another",
        "a person was brought in by a key that is not the case's",
        ["key.agreement"],
        with_last(
            world.sign(
                replace(
                    entries[-1],
                    act="agent registration",
                    objects=(),
                    detail={
                        "agent": world.stranger.agent,
                        "key": world.stranger.fingerprint,
                        "public_key": base64.b64encode(world.stranger.public).decode(),
                    },
                )
            )
        ),
    )
    openings = files[OPENINGS].splitlines(keepends=True)
    yield (
        "opening-does-not-match",
        "an opening's value was changed",
        ["commitments.open"],
        {OPENINGS: files[OPENINGS].replace(b"Velin Post", b"Velin Mail")},
    )
    yield "opening-missing", "an opening was taken out", ["commitments.open"], {OPENINGS: b"".join(openings[:-1])}
    yield "openings-withheld", "no opening is here; nothing fails, commitments.open is unproven", [], {OPENINGS: None}
    offsets = blob_path(world.text)
    yield "blob-edited", "one byte of a blob was changed", ["blobs.digest"], {offsets: b"Offsets\n"}
    yield "blob-cut", "a blob lost its end", ["blobs.digest", "derivations.outputs"], {offsets: b"off"}
    yield "blob-missing", "a blob is not there", ["derivations.outputs"], {offsets: None}
    [own] = entries[-1].blobs("judgement")
    yield (
        "original-missing",
        "the bytes that were taken in are not there",
        ["blobs.present", "readings.anchored"],
        {blob_path(world.report): None},
    )
    yield (
        "judgement-missing",
        "the blob of a judgement is not there",
        ["blobs.present", "judgements.signed"],
        {blob_path(own.sha256): None},
    )
    yield (
        "blob-layout",
        "a file that is no blob lies among the blobs",
        ["blobs.layout"],
        {offsets + ".txt": b"offsets\n"},
    )
    yield (
        "blob-unreferenced",
        "a blob that no entry names; nothing fails",
        [],
        {blob_path(hashlib.sha256(b"alone").hexdigest()): b"alone"},
    )
    yield (
        "capture-id-wrong",
        "the date of publication was changed and the entry signed again",
        ["captures.complete"],
        detailed(1, published="2026-11-18"),
    )
    yield (
        "row-digest-wrong",
        "a row names another digest than its request's",
        ["derivations.outputs"],
        wrong_row(world, files, entries, resigned),
    )
    yield (
        "row-count-wrong",
        "the entry counts more rows than its rows blob has",
        ["derivations.outputs"],
        detailed(2, count=4),
    )
    yield (
        "derivation-without-capture",
        "an output was made from bytes that nobody took in",
        ["derivations.lead_to_capture"],
        rows([derived("text", "cd" * 32, "map", b"made\n")], b"made\n"),
    )
    shifted = canonical(reading_of(world.report, PEOPLE + 1))
    yield (
        "reading-not-anchored",
        "the passage of a reading stands one character beside its words",
        ["readings.anchored"],
        rows([derived("read", world.report, "reading", shifted)], shifted),
    )
    manifest = json.loads(files["probanda.json"])
    yield (
        "case-title-changed",
        "probanda.json has another title than the first entry commits to",
        ["case.identity"],
        {"probanda.json": canonical({**manifest, "title": "Another"}) + b"\n"},
    )
    yield (
        "case-newer-format",
        "probanda.json names a later format",
        ["case.format", "case.identity"],
        {"probanda.json": canonical({**manifest, "format": "probanda-case/2"}) + b"\n"},
    )
    yield "case-half-written", "probanda.json is not there", ["case.format", "case.identity"], {"probanda.json": None}
    yield (
        "key-file-swapped",
        "the file of the case's public key holds another person's key",
        ["key.agreement"],
        {f"keys/{world.signer.fingerprint}.pub.pem": files[f"keys/{world.person.fingerprint}.pub.pem"]},
    )
    yield (
        "unknown-act-and-field",
        "an act and a field of a later version; nothing fails",
        [],
        with_last(
            world.sign(replace(entries[-1], act="dissemination", objects=(), extra={"later": {"a": [1, 2.5, None]}}))
        ),
    )


def wrong_row(world: World, files: Files, entries: list[Entry], resigned: Callable[..., Changes]) -> Changes:
    [ref] = entries[2].blobs("rows")
    data = files[blob_path(ref.sha256)]
    digest = json.loads(data.splitlines()[2])["request_sha256"]
    changed = data.replace(digest.encode(), b"ef" * 32)
    name = hashlib.sha256(changed).hexdigest()
    out: Changes = {blob_path(name): changed}
    return out | resigned(2, objects=(ObjectRef("rows", name, len(changed)),), detail={"count": 3})
