"""One item of a batch answered, in whatever process this is: the part that every engine shares.

Guarantees: whatever the step raises becomes an answer, except for what must end the process or cannot be judged here
(`MemoryError`, which the caller may owe to the items before). Output bytes of many items are written together, so that
a batch costs few disk flushes, and are durable when `Writer.flush` returns. Knows nothing of processes and pools.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from probanda.engine.contract import EngineError, Runnable
from probanda.preserve.blobs import BlobStore
from probanda.preserve.errors import BlobError
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation, DerivationOutcome, Output, Request

REASON_CHARS = 300  # arbitrary: enough to recognise a defect, too little to carry a document into the log


@dataclass(frozen=True, slots=True)
class Answered:
    """A result whose outputs are still in memory."""

    outcome: DerivationOutcome
    reason: str | None
    outputs: tuple[tuple[str, bytes], ...]
    facts: Mapping[str, Json]
    seconds: float | None


@cache
def load(where: str) -> Runnable:
    """The step at the import path `module:name`. Raises `EngineError`."""
    module, _, name = where.partition(":")
    try:
        step = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise EngineError(f"the step {where!r} cannot be loaded: {error}") from error
    return cast("Runnable", step)


def answer(step: Runnable, request: Request, blobs: BlobStore) -> Answered:
    """The step's answer to the request. Raises `MemoryError` where memory ran out, and nothing else of the step's."""
    problem = _mismatch(step, request)
    if problem is not None:
        return Answered("unavailable", problem, (), {}, None)
    try:
        inputs = {name: _bytes_of(name, blobs, further=place > 0) for place, name in enumerate(request.inputs)}
    except BlobError as error:  # missing or damaged: the material may be as good as ever in a copy of the case
        return Answered("unavailable", str(error), (), {}, None)
    begun = time.perf_counter()
    try:
        result = step.run(request, inputs)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the border of isolation: whatever a decoder raises is this item's result
        reason = f"raised {type(error).__name__}: {error}"[:REASON_CHARS].rstrip(": ")
        reason = reason.encode("utf-8", "backslashreplace").decode()
        return Answered("failed", reason, (), {}, time.perf_counter() - begun)
    outputs = tuple((output.role, output.data) for output in result.outputs)
    return Answered(result.outcome, result.reason, outputs, result.facts, time.perf_counter() - begun)


_LARGE = 256 * 1024  # bytes from which an input that many items share is kept; arbitrary
_KEPT = 4
_shared: dict[str, bytes] = {}


def _bytes_of(name: str, blobs: BlobStore, *, further: bool) -> bytes:
    """The bytes of an input. What stands behind the first (a compiled gazetteer) is often that of the next item too, so
    the last few are kept: a name is the digest of the bytes, whatever store they are from."""
    data = _shared.get(name) if further else None
    if data is None:
        data = blobs.read(name)
        if further and len(data) >= _LARGE:
            while len(_shared) >= _KEPT:
                del _shared[next(iter(_shared))]
            _shared[name] = data
    return data


def _mismatch(step: Runnable, request: Request) -> str | None:
    """Why this worker cannot answer this request, if so. Outputs made with other resources than the request names
    would be a false statement about where they come from."""
    if (request.step, request.version) != (step.name, step.version):
        return f"expected a request for {step.name} {step.version}, found {request.step} {request.version}"
    resources = dict(step.resources())
    if dict(request.resources) != resources:
        names = sorted(
            name for name in {*resources, *request.resources} if resources.get(name) != request.resources.get(name)
        )
        return f"this worker has other versions of {', '.join(names)} than the request names"
    return None


class Writer:
    """Collects answers and makes their outputs durable together.

    `derivations()` after `flush` holds one derivation for each added answer, in order. Bytes held in memory stay
    under `limit` plus one item's outputs.
    """

    def __init__(self, blobs: BlobStore, limit: int = 64 * 2**20) -> None:
        self._blobs = blobs
        self._limit = limit
        self._held = 0
        self._waiting: list[tuple[Request, Answered]] = []
        self._done: list[Derivation] = []

    def add(self, request: Request, answered: Answered) -> None:
        self._waiting.append((request, answered))
        self._held += sum(len(data) for _, data in answered.outputs)
        if self._held > self._limit:
            self.flush()

    def flush(self) -> None:
        refs = iter(self._blobs.put_all([data for _, answered in self._waiting for _, data in answered.outputs]))
        for request, answered in self._waiting:
            outputs = []
            for role, _ in answered.outputs:
                ref = next(refs)
                outputs.append(Output(role=role, sha256=ref.sha256, size=ref.size))
            self._done.append(
                Derivation(
                    request=request,
                    outcome=answered.outcome,
                    reason=answered.reason,
                    outputs=tuple(outputs),
                    facts=answered.facts,
                    seconds=answered.seconds,
                )
            )
        self._waiting, self._held = [], 0

    def derivations(self) -> tuple[Derivation, ...]:
        return tuple(self._done)
