"""The small case that every vector starts from, made through the real code and seeded: the same each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from probanda.preserve import acts, case_folder
from probanda.preserve.blobs import BlobRef
from probanda.preserve.keyring import create_key
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.records.canonical import Json, canonical, identify
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import Entry, ObjectRef, Signature, encode, signed_bytes
from probanda.records.judgement import Judgement, encode_judgement, judge

LOG = "log/entries.jsonl"
OPENINGS = "private/openings.jsonl"
Files = dict[str, bytes]

REPORT = "Mirek Sandor said on Tuesday that more than 40 people had been moved from Velin.\n"
PEOPLE = REPORT.index("people")


class Seeded:
    """Random bytes that are the same in every run."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._seed}:{self._count}".encode()).digest(size)


class Ticking:
    """A clock that moves on by one second each time it is read."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 22, 7, 0, 0, 123_000, UTC)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


class World:
    """A small case, made through the real code: two captures of one report, a batch of derivations, a failure, a second
    person and her judgement."""

    def __init__(self, folder: Path, seed: str = "probanda vectors") -> None:
        self.random = Seeded(seed)
        self.folder = folder / "case"
        case = case_folder.create(self.folder, "Velin", "Jana Orlik", Ticking(), self.random)

        def nonce() -> str:
            return self.random(32).hex()

        report = case.blobs.put(REPORT.encode())
        case.append([open_ingestion(report, nonce(), "2026-11-17", name="velin.txt", source="Velin Post")])
        self.report = report.sha256
        self.reading = case.blobs.put(canonical(reading_of(self.report, PEOPLE)))
        text = case.blobs.put(b"offsets\n")
        self.text = text.sha256
        rows = encode_rows(
            [
                Derivation(Request("text", "1", (report.sha256,)), "succeeded", None, (output("map", text),)),
                Derivation(
                    Request("read", "1", (report.sha256,)), "succeeded", None, (output("reading", self.reading),)
                ),
                Derivation(Request("ocr", "1", (report.sha256,)), "unavailable", "tesseract is not installed"),
            ]
        )
        case.append([acts.derivation(case.blobs.put(rows), 3)])
        case.append([acts.failure("ingestion", "the file vanished while it was read", name="gone.txt")])
        case.append([open_ingestion(report, nonce(), None, name="again.txt")])
        self.person = case_folder.register_agent(case, "Petra Halloun", self.random)
        self.stranger = create_key(self._elsewhere(folder), self.random)
        claim = "claim:" + "1" * 64
        record = judge(about=(claim,), decision="confirmed", reason="The passage says so.", by=self.person.agent,
                       at="2026-11-22T07:00:09.000Z", nonce=nonce())  # fmt: skip
        case.append([open_judgement(record, case.blobs.put(encode_judgement(record)))], self.person.agent)
        self.signer = case.signer()

    def _elsewhere(self, folder: Path) -> Path:
        keys = folder / "stranger"
        keys.mkdir()
        return keys

    def files(self) -> Files:
        """What stands in the folder, without private keys, locks and the text for people."""
        out = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and not name.endswith((".key.pem", ".lock", "README.txt")):
                out[name] = path.read_bytes()
        return out

    def key_of(self, fingerprint: str) -> Signer:
        return next(s for s in (self.signer, self.person, self.stranger) if s.fingerprint == fingerprint)

    def resign(self, entries: list[Entry], change: Callable[[Entry], Entry]) -> bytes:
        """The log as who holds the keys could write it: each entry changed, linked to the one before, signed."""
        lines: list[bytes] = []
        for entry in entries:
            prev = leaf_hash(lines[-1]).hex() if lines else entry.prev
            lines.append(self.sign(change(replace(entry, prev=prev))))
        return b"".join(line + b"\n" for line in lines)

    def sign(self, entry: Entry) -> bytes:
        signer = self.key_of(entry.signature.key)
        return encode(replace(entry, signature=Signature(signer.fingerprint, signer.sign(signed_bytes(entry)))))


def open_ingestion(blob: BlobRef, nonce: str, published: str | None, **committed: Json) -> Draft:
    """As the first versions wrote it: the digest stands openly, whatever the marking. Written out, so that these files
    stay as they are."""
    protection: Json = {"conditions": [], "consent": None, "marking": "restricted", "risk": "unknown"}
    stated: dict[str, Json] = {"media_type": None, "nonce": nonce, "protection": protection, "published": published}
    identity = identify("capture", {"blob": blob.sha256, "size": blob.size, **stated})
    outcome = ObjectRef("outcome", blob.sha256, blob.size)
    return Draft("ingestion", (), (outcome,), detail={"capture": identity, **stated}, committed_values=committed)


def open_judgement(record: Judgement, blob: BlobRef) -> Draft:
    """As the first versions wrote it: what it is about stands openly in the entry."""
    draft = acts.judgement(record, blob)
    return replace(draft, detail={**draft.detail, "about": list(record.about)})


def reading_of(document: str, start: int) -> Json:
    """A whole reading (spec/reading.md) with one claim, whose passage is "people" where `start` is right. Written out,
    so that these files stay as they are when the record learns more."""
    none = "quantity effect who subset_of cumulative_since as_of corrects verification where when".split()
    claim: dict[str, Json] = {
        **dict.fromkeys(none),
        "id": "claim:" + "1" * 64,
        "kind": "displacement",
        "passage": {"start": start, "end": start + 6, "text": "people"},
        "source": {"narrator": True},
        "modality": "accomplished",
        "negated": False,
    }
    lists = ("quotations", "events", "places", "times", "weapons", "objects", "labels", "rejected", "extractors")
    info: dict[str, Json] = {"sha256": document, "chars": len(REPORT), "published": "2026-11-17", "language": "en"}
    return {**{name: [] for name in lists}, "document": info, "claims": [claim]}


def output(role: str, blob: BlobRef) -> Output:
    return Output(role, blob.sha256, blob.size)


def blob_path(sha256: str) -> str:
    return f"blobs/sha256/{sha256[:2]}/{sha256}"
