"""The reading of one text: every rule in turn, then the gate.

`read` is a pure function of its arguments and of the shipped lexica and gazetteer (`resources` names their bytes). All
that it returns has passed `gate.admit`: what the text does not bear out stands under `rejected`, with the reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files
from typing import TypeVar

from probanda.extract import gate
from probanda.extract.claims import assemble
from probanda.extract.events.backward import taken_for_granted
from probanda.extract.events.draft import EventDraft
from probanda.extract.events.events import find_events
from probanda.extract.events.objects import find_objects
from probanda.extract.events.weapons import find_weapons
from probanda.extract.figures.figures import find_figures
from probanda.extract.gate.recompute import Named
from probanda.extract.labels import find_labels
from probanda.extract.places.imported import Imported, with_imported
from probanda.extract.places.places import find_places
from probanda.extract.places.told import Site, site_named, with_sites
from probanda.extract.slavic.assemble import propose
from probanda.extract.slavic.imported import can_name
from probanda.extract.slavic.sites import site_told
from probanda.extract.speech.holders import Voices
from probanda.extract.speech.introductions import gather
from probanda.extract.speech.quotations import draft_quotations
from probanda.extract.speech.quotes import find_spoken
from probanda.extract.speech.speech import find_attributions
from probanda.extract.text import lexicon
from probanda.extract.text.segments import Document, segment
from probanda.extract.values.quantities import find_numbers
from probanda.extract.values.time_patterns import scan
from probanda.extract.values.times import find_times
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.reading import (
    DocumentInfo,
    Event,
    Label,
    Modality,
    ObjectMention,
    Place,
    Quotation,
    Reading,
    Weapon,
    When,
)

EXTRACTOR = "probanda.rules/1"
LANGUAGES = ("en", "uk", "ru")


class UnreadableLanguageError(ValueError):
    """There is no grammar for this language yet."""


@cache
def resources() -> dict[str, str]:
    """What a reading depends on besides its text: SHA-256 of every lexicon and of the gazetteer by name, and one of the
    rules themselves, so that a change of any of them asks for the reading anew. Further extractors (`plugins`) are no
    part of it: what they propose names its own versions."""
    rules = hashlib.sha256()
    sources = {str(path): path.read_bytes() for path in _sources(files("probanda.extract"))}
    for name in sorted(sources, key=lambda name: name.rpartition("extract")[2]):
        rules.update(hashlib.sha256(sources[name]).digest())
    return {**{f"lexica/{name}": sha for name, sha in lexicon.digests().items()}, "rules": rules.hexdigest()}


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for item in folder.iterdir():
        if item.is_dir() and not item.name.startswith("_") and item.name != "plugins":
            yield from _sources(item)
        elif item.name.endswith(".py"):
            yield item


def read(
    text: str,
    published: str | None,
    language: str = "en",
    sha256: str | None = None,
    calendar: Mapping[str, str] | None = None,
    sites: Sequence[Site] = (),
    gazetteers: Imported | None = None,
) -> Reading:
    """What `text` says: quotations, claims, events, places, weapons, objects, labels and times (spec/reading.md).

    `published` is an ISO 8601 date, `None` where it is not known: relative times then stay unresolved. `sha256` names
    the frozen text; where it is `None` it is computed from the text in UTF-8. `calendar` gives the dates of events that
    the text counts from ("the invasion": "2022-02-24"), `sites` the places that a person told the case, `gazetteers`
    what it imported. Raises `UnreadableLanguageError`.
    """
    return read_segmented(segment(text, _read_language(language)), published, sha256, calendar, sites, gazetteers)[0]


def read_segmented(
    doc: Document,
    published: str | None,
    sha256: str | None = None,
    calendar: Mapping[str, str] | None = None,
    sites: Sequence[Site] = (),
    gazetteers: Imported | None = None,
) -> tuple[Reading, gate.Recompute]:
    """`read` of a text in its parts, and the functions that derive values from its words, for the gate before another
    extractor. Raises `UnreadableLanguageError`."""
    language = _read_language(doc.language)
    sha256 = sha256 or hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
    made = _english if language == "en" else _slavic
    proposal, whens = made(doc, published, sha256, calendar, sites, gazetteers)
    rules = gate.recompute_for(language)
    again = replace(
        rules,
        times=lambda _doc, _published: whens,
        places=lambda words: _names(rules, words, sites, language, gazetteers),
    )
    admitted, _ = gate.admit(doc, proposal, extractor=EXTRACTOR, published=published, sha256=sha256, recompute=again)
    return admitted, again


def _read_language(language: str) -> str:
    if language not in LANGUAGES:
        raise UnreadableLanguageError(
            f"expected a text in {' or '.join(LANGUAGES)}, found {language!r}: there is no grammar for it yet"
        )
    return language


def _slavic(
    doc: Document,
    published: str | None,
    sha256: str,
    calendar: Mapping[str, str] | None,
    sites: Sequence[Site],
    gazetteers: Imported | None,
) -> tuple[Reading, tuple[When, ...]]:
    found = propose(doc, published, sha256, calendar, EXTRACTOR, sites, gazetteers)
    proposal = replace(
        found,
        places=_named("place", found.places, sha256),
        weapons=_named("weapon", found.weapons, sha256),
        objects=_named("object", found.objects, sha256),
        labels=_named("label", found.labels, sha256),
    )
    return proposal, proposal.times


def _english(
    doc: Document,
    published: str | None,
    sha256: str,
    calendar: Mapping[str, str] | None,
    sites: Sequence[Site],
    gazetteers: Imported | None,
) -> tuple[Reading, tuple[When, ...]]:
    scanned = scan(doc)
    times = find_times(doc, published, calendar, scanned)
    numbers = find_numbers(doc, scanned)
    whens = tuple(mention.when for mention in times)
    cast = gather(doc)
    attributions = find_attributions(doc, cast)
    spoken = find_spoken(doc, attributions, cast)
    voices = Voices(doc, attributions, spoken, times)
    figures = find_figures(doc, numbers, times)
    places = with_sites(doc, with_imported(doc, find_places(doc, published), gazetteers), sites)
    drafts = tuple(_within_content(doc, voices, draft) for draft in find_events(doc, whens, places, numbers))
    proposal = Reading(
        document=DocumentInfo(sha256, len(doc.text), published, doc.language),
        quotations=_quotations(voices, sha256),
        claims=assemble(doc, sha256, EXTRACTOR, voices, figures, drafts, places),
        events=tuple(_event(doc, voices, draft, sha256) for draft in drafts),
        places=_named("place", places, sha256),
        weapons=_named("weapon", find_weapons(doc), sha256),
        objects=_named("object", find_objects(doc, drafts), sha256),
        labels=_named("label", find_labels(doc, voices, drafts), sha256),
        rejected=(),
        extractors=({"name": EXTRACTOR},),
        times=whens,
    )
    return proposal, whens


def _names(
    rules: gate.Recompute, words: str, sites: Sequence[Site], language: str, gazetteers: Imported | None
) -> Sequence[Named]:
    """What words can name: the places of the gazetteers, and a site that a person told."""
    known = list(rules.places(words))
    if gazetteers is not None:
        entries = gazetteers.can_name(words) if language == "en" else can_name(words, language, gazetteers)
        known += [Named(e.id, e.name, e.country, e.latitude, e.longitude, e.radius_m) for e in entries]
    site = site_named(words, sites)
    if site is None and language != "en":
        site = site_told(words, sites)  # in another case
    if site is not None:
        known.append(Named(site.id, site.name, None, site.latitude, site.longitude, site.radius_m))
    return known


def _quotations(voices: Voices, sha256: str) -> tuple[Quotation, ...]:
    return tuple(_identified(draft.quotation, sha256) for draft in draft_quotations(voices))


def _identified(quotation: Quotation, sha256: str) -> Quotation:
    body: dict[str, Json] = to_json(quotation)
    del body["id"]
    return replace(quotation, id=identify("quotation", {"document": sha256, "extractor": EXTRACTOR, "quotation": body}))


_Named = TypeVar("_Named", Place, Weapon, ObjectMention, Label)


def _named(kind: str, records: Sequence[_Named], sha256: str) -> tuple[_Named, ...]:
    """`records` with the ids that follow from document, extractor and content."""
    out = []
    for record in records:
        body: dict[str, Json] = to_json(record)
        del body["id"]
        told = identify(kind, {"document": sha256, "extractor": EXTRACTOR, kind: body})
        out.append(replace(record, id=told))
    return tuple(out)


_UNSAID: dict[str, Modality] = {
    "accuse": "alleged", "allege": "alleged", "deny": "denied", "fear": "feared", "possible": "possible",
}  # fmt: skip


def _within_content(doc: Document, voices: Voices, draft: EventDraft) -> EventDraft:
    """What is told of lies inside what was told: the time of the telling is not the time of the event, and what is only
    an accusation or a denial was not said to have happened; what the accusation takes for granted was."""
    trigger, behind = doc.token_at(draft.trigger.start), doc.token_at(draft.trigger.end - 1) + 1
    told = voices.content_at(trigger, presupposed=False)
    if told is None or told.content is None:
        return draft
    inside = (doc.tokens[told.content[0]].start, doc.tokens[told.content[1] - 1].end)
    when = draft.when
    if when is not None and when.passage is not None and not inside[0] <= when.passage.start < inside[1]:
        draft = replace(draft, when=None)
    where = draft.where
    if where is not None and not inside[0] <= where.start < inside[1] and not _teller_is_of(doc, where):
        draft = replace(draft, where=None)
    if draft.modality in ("forecast", "possible") and told.verb.stance == "fear":
        return replace(draft, modality="feared")  # "feared that Brendia would use gas"
    if draft.modality == "forecast" and told.verb.lemma == "warn" and draft.actor is not None:
        own = draft.actor.text.lower() in ("it", "he", "she", "they", "we")
        return replace(draft, modality="threatened") if own else draft  # "warned that it will strike"
    if told.verb.stance in _UNSAID and (draft.modality == "accomplished" or told.verb.stance == "deny"):
        if taken_for_granted(doc, trigger, behind) is not None:
            return draft
        draft = replace(draft, modality=_UNSAID[told.verb.stance])
    return draft


_LOCAL = frozenset(
    {"officials", "police", "residents", "witnesses", "doctors", "medics", "rescuers", "authorities", "villagers",
     "workers", "activists", "people", "firefighters", "journalists", "hospitals"}
)  # fmt: skip
_OFFICES = frozenset({"mayor", "governor", "police", "council", "hospital", "authorities", "prosecutor"})


def _teller_is_of(doc: Document, where: Passage) -> bool:
    """ "The mayor of X says the town's plant was hit", "police in X said", "X's mayor said": the place of an office or
    of local people is that of their news, unlike the place where something was said."""
    first, last = doc.token_at(where.start), doc.token_at(where.end - 1) + 1
    before = [token.lower for token in doc.tokens[max(0, first - 2) : first]]
    if before[-1:] == ["of"] or (before[-1:] in (["in"], ["from"]) and before[0] in _LOCAL):
        return True
    owned = [token.lower for token in doc.tokens[last : last + 3]]
    return bool(owned) and doc.tokens[last].kind == "clitic" and bool(_OFFICES & set(owned))


def _event(doc: Document, voices: Voices, draft: EventDraft, sha256: str) -> Event:
    first = doc.token_at(draft.trigger.start)
    last = doc.token_at(draft.trigger.end - 1) + 1
    body: dict[str, Json] = {"document": sha256, "extractor": EXTRACTOR, "event": to_json(draft)}
    return Event(
        id=identify("event", body), type=draft.type, trigger=draft.trigger, actor=draft.actor, aimed_at=draft.aimed_at,
        affected=draft.affected, instrument=draft.instrument, where=draft.where, when=draft.when,
        modality=draft.modality, source=voices.holder_at(first, last), counts=draft.counts,
    )  # fmt: skip
