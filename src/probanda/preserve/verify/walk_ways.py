"""The case's door: whether every way out that needed a second person had one (spec/ways-out.md).

Guarantees: an approval counts only when its signer is another person than the one who asks, was a person of the
case before the request that it names was refused, and who signed over the request whose bytes are there; a passage
counts only when its approval covers all that it let out, was made before it, and was used by no passage before. A
passage without an approval fails where the settings of that moment ask for one. Where a bundle leaves out a request or
the settings, what rests on them is *unproven*. Memory: a few digests for each request and approval, one request at a
time. Not shown: what left without an entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from probanda.preserve.regular import open_regular
from probanda.preserve.verify.places import Places
from probanda.preserve.verify.walk import Ground
from probanda.preserve.ways import REQUEST
from probanda.records.codec import RecordError
from probanda.records.entry import APPROVAL, CREATION, DISSEMINATION, REGISTRATION, SETTINGS, Entry
from probanda.records.settings import parse_settings
from probanda.records.way_out import parse_asked

_Record = TypeVar("_Record")
MAX_REQUEST_BYTES = 256 * 1024 * 1024  # arbitrary: about three million ids


@dataclass(slots=True)
class _Approval:
    request: str
    by: str
    proper: bool
    used: bool = False


class Ways:
    """Answers `approvals.proper`."""

    def __init__(self, ground: Ground) -> None:
        self._tally = ground.tallies["approvals.proper"]
        self._places = ground.places
        self._log = ground.log
        self._since: dict[str, int] = {}  # agent -> the entry that brought them in
        self._asked: dict[str, int] = {}  # digest of a request -> where it was last refused for want of approval
        self._approvals: dict[int, _Approval] = {}
        self._needed: frozenset[str] = frozenset()  # ways that need a second person now
        self._withheld = 0

    def see(self, entry: Entry) -> None:
        if entry.act in (CREATION, REGISTRATION):
            self._since.setdefault(str(entry.detail.get("agent")), entry.seq)
        elif entry.act == SETTINGS and entry.outcome == "success":
            self._settings(entry)
        elif entry.act == APPROVAL and entry.outcome == "success":
            self._approval(entry)
        elif entry.act == DISSEMINATION and "of" not in entry.detail:
            self._passage(entry)

    def close(self) -> None:
        if self._withheld:
            self._tally.decide(
                "unproven", f"what {self._withheld} entries about ways out rest on is withheld; the rest holds"
            )

    def _settings(self, entry: Entry) -> None:
        blobs = entry.blobs("settings")
        found = self._read(entry, blobs[0].sha256, parse_settings) if blobs else None
        # What cannot be read asks for nothing here: blobs.present or bundle.withheld tells that it is not there.
        self._needed = frozenset() if found is None else frozenset(found.approval)

    def _approval(self, entry: Entry) -> None:
        self._tally.count()
        blobs = entry.blobs(REQUEST)
        request = blobs[0].sha256 if len(blobs) == 1 else None
        approval = _Approval(str(request), self._signer(entry), proper=True)
        self._approvals[entry.seq] = approval

        def refuse(reason: str) -> None:
            approval.proper = False
            self._fail(entry, reason)

        if request is None or entry.detail.get("request") != request:
            refuse("expected one request, whose digest the entry states, found something else")
            return
        refused, since = self._asked.get(request), self._since.get(approval.by)
        if refused is None:
            refuse(f"approves {request}, which nobody had asked for before")
        elif since is None or since >= refused:
            refuse("the person who approves came into the case after it was asked")
        asked = self._read(entry, request, parse_asked)
        if asked is not None and asked.by == approval.by:
            refuse("the person who approves is the one who asks")

    def _passage(self, entry: Entry) -> None:
        self._tally.count()
        blobs = entry.blobs(REQUEST)
        request = blobs[0].sha256 if len(blobs) == 1 else None
        if entry.outcome == "failure":
            if request is not None:
                self._asked[request] = entry.seq
            return
        way, named = entry.detail.get("way"), entry.detail.get("approval")
        if named is None:
            if way in self._needed:
                self._fail(
                    entry, f"the settings of that moment ask for a second person for the way {way}, none is named"
                )
            return
        approval = self._approvals.get(named) if isinstance(named, int) else None
        if approval is None:
            self._fail(entry, f"names {named!r:.40} as its approval, which is no approval before it")
            return
        if approval.used:
            self._fail(entry, f"uses the approval of entry {named}, which was used before")
        approval.used = True
        if not approval.proper:
            self._fail(entry, f"rests on the approval of entry {named}, which is none")
        if request is None:
            self._fail(entry, "expected the request that says what went out, found none")
            return
        if self._signer(entry) == approval.by:
            self._fail(entry, "the person who let it out is the one who approved it")
        self._covered(entry, request, approval)

    def _covered(self, entry: Entry, request: str, approval: _Approval) -> None:
        asked = self._read(entry, request, parse_asked)
        if asked is None:
            return
        if (asked.way, asked.audience, len(asked.only)) != tuple(
            entry.detail.get(name) for name in ("way", "audience", "items")
        ):
            self._fail(entry, "the entry and its request say different things")
        if self._signer(entry) != asked.by:
            self._fail(entry, f"was asked by {asked.by:.80}, and signed by somebody else")
        if request == approval.request:
            return
        approved = self._read(entry, approval.request, parse_asked)
        if approved is not None and not asked.lies_within(approved):
            self._fail(entry, "lets out what its approval does not cover")

    def _read(self, entry: Entry, sha256: str, parse: Callable[[bytes], _Record]) -> _Record | None:
        """What a blob holds; `None` where it is not there (other checks tell so) or is none, which fails."""
        try:
            return parse(_bytes(self._places, sha256))
        except OSError:
            self._withheld += 1
        except RecordError as error:
            self._fail(entry, str(error))
        return None

    def _signer(self, entry: Entry) -> str:
        """The person whose key signed, whoever else is named: one person, however many keys they had."""
        return self._log.persons.agent(entry.signature.key) or ""

    def _fail(self, entry: Entry, reason: str) -> None:
        self._tally.fail(f"entry {entry.seq}: {reason}")


def _bytes(places: Places, sha256: str) -> bytes:
    with open_regular(places.blobs / sha256[:2] / sha256) as file:
        data = file.read(MAX_REQUEST_BYTES + 1)
    if len(data) > MAX_REQUEST_BYTES:
        raise RecordError(f"expected the blob {sha256} to have at most {MAX_REQUEST_BYTES} bytes, found more")
    return data
