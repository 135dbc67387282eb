"""add --as: which way in a file of another's records takes. One row for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from probanda.cli import asked
from probanda.cli.incidents import imported

AS: Final[Mapping[str, Callable[..., int]]] = {
    "atlos": imported,
    "timemap": imported,
    "geojson": imported,
    "incidents-csv": imported,
}


def take(
    case: Path, paths: list[Path], name: str, again: bool, by: str | None, as_json: bool,
    stated: tuple[str | None, str | None, str | None, str | None],
) -> int:  # fmt: skip
    """`stated` are publication date, source, note and marking. Raises `CommandError` for a format that has no row."""
    from typing import get_args

    from probanda.records.protection import Marking

    asked.one_of("--as", name, tuple(AS))
    published, source, note, marking = stated
    asked.date("--published", published)
    if marking is not None:
        asked.one_of("--marking", marking, get_args(Marking))
    told: dict[str, Any] = {
        "published": published,
        "source": asked.optional_text("--source", source),
        "note": asked.optional_text("--note", note),
        "marking": marking,
    }
    return AS[name](case, paths, name, again=again, by=by, as_json=as_json, **told)
