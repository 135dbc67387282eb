"""Nouns of events that lead back: what was told before ("the attacks"), or what a sentence takes for granted ("in his
invasion of the country").

Guarantees: a noun leads back only where an article or a demonstrative makes it definite, an event of its kind was told
before it (all attacks are one kind), and neither doer, victim, means, place nor time comes with it; a judgement on an
assault "on a sovereign nation" leads back likewise. Two attacks that differ in anything the text says stay two. A noun
is taken for granted where an owner or an article makes it definite and a preposition of circumstance governs it: who
accuses somebody of a deed in a war does not thereby allege the war (presupposition of definite phrases: Levinson 1983,
Pragmatics, section 4.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.events.draft import EventDraft
from probanda.extract.events.trigger_grammar import QUOTATION_MARKS, event_words
from probanda.extract.text.actors import class_at, noun_phrase_ending_at
from probanda.extract.text.nouns import Range, singular
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage

_DEFINITE = frozenset({"the", "this", "these", "those", "such", "that", "both"})
_OWNERS = frozenset({"his", "her", "its", "their", "our", "your", "my"})
_CIRCUMSTANCE = frozenset(
    {"in", "during", "since", "after", "before", "amid", "amidst", "throughout", "following", "despite", "within"}
)


def told_once(doc: Document, drafts: Sequence[EventDraft]) -> list[EventDraft]:
    """`drafts`, in the order of their triggers, without the nouns that lead back to an event of their kind before
    them."""
    out: list[EventDraft] = []
    told: set[str] = set()
    for draft in sorted(drafts, key=lambda draft: draft.trigger.start):
        family = "attack" if draft.type.startswith("attack.") else draft.type
        if family in told and _leads_back(doc, draft):
            continue
        told.add(family)
        out.append(draft)
    return out


def _leads_back(doc: Document, draft: EventDraft) -> bool:
    first, last = doc.token_at(draft.trigger.start), doc.token_at(draft.trigger.end - 1) + 1
    beside = draft.where is not None and 0 <= doc.token_at(draft.where.start) - last <= 3  # "the attack on Monday in X"
    if draft.affected or draft.instrument or beside or not _is_noun(doc, first, last):
        return False
    opening = _opening(doc, first, last)
    if opening is None:
        return False
    owned = class_at(doc, opening) == "S" or any(class_at(doc, place) == "S" for place in range(opening, first))
    if not owned and doc.tokens[opening].lower not in _DEFINITE | _OWNERS:
        return False
    if draft.aimed_at is None:
        return draft.actor is None and draft.when is None and not owned
    return _is_polity(doc, draft.aimed_at) and (owned or draft.actor is None)


def _is_noun(doc: Document, first: int, last: int) -> bool:
    return class_at(doc, last - 1) == "N" or (first > 0 and class_at(doc, first - 1) in "DJSX")


def _opening(doc: Document, first: int, last: int) -> int | None:
    """The token that opens the noun's phrase, an owner before quotation marks included ("Karovia’s “unlawful
    attack”")."""
    phrase = noun_phrase_ending_at(doc, last)
    opening = phrase[0] if phrase is not None and phrase[0] <= first else first
    if phrase is None and first and class_at(doc, first - 1) == "D":
        opening = first - 1  # "the blockade": the word is oftener a verb
    if opening and doc.tokens[opening - 1].text in QUOTATION_MARKS:
        return opening - 2 if opening > 1 and class_at(doc, opening - 2) == "S" else None
    return opening


def _is_polity(doc: Document, words: Passage) -> bool:
    """ "A sovereign nation", "its neighbours": a State or its people without a name."""
    tokens = doc.tokens[doc.token_at(words.start) : doc.token_at(words.end - 1) + 1]
    named = any(token.capital for token in tokens[1:])
    return not named and bool(tokens) and singular(tokens[-1].lower) in event_words("polity")


def taken_for_granted(doc: Document, first: int, last: int) -> Range | None:
    """The phrase of the noun at tokens [first, last), where its sentence only presupposes it; `None` otherwise."""
    phrase = noun_phrase_ending_at(doc, last)
    if phrase is None or phrase[0] == 0 or not phrase[0] <= first:
        return None
    owned = any(class_at(doc, place) == "S" for place in range(phrase[0], first))
    opening = doc.tokens[phrase[0]].lower
    if not owned and opening not in _DEFINITE | _OWNERS:
        return None
    return phrase if doc.tokens[phrase[0] - 1].lower in _CIRCUMSTANCE else None
