"""A case with something to hide, and what tells whether a bundle of it hides it. Persons and places are invented."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.records.derivation import parse_row
from probanda.records.entry import DERIVATION
from probanda.records.protection import Consent, Protection

OPEN = b"12 people died in Velin on Tuesday.\nThe Velin Post has the list.\n"
SECRET = b"48 men were taken from the mill in Drevna, the witness said.\n" + b"Every night. " * 3_739
LEAD = b"7 trucks were seen at Castle Orrin.\n"
WITNESS = "Lida Horn of Marisburg"


@dataclass(frozen=True)
class World:
    archive: Archive
    open: str
    secret: str
    lead: str

    @property
    def folder(self) -> Path:
        return self.archive.case.path


def made(folder: Path) -> World:
    """Three items, read: one that a court may have, one whose identity is protected, one given as a lead."""
    material = folder / "material"
    material.mkdir(parents=True)
    for name, data in (("report.txt", OPEN), ("horn-statement.txt", SECRET), ("orrin-lead.txt", LEAD)):
        (material / name).write_bytes(data)
    archive = Archive.create(folder / "case", "The mill", "Ana Velt")

    def add(name: str, source: str, protection: Protection) -> str:
        report = archive.add(
            [material / name], published="2031-04-10", source=source, note=f"note on {name}", protection=protection
        )
        return report.captures[0]

    shown = add("report.txt", "Velin Post", Protection())
    secret = add(
        "horn-statement.txt", WITNESS, Protection("identity_protected", Consent(("documentation",)), risk="high")
    )
    lead = add("orrin-lead.txt", "a driver", Protection(conditions=("lead_only",)))
    archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
    return World(archive, shown, secret, lead)


def secrets_of(archive: Archive, contents: tuple[bytes, ...]) -> Iterator[tuple[str, bytes]]:
    """What must not be found of items with these contents: words, digests (of what was made of them and of the
    requests too), in hexadecimal and raw, and their size."""
    hidden = {hashlib.sha256(data).hexdigest() for data in contents}
    for data in contents:
        yield "text", data[:40]
        yield "size", f"{len(data)}".encode() if len(data) > 999 else data[:20]
    for entry in archive.case.log.entries():
        if entry.act == DERIVATION:
            for line in archive.case.blobs.read(entry.blobs("rows")[0].sha256).splitlines():
                row = parse_row(line)
                if not hidden.isdisjoint(row.request.inputs):
                    hidden |= {output.sha256 for output in row.outputs} | {row.request.sha256}
    for digest in sorted(hidden):
        yield "digest", digest.encode()
        yield "raw digest", bytes.fromhex(digest)


def files_of(bundle: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in a bundle, folder or ZIP."""
    if bundle.is_dir():
        for path in sorted(bundle.rglob("*")):
            if path.is_file():
                yield path.relative_to(bundle).as_posix(), path.read_bytes()
        return
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def program(name: str) -> str:
    """A program that every machine of CI has. Skips the test where it is missing; in CI such a skip is a failure."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs the program {name}")
    return found
