"""Grounding: where in a text a quoted string stands, or that it does not stand there.

Guarantees: what is grounded is the text's own characters, and they equal the quote but for marks that typesetting
changes: quotation marks, apostrophes, dashes, kinds and runs of white space, soft hyphens and zero-width characters.
No case folding, no stemming, no edit distance, no prefix: a changed number, a dropped "not" or a swapped word is not
found. A match begins and ends at a word's edge; the digits, separators and groups of a number are one word, and so are
letters joined by an apostrophe or a hyphen (but for the clitic "’s" and names joined as in "Aldena-Brisk"). Several
places are an answer (`Ambiguous`), never a choice made here, unless context or a position settles it. Any string is
accepted. In a script that sets no space between words, only whole stretches between marks are found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from probanda.records.passage import Passage

Status = Literal["verbatim", "verbatim-normalised"]

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_HYPHENS = "-\u2010\u2011"  # join words; the longer dashes part them
_MAP: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "“”„‟«»\u2033\uff02"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛‹›\u02bc\u2032\uff07`´"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE), None),
}
_UNEVEN = re.compile(rf"[\s{_INVISIBLE}]{{2,}}|[{_INVISIBLE}]|[^\S ]")
_NEGATING_PREFIXES = frozenset({"non", "anti", "ex", "pro", "un", "counter", "pseudo", "quasi", "semi", "mis", "dis"})


@dataclass(frozen=True, slots=True)
class Grounded:
    """`verbatim`: the quote's own characters. `verbatim-normalised`: equal but for the marks named above."""

    passage: Passage
    status: Status


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The quote stands at `count` places, and nothing given says which is meant."""

    count: int


@dataclass(frozen=True, slots=True)
class NotFound:
    """The quote stands nowhere in the text as whole words (or not with the context given)."""


def normalise(quote: str) -> str:
    """The form in which quotes and texts are compared, white space at both ends left out."""
    return " ".join(quote.translate(_MAP).split())


class Grounder:
    """Finds quotes in one text, which is indexed once."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces: list[str] = []
        self._starts: list[int] = []  # where each even piece begins in the normalised text ...
        self._shifts: list[int] = []  # ... and how far the original lies ahead there
        place = length = 0
        for match in _UNEVEN.finditer(text):
            start, end = match.span()
            space = next((at for at in range(start, end) if text[at].isspace()), None)
            for first, last in ((place, start), (space, space + 1)) if space is not None else ((place, start),):
                if first < last:
                    self._starts.append(length)
                    self._shifts.append(first - length)
                    pieces.append(" " if first == space else text[first:last].translate(_MAP))
                    length += last - first
            place = end
        self._starts.append(length)
        self._shifts.append(place - length)
        pieces.append(text[place:].translate(_MAP))
        self._text = "".join(pieces)

    def find(
        self, quote: str, before: str | None = None, after: str | None = None, near: int | None = None
    ) -> Grounded | Ambiguous | NotFound:
        """Where `quote` stands. `before` and `after` are the words directly beside it: given, they must stand there.
        `near` is a character of the text: the closest place is taken, unless two are equally close."""
        if len(quote) > 2 * len(self.text) + 64:
            return NotFound()  # cannot fit, and is not worth the reading
        wanted = normalise(quote)
        hits = self._hits(wanted)
        if before is not None or after is not None:
            hits = [hit for hit in hits if self._stands_between(hit, hit + len(wanted), before or "", after or "")]
        if not hits:
            return NotFound()
        hit = hits[0]
        if len(hits) > 1:
            if near is None:
                return Ambiguous(len(hits))
            ranked = sorted(hits, key=lambda place: abs(self._original(place) - near))
            if abs(self._original(ranked[0]) - near) == abs(self._original(ranked[1]) - near):
                return Ambiguous(len(hits))
            hit = ranked[0]
        start, end = self._original(hit), self._original(hit + len(wanted) - 1) + 1
        found = self.text[start:end]
        return Grounded(Passage(start, end, found), "verbatim" if found == quote else "verbatim-normalised")

    def occurrences(self, quote: str) -> tuple[Passage, ...]:
        """Every place where `quote` stands as whole words, in order."""
        if len(quote) > 2 * len(self.text) + 64:
            return ()
        wanted = normalise(quote)
        spans = ((self._original(hit), self._original(hit + len(wanted) - 1) + 1) for hit in self._hits(wanted))
        return tuple(Passage(start, end, self.text[start:end]) for start, end in spans)

    def _hits(self, wanted: str) -> list[int]:
        if not wanted:
            return []
        hits: list[int] = []
        find, length = self._text.find, len(wanted)
        place = find(wanted)
        while place >= 0:
            start, end = self._original(place), self._original(place + length - 1) + 1
            if begins_word(self.text, start) and ends_word(self.text, end):
                hits.append(place)
            place = find(wanted, place + 1)
        return hits

    def _stands_between(self, start: int, end: int, before: str, after: str) -> bool:
        left, right = self._text[:start].rstrip(), self._text[end:].lstrip()
        wanted_left, wanted_right = normalise(before), normalise(after)
        left_edge, right_edge = len(left) - len(wanted_left), len(wanted_right)
        return (
            left.endswith(wanted_left)
            and (not wanted_left or begins_word(left, left_edge))
            and right.startswith(wanted_right)
            and (not wanted_right or ends_word(right, right_edge))
        )

    def _original(self, place: int) -> int:
        return place + self._shifts[bisect_right(self._starts, place) - 1]


def begins_word(text: str, start: int) -> bool:
    """Whether no word or number of `text` runs across `start` from the left."""
    if start <= 0 or start >= len(text):
        return True
    first = text[start]
    if text[start - 1] == " " and first.isalpha():
        return True  # the common case
    if _joins(first) or _visible(text, start, 1) != start:
        return False  # a combining or an invisible mark belongs to the letter before it
    if not first.isalnum():
        return True
    previous = _visible(text, start - 1, -1)
    if previous < 0:
        return True
    mark = text[previous]
    if mark.isalnum() or _joins(mark):
        return False
    beyond = _visible(text, previous - 1, -1)
    if beyond < 0 or not text[beyond].isalnum():
        return not (first.isdigit() and mark == "." and (beyond < 0 or text[beyond].isspace()))  # ".5"
    if first.isdigit() and text[beyond].isdigit():
        return not _separates(text, beyond, previous, start)
    if mark in "'’\u02bc‘`´":
        return False
    if mark == ".":
        return not _abbreviates(text, beyond, start)
    return mark not in _HYPHENS or _parts_names(text, previous, start, _word_before(text, previous))


def ends_word(text: str, end: int) -> bool:
    """Whether no word or number of `text` runs across `end` to the right."""
    if end <= 0 or end >= len(text):
        return True
    if text[end] in " ,\n" and text[end - 1].isalpha():
        return True  # the common case
    following = _visible(text, end, 1)
    if following >= len(text):
        return True
    last, mark = text[end - 1], text[following]
    if _joins(mark) or _visible(text, end - 1, -1) != end - 1:
        return False
    if not last.isalnum() and not _joins(last):
        return True
    if mark.isalnum():
        return False
    beyond = _visible(text, following + 1, 1)
    if beyond >= len(text) or not text[beyond].isalnum():
        return True
    if last.isdigit() and text[beyond].isdigit():
        return not _separates(text, end - 1, following, beyond)
    if mark in "'’\u02bc‘`´":
        clitic = text[beyond] in "sS" and (beyond + 1 >= len(text) or not text[beyond + 1].isalnum())
        return clitic or mark == "‘"
    if mark == ".":
        return not _abbreviates(text, end - 1, beyond)
    return mark not in _HYPHENS or _parts_names(text, following, beyond, _word_before(text, following))


def _joins(char: str) -> bool:
    return char > "\u02ff" and unicodedata.category(char)[0] == "M"


def _visible(text: str, place: int, step: int) -> int:
    while 0 <= place < len(text) and text[place] in _INVISIBLE:
        place += step
    return place


def _separates(text: str, left: int, mark: int, right: int) -> bool:
    """Whether the mark between two digits belongs to one number: "12,000", "2.5", and, as three digits follow at most
    three, "12 000"."""
    if text[mark] in ".,'’\u00a0\u202f\u2009":
        return True
    if not text[mark].isspace():
        return False
    first = left
    while first > 0 and text[first - 1].isdigit():
        first -= 1
    last = right
    while last < len(text) and text[last].isdigit():
        last += 1
    return last - right == 3 and left - first < 3


def _abbreviates(text: str, left: int, right: int) -> bool:
    """Whether a full stop stands inside an abbreviation of single capitals: "U.N"."""
    return text[left].isupper() and text[right].isupper() and not (left and text[left - 1].isalnum())


def _word_before(text: str, end: int) -> str:
    start = end
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    return text[start:end]


def _parts_names(text: str, mark: int, right: int, left_word: str) -> bool:
    """Whether a hyphen stands between two names or figures, each of which can stand alone ("Aldena-Brisk", "3-5")."""
    if text[mark - 1].isdigit() or text[right].isdigit():
        return True
    return text[right].isupper() and left_word[:1].isupper() and left_word.lower() not in _NEGATING_PREFIXES
