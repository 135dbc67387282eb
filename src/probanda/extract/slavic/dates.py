"""Expressions of time in Ukrainian and Russian, resolved as news uses them.

Guarantees: every result is an interval of dates (or a clock time) with a precision and the rule that gave it; what
hangs on something that is not known (no publication date, "через кілька годин", an event that no calendar dates)
stays unresolved and says on what it hangs. The rules are those of the English reading (`values.times`): a bare
weekday is the latest such day up to the day of publication, a future clause turns it to the next; "у ніч на середу"
joins Tuesday and Wednesday; weeks begin on Monday; clock times carry no zone. Words: lexica/{uk,ru}_calendar.tsv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from probanda.extract.slavic.calendar_days import (
    DAY,
    PUBLISHED,
    UNRESOLVED,
    Days,
    Span,
    may_begin,
    parse_day,
)
from probanda.extract.slavic.chains import hung
from probanda.extract.slavic.number_words import core_at
from probanda.extract.slavic.words import fold
from probanda.extract.text.segments import Document
from probanda.extract.values.times import Precision, TimeMention
from probanda.records.reading import When

_WEEKDAY = "weekday on or before publication"


def find_times(
    doc: Document, published: str | None, calendar: Mapping[str, str] | None = None
) -> tuple[TimeMention, ...]:
    """The time expressions of `doc` in order. `published` is an ISO 8601 date, `None` where it is not known; `calendar`
    maps words of events (in the text's language, or "invasion" and the like) to the dates on which they began."""
    reader = _Reader(doc, parse_day(published), calendar or {})
    spans = hung(doc, reader.spans(), parse_day(published))
    return tuple(TimeMention(span.first, span.last, _when(doc, span)) for span in spans)


def _when(doc: Document, span: Span) -> When:
    earliest = span.earliest.isoformat() if span.earliest else None
    latest = span.latest.isoformat() if span.latest else None
    precision = span.precision
    if span.clock and span.earliest is not None and span.earliest == span.latest:
        earliest = latest = f"{span.earliest.isoformat()}T{span.clock}"
        precision = "hour" if span.clock.endswith(":00") else "instant"
    return When(doc.passage(span.first, span.last), earliest, latest, precision, span.basis, span.relative_to)


class _Reader(Days):
    """One document, read from left to right."""

    def spans(self) -> list[Span]:
        found: list[Span] = []
        place, end = 0, len(self.words)
        while place < end:
            span = self._at(place)
            if span is None:
                place += 1
                continue
            found.append(span)
            place = span.last
        return found

    def _at(self, place: int) -> Span | None:
        if self.doc.tokens[place].kind == "mark" or not may_begin(self.words[place], self.language):
            return None
        for rule in (
            self._numeric, self._since, self._night_into, self._range, self._part_first, self._day_of,
            self._modified_month, self._chained,
            self._ago, self._relative_period, self._night, self._deictic, self._weekday, self._month,
            self._year, self._through, self._season, self._clock,
        ):  # fmt: skip
            span = rule(place)
            if span is not None:
                return span
        return None

    def _since(self, place: int) -> Span | None:
        opened = self._is("since", place)
        if opened is None or (place and self.words[place - 1] in ("починаючи", "начиная")):
            opened = opened if opened and opened[0] > place + 1 else None
        if opened is None:
            return None
        at = opened[0]
        begin = self._is("begin", at)
        event = self._is("event", begin[0] if begin else at)
        if event is not None and (begin is not None or event[0] > at):
            if (
                begin is None
                and self.words[at].endswith(("и", "ом", "ою", "ой"))
                and self.words[place] in ("з", "із", "с")
            ):
                return None
            return self._event(place, begin[0] if begin else at, event)
        if self._range(place) is not None:
            return None
        if begin is not None:
            at = begin[0]
            inner = self._month(at) or self._year(at) or self._week_or_year(at)
        else:
            inner = (
                self._day_of(at)
                or self._modified_month(at)
                or self._weekday_word(at)
                or self._month(at)
                or self._year(at)
                or self._season(at)
            )
        if inner is None or inner.clock:
            return None
        if inner.earliest is None:
            return replace(inner, first=place, precision="range")
        latest = self.published if self.published is not None and self.published >= inner.earliest else None
        return replace(inner, first=place, latest=latest, precision="range")

    def _week_or_year(self, place: int) -> Span | None:
        """ "(з початку) року", "(с начала) недели"."""
        this = self._is("this", place)
        unit = self._is("unit", this[0] if this else place)
        if unit is None or unit[1] not in ("week", "month", "year"):
            return None
        return self._period(place, unit[0], unit[1], 0)

    def _event(self, first: int, named: int, event: tuple[int, str]) -> Span:
        words = self.doc.passage(named, event[0]).text
        for name, text in self.calendar.items():
            day = parse_day(text)
            wanted = fold(name)
            stems = {word[:5] for word in wanted.split() if len(word) > 3}
            mentioned = {word[:5] for word in self.words[named : event[0]]}
            if day is not None and (event[1] in wanted or (stems and stems <= mentioned)):
                latest = self.published if self.published is not None and self.published >= day else None
                return Span(first, event[0], day, latest, "range", "event calendar", words)
        return Span(first, event[0], None, None, "range", "event calendar", words)

    def _range(self, place: int) -> Span | None:
        """ "з 2 до 5 березня", "2–5 березня", "с 2 по 5 марта", "від 28 лютого до 3 березня"."""
        opened = self._is("since", place)
        at = opened[0] if opened else place
        low = self._day_number(at)
        if low is None:
            return None
        month = self._is("month", low[1])
        after = month[0] if month else low[1]
        year = self._year_at(after) if month else None
        after = year[1] if year else after
        if after >= len(self.words) or self.words[after] not in ("-", "–", "—", "до", "по"):
            return None
        if opened is None and self.words[after] in ("до", "по"):
            return None
        high = self._day_number(after + 1)
        last_month = self._is("month", high[1]) if high else None
        if high is None or last_month is None:
            return None
        upper = self._dated(after + 1, last_month[0], high[0], int(last_month[1]))
        if upper.earliest is None:
            return replace(upper, first=place, precision="range")
        number = int(month[1]) if month else int(last_month[1])
        lower_year = year[0] if year else upper.earliest.year - (number > upper.earliest.month)
        lower = self._stated_day(at, after, lower_year, number, low[0])
        if lower is None or lower.earliest is None or lower.earliest > upper.earliest:
            return None
        return Span(place, upper.last, lower.earliest, upper.earliest, "range", upper.basis)

    def _night_into(self, place: int) -> Span | None:
        """ "у ніч на 3 березня", "в ночь на среду", "у ніч проти середи": the two days that the night joins."""
        words = self.words
        if words[place] not in ("у", "в", "уніч") or place + 2 >= len(words) or words[place + 1] not in ("ніч", "ночь"):
            return None
        linked = words[place + 2] in ("на", "проти")
        if not linked:
            with_ = words[place + 2] in ("з", "із", "с", "со")
            if not with_:
                return None
            range_ = self._range(place + 2)
            return replace(range_, first=place, precision="part_of_day") if range_ else None
        inner = self._day_of(place + 3) or self._weekday_word(place + 3) or self._deictic(place + 3)
        if inner is None:
            return None
        if inner.earliest is None:
            return replace(inner, first=place, precision="part_of_day")
        return replace(
            inner, first=place, earliest=inner.earliest - DAY, latest=inner.earliest, precision="part_of_day"
        )

    def _part_first(self, place: int) -> Span | None:
        """ "вранці 3 березня", "увечері у вівторок", "пізно ввечері в середу"."""
        part = self._is("part", place)
        if part is None:
            return None
        at = part[0]
        if at < len(self.words) and self.words[at] in ("у", "в", "во"):
            at += 1
        inner = self._day_of(at) or self._weekday_word(at)
        if inner is None or inner.clock:
            return None
        latest = inner.latest + DAY if part[1] == "night" and inner.latest else inner.latest
        return replace(inner, first=place, latest=latest, precision="part_of_day")

    def _chained(self, place: int) -> Span | None:
        found = self._is("chained", place)
        if found is not None:
            shift = None if found[1] == "?" else int(found[1])
            return Span(place, found[0], None, None, "unknown", UNRESOLVED, "previous statement", shift=shift)
        if self.words[place] in ("через", "за", "спустя"):
            counted = self._counted(place + 1)
            if counted is not None and self.words[place] != "за":
                return Span(place, counted[0], None, None, "unknown", UNRESOLVED, "previous statement")
            if (
                counted is not None
                and counted[0] < len(self.words)
                and self.words[counted[0]] in ("до", "потому", "перед")
            ):
                return Span(place, counted[0] + 1, None, None, "unknown", UNRESOLVED, "previous statement")
        counted = self._counted(place)
        if counted is not None and counted[0] < len(self.words) and self.words[counted[0]] in _LATER:
            return Span(place, counted[0] + 1, None, None, "unknown", UNRESOLVED, "previous statement")
        return None

    def _counted(self, place: int) -> tuple[int, float | None, str] | None:
        """ "кілька годин", "два дні", "тиждень" at `place`: where it ends, how many (`None`: not told), which unit."""
        if place >= len(self.words):
            return None
        count: float | None = 1
        core = core_at(self.doc.tokens, place, self.language)
        at = place
        if core is not None:
            count = None if isinstance(core.value, str) else float(core.value)
            at = core.last
        unit = self._is("unit", at)
        if unit is None or (core is None and self.words[place] not in _BARE_UNITS):
            return None
        return unit[0], count, unit[1]

    def _ago(self, place: int) -> Span | None:
        counted = self._counted(place)
        if counted is None:
            return None
        ago = self._is("ago", counted[0])
        if ago is None:
            return None
        last, count, unit = ago[0], counted[1], counted[2]
        if self.published is None or count is None:
            return Span(place, last, None, None, "unknown", UNRESOLVED, "publication")
        published = self.published
        if unit in ("hour", "minute"):
            return Span(place, last, None, None, "unknown", UNRESOLVED, "hour of publication")
        if unit == "day":
            day = published - timedelta(days=round(count))
            return Span(place, last, day, day, "day", PUBLISHED)
        if unit == "week":
            day = published - timedelta(days=round(7 * count))
            return Span(place, last, day - 3 * DAY, day + 3 * DAY, "week", PUBLISHED)
        return self._period(place, last, unit, -round(count))

    def _period(self, first: int, last: int, unit: str, steps: int) -> Span | None:
        """The week, month or year `steps` from the one of publication."""
        precision: Precision = "week" if unit == "week" else "month" if unit == "month" else "year"
        if self.published is None:
            return Span(first, last, None, None, precision, UNRESOLVED, "publication")
        day = self.published
        if unit == "week":
            monday = day - timedelta(days=day.weekday()) + timedelta(days=7 * steps)
            return Span(first, last, monday, monday + 6 * DAY, "week", PUBLISHED)
        if unit == "month":
            index = day.year * 12 + day.month - 1 + steps
            return self._whole_month(first, last, index // 12, index % 12 + 1, PUBLISHED)
        year = day.year + steps
        return Span(first, last, date(year, 1, 1), date(year, 12, 31), "year", PUBLISHED) if 0 < year < 9999 else None

    def _relative_period(self, place: int) -> Span | None:
        """ "минулого тижня", "на прошлой неделе", "цього року", "торік", "минулої середи", "минулого березня"."""
        yearly = self._is("past_year", place)
        if yearly is not None:
            return self._period(place, yearly[0], "year", -1)
        for class_, step in (("last", -1), ("this", 0), ("next", 1)):
            found = self._is(class_, place)
            if found is None:
                continue
            unit = self._is("unit", found[0])
            if unit is not None and unit[1] in ("week", "month", "year"):
                return self._period(place, unit[0], unit[1], step)
            weekday = self._is("weekday", found[0])
            if weekday is not None:
                return self._weekday_step(place, weekday, step)
            month = self._is("month", found[0])
            if month is not None and step <= 0:
                span = self._month(found[0])
                return replace(span, first=place) if span else None
        return None

    def _weekday_step(self, first: int, weekday: tuple[int, str], step: int) -> Span:
        if self.published is None:
            return Span(first, weekday[0], None, None, "day", UNRESOLVED, "publication")
        back = (self.published.weekday() - int(weekday[1])) % 7
        if step == 1:
            day = self.published + timedelta(days=7 - back)
        else:
            day = self.published - timedelta(days=(back or 7) if step else back)
        return self._with_parts(Span(first, weekday[0], day, day, "day", PUBLISHED))

    def _night(self, place: int) -> Span | None:
        found = self._is("night", place)
        if found is None:
            return None
        inner = self._day_of(found[0])
        if inner is not None:
            return replace(inner, first=place, precision="part_of_day")
        if self.published is None:
            return Span(place, found[0], None, None, "part_of_day", UNRESOLVED, "publication")
        return Span(place, found[0], self.published - DAY, self.published, "part_of_day", PUBLISHED)

    def _deictic(self, place: int) -> Span | None:
        found = self._is("day", place)
        if found is None:
            return None
        if self.published is None:
            return Span(place, found[0], None, None, "day", UNRESOLVED, "publication")
        day = self.published + timedelta(days=int(found[1]))
        after = self._day_of(found[0] + 1) if self.words[found[0] : found[0] + 1] == (",",) else None
        if after is not None:
            return replace(after, first=place)
        return self._with_parts(Span(place, found[0], day, day, "day", PUBLISHED))

    def _weekday(self, place: int) -> Span | None:
        before = self.words[place - 1] if place else ""
        if before not in _WEEKDAY_AFTER and place != self._start(place):
            return None
        return self._weekday_word(place)

    def _weekday_word(self, place: int) -> Span | None:
        found = self._is("weekday", place)
        if found is None:
            return None
        last = found[0]
        if last < len(self.words) and self.words[last] == ",":  # "у середу, 5 березня"
            dated = self._day_of(last + 1)
            if dated is not None:
                return replace(dated, first=place)
        if self.published is None:
            return self._with_parts(Span(place, last, None, None, "day", UNRESOLVED, "publication"))
        back = (self.published.weekday() - int(found[1])) % 7
        if self._future(place, last) or self._is_limit(place):
            day, basis = self.published + timedelta(days=(7 - back) % 7 or 7), "weekday after publication"
        else:
            day, basis = self.published - timedelta(days=back), _WEEKDAY
        return self._with_parts(Span(place, last, day, day, "day", basis))

    def _through(self, place: int) -> Span | None:
        """A part of a day alone hangs on the day that is spoken of."""
        part = self._is("part", place)
        if part is None:
            return None
        at = part[0]
        if at < len(self.words):
            deictic = self._is("day", at)
            if deictic is not None:
                inner = self._deictic(at)
                return replace(inner, first=place, precision="part_of_day") if inner else None
        return Span(place, part[0], None, None, "part_of_day", UNRESOLVED, "day of the statement")

    def _season(self, place: int) -> Span | None:
        found = self._is("season", place)
        if found is None:
            return None
        year = self._year_at(found[0])
        if year is None and not self.words[place].endswith(("ку", "ні", "ой", "ом", "ью", "сени")):
            return None
        return Span(place, year[1] if year else found[0], None, None, "season", UNRESOLVED, "hemisphere")

    def _clock(self, place: int) -> Span | None:
        clock = self._clock_at(place)
        if clock is None:
            return None
        inner_at = clock[0]
        if inner_at < len(self.words) and self.words[inner_at] in ("у", "в", "во", ","):
            inner_at += 1
        inner = self._day_of(inner_at) or self._weekday_word(inner_at) if inner_at < len(self.words) else None
        if inner is not None and inner.clock is None:
            return replace(inner, first=place, clock=clock[1])
        precision: Precision = "hour" if clock[1].endswith(":00") else "instant"
        return Span(place, clock[0], None, None, precision, UNRESOLVED, "day of the statement")


_WEEKDAY_AFTER = frozenset(
    (
        "у в во на до з із с от від к про минулої минулого ввечері увечері вранці утром вечером пізно поздно після "
        "после за і й та и ранок утро вечір вечер день ніч ночь по"
    ).split()
)
_LATER = frozenset(("потому пізніше раніше поспіль позже спустя ранее раньше").split())
_BARE_UNITS = frozenset(("годину день добу тиждень місяць рік час сутки неделю месяц год хвилину минуту").split())
