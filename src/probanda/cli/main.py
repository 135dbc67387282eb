"""The commands and their options, and what becomes of an error. What each command does stands in the module that it
imports.

Guarantees: every error that is foreseen ends as one message and an exit code. An error that is not foreseen is a fault
of this program and is seen as it is, so that it can be reported and mended.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from probanda import __version__
from probanda.cli import (
    bundle_commands,
    codes_commands,
    compare_commands,
    delete_commands,
    grade_commands,
    incident_commands,
    key_commands,
    protect_commands,
    reading_commands,
    seal_commands,
    source_commands,
    transfer_commands,
    ways_commands,
)
from probanda.cli.output import FAILED, OK, STOPPED, USAGE, CommandError, flush, tell_failure

app = typer.Typer(
    name="probanda",
    help="Reports in, a case file out in which every assertion leads back to the exact bytes it came from.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# `readable=False`: not asked by typer, since what may not be read is for the command to tell or to record.
Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Maker = Annotated[str | None, typer.Option("--by", help="Who makes it. Default: PROBANDA_AGENT, else the login name.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]


def main() -> None:
    """The entry point: runs one command and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(answer(sys.argv[1:]))


def answer(arguments: Sequence[str]) -> int:
    """Runs the command that `arguments` ask for and returns its exit code, with everything said and flushed."""
    from probanda.preserve.errors import PreserveError
    from probanda.records.canonical import CanonicalError
    from probanda.records.codec import RecordError
    from probanda.records.entry import EntryError

    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    as_json = "--json" in options
    try:
        code = app(list(arguments) or ["--help"], prog_name="probanda", standalone_mode=False) or OK
        flush()
    except CommandError as error:
        return tell_failure(str(error), error.kind, error.code, as_json=as_json)
    except typer.TyperException as error:
        return tell_failure(_usage(error, arguments), "Usage", USAGE, as_json=as_json)
    except (PreserveError, CanonicalError, EntryError, RecordError) as error:
        return tell_failure(str(error), type(error).__name__, FAILED, as_json=as_json)
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        told = (
            f"the system refused what the command needs, found{where}: {error.strerror or error}. What was committed "
        )
        told += "is safe; see to the cause and run the same command again"
        return tell_failure(told, "SystemRefused", FAILED, as_json=as_json)
    if code == STOPPED:
        told = "stopped. What was committed is safe; run the same command again to go on"
        return tell_failure(told, "Stopped", STOPPED, as_json=as_json)
    return int(code)


def _usage(error: typer.TyperException, arguments: Sequence[str]) -> str:
    """What was wrong with the command line, and where the right one is described."""
    known = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    known |= {group.name or "" for group in app.registered_groups}
    named = next((argument for argument in arguments if not argument.startswith("-")), "")
    command = f"probanda {named}" if named in known else "probanda"
    return f"{error.format_message().rstrip('.')}. See: {command} --help"


def _version(wanted: bool) -> None:
    if wanted:
        print(f"probanda {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    into: Annotated[Path | None, typer.Option("--into", help="A new folder for the demo case.", readable=False)] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show the case file in the browser (this machine only).")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Build the bundled demo case from its raw material, print what it found, write its case file."""
    from probanda.cli import demo as command

    return command.demo(into, serve=serve, as_json=as_json)


@app.command()
def init(
    case: Case,
    title: Annotated[str, typer.Option("--title", "-t", help="The title of the case.")],
    by: Maker = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Protect the keys with a passphrase, which is asked for.")
    ] = False,
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Encrypt keys, names, sources and index with one passphrase.")
    ] = False,
    recovery: Annotated[
        Path | None,
        typer.Option(
            "--recovery", help="With --encrypt: a file that opens the case without it, for a safe.", readable=False
        ),
    ] = None,
    passphrase_file: key_commands.PassphraseFile = None,
    as_json: AsJson = False,
) -> int:
    """Make a new case: keys, empty log."""
    from probanda.cli import custody

    return custody.init(
        case, title, by, passphrase_file, recovery, protected=passphrase, encrypted=encrypt, as_json=as_json
    )


@app.command()
def add(
    case: Case,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files and folders to preserve.", show_default=False, readable=False),
    ],
    published: incident_commands.Published = None,
    source: Annotated[str | None, typer.Option("--source", help="Who published or handed over the material.")] = None,
    marking: incident_commands.ItemMarking = None,
    consent: protect_commands.Consented = None,
    condition: protect_commands.Conditions = None,
    risk: protect_commands.RiskGiven = None,
    note: Annotated[str | None, typer.Option("--note", help="A remark on how the material was obtained.")] = None,
    form: incident_commands.Form = None,
    again: incident_commands.Again = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Preserve material; never changes what is there."""
    from probanda.cli import custody, importing

    protection = protect_commands.stated(marking, consent, condition, risk)
    if form is not None and form in importing.INCIDENTS:
        return importing.take(case, paths, form, again, by, as_json, (published, source, note, protection))
    return custody.add(case, paths, published, source, protection, note, by, form, as_json=as_json)


@app.command()
def run(
    case: Case,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Worker processes. Default: one for each core.")
    ] = None,
    extractors: reading_commands.With = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="An extractor that is not asked any more. Repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Make every missing derivation; can be stopped and run again at any point. The case remembers which extractors
    it asks."""
    from probanda.cli import custody

    return custody.run(case, workers, extractors or [], without or [], as_json=as_json)


@app.command()
def items(
    case: Case,
    form: Annotated[str | None, typer.Option("--format", help="auto-archiver: a sheet, written to OUT.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="OUT.csv, with --format.")] = None,
    audience: Annotated[str, typer.Option("--audience", help="With --format: internal, court, public.")] = "internal",
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """List what the case holds, and what could not be added."""
    from probanda.cli import reading

    if form is not None or output is not None:
        return reading.items_as(case, form, output, audience, by, as_json=as_json)
    return reading.items(case, by, as_json=as_json)


@app.command()
def judge(
    case: Case,
    record: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The id of a claim, quotation or event, or its beginning.", show_default=False
        ),
    ],
    decision: Annotated[str, typer.Option("--decision", "-d", help="confirmed, corrected, rejected or undecided.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    correct: Annotated[
        list[str] | None,
        typer.Option(
            "--correct", metavar="FIELD=VALUE", help="With 'corrected': a field and its right value. Repeatable."
        ),
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Record a person's decision, signed. The machine's reading stays as it is."""
    from probanda.cli import judging

    return judging.judge(case, record, decision, reason, correct or [], by, as_json=as_json)


@app.command()
def casefile(
    case: Case,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="OUT.html, OUT.json or OUT.pdf, or a folder for page and JSON.", readable=False
        ),
    ],
    audience: Annotated[
        str,
        typer.Option("--audience", help="internal; court: nothing under a condition or that endangers; public."),
    ] = "internal",
    language: Annotated[
        str, typer.Option("--language", help="Of the page's own words: en or uk. Sources keep theirs.")
    ] = "en",
    pdf: Annotated[bool, typer.Option("--pdf", help="With a folder: the sheets too (PDF/A).")] = False,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Write the case file: one self-contained HTML page, JSON, and PDF/A where asked."""
    from probanda.cli import judging

    return judging.casefile(case, output, audience, language, by, pdf=pdf, as_json=as_json)


app.command()(transfer_commands.verify)
app.command("import")(transfer_commands.import_bundle)


@app.command()
def rebuild(case: Case, as_json: AsJson = False) -> int:
    """Make the index anew from log and blobs."""
    from probanda.cli import custody

    return custody.rebuild(case, as_json=as_json)


@app.command()
def doctor(
    case: Annotated[
        Path | None,
        typer.Argument(metavar="[CASE]", help="A case: which of its items wait.", show_default=False, readable=False),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Say what this machine can and cannot do, and what to install."""
    from probanda.cli import doctor as command

    return command.doctor(case, as_json=as_json)


app.command()(reading_commands.extract)
app.command()(reading_commands.readers)
app.command()(reading_commands.ask)
app.command()(reading_commands.claims)
app.command()(source_commands.sources)
app.command()(source_commands.origin)
app.command()(compare_commands.compare)
app.command()(grade_commands.grade)
app.command()(reading_commands.search)
app.command()(reading_commands.patterns)
app.command()(reading_commands.calendar)
app.command()(reading_commands.sites)
app.command()(reading_commands.gazetteer)
app.command("incidents")(incident_commands.listing)
app.add_typer(incident_commands.act, name="incident")
app.command()(bundle_commands.bundle)
app.add_typer(key_commands.act, name="key")
app.command()(codes_commands.codes)
app.command()(delete_commands.delete)
app.command()(delete_commands.recover)
app.command()(ways_commands.approve)
app.command()(ways_commands.show)
app.command()(protect_commands.protect)
app.command()(seal_commands.seal)
app.command()(seal_commands.settings)
