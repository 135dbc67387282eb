"""What a text says of the checking of a figure: verified, not verified, disputed, still being checked.

Guarantees: the passage holds the words that say so, and what they speak of is told apart by grammar: what stands before
them in the sentence, what follows them ("verified the killing of 12"), an earlier figure ("those figures"), or a thing
that is no figure ("reports of cholera", "the footage"), of which nothing is said here. Nothing here says what we
checked. Cues and nouns: lexica/verification_cues.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.text.effects import harm_at
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import BE, is_adverb
from probanda.extract.text.word_sets import word_set

Status = Literal["verified", "not_verified", "not_independently_verified", "disputed", "being_verified"]
About = Literal["count", "account", "pronoun", "ahead"]

_NEGATIONS = word_set(
    "not never no cannot unable impossible neither none nobody nor without yet couldn't can't hasn't haven't wasn't "
    "weren't"
)
_POINTS = word_set("it that this they these those which them")
_DETERMINED = word_set(
    "the that this these those its their either neither both such any all each every another no none"
)
_TOPIC = word_set("of that about on regarding concerning saying")
_PAIRED = word_set("neither either both")
_LINKING = word_set(
    "possible impossible immediately be been being have has had having could can was were is are to yet able it they "
    "the this that these those figure figures number claim in a position means way ways of ability independent"
)


@dataclass(frozen=True, slots=True)
class Checking:
    """Tokens [first, last) say `status`. `about`: a count or an account told before, what a pronoun stands for, or the
    figures that follow in the sentence up to token `end`. `plural`: several are meant; `paired`: those of both sides;
    `pointed`: a demonstrative points at them."""

    first: int
    last: int
    status: Status
    about: About
    plural: bool
    paired: bool
    pointed: bool
    toll: bool
    end: int


@dataclass(frozen=True, slots=True)
class _Reference:
    """The noun at token `place` that names what was checked."""

    place: int
    about: About
    plural: bool
    determiner: str


def find_checkings(doc: Document) -> tuple[Checking, ...]:
    """Every statement in `doc` about the checking of figures."""
    found = []
    cues = _cues()
    for place, token in enumerate(doc.tokens):
        row = cues.get(token.lower)
        if row is not None:
            checking = _read(doc, place, row)
            if checking is not None:
                found.append(checking)
    return tuple(found)


@cache
def _cues() -> dict[str, str]:
    return {row["cue"]: row["status"] for row in table("verification_cues.tsv") if row["status"] not in _NOUNS}


_NOUNS = ("count", "account")


@cache
def _nouns() -> dict[str, str]:
    return {row["cue"]: row["status"] for row in table("verification_cues.tsv") if row["status"] in _NOUNS}


def _read(doc: Document, place: int, cue: str) -> Checking | None:
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(place)]
    first, negative, independent, pending = _around(doc, place, sentence.first)
    after = [token.lower for token in tokens[place + 1 : min(place + 7, sentence.last)]]
    begins = _clause_start(doc, place, sentence.first)
    if "independently" in after[: _stop(after)]:
        independent = True
    opening = [token.lower for token in tokens[begins : min(begins + 2, place)]]
    if {"neither", "none", "nobody", "no"} & set(opening):
        negative, first = True, begins
    reference = _reference(doc, place, begins, sentence.last)
    passive = tokens[place - 1].lower in BE or independent
    status = _status(
        cue, tokens[place].lower, negative=negative, independent=independent, pending=pending, passive=passive
    )
    if status is None:
        return None
    last = place + 1
    if "independently" in after[:2]:
        last = place + 2 + after.index("independently")
    end = _object_end(doc, place, sentence.last)
    about: About
    if _has_object(doc, place, cue, end):
        about = "ahead"
    elif reference is not None:
        about = reference.about
    elif cue != "disputed" and _stands_for(doc, place, begins):
        about = "pronoun"
    else:
        return None
    if status == "disputed" and about == "account":
        return None  # the claim that is rejected need not be a number
    determiner = reference.determiner if reference is not None else ""
    return Checking(
        first, last, status, about,
        plural=reference is not None and (reference.plural or determiner in _PAIRED),
        paired=determiner in _PAIRED or bool(_PAIRED & set(opening)),
        pointed=determiner in ("that", "this", "these", "those"),
        toll=reference is not None and tokens[reference.place].lower in ("count", "toll", "tally", "tolls", "tallies"),
        end=end,
    )  # fmt: skip


def _stop(after: list[str]) -> int:
    return next((at for at, word in enumerate(after) if word in (",", ";", "that", "because", "but")), len(after))


def _around(doc: Document, place: int, start: int) -> tuple[int, bool, bool, bool]:
    """Where the words of checking begin, and whether they are negated, independent, or not finished."""
    tokens = doc.tokens
    first, negative, independent, pending = place, False, False, False
    for at in range(place - 1, max(start, place - 10) - 1, -1):
        lower = tokens[at].lower
        if lower in (";", ":") or (lower == "," and at < place - 1 and not independent):
            break
        if lower in _NEGATIONS or lower.endswith("n't"):
            negative, first = True, at
        elif lower in ("independently", "independent"):
            independent, first = True, at
        elif lower in ("being", "trying", "seeking", "working", "attempting"):
            pending, first = True, at
        elif not (
            lower in _LINKING or is_adverb(tokens[at]) or place - at == 1 or tokens[at].kind != "word" or lower == "by"
        ):
            break
    words = [token.lower for token in tokens[first:place]]
    return first, negative or ("yet" in words and "to" in words), independent, pending


def _clause_start(doc: Document, place: int, start: int) -> int:
    """Past the last semicolon, or the last "but" or ", and", before the cue."""
    tokens = doc.tokens
    for at in range(place - 1, start - 1, -1):
        if tokens[at].text in ";:—" or tokens[at].lower in ("but", "although", "though"):
            return at + 1
        if tokens[at].text == "," and tokens[at + 1].lower in ("and", "a", "which", "but"):
            return at + 1
    return start


def _reference(doc: Document, place: int, begins: int, end: int) -> _Reference | None:
    """What was checked: the object beside the cue, else the subject of its clause."""
    tokens = doc.tokens
    nouns = _nouns()
    around = [*range(place + 1, min(place + 7, end)), *range(place - 1, begins - 1, -1)]
    for at in around:
        if at > place and tokens[at].text in ",;":
            continue
        about = nouns.get(tokens[at].lower)
        if about is None:
            continue
        determiner = next(
            (tokens[back].lower for back in range(at - 1, max(begins - 1, at - 5), -1)
             if tokens[back].lower in _DETERMINED or tokens[back].kind == "clitic"),
            "",
        )  # fmt: skip
        personal = any(token.lower in ("his", "her", "my", "our") for token in tokens[max(begins, at - 3) : at])
        adjectival = at == place + 1  # "unconfirmed reports"
        if personal or not (determiner or adjectival or at <= begins + 1):
            continue
        topic = at + 1 < end and tokens[at + 1].lower in _TOPIC
        if about == "account" and topic:
            if at > place or tokens[at + 1].lower == "that":
                return _Reference(at, "ahead", False, determiner)
            told = any(harm_at(doc, near) is not None for near in range(at + 2, min(at + 5, end)))
            if not told:
                return None
        plural = tokens[at].lower.endswith("s")
        kind: About = "count" if about == "count" else "account"
        return _Reference(at, kind, plural, determiner)
    return None


def _stands_for(doc: Document, place: int, begins: int) -> bool:
    """Whether a pronoun is what was checked: "which has not been verified", "it could not be confirmed"; not "it was
    unable to confirm the footage"."""
    tokens = doc.tokens
    passive = any(token.lower in BE for token in tokens[max(begins, place - 4) : place])
    subject = [token.lower for token in tokens[begins : min(begins + 2, place)]]
    if passive and tokens[place].lower.endswith("ed") and set(subject) & _POINTS:
        return True
    after = doc.tokens[place + 1].lower if place + 1 < len(doc.tokens) else ""
    return after in ("this", "that", "them", "it") and not (
        place + 2 < len(doc.tokens) and doc.tokens[place + 2].kind == "word"
    )


def _object_end(doc: Document, place: int, end: int) -> int:
    """Where the words that the cue governs end: at a further cue, a semicolon, or ", and"."""
    tokens = doc.tokens
    for at in range(place + 1, end):
        if tokens[at].text == ";" or tokens[at].lower in _cues():
            return at
        if tokens[at].text == "," and at + 2 < end and tokens[at + 1].lower in ("and", "but"):
            return at
    return end


def _has_object(doc: Document, place: int, cue: str, end: int) -> bool:
    """Whether what was checked follows: "verified the killing of 1,127 people", "verify reports of at least 40 more",
    "unconfirmed reports that 12 died"."""
    tokens = doc.tokens
    if place + 1 >= end or tokens[place - 1].lower in BE - {"being"}:
        return False
    following = tokens[place + 1].lower
    if cue == "not_verified":
        return any(token.lower in ("of", "that", "say", "said", "suggest") for token in tokens[place + 2 : place + 4])
    if cue not in ("verified", "verify", "being_verified") or following in ("by", "in", "on", "at", "."):
        return False
    window = tokens[place + 1 : min(place + 6, end)]
    named = next((at for at, token in enumerate(window) if token.lower in _nouns()), None)
    if named is not None:  # "verify reports of at least 40", not "confirm that number"
        return any(token.lower in ("of", "that") for token in window[named + 1 : named + 2])
    return any(
        token.kind == "number" or harm_at(doc, at) is not None or token.lower in ("that", "least", "than")
        for at, token in enumerate(window, place + 1)
    )


def _status(cue: str, word: str, *, negative: bool, independent: bool, pending: bool, passive: bool) -> Status | None:
    """What the cue says with the words around it; `None` where it speaks of no checking ("12 confirmed dead")."""
    if cue == "disputed":
        return None if negative else "disputed"
    if cue == "not_verified" or negative:
        return "not_independently_verified" if independent else "not_verified"
    if cue == "being_verified" or pending:
        return "being_verified"
    if cue == "verified" and (independent or word == "verified"):
        return "verified"
    return None
