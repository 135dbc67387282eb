"""demo: the bundled material, all the way to a case file, by the same calls that any case makes."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from probanda.cli.custody import summary
from probanda.cli.judging import compose, write
from probanda.cli.output import CommandError, Meter, reporting, say, say_json
from probanda.cli.render import HAPPENED, event_line, figure_line, quotation_line, section
from probanda.records.canonical import parse_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive

TITLE = "Demo: two public records and an exercise"
PERSON = "Demo investigator (invented)"


def demo(into: Path | None, *, serve: bool, as_json: bool) -> None:
    from probanda.archive import Archive

    folder = into or _free(Path("probanda-demo"))
    meter = Meter(quiet=as_json)
    with reporting(as_json=as_json), as_file(files("probanda") / "demo") as material:
        with Archive.create(folder, TITLE, PERSON) as archive:
            _fill(archive, Path(material), meter)
            made = compose(archive, "internal", meter)
            written = write(made, folder / "casefile")
            if as_json:
                say_json(_as_json(archive, folder, written))
            else:
                for line in _lines(archive, folder, written):
                    say(line)
        if serve:
            _serve(written[0], as_json=as_json)


def _free(wanted: Path) -> Path:
    """`wanted`, or the first name after it that is not taken: a demo never writes over an earlier one."""
    if not wanted.exists():
        return wanted
    return next(path for number in range(2, 10_000) if not (path := wanted.with_name(f"{wanted.name}-{number}")).exists())


def _fill(archive: Archive, material: Path, meter: Meter) -> None:
    rows = cast("list[dict[str, Any]]", parse_json((material / "manifest.json").read_bytes()))
    for number, row in enumerate(rows, start=1):
        archive.add([material / row["file"]], published=row["published"], source=row["source"], marking=row["marking"])
        meter.show("preserving", number, len(rows))
    archive.run(progress=lambda step: meter.show(step.step, step.done, step.total))
    meter.clear()


def _lines(archive: Archive, folder: Path, written: list[Path]) -> Iterator[str]:
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
    checked = archive.verify()
    yield ""
    yield summary(checked.checks, ok=checked.ok)
    yield f"Case folder: {folder}"
    for path in written:
        yield f"Case file: {path}"


def _as_json(archive: Archive, folder: Path, written: list[Path]) -> dict[str, Any]:
    checked = archive.verify()
    return {
        "folder": str(folder),
        "items": [to_json(row) for row in archive.items()],
        "claims": [to_json(located.record) for located in archive.claims()],
        "failures": [to_json(row) for row in archive.failures()],
        "integrity": {"ok": checked.ok, "checks": [to_json(check) for check in checked.checks]},
        "written": [str(path) for path in written],
    }


def _serve(page: Path, *, as_json: bool) -> None:
    """Shows one page on this machine alone until interrupted. Nothing else in the folder can be asked for."""
    content = page.read_bytes()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            if self.path != "/" or self.headers.get("Host", "").rpartition(":")[0] not in ("127.0.0.1", "localhost"):
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Who looked at which passage is nobody's business on this machine."""

    try:
        server = HTTPServer(("127.0.0.1", 0), Page)
    except OSError as error:
        raise CommandError(f"expected a free port on this machine, found: {error.strerror or error}") from error
    address = f"http://127.0.0.1:{server.server_port}/"
    if not as_json:
        say(f"The case file is shown at {address} (this machine only). Stop with Ctrl-C.")
    webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
