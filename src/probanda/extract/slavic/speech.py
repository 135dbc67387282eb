"""Who says what in a Ukrainian or Russian sentence: reported clauses, their speaker, cue, venue and time.

Guarantees: an attribution is made only where a verb or phrase of saying (lexica/{uk,ru}_cues.tsv) stands outside
quotation marks and is not denied; its content are words of the same sentence. A subject that is left out, or a pronoun,
is the last person who spoke and whose gender the verb or pronoun allows. Who is told to be known ("відомо, що") and
by nobody named has no speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from probanda.extract.slavic.clauses import WORDS_OF, Clauses
from probanda.extract.slavic.gender import PRONOUNS
from probanda.extract.slavic.phrases import Phrases, Range, Who
from probanda.extract.slavic.subjects import VERBS, Attribution, Cue, cue_terms
from probanda.extract.slavic.words import folded, part_of, terms_of
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.reading import NamedPassage, Speaker, When

Form = Literal["direct", "mixed", "indirect"]
_CONNECTIVES = (
    ("крім", "того"), ("окрім", "того"), ("кроме", "того"), ("водночас",), ("при", "цьому"), ("при", "этом"),
    ("разом", "із", "тим"), ("вместе", "с", "тем"), ("між", "тим"), ("між", "іншим"), ("между", "тем"), ("тепер",),
    ("теперь",), ("за", "этим"), ("наразі",), ("до", "того", "ж"), ("более", "того"), ("більше", "того"),
)  # fmt: skip
_IN_IT = frozenset("там тут ньому нем ній ней документі документе тексті тексте".split())


class Speech(Clauses):
    """The attributions of one document, found sentence by sentence so that later ones know the earlier speakers."""

    def __init__(self, doc: Document, phrases: Phrases, times: Sequence[TimeMention]) -> None:
        self.doc, self.phrases, self.times, self.language = doc, phrases, times, doc.language
        self.words: Sequence[str] = folded(doc.tokens)
        self.timed = phrases.timed
        self._spoke = []
        self._now = None
        self._told: set[int] = set()  # sentences whose words somebody is told to have said

    # sentences

    def read(self, sentence: Span) -> list[Attribution]:
        """The attributions of one sentence, in order."""
        cues = self.cues(sentence.first, sentence.last)
        found: list[Attribution] = []
        cited: Cue | None = None
        for number, cue in enumerate(cues):
            if any(
                cue.first < held.cue.last for held in found if held.cue.last > cue.first and held.cue.first <= cue.first
            ):
                continue
            following = cues[number + 1] if number + 1 < len(cues) else None
            words_of = cue.class_ == "source" and self.words[cue.last - 1] in ("слів", "слов") and "," not in (
                self.words[found[-1].cue.last : cue.first] if found else (",",)
            )  # fmt: skip
            if (cue.class_ == "cited" or words_of) and found and found[-1].speaker is not None:
                found[-1] = self._citing(found[-1], cue, sentence)
                continue
            if cue.class_ == "cited" and self._aside_of(cue, following):
                cited = cue  # "агентство з посиланням на джерело повідомило, що …"
                continue
            made = self._made(sentence, cue, following, found)
            if made is not None:
                if cited is not None and made.speaker is not None:
                    made = self._citing(made, cited, sentence)
                found.append(made)
                cited = None
                if made.speaker is not None and made.who is not None:
                    self._told.update(self.doc.sentence_of(first) for first, last in made.content if last > first)
                    plural = self._verb_gender(cue) == "p"
                    self.note(cue.first, made.who, made.speaker, plural=plural)
        if not cues:
            self._topic(sentence)
        return found

    def _topic(self, sentence: Span) -> None:
        """Who opens a sentence that reports no words is whom the next one's pronoun means: "Вдова вийшла. «…», —
        кинула вона"."""
        if self.doc.quoted_of(sentence.first) is not None:
            return
        for run in self.phrases.names_in(sentence.first, min(sentence.last, sentence.first + 9)):
            apposed = self.words[run[0] - 1] == ","
            barred = ("verb", "impersonal") if apposed else ("verb", "impersonal", "preposition")
            if any(self.phrases.part(at) in barred for at in range(sentence.first, run[0])):
                return
            who, speaker = self.identify((run[0] if apposed or run[0] - sentence.first > 5 else sentence.first, run[1]))
            if who is not None and speaker is not None and who.person and who.name is not None:
                self.note(run[0], who, speaker)
            return

    def _aside_of(self, cue: Cue, following: Cue | None) -> bool:
        """Whether a verb of saying follows in the same clause as "з посиланням на …"."""
        if following is None or following.class_ not in VERBS or following.first - cue.last > 8:
            return False
        return "," not in self.words[cue.last : following.first]

    def _citing(self, held: Attribution, cue: Cue, sentence: Span) -> Attribution:
        """The attribution with the source that its speaker cites."""
        found = self.phrases.forward(cue.last, sentence.last)
        if found is None or held.speaker is None:
            return held
        speaker = replace(held.speaker, via=(*held.speaker.via, self.doc.passage(*found).text))
        content = tuple(
            span if not span[0] <= cue.first < span[1] or span[0] >= cue.first else (span[0], cue.first)
            for span in held.content
        )
        kept = tuple((a, b - 1 if b > a and self.words[b - 1] == "," else b) for a, b in content)
        return replace(held, speaker=speaker, content=kept)

    def _made(
        self, sentence: Span, cue: Cue, following: Cue | None, before: Sequence[Attribution]
    ) -> Attribution | None:
        self.up_to(cue.first)
        if cue.class_ in ("source", "cited"):
            return self._by_source(sentence, cue, following)
        if cue.class_ == "inner":
            return self._inner(sentence, cue)
        if cue.class_ == "untold":
            contents = self._untold(sentence, cue)
            return Attribution(cue, None, None, contents, None, None) if contents else None
        if cue.class_ == "stated":
            return self._stated(sentence, cue)
        if cue.class_ in (*VERBS, "count"):
            return self._by_verb(sentence, cue, following, before)
        return None

    def _untold(self, sentence: Span, cue: Cue) -> tuple[Range, ...]:
        """What nobody named is told to say: behind "що", or on both sides of an aside."""
        end = self._sentence_end(sentence)
        that = self._after_that(sentence, cue.last, None)
        if that is not None:
            return (that,)
        reported = self.words[cue.first].startswith(("повідом", "сообщ"))  # not "йому відомо про …"
        if reported and cue.last < end and self.words[cue.last] in ("про", "о", "об"):
            return ((cue.last + 1, end),) if end - cue.last > 2 else ()  # "повідомлялося про 12 загиблих"
        opens = cue.first - sentence.first <= 1
        behind = cue.last + 1 if cue.last < end and self.words[cue.last] == "," else None
        if opens:
            return ((behind, end),) if behind is not None and end - behind >= 2 else ()
        before = self._told_before(sentence, cue.first)
        if before is not None and self.words[cue.first - 1] in ("як", "как") and behind is None:
            comma = next((at for at in range(before[1] - 1, before[0], -1) if self.words[at] == ","), None)
            before = (comma + 1, before[1]) if comma is not None else before  # "а не 21, як повідомлялося раніше"
        after = (behind, end) if behind is not None and end - behind >= 2 else None
        return tuple(span for span in (before, after) if span is not None)

    def _by_verb(
        self, sentence: Span, cue: Cue, following: Cue | None, before: Sequence[Attribution]
    ) -> Attribution | None:
        stop = self._stop(sentence, cue, following)
        content = self._after_that(sentence, cue.last, stop)
        if content is None:
            content = self._as_told(sentence, cue)
        inverted = content is None and self._is_aside(sentence, cue.first)
        if content is None and inverted:
            content = self._told_before(sentence, cue.first)
            if content is None:  # "тепер, стверджує штаб, за місто йдуть бої"
                content = self._behind_aside(sentence, cue, (cue.first - 2, cue.first - 1))
        if content is None:
            content = self._object(sentence, cue, stop)
        if content is None and cue.class_ == "say":
            content = self._sentence_before(sentence)
        if content is None:
            self._note(sentence, cue)
            return None
        span_end = content[0] if content[0] >= cue.last else sentence.last
        who, speaker = self.subject(sentence, cue, span_end, inverted=inverted, before=before)
        if (
            speaker is None
            and cue.class_ in ("believe", "forecast", "fear", "demand", "judge")
            and who is None
            and inverted
        ):
            return None
        venue = self._venue(sentence, content)
        behind = self._behind_aside(sentence, cue, content) if inverted else None
        contents: tuple[Range, ...] = (content,) if behind is None else (content, behind)
        contents = tuple(span for span in contents if span[1] - span[0] >= 2 or self.doc.quoted_of(span[0]) is not None)
        if behind is not None and self.words[content[0] : content[1]] in _CONNECTIVES:
            contents = (behind,)
        return Attribution(cue, speaker, who, contents, venue, self._when(sentence, contents))

    def _stated(self, sentence: Span, cue: Cue) -> Attribution | None:
        """ "Там же утверждается, что …", "у ньому йдеться, що …": whoever spoke last."""
        content = self._after_that(sentence, cue.last, None)
        before = self.words[sentence.first : cue.first]
        if content is None or not any(word in _IN_IT for word in before):
            return None
        who, speaker = self.resolve(None, None)
        if speaker is None:
            return None
        return Attribution(cue, speaker, who, (content,), None, self._when(sentence, (content,)))

    def _note(self, sentence: Span, cue: Cue) -> None:
        """Who spoke without words that are told ("X це заперечила: за її словами, …") is whom a pronoun means."""
        who, speaker = self.subject(sentence, cue, sentence.last, inverted=False)
        if who is not None and speaker is not None:
            self.note(cue.first, who, speaker, plural=self._verb_gender(cue) == "p")

    # subjects

    def _by_source(self, sentence: Span, cue: Cue, following: Cue | None) -> Attribution | None:
        begin = cue.last
        if begin + 3 < sentence.last and self.phrases.part(begin) == "numeral" and self.words[begin + 1] in ("-", "‑"):
            begin += 3  # "за словами 43-річного рибалки"
        found = self.phrases.forward(begin, sentence.last)
        if found is None:
            return None
        who, speaker = self.identify(found)
        return self._placed(sentence, cue, found[1], who, speaker)

    def of_pronoun(self, sentence: Span) -> list[Attribution]:
        """ "за її словами", "по его данным"."""
        made = []
        for at in range(sentence.first, sentence.last - 2):
            if (
                self.words[at] in ("за", "по", "на")
                and self.words[at + 2] in WORDS_OF
                and self.doc.quoted_of(at) is None
            ):
                word = self.words[at + 1]
                if word in PRONOUNS or word in ("їхніми", "їхньою"):
                    cue = Cue(at, at + 3, "source", "state")
                    self.up_to(at)
                    who, speaker = self.resolve((at + 1, at + 2), self._pronoun_gender(word))
                    found = self._placed(sentence, cue, at + 3, who, speaker)
                    if found is not None:
                        made.append(found)
        return made

    def _placed(
        self, sentence: Span, cue: Cue, after: int, who: Who | None, speaker: Speaker | None
    ) -> Attribution | None:
        """The attribution of a phrase of source, by where it stands in the sentence."""
        end = self._sentence_end(sentence)
        while (
            after < end
            and self.words[after] != ","
            and (after in self.timed or self.phrases.part(after) in ("preposition", "adverb"))
        ):
            after += 1
        if after < end and self.words[after] == "," and self._role_behind(after, end):
            after = next(at for at in range(after + 1, end + 1) if at == end or self.words[at] == ",")
        content: tuple[Range, ...]
        opens = cue.first == sentence.first or (cue.first - sentence.first == 1)
        if opens:
            begin = after + 1 if after < end and self.words[after] in (",", "—", ":") else after
            content = ((begin, end),) if end - begin >= 2 else ()
        else:
            before = self._told_before(sentence, cue.first)
            if before is None or self.words[cue.first - 1] not in (",", "—", "–"):
                begin = after + 1 if after < end and self.words[after] == "," else after
                content = ((begin, end),) if end - begin >= 2 else ()
                if before is not None and end - begin < 2:
                    content = ((sentence.first, cue.first),)
            elif end - after >= 3:
                behind = after + (self.words[after] in (",", "—", "–"))
                content = (before, (behind, end))
            else:
                content = (before,)
        if not content:
            return None
        return Attribution(cue, speaker, who, content, self._venue(sentence, content[0]), self._when(sentence, content))

    def _role_behind(self, comma: int, end: int) -> bool:
        return comma + 1 < end and self.phrases._apposed(comma) is not None

    def _inner(self, sentence: Span, cue: Cue) -> Attribution | None:
        """ "У заяві міністерства йдеться, що …", "…, йдеться у заяві міністерства"."""
        found = self.phrases.forward(cue.last, sentence.last)
        stated = cue_terms(self.language)
        place = found[1] if found else cue.last
        around = (*range(place, min(place + 6, sentence.last)), *range(max(sentence.first, cue.first - 3), cue.first))
        matches = ((at, stated.at(self.words, at, sentence.last)) for at in around)
        near = [at for at, match in matches if match is not None and match.value[0] in ("stated", "say")]
        if not near:
            return None
        who, speaker = self.identify(found) if found else self.resolve(None, None)
        content = (
            self._after_that(sentence, max(near[0] + 1, place), None)
            or self._told_before(sentence, min(near[0], cue.first))
            or self._sentence_before(sentence)
        )
        if content is None:
            return None
        venue = NamedPassage(self.doc.passage(cue.last - 1, cue.last).text, self.doc.passage(cue.last - 1, cue.last))
        cued = Cue(near[0], near[0] + 1, "say", "state")
        return Attribution(cued, speaker, who, (content,), venue, self._when(sentence, (content,)))

    # circumstances

    def _venue(self, sentence: Span, content: Range) -> NamedPassage | None:
        return self.venue_in(range(sentence.first, sentence.last), content)

    def venue_in(self, span: range, content: Range) -> NamedPassage | None:
        """Where it was said, as far as words outside the content tell."""
        terms = terms_of(self.language, "venues")
        for place in span:
            if content[0] <= place < content[1] or place == 0:
                continue
            found = terms.at(self.words, place, span.stop)
            if found is None:
                continue
            before = self.words[place - 1]
            described = part_of(before, self.language) == "adjective" or before in ("своєму", "своем", "своїй", "своей")
            if before in ("у", "в", "на", "под", "во", "для", "час", "ефірі", "эфире") or described:
                first, last = found.first, found.last
                return NamedPassage(self.doc.passage(first, last).text, self.doc.passage(first, last))
        return None

    def _when(self, sentence: Span, content: Sequence[Range]) -> When | None:
        for mention in self.times:
            inside = any(first <= mention.first < last for first, last in content)
            if sentence.first <= mention.first < sentence.last and not inside:
                return mention.when
        return None
