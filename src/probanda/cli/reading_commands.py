"""The commands that read texts and look into what was read, and their options. What they do stands in the modules that
each imports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="NAME", help="A further extractor (probanda readers lists them). Repeatable."),
]


def extract(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A text or HTML file.", show_default=False, readable=False)
    ],
    published: Annotated[
        str | None,
        typer.Option("--published", help="Publication date (2022-03-02); without it relative times stay unresolved."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language of the text (en). Default: detected.")
    ] = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar", help='JSON: {"the invasion": "2031-03-17"}, the day on which it began.', readable=False
        ),
    ] = None,
    extractors: With = None,
    as_json: AsJson = False,
) -> int:
    """Read one file: who said what, figures, events, places, labels. Needs no case."""
    from probanda.cli import reading

    return reading.extract(file, published, language, calendar, extractors or [], as_json=as_json)


def ask(
    case: Case,
    url: Annotated[
        str, typer.Option("--endpoint", metavar="URL", help="OpenAI-compatible: http://127.0.0.1:11434/v1.")
    ],
    model: Annotated[str, typer.Option("--model", help="The model's name there.")],
    remote: Annotated[
        bool, typer.Option("--remote", help="The endpoint is elsewhere: only what the public may have is sent.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", help="How the form of answers is asked for: json_schema, json_object, text.")
    ] = "json_schema",
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="A file with the endpoint's key; it is kept nowhere.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1.0, max=86_400.0, help="Seconds that one answer may take.")
    ] = 120.0,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Ask a language model what the texts say; its answers pass the same gate. Protected items never leave."""
    from probanda.cli import asking

    return asking.ask(
        case, url, model, remote=remote, form=form, key_file=key_file, timeout_s=timeout, by=by, as_json=as_json
    )


def readers(
    action: Annotated[
        str | None, typer.Argument(metavar="[check]", help="check: try an extractor's conformance.", show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Its name, or MODULE:NAME.", show_default=False)
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=86_400.0, help="With check: seconds for one text.")
    ] = 30.0,
    as_json: AsJson = False,
) -> int:
    """List the extractors that can read beside the rules, and what each lacks here; check one."""
    from probanda.cli import asked
    from probanda.cli import readers as command

    if action is None:
        return command.readers(as_json=as_json)
    asked.one_of("readers", action, ("check",))
    return command.check(name, timeout, as_json=as_json)


def claims(
    case: Case,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only claims of this kind (casualty, displacement, ...).")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Only claims whose owner's name or role contains this.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only claims whose passage contains this.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """List the claims of a case with owner, figure, verification and the judgement of a person."""
    from probanda.cli import reading

    return reading.claims(case, kind, source, text, by, as_json=as_json)


def search(
    case: Case,
    query: Annotated[
        list[str],
        typer.Argument(
            metavar="QUERY...",
            help='Words that must all occur, "a phrase", OR, -without, begin*, name:Zelensky. After -- where it begins '
            "with a dash.",
            show_default=False,
        ),
    ],
    language: Annotated[
        str | None, typer.Option("--language", help="Only texts in this language (en, uk, ru).")
    ] = None,
    earliest: Annotated[
        str | None, typer.Option("--from", help="Only what was published on this date or later (EDTF: 2022-03).")
    ] = None,
    latest: Annotated[str | None, typer.Option("--to", help="Only what was published on this date or before.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Only items whose source's name contains this.")
    ] = None,
    marking: Annotated[str | None, typer.Option("--marking", help="Only items with this marking.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only items of this media type or its beginning (text/html, text/).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many texts.")] = 20,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Leave out the first so many.")] = 0,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Find texts by words in any inflection, and names across scripts; show where they stand."""
    from probanda.cli import search as command

    return command.search(
        case, query, language, (earliest, latest), source, marking, kind, limit, offset, by, as_json=as_json
    )


def patterns(
    case: Case,
    of: Annotated[str | None, typer.Option("--of", help="Only this type and what is below it (attack).")] = None,
    per: Annotated[str, typer.Option("--per", help="day, week or month.")] = "week",
    count: Annotated[
        str | None,
        typer.Option("--count", help="incidents, proposals or events. Default: the first of these that there are."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="For the random orders that show what chance does.")] = 0,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Counts over time, changes, concentration, control of places; and what was never reported."""
    from probanda.cli import patterns as command

    return command.patterns(case, of, per, count, seed, by, as_json=as_json)


def calendar(
    case: Case,
    action: Annotated[str | None, typer.Argument(metavar="[add|remove]", help="Default: list.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="[EVENT]", help="As texts call it: 'the invasion'.")] = None,
    day: Annotated[str | None, typer.Argument(metavar="[DAY]", help="The day on which it began.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why, in your words.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Tell the case when an event began that its texts count from; signed. Readings follow with the next run."""
    from probanda.cli import supplements

    return supplements.calendar(case, action, name, day, reason, by, as_json=as_json)


def sites(
    case: Case,
    action: Annotated[str | None, typer.Argument(metavar="[add|remove]", help="Default: list.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="As texts call it: 'the Old Mill'.")] = None,
    latitude: Annotated[float | None, typer.Option("--lat", help="Degrees north.")] = None,
    longitude: Annotated[float | None, typer.Option("--lon", help="Degrees east.")] = None,
    radius_m: Annotated[int | None, typer.Option("--radius-m", help="How far it may be off, in metres.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why, in your words.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """List the sites that texts name and no gazetteer has, or tell where one lies; signed."""
    from probanda.cli import supplements

    return supplements.sites(case, action, name, (latitude, longitude, radius_m), reason, by, as_json=as_json)


def gazetteer(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE | import CASE FILE | remove CASE COUNTRY",
            help="A case; or FILE, a GeoNames dump of one country as downloaded (UA.zip); or its COUNTRY code.",
            show_default=False,
        ),
    ],
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why, in your words.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """List the gazetteers of a case, import one, or remove it; signed. Readings follow with the next run."""
    from probanda.cli import gazetteers

    return gazetteers.gazetteer(words, reason, by, as_json=as_json)
