"""Events: what a text says was done, by whom, to what, with what, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probanda.extract.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Counts, Modality, Place, When


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An `Event` before the reading gives it its source and id."""

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


def find_events(doc: Document, times: Sequence[When] = (), places: Sequence[Place] = ()) -> tuple[EventDraft, ...]:
    """The events that `doc` tells of, in the order of their triggers."""
    raise NotImplementedError
