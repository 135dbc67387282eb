"""What a parser tells of a text, as plain values: a tag, a head and a relation for each token, and the names.

Nothing here knows which parser: the rules read without one, and a model that has one (`extract.plugins.english`) hands
this over. Heads are token indices of the same `Document`, a root's its own; relations are those of Universal
Dependencies with "ROOT"; tags are those of the Penn Treebank.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from probanda.extract.text.nouns import Range
from probanda.extract.text.segments import Document

NameKind = Literal["PERSON", "ORG", "PLACE"]

_ONE_WAY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-"}
)
_NOT_OF_PHRASE = frozenset({"punct", "appos", "parataxis", "cc", "case", "mark", "cop"})
_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")


def surface(word: str) -> str:
    """`word` with quotation marks, apostrophes and dashes written one way: treebanks and papers write them in several,
    and a model is asked about none that it has not seen."""
    return word.translate(_ONE_WAY)


@dataclass(frozen=True, slots=True)
class Name:
    """The tokens [first, last) of a name, and what kind of thing the model takes it for."""

    first: int
    last: int
    kind: NameKind


@dataclass(frozen=True)
class Parsed:
    doc: Document
    tags: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]
    names: tuple[Name, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The tokens that hang on each token, in the order of the text."""
        found: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                found[head].append(token)
        return tuple(map(tuple, found))

    def subject_of(self, verb: int) -> int | None:
        """The head of the subject of the verb at `verb`: its own, that of the clause whose verb it is joined to, or the
        noun that its relative clause describes."""
        seen: set[int] = set()
        place = verb
        while place not in seen:
            seen.add(place)
            for child in self.children[place]:
                if self.relations[child] in _SUBJECTS:
                    if self.tags[child] in ("WP", "WDT") and self.relations[place].startswith("acl"):
                        return self.heads[place]
                    return child
            relation = self.relations[place]
            if relation.startswith("acl"):
                return self.heads[place]
            if relation not in ("conj", "xcomp", "advcl", "parataxis") or self.heads[place] == place:
                return None
            place = self.heads[place]
        return None

    def phrase(self, head: int) -> Range:
        """The noun phrase around `head`: what hangs on it without a break, relative clauses and asides left out."""
        first = last = head
        for child in reversed(self.children[head]):
            if child < head and self.relations[child] not in _NOT_OF_PHRASE:
                first = min(first, self._leftmost(child))
        for child in self.children[head]:
            if child > head:
                relation = self.relations[child]
                if relation in ("flat", "compound", "nmod", "nmod:poss", "nmod:desc", "goeswith", "fixed", "nummod"):
                    last = max(last, self._rightmost(child))
                elif relation == "case" and self.doc.tokens[child].kind == "clitic":
                    continue
                else:
                    break
        return first, last + 1

    def _leftmost(self, token: int) -> int:
        left = token
        for child in self.children[token]:
            if child < token:
                left = min(left, self._leftmost(child))
                break
        return left

    def _rightmost(self, token: int) -> int:
        right = token
        for child in reversed(self.children[token]):
            if child > token:
                if self.relations[child] in ("punct", "acl:relcl", "appos", "parataxis", "conj", "cc"):
                    continue
                right = max(right, self._rightmost(child))
                break
        return right
