"""Number words and numerals of Ukrainian and Russian: the number itself, without what qualifies it.

Guarantees: digits with their groups and scales ("2 000", "1,5 млн", "12-ти") and words in every case and gender
("двадцяти трьох", "двоє-троє", "півтори тисячі", "десятки тисяч") have one value each, or the least that a plural
noun of number says. A comma parts decimals; three digits after a full stop or a space are thousands. Words:
lexica/{uk,ru}_numbers.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.slavic.words import fold
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Token
from probanda.extract.values.number_words import is_sane
from probanda.records.quantity import Bound, Qualifier

Stated = int | float | Literal["unknown"]

_GROUPED = re.compile(r"\d{1,3}(?:[\u00a0\u202f\u2009.]\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d+")
_CASE = re.compile(r"(?:ти|ма|мя|ми|х|ох|ьох|рьох|еро|ро|єх|ех|и|ох|ть|є|е(?=$))")


@dataclass(frozen=True, slots=True)
class Core:
    first: int
    last: int
    value: Stated
    minimum: Bound
    maximum: Bound
    qualifier: Qualifier | None  # of a vague number
    digits: bool
    scale: int


@cache
def number_words(language: str) -> dict[str, tuple[str, float]]:
    return {
        fold(form): (row["class"], float(row["value"]))
        for row in table(f"{language}_numbers.tsv")
        for form in row["forms"].split()
    }


_VAGUE_SCALES: dict[int, tuple[int, Qualifier]] = {
    10: (20, "dozens"), 12: (24, "dozens"), 100: (200, "hundreds"), 1000: (2000, "thousands"),
    1_000_000: (2_000_000, "millions"), 1_000_000_000: (2_000_000_000, "millions"),
}  # fmt: skip
_PLURALS = frozenset(
    (
        "десятки десятків десятків десятками десятках десяткам десятков дюжини дюжины сотні сотень сотнями сотнях "
        "сотням сотни сотен тисячі тисяч тисячами тисячах тисячам тысячи тысяч тысячами тысячах тысячам мільйони "
        "мільйонів мільйонами миллионы миллионов миллионами"
    ).split()
)
_SINGULAR = frozenset("тисячі сотні тысячи сотни дюжины дюжини".split())  # also the genitive of one
_OF_ONE = frozenset(
    "близько біля більше більш менше менш до від коло около порядка более больше свыше менее меньше от".split()
)
_TENS_OF: dict[tuple[int, int], tuple[int, Qualifier]] = {
    (10, 1000): (20_000, "tens_of_thousands"), (100, 1000): (200_000, "hundreds_of_thousands"),
    (10, 1_000_000): (20_000_000, "millions"), (100, 1_000_000): (200_000_000, "millions"),
}  # fmt: skip


def whole(value: float) -> int | float:
    """`value` as a whole number where it is one."""
    return round(value) if abs(value - round(value)) < 1e-9 else value


def core_at(tokens: Sequence[Token], place: int, language: str) -> Core | None:
    """The number that begins at token `place`, without its qualifiers; `None` where none begins, or one beyond what any
    source counts."""
    found = _core_at(tokens, place, language)
    return found if found is None or is_sane(found.value, found.minimum, found.maximum) else None


def _core_at(tokens: Sequence[Token], place: int, language: str) -> Core | None:
    token = tokens[place]
    if token.kind == "number":
        return _digits(tokens, place, language)
    if token.kind != "word":
        return None
    held = number_words(language).get(fold(token.text))
    if held is None:
        return _hyphened(tokens, place, language)
    return _spelled(tokens, place, language)


def _hyphened(tokens: Sequence[Token], place: int, language: str) -> Core | None:
    """ "два-три", "двоє-троє": one token, a range."""
    left, dash, right = fold(tokens[place].text).partition("-")
    low, high = number_words(language).get(left), number_words(language).get(right)
    if not dash or low is None or high is None or low[0] not in ("unit", "ten") or high[0] not in ("unit", "ten"):
        return None
    scale, last = _scale(tokens, place + 1, language)
    if low[1] >= high[1]:
        return None
    return Core(place, last, "unknown", whole(low[1] * scale), whole(high[1] * scale), "between", False, scale)


def _value_of(text: str) -> int | float | None:
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if _DECIMAL.fullmatch(text):
        return whole(float(text.replace(",", ".")))
    digits = re.sub(r"[\u00a0\u202f\u2009]", "", text)
    return int(digits) if digits.isdigit() and len(digits) < 16 else None


def _digits(tokens: Sequence[Token], place: int, language: str) -> Core | None:
    text, last = tokens[place].text, place + 1
    value = _value_of(text)
    if value is None:
        return None
    if text.isdigit() and len(text) <= 3:
        while (last < len(tokens) and tokens[last].kind == "number" and len(tokens[last].text) == 3
               and tokens[last].text.isdigit() and tokens[last].start - tokens[last - 1].end == 1):  # fmt: skip
            value = value * 1000 + int(tokens[last].text)
            last += 1
            if not is_sane(value):
                return None
    if last + 1 < len(tokens) and tokens[last].text in "-‑" and tokens[last].start == tokens[last - 1].end:
        word = tokens[last + 1]
        if word.start == tokens[last].end and word.kind == "word" and _CASE.fullmatch(fold(word.text)):
            last += 2  # "12-ти", "40-ка"
    scale, last = _scale(tokens, last, language)
    value = whole(value * scale)
    return Core(place, last, value, value, value, None, True, scale)


def _scale(tokens: Sequence[Token], place: int, language: str) -> tuple[int, int]:
    """What multiplies the number before `place`, and where it ends: "тис.", "мільйона", "сотні"."""
    total = 1
    while place < len(tokens):
        held = number_words(language).get(fold(tokens[place].text))
        if held is None or held[0] != "scale" or (total > 1 and held[1] < 1000) or not is_sane(total):
            break
        total *= int(held[1])
        place += 1
        if place < len(tokens) and tokens[place].text == "." and fold(tokens[place - 1].text) in _SHORT:
            place += 1
    return total, place


_SHORT = frozenset(["тис", "тыс", "млн", "млрд"])


def _spelled(tokens: Sequence[Token], place: int, language: str) -> Core | None:
    words = number_words(language)
    kind, value = words[fold(tokens[place].text)]
    first = place
    if kind in ("several", "many", "vague", "none"):
        return _several(tokens, place, language, kind, value)
    if kind == "scale":
        return _bare_scale(tokens, place, language, int(value))
    if kind == "whole":
        return Core(first, place + 1, whole(value), whole(value), whole(value), None, False, 1)
    if kind in ("half", "part"):
        scale, last = _scale(tokens, place + 1, language)
        if scale == 1 and kind == "part":
            return None
        total = whole(value * scale)
        return Core(first, last, total, total, total, None, False, scale)
    total, group, limit, last_scale = 0.0, 0.0, 1000.0, 1
    begun = place
    while place < len(tokens):
        held = words.get(fold(tokens[place].text)) if tokens[place].kind == "word" else None
        if held is None:
            break
        kind, value = held
        size = {"unit": 10.0 if value < 10 else 20.0, "ten": 100.0, "hundred": 1000.0}.get(kind)
        if kind == "scale" and place > begun:
            scale, end = _scale(tokens, place, language)
            total += (group or 1) * scale
            group, limit, last_scale, place = 0.0, 1000.0, scale, end
            if scale < 1000:
                break
            continue
        if size is None or value >= limit or (value == 0 and place > begun):
            break
        group += value
        limit = {"unit": 0.5, "ten": 10.0, "hundred": 100.0}[kind]
        place += 1
    total += group
    if place == begun:
        return None
    found = whole(total)
    return Core(first, place, found, found, found, None, False, last_scale)


def _several(tokens: Sequence[Token], place: int, language: str, kind: str, value: float) -> Core | None:
    if kind == "none":
        return None  # "жодного": read where something harmed is counted
    scale, last = _scale(tokens, place + 1, language)
    if scale > 1:
        return _vague(place, last, scale)
    return Core(place, last, "unknown", int(value), "unknown", "several", False, 1)


def _vague(first: int, last: int, scale: int) -> Core:
    held = next(((low, name) for (one, two), (low, name) in _TENS_OF.items() if one * two == scale), None)
    minimum, name = held or _VAGUE_SCALES.get(scale, (2 * scale, "several"))
    return Core(first, last, "unknown", minimum, "unknown", name, False, scale)


def _bare_scale(tokens: Sequence[Token], place: int, language: str, value: int) -> Core | None:
    """ "сотні людей" (at least two hundreds), "тисяча" (one thousand), "десятки тисяч"."""
    word = fold(tokens[place].text)
    if word in _SHORT:
        return None
    if word in _PLURALS and not (word in _SINGULAR and place and fold(tokens[place - 1].text) in _OF_ONE):
        after = number_words(language).get(fold(tokens[place + 1].text)) if place + 1 < len(tokens) else None
        if after is not None and after[0] == "scale" and value < 1000 <= after[1]:
            return _vague(place, place + 2, int(value * after[1]))
        return _vague(place, place + 1, value)
    scale, last = _scale(tokens, place, language)
    return Core(place, last, scale, scale, scale, None, False, scale)
