"""The acts at a case's door: what left it or was refused to, what a second person approved, who looked at what is
guarded (spec/ways-out.md).

Guarantees: reasons stand in an entry as commitments only; of what left, an entry says openly which way, for whom and
how much, never what. Blobs and ids come in as arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from probanda.preserve.blobs import BlobRef
from probanda.preserve.log import Draft
from probanda.records.canonical import Json
from probanda.records.entry import ACCESS, APPROVAL, DISSEMINATION, ObjectRef
from probanda.records.way_out import Asked

REQUEST: Final = "request"  # the role of the blob that holds what was asked (records.way_out)
LIST: Final = "captures"  # the role of the blob that holds the ids that an entry has no room for
LISTED: Final = 500  # ids that stand in an entry itself; more would come near the greatest size of an entry


def dissemination(
    asked: Asked,
    *,
    withheld: Mapping[str, int],
    approval: int | None = None,
    request: BlobRef | None = None,
    reason: str | None = None,
) -> Draft:
    """Something leaves the case. `withheld` counts by reason what stays; `approval` is the entry that a second person
    made, `request` the blob that says what goes, where a second person was needed."""
    return Draft(
        DISSEMINATION,
        objects=_request(request),
        detail={**_told(asked), "withheld": sum(withheld.values()), "approval": approval},
        committed_values={
            **({"withheld": dict(withheld)} if withheld else {}),
            **({"reason": reason} if reason is not None else {}),
        },
    )


def refusal(asked: Asked, reason: str, *, withheld: int, request: BlobRef | None = None) -> Draft:
    """A way out was asked for and refused. `request` is there where a second person could approve it."""
    return Draft(
        DISSEMINATION,
        objects=_request(request),
        outcome="failure",
        detail={**_told(asked), "withheld": withheld, "approval": None},
        committed_values={"reason": reason},
    )


def left(of: int, **digests: Json) -> Draft:
    """What entry `of` let out is written: `tagmanifest` of a bundle, `files` (SHA-256 each) of a report or export."""
    return Draft(DISSEMINATION, detail={"of": of, **digests})


def approval(request: BlobRef, reason: str) -> Draft:
    """To be signed by the key of the person who approves."""
    return Draft(
        APPROVAL,
        objects=_request(request),
        detail={"request": request.sha256},
        committed_values={"reason": reason},
    )


def refused_approval(request: BlobRef, reason: str, given: str) -> Draft:
    """An approval that somebody gave and could not. `reason` is why it is none, `given` what the person said."""
    return Draft(
        APPROVAL,
        objects=_request(request),
        outcome="failure",
        detail={"request": request.sha256},
        committed_values={"reason": reason, "given": given},
    )


def access(command: str, captures: Sequence[str], listed: BlobRef | None = None) -> Draft:
    """Guarded items were shown to the person who signs. With `listed`, a blob that holds the ids, one a line, the
    entry has their number alone."""
    if listed is None:
        return Draft(ACCESS, detail={"command": command, "captures": list(captures)})
    return Draft(
        ACCESS,
        objects=(ObjectRef(LIST, listed.sha256, listed.size),),
        detail={"command": command, "captures": [], "listed": len(captures)},
    )


def _told(asked: Asked) -> dict[str, Json]:
    return {"way": asked.way, "audience": asked.audience, "items": len(asked.only)}


def _request(blob: BlobRef | None) -> tuple[ObjectRef, ...]:
    return () if blob is None else (ObjectRef(REQUEST, blob.sha256, blob.size),)


def can_sign(case: Path) -> bool:
    """Whether any private key lies here at all: a copy that was handed on without keys can record nothing."""
    return any((case / "keys").glob("*.key.pem*"))
