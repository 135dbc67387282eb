"""From a reading as it is shipped to MUC-4's templates.

One template for each type of incident that the reading has an event of, if somebody suffered or something was hit; of
each role the entity that the events name most often. What MUC does not count is left out as far as the words tell:
soldiers and fighters are no victims there. Nothing is added that the reading does not have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from muc.data import ROLES, Template, folded
from muc4_score import incident_of as _incident
from probanda.records.passage import Passage
from probanda.records.reading import Event, Reading

_OPENING = re.compile(
    r"^(the|a|an|some|several|many|his|her|their|its|this|that|these|those|our|all|other|another|at least|about|"
    r"approximately|more than|nearly|presumed|suspected|alleged|self-styled|so-called)\s+"
)
_NUMBER = re.compile(r"^(two|three|four|five|six|seven|eight|nine|ten|\d[\d,]*)\s+")
_BODY = re.compile(
    r"\b(front|army|forces?|police|government|cartel|organization|movement|party|group|command|brigade|battalion|"
    r"mafias?|squads?|guard|ministry|military|union|path|[a-z]{3,5}ln)\b"
)
_PEOPLE = re.compile(
    r"\b(members?|guerrillas|troops|soldiers|men|elements|agents|rebels|terrorists|commandos|traffickers|individuals|"
    r"units?|patrols?|assassins|gunmen)\b"
)
_FIGHTERS = re.compile(
    r"\b(soldier|troop|army|military|guerrilla|rebel|insurgent|terrorist|battalion|brigade|police|unit|patrol|"
    r"combatant|subversive|officer|position|garrison|guard)s?\b"
)
_NO_ENTITY = re.compile(
    r"\b(result|death|murder|number|explosion|outskirts|names?|shots|order|vicinity|attack|it|who|which|\d{4})\b"
)
_PRONOUNS = frozenset(
    "he she they them him it her who which others one those these that this i we us you none both some".split()
)
_TITLES = frozenset("dr mr mrs msgr former leader priest father colonel general judge senator minister mayor".split())
_SUFFER = frozenset({"killing", "execution", "abduction"})
_BESIDE = frozenset({"injury", "death", "damage"})  # what acts did: they say whom and what
_MOST = 14  # templates of one document


def incident_of(event: Event) -> tuple[str, str] | None:
    """Type of incident and stage that an event maps to; `None` for what MUC does not count or the text denies."""
    found = _incident(event)
    return None if found is None else (found[0].lower(), found[1])


def templates(reading: Reading) -> tuple[Template, ...]:
    acts: dict[str, list[Event]] = {}
    for event in reading.events:
        kind = incident_of(event)
        if kind is not None:
            acts.setdefault(kind[0], []).append(event)
    if "attack" in acts and len(acts.get("bombing", ())) >= len(acts["attack"]):
        acts["bombing"] += acts.pop("attack")  # "the attack" is the bombing told again
    beside = [event for event in reading.events if event.type in _BESIDE and event.modality != "denied"]
    found = (_template(kind, events, beside, reading) for kind, events in acts.items())
    return tuple(one for one in found if one is not None)[:_MOST]


def _template(kind: str, events: Sequence[Event], beside: Sequence[Event], reading: Reading) -> Template | None:
    fillers: dict[str, Counter[str]] = {role: Counter() for role in ROLES}
    for event in events:
        for text in _entities(event.actor, keep_numbers=True):
            fillers["PerpOrg" if _BODY.search(text) and not _PEOPLE.search(text) else "PerpInd"][text] += 1
        if event.instrument is not None:
            fillers["Weapon"][_bare(event.instrument.text)] += 1
    for event in (*events, *beside):
        for part in (event.affected, event.aimed_at):
            for text in _entities(part):
                if _FIGHTERS.search(text):
                    continue
                if event.type == "damage" or _is_object(reading, part, text):
                    fillers["Target"][text] += 1
                elif event.type in _SUFFER:
                    fillers["Victim"][_without_titles(text)] += 1
    if kind == "bombing":
        for weapon in reading.weapons:
            if weapon.class_ in ("heavy_weapons_explosive_munitions", "planted_explosives_uxo"):
                fillers["Weapon"].setdefault(_bare(weapon.passage.text), 1)
    elif not fillers["Victim"] and not fillers["Target"]:
        return None
    return Template(kind, {role: _first(fillers[role]) for role in ROLES})


def _entities(part: Passage | None, *, keep_numbers: bool = False) -> Iterator[str]:
    """The phrases that "and" and commas join, without what opens them; none that names nobody."""
    for piece in re.split(r"\s*,\s*|\s+and\s+|\s+or\s+", folded(part.text)) if part is not None else ():
        text = _bare(piece, keep_numbers=keep_numbers)
        if len(text) > 2 and text not in _PRONOUNS and len(text.split()) < 8 and not _NO_ENTITY.search(text):
            yield text


def _bare(text: str, *, keep_numbers: bool = False) -> str:
    text = folded(text).strip(' ,.;"')
    while True:
        shorter = _OPENING.sub("", text)
        if not keep_numbers:
            shorter = _NUMBER.sub("", shorter)
        if shorter == text:
            return text
        text = shorter


def _without_titles(text: str) -> str:
    words = text.split()
    last = max((place for place, word in enumerate(words) if word.strip(".") in _TITLES), default=-1)
    rest = words[last + 1 :]
    return " ".join(rest) if last >= 0 and rest and rest[0] not in ("of", "in", "for", "from", "to", "at") else text


def _is_object(reading: Reading, part: Passage | None, text: str) -> bool:
    if part is None:
        return False
    start = part.start + max(part.text.lower().find(text), 0)
    return any(one.passage.start < start + len(text) and start < one.passage.end for one in reading.objects)


def _first(counted: Counter[str]) -> tuple[frozenset[str], ...]:
    """The entity named most often, the longest of those named as often."""
    ordered = sorted(counted, key=lambda text: (-counted[text], -len(text), text))
    return tuple(frozenset([text]) for text in ordered[:1])
