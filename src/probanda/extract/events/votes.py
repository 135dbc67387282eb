"""Votes and referrals: how many voted which way, and which States referred.

Guarantees: a count is returned only where the text states it; `None` is not stated and 0 is a stated zero ("no
abstentions"). "Unanimously" states no number. Forms: numbers with a word for the side in either order, "by 93 votes to
24 with 58 abstentions", "14-0", "120-5-2". Numbers come from `quantities.find_numbers`; words for the sides:
lexica/event_words.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from probanda.extract.events.triggers import event_words
from probanda.extract.events.verb_subjects import Range
from probanda.extract.places.context import demonyms
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import BE
from probanda.extract.values.quantities import Number
from probanda.extract.values.tallies import is_tally
from probanda.records.reading import Counts

_PAIR = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})*)(?:\s+votes?)?\s*(?:-|–|—|‑|\bto\b)\s*(\d{1,3}(?:,\d{3})*)"
    r"(?:\s*(?:-|–|‑)\s*(\d{1,3}(?:,\d{3})*))?(?![\d.])"
)
_SIDES = ("for", "against", "abstaining")
_MOVED = frozenset("motion amendment resolution bill proposal draft text measure petition".split())
_NONE = frozenset({"no", "none", "zero", "nobody", "without"})


def vote_counts(doc: Document, sentence: int, numbers: Sequence[Number]) -> Counts | None:
    """What one sentence states of a vote; `None` where it states no count."""
    span = doc.sentences[sentence]
    counts: dict[str, int] = {}
    text = doc.text[span.start : span.end]
    taken: list[tuple[int, int]] = []
    pair = next((m for m in _PAIR.finditer(text) if _is_tally(text, m)), None)
    if pair is not None:
        stated = zip(_SIDES, pair.groups(), strict=True)
        counts = {side: int(group.replace(",", "")) for side, group in stated if group is not None}
        taken.append((span.start + pair.start(), span.start + pair.end()))
    here = [n for n in numbers if span.first <= n.core_first < span.last and n.kind in ("count", "part")]
    if pair is None:
        counts.update(_worded_pair(doc, here, taken))
    lost = bool(taken) and _is_lost(doc, doc.token_at(taken[0][0]), span.first)
    if lost and "for" in counts and counts["for"] > counts.get("against", counts["for"]):
        counts["for"], counts["against"] = counts["against"], counts["for"]  # "defeated by 288 votes to 31"
    here = [n for n in here if not any(a <= doc.tokens[n.core_first].start < b for a, b in taken)]
    places = [n.first for n in here]
    for number in here:
        side = _side(doc, number, span.first, span.last, places)
        if side is not None and isinstance(number.stated, int):
            counts.setdefault(side, number.stated)
    for place in range(span.first, span.last):
        if doc.tokens[place].lower in _NONE:
            following = [t.lower for t in doc.tokens[place + 1 : min(place + 4, span.last)]]
            for side in ("against", "abstaining"):
                if any(word in event_words(side) for word in following):
                    counts.setdefault(side, 0)
    if not counts:
        return None
    return Counts(counts.get("for"), counts.get("against"), counts.get("abstaining"))


def _is_lost(doc: Document, place: int, start: int) -> bool:
    """Whether the outcome told just before the tally is that the motion fell. A body that "rejected the appeal by two
    votes to one" decided so with two for its decision."""
    for at in range(place - 1, max(start, place - 6) - 1, -1):
        lower = doc.tokens[at].lower
        if lower in ("fell", "failed", "lost"):
            return True
        if lower in ("defeated", "rejected"):
            passive = any(token.lower in BE for token in doc.tokens[max(start, at - 3) : at])
            moved = {token.lower for token in doc.tokens[start:at]} & _MOVED
            return passive and bool(moved)
    return False


def _is_tally(text: str, match: re.Match[str]) -> bool:
    """A pair of numbers is a tally and no range ("5 to 10 people"): a word of voting stands right before or after."""
    before = text[max(0, match.start() - 40) : match.start()].lower()
    after = text[match.end() : match.end() + 30].lower()
    if re.match(r"\W*(vote|votes|in favou?r|with \w+ abst)", after) is not None or "vote" in match.group():
        return True
    if re.search(r"\bto\b", match.group()) is not None:  # "5 to 10 people" is a range
        return re.search(r"(\bby|\bof|vote[ds]?|,|tally|margin)\W*$", before) is not None
    near = r"\b(vot\w+|adopt\w+|pass\w*|approv\w+|by|carried|reject\w+|margin|tally|defeated)\W+(?:\w+\W+){0,3}$"
    counted = r"\b(the|a) vote\b[^.;,]{0,36}\bwas\W*$"  # "The vote in the 188-member congress was 137-7"
    return re.search(near, before) is not None or re.search(counted, before) is not None


def _worded_pair(doc: Document, here: Sequence[Number], taken: list[tuple[int, int]]) -> dict[str, int]:
    """ "by ninety-three votes to two": two numbers with "votes to" or "to" between, written as words."""
    for one, other in pairwise(here):
        between = [t.lower for t in doc.tokens[one.last : other.core_first]]
        before = doc.tokens[one.first - 1].lower if one.first else ""
        tally = between in (["votes", "to"], ["votes", "against"]) or (
            between == ["to"]
            and (before in ("by", "of", "voted") or is_tally(doc.tokens, one.core_first, one.last, other.core_last))
        )
        if tally and isinstance(one.stated, int) and isinstance(other.stated, int):
            taken.append((doc.tokens[one.first].start, doc.tokens[other.last - 1].end))
            return {"for": one.stated, "against": other.stated}
    return {}


def _side(doc: Document, number: Number, begin: int, end: int, places: Sequence[int]) -> str | None:
    """The side that a number counts: the first word for a side after it and before the next number, else the last
    before it."""
    following = min((p for p in places if p > number.first), default=end)
    for place in range(number.last, following):
        side = _side_at(doc, place)
        if side is not None:
            return side
    earlier = max((p for p in places if p < number.first), default=begin)
    for place in range(number.first - 1, earlier - 1, -1):
        side = _side_at(doc, place)
        if side is not None and doc.tokens[place].lower not in ("for", "vote", "resolution"):
            return side
        if doc.tokens[place].text in ";:":
            break
    return None


def _side_at(doc: Document, place: int) -> str | None:
    word = doc.tokens[place].lower
    before = doc.tokens[place - 1].lower if place else ""
    if word == "for" and before not in ("voted", "votes", "vote", "voting") and doc.tokens[place - 1].kind != "number":
        return None
    if word in ("back", "support", "opposition") and before in ("the", "its", "of"):
        return None
    return next((side for side in _SIDES if word in event_words(side)), None)


def referring_states(
    doc: Document, phrase: Range | None, numbers: Sequence[Number], names: Sequence[Range]
) -> Counts | None:
    """The States of a referral in the words of the text: names in the subject, and a number with its noun ("37
    allies")."""
    if phrase is None:
        return None
    first, last = phrase
    states = [doc.passage(a, b) for a, b in names if first <= a and b <= last]
    for number in numbers:
        if first <= number.first and number.last < last and doc.tokens[number.last].kind == "word":
            end = number.last + 1
            while (
                end < last
                and doc.tokens[end - 1].lower in ("other", "more", "further", "additional") | demonyms().keys()
            ):
                end += 1
            states.append(doc.passage(number.core_first, end))
    states.sort(key=lambda passage: passage.start)
    counted = [n.stated for n in numbers if first <= n.first and n.last < last and isinstance(n.stated, int)]
    named = len(states) - len(counted)
    total = _total(doc, phrase, named, counted)
    return Counts(None, None, None, tuple(passage.text for passage in states), total) if states else None


def _total(doc: Document, phrase: Range, named: int, counted: Sequence[int]) -> int | None:
    """How many States in all: "Karovia and 37 allies" are 38, "39 States led by Karovia" 39; `None` where two numbers
    stand there."""
    if len(counted) > 1:
        return None
    if not counted:
        return named or None
    opens = doc.tokens[phrase[0]].kind == "number" or doc.tokens[phrase[0]].lower in ("the", "some", "all")
    within = any(token.lower in ("led", "including", "among") for token in doc.tokens[phrase[0] : phrase[1]])
    return counted[0] if within or (opens and not named) else counted[0] + named
