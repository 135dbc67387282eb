"""Objects: the buildings, installations and areas that a text names, by physical type, never by legal class.

Guarantees: `reported_as` follows the events of the text: inside what an event aims at, inside what it affected, or only mentioned.
Nouns too common to mean anything alone ("city") are returned only where an event aims at them or affects them. A military use is
the source's assertion, returned as the words that assert it and never weighed; a use that the text denies is not returned. Nouns
and types: lexica/objects.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from probanda.extract.actors import class_at
from probanda.extract.events import EventDraft
from probanda.extract.inflection import plural
from probanda.extract.lexicon import table
from probanda.extract.matching import Matcher
from probanda.extract.modality import negated_at
from probanda.extract.segments import Document
from probanda.extract.sites import name_start
from probanda.extract.weapons import Unless, excluded, parse_unless
from probanda.records.passage import Passage
from probanda.records.reading import ObjectMention

_USERS = frozenset(
    "fighters militants soldiers troops forces army military militia insurgents rebels gunmen combatants snipers weapons ammunition"
    " missiles rockets artillery armed hostages base headquarters barracks command munitions militias brigade battalion".split()
)
_USES = frozenset(
    "used using use uses housed housing houses hid hiding hide sheltering stationed stored storing store stores based firing fired"
    " operated operating converted turned occupied launched launching positioned entrenched commandeered requisitioned".split()
)


@cache
def _matcher() -> Matcher[tuple[str, bool, Unless]]:
    terms: list[tuple[str, tuple[str, bool, Unless]]] = []
    for row in table("objects.tsv"):
        value = (row["type"], row["alone"] == "yes", parse_unless(row["unless"]))
        terms += [(row["noun"], value), (plural(row["noun"]), value)]
    return Matcher(terms)


def find_objects(doc: Document, events: Sequence[EventDraft] = ()) -> tuple[ObjectMention, ...]:
    """The objects that `doc` names, in the order of the text. A passage covers noun, its plain modifiers ("central square") and a
    proper name before it."""
    out: list[ObjectMention] = []
    for first, last, (type_, alone, unless) in _matcher().scan(doc):
        if excluded(doc, first, last, unless) or _is_verb(doc, first, last):
            continue
        start = _with_modifiers(doc, first)
        passage = doc.passage(start, last)
        reported = _reported_as(doc.passage(first, last), events)
        if reported == "mentioned" and not alone:
            continue
        out.append(ObjectMention(passage, type_, reported, _military_use(doc, first, last) if type_ != "military" else None))
    return tuple(out)


def _is_verb(doc: Document, first: int, last: int) -> bool:
    """"to house", "they shelter": a form that could be a noun where a verb stands."""
    return last - first == 1 and class_at(doc, first) in "VRI" and not doc.tokens[first].capital


def _with_modifiers(doc: Document, first: int) -> int:
    named = name_start(doc, first)
    if named < first:
        return named
    floor = doc.sentences[doc.sentence_of(first)].first
    while first - 1 >= floor and doc.tokens[first - 1].kind == "word" and class_at(doc, first - 1) in "JN":
        if doc.tokens[first].start - doc.tokens[first - 1].end > 1:
            break
        first -= 1
    return first


def _reported_as(noun: Passage, events: Sequence[EventDraft]) -> Literal["aimed_at", "affected", "mentioned"]:
    def holds(part: Passage | None) -> bool:
        return part is not None and part.start <= noun.start and noun.end <= part.end

    if any(holds(event.affected) for event in events):
        return "affected"
    return "aimed_at" if any(holds(event.aimed_at) for event in events) else "mentioned"


def _military_use(doc: Document, first: int, last: int) -> Passage | None:
    """The words from a verb of use to the end of its phrase, where a word for fighters or arms stands with it and the object is
    named in the same clause; `None` where the text asserts no such use, or denies it."""
    sentence = doc.sentences[doc.sentence_of(first)]
    for place in range(sentence.first, sentence.last):
        token = doc.tokens[place]
        if token.lower not in _USES or first <= place < last:
            continue
        begin, end = _clause(doc, place)
        words = doc.tokens[begin:end]
        if not any(word.lower in _USERS for word in words) or not begin <= first < end:
            continue
        if not _speaks_of_use(doc, place, begin, end, first) or negated_at(doc, place, place + 1):
            continue
        return doc.passage(min(place, *_users(doc, begin, end)), end) if place > last else doc.passage(begin, end)
    return None


def _users(doc: Document, begin: int, end: int) -> list[int]:
    return [place for place in range(begin, end) if doc.tokens[place].lower in _USERS]


def _speaks_of_use(doc: Document, place: int, begin: int, end: int, noun: int) -> bool:
    """Whether use and object belong together: "used … as", "to store", "firing from", "hid in", "inside the school"."""
    links = {t.lower for t in doc.tokens[place:end]}
    before = {t.lower for t in doc.tokens[max(begin, noun - 3) : noun]}
    return bool(links & {"as", "into", "to", "by"} and place > noun) or bool(before & {"in", "inside", "from", "the"} and place < noun)


def _clause(doc: Document, place: int) -> tuple[int, int]:
    """From the last comma, semicolon or verb of speech before a token to the next comma or end."""
    sentence = doc.sentences[doc.sentence_of(place)]
    begin, end = place, place
    while begin > sentence.first and doc.tokens[begin - 1].text not in ",;:—“”\"":
        begin -= 1
        if doc.tokens[begin].lower in ("that", "said", "says", "claimed", "because", "after", "while", "but"):
            begin += 1
            break
    while end < sentence.last and doc.tokens[end].text not in ",;:—“”\".":
        end += 1
    return min(begin, place), end
