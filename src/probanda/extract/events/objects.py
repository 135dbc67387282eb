"""Objects: the buildings, installations and areas that a text names, by physical type, never by legal class.

Guarantees: `reported_as` follows the events of the text: inside what an event aims at, inside what it affected, or
only mentioned. Nouns too common to mean anything alone ("city") are returned only where an event aims at them or
affects them. A military use is the source's assertion, returned as the words that assert it and never weighed; a use
that the text denies is not returned. Nouns and types: lexica/objects.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from probanda.extract.events.draft import EventDraft
from probanda.extract.events.triggers import event_words
from probanda.extract.events.weapons import Unless, excluded, parse_unless
from probanda.extract.modality.modality import negated_at
from probanda.extract.places.context import dateline
from probanda.extract.places.sites import is_body, is_settlement, name_start
from probanda.extract.text.actors import class_at, is_ordinary
from probanda.extract.text.inflection import plural
from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.matching import Matcher
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import ObjectMention

_THOROUGHFARES = frozenset({"street", "road", "avenue", "lane", "boulevard"})
_PAPERS = frozenset({"record", "records", "document", "documents", "statement", "report", "reports", "bill", "fees"})
Reported = Literal["aimed_at", "affected", "mentioned"]


@cache
def _matcher() -> Matcher[tuple[str, bool, Unless]]:
    terms: list[tuple[str, tuple[str, bool, Unless]]] = []
    for row in table("objects.tsv"):
        value = (row["type"], row["alone"] == "yes", parse_unless(row["unless"]))
        terms += [(row["noun"], value), (plural(row["noun"]), value)]
    return Matcher(terms)


def find_objects(doc: Document, events: Sequence[EventDraft] = ()) -> tuple[ObjectMention, ...]:
    """The objects that `doc` names, in the order of the text. A passage covers noun, its plain modifiers ("central
    square") and a proper name before it."""
    out: list[ObjectMention] = []
    parts = [(role, *_listed(doc, part)) for event in events for role, part in _parts(event) if part is not None]
    for first, last, (type_, alone, unless) in _matcher().scan(doc):
        if excluded(doc, first, last, unless) or _is_verb(doc, first, last):
            continue
        if _goes_on(doc, last) or _of_a_person(doc, last):
            continue  # "Port Anselm", "Canal Street": part of a longer name; "a bank clerk"
        if doc.tokens[last - 1].capital:
            named = name_start(doc, first)
            if is_body(doc, named, last) or is_settlement(doc, named, last) or dateline(doc, named, last):
                continue
            if named < first and doc.tokens[last - 1].lower in _THOROUGHFARES:
                continue  # an address, and among the places
        if _as_a_word(doc, first, last):
            continue
        start = _with_modifiers(doc, first)
        passage = doc.passage(start, last)
        reported = _reported_as(doc.passage(first, last), parts)
        if reported == "mentioned" and not alone:
            continue
        out.append(
            ObjectMention(passage, type_, reported, _military_use(doc, first, last) if type_ != "military" else None)
        )
    return tuple(out)


def _is_verb(doc: Document, first: int, last: int) -> bool:
    """ "to house", "they shelter": a form that could be a noun where a verb stands."""
    return last - first == 1 and class_at(doc, first) in "VRI" and not doc.tokens[first].capital


def _goes_on(doc: Document, last: int) -> bool:
    """Whether a capitalised noun is followed by the rest of its name."""
    if last >= len(doc.tokens) or not doc.tokens[last - 1].capital:
        return False
    after = doc.tokens[last]
    return after.kind == "word" and after.capital and after.start - doc.tokens[last - 1].end == 1


def _of_a_person(doc: Document, last: int) -> bool:
    """Whether the noun only says where a person works or a paper comes from: "a bank clerk", "hospital records"."""
    return last < len(doc.tokens) and doc.tokens[last].lower in _workers() | _PAPERS


def _as_a_word(doc: Document, first: int, last: int) -> bool:
    """ "dismissed it as theatre", "called it ‘theatre’": a bare singular, said of something else."""
    if not first or last - first > 1 or last >= len(doc.tokens):
        return False
    before, after = doc.tokens[first - 1], doc.tokens[last]
    return before.lower == "as" or (before.text in "“‘\"'" and after.text in "”’\"'")


@cache
def _workers() -> frozenset[str]:
    heads = frozenset(role.split()[-1] for role in word_list("roles.txt")) | event_words("person")
    return heads | {plural(head) for head in heads if head}


def _with_modifiers(doc: Document, first: int) -> int:
    named = name_start(doc, first)
    if named < first:
        return named
    floor = doc.sentences[doc.sentence_of(first)].first
    while first - 1 >= floor and doc.tokens[first - 1].kind == "word" and class_at(doc, first - 1) in "JN":
        if not is_ordinary(doc.tokens[first - 1].lower) or doc.tokens[first - 1].lower.endswith("ed"):
            break  # "damaged school", "occupied districts": what befell it is no kind of it
        if doc.tokens[first].start - doc.tokens[first - 1].end > 1:
            break
        first -= 1
    return first


def _parts(event: EventDraft) -> tuple[tuple[Reported, Passage | None], ...]:
    return ("aimed_at", event.aimed_at), ("affected", event.affected)


def _listed(doc: Document, part: Passage) -> tuple[int, int]:
    """The characters of a role with what is listed after it: "the school, a clinic in X and the market"."""
    last = doc.token_at(part.end - 1) + 1
    end = doc.sentences[doc.sentence_of(last - 1)].last
    place, reached = last, part.end
    while place < end and (
        class_at(doc, place) in "DJNQXS" or doc.tokens[place].lower in ("and", ",", "in", "of", "near", "at")
    ):
        place += 1
    if place > last and any(doc.tokens[p].lower in ("and", ",") for p in range(last, place)):
        clause = place < end and class_at(doc, place) in "VM" and doc.tokens[place].lower not in ("has", "have", "had")
        reached = part.end if clause else doc.tokens[place - 1].end
    return part.start, reached


def _reported_as(noun: Passage, parts: Sequence[tuple[Reported, int, int]]) -> Reported:
    roles = {role for role, start, end in parts if start <= noun.start and noun.end <= end}
    if "affected" in roles:
        return "affected"
    return "aimed_at" if "aimed_at" in roles else "mentioned"


def _military_use(doc: Document, first: int, last: int) -> Passage | None:
    """The words from a verb of use to the end of its phrase, where a word for fighters or arms stands with it and the
    object is named in the same clause; `None` where the text asserts no such use, or denies it."""
    sentence = doc.sentences[doc.sentence_of(first)]
    for place in range(sentence.first, sentence.last):
        token = doc.tokens[place]
        if token.lower not in event_words("military_use") or first <= place < last:
            continue
        begin, end = _clause(doc, place)
        words = doc.tokens[begin:end]
        if not any(word.lower in event_words("military_user") for word in words) or not begin <= first < end:
            continue
        if not _speaks_of_use(doc, place, begin, end, first) or negated_at(doc, place, place + 1):
            continue
        return doc.passage(min(place, *_users(doc, begin, end)), end) if place > last else doc.passage(begin, end)
    return None


def _users(doc: Document, begin: int, end: int) -> list[int]:
    return [place for place in range(begin, end) if doc.tokens[place].lower in event_words("military_user")]


def _speaks_of_use(doc: Document, place: int, begin: int, end: int, noun: int) -> bool:
    """Whether use and object belong together: "used … as", "to store", "firing from", "hid in", "inside the school"."""
    links = {t.lower for t in doc.tokens[place:end]}
    before = {t.lower for t in doc.tokens[max(begin, noun - 3) : noun]}
    return bool(links & {"as", "into", "to", "by"} and place > noun) or bool(
        before & {"in", "inside", "from", "the"} and place < noun
    )


def _clause(doc: Document, place: int) -> tuple[int, int]:
    """From the last comma, semicolon or verb of speech before a token to the next comma or end."""
    sentence = doc.sentences[doc.sentence_of(place)]
    begin, end = place, place
    while begin > sentence.first and doc.tokens[begin - 1].text not in ',;:—“”"':
        begin -= 1
        if doc.tokens[begin].lower in ("that", "said", "says", "claimed", "because", "after", "while", "but"):
            begin += 1
            break
    while end < sentence.last and doc.tokens[end].text not in ',;:—“”".':
        end += 1
    return min(begin, place), end
