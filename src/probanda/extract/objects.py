"""Objects: the buildings, installations and areas that a text names, by physical type, never by legal class."""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.events import EventDraft
from probanda.extract.segments import Document
from probanda.records.reading import ObjectMention


def find_objects(doc: Document, events: Sequence[EventDraft] = ()) -> tuple[ObjectMention, ...]:
    """The objects that `doc` names, in the order of the text."""
    raise NotImplementedError
