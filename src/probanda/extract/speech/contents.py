"""What the source of an attribution is said to say: the words after the cue, or before the source.

Content is a token range without cue, source, venue and time of the utterance, and without the marks at its ends.
"""

from __future__ import annotations

from probanda.extract.speech.cues import DASHES, DAYTIMES, WEEKDAYS, Cue, is_manner
from probanda.extract.speech.subjects import Subject
from probanda.extract.text.actors import word_classes
from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.nouns import Range, is_body, is_role, nounish, singular, words_of
from probanda.extract.text.phrases import phrase_after
from probanda.extract.text.segments import Document, Span

_PASSED = frozenset(("also", "again", "recently", "only", "just"))
_COUNTED = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozens scores hundreds thousands".split()
)
_AFTER_SOURCE = frozenset(
    "after as while when in on at during from following by and but adding to with amid before although though"
    " via".split()
)


def find_content(
    doc: Document, sentence: Span, subject: Subject, place: int, after: int, cue: Cue
) -> tuple[Range | None, bool]:
    """The content, and whether it follows the cue at `place`; `after` is where it may begin."""
    tokens = doc.tokens
    source = place if subject.inverted else subject.span[0]
    follows = skip_setting(doc, after, sentence.last)
    if follows < sentence.last and tokens[follows].lower in words_of("preposition") and cue.class_ in ("say", "tell"):
        follows = _that(doc, follows, sentence.last) or follows
    if follows < sentence.last and tokens[follows].text == ",":
        aside = next(
            (i for i in range(follows + 1, min(follows + 7, sentence.last - 1)) if tokens[i].text == ","), None
        )
        if aside is not None and tokens[aside + 1].lower == "that":
            follows = aside + 1  # "found, by majority, that"
    nothing = follows >= sentence.last or (tokens[follows].kind == "mark" and tokens[follows].text in ".,;!?")
    if subject.inverted or nothing or _is_trailing(doc, sentence, source, follows):
        end = source
        while end > sentence.first and (tokens[end - 1].kind == "mark" or tokens[end - 1].lower == "as"):
            end -= 1
        start = opening(doc, sentence, end)
        setting = _is_setting(doc, start, end)
        if start < end < source and not setting:
            parted = follows + 2 < sentence.last and tokens[follows].text == "," and not subject.inverted
            whole = parted and _goes_on(doc, start, end)
            return (start, trim(doc, sentence.last) if whole else end), False
        if setting and follows + 2 < sentence.last and tokens[follows].text == ",":
            return (_inside(doc, follows + 1, sentence.last), trim(doc, sentence.last)), True
        as_said = nothing and source == sentence.first + 1 and tokens[sentence.first].lower == "as"
        if as_said and follows + 1 < sentence.last and tokens[follows].text == ",":
            return (_inside(doc, follows + 1, sentence.last), trim(doc, sentence.last)), True
        if subject.inverted or nothing:
            return None, False
    end = trim(doc, sentence.last)
    if follows >= end:
        return None, True
    opener = tokens[follows]
    if cue.complement in ("that", "quote") and not (opener.lower == "that" or opener.text in '“"‘«:'):
        quotes = any(doc.quoted_of(i) is not None for i in range(follows, end))
        begins = (
            nounish(opener) or opener.lower in words_of("determiner") | words_of("pronoun") or opener.kind == "number"
        )
        clause = any(
            token.lower in words_of("auxiliary") or word_classes(token.lower)[0] in "VP"
            for token in tokens[follows:end]
        )
        if not quotes and (cue.complement == "quote" or not begins or not clause):
            return None, True  # "opened the hearing by reading the names", "found survivors"
    if subject.relative:
        end = _clause_end(doc, follows, end)
    if opener.lower == "that" or opener.text == ":":
        follows += 1
    while follows < end and tokens[follows].kind == "mark":
        follows += 1
    return ((follows, end) if follows < end else None), True


def _goes_on(doc: Document, start: int, end: int) -> bool:
    """Whether the words before the source are no clause by themselves: "What has followed, analysts say, is …"."""
    if doc.quoted_of(start) is not None or doc.quoted_of(end - 1) is not None:
        return False
    tokens = doc.tokens[start:end]
    opens = tokens[0].lower in ("if", "when", "unless", "what", "whatever", "of", "as", "while", "although", "because")
    finite = any(token.lower in words_of("auxiliary") or word_classes(token.lower)[:1] == "V" for token in tokens)
    return opens or not finite


def _is_setting(doc: Document, start: int, end: int) -> bool:
    """Whether the words before the source only set the scene: "In the past 24 hours, the spokesman said, …"."""
    if not 0 < end - start <= 9 or doc.quoted_of(start) is not None:
        return False
    tokens = doc.tokens[start:end]
    opens = tokens[0].lower in (words_of("preposition") | words_of("adverb")) - {"of"}
    return opens and not any(
        token.lower in words_of("auxiliary") or word_classes(token.lower)[:1] == "V" for token in tokens
    )


def _inside(doc: Document, place: int, end: int) -> int:
    """Past opening marks."""
    while place < end - 1 and doc.tokens[place].kind == "mark":
        place += 1
    return place


def _clause_end(doc: Document, first: int, end: int) -> int:
    """Where a relative clause ends: at "and who", or at the comma that closes it; a pair of commas is an aside."""
    tokens = doc.tokens
    for place in range(first, end - 1):
        if tokens[place].lower == "and" and tokens[place + 1].lower in ("who", "which"):
            return place
    commas = [place for place in range(first, end) if tokens[place].text == ","]
    return commas[-1] if len(commas) % 2 else end


def _is_trailing(doc: Document, sentence: Span, source: int, follows: int) -> bool:
    """Whether the content came before: a comma parts it from the source, and what follows the cue is no clause."""
    tokens = doc.tokens
    if source - sentence.first <= 3 or tokens[source - 1].kind != "mark":
        return False
    if doc.quoted_of(source - 2) is not None or (
        source - 3 >= sentence.first and doc.quoted_of(source - 3) is not None
    ):
        return tokens[follows].lower != "that" and doc.quoted_of(min(follows + 1, len(tokens) - 1)) is None
    return tokens[source - 1].text in ",”\"’'»" + DASHES and tokens[follows].lower in _AFTER_SOURCE


def _that(doc: Document, place: int, end: int) -> int | None:
    """The "that" which opens the content behind a phrase of place or occasion, if no mark stands before it."""
    for that in range(place + 1, min(place + 12, end)):
        if doc.tokens[that].lower == "that" and doc.quoted_of(that) is None:
            return that
        if doc.tokens[that].kind == "mark":
            return None
    return None


def counted_content(doc: Document, sentence: Span, after: int, cue: Cue) -> Range | None:
    """What a verb of counting says: "put the toll at 12", "gave a figure: 103 dead", "registered 2,140 arrivals"."""
    tokens = doc.tokens
    end = trim(doc, sentence.last)
    window = range(after, min(after + 14, end))
    numbered = next((i for i in window if tokens[i].kind == "number" or tokens[i].lower in _COUNTED), None)
    if numbered is None:
        return None
    nouns = word_list("figure_nouns.txt")
    if cue.complement == "at":
        at = next((i for i in range(after, numbered) if tokens[i].lower == "at"), None)
        taken_up = at == after + 1 and tokens[after].lower == "it"  # "…, putting it at ten"
        fits = at is not None and (taken_up or any(singular(tokens[i].lower) in nouns for i in range(after, at)))
    elif cue.complement == "figure":
        fits = any(singular(tokens[i].lower) in nouns for i in range(after, min(after + 6, numbered)))
    else:
        fits = numbered - after <= 4
    colon = next((i for i in range(after, numbered) if tokens[i].text == ":"), None)
    if colon is not None and fits:
        return (colon + 1, end)
    close = next((i for i in range(numbered, end) if tokens[i].text in ",;"), end)
    return (after, close) if fits and after < close else None


def skip_setting(doc: Document, place: int, end: int) -> int:
    """Past "on Monday", "in a statement", "during a visit to Dorvik," that stand between cue and content."""
    tokens = doc.tokens
    venues = {row["noun"] for row in table("venues.tsv")}
    while place < end:
        lower = tokens[place].lower
        if lower in WEEKDAYS | DAYTIMES | {"also", "again", "recently", "only", "just"} or is_manner(
            lower, tokens[place].capital
        ):
            place += 1
            continue
        if place + 1 < end and lower in ("on", "late", "early", "via"):
            following = tokens[place + 1]
            if following.lower in WEEKDAYS or following.text in word_list("channels.txt"):
                place += 2
                continue
            if lower in ("late", "early") and following.lower == "on":
                place += 1
                continue
        if lower not in ("on", "in", "at", "during") or place + 1 >= end:
            break
        span = phrase_after(doc, place + 1, end)
        if span is None:
            break
        occasion = any(tokens[i].lower in venues or tokens[i].text in word_list("channels.txt") for i in range(*span))
        town = (
            lower in ("in", "at")
            and tokens[span[1] - 1].capital
            and span[1] < end
            and tokens[span[1]].lower in ("that", "on")
        )
        if not (occasion or town):
            break
        place = span[1]
        if place < end and tokens[place].kind == "word" and word_classes(tokens[place].lower)[:1] in ("P", "V", "G"):
            place = next((i for i in range(place, min(place + 9, end)) if _ends_setting(doc, i)), place)
        if place + 1 < end and tokens[place].text == ",":
            place += 1
    return place


def _ends_setting(doc: Document, place: int) -> bool:
    """Where "in a report released today" ends: at a mark, or at the "that" of the content."""
    return doc.tokens[place].kind == "mark" or doc.tokens[place].lower == "that"


def opening(doc: Document, sentence: Span, end: int) -> int:
    """Where content at the head of a sentence begins: after a dateline ("DORVIK (Tess Wire) —") and opening marks."""
    tokens = doc.tokens
    place = sentence.first
    if place == doc.paragraphs[doc.paragraph_of(place)].first:
        for dash in range(place + 1, min(place + 14, end)):
            before = tokens[place:dash]
            if (
                tokens[dash].text in DASHES
                and tokens[dash].kind == "mark"
                and before[0].text.isupper()
                and tokens[dash].end < tokens[dash + 1].start
            ):
                place = dash + 1
                break
    while place < end and tokens[place].kind == "mark":
        place += 1
    return place


def after_according(doc: Document, sentence: Span, source: Range) -> int:
    """Where the content of "According to S, an agency, …" begins: after the comma, and after an aside about S."""
    tokens = doc.tokens
    start = source[1]
    while start < sentence.last and tokens[start].text not in ",:":
        start += 1
    start += 1
    if start < sentence.last and tokens[start].lower in ("a", "an", "the", "which", "who"):
        closing = next((i for i in range(start, min(start + 14, sentence.last)) if tokens[i].text == ","), None)
        if closing is not None:
            aside = tokens[start:closing]
            verbal = any(token.lower in words_of("auxiliary") for token in aside) and aside[0].lower not in (
                "which",
                "who",
            )
            if aside[0].lower in ("which", "who") or (
                not verbal and any(is_role(t.lower) or is_body(t.lower) for t in aside)
            ):
                start = closing + 1
    return min(start, sentence.last)


def trim(doc: Document, last: int) -> int:
    """Left over the closing marks of a sentence."""
    while last > 0 and doc.tokens[last - 1].kind == "mark" and doc.tokens[last - 1].text in '.!?…”"’»,;':
        last -= 1
    return last
