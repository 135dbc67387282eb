"""The verb of a figure that no word of harm governs, for its modality: "up to 2,000 weapons WOULD BE SENT", "could HOLD
500 bodies", "expects 300 families TO NEED shelter".

Guarantees: the verb stands directly after the counted or directly before the number; where neither does, nothing is
said.
"""

from __future__ import annotations

from probanda.extract.figures.units import Counted
from probanda.extract.modality.modality import modality_at
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import AUXILIARY, DETERMINERS, MODAL, classes, is_adverb, is_past, is_verb_group
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.quantities import Number
from probanda.records.reading import Modality

_CUT_OFF = word_set("trapped stranded cut besieged encircled sheltering")
_LINKS = word_set("to remain remains remained still thought believed feared said reported known")


def plain_modality(doc: Document, number: Number, counted: Counted) -> Modality | None:
    """How far the text goes with what the counted do or undergo; `None` where it is told as a fact, or no verb
    tells."""
    for verb in (_verb_after(doc, max(counted.last, number.last)), _verb_before(doc, number.first)):
        if verb is not None:
            found, cue = modality_at(doc, verb, verb + 1)
            if cue is not None and found != "accomplished":
                return found
    return None


def _verb_after(doc: Document, place: int) -> int | None:
    """The verb whose subject the counted are."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(place - 1)].last
    while place < end and tokens[place].text in '”’"':
        place += 1
    begin = place
    while place < end and (is_verb_group(tokens[place]) or tokens[place].lower in MODAL | _LINKS):
        place += 1
    return place if begin < place < end and tokens[place].kind == "word" else None


def _verb_before(doc: Document, first: int) -> int | None:
    """The verb whose object the counted are."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(first)].first
    place = first - 1
    while place > start and (
        is_adverb(tokens[place]) or tokens[place].lower in DETERMINERS or tokens[place].lower in ("out", "up", "off")
    ):
        place -= 1
    if place < start or tokens[place].kind != "word" or tokens[place].lower in AUXILIARY | MODAL:
        return None
    kinds = classes(tokens[place].lower)
    verbal = (
        kinds[0] in "VG" or is_past(tokens[place]) or ("V" in kinds and place > start and _takes_verb(doc, place - 1))
    )
    return place if verbal else None


def _takes_verb(doc: Document, place: int) -> bool:
    return doc.tokens[place].lower in MODAL or doc.tokens[place].lower == "to"


def is_cut_off(doc: Document, number: Number, counted: Counted) -> bool:
    """Whether the counted are said to be trapped, or to shelter: people whom the fighting keeps from home or from
    leaving."""
    verb = _verb_after(doc, max(counted.last, number.last))
    if verb is None or (counted.head is not None and victim_class(doc.tokens[counted.head].lower) is None):
        return False
    return doc.tokens[verb].lower in _CUT_OFF or doc.tokens[verb - 1].lower in _CUT_OFF
