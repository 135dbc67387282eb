"""What of a further extractor's claim its words do not bear out, beyond what the gate asks of the rules too.

Guarantees: a claim by an extractor that nobody has to trust says that somebody was killed, hurt or displaced only where
a word of that stands in its own sentence; that it happened, only where the rules of modality do not read it as feared,
possible or planned there; that it was verified, only where nothing before these words denies it. What the rules found
at the same figure is borne out. Refuses with a reason, and is strict: what it refuses wrongly is told and not lost.

What it cannot see: which of two effects in one sentence belongs to which figure, and who of two speakers said a thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from probanda.extract.gate.shape import CandidateError, brief
from probanda.extract.modality.modality import modality_at
from probanda.extract.slavic.modality import modality_at as slavic_modality_at
from probanda.extract.slavic.words import folded, terms_of
from probanda.extract.text.effects import harm_at
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Claim

_FAMILIES: Final = (
    frozenset({"died", "killed"}),
    frozenset({"injured"}),
    frozenset({"missing"}),
    frozenset({"detained", "abducted"}),
    frozenset({"destroyed", "damaged"}),
)  # of displacement the words are many and overlap: its effects are left to the comparison with the rules
_AHEAD: Final = frozenset(
    {"planned", "anticipated", "forecast", "feared", "threatened", "promised", "possible", "attempted"}
)
_DENIES: Final = frozenset(
    "not never no none nobody cannot nor neither without unable unverified yet awaiting pending could would will may "
    "не ні ни никто ніхто нет немає без жодне жодна жодного никакой никакие".split()
)
_REACH: Final = 6  # tokens before the words of checking; arbitrary


def fault(doc: Document, claim: Claim, rules: Iterable[Claim]) -> str | None:
    """Why the claim is not borne out, with a code as the gate's (spec/reading.md); `None` where it is."""
    verification = claim.verification
    if verification is not None and verification.status == "verified":
        denied = _denied(doc, verification.passage)
        if denied is not None:
            return str(
                CandidateError(
                    "value.verification", f"{brief(denied)} stands before {brief(verification.passage.text)}"
                )
            )
    family = next((one for one in _FAMILIES if claim.effect in one), None)
    if family is None or claim.quantity is None:
        return None
    at = claim.quantity.passage
    same = [one for one in rules if one.quantity is not None and _overlap(one.quantity.passage, at)]
    ways = list(_told(doc, claim.passage, family))
    if not ways and not any(one.effect in family for one in same):
        return str(CandidateError("value.effect", f"no word of its sentence says {claim.effect} of {brief(at.text)}"))
    feared = claim.modality == "accomplished" and bool(ways) and all(one in _AHEAD for one in ways)
    if feared and not any(one.modality == "accomplished" and one.effect == claim.effect for one in same):
        return str(CandidateError("value.modality", f"{brief(claim.passage.text)} is told of as {ways[0]}"))
    return None


def _told(doc: Document, passage: Passage, family: frozenset[str]) -> Iterator[str]:
    """How each word of such an effect in the sentences of the passage is told of."""
    first, last = _token(doc, passage.start), _token(doc, passage.end - 1)
    start, end = doc.sentences[doc.sentence_of(first)].first, doc.sentences[doc.sentence_of(last)].last
    if doc.language == "en":
        for place in range(start, end):
            harm = harm_at(doc, place)
            if harm is not None and any(effect in family for effect, _ in harm.frames.values()):
                yield modality_at(doc, harm.first, harm.last)[0]
        return
    words, terms = folded(doc.tokens), terms_of(doc.language, "effects")
    for place in range(start, end):
        found = terms.at(words, place, end)
        if found is not None and found.value["effect"] in family:
            yield slavic_modality_at(doc, words, place).modality


def _denied(doc: Document, passage: Passage) -> str | None:
    """The word of denial in the same sentence before the words of checking."""
    place = _token(doc, passage.start)
    start = doc.sentences[doc.sentence_of(place)].first
    for token in reversed(doc.tokens[max(start, place - _REACH) : place]):
        if token.lower in _DENIES or token.lower.endswith(("n't", "n’t")):
            return token.text
    return None


def _token(doc: Document, char: int) -> int:
    """The token at this character; the last one where only white space follows."""
    return min(doc.token_at(char), len(doc.tokens) - 1)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end
