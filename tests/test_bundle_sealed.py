"""A bundle of a sealed case: its stamps are checked where they lie, and openssl takes them there."""

from __future__ import annotations

from pathlib import Path

import pytest

from probanda.collect.post import post
from probanda.preserve.verify import VerifyReport, verify
from seal_world import case_in
from time_authority import TimeAuthority, responding


@pytest.fixture
def bundle(tmp_path: Path) -> tuple[Path, TimeAuthority]:
    authority = TimeAuthority(tmp_path / "office")
    with case_in(tmp_path) as archive, responding(authority):
        archive.assign_settings("a stamp", authorities=(authority.authority(),), min_anchors=1)
        archive.seal(post)
        archive.bundle(tmp_path / "bundle", audience="internal", post=post)
    return tmp_path / "bundle", authority


def failing(report: VerifyReport) -> list[str]:
    return [check.name for check in report.checks if check.outcome == "fails"]


def test_a_bundle_of_a_sealed_case_says_up_to_when_it_is_anchored(bundle: tuple[Path, TimeAuthority]) -> None:
    folder, authority = bundle
    report = verify(folder, certificates=authority.certificates.encode())
    assert report.ok, failing(report)
    assert {report.check(name).outcome for name in ("time.anchored", "time.pinned", "time.tokens")} == {"holds"}
    assert report.check("time.anchored").reason.endswith("(Office); 0 entries after it")
    note = (folder / "data" / "log" / "checkpoint").read_bytes()
    assert authority.openssl_verifies(note, (folder / "anchors" / "checkpoint.Office.tsr").read_bytes())


def test_stamps_in_a_bundle_that_were_exchanged_or_cut_are_named(
    bundle: tuple[Path, TimeAuthority], tmp_path: Path
) -> None:
    folder, authority = bundle
    place = folder / "anchors" / "checkpoint.Office.tsr"
    good = place.read_bytes()
    note = (folder / "data" / "log" / "checkpoint").read_bytes()
    for data in (authority.stamp(b"other"), TimeAuthority(tmp_path / "o").stamp(note), good[:-5], b""):
        place.chmod(0o644)
        place.write_bytes(data)
        assert failing(verify(folder)) == ["time.tokens"]
    place.write_bytes(good)
    listed = folder / "anchors" / "tagmanifest.Office.tsr"
    kept = listed.read_bytes()
    listed.chmod(0o644)
    listed.write_bytes(good)
    assert failing(verify(folder)) == ["time.tokens"]
    listed.write_bytes(kept)
    place.unlink()
    report = verify(folder)
    assert failing(report) == []
    assert "up to entry 2 by" in report.check("time.anchored").reason  # what the seal before anchored


def test_a_checkpoint_of_a_bundle_that_is_not_its_logs_is_named(bundle: tuple[Path, TimeAuthority]) -> None:
    folder, _ = bundle
    place = folder / "data" / "log" / "checkpoint"
    place.chmod(0o644)
    good = place.read_bytes()
    place.write_bytes(good.replace(b"\n", b"\n9", 1))
    assert "checkpoints.signed" in failing(verify(folder))
    place.unlink()
    assert "checkpoints.signed" in failing(verify(folder))
