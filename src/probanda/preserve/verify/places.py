"""Where the files of one log lie, in a case folder or in a bundle's `data/`, so that one verification serves both.

Guarantees: a place is a path and nothing is opened here. `withheld` says whether anything may be missing at all: in a
case nothing may (`None`), in a bundle what it says it leaves out, entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from probanda.preserve.manifest import MANIFEST


@dataclass(frozen=True, slots=True)
class Places:
    """`blobs` holds the folders of two digits; `rows` the redacted rows files, `checkpoints` earlier seals, `anchors`
    what lies outside a bundle's payload: all three `None` in a case, whose seals are blobs."""

    manifest: Path
    log: Path
    openings: Path
    blobs: Path
    keys: Path
    rows: Path | None = None
    checkpoints: Path | None = None
    anchors: Path | None = None
    withheld: Mapping[int, str] | None = None  # number of an entry -> why what it names is not shown

    @property
    def whole(self) -> bool:
        """Whether nothing may be missing."""
        return self.withheld is None

    def redacted_rows(self, sha256: str) -> Path | None:
        """The redacted rows file that stands in for the rows blob with this SHA-256; `None` where there is none."""
        path = self.rows / f"{sha256}.jsonl" if self.rows is not None else None
        return path if path is not None and path.exists() else None

    def hides(self, seq: int) -> bool:
        """Whether what entry `seq` names may be missing."""
        return self.withheld is not None and seq in self.withheld


def case_places(folder: Path) -> Places:
    return Places(
        manifest=folder / MANIFEST,
        log=folder / "log" / "entries.jsonl",
        openings=folder / "private" / "openings.jsonl",
        blobs=folder / "blobs" / "sha256",
        keys=folder / "keys",
    )


def bundle_places(folder: Path, withheld: Mapping[int, str]) -> Places:
    """Of the bundle in `folder`, with what its `data/withheld.json` says."""
    data = folder / "data"
    return Places(
        manifest=data / "case.json",
        log=data / "log" / "entries.jsonl",
        openings=data / "log" / "openings.jsonl",
        blobs=data / "objects" / "sha256",
        keys=data / "keys",
        rows=data / "log" / "rows",
        checkpoints=data / "checkpoints",
        anchors=folder / "anchors",
        withheld=withheld,
    )
