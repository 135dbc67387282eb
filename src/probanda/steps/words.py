"""The words of a text and what they are looked up under: folded forms and lemmas, each at its characters.

Guarantees: pure; the same word gives the same terms in a text and in a query, which is all that search rests on. A term
holds letters, digits and marks alone, in lower case (Unicode case folding after NFKC), so it means nothing to a query
language. Folded: apostrophes (' ’ ʼ and their like) fall away, accents of Latin and Greek letters too, ё is е, Arabic
loses vowel signs and the forms of alif. A number loses what parts its thousands ("2,000", "2 000" and "2000" are one).
Hyphenated words give their parts in order, and the whole beside them. Lemmas are simplemma's: English for Latin
letters, Ukrainian or Russian for Cyrillic, the other of the two where the text's own does not know the word. simplemma
lemmatises a word by itself, so of two readings it takes one, the same in text and query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

Profile = str
"""Whose lemmas: `uk` (also of English and its quotations), `ru`, or `none` for every other language."""
PROFILES: tuple[Profile, ...] = ("uk", "ru", "none")

_APOSTROPHES = "'’ʼ‘`´ʹ′＇"
_WIDTHLESS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
HYPHENS = "-‐‑"
_PARTING = ", \u00a0\u202f\u2009'’"  # between the thousands of a number
_SINGLE = str.maketrans(
    {"ё": "е", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
     "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None}
)  # fmt: skip
_CYRILLIC_STRESS = "\u0300\u0301"
_AS_WRITTEN = {**dict.fromkeys(map(ord, _WIDTHLESS + _CYRILLIC_STRESS)), **dict.fromkeys(map(ord, _APOSTROPHES), "'")}
_APART = dict.fromkeys(map(ord, _APOSTROPHES))
_MOST = 200  # characters of a term; what is longer is no word, and is cut
_ALSO = {"діти": "дитина"}  # one word of which simplemma has the plural's forms partly under another lemma
_LONGEST_LEMMA = 60  # arbitrary: no dictionary has longer words, and the rules take long over them


@dataclass(frozen=True, slots=True)
class Word:
    """One word at [start, end). `lemma` is what phrases are made of; `forms` are what else it is found by, without
    order: its folded form, the whole that it ends, the parts of a number."""

    start: int
    end: int
    lemma: str
    forms: tuple[str, ...]


def profile_of(language: str | None) -> Profile:
    return {"en": "uk", "uk": "uk", "ru": "ru"}.get(language or "", "none")


def words(text: str, profile: Profile) -> Iterator[Word]:
    """Every word of the text, in order."""
    stem = ""  # the parts before, where hyphens join them
    before = -1
    for found in _pattern().finditer(text):
        start, end, token = found.start(), found.end(), found.group()[:_MOST]
        if found.lastgroup == "number":
            parts = parts_of_number(token)
            yield Word(start, end, fold("".join(parts)), tuple(map(fold, parts)))
            stem, before = "", end
            continue
        folded, term = fold(token), lemma(token, profile)
        if not folded:
            continue
        joined = start == before + 1 and text[before] in HYPHENS and bool(stem)
        wholes = ((stem + folded)[:_MOST], (stem + term)[:_MOST]) if joined else ()
        stem = (stem + folded)[:_MOST] if joined else folded
        before = end
        forms = tuple(dict.fromkeys(form for form in (folded, *wholes) if form != term))
        yield Word(start, end, term, forms)


def parts_of_number(token: str) -> tuple[str, ...]:
    """The groups of digits of a number whose thousands are parted; none of any other word."""
    return tuple(re.split(f"[{_PARTING}]", token)) if token[0].isdigit() and not token.isdigit() else ()


@lru_cache(maxsize=200_000)
def fold(token: str) -> str:
    """The token in lower case without what readers do not tell apart; empty where it has no letter or digit."""
    plain = (token.casefold() if token.isascii() else _folded(token)).translate(_APART)
    if not plain.isalnum():
        plain = "".join(letter for letter in plain if letter.isalnum() or unicodedata.category(letter)[0] == "M")
    return plain[:_MOST]


def _folded(token: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", token).casefold()).translate(_SINGLE)
    out: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFD", plain):
        if unicodedata.category(letter) != "Mn":
            base = _script(letter)
        elif base in ("LATIN", "GREEK", "ARABIC", "HEBREW") or (base == "CYRILLIC" and letter in _CYRILLIC_STRESS):
            continue
        out.append(letter)
    return unicodedata.normalize("NFC", "".join(out)).translate(_SINGLE)


@lru_cache(maxsize=200_000)
def lemma(token: str, profile: Profile) -> str:
    """The folded lemma of the token, its folded form where nobody knows one."""
    bare = bare_word(token)
    languages = _languages(bare, profile)
    if not languages or not 1 < len(bare) <= _LONGEST_LEMMA:
        return fold(token)
    from simplemma import lemmatize

    if len(bare) > 3 and bare.isupper():
        bare = bare.capitalize()  # a headline: no word is known in capitals
    known = next((one for one in languages if _known(bare, one)), None)
    if known is None and bare[0].isupper() and languages[0] != "en":
        return fold(token)  # a name that no dictionary has: a guess at its ending would invent another name
    known = known or languages[0]
    found = fold(lemmatize(bare, lang=known)) or fold(token)
    return _ALSO.get(found, found)


def known_lemma(token: str, profile: Profile) -> str | None:
    """The lemma as a dictionary writes it, `None` where none has the word."""
    bare = bare_word(token)
    for language in _languages(bare, profile) if len(bare) <= _LONGEST_LEMMA else ():
        if _known(bare, language):
            from simplemma import lemmatize

            return str(lemmatize(bare, lang=language))
    return None


@lru_cache(maxsize=200_000)
def _known(bare: str, language: str) -> bool:
    from simplemma import is_known

    return bool(is_known(bare, lang=language))


def _languages(bare: str, profile: Profile) -> tuple[str, ...]:
    if profile == "none":
        return ()
    script = _script(next((letter for letter in bare if letter.isalpha()), ""))
    if script == "LATIN":
        return ("en",)
    if script != "CYRILLIC":
        return ()
    return ("uk", "ru") if profile == "uk" else ("ru", "uk")


def bare_word(token: str) -> str:
    """As the dictionaries write it: one apostrophe, no invisible characters, no mark of stress, no English genitive."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", token).translate(_AS_WRITTEN))
    return plain[:-2] if plain[-2:] in ("'s", "'S") else plain


@lru_cache(maxsize=5000)
def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    return unicodedata.name(letter, "").split(" ")[0]


@cache
def _pattern() -> re.Pattern[str]:
    """A number with parted thousands, or letters, digits and marks with apostrophes among them."""
    marks = "".join(re.escape(chr(code)) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
    letter = rf"(?:[^\W_]|[{marks}{_WIDTHLESS}])"
    word = rf"[^\W_]{letter}*(?:[{_APOSTROPHES}](?=[^\W\d_]){letter}+)*"
    grouped = "|".join(rf"[0-9]{{1,3}}(?:{re.escape(one)}[0-9]{{3}})+" for one in _PARTING)
    number = rf"(?<![^\W_])(?<![0-9][.,])(?:{grouped})(?![^\W_])"
    return re.compile(rf"(?P<number>{number})|(?P<word>{word})")
