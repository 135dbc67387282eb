"""Which figures a statement of checking speaks of.

Guarantees: only figures told as facts are checked, never a forecast or a promise; a statement about "that figure" or
"those figures" reaches back three sentences at most, one about a claim or an account no further than its paragraph, and
there only to what somebody is said to have said.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.figure import Figure
from probanda.extract.modality.verification import Checking, find_checkings
from probanda.extract.speech.cues import cue_forms
from probanda.extract.text.segments import Document
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Verification

_TOLD = frozenset({"accomplished", "stated", "alleged", "denied"})
_HEARSAY = word_set("reportedly allegedly according reported")
_DEATHS = frozenset({"died", "killed", "counted"})


def verify(doc: Document, figures: list[Figure]) -> list[Figure]:
    """Puts what the text says of checking on the figures that it speaks of; the first statement about a figure
    stands."""
    out = list(figures)
    for checking in find_checkings(doc):
        passage = doc.passage(checking.first, checking.last)
        for place in _meant(doc, out, checking):
            if out[place].verification is None:
                out[place] = replace(out[place], verification=Verification(checking.status, passage))
    return out


def _meant(doc: Document, figures: list[Figure], checking: Checking) -> list[int]:
    sentence = doc.sentence_of(checking.first)
    facts = [at for at, figure in enumerate(figures) if figure.modality in _TOLD]
    here = [at for at in facts if doc.sentence_of(figures[at].number.first) == sentence]
    if checking.about == "ahead":
        return [at for at in here if checking.last <= figures[at].number.first < checking.end]
    before = [at for at in here if figures[at].number.first < checking.first]
    if before and not checking.paired:
        return before if checking.plural or checking.about == "pronoun" else _last_group(figures, before)
    if checking.paired:
        return _of_both_sides(doc, figures, facts, checking, sentence)
    reach = {"count": 3, "account": 2, "pronoun": 1}[checking.about]
    if checking.about == "account" and checking.pointed and not checking.plural:
        reach = 1  # "that claim" is the one just told
    for back in range(1, reach + 1):
        earlier = [at for at in facts if sentence - doc.sentence_of(figures[at].number.first) == back]
        if not checking.pointed:
            earlier = [at for at in earlier if figures[at].effect is not None]
        if checking.about == "account":
            earlier = [
                at for at in earlier if _shares_paragraph(doc, figures[at], checking) and _is_told(doc, figures[at])
            ]
        if earlier:
            return earlier if checking.plural or checking.about != "count" else _last_group(figures, earlier)
    return []


def _of_both_sides(
    doc: Document, figures: list[Figure], facts: list[int], checking: Checking, sentence: int
) -> list[int]:
    """ "Neither count", "neither side's figures", "either account": the figures of the paragraph before."""
    near = [
        at
        for at in facts
        if 0 <= sentence - doc.sentence_of(figures[at].number.first) <= 3
        and figures[at].number.first < checking.first
        and figures[at].effect is not None
        and _shares_paragraph(doc, figures[at], checking)
    ]
    if checking.toll:
        return [at for at in near if figures[at].effect in _DEATHS and figures[at].subset_of is None]
    return near if checking.about == "count" else [at for at in near if _is_told(doc, figures[at])]


def _shares_paragraph(doc: Document, figure: Figure, checking: Checking) -> bool:
    return doc.paragraph_of(figure.number.first) == doc.paragraph_of(checking.first)


def _is_told(doc: Document, figure: Figure) -> bool:
    """Whether somebody is said to have said it, so that it can be called a claim: a verb of saying stands before it, or
    near the end of its sentence."""
    sentence = doc.sentences[doc.sentence_of(figure.number.first)]
    around = (
        *doc.tokens[sentence.first : figure.number.first],
        *doc.tokens[max(sentence.last - 8, figure.number.last) : sentence.last],
    )
    return any(token.lower in cue_forms() or token.lower in _HEARSAY for token in around)


def _last_group(figures: list[Figure], before: list[int]) -> list[int]:
    """The last figure that is no part, with its parts."""
    last = next((at for at in reversed(before) if figures[at].subset_of is None), before[-1])
    start = figures[last].passage[0]  # "12 died and 30 were hurt, a figure that": both, rather than one too few
    return [at for at in before if at == last or figures[at].subset_of == last or figures[at].passage[0] == start]
