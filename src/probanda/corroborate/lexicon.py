"""The words that tell who a source is and where a report has something from (files in `lexica/`, each with its source).

Guarantees: pure reading of the shipped files, and of further lines in the same form where a caller adds any; the same
lines give the same lexicon. A form is stems that all occur among the words, in any order; "=" asks for a whole word.
A lexicon names public bodies and offices only, no private person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Scope = Literal["country", "region", "place", "world", "none"]


@dataclass(frozen=True, slots=True)
class Form:
    """`stems` all occur among the words of a name."""

    stems: tuple[str, ...]

    def taken(self, words: Sequence[str]) -> frozenset[int] | None:
        """The places of the words that the stems take, `None` where one finds none."""
        taken: set[int] = set()
        for stem in self.stems:
            exact, bare = stem.startswith("="), stem.removeprefix("=")
            for place, word in enumerate(words):
                if place not in taken and (word == bare if exact else word.startswith(bare)):
                    taken.add(place)
                    break
            else:
                return None
        return frozenset(taken)


@dataclass(frozen=True, slots=True)
class Office:
    """A body or post that reports speak of. `post`: one person holds it at a time."""

    concept: str
    scope: Scope
    post: bool
    owner: str | None
    form: Form


FoundOffice = tuple[Office, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What was asked is remembered, for as long as this value lives: `fresh` for another look."""

    offices: tuple[Office, ...]
    outlets: tuple[Form, ...]
    fillers: tuple[Form, ...]
    countries: tuple[tuple[str, Form], ...]
    counted: tuple[tuple[str, Form], ...]
    own: tuple[str, ...]  # phrases, lower case
    cites: tuple[str, ...]
    _offices: dict[tuple[str, ...], FoundOffice | None] = field(default_factory=dict, init=False, compare=False)
    _outlets: dict[tuple[str, ...], bool] = field(default_factory=dict, init=False, compare=False)
    _fillers: dict[str, bool] = field(default_factory=dict, init=False, compare=False)
    _counted: dict[tuple[str, ...], str | None] = field(default_factory=dict, init=False, compare=False)

    def fresh(self) -> Lexicon:
        """The same lexicon that remembers nothing."""
        return replace(self)

    def office(self, words: Sequence[str]) -> FoundOffice | None:
        """The office that takes the most words, the first listed among equals, with the places of its words."""
        asked = tuple(words)
        if asked not in self._offices:
            found = ((one, taken) for one in self.offices if (taken := one.form.taken(asked)) is not None)
            self._offices[asked] = max(found, key=lambda pair: len(pair[1]), default=None)
        return self._offices[asked]

    def is_outlet(self, words: Sequence[str]) -> bool:
        asked = tuple(words)
        if asked not in self._outlets:
            self._outlets[asked] = any(form.taken(asked) is not None for form in self.outlets)
        return self._outlets[asked]

    def is_filler(self, word: str) -> bool:
        if word not in self._fillers:
            self._fillers[word] = any(form.taken((word,)) is not None for form in self.fillers)
        return self._fillers[word]

    def country(self, words: Sequence[str]) -> str | None:
        return next((name for name, form in self.countries if form.taken(words) is not None), None)

    def counted_class(self, words: Sequence[str]) -> str | None:
        """What is counted; the first class of the file that fits any word."""
        asked = tuple(words)
        if asked not in self._counted:
            self._counted[asked] = next((name for name, form in self.counted if form.taken(asked) is not None), None)
        return self._counted[asked]


def lexicon(offices: Iterable[str] = (), words: Iterable[str] = ()) -> Lexicon:
    """The shipped lexicon, and further lines of `offices.tsv` and `words.tsv`. Raises `ValueError` for another line."""
    by_class: dict[str, list[str]] = {}
    for kind, form in _rows([*_lines("words.tsv"), *words], 2):
        by_class.setdefault(kind, []).append(form)
    return Lexicon(
        tuple(
            Office(concept, cast("Scope", scope), kind == "post", None if owner == "-" else owner, _form(form))
            for concept, scope, kind, owner, form in _rows([*_lines("offices.tsv"), *offices], 5)
        ),
        tuple(_form(one) for one in by_class["outlet"]),
        tuple(_form(one) for one in by_class["filler"]),
        tuple((name, _form(form)) for name, form in _rows(_lines("countries.tsv"), 2)),
        tuple((name, _form(form)) for name, form in _rows(_lines("counted.tsv"), 2)),
        tuple(by_class["own"]),
        tuple(by_class["cites"]),
    )


@cache
def shipped() -> Lexicon:
    return lexicon()


def _form(text: str) -> Form:
    return Form(tuple(text.split(" ")))


def _rows(lines: Iterable[str], columns: int) -> Iterable[list[str]]:
    for line in lines:
        if line and not line.startswith("#"):
            row = line.split("\t")
            if len(row) != columns:
                raise ValueError(f"expected {columns} columns, found {line!r:.80}")
            yield row


def _lines(name: str) -> list[str]:
    return files("probanda.corroborate").joinpath("lexica", name).read_text(encoding="utf-8").splitlines()
