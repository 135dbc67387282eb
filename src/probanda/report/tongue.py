"""The page's own words in the reader's language, from a catalogue (wording/*.tsv), so that a lawyer can review them.

Guarantees: text from a source is never translated and never changed; a value of a vocabulary that the catalogue does
not know is written as it stands; what a value fills into a sentence is escaped like everything else. Plural forms
follow the CLDR rules of the language. Refuses (`KeyError`) a key that the catalogue lacks: a test compares the
catalogues, so that no reader meets a gap.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from probanda.report.markup import Child, Html, el, join

Language = Literal["en", "uk"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_PLACE: Final = re.compile(r"\{([a-z_][a-z_0-9]*)\}")
_GROUP: Final = {"en": ",", "uk": "\u00a0"}
# Closed sets of sentences that records hold in English (spec/casefile.md); each is shown in the reader's language.
_FIXED: Final = ("integrity", "withheld", "missing", "basis", "person")


_PLACES: Final = (
    (re.compile(r"page (?P<n>\d+)"), "place.page"),
    (re.compile(r"page (?P<first>\d+) to page (?P<last>\d+)"), "place.pages"),
    (re.compile(r"paragraph (?P<n>\d+)"), "place.paragraph"),
    (re.compile(r"cell (?P<cell>[A-Z]+\d+)"), "place.cell"),
    (re.compile(r"cell (?P<cell>[A-Z]+\d+) of sheet (?P<sheet>.+)", re.DOTALL), "place.sheet"),
)


class Tongue:
    """One language of the page. `sections` says how a section is called in a sentence ("section 4"), by its key."""

    def __init__(self, language: Language = "en", sections: dict[str, Child] | None = None) -> None:
        self.language = language
        self._words = catalogue(language)
        self._sections = sections or {}

    def say(self, key: str, **values: Child) -> Html:
        """The sentence as markup, with each `{name}` filled by its value."""
        parts = _PLACE.split(self._words[key])
        return join(*(self._value(part, key, values) if n % 2 else part for n, part in enumerate(parts)))

    def text(self, key: str, **values: str | int) -> str:
        """The sentence as plain text, for where no element may stand."""
        return _PLACE.sub(lambda found: self._plain(values[found[1]]), self._words[key])

    def count(self, key: str, n: int, **values: Child) -> Html:
        """The sentence in the form that the number asks for ("1 item", "2 items"); `{n}` is the number."""
        return self.say(self._form(key, n), n=self.number(n), **values)

    def count_text(self, key: str, n: int, **values: str | int) -> str:
        return self.text(self._form(key, n), n=self.number(n), **values)

    def name(self, vocabulary: str, value: str | None) -> str:
        """The word for a value of a vocabulary; the value with spaces for underscores where there is none."""
        if value is None:
            return self._words["absent.not_said"]
        return self._words.get(f"{vocabulary}.{value}", value.replace("_", " "))

    def fixed(self, text: str) -> Html:
        """A sentence that a record holds in English, in this language where it is one of the closed sets."""
        key = _fixed().get(text)
        if key is not None:
            return self.say(key)
        return Html(join(text)) if self.language == "en" else el("span", text, lang="en")

    def place(self, text: str) -> Html:
        """Where in a source words stand, as `report.located` says it: in this language where it is of a plain form."""
        if self.language != "en":
            for pattern, key in _PLACES:
                found = pattern.fullmatch(text)
                if found:
                    return self.say(key, **found.groupdict())
            return el("span", text, lang="en")
        return Html(join(text))

    def number(self, value: int | float | str) -> str:
        return f"{value:,}".replace(",", _GROUP[self.language]) if isinstance(value, (int, float)) else value

    def day(self, text: str) -> str:
        """An ISO date or time as the language writes it; anything else as it stands."""
        parts = text[:10].split("-")
        numeric = all(part.isascii() and part.isdigit() for part in parts) and len(parts[0]) == 4
        if not numeric or not 2 <= len(parts) <= 3 or not 1 <= int(parts[1]) <= 12:
            return text
        month = str(int(parts[1]))
        if len(parts) == 2:
            return f"{self._words[f'month.alone.{month}']} {parts[0]}"
        written = f"{int(parts[2])} {self._words[f'month.of.{month}']} {parts[0]}"
        clock = text[11:16]
        return written + (f", {clock}" + (" UTC" if text.endswith(("Z", "+00:00")) else "") if clock else "")

    def short_month(self, month: int) -> str:
        return self._words[f"month.short.{month}"]

    def _value(self, name: str, key: str, values: dict[str, Child]) -> Child:
        if name in values:
            return values[name]
        if name in self._sections:
            return self._sections[name]
        raise KeyError(f"{key}: no value for {{{name}}}")

    def _plain(self, value: str | int) -> str:
        return self.number(value)

    def _form(self, key: str, n: int) -> str:
        return f"{key}.{plural(self.language, n)}"


def plural(language: str, n: int) -> str:
    """The CLDR plural category of a whole number."""
    if language != "uk":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every key with its words. Raises `ValueError` where a line is not a key and a text, or a key stands twice."""
    found: dict[str, str] = {}
    text = files("probanda.report").joinpath("wording", f"{language}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        key, tab, words = line.partition("\t")
        if not tab or key in found:
            raise ValueError(f"{language}.tsv, line {number}: expected a new key, a tab and its words, found {key!r}")
        found[key] = words
    return found


@cache
def _fixed() -> dict[str, str]:
    return {words: key for key, words in catalogue("en").items() if key.split(".")[0] in _FIXED}
