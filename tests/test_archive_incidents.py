"""What a person does with incidents: makes, revises, withdraws, relates; confirms or refuses what is proposed."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

import case_steps
from incident_world import Report, one_act
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index.connect import SCHEMA
from probanda.index.queries import UnknownIdError
from probanda.pipeline import Stage
from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.derivation import Request
from probanda.records.incident import Where, parse_incident
from probanda.records.protection import Protection
from probanda.records.reading import Reading
from probanda.register import LOCK, SupersededError
from probanda.report.disclosure import disclose
from probanda.steps.step import Step, StepOutput, StepResult, succeeded


def stages(reports: Sequence[Report]) -> list[Stage]:
    """The spine in miniature, whose reading of a report is the one that was made with it."""
    made: Mapping[str, Reading] = {report.sha256: report.reading() for report in reports}

    def read(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
        ((sha256, _),) = inputs.items()
        return succeeded(StepOutput("reading", canonical(to_json(made[sha256])), "application/json"))

    return [
        Stage(Step("read", "1", read), stage.wanted) if stage.step.name == "read" else stage
        for stage in case_steps.STAGES
    ]


def fill(archive: Archive, folder: Path, reports: Sequence[Report], protection: Protection | None = None) -> None:
    folder.mkdir()
    for number, report in enumerate(reports):
        (folder / f"{number}.txt").write_text(report.text.strip(), "utf-8")
    archive.add([folder], published="2031-04-09", protection=protection)
    archive.run(InlineEngine(archive.case.blobs.folder), stages=stages(reports))


def reports() -> list[Report]:
    """Two reports of one act, one of them with a figure, and one of another act that is denied; their digests are
    those of their texts."""
    made = []
    for name, more in (("a", {"hit": "the market"}), ("bb", {"hit": "the old market"})):
        report = one_act(name, **more)
        report.words(f"Report {name}.")
        made.append(report)
    made[0].toll()
    other = one_act("c", place="Castle Orrin", modality="denied")
    made.append(other)
    return [settled(report) for report in made]


def settled(report: Report) -> Report:
    report.text = report.text.strip()
    report.sha256 = hashlib.sha256(report.text.encode()).hexdigest()
    return report


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "case", "The market", "Ana Velt") as archive:
        fill(archive, tmp_path / "material", reports())
        yield archive


def test_an_incident_is_signed_kept_and_found_again(archive: Archive) -> None:
    capture = archive.captures()[0].id
    [one, *_] = archive.events(type="attack")
    where = Where("Port Selis", 47.1, 31.2, 500, basis="read off a map")
    made = archive.incident(
        "Strike on the market", "Three reports tell of it.", members=[one.record.id[:14], capture], where=where,
        type="attack.strike", by="Mirek Sandor",
    )  # fmt: skip
    assert made.members == (one.record.id, capture)
    assert made.protection == Protection(), "unset is restricted"
    assert archive.incidents() == (made,)
    assert archive.snapshot().incidents == (made,)
    entry = list(archive.case.log.entries())[-1]
    assert entry.detail == {"incident": made.id, "members": 2, "supersedes": None}
    assert parse_incident(archive.case.blobs.read(entry.blobs("incident")[0].sha256)) == made
    assert "market" not in (archive.case.path / "log" / "entries.jsonl").read_text()
    judged = archive.judge(made.id[:14], "confirmed", "Seen on the map.")
    assert judged.about == (made.id,)
    assert archive.verify().ok


def test_a_revision_supersedes_and_the_older_version_cannot_be_revised_again(archive: Archive) -> None:
    first = archive.incident("Strike", "seen")
    second = archive.incident("Strike on the market", "named in the report", supersedes=first.id)
    assert second.supersedes == first.id
    assert archive.incidents() == (second,)
    size = archive.case.log.size
    with pytest.raises(SupersededError, match=second.id):
        archive.incident("Shelling", "seen", supersedes=first.id, by="Somebody new")
    assert archive.case.log.size == size, "nothing was written, nobody was registered"
    with Archive.open(archive.case.path) as other:
        third = other.incident("Strike on the harbour market", "named", supersedes=second.id)
    with pytest.raises(SupersededError, match=third.id):
        archive.incident("Strike", "seen", supersedes=second.id)
    assert archive.incidents() == (third,)
    assert archive.verify().ok


def test_a_withdrawal_ends_an_incident_and_its_relations(archive: Archive) -> None:
    one, other = archive.incident("Strike", "seen"), archive.incident("Fire", "seen")
    relation = archive.relate(one.id, "causes", other.id, "the fire began at the crater")
    assert archive.relations() == (relation,)
    gone = archive.incident(other.title, "it never burnt", supersedes=other.id, withdrawn=True)
    assert archive.incidents() == (one,)
    assert archive.relations() == ()
    with pytest.raises(SupersededError, match="withdraw"):
        archive.incident("Fire", "again", supersedes=gone.id)
    with pytest.raises(SupersededError, match="it never burnt"):
        archive.relate(one.id, "causes", other.id, "again")
    assert archive.verify().ok


def test_a_relation_means_the_newest_versions_and_can_be_taken_back(archive: Archive) -> None:
    one, other = archive.incident("Strike", "seen"), archive.incident("Campaign", "seen")
    relation = archive.relate(one.id, "part_of", other.id, "its order says so")
    newer = archive.incident("Strike on the market", "named", supersedes=one.id)
    [now] = archive.relations()
    assert (now.id, now.subject, now.object) == (relation.id, newer.id, other.id)
    archive.relate(one.id, "part_of", other.id, "the order was forged", supersedes=relation.id, withdrawn=True)
    assert archive.relations() == ()
    with pytest.raises(ValueError, match="twice"):
        archive.relate(newer.id, "same", one.id, "one and the same")
    assert archive.verify().ok


def test_what_does_not_fit_is_refused_and_leaves_nothing(archive: Archive) -> None:
    made = archive.incident("Strike", "seen")
    size = archive.case.log.size
    for title, reason, more in (
        (" ", "seen", {}),
        ("Strike", "", {}),
        ("Strike", "seen", {"members": [made.id]}),
        ("Strike", "seen", {"members": ["claim:abcdef"]}),
        ("Strike", "seen", {"supersedes": "incident:abcdef"}),
        ("Strike", "seen", {"proposal": "abcdef"}),
    ):
        with pytest.raises((ValueError, UnknownIdError)):
            archive.incident(title, reason, by="Somebody new", **more)
    assert archive.case.log.size == size


def test_a_proposal_is_confirmed_by_making_an_incident_of_it(archive: Archive) -> None:
    [best, *rest] = archive.proposals()
    assert len(best.members) == 3, "two acts and the figure beside one"
    made = archive.incident("Strike on the market", "Both name it.", proposal=best.id[:16])
    assert (made.proposal, made.members, made.type) == (best.id, best.members, "attack.strike")
    assert (made.where, made.when) == (best.where, best.when)
    assert archive.proposals() == tuple(rest)
    revised = archive.incident("Strike", "its name was wrong", supersedes=made.id, members=made.members)
    assert revised.proposal == best.id
    made = revised
    archive.incident("Strike", "it was two", supersedes=made.id, withdrawn=True)
    assert best.id in {one.id for one in archive.proposals()}, "nobody holds it any more"


def test_a_proposal_that_is_rejected_stays_away_until_somebody_is_undecided(archive: Archive) -> None:
    [best, *rest] = archive.proposals()
    made = archive.judge(best.id, "rejected", "Two markets.")
    assert made.about == (best.id,)
    assert made.extra == {"members": list(best.members)}, "a proposal is in no log, so the judgement keeps it"
    assert archive.proposals() == tuple(rest)
    assert all(row.judgement is None for row in archive.events()), "no event was rejected by this"
    archive.judge(best.id, "undecided", "The map is unclear.")
    assert archive.proposals() == (best, *rest)
    with pytest.raises(ValueError, match="incident confirm"):
        archive.judge(best.id, "confirmed", "Yes.")
    assert archive.verify().ok


def test_the_rebuilt_index_has_the_same_rows(archive: Archive, tmp_path: Path) -> None:
    one, other = archive.incident("Strike", "seen", members=[archive.captures()[0].id]), archive.incident("Fire", "s")
    archive.relate(one.id, "causes", other.id, "seen")
    archive.incident("Strike", "again", supersedes=one.id)
    live = b"".join(archive.canonical_dump())
    assert b'"table":"incidentmember"' in live
    folder = shutil.copytree(archive.case.path, tmp_path / "copy")
    Archive.rebuild(folder)
    with Archive.open(folder) as rebuilt:
        assert b"".join(rebuilt.canonical_dump()) == live
        assert rebuilt.proposals() == archive.proposals()


def test_an_index_of_a_version_that_passed_over_incidents_is_built_anew(archive: Archive, tmp_path: Path) -> None:
    made = archive.incident("Strike", "seen")
    folder = shutil.copytree(archive.case.path, tmp_path / "copy")
    for left in folder.glob("index.sqlite-*"):
        left.unlink()
    connection = sqlite3.connect(archive.case.path / "index.sqlite")
    old = sqlite3.connect(folder / "index.sqlite")
    connection.backup(old)
    for table in ("incidentmember", "incident", "relation"):
        old.execute(f"DROP TABLE probanda_index_{table}")
    old.execute("DELETE FROM django_migrations WHERE name LIKE '%incidents'")
    old.execute(f"PRAGMA user_version = {SCHEMA - 1}")
    old.commit()
    old.close()
    connection.close()
    with Archive.open(folder) as opened:
        assert opened.index_built is not None
        assert "does not know incidents" in opened.index_built
        assert opened.incidents() == (made,)


def test_a_way_out_gives_the_least(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "The market", "Ana Velt") as archive:
        fill(archive, tmp_path / "material", reports()[:2], protection=Protection("public"))
        fill(archive, tmp_path / "hidden", [settled(one_act("x", hit="the market", precision="day"))],
             protection=Protection("identity_protected"))  # fmt: skip
        open_, hidden = archive.captures()[0].id, archive.captures()[-1].id
        public = Protection("public")
        shown = archive.incident("Strike", "secret reason", members=[open_], protection=public)
        closed = archive.incident("Testimony", "seen", members=[open_])
        mixed = archive.incident("Statement", "seen", members=[open_, hidden], protection=public)
        from_hidden = archive.incident("Row 7", "imported", protection=public, origin={"capture": hidden})
        archive.relate(shown.id, "contradicts", closed.id, "seen")
        archive.judge(shown.id, "confirmed", "seen")
        snapshot = archive.snapshot()
    assert {one.id for one in snapshot.incidents} == {shown.id, closed.id, mixed.id, from_hidden.id}
    inside, outside = disclose(snapshot, "internal"), disclose(snapshot, "public")
    assert [one.id for one in inside.snapshot.incidents] == [shown.id, closed.id]
    assert len(inside.snapshot.relations) == 1
    assert [one.about for one in inside.snapshot.judgements] == [(shown.id,)]
    assert [one.id for one in outside.snapshot.incidents] == [shown.id]
    assert outside.snapshot.relations == ()
    assert {one.what: one.count for one in outside.withheld}["incidents"] == 3
    everything = {name for one in inside.snapshot.proposals for name in (*one.members, *one.contradicted_by)}
    known = {event.id for row in inside.snapshot.readings for event in row.reading.events}
    known |= {claim.id for row in inside.snapshot.readings for claim in row.reading.claims}
    assert everything <= known
    assert hidden not in repr(inside.snapshot)


def test_a_case_that_may_only_be_read_is_read(archive: Archive) -> None:
    made = archive.incident("Strike", "seen")
    (archive.case.path / LOCK).unlink()
    with Archive.open(archive.case.path, read_only=True) as opened:
        assert opened.incidents() == (made,)
        assert len(opened.proposals()) == len(archive.proposals())
    assert not (archive.case.path / LOCK).exists()
