"""demo: the bundled material, all the way to a case file, by the same calls that any case makes."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from probanda.cli.custody import summary
from probanda.cli.demo_case import fill
from probanda.cli.demo_lines import found_lines
from probanda.cli.judging import compose, write
from probanda.cli.opened import explained
from probanda.cli.output import FAILED, OK, Meter, flush, say, say_json
from probanda.cli.serving import address, bound, show
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
        fill(archive, Path(material), meter.show)
        meter.clear()
        written = [folder / "casefile" / "casefile.html", folder / "casefile" / "casefile.json"]
        checked = archive.verify(meter.show)
        write(compose(archive, "internal", checked), written)
        found = _as_json(archive, folder, written, checked)
        lines = [*found_lines(archive, TITLE), "", summary(checked.checks, ok=checked.ok), f"Case folder: {folder}"]
        lines += [f"Case file: {path}" for path in written]
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


def _as_json(archive: Archive, folder: Path, written: list[Path], checked: VerifyReport) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "items": [to_json(row) for row in archive.items()],
        "claims": [to_json(located.record) for located in archive.claims()],
        "failures": [to_json(row) for row in archive.failures()],
        "integrity": {"ok": checked.ok, "checks": [to_json(check) for check in checked.checks]},
        "written": [str(path) for path in written],
    }
