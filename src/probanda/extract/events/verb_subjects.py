"""Clauses without a parser: the subject of a verb, and where one clause ends and the next begins.

Guarantees: a subject is a noun phrase of the same sentence. For a bare participle or an infinitive it is the phrase
that would do the act: of "X accused Y of shelling towns" it is Y, of "X planned to shell towns" X. It is `None` where
the words leave that open.
"""

from __future__ import annotations

from probanda.extract.events.triggers import event_words
from probanda.extract.text.actors import class_at, noun_phrase_ending_at, noun_phrase_starting_at, word_classes
from probanda.extract.text.segments import Document

Range = tuple[int, int]

_QUOTES = '“”"‘«»'
_FINITE = frozenset({"is", "are", "was", "were", "has", "have", "had"})
_RELATIVE = frozenset({"that", "which", "who"})
_DESCRIBING = frozenset(
    {"in", "at", "on", "near", "to", "from", "outside", "around", "over", "against", "with", "inside"}
)
_SAYS = frozenset({"said", "says", "say", "saying"})
_GOVERNING = frozenset(
    {"claims", "plans", "aims", "hopes", "attempts", "moves", "offers", "promises", "pledges", "needs", "threats"}
)


def subject_of(doc: Document, verb: int, form: str) -> Range | None:
    """The subject of the verb at `verb`; `form` is its kind as in `inflection.verb_forms`."""
    floor = doc.sentences[doc.sentence_of(verb)].first
    if form == "ing":
        return _of_participle(doc, verb, floor)
    place = verb - 1
    infinitive = False
    while place >= floor:
        word, kind = doc.tokens[place].lower, class_at(doc, place)
        if word in event_words("auxiliary") or kind in "MR" or doc.tokens[place].text in _QUOTES:
            infinitive = infinitive or word == "to"
        elif infinitive and (_governs(word, kind) or _plans(doc, place, floor)):
            pass
        else:
            break
        place -= 1
    if place < floor:
        return None
    word = doc.tokens[place].lower
    relative = word in _RELATIVE
    if relative:
        place -= 1
        if place >= floor and doc.tokens[place].text == ",":
            place -= 1
    elif word == ",":
        place = _over_aside(doc, place, floor)
    elif word == ")":
        while place > floor and doc.tokens[place].text != "(":
            place -= 1
        place -= 1
    if infinitive and place > floor:
        asked = noun_phrase_ending_at(doc, place + 1)
        if asked is not None and asked[0] > floor and doc.tokens[asked[0] - 1].lower in _control_words():
            return asked  # "asked the inspector to open"
    if infinitive and class_at(doc, place) in "NX" and place > floor and _owned_infinitive(doc, verb):
        return clause_subject(doc, verb)
    phrase = noun_phrase_ending_at(doc, place + 1) if place >= floor else None
    if phrase is not None and (not relative or class_at(doc, phrase[1] - 1) == "X"):
        phrase = _over_prepositions(
            doc, phrase, floor
        )  # a relative clause describes the noun beside it, or over a name
    return phrase if phrase is not None else clause_subject(doc, verb)


def _control_words() -> frozenset[str]:
    return event_words("request_verb") | event_words("force_verb")


def _over_prepositions(doc: Document, phrase: Range, floor: int) -> Range:
    """The phrase that "in X", "on the road to X", "loyal to X" describe, where one stands before them: of "shelling in
    X killed nine" it is the shelling."""
    for _ in range(3):
        before = phrase[0] - 1
        participle = before > floor and class_at(doc, before) == "G" and class_at(doc, before - 1) in "NX"
        if before - 1 > floor and doc.tokens[before].lower == "by" and class_at(doc, before - 1) in "PV":
            participle, before = class_at(doc, before - 2) in "NX", before - 1  # "forces backed by Karovia"
        if before <= floor or not (participle or doc.tokens[before].lower in _DESCRIBING):
            break  # "a convoy carrying flour reached"
        place = before
        while place - 1 > floor and class_at(doc, place - 1) in "JR":
            place -= 1  # "forces loyal to"
        earlier = noun_phrase_ending_at(doc, before) or noun_phrase_ending_at(doc, place)
        if earlier is None or (earlier[0] > floor and class_at(doc, earlier[0] - 1) in "VP"):
            break  # the object of another verb
        phrase = earlier
    return phrase


def _governs(word: str, kind: str) -> bool:
    """A verb or adjective that takes an infinitive of its own subject: "planned to", "is ready to"."""
    return kind in "VPGJ" or ("V" in word_classes(word) and kind != "N")


def _plans(doc: Document, place: int, floor: int) -> bool:
    """ "Karovia plans to": a form that is oftener a plural noun, after a singular subject or a name."""
    word, before = doc.tokens[place].lower, doc.tokens[place - 1]
    single = place > floor and class_at(doc, place - 1) in "NX" and not before.lower.endswith("s")
    return word in _GOVERNING and single


def _owned_infinitive(doc: Document, verb: int) -> bool:
    """ "crossed the border to attack": after a noun that is an object, "to" gives a purpose of the subject. Told from
    "X planned to" by the noun standing right before "to"."""
    place = verb - 1
    while place > 0 and (doc.tokens[place].text in _QUOTES or class_at(doc, place) == "R"):
        place -= 1
    return doc.tokens[place].lower == "to" and class_at(doc, place - 1) in "NXS"


def _over_aside(doc: Document, comma: int, floor: int) -> int:
    """ "The minister, Mirek Sandor, said": from the comma before the verb back to the word before the aside."""
    for place in range(comma - 1, max(floor, comma - 14), -1):
        if doc.tokens[place].text == ",":
            return place - 1
    return comma


def _of_participle(doc: Document, verb: int, floor: int) -> Range | None:
    place = verb - 1
    while place >= floor and (class_at(doc, place) == "R" or doc.tokens[place].text in _QUOTES):
        place -= 1
    if place >= floor and doc.tokens[place].lower in ("is", "are", "was", "were", "been", "be"):
        return subject_of(doc, place, "past")
    if place >= floor and class_at(doc, place) in "NX" and doc.tokens[place].kind == "word":
        return noun_phrase_ending_at(doc, place + 1)
    blamed = next((p for p in range(place, floor - 1, -1) if doc.tokens[p].lower in event_words("blame_verb")), None)
    if blamed is not None:
        return noun_phrase_starting_at(doc, blamed + 1)
    return clause_subject(doc, verb)


def clause_subject(doc: Document, place: int) -> Range | None:
    """The subject of the clause that holds `place`: the phrase before the first finite verb after the last break."""
    floor = doc.sentences[doc.sentence_of(place)].first
    starts = [floor] + [
        p + 1 for p in range(floor, place)
        if doc.tokens[p].lower in event_words("clause_opener") | _SAYS or doc.tokens[p].text in ";:—"
    ]  # fmt: skip
    for start in reversed(starts):
        for verb in range(start + 1, place):
            word, kind = doc.tokens[verb].lower, class_at(doc, verb)
            finite = kind in "VM" or word in _FINITE or (kind == "P" and "V" in word_classes(word))
            phrase = noun_phrase_ending_at(doc, verb) if finite else None
            if phrase is not None and phrase[0] >= start:
                return _over_prepositions(doc, phrase, start)
            if finite and kind != "P":
                break
    return None


def breaks_between(doc: Document, one: int, other: int) -> int:
    """How many clause breaks lie between two tokens of a sentence."""
    begin, end = sorted((one, other))
    words = doc.tokens[begin + 1 : end]
    openers = event_words("clause_opener")
    found = sum(word.lower in openers - {"and"} or word.text in ",;:—" for word in words)
    # "… and the army": a new phrase with an article often opens a new clause.
    found += sum(one.lower == "and" and class_at(doc, begin + 2 + n) == "D" for n, one in enumerate(words[:-1]))
    return found
