"""Numbers in a text: what a source states, with its qualifier, its bounds and its kind.

Guarantees: every numeral and number word is found once; stated value, bounds and qualifier follow from the words of
the number alone, so that `quantity_of` computes them again from a passage. A number that dates, times, measures,
names or orders something is found too, and its kind keeps it from being read as a count. What a qualifier implies
stands in lexica/qualifiers.tsv and vague_numbers.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, tokenise
from probanda.extract.text.victims import is_harmed
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.calendar_dates import Raw
from probanda.extract.values.number_kinds import NumberKind, currency_of, is_percent, kind_of
from probanda.extract.values.number_words import Core, Stated, Tokens, core_at, starters
from probanda.extract.values.tallies import is_tally
from probanda.extract.values.time_patterns import numeric_kinds, scan
from probanda.records.quantity import Bound, Qualifier

Value = tuple[Stated, Bound, Bound, Qualifier]

_ADDITIONAL = frozenset({"another", "further", "additional", "a", "the", "other"})
_CHANGE = word_set(
    "rose rise rises risen rising climbed climbing increased increase grew grown growing jumped raised "
    "raising up down fell dropped revised lowered went gone soared doubled updated"
)
_SCORED = word_set("beat defeat lost margin score vote voted votes voting win wins won")


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens [first, last) are qualifier, number and scale; [core_first, core_last) number and scale alone."""

    first: int
    last: int
    core_first: int
    core_last: int
    stated: Stated
    minimum: Bound
    maximum: Bound
    qualifier: Qualifier
    percent: bool
    ordinal: bool
    currency: str | None
    kind: NumberKind


def find_numbers(doc: Document, scanned: Sequence[Raw] | None = None) -> tuple[Number, ...]:
    """The numbers of `doc` in order, none overlapping. `scanned` is `time_patterns.scan(doc)`, where it is at hand."""
    tokens = doc.tokens
    dated = numeric_kinds(scan(doc) if scanned is None else scanned)
    found: list[Number] = []
    place = floor = 0
    begin = starters()
    while place < len(tokens):
        token = tokens[place]
        if token.kind != "number" and token.lower not in begin and not (token.kind == "word" and "-" in token.text):
            place += 1
            continue
        core = core_at(tokens, place)
        if core is None or _is_pronoun(tokens, core):
            if token.lower == "no" and is_harmed(doc, place + 1):
                found.append(_none_of(place))
            place += 1
            continue
        number = _number(doc, core, floor, dated)
        found.append(number)
        place = floor = number.last
    return tuple(found)


@lru_cache(maxsize=4096)  # the gate asks for the same words again and again
def quantity_of(text: str) -> Value | None:
    """Stated value, minimum, maximum and qualifier of the one number in `text`; `None` where there is none, or
    two."""
    tokens = tokenise(text)
    values: list[Value] = []
    place = floor = 0
    while place < len(tokens):
        core = core_at(tokens, place)
        if core is None and place == 0 and tokens[0].lower == "no" and _phrase_at(tokens, 0) is None:
            values.append((0, 0, 0, "stated"))
        if core is None or core.form in ("ordinal", "fraction"):
            place += 1
            continue
        _, last, value = _read(tokens, core, floor)
        values.append(value)
        place = floor = max(last, place + 1)
    return values[0] if len(values) == 1 else None


def _none_of(place: int) -> Number:
    return Number(place, place + 1, place, place + 1, 0, 0, 0, "stated", False, False, None, "count")


def _is_pronoun(tokens: Tokens, core: Core) -> bool:
    """ "one" that counts nothing: "this one", "one another", "one's", "the one", "one can"."""
    if core.last - core.first != 1 or tokens[core.first].lower != "one":
        return False
    before = tokens[core.first - 1].lower if core.first else ""
    after = tokens[core.last].lower if core.last < len(tokens) else ""
    return before in (
        "this",
        "that",
        "the",
        "each",
        "every",
        "another",
        "which",
        "any",
        "no",
        "new",
        "everyone",
    ) or after in (
        "another",
        "'s",
        "day",
        "must",
        "should",
        "can",
        "cannot",
        "by",
    )


def _number(doc: Document, core: Core, floor: int, dated: dict[int, NumberKind]) -> Number:
    currency = currency_of(doc, core)
    kind = kind_of(doc, core, dated, currency)
    if kind in ("date", "year", "time", "ordinal"):
        value: Value = (core.value, core.minimum, core.maximum, "stated")
        first, last = core.first, core.last
    else:
        first, last, value = _read(doc.tokens, core, floor, paid=kind == "money")
    core_last = last if value[3] == "between" else core.last
    ordinal, percent = core.form == "ordinal", is_percent(doc, core)
    return Number(first, last, core.first, core_last, *value, percent, ordinal, currency, kind)


def _read(tokens: Tokens, core: Core, floor: int, *, paid: bool = False) -> tuple[int, int, Value]:
    """Token range of qualifier and number, not before `floor`, and the value."""
    high = _second(tokens, core)
    if high is not None:
        first, _ = _before(tokens, core.first, floor, only=("between",))
        low_value = core.value
        if (
            core.scale == 1
            and high.scale > 1
            and isinstance(low_value, (int, float))
            and isinstance(high.value, (int, float))
        ):
            scaled = low_value * high.scale
            low_value = scaled if scaled < high.value else low_value
        low = round(low_value) if isinstance(low_value, float) and low_value.is_integer() else low_value
        return first, high.last, ("unknown", low, high.value, "between")
    start = (
        core.first - 1 if paid and core.first and tokens[core.first - 1].end == tokens[core.first].start else core.first
    )
    first, qualifier = _before(tokens, start, floor)
    last, after = _after(tokens, core.last)
    if qualifier is None or (after is not None and qualifier == "about"):
        qualifier = after or qualifier
    if core.form == "vague" or core.value == "unknown":
        return first, last, (core.value, core.minimum, core.maximum, core.qualifier or "stated")
    if qualifier is None:
        qualifier = core.qualifier or "stated"
        return first, last, (core.value, core.minimum, core.maximum, qualifier)
    minimum, maximum = bounds(core.value, qualifier)
    return first, last, (core.value, minimum, maximum, qualifier)


def bounds(value: int | float, qualifier: Qualifier) -> tuple[Bound, Bound]:
    """What `qualifier` says of the least and the greatest number; counts are whole, so "more than 2" begins at 3."""
    step = 1 if isinstance(value, int) else 0
    table_: dict[str, tuple[Bound, Bound]] = {
        "more_than": (value + step, None),
        "at_least": (value, None),
        "nearly": ("unknown", value - step),
        "about": ("unknown", "unknown"),
        "up_to": ("unknown", value),
        "fewer_than": (0, max(value - step, 0)),
    }
    return table_.get(qualifier, (value, value))


@cache
def _qualifiers(side: str) -> dict[str, tuple[tuple[tuple[str, ...], Qualifier, frozenset[str]], ...]]:
    """Phrases by the word that stands next to the number, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Qualifier, frozenset[str]]]] = {}
    for row in table("qualifiers.tsv"):
        if row["side"] == side:
            words = tuple(row["phrase"].split())
            qualifier: Qualifier = row["qualifier"]  # type: ignore[assignment]
            key = words[-1] if side == "before" else words[0]
            found.setdefault(key, []).append((words, qualifier, frozenset(row["blocked_by"].split())))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in found.items()}


def _before(tokens: Tokens, start: int, floor: int, only: tuple[str, ...] = ()) -> tuple[int, Qualifier | None]:
    """Where the qualifiers before `start` begin, and what they say; the outermost that is not "about" counts."""
    first, qualifier, place = start, None, start
    while place > floor:
        skipped = place
        while skipped > floor and tokens[skipped - 1].lower in _ADDITIONAL and place - skipped < 2:
            skipped -= 1
        step = _phrase_before(tokens, place, floor) or (
            _phrase_before(tokens, skipped, floor) if skipped < place else None
        )
        if step is None or (only and step[1] not in only) or (not only and step[1] == "between"):
            break
        place, found = step
        if qualifier is None or found != "about":
            qualifier = found
        first = place
    return first, qualifier


def qualified_start(doc: Document, place: int) -> int:
    """Where the words that qualify a number at token `place` begin: "UP TO 50,000"; `place` where none do."""
    if core_at(doc.tokens, place) is None:
        return place
    return _before(doc.tokens, place, doc.sentences[doc.sentence_of(place)].first)[0]


def _phrase_before(tokens: Tokens, end: int, floor: int) -> tuple[int, Qualifier] | None:
    if end <= floor:
        return None
    for words, qualifier, blocked in _qualifiers("before").get(tokens[end - 1].lower, ()):
        first = end - len(words)
        if first < floor or any(tokens[first + at].lower != word for at, word in enumerate(words)):
            continue
        if first and tokens[first - 1].lower in blocked:
            continue
        return first, qualifier
    return None


def _phrase_at(tokens: Tokens, place: int) -> int | None:
    """Where a qualifier that begins at `place` ends, `None` where none begins there."""
    for last in range(place + 1, min(place + 6, len(tokens)) + 1):
        found = _phrase_before(tokens, last, place)
        if found is not None and found[0] == place:
            return last
    return None


def _after(tokens: Tokens, last: int) -> tuple[int, Qualifier | None]:
    if last >= len(tokens):
        return last, None
    for words, qualifier, _ in _qualifiers("after").get(tokens[last].lower, ()):
        end = last + len(words)
        if end > len(tokens) or any(tokens[last + at].lower != word for at, word in enumerate(words)):
            continue
        if words == ("plus",) and end < len(tokens) and core_at(tokens, end) is not None:
            continue  # "12 plus 3"
        return end, qualifier
    return last, None


def _second(tokens: Tokens, core: Core) -> Core | None:
    """The upper end of a range that begins with `core`: "30 to 40", "30-40", "between 30 and 40", "two or three"."""
    if core.form not in ("cardinal", "zero") or core.last + 1 >= len(tokens):
        return None
    link = tokens[core.last]
    before = _phrase_before(tokens, core.first, 0)
    between = before is not None and before[1] == "between"
    if link.text in "-–—‑":
        if link.start != tokens[core.last - 1].end and link.text == "-":
            return None
    elif link.lower in ("to", "or"):
        if link.lower == "to" and not between and _is_change(tokens, core):
            return None
        ahead = core_at(tokens, core.last + 1)
        if ahead is not None and not between and is_tally(tokens, core.first, core.last, ahead.last):
            return None  # "by 214 to 97": a vote
    elif not (link.lower == "and" and between):
        return None
    high = core_at(tokens, core.last + 1)
    if high is None or high.form != "cardinal" or isinstance(core.value, str) or isinstance(high.value, str):
        return None
    if link.lower == "or" and (high.value > core.value * 3 + 1 or high.digits != core.digits):
        return None
    if not between and any(token.lower in _SCORED for token in tokens[max(core.first - 3, 0) : core.first]):
        return None
    scaled = core.value * high.scale if core.scale == 1 and core.digits == high.digits else core.value
    return high if core.value < high.value and (scaled < high.value or core.scale == 1) else None


def _is_change(tokens: Tokens, core: Core) -> bool:
    """ "rose from 30 to 40" tells two numbers, not a range."""
    before = [token.lower for token in tokens[max(core.first - 6, 0) : core.first]]
    return (bool(before) and before[-1] == "from") or any(word in _CHANGE for word in before[-3:])
