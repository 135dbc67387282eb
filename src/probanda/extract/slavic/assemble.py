"""The reading of one Ukrainian or Russian text, put together for the gate.

One claim for each figure, each reported clause, each stretch of direct speech and each reported event, with the
holder in whose words it stands; sentences that no claim touches are claims of the narrator. Ids follow from
document, extractor and content, as in English (`extract.claims`). Nothing is merged, and nothing here is admitted:
that is the gate's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from probanda.extract.places.imported import Imported
from probanda.extract.places.told import Site
from probanda.extract.slavic.claims import UNSAID, claims_of
from probanda.extract.slavic.clauses import THAT
from probanda.extract.slavic.dates import find_times
from probanda.extract.slavic.events import EventDraft, Events
from probanda.extract.slavic.figures import Figures
from probanda.extract.slavic.imported import with_imported
from probanda.extract.slavic.labels import find_labels
from probanda.extract.slavic.numbers import find_numbers
from probanda.extract.slavic.objects import find_objects
from probanda.extract.slavic.phrases import Phrases
from probanda.extract.slavic.places import find_places
from probanda.extract.slavic.quotes import Quotes, Spoken
from probanda.extract.slavic.sites import sited
from probanda.extract.slavic.speech import Form, Speech
from probanda.extract.slavic.subjects import Attribution
from probanda.extract.slavic.told import Material
from probanda.extract.slavic.words import folded, terms_of
from probanda.extract.text.segments import Document
from probanda.extract.values.times import TimeMention
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.reading import (
    DocumentInfo,
    Event,
    Quotation,
    Reading,
    Weapon,
)


def propose(
    doc: Document,
    published: str | None,
    sha256: str,
    calendar: Mapping[str, str] | None,
    extractor: str,
    sites: Sequence[Site] = (),
    gazetteers: Imported | None = None,
) -> Reading:
    """What `doc` says, for the gate to admit or reject."""
    times = find_times(doc, published, calendar)
    timed = frozenset(token for mention in times for token in range(mention.first, mention.last))
    numbers = find_numbers(doc, timed)
    places = sited(doc, with_imported(doc, find_places(doc), gazetteers), sites)
    phrases = Phrases(doc, timed, places)
    phrases.meet()
    attributions, spoken = _speech(doc, phrases, times)
    words = folded(doc.tokens)
    held = Material(doc, words, sha256, extractor, times, places, tuple(attributions), tuple(spoken))
    drafts = [_within(held, draft) for draft in Events(doc, phrases, numbers, times, places).find()]
    figures = Figures(doc, numbers, times).find()
    return Reading(
        document=DocumentInfo(sha256, len(doc.text), published, doc.language),
        quotations=_quotations(held),
        claims=claims_of(held, figures, drafts),
        events=tuple({event.id: event for event in (_event(held, draft) for draft in drafts)}.values()),
        places=places,
        weapons=tuple(
            Weapon(doc.passage(found.first, found.last), found.value["class"])
            for found in terms_of(doc.language, "weapons").scan(words)
        ),
        objects=find_objects(held, drafts),
        labels=find_labels(held, phrases),
        rejected=(),
        extractors=({"name": extractor},),
        times=tuple(mention.when for mention in times),
    )  # fmt: skip


def _speech(doc: Document, phrases: Phrases, times: Sequence[TimeMention]) -> tuple[list[Attribution], list[Spoken]]:
    speech = Speech(doc, phrases, times)
    quotes = Quotes(doc, speech)
    attributions: list[Attribution] = []
    spoken: list[Spoken] = []
    sentences = iter(doc.sentences)
    sentence = next(sentences, None)
    for number, paragraph in enumerate(doc.paragraphs):
        told: list[Attribution] = []
        quotes.foresee(number)
        while sentence is not None and sentence.first < paragraph.last:
            told += speech.read(sentence)
            told += speech.of_pronoun(sentence)
            sentence = next(sentences, None)
        said = quotes.read(number, told)
        told = [held for held in told if not _is_cue_of_speech(held, said, speech.words)]
        attributions += told
        spoken += said
    return attributions, spoken


def _is_cue_of_speech(held: Attribution, said: Sequence[Spoken], words: Sequence[str]) -> bool:
    """Whether what was taken for reported words is direct speech with its cue."""
    reported = any(words[first - 1] in THAT for first, _ in held.content)  # "вважає, що …: «…»"
    for spoken in said:
        inside = any(first < spoken.span[1] and spoken.span[0] < last for first, last in held.content)
        if inside and (
            spoken.cue is None or spoken.cue.first == held.cue.first or held.cue.first in range(*spoken.span)
        ):
            return True
        if spoken.cue is not None and spoken.cue.first == held.cue.first and (inside or not reported):
            return True
    return False


def _quotations(held: Material) -> tuple[Quotation, ...]:
    doc = held.doc
    found = []
    for told in held.attributions:
        counts = told.cue.class_ == "count" and told.content[0][0] >= told.cue.last
        if told.speaker is None or (counts and held.words[told.content[0][0] - 1] not in THAT):
            continue
        for first, last in told.content:
            if last <= first:
                continue
            quoted = any(doc.quoted_of(at) is not None for at in range(first, last))
            form: Form = "mixed" if quoted else "indirect"
            found.append(
                Quotation(
                    "",
                    doc.passage(first, last),
                    form,
                    told.speaker,
                    doc.passage(told.cue.first, told.cue.last),
                    told.venue,
                    told.when,
                )
            )
    for said in held.spoken:
        cue = doc.passage(said.cue.first, said.cue.last) if said.cue else None
        found.append(Quotation("", doc.passage(*said.span), "direct", said.speaker, cue, said.venue, said.when))
    found.sort(key=lambda quotation: (quotation.passage.start, quotation.passage.end))
    unique: dict[str, Quotation] = {}
    for quotation in found:
        body: dict[str, Json] = to_json(quotation)
        del body["id"]
        named = identify("quotation", {"document": held.sha256, "extractor": held.extractor, "quotation": body})
        unique[named] = replace(quotation, id=named)
    return tuple(unique.values())


def _within(held: Material, draft: EventDraft) -> EventDraft:
    """What is told of lies inside what was told: an accusation or denial did not say that it happened."""
    told = held.told_at(draft.first)
    if isinstance(told, Attribution):
        stance = UNSAID.get(told.cue.class_)
        if stance is not None and (draft.modality == "accomplished" or told.cue.class_ == "deny"):
            draft = replace(draft, modality=stance)
        spans = told.content
        outside = draft.when is not None and draft.when.passage is not None and not any(
            first <= held.doc.token_at(draft.when.passage.start) < last for first, last in spans
        )  # fmt: skip
        if outside:
            draft = replace(draft, when=None)
    return draft


def _event(held: Material, draft: EventDraft) -> Event:
    doc = held.doc
    event = Event(
        "", draft.type, doc.passage(draft.first, draft.last), draft.actor, draft.aimed_at, draft.affected,
        draft.instrument,
        draft.where, draft.when, draft.modality, held.holder_at(draft.first), draft.counts,
    )  # fmt: skip
    body: dict[str, Json] = to_json(event)
    del body["id"]
    return replace(event, id=identify("event", {"document": held.sha256, "extractor": held.extractor, "event": body}))
