"""Corrections: which figure a text takes back, and what it says instead.

Guarantees: links go only between figures of one text, and only where words say so ("not 62", "revised"). A number that
a text takes back makes no claim of its own.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.figure import Figure
from probanda.extract.figures.units import Counted
from probanda.extract.text.segments import Document


def correct(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """Marks corrections: "59, not 62", "not 62 but 59", "revised from 62 to 59", "instead of 62". The number that a
    text takes back makes no claim of its own: its figure loses effect and unit."""
    tokens = doc.tokens
    out = list(figures)
    for at in range(len(out) - 1):
        one, two = out[at], out[at + 1]
        if doc.sentence_of(one.number.first) != doc.sentence_of(two.number.first):
            continue
        words = [token.lower for token in tokens[max(one.number.last, counted[at].last) : two.number.first]]
        lead = [token.lower for token in tokens[max(0, one.number.first - 4) : one.number.first]]
        if 0 < len(words) <= 5 and (
            words[-1] == "not" or words[-2:] in (["rather", "than"], ["instead", "of"]) or words[-2:] == ["not", "the"]
        ):
            right, wrong = at, at + 1
        elif (lead[-1:] == ["not"] and "but" in words and len(words) <= 3) or (
            lead[-1:] == ["from"]
            and words[-1:] == ["to"]
            and len(words) <= 2
            and any(
                word.startswith(("revis", "lower", "correct", "amend"))
                for word in [token.lower for token in tokens[max(0, one.number.first - 12) : one.number.first]]
            )
        ):
            right, wrong = at + 1, at
        elif words[-1:] == ["from"] and len(words) <= 2 and _revised(doc, one):
            right, wrong = at, at + 1
        else:
            continue
        earlier = next(
            (
                place
                for place in range(min(right, wrong))
                if out[place].number.stated == out[wrong].number.stated and out[place].effect is not None
            ),
            None,
        )
        source = out[right] if out[right].effect is not None else out[wrong]
        out[right] = replace(
            out[right],
            effect=source.effect,
            kind=source.kind,
            modality=source.modality,
            negated=False,
            unit=out[right].unit or source.unit,
            unit_first=out[right].unit_first if out[right].unit else source.unit_first,
            unit_last=out[right].unit_last if out[right].unit else source.unit_last,
            corrects=earlier
            if earlier is not None
            else doc.passage(out[wrong].number.first, out[wrong].number.last).text,
        )
        out[wrong] = replace(out[wrong], effect=None, unit=None, unit_first=None, unit_last=None, subset_of=None)
    for at, figure in enumerate(out):
        if figure.corrects is None and figure.effect is not None and _revised(doc, figure):
            replaced = next(
                (
                    j
                    for j in range(at - 1, -1, -1)
                    if out[j].effect == figure.effect and out[j].number.stated != figure.number.stated
                ),
                None,
            )
            if (
                replaced is not None
                and doc.sentence_of(figure.number.first) - doc.sentence_of(out[replaced].number.first) < 3
            ):
                out[at] = replace(figure, corrects=replaced)
    return out


def _revised(doc: Document, figure: Figure) -> bool:
    """Whether the words before the number, in its clause, say that an earlier number was set right."""
    lead = doc.tokens[figure.clause_first : figure.number.first]
    return any(token.lower.startswith(("correct", "revis", "amend")) for token in lead)
