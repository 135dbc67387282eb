"""Time told in words: weekdays, "yesterday", "last week", "three days ago", "the next day".

Guarantees: nothing here needs the date of publication; a capital inside a name ("Sunday Courier") is no weekday.
Words: lexica/calendar.tsv.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from probanda.extract.text.segments import Document
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.calendar_dates import Raw, day_first, month_first, word_class
from probanda.extract.values.number_words import Tokens, core_at

_MODIFIERS = {
    "last": "last",
    "past": "last",
    "previous": "last",
    "next": "next",
    "coming": "next",
    "this": "this",
    "following": "next",
}
OPENERS = word_set("last past previous next coming this earlier later early late mid since the a an")
_DIRECTIONS = {
    "ago": "ago",
    "later": "later",
    "earlier": "earlier",
    "afterwards": "later",
    "before": "earlier",
    "after": "later",
    "on": "later",
}
_CHAINED = (
    ("the", "next", "day"),
    ("the", "following", "day"),
    ("the", "following", "morning"),
    ("the", "next", "morning"),
    ("the", "previous", "day"),
    ("the", "day", "before"),
    ("the", "day", "after"),
    ("the", "same", "day"),
    ("that", "day"),
    ("later", "that", "day"),
    ("earlier", "that", "day"),
    ("that", "same", "day"),
    ("later", "that", "night"),
    ("that", "night"),
    ("that", "evening"),
    ("that", "morning"),
    ("the", "same", "night"),
    ("shortly", "afterwards"),
    ("shortly", "after"),
    ("moments", "later"),
    ("moments", "earlier"),
    ("soon", "after"),
    ("soon", "afterwards"),
    ("the", "following", "week"),
    ("that", "afternoon"),
    ("that", "same", "night"),
    ("that", "same", "evening"),
    *(("the", "same", part) for part in ("morning", "afternoon", "evening")),
    *(("the", side, part) for side in ("next", "following", "previous") for part in ("night", "evening", "afternoon")),
    *(("the", part, "before") for part in ("night", "evening", "morning", "afternoon")),
    ("the", "previous", "morning"),
    *((edge, "that", part) for edge in ("later", "earlier") for part in ("morning", "afternoon", "evening")),
    *((edge, "in", "the", "day") for edge in ("later", "earlier")),
    *((edge, "the", "same", "day") for edge in ("later", "earlier")),
)


@cache
def chained_openers() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in _CHAINED:
        found.setdefault(words[0], []).append(words)
    return {word: tuple(sorted(rows, key=len, reverse=True)) for word, rows in found.items()}


def chained_at(tokens: Tokens, place: int) -> Raw | None:
    """ "the next day": hangs on what was told before."""
    after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    for words in chained_openers().get(tokens[place].lower, ()):
        if words[1] != after:  # most end here, and this is asked at every "the"
            continue
        last = place + len(words)
        if last <= len(tokens) and all(tokens[place + at].lower == word for at, word in enumerate(words)):
            if last < len(tokens) and tokens[last].lower == "yesterday":
                return None  # "the day before yesterday" is told from publication
            return Raw(place, last, "chained", word=" ".join(words))
    return None


def counted(tokens: Tokens, place: int) -> Raw | None:
    """ "three days ago", "a week later", "48 hours earlier", "several months on"."""
    core = core_at(tokens, place)
    last = core.last if core is not None else place + 1
    if core is None and tokens[place].lower not in ("a", "an"):
        return None
    value = core.value if core is not None else 1
    unit = word_class(tokens, last, "period")
    if unit is None or last + 1 >= len(tokens):
        return None
    direction = _DIRECTIONS.get(tokens[last + 1].lower)
    if direction is None or (
        direction != "ago" and tokens[last + 1].lower in ("before", "after", "on") and not _ends(tokens, last + 2)
    ):
        return None
    count = value if isinstance(value, int) else None
    return Raw(place, last + 2, "ago" if direction == "ago" else "chained", word=unit, count=count, modifier=direction)


def _ends(tokens: Tokens, place: int) -> bool:
    return place >= len(tokens) or tokens[place].kind == "mark"


def worded(doc: Document, place: int) -> Raw | None:
    tokens = doc.tokens
    lower = tokens[place].lower
    raw = month_first(tokens, place)
    if raw is not None:
        return raw
    if word_class(tokens, place, "weekday") or word_class(tokens, place, "weekday_short"):
        return _weekday(doc, place)
    if word_class(tokens, place, "deictic"):
        return _deictic(doc, place)
    if lower in ("earlier", "later", "early", "late", "mid"):
        return _edge(doc, place)
    if lower in _MODIFIERS:
        return _modified(doc, place, place)
    if lower == "the" and place + 1 < len(tokens):
        if tokens[place + 1].lower in ("last", "past", "coming", "next"):
            return _modified(doc, place, place + 1)
        before = tokens[place - 1].lower if place else ""
        if tokens[place + 1].lower == "weekend" and before in ("over", "at", "during"):
            return Raw(place, place + 2, "period", word="weekend", modifier="last")
        return None
    moment = word_class(tokens, place, "moment")
    if (
        moment
        and place
        and tokens[place - 1].lower in ("at", "before", "after", "by", "until", "since", "around", "from")
    ):
        return Raw(place, place + 1, "clock", clock="" if moment == "none" else moment, word=lower)
    season = word_class(tokens, place, "season")
    if season:
        at = place + 2 if place + 2 < len(tokens) and tokens[place + 1].lower == "of" else place + 1
        if at < len(tokens) and len(tokens[at].text) == 4 and tokens[at].text.isdigit():
            return Raw(place, at + 1, "season", int(tokens[at].text), word=season)
        return None
    unit = word_class(tokens, place, "period")
    if (
        unit
        and place + 1 < len(tokens)
        and tokens[place].lower.endswith("s")
        and tokens[place + 1].lower in ("later", "earlier", "ago", "afterwards")
    ):
        direction = _DIRECTIONS[tokens[place + 1].lower]
        return Raw(place, place + 2, "ago" if direction == "ago" else "chained", word=unit, modifier=direction)
    return counted(tokens, place)


def _weekday(doc: Document, place: int) -> Raw | None:
    """ "Tuesday", "last Tuesday night", "Tuesday last week", "Tuesday, 2 March"; not "Bloody Sunday" or "Sunday
    Times"."""
    tokens = doc.tokens
    if not tokens[place].capital:
        return None
    short = word_class(tokens, place, "weekday") is None
    value = int(word_class(tokens, place, "weekday") or word_class(tokens, place, "weekday_short") or 0)
    last = place + 1
    if short and last < len(tokens) and tokens[last].text == ".":
        last += 1
    at = last + 1 if last < len(tokens) and tokens[last].text == "," else last
    date = (
        day_first(tokens, at) or (month_first(tokens, at) if at < len(tokens) else None) if at < len(tokens) else None
    )
    if date is not None and date.form == "date":
        return replace(date, first=place, weekday=value)
    if short:
        return None
    before = tokens[place - 1] if place else None
    opens = doc.sentences[doc.sentence_of(place)].first == place
    if (
        before is not None
        and not opens
        and before.capital
        and before.kind == "word"
        and before.end + 1 == tokens[place].start
    ):
        known = (
            word_class(tokens, place - 1, "month_short")
            or before.lower in _MODIFIERS
            or before.lower in ("on", "by", "from", "since", "late", "early", "until")
        )
        if not known and before.lower not in ("said", "the"):
            return None
    first, modifier, part = place, "", ""
    if before is not None and before.lower in ("last", "next", "this", "past", "coming", "late", "early"):
        first = place - 1
        modifier = _MODIFIERS.get(before.lower, "")
        if before.lower == "late":
            part = "evening"
    found = word_class(tokens, last, "part")
    if found:
        part, last = found, last + 1
    elif (
        last < len(tokens)
        and tokens[last].capital
        and tokens[last].kind == "word"
        and not opens
        and tokens[last].lower not in ("and",)
        and (before is None or before.lower not in ("on", "last", "since", "by", "until", "from"))
    ):
        return None  # a title: "the Sunday Courier"
    if last + 1 < len(tokens) and tokens[last].lower in ("last", "this", "next") and tokens[last + 1].lower == "week":
        modifier, last = tokens[last].lower + " week", last + 2
    elif (
        last + 2 < len(tokens)
        and tokens[last].lower == "of"
        and tokens[last + 1].lower in ("last", "this", "next")
        and tokens[last + 2].lower == "week"
    ):
        modifier, last = tokens[last + 1].lower + " week", last + 3
    return Raw(first, last, "weekday", weekday=value, modifier=modifier, part=part)


def _deictic(doc: Document, place: int) -> Raw | None:
    tokens = doc.tokens
    token = tokens[place]
    opens = doc.sentences[doc.sentence_of(place)].first == place or (place > 0 and tokens[place - 1].kind == "mark")
    if token.capital and not opens:
        return None  # "Radio 4's Today"
    last, part = place + 1, word_class(tokens, place + 1, "part") or ""
    if part:
        last += 1
    first = place
    if place and tokens[place - 1].lower in ("earlier", "late", "early", "later"):
        first = place - 1
    if (
        token.lower == "yesterday"
        and place > 3
        and [t.lower for t in tokens[place - 3 : place]] == ["the", "day", "before"]
    ):
        return Raw(place - 3, last, "ago", word="day", count=2, modifier="ago")
    return Raw(first, last, "deictic", word=token.lower, part=part)


def _edge(doc: Document, place: int) -> Raw | None:
    """ "earlier this week", "late last year"; "Earlier," and "Later," at the head of a sentence."""
    tokens = doc.tokens
    following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    if following in _MODIFIERS:
        raw = _modified(doc, place, place + 1)
        return replace(raw, modifier=f"{tokens[place].lower} {raw.modifier}") if raw is not None else None
    opens = doc.sentences[doc.sentence_of(place)].first == place
    if (
        tokens[place].lower in ("earlier", "later")
        and opens
        and following not in ("than", "versions", "reports", "estimates", "this", "in", "on")
    ):
        return Raw(place, place + 1, "chained", modifier=tokens[place].lower)
    return None


def _modified(doc: Document, first: int, place: int) -> Raw | None:
    """ "last week", "this morning", "the past 24 hours", "last night", "next month"; `place` is the modifier."""
    tokens = doc.tokens
    modifier = _MODIFIERS[tokens[place].lower]
    at = place + 1
    if at >= len(tokens):
        return None
    part = word_class(tokens, at, "part")
    if part and modifier in ("this", "last") and part != "lunchtime":
        if modifier == "last" and part != "night":
            return None
        return Raw(first, at + 1, "deictic", word="last" if modifier == "last" else "today", part=part)
    unit = word_class(tokens, at, "period")
    if unit in ("week", "weekend", "month", "year", "decade", "fortnight") and not tokens[at].lower.endswith("s"):
        form = "window" if first < place and modifier == "last" and unit != "weekend" else "period"
        return Raw(first, at + 1, "window" if form == "window" else "period", word=unit, count=1, modifier=modifier)
    if unit == "day" and first < place and modifier == "last" and not tokens[at].lower.endswith("s"):
        return Raw(first, at + 1, "window", word="day", count=1, modifier=modifier)
    core = core_at(tokens, at) if modifier in ("last", "next") else None
    if core is not None:
        unit = word_class(tokens, core.last, "period")
        if unit:
            return Raw(
                first,
                core.last + 1,
                "window",
                word=unit,
                count=core.value if isinstance(core.value, int) else None,
                modifier=modifier,
            )
    if unit and modifier == "last" and tokens[at].lower.endswith("s"):
        return Raw(first, at + 1, "window", word=unit, modifier=modifier)
    season = word_class(tokens, at, "season")
    if season and modifier in ("last", "this", "next"):
        return Raw(first, at + 1, "season", word=season, modifier=modifier)
    return None
