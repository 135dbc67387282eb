"""A small world for the gate: one report, what is read in it rightly, and recomputers of its own."""

from __future__ import annotations

import copy
import re
from typing import Any, Literal

from falsify import TEXTS
from probanda.extract.gate import Recompute, admit
from probanda.extract.gate.recompute import Named
from probanda.extract.text.segments import Document, segment
from probanda.records.quantity import Bound, Qualifier
from probanda.records.reading import Reading, Rejection, When

TEXT = TEXTS["01_strike_on_market"]
DOC = segment(TEXT)
PUBLISHED = "2031-05-07"

Json = dict[str, Any]
_NUMBER = re.compile(r"(more than |at least |nearly |up to )?(\d[\d,]*)", re.IGNORECASE)
_PLACES = {"Aldena": Named("test:1", "Aldena", "XK", 1.5, 2.5, 900)}


def quantity(text: str, /) -> tuple[int | float | Literal["unknown"], Bound, Bound, Qualifier] | None:
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    number = int(found[0][1].replace(",", ""))
    match found[0][0].lower().strip():
        case "more than":
            return number, number + 1, None, "more_than"
        case "at least":
            return number, number, None, "at_least"
        case "nearly":
            return number, "unknown", number - 1, "nearly"
        case "up to":
            return number, "unknown", number, "up_to"
    return number, number, number, "stated"


def times(doc: Document, published: str | None, /) -> tuple[When, ...]:
    start = doc.text.find("Tuesday")
    if start < 0 or published is None:
        return ()
    return (When(doc.chars(start, start + 7), "2031-05-06", "2031-05-06", "day", "weekday on or before publication"),)


def places(words: str, /) -> tuple[Named, ...]:
    return (_PLACES[words],) if words in _PLACES else ()


RECOMPUTE = Recompute(quantity=quantity, times=times, places=places)


def gate(candidate: object, text: str = TEXT) -> tuple[Reading, tuple[Rejection, ...]]:
    return admit(segment(text), candidate, extractor="trial/1", published=PUBLISHED, recompute=RECOMPUTE)


def codes(candidate: object, text: str = TEXT) -> list[str]:
    """The codes of what the gate rejects of a candidate."""
    return [rejection.reason.partition(":")[0] for rejection in gate(candidate, text)[1]]


def claim(quote: str, **fields: Any) -> Json:
    """A candidate claim of the narrator; `fields` replace what differs."""
    plain: Json = {
        "id": f"claim:{quote.replace(' ', '-')}",
        "kind": "casualty",
        "passage": {"text": quote},
        "source": {"narrator": True},
        "quantity": None,
        "effect": None,
        "who": None,
        "subset_of": None,
        "cumulative_since": None,
        "as_of": None,
        "corrects": None,
        "modality": "accomplished",
        "verification": None,
        "where": None,
        "when": None,
        "negated": False,
    }
    return plain | fields


def event(trigger: str, **fields: Any) -> Json:
    plain: Json = {
        "id": f"event:{trigger.replace(' ', '-')}",
        "type": "attack.strike",
        "trigger": {"text": trigger},
        "actor": None,
        "aimed_at": None,
        "affected": None,
        "instrument": None,
        "where": None,
        "when": None,
        "modality": "accomplished",
        "source": {"narrator": True},
    }
    return plain | fields


def quotation(quote: str, speaker: Json | None, **fields: Any) -> Json:
    plain: Json = {
        "id": f"quotation:{quote.replace(' ', '-')}",
        "passage": {"text": quote},
        "form": "direct",
        "speaker": speaker,
        "cue": None,
        "venue": None,
        "when": None,
    }
    return plain | fields


def speaker(passage: str, name: str | None = None, role: str | None = None, **fields: Any) -> Json:
    return {"name": name, "role": role, "passage": {"text": passage}, "mention": None} | fields


SERVICE = speaker("the Karovian emergency service", "Karovian emergency service")
SANDOR = speaker("The mayor of Aldena, Mirek Sandor", "Mirek Sandor", "mayor of Aldena")
DEATHS = claim(
    "More than 2,000 people have died since the Tessalian offensive began",
    id="deaths",
    source=SERVICE,
    effect="died",
    who={"text": "people", "after": "have died"},
    quantity={
        "passage": {"text": "More than 2,000"},
        "stated": 2000,
        "minimum": 2001,
        "maximum": None,
        "qualifier": "more_than",
        "unit": "people",
    },
    verification={"status": "not_independently_verified", "passage": {"text": "has not been independently verified"}},
    as_of={
        "passage": {"text": "Tuesday", "after": ", although"},
        "earliest": "2031-05-06",
        "latest": "2031-05-06",
        "precision": "day",
        "basis": "weekday on or before publication",
    },
)
KILLED = claim(
    "killing at least 23 civilians",
    id="killed",
    effect="killed",
    who={"text": "civilians"},
    quantity={
        "passage": {"text": "at least 23"},
        "stated": 23,
        "minimum": 23,
        "maximum": None,
        "qualifier": "at_least",
        "unit": "civilians",
    },
)
WOUNDED = claim(
    "wounding 61 others",
    id="wounded",
    effect="injured",
    quantity={
        "passage": {"text": "61"},
        "stated": 61,
        "minimum": 61,
        "maximum": 61,
        "qualifier": "stated",
        "unit": None,
    },
)
RESCUED = claim(
    "rescuers had pulled 14 people from the rubble",
    id="rescued",
    kind="statement",
    source=SANDOR,
    quantity={
        "passage": {"text": "14"},
        "stated": 14,
        "minimum": 14,
        "maximum": 14,
        "qualifier": "stated",
        "unit": "people",
    },
)
NO_FIRE = claim(
    "Tessaly did not fire any missiles",
    id="no-fire",
    kind="attack",
    negated=True,
    modality="stated",
    source=speaker("Its spokesman, Colonel Daro Pell", "Daro Pell", "spokesman"),
)
STRUCK = event("struck", where={"text": "Aldena", "after": "shortly"}, instrument={"text": "A missile"})
WHISTLE = quotation(
    "We heard the whistle and then there was no roof",
    speaker("Ilse Varro", "Ilse Varro", "fishmonger"),
    id="whistle",
    cue={"text": "said", "after": "Ilse"},
)
TARGET = quotation(
    "This was not a military target. There has never been a barracks here",
    SANDOR | {"mention": {"text": "he", "after": "said."}},
    id="target",
    cue={"text": "said", "before": "he", "after": "."},
)
MARKET = {
    "passage": {"text": "Aldena", "after": "shortly"},
    "name": "Aldena",
    "gazetteer_id": "test:1",
    "country": "XK",
    "latitude": 1.5,
    "longitude": 2.5,
    "radius_m": 900,
    "role": "location",
    "candidates": [{"gazetteer_id": "test:1", "name": "Aldena", "country": "XK", "score": 1.0, "rule": "only one"}],
}
READING: Json = {
    "quotations": [WHISTLE, TARGET],
    "claims": [DEATHS, KILLED, WOUNDED, RESCUED, NO_FIRE],
    "events": [STRUCK],
    "places": [MARKET],
    "weapons": [{"passage": {"text": "missile", "before": "A"}, "class": "explosive.missile"}],
    "objects": [
        {
            "passage": {"text": "the covered market"},
            "physical_type": "market",
            "reported_as": "affected",
            "military_use_asserted": None,
        }
    ],
    "labels": [],
    "rejected": [],
}


def mutated(path: str, value: object) -> Json:
    """READING with one value replaced; `path` is dotted, with list positions as numbers."""
    reading = copy.deepcopy(READING)
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    held: Any = reading
    for part in way:
        held = held[part]
    held[last] = value
    return reading


def count(reading: Reading) -> int:
    lists = (reading.quotations, reading.claims, reading.events, reading.places, reading.weapons, reading.objects)
    return sum(map(len, lists)) + len(reading.labels)
