"""Days, months and years of the calendar, and clock times, in Ukrainian and Russian text.

Guarantees: what is found is a stretch of tokens with the dates that it gives, or with what it hangs on where it gives
none; a day without a year is the latest such day up to publication, the next one in a clause about the future. A part
of the day or a clock time beside a day is taken with it. Words: lexica/{uk,ru}_calendar.tsv.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from probanda.extract.slavic.number_words import number_words
from probanda.extract.slavic.words import Terms, folded, part_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.values.times import Precision

STATED, PUBLISHED, UNRESOLVED = "stated", "relative to publication", "unresolved"
_WEEKDAY = "weekday on or before publication"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
DAY = timedelta(days=1)
_CLAUSE_ENDS = frozenset(", ; : — –".split())
_PAST = tuple("в вся ла лася лась ло ли лися лись л лся но то ны ен ан".split())
_OPENING = frozenset("у в во уніч через за спустя о об около близько приблизно примерно к до".split())


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [first, last) and the dates that they give."""

    first: int
    last: int
    earliest: date | None
    latest: date | None
    precision: Precision
    basis: str
    relative_to: str | None = None
    clock: str | None = None
    yearless: bool = False
    shift: int | None = None  # days from the day that was told before


@cache
def terms(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), row["value"])
        for row in table(f"{language}_calendar.tsv")
        if row["class"] == class_
        for term in row["terms"].split(",")
    )


@lru_cache(maxsize=65536)
def may_begin(word: str, language: str) -> bool:
    """Whether an expression of time can begin with the folded word; most words begin none."""
    if not word.isalpha() or word in _OPENING or word in number_words(language):
        return True
    return bool(_any_term(language).keys(word))


@cache
def _any_term(language: str) -> Terms[int]:
    rows = table(f"{language}_calendar.tsv")
    return Terms((term.strip(), 0) for row in rows if row["class"] != "future" for term in row["terms"].split(","))


def parse_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


class Days:
    """One document, its date of publication, and the days that its words give."""

    def __init__(self, doc: Document, published: date | None, calendar: Mapping[str, str]) -> None:
        self.doc, self.published, self.calendar = doc, published, calendar
        self.language = doc.language
        self.words: Sequence[str] = folded(doc.tokens)

    def _end(self, place: int) -> int:
        return self.doc.sentences[self.doc.sentence_of(place)].last

    def _is(self, class_: str, place: int) -> tuple[int, str] | None:
        """Where a term of the class that begins at `place` ends, and its value."""
        if place >= len(self.words) or place < 0:
            return None
        found = terms(self.language, class_).at(self.words, place, self._end(place))
        return None if found is None else (found.last, found.value)

    def _numeric(self, place: int) -> Span | None:
        text = self.doc.tokens[place].text
        dotted = _DOTTED.fullmatch(text)
        if dotted is None and self.doc.tokens[place].kind == "number" and len(text) == 4:
            iso = _ISO.match(self.doc.text, self.doc.tokens[place].start)
            if iso is not None:
                return self._stated_day(place, place + 5, int(iso[1]), int(iso[2]), int(iso[3]))
        if dotted is None:
            return None
        year = int(dotted[3]) + (2000 if len(dotted[3]) == 2 else 0)
        return self._stated_day(place, place + 1, year, int(dotted[2]), int(dotted[1]))

    def _stated_day(self, first: int, last: int, year: int, month: int, day: int) -> Span | None:
        if not (1 <= month <= 12 and 1 <= day <= 31 and 1000 <= year < 2200):
            return None
        if day > months.monthrange(year, month)[1]:
            return Span(first, last, None, None, "day", UNRESOLVED, "a day that the calendar does not have")
        held = date(year, month, day)
        return Span(first, last, held, held, "day", STATED)

    def _year_at(self, place: int) -> tuple[int, int] | None:
        """The year that stands at `place`, and where it ends: "2031 року", "2031"."""
        if place >= len(self.words):
            return None
        token = self.doc.tokens[place]
        if token.kind != "number" or not token.text.isdigit() or len(token.text) != 4:
            return None
        year, last = int(token.text), place + 1
        if not 1800 <= year < 2200:
            return None
        word = self._is("yearword", last)
        return year, word[0] if word else last

    def _day_number(self, place: int) -> tuple[int, int] | None:
        """A day of a month at `place`, as digits or a range's part, and where it ends."""
        token = self.doc.tokens[place] if place < len(self.words) else None
        if token is None or token.kind != "number" or not token.text.isdigit() or not 1 <= int(token.text) <= 31:
            return None
        last = place + 1
        if (
            last + 1 < len(self.words)
            and self.words[last] in ("-", "‑")
            and self.words[last + 1] in ("го", "е", "є", "те", "ого")
        ):
            last += 2
        return int(token.text), last

    def _day_of(self, place: int) -> Span | None:
        day = self._day_number(place)
        month = self._is("month", day[1]) if day else None
        if day is None or month is None:
            return None
        span = self._dated(place, month[0], day[0], int(month[1]))
        return self._with_parts(span)

    def _dated(self, first: int, last: int, day: int, month: int) -> Span:
        year = self._year_at(last)
        if year is not None:
            held = self._stated_day(first, year[1], year[0], month, day)
            return held or Span(first, year[1], None, None, "day", UNRESOLVED)
        if self.published is None:
            return Span(first, last, None, None, "day", UNRESOLVED, "publication", yearless=True)
        for candidate in self._years(first, last):
            if day > months.monthrange(candidate, month)[1]:
                continue
            held_day = date(candidate, month, day)
            if self._future(first, last) == (held_day >= self.published) or held_day == self.published:
                return Span(first, last, held_day, held_day, "day", PUBLISHED, yearless=True)
        return Span(first, last, None, None, "day", UNRESOLVED, "a day that the calendar does not have")

    def _years(self, first: int, last: int) -> tuple[int, ...]:
        assert self.published is not None
        year = self.published.year
        return (year, year + 1, year + 4) if self._future(first, last) else tuple(range(year, year - 9, -1))

    def _future(self, first: int, last: int) -> bool:
        """Whether the clause around the expression speaks of what is to come."""
        sentence = self.doc.sentences[self.doc.sentence_of(first)]
        start, end = first, last
        while start > sentence.first and self.words[start - 1] not in (",", ";", ":", "—", "–"):
            start -= 1
        while end < sentence.last and self.words[end] not in (",", ";", ":", "—", "–"):
            end += 1
        coming = terms(self.language, "future")
        return any(coming.at(self.words, place, end) is not None for place in range(start, end))

    def _is_limit(self, place: int) -> bool:
        """Whether the day is one by which something is to be done: "до п'ятниці", "к субботе" where nothing is past."""
        if not place or self.words[place - 1] not in ("до", "к", "ко"):
            return False
        sentence = self.doc.sentences[self.doc.sentence_of(place)]
        first, last = place, place
        while first > sentence.first and self.words[first - 1] not in _CLAUSE_ENDS:
            first -= 1
        while last < sentence.last and self.words[last] not in _CLAUSE_ENDS:
            last += 1
        return not any(
            self.words[at].endswith(_PAST) and part_of(self.words[at], self.language) in ("verb", "impersonal")
            for at in range(first, last)
        )  # fmt: skip

    def _with_parts(self, span: Span) -> Span:
        """The span with a part of the day or a clock time beside it: "2 березня о 5:40", "у вівторок увечері"."""
        part = self._is("part", span.last)
        if part is not None and span.precision == "day":
            span = replace(span, last=part[0], precision="part_of_day")
            if part[1] == "night" and span.latest is not None:
                span = replace(span, latest=span.latest + DAY)
        after = span.last
        if after + 1 < len(self.words) and self.words[after] == ",":
            after += 1
        clock = self._clock_at(after)
        if clock is not None:
            return replace(span, last=clock[0], clock=clock[1])
        return span

    def _modified_month(self, place: int) -> Span | None:
        for modifier, (low, high) in (("early", (1, 10)), ("mid", (11, 20)), ("late", (21, 31))):
            found = self._is(modifier, place)
            month = self._is("month", found[0]) if found else None
            if found is None or month is None:
                continue
            span = self._month(found[0])
            if span is None or span.earliest is None or span.latest is None:
                return replace(span, first=place) if span else None
            return replace(
                span, first=place, earliest=span.earliest.replace(day=low),
                latest=span.latest.replace(day=min(high, span.latest.day)),
            )  # fmt: skip
        return None

    def _month(self, place: int) -> Span | None:
        found = self._is("month", place)
        if found is None or (self.doc.tokens[place].capital and place != self._start(place)):
            return None
        year = self._year_at(found[0])
        before = self.words[place - 1] if place else ""
        number = int(found[1])
        qualified = self._is("last", place - 1) or self._is("this", place - 1)
        if year is None and before not in _MONTH_AFTER and not qualified:
            return None
        if year is not None:
            return self._whole_month(place, year[1], year[0], number, STATED)
        if self.published is None:
            return Span(place, found[0], None, None, "month", UNRESOLVED, "publication")
        held = self.published.year
        if self._future(place, found[0]):
            held += number < self.published.month
        else:
            held -= number > self.published.month
        return self._whole_month(place, found[0], held, number, PUBLISHED)

    def _start(self, place: int) -> int:
        return self.doc.sentences[self.doc.sentence_of(place)].first

    def _whole_month(self, first: int, last: int, year: int, month: int, basis: str) -> Span:
        end = months.monthrange(year, month)[1]
        return Span(first, last, date(year, month, 1), date(year, month, end), "month", basis)

    def _year(self, place: int) -> Span | None:
        year = self._year_at(place)
        if year is None:
            return None
        before = self.words[place - 1] if place else ""
        if self._is("yearword", place + 1) is None and before not in _YEAR_AFTER:
            return None
        if before in _YEAR_AFTER and self._is("yearword", place + 1) is None:
            following = self.doc.tokens[year[1]] if year[1] < len(self.words) else None
            if following is not None and following.kind == "word" and following.start == self.doc.tokens[place].end + 1:
                return None  # "з 2000 солдатів"
        return Span(place, year[1], date(year[0], 1, 1), date(year[0], 12, 31), "year", STATED)

    def _clock_at(self, place: int) -> tuple[int, str] | None:
        """ "о 5:40", "близько 14.00", "в 5 часов утра" at `place`: where it ends, the time."""
        words = self.words
        if place + 1 >= len(words):
            return None
        opened = words[place] in ("о", "об", "в", "во", "около", "близько", "приблизно", "примерно", "к", "до")
        at = place + 1 if opened else place
        if opened and at + 1 < len(words) and words[at] in ("о", "об", "около", "близько"):
            at += 1
        token = self.doc.tokens[at]
        if token.kind == "number" and at + 2 < len(words) and words[at + 1] == ":":
            whole = self.doc.text[token.start : self.doc.tokens[at + 2].end]
            if _CLOCK.fullmatch(whole) and len(whole) <= 5:
                return at + 3, f"{int(token.text):02d}:{self.doc.tokens[at + 2].text}"
        match = _CLOCK.fullmatch(token.text) if token.kind == "number" and opened else None
        if match is not None and len(match[2]) == 2:
            return at + 1, f"{int(match[1]):02d}:{match[2]}"
        return None


_MONTH_AFTER = frozenset(
    (
        "у в з із до від від од с от на к за протягом упродовж по початку початок кінця кінець середини начала конца "
        "середины наприкінці течение"
    ).split()
)
_YEAR_AFTER = frozenset(("у в з із до від с от к після после до").split())
