"""What stands behind the claims of one topic, as records: origins with their roots, articles and the evidence for each
link (spec/corroboration.md).

Guarantees: every number can be counted again from what stands beside it. `origins` counts origins that are known; what
does not say where it has something from joins and never adds. Where none is known `origins` is 1 and `known` is false:
at least one, and nobody knows how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from probanda.corroborate.sources import SourceKind
from probanda.corroborate.topics import Topic
from probanda.records.corroboration import Link
from probanda.records.passage import Passage


@dataclass(frozen=True, slots=True)
class Named:
    """Words by which an article names a source; `passage` is `None` where they stand in what was said of the article
    when it was added (its publisher)."""

    article: str
    words: str
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link with the two claims that it joins (the earlier first where that is known) and who holds it: a machine, or
    a person by a judgement. `changed`: the two do not give the same number."""

    link: Link
    claims: tuple[str, str]
    by: Literal["machine", "person"] = "machine"
    judgement: str | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """One origin, or one group of articles of which nobody knows the origin (`known` false). `root` is the source in
    the words of the earliest article that names it; `named` every wording, with where it stands; `chains` by whom it
    came, where that is told, the farthest last."""

    known: bool
    kind: SourceKind | Literal["unknown"]
    root: str | None
    named: tuple[Named, ...]
    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    claims: tuple[str, ...]
    figures: tuple[str, ...]
    chains: tuple[tuple[Named, ...], ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureCount:
    """How many stand behind one number with its qualifier."""

    stated: int | float | str
    qualifier: str
    claims: tuple[str, ...]
    articles: int
    outlets: int
    origins: int
    known: bool


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The counts of a topic. `without_outlet`: articles of which nobody said who put them out."""

    topic: Topic
    articles: int
    outlets: int
    without_outlet: int
    origins: int
    known: bool
    groups: tuple[Origin, ...]  # the known ones first
    figures: tuple[FigureCount, ...]
    judged: tuple[str, ...] = ()  # ids of the judgements that were followed


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's decision about two claims: whether both have what they say from one origin."""

    claims: tuple[str, str]
    same: bool
    judgement: str
    reason: str = ""
