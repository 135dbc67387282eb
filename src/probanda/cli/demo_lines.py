"""What `demo` prints about its case: kinds of material, figures by effect, what is kept apart, what persons decided,
what failed, what is withheld.

Guarantees: no time and no digest, so that it can be compared from run to run; nothing that hangs on what a machine has:
pictures, which are read only where Tesseract is installed, are counted as items and not told further. Groups are cut
short, and each says how many there are. What a case file for colleagues withholds is not told here either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from probanda.cli.render import HAPPENED, event_line, figure_line, label_line, quotation_line, section
from probanda.records.supplement import in_force
from probanda.report.disclosure import disclose

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.records.reading import Quotation
    from probanda.report.contents import Audience
    from probanda.report.snapshot import FailureRow, ReadingRow, Snapshot

Row = TypeVar("Row")

_DEATHS = ("died", "killed")
_KINDS = {
    "text/plain": "text", "text/html": "web page", "application/pdf": "PDF", "text/csv": "table",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "workbook", "message/rfc822": "message",
    "application/zip": "archive", "image/png": "picture", "application/x-empty": "empty file",
}  # fmt: skip


def found_lines(archive: Archive, title: str) -> Iterator[str]:
    snapshot = archive.snapshot()
    given = disclose(snapshot, "internal").snapshot
    items = snapshot.items
    pictures = {row.capture.id for row in items if (row.media_type or "").startswith("image/")}
    place = {row.capture.id: number for number, row in enumerate(items)}
    # By text where one item has several: the ids of their derivations hang on the moment at which somebody told a day.
    readings = sorted(
        (row for row in given.readings if pictures.isdisjoint(row.captures)),
        key=lambda row: (min(place[one] for one in row.captures), row.text_sha256),
    )
    failures = [row for row in archive.failures() if row.capture not in pictures and row.step != "metadata"]
    claims = [claim for row in readings for claim in row.reading.claims]
    events = [event for row in readings for event in row.reading.events]
    quotations = [one for row in readings for one in row.reading.quotations if one.form != "indirect"]
    labels = [label for row in readings for label in row.reading.labels]
    figures = [claim for claim in claims if claim.quantity is not None]
    members = sum(len(row.members) for row in items)
    languages = Counter(row.reading.document.language for row in readings)
    yield title
    yield (
        f"{len(items)} items preserved, {members} members unpacked, {len(readings)} texts read and shown, "
        f"{len(claims)} claims, {len(events)} events"
    )
    yield "A machine's reading of what sources say; nothing here is a finding. Exercise texts are invented."
    yield f"Kinds: {_counted(_KINDS.get(row.media_type or '', row.media_type or 'unknown') for row in items)}"
    yield f"Languages: {', '.join(f'{name} {count}' for name, count in languages.most_common())}"
    effects = [(claim.effect or "counted").replace("_", " ") for claim in figures]
    deaths = [claim for claim in figures if claim.effect in _DEATHS]
    others = [claim for claim in figures if claim.effect not in (*_DEATHS, None)]
    yield from section(f"Figures: {_counted(effects)}. Of the dead", _cut(map(figure_line, deaths), 10))
    yield from section("Other figures", _by(others, lambda one: str(one.effect), figure_line, 1))
    yield from section("Words in quotation marks", _by(quotations, _language(readings), quotation_line, 2))
    apart = [event for event in events if event.modality not in HAPPENED]
    yield from section("Not said to have happened", _by(apart, lambda one: one.modality, event_line, 2))
    yield from section("Legal labels, in the words of those who used them", _cut(map(label_line, labels), 6))
    yield from section("What the demo's investigator (invented) decided", _decided(archive, given))
    yield from section("Could not be read, and recorded", sorted(map(_failure, failures)))
    yield from section("Withheld from the case file for each audience", _withheld(snapshot))


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).most_common())


def _cut(lines: Iterable[str], most: int) -> list[str]:
    """The first of the lines that differ, and how many more there are."""
    found = list(dict.fromkeys(lines))
    return found if len(found) <= most else [*found[:most], f"... and {len(found) - most} more"]


def _by(rows: Sequence[Row], key: Callable[[Row], str], line: Callable[[Row], str], most: int) -> Iterator[str]:
    """The first lines of each group, with its name and size."""
    sizes = Counter(map(key, rows))
    for name, size in sizes.most_common():
        told = list(dict.fromkeys(line(row) for row in rows if key(row) == name))[:most]
        for number, text in enumerate(told):
            yield f"{name.replace('_', ' ')} ({size}): {text}" if number == 0 else text


def _language(readings: Iterable[ReadingRow]) -> Callable[[Quotation], str]:
    known = {one.id: row.reading.document.language for row in readings for one in row.reading.quotations}
    return lambda one: known[one.id] or "unknown"


def _decided(archive: Archive, given: Snapshot) -> Iterator[str]:
    told = in_force(archive.supplements())
    yield "when it began: " + ", ".join(f"{one.name}: {one.date}" for one in told if one.kind == "calendar")
    yield "where it lies: " + ", ".join(one.name for one in told if one.kind == "site")
    claims = {claim.id: claim for row in given.readings for claim in row.reading.claims}
    for judged in given.judgements:
        yield f"{judged.decision}: {figure_line(claims[judged.about[0]])}"
    for one in given.incidents:
        origin = (
            "imported"
            if one.origin
            else f"{'proposed and confirmed' if one.proposal else 'made'} of {len(one.members)}"
        )
        yield f"incident, {origin}: {one.title}; {one.type}"
    titles = {one.id: one.title for one in given.incidents}
    for relation in given.relations:
        yield f"relation: {titles[relation.subject]} – {relation.kind.replace('_', ' ')} – {titles[relation.object]}"


def _failure(row: FailureRow) -> str:
    return f"{row.name}: {row.step}: {row.outcome.replace('_', ' ')}: {row.reason}"


def _withheld(snapshot: Snapshot) -> Iterator[str]:
    audiences: tuple[Audience, ...] = ("internal", "public")
    for audience in audiences:
        for row in disclose(snapshot, audience).withheld:
            yield f"{audience}: {row.count} {row.what}: {row.reason}"
