"""Reading files of a folder that nobody vouches for.

Guarantees: only a regular file is opened, never what a link points at, and a pipe or device never makes the reader
wait; hashing and line reading hold one buffer, however large the file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

BUFFER_BYTES = 1 << 20
HASH_BUFFER_BYTES = 1 << 18  # fits the processor's cache, so the copy out of the kernel costs least


def open_regular(path: Path) -> FileIO:
    """The file for reading, unbuffered. Raises `OSError`, also when it is no regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "something that is no regular file")
    return FileIO(descriptor, "rb")


def hash_rest(file: FileIO) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and length of what is left in `file`."""
    hasher, size = hashlib.sha256(), 0
    buffer = memoryview(bytearray(HASH_BUFFER_BYTES))
    while count := file.readinto(buffer):
        hasher.update(buffer[:count])
        size += count
    return hasher.hexdigest(), size


def lines(file: FileIO, limit: int) -> Iterator[tuple[bytes | None, bool, bytes]]:
    """Each line as `(line, ended, hash)`: without its line end, whether it had one, and its RFC 6962 leaf hash.
    A line of more than `limit` bytes is read past in pieces and given as `None`, so that memory stays bounded."""
    buffered = os.fdopen(os.dup(file.fileno()), "rb")
    with buffered:
        while True:
            piece = buffered.readline(limit + 1)
            if not piece:
                return
            ended = piece.endswith(b"\n")
            body = piece[:-1] if ended else piece
            hasher = hashlib.sha256(b"\x00" + body)
            if len(piece) <= limit or ended:
                yield body, ended, hasher.digest()
                continue
            while piece and not ended:
                piece = buffered.readline(BUFFER_BYTES)
                ended = piece.endswith(b"\n")
                hasher.update(piece[:-1] if ended else piece)
            yield None, ended, hasher.digest()
