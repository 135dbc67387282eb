"""Figures: numbers that count the harmed and the harm in Ukrainian and Russian, with what befell whom.

Guarantees: only a number that counts (`numbers.find_numbers`) becomes a figure; its effect is a word of its own
sentence (lexica/{uk,ru}_effects.tsv), the nearest that can befall the thing counted, over as few other numbers and
clauses as possible; a part ("серед них троє дітей") takes the effect of its whole where it has none. A number that
no effect and no vote claims stays a plain count. "Загинули" is died, "вбито" is killed: the words are not levelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probanda.extract.slavic.harms import CLAUSE, Harm
from probanda.extract.slavic.modality import modality_at, negated_at, verifications
from probanda.extract.slavic.number_words import number_words
from probanda.extract.slavic.numbers import ONE, Number
from probanda.extract.slavic.parts import Figure, Parts, links
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.units import Units
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import Effect, When


class Figures(Parts, Units):
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
        return self._checked(self.corrected(self.parted(found)))

    # figures

    def _figure(self, number: Number, before: Sequence[Figure]) -> Figure | None:
        sentence = self.doc.sentences[self.doc.sentence_of(number.first)]
        unit = self._unit(number, sentence)
        whole = self._whole(number, before, sentence)
        harm = self._effect(number, unit, sentence) or self._state(number, unit, sentence)
        if whole is not None:
            own = harm is not None and self._cost(number, unit, harm, sentence) <= 2
            if not own:
                parent = before[whole]
                return self._made(number, unit, parent.effect, parent.kind, parent.word, sentence, whole)
        if unit is not None and self._not_counted(unit):
            return None
        if harm is None and (held := self._carried_over(number, unit, before)) is not None:
            return self._made(number, unit, held.effect, held.kind, None, sentence, None)
        if harm is None and self._indefinite(number, unit):
            return None
        if harm is None:
            return self._made(number, unit, None, "count", None, sentence, whole)
        effect = harm.effect
        if effect == "destroyed" and self._befallen(unit) == "person":
            effect = "killed"
        return self._made(number, unit, effect, harm.kind, (harm.first, harm.last), sentence, whole)

    def _state(self, number: Number, unit: Range | None, sentence: Span) -> Harm | None:
        """ "П'ятеро дуже важкі", "ещё двенадцать в больнице": persons whose state tells of harm, where no word does."""
        if self._befallen(unit) == "thing" or (unit is not None and not self._befallen(unit)):
            return None
        first, last = sentence.first, sentence.last
        marks = [at for at in range(first, last) if self.words[at] == ";"]
        first = max((at for at in marks if at < number.first), default=first)
        last = min((at for at in marks if at > number.first), default=last)
        if any(first <= harm.first < last for harm in self.harms(sentence)):
            return None
        near = [held for held in self.conditions(sentence) if 0 <= held.first - number.last <= 6]
        parted = near and "," in self.words[number.last : near[0].first]
        return near[0] if near and not parted else None

    def _carried_over(self, number: Number, unit: Range | None, before: Sequence[Figure]) -> Figure | None:
        """ "Власти называли цифру три": the number of those of whom the sentences before told."""
        named = any(word.startswith(_FIGURE) for word in self.words[max(0, number.first - 2) : number.first])
        here = self.doc.sentence_of(number.first)
        casualties = [held for held in before if held.kind == "casualty"]
        near = [held for held in casualties if here - self.doc.sentence_of(held.number.first) <= 3]
        return near[-1] if named and unit is None and near else None

    def _indefinite(self, number: Number, unit: Range | None) -> bool:
        """ "багато хто", "одне авто": a word that counts nothing by itself."""
        one = self.words[number.core_first] in ONE and number.first == number.core_first
        thing = unit is not None and self._befallen(unit) != "person"
        return number_words(self.language).get(self.words[number.core_first], ("",))[0] == "many" or (one and thing)

    def _not_counted(self, unit: Range) -> bool:
        return self.words[unit[1] - 1] in ("рази", "раз", "разів", "час", "сторони", "стороны", "бік")

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
        terms = links(self.language, "as_of")
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


_FIGURE = ("цифр", "кільк", "количеств", "числ")
_NOBODY = frozenset(("ніхто никто жоден жодного жодна жодної жодну жодних").split())
