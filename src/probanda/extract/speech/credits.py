"""Attributions without a verb of speech: "according to", "in the words of", a headline's dash, brackets, a colon."""

from __future__ import annotations

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.cast import Cast
from probanda.extract.speech.contents import after_according, opening, trim
from probanda.extract.speech.cues import ACCORDING, DASHES, Cue
from probanda.extract.speech.named import take_apart
from probanda.extract.speech.subjects import Subject, aside_after
from probanda.extract.text.actors import word_classes
from probanda.extract.text.nouns import Range, is_body, is_role, words_of
from probanda.extract.text.phrases import phrase_after
from probanda.extract.text.segments import Document, Token


def find_credits(doc: Document, cast: Cast, number: int) -> list[Attribution]:
    """The credits of a sentence that has no verb of speech: at most one."""
    for credit in (_credit, _bracketed, _before_colon, _beside_marks):
        found = credit(doc, cast, number)
        if found is not None:
            return [found]
    return []


_TOLD = Cue("tell", "say", "quote", "state", "past", False)
_ALONE = frozenset({"one", "another"})


def _beside_marks(doc: Document, cast: Cast, number: int) -> Attribution | None:
    """ "“Brothers,” the president began", "“They took the men,” remembers Lena Voss": words in quotation marks that end
    in a comma, and the clause beside them, whatever its verb."""
    sentence = doc.sentences[number]
    for place in range(sentence.first + 2, sentence.last - 2):
        stretch = doc.quoted_of(place)
        if stretch is None or doc.quoted_of(place + 1) is not None or doc.tokens[place].text not in ",?!":
            continue
        quoted, after = doc.quoted[stretch], place + 2
        if not quoted.closed or quoted.last != place + 1 or quoted.first > sentence.first + 2:
            continue
        span, verb = _clause_beside(doc, after, sentence.last)
        if span is None or verb is None:
            return None
        speaker = cast.speak(span, aside_after(doc, span[1], sentence.last) if span[0] > verb else None)
        if speaker is None:
            return None
        content = (quoted.first, place)
        inverted = span[0] > verb
        return Attribution(
            (verb, verb + 1), _TOLD, Subject(span, None, inverted), speaker, content, None, number, False
        )
    return None


def _clause_beside(doc: Document, after: int, end: int) -> tuple[Range | None, int | None]:
    """Subject and verb of the clause that begins at `after`, in either order."""
    tokens = doc.tokens
    if after >= end:
        return None, None
    inverted = _is_verb(tokens[after])
    start = after + 1 if inverted else after
    if start >= end:
        return None, None
    closed = start + 1 >= end or tokens[start + 1].kind == "mark"
    alone = tokens[start].lower in ("he", "she") or (tokens[start].lower in _ALONE and (closed or not inverted))
    span = (start, start + 1) if alone else phrase_after(doc, start, end)
    if span is None or not (alone or take_apart(doc, span).kind in ("person", "role", "body")):
        return None, None
    if inverted:
        ends = span[1] >= end or tokens[span[1]].kind == "mark" or tokens[span[1]].lower in ("of", "who", "from", "in")
        return (span, after) if ends else (None, None)
    verb = span[1] if span[1] < end and _is_verb(tokens[span[1]]) else None
    return span, verb


def _is_verb(token: Token) -> bool:
    plain = token.kind == "word" and not token.capital
    return plain and (word_classes(token.lower)[:1] in ("V", "P") or token.lower.endswith("ed"))


def _before_colon(doc: Document, cast: Cast, number: int) -> Attribution | None:
    """ "Karovian foreign ministry: “A day of shame.”": a short source, a colon, and words in quotation marks."""
    sentence = doc.sentences[number]
    first = opening(doc, sentence, sentence.last)
    span = phrase_after(doc, first, min(first + 8, sentence.last))
    if span is None:
        return None
    at = span[1]
    if at < sentence.last and doc.tokens[at].text != ":":  # "His minister was blunter: “…”", "Voss, in a letter: “…”"
        at = next((i for i in range(at, min(at + 14, sentence.last)) if doc.tokens[i].text == ":"), at)
    if at + 2 >= sentence.last or doc.tokens[at].text != ":":
        return None
    if doc.quoted_of(at + 2) is None or take_apart(doc, span).kind not in ("person", "body", "role", "pronoun"):
        return None
    content = (at + 2, trim(doc, sentence.last))
    colon = (at, at + 1)
    speaker = cast.speak(span, aside_after(doc, span[1], at + 1))
    return Attribution(colon, ACCORDING, Subject(span), speaker, content, None, number, True) if speaker else None


def _credit(doc: Document, cast: Cast, number: int) -> Attribution | None:
    """A headline's source behind a dash or colon: "Fourteen dead in convoy strike – medics"."""
    sentence = doc.sentences[number]
    if doc.tokens[sentence.last - 1].kind == "mark":
        return None
    for place in range(sentence.last - 1, max(sentence.first + 2, sentence.last - 8), -1):
        if doc.tokens[place].text in DASHES and doc.tokens[place].kind == "mark":
            span = phrase_after(doc, place + 1, sentence.last)
            speaks = span is not None and span[1] == sentence.last and take_apart(doc, span).kind in ("role", "body")
            marked = doc.quoted_of(max(place - 2, 0)) is not None and doc.tokens[place - 1].kind == "mark"
            if marked and span is not None and span[1] == sentence.last and take_apart(doc, span).kind == "person":
                content = (opening(doc, sentence, place), place - 1)
                return Attribution(
                    (place, place + 1), ACCORDING, Subject(span), cast.speak(span, None), content, None, number, False
                )  # "“It is over” – Lena Voss"
            if (
                span is None
                or not speaks
                or not (is_role(doc.tokens[span[1] - 1].lower) or is_body(doc.tokens[span[1] - 1].lower))
            ):
                return None
            content = (opening(doc, sentence, place), place)
            return Attribution(
                (place, place + 1), ACCORDING, Subject(span), cast.speak(span, None), content, None, number, False
            )
    return None


def _bracketed(doc: Document, cast: Cast, number: int) -> Attribution | None:
    """ "212 killed (source: health ministry)"."""
    sentence = doc.sentences[number]
    for place in range(sentence.first + 1, sentence.last - 2):
        if (
            doc.tokens[place].lower in ("source", "sources")
            and doc.tokens[place - 1].text in "(["
            and doc.tokens[place + 1].text == ":"
        ):
            span = phrase_after(doc, place + 2, sentence.last)
            if span is not None and place - 1 > sentence.first:
                content = (opening(doc, sentence, place - 1), place - 1)
                return Attribution(
                    (place, place + 1), ACCORDING, Subject(span), cast.speak(span, None), content, None, number, False
                )
    return None


def introduced(doc: Document, number: int) -> Range | None:
    """The paragraph after "The minister said:", where it stands without quotation marks."""
    sentence = doc.sentences[number]
    if doc.tokens[sentence.last - 1].text != ":" or number + 1 >= len(doc.sentences):
        return None
    paragraph = doc.paragraphs[doc.paragraph_of(doc.sentences[number + 1].first)]
    same = doc.paragraph_of(sentence.first) == doc.paragraph_of(paragraph.first)
    marked = any(doc.quoted_of(place) is not None for place in range(paragraph.first, paragraph.last))
    return None if same or marked else (paragraph.first, trim(doc, paragraph.last))


def according(doc: Document, cast: Cast, number: int, place: int) -> Attribution | None:
    sentence = doc.sentences[number]
    span = phrase_after(doc, place + 2, sentence.last)
    if span is None and doc.tokens[place + 2].lower in ("him", "her", "them"):
        span = (place + 2, place + 3)
    if span is None:
        return None
    span = _whole_source(doc, span, sentence.last)
    aside = aside_after(doc, span[1], sentence.last)
    speaker = cast.speak(span, aside)
    first = opening(doc, sentence, place)
    leading = first == place
    more: Range | None = None
    parenthesis = span[1] < sentence.last - 1 and doc.tokens[span[1]].text == "," and doc.tokens[place - 1].text == ","
    if leading or doc.tokens[place - 1].text in ":;":
        content = (after_according(doc, sentence, span), trim(doc, sentence.last))
    elif parenthesis and doc.tokens[place - 2].lower in words_of("conjunction") | words_of("pronoun"):
        content = (span[1] + 1, trim(doc, sentence.last))
    elif parenthesis:
        content = (first, trim(doc, place))
        after = (span[1] + 1, trim(doc, sentence.last))
        finite = (doc.tokens[i] for i in range(*after))
        if any(token.lower in words_of("auxiliary") or word_classes(token.lower)[:1] == "V" for token in finite):
            more = after
    else:
        content = (first, trim(doc, place))
    if content[0] >= content[1] or speaker is None:
        return None
    return Attribution((place, place + 2), ACCORDING, Subject(span), speaker, content, None, number, leading, more=more)


def _whole_source(doc: Document, span: Range, end: int) -> Range:
    """The source of "according to" with what describes it: "two people with knowledge of the talks"."""
    if span[1] >= end or doc.tokens[span[1]].lower not in ("with", "who", "familiar", "close", "briefed", "at", "near"):
        return span
    mark = next((i for i in range(span[1], min(span[1] + 14, end)) if doc.tokens[i].kind == "mark"), None)
    return (span[0], mark) if mark is not None else span


def in_the_words_of(doc: Document, cast: Cast, number: int, place: int) -> Attribution | None:
    """ "In the words of a guard who has left, the block was washed": `place` is at "words"."""
    sentence = doc.sentences[number]
    span = phrase_after(doc, place + 2, sentence.last)
    if span is None:
        return None
    span = _whole_source(doc, span, sentence.last)
    speaker = cast.speak(span, None)
    comma = span[1] < sentence.last - 1 and doc.tokens[span[1]].text == ","
    content = (span[1] + 1, trim(doc, sentence.last)) if comma else (opening(doc, sentence, place), max(place - 2, 0))
    if speaker is None or content[0] >= content[1]:
        return None
    return Attribution((place - 1, place + 2), ACCORDING, Subject(span), speaker, content, None, number, comma)


def in_ones_words(doc: Document, cast: Cast, number: int, place: int) -> Attribution | None:
    """ "In the ministry’s words, it was an error": `place` is at "words", behind the clitic."""
    sentence = doc.sentences[number]
    start = next(
        (i for i in range(place - 2, max(sentence.first, place - 9) - 1, -1) if doc.tokens[i].lower == "in"), None
    )
    span = phrase_after(doc, start + 1, place - 1) if start is not None else None
    if span is None or span[1] != place - 1 or place + 2 >= sentence.last or doc.tokens[place + 1].text != ",":
        return None
    if take_apart(doc, span).kind not in ("person", "body", "role"):
        return None
    speaker = cast.speak(span, None)
    content = (place + 2, trim(doc, sentence.last))
    if speaker is None or content[0] >= content[1]:
        return None
    return Attribution((place, place + 1), ACCORDING, Subject(span), speaker, content, None, number, True)
