"""The engine without isolation: every item in this process, one after another.

For tests, for trusted material, and for systems on which `LocalEngine` does not run. It keeps promises 1, 2, 4 and 5 of
`engine.contract` and, of promise 3, only that an exception or exhausted memory is a failed result: an item that
crashes takes the driver with it, and one that hangs is not stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from probanda.engine.contract import Batch, BatchResult, Runnable, out_of_memory
from probanda.engine.item import Answered, Writer, answer
from probanda.preserve.blobs import BlobStore


class InlineEngine:
    def __init__(self, blobs: Path) -> None:
        """`blobs`: the folder of the case's blob store."""
        self._blobs = BlobStore(blobs)

    def map(self, step: Runnable, batches: Iterable[Batch]) -> Iterator[BatchResult]:
        for batch in batches:
            writer = Writer(self._blobs)
            for request in batch:
                try:
                    answered = answer(step, request, self._blobs)
                except MemoryError:
                    answered = Answered("failed", out_of_memory(step), (), {}, None)
                writer.add(request, answered)
            writer.flush()
            yield BatchResult(writer.derivations())

    def close(self) -> None:
        """Nothing is held."""
