"""How many voted for, against, or abstained, in Ukrainian and Russian: the number of the same stretch of a sentence.

Guarantees: a number goes to за, проти or утрималися (за, против, воздержались) only where it is the nearest of its
sentence that no other of these words has, with those of the same stretch between marks first; each number says one
thing. What a vote came to is told in its own sentence, or in one of the next two, or in the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from probanda.extract.slavic.numbers import Number
from probanda.extract.text.segments import Document, Span
from probanda.records.reading import Counts, Effect

_PARTING = frozenset(", ; : . при а і и та но але зате".split())
_EFFECTS: dict[str, Effect] = {"for": "voted_for", "against": "voted_against", "abstaining": "abstained"}
_SUPPORT = ("проголос", "голос", "виступ", "выступ", "висловил", "высказал", "подано", "подали")
_REJECTED = ("відхил", "отклон", "провал")
_FAR = 7  # tokens between a word of the vote and its number; arbitrary


@dataclass(frozen=True, slots=True)
class Tally:
    """What one vote came to, the sentence that tells of it, and what each number (by its token) says."""

    counts: Counts
    sentence: int
    effects: Mapping[int, Effect]


class Ballots:
    def __init__(self, doc: Document, words: Sequence[str], numbers: Sequence[Number]) -> None:
        self.doc, self.words, self.numbers = doc, words, numbers
        self._read: dict[int, dict[str, Number]] = {}

    def of(self, trigger: int) -> Tally | None:
        """The tally of the vote that the word at token `trigger` names."""
        own = self.doc.sentence_of(trigger)
        paragraph = self.doc.paragraph_of(trigger)
        for at in (own, own + 1, own + 2, own - 1):
            if not 0 <= at < len(self.doc.sentences):
                continue
            sentence = self.doc.sentences[at]
            held = self._in(at)
            if abs(self.doc.paragraph_of(sentence.first) - paragraph) > 1 or not held.keys() & {"for", "against"}:
                continue
            if "abstaining" not in held and at + 1 < len(self.doc.sentences):
                after = self._in(at + 1)
                if after.keys() == {"abstaining"}:
                    held = {**held, **after}
            value = {name: number.stated for name, number in held.items() if isinstance(number.stated, int)}
            counts = Counts(value.get("for"), value.get("against"), value.get("abstaining"))
            return Tally(counts, at, {number.core_first: _EFFECTS[name] for name, number in held.items()})
        return None

    def told_in(self, at: int) -> Tally | None:
        """The tally of a sentence that tells both who was for and who against."""
        held = self._in(at)
        if not {"for", "against"} <= held.keys():
            return None
        value = {name: number.stated for name, number in held.items() if isinstance(number.stated, int)}
        counts = Counts(value.get("for"), value.get("against"), value.get("abstaining"))
        return Tally(counts, at, {number.core_first: _EFFECTS[name] for name, number in held.items()})

    def _in(self, at: int) -> dict[str, Number]:
        if at not in self._read:
            self._read[at] = self._ballots(self.doc.sentences[at])
        return self._read[at]

    def _ballots(self, sentence: Span) -> dict[str, Number]:
        numbers = [number for number in self.numbers if sentence.first <= number.core_first < sentence.last
                   and number.kind == "count" and isinstance(number.stated, int)]  # fmt: skip
        if not numbers:
            return {}
        labels = [(at, name) for at in range(sentence.first, sentence.last) if (name := self._label(at, sentence))]
        found = self._in_words(numbers)
        if found and any(self.words[at].startswith(_REJECTED) for at in range(sentence.first, sentence.last)):
            found = {"for": found["against"], "against": found["for"]}  # "288 голосами проти 31 відхилив"
        used = {number.core_first for number in found.values()}
        ranked = sorted(
            ((self._distance(at, number), at, name, number) for at, name in labels for number in numbers),
            key=lambda row: (row[0], row[1]),
        )
        for distance, _, name, number in ranked:
            if distance <= _FAR and name not in found and number.core_first not in used:
                found[name] = number
                used.add(number.core_first)
        return found

    def _in_words(self, numbers: Sequence[Number]) -> dict[str, Number]:
        """ "64 голосами проти 21": the number in front is for."""
        for one, two in pairwise(numbers):
            between = self.words[one.core_last : two.core_first]
            if len(between) in (1, 2, 3) and "," not in between and between[-1] in ("проти", "против") and (
                len(between) == 1 or between[0].startswith("голос")
            ):  # fmt: skip
                return {"for": one, "against": two}
        return {}

    def _distance(self, at: int, number: Number) -> int:
        """Tokens between a word of the vote and a number; what parts two stretches of the sentence counts double."""
        first, last = (at + 1, number.core_first) if number.core_first > at else (number.core_last, at)
        between = self.words[first:last]
        return len(between) + 8 * sum(word in _PARTING for word in between)

    def _label(self, at: int, sentence: Span) -> str | None:
        word = self.words[at]
        if word.startswith(("утрим", "воздерж")) and not word.startswith(("утримув", "утримую")):
            return "abstaining"
        if word in ("проти", "против"):
            return "against"
        if word == "за":
            near = self.words[max(sentence.first, at - 3) : at + 7]
            after = self.words[min(at + 1, sentence.last - 1)]
            if any(other.startswith(_SUPPORT) for other in near) or self.words[at - 1] in ("«", '"', "“"):
                return "for"
            return "for" if after in ("—", "–", ",", ";", "при") else None
        if word.startswith("голос") and at > sentence.first and self.doc.tokens[at - 1].kind == "number":
            return "for"
        if word.startswith(("підтрима", "поддержа")) and any(
            self.doc.tokens[p].kind == "number" or self._counted(p) for p in range(at, min(at + 7, sentence.last))
        ):
            return "for"
        return None

    def _counted(self, at: int) -> bool:
        return any(number.core_first == at for number in self.numbers)
