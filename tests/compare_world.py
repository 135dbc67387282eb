"""Positions made by hand for the tests of comparison. Sources are invented."""

from __future__ import annotations

from typing import Any

from probanda.corroborate.article import Article
from probanda.corroborate.comparison import Compared, compare
from probanda.corroborate.copies import copies
from probanda.corroborate.origins import origins
from probanda.corroborate.positions import Interval, Position
from probanda.records.quantity import Bound

DAY = "2031-04-09"


def position(source: str | None, minimum: Bound, maximum: Bound, day: str | None = DAY, **given: Any) -> Position:
    """A position on how many died in one event, unless told otherwise."""
    stated = minimum if isinstance(minimum, int) else maximum
    fields: dict[str, Any] = {
        "topic": "topic:1", "named": source, "outlets": (), "stance": "said", "modality": "accomplished",
        "interval": Interval(minimum, maximum), "words": f"{minimum} to {maximum}", "stated": stated,
        "qualifier": "stated", "population": "person", "nation": None, "own": False, "part": False, "since": None,
        "verified": False, "joint": False, "whole": False, "grows": True, "replaced": (),
        "days": None if day is None else (day, day), "claims": (f"claim:{source}-{minimum}-{maximum}-{day}",),
        "articles": ("a",), "presumed": (), **given,
    }  # fmt: skip
    return Position(source=source, **fields)


def compared(*articles: Article, what: str = "deaths") -> Compared:
    """The one group of this kind that the articles give, with what stands beside it."""
    found = [one for one in compare(origins(articles, copies(articles))) if one.topic.what == what]
    found = [one for one in found if one.topic.stance == "said"]
    assert len(found) == 1, [(one.topic.what, one.topic.counted, one.topic.stance, one.topic.place) for one in found]
    return found[0]


def told(found: Compared) -> set[tuple[str, str, str, str]]:
    """Each comparison as the words of both sides in the order of the alphabet, the relation and the rule."""
    every = found.positions
    pairs = ((sorted((every[one.left].words or "-", every[one.right].words or "-")), one) for one in found.comparisons)
    return {(words[0], words[1], one.relation, one.rule) for words, one in pairs}
