"""A lock between processes on one file: held while appending, or while a run goes on.

Guarantees: at most one holder on this machine, released when the holder dies however it dies (flock). The file's
content, the holder's process number, is only for the message and is never trusted.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from probanda.preserve.errors import Locked, storing

_WAIT_S = 0.01  # between two tries; arbitrary


@contextmanager
def held(path: Path, timeout_s: float = 30.0) -> Iterator[None]:
    """Holds the lock on `path` for the block. Raises `Locked` when another holds it for longer than `timeout_s`,
    `ReadOnlyCase` when the file cannot be opened for writing."""
    with storing(path.parent):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor, path, timeout_s)
        try:
            with storing(path.parent):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
            yield
        finally:
            # Unlocked by name, not only closed: a forked worker may still hold a copy of the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, timeout_s: float) -> None:
    give_up = time.monotonic() + timeout_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= give_up:
                holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
                raise Locked(
                    f"waited {timeout_s:g} s for {path}: process {holder} holds it. Wait until that process ends, or "
                    "end it; nothing is lost either way"
                ) from error
        time.sleep(_WAIT_S)
