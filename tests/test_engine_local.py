"""The promises of `engine.contract`, held against each engine with real processes that really die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine_steps
from probanda.engine.contract import Batch, Engine, EngineError
from probanda.engine.inline import InlineEngine
from probanda.engine.local import LocalEngine
from probanda.preserve.blobs import BlobStore
from probanda.records.derivation import Derivation, Request
from probanda.steps.step import Step

HOSTILE = {
    b"segfault": "crashed (signal 11)",
    b"hang": "timed out after 1 s",
    b"allocate": "out of memory (limit 1.0 GiB)",
}


def requests(store: BlobStore, words: list[bytes], step: Step = engine_steps.STEP) -> list[Request]:
    refs = store.put_all(words)
    return [step.request(ref.sha256) for ref in refs]


def batched(items: list[Request], size: int) -> Iterator[Batch]:
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])


def by_input(engine: Engine, items: list[Request], size: int, step: Step = engine_steps.STEP) -> dict[str, Derivation]:
    found: dict[str, Derivation] = {}
    for result in engine.map(step, batched(items, size)):
        for derivation in result.derivations:
            assert derivation.request.inputs[0] not in found, "reported twice"
            found[derivation.request.inputs[0]] = derivation
    return found


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    store = BlobStore(tmp_path / "blobs")
    store.create()
    return store


@pytest.fixture
def engine(tmp_path: Path, store: BlobStore) -> Iterator[LocalEngine]:
    with LocalEngine(tmp_path / "blobs", workers=2) as engine:
        yield engine


def test_exactly_the_hostile_items_fail_and_their_neighbours_succeed(store: BlobStore, engine: LocalEngine) -> None:
    words = [b"good %d" % i for i in range(200)]
    for place, word in zip((17, 90, 91), HOSTILE, strict=True):
        words[place] = word
    items = requests(store, words)
    found = by_input(engine, items, 50)
    for word, item in zip(words, items, strict=True):
        derivation = found[item.inputs[0]]
        if word in HOSTILE:
            assert (derivation.outcome, derivation.reason, derivation.outputs) == ("failed", HOSTILE[word], ())
        else:
            assert derivation.outcome == "succeeded", derivation.reason
            assert store.read(derivation.outputs[0].sha256) == word.upper()


@pytest.mark.slow
def test_three_hostile_items_in_two_thousand(store: BlobStore, engine: LocalEngine) -> None:
    words = [b"good %d" % i for i in range(2000)]
    for place, word in zip((0, 1000, 1999), HOSTILE, strict=True):
        words[place] = word
    found = by_input(engine, requests(store, words), 50)
    reasons = sorted(derivation.reason for derivation in found.values() if derivation.reason)
    assert len(found) == 2000
    assert reasons == sorted(HOSTILE.values())


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        (b"exit", "crashed (exit status 3)"),
        (b"kill", "crashed (signal 9)"),
        (b"raise", "raised ValueError: expected a page, found nonsense"),
        (b"refuse", "it is not a page"),
    ],
)
def test_each_way_to_fail_has_its_reason(store: BlobStore, engine: LocalEngine, word: bytes, reason: str) -> None:
    items = requests(store, [b"before", word, b"after"])
    outcomes = [by_input(engine, items, 3)[item.inputs[0]] for item in items]
    assert [outcome.reason for outcome in outcomes] == [None, reason, None]


def test_a_batch_of_crashes_is_no_more_than_that(store: BlobStore, engine: LocalEngine) -> None:
    """Workers that die as fast as they start; a pool that shares a queue between workers breaks here."""
    words = [b"segfault %d" % i if i % 2 else b"good %d" % i for i in range(20)]
    found = by_input(engine, requests(store, words), 5)
    assert sorted(derivation.outcome for derivation in found.values()) == ["failed"] * 10 + ["succeeded"] * 10


def test_results_stand_in_the_order_of_their_batch(store: BlobStore, engine: LocalEngine) -> None:
    items = requests(store, [b"a", b"slow", b"segfault", b"b"])
    (result,) = engine.map(engine_steps.STEP, [tuple(items)])
    assert [derivation.request for derivation in result.derivations] == items


def test_outputs_are_in_the_store_before_the_result_is_reported(store: BlobStore, engine: LocalEngine) -> None:
    items = requests(store, [b"one", b"two", b"three"])
    for result in engine.map(engine_steps.STEP, batched(items, 1)):
        for output in result.derivations[0].outputs:
            assert store.read(output.sha256) in (b"ONE", b"TWO", b"THREE")


def test_the_batches_are_drawn_only_as_fast_as_workers_take_them(store: BlobStore, engine: LocalEngine) -> None:
    (item,) = requests(store, [b"one"])
    drawn = 0

    def endless() -> Iterator[Batch]:
        nonlocal drawn
        while True:
            drawn += 1
            yield (item,)

    results = engine.map(engine_steps.STEP, endless())
    for _ in range(10):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert 10 <= drawn <= 16


def test_after_a_closed_map_the_engine_works_again(store: BlobStore, engine: LocalEngine) -> None:
    items = requests(store, [b"slow %d" % i for i in range(6)])
    results = engine.map(engine_steps.STEP, batched(items, 1))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(by_input(engine, items, 2)) == 6


def test_two_maps_at_once_are_the_callers_fault(store: BlobStore, engine: LocalEngine) -> None:
    items = requests(store, [b"one", b"two", b"three"])
    first = engine.map(engine_steps.STEP, batched(items, 1))
    next(first)
    with pytest.raises(RuntimeError, match="already runs a map"):
        next(engine.map(engine_steps.STEP, batched(items, 1)))
    assert len(list(first)) == 2


def test_no_batches_start_no_process_and_an_empty_batch_has_no_result(engine: LocalEngine) -> None:
    assert list(engine.map(engine_steps.STEP, [])) == []
    assert list(engine.map(engine_steps.STEP, [()])) == []


def test_an_input_that_is_not_there_is_nobodys_failure(store: BlobStore, engine: LocalEngine) -> None:
    absent = engine_steps.STEP.request("0" * 64)
    (good,) = requests(store, [b"good"])
    (result,) = engine.map(engine_steps.STEP, [(absent, good)])
    assert [derivation.outcome for derivation in result.derivations] == ["unavailable", "succeeded"]
    assert "0" * 64 in (result.derivations[0].reason or "")


def test_a_request_for_another_version_or_other_resources_is_not_answered(
    store: BlobStore, engine: LocalEngine
) -> None:
    (item,) = requests(store, [b"good"])
    other = Request("upper", "2", item.inputs)
    lexicon = Request("upper", "1", item.inputs, {}, {"lexicon": "1" * 64})
    (result,) = engine.map(engine_steps.STEP, [(other, lexicon)])
    assert [derivation.outcome for derivation in result.derivations] == ["unavailable", "unavailable"]
    assert "lexicon" in (result.derivations[1].reason or "")


def test_a_worker_has_none_of_the_drivers_secrets(
    store: BlobStore, engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBANDA_TEST_SECRET", "a database password")
    (item,) = requests(store, [b"environment"])
    facts = by_input(engine, [item], 1)[item.inputs[0]].facts
    assert facts["secret"] is None


def test_a_step_that_cannot_be_loaded_is_an_error_of_the_engine(store: BlobStore, tmp_path: Path) -> None:
    lost = Step("lost", "1", engine_steps._run)
    (item,) = requests(store, [b"good"], lost)
    engine_steps.LOST = lost  # type: ignore[attr-defined]  # known here, not in a fresh process
    try:
        with LocalEngine(tmp_path / "blobs", workers=1) as engine, pytest.raises(EngineError, match="cannot be loaded"):
            list(engine.map(lost, [(item,)]))
    finally:
        del engine_steps.LOST  # type: ignore[attr-defined]


def test_a_worker_killed_between_two_batches_is_replaced(store: BlobStore, tmp_path: Path) -> None:
    items = requests(store, [b"one", b"two", b"three"])
    with LocalEngine(tmp_path / "blobs", workers=1) as engine:
        (first,) = engine.map(engine_steps.STEP, [(items[0],)])
        process = first.derivations[0].facts["process"]
        assert isinstance(process, int)
        os.kill(process, signal.SIGKILL)
        assert len(by_input(engine, items[1:], 1)) == 2


def test_the_inline_engine_answers_the_same(store: BlobStore, engine: LocalEngine, tmp_path: Path) -> None:
    items = requests(store, [b"one", b"raise", b"refuse", b"two"])
    inline = by_input(InlineEngine(tmp_path / "blobs"), items, 3)
    local = by_input(engine, items, 3)
    for item in items:
        here, there = inline[item.inputs[0]], local[item.inputs[0]]
        assert (here.outcome, here.reason, here.outputs) == (there.outcome, there.reason, there.outputs)


DRIVER = """
import sys
from pathlib import Path
import engine_steps
from probanda.engine.local import LocalEngine
from probanda.preserve.blobs import BlobStore
folder = Path(sys.argv[1])
ref = BlobStore(folder).put(b"x")
step = engine_steps.LOOPS_IN_C
for result in LocalEngine(folder, workers=2).map(step, [(step.request(ref.sha256),)] * 2):
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal and /proc are Linux's")
def test_workers_die_with_a_driver_that_is_killed_even_when_they_loop_in_c(store: BlobStore, tmp_path: Path) -> None:
    path = os.pathsep.join(sys.path)
    driver = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path / "blobs")], env={**os.environ, "PYTHONPATH": path}
    )
    try:
        until(lambda: len(children(driver.pid)) == 2)
        workers = children(driver.pid)
        time.sleep(1.0)  # long enough for both to be in the step
    finally:
        driver.kill()
        driver.wait()
    until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def children(pid: int) -> list[int]:
    task = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in task.read_text().split()] if task.exists() else []


def until(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
