"""Named checks and how their outcome is reached.

Guarantees: a check's name is stable (spec/case-folder.md lists them all); its outcome is one of *holds*, *fails*,
*unproven* (nothing contradicts it, and nothing here can prove it) and *not_run* (an earlier failure left nothing to
look at). A check that fails goes on counting and keeps its first reasons, so that memory stays bounded however much is
wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Outcome = Literal["holds", "fails", "unproven", "not_run"]

NAMES: Final = (
    "case.format", "case.identity", "key.agreement", "key.pinned",
    "log.canonical", "log.sequence", "log.chain", "log.time_order", "log.signatures", "log.root", "log.torn_tail",
    "commitments.open",
    "blobs.present", "blobs.layout", "blobs.digest", "blobs.unreferenced",
    "captures.complete", "derivations.outputs", "derivations.lead_to_capture", "readings.anchored",
    "judgements.signed",
    "time.anchored",
)  # fmt: skip

_REASONS_KEPT = 5  # arbitrary: enough to see a pattern


@dataclass(frozen=True, slots=True)
class Check:
    """`counted` is how many things were looked at."""

    name: str
    outcome: Outcome
    reason: str
    counted: int


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
        time = self.check("time.anchored").outcome
        return f"integrity since ingestion holds; time {'anchored' if time == 'holds' else 'unproven'}"


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
        outcome, reason = self.decided or ("holds", f"{self.counted} checked")
        return Check(self.name, outcome, reason, self.counted)


class Tallies:
    """All checks of one verification."""

    def __init__(self) -> None:
        self._all = {name: Tally(name) for name in NAMES}

    def __getitem__(self, name: str) -> Tally:
        return self._all[name]

    def not_run(self, prefixes: tuple[str, ...], reason: str) -> None:
        for name, tally in self._all.items():
            if name.startswith(prefixes) and not tally.failed:
                tally.decide("not_run", reason)

    def checks(self) -> tuple[Check, ...]:
        return tuple(tally.check() for tally in self._all.values())
