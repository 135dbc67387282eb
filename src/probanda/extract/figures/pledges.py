"""Figures of what is promised or delivered: "pledged 4,000 shells", "up to 2,000 weapons would be sent".

Guarantees: the number hangs on a pledge or a delivery that the events hold: as its object in the same clause, or as the
subject of its passive directly before it. Persons and what something befell are never pledged.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.events.draft import EventDraft
from probanda.extract.figures.figure import Figure
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import MODAL, OPENERS, is_verb_group
from probanda.extract.text.victims import victim_class
from probanda.records.reading import Modality

_REACH = 25  # tokens between a verb and a member of the list that it governs; arbitrary


def pledge_of(doc: Document, figure: Figure, events: Sequence[EventDraft]) -> Modality | None:
    """How far the pledge of what `figure` counts has gone; `None` where none is told of it."""
    if figure.effect is not None or figure.unit is None or victim_class(figure.unit.split()[-1].lower()) is not None:
        return None
    first, last = figure.number.first, max(figure.number.last, figure.unit_last or 0)
    sentence = doc.sentences[doc.sentence_of(first)]
    best: tuple[int, Modality] | None = None
    for event in events:
        if (
            not event.type.startswith(("pledge.", "delivery."))
            or not sentence.start <= event.trigger.start < sentence.end
        ):
            continue
        verb = doc.token_at(event.trigger.start)
        after = doc.token_at(event.trigger.end - 1) + 1
        governs = after <= first and first - after <= _REACH and not _parted(doc, after, first)
        undergoes = last <= verb and all(
            is_verb_group(token) or token.lower in MODAL or token.lower in ("to", "already")
            for token in doc.tokens[last:verb]
        )
        if (governs or undergoes) and (best is None or abs(verb - first) < best[0]):
            best = abs(verb - first), event.modality
    whole = doc.tokens[figure.number.last].lower != "of" if figure.number.last < sentence.last else True
    if best is None and whole and last < sentence.last and doc.tokens[last].lower in ("promised", "pledged"):
        return "promised"  # "300 of the 800 mortars promised in January"
    return best[1] if best is not None else None


def _parted(doc: Document, first: int, last: int) -> bool:
    return any(token.lower in OPENERS or token.text in ";:" for token in doc.tokens[first:last])
