"""Noun phrases that can name a speaker, and who they name: name, role, gender.

Guarantees: a phrase is adjacent tokens of one sentence; name and role are its own words in the case in which they
stand; a surname or a pronoun is resolved only to a person named before with a matching surname or gender. Words for
persons and bodies: lexica/{uk,ru}_roles.tsv. Cases are not told apart beyond what the ending of a name shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probanda.extract.slavic.cases import nominatives
from probanda.extract.slavic.gender import GENERIC, POSSESSIVE, PRONOUNS, Gender, gender_of
from probanda.extract.slavic.heads import head_class, same_office
from probanda.extract.slavic.words import fold, folded, lemma, part_of
from probanda.extract.text.segments import Document
from probanda.records.reading import Place, Speaker, SpeakerKind

Range = tuple[int, int]

_AND = frozenset(["і", "й", "та", "и"])
_INSIDE = frozenset(["з", "із", "по", "в", "у", "при", "на", "для", "во", "с", "от", "від"])
_TITLE_AFTER = tuple(
    (
        "питан прав справ вопрос дел людин човек озброєн делам правам правах надзвич чрезвыч розслідув расслед "
        "забезпеч закордон иностран внутрішн внутренн гуманітар гуманитар ядерн міграц мигра безпек безопас оборон "
        "зв'язк связ координац контрол нагляд надзор"
    ).split()
)
_SURNAME = tuple(("ко ук юк ський цький ська цька ов ев ова ева ин ина ський").split())
_PATRONYMIC = tuple(("ович евич йович івна ївна овна евна овича евича івни овны овичем івною").split())


_Known = tuple[int, str, str, Range, str | None, Gender | None]  # where, name, surname, its tokens, role, gender


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody named: tokens [first, last), name and role as they stand, gender as far as it shows."""

    first: int
    last: int
    name: str | None
    role: str | None
    gender: Gender | None
    person: bool

    @property
    def kind(self) -> SpeakerKind | None:
        """person, group or body, as far as the words tell."""
        if self.person:
            return "person"
        return "group" if self.gender == "p" else "body" if self.gender == "n" else None

    def speaker(self, doc: Document) -> Speaker:
        return Speaker(self.name, self.role, doc.passage(self.first, self.last), kind=self.kind)


class Phrases:
    """The noun phrases of one document, and the persons that it names."""

    def __init__(self, doc: Document, timed: frozenset[int], places: Sequence[Place]) -> None:
        self.doc, self.language, self.timed = doc, doc.language, timed
        self.words: Sequence[str] = folded(doc.tokens)
        self._placed = {
            token
            for place in places
            for token in range(doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1)
        }
        self._cast: list[_Known] = []

    # extent

    def part(self, place: int) -> str:
        token = self.doc.tokens[place]
        if token.kind == "number":
            return "numeral"
        if token.kind == "mark":
            return "mark"
        if token.text.isupper() and len(token.text) > 1:
            return "noun"
        found = part_of(self.words[place], self.language)
        if (
            token.capital
            and found in ("verb", "impersonal", "adverb", "gerund", "adjective")
            and not self._opens(place)
        ):
            return "adjective" if self.words[place].endswith(_ADJECTIVES) else "name"
        return found

    def _opens(self, place: int) -> bool:
        return self.doc.sentences[self.doc.sentence_of(place)].first == place

    def forward(self, place: int, end: int) -> Range | None:
        """The noun phrase that begins at token `place`, before `end`."""
        words, tokens, first = self.words, self.doc.tokens, place
        last = place
        while place < end:
            kind = self.part(place)
            if place in self.timed:
                break
            if kind in ("noun", "adjective", "name"):
                if kind == "noun" and not tokens[place].capital and last > first and self._named_before(first, place):
                    break
                if place == first + 1 and words[first] in GENERIC and not tokens[place].capital:
                    break  # "розповіла жінка агентству"
                if last > first and self._addressed(place):
                    break  # "сказав Калло журналістам"
                place += 1
                last = place
            elif tokens[place].text in '«"“„':
                close = self._close(place, end)
                if close is None or close - place > 6:
                    break
                place = last = close + 1
            elif (words[place] in _AND and place + 1 < end and last == place and self._joins(place)) or (
                words[place] in _INSIDE
                and place + 1 < end
                and last == place
                and last > first
                and (words[place + 1].startswith(_TITLE_AFTER))
            ):
                place += 1
            elif tokens[place].text in "-–." and last == place and place + 1 < end and (
                tokens[place].text == "." and len(tokens[place - 1].text) == 1 and tokens[place - 1].capital
            ):  # fmt: skip
                place += 1
                last = place
            elif words[place] in POSSESSIVE and place == first and self._owned(place + 1, end):
                place += 1
            elif words[place] in PRONOUNS and place == first:
                return first, place + 1
            elif kind == "pronoun" and place == first and words[place] in _DETERMINING:
                place += 1
                first_noun = place
                if first_noun >= end:
                    break
            else:
                break
        return (first, last) if last > first else None

    def _owned(self, place: int, end: int) -> bool:
        """ "її директорки", "его представителя": what follows belongs to whom the pronoun means."""
        return place < end and place not in self.timed and any(
            (head_class(self.words[at], self.language) is not None and self.part(at) in ("noun", "adjective"))
            or (self.part(at) == "noun" and lemma(self.words[at], self.language) == self.words[at])
            for at in range(place, min(place + 2, end))
        )  # fmt: skip

    def is_somebody(self, span: Range) -> bool:
        """Whether the phrase names a person or a body, by its head or by a name."""
        return self._head(*span) is not None or self.doc.tokens[span[0]].capital

    def _named_before(self, first: int, place: int) -> bool:
        """A name is over where a common noun follows it: "сказав Іван Ковач журналістам"."""
        tokens = self.doc.tokens
        return place - 2 >= first and tokens[place - 1].capital and tokens[place - 2].capital

    def _addressed(self, place: int) -> bool:
        """Whether a common noun behind a name is the one spoken to: "сказав Калло журналістам"."""
        tokens = self.doc.tokens
        named = tokens[place - 1].capital and head_class(self.words[place - 1], self.language) is None
        return named and not tokens[place].capital and self.words[place].endswith(_DATIVE) and (
            part_of(self.words[place - 1], self.language) != "adjective"
        )  # fmt: skip

    def addressee(self, place: int) -> bool:
        """Whether the common noun at this token can be the one spoken to: "розповіла агентству", "сказав делегатам"."""
        word = self.words[place]
        common = not self.doc.tokens[place].capital and self.part(place) == "noun"
        return common and word.endswith(_DATIVE) and head_class(word, self.language) != "person"

    def closed(self, place: int, end: int) -> int | None:
        """The mark that closes the quotation mark at this token."""
        return self._close(place, end)

    def _joins(self, place: int) -> bool:
        before, after = self.part(place - 1), self.part(place + 1)
        return before in ("noun", "adjective", "name") and after in ("noun", "adjective", "name")

    def _close(self, place: int, end: int) -> int | None:
        closers = {"«": "»", '"': '"', "“": "”", "„": "“”"}[self.doc.tokens[place].text]
        return next((at for at in range(place + 1, min(end, place + 8)) if self.doc.tokens[at].text in closers), None)

    def backward(self, place: int, start: int) -> Range | None:
        """The noun phrase that ends before token `place`, at or after `start`."""
        last = place
        for first in range(max(start, place - 16), place):
            if self._begins(first, start):
                found = self.forward(first, last)
                if found is not None and found[1] == last:
                    return found
        return None

    def _begins(self, first: int, start: int) -> bool:
        if self.part(first) not in ("noun", "adjective", "name", "pronoun"):
            return False
        if first == start:
            return True
        return self.part(first - 1) not in ("adjective", "noun", "name") or (first - 1) in self.timed

    # identity

    def who(self, span: Range, *, before: int | None = None) -> Who:
        """Who tokens [first, last) name; a role in apposition right behind or before is theirs."""
        doc, words = self.doc, self.words
        first, last = span
        if words[first] in POSSESSIVE and last - first > 1:
            first += 1
        kind, run = self._head(first, last), self._name_run(first, last)
        if run is not None:
            role_last = run[0]
            while role_last > first and doc.tokens[role_last - 1].kind == "mark":
                role_last -= 1
            role = doc.passage(first, role_last).text if role_last > first else None
            if role is None:
                role = self._apposed(run[1])
            name = doc.passage(*run).text
            gender = self._gender_of(run)
            if run[1] - run[0] > 1:
                self._cast.append((run[0], name, words[run[1] - 1], run, role, gender))
                return Who(first, last, name, role, gender, True)
            full = self._full(words[run[1] - 1])
            if full is not None:
                return Who(full[3][0], full[3][1], full[1], role or full[4], full[5] or gender, True)
            return Who(first, last, name, role, gender, True)
        officer = self._officer(first, last) if kind == "person" else None
        if officer is not None:
            return Who(officer[3][0], officer[3][1], officer[1], officer[4], officer[5], True)
        text = doc.passage(first, last).text
        if kind == "body" or (kind is None and doc.tokens[first].capital):
            return Who(first, last, text, None, "n", False)
        return Who(
            first, last, None, text, "p" if kind == "people" else self._role_gender(words[first]), kind == "person"
        )

    def _head(self, first: int, last: int) -> str | None:
        for at in range(first, last):
            found = head_class(self.words[at], self.language)
            if found is not None:
                return found
        return None

    def _name_run(self, first: int, last: int) -> Range | None:
        """The name of a person at the end of a phrase."""
        doc, words = self.doc, self.words
        at = last
        while at > first and (
            (doc.tokens[at - 1].capital and doc.tokens[at - 1].kind == "word") or self._initial(at - 1, first)
        ) and not head_class(words[at - 1], self.language):  # fmt: skip
            if doc.tokens[at - 1].text.isupper() and len(doc.tokens[at - 1].text) > 1:
                break
            at -= 1
        while at < last and (
            doc.tokens[at].kind == "mark" or words[at].endswith(("ії", "ької", "ського", "ской", "ского", "ии")) or (
                at in self._placed and last - at > 1)
        ):  # fmt: skip
            at += 1
        if last - at > 3 or (
            last - at == 3 and not words[last - 1].endswith(_PATRONYMIC) and not words[last - 2].endswith(_PATRONYMIC)
        ):
            at = last - 2
        if at >= last:
            return None
        if last - at == 1:
            alone = at == first
            if alone and (
                self._opens(at) and self._full(words[at]) is None and part_of(words[at], self.language) != "noun"
            ):
                return None
            known = self._full(words[at]) is not None
            if not known and (
                at in self._placed or (not alone and self._head(first, at) is None) or self._head(first, at) == "body"
            ):
                return None
            if not known and not alone and words[at].endswith(("ії", "ії", "ии", "ський", "ські", "ские")):
                return None
        return at, last

    def _initial(self, at: int, first: int) -> bool:
        return (
            self.doc.tokens[at].text == "."
            and at > first
            and len(self.doc.tokens[at - 1].text) == 1
            and self.doc.tokens[at - 1].capital
        )

    def _apposed(self, last: int) -> str | None:
        """The role behind a name: "Іван Ковач, голова адміністрації,"."""
        end = self.doc.sentences[self.doc.sentence_of(last - 1)].last
        if last + 1 >= end or self.words[last] != "," or self.doc.tokens[last + 1].capital:
            return None
        found = self.forward(last + 1, end)
        if found is None or self._head(*found) != "person":
            return None
        if head_class(self.words[found[0]], self.language) is None and self.part(found[0]) != "adjective":
            return None
        return self.doc.passage(*found).text

    def _full(self, surname: str) -> _Known | None:
        forms = set(nominatives(surname, self.language))
        for held in reversed(self._cast):
            if not forms.isdisjoint(nominatives(held[2], self.language)) and held[2][:3] == surname[:3]:
                return held
        return None

    def _officer(self, first: int, last: int) -> _Known | None:
        """The one person named with this office: "речниця" after "речниця служби Марта Зелінська"."""
        if last - first > 3:
            return None
        heads = [self.words[at] for at in range(first, last) if head_class(self.words[at], self.language) == "person"]
        if not heads:
            return None
        held = [
            known for known in self._cast if known[0] <= first and known[4]
            and (known[5] is None or self._role_gender(heads[0]) in (None, known[5]))
            and any(same_office(heads[0], word) for word in fold(known[4]).split())
        ]  # fmt: skip
        names = {known[2][:4] for known in held}
        return held[-1] if len(names) == 1 else None

    def _gender_of(self, run: Range) -> Gender | None:
        if run[1] - run[0] < 2:
            return None
        return gender_of(self.words[run[0]], self.words[run[1] - 1], self.language)

    def _role_gender(self, word: str) -> Gender | None:
        return "f" if word.endswith(("ка", "ниця", "ница", "жінка", "женщина", "мати", "мать", "ки", "ниці")) else None

    def meet(self) -> None:
        """Take note of every full name of the document that stands beside an office, or beside a name's usual form."""
        tokens = self.doc.tokens
        for place in range(len(tokens) - 1):
            one, two = tokens[place], tokens[place + 1]
            pair = one.capital and two.capital and one.kind == two.kind == "word" and not one.text.isupper()
            if (
                not pair
                or place in self._placed
                or head_class(self.words[place], self.language)
                or head_class(self.words[place + 1], self.language)
            ):
                continue
            before = self.words[place - 1] if place and tokens[place - 1].kind == "word" else ""
            named = before and tokens[place - 1].capital and place - 1 not in self._placed
            if named and not head_class(before, self.language) and not before.endswith(("ії", "ии")):
                continue
            if self.words[place].endswith(_ADJECTIVES) or part_of(self.words[place], self.language) in (
                "preposition",
                "pronoun",
                "conjunction",
                "subordinator",
            ):
                continue
            run = (place, place + 2)
            role = self._role_before(place) or self._apposed(place + 2)
            self._cast.append(
                (place, self.doc.passage(*run).text, self.words[place + 1], run, role, self._gender_of(run))
            )

    def names_in(self, first: int, last: int) -> list[Range]:
        """The full names of persons between two tokens, in order."""
        return sorted({held[3] for held in self._cast if first <= held[3][0] and held[3][1] <= last})

    def known(self, span: Range) -> bool:
        """Whether the phrase is the surname of somebody who is named in full."""
        return (
            span[1] - span[0] == 1 and self.doc.tokens[span[0]].capital and self._full(self.words[span[0]]) is not None
        )

    def _role_before(self, place: int) -> str | None:
        start = self.doc.sentences[self.doc.sentence_of(place)].first
        for first in range(max(start, place - 7), place):
            if head_class(self.words[first], self.language) == "person":
                found = self.forward(first, place)
                if found is not None and found[1] == place:
                    return self.doc.passage(first, place).text
        return None


_DATIVE = tuple("ам ям ству алу анню нию еті ете ові нику мітету митету".split())
_ADJECTIVES = tuple(
    (
        "ський ського ському ським ська ської ській ську ські ських ский ского скому ским ская ской скую ские ских "
        "цький цької цького цька цкая цкой цкий цкого"
    ).split()
)
_DETERMINING = frozenset(
    (
        "цей ця це ці цього цієї цих той та те ті того тієї тих його її їх їхній свій своя этот эта это эти этого "
        "этой этих тот те того той тех его ее их"
    ).split()
)
