"""Votes, referrals, investigations, evidence, warrants, trials; and what was promised.

Guarantees: a procedure is a line that stands elsewhere too, here with its numbers as the source states them; nothing is
counted by us. A State's referral and the opening of an investigation are two kinds (article 13 and 53 of the Rome
Statute). What is promised is a pledge and no delivery: a pledge is named by the line that promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from probanda.report.chapters import ProcedureGroup, ProcedureLine
from probanda.report.contents import Figure, FigureGroup, Occurrence, OccurrenceGroup

_KINDS: Final = (
    ("vote", ("diplomatic.vote",)), ("veto", ("diplomatic.veto",)), ("referral", ("legal.referral",)),
    ("investigation", ("legal.investigation",)), ("evidence", ("legal.evidence",)),
    ("warrant", ("legal.arrest_warrant", "legal.extradition")), ("charge", ("legal.charge", "legal.indictment")),
    ("trial", ("legal.trial", "legal.conviction", "legal.acquittal", "legal.verdict")),
    ("ruling", ("legal.ruling",)), ("other", ("legal.",)),
)  # fmt: skip
_CLAIMS: Final = {"vote": "vote", "referral": "referral", "investigation": "investigation"}  # kinds of bare claims
_VOTES: Final = frozenset({"voted_for", "voted_against", "abstained"})


def procedure_kind(type_: str) -> str | None:
    """The kind of procedure that the type of an occurrence is; `None` where it is none."""
    if type_ in _CLAIMS:
        return _CLAIMS[type_]
    return next((kind for kind, starts in _KINDS if type_.startswith(starts)), None)


def procedures(
    happened: Sequence[Occurrence], apart: Sequence[OccurrenceGroup], groups: Sequence[FigureGroup]
) -> tuple[ProcedureGroup, ...]:
    votes = [one for group in groups for one in (*group.said, *group.apart) if group.effect in _VOTES]
    referrals = [one for group in groups for one in (*group.said, *group.apart) if group.effect == "referred"]
    counting = {"vote": votes, "referral": referrals}
    found: dict[str, list[ProcedureLine]] = {}
    for one in (*happened, *(line for group in apart for line in group.lines)):
        kind = procedure_kind(one.type)
        if kind is not None:
            found.setdefault(kind, []).append(_line(one, counting.get(kind, [])))
    return tuple(ProcedureGroup(kind, tuple(found[kind])) for kind, _ in _KINDS if kind in found)


def _line(one: Occurrence, counting: Sequence[Figure]) -> ProcedureLine:
    counts = one.counts or {}
    numbers = [counts.get(name) for name in ("for", "against", "abstaining")]
    told = [value if isinstance(value, int) and not isinstance(value, bool) else None for value in numbers]
    states = counts.get("states")
    place = (one.ref.text, one.ref.paragraph)
    figures = tuple(figure.number for figure in counting if (figure.ref.text, figure.ref.paragraph) == place)
    return ProcedureLine(one.number, told[0], told[1], told[2], _names(states), figures)


def _names(states: object) -> tuple[str, ...]:
    return tuple(str(name) for name in cast("Sequence[object]", states)) if isinstance(states, (list, tuple)) else ()


def pledges(apart: Sequence[OccurrenceGroup], groups: Sequence[FigureGroup]) -> tuple[str, ...]:
    """Numbers of lines and figures that promise something."""
    lines = [line.number for group in apart if group.heading == "promised" for line in group.lines]
    figures = [one.number for group in groups for one in group.apart if one.modality == "promised"]
    return (*lines, *figures)
