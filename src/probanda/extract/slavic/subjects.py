"""Who is the subject of a verb of saying in Ukrainian and Russian.

Guarantees: the subject is a noun phrase of the verb's own sentence, before it or behind it; where there is none, or a
pronoun, it is whoever spoke last and whose gender the verb or the pronoun allows, with the pronoun as `mention`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from probanda.extract.slavic.gender import GENERIC, HE, POSSESSIVE, PRONOUNS, SHE, THEY, Gender
from probanda.extract.slavic.heads import head_class
from probanda.extract.slavic.phrases import Phrases, Range, Who
from probanda.extract.slavic.words import Terms, folded, lemma, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import NamedPassage, Speaker, When


class _Spoke(NamedTuple):
    token: int
    who: Who
    speaker: Speaker
    plural: bool


VERBS = ("say", "accuse", "deny", "promise", "threaten", "demand", "believe", "fear", "forecast", "judge")


_PASSED = frozenset(
    "це это їм им йому ему їй ей нам свою своє своё свое свої свои свой свій цю ці эту эти её ее його его".split()
)
_OWN = frozenset("своєму своїй своїм своїх своем своей своих своим нашому нашем".split())
_ALSO = ("і", "й", "та", "и", "також", "также", "а", "але", "но")
_DATA = frozenset("дані підрахунки оцінки матеріали документи данные подсчеты оценки материалы документы".split())
_PAPERS = (
    "заяв",
    "повідомлен",
    "звіт",
    "доповід",
    "лист",
    "допис",
    "сообщен",
    "отчет",
    "отчёт",
    "доклад",
    "письм",
    "пост",
)
_SOME = frozenset(
    "один одна одне дехто хтось одно кто-то некоторые деякі інший інша другой другая двоє двое троє трое".split()
)
_CLOSE = ("близьк", "знайом", "обізнан", "наближен", "близк", "знаком", "осведомл", "приближен")


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
        self._spoke: list[_Spoke] = []  # in the order of the text
        self._now: int | None = None  # the token up to which speakers are known; None: to the end

    # who spoke

    def note(self, token: int, who: Who, speaker: Speaker, *, plural: bool = False) -> None:
        """Whoever speaks, or is told of first, at `token` is whom a pronoun behind it can mean."""
        insort(self._spoke, _Spoke(token, who, speaker, plural), key=lambda held: held.token)

    def up_to(self, token: int) -> None:
        """From now on only who spoke before `token` is known: speech is read after the clauses around it."""
        self._now = token

    def _before(self, gender: Gender | None = None) -> _Spoke | None:
        """The last who spoke and whose gender goes with this one."""
        for held in reversed(self._spoke):
            if self._now is not None and held.token >= self._now:
                continue
            if gender in ("m", "f") and held.who.person and held.who.gender not in (None, gender):
                continue
            return held
        return None

    @property
    def last(self) -> Who | None:
        held = self._before()
        return held.who if held else None

    @property
    def last_speaker(self) -> Speaker | None:
        held = self._before()
        return held.speaker if held else None

    def subject(
        self, sentence: Span, cue: Cue, end: int, *, inverted: bool, before: Sequence[Attribution] = ()
    ) -> tuple[Who | None, Speaker | None]:
        """Who speaks: the phrase before the verb or behind it, or whoever spoke last where none stands there."""
        left = None if inverted and not self._left_pronoun(cue) else self._fit(self._left(sentence, cue), cue)
        right = self._fit(self._right(cue, end), cue)
        if right is not None and not inverted and not self.phrases.is_somebody(right) and (
            before or self._opening(sentence, cue) is not None
        ):  # fmt: skip
            right = None  # "спростувало твердження, ніби …"
        chosen = left or right
        if inverted:
            chosen = right or left
        there = self._there(sentence, cue) if chosen is None else None
        if there is not None:
            return there
        if chosen is None and not inverted:
            coordinate = cue.first > sentence.first and self.words[cue.first - 1] in _ALSO
            opening = self._opening(sentence, cue)
            if coordinate and before and (opening is None or opening[0] < before[-1].cue.first):
                return before[-1].who, before[-1].speaker
            chosen = opening
        if chosen is None:
            return self.resolve(None, self._verb_gender(cue))
        return self.identify(chosen, cue)

    def _fit(self, found: Range | None, cue: Cue) -> Range | None:
        """The phrase where it can be the subject of this verb: no object, no noun in another number or gender."""
        if found is None:
            return None
        head = next((at for at in range(*found) if self.phrases.part(at) in ("noun", "name")), found[0])
        named = (
            self.doc.tokens[found[0]].capital and self.doc.sentences[self.doc.sentence_of(found[0])].first != found[0]
        )
        word = self.words[head]
        if self.phrases.is_somebody(found) and (named or head_class(word, self.language) or self._person_in(found)):
            return found
        if self.phrases.names_in(*found) or self.phrases.known(found):
            return found
        if word in PRONOUNS or word in GENERIC or self.words[found[0]] in _SOME:
            return found
        verb, nominative = self._verb_gender(cue), lemma(word, self.language) == word
        if self.doc.tokens[found[0]].capital and found[1] - found[0] == 1 and nominative and verb != "p":
            return found  # a surname at the head of a sentence
        if verb == "p":
            many = word.endswith(("и", "і", "ы", "ї", "ие", "ые")) and not word.endswith(("ими", "ыми", "ами", "ями"))
            return found if not nominative and many else None
        if verb == "m":
            return found if nominative and not word.endswith(("о", "е", "я", "ие")) else None
        if verb == "f":
            return found if nominative and word.endswith(("а", "я", "ь")) else None
        return found if nominative and self.words[found[0] - 1] not in POSSESSIVE | _PASSED else None

    def _person_in(self, found: Range) -> bool:
        return any(head_class(self.words[at], self.language) is not None for at in range(*found))

    def _opening(self, sentence: Span, cue: Cue) -> Range | None:
        """The subject that opens the stretch and has a verb of its own before this one: "Посол встав і заявив"."""
        first = next(
            (at + 1 for at in range(cue.first - 1, sentence.first, -1) if self.words[at] == ";"), sentence.first
        )
        found = self.phrases.forward(first, cue.first)
        if found is None or found[1] >= cue.first or not self.phrases.is_somebody(found):
            return None
        between = [self.phrases.part(at) for at in range(found[1], cue.first)]
        return self._fit(found, cue) if "verb" in between else None

    def _there(self, sentence: Span, cue: Cue) -> tuple[Who | None, Speaker | None] | None:
        """ "там впевнені, що …": the body or the seat of power that was told of."""
        at = cue.first - 1
        while at > sentence.first and self.words[at] in ("також", "также", "же", "ж", "вже", "уже", "ще", "еще"):
            at -= 1
        if at < sentence.first or self.words[at] != "там" or self._verb_gender(cue) not in ("p", None):
            return None
        held = self._before()
        if held is None or held.who.person:
            return None
        return held.who, replace(held.speaker, mention=self.doc.passage(at, at + 1))

    def identify(self, chosen: Range, cue: Cue | None = None) -> tuple[Who | None, Speaker | None]:
        first, last = chosen
        if last - first == 1 and self.words[first] in PRONOUNS:
            return self.resolve(chosen, self._pronoun_gender(self.words[first]))
        if self.words[first] in _DATA and last - first > 1:
            first += 1  # "свідчать дані прокуратури"
        if self.words[first].startswith(_PAPERS) and last - first > 1 and not self.doc.tokens[first].capital:
            first += 1  # "йдеться в заяві міністерства"
        if self.words[first] in _SOME and last - first == 1 and self.words[last : last + 1] and (
            self.words[last] in ("із", "з", "из", "зі")
        ):  # fmt: skip
            inner = self.phrases.forward(last + 1, min(last + 4, len(self.words)))
            last = inner[1] if inner else last + 2 * (self.words[last + 1] in ("них", "нас", "тих", "тех"))
        if head_class(self.words[last - 1], self.language) == "body" and self.words[last : last + 1] == ("в",) and (
            self.doc.tokens[last + 1].capital and cue is not None and first >= cue.last and self.words[last + 2] in ",."
        ):  # fmt: skip
            last += 2  # "заявляет правительство в Марлове,"
        if self.words[first] in ("джерело", "источник") and last - first == 1:
            last = self._described_source(last)
        if self.words[first] in GENERIC and last - first == 1 and self.last is not None and self.last.person:
            held = self.resolve(chosen, GENERIC[self.words[first]])
            if held[1] is not None:
                return held
        who = self.phrases.who((first, last))
        verb = self._verb_gender(cue) if cue else None
        if who.person and verb in ("m", "f"):
            who = replace(who, gender=verb)
        here = self.doc.passage(first, last)
        speaker = who.speaker(self.doc)
        if (who.first, who.last) != (first, last):
            speaker = replace(speaker, mention=here)
        return who, speaker

    def _described_source(self, last: int) -> int:
        """The end of "джерело, близьке до слідства"."""
        if last + 1 < len(self.words) and self.words[last] == "," and self.words[last + 1].startswith(_CLOSE):
            end = next((at for at in range(last + 2, min(last + 9, len(self.words))) if self.words[at] in ",.;"), None)
            return end if end is not None else last
        return last

    def resolve(self, mention: Range | None, gender: Gender | None) -> tuple[Who | None, Speaker | None]:
        """The last speaker, where gender and number allow it."""
        held = self._before(gender)
        if held is None or (mention is None and gender in ("m", "f") and held is not self._before()):
            return None, None
        if mention is None and gender == "p" and held.who.gender != "p" and not held.plural:
            return None, None  # "Побоюються, що …": nobody told of
        here = self.doc.passage(*mention) if mention else held.speaker.mention
        return held.who, replace(held.speaker, mention=here)

    def _pronoun_gender(self, word: str) -> Gender | None:
        return "f" if word in SHE else "m" if word in HE else "p" if word in THEY else None

    def _verb_gender(self, cue: Cue) -> Gender | None:
        word = self.words[cue.last - 1]
        if cue.class_ not in (*VERBS, "count", "utter"):
            return None
        if word.endswith(("ла", "лась", "лася")):
            return "f"
        if word.endswith(("в", "вся", "л", "лся")) and not word.endswith("ли"):
            return "m"
        return "p" if word.endswith(("ли", "лися", "лись", "ють", "ать", "ять", "уть", "ют", "ят", "ут")) else None

    def _left_pronoun(self, cue: Cue) -> bool:
        return cue.first > 0 and self.words[cue.first - 1] in PRONOUNS

    def _left(self, sentence: Span, cue: Cue) -> Range | None:
        """The noun phrase before the verb, over words of time and place between."""
        place, start = cue.first, sentence.first
        inside: Range | None = None  # "У міністерстві оборони заявили"
        for _ in range(6):
            while place > start and (
                place - 1 in self.timed or self.phrases.part(place - 1) in ("adverb", "particle")
                or self.words[place - 1] in _PASSED
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
            parted = self._venue_only(found)
            if parted[1] < found[1] and self._verb_gender(cue) != "p":
                return parted[1], found[1]  # "на засіданні ради голова комісії розповів"
            if found[0] > start and self.phrases.part(found[0] - 1) == "preposition":
                seat = self._verb_gender(cue) == "p" and self.doc.tokens[found[0]].capital
                institution = self.words[found[0] - 1] in ("у", "в", "во") and (self._speaks(found) or seat)
                inside = found if institution and inside is None else inside
                place = found[0] - 1
                continue
            if self._fit(found, cue) is None and found[0] > start and "," not in self.words[found[0] : place]:
                place = found[0]  # an object between subject and verb: "Уряд свою причетність заперечує"
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
                led_at = place + 1 + (self.words[place + 1 : place + 2] != () and self.words[place + 1] in _OWN)
                after = self.phrases.forward(led_at, end) if led_at < end and led_at not in self.timed else None
                after = self._venue_only(after) if after else None
                seat = after is not None and self._verb_gender(cue) == "p" and (
                    self.doc.tokens[after[0]].capital or (place == cue.last and not self._occasion(after))
                )  # fmt: skip
                led = self.words[place] in ("у", "в", "во", "уві")
                if inside is None and after and led and (seat or self._speaks(after)):
                    inside = after
                place = after[1] if after else place + 1
                continue
            if self.words[place] in ("«", '"', "“", "„") and place + 1 < end and self.doc.tokens[place + 1].capital:
                return self.phrases.forward(place, end) or inside  # "пише «Степовий край»"
            if part in ("noun", "adjective", "name", "pronoun") or self.words[place] in PRONOUNS:
                found = self.phrases.forward(place, end)
                if found is None:
                    return inside
                if not skipped_noun and self.phrases.addressee(place):
                    place, skipped_noun = place + 1, True
                    if self.words[place : place + 1] and self.words[place] in ("«", '"', "“", "„"):
                        closed = self.phrases.closed(place, end)
                        place = place if closed is None else closed + 1
                    elif place < end and self.doc.tokens[place].capital and self.words[place].isascii():
                        place += 1  # "сказала агентству Reuters мешканка"
                    continue
                return found
            return inside
        return inside

    def _occasion(self, span: Range) -> bool:
        """Whether a phrase of place is an occasion or a channel, and no body: "у телеграмі", "на брифінгу"."""
        return any(terms_of(self.language, "venues").keys(self.words[at]) for at in range(*span))

    def _venue_only(self, after: Range) -> Range:
        """The phrase up to the nominative that names who speaks: "сказала на брифінгу речниця місії"."""
        for at in range(after[0] + 1, after[1]):
            held = head_class(self.words[at], self.language)
            if held in ("person", "people") and self._nominative(at):
                while at - 1 > after[0] and self.phrases.part(at - 1) == "adjective" and (
                    self.words[at - 1].endswith(("ий", "ій", "ый", "ой", "а", "я"))
                ):  # fmt: skip
                    at -= 1
                return after[0], at
        return after

    def _nominative(self, at: int) -> bool:
        word = self.words[at]
        return lemma(word, self.language) == word or word.endswith(("ка", "ця", "ница", "стка"))

    def _speaks(self, span: Range) -> bool:
        """Whether a phrase of place is an institution: "в міністерстві"."""
        return any(head_class(self.words[at], self.language) == "body" for at in range(*span))
