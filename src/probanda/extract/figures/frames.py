"""What befell the counted: the word of harm that governs a number, whether the count is its object, its subject or
neither.

Guarantees: the word found stands in the same sentence and is joined to the number by grammar (object of an active
verb, subject of a passive or intransitive one, "the death of", "12 dead"), never by mere nearness. Where the words
between cannot be read, there is no effect and the number stays a plain count. Words: lexica/effects.tsv,
lexica/toll_words.tsv.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.subjects import Frame, refined, subject_frame
from probanda.extract.figures.units import Counted
from probanda.extract.text.effects import Harm, harm_at, harm_ending_at
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import (
    AUXILIARY,
    BE,
    DETERMINERS,
    MODAL,
    NEGATIVE,
    OPENERS,
    classes,
    is_adverb,
)
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.number_words import core_at
from probanda.extract.values.quantities import Number
from probanda.records.reading import Effect

_ADDED = word_set("another a an further additional the its their his her my our your some about also both all")
_CAUSES = word_set(
    "forced forcing force forces prompted prompting caused causing compelled compelling drove driving led "
    "ordered urged sent driven"
)
_TAKES = word_set("take takes taking took taken hold holds holding held seize seizes seizing seized")
_LEAVES = word_set("left leaving leave leaves")
_LOSES = word_set("lost losing lose loses")
_CLAIMS = word_set("claimed claiming claim claims cost costing took taking take")
_OF_PERSONS = word_set(
    "eliminate eliminates eliminating eliminated neutralise neutralises neutralising neutralised neutralize "
    "neutralizes neutralizing neutralized liquidate liquidating liquidated shot shooting seized seizing held "
    "treating treated bury burying buried fallen carried taken airlifted bring bringing brought moved take "
    "taking took get getting got snatched beaten kept locked confined"
)
_TO_PERSONS: dict[str, Effect] = {"burned": "injured", "burnt": "injured", "swept": "missing", "washed": "missing"}
_WANTED = word_set(
    "suspects attackers gunmen assailants fugitives volunteers recruits staff workers survivors witnesses bombers men"
)
_CARRIES = word_set("took take taking carried carrying drove driving ferried ferrying flew flying led leading brought")
_VEHICLES = word_set(
    "bus buses convoy convoys train trains boat boats ambulance ambulances helicopter helicopters ship"
)
_HOLDS = word_set("holding holds hold")
_HOSTS = word_set("hosts host hosting hosted sheltering shelters")
_OUT = word_set("take taking took get getting got")
_TREATS = word_set("treat treats treated treating admitted received")
_OCCASIONS = word_set("incidents incident cases case instances instance acts reports")
_HURT = word_set("wound wounds injury injuries burn burns shrapnel fractures")


def frame_of(doc: Document, number: Number, counted: Counted, numbers_at: frozenset[int]) -> Frame | None:
    """What befell what `number` counts; `numbers_at` are the tokens that hold numbers. `None` where the text says
    nothing."""
    frame = _frame_of(doc, number, counted, numbers_at)
    return fitting(doc, frame, counted.head) if frame is not None else None


def fitting(doc: Document, frame: Frame, head: int | None) -> Frame | None:
    """The frame as it is true of the counted: "seized 12 tanks" abducts nobody, and burned people are injured."""
    if head is None:
        return frame
    token, word = doc.tokens[head], doc.tokens[frame.predicate].lower
    person = victim_class(token.lower) is not None or token.capital
    if not person and word in _OF_PERSONS:
        return None
    if word in ("looking", "searching", "search") and token.lower in _WANTED:
        return None  # "looking for 14 suspects"
    if frame.effect == "fled" and token.lower in ("refugees", "refugee"):
        return replace(frame, effect="refugee")
    if word in _OUT and victim_class(token.lower) == "combatant":
        return None  # "took out 12 gunmen"
    if word == "fallen" and victim_class(token.lower) != "combatant":
        return None
    if person and frame.effect in ("destroyed", "damaged"):
        instead = _TO_PERSONS.get(word)
        if word in ("destroyed", "destroying") and victim_class(token.lower) == "combatant":
            instead = "killed"  # "250 fighters were destroyed"
        return replace(frame, effect=instead, kind="casualty") if instead is not None else None
    return frame


def _frame_of(doc: Document, number: Number, counted: Counted, numbers_at: frozenset[int]) -> Frame | None:
    end = doc.sentences[doc.sentence_of(number.first)].last
    if counted.harm is not None and number.last < end and doc.tokens[number.last].lower == "of":
        later = subject_frame(doc, counted, end, numbers_at)  # "three of the wounded died"
        return later or _alone(doc, number, counted.harm)
    if counted.harm is not None:
        return _alone(doc, number, counted.harm)
    lost = _lost(doc, number, counted, end)
    if lost is not None:
        return lost
    noun = _noun_effect(doc, counted)
    if noun is not None and noun.effect not in ("refugee", "detained", "evacuated", "transferred"):
        return noun
    return (
        _object(doc, number, counted, end)
        or (
            subject_frame(doc, counted, end, numbers_at)
            if counted.whole is None or counted.whole > number.first
            else None
        )
        or _listed(doc, number)
        or _hangs_on_noun(doc, number, counted)
        or _attributive(doc, counted)
        or _of_what(doc, counted, end)
        or noun
    )


def _alone(doc: Document, number: Number, harm: Harm) -> Frame:
    """ "12 dead", "30 wounded", "12 killed"; in "left 12 dead" the verb carries the modality."""
    for name in ("adjective", "participle", "intransitive", "noun"):
        if name in harm.frames:
            effect, kind = harm.frames[name]
            break
    before = number.first - 1
    if before >= 0 and doc.tokens[before].lower in _LEAVES:
        return Frame(effect, kind, before, before + 1)
    return refined(doc, Frame(effect, kind, harm.first, harm.last))


_UNKNOWN = word_set("unknown unclear unexplained uncertain untraced")


def _lost(doc: Document, number: Number, counted: Counted, end: int) -> Frame | None:
    """ "The whereabouts of 33 captives remain unknown", "the fate of 12 is not known"."""
    tokens = doc.tokens
    place = number.first - 1
    while place > 0 and tokens[place].lower in _ADDED:
        place -= 1
    if place < 1 or tokens[place].lower != "of" or tokens[place - 1].lower not in ("whereabouts", "fate"):
        return None
    for at in range(counted.last, min(counted.last + 24, end)):
        known = tokens[at].lower in ("known", "clear") and tokens[at - 1].lower in ("not", "yet", "never")
        if tokens[at].lower in _UNKNOWN or known:
            return Frame("missing", "casualty", at, at + 1)
    return None


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
    """ "killed at least 12", "wounding 30", "left 12 people dead", "forced 2,000 to flee", "lost 300 soldiers",
    "claimed 12 lives"."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    place = number.first
    while place > start and (
        tokens[place - 1].lower in _ADDED or is_adverb(tokens[place - 1]) or tokens[place - 1].text in '“”‘’"'
    ):
        place -= 1
    if place == start:
        return None
    harm = harm_ending_at(doc, place)
    if harm is not None and "active" in harm.frames and not _is_passive(doc, harm.first, start):
        return refined(doc, Frame(*harm.frames["active"], harm.first, harm.last))
    verb = tokens[place - 1].lower
    unit = tokens[counted.head].lower if counted.head is not None else ""
    if verb in _LOSES and victim_class(unit) is not None:
        how = harm_at(doc, counted.last) if counted.last < end else None
        if how is not None and "participle" in how.frames and how.frames["participle"][1] == "casualty":
            return refined(doc, Frame(*how.frames["participle"], how.first, how.last))  # "lost 400 men killed"
        return Frame("died", "casualty", place - 1, place)
    own = [token.lower for token in tokens[number.last : number.last + 3]]
    if verb in _LOSES and counted.head is None and own in (["of", "its", "own"], ["of", "their", "own"]):
        return Frame("died", "casualty", place - 1, place)
    after = [token.lower for token in tokens[counted.last : min(counted.last + 3, end)]]
    if verb in _CLAIMS and after[:2] == ["their", "lives"]:
        return Frame("killed", "casualty", place - 1, place)
    person = counted.head is not None and victim_class(unit) is not None
    if verb in _CARRIES and person and (after[:2] == ["out", "of"] or after[:2] == ["to", "safety"]):
        return Frame("evacuated", "displacement", place - 1, place)
    if verb in _TAKES and unit in ("prisoners", "captives", "hostages"):
        return Frame("abducted" if unit == "hostages" else "detained", "casualty", place - 1, place)
    onward = counted.last + 1 < end and after[:1] == ["to"] and tokens[counted.last + 1].capital
    ridden = any(token.lower in _VEHICLES for token in tokens[start:place])
    if verb in ("took", "taking", "removed") and person and onward and not ridden:
        return Frame("transferred", "displacement", place - 1, place)  # "soldiers took 2,000 residents to Brendia"
    if verb == "moved" and person and after[:1] == ["from"]:
        return Frame("evacuated", "displacement", place - 1, place)
    if verb in _HOLDS and person and tokens[place - 2].lower in BE | {"still"}:
        return Frame("detained", "casualty", place - 1, place)
    named = counted.head is not None and tokens[counted.head].capital and unit.endswith("s")
    if verb in _HOSTS and named:
        return Frame("refugee", "displacement", place - 1, place)  # "Brendia hosts 340,000 Karovians"
    said = [token.lower for token in tokens[max(start, place - 6) : place]]
    if verb == "with" and person and {"contact", "lost"} <= set(said):
        return Frame("missing", "casualty", place - 2, place - 1)  # "contact was lost with 14 miners"
    if verb in _CLAIMS and unit == "lives":
        return Frame("killed", "casualty", place - 1, place)
    taken = tokens[counted.last].lower if counted.last < end else ""
    if verb in _TAKES and taken in ("hostage", "captive", "prisoner"):
        return Frame("detained" if taken == "prisoner" else "abducted", "casualty", place - 1, place)
    if verb in _TREATS and any(token.lower in _HURT for token in tokens[counted.last : min(counted.last + 12, end)]):
        return Frame("injured", "casualty", place - 1, place)
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
                    return refined(doc, Frame(*harm.frames[name], harm.first, harm.last))
    words = [token.lower for token in tokens[place : min(place + 5, end)]]
    if tokens[verb].lower in _CAUSES and "homes" in words and words[0] in ("from", "out"):
        return Frame("fled", "displacement", verb, verb + 1)
    if tokens[verb].lower == "sent" and words[:2] == ["to", "hospital"]:
        return Frame("injured", "casualty", verb, verb + 1)
    return None


def _listed(doc: Document, number: Number) -> Frame | None:
    """ "killing a teacher and three pupils": the verb stands before the first of a list."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    joint = number.first - 1
    while joint > start and tokens[joint].lower in _ADDED and tokens[joint].lower not in ("both", "also"):
        joint -= 1
    if joint < start or tokens[joint].lower not in ("and", ",", "or", "plus", "as", "with"):
        return None
    for place in range(joint - 1, max(start, number.first - 18) - 1, -1):
        token = tokens[place]
        lower = token.lower
        harm = harm_at(doc, place)
        if harm is not None and "active" in harm.frames and harm.last < joint:
            after = tokens[harm.last]
            if (
                after.lower in ("and", "or", ",", "in", "by", "on", "near", "after")
                or _is_passive(doc, place, start)
                or _follows_count(doc, place, start)
            ):
                return None
            return refined(doc, Frame(*harm.frames["active"], harm.first, harm.last, own=False))
        if lower in AUXILIARY | MODAL or lower in OPENERS or (token.kind == "mark" and token.text not in ",-’'"):
            return None
        if token.kind == "word" and classes(lower)[0] in "V" and "N" not in classes(lower) and not token.capital:
            return None
    return None


def _follows_count(doc: Document, place: int, start: int) -> bool:
    """ "12 killed, ...": a participle after its count has no object."""
    if doc.tokens[place].lower.endswith("ing") or doc.tokens[place + 1].lower in DETERMINERS:
        return False
    return any(
        token.kind == "number" or core_at(doc.tokens, at) is not None
        for at, token in enumerate(doc.tokens[max(start, place - 3) : place], max(start, place - 3))
    )


def _hangs_on_noun(doc: Document, number: Number, counted: Counted) -> Frame | None:
    """ "the death of 12 people", "injuries to 30", "the arrest of four officers"."""
    tokens = doc.tokens
    place = number.first - 1
    while place > 0 and tokens[place].lower in _ADDED:
        place -= 1
    if place < 1 or tokens[place].lower not in ("of", "to"):
        return None
    harm = harm_ending_at(doc, place)
    if harm is None or "of" not in harm.frames:
        return None
    effect, kind = harm.frames["of"]
    if (
        effect == "died"
        and tokens[place - 1].lower == "lives"
        and any(token.lower in _CLAIMS for token in tokens[max(0, place - 4) : place])
    ):
        effect = "killed"
    if tokens[place].lower == "to" and effect not in ("injured", "damaged"):
        return None
    if tokens[place - 1].lower == "loss" and (counted.head is None or victim_class(tokens[counted.head].lower) is None):
        return None
    return Frame(effect, kind, harm.first, harm.last)


def _of_what(doc: Document, counted: Counted, end: int) -> Frame | None:
    """ "31 incidents of forced transfer", "48 patients with blast wounds": the words after the unit say it."""
    if counted.head is None or counted.last + 1 >= end:
        return None
    link = doc.tokens[counted.last].lower
    after = range(counted.last + 1, min(counted.last + 4, end))
    if link == "with" and any(doc.tokens[place].lower in _HURT for place in after):
        return Frame("injured", "casualty", counted.head, counted.head + 1)
    if link == "among" and doc.tokens[counted.last + 1].lower in ("the", "those") and counted.last + 2 < end:
        grouped = harm_at(doc, counted.last + 2)  # "one child among the dead"
        for name in ("adjective", "noun", "participle"):
            if grouped is not None and name in grouped.frames:
                return Frame(*grouped.frames[name], grouped.first, grouped.last)
    if link == "of" and doc.tokens[counted.head].lower in _OCCASIONS:
        for place in after:
            harm = harm_at(doc, place)
            if harm is not None and "of" in harm.frames:
                return Frame(*harm.frames["of"], harm.first, harm.last)
            if classes(doc.tokens[place].lower)[0] not in "JPN":
                return None
    return None


def _attributive(doc: Document, counted: Counted) -> Frame | None:
    """ "2,000 displaced people", "12 wounded soldiers": the harm stands within the phrase."""
    if counted.head is None:
        return None
    for place in range(counted.first, counted.head):
        harm = harm_at(doc, place)
        if harm is not None and harm.last <= counted.head:
            for name in ("adjective", "participle"):
                if name in harm.frames:
                    return refined(doc, Frame(*harm.frames[name], harm.first, harm.last))
    return None
