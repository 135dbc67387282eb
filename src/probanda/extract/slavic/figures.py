"""Figures: numbers that count the harmed and the harm in Ukrainian and Russian, with what befell whom.

Guarantees: only a number that counts (`numbers.find_numbers`) becomes a figure; its effect is a word of its own
sentence (lexica/{uk,ru}_effects.tsv), the nearest that can befall the thing counted, over as few other numbers and
clauses as possible; a part ("серед них троє дітей") takes the effect of its whole where it has none. A number that
no effect and no vote claims stays a plain count. "Загинули" is died, "вбито" is killed: the words are not levelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from probanda.extract.slavic.modality import modality_at, negated_at, verifications
from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.pairs import paired
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import Terms, folded, part_of, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import Effect, Modality, Verification, When

_STATUS = ("refugee", "internally_displaced")
_FAR = 17  # cost beyond which a word of harm is not this number's; arbitrary
_CLAUSE = frozenset(
    ("що який яка яке які яких якому якій что который которая которое которые которых где де коли когда").split()
)


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


@dataclass(frozen=True, slots=True)
class _Harm:
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


@cache
def _links(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_links.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


class Figures:
    def __init__(self, doc: Document, numbers: Sequence[Number], times: Sequence[TimeMention]) -> None:
        self.doc, self.language, self.times = doc, doc.language, times
        self.words: Sequence[str] = folded(doc.tokens)
        self.numbers = numbers
        self.checks = verifications(doc, self.words)
        self._harm_of: dict[int, list[_Harm]] = {}

    def find(self) -> list[Figure]:
        """The figures of the document in order."""
        found: list[Figure] = []
        for number in self.numbers:
            if number.kind not in ("count",):
                continue
            figure = self._figure(number, found)
            if figure is not None:
                found.append(figure)
        found += self._none(found)
        found.sort(key=lambda figure: figure.number.first)
        return self._corrected(self._checked(found))

    # effects

    def harms(self, sentence: Span) -> list[_Harm]:
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
                held.append(_Harm(match.first, match.last, row["effect"], row["kind"], row["befalls"], noun))
                place = match.last
            for pair in paired(self.words, sentence, self.language):
                row = pair.value
                held = [harm for harm in held if harm.first not in (pair.first, pair.beside)]
                held.append(_Harm(pair.first, pair.last, row["effect"], row["kind"], row["befalls"], False))
            held.sort(key=lambda harm: harm.first)
            self._harm_of[sentence.first] = held
        return held

    def _cost(self, number: Number, unit: Range | None, harm: _Harm, sentence: Span) -> int:
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
            cost += 4 * (word in _CLAUSE)
            cost += 2 * (word in ("і", "й", "та", "и", "ще", "еще"))
        cost += sum(
            6 for other in self.numbers if other.kind == "count" and other is not number and other.core_first in between
        )
        if harm.first >= number.core_last and harm.noun and unit is not None and harm.first > unit[1]:
            cost += 2
        return cost

    def _effect(self, number: Number, unit: Range | None, sentence: Span) -> _Harm | None:
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

    # figures

    def _figure(self, number: Number, before: Sequence[Figure]) -> Figure | None:
        sentence = self.doc.sentences[self.doc.sentence_of(number.first)]
        unit = self._unit(number, sentence)
        whole = self._whole(number, before, sentence)
        harm = self._effect(number, unit, sentence)
        if whole is not None:
            own = harm is not None and self._cost(number, unit, harm, sentence) <= 1
            if not own:
                parent = before[whole]
                return self._made(number, unit, parent.effect, parent.kind, parent.word, sentence, whole)
        if unit is not None and self._not_counted(unit):
            return None
        if harm is None:
            return self._made(number, unit, None, "count", None, sentence, whole)
        effect = harm.effect
        if effect == "destroyed" and self._befallen(unit) == "person":
            effect = "killed"
        return self._made(number, unit, effect, harm.kind, (harm.first, harm.last), sentence, whole)

    def _not_counted(self, unit: Range) -> bool:
        return self.words[unit[1] - 1] in ("рази", "раз", "разів", "час", "сторони", "стороны", "бік")

    def _unit(self, number: Number, sentence: Span) -> Range | None:
        """The thing counted: adjectives and a noun behind the number."""
        place, words = number.last, self.words
        if number.core_last > number.last or place >= sentence.last:
            return None
        if (
            words[place] in ("із", "з", "из")
            and place + 1 < sentence.last
            and words[place + 1] in ("них", "яких", "которых", "цих", "этих")
        ):
            return None
        first = place
        while place < sentence.last and place - first < 4 and self.doc.tokens[place].kind == "word":
            part = part_of(words[place], self.language)
            known = is_person(words[place], self.language)
            if words[place] in ("інших", "других", "ще", "еще"):
                place += 1
                continue
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
        harmed = place > first and any(
            found.befalls == "person" and found.first <= place - 1 < found.last for found in self.harms(sentence)
        )
        return (first, place) if harmed else None  # "12 страчених", "о 9 казнённых"

    def _whole(self, number: Number, before: Sequence[Figure], sentence: Span) -> int | None:
        """The figure of which this one is said to be a part."""
        if not before:
            return None
        start = max(sentence.first, number.first - 12)
        terms = _links(self.language, "subset")
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
        return held[-1] if held else None

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

    def _made(
        self,
        number: Number,
        unit: Range | None,
        effect: str | None,
        kind: str,
        word: Range | None,
        sentence: Span,
        whole: int | None,
    ) -> Figure:
        inside = word is not None and sentence.first <= word[0] < sentence.last
        anchor = word[0] if word is not None and inside else number.first
        told = modality_at(self.doc, self.words, number.first)
        if told.cue is None:
            told = modality_at(self.doc, self.words, anchor)
        negated = word is not None and inside and negated_at(self.doc, self.words, word[0]) and whole is None
        passage = self._clause(number, word if inside else None, unit, sentence)
        made: Effect | None = effect  # type: ignore[assignment]
        return Figure(
            number, unit, made, kind, word, passage, whole, None, self._since(sentence), self._as_of(sentence),
            told.modality, None, negated,
        )  # fmt: skip

    def _clause(self, number: Number, word: Range | None, unit: Range | None, sentence: Span) -> Range:
        """The words from the number to what befell the counted, out to the marks around them."""
        spans = [(number.first, number.last), *(span for span in (word, unit) if span)]
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        stops = (",", ";", ":", "—", "–", "(", ")", "«", "»", "“", "”", "„", '"')
        while first > sentence.first and self.words[first - 1] not in stops and self.words[first - 1] not in _CLAUSE:
            first -= 1
        while last < sentence.last and self.words[last] not in stops and self.doc.tokens[last].text not in ".!?…":
            last += 1
        return first, last

    def _since(self, sentence: Span) -> When | None:
        for mention in self.times:
            if sentence.first <= mention.first < sentence.last and mention.when.precision == "range":
                opener = self.words[mention.first]
                upto = any(word in ("до", "по") for word in self.words[mention.first + 1 : mention.last])
                if opener in ("від", "од", "з", "із", "с", "со", "от", "починаючи", "начиная") and not upto:
                    return mention.when
        return None

    def _as_of(self, sentence: Span) -> When | None:
        terms = _links(self.language, "as_of")
        for place in range(sentence.first, sentence.last):
            found = terms.at(self.words, place, sentence.last)
            if found is not None:
                for mention in self.times:
                    if found.first <= mention.first <= found.last + 2:
                        return mention.when
        return None

    # none at all

    def _none(self, held: Sequence[Figure]) -> list[Figure]:
        """ "жоден не загинув", "ніхто не постраждав", "ни один человек не погиб": nobody."""
        found: list[Figure] = []
        for place, word in enumerate(self.words):
            if word not in _NOBODY or any(figure.number.first <= place < figure.number.last for figure in held):
                continue
            sentence = self.doc.sentences[self.doc.sentence_of(place)]
            near = [harm for harm in self.harms(sentence) if harm.first > place and harm.first - place <= 6]
            near += [harm for harm in self.harms(sentence) if harm.first < place and place - harm.first <= 2]
            if not near or self.doc.quoted_of(place) != self.doc.quoted_of(near[0].first):
                continue
            harm = near[0]
            number = Number(place, place + 1, place, place + 1, 0, 0, 0, "stated", "count")
            unit = self._unit(number, sentence)
            found.append(replace(
                self._made(number, unit, harm.effect, harm.kind, (harm.first, harm.last), sentence, None), negated=False
            ))  # fmt: skip
        return found

    # checking and corrections

    def _checked(self, figures: list[Figure]) -> list[Figure]:
        """Each figure with what the report says of its checking: in its sentence, or in the next that checks nothing of
        its own."""
        for first, _, verification in self.checks:
            sentence = self.doc.sentence_of(first)
            paragraph = self.doc.paragraph_of(first)
            own = [at for at, held in enumerate(figures) if self.doc.sentence_of(held.number.first) == sentence]
            if not own and verification.status != "being_verified":
                own = [
                    at for at, held in enumerate(figures)
                    if held.number.first < first and self.doc.paragraph_of(held.number.first) == paragraph
                ]  # fmt: skip
                own = own or self._paragraph_before(figures, paragraph, first)
            for at in own:
                if figures[at].verification is None:
                    figures[at] = replace(figures[at], verification=verification)
        return figures

    def _paragraph_before(self, figures: Sequence[Figure], paragraph: int, first: int) -> list[int]:
        opens = self.doc.sentences[self.doc.sentence_of(first)].first == self.doc.paragraphs[paragraph].first
        if not opens:
            return []
        return [at for at, held in enumerate(figures) if self.doc.paragraph_of(held.number.first) == paragraph - 1]

    def _corrected(self, figures: list[Figure]) -> list[Figure]:
        for at in range(1, len(figures)):
            one, two = figures[at - 1], figures[at]
            if self.doc.sentence_of(one.number.first) != self.doc.sentence_of(two.number.first):
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

    def _changed(self, one: Figure, two: Figure) -> bool:
        """ "зросла з 10 до 12", "с 94 до 88"."""
        from_ = one.number.first > 0 and self.words[one.number.first - 1] in ("з", "із", "зі", "с", "со")
        start = max(0, one.number.first - 12)
        revised = any(word.startswith(_REVISED) for word in self.words[start : one.number.first])
        return (
            from_ and revised and self.words[two.number.first - 1] == "до" and two.number.first - one.number.last <= 4
        )


_REVISED = ("уточн", "перегл", "виправ", "скориг", "исправ", "пересм", "скорр")
_NOBODY = frozenset(("ніхто никто жоден жодного жодна жодної жодну жодних").split())
