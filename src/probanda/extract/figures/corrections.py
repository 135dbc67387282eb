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
        elif words[-2:] == [",", "not"] and _as_reported(doc, two):
            right, wrong = at, at + 1  # "19 people died in Sunday's blast, not 21 as first reported"
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
    for at in range(1, len(out)):
        one, two = out[at - 1], out[at]
        near = doc.sentence_of(two.number.first) - doc.sentence_of(one.number.first)
        if near == 0 and _since_set(doc, one, two) and one.effect is not None:
            out[at] = replace(two, corrects=at - 1, effect=one.effect, kind=one.kind)
        elif near <= 1 and _given_before(doc, two):
            wholes = (i for i in range(at - 1, -1, -1) if out[i].effect == two.effect and out[i].subset_of is None)
            told = next(wholes, None)
            if told is not None and doc.paragraph_of(out[told].number.first) == doc.paragraph_of(two.number.first):
                out[told] = replace(out[told], corrects=at)
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


_FIRST = frozenset({"first", "earlier", "initially", "originally", "previously", "wrongly"})


def _as_reported(doc: Document, figure: Figure) -> bool:
    """ "not 21 AS FIRST REPORTED", "not 21 as we said earlier"."""
    after = [token.lower for token in doc.tokens[figure.number.last : figure.number.last + 8]]
    return ("as" in after[:4] and bool(_FIRST & set(after))) or after[:1] in ([","], ["."]) or "as" in after[:2]


def _given_before(doc: Document, figure: Figure) -> bool:
    """ "The toll was earlier given as four", "the number had first been put at four"."""
    start = doc.sentences[doc.sentence_of(figure.number.first)].first
    lead = [token.lower for token in doc.tokens[start : figure.number.first]]
    return (
        lead[-1:] in (["as"], ["at"])
        and bool(_FIRST & set(lead))
        and bool({"toll", "number", "figure", "count", "total"} & set(lead[:3]))
    )


def _since_set(doc: Document, one: Figure, two: Figure) -> bool:
    """ "initially reported 13 deaths; it has since raised the number to 19": the second takes the first back."""
    start = doc.sentences[doc.sentence_of(one.number.first)].first
    lead = {token.lower for token in doc.tokens[start : one.number.first]}
    between = {token.lower for token in doc.tokens[one.number.last : two.number.first]}
    moved = any(word.startswith(("rais", "lower", "revis", "correct", "cut", "amend")) for word in between)
    return bool(_FIRST & lead) and "since" in between and moved


def _revised(doc: Document, figure: Figure) -> bool:
    """Whether the words before the number, in its clause, say that an earlier number was set right."""
    lead = doc.tokens[figure.clause_first : figure.number.first]
    return any(token.lower.startswith(("correct", "revis", "amend")) for token in lead)
