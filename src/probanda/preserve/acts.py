"""The acts that this version writes: what each entry says, and how it is read back (spec/entry.md, "Acts").

Guarantees: names, sources, notes and reasons are protected and appear in an entry as commitments only; what is drafted
here is what `verify` checks. Pure: blobs and openings come in as arguments.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import PurePath

from probanda.preserve.blobs import BlobRef
from probanda.preserve.keys import Signer
from probanda.preserve.log import Draft
from probanda.preserve.openings import Openings
from probanda.records.canonical import Json, identify
from probanda.records.capture import Capture, capture_id
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import (
    CREATION,
    DERIVATION,
    FAILURE,
    INCIDENT,
    INGESTION,
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
from probanda.records.protection import Protection
from probanda.records.settings import Settings
from probanda.records.supplement import Supplement

FORMAT = "probanda-case/1"


def case_id(created: str, key: str, nonce: str) -> str:
    return identify("case", {"created": created, "key": key, "nonce": nonce})


def creation(signer: Signer, title: str, agent_name: str, created: str, nonce: str) -> Draft:
    """The first entry: the case's id and public key; title and person's name are committed."""
    return Draft(
        CREATION,
        detail={
            "case": case_id(created, signer.fingerprint, nonce),
            "format": FORMAT,
            "created": created,
            "nonce": nonce,
            **_agent_detail(signer),
        },
        committed_values={"title": title, "name": agent_name},
    )


def registration(signer: Signer, name: str) -> Draft:
    """A further person and their public key; to be signed by the case's key."""
    return Draft(REGISTRATION, detail=_agent_detail(signer), committed_values={"name": name})


def ingestion(
    blob: BlobRef,
    *,
    nonce: str,
    name: str | None = None,
    source: str | None = None,
    note: str | None = None,
    published: str | None = None,
    media_type: str | None = None,
    protection: Protection | None = None,
    origin: Mapping[str, Json] | None = None,
    agents: tuple[Agent, ...] = (),
) -> Draft:
    """One capture of a blob that is already durable. `nonce` is 32 random bytes in hexadecimal. `origin` stands openly
    in the log: it names a record by its place, and holds nothing that the record says."""
    protection = protection or Protection()
    return Draft(
        INGESTION,
        agents,
        (ObjectRef("outcome", blob.sha256, blob.size),),
        detail={
            "capture": capture_id(
                blob=blob.sha256,
                size=blob.size,
                published=published,
                media_type=media_type,
                protection=protection,
                nonce=nonce,
            ),
            "nonce": nonce,
            "published": published,
            "media_type": media_type,
            "protection": to_json(protection),
            **({} if origin is None else {"origin": dict(origin)}),
        },
        committed_values=_given(name=name, source=source, note=note),
    )


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


def supplement(record: Supplement, blob: BlobRef) -> Draft:
    """What a person told the case, whose blob is already durable; to be signed by the key of `record.by`. The name may
    be that of a protected site, so it stands in the blob only."""
    return Draft(
        SUPPLEMENT,
        objects=(ObjectRef("supplement", blob.sha256, blob.size),),
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
    """A person's judgement, whose blob is already durable; to be signed by the key of `record.by`."""
    return Draft(
        JUDGEMENT,
        objects=(ObjectRef("judgement", blob.sha256, blob.size),),
        detail={
            "judgement": record.id,
            "about": list(record.about),
            "decision": record.decision,
            "supersedes": record.supersedes,
        },
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


def capture_of(entry: Entry, openings: Openings | None = None) -> Capture:
    """The capture that an ingestion entry records. Raises `RecordError` when a part is missing or the id is not the
    one that follows from the entry."""
    outcomes = entry.blobs("outcome")
    if entry.act != INGESTION or len(outcomes) != 1:
        raise RecordError(f"entry {entry.seq}: expected an ingestion with one outcome, found {entry.act!r:.40}")
    blob, detail = outcomes[0], entry.detail
    protection = parse(Protection, detail.get("protection"), f"entry {entry.seq}: protection")
    capture = Capture(
        id=_text(entry, "capture"),
        blob=blob.sha256,
        size=blob.size,
        name=_opened(entry, openings, "name"),
        source=_opened(entry, openings, "source"),
        note=_opened(entry, openings, "note"),
        published=_optional(entry, "published"),
        media_type_given=_optional(entry, "media_type"),
        protection=protection,
        captured_at=entry.time,
        seq=entry.seq,
        nonce=_text(entry, "nonce"),
        extra={"origin": detail["origin"]} if "origin" in detail else {},
    )
    expected = capture_id(
        blob=capture.blob,
        size=capture.size,
        published=capture.published,
        media_type=capture.media_type_given,
        protection=protection,
        nonce=capture.nonce,
    )
    if capture.id != expected:
        raise RecordError(f"entry {entry.seq}: expected the capture id {expected}, found {capture.id!r:.90}")
    return capture


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


def _optional(entry: Entry, name: str) -> str | None:
    return None if entry.detail.get(name) is None else _text(entry, name)


def _opened(entry: Entry, openings: Openings | None, name: str) -> str | None:
    value = openings.value(entry.committed.get(name)) if openings else None
    if value is not None and not isinstance(value, str):
        raise RecordError(f"entry {entry.seq}: expected text behind the commitment {name!r}")
    return value
