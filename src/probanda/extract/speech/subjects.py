"""Who stands before or after a verb of speech: its subject, with the name or role that an aside adds.

"Mirek Sandor, the mayor of Dorvik, said", "The mayor, Mirek Sandor, said", "…,” said Mirek Sandor", "who said",
"…, adding that". A subject that cannot be found is `None`: nobody is made to speak by default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from probanda.extract.speech.cues import BE, DASHES, Cue
from probanda.extract.speech.named import take_apart
from probanda.extract.text.nouns import LINKERS, PARTICLES, Range, can_head, is_body, is_role, words_of
from probanda.extract.text.phrases import phrase_after, phrase_before
from probanda.extract.text.segments import Document, Span

PERSONAL = frozenset(("he", "she", "they", "it"))
_MAY_FOLLOW = frozenset(
    "in on at during after as who when while adding before via through from amid late early".split()
)
_PARTS_OF = frozenset({"one", "some", "several", "many", "two", "three", "another"})
_QUOTED = frozenset({"quoted", "cited", "quotes", "cites", "quoting", "citing"})
_SPEAKING = ("person", "body", "role")


@dataclass(frozen=True, slots=True)
class Subject:
    """`span` is the phrase beside the verb, `aside` a second one that says more of the same person."""

    span: Range
    aside: Range | None = None
    inverted: bool = False
    relative: bool = False  # the cue stands in a relative clause: "the mayor, who said …, left"


def find_subject(
    doc: Document, sentence: Span, place: int, left: int, cue: Cue, before: Sequence[Subject]
) -> Subject | None:
    """The subject of the cue verb at `place`; `left` is the token before it and its helpers, `before` the subjects of
    the earlier cues of the sentence."""
    tokens = doc.tokens
    floor = sentence.first
    if cue.form == "ing":
        return _of_participle(doc, sentence, place, before)
    if left < floor:
        return inverted(doc, sentence, place, cue)
    token = tokens[left]
    if token.lower in ("and", "but", "then"):
        return _again(before[-1]) if before else _of_sentence(doc, sentence, left)
    if token.kind == "mark" and token.text in ",”\"’'»" + DASHES:
        aside = _before_aside(doc, left, floor) if token.text in "," + DASHES else None
        if aside is not None and aside.span[0] <= floor + 1 and take_apart(doc, aside.span).kind in _SPEAKING:
            return aside
        if aside is not None and aside.span[0] <= floor + 1 and tokens[aside.span[0]].lower in _PARTS_OF:
            return aside  # "One of them, a farmer, recalled"
        return inverted(doc, sentence, place, cue) or aside
    if token.lower in ("who", "which"):
        end = left - 1 if left > floor and tokens[left - 1].text == "," else left
        phrase = phrase_before(doc, end, floor)
        return Subject(phrase, relative=True) if phrase else None
    if token.lower == "them" and left - 2 >= floor and tokens[left - 1].lower == "of":
        return Subject((left - 2, left + 1))  # "one of them"
    if token.lower in words_of("pronoun"):
        return Subject((left, left + 1)) if token.lower in PERSONAL else None
    phrase = phrase_before(doc, left + 1, floor)
    if phrase is not None and _is_verb(doc, phrase, floor, cue):
        return None  # "would cover alleged crimes", "has also received reports that"
    if phrase is None or (phrase[1] - phrase[0] == 1 and tokens[phrase[0]].lower in ("that", "this", "these", "those")):
        return None
    name = _name_before(doc, phrase, floor)
    return Subject(name, phrase) if name else Subject(_head_phrase(doc, phrase, floor))


def _is_verb(doc: Document, phrase: Range, floor: int, cue: Cue) -> bool:
    """Whether the words before the cue are a verb with its auxiliary, so that the cue is no verb."""
    tokens = doc.tokens
    if not cue.noun and cue.stance != "allege":
        return False  # "people who had fled said"
    if phrase[1] - phrase[0] > 1 or tokens[phrase[0]].capital:
        return False
    place = phrase[0] - 1
    while place > floor and tokens[place].lower in words_of("adverb"):
        place -= 1
    return place >= floor and tokens[place].lower in words_of("auxiliary")


def _name_before(doc: Document, role: Range, floor: int) -> Range | None:
    """The name in "Lena Voss, head of the agency said", where the second comma was left out."""
    if role[0] - 2 <= floor or doc.tokens[role[0] - 1].text != "," or take_apart(doc, role).kind != "role":
        return None
    if doc.tokens[role[0]].lower in ("the", "a", "an") or role[1] - role[0] == 1:
        return None
    phrase = phrase_before(doc, role[0] - 1, floor)
    return phrase if phrase is not None and take_apart(doc, phrase).kind == "person" else None


def _head_phrase(doc: Document, phrase: Range, floor: int) -> Range:
    """ "Survivors of the siege in the town", "a resident reached by phone", "the man who keeps the ledger": where the
    words before the verb can speak for nobody, the whole phrase from the noun for persons or a body on."""
    tokens = doc.tokens
    relative = _who(doc, phrase, floor)
    if relative is not None:
        return relative
    taken = take_apart(doc, phrase)
    before = tokens[phrase[0] - 1].lower if phrase[0] > floor else ""
    place_name = before in ("in", "at", "near", "from") and not is_body(taken.head) and not is_role(taken.head)
    place_name = place_name or before in ("to", "with", "by", "against", "under", "among", "between", "inside")
    mute = taken.kind not in ("person", "body", "role")
    if not (place_name or (mute and phrase[0] > floor)):
        return phrase
    return _described(doc, phrase, floor) or phrase


def _described(doc: Document, phrase: Range, floor: int) -> Range | None:
    """The phrase from the head noun that stands before a preposition or "to which" on."""
    tokens = doc.tokens
    before = tokens[phrase[0] - 1].lower
    for place in range(phrase[0] - 1, max(floor, phrase[0] - 14) - 1, -1):
        token = tokens[place]
        if token.lower == "which" and place - 1 > floor and tokens[place - 1].lower in words_of("preposition"):
            found = phrase_before(doc, place - 1, floor)
            return (found[0], phrase[1]) if found else None
        if token.kind == "mark":
            return None
        if token.kind == "word" and can_head(token) and before in words_of("preposition"):
            found = phrase_before(doc, place + 1, floor)
            return (found[0], phrase[1]) if found else None
    return None


def _who(doc: Document, phrase: Range, floor: int) -> Range | None:
    """ "A woman who was travelling with her mother": the whole, where "who" stands before without a mark between."""
    for place in range(phrase[0] - 1, max(floor, phrase[0] - 16) - 1, -1):
        token = doc.tokens[place]
        if token.kind == "mark" or token.lower in ("and", "but"):
            return None
        if token.lower == "who":
            found = phrase_before(doc, place, floor)
            return (found[0], phrase[1]) if found else None
    return None


def _of_sentence(doc: Document, sentence: Span, before: int) -> Subject | None:
    """The subject of the sentence for a verb after "and" whose clause has none: its first noun phrase."""
    first = sentence.first
    tokens = doc.tokens
    if doc.quoted_of(first) is not None or tokens[first].kind == "mark":
        return None
    if tokens[first].lower in PERSONAL:
        return Subject((first, first + 1))
    opening = tokens[first].lower in words_of("preposition") | words_of("conjunction") | words_of("adverb")
    phrase = None if opening else phrase_after(doc, first, before)
    if phrase is None or take_apart(doc, phrase).kind not in _SPEAKING:
        return None
    return Subject(phrase, aside_after(doc, phrase[1], before))


def inverted(doc: Document, sentence: Span, place: int, cue: Cue) -> Subject | None:
    """The subject after the verb: "…,” said Lena Voss, the mayor". What follows it must not be a clause of its own."""
    asked = cue.class_ == "ask" and _after_marks(doc, place)
    if (cue.class_ not in ("say", "belief", "promise") and not asked) or cue.form not in (
        "past",
        "third",
        "participle",
    ):
        return None
    if cue.noun and cue.form != "past":
        return None
    tokens = doc.tokens
    start = place + 1
    if start >= sentence.last or tokens[start].lower in ("that", "this", "these", "those"):
        return None
    span: Range | None = (start, start + 1) if tokens[start].lower in ("he", "she", "they") else None
    if tokens[start].lower in ("one", "another") and _after_marks(doc, place):
        alone = start + 1 >= sentence.last or tokens[start + 1].kind == "mark"
        span = (start, start + 1) if alone else None  # "“We are afraid,” says one."
    if span is None:
        start = _past_addressee(doc, sentence, place, start)
        span = phrase_after(doc, start, sentence.last)
        new = tokens[start].lower in ("a", "an", "one", "another") and _after_marks(doc, place)
        if span is None or not (new or any(_can_speak(doc, i) for i in range(*span))):
            return None
    follows = tokens[span[1]] if span[1] < sentence.last else None
    if follows is not None and follows.kind != "mark" and follows.lower not in _MAY_FOLLOW:
        return None
    return Subject(span, aside_after(doc, span[1], sentence.last), inverted=True)


def _after_marks(doc: Document, cue: int) -> bool:
    """Whether the cue directly follows words in quotation marks: "…,” said a neighbour"."""
    marks = (place for place in (cue - 2, cue - 3) if place >= 0)
    return doc.tokens[max(cue - 1, 0)].kind == "mark" and any(doc.quoted_of(place) is not None for place in marks)


def _past_addressee(doc: Document, sentence: Span, place: int, start: int) -> int:
    """Past "to Radio Vesna by telephone" in "“…,” related to Radio Vesna by telephone Lena Voss"."""
    tokens = doc.tokens
    if place == sentence.first or doc.quoted_of(max(place - 2, 0)) is None:
        return start
    here = start
    while here + 1 < sentence.last and tokens[here].lower in ("to", "by", "via", "from"):
        if tokens[here].lower in ("by", "via"):
            here += 2
            continue
        span = phrase_after(doc, here + 1, sentence.last)
        if span is None:
            return start
        here = span[1]
    named = here < sentence.last and tokens[here].kind == "word" and tokens[here].capital
    return here if named else start


def _can_speak(doc: Document, place: int) -> bool:
    token = doc.tokens[place]
    return token.kind == "word" and (token.capital or is_role(token.lower) or is_body(token.lower))


def _again(subject: Subject) -> Subject:
    """The subject of an earlier cue, taken over by a later one: "…,” said the mayor, adding …"."""
    return replace(subject, inverted=False, relative=False)


def _of_participle(doc: Document, sentence: Span, place: int, before: Sequence[Subject]) -> Subject | None:
    """The source of the sentence so far, or its first noun phrase, for "…, saying that"; "was quoted as saying" too."""
    tokens = doc.tokens
    if place == sentence.first:
        return None
    previous = tokens[place - 1]
    if previous.lower == "as":
        quoted = next((i for i in range(place - 1, sentence.first, -1) if tokens[i].lower in _QUOTED), None)
        if quoted is None:
            return None
        if tokens[quoted - 1].lower not in BE:  # "the agency quoted the mayor as saying"
            after = phrase_after(doc, quoted + 1, place)
            return Subject(after, aside_after(doc, after[1], place)) if after else None
        end = quoted - 1
        if end > sentence.first and tokens[end - 1].text == ",":
            return _before_aside(doc, end - 1, sentence.first)
        phrase = phrase_before(doc, end, sentence.first)
        return Subject(phrase) if phrase else None
    if previous.lower in ("heard", "seen", "shown", "recorded") and tokens[place - 2].lower in BE:
        phrase = phrase_before(doc, place - 2, sentence.first)
        return Subject(phrase) if phrase else None
    if previous.text not in "," + DASHES and previous.lower not in ("and", "by"):
        phrase = phrase_before(doc, place, sentence.first)
        apart = phrase is not None and phrase[0] > sentence.first and tokens[phrase[0] - 1].text == ","
        absolute = apart and phrase is not None and any(_can_speak(doc, i) for i in range(*phrase))
        return Subject(phrase) if absolute and phrase is not None else None
    if before:
        return _again(before[-1])
    return _of_sentence(doc, sentence, place)


def _before_aside(doc: Document, comma: int, floor: int) -> Subject | None:
    """The noun phrase before an aside that ends in `comma`, and the aside where it names a role or a person."""
    tokens = doc.tokens
    opening = None
    for place in range(comma - 1, max(floor, comma - 40) - 1, -1):
        if tokens[place].text in "," + DASHES and tokens[place].kind == "mark" and doc.quoted_of(place) is None:
            opening = place
            phrase = phrase_before(doc, place, floor)
            if phrase is None:
                return None
            first = tokens[phrase[0]]
            age = phrase[1] - phrase[0] == 1 and first.kind == "number"
            nested = first.lower in ("a", "an") and phrase[0] - 1 > floor and tokens[phrase[0] - 1].text == ","
            if age or (nested and not tokens[phrase[1] - 1].capital):
                continue
            phrase = _head_phrase(doc, phrase, floor)
            role = _role_before(doc, phrase, floor) or aside_after(doc, opening, comma + 1)
            return Subject(phrase, role)
    return None


def _role_before(doc: Document, name: Range, floor: int) -> Range | None:
    """The role in "The leader of the opposition, Mirek Sandor, who …, said"."""
    if name[0] - 2 <= floor or doc.tokens[name[0] - 1].text != "," or not doc.tokens[name[0]].capital:
        return None
    phrase = phrase_before(doc, name[0] - 1, floor)
    return phrase if phrase is not None and take_apart(doc, phrase).kind == "role" else None


def aside_after(doc: Document, comma: int, end: int) -> Range | None:
    """The phrase of an aside that begins at `comma`: a role ("the mayor of Dorvik") or a name."""
    tokens = doc.tokens
    place = comma
    if place >= end or tokens[place].text not in ",(" + DASHES:
        return None
    place += 1
    if place + 1 < end and tokens[place].kind == "number" and tokens[place + 1].text in ",)":
        place += 2
    if (
        place + 2 < end
        and tokens[place].lower in ("known", "identified", "named")
        and tokens[place + 1].lower in ("as", "only")
    ):
        place += 2 if tokens[place + 1].lower == "as" else 3
    if place >= end:
        return None
    if tokens[place].lower == "who":
        return _given_name(doc, place, end)
    span = phrase_after(doc, place, end)
    if span is None:
        return None
    closes = (
        span[1] >= end
        or tokens[span[1]].kind == "mark"
        or tokens[span[1]].lower in ("who", "which", "in", "at", "from", "with", "whose", "on", "and")
    )
    told = any(is_role(tokens[i].lower) or is_body(tokens[i].lower) for i in range(*span))
    named = (
        tokens[span[0]].capital
        and span[1] - span[0] <= 5
        and all(
            tokens[i].capital or tokens[i].kind != "word" or tokens[i].lower in LINKERS | PARTICLES
            for i in range(*span)
        )
    )
    return span if closes and (told or named) else None


_NAMING = frozenset({"name", "names", "identified", "called", "named"})


def _given_name(doc: Document, who: int, end: int) -> Range | None:
    """The name in "who gave his name only as Pavel", "who asked to be identified by her first name, Mira"."""
    tokens = doc.tokens
    last = next((i for i in range(who, min(who + 16, end)) if tokens[i].text in ".;:"), min(who + 16, end))
    told = next((i for i in range(who, last) if tokens[i].lower in _NAMING), None)
    if told is None or (tokens[told - 1].lower in ("not", "be") and tokens[told].lower == "named"):
        return None
    for place in range(told + 1, last):
        if tokens[place].kind == "word" and tokens[place].capital:
            after = place
            while after < last and tokens[after].kind == "word" and tokens[after].capital:
                after += 1
            behind = tokens[place - 1].lower
            return (place, after) if behind in ("as", ",", "name", "only", "himself", "herself") else None
        if tokens[place].text == "," and tokens[place - 1].lower != "name":
            return None
    return None
