"""delete: what a law, a person's withdrawn consent or a risk to a life takes out of a case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.erasing import Deletion
    from probanda.records.deletion import Basis

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]
WORDS = {
    "capture": "the item's own bytes",
    "derived": "made from it",
    "rows": "lists of what was made, rewritten without it",
    "judgement": "judgements about it alone",
    "incident": "incidents that rest on it alone",
    "relation": "relations of such incidents",
    "report": "snapshots or case files kept in the case",
    "manifest": "lists of digests that came in with a bundle",
    "unrecorded": "left by an interrupted run, and names it",
}


def delete(
    case: Case,
    item: Annotated[str, typer.Argument(metavar="ID", help="The id of an item, or its beginning.", show_default=False)],
    basis: Annotated[str, typer.Option("--basis", help="law, consent_withdrawn or risk_to_life.")],
    authority: Annotated[str, typer.Option("--authority", help="Who orders it: a court, an office, the person.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this nothing is deleted.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Delete an item and everything made of it alone. Its entry, the authority and the reason stay; this is final."""
    from probanda.records.deletion import BASES

    asked.one_of("--basis", basis, BASES)
    item, authority, reason = (
        asked.text("ID", item),
        asked.text("--authority", authority),
        asked.text("--reason", reason),
    )
    person = asked.person(by)
    if yes == dry_run:
        raise CommandError(
            "a deletion cannot be undone: look first with --dry-run, then do it with --yes. Nothing was changed", USAGE
        )
    with opened(case) as archive:
        if dry_run:
            told = archive.deletion_of(item)
        else:
            told = archive.delete(item, cast("Basis", basis), authority, reason, person)
    if as_json:
        say_json(to_json(told))
    else:
        _say(told)
    return OK


def recover(case: Case, as_json: AsJson = False) -> int:
    """Set in order what an interrupted command left, and put it on record. Nothing to do: nothing is written."""
    with opened(case) as archive:
        repairs = archive.case.log.repairs
        told = archive.recover()
    if as_json:
        tail = [{"kind": one.kind, "size": one.size} for one in repairs]
        say_json({**to_json(told), "tail": tail})
        return OK
    for one in repairs:
        say(f"A torn end of the log was {one.kind}: {one.size:,} bytes")
    if told.seq is None:
        say("Nothing was left by an interrupted command.")
        return OK
    say(f"Set in order; entry {told.seq} says so")
    if told.deletions:
        say("  a deletion was finished")
    if told.temporary:
        say(f"  {told.temporary} temporary files of processes that died were taken away")
    for left in told.left:
        what = "no entry leads to it" if left.what == "orphan" else "torn end of the log"
        say(f"  on record: {what}: sha256 {left.sha256}, {left.size:,} bytes")
    if any(left.what == "orphan" for left in told.left):
        say("  an add, run, seal or import that stopped leaves such: run it again, and it takes up what it needs")
    return OK


def _say(told: Deletion) -> None:
    done = told.seq is not None
    say(f"{'Deleted' if done else 'Would be deleted'}: {told.capture}")
    if done:
        say(f"  entry {told.seq} of {told.at} says so; it stays, with the item's own entry")
    counted = Counter(one.why for one in told.removed)
    for why, count in counted.items():
        say(f"  {count:,} {WORDS[why]}")
        for one in told.removed:
            if one.why == why:
                say(f"      sha256 {one.sha256}, {one.size:,} bytes")
    say(f"  {told.openings} protected values (name, source, note, digest)")
    if told.twins:
        say(f"  the same bytes are there under {len(told.twins)} other item(s), and stay with what was made of them:")
        for twin in told.twins:
            say(f"      {twin}")
    if told.made_elsewhere:
        say("  the same bytes are what was made of another item, and stay as that")
    for identity in told.touched:
        say(f"  stays, names what goes, and is shown to nobody until it is revised: {identity}")
    if told.unproven:
        entries = ", ".join(map(str, told.unproven))
        say(f"  rows of entries made by an older version stay without proof that they are unchanged: {entries}")
    say("  not reached: copies and backups of this case, what the disk may still hold, what people remember")
    for gone in told.departed:
        say(f"  not reached: what left the case as {gone.way} for {gone.audience} (entry {gone.seq} of {gone.at[:10]})")
    say("  look yourself at reasons and sites that people typed in: they may quote what goes")
