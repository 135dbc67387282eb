"""What comes in: the draft of an ingestion, and the capture that an ingestion entry records.

Guarantees: of an item whose marking is not `public` the log shows no digest, size, media type, publication date or
origin, only salted commitments, so that nobody can find out from the log alone whether the case holds bytes that they
know. The capture's id follows from what the entry states openly, opened or not. What an earlier version wrote openly is
read as before. Refuses: an id that does not follow from its entry, and an opening that is no digest and size. Format:
spec/entry.md, "Captures". Pure: blobs, salts and openings come in as arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.log import Draft
from probanda.preserve.openings import Openings, seal
from probanda.records.canonical import Json
from probanda.records.capture import Capture, capture_id, committed_capture_id
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import INGESTION, Agent, CommittedRef, Entry, ObjectRef, require_hex64
from probanda.records.protection import Protection

OUTCOME: Final = "outcome"


def ingestion(
    blob: BlobRef,
    *,
    nonce: str,
    salt: bytes,
    name: str | None = None,
    source: str | None = None,
    note: str | None = None,
    published: str | None = None,
    media_type: str | None = None,
    protection: Protection | None = None,
    origin: Mapping[str, Json] | None = None,
    agents: tuple[Agent, ...] = (),
) -> Draft:
    """One capture of a blob that is already durable. `nonce` is 32 random bytes in hexadecimal, `salt` 32 others, which
    hide the blob's digest unless the marking is `public`. `origin` names a record by its place, and holds nothing that
    the record says."""
    guarded = protection or Protection()
    protected = {"name": name, "source": source, "note": note}
    open_ = guarded.marking == "public"
    told: dict[str, Json] = {"published": published, "media_type": media_type} if open_ else {
        "published": None, "media_type": None
    }  # fmt: skip
    if open_:
        ref: ObjectRef | CommittedRef = ObjectRef(OUTCOME, blob.sha256, blob.size)
        opening = None
        identity = capture_id(blob=blob.sha256, size=blob.size, published=published, media_type=media_type,
                              protection=guarded, nonce=nonce)  # fmt: skip
        if origin is not None:
            told["origin"] = dict(origin)
        committed: dict[str, Json] = {}
    else:
        opening = seal({"sha256": blob.sha256, "size": blob.size}, salt)
        ref = CommittedRef(OUTCOME, opening.commitment)
        identity = committed_capture_id(committed=opening.commitment, published=None, media_type=None,
                                        protection=guarded, nonce=nonce)  # fmt: skip
        committed = {
            "published": published,
            "media_type": media_type,
            "origin": None if origin is None else dict(origin),
        }
    return Draft(
        INGESTION,
        agents,
        (ref,),
        detail={"capture": identity, "nonce": nonce, "protection": to_json(guarded), **told},
        committed_values={one: value for one, value in {**protected, **committed}.items() if value is not None},
        openings=() if opening is None else (opening,),
    )


def capture_of(entry: Entry, openings: Openings | None = None) -> Capture | None:
    """The capture that an ingestion entry records; `None` where its digest is committed and the opening is not here.
    Raises `RecordError` when a part is missing or the id is not the one that follows from the entry."""
    outcome = check_capture(entry)
    blob = outcome_blob(outcome, openings)
    if blob is None:
        return None
    origin = _told(entry, openings, "origin")
    return Capture(
        id=_text(entry, "capture"),
        blob=blob.sha256,
        size=blob.size,
        name=_hidden(entry, openings, "name"),
        source=_hidden(entry, openings, "source"),
        note=_hidden(entry, openings, "note"),
        published=_words(entry, openings, "published"),
        media_type_given=_words(entry, openings, "media_type"),
        protection=stated_protection(entry),
        captured_at=entry.time,
        seq=entry.seq,
        nonce=_text(entry, "nonce"),
        committed=outcome.committed if isinstance(outcome, CommittedRef) else None,
        extra={} if origin is None else {"origin": origin},
    )


def emptied_capture(entry: Entry) -> Capture:
    """What is left of a capture whose openings were destroyed: what its entry states openly. It names no bytes; `blob`
    is empty and `size` says nothing. Raises `RecordError`."""
    outcome = check_capture(entry)
    return Capture(
        id=_text(entry, "capture"),
        blob="",
        size=0,
        name=None,
        source=None,
        note=None,
        published=_optional(entry, "published"),
        media_type_given=_optional(entry, "media_type"),
        protection=stated_protection(entry),
        captured_at=entry.time,
        seq=entry.seq,
        nonce=_text(entry, "nonce"),
        committed=outcome.committed if isinstance(outcome, CommittedRef) else None,
    )


def check_capture(entry: Entry) -> ObjectRef | CommittedRef:
    """What an ingestion entry names as its outcome, openly or committed, where everything that it states is whole and
    its capture id follows from it; no opening is needed for that. Raises `RecordError`."""
    outcomes = [one for one in entry.objects if one.role == OUTCOME]
    if entry.act != INGESTION or len(outcomes) != 1:
        raise RecordError(f"entry {entry.seq}: expected an ingestion with one outcome, found {entry.act!r:.40}")
    outcome, protection = outcomes[0], stated_protection(entry)
    published, media_type = _optional(entry, "published"), _optional(entry, "media_type")
    nonce = _text(entry, "nonce")
    if isinstance(outcome, ObjectRef):
        expected = capture_id(blob=outcome.sha256, size=outcome.size, published=published, media_type=media_type,
                              protection=protection, nonce=nonce)  # fmt: skip
    else:
        expected = committed_capture_id(committed=outcome.committed, published=published, media_type=media_type,
                                        protection=protection, nonce=nonce)  # fmt: skip
    if (found := _text(entry, "capture")) != expected:
        raise RecordError(f"entry {entry.seq}: expected the capture id {expected}, found {found!r:.90}")
    return outcome


def outcome_blob(outcome: ObjectRef | CommittedRef, openings: Openings | None) -> BlobRef | None:
    """The blob that an outcome names; `None` where it is committed and not opened here. Raises `RecordError`."""
    if isinstance(outcome, ObjectRef):
        return BlobRef(outcome.sha256, outcome.size)
    opening = openings.find(outcome.committed) if openings is not None else None
    return None if opening is None else opened_blob(opening.value)


def opened_blob(value: Json) -> BlobRef:
    """The digest and size that a committed outcome opens to. Raises `RecordError` for anything else."""
    blob = parse(BlobRef, value, "the committed outcome")
    try:
        require_hex64("the committed outcome's sha256", blob.sha256)
    except ValueError as error:
        raise RecordError(str(error)) from error
    if blob.size < 0:
        raise RecordError(f"expected the committed outcome to have a size of 0 or more bytes, found {blob.size}")
    return blob


def stated_protection(entry: Entry) -> Protection:
    """The protection that an ingestion or a protection change states. Raises `RecordError`."""
    return parse(Protection, entry.detail.get("protection"), f"entry {entry.seq}: protection")


def _told(entry: Entry, openings: Openings | None, name: str) -> Json:
    """What the entry says of `name`, openly or behind a commitment; `None`: not given, or withheld."""
    if name in entry.committed:
        return openings.value(entry.committed[name]) if openings is not None else None
    return entry.detail.get(name)


def _words(entry: Entry, openings: Openings | None, name: str) -> str | None:
    value = _told(entry, openings, name)
    if value is not None and not isinstance(value, str):
        raise RecordError(f"entry {entry.seq}: expected text as {name!r}, found {value!r:.80}")
    return value


def _hidden(entry: Entry, openings: Openings | None, name: str) -> str | None:
    """What is never told openly."""
    return _words(entry, openings, name) if name in entry.committed else None


def _text(entry: Entry, name: str) -> str:
    value = entry.detail.get(name)
    if not isinstance(value, str):
        raise RecordError(f"entry {entry.seq}: expected text in detail.{name}, found {value!r:.80}")
    return value


def _optional(entry: Entry, name: str) -> str | None:
    return None if entry.detail.get(name) is None else _text(entry, name)
