"""The count as the subject of its harm: "12 people, officials said, were killed".

Guarantees: between the count and the word of harm stand only what grammar allows there: auxiliaries, adverbs,
prepositional phrases, relative clauses, asides and further members of a list. Where another verb comes first, nothing
is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.figures.movements import can_move, movement_at
from probanda.extract.figures.units import Counted
from probanda.extract.text.effects import FigureKind, Harm, harm_at, harm_ending_at
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import (
    AUXILIARY,
    DETERMINERS,
    MODAL,
    NEGATIVE,
    OPENERS,
    classes,
    is_adverb,
    is_past,
)
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Effect

_PASSED = word_set(
    "forced compelled obliged "
    "feared believed presumed confirmed reported known thought said declared pronounced found remain remained "
    "remains estimated listed recorded registered being to be been considered assumed still reportedly also "
    "understood officially managed able allowed permitted"
)


_SPEECH = word_set(
    "said say says told tell reported believe believes think know warned added announced saw see heard watched"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The effect, and the token whose modality and polarity are the figure's. `own` is false where it came by
    coordination."""

    effect: Effect
    kind: FigureKind
    predicate: int
    predicate_last: int
    own: bool = True


def subject_frame(doc: Document, counted: Counted, end: int, numbers_at: frozenset[int]) -> Frame | None:
    """ "12 people [, officials said,] were killed", "two children who had hidden there died", "300 people remain
    missing"."""
    tokens = doc.tokens
    place, aux, relative, reduced, loose = counted.last, False, False, False, False
    limit = min(end, place + 32)
    movers = can_move(doc, counted.head)
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
        if movers and not reduced and (aux or relative or not loose):
            moved = movement_at(doc, place, end, perfect=aux)
            if moved is not None:
                return Frame(moved[0], "displacement", place, moved[1])
        passed = _passed(doc, place, limit)
        if passed is not None:
            place = passed
            continue
        done = _done_to(doc, place, end, counted, aux=aux)
        if done is not None:
            return done
        if lower in AUXILIARY or lower in MODAL:
            aux = True
        elif (
            lower in NEGATIVE
            or is_adverb(token)
            or (
                lower in _PASSED and (aux or lower.startswith(("remain", "feared", "confirmed", "reported", "managed")))
            )
        ):
            pass
        elif lower in ("which", "whom", "where") and classes(tokens[place - 1].lower)[0] == "I":
            return None  # "12 attacks IN WHICH 41 civilians died"
        elif lower in ("who", "that", "which") and not aux:
            relative = True
        elif token.kind == "mark":
            jump = _past_parenthesis(doc, place, end, numbers_at)
            if jump is None:
                return None
            place = jump
            continue
        elif place in numbers_at:
            if (
                tokens[place - 1].lower not in ("and", ",", "or", "plus", "of", "the", "in", "aged", "least", "than")
                or aux
            ):
                return None
            loose = True
        elif lower in ("and", "or", "plus"):
            if aux and not relative:
                return None
            loose = True
        elif lower in OPENERS or (lower in _SPEECH and not relative):
            return None
        elif lower == "among" and aux and place + 2 < end and tokens[place + 1].lower in ("the", "those"):
            grouped = harm_at(doc, place + 2)
            for name in ("adjective", "noun", "participle"):
                if grouped is not None and name in grouped.frames:
                    return Frame(*grouped.frames[name], grouped.first, grouped.last)
            return None
        elif token.kind == "word":
            kinds = classes(lower)
            if kinds[0] == "I" or token.kind != "word":
                if aux and not relative:
                    return None
                loose = loose or kinds[0] == "I"
            elif (is_past(token) and kinds[0] in "VPJ") or kinds[0] == "G":
                if aux and not relative:
                    joined = _joined_harm(doc, place, end)
                    if joined is None:
                        return None
                    place = joined
                    continue
                reduced, aux = True, False
            elif (
                (kinds[0] == "V" and "N" not in kinds and not relative)
                or (aux and not relative)
                or not (loose or reduced or relative or lower in DETERMINERS or token.capital or kinds[0] in "NJ")
            ):
                return None
            if relative and aux:
                aux = False
        elif token.kind not in ("number", "clitic"):
            return None
        place += 1
    return None


def _passed(doc: Document, place: int, end: int) -> int | None:
    """Past "out of a population of 3,800", and past the holder in "are believed BY AGENCIES to be dead"."""
    tokens = doc.tokens
    words = [token.lower for token in tokens[place : min(place + 6, end)]]
    start = 2 if words[:2] == ["out", "of"] else 1 if words[:1] == ["of"] else 0
    if start and len(words) > start + 2 and words[start] in ("a", "the", "its", "their"):
        total = next((i for i in range(start + 1, len(words)) if words[i] in TOTALS), None)
        if total is not None and words[total + 1 : total + 2] == ["of"]:
            last = place + total + 2
            while last < end and (tokens[last].kind == "number" or tokens[last].lower in ("some", "about", "around")):
                last += 1
            return last
    if words[:1] == ["by"] and tokens[place - 1].lower in _PASSED:
        return next((i for i in range(place + 1, min(place + 8, end)) if tokens[i].lower == "to"), None)
    return None


TOTALS = word_set("population total fleet crew staff garrison workforce convoy contingent group party complement")
_ILLS = word_set(
    "injuries injury wounds burns problems difficulties symptoms poisoning fractures trauma concussion shock "
    "amputations bruises cuts"
)
_MOVED = word_set("moved transported driven bused bussed shipped trucked marched")
_NOT_FAR = word_set(
    "hospital hospitals safety shelter shelters safer clinic clinics morgue basements ward higher treatment"
)


def _done_to(doc: Document, place: int, end: int, counted: Counted, *, aux: bool) -> Frame | None:
    """What several words say befell the counted: "suffered breathing problems", "were moved by bus to a camp",
    "the 57 captives it seized"."""
    tokens = doc.tokens
    lower = tokens[place].lower
    after = [token.lower for token in tokens[place + 1 : min(place + 8, end)]]
    if lower in ("suffered", "sustained", "suffering", "suffer") and set(after[:4]) & _ILLS:
        return Frame("injured", "casualty", place, place + 1)
    abroad = after[:1] == ["to"] and place + 2 < end and tokens[place + 2].capital
    abroad = (abroad or after[:3] == ["across", "the", "border"]) and lower in ("taken", "sent", "removed", "flown")
    if aux and (abroad or (lower in _MOVED and "to" in after[:6])) and not set(after) & _NOT_FAR:
        person = counted.head is None or victim_class(tokens[counted.head].lower) is not None
        if person and tokens[place - 1].lower not in ("have", "has", "had"):
            return Frame("transferred", "displacement", place, place + 1)
    return None if counted.whole is not None or place > counted.last else seized(doc, counted)


def seized(doc: Document, counted: Counted) -> Frame | None:
    """What "the 57 captives it seized in July", "the 12 men they shot" say of all that the number counts."""
    tokens = doc.tokens
    place = counted.last
    end = doc.sentences[doc.sentence_of(max(place - 1, 0))].last
    if place < end and tokens[place].lower in ("that", "whom"):
        place += 1
    if place + 1 >= end or counted.head is None or tokens[place].lower not in ("it", "they", "he", "she"):
        return None
    harm = harm_at(doc, place + 1)
    if harm is None or "active" not in harm.frames or has_object(doc, harm.last, end):
        return None
    effect, kind = harm.frames["active"]
    return Frame(effect, kind, harm.first, harm.last) if kind == "casualty" else None


def _joined_harm(doc: Document, place: int, end: int) -> int | None:
    """ "were lined up AND SHOT", "were beaten, KIDNAPPED or killed": the participle of harm
    that is joined to the one at `place`."""
    for at in range(place + 1, min(place + 5, end - 1)):
        if doc.tokens[at].lower == "and":
            return at + 1 if _tells_harm(doc, at + 1) else None
        if doc.tokens[at].kind == "mark":
            return at + 1 if doc.tokens[at].text == "," and _tells_harm(doc, at + 1) else None
    return None


def _predicate(doc: Document, harm: Harm, *, aux: bool, reduced: bool, end: int) -> Frame | None:
    frames = harm.frames
    lower = doc.tokens[harm.first].lower
    if (
        "participle" in frames
        and (aux or (not reduced and not has_object(doc, harm.last, end)))
        and not lower.endswith("ing")
    ):
        return Frame(*frames["participle"], harm.first, harm.last)
    if "intransitive" in frames:
        return Frame(*frames["intransitive"], harm.first, harm.last)
    verbal = "participle" in frames and not aux and has_object(doc, harm.last, end)
    if "adjective" in frames and (aux or not reduced) and not verbal and not _noun_next(doc, harm.last, end):
        return Frame(*frames["adjective"], harm.first, harm.last)
    if "participle" in frames and aux:
        return Frame(*frames["participle"], harm.first, harm.last)
    return None


def has_object(doc: Document, place: int, end: int) -> bool:
    """Whether an object follows, so that the verb is active: "12 gunmen killed three guards"."""
    if place >= end:
        return False
    token = doc.tokens[place]
    if token.lower in DETERMINERS or token.kind == "number" or token.lower in ("him", "her", "them", "at", "more"):
        return not (token.lower == "at" and place + 1 < end and doc.tokens[place + 1].lower != "least")
    return (
        token.kind == "word"
        and not token.capital
        and classes(token.lower)[0] in "NQJ"
        and token.lower
        not in (
            "overnight",
            "yesterday",
            "today",
            "dead",
            "last",
            "late",
            "early",
            "earlier",
            "since",
            "daily",
            "outside",
            "inside",
            "nearby",
            "alone",
        )
    )


def _noun_next(doc: Document, place: int, end: int) -> bool:
    return place < end and victim_class(doc.tokens[place].lower) is not None


def _past_parenthesis(doc: Document, place: int, end: int, numbers_at: frozenset[int]) -> int | None:
    """Where to go on after a mark at `place`: behind an aside ("12 people, officials said, were killed") or a list's
    comma."""
    tokens = doc.tokens
    text = tokens[place].text
    if text in "“”\"'‘’":
        return place + 1
    if text == "(":
        for at in range(place + 1, min(place + 16, end)):
            if tokens[at].text == ")":
                return at + 1
        return None
    spaced = tokens[place - 1].end < tokens[place].start
    if text in "—–" or (text == "-" and spaced):
        for at in range(place + 1, min(place + 20, end)):
            if (tokens[at].text in "—–-" and tokens[at - 1].end < tokens[at].start) or tokens[at].text == "—":
                return at + 1
        return None
    if text != "," or place + 1 >= end:
        return place + 1 if text == "-" and not spaced else None
    following = tokens[place + 1].lower
    if following == "who" or following in AUXILIARY or following in MODAL:
        return place + 1
    for at in range(place + 1, min(place + 22, end)):
        if tokens[at].text == "," and at + 1 < end:
            after = tokens[at + 1].lower
            if (
                after in AUXILIARY
                or after in MODAL
                or (_tells_harm(doc, at + 1) and following not in ("wounding", "killing", "injuring"))
            ):
                return at + 1
            if following in ("killing", "wounding", "injuring", "but", "while"):
                return None
    if place + 1 in numbers_at or (following == "and" and place + 2 in numbers_at):
        return place + 1
    if following in ("including", "mostly", "mainly", "most", "many", "some", "among", "all"):
        for at in range(place + 2, min(place + 16, end)):
            if tokens[at].lower in AUXILIARY or _tells_harm(doc, at):
                return at
    return None


def _tells_harm(doc: Document, place: int) -> bool:
    harm = harm_at(doc, place)
    return (
        harm is not None
        and bool({"participle", "intransitive"} & harm.frames.keys())
        and not doc.tokens[place].lower.endswith("ing")
    )


def _mixed(doc: Document, frame: Frame) -> bool:
    """ "3,500 were killed or wounded", "12 dead and wounded", "killed or injured 40"."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(frame.predicate)].last
    other = None
    if frame.predicate_last + 1 < end and tokens[frame.predicate_last].lower in ("or", "and"):
        other = harm_at(doc, frame.predicate_last + 1)
        if other is not None and has_object(doc, other.last, end):
            return False
    elif frame.predicate >= 2 and tokens[frame.predicate - 1].lower in ("or", "and"):
        other = harm_ending_at(doc, frame.predicate - 1)
    if other is None:
        return False
    effects = {effect for effect, _ in other.frames.values()} | {frame.effect}
    return bool({"killed", "died"} & effects) and "injured" in effects


def refined(doc: Document, frame: Frame) -> Frame:
    """Whether those who fled crossed a border, and whether one number counts dead and wounded together, as far as the
    words beside the harm say."""
    if frame.kind == "casualty" and _mixed(doc, frame):
        return Frame("counted", frame.kind, frame.predicate, frame.predicate_last, frame.own)
    if frame.kind != "displacement" or frame.effect != "fled":
        return frame
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(frame.predicate)].last
    reach = min(frame.predicate_last + 9, end)
    stop = next((at for at in range(frame.predicate_last, reach) if tokens[at].text in ":;.—"), reach)
    words = [token.lower for token in tokens[frame.predicate_last : stop]]
    before = tokens[frame.predicate - 1].lower if frame.predicate else ""
    effect: Effect = frame.effect
    if (
        before == "internally"
        or "internally" in words[:2]
        or ("within" in words[:4] and ("country" in words or "borders" in words))
        or ("inside" in words[:4] and ("country" in words or "borders" in words))
    ):
        effect = "internally_displaced"
    elif (
        words[:2] == ["the", "country"]
        or {"abroad", "neighbouring", "neighboring", "overseas"} & set(words[:6])
        or ({"border", "borders"} & set(words[:6]) and {"across", "over", "crossed"} & set(words[:6]))
    ):
        effect = "refugee"
    elif doc.tokens[frame.predicate].lower.startswith("displac") and not {"into", "border", "borders"} & set(words):
        effect = "internally_displaced"  # the usage of OCHA and IDMC, who name those who crossed a border refugees
    return Frame(effect, frame.kind, frame.predicate, frame.predicate_last, frame.own)
