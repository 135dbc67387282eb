"""What the events of one text owe to each other.

Guarantees: several strikes that one clause joins ("strikes that damaged the school in X and the market in Y") are one
event for each thing damaged, with its own place; an investigation told without who opened it takes the one opener that
the text names elsewhere, and none where it names two. Everything else stays as its own sentence has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probanda.extract.events.draft import EventDraft
from probanda.extract.text.segments import Document

_OPENED = "legal.investigation_opened"


def settled(doc: Document, drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """`drafts` in the order of their triggers, each told as the whole text has it."""
    ordered = sorted(drafts, key=lambda draft: draft.trigger.start)
    return _opened([part for draft in ordered for part in _parted(doc, draft, ordered)])


def _parted(doc: Document, draft: EventDraft, drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """A plural attack that is the means of damage at several places, as one attack at each."""
    tokens = doc.tokens
    if not draft.type.startswith("attack") or not tokens[doc.token_at(draft.trigger.end - 1)].lower.endswith("s"):
        return [draft]
    caused = [
        other
        for other in drafts
        if other.type == "damage"
        and other.where is not None
        and other.affected is not None
        and other.instrument is not None
        and other.instrument.start <= draft.trigger.start < other.instrument.end
    ]
    if len({other.where for other in caused}) < 2:
        return [draft]
    return [replace(draft, affected=draft.affected or other.affected, where=other.where) for other in caused]


def _opened(drafts: list[EventDraft]) -> list[EventDraft]:
    told = [draft for draft in drafts if draft.type == _OPENED and draft.modality == "accomplished"]
    openers = {draft.actor.text.lower(): draft.actor for draft in told if draft.actor is not None}
    if len(openers) != 1:
        return drafts
    (opener,) = openers.values()
    return [replace(draft, actor=opener) if draft in told and draft.actor is None else draft for draft in drafts]
