"""Kinds of features in a GeoNames dump: how precise one is, how far it may reach, and which words go with its name.

Source: lexica/features.tsv, which says where its rows come from. What has no row there is not taken from a dump: roads,
undersea features, countries, historical divisions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from probanda.extract.text.lexicon import table

NEEDS_NO_WORD = "AP"  # classes of which a name is read without a word for what it is


@dataclass(frozen=True, slots=True)
class FeatureKind:
    """`level`: region, district, municipality, settlement, part of a settlement, facility, area, water or relief.
    `words`: by language, lower case; English words are whole, Ukrainian and Russian ones are stems."""

    class_: str
    level: str
    radius_m: int
    words: dict[str, tuple[str, ...]]


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...], FeatureKind], ...]:
    out = []
    for row in table("features.tsv"):
        words = {language: tuple(word for word in row[language].split(",") if word) for language in ("en", "uk", "ru")}
        kind = FeatureKind(row["class"], row["level"], int(row["radius_m"]), words)
        out.append((row["class"], tuple(row["codes"].split(",")), kind))
    return tuple(out)


@lru_cache(maxsize=4096)
def kind_of(class_: str, code: str) -> FeatureKind | None:
    """The kind of a feature; `None` where it is not taken from a dump."""
    for row_class, codes, kind in _rows():
        if row_class == class_ and any(
            code.startswith(one[:-1]) if one.endswith("*") else code == one for one in codes
        ):
            return kind
    return None


def kind_of_feature(feature: str) -> FeatureKind | None:
    """`kind_of` of an entry's feature, such as "P.PPL"."""
    class_, _, code = feature.partition(".")
    return kind_of(class_, code)


@lru_cache(maxsize=16384)
def goes_with(word: str, feature: str, language: str) -> bool:
    """Whether a word (lower case) says of a name that it is one of such a feature: "airfield" of an airfield."""
    kind = kind_of_feature(feature)
    if kind is None:
        return False
    if language == "en":
        return word in kind.words["en"]
    return any(word.startswith(stem) for stem in kind.words[language])


@cache
def class_words() -> frozenset[str]:
    """Every English word that goes with a feature."""
    return frozenset(word for _, _, kind in _rows() for word in kind.words["en"])
