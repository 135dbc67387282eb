"""A small case and its bundle as a mapping of paths to bytes, to be spoiled and then written as a folder or a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from bundle_files import Files, bundle_files
from world import World

from probanda.preserve.keys import Signer


class BundleWorld:
    """The case of the vectors (two captures of a report, a batch of derivations, a failure, two persons, a judgement)
    and the bundle of all of it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.signer: Signer = self.world.signer
        self.files: Files = bundle_files(self.world.files(), self.signer)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zip_bytes(files: Mapping[str, bytes], top: str = "bundle", method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{top}/{name}" if top else name), data, method)
    return out.getvalue()


def write_zip(path: Path, files: Mapping[str, bytes], top: str = "bundle", method: int = zipfile.ZIP_STORED) -> Path:
    path.write_bytes(zip_bytes(files, top, method))
    return path
