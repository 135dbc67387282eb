"""Keys under which a name in Latin, Cyrillic or Arabic letters meets its spellings in the other scripts.

Guarantees: pure; a word gives the same keys wherever it is asked. A key is folded from the letters by
`romanisation.tsv`, where each row names the published table it comes from. A *full key* (of Latin and Cyrillic words)
keeps three vowels (a, u, and one for e, i, o, y, since the tables and the two languages differ there most), no doubled
letter and no vowels at the end, which are case endings. A *skeleton* has no vowels at all, for Arabic writes most of
them not; only an initial vowel is marked. It begins with 0 where the word is Arabic, with 1 elsewhere, so that two
words in Latin letters never meet by their skeletons alone. Kyiv, Kiev, Київ, Киев share a key.

A shared key is a hint that two words may be spellings of one name, never a statement that they are: different names
share keys too (Bob, Beb). Names that the languages themselves form differently (Mykola, Nikolai) share none. A word
gets no key where fewer than three symbols are left: too many would meet there (Ali, Gaza in Arabic letters).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby, islice, product

_TABLE = "romanisation.tsv"
_LEAST = 3  # symbols of a key
_MOST_KEYS = 4  # of one word; arbitrary, a word with many ambiguous letters keeps the first
_VOWELS = "aiu"
_ARTICLE = "ال"
# The endings of an adjective after -sk-, in Ukrainian and Russian: the surnames in -skyi inflect so.
_ADJECTIVE = re.compile(
    r"(?<=.[сц]к)(ого|ому|ими|ыми|им|ым|ом|ою|ой|ей|ій|ої|ая|ую|их|ых|ие|ые|ий|ый|і|а|у)$|"
    r"(?<=.[сц]ьк)(ого|ому|ими|им|ою|ій|ої|их|ий|і|а|у)$"
)


def name_keys(word: str) -> tuple[str, ...]:
    """The keys of one word, full keys before skeletons; none for other scripts and for words that are too short."""
    return _keys(unicodedata.normalize("NFKC", word).casefold())


def sought_keys(word: str) -> tuple[str, ...]:
    """The keys to look for when this word is sought: its full keys, and its skeletons as the other scripts have them;
    a word in Arabic letters also meets its like."""
    found = []
    for key in name_keys(word):
        found += [key, f"1{key[1:]}"] if key[0] == "0" else [f"0{key[1:]}"] if key[0] == "1" else [key]
    return tuple(found)


def table_digest() -> str:
    """SHA-256 of the table, on which every key depends."""
    return hashlib.sha256(_data()).hexdigest()


@lru_cache(maxsize=100_000)
def _keys(word: str) -> tuple[str, ...]:
    script = _script(word)
    if script == "arabic":
        bare = word.removeprefix(_ARTICLE) if len(word) >= len(_ARTICLE) + 3 else word
        skeletons = [_arabic_skeleton(units) for units in _read(_without_marks(bare), script)]
        return tuple(dict.fromkeys(f"0{found}" for found in skeletons if len(found) >= _LEAST))
    if script is None:
        return ()
    if script == "cyrillic":
        word = _ADJECTIVE.sub("", word)
    readings = _read(word, script)
    full = [_without_end(_joined(units.replace("W", "v"))) for units in readings]
    bones = [_skeleton(units) for units in readings]
    found = [key for key in full if len(key) >= _LEAST] + [f"1{key}" for key in bones if len(key) >= _LEAST]
    return tuple(dict.fromkeys(found))


def _read(word: str, script: str) -> list[str]:
    """The symbols of the word, once for each combination of the alternatives in the table."""
    letters, longest = _letters()[script]
    parts: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        for length in range(min(longest, len(word) - at), 0, -1):
            found = letters.get(word[at : at + length])
            if found is not None:
                parts.append(found)
                at += length
                break
        else:  # an accent that no table writes: the bare letter; anything else is passed over
            bare = unicodedata.normalize("NFD", word[at])[0]
            if bare != word[at] and bare in letters:
                parts.append(letters[bare])
            at += 1
    return ["".join(chosen) for chosen in islice(product(*parts), _MOST_KEYS)]


def _joined(units: str) -> str:
    """Without doubled symbols."""
    return "".join(symbol for symbol, _ in groupby(units))


def _without_end(key: str) -> str:
    return key.rstrip(_VOWELS) if len(key.rstrip(_VOWELS)) >= _LEAST else key


def _skeleton(units: str) -> str:
    """As Arabic would write it: no vowels, no w within the word, v as f, p as b, dj as j."""
    joined = _joined(units).replace("dj", "j").replace("v", "f").replace("p", "b")
    first = "a" if joined[:1] and joined[0] in _VOWELS else "v" if joined[:1] == "W" else ""
    return first + "".join(symbol for symbol in joined if symbol not in _VOWELS and symbol != "W")


def _arabic_skeleton(units: str) -> str:
    joined = _joined(units)
    first = "a" if joined[:1] in ("A", "Y") and joined else ""
    return first + "".join(symbol for symbol in joined if symbol not in "AY")


def _without_marks(word: str) -> str:
    """Arabic without vowel signs, the stretching line and the seats of hamza over alif."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if unicodedata.category(letter) != "Mn")


def _script(word: str) -> str | None:
    """The script of the first letter that has one of the three."""
    for letter in word:
        for script in ("latin", "cyrillic", "arabic"):
            if letter in _letters()[script][0]:
                return script
        if letter.isalpha():
            name = unicodedata.name(letter, "").split(" ")[0].lower()
            return name if name in ("latin", "cyrillic", "arabic") else None
    return None


@cache
def _data() -> bytes:
    return files("probanda.records").joinpath(_TABLE).read_bytes()


@cache
def _letters() -> dict[str, tuple[dict[str, tuple[str, ...]], int]]:
    """By script: letters to their alternatives, and the length of the longest row."""
    found: dict[str, dict[str, tuple[str, ...]]] = {"latin": {}, "cyrillic": {}, "arabic": {}}
    for line in _data().decode("utf-8").splitlines():
        if line and not line.startswith("#"):
            script, letters, symbols, _ = line.split("\t")
            found[script][letters] = tuple("" if one == "-" else one for one in symbols.split("|"))
    return {script: (rows, max(map(len, rows))) for script, rows in found.items()}
