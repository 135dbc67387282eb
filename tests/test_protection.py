"""Protection that changes: signed, with a reason, at once in force at every way out, and never forgotten. All texts and
names are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import case_steps
from cli_world import made_case, probanda
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index.queries import UnknownIdError
from probanda.preserve.captures import ingestion
from probanda.preserve.protections import protection_change
from probanda.protecting import ProtectionRefusedError
from probanda.records.entry import PROTECTION, encode
from probanda.records.protection import CONDITIONS, MARKINGS, RISKS, USES, Change, Consent, Protection
from probanda.records.table import write_table
from probanda.report.casefile import build
from probanda.report.casefile import to_json as casefile_json
from probanda.report.disclosure import disclose

SECRET = "12 people died at the mill, Lida Horn said."
OPEN = "3 people were hurt in Marisburg."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    material = tmp_path / "material"
    material.mkdir()
    (material / "a.txt").write_text(SECRET)
    (material / "b.txt").write_text(OPEN)
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        archive.add([material / "a.txt"], source="Lida Horn", protection=Protection(consent=Consent(USES)))
        archive.add([material / "b.txt"], source="Mill Post", marking="public")
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        yield archive


def shown(archive: Archive) -> list[str]:
    """The items that may leave to readers inside, by name."""
    return [row.capture.name or "" for row in disclose(archive.snapshot(), "internal").snapshot.items]


def test_a_change_is_signed_by_who_decides_and_keeps_what_was_stated(archive: Archive) -> None:
    first = archive.captures()[0]
    made = archive.protect(first.id[:20], Change(marking="identity_protected", risk="high"), "She is named", "Ira Tal")
    assert made.protection == replace(first.protection, marking="identity_protected", risk="high")
    assert made.stated == first.protection
    again = archive.protect(first.id, Change(risk="elevated"), "She moved away")
    assert (again.protection.marking, again.protection.risk) == ("identity_protected", "elevated")
    assert again.stated == first.protection, "what was stated when it came in"
    assert archive.captures()[0] == again
    assert archive.captures()[1].stated is None
    rows = archive.protections(first.id)
    assert [row.protection.risk for row in rows] == ["unknown", "high", "elevated"]
    assert [row.reason for row in rows] == [None, "She is named", "She moved away"]
    people = {agent.id: agent.name for agent in archive.snapshot().agents}
    assert [people.get(row.by or "") for row in rows] == [None, "Ira Tal", "Ana Velt"]
    [entry, _] = [one for one in archive.case.log.entries() if one.act == PROTECTION]
    assert entry.signature.key == (rows[1].by or "").removeprefix("agent:")
    assert b"She is named" not in encode(entry)
    assert archive.verify().ok


def test_the_rebuilt_index_has_the_same_rows_and_older_entries_stay_as_they_are(archive: Archive) -> None:
    before = list(archive.case.log.entries())
    archive.protect(archive.captures()[0].id, Change(marking="public"), "Cleared")
    archive.protect(archive.captures()[1].id, Change(conditions=("lead_only",)), "Asked for")
    rows = list(archive.canonical_dump())
    folder = archive.case.path
    assert list(archive.case.log.entries())[: len(before)] == before
    archive.close()
    assert Archive.rebuild(folder) == len(before) + 2
    with Archive.open(folder) as again:
        assert list(again.canonical_dump()) == rows
        assert [one.protection.marking for one in again.captures()] == ["public", "public"]
        assert again.verify().ok


def test_a_change_counts_for_what_came_before_it_only_from_then_on(archive: Archive, tmp_path: Path) -> None:
    archive.protect(archive.captures()[0].id, Change(marking="public"), "Cleared")
    archive.add([tmp_path / "material" / "a.txt"])
    assert [one.protection.marking for one in archive.captures()] == ["public", "public", "restricted"]
    assert shown(archive) == ["a.txt", "b.txt", "a.txt"]


def test_a_loosening_opens_nothing_that_the_log_commits_to(archive: Archive) -> None:
    item = archive.captures()[0]
    archive.protect(item.id, Change(marking="public"), "Cleared")
    log = (archive.case.path / "log" / "entries.jsonl").read_bytes()
    assert item.blob.encode() not in log
    assert archive.captures()[0].committed is not None
    assert [row.capture.id for row in disclose(archive.snapshot(), "public").snapshot.items] == [
        one.id for one in archive.captures()
    ]


def test_a_withdrawn_consent_takes_effect_at_once_at_every_way_out(archive: Archive, tmp_path: Path) -> None:
    from probanda.exchange import as_auto_archiver
    from probanda.preserve.verify import verify
    from probanda.report.exchange import FORMATS

    item = archive.captures()[0]
    [claim] = [one.record for one in archive.claims() if one.record.passage.text in SECRET]
    made = archive.incident("Deaths at the mill", "Lida Horn says so", members=[claim.id])
    archive.judge(claim.id, "confirmed", "Heard her twice")

    def ways() -> str:
        snapshot = archive.snapshot()
        given = disclose(snapshot, "internal").snapshot
        sheets = [format.write(given.incidents, {}) for format in FORMATS.values()]
        page = casefile_json(build(snapshot, "internal")).decode()
        return "\n".join([page, write_table(as_auto_archiver(archive)[0]), *sheets])

    secrets = [item.id, item.blob, "Lida Horn", SECRET, made.id, "Deaths at the mill", "Heard her twice", claim.id]
    told = ways()
    assert [word for word in secrets if word not in told] == [], "before, they are there"
    archive.protect(item.id, Change(withdrawn="2026-01-05"), "She called and took it back")
    told = ways()
    assert [word for word in secrets if word in told] == []
    assert "consent withdrawn" in told
    assert OPEN in told
    archive.bundle(tmp_path / "bundle", audience="internal")
    for path in (tmp_path / "bundle").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert [word for word in [item.blob, "Lida Horn", SECRET, claim.id] if word.encode() in data] == [], path
    report = verify(tmp_path / "bundle")
    assert report.ok, report.failed
    archive.protect(item.id, Change(consent=("documentation",)), "She agreed again, for the record only")
    assert shown(archive) == ["a.txt", "b.txt"]


def test_what_changes_nothing_or_does_not_fit_is_refused_and_leaves_nothing(archive: Archive) -> None:
    item = archive.captures()[0].id
    size = archive.case.log.size
    with pytest.raises(ProtectionRefusedError, match="so protected already"):
        archive.protect(item, Change(marking="restricted"), "Again", "Somebody New")
    with pytest.raises(ValueError, match="needs a reason"):
        archive.protect(item, Change(marking="internal"), "  ", "Somebody New")
    with pytest.raises(ValueError, match="withdrawn by now"):
        archive.protect(item, Change(withdrawn="2999-01-01"), "Soon", "Somebody New")
    with pytest.raises(ValueError, match="with its zone"):
        archive.protect(item, Change(withdrawn="2026-01-01T10:00:00"), "Then", "Somebody New")
    for wrong in ("capture:" + "0" * 64, "claim:" + item.removeprefix("capture:"), "ab"):
        with pytest.raises(UnknownIdError):
            archive.protect(wrong, Change(marking="internal"), "Why not")
    assert archive.case.log.size == size


def test_an_item_whose_opening_is_gone_can_be_changed_in_the_log_and_breaks_no_index(archive: Archive) -> None:
    blob = archive.case.blobs.put(b"gone")
    [entry] = archive.case.append([ingestion(blob, nonce="ab" * 32, salt=b"s" * 32)])
    path = archive.case.path / "private" / "openings.jsonl"
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if blob.sha256.encode() not in line]
    path.write_bytes(b"".join(kept))
    archive.case.append([protection_change(str(entry.detail["capture"]), Protection("public"), "Cleared")])
    folder = archive.case.path
    archive.close()
    Archive.rebuild(folder)
    with Archive.open(folder) as again:
        assert len(again.captures()) == 2
        assert again.verify().check("protection.changes").outcome == "holds"


changes = st.builds(
    Change,
    marking=st.none() | st.sampled_from(MARKINGS),
    consent=st.none() | st.lists(st.sampled_from(USES), unique=True).map(tuple),
    conditions=st.lists(st.sampled_from(CONDITIONS), unique=True).map(tuple),
    risk=st.none() | st.sampled_from(RISKS),
)
protections = st.builds(
    Protection,
    marking=st.sampled_from(MARKINGS),
    consent=st.none() | st.builds(Consent, st.lists(st.sampled_from(USES), unique=True).map(tuple)),
    conditions=st.lists(st.sampled_from(CONDITIONS), unique=True).map(lambda some: tuple(sorted(some))),
    risk=st.sampled_from(RISKS),
    extra=st.sampled_from([{}, {"later": 1}]),
)


@given(protections, changes)
def test_a_change_sets_what_it_names_and_leaves_the_rest(before: Protection, change: Change) -> None:
    after = change.applied(before)
    assert change.applied(after) == after, "doing it twice is doing it once"
    assert after.extra == before.extra
    assert after.marking == (change.marking or before.marking)
    assert after.risk == (change.risk or before.risk)
    assert set(after.conditions) == {*before.conditions, *change.conditions}
    assert replace(change, conditions=(), dropped=CONDITIONS).applied(before).conditions == ()
    if change.consent is None:
        assert after.consent == before.consent
    else:
        assert after.consent is not None
        assert [use for use in USES if after.consent.covers(use)] == [use for use in USES if use in change.consent]


@given(protections)
def test_a_withdrawal_covers_nothing_any_more_and_a_new_consent_ends_it(before: Protection) -> None:
    gone = Change(withdrawn="2031-05-01").applied(before)
    assert gone.consent is not None
    assert not any(gone.consent.covers(use) for use in USES)
    back = Change(consent=("court",)).applied(gone)
    assert back.consent is not None
    assert [use for use in USES if back.consent.covers(use)] == ["court"]


def test_what_cannot_be_set_together_is_refused() -> None:
    with pytest.raises(ValueError, match="both at once"):
        Change(consent=("court",), withdrawn="2031-05-01")
    with pytest.raises(ValueError, match="set and dropped"):
        Change(conditions=("lead_only",), dropped=("lead_only",))
    with pytest.raises(ValueError, match="expected uses"):
        Change(consent=("everything",))
    assert Change().empty
    assert not Change(consent=()).empty, "that nothing is agreed to is something to say"


def test_the_command_says_before_and_after_and_items_keep_both(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    first = probanda("items", case, "--json").json["items"][0]["capture"]
    done = probanda("protect", case, first["id"][:20], "--marking", "restricted", "--consent", "documentation,court",
                    "--condition", "needs_agreement", "--risk", "elevated", "--reason", "She was traced")  # fmt: skip
    assert done.code == 0, done
    assert "until now: public; risk unknown" in done.out
    assert "from now:  restricted; consent to documentation, court; needs_agreement; risk elevated" in done.out
    assert "its digest stands openly in the log" in done.out
    done = probanda("protect", case, first["id"], "--withdraw-consent", "--no-condition", "needs_agreement",
                    "--reason", "She called", "--by", "Ira Tal", "--json")  # fmt: skip
    history = done.json["protections"]
    assert [row["reason"] for row in history] == [None, "She was traced", "She called"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", history[-1]["protection"]["consent"]["withdrawn"])
    capture = probanda("items", case, "--json").json["items"][0]["capture"]
    assert capture["protection"] == history[-1]["protection"]
    assert capture["stated"] == first["protection"]
    assert probanda("casefile", case, "-o", tmp_path / "out").code == 0
    page = (tmp_path / "out" / "casefile.html").read_text("utf-8")
    assert first["id"] not in page
    assert first["blob"] not in page
    assert "consent withdrawn" in json.dumps(json.loads((tmp_path / "out" / "casefile.json").read_bytes())["withheld"])
    for wrong in (["--marking", "secret"], ["--consent", "all"], ["--condition", "none"], ["--risk", "big"], [],
                  ["--consent", "court", "--withdraw-consent"], ["--withdrawn-at", "2999-01-01"]):  # fmt: skip
        refused = probanda("protect", case, first["id"], *wrong, "--reason", "x", "--json")
        assert refused.code == 2, wrong
        assert refused.error["message"]


def test_add_states_consent_condition_and_risk_from_the_beginning(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    done = probanda("add", case, tmp_path / "material" / "report.txt", "--consent", "none", "--condition", "lead_only",
                    "--condition", "needs_agreement", "--risk", "high", "--json")  # fmt: skip
    assert done.code == 0, done
    capture = probanda("items", case, "--json").json["items"][-1]["capture"]
    assert capture["protection"] == {
        "marking": "restricted", "consent": {"scope": [], "withdrawn": None}, "risk": "high",
        "conditions": ["lead_only", "needs_agreement"],
    }  # fmt: skip
    assert probanda("add", case, tmp_path / "material", "--risk", "none").code == 2
