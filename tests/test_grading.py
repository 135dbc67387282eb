"""A person's grade in a case: refused where the record does not support it, signed where it does, told when that falls
away; and what verify, deletion, disclosure and bundles make of it. Countries, persons and outlets are invented."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli_world import probanda
from probanda.archive import Archive
from probanda.corroborate.grades.definitions import scheme
from probanda.grading import GradeNotSupported
from probanda.index import queries
from probanda.preserve.verify import verify
from probanda.records.entry import ACCESS, JUDGEMENT
from probanda.records.graded import graded
from probanda.records.protection import Change
from probanda.report.casefile import build, to_json
from probanda.report.disclosure import disclose
from probanda.report.page import html

KILLED = "12 civilians were killed in Marisburg on 4 April 2031"
TOLD = {
    "herald.txt": ("Selis Herald", f"The mayor of Marisburg, Olm Brandt, said that {KILLED}.\n"),
    "post.txt": ("Karov Post", f"Petra Halloun, a doctor who was there, said that {KILLED}.\n"),
}
SCHEMA = json.loads((Path(__file__).parents[1] / "spec" / "grades.schema.json").read_text("utf-8"))
OWN = scheme("probanda")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with Archive.create(folder / "case", "Marisburg", "Ana Velt") as archive:
        for name, (outlet, text) in TOLD.items():
            add(archive, folder / name, text, outlet)
        archive.run()
    return folder / "case"


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Iterator[Archive]:
    shutil.copytree(made, tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        yield archive


def add(archive: Archive, path: Path, text: str, outlet: str, marking: str = "public") -> None:
    path.write_text(text, "utf-8")
    archive.add([path], published="2031-04-05", source=outlet, marking=marking)  # type: ignore[arg-type]


def claims(archive: Archive) -> dict[str, str]:
    """By outlet, its claim with the number."""
    sources = {one.blob: one.source or "" for one in archive.captures()}
    texts = {row.text_sha256: sources[next(iter(blobs))] for row in archive.readings()
             for blobs in [[one.blob for one in archive.captures() if one.id in row.captures]]}  # fmt: skip
    return {texts[one.document]: one.record.id for one in archive.claims(kind="casualty") if one.record.quantity}


def test_a_label_that_the_record_does_not_support_is_refused_and_leaves_nothing(archive: Archive) -> None:
    claim, before = claims(archive)["Selis Herald"], archive.case.log.size
    with pytest.raises(
        GradeNotSupported, match="A person confirmed a claim of each of at least two origins"
    ) as refused:
        archive.record_grade(claim, OWN, "established", "It is so.", by="Bo Harn")
    assert [one.measure for one in refused.value.tested.missing] == ["confirmed_origins"]
    with pytest.raises(ValueError, match="expected one of the grades"):
        archive.record_grade(claim, OWN, "true", "It is so.")
    assert archive.case.log.size == before, "not even the new person"


def test_a_grade_is_signed_and_hides_no_decision_on_the_claim(archive: Archive) -> None:
    claim = claims(archive)["Selis Herald"]
    confirmed = archive.judge(claim, "confirmed", "Heard him say it.")
    grade = archive.record_grade(claim, OWN, "corroborated", "A doctor says so too.", by="Bo Harn")
    other = archive.record_grade(claim, scheme("admiralty-information"), "2", "Two origins.")
    [held] = [one for one in archive.claims() if one.record.id == claim]
    assert held.judgement == confirmed
    assert (grade.supersedes, other.supersedes) == (None, None), "each scheme counts apart"
    again = archive.record_grade(claim, OWN, "corroborated", "Read both again.")
    assert again.supersedes == grade.id
    told = graded(again)
    assert told is not None and (told.subject, told.definition) == (claim, OWN.sha256)
    assert set(told.rests_on) >= set(claims(archive).values())
    assert archive.case.log.of_act(JUDGEMENT) and verify(archive.case.path).ok
    before = b"".join(archive.canonical_dump())
    Archive.rebuild(archive.case.path)
    with Archive.open(archive.case.path) as rebuilt:
        assert b"".join(rebuilt.canonical_dump()) == before


def test_a_grade_whose_support_falls_away_is_told_and_stays(archive: Archive) -> None:
    found = claims(archive)
    archive.record_grade(found["Selis Herald"], OWN, "corroborated", "A doctor says so too.")
    recorded = archive.grades(found["Selis Herald"], [OWN]).schemes[0].recorded
    assert recorded is not None and recorded.supported
    archive.judge(found["Karov Post"], "rejected", "She was not there.")
    recorded = archive.grades(found["Selis Herald"], [OWN]).schemes[0].recorded
    assert recorded is not None and not recorded.supported and recorded.now is not None
    assert [one.measure for one in recorded.now.missing] == ["origins"]
    line = next(one for one in build(archive.snapshot()).judgements if one.grade)
    assert line.grade is not None and not line.grade.supported
    assert "no longer supported by what this case file holds" in html(build(archive.snapshot()))


def test_an_incident_keeps_its_grade_through_its_versions(archive: Archive) -> None:
    found = claims(archive)
    first = archive.incident("Deaths in Marisburg", "Two accounts.", members=list(found.values()))
    archive.record_grade(first.id, OWN, "corroborated", "Two origins.")
    second = archive.incident(
        "Deaths in Marisburg", "One account.", members=[found["Selis Herald"]], supersedes=first.id
    )
    answer = archive.grades(first.id[:20], [OWN])
    assert answer.subject.id == second.id
    [shown] = answer.schemes
    assert shown.recorded is not None and shown.recorded.grade.subject == first.id and not shown.recorded.supported
    archive.incident("Deaths in Marisburg", "No incident.", supersedes=second.id, withdrawn=True)
    with pytest.raises(queries.UnknownIdError, match="withdrawn"):
        archive.grades(second.id, [OWN])


def test_a_grade_is_shown_only_with_all_that_it_rests_on(archive: Archive, tmp_path: Path) -> None:
    found = claims(archive)
    archive.record_grade(found["Selis Herald"], OWN, "corroborated", "A doctor says so too.", by="Bo Harn")
    shown = build(archive.snapshot(), "public")
    [line] = shown.judgements
    assert line.grade is not None and (line.grade.grade, line.grade.supported, line.reason) == (
        "corroborated",
        True,
        None,
    )
    assert "Bo Harn" not in to_json(shown).decode()
    doctor = next(one.id for one in archive.captures() if one.source == "Karov Post")
    archive.protect(doctor, Change(marking="identity_protected"), "She is in danger.")
    for audience in ("internal", "court", "public"):
        assert disclose(archive.snapshot(), audience).snapshot.judgements == ()
        assert b"corroborated" not in to_json(build(archive.snapshot(), audience))


def test_a_grade_goes_with_what_was_graded_and_is_touched_with_what_it_rests_on(archive: Archive) -> None:
    found = claims(archive)
    grade = archive.record_grade(found["Selis Herald"], OWN, "corroborated", "A doctor says so too.")
    items = {one.source: one.id for one in archive.captures()}
    told = archive.delete(items["Karov Post"], "risk_to_life", "the victims' unit", "She is in danger.")
    assert told.touched == (grade.id,)
    assert disclose(archive.snapshot(), "internal").snapshot.judgements == ()
    archive.delete(items["Selis Herald"], "law", "a court", "An order.")
    assert archive.judgements() == ()
    assert verify(archive.case.path).ok


def test_a_bundle_takes_a_grade_along_only_with_what_it_rests_on(archive: Archive, tmp_path: Path) -> None:
    grade = archive.record_grade(claims(archive)["Selis Herald"], OWN, "corroborated", "A doctor says so too.")
    herald = next(one.id for one in archive.captures() if one.source == "Selis Herald")
    archive.bundle(tmp_path / "whole", audience="court")
    archive.bundle(tmp_path / "part", audience="court", only=[herald])
    held = {name: b"".join(path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file())
            for name in ("whole", "part")}  # fmt: skip
    assert b"A doctor says so too." in held["whole"] and b"A doctor says so too." not in held["part"]
    assert grade.id.encode() in held["whole"]


def test_the_command_refuses_with_what_is_missing_and_records_what_is_supported(archive: Archive) -> None:
    claim, case = claims(archive)["Selis Herald"], archive.case.path
    archive.close()
    refused = probanda("grade", case, claim[:18], "--as", "established", "-r", "It is so.", "--json")
    assert (refused.code, refused.error["kind"]) == (1, "GradeNotSupported")
    assert "A person confirmed a claim of each of at least two origins." in refused.error["message"]
    made = probanda("grade", case, claim[:18], "--as", "corroborated", "-r", "Two origins.", "--json")
    assert (made.code, made.json["grade"]["grade"]) == (0, "corroborated")
    shown = probanda("grade", case, claim)
    assert "corroborated: supported" in shown.out and "recorded: corroborated by Ana Velt" in shown.out
    Draft202012Validator(SCHEMA).validate(probanda("grade", case, claim, "--json").json)
    told = probanda("grade", case, claim, "--scheme", "admiralty", "--json").json
    Draft202012Validator(SCHEMA).validate(told)
    assert [one["scheme"] for one in told["schemes"]] == ["admiralty-source", "admiralty-information"]
    for wrong in (("--scheme", "rumour"), ("--as", "corroborated"), ("-r", "x"), ("--as", "true", "-r", "x")):
        assert probanda("grade", case, claim, *wrong, "--json").code == 2
    assert probanda("grade", case, "claim:0000000000", "--json").code == 1


def test_what_is_guarded_counts_on_record_or_not_at_all(archive: Archive, tmp_path: Path) -> None:
    add(
        archive,
        tmp_path / "witness.txt",
        f"Olen Tarik, a miller, said that {KILLED}.\n",
        "told us",
        "identity_protected",
    )
    archive.run()
    found, case = claims(archive), archive.case.path
    item = next(one.id for one in archive.captures() if one.name == "witness.txt")
    archive.close()
    claim = found["Selis Herald"]
    assert "Found: 3" in probanda("grade", case, claim, "--by", "Bo Harn").out
    with Archive.open(case, read_only=True) as again:
        seen = [entry.detail for entry in again.case.log.entries() if entry.act == ACCESS]
    assert [(one["command"], one["captures"]) for one in seen] == [("grade", [item])]
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        hidden = probanda("grade", case, claim, unprivileged=True)
        assert hidden.code == 0 and "Found: 2" in hidden.out and "Found: 3" not in hidden.out
        assert found["told us"][:18] not in hidden.out
        refused = probanda("grade", case, found["told us"], "--json", unprivileged=True)
        assert (refused.code, refused.error["kind"]) == (1, "NotShown")
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)
