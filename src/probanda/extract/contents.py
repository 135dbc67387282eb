"""What the source of an attribution is said to say: the words after the cue, or before the source.

Content is a token range without cue, source, venue and time of the utterance, and without the marks at its ends.
"""

from __future__ import annotations

from probanda.extract.cues import DASHES, DAYTIMES, WEEKDAYS, Cue, is_manner
from probanda.extract.lexicon import table, word_list
from probanda.extract.phrases import Range, is_body, is_role, nounish, phrase_after, words_of
from probanda.extract.segments import Document, Span
from probanda.extract.subjects import Subject

_AFTER_SOURCE = frozenset(
    "after as while when in on at during from following by and but adding to with amid before although though via".split()
)


def find_content(
    doc: Document, sentence: Span, subject: Subject, place: int, after: int, cue: Cue
) -> tuple[Range | None, bool]:
    """The content, and whether it follows the cue at `place`; `after` is where it may begin."""
    tokens = doc.tokens
    source = place if subject.inverted else subject.span[0]
    follows = skip_setting(doc, after, sentence.last)
    nothing = follows >= sentence.last or tokens[follows].kind == "mark" and tokens[follows].text in ".,;!?"
    if subject.inverted or nothing or _is_trailing(doc, sentence, source, follows):
        end = source
        while end > sentence.first and (tokens[end - 1].kind == "mark" or tokens[end - 1].lower == "as"):
            end -= 1
        start = opening(doc, sentence, end)
        if start < end < source:
            return (start, end), False
        if subject.inverted:
            return None, False
    end = trim(doc, sentence.last)
    if follows >= end:
        return None, True
    opener = tokens[follows]
    if cue.complement in ("that", "quote") and not (opener.lower == "that" or opener.text in "“\"‘«:"):
        quotes = any(doc.quoted_of(i) is not None for i in range(follows, end))
        begins = nounish(opener) or opener.lower in words_of("determiner") | words_of("pronoun") or opener.kind == "number"
        if not quotes and not begins:
            return None, True
    if opener.lower == "that" or opener.text == ":":
        follows += 1
    while follows < end and tokens[follows].kind == "mark":
        follows += 1
    return ((follows, end) if follows < end else None), True


def _is_trailing(doc: Document, sentence: Span, source: int, follows: int) -> bool:
    """Whether the content came before: a comma parts it from the source, and what follows the cue is no clause."""
    tokens = doc.tokens
    if source - sentence.first <= 3 or tokens[source - 1].kind != "mark":
        return False
    return tokens[source - 1].text in ",”\"’'»" + DASHES and tokens[follows].lower in _AFTER_SOURCE


def skip_setting(doc: Document, place: int, end: int) -> int:
    """Past "on Monday", "in a statement", "during a visit to Dorvik," that stand between cue and content."""
    tokens = doc.tokens
    venues = {row["noun"] for row in table("venues.tsv")}
    while place < end:
        lower = tokens[place].lower
        if lower in WEEKDAYS | DAYTIMES | {"also", "again", "recently"} or is_manner(lower, tokens[place].capital):
            place += 1
            continue
        if place + 1 < end and lower in ("on", "late", "early", "via"):
            following = tokens[place + 1]
            if following.lower in WEEKDAYS or following.text in word_list("channels.txt"):
                place += 2
                continue
        if lower not in ("on", "in", "at", "during") or place + 1 >= end:
            break
        span = phrase_after(doc, place + 1, end)
        if span is None:
            break
        occasion = any(tokens[i].lower in venues for i in range(*span))
        town = lower in ("in", "at") and tokens[span[1] - 1].capital and span[1] < end and tokens[span[1]].lower in ("that", "on")
        if not (occasion or town):
            break
        place = span[1]
        if place + 1 < end and tokens[place].text == ",":
            place += 1
    return place


def opening(doc: Document, sentence: Span, end: int) -> int:
    """Where content at the head of a sentence begins: after a dateline ("DORVIK (Tess Wire) —") and opening marks."""
    tokens = doc.tokens
    place = sentence.first
    if place == doc.paragraphs[doc.paragraph_of(place)].first:
        for dash in range(place + 1, min(place + 14, end)):
            before = tokens[place:dash]
            if tokens[dash].text in DASHES and tokens[dash].kind == "mark" and before[0].text.isupper() and tokens[dash].end < tokens[dash + 1].start:
                place = dash + 1
                break
    while place < end and tokens[place].kind == "mark":
        place += 1
    return place


def after_according(doc: Document, sentence: Span, source: Range) -> int:
    """Where the content of "According to S, an agency, …" begins: after the comma, and after an aside about S."""
    tokens = doc.tokens
    start = source[1]
    while start < sentence.last and tokens[start].text not in ",:":
        start += 1
    start += 1
    if start < sentence.last and tokens[start].lower in ("a", "an", "the", "which", "who"):
        closing = next((i for i in range(start, min(start + 14, sentence.last)) if tokens[i].text == ","), None)
        if closing is not None:
            aside = tokens[start:closing]
            verbal = any(token.lower in words_of("auxiliary") for token in aside) and aside[0].lower not in ("which", "who")
            if aside[0].lower in ("which", "who") or not verbal and any(is_role(t.lower) or is_body(t.lower) for t in aside):
                start = closing + 1
    return min(start, sentence.last)


def trim(doc: Document, last: int) -> int:
    """Left over the closing marks of a sentence."""
    while last > 0 and doc.tokens[last - 1].kind == "mark" and doc.tokens[last - 1].text in ".!?…”\"’»,;":
        last -= 1
    return last
