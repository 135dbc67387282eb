"""The English extractor that Probanda ships: it knows better, in places, who spoke.

It takes the quotations that the rules found, parses the text (`english_parser`), and weighs everybody in it against
what the rules chose (`english_choice`). It proposes a quotation only where it would name another speaker, or one where
the rules name none: where it agrees it is silent, because it started from the rules, and an echo is no second witness.
What it proposes are words of the text, and pass the gate like everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from probanda.extract.plugins import english_parser
from probanda.extract.plugins.english_cast import entities
from probanda.extract.plugins.english_choice import PLAIN, Model, candidates, choose, places
from probanda.extract.speech.holders import Voices
from probanda.extract.speech.introductions import gather
from probanda.extract.speech.quotations import Draft, draft_quotations
from probanda.extract.speech.quotes import find_spoken
from probanda.extract.speech.speech import find_attributions
from probanda.extract.text.segments import Document, segment
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.reading import Quotation, Speaker

VERSION = "1"


class EnglishExtractor:
    """See the module; `plugins.contract.Extractor` says what each part means."""

    name = "english"
    version = VERSION
    languages = ("en",)
    licence = "Apache-2.0 AND CC-BY-SA-4.0"

    def missing(self) -> str | None:
        return english_parser.missing()

    def resources(self) -> Mapping[str, str]:
        return {
            **english_parser.resources(),
            "models/en/attribution.json": hashlib.sha256(_weights()).hexdigest(),
        }

    def propose(self, text: str, published: str | None, language: str) -> Json:
        found = [draft for draft, changed in respoken(segment(text, language)) if changed]
        return {"quotations": [_proposed(draft.quotation) for draft in found]}


def respoken(doc: Document) -> list[tuple[Draft, bool]]:
    """Every quotation of the rules, with the speaker whom the model chose, and whether that is another."""
    cast = gather(doc)
    attributions = find_attributions(doc, cast)
    voices = Voices(doc, attributions, find_spoken(doc, attributions, cast), ())
    drafts = draft_quotations(voices, circumstances=False)
    if not drafts:
        return []
    parsed = english_parser.parse(doc)
    everybody = entities(parsed, attributions)
    told: list[Speaker] = []
    out = []
    for draft, place in zip(drafts, places(parsed, drafts), strict=True):
        chosen = None
        if place.sort not in PLAIN:
            chosen = choose(model(), candidates(parsed, everybody, place, told), place.rules)
        changed = chosen is not None and not _inside(chosen.speaker, draft.quotation)
        if chosen is not None and changed:
            draft = replace(draft, quotation=replace(draft.quotation, speaker=chosen.speaker))
        if draft.quotation.speaker is not None:
            told.append(draft.quotation.speaker)
        out.append((draft, changed))
    return out


def _inside(speaker: Speaker, quotation: Quotation) -> bool:
    spots = [spot for spot in (speaker.passage, speaker.mention) if spot is not None]
    return any(spot.start < quotation.passage.end and quotation.passage.start < spot.end for spot in spots)


def _proposed(quotation: Quotation) -> Json:
    """The record without its id; where and when are left to the rules."""
    body = to_json(quotation)
    assert isinstance(body, dict)
    return {name: value for name, value in body.items() if name != "id" and value is not None}


@cache
def model() -> Model:
    held = json.loads(_weights())
    return Model(held["weights"], held["rules"], held["contradiction"])


@cache
def _weights() -> bytes:
    return english_parser.folder().joinpath("attribution.json").read_bytes()
