"""Where a text speaks of time: spans of tokens and what stands in them, not yet resolved.

Guarantees: spans do not overlap; nothing here needs the date of publication. Words: lexica/calendar.tsv.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import is_past
from probanda.extract.values.calendar_dates import (
    DASHES,
    Raw,
    calendar_words,
    clock_at,
    day_first,
    word_class,
    written_with_marks,
    year_at,
)  # fmt: skip
from probanda.extract.values.number_kinds import NumberKind
from probanda.extract.values.number_words import Tokens, starters
from probanda.extract.values.time_phrases import OPENERS, chained_at, chained_openers, counted, worded

_POINTS = ("date", "month", "year", "weekday", "deictic", "clock", "period", "season")


def scan(doc: Document) -> tuple[Raw, ...]:
    """The time expressions of `doc`, in order."""
    found: list[Raw] = []
    tokens = doc.tokens
    words, chained, numbers = calendar_words(), chained_openers(), starters()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        raw = None
        if token.kind == "number":
            raw = (
                written_with_marks(tokens, place) or day_first(tokens, place) or clock_at(tokens, place)
                or year_at(doc, place, found) or counted(tokens, place)
            )  # fmt: skip
        elif token.kind == "word":
            if token.lower in chained:
                raw = chained_at(tokens, place)
            if raw is None and (token.lower in words or token.lower in OPENERS or token.lower in numbers):
                raw = worded(doc, place)
        if raw is None:
            place += 1
        else:
            if found and raw.first < found[-1].last:
                raw = replace(raw, first=found[-1].last)
            found.append(raw)
            place = raw.last
    return tuple(_since(doc, _ranges(doc, _merged(doc, found))))


def numeric_kinds(scanned: Iterable[Raw]) -> dict[int, NumberKind]:
    """The kind of every token that a time expression covers, for the reading of numbers."""
    kinds: dict[int, NumberKind] = {}
    for raw in scanned:
        kind: NumberKind = "time" if raw.form == "clock" else "year" if raw.form in ("year", "decade") else "date"
        for place in range(raw.first, raw.last):
            kinds[place] = kind
    return kinds


def _merged(doc: Document, found: list[Raw]) -> list[Raw]:
    """A clock time and its day become one; so do "overnight on Tuesday" and "the morning of 2 March"."""
    tokens = doc.tokens
    out: list[Raw] = []
    for raw in found:
        before = out[-1] if out else None
        gap = tokens[before.last : raw.first] if before is not None else ()
        near = (
            before is not None
            and len(gap) <= 3
            and all(
                token.lower
                in (
                    "on",
                    ",",
                    "at",
                    "around",
                    "about",
                    "the",
                    "of",
                    "local",
                    "time",
                    "just",
                    "before",
                    "after",
                    "to",
                    "into",
                )
                for token in gap
            )
        )
        if before is not None and near and _one_day(before) and raw.form == "clock":
            out[-1] = replace(before, last=raw.last, clock=raw.clock)
        elif before is not None and near and before.form == "clock" and _one_day(raw):
            out[-1] = replace(raw, first=before.first, clock=before.clock)
        elif (
            before is not None
            and near
            and before.form == "deictic"
            and before.word == "overnight"
            and raw.form in ("weekday", "date")
            and not any(token.text == "," for token in gap)
        ):
            out[-1] = replace(
                raw,
                first=before.first,
                part="into" if any(token.lower in ("to", "into") for token in gap) else "overnight",
            )
        elif (
            before is not None
            and len(gap) == 0
            and raw.form == "deictic"
            and raw.word == "overnight"
            and before.form in ("weekday", "date")
        ):
            out[-1] = replace(before, last=raw.last, part="overnight")
        else:
            out.append(_with_part(tokens, raw))
    return out


def _with_part(tokens: Tokens, raw: Raw) -> Raw:
    """ "the night of 2 March", "the early hours of Tuesday"."""
    if raw.form not in ("date", "weekday") or raw.first < 2 or tokens[raw.first - 1].lower not in ("of", "on"):
        return raw
    part = word_class(tokens, raw.first - 2, "part")
    if part and tokens[raw.first - 1].lower == "of":
        return replace(raw, first=raw.first - 2, part=part)
    if tokens[raw.first - 2].lower == "hours" and raw.first >= 3 and tokens[raw.first - 3].lower in ("early", "small"):
        return replace(raw, first=raw.first - 3, part="morning")
    return raw


def _one_day(raw: Raw) -> bool:
    return raw.form in ("date", "weekday") or (raw.form == "deictic" and raw.word in ("today", "yesterday", "tomorrow"))


def _ranges(doc: Document, found: list[Raw]) -> list[Raw]:
    """ "from 24 February to 3 March", "between Monday and Thursday", "2014-2022"."""
    tokens = doc.tokens
    out: list[Raw] = []
    for raw in found:
        lead = tokens[raw.first - 1].lower if raw.first else ""
        if raw.form == "range" and lead in ("from", "between") and not (out and out[-1].last == raw.first):
            raw = replace(raw, first=raw.first - 1)
        before = out[-1] if out else None
        if (
            before is not None
            and raw.first - before.last == 1
            and before.form in _POINTS
            and raw.form in _POINTS
            and before.form != "clock"
        ):
            link = tokens[before.last]
            lead = tokens[before.first - 1].lower if before.first else ""
            joins = (
                link.lower in ("to", "until", "till", "through") and (lead == "from" or before.form == raw.form)
            ) or (link.text in DASHES and before.form == raw.form)
            if joins or (link.lower == "and" and lead == "between"):
                first = before.first - 1 if lead in ("from", "between") else before.first
                out[-1] = Raw(first, raw.last, "range", ends=(before, raw))
                continue
        out.append(raw)
    return out


def _since(doc: Document, found: list[Raw]) -> list[Raw]:
    """ "since 24 February", "since the invasion began": from then on."""
    tokens = doc.tokens
    starts = {raw.first: at for at, raw in enumerate(found)}
    out = list(found)
    extra: list[Raw] = []
    for place, token in enumerate(tokens):
        if token.lower != "since":
            continue
        at = place + 1
        if at < len(tokens) and tokens[at].lower in ("early", "late", "at", "about", "around", "last", "the"):
            at = at if at in starts else at + 1
        if at in starts and found[starts[at]].form in (*_POINTS, "ago"):
            inner = found[starts[at]]
            out[starts[at]] = Raw(place, inner.last, "since", ends=(inner,))
        elif place + 1 not in starts:
            event = _event(doc, place + 1)
            dated = _dated_clause(doc, place, starts, event[1] if event is not None else None)
            if dated is not None:
                inner = found[dated]
                out[dated] = Raw(place, inner.last, "since", ends=(inner,))
            elif event is not None:
                extra.append(Raw(place, event[1], "event", event=event))
    if not extra:
        return out
    covered = {at for raw in extra for at in range(raw.first, raw.last)}
    return sorted([raw for raw in out if raw.first not in covered] + extra, key=lambda raw: raw.first)


def _dated_clause(doc: Document, since: int, starts: dict[int, int], event_last: int | None) -> int | None:
    """Which time dates the clause that "since" opens: "since the army seized power IN MARCH 2029", "since the war began
    TWO YEARS AGO". `None` where a comma comes first, or the time is more than nine words off."""
    tokens = doc.tokens
    end = min(since + 12, doc.sentences[doc.sentence_of(since)].last)
    verbs = 0
    for place in range(since + 1, end):
        if place in starts:
            beside = tokens[place - 1].lower in ("in", "on") or place == event_last
            return starts[place] if verbs and (beside or tokens[place].kind == "number") else None
        if tokens[place].kind == "mark" and tokens[place].text not in "-’'":
            return None
        if verbs and (tokens[place].lower in ("and", "but", "or") or tokens[place].lower in ("said", "says")):
            return None
        verbs += is_past(tokens[place])
    return None


def _event(doc: Document, first: int) -> tuple[int, int] | None:
    """The words of an event that begins at `first`: "the invasion began", "the start of the war in the north"."""
    tokens = doc.tokens
    end = min(first + 12, doc.sentences[doc.sentence_of(first - 1)].last)
    last = None
    for place in range(first, end):
        token = tokens[place]
        if token.kind == "mark" and token.text not in "-’'":
            break
        if word_class(tokens, place, "event_verb"):
            if last is not None:
                last = place + (
                    2 if token.lower == "broke" and place + 1 < end and tokens[place + 1].lower == "out" else 1
                )
            break
        if word_class(tokens, place, "event") and place - first < 9:
            last = place + 1
        elif token.lower in (
            "was",
            "were",
            "is",
            "has",
            "have",
            "had",
            "said",
            "says",
            "who",
            "which",
            "that",
            "when",
            "killed",
        ):
            break
    return (first, last) if last is not None else None
