"""Triggers: the words of a text that name an event, with what subject and object are to it.

Guarantees: verbs are matched in every form and nouns in both numbers, but only where the word can be that part of
speech in its place ("strikes" after "Karovian" is a noun, after "which" a verb). An event named by verb and noun
together ("opened an investigation") is one trigger, at the verb. Words and sources: lexica/event_triggers.tsv,
lexica/event_frames.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.actors import class_at, is_ordinary, word_classes
from probanda.extract.inflection import plural, verb_forms
from probanda.extract.lexicon import table
from probanda.extract.matching import Matcher
from probanda.extract.segments import Document

Form = Literal["base", "third", "past", "participle", "ing", "noun"]
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "get", "gets", "got", "getting"})
QUOTATION_MARKS = frozenset("“”\"‘’'«»„")
ROLE_NEEDS = frozenset({"place", "weapon", "ground_lost", "under", "force_subject", "person_subject", "arms_object", "assault_object"})
_FRAME_REACH = 7  # tokens between verb and noun of a frame; arbitrary, longer gaps were chance meetings


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
    noun of a frame as a token range, `None` elsewhere. `attributive`: a participle before its noun ("besieged port")."""

    first: int
    last: int
    row: Row
    passive: bool
    complement: tuple[int, int] | None = None
    attributive: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    type: str
    nouns: Matcher[None]
    subject: str
    object: str
    needs: str


@cache
def event_words(kind: str) -> frozenset[str]:
    """The words of one kind, lower case; verbs in every form."""
    words = frozenset(row["word"] for row in table("event_words.tsv") if row["kind"] == kind)
    return frozenset(form for word in words for form in verb_forms(word)) if kind.endswith("_verb") else words


@cache
def _matcher() -> Matcher[tuple[Row, ...]]:
    rows: dict[str, list[Row]] = {}
    for row in table("event_triggers.tsv"):
        for term in row["terms"].split(","):
            forms = verb_forms(term) if row["kind"] == "verb" else {term: "noun", plural(term): "noun"}
            for form, kind in forms.items():
                made = Row(row["type"], row["subject"], row["object"], row["needs"], kind)  # type: ignore[arg-type]
                rows.setdefault(form, []).append(made)
    return Matcher((form, tuple(held)) for form, held in rows.items())


@cache
def _frames() -> tuple[Matcher[tuple[Form, tuple[int, ...]]], tuple[Frame, ...]]:
    frames: list[Frame] = []
    verbs: dict[str, tuple[Form, list[int]]] = {}
    for number, row in enumerate(table("event_frames.tsv")):
        nouns = row["nouns"].split(",")
        forms = [form for noun in nouns for form in (noun, plural(noun))]
        matcher = Matcher((form, None) for form in forms)
        frames.append(Frame(row["type"], matcher, row["subject"], row["object"], row["needs"]))
        for verb in row["verbs"].split(","):
            for form, kind in verb_forms(verb).items():
                verbs.setdefault(form, (kind, []))[1].append(number)  # type: ignore[arg-type]
    return Matcher((form, (kind, tuple(numbers))) for form, (kind, numbers) in verbs.items()), tuple(frames)


def find_triggers(doc: Document) -> tuple[Trigger, ...]:
    """The triggers of `doc`, in order; where a frame and a single word meet, the frame stays."""
    framed = _find_framed(doc)
    covered = {place for t in framed for place in range(t.first, t.last)}
    covered |= {place for t in framed if t.complement for place in range(*t.complement)}
    out = list(framed)
    for first, last, rows in _matcher().scan(doc):
        if covered.intersection(range(first, last)):
            continue
        for row in _fitting(doc, first, last, rows):
            if _attributive(doc, first, last, row):
                out.append(Trigger(first, last, row, passive=True, attributive=True))
                continue
            passive = row.form in ("past", "participle") and is_passive(doc, first, last)
            out.append(Trigger(first, last, row, passive))
    return tuple(sorted(out, key=lambda trigger: trigger.first))


def _fitting(doc: Document, first: int, last: int, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows whose part of speech the words have here. Of several verbs, one whose needs the sentence meets goes
    before one without needs; those whose needs only the roles can meet are all kept, and tried in turn."""
    nouns = tuple(row for row in rows if row.form == "noun" and needs_met(doc, first, row.needs))[:1]
    met = [row for row in rows if row.form != "noun" and row.needs and needs_met(doc, first, row.needs)]
    later = tuple(row for row in met if row.needs in ROLE_NEEDS)
    others = tuple(row for row in met if row.needs not in ROLE_NEEDS)[:1]
    plain = tuple(row for row in rows if row.form != "noun" and not row.needs)[:1]
    verbs = (*later, *others) if others else (*later, *plain)
    if last - first > 1:
        return verbs or nouns
    token = doc.tokens[first]
    if token.capital and not nouns and class_at(doc, first) == "X":
        return ()  # part of a name
    if verbs and _adjectival(doc, first, verbs[0].form) and not _attributive(doc, first, last, verbs[0]):
        return ()
    if nouns and _modifies_head(doc, first, last):
        return ()
    if not nouns and verbs:
        earlier = _before(doc, first)
        held = (
            earlier >= 0
            and class_at(doc, earlier) in "DSJ"
            and doc.tokens[earlier].lower not in ("that", "this", "all")
        )
        if (held and is_ordinary(token.lower)) or _adjective_here(doc, first, last, earlier):
            return ()
        return verbs if not verbs or _verb_fits(doc, first, last, earlier, verbs[0].form) else ()
    return nouns if _is_noun_here(doc, first) else verbs


def _adjectival(doc: Document, place: int, form: Form) -> bool:
    """A participle before its noun: "the occupied towns" tells of no capture."""
    if form not in ("past", "participle", "ing") or not place or place + 1 >= len(doc.tokens):
        return False
    if doc.tokens[place].lower == "surrounding" and doc.tokens[place - 1].lower not in _BE | {","}:
        return True
    return class_at(doc, place - 1) in "DS" and class_at(doc, place + 1) in "NXJ"


def _attributive(doc: Document, first: int, last: int, row: Row) -> bool:
    """Whether a participle before its noun tells of a state that holds: "the besieged port" is besieged."""
    return row.type == "siege" and row.form in ("past", "participle") and _adjectival(doc, first, row.form)


def _modifies_head(doc: Document, first: int, last: int) -> bool:
    """Whether the noun only describes another ("attack drones", "blast wounds"), or is described as no violence
    ("heart attack", "hunger strike", "a strike by teachers")."""
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if after in event_words("modified_head"):
        return True
    before = [t.lower for t in doc.tokens[max(0, first - 2) : first]]
    if before[-1:] and (before[-1] in event_words("figurative_modifier") or before[-1] == "’s"):
        if before[-1] in event_words("figurative_modifier") or before[:1] and before[0] in event_words("worker_strike"):
            return True
    word = doc.tokens[first].lower
    if word in ("strike", "strikes"):
        following = [t.lower for t in doc.tokens[last : last + 4]]
        by_workers = following[:1] == ["by"] and any(w in event_words("worker_strike") for w in following)
        return before[-1:] == ["on"] or by_workers or before[-1:][0:1] == ["general"]
    return word in ("advance", "push") and before[-1:] == ["in"]


def _adjective_here(doc: Document, first: int, last: int, earlier: int) -> bool:
    """Whether a form that is oftenest an adjective ("occupied") is one here: no object and no "by" follows, or what
    comes before is no subject."""
    if word_classes(doc.tokens[first].lower)[0] != "J":
        return False
    after = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if after == "by":
        return False
    subject = earlier >= 0 and class_at(doc, earlier) in "NXORM" and doc.tokens[earlier].lower not in _BE
    return not (subject and last < len(doc.tokens) and class_at(doc, last) in "DXOQ")


def _verb_fits(doc: Document, first: int, last: int, earlier: int, form: Form) -> bool:
    """Whether a form that looks like a noun can be a verb after the word before it: a bare form needs a plural, "to" or
    an auxiliary, one in -s an object ("with artillery shells by" has none)."""
    if earlier < 0:
        return form != "base"
    kind, low = class_at(doc, earlier), doc.tokens[earlier].lower
    if form == "base" and kind in "NJ" and not low.endswith("s"):
        return low in event_words("person") or low in event_words("force")
    if form == "third" and kind in "NJ" and low.endswith("s") is False:
        return last < len(doc.tokens) and class_at(doc, last) in "DXNQJOS"
    return True


def _before(doc: Document, place: int) -> int:
    """The token before, quotation marks left out; -1 at the start of a sentence."""
    floor = doc.sentences[doc.sentence_of(place)].first
    place -= 1
    while place >= floor and doc.tokens[place].text in QUOTATION_MARKS:
        place -= 1
    return place if place >= floor else -1


def _is_noun_here(doc: Document, place: int) -> bool:
    token = doc.tokens[place]
    classes = word_classes(token.lower)
    earlier = _before(doc, place)
    before = class_at(doc, earlier) if earlier >= 0 else "-"
    after = class_at(doc, place + 1) if place + 1 < len(doc.tokens) else "-"
    low = doc.tokens[earlier].lower if earlier >= 0 else ""
    if low in ("to", "not", "who", "which", "they", "he", "she", "we", "i") or before in "MO" or low in _BE:
        return low in _BE and classes[0] == "N" and not token.lower.endswith(("ed", "ing"))
    if token.lower.endswith("ing"):
        following = doc.tokens[place + 1].lower if place + 1 < len(doc.tokens) else ""
        if before in "DJSX" or (
            before == "N" and low.endswith("s") is False and following in ("of", "in", "on", "by", "that")
        ):
            return True
        if before in "-" and after in "PVM" and following != "by":
            return True  # "Fighting erupted"
        joined = ("of", "by", "on", "in", "has", "had", "was", "and", "that", "between", "around", "near", "across", "at")
        return following in joined or after == "-" or after == "V"
    if token.lower.endswith("ed"):
        return False
    if low in ("that", "have", "has", "had", "and") and after in "DXSO":
        return False
    if before in "DJSQPGI":
        return True
    if before == "X" and after in "DXO":
        return False
    if before == "N" and after in "DXOQ" and "V" in classes and token.lower != low:
        return False
    return "N" in classes and not (after == "D" and "V" in classes)


def is_passive(doc: Document, first: int, last: int) -> bool:
    """Whether a past participle is one of the passive: after a form of "be", or before "by" with no subject of its
    own."""
    place = first - 1
    floor = doc.sentences[doc.sentence_of(first)].first
    while place >= floor and (class_at(doc, place) == "R" or doc.tokens[place].lower in ("not", "been", "being")):
        if doc.tokens[place].lower in ("been", "being"):
            return True
        place -= 1
    if place >= floor and doc.tokens[place].lower in _BE:
        return True
    if place >= floor and doc.tokens[place].lower in ("has", "have", "had", "having"):
        return False
    if place >= floor and doc.tokens[place].lower in ("and", "or", ",") and place - 1 >= floor:
        other = place - 1
        if class_at(doc, other) == "P" and other > floor:
            return is_passive(doc, other, other + 1)
    following = doc.tokens[last].lower if last < len(doc.tokens) else ""
    if following == "by":
        return True
    described = place >= floor and class_at(doc, place) in "NXQ" and class_at(doc, first) == "P"
    return described and following in ("in", "on", "at", "during", "when", ".", ",") and _has_finite(doc, last)


def _has_finite(doc: Document, place: int) -> bool:
    """Whether a finite verb follows in the sentence, so that the participle before it can only describe its noun."""
    end = doc.sentences[doc.sentence_of(place - 1)].last
    return any(class_at(doc, p) in "VM" for p in range(place, min(end, place + 12)))


def needs_met(doc: Document, place: int, kind: str) -> bool:
    """Whether the sentence holds the kind of word without which a trigger means something else."""
    if not kind or kind in ROLE_NEEDS:
        return True  # the roles, filled later, decide
    sentence = doc.sentences[doc.sentence_of(place)]
    words = event_words(kind)
    return any(token.lower in words for token in doc.tokens[sentence.first : sentence.last])


def _find_framed(doc: Document) -> list[Trigger]:
    matcher, frames = _frames()
    out: list[Trigger] = []
    nouns: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for first, last, (form, numbers) in matcher.scan(doc):
        if doc.tokens[first].capital and class_at(doc, first) == "X":
            continue
        if form in ("base", "third") and first and class_at(doc, first - 1) in "DSJ":
            continue  # "the use of"
        sentence = doc.sentences[doc.sentence_of(first)]
        for number in numbers:
            key = (number, sentence.first)
            if key not in nouns:
                cut = _Part(doc, sentence.first, sentence.last)
                nouns[key] = [
                    (a + sentence.first, b + sentence.first) for a, b, _ in frames[number].nouns.scan(cut.doc)
                ]
            found = _frame_noun(doc, first, last, form, nouns[key])
            if found is not None and not _adjectival(doc, first, form):
                frame = frames[number]
                if not needs_met(doc, first, frame.needs):
                    continue
                passive = found[0] < first and form in ("past", "participle") and is_passive(doc, first, last)
                row = Row(frame.type, frame.subject, frame.object, "", form)
                out.append(Trigger(first, last, row, passive, found))
                break
    return _best_of_frames(out)


def _frame_noun(
    doc: Document, first: int, last: int, form: Form, nouns: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The noun of a frame: after the verb with no other clause between, or before it as its subject."""
    for begin, end in nouns:
        if _describes(doc, end):
            continue
        if last <= begin <= last + _FRAME_REACH and not _barrier(doc, last, begin):
            return begin, end
    for begin, end in reversed(nouns):
        subject = end <= first <= end + _FRAME_REACH and not _barrier(doc, end, first, verbs=False)
        if subject and form in ("past", "participle", "base", "third") and _links_back(doc, end, first):
            return begin, end
    return None


def _describes(doc: Document, end: int) -> bool:
    """Whether the noun before `end` only describes the next one: "the old mine route", not "missile systems"."""
    if end >= len(doc.tokens) or doc.tokens[end].kind != "word" or doc.tokens[end].capital:
        return False
    low = doc.tokens[end].lower
    if doc.tokens[end - 1].lower.endswith("s"):
        return False
    return word_classes(low)[0] == "N" and is_ordinary(low) and low not in event_words("arms_head")


def _barrier(doc: Document, begin: int, end: int, *, verbs: bool = True) -> bool:
    closing = ("that", "which", "who", "after", "while") if verbs else ("who", "after", "while", "before")
    for place in range(begin, end):
        relative = doc.tokens[place].text == "," and doc.tokens[place + 1].lower in ("which", "that")
        if relative and not verbs:
            continue  # "a bomb, which was supplied by"
        if doc.tokens[place].text in ",;:.—(" or doc.tokens[place].lower in closing:
            return True
        if verbs and class_at(doc, place) in "VM" and doc.tokens[place].lower != "to":
            return True
    return False


def _links_back(doc: Document, begin: int, verb: int) -> bool:
    """Between noun and verb only what a passive or a perfect needs: "investigation … has begun", "control of X was
    contested"."""
    words = [doc.tokens[place].lower for place in range(begin, verb)]
    return any(word in _BE or word in ("has", "have", "had", "will", "would") for word in words)


def _best_of_frames(found: list[Trigger]) -> list[Trigger]:
    """Of frames that share verb or noun, the one whose verb stands next to its noun."""

    def gap(trigger: Trigger) -> int:
        assert trigger.complement is not None
        begin, end = trigger.complement
        return begin - trigger.last if begin >= trigger.last else trigger.first - end + 1

    kept: list[Trigger] = []
    used: set[int] = set()
    for trigger in sorted(found, key=lambda t: (gap(t), t.first)):
        assert trigger.complement is not None
        places = {trigger.first, trigger.complement[0]}
        if not used & places:
            kept.append(trigger)
            used |= places
    return kept


class _Part:
    """One sentence as a document of its own for a scan."""

    def __init__(self, doc: Document, first: int, last: int) -> None:
        self.doc = Document(doc.text, doc.tokens[first:last], (), (), ())
