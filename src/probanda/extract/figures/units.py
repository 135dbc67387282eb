"""What a number counts: the noun phrase after it, its head, and the people or things meant.

Guarantees: the unit is a run of whole tokens of the same sentence, in the source's words. There is no parser: a
phrase ends at a closed-class word, a mark, a verb, or the first plural noun that no further plural noun follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.text.effects import Harm, harm_at
from probanda.extract.text.segments import Document, Token
from probanda.extract.text.verb_groups import AUXILIARY, DETERMINERS, MODAL, classes, is_past
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.calendar_dates import word_class
from probanda.extract.values.quantities import Number

_PLURALS = word_set(
    "people men women children police troops personnel staff crew cattle livestock folk youth media others "
    "families servicemen servicewomen policemen firemen fishermen clergy infantry aircraft lives"
)
_OPAQUE = word_set("them these those us you whom which it")
_INCLUDING = word_set("including mostly mainly among largely")


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens [first, last) are the phrase after the number; [head, head_last) name the unit, `None` where nothing
    does ("12 were killed"). `harm` is set where the number stands before a word of harm alone ("12 dead", "30
    wounded"); `whole` is the token of another number of which this one is a part ("12 of the 30")."""

    first: int
    last: int
    head: int | None
    head_last: int | None
    harm: Harm | None
    whole: int | None
    more: bool


def counted_after(doc: Document, number: Number) -> Counted:
    """What `number` counts."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(number.first)].last
    place = number.last
    more = place < end and tokens[place].lower in ("more", "further", "additional")
    if more:
        place += 1
    whole: int | None = None
    if place < end and tokens[place].text in "-‑" and tokens[place].start == tokens[place - 1].end:
        return Counted(place, place, None, None, None, None, more)
    if (place + 1 < end and tokens[place].lower == "of") or (
        number.last > number.core_last - 1 and tokens[number.last - 1].lower == "of"
    ):
        place += tokens[place].lower == "of"
        while place < end and tokens[place].lower in DETERMINERS | {"at", "least"}:
            place += 1
        if place < end and tokens[place].kind == "number":
            whole = place
            place += 1
        if place < end and tokens[place].lower in _OPAQUE:
            named = _named_by_predicate(doc, place + 1, end)
            if named is not None:
                return Counted(named, named + 1, named, named + 1, None, whole, more)
            return Counted(place, place + 1, None, None, None, whole, more)
    harm = harm_at(doc, place) if place < end else None
    if harm is not None and _stands_alone(doc, harm, end):
        return Counted(place, harm.last, None, None, harm, whole, more)
    first = place
    head, last = _head(doc, number, place, end)
    if head is None and place < end and tokens[place].lower in ("were", "are", "was", "is"):
        named = _named_by_predicate(doc, place, end)
        if named is not None:
            return Counted(first, first, named, named + 1, None, whole, more)
    if head is None:
        return Counted(first, first, None, None, None, whole, more)
    head_first = head
    while head_first > place and _compounds(tokens[head_first - 1]):
        head_first -= 1
    head, last = _coordinated(doc, number, head, last, end)
    return Counted(first, last, head_first, last, None, whole, more)


def _named_by_predicate(doc: Document, place: int, end: int) -> int | None:
    """The noun that says what the counted are: "14 were WOMEN", "two of them CHILDREN"."""
    tokens = doc.tokens
    while place < end and (tokens[place].lower in AUXILIARY or classes(tokens[place].lower)[0] == "J"):
        place += 1
    named = place < end and victim_class(tokens[place].lower) is not None and classes(tokens[place].lower)[0] == "N"
    return place if named else None


def _stands_alone(doc: Document, harm: Harm, end: int) -> bool:
    """ "12 dead" and "30 wounded in the blast", but not "12 wounded soldiers"."""
    if not {"adjective", "noun", "participle", "intransitive"} & harm.frames.keys():
        return False
    if "noun" in harm.frames and not {"adjective", "participle"} & harm.frames.keys():
        return False  # "12 deaths": the word is the unit
    if harm.last >= end:
        return True
    after = doc.tokens[harm.last]
    if after.kind != "word":
        return True
    if victim_class(after.lower) is not None and after.lower not in ("men", "others"):
        return False
    kinds = classes(after.lower)
    if after.lower == "and" and harm.last + 1 < end:
        following = harm_at(doc, harm.last + 1)  # "30 dead and wounded", "30 wounded and sick soldiers"
        return following is None or _stands_alone(doc, following, end)
    return (
        after.capital
        or kinds[0] not in "NJ"
        or is_past(after)
        or word_class(doc.tokens, harm.last, "deictic") is not None
    )


def _head(doc: Document, number: Number, place: int, end: int) -> tuple[int | None, int]:
    """The head noun from `place` on and the token after it."""
    tokens = doc.tokens
    singular = number.stated == 1
    head: int | None = None
    start = place
    if place < end and tokens[place].lower in ("suffered", "sustained"):
        return None, start
    while place < end and place - start < 9:
        token = tokens[place]
        if token.kind == "clitic":
            break
        if token.kind != "word":
            if token.text == "-" and head is None and place + 1 < end:
                place += 1
                continue
            if (
                token.text in ',“‘"'
                and head is None
                and place > start
                and place + 1 < end
                and classes(tokens[place + 1].lower)[0] == "J"
            ):
                place += 1
                continue
            if token.text in '“‘"”’' and place == start:
                place += 1
                continue
            break
        kinds = classes(token.lower)
        if token.lower in ("last", "next", "past") and place > start:
            if head is None and is_plural(tokens[place - 1]):
                head = place - 1  # "2,300 returns last month"
            break
        if token.lower in AUXILIARY or token.lower in MODAL or token.lower in DETERMINERS:
            break
        if token.capital and (word_class(tokens, place, "weekday") or word_class(tokens, place, "month")):
            break
        plural = is_plural(token)
        if token.capital:
            if head is not None and not tokens[head].capital:
                break
            if plural and not _noun_follows(tokens, place + 1, end):
                head = place
                break
            head = head if head is not None else None
            place += 1
            if not (place < end and _continues(tokens[place])):
                return (place - 1, place) if plural or singular else (None, place)
            continue
        if kinds[0] in "IDOWCMRQ" and not ("J" in kinds or ("N" in kinds and kinds[0] == "R" and plural)):
            break
        if head is not None and not (plural and kinds[0] == "N" and "V" not in kinds):
            if singular or is_plural(tokens[head]):
                break
            if kinds[0] not in "NJ" or is_past(token):
                break
        if kinds[0] in "PV" or kinds[0] == "G":
            if not _noun_follows(tokens, place + 1, end) or (
                kinds[0] == "V" and "J" not in kinds and "N" not in kinds and not is_past(token)
            ):
                if head is None and "N" in kinds and plural:
                    head = place
                break
            if head is not None and (is_plural(tokens[head]) or singular):
                break
            place += 1
            continue
        if kinds[0] == "N" or plural or ("N" in kinds and not _noun_follows(tokens, place + 1, end)):
            head = place
            if token.lower in ("others", "people") and not (place + 1 < end and is_plural(tokens[place + 1])):
                break
        place += 1
    if head is None:
        return None, start
    return head, head + 1


def is_plural(token: Token) -> bool:
    lower = token.lower
    ending = lower.endswith("s") and not lower.endswith(("ss", "us", "is"))
    return lower in _PLURALS or (ending and len(lower) > 3)


def _continues(token: Token) -> bool:
    if token.kind != "word":
        return token.text == "-"
    return token.capital or (classes(token.lower)[0] in "NJPG" and token.lower not in AUXILIARY) or "-" in token.lower


def _compounds(token: Token) -> bool:
    """A noun that makes one name with the noun after it: "aid workers", "apartment buildings"."""
    kinds = classes(token.lower)
    return (
        token.kind == "word"
        and not token.capital
        and kinds[0] == "N"
        and "J" not in kinds
        and token.lower != "civilian"
    )


def _noun_follows(tokens: tuple[Token, ...], place: int, end: int) -> bool:
    """Whether a noun ends the run of nouns and adjectives that begins at `place`."""
    for at in range(place, min(place + 4, end)):
        token = tokens[at]
        if token.kind != "word" or token.lower in AUXILIARY | MODAL | DETERMINERS:
            return False
        kinds = classes(token.lower)
        if (victim_class(token.lower) is not None and kinds[0] != "V") or (kinds[0] == "N" and not is_past(token)):
            return True
        if kinds[0] not in "JPG" or (kinds[0] == "P" and "J" not in kinds):
            return False
    return False


def _coordinated(doc: Document, number: Number, head: int, last: int, end: int) -> tuple[int, int]:
    """ "12 women AND CHILDREN": one number for both, unless the second noun begins a clause of its own."""
    tokens = doc.tokens
    if last + 1 >= end or tokens[last].lower not in ("and", "or") or not is_plural(tokens[head]):
        return head, last
    second = tokens[last + 1]
    if second.kind != "word" or not is_plural(second) or second.capital or classes(second.lower)[0] not in "N":
        return head, last
    if victim_class(tokens[head].lower) is not None and victim_class(second.lower) is None:
        return head, last  # "the death of 87 men and reports of 40 more"
    after = tokens[last + 2] if last + 2 < end else None
    object_of = number.first > 0 and harm_at(doc, number.first - 1) is not None
    verb_after = after is not None and after.kind == "word" and (after.lower in AUXILIARY | MODAL or is_past(after))
    return (head, last) if object_of and verb_after else (head, last + 2)


def who_range(doc: Document, counted: Counted) -> tuple[int, int] | None:
    """The counted group with its modifiers: "innocent civilians, including children"."""
    if counted.head is None or counted.last <= counted.first:
        return None
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(counted.first)].last
    last = counted.last
    if last + 1 < end and tokens[last].text == "," and tokens[last + 1].lower in _INCLUDING:
        place = last + 2
        while place < end and tokens[place].kind == "word" and not _ends_who(tokens[place]):
            place += 1
        if place > last + 2:
            last = place
    return counted.first, last


def _ends_who(token: Token) -> bool:
    return (
        token.lower in AUXILIARY | MODAL
        or classes(token.lower)[0] in "VIWOM"
        or token.lower in ("when", "while", "but", "as")
    )
