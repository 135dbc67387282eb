"""What a number is for: counting, or dating, measuring, paying, ordering, naming.

Guarantees: only what counts things is of kind "count", so that an age, a calibre, a year, a channel's number or a sum
of money never becomes a number of victims. Units and currencies: lexica/units.tsv; nouns that take a number as their
name: lexica/enumerated_nouns.txt. When in doubt between a name and a count, the word after the number decides.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.segments import Document
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.number_words import Core, Tokens, core_at

NumberKind = Literal["count", "money", "percent", "ordinal", "year", "measure", "date", "time", "part"]

_AGE_BEFORE = frozenset({"aged", "age", "ages", "aging", "ageing"})
_YEAR_BEFORE = word_set(
    "in since by until till of during from to and early late mid after before year around or throughout"
)


@cache
def _units() -> dict[str, str]:
    return {row["word"]: row["class"] for row in table("units.tsv")}


def currency_of(doc: Document, core: Core) -> str | None:
    """ISO 4217 code of the money that the number counts, `"unknown"` where its name is shared, `None` for no
    money."""
    tokens = doc.tokens
    if core.first and tokens[core.first - 1].end == tokens[core.first].start:
        found = _units().get(tokens[core.first - 1].lower, "")
        if found.startswith("currency:"):
            return found.partition(":")[2]
    for place in (core.last, core.last + 1):
        if place >= len(tokens):
            break
        found = _units().get(tokens[place].lower, "")
        if found.startswith("currency:"):
            return found.partition(":")[2]
        if not _nationality(tokens[place].text) and tokens[place].text != "-":
            break
    return None


def _nationality(text: str) -> bool:
    """A word that may stand between a sum and its currency: "12 million Swiss francs", "5 US dollars"."""
    return text[0].isupper()


def is_percent(doc: Document, core: Core) -> bool:
    tokens = doc.tokens
    if core.last >= len(tokens):
        return False
    after = tokens[core.last].lower
    if after in ("%", "percent", "pct", "percentage"):
        return True
    return after == "per" and core.last + 1 < len(tokens) and tokens[core.last + 1].lower == "cent"


def kind_of(doc: Document, core: Core, dated: dict[int, NumberKind], currency: str | None) -> NumberKind:
    """The kind of the number `core`. `dated` gives the kind of tokens that a time expression covers."""
    tokens = doc.tokens
    if is_percent(doc, core):
        return "percent"
    if currency is not None:
        return "money"
    if _is_measure(tokens, core):
        return "measure"
    covered = dated.get(core.first)
    if covered is not None:
        return covered
    if core.form == "ordinal":
        return "ordinal"
    if core.form == "fraction":
        return "part"
    if core.digits and _is_year(doc, core):
        return "year"
    if core.digits and _is_stamp(doc, core):
        return "time"
    if _is_age(doc, core):
        return "measure"
    if _is_name_part(doc, core):
        return "part"
    return "count"


def _is_stamp(doc: Document, core: Core) -> bool:
    """The clock time at the head of an entry of a live report: "16.51 Six people were killed"."""
    hours, point, minutes = doc.tokens[core.first].text.partition(".")
    opens = doc.paragraphs[doc.paragraph_of(core.first)].first == core.first
    follows = doc.tokens[core.first + 1] if core.first + 1 < len(doc.tokens) else None
    clock = point == "." and hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(hours) < 24
    return opens and clock and int(minutes) < 60 and follows is not None and follows.kind == "word" and follows.capital


def _is_measure(tokens: Tokens, core: Core) -> bool:
    place = core.last
    if place < len(tokens) and tokens[place].text in "-‑–" and tokens[place].start == tokens[place - 1].end:
        place += 1
    if place >= len(tokens):
        return False
    if place < len(tokens) and tokens[place].lower in (
        "more",
        "further",
        "full",
        "long",
        "whole",
        "consecutive",
        "straight",
    ):
        place += 1
    if place >= len(tokens):
        return False
    found = _units().get(tokens[place].lower)
    if found is None and "-" in tokens[place].lower:  # "12-mile-long", "14-year-old"
        found = _units().get(tokens[place].lower.partition("-")[0])
    if found is None or found.startswith("currency:"):
        return False
    if len(tokens[place].lower) == 1 or tokens[place].lower in ("min", "sec", "square", "points", "point"):
        return core.digits
    return not (tokens[place].lower in ("minutes", "seconds") and core.form == "zero")


def _is_year(doc: Document, core: Core) -> bool:
    """A bare numeral of four digits from 1900 to 2099 after a preposition of time, or with nothing to count."""
    tokens = doc.tokens
    token = tokens[core.first]
    if (
        core.last - core.first != 1
        or len(token.text) != 4
        or not token.text.isdigit()
        or not "1900" <= token.text < "2100"
    ):
        return False
    before = tokens[core.first - 1].lower if core.first else ""
    after = tokens[core.last] if core.last < len(tokens) else None
    counts_next = (
        after is not None and after.kind == "word" and after.lower not in _function_words() and not after.capital
    )
    if before in _YEAR_BEFORE or before in ("(", "-", "–", "/"):
        return not (counts_next and after is not None and after.lower in _countables())
    return not counts_next


@cache
def _function_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table("function_words.tsv") if row["class"] != "number")


@cache
def _countables() -> frozenset[str]:
    return frozenset(row["word"] for row in table("victim_nouns.tsv"))


def _is_age(doc: Document, core: Core) -> bool:
    """ "aged 14", "ages 3 to 17", "under the age of 18", "Lena Voss, 34, said"."""
    tokens = doc.tokens
    place = core.first - 1
    while place >= 0 and (
        tokens[place].text in (",", "-", "–")
        or tokens[place].lower in ("and", "to", "or", "between", "of", "under", "over")
    ):
        if tokens[place].text == "," and _is_apposed_age(doc, core):
            return True
        place -= 1
        while place >= 0 and (tokens[place].kind == "number" or core_at(tokens, place) is not None):
            place -= 1
    if place >= 0 and tokens[place].lower in _AGE_BEFORE:
        return True
    before = tokens[core.first - 1].lower if core.first else ""
    after = tokens[core.last].lower if core.last < len(tokens) else "."
    young = isinstance(core.value, int) and core.value in (5, 15, 16, 18, 60, 65)
    return (
        before in ("under", "over")
        and young
        and after not in _countables()
        and core.first >= 2
        and (
            tokens[core.first - 2].lower
            in ("children", "those", "people", "persons", "anyone", "men", "women", "boys", "girls", "and", "the")
        )
    )


def _is_apposed_age(doc: Document, core: Core) -> bool:
    tokens = doc.tokens
    if not core.digits or not isinstance(core.value, int) or not 0 < core.value < 111 or core.first < 2:
        return False
    if tokens[core.first - 1].text != "," or not tokens[core.first - 2].capital or core.last >= len(tokens):
        return False
    return tokens[core.last].text in (",", ".", ";", ")") or tokens[core.last].lower in (
        "and",
        "who",
        "from",
        "told",
        "said",
    )


def _is_name_part(doc: Document, core: Core) -> bool:
    """ "G7", "Radio 4", "Article 8", "No. 12", "Group of Seven", "Unit 731", "Highway 4"."""
    tokens = doc.tokens
    token = tokens[core.first]
    if core.first == 0:
        return False
    before = tokens[core.first - 1]
    if before.end == token.start and (before.kind == "word" or before.text in "/#№"):
        return core.digits
    after = tokens[core.last] if core.last < len(tokens) else None
    counts_next = after is not None and (
        (after.kind == "word" and not after.capital and after.lower not in _function_words())
        or after.lower in _countables()
    )
    if not core.digits:
        opens = doc.sentences[doc.sentence_of(core.first)].first == core.first or before.kind in ("mark", "number")
        return (
            token.capital
            and core.last - core.first == 1
            and not opens
            and not (after is not None and after.lower in _countables())
        )
    if "," in token.text or core.last - core.first != 1 or "." in token.text:
        return False
    numbered = word_list("enumerated_nouns.txt")
    if before.text == "." and core.first > 1 and tokens[core.first - 2].lower in ("no", "nos", "art", "para"):
        return True
    if before.lower in numbered and not (counts_next and after is not None and after.lower in _countables()):
        return before.lower != "no" or before.capital
    if before.kind != "word" or not before.capital or before.lower in _function_words() or counts_next:
        return False
    at_start = doc.sentences[doc.sentence_of(core.first)].first == core.first - 1
    verb_next = (
        after is not None
        and after.kind == "word"
        and after.lower in ("were", "was", "have", "had", "are", "of", "more", "others", "killed", "dead")
    )
    return not (at_start or verb_next)
