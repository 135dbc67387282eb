"""search: the texts that hold what was asked for, with the items that hold them and the passages found.

Guarantees: passages are the text's own characters; on a line for people white space is joined and what would steer a
terminal is made visible, `--json` has them as they are. What is not searched is said: texts without terms, texts
before the newest that are ranked. This is a tool for who holds the case: it shows what `items` shows, whatever the
marking, and tells the marking of each item; a look at guarded ones is recorded (`probanda.guarding`).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.codec import to_json
from probanda.records.edtf import parse_edtf
from probanda.records.protection import Marking

if TYPE_CHECKING:
    from probanda.index.search import FoundText, SearchAnswer
    from probanda.index.search_passages import FoundPassage
    from probanda.records.canonical import Json


def search(
    case: Path,
    query: Sequence[str],
    language: str | None,
    published: tuple[str | None, str | None],
    source: str | None,
    marking: str | None,
    kind: str | None,
    limit: int,
    offset: int,
    by: str | None = None,
    *,
    as_json: bool,
) -> int:
    from probanda.index.search import RANKED, Filters
    from probanda.index.search_query import QueryError, parse_query

    typed = asked.text("QUERY", _joined(query))
    if marking is not None:
        asked.one_of("--marking", marking, get_args(Marking))
    filters = Filters(
        language=asked.optional_text("--language", language),
        earliest=_bound("--from", published[0]),
        latest=_bound("--to", published[1]),
        source=asked.optional_text("--source", source),
        marking=marking,
        kind=asked.optional_text("--kind", kind),
    )
    try:
        parse_query(typed)
    except QueryError as error:
        raise CommandError(f"QUERY: {error}", USAGE) from error
    person = asked.person(by)
    with opened(case) as archive:
        answer = archive.search(typed, filters, limit=limit, offset=offset)
        holders = archive.holders({row.document for row in answer.rows})
        sight = archive.look("search", (one for held in holders.values() for one in held), person)
        found = len(answer.rows)
        answer = replace(answer, rows=tuple(row for row in answer.rows if sight.allows(holders[row.document])))
        labels = archive.times(item.id for row in answer.rows for item in row.items)
        timed = archive.time_asked
    if as_json:
        rows: list[Json] = [_row_json(row, labels) for row in answer.rows]
        say_json({"query": typed, "limit": limit, "ranked": RANKED, **to_json(answer), "rows": rows})
        say_hidden(found - len(answer.rows), "texts", sight, sys.stderr)
        return OK
    for row in answer.rows:
        _say_row(row, labels if timed else {})
    _say_sum(case, answer, RANKED)
    say_hidden(found - len(answer.rows), "texts", sight)
    return OK


def _joined(query: Sequence[str]) -> str:
    """The words as one query. A shell takes the marks off a quoted phrase: words that came as one argument among
    several are a phrase again, one argument alone is the query."""
    if len(query) == 1:
        return query[0]
    return " ".join(f'"{part}"' if " " in part.strip() and '"' not in part else part for part in query)


def _bound(option: str, given: str | None) -> date | None:
    """The first day for `--from`, the last for `--to`. Raises `CommandError`."""
    asked.date(option, given)
    if given is None:
        return None
    told = parse_edtf(given)
    found = told.earliest if option == "--from" else told.latest
    if found is None:
        raise CommandError(f"{option}: expected a date with a day that can be told, found {given!r}", USAGE)
    return found


def _row_json(row: FoundText, labels: Mapping[str, str]) -> dict[str, Json]:
    return {**to_json(row), "items": [{**to_json(item), "time": labels[item.id]} for item in row.items]}


def _say_row(row: FoundText, labels: Mapping[str, str]) -> None:
    say(f"text {row.document[:12]}  {row.language}, score {row.score:.2f}{', by name key' * (row.by == 'name')}")
    for item in row.items:
        name, source = item.name or "name withheld", item.source or "not stated"
        said = f"{item.media_type or 'kind not found out'}, published {item.published or 'unknown'}, source {source}"
        time = f", {labels[item.id]}" if item.id in labels else ""
        say(f"    {item.id[:20]}  {name}: {said}, {item.marking}{time}")
    for found in row.passages:
        say(f"    characters {found.passage.start} to {found.passage.end}: {_shown(found)}")


def _shown(found: FoundPassage) -> str:
    """The passage on one line, what was found between brackets: [ ] for words, [~ ] for name keys."""
    parts, at = [], found.passage.start
    for hit in found.hits:
        if hit.start < at:  # it lies within the one before
            continue
        before, own = _cut(found, at, hit.start), _cut(found, hit.start, hit.end)
        parts += [before, f"[{'~' * (hit.by == 'name')}{own}]"]
        at = hit.end
    return " ".join("".join([*parts, _cut(found, at, found.passage.end)]).split())


def _cut(found: FoundPassage, start: int, end: int) -> str:
    return found.passage.text[start - found.passage.start : end - found.passage.start]


def _say_sum(case: Path, answer: SearchAnswer, ranked: int) -> None:
    shown = f"{answer.offset + 1} to {answer.offset + len(answer.rows)} of " if answer.rows else ""
    say(f"{shown}{'more than ' * answer.bounded}{answer.matches} texts")
    if answer.bounded:
        say(f"  only the {ranked:,} that came into the case last are ranked; narrow it with more words or a filter")
    if answer.not_indexed:
        say(f"  {answer.not_indexed} texts are not yet indexed: run `probanda run {case}`")
