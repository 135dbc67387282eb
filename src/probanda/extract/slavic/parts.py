"""Which figure of a Ukrainian or Russian text is a part of another, or corrects it.

Guarantees: a part stands behind words that make it one ("серед них", "в том числе", "із 60 … 18", "61 із 78"), or adds
up with others to the number before the colon, or counts those whom its own noun names ("семеро задержанных" after 480
detained); it takes the effect of its whole where it has none. A number corrects another only where the sentence says
that the other was wrong ("19, а не 21", "не двоє, а п'ятеро", "уточнено з 10 до 12"). Words: lexica/{uk,ru}_links.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from probanda.extract.slavic.harms import Harms
from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Span
from probanda.records.reading import Effect, Modality, Verification, When

_OF = ("із", "з", "из")


@dataclass(frozen=True, slots=True)
class Figure:
    number: Number
    unit: Range | None
    effect: Effect | None
    kind: str  # casualty, displacement, damage or count
    word: Range | None  # the word of harm
    passage: Range
    subset_of: int | None
    corrects: int | None
    cumulative_since: When | None
    as_of: When | None
    modality: Modality
    verification: Verification | None
    negated: bool


@cache
def links(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_links.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


class Parts(Harms):
    """The links between the figures of one document."""

    def _whole(self, number: Number, before: Sequence[Figure], sentence: Span) -> int | None:
        """The figure of which this one is said to be a part."""
        if not before:
            return None
        start = max(sentence.first, number.first - 12)
        terms = links(self.language, "subset")
        for at in range(number.first - 1, start - 1, -1):
            found = terms.at(self.words, at, number.first + 1)
            if found is not None:
                fits = [place for place, held in enumerate(before) if held.number.last <= at and held.subset_of is None]
                near = [
                    place
                    for place in fits
                    if self.doc.paragraph_of(before[place].number.first) == self.doc.paragraph_of(at)
                ]
                named = self._named_whole(at, found.last, before, fits)
                if named is not None:
                    return named
                if not near:
                    return None
                return near[-1] if found.last >= number.first - 12 else None
            if self.words[at] in (";",):
                break
            if self.words[at] in ("ще", "еще", "також", "а"):
                break
        return self._behind(number, before, sentence)

    def _named_whole(self, first: int, last: int, before: Sequence[Figure], fits: Sequence[int]) -> int | None:
        """The figure of those whom "серед загиблих" names: the last whose harm is theirs, in this paragraph or the one
        before it."""
        sentence = self.doc.sentences[self.doc.sentence_of(first)]
        named = {harm.effect for harm in self.harms(sentence) if first <= harm.first < last}
        named |= {"died", "killed"} if named & {"died", "killed"} else set()
        paragraph = self.doc.paragraph_of(first)
        held = [
            at for at in fits
            if before[at].effect in named and paragraph - self.doc.paragraph_of(before[at].number.first) <= 1
        ]  # fmt: skip
        named_once = [at for at in fits if before[at].effect in named]
        return held[-1] if held else named_once[0] if len(named_once) == 1 else None

    def _behind(self, number: Number, before: Sequence[Figure], sentence: Span) -> int | None:
        """ "близько 60 із них — у тяжкому стані"."""
        place = number.last
        fits = [at for at, held in enumerate(before) if held.subset_of is None]
        if (
            fits
            and place + 1 < sentence.last
            and self.words[place] in ("із", "з", "из")
            and self.words[place + 1] in ("них", "яких", "которых")
        ):
            return fits[-1]
        return None

    # once all are known

    def parted(self, figures: list[Figure]) -> list[Figure]:
        """The figures with the parts that stand behind their whole without a word that says so."""
        for at, figure in enumerate(figures):
            if figure.subset_of is None and (whole := self._whole_of(at, figures)) is not None:
                figures[at] = self._part(figure, figures[whole], whole)
        return figures

    def _part(self, figure: Figure, whole: Figure, at: int) -> Figure:
        if figure.effect is None and figure.kind == "count":
            figure = replace(figure, effect=whole.effect, kind=whole.kind, word=whole.word)
        return replace(figure, subset_of=at)

    def _whole_of(self, at: int, figures: Sequence[Figure]) -> int | None:
        one = figures[at]
        sentence = self.doc.sentences[self.doc.sentence_of(one.number.first)]
        for other in (at - 1, at + 1, at - 2):
            if not 0 <= other < len(figures) or figures[other].subset_of is not None:
                continue
            two = figures[other]
            if not sentence.first <= two.number.first < sentence.last or not _fewer(one.number, two.number):
                continue
            if self._led_by_of(one, two, sentence) or self._adds_up(one, other, figures, sentence):
                return other
        return self._whole_named(at, figures) if one.unit is not None else self._whole_before(at, figures)

    def _led_by_of(self, one: Figure, two: Figure, sentence: Span) -> bool:
        """ "із 112 автобусів уціліло менше тридцяти", "61 збиту ціль із 78"."""
        first = two.number.first
        if first == sentence.first or self.words[first - 1] not in _OF:
            return False
        if one.number.first < first:
            return first - one.number.last <= 4 and "," not in self.words[one.number.last : first] and two.unit is None
        opens = first - 1 == sentence.first or self.words[first - 2] in (",", "—", "–", "що", "что", ":")
        return opens and one.unit is None and ";" not in self.words[two.number.last : one.number.first]

    def _adds_up(self, one: Figure, other: int, figures: Sequence[Figure], sentence: Span) -> bool:
        """ "11,4 мільйона …: 4,4 мільйона виїхали, 7 мільйонів переселилися"."""
        whole = figures[other].number
        colon = next((p for p in range(whole.last, sentence.last) if self.words[p] == ":"), None)
        if colon is None or one.number.first < colon or not isinstance(whole.stated, int | float):
            return False
        parts = [figure.number.stated for figure in figures if colon < figure.number.first < sentence.last]
        total = sum(part for part in parts if isinstance(part, int | float))
        return len(parts) > 1 and 0.9 * whole.stated <= total <= 1.05 * whole.stated

    def _whole_named(self, at: int, figures: Sequence[Figure]) -> int | None:
        """Those whom the noun itself names as harmed are of the ones so harmed before: "семеро задержанных умерли"."""
        one = figures[at]
        sentence = self.doc.sentences[self.doc.sentence_of(one.number.first)]
        named = {harm.effect for harm in self.harms(sentence) if one.unit and one.unit[0] <= harm.first < one.unit[1]}
        if not named or one.effect in named:
            return None
        held = [place for place in range(at) if figures[place].effect in named and figures[place].subset_of is None
                and _fewer(one.number, figures[place].number)]  # fmt: skip
        return held[-1] if held else None

    def _whole_before(self, at: int, figures: Sequence[Figure]) -> int | None:
        """Some of those counted in the sentence before: "П'ятеро дуже важкі" after 17 injured, "доля двох невідома"."""
        one = figures[at]
        number = self.doc.sentence_of(one.number.first)
        state = any(harm.first == (one.word or (-1,))[0] for harm in self.conditions(self.doc.sentences[number]))
        fate = one.effect == "missing" and one.word is not None and self.words[one.word[0]].startswith(_FATE)
        if not state and not fate:
            return None
        held = [
            place for place in range(at) if number - self.doc.sentence_of(figures[place].number.first) <= 2
            and figures[place].subset_of is None and figures[place].kind == "casualty"
            and self.doc.paragraph_of(figures[place].number.first) == self.doc.paragraph_of(one.number.first)
            and _fewer(one.number, figures[place].number)
        ]  # fmt: skip
        return held[0] if held else None

    # corrections

    def corrected(self, figures: list[Figure]) -> list[Figure]:
        """The figures, each that corrects another with which one, and the wrong one denied."""
        for at in range(1, len(figures)):
            one, two = figures[at - 1], figures[at]
            if self.doc.sentence_of(one.number.first) != self.doc.sentence_of(two.number.first):
                continue
            if self._instead(one, two):
                two = two if two.effect is not None else replace(two, effect=one.effect, kind=one.kind, word=one.word)
                one = one if one.effect is not None else replace(one, effect=two.effect, kind=two.kind, word=two.word)
                figures[at - 1], figures[at] = replace(one, corrects=at, subset_of=None), replace(two, negated=True)
                continue
            between = self.words[one.number.last : two.number.first]
            denied = one.number.first > 0 and self.words[one.number.first - 1] == "не"
            if denied and "а" in between and len(between) <= 6:
                shared = two if two.effect is None else None
                two = replace(shared, effect=one.effect, kind=one.kind, word=one.word) if shared else two
                figures[at - 1], figures[at] = replace(one, negated=True), replace(two, corrects=at - 1, subset_of=None)
            elif self._changed(one, two):
                two = two if two.effect is not None else replace(two, effect=one.effect, kind=one.kind, word=one.word)
                one = one if one.effect is not None else replace(one, effect=two.effect, kind=two.kind, word=two.word)
                figures[at - 1], figures[at] = one, replace(two, corrects=at - 1)
        return figures

    def _instead(self, one: Figure, two: Figure) -> bool:
        """ "19 людей, а не 21"."""
        between = self.words[one.number.last : two.number.first]
        return len(between) <= 6 and between[-2:] == ("а", "не") and two.unit is None

    def _changed(self, one: Figure, two: Figure) -> bool:
        """ "зросла з 10 до 12", "с 94 до 88"."""
        from_ = one.number.first > 0 and self.words[one.number.first - 1] in ("з", "із", "зі", "с", "со")
        start = max(0, one.number.first - 12)
        revised = any(word.startswith(_REVISED) for word in self.words[start : one.number.first])
        return (
            from_ and revised and self.words[two.number.first - 1] == "до" and two.number.first - one.number.last <= 4
        )


def _fewer(one: Number, two: Number) -> bool:
    """Whether the first number is less than the second, as far as both are stated."""
    if isinstance(one.stated, str) or isinstance(two.stated, str):
        return False
    return one.stated < two.stated


_REVISED = ("уточн", "перегл", "виправ", "скориг", "исправ", "пересм", "скорр")
_FATE = ("дол", "місцеп", "місцез", "судьб", "местон", "местоп")
