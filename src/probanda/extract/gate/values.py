"""Values computed again from the span, so that no number, time, place or count rests on an extractor's word.

A value that differs is a rejection, not a warning. Checked: stated value, bounds and qualifier of a quantity, and that
its unit is the thing counted there; earliest, latest and precision of a time; id, country and point of a place; the
counts of a vote; that the words of a checking ("has not been verified") can carry the status given.
"""

from __future__ import annotations

import re
from functools import cache

from probanda.extract.gate import slavic
from probanda.extract.gate.material import Material
from probanda.extract.gate.shape import CandidateError, brief
from probanda.extract.text.actors import word_classes
from probanda.extract.text.lexicon import table
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
from probanda.records.reading import Counts, Event, Label, Place, Verification, When

_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}([.,'’\u00a0\u202f\u2009][0-9]{3}){1,4}")
_SEPARATORS = re.compile("[.,'’\u00a0\u202f\u2009]")
_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_SPELLED = 200  # a number of States may be spelled; there are no more than these
_NOWHERE = (None, None, None)
_NONE = frozenset({"no", "none", "nobody", "unanimously", "unanimous", "unopposed", "without", "zero"})
_DENIES = re.compile(
    r"\b(not|never|no|none|nor|neither|un\w*|impossible|cannot|yet|without|unable|fail(ed|s)?|hard|difficult)\b|n['’]t\b",
    re.IGNORECASE,
)
_DISPUTES = re.compile(
    r"\b(disput|contest|den(y|ie)|reject|contradict|challeng|question|doubt|refut|dismiss)", re.IGNORECASE
)


def check_quantity(material: Material, quantity: Quantity, claim: Passage) -> None:
    """Raises `CandidateError` unless the number, read again from its passage, is the number given."""
    if quantity.passage.start >= claim.end or claim.start >= quantity.passage.end:
        sentence = material.sentence_of(claim)
        if not (sentence.start <= quantity.passage.start and quantity.passage.end <= max(sentence.end, claim.end)):
            raise CandidateError("value.quantity", "expected the number in the claim's sentence, found it elsewhere")
    found = material.recompute.quantity(quantity.passage.text)
    given = (quantity.stated, quantity.minimum, quantity.maximum, quantity.qualifier)
    if found != given:
        words = "no number" if found is None else _said(found)
        raise CandidateError(
            "value.quantity", f"{brief(quantity.passage.text)} says {words}; the candidate says {_said(given)}"
        )
    if quantity.unit is not None:
        _check_unit(material, quantity.passage, quantity.unit)


def _said(value: tuple[object, ...]) -> str:
    stated, minimum, maximum, qualifier = value
    return f"stated {stated}, minimum {minimum}, maximum {maximum}, {qualifier}"


def _check_unit(material: Material, number: Passage, unit: str) -> None:
    """The unit follows the number in its sentence, with no other number between; a bare number ("of whom 50 were") may
    take up a unit that stands before it, in its paragraph or the one before."""
    doc = material.doc
    if material.holds(unit, number.start, number.end):
        return
    sentence = material.sentence_of(number)
    after = doc.token_at(number.end - 1) + 1
    following = next(material.occurrences(unit, number.end, sentence.end), None)
    between = range(after, doc.token_at(following[0])) if following is not None else range(0)
    if len(between) > 1 and doc.tokens[after].lower in (
        "of",
        "з",
        "із",
        "из",
    ):  # "22 of 29 drones", "47 of the 53 victims"
        whole = after + 2 if doc.tokens[after + 1].lower in ("the", "its", "their", "these", "those") else after + 1
        between = range(whole + 1, between.stop)
    if following is not None and not any(_is_number(material, place) for place in between):
        return
    paragraph = doc.paragraphs[max(0, material.paragraph_of(number.start) - 1)]
    if _is_bare(material, after, sentence.last) and material.holds(unit, paragraph.start, number.start):
        return
    raise CandidateError("value.unit", f"{brief(unit)} is not what {brief(number.text)} counts there")


def _is_bare(material: Material, place: int, end: int) -> bool:
    """Whether no noun follows a number that ends before token `place`: "seven against", "12 abstained", "50 were"."""
    tokens = material.doc.tokens
    while place < end and tokens[place].kind == "word" and word_classes(tokens[place].lower)[0] in "JPGVR":
        place += 1
    return place >= end or tokens[place].kind != "word" or word_classes(tokens[place].lower)[0] != "N"


def _is_number(material: Material, place: int) -> bool:
    token = material.doc.tokens[place]
    return token.kind == "number" or (token.kind == "word" and material.recompute.quantity(token.text) is not None)


def check_when(material: Material, when: When | None) -> None:
    """Raises `CandidateError` where a resolved time is not what its passage says for this date of publication."""
    if when is None or (when.earliest is None and when.latest is None):
        return
    given = (when.earliest, when.latest)
    if when.passage is None:
        days = {material.published[:10]} if material.published else set()
        inherited = any((found.earliest, found.latest) == given for found in material.times.values())
        if not inherited and not (when.earliest == when.latest and when.earliest in days):
            raise CandidateError("value.time", f"no words of the text give {when.earliest} to {when.latest}")
        return
    passage = when.passage
    at_span = material.times.get((passage.start, passage.end))
    near = [at_span] if at_span else [
        found for (start, end), found in material.times.items() if start < passage.end and passage.start < end
    ]  # fmt: skip
    if not any((found.earliest, found.latest) == given and found.precision == when.precision for found in near):
        said = "; ".join(f"{found.earliest} to {found.latest} ({found.precision})" for found in near) or "no time"
        raise CandidateError(
            "value.time",
            f"{brief(passage.text)} gives {said}; found {when.earliest} to {when.latest} ({when.precision})",
        )


def check_time(material: Material, when: When) -> None:
    """Raises `CandidateError` unless the words are an expression of time and say what the record says, or nothing."""
    if when.passage is None:
        raise CandidateError("value.time", "expected the words that tell the time, found none")
    passage = when.passage
    if not any(start < passage.end and passage.start < end for start, end in material.times):
        raise CandidateError("value.time", f"{brief(passage.text)} tells no time")
    check_when(material, when)


def check_place(material: Material, place: Place) -> None:
    """Raises `CandidateError` unless the words can name this place, and country and point are the gazetteer's."""
    said = place.passage.text.removesuffix("’s").removesuffix("'s")
    named = tuple(material.recompute.places(said))
    ids = {known.id for known in named}
    if place.name != said and not material.holds(place.name) and all(known.name != place.name for known in named):
        raise CandidateError("grounding.name", f"{brief(place.name)} is no name in the text nor in the gazetteer")
    for candidate in place.candidates:
        known_ids = ids if place.gazetteer_id else {known.id for known in material.recompute.places(candidate.name)}
        if candidate.gazetteer_id not in known_ids:
            raise CandidateError("value.place", f"{brief(candidate.gazetteer_id)} is no place named {brief(said)}")
    if place.gazetteer_id is not None and place.gazetteer_id not in ids:
        raise CandidateError("value.place", f"{brief(place.gazetteer_id)} is no place named {brief(said)}")
    given = (place.country, place.latitude, place.longitude, place.radius_m)
    allowed = [
        (known.country, *point)
        for known in named
        if known.id == place.gazetteer_id
        for point in ((known.latitude, known.longitude, known.radius_m), _NOWHERE)
    ]
    if place.gazetteer_id is None:
        allowed += [(candidate.country, *_NOWHERE) for candidate in place.candidates] + [(None, *_NOWHERE)]
    if given not in allowed:
        raise CandidateError("value.place", f"country or point of {brief(said)} differ from the gazetteer's")


def check_event(material: Material, event: Event) -> None:
    """Raises `CandidateError` for a type that is no dotted path and for counts that the text does not state."""
    if len(event.type) > 80 or not _TYPE.fullmatch(event.type):
        raise CandidateError("shape.record", f"expected a dotted path as the event's type, found {brief(event.type)}")
    if event.counts is not None:
        _check_counts(material, event.counts, event.trigger)


def _check_counts(material: Material, counts: Counts, trigger: Passage) -> None:
    doc = material.doc
    number = material.paragraph_of(trigger.start)
    around = doc.paragraphs[max(0, number - 1) : number + 2]
    tokens = doc.tokens[around[0].first : around[-1].last]
    stated = {int(_SEPARATORS.sub("", token.text)) for token in tokens if _WHOLE.fullmatch(token.text)}
    language = doc.language
    if any(
        token.lower in _NONE or (slavic.reads(language) and slavic.says_none(language, token.text)) for token in tokens
    ):
        stated.add(0)
    for count in (counts.for_, counts.against, counts.abstaining):
        if count is None or count in stated:
            continue
        if not _spelled(material, around[0].first, around[-1].last, count):
            raise CandidateError("value.count", f"no number {count} stands near {brief(trigger.text)}")
    total = counts.states_total
    if total is not None and not len(counts.states) <= total <= len(counts.states) + sum(stated) + _SPELLED:
        raise CandidateError("value.count", f"{total} States are not those near {brief(trigger.text)}")
    for state in counts.states:
        if not material.holds(state):
            raise CandidateError("grounding.name", f"{brief(state)} does not stand in the text")


def _spelled(material: Material, first: int, last: int, count: int) -> bool:
    """Whether up to four words in a row spell the number ("one hundred and four")."""
    tokens, text = material.doc.tokens, material.doc.text
    for place in range(first, last):
        english = not slavic.reads(material.doc.language)
        if tokens[place].kind != "word" or (english and tokens[place].lower.partition("-")[0] not in _number_words()):
            continue
        for end in range(place + 1, min(place + 5, last + 1)):
            found = material.recompute.quantity(text[tokens[place].start : tokens[end - 1].end])
            if found is not None and found[0] == count:
                return True
    return False


@cache
def _number_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("number_words.tsv"))


def check_label(material: Material, label: Label) -> None:
    """Raises `CandidateError` unless the words are a legal term and the label the one that it stands for."""
    if slavic.reads(material.doc.language):
        slavic.check_label(label, material.doc.language)
        return
    words = " ".join(label.passage.text.replace("’", "'").lower().split())
    found = _labels().get(words)
    if found != label.label:
        raise CandidateError(
            "value.label", f"{brief(words)} is {found or 'no label'}; the candidate says {label.label}"
        )


@cache
def _labels() -> dict[str, str]:
    return {row["phrase"]: row["label"] for row in table("legal_labels.tsv")}


def check_verification(material: Material, verification: Verification) -> None:
    """Raises `CandidateError` where the words cannot carry the status: "verified" for a denial, or the reverse."""
    if slavic.reads(material.doc.language):
        slavic.check_verification(verification, material.doc.language)
        return
    words, status = verification.passage.text, verification.status
    denies = bool(_DENIES.search(words))
    fits = {
        "verified": not denies and not _DISPUTES.search(words),
        "not_verified": denies,
        "not_independently_verified": denies,
        "disputed": bool(_DISPUTES.search(words)) or denies,
        "being_verified": True,
    }[status]
    if not fits:
        raise CandidateError("value.verification", f"{brief(words)} does not say {status}")
