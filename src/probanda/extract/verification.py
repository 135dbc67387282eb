"""What a text says of the checking of a figure: verified, not verified, disputed, still being checked.

Guarantees: the passage holds the words that say so; nothing here says what we checked. Cues:
lexica/verification_cues.tsv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from probanda.extract.lexicon import table
from probanda.extract.segments import Document
from probanda.extract.verb_groups import BE, is_adverb
from probanda.extract.word_sets import word_set

Status = Literal["verified", "not_verified", "not_independently_verified", "disputed", "being_verified"]

_NEGATIONS = word_set(
    "not never no cannot unable impossible neither nobody nor without yet couldn't can't hasn't haven't wasn't weren't"
)
_PENDING = word_set("being trying attempting working seeking checking to")
_REFERS = word_set(
    "figure figures number numbers toll tolls total claim claims report reports estimate estimates count counts"
)
_POINTS = word_set("it that this they these those which them neither either both")


@dataclass(frozen=True, slots=True)
class Checking:
    """Tokens [first, last) say `status`; `target` is "back" where they point at an earlier figure, "plural" where at
    several."""

    first: int
    last: int
    status: Status
    refers: bool
    plural: bool


def find_checkings(doc: Document) -> tuple[Checking, ...]:
    """Every statement in `doc` about the checking of something."""
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
    return {row["cue"]: row["status"] for row in table("verification_cues.tsv")}


def _read(doc: Document, place: int, status: str) -> Checking | None:
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(place)]
    negative, independent, pending = False, False, False
    first = place
    for at in range(place - 1, max(sentence.first, place - 9) - 1, -1):
        lower = tokens[at].lower
        if lower in (";", ":") or (lower == "," and at < place - 1 and not independent):
            break
        if lower in _NEGATIONS or lower.endswith("n't"):
            negative = True
            first = at
        elif lower == "independently" or lower == "independent":
            independent = True
            first = at
        elif lower in ("being", "trying", "seeking", "working"):
            pending = True
            first = at
        elif not (
            lower in _LINKING or is_adverb(tokens[at]) or place - at == 1 or tokens[at].kind != "word" or lower == "by"
        ):
            break
    after = [token.lower for token in tokens[place + 1 : min(place + 3, sentence.last)]]
    if "independently" in after:
        independent = True
    if "yet" in [token.lower for token in tokens[first:place]] and "to" in [
        token.lower for token in tokens[first:place]
    ]:
        negative = True
    near = [token.lower for token in tokens[max(sentence.first, place - 7) : min(sentence.last, place + 6)]]
    named = any(word in _REFERS for word in near)
    result = _status(
        status,
        tokens[place].lower,
        negative=negative,
        independent=independent,
        pending=pending,
        named=named,
        passive=tokens[place - 1].lower in BE,
    )
    if result is None:
        return None
    last = place + 1
    if "independently" in after:
        last = place + 2 + after.index("independently")
    subject = [token.lower for token in tokens[max(sentence.first, place - 14) : min(sentence.last, place + 8)]]
    refers = any(word in _REFERS or word in _POINTS for word in subject)
    plural = any(
        word in ("figures", "numbers", "tolls", "claims", "reports", "these", "those", "they", "neither", "estimates")
        for word in subject
    )
    return Checking(first, last, result, refers, plural)


def _status(
    cue: str, word: str, *, negative: bool, independent: bool, pending: bool, named: bool, passive: bool
) -> Status | None:
    """What the cue says with the words around it; `None` where it speaks of no checking ("12 confirmed dead")."""
    if cue == "disputed":
        return "disputed" if named else None
    if cue == "not_verified":
        return "not_independently_verified" if independent else "not_verified"
    if cue == "being_verified":
        return "being_verified" if named else None
    if negative:
        return "not_independently_verified" if independent else "not_verified"
    if pending:
        return "being_verified"
    if cue == "verified" and (independent or (named and passive) or word == "verified"):
        return "verified"
    return None


_LINKING = word_set(
    "possible impossible immediately be been have has had could can was were is are to yet able it they the "
    "this that these those figure figures number claim"
)
