"""People counted as having left, crossed or arrived: "1,900 residents left the city", "600,000 have crossed into X".

Guarantees: a verb of movement makes displaced people only of plain persons ("people", "families"), not of soldiers or
visitors, and only with what is left or entered beside it. `refugee` needs words of a border; otherwise the effect is
`fled`, which does not say whether one was crossed. Words: lexica/movement_words.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import BE, DETERMINERS
from probanda.extract.text.word_sets import word_set
from probanda.extract.values.calendar_dates import word_class
from probanda.records.reading import Effect

_REACH = 9  # tokens after the verb in which a border may be named; arbitrary
_SINCE = word_set("since for in by so already from . , ; ) ” and")
_WHEN = word_set("yesterday today overnight on last this daily during")
_INTO = word_set("into to over across")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in table("movement_words.tsv") if row["class"] == kind)


def can_move(doc: Document, head: int | None) -> bool:
    """Whether the counted, named at token `head`, may be people on the move; `None` leaves it open."""
    return head is None or doc.tokens[head].lower in _words("mover")


def movement_at(doc: Document, place: int, end: int, *, perfect: bool) -> tuple[Effect, int] | None:
    """What the verb at token `place` says of its subject, and the token after it. `perfect`: an auxiliary stands before
    it, as in "tens of thousands have left"."""
    lower = doc.tokens[place].lower
    after = [token.lower for token in doc.tokens[place + 1 : min(place + 1 + _REACH, end)]]
    if lower in _words("leave") and doc.tokens[place - 1].lower not in BE - {"been"}:  # "40 are left": they stayed
        return _leaving(doc, place, after, perfect=perfect)
    if lower in _words("cross"):
        bordered = _words("frontier") & set(after) or after[:1] == ["into"] or ("from" in after[:1] and "into" in after)
        said = not after or after[0] in _SINCE or after[0] in _WHEN
        return ("refugee", place + 1) if bordered or (said and (perfect or (after[:1] and after[0] in _WHEN))) else None
    if lower in ("entered", "enter", "entering"):
        named = place + 1 < end and doc.tokens[place + 1].capital
        return ("refugee", place + 1) if named or _words("frontier") & set(after[:4]) else None
    if lower in ("reach", "reached", "reaches"):
        return ("refugee", place + 1) if _words("frontier") & set(after[:6]) else None
    if lower in _words("stream"):
        if not after or after[0] not in _INTO:
            return None
        return ("refugee" if _words("frontier") & set(after) else "fled"), place + 1
    if lower in _words("arrive") and set(after[:6]) & {"in", "at", "from", "across"}:
        return ("refugee" if _words("frontier") & set(after) else "fled"), place + 1
    return None


def _leaving(doc: Document, place: int, after: list[str], *, perfect: bool) -> tuple[Effect, int] | None:
    """ "left the city", "left Aldena", "have left since Monday"; not "left 12 dead", "left behind", "left the room"."""
    if not after:
        return ("fled", place + 1) if perfect else None
    if after[0] in ("through", "via", "along") and {"corridor", "corridors"} & set(after[:6]):
        return "evacuated", place + 1
    if after[0] in ("on", "by", "for", "in") and _words("frontier") & set(after[:6]):
        return "fled", place + 1  # "left on foot for the border"
    if after[:2] in (["on", "foot"], ["by", "bus"], ["by", "boat"], ["by", "train"], ["by", "car"]):
        return "fled", place + 1
    noun = 1 if after[0] in DETERMINERS else 0
    if any(word in _words("place") for word in after[noun : noun + 2]) and noun:
        return ("refugee" if "country" in after[noun : noun + 2] else "fled"), place + 1
    following = doc.tokens[place + 1]
    if following.capital and following.kind == "word" and not word_class(doc.tokens, place + 1, "weekday"):
        return "fled", place + 1
    return ("fled", place + 1) if perfect and after[0] in _SINCE else None
