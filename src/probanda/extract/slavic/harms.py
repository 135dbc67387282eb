"""Words of harm in Ukrainian and Russian, and which of them befell what a number counts.

Guarantees: an effect is a word of the number's own sentence (lexica/{uk,ru}_effects.tsv, {uk,ru}_pairs.tsv), the
nearest that can befall the thing counted, over as few other numbers and clauses as possible; one that is too far is
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.pairs import paired
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import Terms, folded, part_of, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Span

_STATUS = ("refugee", "internally_displaced")
_FAR = 17  # cost beyond which a word of harm is not this number's; arbitrary
CLAUSE = frozenset(
    ("що який яка яке які яких якому якій що который которая которое которые которых где де коли когда").split()
)


@dataclass(frozen=True, slots=True)
class Harm:
    first: int
    last: int
    effect: str
    kind: str
    befalls: str
    noun: bool


@cache
def _persons(language: str) -> Terms[str]:
    return Terms(
        (term.strip(), row["class"]) for row in table(f"{language}_persons.tsv") for term in row["terms"].split(",")
    )


def is_person(word: str, language: str) -> bool:
    return _persons(language).holds(word)


class Harms:
    """The words of harm of one document."""

    def __init__(self, doc: Document, numbers: Sequence[Number]) -> None:
        self.doc, self.language = doc, doc.language
        self.words: Sequence[str] = folded(doc.tokens)
        self.numbers = numbers
        self._harm_of: dict[int, list[Harm]] = {}

    def harms(self, sentence: Span) -> list[Harm]:
        held = self._harm_of.get(sentence.first)
        if held is None:
            terms = terms_of(self.language, "effects")
            held, place = [], sentence.first
            while place < sentence.last:
                match = terms.at(self.words, place, sentence.last)
                if match is None:
                    place += 1
                    continue
                row = match.value
                noun = part_of(self.words[match.first], self.language) in ("noun", "adjective")
                held.append(Harm(match.first, match.last, row["effect"], row["kind"], row["befalls"], noun))
                place = match.last
            for pair in paired(self.words, sentence, self.language):
                row = pair.value
                held = [harm for harm in held if harm.first not in (pair.first, pair.beside)]
                held.append(Harm(pair.first, pair.last, row["effect"], row["kind"], row["befalls"], False))
            held.sort(key=lambda harm: harm.first)
            self._harm_of[sentence.first] = held
        return held

    def _cost(self, number: Number, unit: Range | None, harm: Harm, sentence: Span) -> int:
        if harm.first >= number.core_last:
            between = range(unit[1] if unit and unit[1] <= harm.first else number.core_last, harm.first)
        elif harm.last <= number.first:
            between = range(harm.last, number.first)
        else:
            return 99
        cost = len(between)
        for at in between:
            word = self.words[at]
            cost += {",": 3, ";": 9, ":": 2, "—": 1, "–": 1, "(": 3, ")": 3, "а": 3, "але": 3, "но": 3}.get(word, 0)
            cost += 4 * (word in CLAUSE)
            cost += 2 * (word in ("і", "й", "та", "и", "ще", "еще"))
        cost += sum(
            6 for other in self.numbers if other.kind == "count" and other is not number and other.core_first in between
        )
        if harm.first >= number.core_last and harm.noun and unit is not None and harm.first > unit[1]:
            cost += 2
        return cost

    def _effect(self, number: Number, unit: Range | None, sentence: Span) -> Harm | None:
        persons = self._befallen(unit)
        ranked = sorted(
            ((self._cost(number, unit, harm, sentence), harm) for harm in self.harms(sentence)
             if persons is None or harm.befalls == persons),
            key=lambda pair: (pair[0], pair[1].first < number.first),
        )  # fmt: skip
        if not ranked or ranked[0][0] > _FAR:
            return None
        best = ranked[0][1]
        inside = unit is not None and unit[0] <= best.first < unit[1]
        for cost, other in ranked[1:]:
            if best.effect in _STATUS and other.kind == "displacement":
                continue  # "країну залишили 300 тисяч біженців"
            parted = "," in self.words[other.last : number.first]
            if inside and not parted and not other.noun and cost <= 6 and other.first < number.first:
                return other  # "померли ще двоє поранених", "евакуйовано 12 поранених"
        return best

    def _befallen(self, unit: Range | None) -> str | None:
        """person or thing, where the unit tells."""
        if unit is None:
            return None
        words = self.words[unit[0] : unit[1]]
        if any(is_person(word, self.language) for word in words):
            return "person"
        things = terms_of(self.language, "objects"), terms_of(self.language, "weapons")
        if any(terms.holds(words[-1]) for terms in things):
            return "thing"
        return None
