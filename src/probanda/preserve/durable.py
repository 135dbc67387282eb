"""The few acts that make bytes durable, each at a boundary that a trial can stop at.

Every act of persistence in `preserve` goes through this module, under a name from `STEPS`; `on_boundary` is called with
"before NAME" and "after NAME". It does nothing unless a trial sets it (to kill the process there and look at what
remains). The order in which a case is written: blobs, openings, the log's line, then the index, which is not ours.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

STEPS: Final = (
    "blob.write", "blob.fsync", "blob.link", "blob.fsync_folder",
    "openings.write", "openings.fsync", "openings.fsync_folder",
    "sealed.write", "sealed.fsync", "sealed.link", "sealed.move", "sealed.fsync_folder",
    "log.write", "log.fsync", "log.fsync_folder",
    "key.write", "key.fsync", "key.link", "key.move", "key.fsync_folder",
    "case.write", "case.fsync", "case.link", "case.fsync_folder",
    "erase.write", "erase.fsync", "erase.link", "erase.fsync_folder", "erase.move", "erase.unlink",
)  # fmt: skip
BUNDLE_STEPS: Final = ("bundle.write", "bundle.fsync", "bundle.fsync_folder", "bundle.rename")


_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def no_trial(boundary: str) -> None:
    """Outside a trial a boundary is nothing."""


on_boundary: Callable[[str], None] = no_trial


def write_all(descriptor: int, data: bytes | memoryview, step: str) -> None:
    """Writes all of `data`, in one call to the system where the system takes it in one."""
    on_boundary(f"before {step}.write")
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    on_boundary(f"after {step}.write")


def fsync_file(descriptor: int, step: str) -> None:
    """Waits until what was written to the file is on the disk, as far as the system can tell."""
    on_boundary(f"before {step}.fsync")
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # there fsync leaves the bytes in the drive's own memory
    else:
        os.fsync(descriptor)
    on_boundary(f"after {step}.fsync")


def fsync_folder(folder: Path, step: str) -> None:
    """Makes the names in `folder` durable: without it a file may be on the disk and its name not."""
    on_boundary(f"before {step}.fsync_folder")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    on_boundary(f"after {step}.fsync_folder")


def link(source: Path, target: Path, step: str) -> None:
    """Gives `source` the name `target` as well. Raises `FileExistsError` when that name is taken: never overwrites."""
    on_boundary(f"before {step}.link")
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        # File systems without hard links (exFAT, some network shares). Moving can overwrite in a race; the names are
        # digests or made by one process only, so what could be overwritten is the same bytes.
        if error.errno not in _NO_HARD_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        source.rename(target)
    on_boundary(f"after {step}.link")


def rename(source: Path, target: Path, step: str) -> None:
    """Gives what `source` names the name `target`, which nothing has; that it is durable is for `fsync_folder`."""
    on_boundary(f"before {step}.rename")
    if os.path.lexists(target):  # an empty folder there would otherwise be replaced without a word
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)
    on_boundary(f"after {step}.rename")


def temporary_file(name: Callable[[], str], folder: Path, mode: int) -> tuple[Path, int]:
    """A new file for one writer, open for writing and locked as long as it is open, so that `sweep` can tell it from
    one whose writer died."""
    while True:
        path = folder / name()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if os.fstat(descriptor).st_nlink:
            return path, descriptor
        os.close(descriptor)  # somebody swept it away between the two calls


def sweep(path: Path, step: str) -> bool:
    """Takes a temporary file away whose writer died; whether it did. The folder is still to be fsynced."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # gone, or nothing of ours
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unlink(path, step)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def place(target: Path, data: bytes, step: str, mode: int) -> None:
    """Makes the file `target` with `data`, whole or not at all, durably. Raises `FileExistsError`."""
    with _written_beside(target, data, step, mode) as temporary:
        link(temporary, target, step)
    fsync_folder(target.parent, step)


def replace(target: Path, data: bytes, step: str, mode: int) -> None:
    """Puts a file with `data` in the place of `target`, durably; at every moment one of the two stands there whole."""
    with _written_beside(target, data, step, mode) as temporary:
        move(temporary, target, step)


@contextmanager
def _written_beside(target: Path, data: bytes, step: str, mode: int) -> Iterator[Path]:
    """A temporary file beside `target` that holds `data`, on the disk; it goes when the block ends."""
    temporary, descriptor = temporary_file(lambda: f".{target.name}.{os.urandom(6).hex()}.tmp", target.parent, mode)
    try:
        try:
            os.fchmod(descriptor, mode)
            write_all(descriptor, data, step)
            fsync_file(descriptor, step)
        finally:
            os.close(descriptor)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def move(source: Path, target: Path, step: str) -> None:
    """Gives `source` the name `target` and no other, durably; what stood there before is gone."""
    on_boundary(f"before {step}.move")
    source.replace(target)
    on_boundary(f"after {step}.move")
    fsync_folder(target.parent, step)


def unlink(path: Path, step: str) -> None:
    """Takes a file away; one that is gone already is no error. The folder is still to be fsynced."""
    on_boundary(f"before {step}.unlink")
    path.unlink(missing_ok=True)
    on_boundary(f"after {step}.unlink")


def append(descriptor: int, data: bytes, step: str) -> None:
    """Appends `data` with one write and one fsync; when that fails, the file is cut back to where it ended."""
    end = os.fstat(descriptor).st_size
    try:
        write_all(descriptor, data, step)
        fsync_file(descriptor, step)
    except OSError:
        os.ftruncate(descriptor, end)  # on a full disk this still works; a crash here leaves a torn tail, cut at open
        raise
