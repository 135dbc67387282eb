"""Key rotation: a person's next key takes the place of the one before (spec/keys.md).

Guarantees: both keys sign: the old one the entry, the new one a statement in it that names the case, the person, both
keys and the entry's place, so that nobody can bring in a key that is not theirs, or move a rotation to another place
or case. A person's id stays that of the first key. Raises nothing for what a log holds but `RecordError`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from probanda.preserve.keys import Signer, fingerprint, signature_holds
from probanda.preserve.log import Draft
from probanda.records.canonical import Json, canonical
from probanda.records.codec import RecordError
from probanda.records.entry import ROTATION, Entry, parse_time

CONTEXT: Final = b"probanda-rotation-v1\n"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation's entry states. `since`: from when the old key is said to have been in other hands; `None`:
    nobody says so."""

    agent: str
    previous: str
    key: str
    public: bytes
    since: str | None


def rotation(case: str, old: Signer, new: Signer, reason: str, since: str | None = None) -> Draft:
    """The act, to be signed by `old`. Raises `ValueError` for a `since` that is no time of an entry."""
    if since is not None:
        parse_time(since)
    if not reason.strip():
        raise ValueError("a key rotation needs a reason; found none")

    def bound(prev: str) -> Mapping[str, Json]:
        return {"new_signature": new.sign(_statement(case, old.agent, old.fingerprint, new.fingerprint, prev))}

    return Draft(
        ROTATION,
        detail={
            "case": case,
            "agent": old.agent,
            "previous": old.fingerprint,
            "key": new.fingerprint,
            "public_key": base64.b64encode(new.public).decode("ascii"),
            "compromised_since": since,
        },
        committed_values={"reason": reason},
        bound=bound,
    )


def rotated(entry: Entry, case: str) -> Rotated:
    """What the entry states, with the new key's own signature checked. Raises `RecordError`."""
    stated = {name: _text(entry, name) for name in ("case", "agent", "previous", "key", "public_key", "new_signature")}
    since = entry.detail.get("compromised_since")
    try:
        public = base64.b64decode(stated["public_key"], validate=True)
        if fingerprint(public) != stated["key"]:
            raise ValueError(f"expected the key {stated['key']:.64}, found the key {fingerprint(public)}")
        if since is not None:
            if not isinstance(since, str):
                raise ValueError(f"expected a time in detail.compromised_since, found {since!r:.40}")
            parse_time(since)
    except ValueError as error:
        raise RecordError(f"entry {entry.seq}: {error}") from error
    if stated["case"] != case:
        raise RecordError(f"entry {entry.seq}: expected a rotation in {case}, found one in {stated['case']:.90}")
    if stated["previous"] != entry.signature.key:
        raise RecordError(f"entry {entry.seq}: replaces {stated['previous']:.64}, signed by {entry.signature.key}")
    said = _statement(case, stated["agent"], stated["previous"], stated["key"], entry.prev)
    if not signature_holds(public, stated["new_signature"], said):
        raise RecordError(f"entry {entry.seq}: the new key {stated['key']} did not sign its own rotation")
    return Rotated(stated["agent"], stated["previous"], stated["key"], public, since)


def _statement(case: str, agent: str, previous: str, key: str, prev: str) -> bytes:
    return CONTEXT + canonical({"agent": agent, "case": case, "key": key, "prev": prev, "previous": previous})


def _text(entry: Entry, name: str) -> str:
    value = entry.detail.get(name)
    if not isinstance(value, str):
        raise RecordError(f"entry {entry.seq}: expected text in detail.{name}, found {value!r:.80}")
    return value
