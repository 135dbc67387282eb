"""Direct speech in Ukrainian and Russian: between quotation marks, and behind a dash at the head of a paragraph.

Guarantees: a stretch between quotation marks is speech only where a verb of saying, a colon, or speech right before
it says so, or where it is long enough to be no name or title; a speaker set inside the marks ("«…, — сказав він, —
…»") parts it into two. A speaker is carried on within a paragraph and into one that holds nothing but speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probanda.extract.slavic.clauses import THAT
from probanda.extract.slavic.gender import PRONOUNS
from probanda.extract.slavic.heads import head_class
from probanda.extract.slavic.phrases import Range, Who
from probanda.extract.slavic.speech import Speech
from probanda.extract.slavic.subjects import Attribution, Cue, cue_terms
from probanda.extract.text.segments import Document, Quoted, Span
from probanda.records.reading import NamedPassage, Speaker, When

_DASHES = frozenset("—–-")
_SENTENCE_ENDS = frozenset(".!?:…—–»”") | {'"'}
_SPEAKING = ("utter", "say", "accuse", "deny", "promise", "threaten", "demand", "believe", "fear", "judge")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Tokens [first, last) of direct speech, and who is told to have said it."""

    span: Range
    speaker: Speaker | None
    who: Who | None
    cue: Cue | None
    venue: NamedPassage | None
    when: When | None


class Quotes:
    def __init__(self, doc: Document, speech: Speech) -> None:
        self.doc, self.speech, self.words = doc, speech, speech.words
        self._stretches: dict[int, list[Quoted]] = {}
        for stretch in doc.quoted:
            self._stretches.setdefault(doc.paragraph_of(stretch.first), []).append(stretch)
        self._carried: tuple[Speaker | None, Who | None, NamedPassage | None] | None = None

    def read(self, number: int, told: Sequence[Attribution]) -> list[Spoken]:
        """The direct speech of paragraph `number`; `told`: what its sentences attribute."""
        paragraph = self.doc.paragraphs[number]
        found: list[Spoken] = []
        if self.words[paragraph.first] in _DASHES:
            found = self._dialogue(paragraph)
        for stretch in self._stretches.get(number, ()):
            if any(span[0] <= stretch.first < span[1] for held in told for span in held.content) and not self._own_cue(
                stretch, paragraph
            ):
                continue  # words in quotation marks inside a reported clause
            if any(held.span[0] <= stretch.first < held.span[1] for held in found):
                continue
            found += self._stretch(stretch, paragraph, found)
        self.speech.up_to(self.doc.paragraphs[-1].last)
        if found:
            last = found[-1]
            self._carried = (last.speaker, last.who, last.venue) if last.speaker else None
        elif not self._only_speech(paragraph):
            self._carried = None
        return found

    def foresee(self, number: int) -> None:
        """Take note of who speaks inside the marks of this paragraph, for the pronouns of its sentences."""
        for stretch in self._stretches.get(number, ()):
            self._parted(stretch)

    def _own_cue(self, stretch: Quoted, paragraph: Span) -> bool:
        return (
            self._behind(stretch.last + 1, paragraph) is not None and self.words[max(stretch.first - 2, 0)] not in THAT
        )

    def _only_speech(self, paragraph: Span) -> bool:
        return all(
            self.doc.tokens[at].kind == "mark" or self.doc.quoted_of(at) is not None
            for at in range(paragraph.first, paragraph.last)
        )

    def _stretch(self, stretch: Quoted, paragraph: Span, before: Sequence[Spoken]) -> list[Spoken]:
        parts = self._parted(stretch)
        if parts is not None:
            return parts
        span = (stretch.first, self._trimmed(stretch.first, stretch.last))
        if span[1] <= span[0]:
            return []
        words = sum(1 for at in range(*span) if self.doc.tokens[at].kind == "word")
        behind = self._behind(stretch.last + 1, paragraph)
        if behind is not None:
            return [self._spoken(span, behind, paragraph)]
        ahead = self._ahead(stretch.first - 1, paragraph)
        if ahead is not None:
            return [self._spoken(span, ahead, paragraph)]
        joined = stretch.first >= 2 and self.words[stretch.first - 2] in _DASHES
        if before and joined and before[-1].speaker is not None and stretch.first - before[-1].span[1] < 25:
            last = before[-1]  # "«…», – каже водій, який віз людей. – «…»"
            return [Spoken(span, last.speaker, last.who, None, last.venue, None)]
        sentences = words >= 4 and (self._opens_sentence(stretch) or words >= 9)
        if not sentences:
            return []
        follows = before and before[-1].speaker is not None and stretch.first - before[-1].span[1] < 60
        if follows:
            last = before[-1]
            return [Spoken(span, last.speaker, last.who, None, last.venue, None)]
        opens = stretch.first - paragraph.first <= 1
        if opens and self._carried is not None and self._only_speech(paragraph):
            speaker, who, venue = self._carried
            return [Spoken(span, speaker, who, None, venue, None)]
        return self._named_near(span, stretch, paragraph)

    def _named_near(self, span: Range, stretch: Quoted, paragraph: Span) -> list[Spoken]:
        """Speech whose speaker the sentence before it has told of, else of nobody told."""
        self.speech.up_to(span[0])
        speaker, who = self.speech.last_speaker, self.speech.last
        opens = self._opens_sentence(stretch)
        near = speaker is not None and paragraph.start <= (speaker.mention or speaker.passage).start < paragraph.end
        return (
            [Spoken(span, speaker if near and opens else None, who if near and opens else None, None, None, None)]
            if opens
            else []
        )

    def _opens_sentence(self, stretch: Quoted) -> bool:
        before = self.words[stretch.first - 2] if stretch.first >= 2 else "."
        if not self.doc.tokens[stretch.first].capital:
            return False
        sentence = self.doc.sentences[self.doc.sentence_of(max(stretch.first - 1, 0))]
        return before in _SENTENCE_ENDS or stretch.first < 2 or sentence.first == stretch.first - 1

    def _trimmed(self, first: int, last: int) -> int:
        while last > first and self.words[last - 1] in ("—", "–", "-"):
            last -= 1
        return last

    def _spoken(self, span: Range, cue: tuple[Cue | None, Range | None], paragraph: Span) -> Spoken:
        verb, named = cue
        self.speech.up_to(verb.first if verb else span[0])
        sentence = self.doc.sentences[self.doc.sentence_of(verb.first if verb else named[0] if named else span[0])]
        who: Who | None
        speaker: Speaker | None
        if named is not None:
            who, speaker = self.speech.identify(named, verb)
        else:
            assert verb is not None
            inverted = verb.first > span[0]
            who, speaker = self.speech.subject(sentence, verb, sentence.last, inverted=inverted)
        if speaker is not None and who is not None:
            self.speech.note(verb.first if verb else span[0], who, speaker)
        around = range(sentence.first, min(sentence.last, paragraph.last))
        when = next((m.when for m in self.speech.times if sentence.first <= m.first < sentence.last
                     and not span[0] <= m.first < span[1] and self.doc.quoted_of(m.first) is None), None)  # fmt: skip
        return Spoken(span, speaker, who, verb, self.speech.venue_in(around, span), when)

    def _behind(self, place: int, paragraph: Span) -> tuple[Cue | None, Range | None] | None:
        """The cue behind the closing mark at `place` - 1: ", — сказав X", ", сказав X", "— X."."""
        at = place
        if at - 1 < paragraph.last and self.words[at - 1] not in ("»", '"', "”", "“") and not self._is_mark(at - 1):
            at -= 1
        dashed = False
        while at < paragraph.last and self._is_mark(at) and at - place < 4:
            if self.words[at] in ("«", "“", "„", '"', ";", ":", "("):
                return None
            dashed = dashed or self.words[at] in _DASHES or self.words[at] == ","
            at += 1
        if not dashed:
            return None
        return self._cue_from(at, paragraph)

    def _cue_from(self, at: int, paragraph: Span) -> tuple[Cue | None, Range | None] | None:
        end = min(paragraph.last, at + 16)
        end = next((p for p in range(at, end) if self.words[p] in (".", "!", "?", "«", ":", "…")), end)
        cues = [
            cue for cue in self.speech.cues(at, end) if cue.class_ in _SPEAKING or cue.class_ in ("stated", "source")
        ]
        if cues:
            first = cues[0]
            if first.class_ == "source":
                return None
            between = range(at, first.first)
            if all(self.words[p] not in (",", ";") or self.words[first.first - 1] == "," for p in between):
                return first, None
            return None
        return self._unlisted(at, end)

    def _unlisted(self, at: int, end: int) -> tuple[Cue | None, Range | None] | None:
        """A verb that no list has, with a person as its subject right behind: "«…», — заспокоїв мер"."""
        phrases = self.speech.phrases
        if at + 1 >= end or phrases.part(at) != "verb":
            return None
        found = phrases.forward(at + 1, end)
        person = found is not None and (
            self.words[found[0]] in PRONOUNS or phrases.names_in(*found) or phrases.known(found)
            or any(head_class(self.words[p], self.doc.language) == "person" for p in range(*found))
        )  # fmt: skip
        return (Cue(at, at + 1, "say", "state"), None) if person else None

    def _is_mark(self, at: int) -> bool:
        return self.doc.tokens[at].kind == "mark"

    def _ahead(self, place: int, paragraph: Span) -> tuple[Cue | None, Range | None] | None:
        """The cue before the opening mark at `place`: "X сказав: «", "X: «"."""
        at = place - 1
        if at <= paragraph.first or self.words[at] != ":":
            return None
        start = self.doc.sentences[self.doc.sentence_of(at)].first
        cues = [cue for cue in self.speech.cues(start, at) if cue.class_ in _SPEAKING]
        if cues:
            return cues[-1], None
        verb = next((p for p in range(at - 1, max(start, at - 6), -1) if self.speech.phrases.part(p) == "verb"), None)
        if verb is not None and not any(self.words[p] in (",", ";") for p in range(verb, at)):
            cue = Cue(verb, verb + 1, "say", "state")  # "одна з медсестер шепнула: «…»"
            sentence = self.doc.sentences[self.doc.sentence_of(at)]
            who, _ = self.speech.subject(sentence, cue, at, inverted=False)
            if who is not None and who.person:
                return cue, None
        named = self.speech.phrases.backward(at, start)
        if named is not None and at - start <= 14:
            return None, named
        return None

    def _parted(self, stretch: Quoted) -> list[Spoken] | None:
        """Speech with its cue inside the marks: "«Ми не підемо, — сказав він. — Це наш дім»"."""
        words = self.words
        for at in range(stretch.first + 1, stretch.last - 1):
            if words[at] not in ("—", "–") or words[at - 1] not in (",", ".", "!", "?", "…"):
                continue
            end = next(
                (p for p in range(at + 1, min(stretch.last, at + 20)) if words[p] in (".", ",", "—", "–", "!", "?")),
                stretch.last,
            )
            terms = self._inside_cue(at + 1, end)
            if terms is None:
                continue
            stop = next(
                (p for p in range(end, min(stretch.last, end + 10)) if words[p] in ("—", "–")),
                stretch.last if end >= stretch.last - 1 else end,
            )
            paragraph = self.doc.paragraphs[self.doc.paragraph_of(at)]
            sentence = Span(self.doc.tokens[at + 1].start, self.doc.tokens[stop - 1].end, at + 1, stop)
            self.speech.up_to(terms.first)
            who, speaker = self.speech.subject(sentence, terms, stop, inverted=True)
            if speaker is not None and who is not None:
                self.speech.note(terms.first, who, speaker)
            del paragraph
            spans = [(stretch.first, at), (stop + 1, stretch.last)]
            return [Spoken(span, speaker, who, terms if span[0] == stretch.first else None, None, None)
                    for span in spans if span[1] > span[0]]  # fmt: skip
        return None

    def _inside_cue(self, first: int, end: int) -> Cue | None:
        for at in range(first, min(end, first + 6)):
            found = cue_terms(self.doc.language).at(self.words, at, end)
            if (
                found is not None
                and found.value[0] in _SPEAKING
                and not any(self.words[p] == "," for p in range(first, at))
            ):
                return Cue(found.first, found.last, *found.value)
        phrases = self.speech.phrases
        if first + 1 < end and phrases.part(first) == "verb":
            subject = self.words[first + 1] in PRONOUNS or self.doc.tokens[first + 1].capital
            person = head_class(self.words[first + 1], self.doc.language) == "person"
            return Cue(first, first + 1, "say", "state") if subject or person else None
        return None

    def _dialogue(self, paragraph: Span) -> list[Spoken]:
        """A paragraph of speech behind a dash: "— Ми не підемо, — сказав він. — Це наш дім."."""
        words, at = self.words, paragraph.first + 1
        parts: list[Range] = []
        cue: Cue | None = None
        begin = at
        while at < paragraph.last:
            if words[at] in ("—", "–", "-") and words[at - 1] in (",", ".", "!", "?", "…", "»"):
                end = next(
                    (p for p in range(at + 1, paragraph.last) if words[p] in (".", "—", "–", "!", "?")), paragraph.last
                )
                found = self._inside_cue(at + 1, end)
                if found is not None:
                    parts.append((begin, at))
                    cue = cue or found
                    stop = next((p for p in range(end, min(paragraph.last, end + 3)) if words[p] in ("—", "–")), None)
                    begin = paragraph.last if stop is None else stop + 1
                    at = begin
                    continue
            at += 1
        if begin < paragraph.last and cue is not None:
            parts.append((begin, paragraph.last))
        if cue is None:
            return []
        sentence = Span(self.doc.tokens[cue.first].start, paragraph.end, cue.first, next(
            (p for p in range(cue.last, paragraph.last) if words[p] in (".", "—", "–")), paragraph.last))  # fmt: skip
        self.speech.up_to(cue.first)
        who, speaker = self.speech.subject(sentence, cue, sentence.last, inverted=True)
        if speaker is not None and who is not None:
            self.speech.note(cue.first, who, speaker)
        return [Spoken(part, speaker, who, cue if number == 0 else None, None, None)
                for number, part in enumerate(parts) if part[1] > part[0]]  # fmt: skip
