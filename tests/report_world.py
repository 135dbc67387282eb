"""Snapshots made by hand for the tests of the report. Countries, persons and bodies are invented."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from probanda.records.capture import Capture, capture_id
from probanda.records.incident import Incident, Proposal, Relation, RelationKind, Where, identified
from probanda.records.judgement import Judgement, judge
from probanda.records.passage import Passage
from probanda.records.protection import Protection
from probanda.records.quantity import Quantity
from probanda.records.reading import (
    Claim,
    Counts,
    DocumentInfo,
    Event,
    Holder,
    HolderUnknown,
    Label,
    NamedPassage,
    Narrator,
    ObjectMention,
    Place,
    Quotation,
    Reading,
    Speaker,
    Verification,
    Weapon,
    When,
)
from probanda.report.snapshot import AgentRow, CheckRow, FailureRow, ItemRow, ReadingRow, Snapshot

PUBLIC = Protection(marking="public")
ROOT = "ab" * 32

MORNING = """Shelling kills civilians in Drevna, officials say

By our correspondent in Karovia

More than 2,000 civilians have died since the fighting began, the Karovian emergency service said on Wednesday. \
The figure could not be independently verified.

“They fired at the hospital with cluster munitions,” said Mirek Sandor, the mayor of Drevna. He told the council in \
Osten that the shelling was a war crime.

The Tessalian foreign ministry denied that its forces had struck the hospital.

Up to one million people are expected to flee, the relief agency forecast. Seven countries referred the situation to \
the court; the assembly voted 93 to 10, with 52 abstaining.
"""

EVENING = """Toll rises in Drevna

At least 1,400 civilians have died, the Drevna hospital council said. Another official put the toll at 1,350 civilians.

Tessaly threatened to close the strait.
"""


def sha(text: str | bytes) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).hexdigest()


def find(text: str, words: str, nth: int = 0) -> Passage:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Passage(start, start + len(words), words)


def item(text: str, seq: int, **given: Any) -> ItemRow:
    """A capture of `text`, public unless a protection is given."""
    protection = given.pop("protection", PUBLIC)
    nonce = given.pop("nonce", f"{seq:064x}")
    blob, size, published = sha(text), len(text.encode("utf-8", "surrogatepass")), given.pop("published", "2026-03-04")
    identity = capture_id(
        blob=blob, size=size, published=published, media_type=None, protection=protection, nonce=nonce
    )
    row = {"name": f"report-{seq}.txt", "source": "Karovian Herald", "note": None, **given}
    capture = Capture(
        id=identity, blob=blob, size=size, published=published, media_type_given=None, protection=protection,
        captured_at="2026-11-22T07:00:00.123Z", seq=seq, nonce=nonce, **row,
    )  # fmt: skip
    return ItemRow(capture, "text/plain")


def reading(text: str, published: str | None = "2026-03-04", **parts: Sequence[Any]) -> Reading:
    names = ("quotations", "claims", "events", "places", "weapons", "objects", "labels", "rejected")
    filled: dict[str, Any] = {name: tuple(parts.get(name, ())) for name in names}
    document = DocumentInfo(sha(text), len(text), published, "en")
    return Reading(document=document, extractors=({"name": "probanda.rules", "version": "1"},), **filled)


def row(text: str, made: Reading, *items: ItemRow) -> ReadingRow:
    return ReadingRow(made, text, sha(text), tuple(one.capture.id for one in items), "cd" * 32)


def claim(
    text: str, identity: str, words: str, number: str | None = None, source: Holder | None = None, **given: Any
) -> Claim:
    """A claim on `words`; `number` are the words of its quantity, `bounds` its stated, minimum and maximum."""
    quantity = None
    stated, low, high = given.pop("bounds", (1, 1, 1))
    qualifier, unit = given.pop("qualifier", "stated"), given.pop("unit", "civilians")
    if number is not None:
        quantity = Quantity(find(text, number), stated, low, high, qualifier, unit)
    fields: dict[str, Any] = {
        "kind": "casualty", "effect": "died", "who": None, "subset_of": None, "cumulative_since": None, "as_of": None,
        "corrects": None, "modality": "accomplished", "verification": None, "where": None, "when": None,
        "negated": False,
    }  # fmt: skip
    fields.update(given)
    return Claim(id=identity, passage=find(text, words), source=source or Narrator(), quantity=quantity, **fields)


def event(text: str, identity: str, trigger: str, **given: Any) -> Event:
    fields: dict[str, Any] = {
        "type": "attack.strike", "actor": None, "aimed_at": None, "affected": None, "instrument": None, "where": None,
        "when": None, "modality": "accomplished", "source": Narrator(), "counts": None,
    }  # fmt: skip
    fields.update(given)
    return Event(id=identity, trigger=find(text, trigger), **fields)


def on(day: str, basis: str = "stated", words: Passage | None = None) -> When:
    return When(words, day, day, "day", basis)


def snapshot(items: Sequence[ItemRow], readings: Sequence[ReadingRow], **given: Any) -> Snapshot:
    checks = (
        CheckRow("log.chain", "holds", "every entry names the one before it", 12),
        CheckRow("time.anchored", "unproven", "no time authority has stamped this log", None),
    )
    fields: dict[str, Any] = {
        "case_id": "case:" + "11" * 32, "title": "Shelling of Drevna, March 2026",
        "generated_at": "2026-11-22T07:00:00Z",
        "log_size": 12, "log_root": ROOT, "software_version": "0.1.0", "judgements": (), "failures": (),
        "integrity": checks, "integrity_ok": True, "agents": (AgentRow("agent:a1", "Jana Orlik", "implementer"),),
    }  # fmt: skip
    fields.update(given)
    return Snapshot(items=tuple(items), readings=tuple(readings), **fields)


def judged(decision: Any, *about: str, reason: str = "Heard the recording.", **given: Any) -> Judgement:
    at = given.pop("at", "2026-11-22T08:00:00.000Z")
    return judge(about=about, decision=decision, reason=reason, by="agent:a1", at=at, nonce="0" * 63 + "1", **given)


def incident(title: str, *members: str, **given: Any) -> Incident:
    """An incident that a person made; public unless a protection is given."""
    fields: dict[str, Any] = {
        "type": "attack.strike", "where": Where("Drevna", 48.1, 37.5, 12_000, "geonames:1", "UA", "gazetteer"),
        "when": When(None, "2026-03-03", "2026-03-04", "range", "stated"), "reason": "Three accounts of one morning.",
        "by": "agent:a1", "at": "2026-11-22T08:00:00.000Z", "nonce": "2" * 64, "protection": PUBLIC,
    }  # fmt: skip
    fields.update(given)
    made = identified(Incident("", title, members=tuple(members), **fields))
    assert isinstance(made, Incident)
    return made


def relation(kind: RelationKind, subject: Incident, object_: Incident, **given: Any) -> Relation:
    fields: dict[str, Any] = {
        "reason": "The one report names the other.", "by": "agent:a1", "at": "2026-11-22T08:10:00.000Z",
        "nonce": "3" * 64, **given,
    }  # fmt: skip
    made = identified(Relation("", kind, subject.id, object_.id, **fields))
    assert isinstance(made, Relation)
    return made


def proposal(*members: str, **given: Any) -> Proposal:
    fields: dict[str, Any] = {
        "id": "proposal:1", "type": "attack.strike", "where": Where("Osten", 49.2, 38.4, 5_000, basis="gazetteer"),
        "when": When(None, "2026-03-04", "2026-03-04", "day", "stated"), "score": 0.75,
        "reasons": ("same place", "times one day apart"), **given,
    }  # fmt: skip
    return Proposal(members=tuple(members), **fields)


def whole() -> Snapshot:
    """`full` with two incidents, a relation between them and a proposal."""
    base = full()
    strike = incident(
        "Strike on the Drevna hospital", "event:1", "claim:1", "claim:4", "claim:5", base.items[0].capture.id
    )
    vote = incident("Vote of the assembly", "event:3", type="diplomatic.vote", where=None, when=None, nonce="4" * 64)
    return replace(
        base, incidents=(strike, vote), relations=(relation("precedes", strike, vote),),
        proposals=(proposal("event:2", "claim:3"),),
    )  # fmt: skip


def morning() -> Reading:
    text = MORNING
    service = Speaker(None, "the Karovian emergency service", find(text, "the Karovian emergency service"))
    sandor = Speaker("Mirek Sandor", "the mayor of Drevna", find(text, "Mirek Sandor"), find(text, "He"))
    ministry = Speaker(None, "The Tessalian foreign ministry", find(text, "The Tessalian foreign ministry"))
    agency = Speaker(None, "the relief agency", find(text, "the relief agency"))
    wednesday = on("2026-03-04", "weekday on or before publication", find(text, "Wednesday"))
    return reading(
        text,
        quotations=[
            Quotation("quotation:1", find(text, "They fired at the hospital with cluster munitions"), "direct", sandor,
                      find(text, "said", 1), None, None),
            Quotation("quotation:2", find(text, "the shelling was a war crime"), "indirect", sandor, find(text, "told"),
                      NamedPassage("Osten", find(text, "Osten")), None),
        ],
        claims=[
            claim(text, "claim:1", "More than 2,000 civilians have died", "More than 2,000", service,
                  bounds=(2000, 2001, None), qualifier="more_than", as_of=wednesday,
                  verification=Verification("not_independently_verified",
                                            find(text, "could not be independently verified"))),
            claim(text, "claim:2", "Up to one million people are expected to flee", "Up to one million", agency,
                  bounds=(1_000_000, 0, 1_000_000), qualifier="up_to", unit="people", effect="fled",
                  modality="forecast",
                  kind="displacement"),
            claim(text, "claim:3", "the shelling was a war crime", None, sandor, kind="accusation", effect=None,
                  modality="alleged"),
        ],
        events=[
            event(text, "event:1", "fired", instrument=find(text, "cluster munitions"),
                  aimed_at=find(text, "the hospital"),
                  source=sandor),
            event(text, "event:2", "struck", actor=find(text, "its forces"), affected=find(text, "the hospital", 1),
                  modality="denied", source=ministry),
            event(text, "event:3", "voted", type="diplomatic.vote", actor=find(text, "the assembly"),
                  counts=Counts(93, 10, 52)),
        ],
        places=[
            Place(find(text, "Drevna"), "Drevna", "geonames:1", "KV", 48.1, 37.5, 12_000, "location"),
            Place(find(text, "Drevna", 1), "Drevna", "geonames:1", "KV", 48.1, 37.5, 12_000, "location"),
            Place(find(text, "Karovia"), "Karovia", None, None, None, None, None, "location"),
        ],
        weapons=[Weapon(find(text, "cluster munitions"), "explosive_munitions")],
        objects=[ObjectMention(find(text, "hospital"), "hospital", "aimed_at", None)],
        labels=[Label(find(text, "war crime"), "war crime", sandor, find(text, "the shelling"))],
    )  # fmt: skip


def evening() -> Reading:
    text = EVENING
    council = Speaker(None, "the Drevna hospital council", find(text, "the Drevna hospital council"))
    day = on("2026-03-04")
    return reading(
        text,
        claims=[
            claim(text, "claim:4", "At least 1,400 civilians have died", "At least 1,400", council,
                  bounds=(1400, 1400, None), qualifier="at_least", as_of=day),
            claim(text, "claim:5", "put the toll at 1,350 civilians", "1,350", HolderUnknown(),
                  bounds=(1350, 1350, 1350),
                  as_of=day),
        ],
        events=[event(text, "event:4", "threatened to close", type="blockade", modality="threatened")],
    )  # fmt: skip


def full() -> Snapshot:
    """Two public reports that contradict each other, a judgement on each kind of line, a failure."""
    first, second = item(MORNING, 1), item(EVENING, 2, source=None, published=None)
    third = item("unread", 3, name="scan.pdf")
    judgements = (
        judged("confirmed", "claim:1"),
        judged("rejected", "event:4", reason="The strait is not named in the recording.",
               at="2026-11-22T08:01:00.000Z"),
        judged("corrected", "quotation:2", reason="It was the council of Drevna.", correction={"venue": "Drevna"},
               at="2026-11-22T08:02:00.000Z"),
    )  # fmt: skip
    failures = (
        FailureRow(third.capture.id, "scan.pdf", "text", "unavailable", "no reader for PDF is installed",
                   "2026-11-22T07:01:00Z"),
        FailureRow(None, "broken.txt", "add", "failed", "the file vanished while it was read", "2026-11-22T07:02:00Z"),
    )  # fmt: skip
    rows = (row(MORNING, morning(), first), row(EVENING, evening(), second))
    return snapshot((first, second, third), rows, judgements=judgements, failures=failures)
