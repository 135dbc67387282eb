"""Files to measure with: seeded random bytes, which no disk or file system can make smaller."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from measure.rows import MEGABYTE

_PIECE = 4 * MEGABYTE


class NoRoomError(Exception):
    """The disk has less free space than the measurement needs."""


def require_room(folder: Path, needed: int, free: int | None = None) -> None:
    """Raises `NoRoomError` where `folder` has not `needed` bytes free. `free` of `None`: ask the system."""
    found = shutil.disk_usage(folder).free if free is None else free
    if found < needed:
        raise NoRoomError(
            f"expected {needed / MEGABYTE:,.0f} MB free for the measurement, found {found / MEGABYTE:,.0f}; name "
            "another disk with --folder, or measure less with --scale"
        )


def write_files(folder: Path, count: int, size: int, seed: int) -> list[Path]:
    """`count` files of `size` bytes, no two alike."""
    folder.mkdir()
    source = random.Random(seed)
    paths = []
    for number in range(count):
        path = folder / f"{number:06}.bin"
        with path.open("wb") as file:
            left = size
            while left:
                piece = min(left, _PIECE)
                file.write(source.randbytes(piece))
                left -= piece
        paths.append(path)
    return paths
