"""Scores quotations: found, with the right speaker, with the right venue."""

from __future__ import annotations

from probanda.records.reading import Quotation
from score.count import Tally
from score.gold import Mark, Report
from score.names import same_venue, speaks

MARKS = " \n\t“”\"'‘’«»,.;:–—-"
OPENING = "“\"'‘«"
DIRECT_IOU, INDIRECT_IOU, GROUP_COVER = 0.8, 0.5, 0.7

Span = tuple[int, int]


def score_quotations(report: Report, found: tuple[Quotation, ...], tally: Tally) -> None:
    golds = report.marks["quotations"]
    gold_spans = [trim(report.text, mark.start, mark.end) for mark in golds]
    spans = [trim(report.text, q.passage.start, q.passage.end) for q in found]
    pairs = pair(report.text, golds, gold_spans, spans)
    for index, mark in enumerate(golds):
        if not mark.optional:
            partner = pairs.get(index)
            _gold(mark, None if partner is None else found[partner], tally)
    matched: dict[int, list[Mark]] = {}
    for index, partner in pairs.items():
        matched.setdefault(partner, []).append(golds[index])
    for index, quotation in enumerate(found):
        _found(quotation, matched.get(index), golds, gold_spans, spans[index], tally)


def accepted(mark: Mark) -> tuple[str, ...]:
    """The names and roles that count as the right speaker: a person's or body's name where one is given, otherwise
    the role, and those under `also`."""
    first = mark.fields.get("speaker") or mark.fields.get("role")
    return tuple(phrase for phrase in (first, *mark.fields.get("also", [])) if phrase)


def _gold(mark: Mark, partner: Quotation | None, tally: Tally) -> None:
    form = "direct" if mark.fields["form"] == "direct" else "indirect"
    right = partner is not None and speaks(accepted(mark), partner.speaker)
    for category, good in (("quotations", partner is not None), ("speakers", right)):
        tally.gold(category, good)
        tally.gold(f"{category} {form}", good)
    if form == "direct":
        tally.gold("direct right speaker", right)
    words = mark.fields["text"]
    if partner is None:
        tally.error("quotations", "missed", f"[{mark.fields['form']}] {words} <- {'/'.join(accepted(mark))}")
    elif not right:
        said = (partner.speaker.name, partner.speaker.role) if partner.speaker else None
        tally.error("speakers", "wrong", f"{words} <- expected {'/'.join(accepted(mark))}, found {said}")
    venue = mark.fields.get("venue")
    if venue and mark.fields.get("cue"):
        at = partner.venue if partner else None
        good = at is not None and same_venue(venue, at.name)
        tally.gold("venues", good)
        if partner is not None and not good:
            tally.error("venues", "wrong", f"{words} <- expected {venue}, found {at.name if at else None}")


def _found(
    quotation: Quotation, marks: list[Mark] | None, golds: tuple[Mark, ...], gold_spans: list[Span], span: Span,
    tally: Tally,
) -> None:  # fmt: skip
    if marks is None:
        inside = [
            mark
            for mark, gold in zip(golds, gold_spans, strict=True)
            if _overlap(span, gold) >= 0.9 * (span[1] - span[0]) and speaks(accepted(mark), quotation.speaker)
        ]
        if inside:
            return  # a part of a quotation that is known, given to the right speaker: neither right nor extra
        said = (quotation.speaker.name, quotation.speaker.role) if quotation.speaker else None
        tally.error("quotations", "extra", f"[{quotation.form}] {quotation.passage.text} <- {said}")
    elif all(mark.optional for mark in marks):
        return
    form = "direct" if quotation.form == "direct" else "indirect"
    right = marks is not None and any(speaks(accepted(mark), quotation.speaker) for mark in marks)
    for category, good in (("quotations", marks is not None), ("speakers", right)):
        tally.found(category, good)
        tally.found(f"{category} {form}", good)
    if quotation.venue and marks is not None:
        venues = [mark.fields.get("venue") for mark in marks]
        tally.found("venues", any(venue and same_venue(venue, quotation.venue.name) for venue in venues))
        if not any(venues):
            tally.error("venues", "extra", f"{quotation.passage.text} <- {quotation.venue.name}")


def pair(text: str, golds: tuple[Mark, ...], gold_spans: list[Span], spans: list[Span]) -> dict[int, int]:
    """Gold index to found index, best overlap first, one to one; then several direct stretches to the one that was
    found in their place."""
    scored: list[tuple[float, int, int]] = []
    for one, mark in enumerate(golds):
        for two, span in enumerate(spans):
            overlap = _iou(gold_spans[one], span)
            bar = DIRECT_IOU if mark.fields["form"] == "direct" else INDIRECT_IOU
            if overlap >= bar or (mark.fields["form"] == "mixed" and _is_stretch(text, gold_spans[one], span)):
                scored.append((overlap - (0.01 if mark.optional else 0), one, two))
    pairs: dict[int, int] = {}
    for _, one, two in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if one not in pairs and two not in pairs.values():
            pairs[one] = two
    for two, span in enumerate(spans):
        inside = [
            one
            for one, mark in enumerate(golds)
            if mark.fields["form"] == "direct" and _overlap(gold_spans[one], span) == _length(gold_spans[one])
        ]
        if len(inside) > 1 and sum(_length(gold_spans[one]) for one in inside) >= GROUP_COVER * _length(span):
            for one in inside:
                pairs.setdefault(one, two)
    return pairs


def trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in MARKS:
        start += 1
    while end > start and text[end - 1] in MARKS:
        end -= 1
    return start, end


def _is_stretch(text: str, gold: Span, span: Span) -> bool:
    """Whether `span` is words in quotation marks inside a reported clause."""
    return gold[0] <= span[0] and span[1] <= gold[1] and span[0] > 0 and text[span[0] - 1] in OPENING


def _length(span: Span) -> int:
    return span[1] - span[0]


def _overlap(one: Span, two: Span) -> int:
    return max(0, min(one[1], two[1]) - max(one[0], two[0]))


def _iou(one: Span, two: Span) -> float:
    shared = _overlap(one, two)
    union = _length(one) + _length(two) - shared
    return shared / union if union else 0.0
