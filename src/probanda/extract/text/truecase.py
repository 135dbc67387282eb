"""Capital letters where a text has only capitals, as telex and old newswire, or none.

Guarantees: a text of both is left alone. In one set in a single case a letter says nothing, so a word counts as written
with a capital where English does so by rule (days, months, names of States and their people) or where it is no ordinary
word: neither counted in running text (lexica/word_classes.tsv) nor a form of one, nor of any list of the rules. A name
that is an ordinary word ("Rose") is lost, and a rare word may pass for a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from probanda.extract.text.inflection import plural, trigger_classes
from probanda.extract.text.lexicon import table, word_list

Case = Literal["upper", "lower"]
_FEW = 12  # words below which a heading may be meant; arbitrary
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""),
    ("er", ""), ("ers", ""), ("ness", ""),
)  # fmt: skip
_CAPITAL_KINDS = frozenset({"weekday", "month"})


def single_case(words: Sequence[str]) -> Case | None:
    """The one case in which a text of these words is set; `None` where it has both or is too short to tell."""
    long = [word for word in words if len(word) > 2]
    if len(long) < _FEW:
        return None
    if all(word.islower() for word in long):
        return "lower"
    # A name in the margin or a signature may be set otherwise.
    return "upper" if sum(word.isupper() for word in long) > 0.95 * len(long) else None


@cache
def is_name(lower: str) -> bool:
    """Whether a word of a text in a single case counts as written with a capital."""
    if lower in _capitalised():
        return True
    if not lower[:1].isalpha() or lower in _ordinary() or len(lower) < 3:
        return False
    if any(not is_name(part) for part in lower.split("-")[1:]):
        return False
    stems = (lower.removesuffix(ending) + back for ending, back in _ENDINGS if lower.endswith(ending))
    return not any(stem in _ordinary() for stem in stems)


@cache
def _capitalised() -> frozenset[str]:
    days = {row["word"] for row in table("calendar.tsv") if row["class"] in _CAPITAL_KINDS}
    people = {row[column].lower() for row in table("demonyms.tsv") for column in ("adjective", "nationals")}
    return frozenset(days - {"may", "march"} | people)


@cache
def _ordinary() -> frozenset[str]:
    found = {row["word"] for row in table("word_classes.tsv")} | trigger_classes().keys()
    for name, column in (
        ("victim_nouns.tsv", "word"), ("event_words.tsv", "word"), ("objects.tsv", "noun"), ("weapons.tsv", "term"),
        ("function_words.tsv", "word"),
    ):  # fmt: skip
        found |= {part for row in table(name) for part in row[column].lower().split()}
    for name in ("roles.txt", "bodies.txt"):
        found |= {part for term in word_list(name) for part in term.lower().split()}
    return frozenset(found | {plural(word) for word in found if len(word) > 2})
