"""Figures: numbers with what they count, what befell it, and how one figure hangs on another.

Guarantees: every figure keeps its number's own qualifier and bounds; an effect, a subset, a correction or a
verification status is given only where the words join it to the number. Numbers that date, measure, pay, order or
name nothing countable make no figure; two figures are never added or merged. "fled" alone does not say whether a
border was crossed; "displaced" with no word of a border means within the country.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from probanda.extract.figures.checkings import verify
from probanda.extract.figures.coordination import inherit
from probanda.extract.figures.corrections import correct
from probanda.extract.figures.ellipsis import take_up
from probanda.extract.figures.figure import Figure
from probanda.extract.figures.frames import frame_of
from probanda.extract.figures.links import subsets
from probanda.extract.figures.predicates import is_cut_off, plain_modality
from probanda.extract.figures.subjects import TOTALS, Frame, seized
from probanda.extract.figures.tolls import Toll, toll_of, words_of
from probanda.extract.figures.units import Counted, counted_after, who_range
from probanda.extract.modality.modality import modality_at, negated_at
from probanda.extract.text.effects import FigureKind
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import classes, clause_of, is_verb_group, noun_phrase_start
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.number_words import core_at
from probanda.extract.values.quantities import Number
from probanda.extract.values.tallies import is_tally
from probanda.extract.values.times import TimeMention
from probanda.records.reading import Effect, Modality, When


def find_figures(doc: Document, numbers: tuple[Number, ...], times: tuple[TimeMention, ...]) -> tuple[Figure, ...]:
    """The figures of `doc` in the order of their numbers; `subset_of` and `corrects` index this tuple."""
    numbers_at = frozenset(at for number in numbers for at in range(number.core_first, number.core_last))
    counts_at = frozenset(at for number in numbers if number.kind == "count" for at in range(number.first, number.last))
    found: list[Figure] = []
    counted_of: list[Counted] = []
    wholes: set[int] = set()
    ratios = _ratios(doc, numbers)
    for number in numbers:
        if number.kind != "count":
            continue
        if number.first in ratios:
            continue
        counted = counted_after(doc, number)
        if counted.whole is not None:
            wholes.add(counted.whole)
        toll = toll_of(doc, number, counts_at)
        frame = None if toll is not None and counted.harm is None else frame_of(doc, number, counted, numbers_at)
        if counted.harm is None and (number.first in wholes or _is_whole(doc, number)):
            frame = seized(doc, counted)  # "12 of the 30 passengers died": the 30 did not
        figure = _figure(doc, number, counted, frame, toll if frame is None else None, found)
        found.append(figure)
        counted_of.append(counted)
    found = take_up(doc, inherit(doc, found, counted_of), counted_of)
    found = inherit(doc, subsets(doc, found, counted_of), counted_of)
    kept = correct(doc, found, counted_of)
    kept = _kept(doc, kept)
    return tuple(verify(doc, _timed(doc, kept, times)))


def _ratios(doc: Document, numbers: tuple[Number, ...]) -> frozenset[int]:
    """The numbers of "one in five residents", by their first tokens: a share, no count."""
    found: set[int] = set()
    for one, two in pairwise(numbers):
        beside = two.first - one.last == 1 and doc.tokens[one.last].lower in ("in", "out")
        if beside and isinstance(one.stated, int) and isinstance(two.stated, int) and one.stated < two.stated <= 10:
            found |= {one.first, two.first}
    return frozenset(found)


def _is_whole(doc: Document, number: Number) -> bool:
    """ "Of the 30 passengers on board, 12 died", "half of the 1,100 houses were destroyed": what follows is not said
    of all."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(number.first)].first
    place = number.first - 1
    if place > start and tokens[place].lower in ("the", "its", "their", "these", "those", "his", "her"):
        place -= 1
    elif place - 1 > start and tokens[place].kind == "clitic":  # "half of the town's 30,000 residents"
        place = noun_phrase_start(doc, place - 1) - 1
    if place < start or tokens[place].lower not in ("of", "among"):
        return False
    if place > start and tokens[place].lower == "of" and tokens[place - 1].lower in TOTALS:
        return True  # "some 240 people out of a population of 3,800"
    return place == start or tokens[place - 1].lower in _PARTS


_PARTS = word_set(
    "half third thirds quarter quarters fifth fifths tenth most many some majority percent cent % few part none"
)


def _figure(
    doc: Document, number: Number, counted: Counted, frame: Frame | None, toll: Toll | None, before: list[Figure]
) -> Figure:
    unit, unit_last, who = counted.head, counted.head_last, who_range(doc, counted)
    first, last = clause_of(doc, number.core_first)
    effect: Effect | None = None
    kind: FigureKind = "count"
    modality: Modality = "stated"
    negated = False
    if frame is not None:
        effect, kind = frame.effect, frame.kind
        predicate = frame.predicate, frame.predicate_last
        if classes(doc.tokens[predicate[0]].lower)[0] == "I" and is_verb_group(doc.tokens[predicate[0] - 1]):
            predicate = predicate[0] - 1, predicate[0]  # "are said to BE in a critical condition"
    elif toll is not None:
        effect, kind = toll.effect, toll.kind
        predicate = toll.predicate, toll.predicate_last
        if unit is None:
            unit, unit_last = toll.unit, toll.unit_last
        if toll.start:
            effect, kind, unit, unit_last = None, "count", None, None  # what the total was before
        elif toll.effect is None:
            named = {token.lower for token in doc.tokens[toll.first : number.first]}
            deaths = ("died", "killed", "counted") if named & {"toll", "tolls"} else None
            earlier = next(
                (f for f in reversed(before) if f.effect is not None and (deaths is None or f.effect in deaths)), None
            )
            if deaths is None:
                earlier = earlier or (before[-1] if before and before[-1].unit is not None else None)
            if earlier is not None:
                effect, kind = earlier.effect, earlier.kind
                if unit is None:
                    unit, unit_last, who = earlier.unit_first, earlier.unit_last, earlier.who
            elif deaths is not None:
                effect, kind = "died", "casualty"
        first = min(first, toll.first)
    else:
        predicate = None
    if predicate is None:
        modality = plain_modality(doc, number, counted) or modality
        if is_cut_off(doc, number, counted):
            kind = "displacement"  # neither fled nor moved: no effect
    else:
        modality = modality_at(doc, *predicate)[0]
        negated = number.stated != 0 and negated_at(doc, *predicate)
        if modality == "accomplished" and frame is not None and predicate[0] == counted.head:
            said = plain_modality(doc, number, counted)  # "300 bodies may have been buried there"
            modality = said if said in ("possible", "feared", "alleged", "denied") else modality
        if modality == "accomplished" and effect in (None, "counted"):
            modality = "stated"
        begin, end = clause_of(doc, predicate[0])
        same = doc.sentence_of(predicate[0]) == doc.sentence_of(number.first)
        if same:
            first, last = min(first, begin, number.first), max(last, predicate[1], end if end > number.last else last)
    first, last = min(first, number.first), max(last, number.last, who[1] if who and who[0] >= number.first else 0)
    opened = [at for at in range(first, number.first) if doc.tokens[at].lower == "that" and at > first]
    if opened and (predicate is None or predicate[0] > opened[-1]):
        first = opened[-1]  # "the ministry said THAT ...": the words of the telling are no part of the told
    while first < number.first and (
        doc.tokens[first].kind == "mark" or doc.tokens[first].lower in ("and", "but", "that", "although", "while")
    ):
        first += 1
    text = doc.passage(unit, unit_last).text if unit is not None and unit_last is not None else None
    passage = (doc.tokens[first].start, doc.tokens[last - 1].end)
    return Figure(
        number,
        unit,
        unit_last,
        text,
        kind,
        effect,
        who,
        passage,
        None,
        None,
        None,
        None,
        None,
        modality,
        negated,
        first,
        last,
    )


def _kept(doc: Document, figures: list[Figure]) -> list[Figure]:
    """The figures worth keeping, their references set to the new places: those with an effect, and counts of nameable
    things."""
    keep = [figure.effect is not None or _nameable(doc, figure) for figure in figures]
    places = {old: new for new, old in enumerate(at for at, kept in enumerate(keep) if kept)}
    out = []
    for at, figure in enumerate(figures):
        if not keep[at]:
            continue
        subset = places.get(figure.subset_of) if figure.subset_of is not None else None
        corrects = figure.corrects
        if isinstance(corrects, int):
            corrects = places.get(corrects)
        out.append(replace(figure, subset_of=subset, corrects=corrects))
    return out


def _nameable(doc: Document, figure: Figure) -> bool:
    if figure.kind == "displacement" and figure.effect is None:
        return True  # "thousands more are trapped"
    if _in_tally(doc, figure.number):
        return True
    if figure.unit is None or figure.number.stated in (0, 1) or figure.number.qualifier == "several":
        return figure.subset_of is not None
    return figure.unit.lower() not in words_of("abstract") or (
        figure.unit.lower() in _MEASURES and figure.unit_last is not None and _of_follows(doc, figure.unit_last)
    )


def _in_tally(doc: Document, number: Number) -> bool:
    """ "by 214 to 97", "by 288 votes to 31", "137-7": the numbers of a vote, which need no noun."""
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(number.first)]
    link = number.core_last
    if link < sentence.last and tokens[link].lower in ("votes", "vote"):
        link += 1
    if link + 1 < sentence.last and tokens[link].lower == "to" and core_at(tokens, link + 1) is not None:
        ahead = core_at(tokens, link + 1)
        return ahead is not None and is_tally(tokens, number.core_first, link, ahead.last)
    back = number.core_first - 1
    if back - 1 > sentence.first and tokens[back].lower == "to":
        before = back - 2 if tokens[back - 1].lower in ("votes", "vote") else back - 1
        for first in (before, before - 1, before - 2):
            core = core_at(tokens, first) if first >= sentence.first else None
            if core is not None and core.last == before + 1:
                return is_tally(tokens, first, back, number.core_last)
    return False


_MEASURES = word_set("rounds pieces cases")  # "10,000 rounds of ammunition", "320 cases of torture"


def _of_follows(doc: Document, place: int) -> bool:
    return place < len(doc.tokens) and doc.tokens[place].lower == "of"


def _timed(doc: Document, figures: list[Figure], times: tuple[TimeMention, ...]) -> list[Figure]:
    """Since when a figure counts, and as of when, from the time expressions of its sentence."""
    by_sentence: dict[int, list[TimeMention]] = {}
    for mention in times:
        by_sentence.setdefault(doc.sentence_of(mention.first), []).append(mention)
    out = []
    for figure in figures:
        since: When | None = None
        as_of: When | None = None
        if figure.effect is not None:
            for mention in by_sentence.get(doc.sentence_of(figure.number.first), ()):
                before = [token.lower for token in doc.tokens[max(mention.first - 2, 0) : mention.first]]
                if not _shares_clause(doc, figure, mention):
                    continue
                if doc.tokens[mention.first].lower in ("since", "from", "between") or (
                    mention.when.precision == "range" and before[-1:] in (["in"], ["over"], ["during"], ["within"])
                ):
                    since = since or mention.when
                elif figure.modality in ("accomplished", "stated", "alleged") and (
                    before == ["as", "of"] or before[-1:] == ["by"] or before == ["up", "to"]
                ):
                    as_of = as_of or mention.when
        out.append(replace(figure, cumulative_since=since, as_of=as_of))
    return out


def _shares_clause(doc: Document, figure: Figure, mention: TimeMention) -> bool:
    """In the figure's own clause, or set before it at the head of the sentence, or right after it."""
    sentence = doc.sentences[doc.sentence_of(mention.first)]
    inside = figure.clause_first <= mention.first < figure.clause_last
    leads = mention.first - sentence.first <= 3 and mention.first < figure.number.first
    return inside or leads or 0 <= mention.first - figure.clause_last <= 1
