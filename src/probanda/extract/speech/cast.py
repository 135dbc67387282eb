"""Who appears in a report: names with their roles, and what "he", "the minister" or a surname refers to.

Rules of the news: a person is named in full once and by surname after that; a definite role ("the mayor") takes up the
person or body that had that role, and a pronoun takes up the last speaker it fits. Where nothing fits, the mention
stands for itself; nobody is guessed from world knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, cast

from probanda.extract.speech.members import Gender, Member, apposition_name, gender_of, is_subject, ranks
from probanda.extract.speech.named import Named, head_end, take_apart
from probanda.extract.text.actors import is_ordinary, word_classes
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.nouns import Range, is_body, is_role, singular, words, words_of
from probanda.extract.text.phrases import phrase_after, phrase_before
from probanda.extract.text.segments import Document
from probanda.records.reading import Speaker, SpeakerKind

_EPITHETS = frozenset("year-old mum dad mother father man woman veteran politician leader native old".split())
_FAR = 3000  # tokens, and members: how far back a mention is looked for; arbitrary, about ten pages
_MANY = 200
_GENERIC = frozenset("group organisation organization watchdog body charity ngo network".split())


@dataclass
class Cast:
    """All members in the order of the text; `speakers` those who have spoken so far, in order."""

    doc: Document
    named: list[Member] = field(default_factory=list)
    speakers: list[Member] = field(default_factory=list)
    by_last: dict[str, list[Member]] = field(default_factory=dict)  # `named`, by the last word of the name
    last_spoke: int = -1  # the first token of the last speaker's mention

    def introduce(self, member: Member, *, first: bool = False) -> None:
        """Adds a named member; `first`: before those that came earlier, because this mention says more."""
        assert member.name is not None
        alike = self.by_last.setdefault(self.doc.tokens[member.name[1] - 1].text, [])
        for names in (self.named, alike):
            names.insert(0, member) if first else names.append(member)

    def speak(self, span: Range, aside: Range | None) -> Speaker | None:
        """The speaker whom the mention `span` stands for, with what an aside adds ("the mayor, Lena Voss,"); remembered
        for later mentions. `None` for a pronoun with nobody to refer to, and for the narrator's own "we"."""
        taken = take_apart(self.doc, span)
        member = self._joined(taken, take_apart(self.doc, aside)) if aside else None
        if member is None:
            member = self._resolve(taken)
        if member is None:
            return None
        self._notice_gender(taken, member)
        self.speakers.append(member)
        self.last_spoke = span[0]
        return self.describe(member, span)

    def describe(self, member: Member, mention: Range) -> Speaker:
        """The speaker record: a role only where it stands at the home mention or at this one."""
        doc = self.doc
        home = member.span
        role = member.role
        if role and not (_within(role, home) or _within(role, mention)):
            role = None
        return Speaker(
            name=words(doc, member.name) if member.name else None,
            role=words(doc, role) if role else None,
            passage=doc.passage(*home),
            mention=None if home == mention else doc.passage(*mention),
            kind=self._kind(member),
        )

    def _kind(self, member: Member) -> SpeakerKind | None:
        """A person, several together ("residents"), a body or a document; `None` where the words do not tell."""
        if member.kind in ("person", "body", "document"):
            return cast("SpeakerKind", member.kind)
        many = member.plural or self.doc.tokens[member.span[1] - 1].lower in ("police", "people", "media")
        if many or member.kind == "other":
            return "group" if many else None
        return "person"

    def _joined(self, taken: Named, aside: Named) -> Member | None:
        """A role and a name that stand side by side, in either order, as one member."""
        first, last = min(taken.span[0], aside.span[0]), max(taken.span[1], aside.span[1])
        if taken.kind in ("role", "other") and aside.kind in ("person", "body") and aside.name:
            person, role = aside, taken.role
        elif (
            taken.kind in ("person", "body")
            and taken.name
            and self._untitled(taken.role)
            and aside.kind in ("role", "body")
        ):
            person, role = taken, aside.role or aside.name
        else:
            return None
        kind: Literal["person", "body"] = (
            "body"
            if (is_body(aside.head) and person is taken) or (person.kind == "body" and is_body(taken.head))
            else "person"
        )
        known = self._known_name(person) if person is taken else None
        if known is not None and not self._untitled(known.role):
            return known
        gender = gender_of(self.doc, taken.span) or gender_of(self.doc, aside.span)
        member = Member(kind, person.name, role if kind == "person" else None, (first, last), taken.head, gender)
        self.introduce(member, first=True)
        return member

    def _untitled(self, role: Range | None) -> bool:
        """Whether no role but a form of address stands before the name: "Dr Ana Holt, head of the clinic"."""
        if role is None:
            return True
        tokens = [token for token in self.doc.tokens[role[0] : role[1]] if token.kind == "word"]
        return len(tokens) == 1 and tokens[0].lower in word_list("titles.txt") and not is_role(tokens[0].lower)

    def _resolve(self, taken: Named) -> Member | None:
        if taken.kind == "pronoun":
            return self._pronoun(taken)
        if taken.kind in ("person", "body") and taken.name is not None:
            return self._known_name(taken) or self._member(taken)
        if taken.kind == "role" and taken.span[1] - taken.span[0] == 1 and self.doc.tokens[taken.span[0]].capital:
            surname = self._known_name(replace(taken, name=taken.span, kind="person"))
            if surname is not None:
                return surname  # "Cook said", of Ana Cook
        definite = self.doc.tokens[taken.span[0]].lower in ("the", "his", "her", "its", "their", "this", "that")
        if taken.kind in ("role", "other") and definite:
            return self._by_role(taken) or self._member(taken)
        return self._member(taken)

    def _member(self, taken: Named) -> Member:
        kind = "other" if taken.kind == "pronoun" else taken.kind
        name = taken.name
        if kind == "document" and name is None:
            name = taken.role
        said = {token.lower for token in self.doc.tokens[taken.span[0] : taken.span[1]]}
        plural = kind != "person" and taken.head not in said and any(singular(word) == taken.head for word in said)
        return Member(kind, name, taken.role, taken.span, taken.head, gender_of(self.doc, taken.span), plural)

    def _known_name(self, taken: Named) -> Member | None:
        """ "Sandor" is Mirek Sandor; "the Karovian army" named again is the same body."""
        assert taken.name is not None
        doc = self.doc
        said = words(doc, taken.name)
        last = doc.tokens[taken.name[1] - 1].text
        size = taken.name[1] - taken.name[0]
        alike = self.by_last.get(last, [])
        for member in alike:
            if member.name is None or member.span[0] >= taken.span[1]:
                continue
            full = words(doc, member.name)
            surname = size == 1 and member.kind == "person" and full != said
            if surname or (full == said and (taken.role is None or member.role == taken.role)):
                return member
        if size == 1:  # introduced in full further down, as headlines do
            for member in alike:
                if member.kind == "person" and member.name and words(doc, member.name) != said:
                    return member
        return self._body_again(taken) if taken.kind == "body" else None

    def _body_again(self, taken: Named) -> Member | None:
        """ "The agency": the last body before it whose name ends in that word, and which had a name of its own."""
        doc = self.doc
        assert taken.name is not None
        short = taken.name[1] - taken.name[0] == 1 and is_body(doc.tokens[taken.name[0]].lower)
        definite = doc.tokens[taken.span[0]].lower in ("the", "its", "their", "his", "her")
        if not (short and definite):
            return None
        for member in reversed(self.speakers):
            if member.kind == "body" and member.head == taken.head and member.span[1] - member.span[0] > 2:
                return member
        for member in self.named:
            if member.kind == "body" and member.head == taken.head and member.span[1] <= taken.span[0]:
                return member
        if taken.head in _GENERIC:
            known = [m for m in self.speakers if m.kind == "body" and doc.tokens[m.span[1] - 1].capital]
            return known[-1] if known else self._named_like_a_person()
        for place in range(taken.span[0] - 1, max(taken.span[0] - _FAR, -1), -1):
            token = doc.tokens[place]
            if singular(token.lower) == taken.head:
                floor = doc.sentences[doc.sentence_of(place)].first
                span = phrase_before(doc, place + 1, floor)
                if span and span[1] - span[0] > 2 and any(t.capital for t in doc.tokens[span[0] + 1 : span[1]]):
                    return self._member(take_apart(doc, span))
        return None

    def _named_like_a_person(self) -> Member | None:
        """ "Open Harbour said …. The group said": the last to speak whose name could be a person's, and who is nowhere
        given a role, a sex or a surname alone."""
        for member in reversed(self.speakers):
            if member.kind == "person" and member.role is None and member.gender is None and member.name:
                member.kind = "body"
                return member
        return None

    def _by_role(self, taken: Named) -> Member | None:
        if is_body(taken.head):
            return None
        for member in [*reversed(self.speakers[-_MANY:]), *reversed(self.named[-_MANY:])]:
            if member.span[0] >= taken.span[1] or member.role is None or member.kind not in ("person", "role"):
                continue
            if member.kind == "role" and member.span[1] - member.span[0] <= taken.span[1] - taken.span[0]:
                continue
            head = ranks().get(taken.head, taken.head)
            if head in self._role_words(member.role) and (
                taken.role is None or self._role_words(taken.role) <= self._role_words(member.role)
            ):
                return member
        return self._epithet(taken) or self._roleless(taken)

    def _role_words(self, role: Range) -> frozenset[str]:
        tokens = self.doc.tokens[role[0] : role[1]]
        return frozenset(ranks().get(token.lower, singular(token.lower)) for token in tokens if token.kind == "word")

    def _epithet(self, taken: Named) -> Member | None:
        """ "The 53-year-old", "the mum-of-two", "the former general": whoever spoke last, if that was one person just
        before in the same paragraph and the words are no office of somebody else."""
        doc = self.doc
        if taken.kind not in ("role", "other"):
            return None
        if doc.tokens[taken.span[0]].lower not in ("the", "this", "that"):
            return None  # "her mother" is somebody else
        said = {token.lower for token in doc.tokens[taken.span[0] : taken.span[1]]}
        loose = taken.head in _EPITHETS or taken.kind == "other" or "former" in said
        number = doc.sentence_of(taken.span[0])
        word = "she" if gender_of(doc, taken.span) == "f" else "he"
        before = None
        if loose and number and self.last_spoke < doc.sentences[number - 1].first:
            before = self._subject_of(number - 1, word, before=doc.sentences[number - 1].last)
        if before is not None and before.kind == "person":
            return before
        if not self.speakers or self.last_spoke < 0:
            return None
        member = self.speakers[-1]
        near = number - doc.sentence_of(self.last_spoke) <= 5
        plural = doc.tokens[taken.span[1] - 1].lower.endswith("s")
        fits = (
            member.kind == "person"
            and not plural
            and gender_of(doc, taken.span) in (None, member.gender or gender_of(doc, taken.span))
        )
        return member if loose and near and fits else None

    def _roleless(self, taken: Named) -> Member | None:
        """ "Mirek Sandor condemned …. The prime minister said …": the one speaker so far that has a name and no role,
        if it was the last to speak and nobody else could be meant."""
        if not is_role(taken.head) or taken.role is None or self.doc.tokens[taken.span[1] - 1].lower != taken.head:
            return None
        if not self.speakers or self.doc.tokens[taken.span[0]].lower != "the":
            return None
        member = self.speakers[-1]
        if self.doc.sentence_of(taken.span[0]) - self.doc.sentence_of(self.last_spoke) > 1:
            return None
        if member.kind == "person" and member.role is None and member.span[1] <= taken.span[0]:
            member.role = taken.role
            return member
        return None

    def _pronoun(self, taken: Named) -> Member | None:
        word = taken.head
        if word in ("he", "she"):
            return self._opening(word, taken.span[0]) or self._person_for(word, taken.span[0])
        opened = self._opening(word, taken.span[0]) if word in ("it", "they") else None
        if opened is not None:
            return opened
        if word == "it":
            things = (m for m in reversed(self.speakers) if m.kind in ("body", "document") or self._is_thing(m, taken))
            return next(things, None)
        if word == "they":
            plural = next((m for m in reversed(self.speakers) if m.plural or m.kind == "body"), None)
            return plural or (self.speakers[-1] if self.speakers else None)
        return None

    def _is_thing(self, member: Member, taken: Named) -> bool:
        """Whether a speaker without a name may be a body ("the energy operator"): no person by its words, and the last
        to speak in this paragraph."""
        doc = self.doc
        near = self.last_spoke >= doc.paragraphs[doc.paragraph_of(taken.span[0])].first
        return member.kind == "other" and not member.plural and near and member is self.speakers[-1]

    def _opening(self, word: str, place: int) -> Member | None:
        """The subject that opens this sentence, or the sentence before in the same paragraph: "The agency gave a higher
        figure. It said"."""
        doc = self.doc
        number = doc.sentence_of(place) - 1
        here = self._subject_of(number + 1, word, before=place)
        if here is not None and doc.tokens[place - 1].text != ",":  # "12 people left, they said": they are others
            return here  # "Mirek Sandor was cheered when he said"
        if (
            number < 0
            or self.last_spoke >= doc.sentences[number].first
            or doc.paragraph_of(doc.sentences[number].first) != doc.paragraph_of(place)
        ):
            return None
        return self._subject_of(number, word, before=doc.sentences[number].last)

    def told_of(self, number: int) -> Speaker | None:
        """The one person that a sentence is about, by its opening noun phrase or the one behind an opening clause
        ("Asked about it, the governor, Ivo Hale, was brief"); remembered as having spoken."""
        doc = self.doc
        sentence = doc.sentences[number]
        first = sentence.first
        opener = doc.tokens[first].lower
        if opener in words_of("preposition") | words_of("conjunction") or word_classes(opener)[:1] in ("V", "P", "G"):
            comma = next(
                (i for i in range(first, min(first + 14, sentence.last - 1)) if doc.tokens[i].text == ","), None
            )
            if comma is None:
                return None
            first = comma + 1
        member = self._phrase_member(first, "he", sentence.last) or self._phrase_member(first, "she", sentence.last)
        if member is None or member.kind not in ("person", "role") or member.plural:
            return None
        span = phrase_after(doc, first, sentence.last)
        if span is None:
            return None
        self.speakers.append(member)
        self.last_spoke = span[0]
        return self.describe(member, span)

    def _subject_of(self, number: int, word: str, before: int) -> Member | None:
        """The noun phrase that opens a sentence, if the pronoun can take it up."""
        return self._phrase_member(self.doc.sentences[number].first, word, before)

    def _phrase_member(self, first: int, word: str, before: int) -> Member | None:
        doc = self.doc
        opener = doc.tokens[first]
        if first >= before or opener.kind == "mark" or doc.quoted_of(first) is not None:
            return None
        if opener.lower in words_of("pronoun") | words_of("preposition") | words_of("conjunction"):
            return None
        if word_classes(opener.lower)[:1] in ("V", "P", "G", "R"):
            return None
        span = phrase_after(doc, first, before)
        if span is None:
            return None
        if span[1] - span[0] == 1 and not self._is_known(span) and is_ordinary(opener.lower):
            return None  # "Cement can wait, she added"
        taken = take_apart(doc, span)
        fits = {"he": ("person", "role"), "she": ("person", "role"), "it": ("body",), "they": ("role", "body")}[word]
        own = {"he": "his", "she": "her"}.get(word)
        if opener.lower == own and gender_of(doc, span) is None:
            return None  # "Her neighbour left. She said": whose neighbour it was
        last = doc.tokens[head_end(doc, *span) - 1].lower
        counted = opener.kind == "number" or (word_classes(opener.lower)[:1] == "Q" and opener.lower != "one")
        many = last.endswith("s") or last in ("people", "police", "women", "men", "children") or counted
        plural = taken.kind == "role" and many
        if taken.kind not in fits or (plural and word != "they") or not self._agrees(taken, word):
            return None
        name = apposition_name(doc, span[1])
        member = self._joined(taken, take_apart(doc, name)) if name else None
        return member or self._resolve(taken)

    def _is_known(self, span: Range) -> bool:
        """Whether one word is a surname met before, a role or a body."""
        token = self.doc.tokens[span[0]]
        return token.text in self.by_last or is_role(token.lower) or is_body(token.lower)

    def _agrees(self, taken: Named, word: str) -> bool:
        gender = gender_of(self.doc, taken.span)
        return gender is None or word not in ("he", "she") or gender == ("f" if word == "she" else "m")

    def _person_for(self, word: str, before: int) -> Member | None:
        gender: Gender = "f" if word == "she" else "m"
        fresh = self._fresh(gender, before)
        if fresh is not None:
            return fresh
        single = [m for m in self.speakers if not m.plural and m.gender in (None, gender)]
        fits = [m for m in single if m.kind in ("person", "role")] or [m for m in single if m.kind == "other"]
        if fits:
            return fits[-1]
        earlier = [m for m in self.named if m.kind == "person" and m.span[1] <= before and m.gender in (None, gender)]
        return earlier[-1] if earlier else None

    def _fresh(self, gender: Gender, before: int) -> Member | None:
        """Who was named as the subject of a clause since the last speaker, in this paragraph: "Ivo Kral feared the
        worst, while Lena Voss wanted to know why. “Why?” she said"."""
        start = max(self.last_spoke + 1, self.doc.paragraphs[self.doc.paragraph_of(before)].first)
        found = [
            m for m in self.named[-_MANY:]
            if m.kind == "person" and start <= m.span[0] and m.span[1] <= before and m.gender in (None, gender)
            and self.doc.quoted_of(m.span[0]) is None and is_subject(self.doc, m)
        ]  # fmt: skip
        return max(found, key=lambda m: m.span[0]) if found else None

    def _notice_gender(self, taken: Named, member: Member) -> None:
        if taken.kind == "pronoun" and member.gender is None and taken.head in ("he", "she"):
            member.gender = "f" if taken.head == "she" else "m"


def _within(inner: Range, outer: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
