"""What pronouns, words for anybody and the endings of names tell of the gender of a person in Ukrainian and Russian.

Guarantees: a gender is told only where a given name of lexica/{uk,ru}_given_names.tsv, or the ending of given name or
surname, leaves no other in any case; otherwise it is `None`, which goes with every pronoun.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from probanda.extract.slavic.cases import nominatives
from probanda.extract.slavic.words import fold
from probanda.extract.text.lexicon import table

Gender = Literal["m", "f", "n", "p"]

HE = frozenset(["він", "он", "його", "его", "него", "нього", "ним", "нему", "йому", "ему"])
SHE = frozenset(["вона", "она", "її", "ее", "нею", "ней", "їй"])
THEY = frozenset(["вони", "они", "їх", "їхніми", "их", "ними", "їхніх"])
PRONOUNS = HE | SHE | THEY | {"воно", "оно"}
POSSESSIVE = frozenset("його її їх їхній їхня їхнє їхні їхнього їхньої его ее их свій своя свого своєї".split())
# Words for anybody: whom they mean is who was spoken of last.
_SHE: tuple[Gender, tuple[str, ...]] = (
    "f",
    tuple(
        (
            "жінка жінки жінку жінкою женщина женщины женщину дівчина дівчини девушка девушки посадовиця урядовиця "
            "чиновниця чиновница політикиня співрозмовниця собеседница"
        ).split()
    ),
)
_HE: tuple[Gender, tuple[str, ...]] = (
    "m",
    tuple(
        (
            "чоловік чоловіка чоловіком мужчина мужчины хлопець хлопця посадовець урядовець чиновник політик политик "
            "співрозмовник собеседник"
        ).split()
    ),
)
GENERIC: dict[str, Gender] = {word: gender for gender, words in (_SHE, _HE) for word in words}
_SHE_IS = tuple("ова ева єва ьова ина іна їна ська цька ская цкая ової евой ської цької ской цкой ову еву ську".split())
_HE_IS = tuple("ський цький ский цкий ського цького ского цкого ському скому ським ским".split())
_GIVEN_SHE = tuple("ії ої ею єю ою ой ы ьи ии ни ри ли ти ди ки си зи ви ми".split())
_GIVEN_HE = frozenset("ілля микола илья никита лука сава хома кузьма фома савва данила микита".split())


@cache
def _known(language: str) -> dict[str, Gender]:
    found: dict[str, Gender] = {}
    for row in table(f"{language}_given_names.tsv"):
        gender: Gender = row["gender"]  # type: ignore[assignment]
        for name in row["names"].split():
            found[fold(name)] = gender
    return found


def gender_of(given: str, surname: str, language: str) -> Gender | None:
    """By the given name where it is a common one in any case, else by the endings of folded given name and surname;
    `None` where they leave it open ("Івана Ковача", "Анна Крига")."""
    told = {_known(language)[form] for form in nominatives(given, language) if form in _known(language)}
    if given in _known(language):
        told = {_known(language)[given]}
    if len(told) == 1:
        return told.pop()
    if surname.endswith(_SHE_IS) or (given.endswith(_GIVEN_SHE) and given not in _GIVEN_HE):
        return "f"
    if surname.endswith(_HE_IS) or not given.endswith(("а", "я", "у", "ю", "е", "і", "ы", "и")):
        return "m"
    if given.endswith(("а", "я")) and not surname.endswith(("а", "я", "у", "ю")):
        return "m" if given in _GIVEN_HE else "f"
    return None
