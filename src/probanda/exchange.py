"""Exports of other tools, into a case and out of it.

Guarantees: what came in goes out as it came; the file that was handed in is preserved as it is, and what it names comes
in beside it; what of it could not is a failure in the log. What goes out has passed the gate
(`probanda.outgoing`) and is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

from probanda.archive import Archive
from probanda.collect import atlos, auto_archiver
from probanda.collect.files import Found, collect
from probanda.intake import AddReport, Stated
from probanda.outgoing import Permit
from probanda.records.table import Table, TableError, parse_table
from probanda.report.contents import Audience
from probanda.report.disclosure import disclose
from probanda.report.exchange.auto_archiver import SheetIn, origin_of, row_of, sheet_of


def add_auto_archiver(
    archive: Archive,
    sheet: Path,
    stated: Stated,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> AddReport:
    """Preserves an auto-archiver sheet, then every file that it names beside it, each with the link and upload time of
    its row. What a row names and the folder lacks, and a sheet that is none, are failures in the report. `columns` maps
    auto-archiver's default names to those of the sheet. Raises as `Archive.add`."""
    walked = (
        replace(one, origin={"format": auto_archiver.FORMAT}) if isinstance(one, Found) else one
        for one in collect([sheet], case_folder=archive.case.path)
    )
    kept = archive.add_items(walked, stated, progress)
    captures, failures = kept.captures, kept.failures
    for one in [capture for capture in archive.captures() if capture.id in kept.captures]:
        items = auto_archiver.items(archive.case.blobs.read(one.blob), sheet, one.id, columns or {})
        taken = archive.add_items(items, stated, progress)
        captures, failures = (*captures, *taken.captures), (*failures, *taken.failures)
    return AddReport(captures, failures)


def add_atlos_media(
    archive: Archive, sheet: Path, capture: str, stated: Stated
) -> tuple[AddReport, Mapping[int, tuple[str, ...]]]:
    """Preserves the files beside an Atlos export that its records name; `capture` is the id under which the export is
    kept. With them, the ids of the captures by number of the record. Raises as `Archive.add`."""
    [kept] = [one for one in archive.captures() if one.id == capture]
    report = archive.add_items(atlos.items(archive.case.blobs.read(kept.blob), sheet, capture), stated)
    members: dict[int, tuple[str, ...]] = {}
    for one in archive.captures():
        origin = one.extra.get("origin")
        if one.id in report.captures and isinstance(origin, Mapping) and isinstance(origin.get("record"), int):
            record = cast("int", origin["record"])
            members[record] = (*members.get(record, ()), one.id)
    return report, members


def as_auto_archiver(archive: Archive, audience: Audience = "internal", by: str | None = None) -> tuple[Table, Permit]:
    """What `audience` may have of the items, as an auto-archiver sheet, with the permit under which it goes out; tell
    `Archive.left` when it is written. Raises as `Archive.permit`."""
    permit = archive.permit("export", audience, by=by)
    snapshot = archive.snapshot()
    given = disclose(snapshot, audience, permit.captures).snapshot.items
    shown = {one.capture.id for one in given}
    hidden = [row for one in snapshot.items if one.capture.id not in shown and (row := row_of(one))]
    sheets = []
    for one in given:
        if origin_of(one) is not None and row_of(one) is None:
            withheld = frozenset(number for capture, number in hidden if capture == one.capture.id)
            with suppress(TableError):  # it was told as a failure when it was added
                table = parse_table(archive.case.blobs.read(one.capture.blob))
                sheets.append(SheetIn(one.capture.id, table, withheld))
    return sheet_of(given, sheets), permit
