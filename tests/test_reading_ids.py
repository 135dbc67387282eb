"""Every record of a reading has an id, can be judged by it, and readings without ids still open."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.extract.read import read
from probanda.records.codec import parse, to_json
from probanda.records.reading import Reading
from probanda.report.disclosure import record_ids

TEXT = (
    "A missile hit the hospital in Aldena on Monday. “This is a war crime,” said Mirek Sandor, the mayor of Aldena. "
    "More than 3,000 people have fled the country, residents said."
)
KINDS = {"places": "place", "weapons": "weapon", "objects": "object", "labels": "label"}


def test_places_weapons_objects_and_labels_have_ids_of_their_kind() -> None:
    found = to_json(read(TEXT, "2031-05-14"))
    ids: list[str] = []
    for name, kind in KINDS.items():
        records = found[name]
        assert isinstance(records, list) and records, name
        for record in records:
            assert isinstance(record, dict) and str(record["id"]).startswith(kind + ":")
            ids.append(str(record["id"]))
    assert len(set(ids)) == len(ids)


@given(st.sampled_from(["Aldena", "Marisburg", "Port Selis"]), st.sampled_from(["missile", "shell", "drone"]))
def test_ids_follow_from_the_content_alone(town: str, weapon: str) -> None:
    text = f"A {weapon} hit a school in {town}. The mayor called it a war crime."
    one, other = read(text, "2031-05-14"), read(text, "2031-05-14")
    assert record_ids(one) == record_ids(other)
    assert record_ids(one).isdisjoint(record_ids(read(text + " It rained.", "2031-05-14")))


def test_a_reading_without_these_ids_is_still_read() -> None:
    older = to_json(read(TEXT, "2031-05-14"))
    for name in KINDS:
        records = older[name]
        assert isinstance(records, list)
        for record in records:
            assert isinstance(record, dict)
            del record["id"]
    assert all(one.id is None for one in parse(Reading, older).weapons)


def test_a_label_and_a_place_can_be_judged(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    with Archive.create(tmp_path / "case", "The hospital", "Ana Velt") as archive:
        archive.add([tmp_path / "report.txt"], published="2031-05-14")
        archive.run(InlineEngine(archive.case.blobs.folder))
        (row,) = archive.snapshot(archive.verify()).readings
        for record in (row.reading.labels[0], row.reading.places[0], row.reading.weapons[0], row.reading.objects[0]):
            assert record.id is not None
            made = archive.judge(record.id[:20], "confirmed", "Read against the page.", by="Mirek Sandor")
            assert made.about == (record.id,)
        with pytest.raises(LookupError):
            archive.judge("label:ffffffffffffffff", "confirmed", "There is none.", by="Mirek Sandor")


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("More than 3,000 people have fled the country.", "fled the country"),
        ("More than 3,000 people fled Latvia.", "fled Latvia"),
        ("More than 3,000 people have fled to neighbouring countries.", "fled to neighbouring countries"),
        ("About 900 people fled abroad.", "fled abroad"),
        ("About 900 people fled across the border.", "fled across the border"),
        ("About 900 people have fled their homes in Latvia.", None),
        ("About 900 people fled the town.", None),
        ("About 900 people fled to the south of the country.", None),
        ("About 900 people were displaced within the country.", None),
    ],
)
def test_a_border_is_crossed_where_the_text_says_so(text: str, border: str | None) -> None:
    (claim,) = [claim for claim in read(text, "2031-05-14").claims if claim.kind == "displacement"]
    assert (claim.border_crossed.text if claim.border_crossed else None) == border
    assert border is not None or claim.effect != "refugee"


@pytest.mark.parametrize(
    ("text", "states", "total"),
    [
        ("Karovia and 37 allies referred Brendia to the court.", ("Karovia", "37 allies"), 38),
        ("Karovia, Tessaly and 12 other States referred Brendia to the court.", ("Karovia", "Tessaly"), 14),
        ("A group of 39 States led by Karovia referred Brendia to the court.", ("39 States", "Karovia"), 39),
        ("Karovia and Tessaly referred Brendia to the court.", ("Karovia", "Tessaly"), 2),
    ],
)
def test_the_states_of_a_referral_are_counted_and_named(text: str, states: tuple[str, ...], total: int) -> None:
    (event,) = [event for event in read(text, "2031-05-14").events if event.type == "legal.referral"]
    assert event.counts is not None
    assert set(states) <= set(event.counts.states) and event.counts.states_total == total


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The bridge fell, Mirek Sandor said.", "person"),
        ("The bridge fell, the mayor said.", "person"),
        ("The bridge fell, residents said.", "group"),
        ("The bridge fell, the Karovian emergency service said.", "body"),
        ("The bridge fell, the League’s refugee agency said.", "body"),
    ],
)
def test_a_speaker_is_a_person_a_group_or_a_body(text: str, kind: str) -> None:
    (quotation,) = read(text, "2031-05-14").quotations
    assert quotation.speaker is not None and quotation.speaker.kind == kind
