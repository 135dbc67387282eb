"""The words that introduce what somebody says, and the small word sets around them (lexica/cue_verbs.tsv)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from probanda.extract.text.lexicon import table
from probanda.extract.text.nouns import words_of
from probanda.extract.text.segments import Document

BE = frozenset("is are was were be been being".split())
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
DAYTIMES = frozenset("morning afternoon evening night today yesterday tonight overnight earlier later".split())
DASHES = "–—-"


@dataclass(frozen=True, slots=True)
class Cue:
    lemma: str
    class_: str
    complement: str
    stance: str
    form: str  # lemma, third, past, participle, ing
    noun: bool  # this form is more often a noun


ACCORDING = Cue("according", "say", "clause", "state", "past", False)

# Verbs whose passive tells of an act ("was ordered", "was found dead"), not of what somebody says.
NOT_SAID = frozenset(
    "put give record register document count list tally verify speak read tell order post"
    " call ask find describe welcome continue add note dub term brand label charge state brief".split()
)


@cache
def cue_forms() -> Mapping[str, Cue]:
    """Every form of every cue verb, lower case."""
    forms: dict[str, Cue] = {}
    for row in table("cue_verbs.tsv"):
        nouns = frozenset(row["nouns"].split())
        for form in ("lemma", "ing", "third", "participle", "past"):
            cue = Cue(row["lemma"], row["class"], row["complement"], row["stance"], form, row[form] in nouns)
            forms[row[form]] = cue
    return forms


def is_manner(lower: str, capital: bool) -> bool:
    """An adverb in -ly."""
    return (
        lower.endswith("ly")
        and not capital
        and len(lower) > 4
        and lower not in ("family", "assembly", "supply", "ally")
    )


def skip_helpers(doc: Document, place: int, floor: int) -> tuple[int, frozenset[str]]:
    """Left over adverbs, auxiliaries and times between subject and verb ("the ministry on Monday also said"): the index
    of what stands before them, and the auxiliaries met."""
    tokens = doc.tokens
    helpers: set[str] = set()
    adverbs = words_of("adverb") - {"there", "here", "most", "more"}
    while place >= floor:
        lower = tokens[place].lower
        if lower in words_of("auxiliary"):
            helpers.add(lower)
        elif lower in WEEKDAYS | DAYTIMES and place > floor:
            while place > floor and tokens[place - 1].lower in WEEKDAYS | {"on", "late", "early", "this", "last"}:
                place -= 1
        elif not (lower in adverbs or is_manner(lower, tokens[place].capital)):
            break
        place -= 1
    return place, frozenset(helpers)
