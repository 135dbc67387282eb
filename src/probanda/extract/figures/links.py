"""How one figure is a part of another: "including", "of them", "of whom", "among the dead".

Guarantees: links go only between figures of one text, and only where words say so. A part takes its effect from its
whole unless its own verb says another; nothing is added up.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.figure import Figure
from probanda.extract.figures.subjects import TOTALS
from probanda.extract.figures.units import Counted
from probanda.extract.text.effects import FigureKind, frames_of
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import AUXILIARY, MODAL, classes, is_adverb, is_past
from probanda.extract.text.victims import victim_class
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Effect

_INCLUDES = word_set("including included includes include comprising comprised")
_OPAQUE = word_set("them whom those these which")
_GROUPS = word_set(
    "dead injured wounded missing killed victims casualties detained arrested displaced refugees fatalities "
    "hurt deceased them whom those"
)

_EFFECTS_OF: dict[str, tuple[Effect, ...]] = {
    **dict.fromkeys(("dead", "deceased", "fatalities", "killed"), ("died", "killed")),
    **dict.fromkeys(("injured", "wounded", "hurt"), ("injured",)),
    **dict.fromkeys(("detained", "arrested"), ("detained",)),
    "missing": ("missing",),
    "displaced": ("fled", "internally_displaced"),
    "refugees": ("refugee",),
}


def subsets(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """Marks parts: "12 people, INCLUDING three children", "14 OF THEM women", "AMONG THE DEAD were two medics"."""
    out = list(figures)
    for at, figure in enumerate(out):
        parent = _whole_of(doc, out, counted, at)
        if parent is None and figure.effect is None and counted[at].harm is None:
            out[at] = _of_group(doc, figure)
        if parent is None or parent == at:
            continue
        whole = out[parent]
        if _larger(figure, whole):
            continue
        own = counted[at].harm is not None or _has_relative(doc, figure, counted[at])
        own = own or figure.effect in ("missing", "refugee", "internally_displaced")
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


def _of_group(doc: Document, figure: Figure) -> Figure:
    """A part of a group that no number counts: "the dead included 14 children", "of those killed, 14 were women"."""
    first = figure.number.first
    start = doc.sentences[doc.sentence_of(first)].first
    group = _included_group(doc, first, start) or _among(doc, first, start)
    harm = harm_of_word(group) if group is not None else None
    return figure if harm is None else replace(figure, effect=harm[0], kind=harm[1], modality="accomplished")


def _has_relative(doc: Document, figure: Figure, counted: Counted) -> bool:
    place = max(counted.last, figure.number.last)
    while place < len(doc.tokens) and is_adverb(doc.tokens[place]):
        place += 1
    return (
        figure.effect is not None
        and place < len(doc.tokens)
        and doc.tokens[place].lower in ("who", "were", "was", "died", "are")
    )


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
        return next(
            (
                j
                for j, other in enumerate(figures)
                if inside is not None and other.number.first <= inside < other.number.last
            ),
            None,
        )
    if at and _in_group(figures[at - 1], first):
        return at - 1  # "seven people, including a woman and two toddlers"
    before = [token.lower for token in tokens[max(sentence.first, first - 4) : first]]
    after = [token.lower for token in tokens[figure.number.last : figure.number.last + 3]]
    if "of" in after[:1] and len(after) > 1 and after[1] in _OPAQUE:
        return _earlier(doc, figures, at)
    if before and (
        before[-1] in _INCLUDES
        or (before[-1] in ("a", "at") and len(before) > 1 and before[-2] in _INCLUDES)
        or before[-2:] == ["incl", "."]
    ):
        group = _included_group(doc, first, sentence.first)
        last = figures[at - 1] if at else None
        adjacent = (
            last is not None
            and counted[at - 1].last <= first <= last.number.last + 6
            and doc.sentence_of(last.number.first) == doc.sentence_of(first)
        )
        if group is None and last is not None and last.effect is not None and adjacent:
            return at - 1  # "816 were killed, including 59 children": the part of a part
        own = counted[at].harm is not None and before[-1] in _INCLUDES and first - sentence.first < 4
        return _earlier(doc, figures, at, group, own_harm=own)
    if before[-2:] in (
        ["among", "them"],
        ["of", "whom"],
        ["of", "them"],
        ["among", "whom"],
        ["of", "these"],
        ["of", "those"],
    ):
        return _earlier(doc, figures, at)
    if at and before[-1:] == ["of"] and set(before) & TOTALS and figures[at - 1].number.last >= first - 8:
        return None  # "30 buses of a fleet of 112": the other way round
    follows = [token.lower for token in tokens[counted[at].last : counted[at].last + 6]]
    total = next((i for i, word in enumerate(follows) if word in TOTALS), None)
    if total is not None and "of" in follows[:total] and follows[total + 1 : total + 2] == ["of"]:
        reach = range(counted[at].last + total + 2, counted[at].last + total + 4)
        return next((j for j, other in enumerate(figures) if other.number.core_first in reach), None)
    if before[-2:] == ["whereabouts", "of"] and counted[at].head is None:
        earlier = (j for j in range(at) if figures[j].number.first >= sentence.first and figures[j].effect is not None)
        return next((j for j in earlier if not _larger(figure, figures[j])), None)  # "61 held; the whereabouts of 12 …"
    if figure.unit is None and figure.effect is not None:
        whole = _before_colon(doc, figures, at, sentence.first)
        if whole is not None:
            return whole
    if _told_of_them(doc, figure, counted[at], sentence.first):
        return _earlier(doc, figures, at)
    group = _among(doc, first, sentence.first)
    if group is not None:
        return _earlier(doc, figures, at, group)
    if (
        at
        and tokens[first - 1].text in "(—–-"
        and tokens[first - 1].kind == "mark"
        and figures[at - 1].effect is not None
        and first - 1 <= max(counted[at - 1].last, figures[at - 1].number.last)
    ):
        return at - 1  # "2,345 killed (880 men, 592 women)"
    if at and before[-1:] == [","] and figures[at - 1].effect is not None and _by_degree(doc, figures[at - 1], figure):
        return at - 1  # "injured 16, two seriously"
    if tokens[counted[at].last : counted[at].last + 2] and [
        token.lower for token in tokens[counted[at].last : counted[at].last + 2]
    ] == ["among", "them"]:
        return _earlier(doc, figures, at)
    if at and before[-1:] == [","] and _opens_with_whole(doc, figures[at - 1], sentence.first):
        return at - 1
    if at and figures[at - 1].subset_of is not None and figures[at - 1].number.last <= first:
        between = tokens[max(counted[at - 1].last, figures[at - 1].number.last) : first]
        if (
            between
            and all(token.lower in ("and", ",", "a", "as", "well") or _plain(token.lower) for token in between)
            and len(between) < 7
        ):
            own = counted[at].harm is not None
            return None if own else figures[at - 1].subset_of
    return None


def _by_degree(doc: Document, whole: Figure, part: Figure) -> bool:
    place = part.number.last
    return (
        part.unit is None
        and place < len(doc.tokens)
        and doc.tokens[place].lower
        in ("seriously", "critically", "severely", "badly", "fatally", "gravely", "slightly")
        and part.number.first - whole.number.last < 8
    )


def _in_group(figure: Figure, first: int) -> bool:
    return figure.who is not None and figure.number.last < first < figure.who[1]


def _told_of_them(doc: Document, figure: Figure, counted: Counted, start: int) -> bool:
    """ "Nine were killed; four were children", "Four of the victims were women": a clause that only says who some of
    those counted before are."""
    tokens = doc.tokens
    first, last = figure.number.first, figure.number.last
    opens = first == start or tokens[first - 1].text in ";:" or tokens[first - 1].lower == "and"
    after = [token.lower for token in tokens[last : last + 4]]
    if not opens or figure.effect is not None:
        return False
    if after[:2] == ["of", "the"] and after[2:3] in (["victims"], ["dead"], ["casualties"], ["fatalities"]):
        return True
    person = counted.head is not None and victim_class(tokens[counted.head].lower) is not None
    return after[:1] in (["were"], ["are"]) and person and counted.head is not None and counted.head - last <= 3


def _before_colon(doc: Document, figures: list[Figure], at: int, start: int) -> int | None:
    """ "900 have left: 400 went abroad and 500 moved within the country": the figure of that kind before it."""
    colon = next((i for i in range(figures[at].number.first - 1, start, -1) if doc.tokens[i].text == ":"), None)
    if colon is None:
        return None
    wholes = [j for j in range(at) if start <= figures[j].number.first < colon and figures[j].kind == figures[at].kind]
    whole = wholes[0] if len(wholes) == 1 and figures[at].kind == "displacement" else None
    if whole is None or any(doc.tokens[i].text in ";" for i in range(colon, figures[at].number.first)):
        return None
    return whole


def _opens_with_whole(doc: Document, figure: Figure, start: int) -> bool:
    """ "Of the 30 passengers on board, 12 died"."""
    return figure.number.first - start in (1, 2) and doc.tokens[start].lower in ("of", "among")


def _plain(word: str) -> bool:
    return word.isalpha() and word not in AUXILIARY | MODAL and classes(word)[0] in "NJ" and harm_at_word(word) is False


def harm_of_word(word: str) -> tuple[Effect, FigureKind] | None:
    """What befell a group named by one word: "the wounded"."""
    frames = frames_of(word)
    for name in ("adjective", "noun", "participle"):
        if name in frames:
            return frames[name]
    return None


def harm_at_word(word: str) -> bool:
    """Whether the word alone can end a list of parts: a word of harm begins another count."""
    return word in _GROUPS or word in ("killed", "wounding", "killing")


def _included_group(doc: Document, first: int, start: int) -> str | None:
    """ "the dead INCLUDED 14 children": the group named before the verb."""
    if not any(token.lower in _INCLUDES for token in doc.tokens[max(start, first - 2) : first]):
        return None
    for place in range(first - 2, max(start, first - 8) - 1, -1):
        lower = doc.tokens[place].lower
        if lower == "toll":
            return "dead"  # "the toll includes 41 children"
        if (
            lower in _GROUPS
            and lower not in _OPAQUE
            and place > start
            and doc.tokens[place - 1].lower in ("the", "those")
        ):
            return lower
    return None


def _among(doc: Document, first: int, start: int) -> str | None:
    """ "among the dead were 14 children": the group, `None` where the number is no part of one."""
    tokens = doc.tokens
    if first - 1 < start or tokens[first - 1].lower not in ("were", "was", "are", "is", ",", "including", "least"):
        return None
    opening = [token.lower for token in tokens[start : start + 4]]
    if opening[:2] in (["of", "the"], ["among", "the"], ["of", "those"], ["among", "those"]) and opening[3:] == [","]:
        return opening[2] if opening[2] in _GROUPS else None  # "Of the dead, he said, 11 are minors"
    for place in range(first - 1, max(start, first - 9) - 1, -1):
        if tokens[place].lower == "among" or (
            tokens[place].lower == "of" and tokens[place + 1].lower in ("those", "the")
        ):
            words = [token.lower for token in tokens[place + 1 : first] if token.lower in _GROUPS]
            return next((word for word in words if word not in _OPAQUE), words[0] if words else None)
        if is_past(tokens[place]) and tokens[place].lower not in _GROUPS | AUXILIARY:
            return None
    return None


def _earlier(
    doc: Document, figures: list[Figure], at: int, group: str | None = None, *, own_harm: bool = False
) -> int | None:
    """The nearest earlier figure that is itself no part, at most two sentences back; with `group`, one with that
    effect."""
    wanted: tuple[str, ...] | None = None
    own = figures[at].effect
    if own is not None and group is None and own_harm:
        wanted = (own, "counted")
    if group is not None and group not in _OPAQUE:
        wanted = _EFFECTS_OF.get(group)
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
        elif fallback is None and distance < 2 and other.unit is not None:
            fallback = place
    return fallback
