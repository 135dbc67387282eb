"""Tallies of a vote as two numbers: "by 93 votes to 24", "voted 214 to 97", "approved the deal 14 to 9".

Guarantees: two numbers joined by "to" are a tally, no range, only where a word of voting governs them: "by", "voted"
or "votes" beside the first, or an outcome before it in the same clause with nothing counted behind. What a
tally's numbers stand for (for, against) is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.text.segments import Token

_OUTCOME = frozenset(
    "approved adopted passed rejected defeated carried backed voted fell failed lost won endorsed ratified".split()
)
_BALLOT = frozenset("vote votes voted voting ballot majority tally margin count motion".split())
_ENDS = frozenset(". , ; : ) ” with on in after against and".split())
_REACH = 12  # tokens before the first number in which the outcome may stand; arbitrary


def is_tally(tokens: Sequence[Token], first: int, link: int, last: int) -> bool:
    """Whether the number at `first`, the "to" at `link` and the number that ends at `last` are a tally."""
    if tokens[link].lower != "to":
        return False
    before = [token.lower for token in tokens[max(0, first - _REACH) : first]]
    stop = next((i for i in range(len(before) - 1, -1, -1) if before[i] in (".", ";", ":")), -1)
    before = before[stop + 1 :]
    after = tokens[last].text.lower() if last < len(tokens) else "."
    if tokens[link - 1].lower in ("votes", "vote"):
        return True
    if before[-1:] in (["by"], ["voted"], ["of"]) and set(before) & (_BALLOT | _OUTCOME):
        return after in _ENDS or after in ("votes", "vote")
    return after in _ENDS and bool(set(before) & _OUTCOME) and before[-1:] not in (["from"], ["between"], ["up"])
