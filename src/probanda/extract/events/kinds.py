"""Which kind of claim reports an event, by the event's type."""

from __future__ import annotations

from probanda.records.reading import ClaimKind

_EVENT_KINDS: tuple[tuple[str, ClaimKind], ...] = (
    ("attack", "attack"), ("killing", "attack"), ("damage", "damage"), ("siege", "siege"), ("control", "control"),
    ("displacement", "displacement"), ("legal.investigation_opened", "investigation"), ("legal.referral", "referral"),
    ("diplomatic.vote", "vote"), ("pledge", "pledge"),
)  # fmt: skip


def claim_kind(event_type: str) -> ClaimKind | None:
    """The kind of claim that reports an event of this type, `None` for types that have none."""
    return next(
        (kind for prefix, kind in _EVENT_KINDS if event_type == prefix or event_type.startswith(prefix + ".")), None
    )
