"""The end of a log that a crash may have torn.

Guarantees: what an interrupted write can leave is told apart from damage; torn bytes are never thrown away, because
they may be all that is left of an act.
"""

from __future__ import annotations

import os
from pathlib import Path

from probanda.preserve import durable
from probanda.preserve.errors import LogDamaged
from probanda.records.entry import MAX_BYTES

_TORN_BYTES = 64 * 1024 * 1024  # a longer tail is no torn write of ours; arbitrary


def last_line(descriptor: int, start: int, length: int) -> tuple[int, bytes | None]:
    """The last whole line between `start` and `length`: where it ends (line end included) and its bytes. Lines with a
    zero byte count as torn: after a power cut some file systems fill with zeros what was not yet written."""
    stop = length
    while True:
        stop = _find_back(descriptor, start, stop)
        begin = _find_back(descriptor, start, stop) + 1 if stop >= start else start
        line = os.pread(descriptor, min(stop - begin, _TORN_BYTES), begin) if stop >= start else None
        if line is None or b"\0" not in line:
            break
    end = stop + 1 if line is not None else start
    torn = os.pread(descriptor, min(length - end, _TORN_BYTES), end)
    if len(line or b"") > MAX_BYTES or (len(torn) > MAX_BYTES and b"\0" not in torn) or length - end > _TORN_BYTES:
        raise LogDamaged(
            f"expected lines of at most {MAX_BYTES} bytes at the log's end, found a longer one. The file is left as it "
            "is; run verify, and restore the log from a copy"
        )
    return end, line


def _find_back(descriptor: int, start: int, stop: int) -> int:
    """The place of the last line end between `start` and `stop`; `start - 1` when there is none."""
    while stop > start:
        window = min(stop - start, MAX_BYTES)
        found = os.pread(descriptor, window, stop - window).rfind(b"\n")
        if found >= 0:
            return stop - window + found
        stop -= window
    return start - 1


def keep_aside(folder: Path, data: bytes) -> Path:
    """Writes the torn bytes to the first free `torn-<n>.bin`, durably, and returns its place."""
    n = 0
    while True:
        path = folder / f"torn-{n}.bin"
        try:
            durable.place(path, data, "log", 0o444)
        except FileExistsError:
            n += 1
        else:
            return path
