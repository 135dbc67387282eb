"""Noun phrases without a parser: where the phrase that ends before, or begins at, a token has its other end.

Guarantees: a phrase lies in one sentence, begins and ends with a word that can begin and end one, and never crosses a
quotation mark. It refuses to guess across a verb, a preposition other than "of", or punctuation. Word classes come
from counts over UD English (lexica/word_classes.tsv); a form not counted there is classed by capital letter and
ending.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.inflection import trigger_classes
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document, Token

# Classes as in lexica/word_classes.tsv, and: X name (a capital letter inside a sentence), S the possessive "’s", -
# mark.
_NOMINAL = frozenset("NXQJPG")
_JOINING = frozenset({"and", "&"})
_QUALIFIERS = frozenset(
    {("more", "than"), ("fewer", "than"), ("less", "than"), ("at", "least"), ("at", "most"), ("up", "to")}
)
_NO_HEAD = frozenset({"first", "much", "more", "most", "least", "less", "same", "such", "own"})


@cache
def _counted() -> dict[str, str]:
    return {row["word"]: row["classes"] for row in table("word_classes.tsv")}


def word_classes(word: str) -> str:
    """The classes that a lower-case form takes, the most frequent first; guessed from its ending where it was not
    counted."""
    known = _counted().get(word)
    if known is not None:
        return known
    verb = trigger_classes().get(word)
    if verb is not None:
        return verb
    if word.endswith("ly"):
        return "R"
    if word.endswith("ing"):
        return "GN"
    if word.endswith("ed"):
        return "PV"
    if word.endswith(("ous", "ive", "ful", "less", "able", "ible", "ical")):
        return "J"
    return "N"


def is_ordinary(word: str) -> bool:
    """Whether the lower-case form was counted as a word other than a name."""
    return word in _counted()


def class_at(doc: Document, place: int) -> str:
    """The likeliest class of one token in its place."""
    token = doc.tokens[place]
    if token.kind == "number":
        return "Q"
    if token.kind == "clitic":
        return "S"
    if token.kind == "mark":
        return "S" if token.text in "’'" and _plural_possessive(doc, place) else "-"
    if token.capital and not starts_sentence(doc, place):
        return "X" if token.lower not in ("i", "i'm", "i've") else "O"
    classes = word_classes(token.lower)
    if token.capital and token.lower not in _counted():
        return "X"
    first = classes[0]
    before = doc.tokens[place - 1].lower if place else ""
    if first in "PV" and "N" in classes and _counted().get(before, "")[:1] in ("D", "J") and before != "that":
        return "N"
    if first == "I" and token.lower == "that":
        return "W"
    return first


def starts_sentence(doc: Document, place: int) -> bool:
    """Whether a capital letter here says nothing: first word of a sentence or of a quoted stretch, or after a colon."""
    first = doc.sentences[doc.sentence_of(place)].first
    while first < place and doc.tokens[first].kind == "mark":
        first += 1
    if place <= first:
        return True
    return doc.tokens[place - 1].text in '“"«„‘:•'


def _plural_possessive(doc: Document, place: int) -> bool:
    """An apostrophe that follows a plural and precedes a word: "allies’ forces"."""
    if not place or place + 1 >= len(doc.tokens):
        return False
    before, mark, after = doc.tokens[place - 1], doc.tokens[place], doc.tokens[place + 1]
    return before.end == mark.start and before.lower.endswith("s") and after.start > mark.end and after.kind == "word"


def noun_phrase_ending_at(doc: Document, last: int) -> tuple[int, int] | None:
    """The noun phrase whose tokens are [first, last), with owners ("Ukraine’s"), "of" phrases and joined names to its
    left ("Karovia and 37 allies"); `None` where no noun phrase ends there."""
    floor = doc.sentences[doc.sentence_of(last - 1)].first if last > 0 else 0
    first = _core_before(doc, last, floor)
    if first is None:
        return None
    joined = False
    while first - 2 >= floor:
        joint = doc.tokens[first - 1]
        left = _core_before(doc, first - 1, floor)
        if left is None:
            break
        if joint.lower == "of" and (class_at(doc, first - 2) == "N" or _body(doc.tokens[left : first - 1])):
            first = left
        elif joint.lower in _JOINING and class_at(doc, first) in "XQ" and class_at(doc, first - 2) == "X":
            first, joined = left, True
        elif joint.text == "," and joined and class_at(doc, left) == "X" and not _governed(doc, left, floor):
            first = left  # "Karovia, Tessaly and 37 others"
        else:
            break
    return first, last


def _governed(doc: Document, place: int, floor: int) -> bool:
    return place > floor and class_at(doc, place - 1) in "I-"


def noun_phrase_starting_at(doc: Document, first: int) -> tuple[int, int] | None:
    """The noun phrase whose tokens are [first, last), with its "of" phrases and joined phrases; `None` where no noun
    phrase begins there."""
    if first >= len(doc.tokens):
        return None
    end = doc.sentences[doc.sentence_of(first)].last
    opening = tuple(token.lower for token in doc.tokens[first : first + 2])
    last = _core_after(doc, first + 2 if opening in _QUALIFIERS else first, end)
    if last is None:
        return None
    while last + 1 < end and class_at(doc, last - 1) != "O":
        joint = doc.tokens[last].lower
        if joint != "of" and joint not in _JOINING:
            break
        right = _core_after(doc, last + 1, end)
        if right is None or _is_gerund(doc, last + 1, end):
            break
        if joint != "of" and (_is_clause(doc, right, end) or not _alike(doc, last - 1, last + 1)):
            break
        last = right
    return first, last


def name_starting_at(doc: Document, first: int) -> tuple[int, int] | None:
    """As `noun_phrase_starting_at`, without "of" phrases and joined phrases."""
    if first >= len(doc.tokens):
        return None
    last = _core_after(doc, first, doc.sentences[doc.sentence_of(first)].last)
    return None if last is None else (first, last)


def _is_gerund(doc: Document, place: int, end: int) -> bool:
    """ "of bombing civilians": a form in -ing with an object of its own is a verb."""
    following = class_at(doc, place + 1) if place + 1 < end else "-"
    return doc.tokens[place].lower.endswith("ing") and following in "DXNQJO"


def _alike(doc: Document, left: int, right: int) -> bool:
    """Whether two phrases may be joined by "and": a name with a name or number, a noun with what is no name and no
    verb."""
    opening = class_at(doc, right)
    return opening in "XQ" if class_at(doc, left) == "X" else opening not in "XPGV"


def _body(tokens: tuple[Token, ...]) -> bool:
    """A name that takes "of": "the Ministry of Defence", "University of Tessaly"."""
    return tokens[0].lower in ("the", "a", "an") or (tokens[-1].capital and not tokens[-1].acronym)


def _is_clause(doc: Document, place: int, end: int) -> bool:
    """Whether the phrase before `place` is the subject of what follows ("… and the army said")."""
    return place < end and class_at(doc, place) in "VM"


def _core_before(doc: Document, last: int, floor: int) -> int | None:
    place = last - 1
    if place < floor or doc.tokens[place].lower in _NO_HEAD:
        return None
    head = class_at(doc, place)
    if head == "O":
        return place
    if head not in "NXQJG" or (head == "J" and not _nominal_use(doc, place)):
        return None
    if head == "G" and (place == floor or class_at(doc, place - 1) not in "DJSX"):
        return None
    while place - 1 >= floor:
        kind = class_at(doc, place - 1)
        if class_at(doc, place) == "Q" and place - 2 >= floor:
            pair = doc.tokens[place - 2].lower, doc.tokens[place - 1].lower
            if pair in _QUALIFIERS:
                return place - 2
        if kind == "D":
            place -= 1
            if place - 1 >= floor and doc.tokens[place - 1].lower in ("all", "both", "half"):
                place -= 1
            return place
        if kind == "S":
            owner = _core_before(doc, place - 1, floor)
            return place if owner is None else owner
        if kind in "PG" and not (place - 2 >= floor and class_at(doc, place - 2) in "DJS"):
            break
        if kind == "R" and not (
            class_at(doc, place) in "JPQ" and place - 2 >= floor and class_at(doc, place - 2) in "DS"
        ):
            break
        if kind not in _NOMINAL and kind != "R":
            if doc.tokens[place - 1].text == "." and _initial(doc, place - 1):
                place -= 1
                continue
            break
        place -= 1
    return place


def _initial(doc: Document, mark: int) -> bool:
    """The full stop of "Mr." or "J." inside a name."""
    return mark > 0 and doc.tokens[mark - 1].end == doc.tokens[mark].start and doc.tokens[mark - 1].capital


def _nominal_use(doc: Document, place: int) -> bool:
    """An adjective as head: "the wounded", "two Karovians"."""
    return place > 0 and class_at(doc, place - 1) in "DQ"


def _core_after(doc: Document, first: int, end: int) -> int | None:
    place = first
    head: int | None = None
    while place < end:
        kind = class_at(doc, place)
        token = doc.tokens[place]
        if kind == "J" and head is not None and "N" in word_classes(token.lower):
            kind = "N"  # "the Karovian military": a noun that is oftener an adjective
        if kind == "-" and token.text in '“‘«„"' and place > first and place + 1 < end:
            kind = class_at(doc, place + 1)
            if kind not in "NXJPQ":
                break
            place += 1
            continue
        if kind == "O":
            return place + 1 if head is None else head
        if kind == "D":
            if head is not None or (place > first and doc.tokens[place - 1].lower not in ("all", "both", "half")):
                break
        elif kind == "S":
            if head is None:
                break
            head = None
        elif kind in "NXQ":
            head = place + 1
        elif kind in "PG":
            if head is not None:
                break
            if kind == "G" and place == first:
                return None
        elif kind == "J":
            if head is not None and class_at(doc, place - 1) != "Q" and not token.capital:
                break
            alone = place + 1 >= end or class_at(doc, place + 1) not in _NOMINAL
            after = class_at(doc, place - 1) if place > first else "-"
            if alone and (after == "D" or (after == "J" and "N" in word_classes(token.lower))):
                head = place + 1
        elif kind == "R":
            if head is not None:
                break
        elif token.text == "." and _initial(doc, place):
            pass
        else:
            break
        place += 1
    return head
