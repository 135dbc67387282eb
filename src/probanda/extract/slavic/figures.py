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

from probanda.extract.slavic.harms import CLAUSE, Harms, is_person
from probanda.extract.slavic.modality import modality_at, negated_at, verifications
from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.words import Terms, part_of, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import Effect, Modality, Verification, When


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
def _links(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_links.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


class Figures(Harms):
    def __init__(self, doc: Document, numbers: Sequence[Number], times: Sequence[TimeMention]) -> None:
        super().__init__(doc, numbers)
        self.times = times
        self.checks = verifications(doc, self.words)

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
        while first > sentence.first and self.words[first - 1] not in stops and self.words[first - 1] not in CLAUSE:
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
