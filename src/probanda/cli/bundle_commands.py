"""The command that hands a case on, and its options. What it does stands in `bundling`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import ITEMS_FAILED, OK, USAGE, CommandError, Meter, say, say_json

if TYPE_CHECKING:
    from probanda.bundling import BundleReport
    from probanda.report.contents import Audience

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]


def bundle(
    case: Case,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="A new folder for the bundle.", readable=False)
    ],
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Only this item (capture:...). Repeatable.")
    ] = None,
    audience: Annotated[
        str, typer.Option("--audience", help="court, internal, or public: only what is marked public.")
    ] = "court",
    zipped: Annotated[bool, typer.Option("--zip", help="OUT.zip too: the same as one file.")] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Open the names of those who acted, as far as nothing protects them.")
    ] = False,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why it is handed on.")] = None,
    organization: Annotated[
        str | None, typer.Option("--organization", help="Who hands it on, for bag-info.txt. Default: not said.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no time authority.")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Hand a case on: a folder with everything that it takes to check it without us."""
    from probanda.collect.post import post
    from probanda.report.contents import Audience

    asked.one_of("--audience", audience, get_args(Audience))
    reason = asked.optional_text("--reason", reason)
    organization = asked.optional_text("--organization", organization)
    if output.name in ("", "..") or output.suffix == ".part":
        raise CommandError(f"-o: expected the name of a new folder, found {str(output)!r}", USAGE)
    with Meter() as meter, opened(case) as archive:
        report = archive.bundle(
            output, None if offline else post, audience=cast("Audience", audience), only=only or (), names=names,
            zipped=zipped, reason=reason, by=asked.person(by), organization=organization, progress=meter.show,
        )  # fmt: skip
    if as_json:
        say_json(_document(report))
    else:
        _tell(report)
    return OK if report.met else ITEMS_FAILED


def _document(report: BundleReport) -> dict[str, object]:
    return {
        "bundle": str(report.path),
        "zip": None if report.zipped is None else str(report.zipped),
        "audience": report.audience,
        "entry": report.entry,
        "items": report.made.items,
        "objects": report.made.objects,
        "files": report.made.files,
        "octets": report.made.octets,
        "withheld": [{"what": what, "reason": reason, "count": count} for what, reason, count in report.made.withheld],
        "checkpoint": {"size": report.size, "root": report.root, "anchors": list(report.anchors), "met": report.met},
        "failures": [{"name": name, "reason": reason} for name, reason in report.failures],
        "key": report.key,
        "tagmanifest": report.made.tagmanifest,
        "stamped": list(report.made.stamped),
    }


def _tell(report: BundleReport) -> None:
    made = report.made
    say(f"Bundle for {report.audience} readers in {report.path}: {made.items} items, {made.objects} objects")
    if report.zipped is not None:
        say(f"  the same as one file: {report.zipped}")
    for what, reason, count in made.withheld:
        say(f"  withheld: {count} {what}: {reason}")
    anchors = ", ".join(report.anchors) if report.anchors else "nobody: its time is not proven"
    say(f"  sealed at {report.size} entries, root {report.root}; anchored by {anchors}")
    if not report.met:
        say("  FEWER ANCHORS THAN THE CASE ASKS FOR: seal it again before anybody relies on its time")
    for name, reason in report.failures:
        say(f"  not stamped by {name}: {reason}")
    say(f"  signed by the key {report.key}")
    say(f"  tag manifest {made.tagmanifest}; tell the receiver both by another way")
    say(f"  the receiver checks it with: sh {report.path}/data/verify/verify.sh, or probanda verify {report.path}")
