"""Whose assertion the words at a place are, and where and when they were uttered.

The holder is the speaker of the quotation marks around the words, else of the innermost attribution whose content
encloses them, else nobody told ("alleged", "are feared"), else the narrator. Judging verbs ("condemned the strike that
killed 12") do not make what they presuppose the judge's assertion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.named import take_apart
from probanda.extract.speech.quotes import Spoken
from probanda.extract.text.along import Along
from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.nouns import Range, is_role, singular, words, words_of
from probanda.extract.text.phrases import phrase_after
from probanda.extract.text.segments import Document, Quoted
from probanda.extract.values.times import TimeMention
from probanda.records.reading import Holder, HolderUnknown, NamedPassage, Narrator, Speaker, When

_HEARSAY = frozenset(
    ["alleged", "allegedly", "reportedly", "purportedly", "supposedly", "suspected", "purported", "presumed", "reputed"]
)


@dataclass(frozen=True)
class Voices:
    """The attributions and quotations of one document, for questions about a place in it."""

    doc: Document
    attributions: tuple[Attribution, ...]
    spoken: tuple[Spoken, ...]
    times: tuple[TimeMention, ...]

    @cached_property
    def _told(self) -> Mapping[int, Sequence[Attribution]]:
        """By sentence, the attributions whose content reaches into it."""
        found: dict[int, list[Attribution]] = {}
        for attribution in self.attributions:
            spans = [span for span in (attribution.content, attribution.more) if span is not None]
            reached = {n for span in spans for n in self._sentences(span)}
            for number in reached:
                found.setdefault(number, []).append(attribution)
        return found

    @cached_property
    def _timed(self) -> Mapping[int, Sequence[TimeMention]]:
        found: dict[int, list[TimeMention]] = {}
        for mention in self.times:
            found.setdefault(self.doc.sentence_of(mention.first), []).append(mention)
        return found

    @cached_property
    def _speakers(self) -> Mapping[Quoted, Speaker | None]:
        return {spoken.quoted: spoken.speaker for spoken in self.spoken}

    def _sentences(self, span: Range) -> range:
        return range(self.doc.sentence_of(span[0]), self.doc.sentence_of(span[1] - 1) + 1)

    @cached_property
    def _along(self) -> Along[TimeMention]:
        return Along(self.times, lambda mention: mention.when.passage.start if mention.when.passage else None)

    def times_between(self, start: int, end: int) -> Sequence[TimeMention]:
        """The times whose passages begin at characters [start, end)."""
        return self._along.within(start, end)

    def times_in(self, sentence: int) -> Sequence[TimeMention]:
        return self._timed.get(sentence, ())

    def covering(self, token: int, *, presupposed: bool = True) -> list[Attribution]:
        """The attributions whose content holds `token`; those of judging verbs only where `presupposed` is false."""
        near = self._told.get(self.doc.sentence_of(token), ())
        return [a for a in near if a.covers(token) and not (a.verb.class_ == "judge" and presupposed)]

    def holder_at(self, first: int, last: int, *, presupposed: bool = True) -> Holder:
        """Who asserts what tokens [first, last) say. With `presupposed` false, judging verbs own their object too."""
        stretch = self.doc.quoted_of(first)
        if stretch is not None:
            quoted = self.doc.quoted[stretch]
            if quoted in self._speakers:
                return self._speakers[quoted] or HolderUnknown()
        covering = self.covering(first, presupposed=presupposed)
        told = [a for a in covering if a.speaker is not None]
        if told:
            innermost = min(told, key=lambda a: _size(a.content))
            assert innermost.speaker is not None
            return innermost.speaker
        if covering or self._hearsay(first, last):
            return HolderUnknown()
        return Narrator()

    def content_at(self, token: int, *, presupposed: bool = True) -> Attribution | None:
        """The innermost attribution whose content holds `token`, with a holder or without; of judging verbs too where
        `presupposed` is false."""
        covering = self.covering(token, presupposed=presupposed)
        return min(covering, key=lambda a: _size(a.content)) if covering else None

    def _hearsay(self, first: int, last: int) -> bool:
        sentence = self.doc.sentences[self.doc.sentence_of(first)]
        window = range(max(sentence.first, first - 3), min(sentence.last, last))
        return any(self.doc.tokens[place].lower in _HEARSAY for place in window)

    def when(self, attribution: Attribution | None, outside: Range) -> When | None:
        """The time of the utterance: a time in the sentence of the cue that lies outside the words uttered."""
        if attribution is None:
            return None
        content = attribution.content or outside
        for mention in self.times_in(attribution.sentence):
            inside = content[0] <= mention.first < content[1] or outside[0] <= mention.first < outside[1]
            if not inside and self.doc.quoted_of(mention.first) is None:
                return mention.when
        return None

    def venue(self, attribution: Attribution | None) -> NamedPassage | None:
        """Where or through what the words were uttered: an audience, an outlet, an occasion, a channel."""
        if attribution is None:
            return None
        span = self._audience(attribution) or self._occasion(attribution)
        if span is None:
            return None
        first = span[0]
        while first < span[1] - 1 and self.doc.tokens[first].lower in words_of("determiner"):
            first += 1
        return NamedPassage(words(self.doc, (first, span[1])), self.doc.passage(first, span[1]))

    def _audience(self, attribution: Attribution) -> Range | None:
        """Whom one told, unless it is a single person: "reporters", "parliament", "Channel Five"."""
        span = attribution.addressee
        if span is None or (span[1] - span[0] == 1 and self.doc.tokens[span[0]].lower in words_of("pronoun")):
            return None
        taken = take_apart(self.doc, span)
        titled = taken.role is None or any(is_role(self.doc.tokens[i].lower) for i in range(*taken.role))
        return None if taken.kind == "person" and titled else span

    def _occasion(self, attribution: Attribution) -> Range | None:
        """ "Speaking during the debate", "in a statement", "on Telegram", "On Radio Dorvik’s Morning Hour he said"."""
        doc = self.doc
        sentence = doc.sentences[attribution.sentence]
        tokens = doc.tokens
        content = attribution.content
        venues = {row["noun"] for row in table("venues.tsv")}
        for place in range(sentence.first, sentence.last - 1):
            if doc.quoted_of(place) is not None or (content and content[0] <= place < content[1]):
                continue
            lower = tokens[place].lower
            if lower not in ("in", "on", "at", "during", "to", "via", "with", "before"):
                continue
            if tokens[place + 1].lower == "condition":
                continue  # "speaking on condition of anonymity"
            span = phrase_after(doc, place + 1, sentence.last)
            if span is None or attribution.cue[0] in range(*span):
                continue
            span = self._upto(span, content)
            if span is None:
                continue
            spoke = place > sentence.first and tokens[place - 1].lower in (
                "speaking",
                "appearing",
                "talking",
                "testifying",
                "addressing",
            )
            named = any(tokens[i].text in word_list("channels.txt") for i in range(*span)) and lower in (
                "on",
                "via",
                "to",
            )
            noun = any(singular(tokens[i].lower) in venues for i in range(*span))
            outlet = any(
                tokens[i].lower in word_list("outlet_heads.txt") and tokens[i].capital
                for i in range(span[0] + 1, span[1])
            ) and lower in ("on", "to", "with", "in")
            broadcast = (
                place == sentence.first
                and lower == "on"
                and any(tokens[i].kind == "clitic" for i in range(*span))
                and tokens[span[0]].capital
            )
            if spoke or named or noun or outlet or broadcast:
                return self._extended(span, sentence.last, content)
        return None

    def _extended(self, span: Range, end: int, content: Range | None) -> Range:
        """ "a post on Telegram", "a briefing in Oslo": with the name that follows."""
        tokens = self.doc.tokens
        last = span[1]
        if (
            last + 1 >= end
            or tokens[last].lower not in ("on", "in", "with", "to", "at")
            or not tokens[last + 1].capital
        ):
            return span
        if (content and content[0] <= last < content[1]) or any(
            m.first <= last + 1 < m.last for m in self.times_in(self.doc.sentence_of(last))
        ):
            return span
        named = phrase_after(self.doc, last + 1, end)
        return (span[0], named[1]) if named else span

    def _upto(self, span: Range, content: Range | None) -> Range | None:
        """The phrase cut where the content or a time begins."""
        last = span[1]
        for mention in self.times_in(self.doc.sentence_of(span[0])):
            named = self.doc.tokens[mention.first].capital and self.doc.tokens[mention.first - 1].kind == "clitic"
            if span[0] <= mention.first < last and not named:  # a programme may be called "Today"
                last = mention.first
        if content and span[0] < content[0] < last:
            last = content[0]
        while last > span[0] and self.doc.tokens[last - 1].lower in words_of("preposition") | words_of("determiner"):
            last -= 1
        return (span[0], last) if last > span[0] else None


def _size(span: Range | None) -> int:
    return span[1] - span[0] if span else 0
