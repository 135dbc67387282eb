"""Makes the vectors: one good case, and one file for each fault (README.md says how to read them).

Run as `python vectors`. Everything is seeded, so the files come out the same to the byte; a test makes them again and
compares, which also keeps the format from changing unnoticed.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from approvals import approval_vectors
from bundles import bundle_vectors, good_bundle
from commits import commitment_vectors
from deletions import deletion_vectors
from faults import faults
from imports import import_vectors
from incidents import incident_vectors
from recoveries import recovery_vectors
from rotations import rotation_vectors
from sealed import sealed_vectors
from world import World

Made = dict[str, dict[str, Any]]


def make() -> Made:
    """Every vector's file name and content."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        files = world.files()
        made: Made = {"case.json": {"about": "a good case: no check fails", "files": written(files), "fails": []}}
        vectors = (*faults(world), *incident_vectors(world), *rotation_vectors(world), *commitment_vectors(world),
                   *deletion_vectors(world), *recovery_vectors(world),
                   *approval_vectors(world), *sealed_vectors(world),
                   *import_vectors(world, Path(folder) / "theirs"))  # fmt: skip
        for name, fault, fails, changes in vectors:
            made[f"{name}.json"] = {"about": fault, "fails": sorted(fails), "changes": written(changes)}
        bundle = good_bundle(world)
        made["bundles/bundle.json"] = {"about": "a good bundle: no check fails", "files": written(bundle), "fails": []}
        for name, fault, fails, changes in bundle_vectors(world):
            made[f"bundles/{name}.json"] = {"about": fault, "fails": sorted(fails), "changes": written(changes)}
    return made


def written(files: Mapping[str, bytes | None]) -> dict[str, str | dict[str, str] | None]:
    return {name: None if data is None else _content(data) for name, data in sorted(files.items())}


def _content(data: bytes) -> str | dict[str, str]:
    """Text as it is, and what is no UTF-8 (time stamps) in base64."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


if __name__ == "__main__":
    (Path(__file__).parent / "bundles").mkdir(exist_ok=True)
    for file_name, content in make().items():
        (Path(__file__).parent / file_name).write_text(
            json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8"
        )
