"""demo: the bundled material, all the way to a case file, by the same calls that any case makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from probanda.cli.custody import summary
from probanda.cli.judging import compose, write
from probanda.cli.opened import explained
from probanda.cli.output import FAILED, OK, Meter, flush, say, say_json
from probanda.cli.render import HAPPENED, event_line, figure_line, quotation_line, section
from probanda.cli.serving import address, bound, show
from probanda.records.canonical import parse_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.preserve.verify import VerifyReport

TITLE = "Demo: two public records and an exercise"
PERSON = "Demo investigator (invented)"


def demo(into: Path | None, *, serve: bool, as_json: bool) -> int:
    from probanda.archive import Archive

    folder = into or _free(Path("probanda-demo"))
    with ExitStack() as stack:
        meter = stack.enter_context(Meter())
        material = stack.enter_context(as_file(files("probanda") / "demo"))
        stack.enter_context(explained(folder))
        archive = stack.enter_context(Archive.create(folder, TITLE, PERSON))
        _fill(archive, Path(material), meter)
        written = [folder / "casefile" / "casefile.html", folder / "casefile" / "casefile.json"]
        checked = archive.verify(meter.show)
        write(compose(archive, "internal", checked), written)
        found = _as_json(archive, folder, written, checked)
        lines = list(_lines(archive, folder, written, checked))
    if not serve:
        _tell(found, lines, as_json=as_json)
        return OK if checked.ok else FAILED
    with bound(written[0]) as server:
        shown = f"The case file is shown at {address(server)} (this machine only). Stop with Ctrl-C."
        _tell({**found, "address": address(server)}, [*lines, shown], as_json=as_json)
        flush()  # who reads through a pipe wants the address now
        show(server)
    return OK


def _tell(found: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
    else:
        for line in lines:
            say(line)


def _free(wanted: Path) -> Path:
    """`wanted`, or the first name after it that is not taken: a demo never writes over an earlier one."""
    if not wanted.exists():
        return wanted
    return next(
        path for number in range(2, 10_000) if not (path := wanted.with_name(f"{wanted.name}-{number}")).exists()
    )


def _fill(archive: Archive, material: Path, meter: Meter) -> None:
    rows = cast("list[dict[str, Any]]", parse_json((material / "manifest.json").read_bytes()))
    for number, row in enumerate(rows, start=1):
        archive.add([material / row["file"]], published=row["published"], source=row["source"], marking=row["marking"])
        meter.show("preserving", number, len(rows))
    archive.run(progress=lambda step: meter.show(step.step, step.done, step.total))
    meter.clear()


def _lines(archive: Archive, folder: Path, written: list[Path], checked: VerifyReport) -> Iterator[str]:
    """What the demo found. It holds no time and no digest, so that it can be compared from run to run."""
    items, readings = archive.items(), archive.readings()
    figures = [claim for row in readings for claim in row.reading.claims if claim.quantity is not None]
    claims = sum(len(row.reading.claims) for row in readings)
    quotations = [quotation for row in readings for quotation in row.reading.quotations]
    apart = [event for row in readings for event in row.reading.events if event.modality not in HAPPENED]
    yield f"{TITLE}: {len(items)} items preserved, {len(readings)} texts read, {claims} claims"
    yield "A machine's reading of what sources say; nothing here is a finding. Exercise texts are invented."
    yield from section("Figures: what is counted, the bounds it leaves, who says so", map(figure_line, figures))
    direct = [quotation for quotation in quotations if quotation.form != "indirect"]
    yield from section("Words in quotation marks", map(quotation_line, direct))
    yield from section("Anticipated, promised, alleged, denied: not said to have happened", map(event_line, apart))
    told = (f"{row.name}: {row.step}: {row.outcome.replace('_', ' ')}: {row.reason}" for row in archive.failures())
    yield from section("Could not be read, and recorded", told)
    yield ""
    yield summary(checked.checks, ok=checked.ok)
    yield f"Case folder: {folder}"
    for path in written:
        yield f"Case file: {path}"


def _as_json(archive: Archive, folder: Path, written: list[Path], checked: VerifyReport) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "items": [to_json(row) for row in archive.items()],
        "claims": [to_json(located.record) for located in archive.claims()],
        "failures": [to_json(row) for row in archive.failures()],
        "integrity": {"ok": checked.ok, "checks": [to_json(check) for check in checked.checks]},
        "written": [str(path) for path in written],
    }
