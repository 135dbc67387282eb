"""Corroboration: what stands behind a claim besides its own report, as records.

An *article* is one publication of a text, an *outlet* who put it out, an *origin* where its knowledge comes from: a
thousand articles that repeat one official's figure have one origin. Nothing here weighs truth: it counts, with the
evidence for each link, and what is not known counts as dependent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from probanda.records.canonical import Json, identify
from probanda.records.passage import Passage

LinkKind = Literal[
    "same_text",  # the same frozen text, captured again
    "shared_passage",  # a run of the same words
    "shared_quotation",  # the same words inside quotation marks
    "cites",  # one says that it has it from the other ("Reuters reported", "со ссылкой на")
    "same_source",  # both give it to the same person or body
    "same_figure",  # the same number, qualifier and source within two days, without words in common
    "same_article",  # one article tells it twice, and says once where it has it from
    "person",  # a person holds that both have it from one
    "unknown_origin",  # one of them does not say where it has it from
]
Confidence = Literal["certain", "likely", "possible"]


@dataclass(frozen=True, slots=True)
class SharedRange:
    """The same words in two texts, each at its own characters."""

    left: Passage
    right: Passage


@dataclass(frozen=True, slots=True)
class Link:
    """Why two articles count as one origin. `left` and `right` are articles by their `key`, the earlier one first
    where that is known; `rule` says in words what was found; `shared` are the words in common and `cites` the words
    that name the source, in the article `left`, then in `right`."""

    kind: LinkKind
    left: str
    right: str
    confidence: Confidence
    rule: str
    shared: tuple[SharedRange, ...] = ()
    cites: tuple[Passage, ...] = ()
    containment: float | None = None  # share of the smaller text that stands in the other; None: not measured


SAME_ORIGIN: Final[Mapping[str, str]] = {"same": "confirmed", "different": "rejected", "undecided": "undecided"}
"""What a person can hold of two claims, and the decision of the judgement that says it: that both have what they say
from one origin, that they do not, or that an earlier such judgement is taken back."""
_PREFIX = "origin:"


def origin_question(first: str, second: str) -> str:
    """The id of the question whether these two claims have one origin: the same in whatever order they are named, so
    that a later judgement supersedes an earlier one."""
    return identify("origin", {"claims": sorted((first, second))})


def judged_pair(about: Sequence[str], members: Json | Sequence[str] | None) -> tuple[str, str] | None:
    """The two claims of a judgement about an origin, as its `members` name them; `None` for other judgements, and for
    one whose question is not that of its members."""
    if len(about) != 1 or not about[0].startswith(_PREFIX) or not isinstance(members, (list, tuple)):
        return None
    claims = [one for one in members if isinstance(one, str)]
    if len(claims) != 2 or origin_question(*claims) != about[0]:
        return None
    return claims[0], claims[1]
