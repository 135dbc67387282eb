"""import: another's bundle comes into a case, and what the case shows of where an item came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked, verifying
from probanda.cli.opened import opened
from probanda.cli.output import OK, CommandError, Meter, say, say_json
from probanda.preserve.transfer import came_with
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.incoming import ImportReport
    from probanda.preserve.transfer import Transfer
    from probanda.records.canonical import Json
    from probanda.records.capture import Capture


def take(
    bundle: Path, into: Path, by: str | None, key: str | None, certificates: Path | None, again: bool, *, as_json: bool
) -> int:
    from probanda.incoming import ImportRefused

    if not bundle.exists():
        raise CommandError(f"expected a bundle at {bundle}, found nothing", kind="NothingThere")
    pinned, trusted = verifying.pinned(key), verifying.trusted(certificates)
    with Meter() as meter, opened(into) as archive:
        try:
            report = archive.import_bundle(
                bundle, by=asked.person(by), key=pinned, certificates=trusted, again=again, progress=meter.show
            )
        except ImportRefused as error:
            raise CommandError(str(error), kind="ImportRefused") from error
    if as_json:
        say_json({
            "transfer": to_json(report.transfer), "captures": list(report.captures), "already": report.already,
            "not_compared": verifying.not_compared(report.checked),
        })  # fmt: skip
    else:
        _tell(report, into)
    return OK


def _tell(report: ImportReport, into: Path) -> None:
    verifying.say_whose(report.checked)
    say(f"  {whose(report.transfer)[1]}")
    say(f"{len(report.captures)} items taken in, under entry {report.transfer.seq} of the log")
    if report.already:
        say(f"  {report.already} had come in before the import was interrupted")
    for line in verifying.not_compared(report.checked):
        say(f"Not compared with anything from elsewhere: {line}")
    say(f"Their log, keys and seals are kept as theirs; to read the items: probanda run {into}")


def whose(transfer: Transfer) -> list[str]:
    """From whom, by which key, anchored by whom."""
    compared = "compared with what was given" if transfer.key_compared else "compared with nothing from elsewhere"
    lines = [
        f"from the case {transfer.title or 'without a title'} ({transfer.case})",
        f"its key {transfer.key}, {compared} when it came in",
    ]
    return [*lines, *verifying.anchored(transfer.anchors)]


def origin_line(capture: Capture, transfers: Mapping[int, Transfer]) -> str | None:
    """Where an item came from; `None` for one of this case's own."""
    came = came_with(capture.extra.get("origin"))
    if came is None:
        return None
    said = transfers.get(came[0])
    if said is None:
        return f"came with entry {came[0]}, which is not here"
    title = said.title or "without a title"
    stamped = [f"{one.name} {one.at}" for one in said.anchors if one.at is not None]
    anchored = f"log stamped by {', '.join(stamped)}" if stamped else "log anchored by nobody that could be checked"
    return f"from the case {title}, its entry {came[1]}, key {said.key[:16]}…, {anchored}"


def with_origins(
    rows: Sequence[tuple[dict[str, Json], Capture]], transfers: Mapping[int, Transfer]
) -> list[dict[str, Json]]:
    """Rows of items, each with the transfer that it came with."""
    found = []
    for row, capture in rows:
        came = came_with(capture.extra.get("origin"))
        said = transfers.get(came[0]) if came is not None else None
        found.append(row if said is None else {**row, "transfer": to_json(said)})
    return found
