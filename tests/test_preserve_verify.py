"""Verification: all checks are answered whatever is in the folder, and nothing in it raises."""

from __future__ import annotations

import json
import os
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probanda.preserve import acts, captures
from probanda.preserve.case_folder import CaseFolder, create, open_folder
from probanda.preserve.verify import NAMES, verify
from probanda.preserve.verify.passages import passages
from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.derivation import Derivation, Output, Request, encode_rows

TEXT = "Mirek Sandor spoke in Velin."


def derive(case: CaseFolder, *derivations: Derivation) -> None:
    rows = case.blobs.put(encode_rows(derivations))
    case.append([acts.derivation(rows, len(derivations))])


def output(case: CaseFolder, role: str, data: bytes) -> Output:
    ref = case.blobs.put(data)
    return Output(role, ref.sha256, ref.size)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    """A case with a capture, its text in two derivations of one batch, and a reading of that text."""
    made = create(tmp_path / "case", "Velin", "Jana Orlik")
    original = made.blobs.put(f"<p>{TEXT}</p>".encode())
    made.append([captures.ingestion(original, nonce="ab" * 32, salt=b"s" * 32, name="velin.html")])
    text = output(made, "text", TEXT.encode())
    reading = output(made, "reading", reading_bytes(text.sha256, 0, 12, "Mirek Sandor"))
    derive(
        made,  # the later step stands first: rows of one batch may build on each other in any order
        Derivation(Request("read", "1", (text.sha256,)), "succeeded", None, (reading,)),
        Derivation(Request("text", "1", (original.sha256,)), "succeeded", None, (text,)),
    )
    return made


def reading_bytes(document: str, start: object, end: object, text: object) -> bytes:
    passage: Any = {"start": start, "end": end, "text": text}
    return canonical({"document": {"sha256": document}, "claims": [{"deep": [{"passage": passage}]}]})


def test_a_good_case_holds_and_says_what_is_unproven(case: CaseFolder) -> None:
    report = verify(case.path)
    assert report.ok
    assert [check.name for check in report.checks] == list(NAMES)
    assert {check.name for check in report.checks if check.outcome != "holds"} == {
        "key.pinned", "log.root", "time.anchored",
    }  # fmt: skip
    assert {check.outcome for check in report.checks} == {"holds", "unproven"}
    assert report.summary == "integrity since ingestion holds; time unproven"
    assert (report.case, report.title, report.key) == (case.id, "Velin", case.key)
    assert (report.entries, report.root) == (3, case.log.root())
    counted = {check.name: check.counted for check in report.checks}
    assert counted["blobs.digest"] == 4
    assert counted["readings.anchored"] == 1
    assert counted["derivations.lead_to_capture"] == 2
    assert json.loads(canonical(to_json(report)))["ok"] is True


def test_a_key_and_a_log_head_kept_elsewhere_are_compared(case: CaseFolder) -> None:
    kept = (case.log.size, case.log.root())
    case.append([acts.failure("ingestion", "why")])
    report = verify(case.path, pinned_key=case.key, pinned_root=kept)
    assert (report.check("key.pinned").outcome, report.check("log.root").outcome) == ("holds", "holds")
    report = verify(case.path, pinned_key="ab" * 32, pinned_root=(kept[0], "cd" * 32))
    assert report.failed == ("key.pinned", "log.root")
    assert report.summary == "integrity since ingestion does not hold: key.pinned, log.root"


def test_entries_cut_from_the_end_are_found_with_a_log_head_kept_elsewhere_only(case: CaseFolder) -> None:
    kept = (case.log.size, case.log.root())
    log = case.path / "log" / "entries.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert verify(case.path).ok
    report = verify(case.path, pinned_root=kept)
    assert report.failed == ("log.root",)
    assert "found only 2 entries" in report.check("log.root").reason


def test_progress_counts_bytes_to_the_end(case: CaseFolder) -> None:
    told: list[tuple[str, int, int]] = []
    verify(case.path, lambda *what: told.append(what))
    stages = {stage: (done, total) for stage, done, total in told}
    assert set(stages) == {"log", "blobs"}
    assert all(done == total > 0 for done, total in stages.values())


def test_a_first_failure_does_not_hide_the_others_and_reasons_stay_few(case: CaseFolder) -> None:
    for number in range(40):
        case.append([captures.ingestion(case.blobs.put(str(number).encode()), nonce="ab" * 32, salt=b"s" * 32)])
    for name in list(case.blobs.walk()):
        case.blobs.path(name).unlink()
    with (case.path / "private" / "openings.jsonl").open("ab") as file:
        file.write(b"{}\n")
    report = verify(case.path)
    assert {"blobs.present", "commitments.open", "derivations.outputs"} & set(report.failed)
    assert "more)" in report.check("blobs.present").reason
    assert len(report.check("blobs.present").reason) < 2000


@pytest.mark.parametrize(
    "passage",
    [(0, 11, "Mirek Sandor"), (1, 13, "Mirek Sandor"), (-28, -16, "Mirek Sandor"), (0, 0, ""), (12, 0, "Mirek Sandor"),
     (0.5, 12, "Mirek Sandor"), (0, 12, None), ("0", "12", "Mirek Sandor"), (900, 912, "Mirek Sandor"), (28, 30, "")],
)  # fmt: skip
def test_a_passage_that_is_not_in_its_text_fails(case: CaseFolder, passage: tuple[object, object, object]) -> None:
    text = case.blobs.put(TEXT.encode())
    bad = output(case, "reading", reading_bytes(text.sha256, *passage))
    derive(case, Derivation(Request("read", "2", (text.sha256,)), "succeeded", None, (bad,)))
    assert verify(case.path).failed == ("readings.anchored",)


def test_a_reading_without_a_document_is_compared_with_its_first_input(case: CaseFolder) -> None:
    text = case.blobs.put(TEXT.encode())
    plain = output(case, "reading", canonical({"start": 22, "end": 27, "text": "Velin"}))
    derive(case, Derivation(Request("read", "3", (text.sha256,)), "succeeded", None, (plain,)))
    assert verify(case.path).ok
    derive(case, Derivation(Request("read", "4", (text.sha256,)), "succeeded", None, (output(case, "reading", b"{"),)))
    assert verify(case.path).failed == ("readings.anchored",)


def test_offsets_count_code_points(case: CaseFolder) -> None:
    words = "😀 «Карта» у Веліні"
    text = case.blobs.put(words.encode())
    case.append([captures.ingestion(text, nonce="cd" * 32, salt=b"s" * 32)])
    at = words.index("Веліні")
    reading = output(case, "reading", reading_bytes(text.sha256, at, at + 6, "Веліні"))
    derive(case, Derivation(Request("read", "1", (text.sha256,)), "succeeded", None, (reading,)))
    assert verify(case.path).ok


def blob_link(case: CaseFolder, path: Path) -> None:
    outside = case.path.parent / "outside"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)


def blob_folder(case: CaseFolder, path: Path) -> None:
    path.unlink()
    path.mkdir()


def blob_pipe(case: CaseFolder, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def shard_link(case: CaseFolder, path: Path) -> None:
    path.parent.rename(case.path.parent / "elsewhere")
    path.parent.symlink_to(case.path.parent / "elsewhere")


def stray_names(case: CaseFolder, path: Path) -> None:
    (case.path / "blobs" / "sha256" / "zz").mkdir()
    (path.parent / os.fsdecode(b"\xff\n")).write_bytes(b"")
    (case.path / "blobs" / "sha256" / ("00" * 32)).write_bytes(b"")


def blobs_gone(case: CaseFolder, path: Path) -> None:
    shutil.rmtree(case.path / "blobs")


def sparse_blob(case: CaseFolder, path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 300 << 20)


def log_folder(case: CaseFolder, path: Path) -> None:
    (case.path / "log" / "entries.jsonl").unlink()
    (case.path / "log" / "entries.jsonl").mkdir()


def log_huge_line(case: CaseFolder, path: Path) -> None:
    with (case.path / "log" / "entries.jsonl").open("ab") as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b"\n")


def log_binary(case: CaseFolder, path: Path) -> None:
    (case.path / "log" / "entries.jsonl").write_bytes(os.urandom(100_000))


def log_nested(case: CaseFolder, path: Path) -> None:
    with (case.path / "log" / "entries.jsonl").open("ab") as file:
        file.write(b"[" * 60_000 + b"\n" + b'{"a":' * 10_000 + b"\n")


def openings_folder(case: CaseFolder, path: Path) -> None:
    (case.path / "private" / "openings.jsonl").unlink()
    (case.path / "private" / "openings.jsonl").mkdir()


def openings_huge(case: CaseFolder, path: Path) -> None:
    with (case.path / "private" / "openings.jsonl").open("ab") as file:
        for _ in range(100):
            file.write(b"y" * (1 << 20))
        file.write(b"\n")


def keys_gone(case: CaseFolder, path: Path) -> None:
    shutil.rmtree(case.path / "keys")


def climbing_object(case: CaseFolder, path: Path) -> None:
    log = case.path / "log" / "entries.jsonl"
    rows = next(case.log.entries(2)).blobs("rows")[0].sha256
    log.write_bytes(log.read_bytes().replace(rows.encode(), b"../" * 20 + b"etc/"))


def everything_gone(case: CaseFolder, path: Path) -> None:
    shutil.rmtree(case.path)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (blob_link, {"blobs.layout", "blobs.present"}),
        (blob_folder, {"blobs.layout", "blobs.present"}),
        (blob_pipe, {"blobs.layout", "blobs.present"}),
        (shard_link, {"blobs.layout"}),
        (stray_names, {"blobs.layout"}),
        (blobs_gone, {"blobs.layout", "blobs.present"}),
        (sparse_blob, {"blobs.digest", "blobs.present"}),
        (log_folder, {"log.canonical"}),
        (log_huge_line, {"log.canonical"}),
        (log_binary, {"log.canonical"}),
        (log_nested, {"log.canonical"}),
        (openings_folder, {"commitments.open"}),
        (openings_huge, {"commitments.open"}),
        (keys_gone, {"key.agreement"}),
        (climbing_object, {"log.canonical"}),
        (everything_gone, {"case.format", "log.canonical", "blobs.layout"}),
    ],
)
def test_a_hostile_folder_fails_by_name_in_bounded_memory(
    case: CaseFolder, spoil: Callable[[CaseFolder, Path], None], expected: set[str]
) -> None:
    capture = captures.capture_of(next(case.log.entries(1)), case.openings)
    assert capture is not None
    spoil(case, case.blobs.path(capture.blob))
    tracemalloc.start()
    try:
        report = verify(case.path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not report.ok
    assert expected <= set(report.failed), report.failed
    assert [check.name for check in report.checks] == list(NAMES)
    assert peak < 64 << 20
    canonical(to_json(report))  # whatever stands in the reasons can be written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_the_log_is_found(case: CaseFolder, data: st.DataObject) -> None:
    log = case.path / "log" / "entries.jsonl"
    good = log.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    log.write_bytes(good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :])
    try:
        assert not verify(case.path).ok
    finally:
        log.write_bytes(good)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_any_blob_or_opening_is_found(case: CaseFolder, data: st.DataObject) -> None:
    paths = [case.blobs.path(name) for name in case.blobs.walk()] + [case.path / "private" / "openings.jsonl"]
    path = data.draw(st.sampled_from(paths))
    good = path.read_bytes()
    path.chmod(0o644)
    place = data.draw(st.integers(0, len(good) - 1))
    path.write_bytes(good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :])
    try:
        assert not verify(case.path).ok
    finally:
        path.write_bytes(good)


def test_verification_changes_nothing(case: CaseFolder) -> None:
    with (case.path / "log" / "entries.jsonl").open("ab") as file:
        file.write(b"torn")

    def state() -> dict[Path, tuple[int, int, int]]:
        found = {path: path.lstat() for path in case.path.rglob("*")}
        return {path: (one.st_mtime_ns, one.st_size, one.st_ino) for path, one in found.items()}

    before = state()
    assert verify(case.path).failed == ("log.torn_tail",)
    assert state() == before
    assert open_folder(case.path).log.repairs[0].kind == "cut"
    assert verify(case.path).ok


def test_passages_are_found_at_any_depth() -> None:
    value: Any = {"start": 0, "end": 1, "text": "a", "more": [{"start": 1, "end": 2, "text": "b"}, {"start": 1}]}
    for _ in range(5000):
        value = {"x": [value]}
    assert sorted(passages(value), key=str) == [(0, 1, "a"), (1, 2, "b")]
