"""Who is the subject of a verb of saying in Ukrainian and Russian.

Guarantees: the subject is a noun phrase of the verb's own sentence, before it or behind it; where there is none, or a
pronoun, it is whoever spoke last and whose gender the verb or the pronoun allows, with the pronoun as `mention`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from probanda.extract.slavic.gender import GENERIC, HE, PRONOUNS, SHE, THEY, Gender
from probanda.extract.slavic.phrases import Phrases, Range, Who, head_class
from probanda.extract.slavic.words import Terms, folded
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import NamedPassage, Speaker, When

VERBS = ("say", "accuse", "deny", "promise", "threaten", "demand", "believe", "fear", "forecast", "judge")


@dataclass(frozen=True, slots=True)
class Cue:
    first: int
    last: int
    class_: str
    stance: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """`content`: the reported words, in one or two stretches of tokens."""

    cue: Cue
    speaker: Speaker | None
    who: Who | None
    content: tuple[Range, ...]
    venue: NamedPassage | None
    when: When | None


@cache
def cue_terms(language: str) -> Terms[tuple[str, str]]:
    return Terms(
        (form.strip(), (row["class"], row["stance"]))
        for row in table(f"{language}_cues.tsv")
        for form in row["forms"].split(",")
    )


class Subjects:
    """The verbs of saying of one document and who they belong to; later ones know the earlier speakers."""

    def __init__(self, doc: Document, phrases: Phrases, times: Sequence[TimeMention]) -> None:
        self.doc, self.phrases, self.times, self.language = doc, phrases, times, doc.language
        self.words: Sequence[str] = folded(doc.tokens)
        self.timed = phrases.timed
        self.last: Who | None = None  # who spoke last
        self.last_speaker: Speaker | None = None

    def subject(
        self, sentence: Span, cue: Cue, end: int, *, inverted: bool, before: Sequence[Attribution] = ()
    ) -> tuple[Who | None, Speaker | None]:
        """Who speaks: the phrase before the verb or behind it, or whoever spoke last where none stands there."""
        left = None if inverted and not self._left_pronoun(cue) else self._left(sentence, cue)
        right = self._right(cue, end)
        chosen = left or right
        if inverted:
            chosen = right or left
        if chosen is None:
            coordinate = cue.first > sentence.first and self.words[cue.first - 1] in (
                "і",
                "й",
                "та",
                "и",
                "також",
                "также",
                "а",
                "але",
            )
            if coordinate and before:
                return before[-1].who, before[-1].speaker
            return self.resolve(None, self._verb_gender(cue))
        return self.identify(chosen, cue)

    def identify(self, chosen: Range, cue: Cue | None = None) -> tuple[Who | None, Speaker | None]:
        first, last = chosen
        if last - first == 1 and self.words[first] in PRONOUNS:
            return self.resolve(chosen, self._pronoun_gender(self.words[first]))
        if self.words[first] in GENERIC and last - first == 1 and self.last is not None and self.last.person:
            held = self.resolve(chosen, GENERIC[self.words[first]])
            if held[1] is not None:
                return held
        who = self.phrases.who(chosen)
        verb = self._verb_gender(cue) if cue else None
        if who.person and verb in ("m", "f"):
            who = replace(who, gender=verb)
        here = self.doc.passage(first, last)
        speaker = who.speaker(self.doc)
        if (who.first, who.last) != (first, last):
            speaker = replace(speaker, mention=here)
        return who, speaker

    def resolve(self, mention: Range | None, gender: Gender | None) -> tuple[Who | None, Speaker | None]:
        """The last speaker, where gender and number allow it."""
        held = self.last
        if held is None or self.last_speaker is None:
            return None, None
        clash = gender is not None and held.gender is not None and gender != held.gender and held.person
        if clash:
            return None, None
        here = self.doc.passage(*mention) if mention else None
        return held, replace(self.last_speaker, mention=here)

    def _pronoun_gender(self, word: str) -> Gender | None:
        return "f" if word in SHE else "m" if word in HE else "p" if word in THEY else None

    def _verb_gender(self, cue: Cue) -> Gender | None:
        word = self.words[cue.last - 1]
        if cue.class_ not in VERBS:
            return None
        if word.endswith(("ла", "лась", "лася")):
            return "f"
        if word.endswith(("в", "вся", "л", "лся")) and not word.endswith("ли"):
            return "m"
        return "p" if word.endswith(("ли", "лися", "лись", "ють", "ать", "ять", "ют", "ят")) else None

    def _left_pronoun(self, cue: Cue) -> bool:
        return cue.first > 0 and self.words[cue.first - 1] in PRONOUNS

    def _left(self, sentence: Span, cue: Cue) -> Range | None:
        """The noun phrase before the verb, over words of time and place between."""
        place, start = cue.first, sentence.first
        inside: Range | None = None  # "У міністерстві оборони заявили"
        for _ in range(6):
            while place > start and (
                place - 1 in self.timed or self.phrases.part(place - 1) in ("adverb", "particle")
                or self.words[place - 1] in ("це", "це", "это", "їм", "им", "йому", "ему", "їй", "ей", "нам")
                or (self.phrases.part(place - 1) == "preposition" and place in self.timed)
            ):  # fmt: skip
                place -= 1
            if place <= start:
                return inside
            if self.words[place - 1] in (",", "—", "–", ")"):
                opened = self._aside_open(place - 1, start)
                if opened is None:
                    return None
                place = opened
                continue
            if self.words[place - 1] in ("»", '"', "”"):
                opened_mark = next(
                    (at for at in range(place - 2, start - 1, -1) if self.words[at] in ("«", '"', "“", "„")), None
                )
                if opened_mark is None or place - opened_mark > 8:
                    return None
            found = self.phrases.backward(place, start)
            if found is None:
                return inside
            if found[0] > start and self.phrases.part(found[0] - 1) == "preposition":
                institution = self.words[found[0] - 1] in ("у", "в", "во") and self._speaks(found)
                inside = found if institution and inside is None else inside
                place = found[0] - 1
                continue
            return found
        return inside

    def _aside_open(self, comma: int, start: int) -> int | None:
        """The comma that opens the apposition which ends at `comma`: "Іван Ковач, голова ради, заявив"."""
        for at in range(comma - 1, max(start, comma - 16), -1):
            if self.words[at] in (",", "—", "–", "("):
                return (
                    at
                    if not any(self.phrases.part(p) == "verb" for p in range(at + 1, comma))
                    or (self.words[at + 1] in ("який", "яка", "які", "который", "которая", "которые", "що"))
                    else None
                )
        return None

    def _right(self, cue: Cue, end: int) -> Range | None:
        """The noun phrase behind the verb, over words of time, place and addressee."""
        place = cue.last
        skipped_noun = False
        inside: Range | None = None  # "повідомили в Державній службі"
        while place < end and place - cue.last < 14:
            part = self.phrases.part(place)
            if part == "numeral" and place + 2 < end and self.words[place + 1] in ("-", "‑"):
                place += 3  # "54-річна мешканка"
                continue
            if (
                place in self.timed
                or part in ("adverb", "particle")
                or self.words[place] in ("йому", "їй", "нам", "мне", "ему", "ей", "собі")
            ):
                place += 1
                continue
            if part == "preposition":
                after = (
                    self.phrases.forward(place + 1, end) if place + 1 < end and place + 1 not in self.timed else None
                )
                if inside is None and after and self.words[place] in ("у", "в", "во", "уві") and self._speaks(after):
                    inside = after
                place = after[1] if after else place + 1
                continue
            if part in ("noun", "adjective", "name", "pronoun") or self.words[place] in PRONOUNS:
                found = self.phrases.forward(place, end)
                if found is None:
                    return inside
                addressed = (
                    not skipped_noun and self.words[place].endswith(("ам", "ям")) and not self.doc.tokens[place].capital
                )
                if addressed:
                    place, skipped_noun = found[1], True
                    continue
                return found
            return inside
        return inside

    def _speaks(self, span: Range) -> bool:
        """Whether a phrase of place is an institution: "в міністерстві"."""
        return any(head_class(self.words[at], self.language) == "body" for at in range(*span))
