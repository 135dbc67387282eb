"""The commands and their options. What each does stands in the module that it imports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from probanda import __version__
from probanda.cli.output import Stop

app = typer.Typer(
    name="probanda",
    help="Reports in, a case file out in which every assertion leads back to the exact bytes it came from.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[Optional[str], typer.Option("--by", help="Who acts. Default: PROBANDA_AGENT, else the login name.")]


def main() -> None:
    """The entry point: runs one command and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(standalone_mode=True)
    except Stop as stop:
        sys.exit(stop.code)
    except BrokenPipeError:
        sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"probanda {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


@app.command()
def demo(
    into: Annotated[Optional[Path], typer.Option("--into", help="A new folder for the demo case.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show the case file in the browser (this machine only).")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the bundled demo case from its raw material, print what it found, write its case file."""
    from probanda.cli import demo as command

    command.demo(into, serve=serve, as_json=as_json)


@app.command()
def init(
    case: Case,
    title: Annotated[str, typer.Option("--title", "-t", help="The title of the case.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Make a new case: keys, empty log."""
    from probanda.cli import custody

    custody.init(case, title, by, as_json=as_json)


@app.command()
def add(
    case: Case,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders to preserve.", show_default=False)],
    published: Annotated[Optional[str], typer.Option("--published", help="Publication date (EDTF: 2022-03-02, 2022-03, 2022-03~).")] = None,
    source: Annotated[Optional[str], typer.Option("--source", help="Who published or handed over the material.")] = None,
    marking: Annotated[Optional[str], typer.Option("--marking", help="public, internal, restricted or identity_protected. Unset means restricted.")] = None,
    note: Annotated[Optional[str], typer.Option("--note", help="A remark on how the material was obtained.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Preserve material; never changes what is there."""
    from probanda.cli import custody

    custody.add(case, paths, published, source, marking, note, by, as_json=as_json)


@app.command()
def run(
    case: Case,
    workers: Annotated[Optional[int], typer.Option("--workers", min=1, help="Worker processes. Default: one for each core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make every missing derivation; can be stopped and run again at any point."""
    from probanda.cli import custody

    custody.run(case, workers, as_json=as_json)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text or HTML file.", show_default=False)],
    published: Annotated[Optional[str], typer.Option("--published", help="Publication date (2022-03-02); without it relative times stay unresolved.")] = None,
    language: Annotated[Optional[str], typer.Option("--language", help="Language of the text (en). Default: detected.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read one file: who said what, figures, events, places, labels. Needs no case."""
    from probanda.cli import reading

    reading.extract(file, published, language, as_json=as_json)


@app.command()
def claims(
    case: Case,
    kind: Annotated[Optional[str], typer.Option("--kind", help="Only claims of this kind (casualty, displacement, ...).")] = None,
    source: Annotated[Optional[str], typer.Option("--source", help="Only claims whose owner's name or role contains this.")] = None,
    text: Annotated[Optional[str], typer.Option("--text", help="Only claims whose passage contains this.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the claims of a case with owner, figure, verification and the judgement of a person."""
    from probanda.cli import reading

    reading.claims(case, kind, source, text, as_json=as_json)


@app.command()
def items(case: Case, as_json: AsJson = False) -> None:
    """List what the case holds, and what could not be added."""
    from probanda.cli import reading

    reading.items(case, as_json=as_json)


@app.command()
def judge(
    case: Case,
    record: Annotated[str, typer.Argument(metavar="ID", help="The id of a claim, quotation or event, or its beginning.", show_default=False)],
    decision: Annotated[str, typer.Option("--decision", "-d", help="confirmed, corrected, rejected or undecided.")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    correct: Annotated[Optional[list[str]], typer.Option("--correct", metavar="FIELD=VALUE", help="With 'corrected': a field and its right value. Repeatable.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Record a person's decision, signed. The machine's reading stays as it is."""
    from probanda.cli import judging

    judging.judge(case, record, decision, reason, correct or [], by, as_json=as_json)


@app.command()
def casefile(
    case: Case,
    output: Annotated[Path, typer.Option("--output", "-o", help="OUT.html or OUT.json, or a folder for both.")],
    audience: Annotated[str, typer.Option("--audience", help="internal, or public: only what is marked public.")] = "internal",
    as_json: AsJson = False,
) -> None:
    """Write the case file: one self-contained HTML page, and JSON."""
    from probanda.cli import judging

    judging.casefile(case, output, audience, as_json=as_json)


@app.command()
def verify(case: Case, as_json: AsJson = False) -> None:
    """Check that nothing in the case was edited, dropped, inserted or reordered since it came in."""
    from probanda.cli import custody

    custody.verify(case, as_json=as_json)


@app.command()
def rebuild(case: Case, as_json: AsJson = False) -> None:
    """Make the index anew from log and blobs."""
    from probanda.cli import custody

    custody.rebuild(case, as_json=as_json)
