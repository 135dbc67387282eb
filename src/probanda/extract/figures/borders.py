"""Whether people crossed a border, where the text says so.

Guarantees: only words of the text tell it: "fled the country", "fled abroad", "fled Latvia" (a State of the
gazetteer), "crossed into Latvia", "across the border". Without such words it stays open: who fled a town may be
anywhere. It makes nobody a refugee in law.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.events.draft import EventDraft
from probanda.extract.places import gazetteer
from probanda.extract.text.nouns import Range, words_of
from probanda.extract.text.segments import Document
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Place

_ON_THE_WAY = word_set(
    "to into from across over for out of and neighbouring neighboring nearby already now also safely"
)
_ABROAD = frozenset({"abroad", "overseas"})
_STATES = frozenset({"country", "countries", "state", "states"})
_FAR = 7  # words from the verb to the border; arbitrary


def border_crossed(doc: Document, acts: Sequence[EventDraft], places: Sequence[Place]) -> Range | None:
    """The words of one of `acts`, displacements of one clause, that tell that a border was crossed. `places` are those
    in the clause."""
    states = {doc.token_at(p.passage.start): doc.token_at(p.passage.end - 1) + 1 for p in places if _is_state(p)}
    for act in acts:
        if act.type.split(".")[0] not in ("displacement", "evacuation"):
            continue
        first, last = doc.token_at(act.trigger.start), doc.token_at(act.trigger.end - 1) + 1
        if any(token.lower in ("border", "abroad") for token in doc.tokens[first:last]):
            return first, last
        if any(token.lower == "country" for token in doc.tokens[first:last]):
            return first, last
        end = min(doc.sentences[doc.sentence_of(first)].last, last + _FAR)
        for place in range(last, end):
            word = doc.tokens[place].lower
            if place in states:
                return first, states[place]
            if word in _ABROAD or word == "border" or (word in _STATES and _foreign(doc, place)):
                return first, place + 1
            if word not in _ON_THE_WAY and word not in words_of("determiner"):
                break
    return None


def _is_state(place: Place) -> bool:
    entries = gazetteer.load().lookup(place.name) if place.gazetteer_id is not None else ()
    return any(entry.id == place.gazetteer_id and entry.feature == "country" for entry in entries)


def _foreign(doc: Document, place: int) -> bool:
    """ "The country" that is left, or "neighbouring countries"; not "parts of the country"."""
    before = doc.tokens[place - 1].lower
    return before in ("the", "their", "neighbouring", "neighboring") and doc.tokens[place - 2].lower != "of"
