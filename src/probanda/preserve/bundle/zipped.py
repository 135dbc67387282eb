"""A bundle as one ZIP file: the same folder gives the same bytes.

Guarantees: members in sorted order under one top folder, stored as they are, with a fixed time and fixed rights; ZIP64
where a size asks for it; written as `NAME.part`, durable, then renamed. Memory: one buffer, and some 500 bytes for each
member. Refuses to write over anything but what a crash left of such a ZIP. What stands in the folder beside regular
files is no bundle's: `BundleError`.
"""

from __future__ import annotations

import fcntl
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.bundle.bag import STEP, part_of, refusing, require_free
from probanda.preserve.errors import BundleError, Locked, OutputTaken
from probanda.preserve.regular import HASH_BUFFER_BYTES, open_regular

_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can state: when it was made is for the seal to say
_RIGHTS: Final = 0o100644 << 16
_UNIX: Final = 3
_MAGIC: Final = b"PK\x03\x04"
_HEADER: Final = 30  # bytes before a member's name


def write_zip(folder: Path, out: Path, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Writes `folder` to the ZIP file `out`. Raises `OutputTaken`, `BundleError`."""
    require_free(out)
    part = part_of(out)
    _clear(part, folder.name)
    names = sorted(_names(folder, ""))
    buffer = memoryview(bytearray(HASH_BUFFER_BYTES))
    try:
        with refusing(out):
            with open(part, "xb", opener=_private) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                    for done, name in enumerate(names):
                        _member(archive, folder, name, buffer)
                        if progress is not None and done % 256 == 0:
                            progress("zipping", done, len(names))
                file.flush()
                durable.fsync_file(file.fileno(), STEP)
            durable.rename(part, out, STEP)
            durable.fsync_folder(out.parent, STEP)
    finally:
        part.unlink(missing_ok=True)  # it is there only where the ZIP did not get its name


def _private(path: str, flags: int) -> int:
    """A bundle may hold what is restricted: others on this machine are let in by its owner."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _clear(part: Path, top: str) -> None:
    """Removes what a crash left of a ZIP of a bundle with this name: it begins as one does, and nobody writes it."""
    if not os.path.lexists(part):
        return
    try:
        with open_regular(part) as file:
            begins = file.read(_HEADER + len(top) + 1)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Locked(f"another process writes {part} just now. Wait, or name another place") from error
    except OSError:
        begins = b"something else"
    if begins and not (begins.startswith(_MAGIC) and begins[_HEADER:] == f"{top}/".encode()):
        raise OutputTaken(f"expected nothing at {part}, found something else than an unfinished ZIP; move it away")
    part.unlink()


def _member(archive: zipfile.ZipFile, folder: Path, name: str, buffer: memoryview) -> None:
    member = zipfile.ZipInfo(f"{folder.name}/{name}", _TIME)
    member.external_attr, member.create_system = _RIGHTS, _UNIX
    with open_regular(folder / name) as source:
        member.file_size = os.fstat(source.fileno()).st_size
        with archive.open(member, "w") as target:
            while count := source.readinto(buffer):
                target.write(buffer[:count])


def _names(folder: Path, below: str) -> Iterator[str]:
    with os.scandir(folder / below) as found:
        for one in found:
            name = f"{below}{one.name}"
            if one.is_dir(follow_symlinks=False):
                yield from _names(folder, f"{name}/")
            elif one.is_file(follow_symlinks=False):
                yield name
            else:
                raise BundleError(f"expected regular files in the bundle, found something else: {name!r:.200}")
