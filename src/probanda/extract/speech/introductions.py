"""The names of a report with the roles that stand beside them, before anybody has spoken."""

from __future__ import annotations

from probanda.extract.speech.cast import Cast
from probanda.extract.speech.members import Member, gender_of
from probanda.extract.speech.named import take_apart
from probanda.extract.text.nouns import Range, is_title, words, words_of
from probanda.extract.text.phrases import phrase_after, phrase_before
from probanda.extract.text.segments import Document


def gather(doc: Document) -> Cast:
    """The cast of a report: every name of two or more words with the role that stands beside it."""
    cast = Cast(doc)
    place = 0
    while place < len(doc.tokens):
        token = doc.tokens[place]
        if (
            token.kind != "word"
            or not token.capital
            or (doc.quoted_of(place) is not None and token.lower in words_of("pronoun"))
        ):
            place += 1
            continue
        end = _run_end(doc, place)
        if end - place >= 2:
            _introduce(cast, place, end)
        place = max(end, place + 1)
    return cast


def _run_end(doc: Document, first: int) -> int:
    """The end of the run of capitals that begins at `first`: particles, initials and hyphens inside it belong to it."""
    sentence = doc.sentences[doc.sentence_of(first)]
    place = first
    while place < sentence.last:
        token = doc.tokens[place]
        follows = place + 1 < sentence.last and doc.tokens[place + 1].capital and doc.tokens[place + 1].kind == "word"
        if (
            token.kind == "word"
            and token.capital
            and not (
                place == first
                and token.lower
                in words_of("determiner") | words_of("preposition") | words_of("conjunction") | words_of("adverb")
            )
        ) or (
            place > first
            and follows
            and (
                token.lower in ("de", "da", "du", "van", "von", "der", "bin", "al", "el")
                or (token.text == "." and len(doc.tokens[place - 1].text) <= 4)
            )
        ):
            place += 1
        else:
            break
    return place


def _introduce(cast: Cast, first: int, end: int) -> None:
    doc = cast.doc
    floor = doc.sentences[doc.sentence_of(first)].first
    span = phrase_before(doc, end, floor) or (first, end)
    if span[0] < first and doc.tokens[first - 1].lower == "and":
        span = first, end  # "two doctors, Anton Weiss and Mira Dahl"
    taken = take_apart(doc, span)
    headed = _heading(doc, first)
    if headed is not None and taken.kind == "person" and taken.role is None and taken.name is not None:
        cast.introduce(Member("person", taken.name, headed, (headed[0], end), taken.head, gender_of(doc, headed)))
        return
    if taken.kind not in ("person", "body") or taken.name is None:
        return
    role = taken.role
    if taken.kind == "person" and role is None:
        role = _apposition(doc, end)
    if taken.kind == "person" and taken.name[1] - taken.name[0] < 2 and role is None:
        return
    alike = cast.by_last.get(doc.tokens[taken.name[1] - 1].text, [])
    if not any(m.name and words(doc, m.name) == words(doc, taken.name) and (m.role or not role) for m in alike):
        whole = (span[0], max(span[1], role[1])) if role else span
        cast.introduce(Member(taken.kind, taken.name, role, whole, taken.head, gender_of(doc, taken.span)))


def _heading(doc: Document, first: int) -> Range | None:
    """The role before the colon in "Spokesperson: Lena Voss", at the head of a line or behind a full stop."""
    start = doc.sentences[doc.sentence_of(first)].first
    named = first - 1 > start and doc.tokens[first - 1].text == ":" and first - start <= 5
    role = (start, first - 1)
    return role if named and is_title(doc.tokens[first - 2]) and doc.tokens[start].capital else None


def _apposition(doc: Document, end: int) -> Range | None:
    """The role in "Mirek Sandor, 41, the mayor of Dorvik, said"."""
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(end - 1)]
    place = end
    if place >= sentence.last or tokens[place].text not in ",–—(":
        return None
    place += 1
    if place + 1 < sentence.last and tokens[place].kind == "number" and tokens[place + 1].text == ",":
        place += 2
    if place < sentence.last and tokens[place].lower == "who":
        return None
    span = phrase_after(doc, place, sentence.last)
    if span is None:
        return None
    first = span[0]
    while first < span[1] - 1 and tokens[first].lower in words_of("determiner"):
        first += 1
    closes = span[1] >= sentence.last or tokens[span[1]].kind == "mark"
    if closes and any(is_title(token) for token in tokens[first : span[1]]):
        return (first, span[1])
    return None
