"""Falsifications of a sentence: what a careless or lying extractor might hand over in its place.

`falsifications(sentence, names)` yields pairs of the fault's name and the falsified sentence, never the sentence as it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "grounding_texts"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}

_NUMBER = re.compile(r"\d+(?:[ ,.]\d{3})*")
_WORDS = {
    "two": "three", "three": "two", "four": "nine", "five": "six", "six": "eight", "seven": "nine", "eight": "six",
    "nine": "four", "eleven": "twelve", "п’ять": "шість", "двох": "трьох", "шести": "семи", "восьми": "шести",
    "десять": "двадцать",
}  # fmt: skip
_NEGATIONS = (
    " not", " never", "n’t", "No ", "Not ", "Nobody ", "None ", " no", " none", " не", " нет", " ніколи", " никаких",
)  # fmt: skip
_AUXILIARIES = ("was", "were", "is", "are", "has", "had", "have", "will", "would", "could", "did", "не", "что", "що")
_SPEECH = {
    "said": "denied", "says": "denies", "denied": "confirmed", "denies": "confirms", "told": "lied to",
    "claimed": "knew",
    "alleged": "showed", "сказала": "не сказала", "сказал": "заперечив", "сказав": "заперечив",
    "повідомила": "заперечила",
    "заявив": "заперечив", "заявила": "отрицает", "сообщило": "отрицает",
    "утверждает": "отрицает", "заперечило": "підтвердило",
    "предупредила": "отрицает",
}  # fmt: skip
_QUALIFIERS = (
    "more than ", "at least ", "about ", "around ", "nearly ", "up to ", "fewer than ", "some ", "roughly ", "almost ",
    "only ",
    "as many as ", "probably ",
    "понад ", "щонайменше ", "майже ", "до ", "по меньшей мере ", "вероятно, ",
)  # fmt: skip
_UNITS = {
    "civilians": "soldiers", "people": "soldiers", "children": "fighters", "patients": "officers",
    "villages": "barracks",
    "women": "men", "men": "women", "prisoners": "spies", "families": "units", "bodies": "weapons", "members": "guests",
    "людей": "солдатів", "человек": "солдат", "деревень": "казарм", "passengers": "soldiers", "pupils": "recruits",
}  # fmt: skip


def falsifications(sentence: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every falsification of `sentence` that these rules can make; `names` are the persons and bodies of the text."""
    for fault, false in _all(sentence, names):
        if false != sentence:
            yield fault, false


def _all(sentence: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for match in _NUMBER.finditer(sentence):
        changed = str(int(re.sub(r"\D", "", match.group())) + 1)
        for replacement in (changed, match.group()[:-1] + str((int(match.group()[-1]) + 1) % 10), match.group() + "0"):
            yield "number changed", sentence[: match.start()] + replacement + sentence[match.end() :]
    for fault, table in (("number changed", _WORDS), ("unit swapped", _UNITS), ("said to denied", _SPEECH)):
        for word, other in table.items():
            for match in re.finditer(rf"\b{word}\b", sentence, re.IGNORECASE):
                yield fault, sentence[: match.start()] + other + sentence[match.end() :]
    for negation in _NEGATIONS:
        for match in re.finditer(re.escape(negation) + r"\b", sentence):
            yield "not dropped", sentence[: match.start()] + sentence[match.end() :]
    for word in _AUXILIARIES:
        for match in re.finditer(rf"\b{word}\b(?! not)", sentence):
            yield "not added", sentence[: match.end()] + " not" + sentence[match.end() :]
    for qualifier in _QUALIFIERS:
        for match in re.finditer(rf"\b{re.escape(qualifier)}", sentence, re.IGNORECASE):
            yield "qualifier dropped", sentence[: match.start()] + sentence[match.end() :]
    for name in names:
        if name in sentence:
            yield from (("speaker swapped", sentence.replace(name, other)) for other in names if other != name)
    words = sentence.split(" ")
    for place in range(len(words) - 1):
        yield "words swapped", " ".join([*words[:place], words[place + 1], words[place], *words[place + 2 :]])
    for place in range(1, len(words)):
        yield "words added", " ".join([*words[:place], "reportedly", *words[place:]])
    for place in range(1, len(words) - 1):
        yield "word dropped", " ".join([*words[:place], *words[place + 1 :]])


def names_in(text: str) -> tuple[str, ...]:
    """Names of two or more words that a text holds."""
    return tuple(sorted(set(re.findall(r"\b[A-ZА-ЯІЇЄ][\w’]+(?: [A-ZА-ЯІЇЄ][\w’]+)+", text))))
