"""Claims of a Ukrainian or Russian text: what each source asserts, from figures, reported clauses, speech and events.

One claim for each figure, reported clause, stretch of direct speech and reported event, with the holder in whose words
it stands; sentences that no claim touches are claims of the narrator. Ids follow from document, extractor and content,
as in English (`extract.claims`). Nothing is merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probanda.extract.events.kinds import claim_kind
from probanda.extract.slavic.events import EventDraft
from probanda.extract.slavic.kinds import counted_at
from probanda.extract.slavic.modality import negated_at
from probanda.extract.slavic.parts import Figure
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.subjects import Attribution, cue_terms
from probanda.extract.slavic.told import Material
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
from probanda.records.reading import (
    Claim,
    ClaimKind,
    Holder,
    HolderUnknown,
    Modality,
    Narrator,
    When,
)

_STANCE: dict[str, Modality] = {
    "deny": "denied", "forecast": "forecast", "fear": "feared", "promise": "promised", "threaten": "threatened",
    "accuse": "alleged",
}  # fmt: skip
_KIND_OF: dict[str, ClaimKind] = {"accuse": "accusation", "promise": "pledge"}
UNSAID: dict[str, Modality] = {
    "accuse": "alleged",
    "deny": "denied",
    "fear": "feared",
    "threaten": "threatened",
    "promise": "promised",
}


def claims_of(held: Material, figures: Sequence[Figure], drafts: Sequence[EventDraft]) -> tuple[Claim, ...]:
    claims = [_identified(held, _figure_claim(held, figure, drafts)) for figure in figures]
    for at, figure in enumerate(figures):
        if figure.subset_of is not None:
            claims[at] = replace(claims[at], subset_of=claims[figure.subset_of].id)
        if figure.corrects is not None and claims[figure.corrects].id != claims[at].id:
            claims[at] = replace(claims[at], corrects=claims[figure.corrects].id)
    linked = {claim.subset_of for claim in claims} | {claim.corrects for claim in claims}
    claims = [
        claim for claim, figure in zip(claims, figures, strict=True)
        if claim.id in linked or claim.kind != "statement" or not _counts_speakers(held, figure)
    ]  # fmt: skip
    others = [_event_claim(held, draft) for draft in drafts]
    others += [claim for told in held.attributions for claim in _told_claims(held, told)]
    others += [
        _claim("statement", held.doc.passage(*said.span), said.speaker or HolderUnknown(), "stated")
        for said in held.spoken
    ]
    asserted = {(claim.passage, claim.source) for claim in claims}
    for claim in others:
        if claim is None or (claim.kind == "statement" and (claim.passage, claim.source) in asserted):
            continue
        claims.append(_identified(held, claim))
        asserted.add((claim.passage, claim.source))
    claims += [_identified(held, claim) for claim in _narrated(held, claims)]
    unique = {claim.id: claim for claim in claims}
    return tuple(
        sorted(unique.values(), key=lambda claim: (claim.passage.start, claim.passage.end, claim.kind, claim.id))
    )


def _counts_speakers(held: Material, figure: Figure) -> bool:
    """Whether the number only says how many speak: "двоє співрозмовників припускають, …"."""
    if figure.effect is not None or figure.unit is None:
        return False
    doc, words = held.doc, held.words
    unit = doc.passage(*figure.unit)
    speakers = [*(told.speaker for told in held.attributions), *(said.speaker for said in held.spoken)]
    named = [part for who in speakers if who is not None for part in (who.passage, who.mention) if part is not None]
    if any(passage.start < unit.end and unit.start < passage.end for passage in named):
        return True
    first = max(0, figure.number.first - 4)
    cues = (cue_terms(doc.language).at(words, at, figure.number.first) for at in range(first, figure.number.first))
    return any(cue is not None and cue.value[0] == "cited" and cue.last == figure.number.first for cue in cues)


def _identified(held: Material, claim: Claim) -> Claim:
    body: dict[str, Json] = to_json(claim)
    for name in ("id", "subset_of", "corrects"):
        del body[name]
    return replace(claim, id=identify("claim", {"document": held.sha256, "extractor": held.extractor, "claim": body}))


def _claim(kind: ClaimKind, passage: Passage, source: Holder, modality: Modality) -> Claim:
    return Claim(
        id="", kind=kind, passage=passage, source=source, quantity=None, effect=None, who=None, subset_of=None,
        cumulative_since=None, as_of=None, corrects=None, modality=modality, verification=None, where=None, when=None,
        negated=False,
    )  # fmt: skip


def _bounded(held: Material, span: Range, token: int) -> Range:
    """`span` within the reported words around `token`."""
    told = held.told_at(token)
    contents = told.content if isinstance(told, Attribution) else (told.span,) if told else ()
    for first, last in contents:
        if first <= token < last:
            return max(span[0], first), min(span[1], last)
    if told is None:
        for other in held.attributions:
            for place in (other.cue.first, *(c[0] for c in other.content)):
                if token < place < span[1]:
                    span = (span[0], place)
    return span


def _figure_claim(held: Material, figure: Figure, drafts: Sequence[EventDraft]) -> Claim:
    doc, number = held.doc, figure.number
    first, last = _bounded(held, figure.passage, number.core_first)
    first, last = min(first, number.first), max(last, number.last)
    while last > number.last and doc.tokens[last - 1].kind == "mark":
        last -= 1
    told = held.told_at(number.core_first)
    modality = figure.modality
    stance = UNSAID.get(told.cue.class_) if isinstance(told, Attribution) else None
    if isinstance(told, Attribution) and told.cue.class_ in ("forecast",):
        stance = "forecast"
    if stance is not None and modality == "accomplished":
        modality = stance
    kinds: dict[str, ClaimKind] = {"casualty": "casualty", "displacement": "displacement", "damage": "damage"}
    kind = kinds.get(figure.kind, "statement")
    effect = figure.effect
    if kind == "statement":
        voted = next((draft.ballots[number.core_first] for draft in drafts if number.core_first in draft.ballots), None)
        if voted is not None:
            kind, effect = "vote", voted
        elif (counted := counted_at(doc, held.words, (number.first, number.last), figure.unit)) is not None:
            kind, effect = counted.kind, counted.effect
            if counted.modality is not None and modality == "accomplished":
                modality = counted.modality
    unit = doc.passage(*figure.unit) if figure.unit else None
    quantity = Quantity(
        doc.passage(number.first, number.last), number.stated, number.minimum, number.maximum, number.qualifier,
        unit.text if unit else None,
    )  # fmt: skip
    passage = doc.passage(first, last)
    when = next(
        (
            mention.when
            for mention in held.times
            if first <= mention.first < last and mention.when != figure.cumulative_since
        ),
        None,
    )
    as_of = figure.as_of
    if (
        as_of is None
        and told is not None
        and told.when is not None
        and told.when.precision in ("day", "part_of_day", "instant", "hour")
    ):
        as_of = told.when if told.when.earliest else None
    nobody = number.stated == 0 and number.core_last - number.core_first == 1 and not passage.text.startswith("0")
    nobody = nobody and doc.tokens[number.core_first].kind == "word"
    return replace(
        _claim(kind, passage, held.holder_at(number.core_first), modality),
        quantity=None if nobody else quantity, effect=effect, who=unit,
        cumulative_since=figure.cumulative_since, as_of=as_of,
        verification=figure.verification, where=_place_in(held, passage), when=when, negated=figure.negated or nobody,
    )  # fmt: skip


def _place_in(held: Material, passage: Passage) -> Passage | None:
    return next((place.passage for place in held.places if place.role == "location"
                 and passage.start <= place.passage.start < passage.end), None)  # fmt: skip


def _event_claim(held: Material, draft: EventDraft) -> Claim | None:
    kind = claim_kind(draft.type)
    if kind is None:
        return None
    doc = held.doc
    sentence = doc.sentences[doc.sentence_of(draft.first)]
    last = sentence.last
    while last > sentence.first and doc.tokens[last - 1].kind == "mark":
        last -= 1
    told = held.told_at(draft.first)
    contents = told.content if isinstance(told, Attribution) else (told.span,) if told else ()
    span = next((span for span in contents if span[0] <= draft.first < span[1]), (sentence.first, last))
    if told is None:
        span = _clause(held, draft.first, (sentence.first, last))
    if span[1] <= span[0]:
        return None
    negated = negated_at(doc, held.words, draft.first)
    return replace(
        _claim(kind, doc.passage(*span), held.holder_at(draft.first), draft.modality),
        where=draft.where,
        when=draft.when,
        negated=negated,
    )


def _clause(held: Material, token: int, span: Range) -> Range:
    """The part of a sentence of the report itself that no attribution holds, around `token`."""
    first, last = span
    for told in held.attributions:
        for begin, end in (*told.content, (told.cue.first, told.cue.last)):
            if token < begin < last:
                last = begin
            if first < end <= token:
                first = end
    while first < token and held.doc.tokens[first].kind == "mark":
        first += 1
    while last > token + 1 and (held.doc.tokens[last - 1].kind == "mark" or held.words[last - 1] in ("що", "что")):
        last -= 1
    return first, last


def _told_claims(held: Material, told: Attribution) -> list[Claim]:
    if told.cue.class_ == "judge":
        return []
    kind = _KIND_OF.get(told.cue.class_, "statement")
    modality = _STANCE.get(told.cue.class_, "stated")
    made = []
    for first, last in told.content:
        if last <= first or (first <= told.cue.first < last):
            continue
        made.append(
            replace(
                _claim(kind, held.doc.passage(first, last), told.speaker or HolderUnknown(), modality),
                when=_inside(held, first, last),
            )
        )
    return made


def _inside(held: Material, first: int, last: int) -> When | None:
    return next((mention.when for mention in held.times if first <= mention.first < last), None)


def _narrated(held: Material, claims: Sequence[Claim]) -> list[Claim]:
    """The sentences that no claim touches, as statements of the report itself."""
    doc = held.doc
    touched: set[int] = set()
    for claim in claims:
        first, last = doc.token_at(claim.passage.start), doc.token_at(claim.passage.end - 1)
        touched.update(range(doc.sentence_of(first), doc.sentence_of(last) + 1))
    found = []
    for number, sentence in enumerate(doc.sentences):
        words = sum(1 for token in doc.tokens[sentence.first : sentence.last] if token.kind == "word")
        spoken = any(held.told_at(at) is not None for at in range(sentence.first, sentence.last))
        if number not in touched and words >= 4 and not spoken and doc.tokens[sentence.last - 1].kind == "mark":
            found.append(_claim("statement", doc.passage(sentence.first, sentence.last), Narrator(), "stated"))
    return found
