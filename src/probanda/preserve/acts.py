"""The acts that this version writes: what each entry says, and how it is read back (spec/entry.md, "Acts").

Guarantees: names, sources, notes and reasons are protected and appear in an entry as commitments only; what is drafted
here is what `verify` checks. What comes in stands in `preserve.captures`. Pure: blobs come in as arguments.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import PurePath

from probanda.preserve.blobs import BlobRef
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.records.canonical import Json, identify
from probanda.records.codec import RecordError
from probanda.records.entry import (
    CREATION,
    DERIVATION,
    FAILURE,
    INCIDENT,
    JUDGEMENT,
    REGISTRATION,
    RELATION,
    SETTINGS,
    SUPPLEMENT,
    Agent,
    Entry,
    ObjectRef,
)
from probanda.records.incident import Incident, Relation
from probanda.records.judgement import Judgement
from probanda.records.settings import Settings
from probanda.records.supplement import Supplement

FORMAT = "probanda-case/1"


def case_id(created: str, key: str, nonce: str) -> str:
    return identify("case", {"created": created, "key": key, "nonce": nonce})


def creation(
    signer: Signer, title: str, agent_name: str, created: str, nonce: str, recipient: str | None = None
) -> Draft:
    """The first entry: the case's id and public key; title and person's name are committed. `recipient` is the age
    recipient of an encrypted case."""
    return Draft(
        CREATION,
        detail={
            "case": case_id(created, signer.fingerprint, nonce),
            "format": FORMAT,
            "created": created,
            "nonce": nonce,
            **({} if recipient is None else {"recipient": recipient}),
            **_agent_detail(signer),
        },
        committed_values={"title": title, "name": agent_name},
    )


def registration(signer: Signer, name: str) -> Draft:
    """A further person and their public key; to be signed by the case's key."""
    return Draft(REGISTRATION, detail=_agent_detail(signer), committed_values={"name": name})


def failure(of: str, reason: str, *, name: str | None = None, agents: tuple[Agent, ...] = ()) -> Draft:
    """An item that could not be added, or an act that failed: `of` is the act, `reason` what was found. The reason
    may name a path, so it is committed like the name."""
    values = _given(name=name, reason=reason)
    return Draft(FAILURE, agents, outcome="failure", detail={"of": of}, committed_values=values)


def derivation(rows: BlobRef, count: int, root: str | None = None, *, agents: tuple[Agent, ...] = ()) -> Draft:
    """A batch of `count` derivations, whose rows blob is already durable. `root` is the root over its rows
    (`preserve.rows`), by which they can be handed on in part; `None`: as earlier versions wrote it."""
    detail: dict[str, Json] = {"count": count} if root is None else {"count": count, "rows_root": root}
    return Draft(DERIVATION, agents, (ObjectRef("rows", rows.sha256, rows.size),), detail=detail)


def supplement(record: Supplement, blob: BlobRef, dump: BlobRef | None = None) -> Draft:
    """What a person told the case, whose blob is already durable; to be signed by the key of `record.by`. The name may
    be that of a protected site, so it stands in the blob only. `dump` is the file of an imported gazetteer."""
    file = () if dump is None else (ObjectRef("gazetteer", dump.sha256, dump.size),)
    return Draft(
        SUPPLEMENT,
        objects=(ObjectRef("supplement", blob.sha256, blob.size), *file),
        detail={"supplement": record.id, "kind": record.kind},
    )


def settings(record: Settings, blob: BlobRef) -> Draft:
    """What the case asks for from now on, whose blob is already durable; to be signed by the case's key."""
    return Draft(
        SETTINGS,
        objects=(ObjectRef("settings", blob.sha256, blob.size),),
        detail={"settings": record.id, "min_anchors": record.min_anchors, "max_age_s": record.max_age_s},
    )


def judgement(record: Judgement, blob: BlobRef) -> Draft:
    """A person's judgement, whose blob is already durable; to be signed by the key of `record.by`. What it is about
    stands in the blob only: the ids of what a text says follow from the text, so that they would give it away."""
    return Draft(
        JUDGEMENT,
        objects=(ObjectRef("judgement", blob.sha256, blob.size),),
        detail={"judgement": record.id, "decision": record.decision, "supersedes": record.supersedes},
    )


def incident(record: Incident, blob: BlobRef) -> Draft:
    """A version of an incident, whose blob is already durable; to be signed by the key of `record.by`. Title, place,
    reason and what an imported record said stay in the blob."""
    return Draft(
        INCIDENT,
        objects=(ObjectRef("incident", blob.sha256, blob.size),),
        detail={"incident": record.id, "members": len(record.members), "supersedes": record.supersedes},
    )


def relation(record: Relation, blob: BlobRef) -> Draft:
    """A version of a relation between two incidents, whose blob is already durable; to be signed by the key of
    `record.by`."""
    return Draft(
        RELATION,
        objects=(ObjectRef("relation", blob.sha256, blob.size),),
        detail={
            "relation": record.id,
            "kind": record.kind,
            "subject": record.subject,
            "object": record.object,
            "supersedes": record.supersedes,
        },
    )


def public_key_of(entry: Entry) -> tuple[str, bytes]:
    """Fingerprint and raw public key that a creation or registration entry brings in. Raises `RecordError`."""
    try:
        return _text(entry, "key"), base64.b64decode(_text(entry, "public_key"), validate=True)
    except ValueError as error:
        raise RecordError(f"entry {entry.seq}: expected a public key in base64, found something else") from error


def file_name(path: PurePath) -> str:
    """A path as a name that JSON can carry: bytes that are no UTF-8 are written as `\\xNN`."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _agent_detail(signer: Signer) -> dict[str, Json]:
    return {
        "agent": signer.agent,
        "key": signer.fingerprint,
        "public_key": base64.b64encode(signer.public).decode("ascii"),
    }


def _given(**values: str | None) -> Mapping[str, Json]:
    return {name: value for name, value in values.items() if value is not None}


def _text(entry: Entry, name: str) -> str:
    value = entry.detail.get(name)
    if not isinstance(value, str):
        raise RecordError(f"entry {entry.seq}: expected text in detail.{name}, found {value!r:.80}")
    return value
