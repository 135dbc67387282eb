"""Scores events, votes, places, labels, times, weapons and objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from probanda.records.passage import Passage
from probanda.records.reading import Event, Label, Place, Reading, When
from score.count import Tally
from score.gold import Mark, Report
from score.names import holds

# The first part of a type, and those that other vocabularies use for the same class.
CLASSES = {
    "attack": "attack", "violence": "attack", "siege": "siege", "control": "control", "damage": "damage",
    "displacement": "displacement", "movement": "displacement", "evacuation": "displacement", "legal": "legal",
    "justice": "legal", "investigation": "legal", "referral": "legal", "diplomatic": "diplomatic",
    "vote": "diplomatic", "sanctions": "diplomatic", "pledge": "pledge", "military": "pledge", "aid": "pledge",
    "supply": "pledge", "transfer": "pledge", "detention": "detention", "abduction": "detention",
    "arrest": "detention", "killing": "attack",
}  # fmt: skip
# Named in passing in nearly every report, so that the gold does not list them.
SINCE = ("since", "від ", "з ", "із ", "с ", "со ", "от ")
UNLISTED_TYPES = {"killing"}
UNLISTED_OBJECTS = {"city", "town", "village", "villages", "towns", "cities", "district", "districts", "road", "roads"}


def score_others(report: Report, reading: Reading, tally: Tally) -> None:
    _events(report, reading.events, tally)
    _votes(report, reading.events, tally)
    _places(report, reading.places, tally)
    _labels(report, reading.labels, tally)
    _times(report, list(whens(reading)), tally)
    for name, passages in (
        ("weapons", [weapon.passage for weapon in reading.weapons]),
        ("objects", [thing.passage for thing in reading.objects]),
    ):
        _spans(name, report.marks[name], passages, tally)


def event_class(type_: str) -> str | None:
    """The class of a dotted type, `None` where the gold does not annotate its class."""
    return CLASSES.get(type_.split(".")[0])


def _events(report: Report, events: tuple[Event, ...], tally: Tally) -> None:
    golds = report.marks["events"]
    for mark in golds:
        if mark.optional:
            continue
        same = [event for event in events if _touch(mark, event.trigger) and _same_class(mark, event)]
        tally.gold("events", bool(same))
        good = any(event.modality in mark.accepted("modality") for event in same)
        tally.gold("event modality", good)
        if not same:
            touched = [event.type for event in events if _touch(mark, event.trigger)]
            tally.error("events", "missed", f"{mark.fields['type']} {mark.fields['trigger']!r}; there: {touched}")
        elif not good:
            expected = "/".join(mark.accepted("modality"))
            detail = f"{mark.fields['trigger']}: expected {expected}, found {same[0].modality}"
            tally.error("event modality", "wrong", detail)
        if where := mark.fields.get("where"):
            there = any(event.where is not None and where in event.where.text for event in same)
            tally.gold("event where", there)
            if same and not there:
                found = same[0].where
                tally.error("event where", "wrong", f"{mark.fields['trigger']}: expected {where}, found {found}")
    for event in events:
        touching = [mark for mark in golds if _touch(mark, event.trigger)]
        if event_class(event.type) is None or any(mark.optional for mark in touching):
            continue
        right = [mark for mark in touching if _same_class(mark, event)]
        if not right and (event.type.split(".")[0] in UNLISTED_TYPES or _repeats(event, golds)):
            continue
        tally.found("events", bool(right))
        tally.found("event modality", any(event.modality in mark.accepted("modality") for mark in right))
        if not right:
            tally.error("events", "extra", f"{event.type} {event.trigger.text!r} ({event.modality})")


def _same_class(mark: Mark, event: Event) -> bool:
    return event_class(event.type) in {event_class(type_) for type_ in mark.accepted("type")}


def _repeats(event: Event, golds: tuple[Mark, ...]) -> bool:
    """Whether the trigger repeats the word of an event that the report has already told."""
    stems = {word[:5] for word in event.trigger.text.lower().split() if len(word) > 3}
    told = {
        word[:5]
        for mark in golds
        if _same_class(mark, event)
        for word in mark.fields["trigger"].lower().split()
        if len(word) > 3
    }
    return bool(stems & told)


def _votes(report: Report, events: tuple[Event, ...], tally: Tally) -> None:
    gold = [(vote["for"], vote["against"], vote["abstaining"]) for vote in report.votes]
    found = {
        (event.counts.for_, event.counts.against, event.counts.abstaining)
        for event in events
        if event.counts and any(n is not None for n in (event.counts.for_, event.counts.against))
    }
    for vote in gold:
        tally.gold("votes", vote in found)
        if vote not in found:
            tally.error("votes", "missed", f"{vote}; found {sorted(map(str, found))}")
    for vote in found:
        tally.found("votes", vote in gold)


def _places(report: Report, places: tuple[Place, ...], tally: Tally) -> None:
    golds = report.marks["places"]
    for mark in golds:
        if mark.optional:
            continue
        there = [place for place in places if _touch(mark, place.passage)]
        right = any(place.role in mark.accepted("role") for place in there)
        tally.gold("places", bool(there))
        tally.gold("place role", right)
        if mark.fields.get("real"):
            tally.gold("places in the gazetteer", any(place.gazetteer_id for place in there))
        if not there:
            tally.error("places", "missed", f"{mark.fields['text']} [{mark.start}]")
        elif not right:
            tally.error("place role", "wrong", f"{mark.fields['text']} [{mark.start}]: found {there[0].role}")
    for place in places:
        touching = [mark for mark in golds if _touch(mark, place.passage)]
        if any(mark.optional for mark in touching) or (not touching and place.role != "location"):
            continue
        tally.found("places", bool(touching))
        tally.found("place role", any(place.role in mark.accepted("role") for mark in touching))
        if not touching:
            tally.error("places", "extra", f"{place.passage.text} [{place.passage.start}] {place.gazetteer_id}")


def _labels(report: Report, labels: tuple[Label, ...], tally: Tally) -> None:
    golds = report.marks["labels"]
    for mark in golds:
        if mark.optional:
            continue
        there = [label for label in labels if _touch(mark, label.passage)]
        good = any(holds(_holders(mark), label.holder) for label in there)
        tally.gold("labels", bool(there))
        tally.gold("label holder", good)
        if not there:
            tally.error("labels", "missed", mark.fields["text"])
        elif not good:
            holder = there[0].holder
            tally.error("label holder", "wrong", f"{mark.fields['text']}: expected {_holders(mark)}, found {holder}")
    for label in labels:
        touching = [mark for mark in golds if _touch(mark, label.passage)]
        if any(mark.optional for mark in touching):
            continue
        tally.found("labels", bool(touching))
        tally.found("label holder", any(holds(_holders(mark), label.holder) for mark in touching))
        if not touching:
            tally.error("labels", "extra", f"{label.label} ({label.passage.text})")


def _holders(mark: Mark) -> tuple[str, ...]:
    return (mark.fields["holder"], *mark.fields.get("also", []))


def whens(reading: Reading) -> Iterator[When]:
    """Every time with words of its own that the reading gives anywhere."""
    for quotation in reading.quotations:
        yield from _worded(quotation.when)
    for claim in reading.claims:
        for when in (claim.when, claim.as_of, claim.cumulative_since):
            yield from _worded(when)
    for event in reading.events:
        yield from _worded(event.when)
    for when in reading.times:
        yield from _worded(when)


def _worded(when: When | None) -> Iterator[When]:
    if when is not None and when.passage is not None:
        yield when


def _times(report: Report, found: list[When], tally: Tally) -> None:
    golds = report.marks["times"]
    for mark in golds:
        if mark.optional:
            continue
        there = [when for when in found if when.passage and _touch(mark, when.passage)]
        good = any(_same_time(mark, when) for when in there)
        tally.gold("times", bool(there))
        tally.gold("times resolved", good)
        if not there:
            tally.error("times", "missed", f"{mark.fields['text']} [{mark.start}]")
        elif not good:
            expected = (mark.fields["earliest"], mark.fields["latest"])
            got = (there[0].earliest, there[0].latest)
            tally.error("times resolved", "wrong", f"{mark.fields['text']}: expected {expected}, found {got}")
    distinct = {(when.passage.start, when.passage.end): when for when in found if when.passage}
    for when in distinct.values():
        touching = [mark for mark in golds if when.passage and _touch(mark, when.passage)]
        if any(mark.optional for mark in touching) or (not touching and when.earliest is None):
            continue
        tally.found("times", bool(touching))
        if when.earliest is not None:
            tally.found("times resolved", any(_same_time(mark, when) for mark in touching))
        if not touching and when.passage:
            tally.error("times", "extra", f"{when.passage.text} [{when.passage.start}] {when.earliest}")


def _same_time(mark: Mark, when: When) -> bool:
    """Whether both give one time. "Since December" may begin in December and end with the report."""
    firsts = mark.accepted("earliest")
    if when.earliest is None:
        return None in firsts
    if when.earliest[:10] not in firsts:
        return False
    if when.passage is not None and when.passage.text.lower().startswith(SINCE):
        return True
    lasts = [_day(last) for last in mark.accepted("latest") if last is not None]
    return when.latest is None or any(abs(_day(when.latest) - last) <= timedelta(days=1) for last in lasts)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _spans(name: str, golds: tuple[Mark, ...], passages: list[Passage], tally: Tally) -> None:
    for mark in golds:
        if not mark.optional:
            there = any(_touch(mark, passage) for passage in passages)
            tally.gold(name, there)
            if not there:
                tally.error(name, "missed", f"{mark.fields['text']} [{mark.start}]")
    for passage in passages:
        touching = [mark for mark in golds if _touch(mark, passage)]
        unlisted = not touching and passage.text.lower() in UNLISTED_OBJECTS
        if unlisted or any(mark.optional for mark in touching):
            continue
        tally.found(name, bool(touching))
        if not touching:
            tally.error(name, "extra", f"{passage.text} [{passage.start}]")


def _touch(mark: Mark, passage: Passage) -> bool:
    return mark.start < passage.end and passage.start < mark.end
