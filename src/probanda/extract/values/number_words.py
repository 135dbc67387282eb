"""The number itself: numerals and number words to a value.

Guarantees: a value follows from the tokens alone, whatever stands around them. Refuses what it cannot read for
certain ("12,13") rather than guess. Words and scales: lexica/number_words.tsv, lexica/vague_numbers.tsv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Token
from probanda.extract.text.word_sets import word_set
from probanda.records.quantity import Bound, Qualifier

Tokens = tuple[Token, ...]
Stated = int | float | Literal["unknown"]

_GROUPED = re.compile(r"\d{1,3}([,\u00a0\u202f\u2009]\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_METRES_AFTER = word_set("above away below deep from high long off tall wide")
_SCORES_BEFORE = word_set("of more were are have had killed injured dead wounded feared missing")


@dataclass(frozen=True, slots=True)
class Core:
    """Tokens [first, last) say `value`. `scale` is the last scale word in it ("million": 1000000), 1 without."""

    first: int
    last: int
    value: Stated
    minimum: Bound
    maximum: Bound
    qualifier: Qualifier | None  # set where the words of the number qualify it themselves ("dozens")
    scale: int
    digits: bool
    form: Literal["cardinal", "ordinal", "fraction", "vague", "zero"]


@cache
def _words() -> dict[str, tuple[str, int]]:
    return {row["word"]: (row["class"], int(row["value"])) for row in table("number_words.tsv")}


@cache
def _vague() -> dict[str, tuple[tuple[tuple[str, ...], dict[str, str]], ...]]:
    """Vague phrases by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], dict[str, str]]]] = {}
    for row in table("vague_numbers.tsv"):
        words = tuple(row["phrase"].split())
        found.setdefault(words[0], []).append((words, row))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in found.items()}


@cache
def starters() -> frozenset[str]:
    """The lower-case words with which a number can begin."""
    plain = {word for word, (kind, _) in _words().items() if kind not in ("attached",)}
    return frozenset(plain | _vague().keys() | {"a", "an", "half"})


def core_at(tokens: Tokens, place: int) -> Core | None:
    """The number that begins at token `place`, `None` where none does, or one beyond what any source counts."""
    found = _core_at(tokens, place)
    return found if found is None or is_sane(found.value, found.minimum, found.maximum) else None


def is_sane(*values: object) -> bool:
    """Whether no number is larger than JSON carries exactly (2^53 - 1)."""
    return all(not isinstance(value, int | float) or abs(value) < 2**53 for value in values)


def _core_at(tokens: Tokens, place: int) -> Core | None:
    token = tokens[place]
    if token.kind == "number":
        return _digits(tokens, place)
    if token.kind != "word":
        return None
    lower = token.lower
    if lower in starters() or "-" in lower:
        return _vague_at(tokens, place) or _spelled(tokens, place)
    return None


def numeral(text: str) -> int | float | None:
    """The value of a numeral as written with digits, `None` where its layout is not certain."""
    if _GROUPED.fullmatch(text):
        text = re.sub("[,\u00a0\u202f\u2009]", "", text)
    elif not _PLAIN.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def _digits(tokens: Tokens, place: int) -> Core | None:
    value = numeral(tokens[place].text)
    if value is None:
        return None
    last = place + 1
    if last < len(tokens) and _is_spaced_group(tokens, place):
        while last < len(tokens) and _is_spaced_group(tokens, last - 1):
            value = int(value) * 1000 + int(tokens[last].text)
            last += 1
            if not is_sane(value):
                return None
    if (
        last < len(tokens)
        and tokens[last].start == tokens[last - 1].end
        and tokens[last].lower in ("st", "nd", "rd", "th")
    ):
        return Core(place, last + 1, value, value, value, None, 1, True, "ordinal")
    scale = 1
    while last < len(tokens):
        step = _scale(tokens, last)
        if step is None or not is_sane(scale):
            break
        scale *= step
        last += 1
    value = _whole(value * scale)
    return Core(place, last, value, value, value, None, scale, True, "zero" if value == 0 else "cardinal")


def _is_spaced_group(tokens: Tokens, place: int) -> bool:
    """Whether the next token goes on with this one: "4 500", written with one space as in many UN documents."""
    if place + 1 >= len(tokens):
        return False
    this, following = tokens[place], tokens[place + 1]
    return (
        this.kind == following.kind == "number"
        and len(following.text) == 3
        and following.text.isdigit()
        and this.text.isdigit()
        and len(this.text) <= 3
        and this.text[0] != "0"
        and following.start - this.end == 1
    )


def _scale(tokens: Tokens, place: int) -> int | None:
    """The factor of a scale word after a numeral ("million", "bn", "dozen"), `None` where the token is none."""
    kind, value = _words().get(tokens[place].lower, ("", 0))
    if kind == "attached":
        if tokens[place].start != tokens[place - 1].end:
            return None
        after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
        return None if after in _METRES_AFTER else value
    if tokens[place].start > tokens[place - 1].end + 1:
        return None
    return value if kind in ("hundred", "scale", "dozen") else None


def _vague_at(tokens: Tokens, place: int) -> Core | None:
    for words, row in _vague().get(tokens[place].lower, ()):
        last = place + len(words)
        if last > len(tokens) or any(tokens[place + at].lower != word for at, word in enumerate(words)):
            continue
        before = tokens[place - 1].lower if place else ""
        after = tokens[last].lower if last < len(tokens) else ""
        if words == ("many",) and before in ("how", "so", "too", "as", "that", "not"):
            continue
        if words == ("scores",) and after.isalpha() and after not in _SCORES_BEFORE:
            continue
        if words in (("a", "few"), ("a", "number", "of"), ("a", "couple")) and before in ("quite", "such", "only"):
            continue
        if words[-1] in ("few", "several") and after in ("dozen", "hundred", "thousand", "million"):
            continue
        stated: Stated = "unknown" if row["stated"] == "unknown" else int(row["stated"])
        zero = stated == 0
        qualifier: Qualifier = row["qualifier"]  # type: ignore[assignment]
        return Core(
            place, last, stated, int(row["minimum"]), "unknown" if row["maximum"] == "unknown" else int(row["maximum"]),
            None if zero else qualifier, 1, False, "zero" if zero else "vague",
        )  # fmt: skip
    return None


def _spelled(tokens: Tokens, place: int) -> Core | None:
    """Number words: "one hundred and forty-one", "half a million", "a dozen", "two and a half million"."""
    words = _words()
    lower = tokens[place].lower
    kind, value = words.get(lower, ("", 0))
    if kind == "zero":
        return Core(place, place + 1, 0, 0, 0, None, 1, False, "zero")
    if kind == "ordinal":
        return Core(place, place + 1, value, value, value, None, 1, False, "ordinal")
    if lower in ("half", "quarter"):
        return _half_of(tokens, place) or _fraction(place)
    if kind == "fraction":
        return _fraction(place)
    if lower in ("a", "an"):
        if _lower(tokens, place + 1) == "quarter":
            return _half_of(tokens, place + 1, first=place)
        scale = words.get(_lower(tokens, place + 1), ("", 0))
        if scale[0] not in ("hundred", "scale", "dozen"):
            return None
        return _sum(tokens, place + 1, first=place, current=1)
    if "-" in lower:
        return _hyphenated(tokens, place)
    if kind in ("unit", "ten", "hundred", "dozen", "scale"):
        return _sum(tokens, place, first=place, current=0)
    return None


def _lower(tokens: Tokens, place: int) -> str:
    return tokens[place].lower if place < len(tokens) else ""


def _fraction(place: int) -> Core:
    return Core(place, place + 1, "unknown", "unknown", "unknown", None, 1, False, "fraction")


def _half_of(tokens: Tokens, place: int, first: int | None = None) -> Core | None:
    """ "half a million", "half a dozen", "a quarter of a million"."""
    part = 4 if tokens[place].lower == "quarter" else 2
    at = place + 1
    if _lower(tokens, at) == "of":
        at += 1
    if _lower(tokens, at) != "a":
        return None
    kind, value = _words().get(_lower(tokens, at + 1), ("", 0))
    if kind not in ("scale", "dozen", "hundred") or value % part:
        return None
    whole = value // part
    return Core(place if first is None else first, at + 2, whole, whole, whole, None, value, False, "cardinal")


def _hyphenated(tokens: Tokens, place: int) -> Core | None:
    """ "thirty-seven", "thirty-seventh", "half-million", "two-dozen"; `None` for "three-day"."""
    parts = tokens[place].lower.split("-")
    known = [_words().get(part, ("", 0)) for part in parts]
    kinds = [kind for kind, _ in known]
    if kinds == ["ten", "unit"]:
        return _sum(tokens, place, first=place, current=0)
    if kinds == ["ten", "ordinal"]:
        value = known[0][1] + known[1][1]
        return Core(place, place + 1, value, value, value, None, 1, False, "ordinal")
    if kinds == ["fraction", "scale"] and parts[0] == "half":
        value = known[1][1] // 2
        return Core(place, place + 1, value, value, value, None, known[1][1], False, "cardinal")
    if len(parts) == 2 and kinds[0] in ("unit", "ten") and kinds[1] in ("dozen", "hundred", "scale"):
        value = known[0][1] * known[1][1]
        return Core(place, place + 1, value, value, value, None, known[1][1], False, "cardinal")
    return None


def _sum(tokens: Tokens, place: int, first: int, current: int) -> Core | None:
    """Adds units and tens, multiplies by scales; `current` is 1 after "a" ("a hundred and two")."""
    total, scale, half, at = 0, 1, False, place
    opened = current == 1  # a unit may not follow "a"
    smallest = 10**15  # each further scale must be smaller than the one before
    last_unit = 1000  # size of what was added last: a ten takes a unit, a unit takes nothing
    while at < len(tokens):
        token = tokens[at]
        kind, value = _part(token)
        if kind in ("unit", "ten", "both") and not opened:
            if (kind == "unit" and last_unit < 10) or (kind != "unit" and last_unit < 100):
                break
            current += value
            last_unit = 1 if kind in ("unit", "both") else 10
        elif (kind == "hundred" and 0 < current < 100) or (kind == "hundred" and at == first):
            current = max(current, 1) * 100
            scale, last_unit = 100, 100
        elif kind == "dozen" and (current or at == first):
            current = max(current, 1) * 12
            scale, at = 12, at + 1
            break
        elif kind == "scale" and (current or at == first) and value < smallest:
            total += max(current, 1) * value
            if half:
                total += value // 2
            current, scale, smallest, last_unit = 0, value, value, 1000
        elif token.lower == "and" and _and_goes_on(tokens, at, last_unit, current or total, first):
            if _lower(tokens, at + 1) == "a":
                half, at = True, at + 2
        else:
            break
        opened = False
        at += 1
    while at > place and tokens[at - 1].lower == "and":
        at -= 1
    value = total + current
    if value == 0 or at == place:
        return None
    return Core(first, at, value, value, value, None, scale, False, "cardinal")


def _part(token: Token) -> tuple[str, int]:
    if "-" in token.lower:
        left, _, right = token.lower.partition("-")
        tens, units = _words().get(left, ("", 0)), _words().get(right, ("", 0))
        return ("both", tens[1] + units[1]) if (tens[0], units[0]) == ("ten", "unit") else ("", 0)
    return _words().get(token.lower, ("", 0))


def _and_goes_on(tokens: Tokens, place: int, last_unit: int, value: int, first: int) -> bool:
    """ "a hundred AND two", "two AND a half million"; not "one hundred and two hundred", which are two numbers."""
    following = _lower(tokens, place + 1)
    if following == "a" and _lower(tokens, place + 2) == "half":
        return _words().get(_lower(tokens, place + 3), ("", 0))[0] == "scale"
    if last_unit < 100 or not value or place + 1 >= len(tokens):
        return False
    if first and tokens[first - 1].lower == "between":
        return False  # "between one hundred and two thousand" tells two numbers
    kind, _ = _part(tokens[place + 1])
    if kind not in ("unit", "ten", "both"):
        return False
    after = _words().get(_lower(tokens, place + 2), ("", 0))[0]
    return after not in ("hundred", "dozen") or last_unit >= 1000


def _whole(value: int | float) -> int | float:
    """2.3 million is 2300000 exactly: a decimal times its scale is rounded where it is whole to a millionth."""
    nearest = round(value)
    return nearest if abs(value - nearest) < 1e-9 * max(1.0, abs(value)) else value
