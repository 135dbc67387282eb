"""Claims that only repeat others: a reported clause beside the figures that are counted in it."""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.speech.holders import Voices
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Holder, HolderUnknown, Narrator, Speaker


def without_echoes(doc: Document, voices: Voices, claims: Sequence[Claim]) -> list[Claim]:
    """`claims` without the statements that say nothing but what other claims of the same holder say: "More than 40
    people have died since Monday" beside the figure of more than 40. One word in five may be other words, and a
    time."""
    kept = []
    for claim in claims:
        if claim.kind == "statement" and claim.quantity is None and not isinstance(claim.source, Narrator):
            said = [
                other.passage
                for other in claims
                if other is not claim
                and (other.kind != "statement" or other.quantity is not None)
                and overlap(other.passage, claim.passage)
                and (isinstance(claim.source, HolderUnknown) or _same_voice(claim.source, other.source))
            ]
            said += [
                m.when.passage for m in voices.times_between(claim.passage.start, claim.passage.end) if m.when.passage
            ]
            tokens = doc.tokens[doc.token_at(claim.passage.start) : doc.token_at(claim.passage.end - 1) + 1]
            words = [token for token in tokens if token.kind != "mark"]
            alone = [token for token in words if not any(p.start <= token.start < p.end for p in said)]
            if said and len(alone) * 5 <= len(words):
                continue
        kept.append(claim)
    return kept


def _same_voice(one: Holder, other: Holder) -> bool:
    return isinstance(one, Speaker) and isinstance(other, Speaker) and one.passage == other.passage


def overlap(one: Passage, two: Passage) -> bool:
    return one.start < two.end and two.start < one.end
