"""Words of harm in Ukrainian and Russian, and which of them befell what a number counts.

Guarantees: an effect is a word of the number's own sentence (lexica/{uk,ru}_effects.tsv, {uk,ru}_pairs.tsv), the
nearest that can befall the thing counted, over as few other numbers and clauses as possible; one that is too far is
none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

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
            held = self._listed("effects", sentence)
            for pair in paired(self.words, sentence, self.language):
                row = pair.value
                if row["effect"]:
                    held = [harm for harm in held if harm.first not in (pair.first, pair.beside)]
                    held.append(Harm(pair.first, pair.last, row["effect"], row["kind"], row["befalls"], False))
            held = [self._taken(harm, sentence) for harm in held if not self._of_nobody(harm, sentence)]
            held.sort(key=lambda harm: harm.first)
            self._harm_of[sentence.first] = held
        return held

    def conditions(self, sentence: Span) -> list[Harm]:
        """States from which harm follows: "у важкому стані", "в реанимации"."""
        return self._listed("conditions", sentence)

    def _listed(self, lexicon: str, sentence: Span) -> list[Harm]:
        terms = terms_of(self.language, lexicon)
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
        return held

    def _of_nobody(self, harm: Harm, sentence: Span) -> bool:
        """ "ніхто не постраждав" harms no other number; "ордер на арест" arrests nobody."""
        before = self.words[max(sentence.first, harm.first - 3) : harm.first]
        warrant = any(word.startswith(("ордер", "санкц")) for word in before)
        if harm.effect == "detained" and before[-1:] == ("на",) and warrant:
            return True
        return "не" in before and bool(_NOBODY & set(before))

    def _taken(self, harm: Harm, sentence: Span) -> Harm:
        """What a verb of taking elsewhere says: transferred where force is told of or the place is the enemy's, else
        evacuated."""
        if harm.effect != "carried":
            return harm
        forced = terms_of(self.language, "links")
        span = range(sentence.first, sentence.last)
        matches = (forced.at(self.words, at, sentence.last) for at in span)
        by_force = any(match is not None and match.value["class"] == "forced" for match in matches)
        taken = by_force or any(self._enemy_ground(at) for at in span)
        return replace(harm, effect="transferred" if taken else "evacuated")

    def _enemy_ground(self, at: int) -> bool:
        """Whether the token is a country, led to by a preposition, whose troops this report tells of."""
        token = self.doc.tokens[at]
        if at == 0 or not token.capital or self.words[at - 1] not in ("в", "у", "до", "на", "во"):
            return False
        return len(self.words[at]) > 5 and self.words[at][:-2] in self._armed

    @cached_property
    def _armed(self) -> frozenset[str]:
        """The beginnings of adjectives of countries beside words for troops: "вельди" of "вельдийской армии"."""
        found = set()
        for at in range(len(self.words) - 1):
            word = self.words[at]
            if word.endswith(_OF_COUNTRY) and self.words[at + 1].startswith(_TROOPS):
                stem = re.split(r"(?:[иі]?й)?с[ьк]", word)[0]
                found |= {stem, stem + "и", stem + "і"}
        return frozenset(found)

    def _cost(self, number: Number, unit: Range | None, harm: Harm, sentence: Span) -> int:
        if harm.first >= number.core_last:
            between = range(unit[1] if unit and unit[1] <= harm.first else number.core_last, harm.first)
        elif harm.last <= number.first:
            between = range(harm.last, number.first)
        else:
            return 99
        aside = self._relative(between)
        outside = [at for at in between if at not in aside]
        cost = len(outside) + (1 if aside else 0)
        for at in outside:
            word = self.words[at]
            cost += {",": 3, ";": 20, ":": 2, "—": 1, "–": 1, "(": 3, ")": 3, "а": 3, "але": 3, "но": 3}.get(word, 0)
            cost += 4 * (word in CLAUSE)
            cost += 2 * (word in ("і", "й", "та", "и", "ще", "еще"))
        cost += sum(
            6 for other in self.numbers if other.kind == "count" and other is not number and other.core_first in outside
        )
        if harm.first >= number.core_last and harm.noun and unit is not None and harm.first > unit[1]:
            cost += 2
        charged = harm.noun and harm.first >= number.core_last and any(
            self.words[at].startswith(_CHARGED) for at in range(max(number.core_last, harm.first - 4), harm.first)
        )  # fmt: skip
        return cost + 20 * charged  # "трьом висунуто обвинувачення у вбивстві"

    def _relative(self, between: range) -> range:
        """What stands between commas and parts a number from its word: "семеро, которых подозревают в поджоге,
        задержаны", "120 людей, зокрема 14 дітей, евакуйовано"."""
        for at in between[:-2]:
            one, two = self.words[at + 1], self.words[at + 2]
            opens = self.words[at] == "," and (one in CLAUSE or two in CLAUSE or one in _INCLUDING or two in _INCLUDED)
            if opens:
                close = next((place for place in range(at + 2, between.stop) if self.words[place] == ","), None)
                return range(at, close + 1) if close is not None else range(0)
        return range(0)

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
                if not self._has_own(other, number):
                    return other  # "померли ще двоє поранених", "евакуйовано 12 поранених"
            elif inside and unit is not None and 0 <= other.first - unit[1] <= 2 and not other.noun:
                verb = part_of(self.words[other.first], self.language) in ("verb", "impersonal")
                if verb and "," not in self.words[unit[1] : other.first]:
                    return other  # "семеро задержанных умерли"
        return best

    def _has_own(self, harm: Harm, number: Number) -> bool:
        """Whether another number right before the verb is its subject: "девять погибли и 31 раненый"."""
        return any(
            other is not number and other.kind == "count" and 0 <= harm.first - other.last <= 2
            and "," not in self.words[other.last : harm.first] for other in self.numbers
        )  # fmt: skip

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


_INCLUDING = frozenset("зокрема включно включаючи включая серед среди".split())
_INCLUDED = frozenset("тому том них частности".split())
_NOBODY = frozenset(("ніхто никто жоден жодного жодна жодної").split())
_OF_COUNTRY = tuple(
    "ська ської ській ську ський ського ському ським ські ських ская ской скую ский ского ские ских".split()
)
_CHARGED = ("обвинувач", "звинувач", "обвинен", "підозр", "подозр")
_TROOPS = tuple(
    (
        "арм війс войс військ военн солдат сил артил команд дрон ракет капітан капитан генерал полков підрозд "
        "подразд бронетехн окуп танк десант офіцер офицер спецпризнач спецназ поліц полиц"
    ).split()
)
