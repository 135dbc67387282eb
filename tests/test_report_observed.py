"""What patterns are counted from: only what is said to have happened, with nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from probanda.records.incident import Incident, Proposal, Where
from probanda.records.reading import Event, ObjectMention, Place
from probanda.report.observed import observed
from probanda.report.snapshot import Snapshot
from report_world import MORNING, event, find, item, morning, on, reading, row, snapshot

TEXT = "Shells hit the school in Drevna on Monday. Troops captured Osten. The hospital may be struck."


def told(*, modality: Any = "accomplished") -> tuple[Event, ...]:
    return (
        event(TEXT, "event:1", "hit", type="attack.shelling", actor=find(TEXT, "Shells"), where=find(TEXT, "Drevna"),
              affected=find(TEXT, "the school"), when=on("2026-03-02"), modality=modality),
        event(TEXT, "event:2", "captured", type="control.captured", actor=find(TEXT, "Troops"),
              affected=find(TEXT, "Osten")),
        event(TEXT, "event:3", "struck", affected=find(TEXT, "The hospital"), modality="possible"),
    )  # fmt: skip


def world(**given: Any) -> Snapshot:
    made = reading(
        TEXT,
        events=given.pop("events", told()),
        places=[Place(find(TEXT, "Drevna"), "Drevna", "geonames:1", "KV", 48.1, 37.5, 12_000, "location")],
        objects=[ObjectMention(find(TEXT, "school"), "school", "affected", None)],
    )
    one = item(TEXT, 1)
    return snapshot((one, item("scan", 2, published="2026-03")), (row(TEXT, made, one),), **given)


def test_only_what_is_said_to_have_happened_is_counted() -> None:
    found = observed(world())
    assert found.basis == "events"
    (one,) = found.observations
    assert (one.id, one.type, one.day) == ("event:1", "attack.shelling", date(2026, 3, 2))
    assert (one.place, one.place_id, one.country) == ("Drevna", "geonames:1", "KV")
    assert (one.objects, one.party, one.holders) == (("school",), "Shells", ("report",))


def test_what_is_only_anticipated_is_not_counted() -> None:
    for modality in ("anticipated", "planned", "threatened", "denied", "feared", "alleged", "promised"):
        assert observed(world(events=told(modality=modality))).observations == ()


def test_control_is_kept_apart_with_its_source() -> None:
    (one,) = observed(world()).control
    assert (one.place, one.place_id, one.state, one.by, one.holder) == (
        "Osten", None, "captured", "Troops", "the report itself",
    )  # fmt: skip
    assert one.earliest is None


def test_reports_are_told_with_their_language_and_what_could_not_be_read() -> None:
    first, second = observed(world()).reports
    assert (first.published, first.language, first.source) == (date(2026, 3, 4), "en", "Karovian Herald")
    assert (second.published, second.language) == (None, None)  # a month is no day


def test_an_incident_takes_from_its_members_what_nobody_stated() -> None:
    made = Incident("incident:1", "The school", "attack", None, None, ("event:1", "claim:x"), "read", "agent:a1",
                    "2026-11-22T08:00:00.000Z", "0" * 64)  # fmt: skip
    (one,) = observed(world(incidents=(made,))).observations
    assert (one.type, one.day, one.place, one.objects) == ("attack", date(2026, 3, 2), "Drevna", ("school",))
    stated = replace(made, where=Where("Osten"), when=on("2026-03-01"))
    (one,) = observed(world(incidents=(stated,))).observations
    assert (one.place, one.place_id, one.day) == ("Osten", None, date(2026, 3, 1))


def test_incidents_come_before_proposals_and_these_before_events() -> None:
    proposal = Proposal("proposal:1", "attack", None, None, ("event:1",), 0.5, ())
    assert observed(world(proposals=(proposal,))).basis == "proposals"
    assert observed(world(proposals=(proposal,)), "events").basis == "events"


def test_a_reading_without_places_or_dates_gives_observations_without_them() -> None:
    one = item(MORNING, 1)
    found = observed(snapshot((one,), (row(MORNING, morning(), one),)))
    assert [row.id for row in found.observations] == ["event:1"]  # a denied strike and a vote are none
    assert all(row.earliest is None for row in found.observations)
