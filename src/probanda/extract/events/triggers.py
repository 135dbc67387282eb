"""Triggers: the words of a text that name an event, with what subject and object are to it.

Guarantees: verbs are matched in every form and nouns in both numbers, but only where the word can be that part of
speech in its place ("strikes" after "Karovian" is a noun, after "which" a verb). An event named by verb and noun
together ("opened an investigation") is one trigger, at the verb. Words and sources: lexica/event_triggers.tsv,
lexica/event_frames.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.events.trigger_frames import find_framed
from probanda.extract.events.trigger_grammar import (
    BE,
    QUOTATION_MARKS,
    ROLE_NEEDS,
    Form,
    Row,
    Trigger,
    event_words,
    is_adjectival,
    is_passive,
    needs_met,
)
from probanda.extract.text.actors import class_at, is_ordinary, word_classes
from probanda.extract.text.inflection import plural, verb_forms
from probanda.extract.text.lexicon import table
from probanda.extract.text.matching import Matcher
from probanda.extract.text.segments import Document

__all__ = ["QUOTATION_MARKS", "Row", "Trigger", "event_words", "find_triggers", "is_passive"]

_AFTER_NOUN = frozenset(
    {"of", "by", "on", "in", "has", "had", "was", "and", "that", "between", "around", "near", "across", "at"}
)


@cache
def _matcher() -> Matcher[tuple[Row, ...]]:
    rows: dict[str, list[Row]] = {}
    for row in table("event_triggers.tsv"):
        for term in row["terms"].split(","):
            forms = verb_forms(term) if row["kind"] == "verb" else {term: "noun", plural(term): "noun"}
            for form, kind in forms.items():
                made = Row(row["type"], row["subject"], row["object"], row["needs"], kind)  # type: ignore[arg-type]
                rows.setdefault(form, []).append(made)
    return Matcher((form, tuple(held)) for form, held in rows.items())


def find_triggers(doc: Document) -> tuple[Trigger, ...]:
    """The triggers of `doc`, in order; where a frame and a single word meet, the frame stays."""
    framed = find_framed(doc)
    covered = {place for t in framed for place in range(t.first, t.last)}
    covered |= {place for t in framed if t.complement for place in range(*t.complement)}
    out = list(framed)
    for first, last, rows in _matcher().scan(doc):
        if covered.intersection(range(first, last)):
            continue
        for row in _fitting(doc, first, last, rows):
            if _attributive(doc, first, last, row):
                out.append(Trigger(first, last, row, passive=True, attributive=True))
                continue
            passive = row.form in ("past", "participle") and is_passive(doc, first, last)
            out.append(Trigger(first, last, row, passive))
    return tuple(sorted(out, key=lambda trigger: trigger.first))


def _fitting(doc: Document, first: int, last: int, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows whose part of speech the words have here. Of several verbs, one whose needs the sentence meets goes
    before one without needs; those whose needs only the roles can meet are all kept, and tried in turn."""
    nouns = tuple(row for row in rows if row.form == "noun" and needs_met(doc, first, row.needs))[:1]
    met = [row for row in rows if row.form != "noun" and row.needs and needs_met(doc, first, row.needs)]
    later = tuple(row for row in met if row.needs in ROLE_NEEDS)
    others = tuple(row for row in met if row.needs not in ROLE_NEEDS)[:1]
    plain = tuple(row for row in rows if row.form != "noun" and not row.needs)[:1]
    verbs = (*later, *others) if others else (*later, *plain)
    if last - first > 1:
        return verbs or nouns
    token = doc.tokens[first]
    if token.capital and not nouns and class_at(doc, first) == "X":
        return ()  # part of a name
    if verbs and is_adjectival(doc, first, verbs[0].form) and not _attributive(doc, first, last, verbs[0]):
        return ()
    if nouns and _modifies_head(doc, first, last):
        return ()
    if not nouns and verbs:
        earlier = _before(doc, first)
        held = (
            earlier >= 0
            and class_at(doc, earlier) in "DSJ"
            and doc.tokens[earlier].lower not in ("that", "this", "all")
        )
        if (held and is_ordinary(token.lower)) or _adjective_here(doc, first, last, earlier):
            return ()
        return verbs if not verbs or _verb_fits(doc, first, last, earlier, verbs[0].form) else ()
    return nouns if _is_noun_here(doc, first) else verbs


def _attributive(doc: Document, first: int, last: int, row: Row) -> bool:
    """Whether a participle before its noun tells of a state that holds: "the besieged port" is besieged."""
    return row.type == "siege" and row.form in ("past", "participle") and is_adjectival(doc, first, row.form)


def _modifies_head(doc: Document, first: int, last: int) -> bool:
    """Whether the noun only describes another ("attack drones", "blast wounds"), or is described as no violence
    ("heart attack", "hunger strike", "a strike by teachers")."""
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if after in event_words("modified_head"):
        return True
    before = [t.lower for t in doc.tokens[max(0, first - 2) : first]]
    if before[-1:] and before[-1] in event_words("figurative_modifier"):
        return True
    if before[-1:] and doc.tokens[first - 1].kind == "clitic" and before[0] in event_words("worker_strike"):
        return True
    word = doc.tokens[first].lower
    if word in ("strike", "strikes"):
        following = [t.lower for t in doc.tokens[last : last + 4]]
        by_workers = following[:1] == ["by"] and any(w in event_words("worker_strike") for w in following)
        return before[-1:] in (["on"], ["general"]) or by_workers
    return word in ("advance", "push") and before[-1:] == ["in"]


def _adjective_here(doc: Document, first: int, last: int, earlier: int) -> bool:
    """Whether a form that is oftenest an adjective ("occupied") is one here: no object and no "by" follows, or what
    comes before is no subject."""
    if word_classes(doc.tokens[first].lower)[0] != "J":
        return False
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if after == "by":
        return False
    subject = earlier >= 0 and class_at(doc, earlier) in "NXORM" and doc.tokens[earlier].lower not in BE
    return not (subject and last < len(doc.tokens) and class_at(doc, last) in "DXOQ")


def _verb_fits(doc: Document, first: int, last: int, earlier: int, form: Form) -> bool:
    """Whether a form that looks like a noun can be a verb after the word before it: a bare form needs a plural, "to" or
    an auxiliary, one in -s an object ("with artillery shells by" has none)."""
    if earlier < 0:
        return form != "base"
    kind, low = class_at(doc, earlier), doc.tokens[earlier].lower
    if form == "base" and kind in "NJ" and not low.endswith("s"):
        return low in event_words("person") or low in event_words("force")
    has_object = last < len(doc.tokens) and class_at(doc, last) in "DXNQOS"
    if form == "base" and (kind == "Q" or low in ("this", "that", "all")):
        return has_object  # "the 1999 storm near", "this storm is"
    if form == "third" and kind in "NJQDGI" and (kind in "QI" or not low.endswith("s")):
        return has_object
    return True


def _before(doc: Document, place: int) -> int:
    """The token before, quotation marks left out; -1 at the start of a sentence."""
    floor = doc.sentences[doc.sentence_of(place)].first
    place -= 1
    while place >= floor and doc.tokens[place].text in QUOTATION_MARKS:
        place -= 1
    return place if place >= floor else -1


def _is_noun_here(doc: Document, place: int) -> bool:
    token = doc.tokens[place]
    classes = word_classes(token.lower)
    earlier = _before(doc, place)
    before = class_at(doc, earlier) if earlier >= 0 else "-"
    after = class_at(doc, place + 1) if place + 1 < len(doc.tokens) else "-"
    low = doc.tokens[earlier].lower if earlier >= 0 else ""
    if low in ("to", "not", "who", "which", "they", "he", "she", "we", "i") or before in "MO" or low in BE:
        return low in BE and classes[0] == "N" and not token.lower.endswith(("ed", "ing"))
    if token.lower.endswith("ing"):
        following = doc.tokens[place + 1].lower if place + 1 < len(doc.tokens) else ""
        if before in "DJSX" or (
            before == "N" and low.endswith("s") is False and following in ("of", "in", "on", "by", "that")
        ):
            return True
        if before in "-" and after in "PVM" and following != "by":
            return True  # "Fighting erupted"
        return following in _AFTER_NOUN or after == "-" or after == "V"
    if token.lower.endswith("ed"):
        return False
    if low in ("that", "have", "has", "had", "and") and after in "DXSO":
        return False
    if before in "DJSQPGI":
        return True
    if before == "X" and after in "DXO":
        return False
    if before == "N" and after in "DXOQ" and "V" in classes and token.lower != low:
        return False
    return "N" in classes and not (after == "D" and "V" in classes)
