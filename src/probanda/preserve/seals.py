"""Seals: what a `checkpoint` entry says, and which entries of a log are anchored in time by them.

Guarantees: an entry counts as anchored only under a checkpoint that covers it and that enough different authorities or
witnesses stamped in time, by stamps that have not lapsed. Everything here follows from entries, settings and a present
moment, so that whoever holds the log comes to the same answer; that each stamp is genuine is for `verify` to show
(spec/seal.md). A stamp lapses when the first certificate of its chain ends, unless a later seal, made before that day,
covers the entry that names it and does not lapse itself (the renewal of RFC 4998).
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal, get_args

from probanda.preserve.blobs import BlobRef
from probanda.preserve.checkpoint import Checkpoint
from probanda.preserve.log import Draft
from probanda.records.canonical import Json
from probanda.records.codec import RecordError
from probanda.records.entry import (
    CHECKPOINT,
    DELETION,
    DERIVATION,
    FAILURE,
    INCIDENT,
    INGESTION,
    JUDGEMENT,
    PROTECTION,
    RELATION,
    SUPPLEMENT,
    TRANSFER,
    Entry,
    ObjectRef,
    format_time,
    parse_time,
)
from probanda.records.settings import Settings

NOTE: Final = "checkpoint"
RENEWAL: Final = "renewal"
Kind = Literal["time stamp", "cosignature", "renewal time stamp"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ANCHORS: Final[tuple[Kind, ...]] = ("time stamp", "cosignature")
# What a report, bundle or export can show. A case may look at its items, ask for approvals and seal itself after a seal
# without falling behind its own policy.
CONTENT: Final = (
    INGESTION, DERIVATION, JUDGEMENT, SUPPLEMENT, INCIDENT, RELATION, PROTECTION, DELETION, TRANSFER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """An anchor as a `checkpoint` entry names it: by whom, of what time, until when its certificates last (`None`: a
    cosignature, whose key has no end)."""

    kind: Kind
    name: str
    blob: BlobRef
    at: str
    until: str | None = None

    def ref(self) -> ObjectRef:
        who = "witness" if self.kind == "cosignature" else "authority"
        extra: dict[str, Json] = {who: self.name, "time": self.at}
        if self.until is not None:
            extra["until"] = self.until
        return ObjectRef(self.kind, self.blob.sha256, self.blob.size, extra)


@dataclass(frozen=True, slots=True)
class Seal:
    """A `checkpoint` entry: the signed note, what it states, and the anchors that came with this entry. Another entry
    may name the same note again, with anchors that came later."""

    seq: int
    checkpoint: Checkpoint
    note: BlobRef
    stamps: tuple[Stamp, ...] = ()
    renewal: BlobRef | None = None

    def anchors(self) -> tuple[Stamp, ...]:
        return tuple(stamp for stamp in self.stamps if stamp.kind in ANCHORS)


def sealing(
    checkpoint: Checkpoint,
    note: BlobRef,
    stamps: Sequence[Stamp],
    renewal: BlobRef | None = None,
    *,
    clock_offset_ms: Mapping[str, int] | None = None,
) -> Draft:
    """The entry of a seal whose blobs are already durable. `clock_offset_ms`: by how much a stamp's time differs from
    this machine's clock, where that is more than a tolerance: a wrong clock is told, not hidden."""
    objects = [ObjectRef(NOTE, note.sha256, note.size), *(stamp.ref() for stamp in stamps)]
    if renewal is not None:
        objects.append(ObjectRef(RENEWAL, renewal.sha256, renewal.size))
    detail: dict[str, Json] = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }
    if clock_offset_ms:
        detail["clock_offset_ms"] = dict(clock_offset_ms)
    return Draft(CHECKPOINT, objects=tuple(objects), detail=detail)


def seal_of(entry: Entry) -> Seal:
    """The seal that a `checkpoint` entry records. Raises `RecordError` where it has not that form."""
    where = f"entry {entry.seq}"
    notes, renewals = entry.blobs(NOTE), entry.blobs(RENEWAL)
    origin, size, root = (entry.detail.get(name) for name in ("origin", "size", "root"))
    if entry.act != CHECKPOINT or len(notes) != 1 or len(renewals) > 1:
        raise RecordError(f"{where}: expected a checkpoint with one note, found {len(notes)} in {entry.act!r:.40}")
    if not isinstance(origin, str) or not isinstance(size, int) or isinstance(size, bool) or not isinstance(root, str):
        raise RecordError(f"{where}: expected origin, size and root of a checkpoint in detail")
    try:
        head = Checkpoint(origin, size, bytes.fromhex(root))
        stamps = tuple(_stamp(one) for one in entry.blobs() if one.role in KINDS)
    except ValueError as error:
        raise RecordError(f"{where}: {error}") from error
    if head.root.hex() != root or size < 0:
        raise RecordError(f"{where}: expected a size of 0 or more and a root in lower-case hexadecimal")
    renewal = BlobRef(renewals[0].sha256, renewals[0].size) if renewals else None
    return Seal(entry.seq, head, BlobRef(notes[0].sha256, notes[0].size), stamps, renewal)


def _stamp(ref: ObjectRef) -> Stamp:
    kind = next(kind for kind in KINDS if kind == ref.role)
    name = ref.extra.get("witness" if kind == "cosignature" else "authority")
    at, until = ref.extra.get("time"), ref.extra.get("until")
    if not isinstance(name, str) or not isinstance(at, str) or not (until is None or isinstance(until, str)):
        raise ValueError(f"expected the name and the time of a {kind}, found {name!r:.40} and {at!r:.40}")
    if (until is None) != (kind == "cosignature"):
        raise ValueError(f"expected when the certificates end for a time stamp alone, found {until!r:.40} of a {kind}")
    for moment in (at, until):
        if moment is not None:
            parse_time(moment)
    return Stamp(kind, name, BlobRef(ref.sha256, ref.size), at, until)


def is_bookkeeping(entry: Entry) -> bool:
    """Whether an entry is what sealing itself leaves: after these alone there is nothing new to seal."""
    return entry.act == CHECKPOINT or (entry.act == FAILURE and entry.detail.get("of") == CHECKPOINT)


@dataclass(frozen=True, slots=True)
class Span:
    """The entries from `start` up to `end` (exclusive) are anchored by `at` by these authorities and witnesses."""

    start: int
    end: int
    at: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Every entry below `covered` is anchored, the last of them by `at`; `spans` are all that are, also behind a gap.
    `met`: whether the case's own policy is met for everything that could leave it; `reason` says why or why not."""

    covered: int
    at: str | None
    met: bool
    reason: str
    spans: tuple[Span, ...] = ()

    def span(self, seq: int) -> Span | None:
        """What anchors entry `seq`; `None` where nothing does."""
        place = bisect.bisect_right(self.spans, seq, key=lambda one: one.start) - 1
        return self.spans[place] if place >= 0 and seq < self.spans[place].end else None

    def label(self, seq: int) -> str:
        """`anchored by 2031-05-14 (Office, Partner)` or `unanchored`."""
        found = self.span(seq)
        return f"anchored by {found.at[:10]} ({', '.join(found.names)})" if found else "unanchored"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings in force ask for, and since when. Unset: one anchor counts, nothing is asked for."""

    min_anchors: int = 0
    max_age_s: int | None = None
    since: str | None = None

    @property
    def counted(self) -> int:
        return max(1, self.min_anchors)


def policy_of(settings: Settings | None, assigned_at: str | None) -> Policy:
    if settings is None:
        return Policy()
    return Policy(settings.min_anchors, settings.max_age_s, assigned_at)


def anchoring(
    seals: Iterable[Seal],
    policy: Policy,
    *,
    first_from: Callable[[str], int],
    last_content: int | None,
    now: str,
) -> Anchoring:
    """What the seals anchor. `first_from(time)` is the number of the first entry of that time or later; `last_content`
    the number of the last entry that a way out could show; `now` decides which stamps have lapsed. `max_age_s` counts
    from an entry's time, for entries older than the policy from when the policy was assigned."""
    entries = list(seals)
    gone = lapsed(entries, now)
    found: list[Span] = []
    for seal in joined(entries):
        lasting = sorted((s for s in seal.anchors() if (s.name, s.blob) not in gone), key=lambda one: one.at)
        anchors = list({stamp.name: stamp for stamp in reversed(lasting)}.values())[::-1]  # of each name the earliest
        if len(anchors) < policy.counted:
            continue
        at = anchors[policy.counted - 1].at
        names = tuple(stamp.name for stamp in anchors)
        found.append(Span(_first_in_time(at, policy, first_from), seal.checkpoint.size, at, names))
    spans = _disjoint(found)
    covered, until = 0, None
    for span in spans:
        if span.start != covered:
            break
        covered, until = span.end, span.at
    met, reason = _met(policy, covered, until, last_content)
    return Anchoring(covered, until, met, reason, spans)


def joined(seals: Iterable[Seal]) -> list[Seal]:
    """One seal for each note, in the order of the log, with the anchors of every entry that names it."""
    by_note: dict[str, Seal] = {}
    for seal in seals:
        known = by_note.get(seal.note.sha256)
        if known is None:
            by_note[seal.note.sha256] = seal
        else:
            by_note[seal.note.sha256] = replace(known, stamps=(*known.stamps, *seal.stamps))
    return list(by_note.values())


def lapsed(seals: Sequence[Seal], now: str) -> set[tuple[str, BlobRef]]:
    """The stamps (name, blob) whose certificates had ended at `now` and that no later seal renewed in time. A seal
    renews a stamp when it covers the entry that names it and was itself stamped, before that stamp's certificates
    ended, by a stamp that has not lapsed. `seals` are one for each entry, not joined; walked from the largest back,
    since nothing renews what came after it."""
    gone: set[tuple[str, BlobRef]] = set()
    good: list[tuple[int, str]] = []  # size of a seal that lasts, and when it was first stamped by what lasts
    for seal in sorted(seals, key=lambda one: (one.checkpoint.size, one.seq), reverse=True):
        first: str | None = None
        for stamp in seal.stamps:
            ends = stamp.until
            if ends is not None and ends < now and not any(size > seal.seq and at < ends for size, at in good):
                gone.add((stamp.name, stamp.blob))
                continue
            if stamp.kind in ANCHORS:
                first = stamp.at if first is None else min(first, stamp.at)
        if first is not None:
            good.append((seal.checkpoint.size, first))
    return gone


def _first_in_time(at: str, policy: Policy, first_from: Callable[[str], int]) -> int:
    """The first entry that a stamp of time `at` is not too late for."""
    if policy.max_age_s is None:
        return 0
    try:
        moment = parse_time(at) - timedelta(seconds=policy.max_age_s)
    except OverflowError:
        return 0
    if moment.year < 1970:  # an age of centuries: everything is in time
        return 0
    earliest = format_time(moment)
    if policy.since is not None and policy.since >= earliest:
        return 0
    return first_from(earliest)


def _disjoint(found: Sequence[Span]) -> tuple[Span, ...]:
    """Each entry under the earliest stamp that anchors it. A later stamp never begins earlier, so that what lies before
    the end of those seen is theirs already."""
    spans: list[Span] = []
    end = 0
    for span in sorted(found, key=lambda one: (one.at, one.end)):
        if span.end > max(end, span.start):
            spans.append(replace(span, start=max(end, span.start)))
            end = span.end
    return tuple(spans)


def _met(policy: Policy, covered: int, until: str | None, last_content: int | None) -> tuple[bool, str]:
    told = f"entries below {covered} are anchored by {until}" if covered else "no entry is anchored"
    if not policy.min_anchors:
        return True, f"{told}; the case asks for no anchors"
    if last_content is None or last_content < covered:
        return True, f"{told}, as the case asks ({policy.min_anchors} anchors)"
    return False, (
        f"{told}; the case asks for {policy.min_anchors} anchors"
        + (f" within {policy.max_age_s} s" if policy.max_age_s else "")
        + f", and entries from {covered} to {last_content} lack them"
    )
