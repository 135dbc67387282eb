"""Sealing a case: a signed checkpoint of its log, stamped by time authorities, cosigned by witnesses.

Guarantees: what is reported is in the log; the checkpoint and every answer are blobs, raw, before the entry that names
them, so that a crash at any point leaves a case that verifies. An authority that does not answer, or answers something
else, is a failure on record and stops no other. A stamp that is not good by the case's own settings is not taken in.
Sealing again with nothing new in between asks only for what is missing. Without a network the requests are handed out
as bytes and the answers taken in later. Who asks the authorities is an argument.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from probanda.acting import Acting, AtHand
from probanda.collect.post import Post, PostError
from probanda.index import queries
from probanda.index.acts import entries_of, first_from, last_of, places_of
from probanda.preserve import acts
from probanda.preserve.anchor import (
    NONCE_BYTES,
    QUERY_TYPE,
    Algorithm,
    Anchor,
    AnchorError,
    check,
    check_digest,
    request,
    request_digest,
)
from probanda.preserve.blobs import BlobRef
from probanda.preserve.checkpoint import Checkpoint, origin_of, parse_checkpoint, signed_checkpoint
from probanda.preserve.cosignature import cosign, cosigned_at
from probanda.preserve.errors import PreserveError
from probanda.preserve.log import Draft
from probanda.preserve.note import COSIGNATURE_MLDSA44, Note, NoteError, NoteKey, parse_note, parse_vkey
from probanda.preserve.renewal import digests, write_manifest
from probanda.preserve.seals import (
    CONTENT,
    Anchoring,
    Kind,
    Policy,
    Seal,
    Stamp,
    anchoring,
    is_bookkeeping,
    joined,
    policy_of,
    seal_of,
    sealing,
)
from probanda.records.entry import CHECKPOINT, SETTINGS, Entry, format_time
from probanda.records.settings import Authority, Settings, Witness, parse_settings
from probanda.report.anchored import told_by

CLOCK_TOLERANCE: Final = timedelta(minutes=5)  # arbitrary: between a stamp's time and this machine's clock


class SealRefused(PreserveError):  # noqa: N818 - a name that a lawyer can read
    """What was handed in is no anchor of this case."""


@dataclass(frozen=True, slots=True)
class SealReport:
    """What sealing gave. `anchors` are the good ones of this checkpoint by name with their times, `failures` names and
    reasons; `entry` is the number of the entry that was written, `None` where nothing was missing. `asked` are the
    requests for authorities that were not asked here (name, bytes)."""

    size: int
    root: str
    note: bytes
    entry: int | None
    anchors: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str], ...]
    min_anchors: int
    asked: tuple[tuple[str, bytes], ...] = ()

    @property
    def met(self) -> bool:
        """Whether the checkpoint has as many anchors as the case asks for."""
        return len(self.anchors) >= self.min_anchors


@dataclass(slots=True)
class _Gathered:
    """The anchors of one checkpoint while they come in."""

    stamps: list[Stamp] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    offsets: dict[str, int] = field(default_factory=dict)
    signers: dict[str, str] = field(default_factory=dict)  # key that stamped -> by which name


class Seals(Acting):
    """What an archive does with seals."""

    def seal(self, post: Post | None, *, by: str | None = None, renew: bool = False) -> SealReport:
        """Seals the log as it is: signs a checkpoint unless the last one covers all but what sealing left, and asks
        every authority whose stamp it lacks. `post` of `None`: nobody is asked, and the requests are in the report.
        `renew`: a new checkpoint in any case, with a manifest that binds all that is there by SHA-512 and is stamped
        too. Raises what `Log.append` raises, and `BlobCorrupt` where what is to be renewed is not what it was."""
        case = self.at_hand(writing=True)
        agent = case.agent(by)
        settings = settings_of(case)[0]
        last = None if renew else _open_seal(case)
        renewal: BlobRef | None = None
        if last is None:
            head = _head(case)
            note = _sign(case, head, settings)
            if renew:
                renewal = write_manifest(case.folder.blobs, case.folder.log.entries(), head)
            blob = case.folder.blobs.put(note.encode())
            known: tuple[Stamp, ...] = ()
        else:
            head, blob, known = last.checkpoint, last.note, last.stamps
            note = parse_note(case.folder.blobs.read(blob.sha256))
        gathered, asked = _Gathered(), []
        have = {stamp.name for stamp in known if stamp.kind == "time stamp"}
        for authority in settings.authorities if settings else ():
            if authority.name in have:
                continue
            if post is None:
                asked.append((authority.name, request(note.encode(), _nonce(case))))
                continue
            _stamp(case, post, authority, hashlib.sha256(note.encode()).digest(), "time stamp", gathered)
            if renewal is not None:
                _stamp(case, post, authority, _sha512(case, renewal), "renewal time stamp", gathered)
        drafts: list[Draft] = []
        if last is None or gathered.stamps:
            drafts.append(sealing(head, blob, gathered.stamps, renewal, clock_offset_ms=gathered.offsets))
        drafts += [acts.failure(CHECKPOINT, reason, name=name) for name, reason in gathered.failures]
        entries = case.commit(drafts, agent) if drafts else []
        return _report(head, note, (*known, *gathered.stamps), settings, entries, gathered, tuple(asked))

    def take_token(self, response: bytes, authority: str, *, by: str | None = None) -> SealReport:
        """Takes in an authority's answer to a request that was carried to it by hand. Raises `SealRefused` where it is
        no good stamp over a checkpoint of this case."""
        case = self.at_hand(writing=True)
        settings = settings_of(case)[0]
        known = next((one for one in settings.authorities if one.name == authority), None) if settings else None
        if settings is None or known is None:
            raise SealRefused(
                f"expected an authority of the case's settings, found {authority!r:.80}. Name it first: probanda "
                f"settings CASE --authority {authority}=URL --certificates FILE"
            )
        reasons = []
        for seal in reversed(seals_of(case)):
            note = case.folder.blobs.read(seal.note.sha256)
            try:
                anchor = check(response, note, known.certificates)
            except AnchorError as error:
                reasons.append(str(error))
                if "over other bytes" in str(error):
                    continue  # of an earlier checkpoint, perhaps
                break
            if any(stamp.name == authority and stamp.kind == "time stamp" for stamp in seal.stamps):
                return _report(seal.checkpoint, parse_note(note), seal.stamps, settings, [], _Gathered())
            gathered = _Gathered()
            blob = case.folder.blobs.put(response)
            _take(case, _stamped("time stamp", authority, blob, anchor), anchor.signer, gathered)
            return _taken(case, seal, gathered, settings, by)
        why = reasons[-1] if reasons else "there is no checkpoint yet; run: probanda seal CASE --offline OUT"
        raise SealRefused(f"expected a stamp by {authority!r:.80} over a checkpoint of this case, found: {why}")

    def take_cosignature(self, data: bytes, *, by: str | None = None) -> SealReport:
        """Takes in a witness's cosignature: the checkpoint as a note with the witness's line under it. Raises
        `SealRefused`."""
        case = self.at_hand(writing=True)
        settings = settings_of(case)[0]
        try:
            note = parse_note(data)
            seal = next((one for one in reversed(seals_of(case)) if one.checkpoint.text == note.text), None)
            if seal is None:
                raise NoteError("a checkpoint that this case never made")
            found = list(_cosigned(note, settings.witnesses if settings else ()))
        except NoteError as error:
            raise SealRefused(
                f"expected a cosigned checkpoint of this case, found: {error}. Nothing was taken in"
            ) from error
        if settings is None or not found:
            raise SealRefused(
                "expected a cosignature by a witness of the case's settings, found none. Name the witness first: "
                "probanda settings CASE --witness NAME=VKEY"
            )
        have = {stamp.name for stamp in seal.stamps}
        gathered = _Gathered()
        for witness, at in found:
            if witness.name not in have:
                blob = case.folder.blobs.put(data)
                stamp = Stamp("cosignature", witness.name, blob, format_time(at))
                _take(case, stamp, hashlib.sha256(parse_vkey(witness.vkey).public).hexdigest(), gathered)
        return _taken(case, seal, gathered, settings, by)

    def anchoring(self) -> Anchoring:
        """Which entries are anchored in time, by the seals of the log and the settings in force. That every stamp is
        genuine is for `verify` to show."""
        case = self.at_hand(writing=False)
        settings, assigned_at = settings_of(case)
        entries = (seal_of(entry) for entry in entries_of(case.alias, case.truth, CHECKPOINT))
        policy: Policy = policy_of(settings, assigned_at)
        return anchoring(
            entries,
            policy,
            first_from=lambda moment: first_from(case.alias, moment),
            last_content=last_of(case.alias, CONTENT),
            now=format_time(case.clock()),
        )

    def times(self, captures: Iterable[str]) -> dict[str, str]:
        """By id of an item, by when it is anchored and by whom, or that it is not (`report.anchored.told`)."""
        case, found = self.at_hand(writing=False), self.anchoring()
        return {id: told_by(found.span(seq)) for id, seq in queries.seqs(case.alias, captures).items()}


def settings_of(case: AtHand) -> tuple[Settings | None, str | None]:
    """The settings in force and when they were assigned."""
    places = places_of(case.alias, SETTINGS)
    if not places:
        return None, None
    entry = next(case.truth.entries(places[-1]))
    [blob] = entry.blobs("settings")
    return parse_settings(case.truth.read(blob.sha256)), entry.time


def seals_of(case: AtHand, only: Callable[[Seal], bool] = lambda _: True) -> list[Seal]:
    """One for each checkpoint, with the anchors of every entry that names it; of the entries that are `only` so."""
    return joined(filter(only, map(seal_of, entries_of(case.alias, case.truth, CHECKPOINT))))


def _open_seal(case: AtHand) -> Seal | None:
    """The last seal, where nothing but sealing came after what it covers."""
    seals = seals_of(case)
    if not seals:
        return None
    last = max(seals, key=lambda one: one.checkpoint.size)
    later = case.truth.entries(last.checkpoint.size)
    return last if all(is_bookkeeping(entry) for entry in later) else None


def _head(case: AtHand) -> Checkpoint:
    log = case.folder.log
    while True:
        size = log.size
        root = log.root()
        if log.size == size:  # else another process appended between the two
            return Checkpoint(origin_of(case.folder.id), size, bytes.fromhex(root))


def _sign(case: AtHand, head: Checkpoint, settings: Settings | None) -> Note:
    """Signed by the case's key, and by its second one where the settings name one."""
    signer = case.folder.signer()
    note = signed_checkpoint(head, signer.public, signer.sign_raw)
    if settings is None or settings.second_key is None:
        return note
    key = NoteKey(head.origin, COSIGNATURE_MLDSA44, base64.b64decode(settings.second_key))
    return cosign(note, key, case.folder.second_signer(settings.second_key).sign, case.clock())


def _nonce(case: AtHand) -> int:
    return int.from_bytes(case.random(NONCE_BYTES), "big")


def _sha512(case: AtHand, blob: BlobRef) -> bytes:
    with case.folder.blobs.open(blob.sha256) as file:
        return bytes.fromhex(digests(file).sha512)


def _stamp(case: AtHand, post: Post, by: Authority, digest: bytes, kind: Kind, gathered: _Gathered) -> None:
    """Asks one authority; what comes of it, good or not, is gathered."""
    try:
        response, anchor = ask(case, post, by, digest, "sha512" if kind == "renewal time stamp" else "sha256")
    except (PostError, AnchorError) as error:
        gathered.failures.append((by.name, str(error)))
        return
    _take(case, _stamped(kind, by.name, case.folder.blobs.put(response), anchor), anchor.signer, gathered)


def ask(
    case: AtHand, post: Post, by: Authority, digest: bytes, algorithm: Algorithm = "sha256"
) -> tuple[bytes, Anchor]:
    """An authority's answer over `digest`, as it came, and what it shows. Raises `PostError`, `AnchorError`."""
    nonce = _nonce(case)
    response = post(by.url, request_digest(digest, nonce, algorithm), QUERY_TYPE)
    return response, check_digest(response, digest, by.certificates, algorithm=algorithm, nonce=nonce)


def _stamped(kind: Kind, name: str, blob: BlobRef, anchor: Anchor) -> Stamp:
    return Stamp(kind, name, blob, format_time(anchor.at), format_time(anchor.until))


def _take(case: AtHand, stamp: Stamp, signer: str, gathered: _Gathered) -> None:
    """Two names for one key would count as two anchors, and are not."""
    other = gathered.signers.setdefault(signer, stamp.name)
    if other != stamp.name:
        gathered.failures.append((stamp.name, f"its stamp is signed by the key that signs for {other!r:.80} too"))
        return
    gathered.stamps.append(stamp)
    offset = datetime.fromisoformat(stamp.at) - case.clock()
    if abs(offset) > CLOCK_TOLERANCE:
        gathered.offsets[stamp.name] = round(offset.total_seconds() * 1000)


def _cosigned(note: Note, witnesses: tuple[Witness, ...]) -> Iterator[tuple[Witness, datetime]]:
    """The witnesses whose lines under the note hold, with their times. Raises `NoteError`."""
    parse_checkpoint(note.text)
    for witness in witnesses:
        at = cosigned_at(note, parse_vkey(witness.vkey))
        if at is not None:
            yield witness, at


def _taken(case: AtHand, seal: Seal, gathered: _Gathered, settings: Settings, by: str | None) -> SealReport:
    """Commits anchors that were handed in, as an entry that names the checkpoint again."""
    entries: list[Entry] = []
    if gathered.stamps:
        draft = sealing(seal.checkpoint, seal.note, gathered.stamps, clock_offset_ms=gathered.offsets)
        entries = case.commit([draft], case.agent(by))
    note = parse_note(case.folder.blobs.read(seal.note.sha256))
    return _report(seal.checkpoint, note, (*seal.stamps, *gathered.stamps), settings, entries, gathered)


def _report(
    head: Checkpoint,
    note: Note,
    stamps: tuple[Stamp, ...],
    settings: Settings | None,
    entries: list[Entry],
    gathered: _Gathered,
    asked: tuple[tuple[str, bytes], ...] = (),
) -> SealReport:
    anchors = {stamp.name: stamp.at for stamp in stamps if stamp.kind != "renewal time stamp"}
    entry = next((one.seq for one in entries if one.act == CHECKPOINT), None)
    return SealReport(
        head.size, head.root.hex(), note.encode(), entry, tuple(sorted(anchors.items())), tuple(gathered.failures),
        settings.min_anchors if settings else 0, asked,
    )  # fmt: skip
