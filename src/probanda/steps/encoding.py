"""Which character encoding a text is in, and on what grounds.

Grounds, strongest first: a byte-order mark; UTF-8 that decodes without fault and is not mere ASCII (text in another
encoding almost never does); what the page declares, where the bytes decode so; ASCII; what the words look like.
A declaration that the bytes contradict is reported, not believed. Bytes that are mostly UTF-8 with faults stay UTF-8:
calling them windows-1252 would decode, and silently make other words of them; the reader will name the faulty byte.

`confidence` is 1.0 for a proof and else the share of non-ASCII characters that make sense: a ranking signal, not a
probability.
Sources: Encoding Standard (names, labels, byte-order marks); HTML Standard 13.2.3.2 (where a page declares).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from probanda.steps.tables import table

# Tried on words; the order settles a tie. Latin last: it takes nearly any byte for a letter.
_GUESSES = ("windows-1251", "koi8-u", "koi8-r", "iso-8859-5", "ibm866", "windows-1252")
_SAMPLE_BYTES = 65536  # arbitrary: enough words to tell encodings apart
_DECLARED = re.compile(
    rb"""<(?:meta\s[^>]*?charset|\?xml\s[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""", re.I
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` as in the Encoding Standard, lower case. `declared`: what the page says of itself, as written there."""

    name: str
    basis: str
    confidence: float
    declared: str | None = None


def detect(data: bytes) -> Encoding:
    """The encoding of `data`, which is taken to be text."""
    match = _DECLARED.search(data[:1024])
    declared = match.group(1).decode("ascii") if match else None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, "byte-order mark", 1.0, declared)
    if data.isascii():
        return Encoding("utf-8", "only ASCII, which is the same in all encodings considered", 1.0, declared)
    faults, right = _utf8(data)
    if not faults:
        return Encoding("utf-8", "decodes as UTF-8", 1.0, declared)
    if right > 4 * faults:  # arbitrary: text in a one-byte encoding has hardly any right UTF-8 sequences
        return Encoding(
            "utf-8", f"mostly UTF-8, with {faults} faulty bytes", round(right / (right + faults), 3), declared
        )
    named = by_label(declared) if declared else None
    if named is not None and named != "utf-8" and not named.startswith("utf-16") and _decodes(data, named):
        return Encoding(named, "declared by the page", 1.0, declared)
    return _by_words(data, declared)


def codec(name: str) -> str | None:
    """Python's codec for an encoding of the table, by name; `None` where the table has no such name."""
    return _codecs().get(name)


@cache
def _codecs() -> dict[str, str]:
    return {row["name"]: row["codec"] for row in table("encodings.tsv")}


def by_label(label: str) -> str | None:
    """The encoding's name for a label as pages write it. Only the table's: Python's own look-up knows codecs that
    unpack archives."""
    wanted = label.strip().lower()
    return next((row["name"] for row in table("encodings.tsv") if wanted in row["labels"].split()), None)


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(codec(name) or name)
    except UnicodeDecodeError:
        return False
    return True


def _utf8(data: bytes) -> tuple[int, int]:
    """Faulty bytes or sequences, and characters beyond ASCII that are written rightly."""
    text = data.decode("utf-8", "replace")
    faults = text.count("\ufffd") - data.count("\ufffd".encode())
    return faults, sum(character > "\x7f" for character in text) - faults


def _by_words(data: bytes, declared: str | None) -> Encoding:
    best = Encoding("windows-1252", "no encoding fits; windows-1252 is the commonest", 0.0, declared)
    for name in _GUESSES:
        try:
            text = data[:_SAMPLE_BYTES].decode(codec(name) or name)
        except UnicodeDecodeError:
            continue
        share = _sense(text, cyrillic=name != "windows-1252")
        if share > best.confidence:
            best = Encoding(name, "script and case of its words", round(share, 3), declared)
    return best


def _sense(text: str, *, cyrillic: bool) -> float:
    """The share of non-ASCII characters that stand where such a character makes sense: in a word of one script with
    usual case, or as quotation mark, dash or space. For Cyrillic, less the further its letters are from the commonest
    ones: two Cyrillic encodings often make words of the same bytes, with another letter or case for each."""
    total = sum(character > "\x7f" for character in text)
    letters = [character for character in text.lower() if "\u0400" <= character <= "\u04ff"] if cyrillic else []
    if not total or (cyrillic and not letters):
        return 0.0
    good = 0.0
    for match in _WORD.finditer(text):
        word = match.group()
        foreign = sum(character > "\x7f" for character in word)
        dense = not cyrillic and len(word) > 1 and 2 * foreign > len(word)  # no Latin orthography has such words
        if foreign and not dense and len({_script(character) for character in word}) == 1:
            good += foreign * _case(word)
    if cyrillic:
        common = sum(character in _COMMON_CYRILLIC for character in letters) / len(letters)
        good *= min(1.0, common / _COMMON_SHARE)
    good += sum(unicodedata.category(character) in _MARKS_OF_TEXT for character in text if character > "\x7f")
    return good / total


# The ten commonest letters of Russian (Lyashevskaya and Sharov, Frequency dictionary of modern Russian, 2009: о е а и н
# т с р в л, together 64 % of all letters), which make up about as much of Ukrainian with і.
_COMMON_CYRILLIC = frozenset("оеаинтсрвлі")
_COMMON_SHARE = 0.45  # arbitrary: under the share of short headlines, over what a wrong encoding gives
_MARKS_OF_TEXT = {"Pi", "Pf", "Pd", "Po", "Zs", "Sc"}


def _case(word: str) -> float:
    if word.islower() or word.istitle():
        return 1.0
    return 0.9 if word.isupper() else 0.0


def _script(character: str) -> str:
    return "cyrillic" if "\u0400" <= character <= "\u04ff" else "latin"
