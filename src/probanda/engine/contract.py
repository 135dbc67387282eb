"""The one method of an engine, and what it promises.

An engine runs a step over requests, on this machine or on many, and knows steps by their shape only. It reads the
input blobs from and writes the output blobs to the case's blob store, and returns references: no output bytes pass
through the driver. It writes nothing else. It holds no key, no log and no database, which is right for
processes that decode hostile files.

Promises of `Engine.map`, which `tests/test_engine_local.py` runs against each engine:
1. *Durable before reported.* When a result is yielded its output blobs are on stable storage under their names. A
   crash before that leaves orphan blobs, which are harmless and are met again by the same names.
2. *At least once, reported once.* Every request of every batch appears in exactly one result of one call; an item may
   run more than once, which a pure step makes invisible.
3. *Isolation.* An item that crashes, hangs or exhausts memory gets the outcome `failed` with a reason from the table
   below; it never stops or fails another. An item is blamed only after it did so in a process where it ran alone.
4. *Order*: batches come back in any order; the items of a batch stand in the order of the batch.
5. *Backpressure*: `batches` is drawn only as fast as workers take them, with few batches in flight, so that it may be
   endless; results must be drawn from the iterator for work to go on. Closing the iterator stops the work.
6. *Mortality*: workers end when the driver ends, however it ends.

| what the item did | reason |
|---|---|
| ended its process by a signal | `crashed (signal 11)` |
| ended its process with a status | `crashed (exit status 3)` |
| took longer than `step.timeout_s` | `timed out after 60 s` |
| could not allocate | `out of memory (limit 2.0 GiB)` |
| raised an exception | `raised ValueError: ...` (the first 300 characters) |

An input that the store does not have, or a request for another step, version or resources than the worker has, is not
the item's fault: `unavailable`, with a reason. Isolation keeps accidents apart; it is not a sandbox against code that
breaks out of a decoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from probanda.records.canonical import Json
from probanda.records.derivation import Derivation, DerivationOutcome, Request

Batch = tuple[Request, ...]


class EngineError(Exception):
    """The engine itself cannot work (workers do not start, the blob store is gone): not the fault of any item."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The answers to one batch, in its order: `derivations[i].request == batch[i]`. `facts` are the step's; `seconds`
    is wall time in the step, `None` where the process did not live to tell."""

    derivations: tuple[Derivation, ...]


class OutputBytes(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class Answer(Protocol):
    """The shape of `steps.step.StepResult`."""

    @property
    def outcome(self) -> DerivationOutcome: ...
    @property
    def outputs(self) -> Sequence[OutputBytes]: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def facts(self) -> Mapping[str, Json]: ...


class Runnable(Protocol):
    """The shape of `steps.step.Step`: `where` is the import path `module:name`, by which a worker finds it."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def timeout_s(self) -> float: ...
    @property
    def memory_bytes(self) -> int: ...
    @property
    def where(self) -> str: ...
    @property
    def run(self) -> Callable[[Request, Mapping[str, bytes]], Answer]: ...
    @property
    def resources(self) -> Callable[[], Mapping[str, str]]: ...


class Engine(Protocol):
    def map(self, step: Runnable, batches: Iterable[Batch]) -> Iterator[BatchResult]:
        """Run `step` on every request of every batch, under the promises above. Raises `EngineError` only when no
        further item could be run at all; what was yielded before stands."""
        ...


def timed_out(step: Runnable) -> str:
    return f"timed out after {step.timeout_s:g} s"


def out_of_memory(step: Runnable) -> str:
    return f"out of memory (limit {step.memory_bytes / 2**30:.1f} GiB)"


def crashed(status: int) -> str:
    """`status` as `subprocess` gives it: negative for a signal."""
    return f"crashed (signal {-status})" if status < 0 else f"crashed (exit status {status})"
