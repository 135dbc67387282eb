"""Words: a text cut into the words by which texts are compared, each with its own characters.

Guarantees: pure, for any string; every word is `text[start:end]`, so no normalisation ever moves an offset. Two words
are the same when their `fold` is: compatibility forms, letter case, stress marks, Arabic and Hebrew vowel points,
tatweel, soft hyphens and invisible characters do not count, nor does ё against е. Apostrophes, hyphens and underscores
part words, so that “п'ять”, “п’ять” and “пʼять” are the same two. Letters of other scripts that look alike are not
folded, and neither are digits of other scripts.

A character of a script that sets no spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan) is a word of its
own; whoever counts words counts it as half a one (`is_sign`), which is arbitrary and near enough for Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_APOSTROPHES = "\u02b9\u02bb\u02bc\u02bd\u02c8\u02ee"  # letters to Unicode, marks to those who write
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
_SIGNS = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003fffd\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u0f40-\u0f6c\u1000-\u102a\u103f\u1050-\u1055\u1780-\u17b3"
)
_POINTS = re.compile(
    f"[{_INVISIBLE}\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
_SIGN = re.compile(f"[{_SIGNS}]")
_TYPOGRAPHY = "“”’‘—–…«»\u00a0„"
_TO_PLAIN = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_PLAIN = re.compile(r"[^\W_]+")


def split(text: str) -> list[str]:
    """The words as they stand in the text, in their order."""
    return _pattern(text).findall(text)


def comparable(text: str) -> list[str]:
    """As many words as `split` gives, each with the same `fold`, perhaps folded already: three times as fast for texts
    whose letters are those of English."""
    plain = text
    for mark in _TYPOGRAPHY:
        if plain.isascii():
            break
        plain = plain.replace(mark, " ")
    return plain.translate(_TO_PLAIN).split() if plain.isascii() else split(text)


def spans(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each word of `split` begins and ends."""
    both = np.fromiter(chain.from_iterable(m.span() for m in _pattern(text).finditer(text)), np.int64)
    return both[::2], both[1::2]


def fold(word: str) -> str:
    """The form in which words are compared."""
    if word.isascii():
        return word.lower()
    found = _POINTS.sub("", unicodedata.normalize("NFKC", word).casefold())
    return unicodedata.normalize("NFC", found).replace("ё", "е") or word


def is_sign(word: str) -> bool:
    """Whether the word is one character of a script without spaces."""
    return _SIGN.match(word) is not None


class Numbers(dict[str, int]):
    """A number for each word as it stands in a text, the same for the same `fold` and for no other; below zero where
    it is a sign. Numbers mean nothing outside the object that gave them."""

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        folded = fold(word)
        number = self._of.setdefault(folded, len(self._of) + 1)
        found = -number if is_sign(folded) else number
        self[word] = found
        return found

    def of(self, words: list[str]) -> NDArray[np.int64]:
        return np.array(list(map(self.__getitem__, words)), np.int64)


def _pattern(text: str) -> re.Pattern[str]:
    if text.isascii():
        return _PLAIN
    return _patterns()[_SIGN.search(text) is not None]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Without and with signs. A mark belongs to the word that it follows; `\\w` alone would cut there."""
    marks = f"[{_INVISIBLE}{''.join(_marks())}]"
    letter = rf"[^\W_{_APOSTROPHES}]"
    spaced = rf"[^\W_{_APOSTROPHES}{_SIGNS}]"
    return (
        re.compile(rf"{letter}+(?:{marks}+{letter}*)*"),
        re.compile(rf"[{_SIGNS}]{marks}*|{spaced}+(?:{marks}+{spaced}*)*"),
    )


def _marks() -> Iterator[str]:
    """Ranges of all characters that Unicode calls marks."""
    start = previous = -1
    for code in chain(range(0x300, 0x1F000), range(0xE0100, 0xE01F0)):
        if unicodedata.category(chr(code))[0] == "M":
            if code != previous + 1:
                if start >= 0:
                    yield f"{chr(start)}-{chr(previous)}"
                start = code
            previous = code
    yield f"{chr(start)}-{chr(previous)}"
