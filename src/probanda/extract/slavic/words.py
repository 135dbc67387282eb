"""Words of Ukrainian and Russian: folding, lemma, a guess at the part of speech, terms with any case ending.

Guarantees: everything here depends on the word and its language alone, so answers are kept. A term of a lexicon may
hold stems: `обстріл*` stands for that stem with any inflectional ending of `endings`, `**` for any rest. Lemmas are
simplemma's (its data for both languages is MIT-licensed); parts of speech are guesses from closed lists, lemma and
ending, and what is built on them prefers no answer to a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.segments import Token

LANGUAGES = ("uk", "ru")
Part = Literal["noun", "adjective", "verb", "impersonal", "gerund", "adverb", "preposition", "conjunction",
               "subordinator", "pronoun", "particle", "numeral", "name"]  # fmt: skip

T = TypeVar("T")

_FOLD = str.maketrans({"ʼ": "'", "’": "'", "‘": "'", "`": "'", "ё": "е", "‑": "-", "\u0301": None})


@cache
def endings() -> frozenset[str]:
    """The inflectional endings that a starred stem may take, of nouns, adjectives and verbs."""
    return word_list("slavic_endings.txt") | {""}


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """`word` in lower case with plain apostrophes, е for ё and no stress marks."""
    return word.lower().translate(_FOLD)


@lru_cache(maxsize=65536)
def lemma(word: str, language: str) -> str:
    """The dictionary form of a folded word; the word itself where none is known."""
    if not word.strip():
        return word  # simplemma has no answer for nothing
    from simplemma import lemmatize  # its data takes a second to load, which English reading need not spend

    return fold(str(lemmatize(word, lang=language)))


def is_listed(word: str, language: str) -> bool:
    """Whether a dictionary has the word; one that is its own dictionary form is no past tense ("генерал", "могила")."""
    from simplemma import is_known

    return bool(is_known(word, lang=language))


@cache
def _function_words(language: str) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for row in table(f"{language}_function_words.tsv"):
        part: Part = row["part"]  # type: ignore[assignment]
        for word in row["words"].split():
            found.setdefault(fold(word), part)
    return found


_INFINITIVE = {"uk": ("ти", "тися", "тись"), "ru": ("ть", "ться", "ти", "тись", "чь", "чься")}
_NOUNS_IN_T = frozenset(
    (
        "мать смерть треть сеть путь нефть плоть кровать печать тетрадь четверть память область медь честь шерсть "
        "десять пять площадь лошадь медведь ртуть жуть рать нить сыть зять гость кость ночь дочь речь печь помощь "
        "сволочь мощь"
    ).split()
)
_NOUNS_IN_TY = frozenset("діти сироти мости пости листи порти факти солдати депутати квити тести роботи хати".split())
_FEMININE_NOUN = ("ость", "есть", "асть", "исть", "усть", "ерсть", "мять")
_VERBS_IN_ST = frozenset(("есть сесть упасть попасть напасть пасть красть украсть пропасть присесть съесть").split())
_NOUNS_IN_IJ = tuple(("рий гений героj герой бой строй слой покой простой край рой лагерь").split())


@lru_cache(maxsize=65536)
def part_of(word: str, language: str) -> Part:
    """What kind of word the folded `word` is, as far as list, lemma and ending tell."""
    listed = _function_words(language).get(word)
    if listed is not None:
        return listed
    base = lemma(word, language)
    if "-" in word and not listed:
        base = lemma(word.rpartition("-")[2] or word, language)
    if _is_verb(base, language):
        if word.endswith(("но", "то")) and language == "uk":
            return "impersonal"
        if word.endswith(("но", "ена", "ены", "ен", "ана", "аны", "ан", "ята", "яты", "ято", "ты", "то")) and (
            (language == "ru" and not word.endswith(("ен", "ан"))) or word.endswith(("ен", "ан"))
        ) and not word.endswith(("ить", "ать")):  # fmt: skip
            return "impersonal"
        if word.endswith(("ючи", "ячи", "учи", "вши", "вшись", "ючись")):
            return "gerund"
        if language == "ru" and word.endswith(("я", "в", "ясь")) and not word.endswith(("тся", "лся", "ься")):
            return "gerund"
        if word.endswith(_PARTICIPLE[language]):
            return "adjective"
        return "verb"
    if language == "uk" and word.endswith(("ено", "ано", "ято", "уто", "ито", "овано")) and len(word) > 5:
        return "impersonal"
    if base.endswith(("ий", "ій", "ый", "ой", "ский", "ський")) and not base.endswith(_NOUNS_IN_IJ) and len(base) > 3:
        return "adjective"
    if base == word and _ADJECTIVE_ENDING[language](word):
        return "adjective"
    if base == word and _looks_verbal(word, language) and not is_listed(word, language):
        return "verb"
    if word.endswith(_ADVERB[language]) and base == word and len(word) > 4:
        return "adverb"
    return "noun"


_PARTICIPLE = {
    "uk": tuple("ний ного ному ним них ними ній ну на ні тий тих ті лий лих лого лі".split()),
    "ru": tuple(
        (
            "ный ного ному ным ных ными ной ную ные ная ное тый тых тые щий щие щих вший вшие вших щего вшего вшая щая "
            "шими щими вшую щую вшим щим шие ших шей шийся шиеся шихся щийся щиеся щихся"
        ).split()
    ),
}
_ADVERB = {"uk": ("ово", "ьно", "чно", "вно", "сно", "льки"), "ru": ("ово", "ьно", "чно", "вно", "сно", "ски")}
_ADJ_SK = tuple(
    (
        "ський ського ському ським ських ськими ська ської ській ську ською ське ські цький цького цькому цьким "
        "цьких цькими цька цької цькій цьку цькою цьке цькі"
    ).split()
)
_ADJ_SK_RU = tuple(
    (
        "ский ского скому ским ских скими ская ской скую ское ские ском цкий цкого цкому цким цких цкая цкой цкую "
        "цкое цкие"
    ).split()
)
_ADJECTIVE_ENDING = {
    "uk": lambda word: (
        len(word) > 5 and word.endswith((*_ADJ_SK, "ного", "ому", "ими", "ої", "ний", "ній", "них", "ній"))
    ),
    "ru": lambda word: (
        len(word) > 5 and word.endswith((*_ADJ_SK_RU, "ого", "ому", "ыми", "ый", "ых", "ую", "ые", "ая"))
    ),
}


def _is_verb(base: str, language: str) -> bool:
    if not base.endswith(_INFINITIVE[language]) or len(base) < 4:
        return False
    if language == "uk":
        return base not in _NOUNS_IN_TY
    if base in _NOUNS_IN_T:
        return False
    return base in _VERBS_IN_ST or not base.endswith(_FEMININE_NOUN)


_FINITE = {
    "uk": tuple("ує ають яють ують юють лася лися лося вся ться увала ували ив ила или ував ав али ала".split()),
    "ru": tuple("ует ает яет ают яют уют лась лись лось лся тся ил ила или ал али ала овал".split()),
}


def _looks_verbal(word: str, language: str) -> bool:
    return len(word) > 4 and word.endswith(_FINITE[language])


def words_of(language: str, part: Part) -> frozenset[str]:
    """The words of a closed class."""
    return frozenset(word for word, held in _function_words(language).items() if held == part)


class Found(NamedTuple, Generic[T]):
    """Tokens [first, last) and what the lexicon says of them."""

    first: int
    last: int
    value: T


class Terms(Generic[T]):
    """Terms of one or more words, each word literal or a starred stem; made once and used for every document."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._next: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._literals: set[str] = set()
        self._stems: set[str] = set()
        self._wild: set[str] = set()
        for term, value in terms:
            pieces = tuple(term.split() if "*" in term else fold(term).split())
            for piece in pieces:
                if piece.endswith("**"):
                    self._wild.add(piece[:-2])
                elif piece.endswith("*"):
                    self._stems.add(piece[:-1])
                else:
                    self._literals.add(piece)
            self._next.setdefault(pieces[0], []).append((pieces[1:], value))
        for rows in self._next.values():
            rows.sort(key=lambda row: -len(row[0]))
        self._shortest = min([len(stem) for stem in self._stems | self._wild], default=99)
        self._known: dict[str, tuple[str, ...]] = {}

    def keys(self, word: str) -> tuple[str, ...]:
        """The pieces of terms that this folded word can be."""
        held = self._known.get(word)
        if held is None:
            found = [word] if word in self._literals else []
            for cut in range(len(word), self._shortest - 1, -1):
                stem = word[:cut]
                if stem in self._stems and word[cut:] in endings():
                    found.append(stem + "*")
                if stem in self._wild:
                    found.append(stem + "**")
            held = tuple(found)
            if len(self._known) < 100_000:
                self._known[word] = held
        return held

    def holds(self, word: str) -> bool:
        """Whether this folded word alone is a term."""
        return self.at((word,), 0, 1) is not None

    def at(self, words: Sequence[str], place: int, end: int) -> Found[T] | None:
        """The longest term that begins at `place` of the folded `words` and ends before `end`."""
        best: Found[T] | None = None
        for key in self.keys(words[place]):
            for rest, value in self._next.get(key, ()):
                last = place + 1 + len(rest)
                if last > end or (best is not None and last <= best.last):
                    continue
                if all(rest[step] in self.keys(words[place + 1 + step]) for step in range(len(rest))):
                    best = Found(place, last, value)
                    break
        return best

    def scan(self, words: Sequence[str]) -> list[Found[T]]:
        """Every longest match, left to right, none overlapping."""
        found: list[Found[T]] = []
        place, end = 0, len(words)
        while place < end:
            match = self.at(words, place, end)
            if match is None:
                place += 1
            else:
                found.append(match)
                place = match.last
        return found


def folded(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The tokens' texts, folded."""
    return tuple(fold(token.text) for token in tokens)


def terms_of(language: str, name: str, column: str = "terms") -> Terms[dict[str, str]]:
    """The terms of a lexicon, parted by commas in its column, each with its row."""
    return _terms_of(language, name, column)


@cache
def _terms_of(language: str, name: str, column: str) -> Terms[dict[str, str]]:
    return Terms(
        (term.strip(), row)
        for row in table(f"{language}_{name}.tsv")
        for term in row[column].split(",")
        if term.strip()
    )
