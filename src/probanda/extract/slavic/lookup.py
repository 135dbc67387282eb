"""Entries of the gazetteer of which Ukrainian or Russian words can be a case form, and words beside names of places.

Guarantees: an entry is told only where the words, in one of the cases that their endings allow, are a name of it; names
outside Belarus, Russia and Ukraine come from lexica/cyrillic_names.tsv.gz, regions by their adjective from
lexica/cyrillic_regions.tsv. Words beside names: lexica/{uk,ru}_places.tsv.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from importlib.resources import files

from probanda.extract.places import gazetteer
from probanda.extract.places.gazetteer import Entry
from probanda.extract.slavic.cases import nominatives
from probanda.extract.slavic.words import Terms
from probanda.extract.text.lexicon import table


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    """Ids of places outside Belarus, Russia and Ukraine by their Cyrillic names, with the name in the gazetteer."""
    content = files("probanda.extract").joinpath("lexica", "cyrillic_names.tsv.gz").read_bytes()
    found: dict[str, tuple[str, ...]] = {}
    for line in gzip.decompress(content).decode("utf-8").splitlines():
        if line and not line.startswith("#"):
            id_, main, names = line.split("\t")
            for name in names.split("|"):
                found[name] = (*found.get(name, ()), f"{id_}\t{main}")
    return found


@lru_cache(maxsize=16384)
def lookup(words: str, language: str) -> tuple[Entry, ...]:
    """Every gazetteer entry of which the words can be a case form, the most inhabitants first."""
    held = gazetteer.load()
    key = gazetteer.key_of(words)
    parts = key.split(" ")
    forms = [""]
    for part in parts:
        forms = [f"{form} {option}".strip() for form in forms for option in nominatives(part, language)][:400]
    found: dict[str, Entry] = {}
    for form in dict.fromkeys(forms):
        for entry in (*held.lookup(form), *_alias(form)):
            found.setdefault(entry.id, entry)
        if found and form == forms[0]:
            break
    for region in _region(key, language):
        found.setdefault(region.id, region)
    return tuple(sorted(found.values(), key=lambda entry: (entry.feature != "country", -entry.population, entry.id)))


def _alias(form: str) -> list[Entry]:
    held = []
    for alias in _aliases().get(form, ()):
        id_, main = alias.split("\t")
        held += [entry for entry in gazetteer.load().lookup(main) if entry.id == id_]
    return held


@cache
def _region_stems(language: str) -> Terms[tuple[str, str]]:
    rows = table("cyrillic_regions.tsv")
    return Terms((row[language] + "*", (row["name"], row["country"])) for row in rows)


def _region(key: str, language: str) -> list[Entry]:
    parts = key.split(" ")
    if len(parts) != 2 or not place_terms(language, "region").keys(parts[1]):
        return []
    found = _region_stems(language).at(parts[:1], 0, 1)
    if found is None:
        return []
    name, country = found.value
    entries = gazetteer.load().lookup(name)
    return [entry for entry in entries if entry.feature == "admin1" and entry.country == country]


@cache
def place_terms(language: str, class_: str) -> Terms[str]:
    return Terms(
        (term.strip(), class_)
        for row in table(f"{language}_places.tsv") if row["class"] == class_ for term in row["terms"].split(",")
    )  # fmt: skip


def named(words: str, language: str) -> tuple[Entry, ...]:
    """For the gate: every entry that `words` can name, the region around "Харківська область" among them."""
    return lookup(words, language)


def is_name(word: str) -> bool:
    """Whether the word as it stands, in no other case, is a name that the gazetteer has."""
    key = gazetteer.key_of(word)
    return bool(gazetteer.load().lookup(key) or _alias(key))
