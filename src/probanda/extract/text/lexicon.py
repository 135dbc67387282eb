"""The word lists and tables of the reading, as data files with a source on every table.

A lexicon file is UTF-8 text in `lexica/`. Lines that start with `#` give title, source and licence. A `.txt` file has
one entry a line; a `.tsv` file has a header line and tab-separated columns. `digests()` names the exact bytes in use,
so that a derivation can say which lexicon it was made with.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    content = files("probanda.extract").joinpath("lexica", name).read_text(encoding="utf-8")
    return [line for line in content.splitlines() if line.strip() and not line.startswith("#")]


@cache
def word_list(name: str) -> frozenset[str]:
    """The entries of a one-column lexicon."""
    return frozenset(line.strip() for line in _lines(name))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a lexicon with columns, in the order of the file."""
    lines = _lines(name)
    header = lines[0].split("\t")
    rows = []
    for line in lines[1:]:
        cells = line.split("\t")
        if len(cells) != len(header):
            raise ValueError(f"lexica/{name}: expected {len(header)} columns, found {len(cells)} in {line!r}")
        rows.append(dict(zip(header, cells, strict=True)))
    return tuple(rows)


@cache
def digests() -> dict[str, str]:
    """SHA-256 of every lexicon file by name."""
    folder = files("probanda.extract").joinpath("lexica")
    return {
        item.name: hashlib.sha256(item.read_bytes()).hexdigest()
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.is_file()
    }
