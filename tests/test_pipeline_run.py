"""The work list is a query: what is missing is done once, whatever came before, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import case_steps
import engine_steps
from case_steps import IDENTIFY, READ, STAGES, TEXT, with_step
from probanda.archive import Archive
from probanda.engine.contract import Batch, BatchResult, Runnable
from probanda.engine.inline import InlineEngine
from probanda.engine.local import LocalEngine
from probanda.index.work import captured
from probanda.pipeline import Progress, Stage
from probanda.preserve.errors import Locked
from probanda.preserve.lock import held
from probanda.records.derivation import Derivation, parse_rows
from probanda.records.entry import DERIVATION
from probanda.steps.step import StepOutput, StepResult, succeeded


class Watching:
    """An engine that keeps what it was asked and can stop after some batches, as a crash of the engine would."""

    def __init__(self, archive: Archive, stop_after: int | None = None) -> None:
        self.inline = InlineEngine(archive.case.blobs.folder)
        self.asked: Counter[str] = Counter()
        self.batches = 0
        self.stop_after = stop_after

    def map(self, step: Runnable, batches: Iterable[Batch]) -> Iterator[BatchResult]:
        for batch in batches:
            if self.batches == self.stop_after:
                raise ConnectionError("the engine is gone")
            self.batches += 1
            self.asked.update(request.step for request in batch)
            yield from self.inline.map(step, [batch])


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        yield archive


def add(archive: Archive, folder: Path, *items: bytes, published: str | None = "2031-04-02") -> None:
    folder.mkdir(exist_ok=True)
    for item in items:
        path = folder / f"{case_steps.sha256(item)}.txt"
        path.write_bytes(item)
        archive.add([path], published=published)


def committed(archive: Archive) -> list[Derivation]:
    """Every derivation that the log names, straight from the blobs."""
    blobs = archive.case.blobs
    entries = [entry for entry in archive.case.log.entries() if entry.act == DERIVATION]
    return [row for entry in entries for ref in entry.blobs("rows") for row in parse_rows(blobs.read(ref.sha256))]


def test_each_request_is_committed_once_and_a_second_run_does_nothing(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", *(b"%d died" % number for number in range(25)))
    report = archive.run(Watching(archive), stages=STAGES, batch=4)
    assert report.counted == {step: {"succeeded": 25} for step in ("identify", "text", "language", "read")}
    again = Watching(archive)
    assert archive.run(again, stages=STAGES).total == 0
    assert not again.asked
    requests = Counter(row.request.sha256 for row in committed(archive))
    assert len(requests) == 100
    assert set(requests.values()) == {1}
    assert len(archive.claims()) == 25


def test_what_was_committed_before_an_engine_failed_stands(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", *(b"%d died" % number for number in range(10)))
    with pytest.raises(ConnectionError):
        archive.run(Watching(archive, stop_after=3), stages=STAGES, batch=2)
    assert len(committed(archive)) == 6
    rest = Watching(archive)
    assert archive.run(rest, stages=STAGES, batch=2).total == 34
    assert rest.asked["identify"] == 4


def test_outcomes_are_recorded_with_reasons_and_stop_nobody(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died", b"broken", b"\0binary", b"needs a program")
    report = archive.run(Watching(archive), stages=STAGES)
    assert report.counted["text"] == {"succeeded": 1, "failed": 1, "not_applicable": 1, "unavailable": 1}
    assert {(row.step, row.outcome, row.reason) for row in archive.failures()} == {
        ("text", "failed", "it is broken"),
        ("text", "not_applicable", "no reader for it"),
        ("text", "unavailable", "the program is not here"),
    }


def test_the_same_bytes_under_two_dates_are_read_twice_and_under_one_date_once(
    archive: Archive, tmp_path: Path
) -> None:
    add(archive, tmp_path / "m", b"3 died", published="2031-04-02")
    add(archive, tmp_path / "m", b"3 died", published="2031-04-02")
    assert archive.run(Watching(archive), stages=STAGES).counted["read"] == {"succeeded": 1}
    add(archive, tmp_path / "m", b"3 died", published="2031-04")
    add(archive, tmp_path / "m", b"3 died", published=None)
    report = archive.run(Watching(archive), stages=STAGES)
    assert report.counted == {"identify": {}, "text": {}, "language": {}, "read": {"succeeded": 2}}
    dates = {row.reading.document.published: len(row.captures) for row in archive.readings()}
    assert dates == {"2031-04-02": 2, "2031-04": 1, None: 1}


def test_what_was_unavailable_is_tried_again_only_when_the_machine_can_do_more(
    archive: Archive, tmp_path: Path
) -> None:
    add(archive, tmp_path / "m", b"needs a program", b"3 died")
    archive.run(Watching(archive), stages=STAGES)
    same = Watching(archive)
    archive.run(same, stages=STAGES)
    assert not same.asked
    now_there = replace(TEXT, run=lambda request, inputs: succeeded())
    more = Watching(archive)
    stages = with_step(now_there, capabilities="ab" * 32)
    assert archive.run(more, stages=stages).counted["text"] == {"succeeded": 1}
    assert more.asked == {"text": 1}
    assert not any(row.step == "text" for row in archive.failures())
    rows = [row for row in committed(archive) if row.request.step == "text"]
    assert [row.outcome for row in rows].count("unavailable") == 1, "the log keeps what was once so"


def test_a_new_version_reads_again_and_inherits_no_judgement(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died")
    archive.run(Watching(archive), stages=STAGES)
    [old] = archive.claims()
    archive.judge(old.record.id, "confirmed", "seen in the register")
    assert archive.claims()[0].judgement is not None
    archive.run(Watching(archive), stages=with_step(replace(READ, version="2")))
    [new] = archive.claims()
    assert new.record.id != old.record.id
    assert new.judgement is None
    assert archive.judgements()[0].about == (old.record.id,)
    assert len(committed(archive)) == 5, "the old reading stays"
    archive.run(Watching(archive), stages=STAGES)
    assert archive.claims() == (new,), "an older program does not make its readings current"


def test_version_10_is_newer_than_version_9(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died")
    archive.run(Watching(archive), stages=with_step(replace(READ, version="10")))
    [ten] = archive.claims()
    archive.run(Watching(archive), stages=with_step(replace(READ, version="9")))
    assert archive.claims() == (ten,)


def test_a_new_text_takes_the_old_texts_readings_out_of_sight(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died\n4 died\n")
    archive.run(Watching(archive), stages=STAGES)
    assert len(archive.claims()) == 2

    def first_line(request: object, inputs: dict[str, bytes]) -> StepResult:
        (data,) = inputs.values()
        return succeeded(StepOutput("text", data.split(b"\n")[0], "text/plain"))

    archive.run(Watching(archive), stages=with_step(replace(TEXT, version="2", run=first_line)))  # type: ignore[arg-type]
    assert [found.record.passage.text for found in archive.claims()] == ["3 died"]


def test_new_resources_are_a_new_request(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died")
    archive.run(Watching(archive), stages=STAGES)
    other = replace(READ, resources=lambda: {"lexicon": "ab" * 32})
    assert archive.run(Watching(archive), stages=with_step(other)).counted["read"] == {"succeeded": 1}
    assert len(archive.readings()) == 1


def test_people_judge_and_add_while_a_run_goes_on_but_nobody_starts_another(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died")
    archive.run(Watching(archive), stages=STAGES)
    claim = archive.claims()[0].record.id
    with held(archive.case.run_lock), Archive.open(tmp_path / "case") as other:
        with pytest.raises(Locked, match=r"run\.lock"):
            other.run(Watching(other), stages=STAGES)
        other.judge(claim, "confirmed", "seen in the register")
        add(other, tmp_path / "m", b"4 died")
    assert len(archive.judgements()) == 1
    assert archive.run(Watching(archive), stages=STAGES).counted["read"] == {"succeeded": 1}


def test_items_that_come_during_a_run_are_done_in_it(archive: Archive, tmp_path: Path) -> None:
    add(archive, tmp_path / "m", b"3 died")
    told: list[Progress] = []

    def progress(now: Progress) -> None:
        if not told:
            add(archive, tmp_path / "m", b"4 died")
        told.append(now)

    archive.run(Watching(archive), progress, stages=STAGES)
    assert len(archive.claims()) == 2
    assert told[0] == Progress("identify", 1, 1)


def test_an_engine_that_answers_what_it_was_not_asked_is_refused(archive: Archive, tmp_path: Path) -> None:
    class Lying(Watching):
        def map(self, step: Runnable, batches: Iterable[Batch]) -> Iterator[BatchResult]:
            for batch in batches:
                yield BatchResult(tuple(Derivation(replace(request, version="7"), "succeeded") for request in batch))

    add(archive, tmp_path / "m", b"3 died")
    with pytest.raises(RuntimeError, match="the engine's fault"):
        archive.run(Lying(archive), stages=STAGES)
    assert not committed(archive)


def test_hostile_items_fail_and_their_neighbours_succeed(archive: Archive, tmp_path: Path) -> None:
    hostile = {b"segfault": "crashed (signal 11)", b"hang": "timed out after 1 s", b"allocate": "out of memory"}
    add(archive, tmp_path / "m", *hostile, *(b"good %d" % number for number in range(30)))
    with LocalEngine(archive.case.blobs.folder, workers=2) as engine:
        report = archive.run(engine, stages=[Stage(engine_steps.STEP, captured)], batch=10)
    assert report.counted["upper"] == {"succeeded": 30, "failed": 3}
    failed = {row.request.inputs[0]: row.reason for row in committed(archive) if row.outcome == "failed"}
    for item, reason in hostile.items():
        assert (failed[case_steps.sha256(item)] or "").startswith(reason)
    assert archive.verify().ok


def test_the_work_list_is_drawn_in_pages_without_repeats(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(620):  # more than one page
        (folder / f"{number}").write_bytes(b"%d" % number)
    archive.add([folder])
    watching = Watching(archive)
    archive.run(watching, stages=[Stage(IDENTIFY, captured)], batch=250)
    assert watching.asked == {"identify": 620}
