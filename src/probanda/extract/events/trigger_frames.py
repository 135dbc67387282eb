"""Events named by a verb together with a noun ("opened an investigation", "control of X was contested").

Guarantees: verb and noun stand in one clause, in either order, and the noun is the head of its phrase ("the old mine
route" is no mine); of frames that share a word the one whose verb stands next to its noun stays. Verbs and nouns:
lexica/event_frames.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from probanda.extract.events.trigger_grammar import (
    BE,
    Form,
    Row,
    Trigger,
    event_words,
    is_adjectival,
    is_passive,
    needs_met,
)
from probanda.extract.text.actors import class_at, is_ordinary, word_classes
from probanda.extract.text.inflection import plural, verb_forms
from probanda.extract.text.lexicon import table
from probanda.extract.text.matching import Matcher
from probanda.extract.text.segments import Document

_FRAME_REACH = 7  # tokens between verb and noun of a frame; arbitrary, longer gaps were chance meetings


@dataclass(frozen=True, slots=True)
class Frame:
    type: str
    nouns: Matcher[None]
    subject: str
    object: str
    needs: str


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


def find_framed(doc: Document) -> list[Trigger]:
    """The triggers of verb and noun in `doc`; each stands at its verb."""
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
            if found is not None and not is_adjectival(doc, first, form):
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
    return any(word in BE or word in ("has", "have", "had", "will", "would") for word in words)


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
