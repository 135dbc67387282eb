"""Incidents and relations: a good log that has some, and the faults of their own, each as changes of the good case.

Signed here line by line, so that the good case and every vector made from it stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from world import LOG, World, blob_path

from probanda.preserve import acts
from probanda.preserve.blobs import BlobRef
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.records.entry import Agent, Entry, Signature, parse_entry
from probanda.records.incident import Incident, Relation, Where, encode_record, identified

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
_CLAIM = "claim:" + "1" * 64


@dataclass(frozen=True)
class Acted:
    """An entry to be, and the blob of what it records."""

    draft: Draft
    blob: bytes


def incident_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    by = world.person.agent
    at = "2026-11-22T07:00:20.000Z"
    moved = identified(
        Incident(
            id="", title="Removal of people from Velin", type="displacement", where=Where("Velin", 48.25, 37.5, 3000),
            when=None, members=(_CLAIM,), reason="The report names the town.", by=by, at=at, nonce="a1" * 32,
        )
    )  # fmt: skip
    revised = identified(
        replace(moved, members=(), reason="The claim is of another day.", nonce="a2" * 32, supersedes=moved.id)
    )
    convoy = identified(replace(moved, title="Convoy out of Velin", members=(), nonce="a3" * 32))
    part = identified(Relation("", "part_of", convoy.id, moved.id, "The convoy carried them.", by, at, "a4" * 32))
    good = [incident(moved), incident(revised), incident(convoy), relation(part)]

    def log(acted: list[Acted], change: Callable[[Entry], Entry] = lambda entry: entry) -> dict[str, bytes | None]:
        return _with(world, acted, change)

    yield (
        "incident-good",
        "two incidents, one of them in two versions, and a relation between them; nothing fails",
        [],
        log(good),
    )
    bad = ["incidents.signed"]
    other = world.signer
    yield (
        "incident-signed-by-another",
        "the entry of an incident is signed by another person of the case",
        bad,
        log(
            [incident(moved)],
            lambda entry: replace(
                entry, agents=(Agent(other.agent, "implementer"),), signature=Signature(other.fingerprint, "")
            ),
        ),
    )
    yield (
        "incident-misquoted",
        "the entry counts other members than the incident has",
        bad,
        log([incident(moved)], lambda entry: replace(entry, detail={**entry.detail, "members": 2})),
    )
    yield (
        "incident-id-wrong",
        "the incident's id does not follow from its content",
        bad,
        log([incident(replace(moved, title="Evacuation of Velin"))]),
    )
    missing = log([incident(moved)])
    missing.pop(next(name for name in missing if name != LOG))
    yield "incident-missing", "the blob of an incident is not there", ["blobs.present", *bad], missing
    yield (
        "incident-supersedes-nothing",
        "an incident supersedes one that no entry before it records",
        bad,
        log([incident(revised)]),
    )
    fork = identified(replace(revised, title="Flight from Velin", nonce="a5" * 32))
    yield "incident-superseded-twice", "two versions supersede the same one", bad, log([*good, incident(fork)])
    gone = identified(replace(moved, withdrawn=True, supersedes=revised.id, nonce="a6" * 32))
    back = identified(replace(moved, supersedes=gone.id, nonce="a7" * 32))
    yield (
        "incident-after-withdrawal",
        "a version supersedes a withdrawal, which ends an incident",
        bad,
        log([*good, incident(gone), incident(back)]),
    )
    stranger = replace(part, supersedes=moved.id, nonce="a8" * 32)
    yield (
        "relation-supersedes-incident",
        "a relation supersedes an incident",
        bad,
        log([*good, relation(identified(stranger))]),
    )
    yield (
        "relation-of-unknown",
        "a relation joins an incident that no entry before it records",
        bad,
        log([incident(moved), relation(part)]),
    )
    yield (
        "relation-misquoted",
        "the entry names another kind of relation than its record",
        bad,
        log(good, lambda e: replace(e, detail={**e.detail, "kind": "precedes"}) if e.act == "relation" else e),
    )


def incident(record: Incident) -> Acted:
    data = encode_record(record)
    return Acted(acts.incident(record, _ref(data)), data)


def relation(record: Relation) -> Acted:
    data = encode_record(record)
    return Acted(acts.relation(record, _ref(data)), data)


def _ref(data: bytes) -> BlobRef:
    return BlobRef(hashlib.sha256(data).hexdigest(), len(data))


def _with(world: World, acted: list[Acted], change: Callable[[Entry], Entry]) -> dict[str, bytes | None]:
    """The good case's log with further entries, and their blobs."""
    changed: dict[str, bytes | None] = {}
    lines = world.files()[LOG].splitlines()
    signer = world.person
    for one in acted:
        fields: dict[str, Any] = {name: getattr(one.draft, name) for name in ("act", "objects", "outcome", "detail")}
        entry = Entry(
            v=1, seq=len(lines), prev=leaf_hash(lines[-1]).hex(), time=_later(lines[-1]),
            agents=(Agent(signer.agent, "implementer"),), committed={}, signature=Signature(signer.fingerprint, ""),
            **fields,
        )  # fmt: skip
        lines.append(world.sign(change(entry)))
        changed[blob_path(_ref(one.blob).sha256)] = one.blob
    changed[LOG] = b"".join(line + b"\n" for line in lines)
    return changed


def _later(line: bytes) -> str:
    """A second after the entry before."""
    before = parse_entry(line).time
    return f"{before[:17]}{int(before[17:19]) + 1:02d}{before[19:]}"
