"""What befell the counted: the word of harm that governs a number, whether the count is its object, its subject or neither.

Guarantees: the word found stands in the same sentence and is joined to the number by grammar (object of an active verb, subject of a
passive or intransitive one, "the death of", "12 dead"), never by mere nearness. Where the words between cannot be read, there is
no effect and the number stays a plain count. Words: lexica/effects.tsv, lexica/toll_words.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.effects import FigureKind, Harm, harm_at, harm_ending_at
from probanda.extract.figure_units import Counted
from probanda.extract.quantities import Number
from probanda.extract.segments import Document
from probanda.extract.verb_groups import (
    AUXILIARY,
    BE,
    DETERMINERS,
    MODAL,
    NEGATIVE,
    OPENERS,
    classes,
    is_adverb,
    is_past,
)
from probanda.extract.victims import victim_class
from probanda.extract.word_sets import word_set
from probanda.records.reading import Effect

_ADDED = word_set("another a an further additional the its their his some about also both all")
_PASSED = word_set(
    "feared believed presumed confirmed reported known thought said declared pronounced found remain remained remains "
    "estimated listed recorded registered being to be been considered assumed still reportedly also understood officially"
)
_CAUSES = word_set("forced forcing force forces prompted prompting caused causing compelled compelling drove driving led ordered urged sent")
_LEAVES = word_set("left leaving leave leaves")
_LOSES = word_set("lost losing lose loses")
_CLAIMS = word_set("claimed claiming claim claims cost costing took taking take")
_SPEECH = word_set("said say says told tell reported believe believes think know warned added announced saw see heard watched")


@dataclass(frozen=True, slots=True)
class Frame:
    """The effect, and the token whose modality and polarity are the figure's. `own` is false where it came by coordination."""

    effect: Effect
    kind: FigureKind
    predicate: int
    predicate_last: int
    own: bool = True


def frame_of(doc: Document, number: Number, counted: Counted, numbers_at: frozenset[int]) -> Frame | None:
    """What befell what `number` counts; `numbers_at` are the tokens that hold numbers. `None` where the text says nothing."""
    end = doc.sentences[doc.sentence_of(number.first)].last
    if counted.harm is not None:
        return _alone(doc, number, counted.harm)
    noun = _noun_effect(doc, counted)
    if noun is not None and noun.effect not in ("refugee", "detained", "evacuated", "transferred"):
        return noun
    return (
        _object(doc, number, counted, end)
        or (_subject(doc, counted, end, numbers_at) if counted.whole is None or counted.whole > number.first else None)
        or _listed(doc, number)
        or _hangs_on_noun(doc, number, counted)
        or _attributive(doc, counted)
        or noun
    )


def _alone(doc: Document, number: Number, harm: Harm) -> Frame:
    """ "12 dead", "30 wounded", "12 killed"; in "left 12 dead" the verb carries the modality."""
    for name in ("adjective", "participle", "intransitive", "noun"):
        if name in harm.frames:
            effect, kind = harm.frames[name]  # type: ignore[index]
            break
    before = number.first - 1
    if before >= 0 and doc.tokens[before].lower in _LEAVES:
        return Frame(effect, kind, before, before + 1)
    return refined(doc, Frame(effect, kind, harm.first, harm.last))


def _noun_effect(doc: Document, counted: Counted) -> Frame | None:
    """ "12 deaths", "30 civilian casualties", "2,000 asylum seekers"."""
    if counted.head is None or counted.head_last is None:
        return None
    for first in (counted.head - 1, counted.head):
        harm = harm_at(doc, first) if first >= counted.first else None
        if harm is not None and "noun" in harm.frames and harm.last > counted.head:
            return Frame(*harm.frames["noun"], harm.first, harm.last)
    return None


def _object(doc: Document, number: Number, counted: Counted, end: int) -> Frame | None:
    """ "killed at least 12", "wounding 30", "left 12 people dead", "forced 2,000 to flee", "lost 300 soldiers", "claimed 12 lives"."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    place = number.first
    while place > start and (tokens[place - 1].lower in _ADDED or is_adverb(tokens[place - 1])):
        place -= 1
    if place == start:
        return None
    harm = harm_ending_at(doc, place)
    if harm is not None and "active" in harm.frames and not _is_passive(doc, harm.first, start):
        return refined(doc, Frame(*harm.frames["active"], harm.first, harm.last))
    verb = tokens[place - 1].lower
    unit = tokens[counted.head].lower if counted.head is not None else ""
    if verb in _LOSES and victim_class(unit) is not None:
        return Frame("died", "casualty", place - 1, place)
    if verb in _CLAIMS and unit == "lives":
        return Frame("killed", "casualty", place - 1, place)
    if verb in _LEAVES or verb in _CAUSES:
        return _caused(doc, place - 1, counted.last, end)
    return None


def _is_passive(doc: Document, verb: int, start: int) -> bool:
    place = verb - 1
    while place >= start and (is_adverb(doc.tokens[place]) or doc.tokens[place].lower in NEGATIVE):
        place -= 1
    return place >= start and doc.tokens[place].lower in BE and not doc.tokens[verb].lower.endswith("ing")


def _caused(doc: Document, verb: int, place: int, end: int) -> Frame | None:
    """ "left 12 people dead", "forced 2,000 people to flee", "forced 2,000 from their homes"."""
    tokens = doc.tokens
    for at in range(place, min(place + 4, end)):
        harm = harm_at(doc, at)
        if harm is not None and tokens[verb].lower in _LEAVES and "adjective" in harm.frames:
            return Frame(*harm.frames["adjective"], verb, verb + 1)
        if harm is not None and tokens[at - 1].lower == "to":
            for name in ("intransitive", "active"):
                if name in harm.frames:
                    return refined(doc, Frame(*harm.frames[name], harm.first, harm.last))  # type: ignore[index]
    words = [token.lower for token in tokens[place : min(place + 5, end)]]
    if tokens[verb].lower in _CAUSES and "homes" in words and words[0] in ("from", "out"):
        return Frame("fled", "displacement", verb, verb + 1)
    if tokens[verb].lower == "sent" and words[:2] == ["to", "hospital"]:
        return Frame("injured", "casualty", verb, verb + 1)
    return None


def _subject(doc: Document, counted: Counted, end: int, numbers_at: frozenset[int]) -> Frame | None:
    """ "12 people [, officials said,] were killed", "two children who had hidden there died", "300 people remain missing"."""
    tokens = doc.tokens
    place, aux, relative, reduced, loose = counted.last, False, False, False, False
    limit = min(end, place + 32)
    while place < limit:
        token = tokens[place]
        lower = token.lower
        harm = harm_at(doc, place)
        if harm is not None:
            found = _predicate(doc, harm, aux=aux, reduced=reduced or loose, end=end)
            if found is not None:
                return refined(doc, found)
            if "active" in harm.frames and (aux or not reduced):
                return None
        if lower in AUXILIARY or lower in MODAL:
            aux = True
        elif lower in NEGATIVE or is_adverb(token) or lower in _PASSED and (aux or lower.startswith(("remain", "feared", "confirmed", "reported"))):
            pass
        elif lower in ("who", "that", "which") and not aux:
            relative = True
        elif token.kind == "mark":
            jump = _past_parenthesis(doc, place, end, numbers_at)
            if jump is None:
                return None
            place = jump
            continue
        elif place in numbers_at:
            if tokens[place - 1].lower not in ("and", ",", "or", "plus", "of", "the", "in", "aged", "least", "than") or aux:
                return None
            loose = True
        elif lower in ("and", "or", "plus"):
            if aux and not relative:
                return None
            loose = True
        elif lower in OPENERS or lower in _SPEECH and not relative:
            return None
        elif token.kind == "word":
            kinds = classes(lower)
            if kinds[0] == "I" or token.kind != "word":
                if aux and not relative:
                    return None
                loose = loose or kinds[0] == "I"
            elif is_past(token) and kinds[0] in "VPJ" or kinds[0] == "G":
                if aux and not relative:
                    return None
                reduced, aux = True, False
            elif kinds[0] == "V" and "N" not in kinds and not relative:
                return None
            elif aux and not relative:
                return None
            elif not (loose or reduced or relative or lower in DETERMINERS or token.capital or kinds[0] in "NJ"):
                return None
            if relative and aux:
                aux = False
        elif token.kind not in ("number", "clitic"):
            return None
        place += 1
    return None


def _predicate(doc: Document, harm: Harm, *, aux: bool, reduced: bool, end: int) -> Frame | None:
    frames = harm.frames
    lower = doc.tokens[harm.first].lower
    if "participle" in frames and (aux or not reduced and not _has_object(doc, harm.last, end)) and not lower.endswith("ing"):
        return Frame(*frames["participle"], harm.first, harm.last)
    if "intransitive" in frames:
        return Frame(*frames["intransitive"], harm.first, harm.last)
    if "adjective" in frames and (aux or not reduced) and not _noun_next(doc, harm.last, end):
        return Frame(*frames["adjective"], harm.first, harm.last)
    if "participle" in frames and aux:
        return Frame(*frames["participle"], harm.first, harm.last)
    return None


def _has_object(doc: Document, place: int, end: int) -> bool:
    """Whether an object follows, so that the verb is active: "12 gunmen killed three guards"."""
    if place >= end:
        return False
    token = doc.tokens[place]
    if token.lower in DETERMINERS or token.kind == "number" or token.lower in ("him", "her", "them", "at", "more"):
        return not (token.lower == "at" and place + 1 < end and doc.tokens[place + 1].lower != "least")
    return token.kind == "word" and not token.capital and classes(token.lower)[0] in "NQJ" and token.lower not in (
        "overnight", "yesterday", "today", "dead", "last", "late", "early", "earlier", "since", "daily", "outside", "inside", "nearby", "alone",
    )  # fmt: skip


def _noun_next(doc: Document, place: int, end: int) -> bool:
    return place < end and victim_class(doc.tokens[place].lower) is not None


def _past_parenthesis(doc: Document, place: int, end: int, numbers_at: frozenset[int]) -> int | None:
    """Where to go on after a mark at `place`: behind an aside ("12 people, officials said, were killed") or a list's comma."""
    tokens = doc.tokens
    text = tokens[place].text
    if text in "“”\"'‘’":
        return place + 1
    if text == "(":
        for at in range(place + 1, min(place + 16, end)):
            if tokens[at].text == ")":
                return at + 1
        return None
    if text in "—–":
        for at in range(place + 1, min(place + 20, end)):
            if tokens[at].text in "—–":
                return at + 1
        return None
    if text != "," or place + 1 >= end:
        return place + 1 if text == "-" else None
    following = tokens[place + 1].lower
    if following == "who":
        return place + 1
    for at in range(place + 1, min(place + 22, end)):
        if tokens[at].text == "," and at + 1 < end:
            after = tokens[at + 1].lower
            if after in AUXILIARY or after in MODAL or _tells_harm(doc, at + 1) and following not in ("wounding", "killing", "injuring"):
                return at + 1
            if following in ("killing", "wounding", "injuring", "but", "while"):
                return None
    if place + 1 in numbers_at or following == "and" and place + 2 in numbers_at:
        return place + 1
    if following in ("including", "mostly", "mainly", "most", "many", "some", "among", "all"):
        for at in range(place + 2, min(place + 16, end)):
            if tokens[at].lower in AUXILIARY or _tells_harm(doc, at):
                return at
    return None


def _tells_harm(doc: Document, place: int) -> bool:
    harm = harm_at(doc, place)
    return harm is not None and bool({"participle", "intransitive"} & harm.frames.keys()) and not doc.tokens[place].lower.endswith("ing")


def _listed(doc: Document, number: Number) -> Frame | None:
    """ "killing a teacher and three pupils": the verb stands before the first of a list."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    if number.first == start or tokens[number.first - 1].lower not in ("and", ",", "or", "plus", "as", "with"):
        return None
    for place in range(number.first - 2, max(start, number.first - 18) - 1, -1):
        token = tokens[place]
        lower = token.lower
        harm = harm_at(doc, place)
        if harm is not None and "active" in harm.frames and harm.last < number.first - 1:
            after = tokens[harm.last]
            if after.lower in ("and", "or", ",", "in", "by", "on", "near", "after") or _is_passive(doc, place, start) or _follows_count(doc, place, start):
                return None
            return refined(doc, Frame(*harm.frames["active"], harm.first, harm.last, own=False))
        if lower in AUXILIARY | MODAL or lower in OPENERS or token.kind == "mark" and token.text not in ",-’'":
            return None
        if token.kind == "word" and classes(lower)[0] in "V" and "N" not in classes(lower) and not token.capital:
            return None
    return None


def _follows_count(doc: Document, place: int, start: int) -> bool:
    """ "12 killed, ...": a participle after its count has no object."""
    before = doc.tokens[place - 1] if place > start else None
    return before is not None and (before.kind == "number" or victim_class(before.lower) is not None and not doc.tokens[place].lower.endswith("ing"))


def _hangs_on_noun(doc: Document, number: Number, counted: Counted) -> Frame | None:
    """ "the death of 12 people", "injuries to 30", "the arrest of four officers"."""
    tokens = doc.tokens
    place = number.first - 1
    while place > 0 and tokens[place].lower in _ADDED:
        place -= 1
    if place < 1 or tokens[place].lower not in ("of", "to"):
        return None
    harm = harm_at(doc, place - 1)
    if harm is None or "of" not in harm.frames:
        return None
    effect, kind = harm.frames["of"]
    if effect == "died" and tokens[place - 1].lower == "lives" and any(token.lower in _CLAIMS for token in tokens[max(0, place - 4) : place]):
        effect = "killed"
    if tokens[place].lower == "to" and effect not in ("injured", "damaged"):
        return None
    if tokens[place - 1].lower == "loss" and (counted.head is None or victim_class(tokens[counted.head].lower) is None):
        return None
    return Frame(effect, kind, harm.first, harm.last)


def _attributive(doc: Document, counted: Counted) -> Frame | None:
    """ "2,000 displaced people", "12 wounded soldiers": the harm stands within the phrase."""
    if counted.head is None:
        return None
    for place in range(counted.first, counted.head):
        harm = harm_at(doc, place)
        if harm is not None and harm.last <= counted.head:
            for name in ("adjective", "participle"):
                if name in harm.frames:
                    return Frame(*harm.frames[name], harm.first, harm.last)  # type: ignore[index]
    return None


def refined(doc: Document, frame: Frame) -> Frame:
    """Whether those who fled crossed a border, as far as the words right after say."""
    if frame.kind != "displacement" or frame.effect != "fled":
        return frame
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(frame.predicate)].last
    words = [token.lower for token in tokens[frame.predicate_last : min(frame.predicate_last + 9, end)]]
    before = tokens[frame.predicate - 1].lower if frame.predicate else ""
    effect: Effect = frame.effect
    if before == "internally" or "internally" in words[:2] or "within" in words[:4] and ("country" in words or "borders" in words) or (
        "inside" in words[:4] and ("country" in words or "borders" in words)
    ):
        effect = "internally_displaced"
    elif words[:2] == ["the", "country"] or {"abroad", "neighbouring", "neighboring", "overseas"} & set(words[:6]) or (
        {"border", "borders"} & set(words[:6]) and {"across", "over", "crossed"} & set(words[:6])
    ):
        effect = "refugee"
    return Frame(effect, frame.kind, frame.predicate, frame.predicate_last, frame.own)
