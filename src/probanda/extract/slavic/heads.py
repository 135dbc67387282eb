"""Words that head a phrase for a speaker in Ukrainian and Russian, by class: person, people or body.

Guarantees: a class is told only of a word of lexica/{uk,ru}_roles.tsv, in any case. Two words are one office where they
differ by case, gender or a prefix alone.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table


@cache
def _heads(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_roles.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


def head_class(word: str, language: str) -> str | None:
    """person, people or body where the folded word heads a phrase for a speaker; `None` otherwise."""
    for class_ in ("people", "person", "body"):
        if _heads(language, class_).keys(word):
            return class_
    return None


def same_office(one: str, two: str) -> bool:
    """Whether both words are one office in whatever case and gender: "прокурорка", "прокурора"."""
    shared = min(len(one), len(two))
    if shared >= 4 and (one.endswith(two) or two.endswith(one)):
        return True  # "лікарка" of "головлікарка", "врач" of "главврач"
    return shared >= 3 and one[: max(3, shared - 3)] == two[: max(3, shared - 3)] and abs(len(one) - len(two)) <= 3
