"""What can go wrong with a case folder, by name. Every message says what was expected, what was found, what to do.

`PreserveError` is the root; no foreign exception leaves `preserve` for a reason that lies in the folder or the disk.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PreserveError(Exception):
    """Something about a case folder, its disk, or the material that was to be put there."""


class CaseError(PreserveError):
    """The folder is not a case that this version can use as asked."""


class NotACase(CaseError):  # noqa: N818 - a name that a lawyer can read
    """There is no case in this folder."""


class HalfWrittenCase(CaseError):  # noqa: N818
    """The making of the case stopped before its end."""


class NewerVersion(CaseError):  # noqa: N818
    """The case was written in a format that this version does not know."""


class ReadOnlyCase(CaseError):  # noqa: N818
    """The case can be read, and cannot be written to."""


class NotEmpty(CaseError):  # noqa: N818
    """A new case needs an empty place."""


class BlobError(PreserveError):
    """A blob is not what its name says, or is not there."""


class BlobMissing(BlobError):  # noqa: N818
    """No such blob in the case."""


class BlobCorrupt(BlobError):  # noqa: N818
    """The bytes under a blob's name have another digest."""


class SourceError(PreserveError):
    """The file that was to be preserved cannot be: it vanished, changed while it was read, or cannot be read."""


class LogError(PreserveError):
    """The log refuses, or is not what it must be."""


class LogDamaged(LogError):  # noqa: N818
    """A line of the log is not an entry. The file is left as it is."""


class DraftRefused(LogError):  # noqa: N818
    """A draft cannot become an entry: it is too long, or holds what canonical JSON cannot."""


class Locked(PreserveError):  # noqa: N818
    """Another process holds the lock."""


class KeyMissing(PreserveError):  # noqa: N818
    """The key that would sign is not in the case folder, or is not a key."""


class BundleError(PreserveError):
    """A bundle cannot be written, or not there. Nothing in the case depends on it."""


class OutputTaken(BundleError):  # noqa: N818
    """There is something already where the bundle was to go."""


class PassphraseMissing(KeyMissing):
    """Something is protected by a passphrase, and none was given."""


class WrongPassphrase(KeyMissing):
    """The passphrase given does not open what it was given for."""


class EncryptionMissing(KeyMissing):
    """An encrypted case needs a library that is not installed."""


class StorageError(PreserveError):
    """The disk refused: full, failing, or gone."""


_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turns what the operating system says about writing into `ReadOnlyCase` or `StorageError`."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        if error.errno in _READ_ONLY:
            raise ReadOnlyCase(
                f"expected to write in {folder}, found: {reason}. Nothing was changed. Copy the case to a place where "
                "you may write, or ask its owner for the right to"
            ) from error
        raise StorageError(
            f"writing in {folder} failed: {reason}. What was acknowledged before is safe. Make room or check the disk, "
            "then run the same command again"
        ) from error
