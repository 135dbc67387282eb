"""Gazetteer: names of places with a GeoNames id each, and a longest-match scan of a text for them.

Guarantees: one entry per place, all entries of a name, the digest of the exact file in use. A hit must begin with a
capital letter in the text; whether it is a place at all, and which, is for `places` to decide. Comparison ignores
case, diacritics on Latin letters and the form of apostrophes, and nothing else: there is no approximate match.

Coverage, so that a name that is not found is understood: every country and territory; first-level regions of which the
source has a named place; every place of at least 15,000 inhabitants; places of at least 500 in countries with a war
since 2014 (the list stands in scripts/make_gazetteer.py). Villages below 500, streets and sites are not in it; a case
adds its own.

Source: GeoNames, CC BY 4.0 (lexica/gazetteer.tsv.gz, made by scripts/make_gazetteer.py).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from probanda.extract.text.segments import Document, segment

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʻ": "'", "ʼ": "'", "`": "'", "´": "'", "‑": "-"})
_LATIN_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. `country` is ISO 3166-1 alpha-2. The point is the middle of what the gazetteer knows of the place, and
    `radius_m` how far from it the place may reach: derived from area, from spread of settlements, or guessed from
    inhabitants, in this order of trust. `admin1` is the code of the first-level region, "" where there is none.
    `feature`: country, admin1, capital or city. In a table that a case imported (`places.imported`) it is a class and
    code of GeoNames ("P.PPL"), and `admin1` has the codes of all regions, each with a slash behind it."""

    id: str
    name: str
    country: str
    feature: str
    latitude: float
    longitude: float
    radius_m: int
    population: int
    admin1: str
    main_key: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens [first, last) of a document that spell a name of these entries."""

    first: int
    last: int
    key: str
    entries: tuple[Entry, ...]


def fold(word: str) -> str:
    """`word` in lower case, with plain apostrophes and without diacritics on Latin letters (those on Cyrillic stay)."""
    if word.isascii():
        return word.lower()
    word = word.lower().translate(_APOSTROPHES)
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", parts)).translate(_LETTERS)


@cache
def _key_of(name: str) -> str:
    return " ".join(fold(token.text) for token in segment(name).tokens)


def key_of(name: str) -> str:
    """`name` as the gazetteer compares it: folded tokens with one space between."""
    key = _key_of(name.translate(_APOSTROPHES))
    # What was folded can part into other tokens (vowel signs of Tibetan, for one): a key is the key of itself.
    return key if key.isascii() else _key_of(key)


class Gazetteer:
    """The names and entries of one gazetteer file, packed as the shipped one (see `load`) or plain."""

    def __init__(self, content: bytes) -> None:
        self.digest = hashlib.sha256(content).hexdigest()
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        self._lines = plain.decode("utf-8").split("\n")
        self._index: dict[str, int | tuple[int, ...]] = {}
        self._longest: dict[str, int] = {}  # of the names that begin with this word, the most tokens
        self._regions: dict[tuple[str, str], int] = {}
        self._entries: dict[int, Entry] = {}
        index, longest = self._index, self._longest
        for number, line in enumerate(self._lines):
            if not line or line[0] == "#":
                continue
            for key in line[line.rindex("\t") + 1 :].split("|"):
                held = index.get(key)
                if held is None:
                    index[key] = number
                else:
                    index[key] = (held, number) if isinstance(held, int) else (*held, number)
                if " " in key:
                    word, size = key[: key.index(" ")], key.count(" ") + 1
                    if size > longest.get(word, 1):
                        longest[word] = size
            if line.startswith("admin1\t", line.index("\t") + 1):
                cells = line.split("\t", 4)
                self._regions[(cells[2], cells[3])] = number

    def __len__(self) -> int:
        return len(self._lines) - 2

    @property
    def country(self) -> str:
        """The country of the first entry; "" where there is none."""
        first = next((line for line in self._lines if line and line[0] != "#"), "")
        return first.split("\t", 3)[2] if first else ""

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """All entries with this name, the most inhabitants first; empty where the gazetteer has none."""
        return self._of(key_of(name))

    def named(self, key: str) -> tuple[Entry, ...]:
        """All entries with this key, as `lookup`."""
        return self._of(key)

    def region_of(self, entry: Entry) -> Entry | None:
        """The first-level region in which a place lies, `None` where the gazetteer names none."""
        number = self._regions.get((entry.country, entry.admin1))
        return None if number is None else self._entry(number)

    def scan(self, doc: Document) -> tuple[Hit, ...]:
        """The longest names in `doc`, left to right, that do not overlap and begin with a capital letter."""
        hits: list[Hit] = []
        tokens, index, longest = doc.tokens, self._index, self._longest
        place, end = 0, len(tokens)
        while place < end:
            token = tokens[place]
            if token.kind != "word" or not token.capital:
                place += 1
                continue
            word = fold(token.text)
            size = min(longest.get(word, 1), end - place)
            found = ""
            while size > 1:
                found = " ".join([word, *(fold(tokens[place + step].text) for step in range(1, size))])
                if found in index:
                    break
                size -= 1
            if size == 1:
                found = word if word in index else ""
            if found:
                hits.append(Hit(place, place + size, found, self._of(found)))
            place += size if found else 1
        return tuple(hits)

    def _of(self, key: str) -> tuple[Entry, ...]:
        held = self._index.get(key)
        if held is None:
            return ()
        numbers = (held,) if isinstance(held, int) else held
        return tuple(sorted((self._entry(number) for number in numbers), key=lambda e: (-e.population, e.id)))

    def _entry(self, number: int) -> Entry:
        entry = self._entries.get(number)
        if entry is None:
            cells = self._lines[number].split("\t")
            entry = Entry(
                cells[0], cells[8], cells[2], cells[1], float(cells[4]), float(cells[5]), int(cells[6]),
                int(cells[7]), cells[3], cells[9].split("|", 1)[0],
            )  # fmt: skip
            self._entries[number] = entry
        return entry


@cache
def load() -> Gazetteer:
    """The gazetteer that comes with the package, read once."""
    return Gazetteer(files("probanda.extract").joinpath("lexica", "gazetteer.tsv.gz").read_bytes())
