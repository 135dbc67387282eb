"""What a person tells the case dates and places what its texts leave open, is signed, and asks for new readings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_world import probanda as run
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.extract.places.told import Site
from probanda.extract.read import read
from probanda.pipeline import RunReport
from probanda.preserve import acts
from probanda.records.codec import RecordError
from probanda.records.reading import Claim
from probanda.records.supplement import (
    Supplement,
    encode_supplement,
    in_force,
    parameters,
    parse_supplement,
    supplement,
)

TEXT = "More than 40 people have died since the invasion began, the mayor said. A shell hit the Old Mill on Monday."
SITE = Site("supplement:1", "the Old Mill", 48.5, 37.75, 200)
AT, NONCE = "2031-05-14T09:00:00.000Z", "0" * 64


def told(name: str = "the invasion", date: str | None = "2031-03-17", **fields: object) -> Supplement:
    given = {
        "id": "", "kind": "calendar", "name": name, "date": date, "latitude": None, "longitude": None,
        "radius_m": None, "withdrawn": date is None, "reason": "Read.", "by": "agent:1", "at": AT, "nonce": NONCE,
    }  # fmt: skip
    return supplement(Supplement(**{**given, **fields}))  # type: ignore[arg-type]


def casualty(archive: Archive) -> Claim:
    (row,) = archive.claims(kind="casualty")
    return row.record


def ran(archive: Archive) -> RunReport:
    return archive.run(InlineEngine(archive.case.blobs.folder))


def test_the_calendar_of_a_case_dates_its_readings_and_its_change_asks_for_new_ones(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        archive.add([tmp_path / "report.txt"], published="2031-05-14")
        ran(archive)
        since = casualty(archive).cumulative_since
        assert since is not None and since.earliest is None  # unset stays unresolved
        archive.supplement("calendar", "the invasion", "Both sides say so.", date="2031-03-17")
        assert ran(archive).counted["read"] == {"succeeded": 1}
        since = casualty(archive).cumulative_since
        assert since is not None and (since.earliest, since.latest) == ("2031-03-17", "2031-05-14")
        assert ran(archive).total == 0
        archive.supplement("calendar", "The Invasion", "A slip.", date="2031-03-18", by="Mirek Sandor")
        ran(archive)
        since = casualty(archive).cumulative_since
        assert since is not None and since.earliest == "2031-03-18"
        archive.supplement("calendar", "the invasion", "It is disputed.", withdrawn=True)
        ran(archive)
        since = casualty(archive).cumulative_since
        assert since is not None and since.earliest is None
        assert [one.date for one in archive.supplements()] == ["2031-03-17", "2031-03-18", None]
        live = b"".join(archive.canonical_dump())
        assert archive.verify().ok
    Archive.rebuild(tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        assert b"".join(archive.canonical_dump()) == live


def test_a_site_is_offered_until_a_person_places_it(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    case = tmp_path / "case"
    assert run("init", case, "--title", "The mill", "--by", "Ana Velt").code == 0
    assert run("add", case, tmp_path / "report.txt", "--published", "2031-05-14").code == 0
    assert run("run", case).code == 0
    told = json.loads(run("sites", case, "--json").out)
    assert told["told"] == []
    point = ("--lat", "48.5", "--lon", "-37.75", "--radius-m", "200")
    assert run("sites", case, "add", "the Old Mill", *point, "--reason", "Seen on the survey map.").code == 0
    assert run("run", case).code == 0
    with Archive.open(case) as archive:
        (row,) = archive.readings()
        (mill,) = [place for place in row.reading.places if place.name == "the Old Mill"]
        assert (mill.latitude, mill.longitude, mill.radius_m) == (48.5, -37.75, 200)
        assert mill.gazetteer_id == archive.supplements()[0].id
        assert row.reading.rejected == ()
    assert "1 told" in run("sites", case).out
    assert run("calendar", case, "add", "the invasion", "2031-03-17", "--reason", "Both say so.").code == 0
    assert "the invasion: began 2031-03-17" in run("calendar", case).out
    assert run("calendar", case, "remove", "the invasion", "--reason", "Disputed.").code == 0
    assert json.loads(run("calendar", case, "--json").out) == []


@pytest.mark.parametrize(
    "words",
    [
        ("calendar", "add", "the invasion", "2031-02-30", "--reason", "So."),
        ("calendar", "add", "the invasion", "--reason", "So."),
        ("calendar", "add", "the invasion", "2031-03-17"),
        ("calendar", "change", "the invasion", "2031-03-17", "--reason", "So."),
        ("sites", "add", "the Old Mill", "--lat", "48.5", "--reason", "So."),
        ("sites", "add", "the Old Mill", "--lat", "98", "--lon", "37", "--radius-m", "200", "--reason", "So."),
        ("sites", "add", "the Old Mill", "--lat", "48", "--lon", "37", "--radius-m", "0", "--reason", "So."),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    case = tmp_path / "case"
    assert run("init", case, "--title", "The mill", "--by", "Ana Velt").code == 0
    command, *rest = words
    assert run(command, case, *rest).code in (1, 2)
    with Archive.open(case) as archive:
        assert archive.supplements() == ()


def test_extract_takes_a_calendar(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    file = tmp_path / "calendar.json"
    file.write_text('{"the invasion": "2031-03-17"}', encoding="utf-8")
    told = run("extract", tmp_path / "report.txt", "--published", "2031-05-14", "--calendar", file, "--json")
    (claim,) = [claim for claim in json.loads(told.out)["claims"] if claim["kind"] == "casualty"]
    assert claim["cumulative_since"]["earliest"] == "2031-03-17"
    file.write_text('{"the invasion": "soon"}', encoding="utf-8")
    assert run("extract", tmp_path / "report.txt", "--calendar", file).code == 2


def test_a_site_counts_only_under_its_whole_name() -> None:
    found = read("A shell hit the old mill. The Old Mill Road was closed.", "2031-05-14", sites=[SITE]).places
    assert [place.passage.text for place in found if place.gazetteer_id == SITE.id][:1] == ["old mill"]
    found = read("A shell hit the mill.", "2031-05-14", sites=[SITE]).places
    assert all(place.gazetteer_id != SITE.id for place in found)


@pytest.mark.parametrize("text", [TEXT, "The Old Mill burned. They fled the Old Mill, the mayor said."])
def test_a_told_site_passes_the_gate(text: str) -> None:
    reading = read(text, "2031-05-14", sites=[SITE])
    assert reading.rejected == ()
    assert {(p.latitude, p.radius_m) for p in reading.places if p.gazetteer_id == SITE.id} == {(48.5, 200)}


def test_an_event_is_found_under_whole_words_and_the_longest_name_counts() -> None:
    calendar = {"war": "2031-01-01", "the second war": "2031-02-02", "ward": "2031-03-03"}
    for text, day in (("since the second war began", "2031-02-02"), ("since the war began", "2031-01-01")):
        claims = read(f"More than 40 people have died {text}.", "2031-05-14", calendar=calendar).claims
        assert [c.cumulative_since.earliest for c in claims if c.cumulative_since] == [day]


@given(st.lists(st.tuples(st.sampled_from(["the war", "The War", "the siege"]), st.booleans()), max_size=8))
def test_the_last_that_was_told_counts(order: list[tuple[str, bool]]) -> None:
    records = [told(name, "2031-03-17" if keep else None) for name, keep in order]
    last = {name.lower(): keep for name, keep in order}
    assert {one.name.lower() for one in in_force(records)} == {name for name, keep in last.items() if keep}
    assert (parameters(records) == {}) == (not records)


def test_a_supplement_survives_its_blob_and_a_changed_one_is_refused() -> None:
    record = told()
    data = encode_supplement(record)
    assert parse_supplement(data) == record
    with pytest.raises(RecordError):
        parse_supplement(data.replace(b"2031-03-17", b"2031-03-18"))
    with pytest.raises(ValueError, match="reason"):
        told(reason=" ")


def test_verify_refuses_a_supplement_that_its_signer_did_not_tell(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        blob = archive.case.blobs.put(encode_supplement(told()))
        archive.case.append([acts.supplement(told(), blob)])
        (check,) = [check for check in archive.verify().checks if check.name == "judgements.signed"]
        assert check.outcome == "fails" and "signed by" in check.reason
