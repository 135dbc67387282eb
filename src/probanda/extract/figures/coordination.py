"""Figures joined by "and", a comma or "with": what one says of its counted holds of the other too.

Guarantees: what befell the counted and what is counted are shared only inside a sentence, between neighbours, and only
where words that do nothing but join stand between them, or the second number has no noun of its own.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.figure import Figure
from probanda.extract.figures.units import Counted
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import AUXILIARY, classes, is_adverb, is_past
from probanda.extract.text.victims import victim_class


def inherit(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """A count joined by "and" or a comma to a figure with an effect shares it, and its modality: "12 civilians and
    three soldiers were killed", "feared dead and 30 wounded"."""
    out = list(figures)
    for at in range(1, len(out)):
        before, this = out[at - 1], out[at]
        if doc.sentence_of(before.number.first) != doc.sentence_of(this.number.first):
            continue
        if (
            this.unit is None
            and this.effect is None
            and counted[at].more
            and before.effect is not None
            and not _is_subject(doc, counted[at].last)
        ):
            out[at] = _like(before, this)  # "the deaths of 87 people, and reports of 40 more"
            continue
        if before.effect is not None and _elliptic(doc, before, this, counted[at]):
            out[at] = _like(before, this)  # "318,400 refugees, followed by Tessaly with around 190,000"
            continue
        if before.effect is None:
            if _elliptic(doc, before, this, counted[at]):
                out[at] = replace(this, unit=before.unit, unit_first=before.unit_first, unit_last=before.unit_last)
            continue
        between = doc.tokens[max(counted[at - 1].last, before.number.last) : this.number.first]
        if not between or len(between) > 8:
            continue
        words = [token.lower for token in between]
        if this.effect is None and _same_sort(before, this) and _only_joins(words):
            out[at] = replace(
                this, effect=before.effect, kind=before.kind, modality=before.modality, negated=before.negated
            )
        elif (
            this.effect is not None
            and this.modality == "accomplished"
            and before.modality != "accomplished"
            and counted[at].harm is not None
            and ("and" in words or "," in words)
            and not any(word in AUXILIARY for word in words)
        ):
            out[at] = replace(this, modality=before.modality)
    return out


def _is_subject(doc: Document, place: int) -> bool:
    """ "29 more were beaten": a verb of their own follows."""
    token = doc.tokens[place] if place < len(doc.tokens) else None
    return token is not None and (token.lower in AUXILIARY or is_past(token))


def _like(before: Figure, this: Figure) -> Figure:
    return replace(
        this, unit=before.unit, unit_first=before.unit_first, unit_last=before.unit_last, effect=before.effect,
        kind=before.kind, modality=before.modality, negated=before.negated,
    )  # fmt: skip


def _elliptic(doc: Document, before: Figure, this: Figure, counted: Counted) -> bool:
    """ "141 nations backing the motion and only five opposing it": the second number counts the same things."""
    if (
        (before.unit is None and before.effect is None)
        or this.unit is not None
        or this.effect is not None
        or counted.harm is not None
    ):
        return False
    words = [token.lower for token in doc.tokens[before.number.last : this.number.first]]
    after = doc.tokens[this.number.last] if this.number.last < len(doc.tokens) else None
    verb_next = after is not None and (
        after.kind == "mark" or is_past(after) or is_adverb(after) or classes(after.lower)[0] in "GVI"
    )
    joined = words[-1:] in (["and"], [","], [";"], ["with"], ["while"], ["but"]) or words[-4:] == [
        "in",
        "addition",
        "to",
        "the",
    ]
    return verb_next and len(words) < 14 and joined


def _same_sort(before: Figure, this: Figure) -> bool:
    """People share what befell people, things what befell things: not "lost 300 soldiers and 40 tanks"."""
    if this.unit is None or this.kind != "count":
        return False
    people = victim_class(this.unit.split()[-1].lower()) is not None or this.unit[0].isupper()
    return people == (before.kind in ("casualty", "displacement"))


def _only_joins(words: list[str]) -> bool:
    return all(
        word in ("and", ",", "or", "plus", "as", "well", "at", "least", "a", "further", "another") for word in words
    )
