"""The engine of one machine: worker processes, each of which may die of an item without harm to another.

How isolation works. Each worker has one socket pair to the driver and shares nothing with other workers: no queue, no
lock that a dying process could take along (docs/decisions/0003). A worker says which item it is about to begin, so the
driver sees a hang by the clock and a crash by the closed socket. The item at which a worker died is only suspected: it
is run again, alone, in a fresh worker, and fails only if it does the same there; the rest of the batch is run again
without it. So a neighbour is never blamed, and a hostile item costs two time-outs at most.

The driver is one thread, this iterator; it looks at the workers when a result is asked for. Workers start when there is
work for them, serve any step, and stay for the next call until `close`. POSIX only; `EngineError` elsewhere.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from probanda.engine.contract import (
    Batch,
    BatchResult,
    EngineError,
    Runnable,
    crashed,
    out_of_memory,
    timed_out,
)
from probanda.engine.worker import ENVIRONMENT
from probanda.records.canonical import canonical
from probanda.records.codec import parse, to_json
from probanda.records.derivation import Derivation

_STRIKES = 3  # arbitrary: deaths of one worker before any item began, after which the engine gives up

# The same on every machine, because libraries may look at them. One thread each: the workers are the parallelism.
_FIXED = {
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}


@dataclass(slots=True)
class _Open:
    """A batch in work, and the answers so far by place."""

    batch: Batch
    answers: dict[int, Derivation] = field(default_factory=dict)


@dataclass(slots=True)
class _Job:
    """Places of a batch for one worker, in one go. `alone`: a suspect, in a process that has run nothing else."""

    open: _Open
    places: list[int]
    alone: bool = False


@dataclass(slots=True)
class _Slot:
    """A worker's place: the process there (or none), its jobs, and what it is at."""

    process: subprocess.Popen[bytes] | None = None
    connection: Connection | None = None
    jobs: deque[_Job] = field(default_factory=deque)
    job: _Job | None = None
    item: int | None = None
    deadline: float | None = None
    strikes: int = 0
    served: int = 0


class LocalEngine:
    """Satisfies `engine.contract.Engine`."""

    def __init__(
        self,
        blobs: Path,
        workers: int | None = None,
        *,
        batches_per_worker: int = 1000,
        start_timeout_s: float = 120.0,
    ) -> None:
        """`blobs`: the folder of the case's blob store. `workers`: `None` means one for each core that this process may
        use. A worker is replaced after `batches_per_worker` batches, which bounds what libraries leak."""
        if workers is not None and workers < 1:
            raise ValueError(f"expected at least one worker, found {workers}")
        if sys.platform == "win32":
            raise EngineError("worker processes need a POSIX system; use InlineEngine here, which has no isolation")
        self._blobs = blobs
        self._slots = [_Slot() for _ in range(workers or _cores())]
        self._batches_per_worker = batches_per_worker
        self._start_timeout_s = start_timeout_s
        self._mapping = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers. Work that was not reported is lost and will be asked for again."""
        for slot in self._slots:
            _end(slot)

    def map(self, step: Runnable, batches: Iterable[Batch]) -> Iterator[BatchResult]:
        if self._mapping:
            raise RuntimeError(
                "our caller's fault: this engine already runs a map; finish or close that iterator first"
            )
        self._mapping = True
        source = iter(batches)
        try:
            while self._assign(step, source):
                finished = [self._listen(step, slot) for slot in self._ready()]
                finished += [self._died(slot, reason) for slot, reason in self._overdue(step)]
                self._assign(step, source)  # before yielding: workers go on while the caller commits
                for done in finished:
                    if done is not None:
                        yield BatchResult(tuple(done.answers[place] for place in range(len(done.batch))))
        finally:
            self._mapping = False
            for slot in self._slots:
                if slot.job is not None:
                    _end(slot)
                slot.jobs.clear()

    def _assign(self, step: Runnable, source: Iterator[Batch]) -> bool:
        """Give each idle slot its next job. False when nothing is left to run."""
        for slot in self._slots:
            if slot.job is None and not slot.jobs:
                batch = next(source, None)
                while batch == ():
                    batch = next(source, None)
                if batch is not None:
                    slot.jobs.append(_Job(_Open(batch), list(range(len(batch)))))
            if slot.job is None and slot.jobs:
                self._send(step, slot, slot.jobs.popleft())
        return any(slot.job is not None for slot in self._slots)

    def _send(self, step: Runnable, slot: _Slot, job: _Job) -> None:
        if slot.served and (job.alone or slot.served >= self._batches_per_worker):
            _end(slot)
        if slot.process is None:
            self._start(slot)
        slot.job, slot.item, slot.served = job, None, slot.served + 1
        slot.deadline = time.monotonic() + self._start_timeout_s
        requests = [to_json(job.open.batch[place]) for place in job.places]
        order = canonical({"step": step.where, "requests": requests})
        assert slot.connection is not None
        try:
            slot.connection.send_bytes(order)
        except OSError:
            return  # it died between two jobs; `_listen` meets the closed socket and sends the job again

    def _start(self, slot: _Slot) -> None:
        ours, theirs = Pipe(duplex=True)
        with theirs:
            command = [sys.executable, "-P", "-m", "probanda.engine.worker", str(theirs.fileno()), str(self._blobs)]
            kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}  # no secret of the driver's
            path = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
            try:
                slot.process = subprocess.Popen(
                    [*command, str(os.getpid())],
                    env={**kept, **_FIXED, "PYTHONPATH": path},
                    stdin=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    process_group=0,  # a Ctrl-C in the terminal is the driver's to handle
                )
            except OSError as error:
                raise EngineError(f"a worker process cannot be started: {error}") from error
        slot.connection, slot.served = ours, 0

    def _ready(self) -> list[_Slot]:
        """The slots from which something can be read, after at most the time to the next deadline."""
        by_connection = {slot.connection: slot for slot in self._slots if slot.job is not None and slot.connection}
        deadlines = [slot.deadline for slot in by_connection.values() if slot.deadline is not None]
        timeout = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        return [by_connection[found] for found in wait(list(by_connection), timeout) if isinstance(found, Connection)]

    def _listen(self, step: Runnable, slot: _Slot) -> _Open | None:
        """Take one message. The batch, where this completes it."""
        assert slot.connection is not None and slot.process is not None and slot.job is not None
        try:
            message: list[Any] = json.loads(slot.connection.recv_bytes())
        except (EOFError, OSError):
            slot.process.wait()
            return self._died(slot, crashed(slot.process.returncode))
        job = slot.job
        if message[0] == "item":
            slot.item, slot.deadline = job.places[message[1]], time.monotonic() + step.timeout_s
        elif message[0] == "store":
            slot.item, slot.deadline = None, None  # a slow disk is no fault of an item
        elif message[0] == "exhausted":
            return self._died(slot, out_of_memory(step))
        elif message[0] == "broken":
            raise EngineError(str(message[1]))
        else:
            for place, row in zip(job.places, message[1], strict=True):
                request = to_json(job.open.batch[place])
                job.open.answers[place] = parse(Derivation, {**row, "request": request})
            slot.job, slot.item, slot.deadline, slot.strikes = None, None, None, 0
            return job.open if len(job.open.answers) == len(job.open.batch) else None
        return None

    def _overdue(self, step: Runnable) -> Iterator[tuple[_Slot, str]]:
        """Slots past their time. Only with no message waiting: the driver may have been away longer than the worker."""
        for slot in self._slots:
            if slot.deadline is None or slot.connection is None or slot.connection.poll():
                continue
            if time.monotonic() > slot.deadline:
                yield slot, timed_out(step) if slot.item is not None else "it did not start in time"

    def _died(self, slot: _Slot, reason: str) -> _Open | None:
        """The worker is gone or is to go. Fail the item if it ran alone, else try it alone and the rest without it."""
        job, item = slot.job, slot.item
        assert job is not None
        alone = len(job.places) == 1 and slot.served == 1
        _end(slot)
        if item is None:
            slot.strikes += 1
            if slot.strikes >= _STRIKES:
                raise EngineError(f"a worker ended {_STRIKES} times before it began an item: {reason}")
            slot.jobs.appendleft(job)
            return None
        slot.strikes = 0
        if not alone:
            rest = [place for place in job.places if place != item]
            slot.jobs.append(_Job(job.open, [item], alone=True))
            if rest:
                slot.jobs.append(_Job(job.open, rest))
            return None
        job.open.answers[item] = Derivation(request=job.open.batch[item], outcome="failed", reason=reason)
        return job.open if len(job.open.answers) == len(job.open.batch) else None


def _end(slot: _Slot) -> None:
    if slot.process is not None:
        slot.process.kill()
        slot.process.wait()
    if slot.connection is not None:
        slot.connection.close()
    slot.process = slot.connection = slot.job = slot.item = slot.deadline = None
    slot.served = 0


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
