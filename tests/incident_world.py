"""An invented world of tellings: acts at places and times, as readings would have them, quick to make in numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from probanda.records.canonical import Json, identify
from probanda.records.passage import Passage
from probanda.records.reading import (
    Claim,
    DocumentInfo,
    Event,
    Narrator,
    ObjectMention,
    Place,
    Reading,
    When,
)

PLACES = {  # name: latitude, longitude, radius in metres; Marisburg is in no gazetteer
    "Port Selis": (47.1, 31.2, 8000),
    "Selis Harbour": (47.11, 31.21, 1000),
    "Castle Orrin": (48.9, 30.1, 3000),
    "Karovia": (48.0, 31.0, 300_000),
    "Marisburg": (None, None, None),
}


class Report:
    """One report in the making: every part gets words of its own, one after the other."""

    def __init__(self, name: str) -> None:
        self.sha256 = hashlib.sha256(name.encode()).hexdigest()
        self.text = ""
        self.events: list[Event] = []
        self.claims: list[Claim] = []
        self.places: list[Place] = []
        self.objects: list[ObjectMention] = []

    def words(self, text: str) -> Passage:
        start = len(self.text)
        self.text += text + " "
        return Passage(start, start + len(text), text)

    def place(self, name: str | None) -> Passage | None:
        if name is None:
            return None
        passage = self.words(name)
        latitude, longitude, radius = PLACES[name]
        self.places.append(Place(passage, name, None, None, latitude, longitude, radius, "location"))
        return passage

    def act(
        self, type: str, place: str | None = None, days: tuple[str, str] | None = None, hit: str | None = None,
        modality: Any = "accomplished", precision: Any = "day",
    ) -> str:  # fmt: skip
        trigger = self.words("struck")
        affected = self.words(hit) if hit else None
        if affected:
            kind = affected.text.split()[-1]
            self.objects.append(ObjectMention(affected, kind, "affected", None))
        when = When(None, *days, precision, "stated") if days else None
        where = self.place(place)
        body: dict[str, Json] = {"document": self.sha256, "start": trigger.start}
        event = Event(
            identify("event", body), type, trigger, None, None, affected, None, where, when, modality, Narrator()
        )
        self.events.append(event)
        return event.id

    def toll(self, place: str | None = None, days: tuple[str, str] | None = None, negated: bool = False) -> str:
        passage = self.words("people were killed")
        when = When(None, *days, "day", "stated") if days else None
        body: dict[str, Json] = {"document": self.sha256, "start": passage.start}
        claim = Claim(
            id=identify("claim", body), kind="casualty", passage=passage, source=Narrator(), quantity=None,
            effect="killed", who=None, subset_of=None, cumulative_since=None, as_of=None, corrects=None,
            modality="accomplished", verification=None, where=self.place(place), when=when, negated=negated,
        )  # fmt: skip
        self.claims.append(claim)
        return claim.id

    def reading(self) -> Reading:
        return Reading(
            DocumentInfo(self.sha256, len(self.text), "2031-04-09", "en"), (), tuple(self.claims), tuple(self.events),
            tuple(self.places), (), tuple(self.objects), (), (),
        )  # fmt: skip


DAY = ("2031-04-08", "2031-04-08")
NEXT = ("2031-04-09", "2031-04-09")


def one_act(name: str, type: str = "attack.strike", place: str | None = "Port Selis", **more: Any) -> Report:
    report = Report(name)
    report.act(type, place, more.pop("days", DAY), **more)
    return report


def readings(reports: Sequence[Report]) -> list[Reading]:
    return [report.reading() for report in reports]
