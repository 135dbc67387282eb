"""Numbers in Ukrainian and Russian text: core, qualifier, bounds, range and kind.

Guarantees: every numeral and number word of the lexica is found once; stated value, bounds and qualifier follow
from the words of the number alone, so that `quantity_of` computes them again from a passage. What a qualifier
implies for the bounds is the English reading's (`values.quantities.bounds`). A number that dates, times, measures,
pays, names or orders something is found too, and its kind keeps it from being read as a count. Words:
lexica/{uk,ru}_numbers.tsv, {uk,ru}_qualifiers.tsv, {uk,ru}_measures.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from probanda.extract.slavic.number_words import Core, Stated, core_at, number_words, whole
from probanda.extract.slavic.words import fold, folded, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Token, tokenise
from probanda.extract.values.quantities import Value, bounds
from probanda.records.quantity import Bound, Qualifier

Kind = Literal["count", "date", "time", "measure", "money", "percent", "ordinal", "name"]

_ORDINAL = re.compile(r"(?:й|го|му|а|я|ї|ї|у|ю|е|є|і|ій|ий|ого|ому|ої|ой|ая|ую|ое|ые|ых|їх|ім|им|ым|м)")
_DASHES = "-–—‑"


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
    kind: Kind


@cache
def _phrases(language: str, side: str) -> dict[str, tuple[tuple[tuple[str, ...], Qualifier], ...]]:
    """Qualifiers by the word next to the number, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Qualifier]]] = {}
    for row in table(f"{language}_qualifiers.tsv"):
        if row["side"] == side:
            words = tuple(fold(row["phrase"]).split())
            qualifier: Qualifier = row["qualifier"]  # type: ignore[assignment]
            found.setdefault(words[-1 if side == "before" else 0], []).append((words, qualifier))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in found.items()}


def _before(tokens: Sequence[Token], start: int, floor: int, language: str) -> tuple[int, Qualifier | None]:
    first, qualifier, place = start, None, start
    while place > floor:
        step = _phrase_before(tokens, place, floor, language)
        if step is None:
            break
        place, found = step
        if found == "up_to" and qualifier is None and _is_change(tokens, place):
            break
        if qualifier is None or found != "about":
            qualifier = found
        first = place
    return first, qualifier


def _phrase_before(tokens: Sequence[Token], end: int, floor: int, language: str) -> tuple[int, Qualifier] | None:
    if end <= floor:
        return None
    place = end
    while place - 1 > floor and fold(tokens[place - 1].text) in _MORE:
        place -= 1
    if place == end and place - 1 > floor and fold(tokens[place - 1].text) in _LED and (
        fold(tokens[place - 2].text) in _ABOUT
    ):  # fmt: skip
        place -= 1  # "приблизно у 1,3 мільйона"
    for words, qualifier in _phrases(language, "before").get(fold(tokens[place - 1].text), ()):
        first = place - len(words)
        if first >= floor and all(fold(tokens[first + at].text) == word for at, word in enumerate(words)):
            if place < end and qualifier == "up_to":
                return None
            if words[0] in _PARTICLES and first > floor and fold(tokens[first - 1].text) in ("не",):
                continue
            return first, qualifier
    return None


_MORE = frozenset(["ще", "еще", "інших", "других", "ті", "эти"])
_LED = frozenset(["у", "в", "на"])
_ABOUT = frozenset("приблизно орієнтовно щонайменше принаймні примерно приблизительно ориентировочно минимум".split())
_PARTICLES = frozenset(["менше", "більше", "менее", "более", "меньше", "больше"])
_CHANGES = tuple(
    (
        "зрос збільш скорот зменш підвищ вирос вырос возрос увелич сокра уменьш повыс снизи зниз підня подня уточн "
        "переглян"
    ).split()
)
_FROM = frozenset(["з", "із", "зі", "с", "со"])


def _is_change(tokens: Sequence[Token], place: int) -> bool:
    """ "зросла (з 10) до 12": the number that is reached, not an upper bound."""
    before = [fold(token.text) for token in tokens[max(place - 9, 0) : place]]
    return any(word.startswith(_CHANGES) for word in before)


def _after(tokens: Sequence[Token], last: int, language: str) -> tuple[int, Qualifier | None]:
    if last < len(tokens) and tokens[last].text == "+":
        return last + 1, "at_least"
    if last < len(tokens):
        for words, qualifier in _phrases(language, "after").get(fold(tokens[last].text), ()):
            end = last + len(words)
            if end <= len(tokens) and all(fold(tokens[last + at].text) == word for at, word in enumerate(words)):
                return end, qualifier
    return last, None


_RANGE_OPEN = {"від": "до", "од": "до", "от": "до", "між": ("і", "та", "й"), "поміж": ("і", "та"), "между": ("и",)}


def _second(tokens: Sequence[Token], core: Core, language: str) -> tuple[int, Core] | None:
    """First token of a range that begins with `core`, and its upper end."""
    if isinstance(core.value, str) or core.last + 1 >= len(tokens):
        return None
    link = tokens[core.last]
    opener = fold(tokens[core.first - 1].text) if core.first else ""
    first = core.first
    expected = _RANGE_OPEN.get(opener, ())
    if link.text in _DASHES:
        if link.start != tokens[core.last - 1].end or tokens[core.last + 1].start != link.end:
            return None
    elif fold(link.text) in expected:
        first = core.first - 1
    elif fold(link.text) not in ("чи", "або", "или"):
        return None
    high = core_at(tokens, core.last + 1, language)
    if high is None or isinstance(high.value, str) or high.qualifier is not None or isinstance(core.value, str):
        return None
    if fold(link.text) in ("чи", "або", "или") and high.value > core.value * 3 + 1:
        return None
    return (first, high) if core.value < high.value else None


def _read(tokens: Sequence[Token], core: Core, floor: int, language: str) -> tuple[int, int, Value]:
    if core.qualifier == "between":
        return core.first, core.last, ("unknown", core.minimum, core.maximum, "between")
    second = _second(tokens, core, language)
    if second is not None:
        first, high = second
        low = core.value
        if (
            core.scale == 1
            and high.scale > 1
            and isinstance(low, (int, float))
            and isinstance(high.value, (int, float))
        ):
            low = whole(low * high.scale) if low * high.scale < high.value else low
        return max(first, floor), high.last, ("unknown", low, high.value, "between")
    first, qualifier = _before(tokens, core.first, floor, language)
    last, after = _after(tokens, core.last, language)
    if qualifier is None or (after is not None and qualifier == "about"):
        qualifier = after or qualifier
    if isinstance(core.value, str):
        return first, last, (core.value, core.minimum, core.maximum, core.qualifier or "stated")
    if qualifier is None:
        return first, last, (core.value, core.minimum, core.maximum, core.qualifier or "stated")
    minimum, maximum = bounds(core.value, qualifier)
    return first, last, (core.value, minimum, maximum, qualifier)


def find_numbers(doc: Document, dated: frozenset[int]) -> tuple[Number, ...]:
    """The numbers of `doc` in order, none overlapping. `dated`: tokens that an expression of time covers."""
    tokens, language = doc.tokens, doc.language
    words = folded(tokens)
    found: list[Number] = []
    place = floor = 0
    while place < len(tokens):
        core = core_at(tokens, place, language)
        if core is None or _is_pronoun(words, core):
            place += 1
            continue
        sentence = doc.sentences[doc.sentence_of(place)]
        kind = _kind(doc, words, core, dated)
        if kind in ("date", "time", "ordinal", "name"):
            first, last = core.first, core.last
            value: Value = (core.value, core.minimum, core.maximum, "stated")
        else:
            first, last, value = _read(tokens, core, max(floor, sentence.first), language)
            if value[3] == "between" and _measured(words, last, language):
                kind = _measured(words, last, language) or kind
        core_last = last if value[3] == "between" else core.last
        found.append(Number(first, last, core.first, core_last, *value, kind))
        place = floor = max(last, place + 1)
    return tuple(found)


@lru_cache(maxsize=4096)
def quantity_of(text: str, language: str) -> Value | None:
    """Stated value, minimum, maximum and qualifier of the one number in `text`; `None` where there is none, or two."""
    tokens = tokenise(text)
    values: list[Value] = []
    place = floor = 0
    while place < len(tokens):
        core = core_at(tokens, place, language)
        if core is None:
            if len(tokens) <= 2 and fold(tokens[place].text) in _none_words(language):
                values.append((0, 0, 0, "stated"))
            place += 1
            continue
        _, last, value = _read(tokens, core, floor, language)
        values.append(value)
        place = floor = max(last, place + 1)
    return values[0] if len(values) == 1 else None


@cache
def _none_words(language: str) -> frozenset[str]:
    return frozenset(word for word, (kind, _) in number_words(language).items() if kind == "none")


ONE = frozenset(("один одного одному одним одна одної одній одну одною одне одни одно одной одном").split())
_WITHONE = frozenset(("одного одна одну одним одному один другого друга інший другой друг одне одно").split())


def _is_pronoun(words: Sequence[str], core: Core) -> bool:
    """ "один одного", "одна з", "один из", "ні один": no count."""
    if core.last - core.first != 1 or words[core.first] not in ONE:
        return False
    before = words[core.first - 1] if core.first else ""
    after = words[core.last] if core.last < len(words) else ""
    return before in ONE | {"жоден", "ни", "ні", "все", "всі", "лише"} - {"лише"} or after in (
        "одного", "одному", "одну", "одной", "з", "із", "из", "на"
    )  # fmt: skip


def _measured(words: Sequence[str], place: int, language: str) -> Kind | None:
    while place < len(words) and words[place] in (".", "-", "–"):
        place += 1
    if place >= len(words):
        return None
    found = terms_of(language, "measures").at(words, place, len(words))
    if found is None:
        return None
    kind: Kind = found.value["kind"]  # type: ignore[assignment]
    return kind


_NUMBERED = ("№", "#", "/")


def _kind(doc: Document, words: Sequence[str], core: Core, dated: frozenset[int]) -> Kind:
    tokens, language = doc.tokens, doc.language
    if core.first in dated:
        return "date"
    after = core.last
    measured = _measured(words, after, language)
    if measured is not None:
        return measured
    before = words[core.first - 1] if core.first else ""
    if before in ("$", "€", "£", "₴", "₽"):
        return "money"
    if core.digits and after < len(tokens) and tokens[after].text in "-‑–" and after + 1 < len(tokens):
        tight = tokens[after].start == tokens[after - 1].end and tokens[after + 1].start == tokens[after].end
        if tight and tokens[after + 1].kind == "word":
            return "ordinal" if _ORDINAL.fullmatch(words[after + 1]) else "measure"
    if core.digits and core.first:
        previous = tokens[core.first - 1]
        if previous.text in _NUMBERED or (previous.text in "-‑" and previous.end == tokens[core.first].start):
            linked = (
                core.first >= 2
                and tokens[core.first - 2].kind == "word"
                and tokens[core.first - 2].end == previous.start
            )
            if previous.text in _NUMBERED or linked:
                return "name"
        if terms_of(language, "measures", "before").keys(before):
            return "name"
        if _is_age(doc, words, core):
            return "measure"
    if core.digits and isinstance(core.value, int) and 1900 <= core.value < 2100 and len(tokens[core.first].text) == 4:
        following = tokens[after] if after < len(tokens) else None
        if following is None or following.kind != "word" or before in ("у", "в", "з", "с", "до", "від", "от"):
            return "date"
    return "count"


def _is_age(doc: Document, words: Sequence[str], core: Core) -> bool:
    """ "Олена Воротар, 34, розповіла"."""
    tokens = doc.tokens
    if core.first < 2 or words[core.first - 1] != "," or not tokens[core.first - 2].capital:
        return False
    young = isinstance(core.value, int) and 0 < core.value < 111
    return young and core.last < len(words) and words[core.last] in (",", ".", ")")
