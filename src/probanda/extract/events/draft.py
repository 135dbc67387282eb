"""What is found of an event before the reading gives it its source and id."""

from __future__ import annotations

from dataclasses import dataclass

from probanda.records.passage import Passage
from probanda.records.reading import Counts, Modality, When


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An `Event` without source and id."""

    type: str
    trigger: Passage
    actor: Passage | None
    aimed_at: Passage | None
    affected: Passage | None
    instrument: Passage | None
    where: Passage | None
    when: When | None
    modality: Modality
    counts: Counts | None = None
