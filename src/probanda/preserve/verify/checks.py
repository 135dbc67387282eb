"""Named checks and how their outcome is reached.

Guarantees: a check's name is stable (spec/case-folder.md lists them all); its outcome is one of *holds*, *fails*,
*unproven* (nothing contradicts it, and nothing here can prove it) and *not_run* (an earlier failure left nothing to
look at). A check that fails goes on counting and keeps its first reasons, so that memory stays bounded however much is
wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from probanda.preserve.stamped import ForeignAnchor

Outcome = Literal["holds", "fails", "unproven", "not_run"]

NAMES: Final = (
    "case.format", "case.identity", "key.agreement", "key.pinned",
    "log.canonical", "log.sequence", "log.chain", "log.time_order", "log.signatures", "log.root", "log.torn_tail",
    "commitments.open",
    "blobs.present", "blobs.layout", "blobs.digest", "blobs.unreferenced",
    "captures.complete", "derivations.outputs", "derivations.lead_to_capture", "readings.anchored",
    "judgements.signed", "incidents.signed", "protection.changes", "deletions.complete", "imports.intact",
    "approvals.proper",
    "settings.signed", "checkpoints.signed", "checkpoints.consistent",
    "time.tokens", "time.pinned", "time.order", "time.renewed", "time.anchored",
)  # fmt: skip

# Of a bundle, before those of its log.
BUNDLE_NAMES: Final = (
    "bundle.layout", "bundle.manifest", "bundle.signature", "bundle.withheld", "bundle.metadata",
    "proofs.hold", "tiles.agree",
)  # fmt: skip

# What a check that holds has shown, in words for somebody who does not know the format (spec/case-folder.md).
_SHOWN: Final = {
    "bundle.layout": "only regular files lie in the bundle, each under one name that means the same everywhere",
    "bundle.manifest": "every file is listed and has the SHA-256 that its list states",
    "bundle.signature": "the key of the log signed the list of lists",
    "bundle.withheld": "what is not here is what the bundle says it leaves out",
    "bundle.metadata": "the descriptions say what the log says",
    "proofs.hold": "every item shown is proved to be in the log by a proof of its own",
    "tiles.agree": "the tiles hold the log",
    "case.format": "the case says what format it is in",
    "case.identity": "the case's id and title are those of the first entry",
    "key.agreement": "every key was brought in by the case's key, and has the fingerprint stated",
    "log.canonical": "every line is an entry in its one canonical form",
    "log.sequence": "the entries are numbered without a gap",
    "log.chain": "every entry names the hash of the one before it",
    "log.time_order": "no entry claims a time before an earlier one",
    "log.signatures": "every entry is signed by the person who acted",
    "log.torn_tail": "the log ends where an entry ends",
    "commitments.open": "every protected value opens to what the log committed to",
    "blobs.present": "every file that an entry names is there, in the size stated",
    "blobs.layout": "nothing else lies among the files",
    "blobs.digest": "every file has the SHA-256 that is its name",
    "captures.complete": "every item preserved is fully described",
    "derivations.outputs": "everything derived is there as recorded",
    "derivations.lead_to_capture": "everything derived leads back to an item preserved",
    "readings.anchored": "every passage is exactly the characters at its place in the text",
    "judgements.signed": "every judgement and supplement is signed by the person who made it",
    "deletions.complete": "what was deleted is gone, a signed entry says on what ground, and nothing else went with it",
    "imports.intact": "what came from other cases is what they signed",
    "settings.signed": "what the case asks for was assigned by who made it, and is as it was assigned",
    "checkpoints.signed": "every checkpoint is signed by the case's key, and what witnesses signed covers it",
    "checkpoints.consistent": "the log still has the root of every checkpoint at its size",
    "time.tokens": "every time stamp is genuine, over its checkpoint, by an authority of the settings",
    "time.order": "no entry is younger than a stamp over it, and none that names a stamp is older",
    "time.renewed": "no time stamp rests on a certificate that has ended",
    "approvals.proper": "whatever needed a second person to leave the case had one, and each approval was used once",
    "incidents.signed": "every incident and relation is signed by the person who made it, each version once replaced",
    "protection.changes": "every change of an item's protection is of an item that came in before, and has a reason",
}

_REASONS_KEPT = 5  # arbitrary: enough to see a pattern


@dataclass(frozen=True, slots=True)
class Check:
    """`counted` is how many things were looked at."""

    name: str
    outcome: Outcome
    reason: str
    counted: int


@dataclass(frozen=True, slots=True)
class Count:
    """So many of one kind of thing are left out of a bundle for one reason."""

    what: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """What a bundle says of itself, checked under `bundle.withheld`. `items`: how many it shows. `anchors`: who
    stamped its checkpoint."""

    audience: str
    items: int
    withheld_entries: int
    withheld: tuple[Count, ...]
    anchors: tuple[ForeignAnchor, ...] = ()


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """`ok` is true when no check fails and every check was run; what is *unproven* stays named as such. `entries` and
    `root` are what to write down elsewhere; `None` where the log could not be read."""

    checks: tuple[Check, ...]
    ok: bool
    case: str | None
    title: str | None
    key: str | None
    entries: int | None
    root: str | None
    bundle: BundleFacts | None = None  # of a case: none

    def check(self, name: str) -> Check:
        return next(check for check in self.checks if check.name == name)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the checks that do not hold and are not merely unproven."""
        return tuple(check.name for check in self.checks if check.outcome in ("fails", "not_run"))

    @property
    def summary(self) -> str:
        if not self.ok:
            return "integrity since ingestion does not hold: " + ", ".join(self.failed)
        time = self.check("time.anchored")
        return f"integrity since ingestion holds; {time.reason if time.outcome == 'holds' else 'time unproven'}"


@dataclass(slots=True)
class Tally:
    """One check while it is being reached."""

    name: str
    counted: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)
    decided: tuple[Outcome, str] | None = None

    def count(self, number: int = 1) -> None:
        self.counted += number

    def fail(self, reason: str) -> None:
        self.failed += 1
        if len(self.reasons) < _REASONS_KEPT:
            self.reasons.append(reason)

    def decide(self, outcome: Outcome, reason: str) -> None:
        """Sets the outcome for the case that nothing fails."""
        self.decided = (outcome, reason)

    def check(self) -> Check:
        if self.failed:
            more = f" (and {self.failed - len(self.reasons)} more)" if self.failed > len(self.reasons) else ""
            return Check(self.name, "fails", "; ".join(self.reasons) + more, self.counted)
        outcome, reason = self.decided or ("holds", f"{_SHOWN.get(self.name, 'checked')} ({self.counted})")
        return Check(self.name, outcome, reason, self.counted)


class Tallies:
    """All checks of one verification."""

    def __init__(self, names: Iterable[str] = NAMES) -> None:
        self._all = {name: Tally(name) for name in names}

    def __getitem__(self, name: str) -> Tally:
        return self._all[name]

    def not_run(self, prefixes: tuple[str, ...], reason: str) -> None:
        for name, tally in self._all.items():
            if name.startswith(prefixes) and not tally.failed:
                tally.decide("not_run", reason)

    def checks(self) -> tuple[Check, ...]:
        return tuple(tally.check() for tally in self._all.values())
