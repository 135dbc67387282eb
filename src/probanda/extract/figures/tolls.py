"""Running totals: "the death toll rose to 59", "the number of injured stood at 140", "the figure is expected to reach
a million".

Guarantees: a total is joined to its number by a verb of change or standing, "of", "at" or a colon, with no other
number between that is not its starting point. What the total is of stands in the text, or is left to the figure
before ("the figure", "it"). Words: lexica/toll_words.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from probanda.extract.text.effects import FigureKind, harm_at
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import AUXILIARY, OPENERS, is_adverb
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.quantities import Number
from probanda.records.reading import Effect

_TO = word_set("to at past beyond above of from by around over")
_MOVES = word_set(
    "reach reaches reached reaching rise rises rose risen climb climbs climbed exceed exceeds exceeded "
    "surpass surpassed top topped pass passed hit stand stands stood grow grew grown swell swelled number "
    "numbered total totals totalled soar soared"
)
_HARMED = word_set("dead killed injured wounded missing displaced")
_DEFINITE = word_set("the that this its their")


@dataclass(frozen=True, slots=True)
class Toll:
    """`effect` is `None` where the total is that of the figure before. [unit, unit_last) names the counted, if the
    text does; [predicate, predicate_last) is the verb that tells the number. `start` is true for the number a total
    moved from."""

    effect: Effect | None
    kind: FigureKind
    first: int
    unit: int | None
    unit_last: int | None
    predicate: int
    predicate_last: int
    start: bool


@cache
def words_of(kind: str) -> frozenset[str]:
    """The words of one class of lexica/toll_words.tsv."""
    return frozenset(row["word"] for row in table("toll_words.tsv") if row["class"] == kind)


def toll_of(doc: Document, number: Number, numbers_at: frozenset[int]) -> Toll | None:
    """The total whose value `number` is, `None` where it is the value of none."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    place = number.first - 1
    if place < start:
        return None
    link = tokens[place].lower
    if link in ("of", ":"):
        noun = place - 1
        if link == ":" and tokens[noun].lower in ("figures", "numbers"):
            return None  # a heading: "Key figures: 74,300 people displaced"
        if noun >= start and tokens[noun].lower in words_of("noun") | {
            "dead",
            "injured",
            "wounded",
            "missing",
            "killed",
        }:
            if (
                link == "of"
                and tokens[noun].lower in ("number", "total", "count", "figure", "numbers", "figures")
                and not _named(doc, noun, start)
            ):
                return None
            return _toll(doc, noun, place, place, place + 1, start, moved_from=False)
        if link == "of":
            return None
        counted = harm_at(doc, noun) if noun >= start else None
        if (
            counted is not None
            and counted.last == place
            and {"noun", "adjective", "participle"} & counted.frames.keys()
        ):
            return _toll(doc, noun, place, place, place + 1, start, moved_from=False)  # "Deaths: 14"
    if link == ":":
        place -= 1  # "the number of people who have fled remains low: fewer than 300"
    return _told_by_verb(doc, number, place, start, numbers_at)


def _named(doc: Document, noun: int, start: int) -> bool:
    return noun > start and harm_at(doc, noun - 1) is not None


def _told_by_verb(doc: Document, number: Number, place: int, start: int, numbers_at: frozenset[int]) -> Toll | None:
    """Walks left from the number to its total: a preposition, a verb, the noun phrase, in either order of the last
    two."""
    tokens = doc.tokens
    verb: int | None = None
    linked = tokens[place].lower in _TO
    if tokens[place].lower == "by" and not _estimated(doc, place):
        return None  # "rose by 12": a change, no total
    for at in range(place, max(start, place - 26) - 1, -1):
        token = tokens[at]
        lower = token.lower
        if lower in words_of("verb") and lower not in words_of("noun") and (verb is None or lower in _MOVES):
            verb = at if verb is None or tokens[verb].lower in AUXILIARY else verb
        elif (
            lower in _HARMED
            and linked
            and tokens[at - 1].lower == "the"
            and (_told_before(doc, at, start) or tokens[at - 2].lower in ("and", ","))
        ):
            return _toll(doc, at, place + 1, at, at + 1, start, moved_from=tokens[place].lower == "from")
        elif lower in words_of("noun") and _is_noun(doc, at, start):
            if verb is None and not (linked and _told_before(doc, at, start)):
                return None
            predicate = verb if verb is not None else at
            return _toll(doc, at, place + 1, predicate, predicate + 1, start, moved_from=tokens[place].lower == "from")
        elif lower == "it" and verb is not None and tokens[verb].lower in _MOVES and at + 6 >= verb:
            return Toll(None, "count", at, None, None, verb, verb + 1, False)
        elif _parts(doc, at, place, start, numbers_at) or (token.text == "," and verb is None):
            return None
    return None


def _parts(doc: Document, at: int, place: int, start: int, numbers_at: frozenset[int]) -> bool:
    """Whether the token at `at` parts a total from a number further on: another clause, or a number between them."""
    token = doc.tokens[at]
    opens = token.lower in OPENERS and token.lower not in ("since", "who", "as", "after", "before", "that")
    between = at in numbers_at and at != place and not _start_point(doc, at, start)
    return opens or between or token.text in ";:"


def _estimated(doc: Document, place: int) -> bool:
    return doc.tokens[place - 1].lower in ("estimated", "put")


def _start_point(doc: Document, place: int, start: int) -> bool:
    return any(doc.tokens[at].lower == "from" for at in range(max(start, place - 3), place))


def _told_before(doc: Document, noun: int, start: int) -> bool:
    """ "brought the death toll to 12": the verb stands before the total."""
    return any(doc.tokens[at].lower in words_of("verb") for at in range(max(start, noun - 5), noun))


def _is_noun(doc: Document, place: int, start: int) -> bool:
    """A total, not a plain noun: "the death toll", "the number of", "the figure"; not "a number of people"."""
    tokens = doc.tokens
    lower = tokens[place].lower
    before = tokens[place - 1].lower if place > start else ""
    after = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    if lower in ("toll", "tolls", "tally"):
        return True
    if before == "a" and lower in ("number", "figure", "total") and after in ("later", "since", "subsequently"):
        return True  # "nine had died, a number later raised to 12"
    if after == "of":
        return before not in ("a", "an", "any", "large", "small", "growing") or lower == "total"
    return (
        before in _DEFINITE
        or harm_at(doc, place - 1) is not None
        or before in ("total", "overall", "official", "true", "real")
    )


def _toll(
    doc: Document, noun: int, end: int, predicate: int, predicate_last: int, start: int, *, moved_from: bool
) -> Toll:
    """What the total at `noun` is of: "death toll", "the number of people killed in ..."."""
    tokens = doc.tokens
    before = tokens[noun - 1].lower if noun > start else ""
    first = noun
    while first > start and (
        tokens[first - 1].lower in _DEFINITE | {"a", "death", "overall", "official", "confirmed", "total"}
        or is_adverb(tokens[first - 1])
    ):
        first -= 1
    known: dict[str, tuple[Effect, FigureKind]] = {
        "death": ("died", "casualty"),
        "deaths": ("died", "casualty"),
        "injury": ("injured", "casualty"),
        "casualty": ("counted", "casualty"),
    }
    if tokens[noun].lower not in words_of("noun"):
        harm = harm_at(doc, noun)
        for name in ("adjective", "noun", "participle"):
            if harm is not None and name in harm.frames:
                return Toll(*harm.frames[name], first, None, None, predicate, predicate_last, moved_from)
    if before in known:
        return Toll(*known[before], first, None, None, predicate, predicate_last, moved_from)
    unit: int | None = None
    stop = predicate if predicate > noun else end
    for at in range(noun + 1, stop):
        if unit is None and (
            victim_class(tokens[at].lower) is not None
            or tokens[at].lower in ("homes", "houses", "buildings", "schools")
        ):
            unit = at
        harm = harm_at(doc, at)
        if harm is None:
            continue
        for name in ("noun", "adjective", "participle", "intransitive"):
            if name in harm.frames and tokens[at].lower == "displaced":
                return Toll(
                    "internally_displaced", "displacement", first, unit, unit + 1 if unit is not None else None,
                    predicate, predicate_last, moved_from,
                )  # fmt: skip
            if name in harm.frames:
                named = (
                    unit
                    if unit is not None
                    else at
                    if tokens[at].lower in ("refugees", "casualties", "deaths", "evacuees")
                    else None
                )
                return Toll(
                    *harm.frames[name],
                    first,
                    named,
                    named + 1 if named is not None else None,
                    predicate,
                    predicate_last,
                    moved_from,
                )
    if tokens[noun].lower in ("toll", "tolls") and not tokens[noun + 1 : stop]:
        return Toll(None, "count", first, None, None, predicate, predicate_last, moved_from)
    if unit is not None:
        return Toll("counted", "count", first, unit, unit + 1, predicate, predicate_last, moved_from)
    return Toll(None, "count", first, None, None, predicate, predicate_last, moved_from)
