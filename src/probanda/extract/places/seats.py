"""Names with a fixed meaning that no gazetteer gives: seats that stand for a government, and regions in common use.

Guarantees: a seat ("the Kremlin") is a metonym with the country that it stands for and never a point on a map; a region
("Darfur") has a rough middle and reach and no id. Lists and their sources: lexica/metonyms.tsv, lexica/regions.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.places.gazetteer import key_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.records.reading import Place


@cache
def _fixed() -> dict[str, tuple[str, dict[str, str]]]:
    """Key of a name to the kind of its table and its row: seats of government and regions in common use."""
    rows = {key_of(row["name"]): ("metonym", row) for row in table("metonyms.tsv")}
    rows.update({key_of(row["name"]): ("region", row) for row in table("regions.tsv")})
    return rows


@cache
def _fixed_first() -> frozenset[str]:
    return frozenset(key.split()[0] for key in _fixed())


def fixed_names(doc: Document) -> list[tuple[int, int, str]]:
    """The names of both lists in `doc` as tokens [first, last) with the key of the name."""
    out: list[tuple[int, int, str]] = []
    for first, token in enumerate(doc.tokens):
        if token.lower not in _fixed_first() or (out and first < out[-1][1]):
            continue
        for size in (3, 2, 1):
            key = " ".join(t.lower for t in doc.tokens[first : first + size])
            if key in _fixed() and doc.tokens[first + size - 1].capital:
                out.append((first, first + size, key))
                break
    return out


def fixed_place(doc: Document, first: int, last: int, key: str) -> Place:
    """The place that `fixed_names` found: a seat as metonym, off the map; a region with its rough reach."""
    kind, row = _fixed()[key]
    passage = doc.passage(first, last)
    country = row["country"] or None
    if kind == "metonym":
        return Place(passage, row["name"], None, country, None, None, None, "metonym")
    return Place(
        passage,
        row["name"],
        None,
        country,
        float(row["latitude"]),
        float(row["longitude"]),
        int(row["radius_m"]),
        "location",
    )
