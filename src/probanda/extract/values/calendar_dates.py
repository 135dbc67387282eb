"""Dates, months, years and clock times as they are written, not yet resolved.

Guarantees: nothing here needs the date of publication. "May", "March", "Sun" and the like are time
only beside a number or a preposition of time. Words: lexica/calendar.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.number_words import Tokens

Form = Literal[
    "date", "ambiguous", "month", "year", "decade", "season", "weekday", "deictic", "period", "ago", "window", "clock",
    "range", "since", "event", "chained",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raw:
    """Tokens [first, last). `modifier` is "last", "next", "this", "early", "late", "mid" or "earlier"; `ends` holds
    the two ends of a range or the start of a "since"; `event` the tokens of the event that dates it."""

    first: int
    last: int
    form: Form
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    word: str = ""
    modifier: str = ""
    part: str = ""
    count: int | None = None
    clock: str = ""
    ends: tuple[Raw, ...] = ()
    event: tuple[int, int] | None = None


_LEADS = word_set(
    "in since by until till of during from throughout last next this late early mid before after through "
    "between to and end beginning middle"
)
DASHES = "-–—‑"


@cache
def calendar_words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in table("calendar.tsv"):
        found.setdefault(row["word"], {})[row["class"]] = row["value"]
    return found


def word_class(tokens: Tokens, place: int, kind: str) -> str | None:
    """The value of the calendar word of class `kind` at `place`, `None` where the token is no such word."""
    if not 0 <= place < len(tokens):
        return None
    return calendar_words().get(tokens[place].lower, {}).get(kind)


def _glued(tokens: Tokens, first: int, last: int) -> bool:
    return last <= len(tokens) and all(tokens[at].end == tokens[at + 1].start for at in range(first, last - 1))


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and "1800" <= text < "2100"


def written_with_marks(tokens: Tokens, place: int) -> Raw | None:
    """2022-03-02, 02/03/2022, 02.03.2022. Dots put the day first; slashes do not say which comes first."""
    text = tokens[place].text
    if text.count(".") == 2:
        day, month, year = (int(part) for part in text.split("."))
        if _valid(year, month, day) and year >= 1800:
            return Raw(place, place + 1, "date", year, month, day)
        return None
    if not _glued(tokens, place, place + 5):
        return None
    first, mark, second, mark2, third = (tokens[place + at] for at in range(5))
    if mark.text != mark2.text or not (first.text.isdigit() and second.text.isdigit() and third.text.isdigit()):
        return None
    one, two, three = int(first.text), int(second.text), int(third.text)
    if mark.text in "-/" and _is_year(first.text) and _valid(one, two, three):
        return Raw(place, place + 5, "date", one, two, three)
    if mark.text not in "/-" or not _is_year(third.text):
        return None
    day_first, month_first = _valid(three, two, one), _valid(three, one, two)
    if day_first and month_first and one != two:
        return Raw(place, place + 5, "ambiguous")
    if day_first:
        return Raw(place, place + 5, "date", three, two, one)
    return Raw(place, place + 5, "date", three, one, two) if month_first else None


def _valid(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1] and year > 0


def _day_number(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """Day of a month at `place` and the token after it: "2", "2nd", "2 of"."""
    if place >= len(tokens) or tokens[place].kind != "number" or not tokens[place].text.isdigit():
        return None
    day, last = int(tokens[place].text), place + 1
    if not 1 <= day <= 31 or len(tokens[place].text) > 2:
        return None
    if (
        last < len(tokens)
        and tokens[last].lower in ("st", "nd", "rd", "th")
        and tokens[last].start == tokens[place].end
    ):
        last += 1
    return day, last


def _month(tokens: Tokens, place: int) -> int | None:
    """The month named at `place` with a capital, in any of its forms."""
    if not 0 <= place < len(tokens) or not tokens[place].capital:
        return None
    forms = calendar_words().get(tokens[place].lower, {})
    value = forms.get("month") or forms.get("month_name") or forms.get("month_short")
    return int(value) if value else None


def _after_month(tokens: Tokens, place: int) -> int:
    """The token after a month's name and the full stop of its abbreviation."""
    return (
        place + 1
        if place < len(tokens) and tokens[place].text == "." and word_class(tokens, place - 1, "month_short")
        else place
    )


def _year_after(tokens: Tokens, place: int) -> tuple[int | None, int]:
    at = place + 1 if place < len(tokens) and tokens[place].text == "," else place
    if at < len(tokens) and tokens[at].lower == "of" and at + 1 < len(tokens) and _is_year(tokens[at + 1].text):
        at += 1
    if at < len(tokens) and _is_year(tokens[at].text):
        return int(tokens[at].text), at + 1
    return None, place


def day_first(tokens: Tokens, place: int) -> Raw | None:
    """2 March 2022, 2nd of March, 3-5 May, 3 to 5 May, 3 and 4 May."""
    read = _day_number(tokens, place)
    if read is None:
        return None
    day, last = read
    second: int | None = None
    if last < len(tokens) and (
        tokens[last].text in DASHES or tokens[last].lower in ("to", "and", "or", "until", "through")
    ):
        upper = _day_number(tokens, last + 1)
        if upper is not None and _month(tokens, _skip_of(tokens, upper[1])) and upper[0] > day:
            second, last = upper
    at = _skip_of(tokens, last)
    month = _month(tokens, at)
    if month is None or not _valid(2000, month, day):
        return None
    last = _after_month(tokens, at + 1)
    year, last = _year_after(tokens, last)
    raw = Raw(place, last, "date", year, month, day)
    if second is None:
        return raw
    return Raw(place, last, "range", ends=(raw, replace(raw, day=second)))


def _skip_of(tokens: Tokens, place: int) -> int:
    return place + 1 if place < len(tokens) and tokens[place].lower == "of" else place


def month_first(tokens: Tokens, place: int) -> Raw | None:
    """March 2, 2022; March 2-4; March 2022; March, where it can be nothing else."""
    month = _month(tokens, place)
    if month is None:
        return None
    last = _after_month(tokens, place + 1)
    read = _day_number(tokens, last)
    if read is not None and _valid(2000, month, read[0]) and not _counts(tokens, read[1]):
        day, last = read
        second = None
        if last < len(tokens) and (tokens[last].text in DASHES or tokens[last].lower in ("to", "and", "through")):
            upper = _day_number(tokens, last + 1)
            if upper is not None and upper[0] > day and not _month(tokens, upper[1]) and not _counts(tokens, upper[1]):
                second, last = upper
        year, last = _year_after(tokens, last)
        raw = Raw(place, last, "date", year, month, day)
        return raw if second is None else Raw(place, last, "range", ends=(raw, replace(raw, day=second)))
    year, after = _year_after(tokens, last)
    before = tokens[place - 1].lower if place else ""
    plain = "month" in calendar_words()[tokens[place].lower]
    if year is None and not plain and before not in _LEADS:
        return None
    if year is None and "month_short" in calendar_words()[tokens[place].lower]:
        return None
    if (
        year is None
        and not plain
        and after < len(tokens)
        and tokens[after].capital
        and before in ("of", "to", "and", "from")
    ):
        return None  # "of May Sandor"
    modifier = {"early": "early", "late": "late", "mid": "mid", "last": "last", "next": "next", "this": "this"}.get(
        before, ""
    )
    first = place - 1 if modifier else place
    return Raw(first, after, "month", year, month, modifier=modifier)


def _counts(tokens: Tokens, place: int) -> bool:
    """Whether a noun that names people follows: "In March 12 civilians died" has no day in it."""
    if place >= len(tokens):
        return False
    return victim_class(tokens[place].lower) is not None or tokens[place].lower in (
        "million",
        "thousand",
        "hundred",
        "billion",
    )


def clock_at(tokens: Tokens, place: int) -> Raw | None:
    """10:30, 7.30am, 5 p.m., 0600 GMT."""
    text = tokens[place].text
    last = place + 1
    hour, minute, marked = text, "00", False
    if (
        _glued(tokens, place, place + 3)
        and tokens[place + 1].text == ":"
        and len(tokens[place + 2].text) == 2
        and tokens[place + 2].text.isdigit()
    ):
        hour, minute, last, marked = text, tokens[place + 2].text, place + 3, True
        if _glued(tokens, last - 1, last + 2) and tokens[last].text == ":":
            last += 2
    elif text.count(".") == 1 and len(text.partition(".")[2]) == 2:
        hour, _, minute = text.partition(".")
    after = tokens[last].lower.replace(".", "") if last < len(tokens) else ""
    if after in ("am", "pm"):
        last += 1
        marked = True
    elif (
        len(text) == 4
        and text.isdigit()
        and (word_class(tokens, last, "zone") or (after == "hours" and text[0] in "012" and text[2] < "6"))
    ):
        hour, minute, marked = text[:2], text[2:], True
        last += 1 if after == "hours" else 0
    if not marked or not hour.isdigit() or not minute.isdigit() or int(hour) > 24 or int(minute) > 59:
        return None
    value = int(hour) % 12 + (12 if after == "pm" else 0) if after in ("am", "pm") else int(hour)
    zone = word_class(tokens, last, "zone")
    if zone:
        last += 1
    elif last + 1 < len(tokens) and tokens[last].lower == "local" and tokens[last + 1].lower == "time":
        last += 2
    return Raw(place, last, "clock", clock=f"{value:02d}:{minute}{'Z' if zone in ('GMT', 'UTC') else ''}")


def year_at(doc: Document, place: int, found: list[Raw]) -> Raw | None:
    tokens = doc.tokens
    text = tokens[place].text
    if not _is_year(text):
        return None
    if place + 1 < len(tokens) and tokens[place + 1].text == "s" and tokens[place + 1].start == tokens[place].end:
        return Raw(place, place + 2, "decade", int(text))
    before = tokens[place - 1].lower if place else ""
    follows = (
        bool(found)
        and found[-1].form == "year"
        and place - found[-1].last == 1
        and before in ("and", "to", "-", "–", "or", ",")
    )
    led = before in (
        "in",
        "since",
        "by",
        "until",
        "till",
        "from",
        "during",
        "early",
        "late",
        "mid",
        "year",
        "before",
        "after",
        "throughout",
        "between",
    )
    if not (follows or led or (before in ("of", "(") and not _noun_next(tokens, place + 1))) or _counts(
        tokens, place + 1
    ):
        return None
    modifier = before if before in ("early", "late", "mid") else ""
    return Raw(place - 1 if modifier else place, place + 1, "year", int(text), modifier=modifier)


def _noun_next(tokens: Tokens, place: int) -> bool:
    if place >= len(tokens) or tokens[place].kind != "word" or tokens[place].capital:
        return False
    return tokens[place].lower not in _closed_class()


@cache
def _closed_class() -> frozenset[str]:
    """Closed-class words: what follows a year, and cannot be counted."""
    return frozenset(row["word"] for row in table("function_words.tsv"))
