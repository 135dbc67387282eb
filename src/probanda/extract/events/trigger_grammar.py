"""The grammar that triggers share: their rows, passive and adjectival participles, and the words of a kind.

Guarantees: nothing here names an event; it answers questions about the form of words in their place. Kinds of words:
lexica/event_words.tsv. The grammar is that of Quirk et al. 1985, chapters 3 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.text.actors import class_at
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document

Form = Literal["base", "third", "past", "participle", "ing", "noun"]
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "get", "gets", "got", "getting"})
QUOTATION_MARKS = frozenset("“”\"‘’'«»„")
ROLE_NEEDS = frozenset(
    {"place", "weapon", "ground_lost", "under", "force_subject", "person_subject", "aid_subject", "thing_subject",
     "object", "arms_object", "assault_object"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the lexicon: what subject and object are to an event of this type."""

    type: str
    subject: str
    object: str
    needs: str
    form: Form


@dataclass(frozen=True, slots=True)
class Trigger:
    """Tokens [first, last) that name an event. `passive`: the subject stands where an object would. `complement`: the
    noun of a frame as a token range, `None` elsewhere. `attributive`: a participle before its noun ("besieged
    port")."""

    first: int
    last: int
    row: Row
    passive: bool
    complement: tuple[int, int] | None = None
    attributive: bool = False


@cache
def event_words(kind: str) -> frozenset[str]:
    """The words of one kind, lower case; verbs in every form."""
    words = frozenset(row["word"] for row in table("event_words.tsv") if row["kind"] == kind)
    return frozenset(form for word in words for form in verb_forms(word)) if kind.endswith("_verb") else words


def is_adjectival(doc: Document, place: int, form: Form) -> bool:
    """A participle before its noun: "the occupied towns" tells of no capture."""
    if form not in ("past", "participle", "ing") or not place or place + 1 >= len(doc.tokens):
        return False
    if doc.tokens[place].lower == "surrounding" and doc.tokens[place - 1].lower not in BE | {","}:
        return True
    return class_at(doc, place - 1) in "DS" and class_at(doc, place + 1) in "NXJ"


def is_passive(doc: Document, first: int, last: int) -> bool:
    """Whether a past participle is one of the passive: after a form of "be", or before "by" with no subject of its
    own."""
    place = first - 1
    floor = doc.sentences[doc.sentence_of(first)].first
    while place >= floor and (class_at(doc, place) == "R" or doc.tokens[place].lower in ("not", "been", "being")):
        if doc.tokens[place].lower in ("been", "being"):
            return True
        place -= 1
    if place >= floor and doc.tokens[place].lower in BE:
        return True
    if place >= floor and doc.tokens[place].lower in ("has", "have", "had", "having"):
        return False
    if place >= floor and doc.tokens[place].lower in ("and", "or", ",") and place - 1 >= floor:
        other = _joined_participle(doc, place - 1, floor)
        if other is not None:
            return is_passive(doc, other, other + 1)
    following = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if following == "by":
        return True
    described = place >= floor and class_at(doc, place) in "NXQ" and class_at(doc, first) == "P"
    return described and following in ("in", "on", "at", "during", "when", ".", ",") and _has_finite(doc, last)


def _joined_participle(doc: Document, place: int, floor: int) -> int | None:
    """The participle that "and" joins to the next one: "was CONVICTED of murder and sentenced"."""
    for other in range(place, max(floor, place - 7), -1):
        kind = class_at(doc, other)
        if kind == "P" and (other == place or doc.tokens[other - 1].lower in BE):
            return other
        if kind in "VMW" or doc.tokens[other].text in ",;:—":
            return None
    return None


def _has_finite(doc: Document, place: int) -> bool:
    """Whether a finite verb follows in the sentence, so that the participle before it can only describe its noun."""
    end = doc.sentences[doc.sentence_of(place - 1)].last
    end = next((p for p in range(place, end) if doc.tokens[p].text in ",;:—"), end)
    return any(class_at(doc, p) in "VM" for p in range(place, min(end, place + 12)))


def needs_met(doc: Document, place: int, kind: str) -> bool:
    """Whether the sentence holds the kind of word without which a trigger means something else."""
    if not kind or kind in ROLE_NEEDS:
        return True  # the roles, filled later, decide
    sentence = doc.sentences[doc.sentence_of(place)]
    words = event_words(kind)
    return any(token.lower in words for token in doc.tokens[sentence.first : sentence.last])
