"""What may be done with an item from now on: marking, consent, conditions and risk, set anew by a person.

Guarantees: a change is signed by who decides, has a reason, and takes effect at once at every way out, for the item and
for everything made of it; the last one counts, and what was stated when the item came in stays in the log. Tightening
and loosening are the same act. A loosening opens nothing that the log commits to. Refuses a change that changes
nothing, and one of an item that was deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from probanda.acting import Acting
from probanda.index import queries
from probanda.index.acts import entries_of
from probanda.preserve.errors import CaseError
from probanda.preserve.lock import held
from probanda.preserve.protections import protection_change, protection_of
from probanda.records.capture import Capture
from probanda.records.deletion import deleted_of
from probanda.records.entry import PROTECTION, format_time
from probanda.records.protection import Change, Protection
from probanda.register import LOCK


class ProtectionRefusedError(CaseError):
    """The change does not fit the item."""


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """One protection of an item, from entry `seq` on. `reason` is `None` at ingestion and where it is withheld; `by` is
    the id of who decided, `None` at ingestion."""

    seq: int
    at: str
    by: str | None
    protection: Protection
    reason: str | None


class Protecting(Acting):
    """What an archive does with the protection of items."""

    def protect(self, item: str, change: Change, reason: str, by: str | None = None) -> Capture:
        """Changes the protection of the item whose id is or begins with `item`; what it is from then on. `by` as in
        `judge`. Raises `UnknownIdError`, `ValueError` for a change without reason or with a withdrawal that lies ahead,
        `ProtectionRefusedError`, `KeyMissing`, `ReadOnlyCase`."""
        case = self.at_hand(writing=True)
        with held(case.folder.path / LOCK):  # two changes at once would each start from what the other replaces
            case = self.at_hand(writing=True)
            before = queries.capture(case.alias, item)
            if (gone := deleted_of(before)) is not None:
                raise ProtectionRefusedError(
                    f"expected an item that stands, found {before.id}, which was deleted on {gone.at[:10]}"
                )
            if change.withdrawn is not None:
                require_past(change.withdrawn, case.clock())
            protection = change.applied(before.protection)
            if protection == before.protection:
                raise ProtectionRefusedError(
                    f"expected something to change, found that {before.id} is so protected already"
                )
            draft = protection_change(before.id, protection, reason)
            case.commit([draft], case.agent(by))
            return queries.capture(case.alias, before.id)

    def protections(self, item: str) -> tuple[ProtectionRow, ...]:
        """Every protection that the item had, in the order of the log: first the one at ingestion, last the one in
        force. Raises `UnknownIdError`."""
        case = self.at_hand(writing=False)
        capture = queries.capture(case.alias, item)
        rows = [ProtectionRow(capture.seq, capture.captured_at, None, capture.stated or capture.protection, None)]
        for entry in entries_of(case.alias, case.truth, PROTECTION):
            about, protection = protection_of(entry)
            if about == capture.id:
                reason = case.truth.openings.value(entry.committed["reason"])
                by = next((one.id for one in entry.agents if one.role == "implementer"), None)
                told = reason if isinstance(reason, str) else None
                rows.append(ProtectionRow(entry.seq, entry.time, by, protection, told))
        return tuple(rows)


def require_past(moment: str, now: datetime) -> None:
    """Raises `ValueError` unless `moment` is a day, or a time with its zone, that does not lie after `now`."""
    try:
        if len(moment) == len("2031-05-01"):
            ahead = date.fromisoformat(moment) > now.date()
        else:
            ahead = datetime.fromisoformat(moment) > now
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"expected when consent was withdrawn as a day (2031-05-01) or a time with its zone "
            f"(2031-05-01T09:00:00Z), found {moment!r:.60}"
        ) from error
    if ahead:
        raise ValueError(
            f"expected that consent was withdrawn by now ({format_time(now)}), found {moment}; a withdrawal counts "
            "from the moment it is known, so it is not entered ahead"
        )
