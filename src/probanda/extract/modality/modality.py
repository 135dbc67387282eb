"""Whether the words of a clause say that a thing was done: accomplished, attempted, threatened, planned, feared,
denied.

Guarantees: the cue that counts is the nearest one that governs the thing by its grammar (a modal its infinitive,
"plans" its "to", "fears" its clause, "alleged" its noun), never merely one in the same sentence; the cue's own words
come back with the answer. Without a governing cue a thing counts as told to have been done.
"""

from __future__ import annotations

from probanda.extract.modality.cues import DONE, HARD, Found, cue_at, governed_clause, governed_object, modal_at
from probanda.extract.modality.polarity import is_future, negated_at
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import (
    AUXILIARY,
    BE,
    DETERMINERS,
    MODAL,
    OPENERS,
    classes,
    is_adverb,
    is_noun_at,
    is_past,
    is_verb_group,
    noun_phrase_start,
)
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Modality

__all__ = ["Found", "is_future", "modality_at", "negated_at"]

_CLOSE = word_set("able about due had has have need needed needs ready set")  # govern "to" only beside it
_THROUGH = word_set(
    "forced forcing forces force prompt cause lead began begin begins beginning started start continued "
    "continue continues managed helped help used went go came come led causing caused compelled prompting "
    "prompted"
)
_ASPECT = word_set(
    "begin begins began start starts started continue continues continued keep keeps kept resume resumes resumed"
)
_HAPPENS = word_set("be take come happen occur begin start follow continue hit fall strike go proceed")


def modality_at(doc: Document, first: int, last: int) -> Found:
    """The modality of what tokens [first, last) name, and the cue that gives it; ("accomplished", None) without a
    cue."""
    start = doc.sentences[doc.sentence_of(first)].first
    if is_noun_at(doc, first):
        return _of_noun(doc, first, last, start, depth=0)
    return _of_verb(doc, first, start, depth=0)


def _of_verb(doc: Document, verb: int, start: int, depth: int) -> Found:
    tokens = doc.tokens
    place = verb - 1
    passive = False
    while place >= start:
        token = tokens[place]
        found = cue_at(doc, "adverb", place, start) or (
            cue_at(doc, "pred", place, start)
            if place == verb - 1 or passive or tokens[place + 1].lower in ("dead", "killed")
            else None
        )
        if found is not None and not (token.lower in ("said", "understood") and place == verb - 1):
            return found
        found = modal_at(doc, place, start)
        if found is not None:
            return found
        if token.lower == "to":
            return _of_infinitive(doc, place, start, depth)
        if not is_verb_group(token):
            break
        passive = passive or token.lower in BE
        place -= 1
    token = tokens[verb]
    before = tokens[verb - 1].lower if verb > start else ""
    if token.lower.endswith("ing") and classes(token.lower)[0] in "GJN" and place == verb - 1:
        found = governed_object(doc, verb, start)
        if found is not None:
            return found
        if before == ",":
            return _of_main_clause(doc, verb - 1, start, depth)
        if before in _ASPECT and depth < 3:
            return _of_verb(doc, verb - 1, start, depth + 1)
        if before in ("and", "or"):
            return _of_coordinate(doc, verb, start, depth, "ing")
        return DONE
    if place == verb - 1 and (before in ("and", "or", ",") or "V" in classes(token.lower)) and not is_past(token):
        found = _of_coordinate(doc, verb, start, depth, "base")
        if found is not DONE:
            return found
    found = governed_clause(doc, place, start)
    if found is DONE and before in ("and", "or") and is_past(token):
        return _of_coordinate(doc, verb, start, depth, "past")
    return _of_opening(doc, start, verb) if found is DONE else found


def _of_infinitive(doc: Document, to: int, start: int, depth: int) -> Found:
    """What governs the infinitive after token `to`: the word beside it, or one before the noun phrase beside it."""
    tokens = doc.tokens
    place = to - 1
    if place < start:
        return DONE
    negated = tokens[place].lower == "not"
    place -= negated
    if tokens[place].lower == "going":
        return modal_at(doc, to, start) or DONE
    if tokens[place].lower in ("is", "are", "was", "were"):  # "12 hostages are to be freed"
        return "planned", doc.passage(place, to + 1)
    for steps in range(7):
        if place < start:
            break
        lower = tokens[place].lower
        if not (steps and lower in _CLOSE):
            found = cue_at(doc, "to", place, start)
            if lower == "able" and place - 1 >= start and tokens[place - 1].lower in ("been", "was", "were"):
                return DONE  # "has been able to verify": it was done
            if found is not None:
                governing = _of_verb(doc, place, start, depth + 1) if depth < 3 and not is_noun_at(doc, place) else DONE
                return (
                    governing if governing[0] in ("denied", "feared", "alleged") and governing[1] is not None else found
                )
        if lower in _THROUGH:
            return _of_verb(doc, place, start, depth + 1) if depth < 3 else DONE
        if (
            lower in OPENERS
            or lower in HARD
            or lower in AUXILIARY
            or (tokens[place].kind == "mark" and lower not in "-’'")
        ):
            break
        place -= 1
    return DONE


def _of_coordinate(doc: Document, verb: int, start: int, depth: int, form: str) -> Found:
    """ "will shell the town and KILL": a bare form shares the modal or the "to" of the verb it is joined to."""
    tokens = doc.tokens
    if depth > 3:
        return DONE
    joined = False
    for place in range(verb - 1, max(start, verb - 25) - 1, -1):
        token = tokens[place]
        joined = joined or token.lower in ("and", "or", "but", "then") or token.text == ","
        if token.lower in HARD or (token.lower in OPENERS and token.lower not in ("as", "but", "so")):
            break
        if not joined:
            continue
        if form == "base":
            found = modal_at(doc, place, start)
            if found is not None:
                return found
            if token.lower == "to" and "V" in classes(tokens[place + 1].lower):
                return _of_infinitive(doc, place, start, depth + 1)
            if is_past(token) and not (place and tokens[place - 1].lower in AUXILIARY | DETERMINERS):
                break
        elif form == "past":
            if is_past(token) and place > start:  # "allegedly separated the men AND SHOT them"
                if place - 1 > start and tokens[place - 1].lower == "have" and tokens[place - 2].lower == "to":
                    return _of_infinitive(doc, place - 2, start, depth + 1)  # "claims to have hit it AND KILLED 12"
                return cue_at(doc, "adverb", place - 1, start) or DONE
        elif classes(token.lower) == "G" and place < verb - 1:
            return _of_verb(doc, place, start, depth + 1)
    return DONE


def _of_main_clause(doc: Document, comma: int, start: int, depth: int) -> Found:
    """ "would attack the town, KILLING hundreds": a result without a subject of its own shares the modality of its
    clause."""
    tokens = doc.tokens
    if depth > 3:
        return DONE
    for place in range(comma - 1, start - 1, -1):
        token = tokens[place]
        if token.lower in HARD or token.lower in OPENERS:
            break
        if is_past(token) and classes(token.lower)[0] in "VP":
            return _of_verb(doc, place, start, depth + 1)
        if token.lower in MODAL:
            return modal_at(doc, place, start) or DONE
        if token.lower == "to" and "V" in classes(tokens[place + 1].lower):
            return _of_infinitive(doc, place, start, depth + 1)
    return DONE


def _of_noun(doc: Document, first: int, last: int, start: int, depth: int) -> Found:
    tokens = doc.tokens
    begin = noun_phrase_start(doc, first)
    for place in range(first - 1, max(begin - 2, start - 1), -1):
        found = cue_at(doc, "adj", place, start)
        if found is not None and _modifies(doc, place, start):
            return found
    found = _of_predicate(doc, last)
    if found is not None:
        return found
    place = begin
    for _ in range(3):  # "fears of the start of an attack"
        found = governed_object(doc, place, start)
        if found is not None:
            return found
        if (
            place - 1 > start
            and tokens[place - 1].lower in ("of", "on", "in", "with", "by")
            and is_noun_at(doc, place - 2)
        ):
            place = noun_phrase_start(doc, place - 2)
            continue
        break
    if place > start and depth < 3:
        verb = place - 1
        while verb > start and (is_adverb(tokens[verb]) or tokens[verb].lower in ("out", "up", "on")):
            verb -= 1
        if tokens[verb].lower in word_list("light_verbs.txt"):
            return _of_verb(doc, verb, start, depth + 1)
    if place > start and tokens[place - 1].lower in ("that", "if", "whether", "say", "says", "said"):
        return governed_clause(doc, place - 1, start)
    return _of_opening(doc, start, first)


def _of_opening(doc: Document, start: int, place: int) -> Found:
    """ "REPORTEDLY, 12 people were killed": an adverb set before the whole sentence."""
    if start + 1 < place and doc.tokens[start + 1].text == ",":
        return cue_at(doc, "adverb", start, start) or DONE
    return DONE


def _modifies(doc: Document, place: int, start: int) -> bool:
    """Whether the word stands before a noun as its adjective: "a reported attack", not "they reported an attack"."""
    tokens = doc.tokens
    after = tokens[place + 1]
    if after.lower in DETERMINERS or after.kind != "word":
        return False
    if not is_past(tokens[place]) or place == start:
        return True
    before = tokens[place - 1]
    return (
        before.lower in DETERMINERS
        or before.kind in ("clitic", "number")
        or (classes(before.lower)[0] in "IJCQD" and not before.capital)
    )


def _of_predicate(doc: Document, last: int) -> Found | None:
    """What is said of the noun after it: "an attack IS EXPECTED", "the siege COULD begin"."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(last - 1)].last
    for place in range(last, min(end, last + 7)):
        token = tokens[place]
        if token.kind == "mark" or token.lower in OPENERS or token.lower in ("that", "and"):
            return None
        if token.lower in MODAL or token.lower in BE:
            after = place + 1
            while after < end and (
                (is_verb_group(tokens[after]) and tokens[after].lower not in ("be", "been")) or is_adverb(tokens[after])
            ):
                after += 1
            if token.lower in MODAL:
                return modal_at(doc, place, last) if after < end and tokens[after].lower in _HAPPENS else None
            return _predicated(doc, after, end)
        if is_past(token):
            return None
    return None


def _predicated(doc: Document, place: int, end: int) -> Found | None:
    if place < end and doc.tokens[place].lower in ("been", "being", "be"):
        place += 1
    if place >= end or doc.tokens[place].lower in ("reported", "said", "understood", "claimed"):
        return None
    words = {
        "averted": "attempted",
        "foiled": "attempted",
        "thwarted": "attempted",
        "repelled": "attempted",
        "prevented": "attempted",
        "denied": "denied",
        "false": "denied",
        "untrue": "denied",
        "fabricated": "denied",
        "imminent": "anticipated",
        "possible": "possible",
        "likely": "forecast",
        "inevitable": "forecast",
    }
    if words.get(doc.tokens[place].lower):
        modality: Modality = words[doc.tokens[place].lower]  # type: ignore[assignment]
        return modality, doc.passage(place, place + 1)
    return (
        cue_at(doc, "pred", place, place) or cue_at(doc, "adj", place, place) or cue_at(doc, "np", place, place)
        if is_past(doc.tokens[place])
        else None
    )
