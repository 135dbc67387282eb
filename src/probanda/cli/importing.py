"""What `add` can take in: files, and the exports of other tools by the name that `--as` takes. One row for each format.

Guarantees: whatever the form, the file that was named is preserved as it is; what it names or describes comes in beside
it, and what of it could not is a failure in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from probanda.cli import asked
from probanda.cli.incidents import imported
from probanda.cli.output import USAGE, CommandError

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.intake import AddReport, Stated
    from probanda.records.protection import Protection

Import = Callable[["Archive", list[Path], "Stated", Callable[[int], None]], "AddReport"]


def files(archive: Archive, paths: list[Path], stated: Stated, progress: Callable[[int], None]) -> AddReport:
    """Files and folders, each as what it is."""
    from probanda.collect.files import collect

    return archive.add_items(collect(paths, case_folder=archive.case.path), stated, progress)


def _auto_archiver(archive: Archive, paths: list[Path], stated: Stated, progress: Callable[[int], None]) -> AddReport:
    from probanda.exchange import add_auto_archiver
    from probanda.intake import AddReport

    if stated.published is not None:
        raise CommandError("--published does not go with --as auto-archiver: each row states its own time", USAGE)
    reports = [add_auto_archiver(archive, path, stated, progress=progress) for path in paths]
    return AddReport(
        tuple(one for report in reports for one in report.captures),
        tuple(one for report in reports for one in report.failures),
    )


MATERIAL: Final[Mapping[str, Import]] = {"auto-archiver": _auto_archiver}

INCIDENTS: Final[Mapping[str, Callable[..., int]]] = {
    "atlos": imported,
    "timemap": imported,
    "geojson": imported,
    "incidents-csv": imported,
}


def take(
    case: Path, paths: list[Path], name: str, again: bool, by: str | None, as_json: bool,
    stated: tuple[str | None, str | None, str | None, Protection],
) -> int:  # fmt: skip
    """`stated` are publication date, source, note and protection. Raises `CommandError` for a format without a row."""
    asked.one_of("--as", name, tuple(INCIDENTS))
    published, source, note, protection = stated
    asked.date("--published", published)
    told: dict[str, Any] = {
        "published": published,
        "source": asked.optional_text("--source", source),
        "note": asked.optional_text("--note", note),
        "protection": protection,
    }
    return INCIDENTS[name](case, paths, name, again=again, by=by, as_json=as_json, **told)
