"""Legal labels, word for word, with who uttered them and what they were said about.

A label is somebody's word. "Munitions used by the regime qualify as a war crime" is about the munitions and their use,
not about a person, and the words it is about are kept as the source has them. Terms: lexica/legal_labels.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from probanda.extract.events.draft import EventDraft
from probanda.extract.speech.holders import Voices
from probanda.extract.text.lexicon import table
from probanda.extract.text.nouns import Range, words_of
from probanda.extract.text.phrases import phrase_after, phrase_before
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Label

_LINKING = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "as",
        "constitutes",
        "constitute",
        "constituted",
        "qualifies",
        "qualify",
        "qualified",
        "amounts",
        "amount",
        "amounted",
        "represents",
        "represent",
        "represented",
    ]
)


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in table("legal_labels.tsv"):
        parts = tuple(row["phrase"].split())
        by_first.setdefault(parts[0], []).append((parts, row["label"]))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in by_first.items()}


def find_labels(doc: Document, voices: Voices, acts: Sequence[EventDraft] = ()) -> tuple[Label, ...]:
    """The labels of `doc` in order; `acts` are its events, one of which an adverb ("indiscriminately") is about."""
    found: list[Label] = []
    phrases = _phrases()
    place = 0
    while place < len(doc.tokens):
        matched = _match(doc, place, phrases)
        if matched is None:
            place += 1
            continue
        last, label = matched
        holder = voices.holder_at(place, last, presupposed=False)
        about = _act(doc, acts, place, last) or _about(doc, voices, place, last)
        found.append(Label(doc.passage(place, last), label, holder, about))
        place = last
    return tuple(found)


def _match(
    doc: Document, place: int, phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
) -> tuple[int, str] | None:
    for parts, label in phrases.get(doc.tokens[place].lower, ()):
        last = place + len(parts)
        if last <= len(doc.tokens) and all(doc.tokens[place + i].lower == part for i, part in enumerate(parts)):
            return last, label
    return None


def _act(doc: Document, acts: Sequence[EventDraft], first: int, last: int) -> Passage | None:
    """What an adverb is about: the act that stands nearest in its sentence, with its object where that follows it."""
    if not doc.tokens[last - 1].lower.endswith("ly"):
        return None
    sentence = doc.sentences[doc.sentence_of(first)]
    near = [
        (abs(doc.token_at(act.trigger.start) - first), act)
        for act in acts
        if sentence.start <= act.trigger.start < sentence.end and act.type.startswith(("attack", "killing", "damage"))
    ]
    if not near:
        return None
    _, act = min(near, key=lambda row: row[0])
    begin, end = doc.token_at(act.trigger.start), doc.token_at(act.trigger.end - 1) + 1
    for part in (act.aimed_at, act.affected):
        if part is not None and 0 <= doc.token_at(part.start) - end <= 1:
            end = doc.token_at(part.end - 1) + 1
    return doc.passage(begin, end)


def _about(doc: Document, voices: Voices, first: int, last: int) -> Passage | None:
    """What the label was said about: the accused of "accused X of …", the subject of "X is / amounts to …", what
    follows an adjective, or what "against", "by" or "in" adds."""
    for attribution in voices.attributions:
        if attribution.verb.class_ == "accuse" and attribution.covers(first) and attribution.content:
            accused = phrase_after(doc, attribution.content[0], first)
            if accused:
                of = next((i for i in range(*accused) if doc.tokens[i].lower in ("of", "for")), accused[1])
                return doc.passage(accused[0], max(of, accused[0] + 1))
    sentence = doc.sentences[doc.sentence_of(first)]
    linked = _linking_verb(doc, sentence.first, first)
    if linked is not None:
        return _subject(doc, sentence.first, linked)
    if doc.tokens[last - 1].lower.endswith("ly"):
        return None
    following = (
        phrase_after(doc, last, sentence.last) if last < sentence.last and doc.tokens[last].kind == "word" else None
    )
    if following is not None and doc.tokens[last].lower not in words_of("determiner"):
        return doc.passage(*following)
    if last + 1 < sentence.last and doc.tokens[last].lower in ("against", "by", "of", "in"):
        added = phrase_after(doc, last + 1, sentence.last)
        return doc.passage(*added) if added else None
    return None


def _subject(doc: Document, floor: int, linked: int) -> Passage | None:
    """The subject that ends before `linked`: a clause ("What they have done to us … is") without what stands between
    commas in it ("…, in my view"), or the noun phrase."""
    clause = next((i for i in range(floor, linked) if doc.tokens[i].lower in ("what", "whatever")), None)
    if clause is not None and (clause == floor or doc.tokens[clause - 1].kind == "mark"):
        asides = (
            i for i in range(clause + 3, linked - 1)
            if doc.tokens[i].text == "," and doc.tokens[i + 1].lower in words_of("preposition")
        )  # fmt: skip
        return doc.passage(clause, next(asides, linked))
    subject = phrase_before(doc, linked, floor)
    if subject is None:
        return None
    before = doc.tokens[subject[0] - 1] if subject[0] > floor else None
    if before is None or before.lower not in words_of("preposition"):
        return doc.passage(*subject)
    whole = phrase_before(doc, subject[0] - 1, floor)
    return doc.passage(whole[0] if whole else subject[0], subject[1])


def _linking_verb(doc: Document, floor: int, before: int) -> int | None:
    """Where the subject of "… is (not) a" ends, if the words right before the label link it to a subject."""
    place = before - 1
    skipped: Range = (before, before)
    while place > floor and (
        doc.tokens[place].lower in words_of("determiner") | words_of("adverb") | {"to", "of", "being", "fully", "an"}
        or doc.tokens[place].lower.endswith("ly")
    ):
        place -= 1
    if doc.tokens[place].lower not in _LINKING or place == floor:
        return None
    while place > floor and (
        doc.tokens[place].lower in _LINKING | words_of("auxiliary") | words_of("adverb")
        or doc.tokens[place].lower.endswith("ly")
    ):
        place -= 1
    return place + 1 if place + 1 < skipped[0] else None
