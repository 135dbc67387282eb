"""Protection: what may be done with a record, travelling with it from the first entry.

Guarantees: what nobody set is *restricted*, and joining two protections never gives more than either allows. The parts
follow the Murad Code and the Eurojust/ICC-OTP guidelines for civil society (2022): a marking, the informed consent of
the person (its scope, and whether it was withdrawn), the provider's conditions, and the risk to persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from probanda.records.canonical import Json

Marking = Literal["public", "internal", "restricted", "identity_protected"]
Condition = Literal["lead_only", "no_further_disclosure", "needs_agreement"]
Risk = Literal["low", "unknown", "elevated", "high"]

MARKINGS: Final[tuple[Marking, ...]] = ("public", "internal", "restricted", "identity_protected")  # most open first
RISKS: Final[tuple[Risk, ...]] = ("low", "unknown", "elevated", "high")  # an unknown risk is not a low one
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
USES: Final = ("documentation", "court", "publication")  # what a consent can cover


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to. `scope` names the uses ("documentation", "court", "publication"); empty: none.
    `withdrawn` is the ISO 8601 time of withdrawal, `None` while it stands."""

    scope: tuple[str, ...]
    withdrawn: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def covers(self, use: str) -> bool:
        return self.withdrawn is None and use in self.scope


@dataclass(frozen=True, slots=True)
class Protection:
    """`consent` is `None` while nobody knows whether consent was asked; that differs from an empty scope."""

    marking: Marking = "restricted"
    consent: Consent | None = None
    conditions: tuple[Condition, ...] = ()
    risk: Risk = "unknown"
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, value, known in (("marking", self.marking, MARKINGS), ("risk", self.risk, RISKS)):
            if value not in known:
                raise ValueError(f"expected the {what} to be one of {', '.join(known)}, found {value!r}")

    @property
    def withholds_identity(self) -> bool:
        """No way out may name the person or source."""
        return self.marking == "identity_protected"


@dataclass(frozen=True, slots=True)
class Change:
    """What a person sets anew; `None`: it stays as it was. `consent` is what is agreed to from now on, and ends an
    earlier withdrawal; `withdrawn` is when a consent was withdrawn (ISO 8601), whatever it covered. `conditions` come
    in addition, `dropped` no longer hold."""

    marking: Marking | None = None
    consent: tuple[str, ...] | None = None
    withdrawn: str | None = None
    conditions: tuple[Condition, ...] = ()
    dropped: tuple[Condition, ...] = ()
    risk: Risk | None = None

    def __post_init__(self) -> None:
        if self.consent is not None and self.withdrawn is not None:
            raise ValueError("a consent is given or withdrawn; found both at once")
        if unknown := [use for use in self.consent or () if use not in USES]:
            raise ValueError(f"expected uses among {', '.join(USES)}, found {unknown[0]!r:.40}")
        if unknown := [one for one in (*self.conditions, *self.dropped) if one not in CONDITIONS]:
            raise ValueError(f"expected conditions among {', '.join(CONDITIONS)}, found {unknown[0]!r:.40}")
        if both := sorted({*self.conditions} & {*self.dropped}):
            raise ValueError(f"the condition {both[0]} is set and dropped at once")

    @property
    def empty(self) -> bool:
        """Whether nothing is set."""
        return self == Change()

    def applied(self, before: Protection) -> Protection:
        """The protection after the change. What this version does not know stays."""
        consent = before.consent
        if self.consent is not None:
            scope = tuple(use for use in USES if use in self.consent)
            consent = Consent(scope, None, consent.extra if consent else {})
        elif self.withdrawn is not None:
            known = consent or Consent(())  # one that nobody recorded can be withdrawn all the same
            consent = Consent(known.scope, self.withdrawn, known.extra)
        kept = {*before.conditions, *self.conditions} - {*self.dropped}
        return Protection(
            marking=self.marking or before.marking,
            consent=consent,
            conditions=tuple(sorted(kept)),
            risk=self.risk or before.risk,
            extra=before.extra,
        )


def least(a: Protection, b: Protection) -> Protection:
    """The protection of what is made from both: the stricter marking and risk, every condition, and only such consent
    as both give. Unknown fields of both are kept; where they differ, the first one's."""
    return Protection(
        marking=max(a.marking, b.marking, key=MARKINGS.index),
        consent=_least_consent(a.consent, b.consent),
        conditions=tuple(sorted({*a.conditions, *b.conditions})),
        risk=max(a.risk, b.risk, key=RISKS.index),
        extra={**b.extra, **a.extra},
    )


def _least_consent(a: Consent | None, b: Consent | None) -> Consent | None:
    if a is None or b is None:
        known = a or b
        # One side never asked: nothing is covered, but a withdrawal or refusal that is known must not be forgotten.
        return Consent((), known.withdrawn, known.extra) if known and (known.withdrawn or not known.scope) else None
    withdrawn = min((time for time in (a.withdrawn, b.withdrawn) if time is not None), default=None)
    return Consent(tuple(use for use in a.scope if use in b.scope), withdrawn, {**b.extra, **a.extra})
