"""Which words of a sentence are reported, in Ukrainian and Russian: where they begin, where they end, and the cues.

Guarantees: a cue of saying stands outside quotation marks and is not denied; content is a stretch of tokens of the
cue's own sentence, but for "Про це повідомив …", "Об этом сообщил …", whose content is the sentence before. Cues:
lexica/{uk,ru}_cues.tsv.
"""

from __future__ import annotations

from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.subjects import VERBS, Cue, Subjects, cue_terms
from probanda.extract.slavic.words import Found
from probanda.extract.text.segments import Span

THAT = frozenset(("що ніби нібито буцімто начебто мовляв что будто якобы").split())
DASHES = frozenset("—–-")
_NOT = frozenset(["не", "ні"])
_THIS = (("про", "це"), ("про", "те"), ("об", "этом"), ("о", "том"), ("о", "чем"), ("про", "що"))
_DESCRIBING = ("ими", "ыми", "ым", "им", "ою", "ой", "ом", "ій")
_OPENERS = frozenset("який яка які котрий коли де который которая которые когда где а але но і и та що что".split())
_RELATIVE = frozenset(
    (
        "який яка яке які якого якої яких якому якій котрий котра котрі що который которая которое которые которого "
        "которой которых что где де куди куда"
    ).split()
)
_TURN = frozenset("сам сама самі сами але но однак однако проте хоча хотя".split())
_CONDITIONS = frozenset("якщо якби коли поки хоча щойно если когда пока хотя".split())
_THEM = frozenset("їх його її их его ее ворога противника".split())
_DIRECT_OBJECT = ("accuse", "deny", "promise", "threaten", "demand", "judge", "fear", "forecast")
_ABOUT = frozenset(["про", "о", "об", "обо"])
WORDS_OF = frozenset(
    (
        "словами слів даними даних інформацією твердженням твердженнями оцінками оцінкою підрахунками свідченнями "
        "словам данным информации утверждению утверждениям оценке оценкам подсчетам сведениям свидетельствам думку "
        "мнению"
    ).split()
)


class Clauses(Subjects):
    """The cues of one document and the words that they report."""

    _told: set[int]  # sentences whose words somebody is told to have said

    def _sentence_before(self, sentence: Span) -> Range | None:
        """The sentence before "Про це повідомив …", "Об этом сообщил …", where nobody else has said it."""
        at = sentence.first
        while at < sentence.last and self.words[at] in ("також", "также", "раніше", "ранее"):
            at += 1
        if self.words[at : at + 2] not in _THIS:
            return None
        number = self.doc.sentence_of(sentence.first)
        if not number or number - 1 in self._told:
            return None
        before = self.doc.sentences[number - 1]
        gap = self.doc.paragraph_of(sentence.first) - self.doc.paragraph_of(before.first)
        quoted = any(self.doc.quoted_of(place) is not None for place in (before.first, before.first + 1))
        if gap > 1 or quoted or self.words[before.first] in DASHES:
            return None
        end = self._sentence_end(before)
        return (before.first, end) if end - before.first >= 3 else None

    def _behind_aside(self, sentence: Span, cue: Cue, content: Range) -> Range | None:
        """What goes on behind an aside: "Горожани, додав він, готуються до облоги"."""
        end = self._sentence_end(sentence)
        comma = next((at for at in range(cue.last, min(end, cue.last + 10)) if self.words[at] in (",", "—", "–")), end)
        if end - comma <= 2 or self.words[comma - 1 - (cue.last - cue.first)] in THAT:
            return None
        begin = comma + 1 + (self.words[comma + 1] in DASHES)
        end = next((at for at in range(begin, end) if self.words[at] == ";"), end)
        if self.words[begin] in _OPENERS or self.cues(begin, end) or self.doc.quoted_of(begin) is not None:
            return None
        short = content[1] - content[0] <= 3 or self.words[content[0]] in _CONDITIONS
        parts = [self.phrases.part(at) for at in range(begin, end)]
        goes_on = parts[0] != "gerund" and any(part in ("verb", "impersonal") for part in parts)
        return (begin, end) if short or (goes_on and self.phrases._apposed(comma) is None) else None

    def _stop(self, sentence: Span, cue: Cue, following: Cue | None) -> int:
        """Where the content of this cue ends: before "і додав, що", otherwise with the sentence."""
        end = self._sentence_end(sentence)
        if following is None or following.class_ not in VERBS:
            return end
        if following.class_ == "say" and self._after_that(sentence, following.last, None) is None and (
            ":" not in self.words[following.last : following.last + 3]
        ):  # fmt: skip
            return end  # "… перевіряє докази і передало матеріали"
        parted = next((at for at in range(cue.last, following.first) if self.words[at] == ";"), None)
        if parted is not None:
            return parted
        at = following.first - 1
        while at > cue.last and (
            self.phrases.part(at) in ("adverb", "particle") or at in self.timed
            or (self.phrases.part(at) == "preposition" and at + 1 in self.timed)
        ):  # fmt: skip
            at -= 1
        if self.words[at] in ("і", "й", "та", "и", "а", "але", "но"):
            at -= self.words[at - 1] == ","
            return at
        if self.words[at] == "також" and self.words[at - 1] == "а":
            return at - 2
        return end

    def _sentence_end(self, sentence: Span) -> int:
        end = sentence.last
        while (
            end > sentence.first
            and self.doc.tokens[end - 1].kind == "mark"
            and self.doc.tokens[end - 1].text not in ")%"
        ):
            end -= 1
        return end

    def _after_that(self, sentence: Span, place: int, stop: int | None) -> Range | None:
        """What follows ", що", up to `stop`."""
        words, end = self.words, self._sentence_end(sentence) if stop is None else stop
        at = place
        while at + 1 < end and at - place < 40:
            if words[at] in THAT and (
                words[at - 1] == ","
                or at == place
                or words[at - 1] in ("те", "тому", "том", "то", "того", "тем", "про")
            ):
                spoken = next((p for p in range(at + 1, end - 1) if words[p] == ":" and words[p + 1] in '«"“„'), None)
                end = end if spoken is None else spoken  # "вважає, що …: «…»"
                return (at + 1, end) if end - at > 2 else None
            if at > place and self._crosses(at):
                return None
            at += 1
        return None

    def _crosses(self, at: int) -> bool:
        """Whether a verb or the end of a clause parts a cue from its "що"."""
        if self.doc.tokens[at].text in (";", ":"):
            return True
        found = cue_terms(self.language).keys(self.words[at])
        return bool(found) and self.phrases.part(at) == "verb" and self.words[at - 1] not in (",",)

    def _is_aside(self, sentence: Span, first: int) -> bool:
        """Whether the cue opens an aside after the words: ", сказав X", ", — повідомив X", ", як заявив X"."""
        at = first - 1
        while at > sentence.first and (
            self.words[at] in ("як", "как", "также", "також")
            or self.phrases.part(at) in ("adverb", "pronoun")
            or at in self.timed
            or (self.phrases.part(at) == "preposition" and at + 1 in self.timed)
        ):  # fmt: skip
            at -= 1
        if at <= sentence.first or self._after_relative(sentence, first):
            return False
        return self.words[at] in DASHES or (self.words[at] == "," and at - sentence.first >= 1)

    def _after_relative(self, sentence: Span, first: int) -> bool:
        """Whether the verb goes on with its subject behind a clause on it: "Посол, який приїхав, назвав …",
        "Прем'єр, виступаючи в сеймі, припустив …"."""
        comma = next((at for at in range(sentence.first, first) if self.words[at] == ","), first)
        if comma >= first - 2 or self.words[first - 1] not in (",", "—", "–"):
            return False
        head = self.phrases.forward(sentence.first, comma)
        if head is None or head[1] != comma or not self.phrases.is_somebody(head):
            return False
        opens = self.words[comma + 1] in _RELATIVE or self.phrases.part(comma + 1) == "gerund"
        return opens or self.words[comma + 2] in _RELATIVE

    def _told_before(self, sentence: Span, first: int) -> Range | None:
        """The words before an aside that begins at token `first`."""
        at = first
        while at > sentence.first and self.words[at - 1] not in (",", "—", "–", "-"):
            at -= 1
        while (
            at > sentence.first and self.doc.tokens[at - 1].kind == "mark" and self.doc.tokens[at - 1].text not in ")%»"
        ):
            at -= 1
        begin = next((p + 1 for p in range(at - 1, sentence.first, -1) if self.words[p] == ";"), sentence.first)
        while begin < at and self.words[begin] in ("—", "–", "-"):
            begin += 1
        return (begin, at) if at - begin >= 2 else None

    def _as_told(self, sentence: Span, cue: Cue) -> Range | None:
        """ "Як повідомляє агентство, [...]": the words behind the opening aside."""
        if cue.first != sentence.first + 1 or self.words[sentence.first] not in ("як", "как"):
            return None
        end = self._sentence_end(sentence)
        comma = next((at for at in range(cue.last, end) if self.words[at] == ","), end)
        return (comma + 1, end) if end - comma > 2 else None

    def _object(self, sentence: Span, cue: Cue, stop: int) -> Range | None:
        """What is accused, denied, promised or reported of as the verb's object."""
        place = cue.last
        while place < stop and (place in self.timed or self.phrases.part(place) in ("adverb", "particle")):
            place += 1
        marked = self._in_marks(cue, place, stop)
        if marked is not None:
            return marked
        stop = self._bounded(sentence, cue, stop)
        about = next((at for at in range(place, min(stop, place + 8)) if self.words[at] in _ABOUT), None)
        if cue.class_ in ("say", "count"):
            if about is not None and not any(self.phrases.part(at) == "verb" for at in range(place, about)):
                stop = next((at for at in range(about, stop) if self._new_clause(at)), stop)
                return (about, stop) if stop - about >= 2 else None
            colon = next((at for at in range(place, min(stop, place + 25)) if self.words[at] == ":"), None)
            if colon is not None and colon + 1 < stop and self.doc.quoted_of(min(colon + 2, stop - 1)) is None:
                return colon + 1, stop
            stop = next((at for at in range(place, stop) if self.words[at] == ";"), stop)
            counts = any(self.doc.tokens[at].kind == "number" for at in range(place, min(stop, place + 6)))
            return (place, stop) if counts and stop - place >= 2 else None
        if cue.class_ in _DIRECT_OBJECT and stop - place >= 2 and self.words[place] not in (":", "."):
            return place, stop
        if (
            cue.class_ == "believe"
            and stop - place >= 3
            and self.phrases.part(place) in ("noun", "adjective", "pronoun")
        ):
            return place, stop
        return None

    def _in_marks(self, cue: Cue, place: int, stop: int) -> Range | None:
        """What is judged or thought to be, in its own words: "назвала ці слова «цинізмом»"."""
        if cue.class_ not in ("judge", "believe"):
            return None
        at = next((at for at in range(place, stop) if self.doc.quoted_of(at) is not None), None)
        if at is None or any(self.words[p] in (",", ";", ":") for p in range(place, at)):
            return None
        held = self.doc.quoted[self.doc.quoted_of(at) or 0]
        return (held.first, held.last) if self.words[held.first - 2] not in ("у", "в", "на", "з", "с") else None

    def _bounded(self, sentence: Span, cue: Cue, stop: int) -> int:
        """What a verb inside a relative clause reports ends with the clause; what is denied ends at a colon."""
        opened = next((at for at in range(cue.first - 1, sentence.first, -1) if self.words[at] == ","), None)
        relative = opened is not None and self.words[opened + 1] in _RELATIVE and cue.first - opened < 6
        marks = (",",) if relative else (":", ";") if cue.class_ in ("deny", "judge") else (";",)
        return next((at for at in range(cue.last, stop) if self.words[at] in marks), stop)

    def _new_clause(self, at: int) -> bool:
        """Whether a comma begins a clause with another subject: "говорить про чистку, сам центр …"."""
        return self.words[at] == "," and self.words[at + 1] in (
            "сам",
            "сама",
            "самі",
            "сами",
            "але",
            "но",
            "однак",
            "однако",
            "проте",
            "хоча",
            "хотя",
        )

    def cues(self, first: int, end: int) -> list[Cue]:
        """The cues between tokens, outside quotation marks."""
        found, place, terms = [], first, cue_terms(self.language)
        while place < end:
            match = terms.at(self.words, place, end) or self._described(place, end)
            if match is None or self.doc.quoted_of(place) is not None:
                place += 1
                continue
            if match.value[0] in ("untold", "source"):
                match = self._whose(match.first, match.last, end) or match
            class_, stance = match.value
            denied = place > first and self.words[place - 1] in _NOT
            thrown = class_ == "deny" and place > first and self.words[place - 1] in _THEM  # "їх відкинули"
            if not denied and not thrown:
                found.append(Cue(match.first, match.last, class_, stance))
            place = match.last
        return found

    def _described(self, place: int, end: int) -> Found[tuple[str, str]] | None:
        """ "за уточненими даними", "по последним данным": a source with a word between."""
        if self.words[place] not in ("за", "по") or place + 1 >= end or not self.words[place + 1].endswith(_DESCRIBING):
            return None
        return self._whose(place, place + 2, end)

    def _whose(self, first: int, last: int, end: int) -> Found[tuple[str, str]] | None:
        """A phrase of source whose owner stands behind it: "за попередніми даними поліції"."""
        at = last
        while at < end and self.words[at].endswith(_DESCRIBING) and self.words[at] not in WORDS_OF:
            at += 1
        if at < end and self.words[at] in WORDS_OF:
            at += 1
        if self.words[at - 1] not in WORDS_OF or at >= end:
            return None
        found = self.phrases.forward(at, end)
        if found is None and self.words[at] == ",":
            return Found(first, at, ("untold", "state"))  # "за неофіційною інформацією, …"
        return Found(first, at, ("source", "state")) if found and self.phrases.is_somebody(found) else None
