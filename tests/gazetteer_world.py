"""Country dumps in GeoNames' form, with places that nobody has ever lived in (exercise material). The names are free
inventions, XK is a code that ISO 3166 leaves to users; points lie where a computer put them."""

from __future__ import annotations

import io
import zipfile

from probanda.extract.places.compile import compile_table
from probanda.extract.places.dump import Told, rows_of
from probanda.extract.places.imported import Imported, imported

COUNTRY = "XK"


def row(
    id: int | str,
    name: str,
    lat: float | str,
    lon: float | str,
    feature: str = "P.PPL",
    people: int | str = 0,
    regions: str = "07/0701",
    other: str = "",
    country: str = COUNTRY,
) -> str:
    """One line of a dump. `regions` are codes from the widest, parted by slashes; `other` are alternate names."""
    class_, _, code = feature.partition(".")
    admin = [*regions.split("/"), "", "", "", ""][:4]
    return "\t".join(
        [str(id), name, name.encode("ascii", "ignore").decode(), other, str(lat), str(lon), class_, code, country, "",
         *admin, str(people), "", "150", "Europe/Vesna", "2030-01-01"]
    )  # fmt: skip


_REGION = "Марлівська область,Marlivska Region,Марловская область"
ROWS = [
    row(1, "Marlivska Oblast", 48.6, 37.6, "A.ADM1", 900_000, "07", _REGION),
    row(2, "Hasko Raion", 48.50, 37.50, "A.ADM2", 40_000, "07/0701", "Гаськівський район,Гасковский район"),
    row(3, "Olvia Raion", 49.50, 39.50, "A.ADM2", 30_000, "07/0702", "Ольвійський район,Ольвийский район"),
    row(10, "Upper Hasko", 48.51, 37.52, people=240, other="Верхнє Гаськове,Верхнее Гасково"),
    row(11, "Yarivets", 48.53, 37.49, people=310, other="Ярівець,Яривец"),
    row(12, "Serivka", 48.55, 37.55, people=120, other="Серівка,Серовка"),
    row(13, "Serivka", 49.52, 39.48, people=150, regions="07/0702", other="Серівка,Серовка"),
    row(14, "Serivka", 49.00, 38.60, people=90, regions="07/0703", other="Серівка,Серовка"),
    row(15, "Center", 48.70, 37.70, people=60),
    row(16, "Bank", 48.71, 37.72, people=55),
    row(17, "Dalnivka", 49.55, 39.52, people=700, regions="07/0702", other="Дальнівка,Дальновка"),
    row(18, "Brannivets", 48.80, 38.10, people=4_000, other="Бранівець,Бранивец"),
    row(20, "Yarivets District Hospital", 48.532, 37.491, "S.HSP", other="Лікарня Ярівець"),
    row(21, "Zoranka", 48.90, 38.00, "S.AIRF", other="Зоранка"),
    row(22, "Olsha", 48.40, 37.40, "H.STM", other="Ольша"),
    row(23, "Hasko Prison", 48.515, 37.53, "S.PRN"),
    row(24, "Old Road", 48.1, 37.1, "R.RD"),
]  # fmt: skip


def dump(*rows: str) -> bytes:
    """The file of these rows, of `ROWS` without any."""
    return ("\n".join(rows or ROWS) + "\n").encode()


def zipped(data: bytes, *more: tuple[str, bytes]) -> bytes:
    """As downloaded: XK.zip with XK.txt and readme.txt, and `more`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("readme.txt", b"Data dump"), ("XK.txt", data), *more):
            archive.writestr(name, content)
    return out.getvalue()


def gazetteers(*rows: str) -> Imported:
    """What a reading is given, compiled of these rows."""
    told = Told()
    table, _ = compile_table(rows_of(dump(*rows), told), lambda: told.country)
    held = imported({"0" * 64 if not rows else str(hash(rows)): table})
    assert held is not None
    return held
