"""seal and settings as a person types them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli_world import Said
from cli_world import probanda as run
from probanda.preserve.cosignature import cosign
from probanda.preserve.note import COSIGNATURE_ED25519, NoteKey, parse_note
from seal_world import case_in
from time_authority import TimeAuthority, responding

WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
WITNESS_KEY = NoteKey("partner.example/w", COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    with case_in(tmp_path) as archive:
        return archive.case.path


def name(case: Path, authority: TimeAuthority, *more: str) -> Said:
    root = case.parent / f"{authority.name}.pem"
    root.write_text(authority.certificates)
    return run("settings", case, "--authority", f"{authority.name}={authority.url}", "--certificates", root,
               "--reason", "a stamp a day", *more)  # fmt: skip


def test_a_case_is_sealed_and_verify_says_up_to_when(case: Path, tmp_path: Path) -> None:
    with responding(TimeAuthority(tmp_path / "office")) as office:
        assert name(case, office, "--min-anchors", "1", "--max-age", "24h").code == 0
        said = run("seal", case, "--json")
        assert said.code == 0
        assert [one["name"] for one in said.json["anchors"]] == ["Office"]
        assert said.json["anchoring"]["met"] is True
        again = run("seal", case)
        assert again.code == 0
        assert "nothing was added" in again.out
    kept = tmp_path / "kept"
    kept.write_text(said.json["checkpoint"], "utf-8")
    told = run("verify", case, "--checkpoint", kept, "--certificates", tmp_path / "Office.pem", "--json")
    outcomes = {check["name"]: check["outcome"] for check in told.json["checks"]}
    assert told.code == 0
    assert {outcomes[one] for one in ("log.root", "time.pinned", "time.anchored")} == {"holds"}
    assert told.json["summary"].startswith("Integrity since ingestion holds; time anchored up to entry 2 by 20")
    kept.write_text(said.json["checkpoint"].replace("\n3\n", "\n2\n"), "utf-8")
    assert run("verify", case, "--checkpoint", kept).code == 1


def test_fewer_anchors_than_asked_for_is_no_success(case: Path, tmp_path: Path) -> None:
    with responding(TimeAuthority(tmp_path / "office", behaviour="refuses")) as office:
        assert name(case, office, "--min-anchors", "1").code == 0
        said = run("seal", case)
        assert said.code == 1
        assert "NOT stamped by Office" in said.out
        assert "count as unanchored" in said.out
        office.behaviour = "answers"
        assert run("seal", case).code == 0


def test_an_authority_that_fails_beside_enough_others_is_told_by_the_code(case: Path, tmp_path: Path) -> None:
    with (
        responding(TimeAuthority(tmp_path / "good", "Good")) as good,
        responding(TimeAuthority(tmp_path / "bad", "Bad", behaviour="garbage")) as bad,
    ):
        assert name(case, good, "--min-anchors", "1").code == 0
        assert name(case, bad).code == 0
        said = run("seal", case, "--json")
        assert said.code == 3
        assert (said.json["met"], [one["name"] for one in said.json["failures"]]) == (True, ["Bad"])


def test_without_a_network_requests_and_answers_travel_as_files(case: Path, tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office")
    assert name(case, office, "--min-anchors", "1").code == 0
    said = run("seal", case, "--offline", tmp_path / "out", "--json")
    assert said.code == 0
    assert said.json["met"] is False
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["Office.tsq", "checkpoint"]
    answer = tmp_path / "Office.tsr"
    answer.write_bytes(office.reply((tmp_path / "out" / "Office.tsq").read_bytes()))
    assert office.openssl_verifies((tmp_path / "out" / "checkpoint").read_bytes(), answer.read_bytes())
    assert run("seal", case, "--token", answer, "--authority", "Office").code == 0
    wrong = run("seal", case, "--token", tmp_path / "out" / "checkpoint", "--authority", "Office")
    assert wrong.code == 1
    assert "no time stamp response" in wrong.err
    assert "time anchored" in run("verify", case).out


def test_a_witness_is_named_and_its_cosignature_taken_in(case: Path, tmp_path: Path) -> None:
    assert run("settings", case, "--witness", f"Partner={WITNESS_KEY.vkey}", "--reason", "a partner").code == 0
    note = parse_note(run("seal", case, "--json").json["checkpoint"].encode())
    file = tmp_path / "cosigned"
    file.write_bytes(cosign(note, WITNESS_KEY, WITNESS.sign, datetime.now(UTC)).encode())
    said = run("seal", case, "--cosignature", file, "--json")
    assert (said.code, [one["name"] for one in said.json["anchors"]]) == (0, ["Partner"])
    assert "(Partner)" in run("verify", case).out


def test_settings_change_what_they_name_and_keep_the_rest(case: Path, tmp_path: Path) -> None:
    assert "No settings" in run("settings", case).out
    one, two = TimeAuthority(tmp_path / "one", "One"), TimeAuthority(tmp_path / "two", "Two")
    assert name(case, one, "--max-age", "7d", "--approval", "bundle,export").code == 0
    assert name(case, two, "--min-anchors", "2", "--second-key").code == 0
    found = run("settings", case, "--json").json["settings"]
    assert [authority["name"] for authority in found["authorities"]] == ["One", "Two"]
    assert (found["min_anchors"], found["max_age_s"], found["approval"]) == (2, 604_800, ["bundle", "export"])
    assert found["second_key"]
    assert run("settings", case, "--without", "One", "--reason", "closed").code == 2  # two anchors, one authority left
    assert run("settings", case, "--without", "One", "--min-anchors", "1", "--approval", "none",
               "--max-age", "none", "--no-second-key", "--reason", "closed").code == 0  # fmt: skip
    found = run("settings", case, "--json").json["settings"]
    assert [authority["name"] for authority in found["authorities"]] == ["Two"]
    assert (found["min_anchors"], found["max_age_s"], found["approval"], found["second_key"]) == (1, None, [], None)
    assert "anchors asked for: 1, at any time" in run("settings", case).out
    assert run("verify", case).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--min-anchors", "1"], "expected --reason"),
        (["--min-anchors", "1", "--reason", "r"], "at most 0 anchors"),
        (["--authority", "A=http://a.example/", "--reason", "r"], "a --certificates FILE for each"),
        (["--authority", "A", "--certificates", "PEM", "--reason", "r"], "expected NAME=URL"),
        (["--authority", "A=http://a.example/", "--certificates", "LEAF", "--reason", "r"], "self-signed"),
        (["--authority", "A=ftp://a.example/", "--certificates", "PEM", "--reason", "r"], "http://"),
        (["--witness", "A=nonsense", "--reason", "r"], "NAME+ID+KEY"),
        (["--max-age", "soon", "--reason", "r"], "(24h) or none"),
        (["--approval", "post", "--reason", "r"], "expected one of"),
        (["--without", "A", "--reason", "r"], "an authority or witness of the case"),
        (["--reason", "r"], "something to change"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_change_nothing(
    case: Path, tmp_path: Path, arguments: list[str], told: str
) -> None:
    office = TimeAuthority(tmp_path / "office")
    files = {"PEM": office.folder / "root.pem", "LEAF": office.folder / "signer.pem"}
    said = run("settings", case, *(files.get(one, one) for one in arguments))
    assert said.code == 2
    assert told in said.err
    assert run("settings", case, "--json").json["settings"] is None


@pytest.mark.parametrize(
    "arguments", [["--token", "x"], ["--authority", "x"], ["--renew", "--offline", "x"], ["--cosignature", "missing"]]
)
def test_a_wrong_command_line_seals_nothing(case: Path, arguments: list[str]) -> None:
    assert run("seal", case, *arguments).code == 2


def test_a_renewal_binds_everything_and_verifies(case: Path, tmp_path: Path) -> None:
    with responding(TimeAuthority(tmp_path / "office")) as office:
        assert name(case, office).code == 0
        assert run("seal", case).code == 0
        assert run("seal", case, "--renew").code == 0
        assert len(office.asked) == 3
    told = {check["name"]: check for check in run("verify", case, "--json").json["checks"]}
    assert told["time.renewed"]["outcome"] == "holds"
    assert told["time.renewed"]["counted"] > 3
