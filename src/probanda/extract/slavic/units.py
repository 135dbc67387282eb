"""The thing that a Ukrainian or Russian number counts: the noun behind it, or in front of it in the genitive.

Guarantees: a unit is adjacent tokens of the number's own sentence, a noun with its adjectives or an adjective that
stands for persons ("12 страчених"); in front of the number only where nothing but a particle or a verb of being stands
between ("Поранених уже 54", "лагерей было от трёх до пяти"), or where words for a count lead it ("число погибших
возросло до четырёх"). What only a verb says is none.
"""

from __future__ import annotations

from probanda.extract.slavic.harms import Harms, is_person
from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import part_of, terms_of
from probanda.extract.text.segments import Span

_FAR = 14  # tokens between "число погибших" and its number; arbitrary


class Units(Harms):
    """The units of the numbers of one document."""

    def _unit(self, number: Number, sentence: Span) -> Range | None:
        return self._unit_behind(number, sentence) or self._unit_before(number, sentence)

    def _unit_behind(self, number: Number, sentence: Span) -> Range | None:
        """Adjectives and a noun behind the number."""
        place, words = number.last, self.words
        if number.core_last > number.last or place >= sentence.last:
            return None
        if words[place] in _OF and place + 1 < sentence.last and words[place + 1] in _THEM:
            return self._named_behind(place + 2, sentence)
        first = place
        while place < sentence.last and place - first < 4 and self.doc.tokens[place].kind == "word":
            part = part_of(words[place], self.language)
            known = is_person(words[place], self.language)
            if words[place] in ("інших", "других", "ще", "еще"):
                place += 1
                continue
            if part == "impersonal":
                break  # "31 ранен", "двох поранено"
            if part == "noun" or known:
                following = words[place + 1] if place + 1 < sentence.last else ""
                if (
                    known
                    and part == "adjective"
                    and part_of(following, self.language) == "noun"
                    and not terms_of(self.language, "effects").holds(following)
                ):
                    place += 1
                    continue
                return first, place + 1
            if part not in ("adjective",):
                break
            place += 1
        if place == first:
            return None
        harmed = any(
            found.befalls == "person" and found.first <= place - 1 < found.last for found in self.harms(sentence)
        )
        alone = words[place - 1].endswith(("их", "ых"))
        return (first, place) if harmed or alone else None  # "12 страчених", "о 9 казнённых", "12 утриманих"

    def _named_behind(self, place: int, sentence: Span) -> Range | None:
        """ "троє з них — діти"."""
        at = place + (place < sentence.last and self.words[place] in ("—", "–", "-"))
        if at >= sentence.last or not is_person(self.words[at], self.language):
            return None
        return (at, at + 1) if part_of(self.words[at], self.language) == "noun" else None

    def _unit_before(self, number: Number, sentence: Span) -> Range | None:
        """ "Поранених уже 54", "лагерей было от трёх до пяти", "число погибших возросло до четырёх"."""
        at = number.first
        while at > sentence.first and self.words[at - 1] in _BEING:
            at -= 1
        if at > sentence.first and self.words[at - 1].endswith(_MANY) and at - 1 not in self._numbered:
            opens = at - 1 == sentence.first or self.words[at - 2] in (",", ";", "—", "що", "что", "а", "і", "и")
            noun = part_of(self.words[at - 1], self.language) in ("noun", "adjective")
            if opens and noun:
                return at - 1, at
        for place in range(number.first - 1, max(sentence.first, number.first - _FAR), -1):
            if self.words[place] in (",", ";", ":") or place in self._numbered:
                return None
            if self.words[place - 1].startswith(_COUNT) and self.words[place].endswith(_MANY):
                return place, place + 1
        return None

    @property
    def _numbered(self) -> frozenset[int]:
        return frozenset(at for number in self.numbers for at in range(number.first, number.last))


_OF = ("із", "з", "из")
_THEM = ("них", "яких", "которых", "цих", "этих")
_BEING = frozenset(
    "уже вже було було стало налічується лишилося було осталось было стало всего усього сейчас наразі".split()
)
_MANY = ("их", "ых", "ів", "ей", "ов", "ев", "їв", "дей", "осіб", "жінок", "женщин", "жертв", "судов")
_COUNT = ("числ", "кільк", "количеств")
