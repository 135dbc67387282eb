"""A GeoNames dump as the table that a reading looks names up in: one line for each feature, in the order of the ids.

Guarantees: the same dump gives the same bytes on every machine; names are kept as the gazetteer compares them
(`gazetteer.key_of`), in Latin and Cyrillic letters; the radius of a settlement follows from its inhabitants, that of a
region or district from where its settlements lie, that of anything else from its kind (lexica/features.tsv). A radius
is a guess of how far from its point a feature reaches, and admitted to be.

Form: UTF-8, a first line beginning with "#" that names source and licence, then ten columns parted by tabs as in the
shipped gazetteer: id, feature ("P.PPL"), country, codes of the regions from the widest ("07/0712/", each followed by a
slash), latitude, longitude, radius in metres, inhabitants, name, keys parted by "|".
"""

from __future__ import annotations

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable

from probanda.extract.places.dump import Row
from probanda.extract.places.features import kind_of
from probanda.extract.places.gazetteer import fold, key_of

HEAD = "# GeoNames (https://www.geonames.org), CC BY 4.0; compiled by Probanda, table 1\n"
MOST_NAMES = 40  # of one feature; arbitrary
UNKNOWN_M = 1_500  # radius of a settlement of unknown size; arbitrary
_LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ɏ][A-Za-zÀ-ɏ'’ʻʼ‘`. -]{2,79}")
_CYRILLIC = re.compile(r"[А-ЯЁЇІЄҐЎ][а-яёїієґўА-ЯЁЇІЄҐЎ'’ʼ -]{2,79}")
_PLAIN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")  # for these the gazetteer's tokens are the words
# What GeoNames, and texts, call a region: its name without that is a name of the region too, read beside such a noun.
_NOUN = re.compile(
    r"(?i)\s+(?:oblast'?|region|province|state|governorate|district|raion|rayon|county|prefecture|department|canton"
    r"|municipality|(?:urban |rural |settlement |city )?(?:territorial )?(?:community|hromada))$"
)
_LEVELS = {"ADM1": 1, "ADM2": 2, "ADM3": 3, "ADM4": 4, "ADM5": 4}
_FEWEST = 3  # settlements from which a spread says something; arbitrary
_LEAST_M = 2_000


def compile_table(rows: Iterable[Row], country_of: Callable[[], str]) -> tuple[bytes, int]:
    """The table of these rows, and how many features it has. `country_of` is asked when all rows were read."""
    held = sorted(rows, key=lambda row: row.id)
    country = country_of()
    spread = _points(held)
    lines = []
    for row in held:
        keys = _keys(row)
        if not keys:
            continue
        cells = (
            f"geonames:{row.id}", f"{row.class_}.{row.code}", country, _path(row, 4), f"{row.latitude:.5f}",
            f"{row.longitude:.5f}", str(_radius(row, spread)), str(row.population), row.name, "|".join(keys),
        )  # fmt: skip
        lines.append("\t".join(cells))
    return (HEAD + "\n".join(lines) + "\n").encode(), len(lines)


def _path(row: Row, levels: int) -> str:
    """The codes of the regions down to the first that the dump lacks."""
    path = ""
    for code in row.regions[:levels]:
        if code in ("", "00"):
            break
        path += code + "/"
    return path


def _keys(row: Row) -> list[str]:
    keys: dict[str, None] = {}
    for number, name in enumerate(row.names):
        name = name.strip()
        cyrillic = "Ѐ" <= name[:1] <= "ӿ"
        written = _CYRILLIC.fullmatch(name) if cyrillic else _LATIN.fullmatch(name)
        if number and (not written or (name.isupper() and not cyrillic) or (not cyrillic and len(name) < 4)):
            continue
        if "|" in name or "\t" in name:
            continue
        key = _key(name)
        keys[key] = None
        if "ё" in key:
            keys[key.replace("ё", "е")] = None  # texts write either
        if row.class_ == "A" and (bare := _NOUN.sub("", name)) != name:
            keys[_key(bare)] = None
        if len(keys) >= MOST_NAMES:
            break
    return [key for key in keys if key]


def _key(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return " ".join(map(fold, name.split(" ")))
    return key_of(name)


_Points = dict[str, tuple["array[float]", "array[float]"]]


def _points(rows: list[Row]) -> _Points:
    """Where the settlements of every region lie, by the path of the region."""
    found: _Points = defaultdict(lambda: (array("d"), array("d")))
    for row in rows:
        if row.class_ == "P":
            for level in range(1, 5):
                if row.regions[level - 1] in ("", "00"):
                    break
                latitudes, longitudes = found[_path(row, level)]
                latitudes.append(row.latitude)
                longitudes.append(row.longitude)
    return found


def _radius(row: Row, spread: _Points) -> int:
    kind = kind_of(row.class_, row.code)
    assert kind is not None
    if kind.level == "settlement":
        # At 1,500 inhabitants to the square kilometre, at least 1 km, as the shipped gazetteer has it.
        people = row.population
        return max(1_000, int(math.sqrt(people / 1_500 / math.pi) * 10) * 100) if people else UNKNOWN_M
    level = _LEVELS.get(row.code)
    inside = spread.get(_path(row, level)) if level and all(row.regions[:level]) else None
    if inside is None or len(inside[0]) < _FEWEST:
        return kind.radius_m
    distances = sorted(metres(row.latitude, row.longitude, *point) for point in zip(inside[0], inside[1], strict=True))
    return max(_LEAST_M, round(distances[int(0.9 * (len(distances) - 1))] / 1_000) * 1_000)


def metres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance of two points on a sphere (haversine)."""
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h)))
