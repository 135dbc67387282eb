"""Claims: what each source asserts, put together from figures, attributions and events.

One claim for each figure, accusation, statement and reported event; nothing is merged. What the report says in its own
voice is a claim of the narrator. The id follows from document, extractor and content, so the same reading made twice
has the same ids and a new version of the rules has new ones: a judgement is never inherited by another reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from probanda.extract.echoes import overlap, without_echoes
from probanda.extract.events.backward import taken_for_granted
from probanda.extract.events.draft import EventDraft
from probanda.extract.events.kinds import claim_kind
from probanda.extract.figures.borders import border_crossed
from probanda.extract.figures.figure import Figure
from probanda.extract.figures.pledges import pledge_of
from probanda.extract.modality.modality import negated_at
from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.cues import cue_forms
from probanda.extract.speech.holders import Voices
from probanda.extract.text.along import Along
from probanda.extract.text.lexicon import table
from probanda.extract.text.nouns import singular
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import OPENERS, clause_of
from probanda.extract.values.quantities import Number
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
from probanda.records.reading import (
    Claim,
    ClaimKind,
    Effect,
    Holder,
    HolderUnknown,
    Modality,
    Narrator,
    Place,
    When,
)

_STANCE: dict[str, Modality] = {
    "deny": "denied", "forecast": "forecast", "fear": "feared", "hope": "anticipated", "promise": "promised",
    "threaten": "threatened", "possible": "possible", "accuse": "alleged", "allege": "alleged", "demand": "possible",
}  # fmt: skip

_BEHIND = 60  # characters behind a verb in which a border may be named
_PARTS: dict[str, ClaimKind] = {
    "voted_for": "vote", "voted_against": "vote", "abstained": "vote", "referred": "referral",
}  # fmt: skip
_NOWHERE = ("diplomatic.", "legal.", "pledge.")  # the text's places are not where a court or an assembly acts
_PRONOUNS = frozenset({"he", "she", "they", "it"})
_NEGATIONS = frozenset({"not", "never", "no", "none", "nobody", "neither", "nor", "cannot", "without"})


def assemble(
    doc: Document,
    sha256: str,
    extractor: str,
    voices: Voices,
    figures: Sequence[Figure],
    events: Sequence[EventDraft],
    places: Sequence[Place],
) -> tuple[Claim, ...]:
    """All claims of `doc`, in the order of their passages."""
    where = Along(places, lambda place: place.passage.start if place.role == "location" else None)
    acts = Along(events, lambda event: event.trigger.start)
    figured = [_figure_claim(doc, voices, figure, acts, where) for figure in figures]
    for place, figure in enumerate(figures):
        whole = figured[figure.subset_of] if figure.subset_of is not None else None
        if whole is not None and isinstance(figured[place].source, Narrator) and _beside(doc, whole, figured[place]):
            figured[place] = replace(figured[place], source=whole.source)  # "counted 212, among them 31 minors"
    claims = [_identified(claim, sha256, extractor) for claim in figured]
    for place, figure in enumerate(figures):
        if figure.subset_of is not None:
            claims[place] = replace(claims[place], subset_of=claims[figure.subset_of].id)
        if figure.corrects is not None:
            replaced = claims[figure.corrects].id if isinstance(figure.corrects, int) else figure.corrects
            claims[place] = replace(claims[place], corrects=replaced)
    others = [_event_claim(doc, voices, event, where, acts, claims) for event in events]
    others += [_attributed_claim(doc, voices, attribution) for attribution in voices.attributions]
    others += [_quoted_claim(voices, number) for number in range(len(voices.spoken))]
    asserted = {(claim.passage, claim.source) for claim in claims}
    for claim in others:
        if claim is not None and not (claim.kind == "statement" and (claim.passage, claim.source) in asserted):
            claims.append(_identified(claim, sha256, extractor))
            asserted.add((claim.passage, claim.source))
    claims = without_echoes(doc, voices, claims)
    claims += [_identified(claim, sha256, extractor) for claim in _narrated(doc, claims)]
    unique = {claim.id: claim for claim in claims}
    return tuple(
        sorted(unique.values(), key=lambda claim: (claim.passage.start, claim.passage.end, claim.kind, claim.id))
    )


def _beside(doc: Document, one: Claim, other: Claim) -> bool:
    return doc.sentence_of(doc.token_at(one.passage.start)) == doc.sentence_of(doc.token_at(other.passage.start))


def _identified(claim: Claim, sha256: str, extractor: str) -> Claim:
    body: dict[str, Json] = to_json(claim)
    for name in ("id", "subset_of", "corrects"):
        del body[name]
    return replace(claim, id=identify("claim", {"document": sha256, "extractor": extractor, "claim": body}))


def _claim(kind: ClaimKind, passage: Passage, source: Holder, modality: Modality) -> Claim:
    return Claim(
        id="", kind=kind, passage=passage, source=source, quantity=None, effect=None, who=None, subset_of=None,
        cumulative_since=None, as_of=None, corrects=None, modality=modality, verification=None, where=None, when=None,
        negated=False,
    )  # fmt: skip


def _figure_claim(
    doc: Document, voices: Voices, figure: Figure, acts: Along[EventDraft], places: Along[Place]
) -> Claim:
    if _is_thing(figure):
        figure = replace(figure, effect=None, kind="count")
    number = figure.number
    passage = _asserted(doc, voices, figure)
    events = acts.within(passage.start, passage.end)
    sentence = doc.sentences[doc.sentence_of(number.first)]
    kind: ClaimKind = "statement"
    if figure.kind == "casualty":
        kind = "casualty"
    elif figure.kind == "displacement":
        kind = "displacement"
    elif figure.effect in ("destroyed", "damaged"):
        kind = "damage"
    else:
        near = [claim_kind(event.type) for event in events]
        part = _taking_part(number, acts.within(sentence.start, sentence.end))
        told: ClaimKind = next((k for k in near if k == "vote" or k == "referral"), "statement")
        kind = told if part is None else _PARTS.get(part, told)
    if kind == "statement" and _was_fired(doc, figure, acts.within(sentence.start, sentence.end)):
        kind = "attack"
    modality = figure.modality
    told_by = voices.content_at(number.core_first)
    if (
        told_by is not None
        and told_by.speaker is None
        and told_by.verb.stance == "allege"
        and modality == "accomplished"
    ):
        modality = "alleged"  # "reports that 240 were deported"
    pledge = pledge_of(doc, figure, acts.within(sentence.start, sentence.end)) if kind == "statement" else None
    if pledge is not None:
        kind, modality = "pledge", pledge
    quantity = Quantity(
        doc.passage(number.first, number.last), number.stated, number.minimum, number.maximum, number.qualifier,
        figure.unit,
    )  # fmt: skip
    claim = _claim(kind, passage, _holder(voices, number.core_first, number.core_last, passage), modality)
    return replace(
        claim,
        quantity=quantity,
        effect=figure.effect or _taking_part(number, acts.within(sentence.start, sentence.end)),
        who=doc.passage(*figure.who) if figure.who else None,
        cumulative_since=figure.cumulative_since,
        as_of=figure.as_of,
        verification=figure.verification,
        where=None if kind in ("vote", "referral") else _place_in(places, passage),
        when=_time_in(voices, passage, figure.cumulative_since),
        negated=figure.negated,
        border_crossed=_border(doc, passage, acts, places) if kind == "displacement" else None,
    )


def _border(doc: Document, passage: Passage, acts: Along[EventDraft], places: Along[Place]) -> Passage | None:
    told = border_crossed(
        doc, acts.within(passage.start, passage.end), places.within(passage.start, passage.end + _BEHIND)
    )
    return doc.passage(*told) if told is not None else None


def _is_thing(figure: Figure) -> bool:
    """Whether something befell a weapon or a building that only befalls people: "the remains of three missiles"."""
    if figure.effect is None or figure.effect in ("destroyed", "damaged", "counted") or figure.unit is None:
        return False
    return singular(figure.unit.split()[-1].lower()) in _things()


def _was_fired(doc: Document, figure: Figure, events: Sequence[EventDraft]) -> bool:
    """ "Fired at least six rockets", "17 shells landed on the town": weapons that an attack used, none promised."""
    if figure.effect is not None or figure.unit is None or figure.unit_first is None or figure.unit_last is None:
        return False
    if singular(figure.unit.split()[-1].lower()) not in _munitions():
        return False
    before, behind = doc.tokens[figure.number.first].start, doc.tokens[figure.unit_last - 1].end
    for event in events:
        if not event.type.startswith("attack"):
            continue
        used = event.instrument is not None and event.instrument.start < behind and event.instrument.end > before
        near = 0 <= before - event.trigger.end <= 12 or 0 <= event.trigger.start - behind <= 8
        if used or near or before <= event.trigger.start < behind:
            return True
    return False


@cache
def _munitions() -> frozenset[str]:
    heads = (row["term"].split()[-1] for row in table("weapons.tsv"))
    return frozenset(singular(head.lower()) for head in heads) | {"strike", "explosion", "impact", "salvo", "round"}


@cache
def _things() -> frozenset[str]:
    weapons = {row["term"] for row in table("weapons.tsv")}
    return frozenset(weapons | {row["noun"] for row in table("objects.tsv")})


def _taking_part(number: Number, events: Sequence[EventDraft]) -> Effect | None:
    """What the counted did in the vote or referral of their clause."""
    for event in events:
        counts = event.counts
        if counts is None or not isinstance(number.stated, int):
            continue
        parts: tuple[tuple[int | None, Effect], ...] = (
            (counts.for_, "voted_for"), (counts.against, "voted_against"), (counts.abstaining, "abstained"),
        )  # fmt: skip
        for value, effect in parts:
            if value == number.stated:
                return effect
        if event.type == "legal.referral" and any(str(number.stated) in states.split() for states in counts.states):
            return "referred"
    return None


def _asserted(doc: Document, voices: Voices, figure: Figure) -> Passage:
    """The clause of the figure, without the words that say who asserts it."""
    start, end = figure.passage
    told = voices.content_at(figure.number.core_first)
    for span in (told.content, told.more) if told else ():
        if span is not None and span[0] <= figure.number.core_first < span[1]:
            start, end = max(start, doc.tokens[span[0]].start), min(end, doc.tokens[span[1] - 1].end)
    qualified = doc.tokens[figure.number.first].start
    return doc.chars(min(start, qualified), max(end, doc.tokens[figure.number.last - 1].end))


def _event_claim(
    doc: Document,
    voices: Voices,
    event: EventDraft,
    places: Along[Place],
    acts: Along[EventDraft],
    claims: Sequence[Claim],
) -> Claim | None:
    kind = claim_kind(event.type)
    first = doc.token_at(event.trigger.start)
    if kind is None:
        return None
    if kind == "displacement" and any(
        claim.kind == kind and claim.passage.start <= event.trigger.start < claim.passage.end for claim in claims
    ):
        return None
    last = doc.token_at(event.trigger.end - 1) + 1
    passage = _clause(doc, voices, first, acts)
    granted = taken_for_granted(doc, first, last)
    if granted is not None:
        passage = doc.passage(granted[0], _end_of(doc, event, granted[1]))
    negated = negated_at(doc, first, last)
    if not negated and event.modality != "denied" and _negates(doc, passage):
        passage = doc.passage(*clause_of(doc, first))  # what is denied in the sentence is something else
        if _negates(doc, passage):
            return None
    told = voices.content_at(first, presupposed=False)
    denied = told is not None and told.verb.stance == "deny"
    return replace(
        _claim(kind, passage, _holder(voices, first, last, passage), "denied" if denied else event.modality),
        verification=next((c.verification for c in claims if c.verification and overlap(c.passage, passage)), None),
        where=event.where or (None if event.type.startswith(_NOWHERE) else _place_in(places, passage)),
        when=event.when,
        negated=negated,
        border_crossed=_border(doc, event.trigger, acts, places) if kind == "displacement" else None,
    )


def _end_of(doc: Document, event: EventDraft, end: int) -> int:
    """Where the phrase of an event's noun ends, with what it is said of right behind it: "his invasion of X"."""
    for part in (event.aimed_at, event.affected, event.where):
        if part is not None and 0 <= doc.token_at(part.start) - end <= 1:
            end = doc.token_at(part.end - 1) + 1
    return end


def _holder(voices: Voices, first: int, last: int, passage: Passage) -> Holder:
    """Who asserts it; nobody told, and not the narrator, where the teller is a pronoun that stands for nobody named:
    "they said that", "…, it was reported"."""
    holder = voices.holder_at(first, last)
    if not isinstance(holder, Narrator):
        return holder
    doc = voices.doc
    begin, end = doc.token_at(passage.start), doc.token_at(passage.end - 1) + 1
    sentence = doc.sentences[doc.sentence_of(begin)]
    ahead = [token.lower for token in doc.tokens[max(sentence.first, begin - 4) : begin] if token.lower != "that"]
    behind = [token.lower for token in doc.tokens[end : min(end + 4, sentence.last)] if token.text != ","]
    told = ahead[-2:], behind[:2], behind[2:3] if behind[:2] == ["it", "was"] else []
    for words in told[:2]:
        if (
            len(words) == 2
            and words[0] in _PRONOUNS
            and words[1] in cue_forms()
            and cue_forms()[words[1]].class_ == "say"
        ):
            return HolderUnknown()
    return HolderUnknown() if told[2] and told[2][0] in cue_forms() else holder


def _negates(doc: Document, passage: Passage) -> bool:
    span = doc.tokens[doc.token_at(passage.start) : doc.token_at(passage.end - 1) + 1]
    return any(token.lower in _NEGATIONS or token.lower.endswith("n't") for token in span)


def _clause(doc: Document, voices: Voices, token: int, acts: Along[EventDraft]) -> Passage:
    """What is asserted around a token: the content of the innermost attribution, else the sentence, or only the clause
    where the sentence tells of several things."""
    contents = [a.content for a in voices.covering(token) if a.content]
    if contents:
        return doc.passage(*min(contents, key=lambda span: span[1] - span[0]))
    sentence = doc.sentences[doc.sentence_of(token)]
    told = acts.within(sentence.start, sentence.end)
    if len({claim_kind(event.type) for event in told} - {None}) > 1:
        clause = clause_of(doc, token)
        while clause[0] < token and doc.tokens[clause[0]].lower in OPENERS:
            clause = clause[0] + 1, clause[1]
        return doc.passage(*clause)
    return doc.passage(sentence.first, sentence.last)


def _attributed_claim(doc: Document, voices: Voices, attribution: Attribution) -> Claim | None:
    if attribution.content is None or attribution.verb.class_ == "judge":
        return None
    if (
        attribution.passive
        and attribution.speaker is None
        and attribution.verb.stance not in ("fear", "belief", "forecast", "allege")
    ):
        return None
    passage = doc.passage(*attribution.content)
    kind: ClaimKind = "statement"
    if attribution.verb.class_ == "accuse":
        kind = "accusation"
    elif attribution.verb.class_ == "promise" and attribution.verb.stance == "promise":
        kind = "pledge"
    holder: Holder = attribution.speaker or HolderUnknown()
    claim = _claim(kind, passage, holder, _STANCE.get(attribution.verb.stance, "stated"))
    return replace(claim, when=voices.when(attribution, attribution.content))


def _quoted_claim(voices: Voices, number: int) -> Claim | None:
    spoken = voices.spoken[number]
    if spoken.form != "direct":
        return None
    attribution = spoken.attribution
    inside = (
        attribution is not None
        and attribution.content is not None
        and abs(attribution.content[0] - spoken.quoted.first) <= 1
    )
    if inside:
        return None  # the attribution's own claim holds these words
    passage = voices.doc.passage(spoken.quoted.first, spoken.quoted.last)
    return _claim("statement", passage, spoken.speaker or HolderUnknown(), "stated")


def _narrated(doc: Document, claims: Sequence[Claim]) -> list[Claim]:
    """The sentences that no claim touches, as statements of the report itself."""
    touched: set[int] = set()
    for claim in claims:
        first, last = doc.token_at(claim.passage.start), doc.token_at(claim.passage.end - 1)
        touched.update(range(doc.sentence_of(first), doc.sentence_of(min(last, len(doc.tokens) - 1)) + 1))
    found = []
    for number, sentence in enumerate(doc.sentences):
        words = sum(1 for token in doc.tokens[sentence.first : sentence.last] if token.kind == "word")
        if number not in touched and words >= 4 and doc.tokens[sentence.last - 1].kind == "mark":
            found.append(_claim("statement", doc.passage(sentence.first, sentence.last), Narrator(), "stated"))
    return found


def _place_in(places: Along[Place], passage: Passage) -> Passage | None:
    inside = places.within(passage.start, passage.end)
    return inside[0].passage if inside else None


def _time_in(voices: Voices, passage: Passage, since: When | None) -> When | None:
    inside = voices.times_between(passage.start, passage.end)
    return next((mention.when for mention in inside if mention.when != since), None)
