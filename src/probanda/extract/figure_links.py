"""How one figure hangs on another: coordination, part and whole, correction, and the checking that a text reports.

Guarantees: links go only between figures of one text, and only where words say so ("including", "of them", "not 62", "that
figure"). A part takes its effect from its whole; nothing is added up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from probanda.extract.effects import harm_at
from probanda.extract.figure_units import Counted
from probanda.extract.segments import Document
from probanda.extract.verb_groups import AUXILIARY, MODAL, classes, is_past
from probanda.extract.verification import Checking, find_checkings
from probanda.extract.word_sets import word_set
from probanda.records.reading import Verification

if TYPE_CHECKING:
    from probanda.extract.figures import Figure

_INCLUDES = word_set("including included includes include comprising comprised")
_OPAQUE = word_set("them whom those these which")
_GROUPS = word_set("dead injured wounded missing killed victims casualties detained arrested displaced refugees fatalities hurt deceased them whom those")


def inherit(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """A count joined by "and" or a comma to a figure with an effect shares it, and its modality: "12 civilians and three soldiers
    were killed", "feared dead and 30 wounded"."""
    out = list(figures)
    for at in range(1, len(out)):
        before, this = out[at - 1], out[at]
        if doc.sentence_of(before.number.first) != doc.sentence_of(this.number.first) or before.effect is None:
            continue
        between = doc.tokens[max(counted[at - 1].last, before.number.last) : this.number.first]
        if not between or len(between) > 8:
            continue
        words = [token.lower for token in between]
        if this.effect is None and this.kind == "count" and counted[at].head is not None and _only_joins(words) and not _subset_words(words):
            out[at] = replace(this, effect=before.effect, kind=before.kind, modality=before.modality, negated=before.negated)
        elif this.effect is not None and this.modality == "accomplished" and before.modality != "accomplished" and counted[at].harm is not None and (
            "and" in words or "," in words
        ) and not any(word in AUXILIARY for word in words):
            out[at] = replace(this, modality=before.modality)
    return out


def _only_joins(words: list[str]) -> bool:
    return all(word in ("and", ",", "or", "plus", "as", "well", "at", "least", "a", "further", "another") for word in words)


def _subset_words(words: list[str]) -> bool:
    return any(word in _INCLUDES or word == "among" for word in words)


def subsets(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """Marks parts: "12 people, INCLUDING three children", "14 OF THEM women", "AMONG THE DEAD were two medics"."""
    out = list(figures)
    for at, figure in enumerate(out):
        parent = _whole_of(doc, out, counted, at)
        if parent is None or parent == at:
            continue
        whole = out[parent]
        if _larger(figure, whole):
            continue
        own = counted[at].harm is not None or _has_relative(doc, figure, counted[at])
        if figure.effect is None or not own:
            same = whole.effect is not None
            figure = replace(
                figure,
                effect=whole.effect if same else figure.effect,
                kind=whole.kind if same else figure.kind,
                modality=whole.modality if same else figure.modality,
                negated=whole.negated if same else figure.negated,
            )
        if figure.unit is None:
            figure = replace(figure, unit=whole.unit, unit_first=whole.unit_first, unit_last=whole.unit_last)
        out[at] = replace(figure, subset_of=parent)
    return out


def _has_relative(doc: Document, figure: Figure, counted: Counted) -> bool:
    return figure.effect is not None and counted.last < len(doc.tokens) and doc.tokens[counted.last].lower in ("who", "were", "was", "died", "are")


def _larger(part: Figure, whole: Figure) -> bool:
    a, b = part.number.stated, whole.number.stated
    return isinstance(a, (int, float)) and isinstance(b, (int, float)) and whole.number.maximum is not None and a > b


def _whole_of(doc: Document, figures: list[Figure], counted: list[Counted], at: int) -> int | None:
    tokens = doc.tokens
    figure = figures[at]
    first = figure.number.first
    sentence = doc.sentences[doc.sentence_of(first)]
    if counted[at].whole is not None:
        inside = counted[at].whole
        return next((j for j, other in enumerate(figures) if inside is not None and other.number.first <= inside < other.number.last), None)
    before = [token.lower for token in tokens[max(sentence.first, first - 4) : first]]
    after = [token.lower for token in tokens[figure.number.last : figure.number.last + 3]]
    if "of" in after[:1] and len(after) > 1 and after[1] in _OPAQUE:
        return _earlier(doc, figures, at)
    if before and (before[-1] in _INCLUDES or before[-1] in ("a", "at") and len(before) > 1 and before[-2] in _INCLUDES):
        group = _group_before(doc, first, sentence.first)
        return _earlier(doc, figures, at, group) if group else _earlier(doc, figures, at)
    if before[-2:] in (["among", "them"], ["of", "whom"], ["of", "them"], ["among", "whom"], ["of", "these"], ["of", "those"]):
        return _earlier(doc, figures, at)
    group = _among(doc, first, sentence.first)
    if group is not None:
        return _earlier(doc, figures, at, group)
    if at and figures[at - 1].subset_of is not None and figures[at - 1].number.last <= first:
        between = tokens[max(counted[at - 1].last, figures[at - 1].number.last) : first]
        if between and all(token.lower in ("and", ",", "a", "as", "well") or _plain(token.lower) for token in between) and len(between) < 7:
            own = counted[at].harm is not None
            return None if own else figures[at - 1].subset_of
    return None


def _plain(word: str) -> bool:
    return word.isalpha() and word not in AUXILIARY | MODAL and classes(word)[0] in "NJ" and harm_at_word(word) is False


def harm_at_word(word: str) -> bool:
    """Whether the word alone can end a list of parts: a word of harm begins another count."""
    return word in _GROUPS or word in ("killed", "wounding", "killing")


def _group_before(doc: Document, first: int, start: int) -> str | None:
    """ "the dead INCLUDED 14 children": the group named before the verb."""
    for place in range(first - 2, max(start, first - 8) - 1, -1):
        lower = doc.tokens[place].lower
        if lower in _GROUPS and lower not in _OPAQUE and place > start and doc.tokens[place - 1].lower in ("the", "those"):
            return lower
    return None


def _among(doc: Document, first: int, start: int) -> str | None:
    """ "among the dead were 14 children": the group, `None` where the number is no part of one."""
    tokens = doc.tokens
    if first - 1 < start or tokens[first - 1].lower not in ("were", "was", "are", "is", ",", "including", "least"):
        return None
    for place in range(first - 1, max(start, first - 9) - 1, -1):
        if tokens[place].lower == "among":
            return next((token.lower for token in tokens[place + 1 : first] if token.lower in _GROUPS), None)
        if is_past(tokens[place]) and tokens[place].lower not in _GROUPS | AUXILIARY:
            return None
    return None


def _earlier(doc: Document, figures: list[Figure], at: int, group: str | None = None) -> int | None:
    """The nearest earlier figure that is itself no part, at most two sentences back; with `group`, one with that effect."""
    wanted = None
    if group is not None and group not in _OPAQUE:
        wanted = {"dead": ("died", "killed"), "deceased": ("died", "killed"), "fatalities": ("died", "killed"), "killed": ("killed", "died"), "injured": ("injured",), "wounded": ("injured",), "hurt": ("injured",), "missing": ("missing",), "detained": ("detained",), "arrested": ("detained",), "displaced": ("fled", "internally_displaced"), "refugees": ("refugee",)}.get(group)  # fmt: skip
    sentence = doc.sentence_of(figures[at].number.first)
    fallback: int | None = None
    for place in range(at - 1, -1, -1):
        other = figures[place]
        distance = sentence - doc.sentence_of(other.number.first)
        if distance > (4 if wanted else 2):
            break
        if other.subset_of is not None:
            continue
        if wanted is not None:
            if other.effect in wanted:
                return place
        elif other.effect is not None:
            return place
        elif fallback is None and distance == 0 and other.unit is not None:
            fallback = place
    return fallback


def correct(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """Marks corrections: "59, not 62", "not 62 but 59", "revised from 62 to 59", "instead of 62". The number that a text takes back
    makes no claim of its own: its figure loses effect and unit."""
    tokens = doc.tokens
    out = list(figures)
    for at in range(len(out) - 1):
        one, two = out[at], out[at + 1]
        if doc.sentence_of(one.number.first) != doc.sentence_of(two.number.first):
            continue
        words = [token.lower for token in tokens[max(one.number.last, counted[at].last) : two.number.first]]
        lead = [token.lower for token in tokens[max(0, one.number.first - 4) : one.number.first]]
        if 0 < len(words) <= 5 and (words[-1] == "not" or words[-2:] in (["rather", "than"], ["instead", "of"]) or words[-2:] == ["not", "the"]):
            right, wrong = at, at + 1
        elif lead[-1:] == ["not"] and "but" in words and len(words) <= 3:
            right, wrong = at + 1, at
        elif lead[-1:] == ["from"] and words[-1:] == ["to"] and len(words) <= 2 and any(word.startswith(("revis", "lower", "correct", "amend")) for word in [token.lower for token in tokens[max(0, one.number.first - 12) : one.number.first]]):
            right, wrong = at + 1, at
        else:
            continue
        earlier = next((place for place in range(min(right, wrong)) if out[place].number.stated == out[wrong].number.stated and out[place].effect is not None), None)
        source = out[right] if out[right].effect is not None else out[wrong]
        out[right] = replace(
            out[right], effect=source.effect, kind=source.kind, modality=source.modality, negated=False,
            unit=out[right].unit or source.unit, unit_first=out[right].unit_first if out[right].unit else source.unit_first,
            unit_last=out[right].unit_last if out[right].unit else source.unit_last,
            corrects=earlier if earlier is not None else doc.passage(out[wrong].number.first, out[wrong].number.last).text,
        )  # fmt: skip
        out[wrong] = replace(out[wrong], effect=None, unit=None, unit_first=None, unit_last=None, subset_of=None)
    return out


def verify(doc: Document, figures: list[Figure]) -> list[Figure]:
    """Puts what the text says of checking on the figures it speaks of: those before it in its sentence, else the last ones before."""
    out = list(figures)
    for checking in find_checkings(doc):
        for place in _meant(doc, out, checking):
            if out[place].verification is None:
                passage = doc.passage(checking.first, checking.last)
                out[place] = replace(out[place], verification=Verification(checking.status, passage))
    return out


def _meant(doc: Document, figures: list[Figure], checking: Checking) -> list[int]:
    sentence = doc.sentence_of(checking.first)
    harmed = [at for at, figure in enumerate(figures) if figure.effect is not None]
    here = [at for at in harmed if doc.sentence_of(figures[at].number.first) == sentence]
    before = [at for at in here if figures[at].number.first < checking.first]
    if before:
        return before if checking.plural or len(before) == 1 or not checking.refers else _last_group(doc, figures, before)
    if here and not checking.refers:
        return here
    if not checking.refers:
        return [at for at in here if 0 < figures[at].number.first - checking.last < 8]
    for back in range(1, 4):
        earlier = [at for at in harmed if sentence - doc.sentence_of(figures[at].number.first) == back]
        if earlier:
            return earlier
    return here


def _last_group(doc: Document, figures: list[Figure], before: list[int]) -> list[int]:
    """The last figure that is no part, with its parts."""
    last = next((at for at in reversed(before) if figures[at].subset_of is None), before[-1])
    return [at for at in before if at == last or figures[at].subset_of == last]
