"""approve and show: a second person's consent to a way out, and a look at one item.

Guarantees: without a reason nothing is approved and the request is only shown. What is shown is what the approval is
signed over: the way, for whom, by whom, and every id. A look at a guarded item is on record before anything of it is
shown; a copy that is written lies outside the case, as a new file that its owner alone can read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, CommandError, say, say_exactly, say_json, write_whole
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.outgoing import AskedFor

_SHOWN = 20  # ids told one by one; `--json` has all


def approve(case: Path, request: str, reason: str | None, by: str | None, *, as_json: bool) -> int:
    request, reason = asked.text("REQUEST", request), asked.optional_text("--reason", reason)
    person = asked.person(by)
    with opened(case) as archive:
        wanted = archive.request_named(request)
        entry = None if reason is None else archive.approve(request, reason, person).seq
        lines = _lines(archive, wanted)
    if as_json:
        request_json = {**to_json(wanted.asked), "digest": wanted.digest, "entry": wanted.seq, "at": wanted.at}
        say_json({"request": request_json, "approval": entry})
        return OK
    for line in lines:
        say(line)
    if entry is None:
        say(f"Nothing was approved. To approve it: probanda approve {case} {wanted.digest} --by NAME --reason WHY")
    else:
        say(f"Approved and signed, as entry {entry}. It is good for one passage of this, or of a part of it")
    return OK


def _lines(archive: Archive, wanted: AskedFor) -> list[str]:
    """What was asked, for the person who is to answer for it."""
    told = wanted.asked
    lines = [f"Request {wanted.digest}, entry {wanted.seq} at {wanted.at}"]
    lines.append(f"  {told.way} for {told.audience} readers, asked by {wanted.name or told.by}")
    names = {one.id: one.name or "name withheld" for one in archive.captures()}
    titles = {one.id: one.title for one in archive.incidents()}
    lines += [f"  {one[:21]}  {names.get(one) or titles.get(one) or 'not shown'}" for one in told.only[:_SHOWN]]
    if len(told.only) > _SHOWN:
        lines.append(f"  and {len(told.only) - _SHOWN} more: --json has them all")
    return lines


def show(case: Path, item: str, output: Path | None, by: str | None, *, text: bool, as_json: bool) -> int:
    item, person = asked.text("ID", item), asked.person(by)
    if output is not None:
        asked.outside(case, output)
        if output.exists():
            raise CommandError(f"expected a new file, found one at {output}; name another", kind="OutputRefused")
    with opened(case) as archive:
        capture, texts = archive.item_shown(item, "show", person)
        blobs = texts if text else (capture.blob,)
        if not blobs or not all(blobs):
            what = "no text of it: it was not read" if text else "that its bytes were deleted"
            raise CommandError(f"expected something to show of {capture.id}, found {what}", kind="NothingThere")
        [label] = archive.times([capture.id]).values()
        data = b"".join(archive.case.blobs.read(sha256) for sha256 in blobs)
    if output is not None:
        write_whole(output, data)
    if as_json:
        say_json({
            "item": to_json(capture), "time": label, "texts": list(texts),
            "written": None if output is None else str(output),
        })  # fmt: skip
    elif output is not None:
        say(f"{len(data):,} bytes written: {output}")
    else:
        _say_bytes(data, capture.id)
    return OK


def _say_bytes(data: bytes, item: str) -> None:
    try:
        say_exactly(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CommandError(
            f"expected text in {item}, found bytes that are none; write them to a file with -o FILE, or see its text "
            "with --text",
            kind="NotText",
        ) from error
