"""The demo's case: bundled material and the decisions of an invented investigator, by the calls that any case makes.

Guarantees: what is done is data (demo/manifest.json, demo/decisions.json); nothing is written past the archive. A
decision names its record by the item and the words, and fails with both where the reading no longer finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from probanda.cli.output import CommandError
from probanda.records.canonical import parse_json
from probanda.records.incident import Where
from probanda.records.protection import Consent, Protection
from probanda.records.reading import When

if TYPE_CHECKING:
    from probanda.archive import Archive

Progress = Callable[[str, int, int], None]


def fill(archive: Archive, demo: Path, progress: Progress) -> None:
    """Material in, texts read, decisions recorded. `demo` is the folder of the bundled material."""
    rows: Any = parse_json((demo / "manifest.json").read_bytes())
    decided: Any = parse_json((demo / "decisions.json").read_bytes())
    for number, row in enumerate(rows, start=1):
        _add(archive, demo / row["file"], row)
        progress("preserving", number, len(rows))
    for told in decided["before_reading"]:
        archive.supplement(**told)
    archive.run(progress=lambda step: progress(step.step, step.done, step.total))
    for judged in decided["judgements"]:
        archive.judge(_record(archive, judged), judged["decision"], judged["reason"])
    made: dict[str, str] = {}
    for one in decided["incidents"]:
        made[one["key"]] = _incident(archive, one)
    for one in decided["relations"]:
        archive.relate(made[one["subject"]], one["kind"], made[one["object"]], one["reason"])


def _add(archive: Archive, path: Path, row: Mapping[str, Any]) -> None:
    from probanda.exchange import add_auto_archiver
    from probanda.intake import Stated

    scope = row.get("consent")
    protection = Protection(
        row["marking"], Consent(tuple(scope)) if scope else None, tuple(row.get("conditions", ())),
        row.get("risk", "unknown"),
    )  # fmt: skip
    if row.get("as") == "auto-archiver":
        add_auto_archiver(archive, path, Stated(source=row["source"], protection=protection))
        return
    added = archive.add([path], published=row["published"], source=row["source"], protection=protection)
    if "as" in row:
        for capture in added.captures:
            archive.make_incidents(capture, row["as"])


def _record(archive: Archive, wanted: Mapping[str, Any]) -> str:
    """The id of the first figure with these words (with its unit), else of the first event with this trigger, of this
    item."""
    names = {one.id: one.name for one in archive.captures()}
    for row in archive.readings():
        if wanted["item"] in {names[one] for one in row.captures}:
            told = [
                (one.id, one.quantity.passage.text, one.quantity.unit) for one in row.reading.claims if one.quantity
            ]
            told += [(one.id, one.trigger.text, None) for one in row.reading.events]
            for name, text, unit in told:
                if wanted["words"] in (text, f"{text} {unit}"):
                    return name
    raise CommandError(f"demo: expected {wanted['words']!r} to be read in {wanted['item']}, found no such record")


def _incident(archive: Archive, wanted: Mapping[str, Any]) -> str:
    guarded = Protection(wanted["marking"])
    if "proposal" not in wanted:
        where = Where(**wanted["place"], basis="told by a person")
        time = When(None, wanted["earliest"], wanted["latest"], "range", "told by a person")
        members = [_record(archive, one) for one in wanted["members"]]
        return archive.incident(
            wanted["title"], wanted["reason"], type=wanted["type"], where=where, when=time, members=members,
            protection=guarded,
        ).id  # fmt: skip
    about = wanted["proposal"]
    for found in archive.proposals():
        if found.type == about["type"] and found.where is not None and found.where.name == about["place"]:
            return archive.incident(wanted["title"], wanted["reason"], proposal=found.id, protection=guarded).id
    raise CommandError(f"demo: expected {about['type']} in {about['place']} to be proposed, found no such proposal")
