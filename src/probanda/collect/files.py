"""Files and folders, walked to what can be captured and what cannot, with the reason.

Guarantees: folders are walked depth first in the order of their entries' bytes, hidden files included, so that two
walks of the same tree give the same list; everything met is either `Found` or `Skipped`, nothing is passed over in
silence and nothing stops the walk. A symbolic link is never followed (it can lead out of the material, or in a circle);
no named pipe, socket or device is opened (that can wait for ever, or do something); a folder that stands inside itself
(a mount can do that) is entered once. It reads no file's content. Refuses to take up the case folder itself, wherever
it lies in the walk: a case that ingests itself never ends.

A name on disk is bytes, and records hold only valid UTF-8. `Found.name` is the name as it is to be recorded: valid
UTF-8 as it is (Cyrillic, spaces, line ends and all), any other byte as "%" and two hexadecimal digits; a name with such
bytes has its own "%" written as "%25", and `name_form` says "percent" instead of "verbatim", so that the bytes can be
had back: `name_bytes`. A name begins with the last part of the path that was asked for: "reports/2021/a.txt".
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from probanda.records.canonical import Json

NameForm = Literal["verbatim", "percent"]


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file. `path` opens it; `size` in bytes is what the walk saw, the capture counts again. `source` and
    `published` (EDTF) are what came with this one file, `None` where what is said for all holds; `origin` names the
    record of another tool that it came with (spec/entry.md, "Captures")."""

    path: Path
    size: int
    name: str
    name_form: NameForm = "verbatim"
    source: str | None = None
    published: str | None = None
    origin: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was met and not taken. `name` as in `Found`; `reason`: what was expected, what was found."""

    path: Path
    name: str
    reason: str
    name_form: NameForm = "verbatim"


class FileVanished(OSError):  # noqa: N818 - a name that a lawyer can read
    """The file was there when the folder was read and is not when it is to be kept. Our caller's material changed
    during the work: what was there is not known. Names the file; try again when nothing else writes there."""


def collect(paths: Iterable[Path | str], *, case_folder: Path | None = None) -> Iterator[Found | Skipped]:
    """Everything at and under `paths`, in the order given. A path that does not exist is `Skipped`, as one that
    vanished would be."""
    case = _identity(case_folder.stat()) if case_folder is not None and case_folder.exists() else None
    for given in paths:
        path = Path(os.path.abspath(given))  # noqa: PTH100 - not `resolve`, which would follow a link
        yield from _walk(path, case)


def status(found: Found) -> os.stat_result:
    """The file's status now. Raises `FileVanished` where it is gone, or is no regular file any more."""
    try:
        now = found.path.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileVanished(
            errno.ENOENT, "the file was there when its folder was read and is gone", found.name
        ) from error
    if not stat.S_ISREG(now.st_mode):
        raise FileVanished(errno.ENOENT, f"the file was replaced by {_kind(now.st_mode)}", found.name)
    return now


@dataclass(frozen=True, slots=True)
class _Met:
    """Something to look at. `above`: device and inode of the folders that it stands in, as far as they were walked."""

    path: Path
    name: str
    above: frozenset[tuple[int, int]]


def _walk(given: Path, case: tuple[int, int] | None) -> Iterator[Found | Skipped]:
    """A list instead of recursion: a path of 4,096 bytes can be deeper than Python's stack."""
    waiting = [_Met(given, given.name or str(given), frozenset())]
    if case is not None and any(_identity_of(folder) == case for folder in given.parents):
        recorded, form = recorded_name(waiting.pop().name)
        yield Skipped(given, recorded, f"it lies in the case folder, {_NOT_ITSELF}", form)
    while waiting:
        met = waiting.pop()
        recorded, form = recorded_name(met.name)
        try:
            status = met.path.lstat()
            identity = _identity(status)
            if stat.S_ISREG(status.st_mode):
                if not os.access(met.path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                yield Found(met.path, status.st_size, recorded, form)
            elif not stat.S_ISDIR(status.st_mode):
                yield Skipped(met.path, recorded, f"expected a file or folder, found {_kind(status.st_mode)}", form)
            elif identity == case:
                yield Skipped(met.path, recorded, f"this is the case folder, {_NOT_ITSELF}", form)
            elif identity in met.above:
                yield Skipped(met.path, recorded, "this folder stands inside itself and was entered already", form)
            else:
                above = met.above | {identity}
                entries = sorted(os.listdir(met.path), key=os.fsencode, reverse=True)  # noqa: PTH208 - names, not paths
                waiting += [_Met(met.path / entry, f"{met.name}/{entry}", above) for entry in entries]
        except OSError as error:
            yield Skipped(met.path, recorded, _reason(error), form)


_NOT_ITSELF = "which cannot be its own material"


def recorded_name(name: str) -> tuple[str, NameForm]:
    """How a name from the file system is recorded, and in which form. `name` may hold surrogate escapes (PEP 383)."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        escaped = name.replace("%", "%25")
        return re.sub("[\udc80-\udcff]", lambda found: f"%{ord(found.group()) - 0xDC00:02X}", escaped), "percent"
    return name, "verbatim"


def name_bytes(name: str, form: NameForm) -> bytes:
    """The bytes on disk of a recorded name."""
    if form == "verbatim":
        return name.encode("utf-8")
    return re.sub(rb"%([0-9A-F]{2})", lambda found: bytes([int(found.group(1), 16)]), name.encode("utf-8"))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _identity_of(folder: Path) -> tuple[int, int] | None:
    try:
        return _identity(folder.stat())
    except OSError:  # then the walk meets the same and says so
        return None


_KINDS = (
    (stat.S_ISLNK, "a symbolic link, which is not followed; give its target instead"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISDIR, "a folder"),
)


def _kind(mode: int) -> str:
    return next((words for test, words in _KINDS if test(mode)), f"something of unknown kind (mode {mode:o})")


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "expected a file or folder, found nothing of this name: it does not exist, or vanished during the walk"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "it may not be read by the user who runs this; ask its owner for the right to"
    if error.errno == errno.ENAMETOOLONG:
        return "its path is longer than this system can open; collect from a folder further in"
    return f"it cannot be read: {os.strerror(error.errno) if error.errno else error}"
