"""approve: a second person looks at what somebody asks to let out of a case, and consents to it.

Guarantees: without a reason nothing is approved and the request is only shown. What is shown is what the approval is
signed over: the way, for whom, by whom, and every id.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, say, say_json
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
