"""Negation, and whether a clause is about the future.

Guarantees: a negation counts only within the verb's own group or right before the noun; "denied" is no negation but a
modality.
"""

from __future__ import annotations

from probanda.extract.modality.cues import HARD
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import (
    AUXILIARY,
    BE,
    GET,
    OPENERS,
    classes,
    group_start,
    is_adverb,
    is_noun_at,
    is_past,
    noun_phrase_start,
)
from probanda.extract.text.word_sets import word_set

_FUTURE = word_set(
    "will would shall may might 'll due scheduled expected set plans planned planning plan tomorrow upcoming "
    "coming hopes intends aims"
)


def negated_at(doc: Document, first: int, last: int) -> bool:
    """Whether the clause around tokens [first, last) negates what they name: "did not attack", "no attack", "without
    killing"."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(first)].first
    if is_noun_at(doc, first):
        begin = noun_phrase_start(doc, first)
        if tokens[begin].lower == "no" or (
            begin > start and tokens[begin - 1].lower in ("without", "nor", "neither", "no")
        ):
            return True
        if _is_not(doc, begin - 1, start):  # "there is not yet a ceasefire"
            return True
        verb = begin - 1
        return verb > start and tokens[verb].lower in word_list("light_verbs.txt") and negated_at(doc, verb, verb + 1)
    begin = group_start(doc, first)
    group = [token.lower for token in tokens[begin:first]]
    if any(
        word in ("not", "never", "neither", "nor", "without") or word.endswith("n't") or word == "cannot"
        for word in group
    ):
        return not ("not" in group and first < len(tokens) and "only" in group)
    before = tokens[begin - 1].lower if begin > start else ""
    if begin > start and begin < first and _subject_is_none(doc, begin, start):
        return True
    if before in ("without", "nor", "neither", "nobody", "none"):
        return True
    if before == "one" and begin - 2 >= start and tokens[begin - 2].lower == "no":
        return True
    if before == "to" and begin - 2 >= start:
        return tokens[begin - 2].lower in ("not", "refused", "refuses", "refusing", "declined", "declines")
    return begin > start and before in GET and negated_at(doc, begin - 1, begin)


def _is_not(doc: Document, place: int, start: int) -> bool:
    """Whether "is not" ends at `place`, adverbs after it left out."""
    tokens = doc.tokens
    while place > start and is_adverb(tokens[place]):
        place -= 1
    if place <= start:
        return False
    lower = tokens[place].lower
    return (lower in BE and lower.endswith("n't")) or (lower == "not" and tokens[place - 1].lower in BE)


def _subject_is_none(doc: Document, group: int, start: int) -> bool:
    """ "NO patients were killed", "NONE of the patients was hurt", "NOT A SINGLE house was hit"."""
    tokens = doc.tokens
    if tokens[group - 1].kind != "word":
        return False
    begin = noun_phrase_start(doc, group - 1)
    while begin - 2 >= start and tokens[begin - 1].lower == "of":
        begin = noun_phrase_start(doc, begin - 2)
    lower = tokens[begin].lower
    if lower == "no":
        return not (begin + 1 < len(tokens) and tokens[begin + 1].lower in ("fewer", "less", "more", "doubt"))
    if lower in ("none", "nobody", "neither"):
        return True
    if begin > start and tokens[begin - 1].lower == "one":
        begin, lower = begin - 1, "one"
    return begin > start and tokens[begin - 1].lower == "not" and lower in ("a", "one")


def is_future(doc: Document, first: int, last: int) -> bool:
    """Whether the clause that holds a time expression at [first, last) is about the future: its nearest verb
    decides."""
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(first)]
    for place in range(first - 1, sentence.first - 1, -1):
        lower = tokens[place].lower
        if lower in HARD or (lower in OPENERS and lower not in ("before", "after", "until")):
            break
        if lower in _FUTURE:
            return not (
                lower in ("planned", "expected", "due", "set", "would")
                and place
                and tokens[place - 1].lower in ("had", "been", "was", "were")
                and lower == "planned"
            )
        if lower in ("could", "may", "might") and tokens[place + 1].lower not in ("have", "be"):
            return True  # "could reach 10,000 by June"
        if (is_past(tokens[place]) or lower in ("was", "were", "had", "did")) and not (
            place and tokens[place - 1].lower in ("be", "been", "is", "are")
        ):
            return False
        if (
            lower == "to"
            and place + 1 < len(tokens)
            and "V" in classes(tokens[place + 1].lower)
            and place
            and tokens[place - 1].lower in BE
        ):
            return True
    for place in range(last, min(sentence.last, last + 20)):
        lower = tokens[place].lower
        if lower in HARD or lower in OPENERS:
            return False
        if lower in ("will", "shall", "due", "scheduled") or lower.endswith("'ll"):
            return True
        if is_past(tokens[place]) or (lower in AUXILIARY and lower not in ("is", "are", "be")):
            return False
    return False
