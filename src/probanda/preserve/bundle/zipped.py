"""A bundle as one ZIP file: the same folder gives the same bytes.

Guarantees: members in sorted order under one top folder, stored as they are, with a fixed time and fixed rights; ZIP64
where a size asks for it; written as `NAME.part`, durable, then renamed; one buffer of memory beside the list of names.
Refuses to write over anything. What stands in the folder beside regular files is no bundle's: `BundleError`.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from probanda.preserve import durable
from probanda.preserve.bundle.bag import STEP, part_of, refusing, require_free
from probanda.preserve.errors import BundleError
from probanda.preserve.regular import HASH_BUFFER_BYTES, open_regular

_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can state: when it was made is for the seal to say
_RIGHTS: Final = 0o100644 << 16
_UNIX: Final = 3


def write_zip(folder: Path, out: Path, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Writes `folder` to the ZIP file `out`. Raises `OutputTaken`, `BundleError`."""
    require_free(out)
    part = part_of(out)
    require_free(part)
    names = sorted(_names(folder, ""))
    buffer = memoryview(bytearray(HASH_BUFFER_BYTES))
    try:
        with refusing(out):
            with part.open("xb") as file:
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
