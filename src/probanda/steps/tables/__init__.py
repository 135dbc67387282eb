"""Tables of the steps, as data files with a source in each: lines that start with `#` say where the facts are from."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a tab-separated table, in the order of the file, where that order may matter."""
    lines = [line for line in _content(name).splitlines() if line and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:])


@cache
def table_digest(name: str) -> str:
    """SHA-256 of the table's file, for the request of a step that uses it."""
    return hashlib.sha256(_content(name).encode()).hexdigest()


def _content(name: str) -> str:
    return files("probanda.steps.tables").joinpath(name).read_text(encoding="utf-8")
