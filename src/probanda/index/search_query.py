"""What was typed to search for, as a query: groups of which all must occur, each of alternatives, and what must not.

    shelling hospital          both words, in any inflection
    "armed forces"             these words one after another
    strike OR shelling         one of the two; OR binds the two beside it, before all else
    -market                    texts without it
    bombard*                   words that begin so, three letters at least
    name:Zelensky              the word, or a spelling of the name in another script

Guarantees: pure; whatever was typed becomes words of `steps.words`, which are letters and digits alone, so that nothing
in it can be understood as SQL or as the query language of the full-text table. A hyphenated word or a number with a
point is a phrase of its parts or the whole. A word that begins with a capital letter also looks for its name keys.
Refuses with `QueryError`: an unbalanced quotation mark, OR without two sides, nothing to look for, too much of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from probanda.records.name_keys import sought_keys
from probanda.steps.words import PROFILES, Profile, bare_word, fold, lemma, words

_LONGEST = 2000  # characters of a query
_MOST = 32  # words of a query: below the depth that SQLite allows an expression (256)
_LEAST_PREFIX = 3
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PART = re.compile(r'(?P<minus>-?)(?P<name>name:)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))', re.IGNORECASE)

Kind = Literal["words", "prefix"]


class QueryError(ValueError):
    """What was typed is no query; the message says where and what to type instead."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing to look for. `phrases`: sequences of lemmas of which one must occur; `forms`: single terms, or the
    beginnings of some (`prefix`), of which one may occur instead. `names`: for each of its words the keys of which one
    must occur for a match by name; empty where it is no name."""

    typed: str
    kind: Kind
    phrases: tuple[tuple[str, ...], ...]
    forms: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Of each group one must occur; none of `without` may."""

    groups: tuple[tuple[Sought, ...], ...]
    without: tuple[Sought, ...]

    @property
    def has_names(self) -> bool:
        return any(sought.names for group in self.groups for sought in group)


def parse_query(typed: str) -> Query:
    """The query that was typed. Raises `QueryError`."""
    if len(typed) > _LONGEST:
        raise QueryError(f"expected at most {_LONGEST:,} characters, found {len(typed):,}; look for less at once")
    plain = typed.translate(_QUOTES)
    if plain.count('"') % 2:
        raise QueryError(
            f"expected quotation marks in pairs, found an unbalanced one at character {plain.rindex(chr(34)) + 1}; "
            'write a phrase as "armed forces"'
        )
    groups: list[tuple[Sought, ...]] = []
    without: list[Sought] = []
    joined = False
    number = 0
    for found in _PART.finditer(plain):
        if found.group() == "OR":
            if joined or not groups:
                raise QueryError("expected a word before and after OR, found none; write: strike OR shelling")
            joined = True
            continue
        sought = _sought(found)
        if sought is None:  # punctuation alone
            continue
        number += sum(map(len, sought.phrases[:1])) or 1
        if number > _MOST:
            raise QueryError(f"expected at most {_MOST} words, found more; look for less at once")
        if found["minus"]:
            if joined:
                raise QueryError("expected a word to look for after OR, found one to leave out")
            without.append(sought)
        elif joined:
            groups[-1] = (*groups[-1], sought)
        else:
            groups.append((sought,))
        joined = False
    if joined:
        raise QueryError("expected a word before and after OR, found none; write: strike OR shelling")
    if not groups:
        what = "only what must not occur" if without else "none"
        raise QueryError(f"expected a word to look for, found {what}; write: hospital -market")
    return Query(tuple(groups), tuple(without))


def _sought(found: re.Match[str]) -> Sought | None:
    named, phrase = bool(found["name"]), found["phrase"]
    typed = phrase if phrase is not None else found["word"]
    if phrase is None and not named and typed.endswith("*"):
        return _prefix(typed)
    parts = [typed[word.start : word.end] for word in words(typed, "none")]
    sequences = _sequences(typed)
    if not sequences:
        return None
    whole = ("".join(map(fold, parts)),) if phrase is None else ()
    single = len(parts) == 1
    names: tuple[tuple[str, ...], ...] = ()
    if named or (phrase is None and typed[0].isupper()) or (phrase is None and "\u0600" <= typed[0] <= "\u06ff"):
        keys = [_keys(part) for part in parts if len(fold(part)) > 1]
        names = tuple(keys) if keys and all(keys) else ()
    if single and phrase is None:
        terms = tuple(dict.fromkeys([*(sequence[0] for sequence in sequences), *whole]))
        return Sought(typed, "words", tuple((term,) for term in terms), terms, names)
    return Sought(typed, "words", sequences, whole, names)


def _prefix(typed: str) -> Sought:
    begins = "".join(fold(typed[word.start : word.end]) for word in words(typed, "none"))
    if len(begins) < _LEAST_PREFIX:
        raise QueryError(f"expected at least {_LEAST_PREFIX} letters before *, found {typed!r}")
    return Sought(typed, "prefix", (), (begins,), ())


def _sequences(typed: str) -> tuple[tuple[str, ...], ...]:
    """The lemmas of the words, once for each way in which a text may have been lemmatised: a word is lemmatised as it
    is typed, in small letters and with a capital, for a text may have it so."""
    ways = (typed, typed.lower(), " ".join(part.capitalize() for part in typed.split()))
    found = (tuple(word.lemma for word in words(way, profile)) for profile in _profiles(typed) for way in ways)
    return tuple(dict.fromkeys(filter(None, found)))


def _profiles(typed: str) -> tuple[Profile, ...]:
    """Latin letters have the same lemmas in Ukrainian and Russian texts: the dictionaries of those stay unread."""
    return PROFILES if any("\u0400" <= letter <= "\u052f" for letter in typed) else ("uk", "none")


def _keys(part: str) -> tuple[str, ...]:
    """The name keys to look for, as if it began with a capital letter: who looks for a name may have left it out."""
    plain = bare_word(part)
    found = dict.fromkeys(sought_keys(plain))
    for profile in _profiles(plain):
        found.update(dict.fromkeys(sought_keys(lemma(plain.capitalize(), profile))))
    return tuple(found)
