"""The English extractor that Probanda ships: it knows better, in places, who spoke.

It takes the quotations that the rules found, parses the text (`english_parser`), and weighs everybody in it against
what the rules chose (`english_choice`). It proposes a quotation only where it would name another speaker, or one where
the rules name none: where it agrees it is silent, because it started from the rules, and an echo is no second witness.
Where an office gets the name of its holder, so do the claims in his words. What it proposes are words of the text, and
passes the gate like everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from probanda.extract.plugins import english_parser
from probanda.extract.plugins.english_cast import entities
from probanda.extract.plugins.english_choice import PLAIN, Model, candidates, choose, places
from probanda.extract.read import read
from probanda.extract.read import resources as of_rules
from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.holders import Voices
from probanda.extract.speech.introductions import gather
from probanda.extract.speech.quotations import Draft, draft_quotations
from probanda.extract.speech.quotes import find_spoken
from probanda.extract.speech.speech import find_attributions
from probanda.extract.text.segments import Document, segment
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.reading import Quotation, Speaker

VERSION = "1"
_CLAIM = ("kind", "passage", "source", "quantity", "effect", "modality", "negated")


class EnglishExtractor:
    """See the module; `plugins.contract.Extractor` says what each part means."""

    name = "english"
    version = VERSION
    languages = ("en",)
    licence = "Apache-2.0 AND CC-BY-SA-4.0"

    def missing(self) -> str | None:
        return english_parser.missing()

    def resources(self) -> Mapping[str, str]:
        rules = hashlib.sha256("\n".join(f"{name} {told}" for name, told in sorted(of_rules().items())).encode())
        return {
            **english_parser.resources(),
            "models/en/attribution.json": hashlib.sha256(_weights()).hexdigest(),
            "rules": rules.hexdigest(),  # it starts from what they find; its own code is among them
        }

    def propose(self, text: str, published: str | None, language: str) -> Json:
        doc = segment(text, language)
        found = [(rules, chosen) for rules, chosen in respoken(doc) if chosen is not None]
        quotations = [_proposed(replace(rules, speaker=chosen)) for rules, chosen in found]
        named = [(rules, chosen) for rules, chosen in found if rules.speaker is not None and rules.speaker.name is None]
        return {"quotations": quotations, "claims": named_claims(doc, published, named) if named else []}


def drafts_of(doc: Document) -> tuple[tuple[Attribution, ...], tuple[Draft, ...]]:
    """What the rules find: attributions, and quotations without where and when."""
    cast = gather(doc)
    attributions = find_attributions(doc, cast)
    voices = Voices(doc, attributions, find_spoken(doc, attributions, cast), ())
    return attributions, draft_quotations(voices, circumstances=False)


def respoken(doc: Document) -> list[tuple[Quotation, Speaker | None]]:
    """Every quotation of the rules, and the speaker whom the model chose where that is another."""
    attributions, drafts = drafts_of(doc)
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
        speaker = chosen.speaker if chosen is not None and not _inside(chosen.speaker, draft.quotation) else None
        said = speaker or draft.quotation.speaker
        if said is not None:
            told.append(said)
        out.append((draft.quotation, speaker))
    return out


def named_claims(
    doc: Document, published: str | None, named: Sequence[tuple[Quotation, Speaker]]
) -> list[dict[str, Json]]:
    """The claims of the rules inside words whose speaker now has a name: the same claims, and that name. Not those that
    others refer to, which would stand twice, and nothing that hangs on what only the case knows."""
    claims = read(doc.text, published, doc.language).claims
    referred = {link for claim in claims for link in (claim.subset_of, claim.corrects)}
    out: list[dict[str, Json]] = []
    for claim in claims:
        if claim.id in referred or claim.subset_of is not None or claim.corrects is not None:
            continue
        for quotation, speaker in named:
            if claim.source == quotation.speaker and _share(claim.passage, quotation.passage):
                body = to_json(replace(claim, source=speaker))
                assert isinstance(body, dict)
                out.append({name: body[name] for name in _CLAIM if body[name] is not None})
                break
    return out


def _share(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


def _inside(speaker: Speaker, quotation: Quotation) -> bool:
    spots = [spot for spot in (speaker.passage, speaker.mention) if spot is not None]
    return any(_share(spot, quotation.passage) for spot in spots)


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
