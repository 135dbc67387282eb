"""Events: what a text says was done, by whom, to what, with what, where and when.

Guarantees: every event rests on a trigger, the words that name it; roles are phrases of the trigger's sentence; place and time are
those that stand nearest in that sentence, and none is carried over from another. Modality says how far the text asserts it: a siege
that is braced for is anticipated, a delivery that is promised is promised, and none of these has happened. What an event is in law is
not said here. Types are dotted paths (lexica/event_triggers.tsv, lexica/event_frames.tsv).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probanda.extract.verb_subjects import Range, breaks_between
from probanda.extract.event_roles import Roles, roles_of
from probanda.extract.inflection import verb_forms
from probanda.extract.modality import modality_at, negated_at
from probanda.extract.quantities import Number, find_numbers
from probanda.extract.segments import Document
from probanda.extract.triggers import Trigger, event_words, find_triggers
from probanda.extract.votes import referring_states, vote_counts
from probanda.extract.weapons import weapon_matches
from probanda.records.passage import Passage
from probanda.records.reading import Counts, Modality, Place, When

_PROMISE = frozenset(form for verb in ("promise", "pledge", "vow", "commit", "offer") for form in verb_forms(verb))
_DONE = frozenset({"accomplished", "stated"})
_SETTLED = frozenset({"city", "cities", "town", "towns", "village", "villages", "territory", "area", "areas", "region", "regions",
                      "port", "airport", "base", "island", "district", "province", "land", "bridge", "border", "capital", "settlement",
                      "settlements", "stronghold", "positions", "plant", "neighbourhood", "outskirts", "suburb", "country"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An `Event` before the reading gives it its source and id."""

    type: str
    trigger: Passage
    actor: Passage | None
    aimed_at: Passage | None
    affected: Passage | None
    instrument: Passage | None
    where: Passage | None
    when: When | None
    modality: Modality
    counts: Counts | None = None


def find_events(doc: Document, times: Sequence[When] = (), places: Sequence[Place] = ()) -> tuple[EventDraft, ...]:
    """The events that `doc` tells of, in the order of their triggers. `times` and `places` are those found in the same
    document; without them events have no time and no place."""
    triggers = find_triggers(doc)
    weapons = weapon_matches(doc)
    numbers = find_numbers(doc)
    spans = [(doc.token_at(p.passage.start), doc.token_at(p.passage.end - 1) + 1, p) for p in places]
    dated = [(doc.token_at(w.passage.start), w) for w in times if w.passage is not None]
    clocks = [(w.passage.start, w.passage.end) for w in times if w.passage is not None]
    out: list[EventDraft] = []
    voted: set[int] = set()
    for trigger in triggers:
        passage = doc.passage(trigger.first, trigger.last)
        if any(a <= passage.start and passage.end <= b for a, b in clocks):
            continue  # "since the invasion began" says when
        roles = roles_of(doc, trigger, weapons, triggers)
        counts: Counts | None = None
        if trigger.row.type == "diplomatic.vote":
            sentence = doc.sentence_of(trigger.first)
            counts = vote_counts(doc, sentence, numbers)
            if sentence in voted or (counts is None and not _a_ballot(doc, trigger)):
                continue
            voted.add(sentence)
        elif trigger.row.type == "legal.referral":
            if not _refers(doc, trigger):
                continue
            counts = _states(doc, roles, numbers, spans)
        if trigger.row.needs == "place" and not _takes_ground(doc, roles, spans):
            continue
        modality = _modality(doc, trigger)
        out.append(
            EventDraft(
                _type(trigger, modality), passage, *(_passage(doc, part) for part in
                (roles.actor, roles.aimed_at, roles.affected, roles.instrument)),
                _where(doc, trigger, roles, spans), _when(doc, trigger, dated), modality, counts,
            )
        )  # fmt: skip
    return tuple(out)


def _passage(doc: Document, part: Range | None) -> Passage | None:
    return None if part is None else doc.passage(*part)


def _modality(doc: Document, trigger: Trigger) -> Modality:
    found, _ = modality_at(doc, trigger.first, trigger.last)
    if found in _DONE and negated_at(doc, trigger.first, trigger.last):
        return "denied"
    promised = trigger.row.type.startswith("pledge.") and doc.tokens[trigger.first].lower in _PROMISE
    return "promised" if promised and found in _DONE else found


def _type(trigger: Trigger, modality: Modality) -> str:
    """A pledge that is kept is a delivery."""
    if trigger.row.type.startswith("pledge.") and modality in _DONE:
        return "delivery." + trigger.row.type.removeprefix("pledge.")
    return trigger.row.type


def _a_ballot(doc: Document, trigger: Trigger) -> bool:
    return trigger.row.form != "noun" and doc.tokens[trigger.first].lower in verb_forms("vote")


def _refers(doc: Document, trigger: Trigger) -> bool:
    """Whether something is referred to a court, and not a matter "referred to" in speech."""
    if trigger.row.form == "noun":
        return True
    following = [t.lower for t in doc.tokens[trigger.last : trigger.last + 4]]
    if following[:1] == ["to"]:
        return trigger.passive and any(word in event_words("court") for word in following)
    return True


def _states(doc: Document, roles: Roles, numbers: Sequence[Number], spans: Sequence[tuple[int, int, Place]]) -> Counts | None:
    named = [(first, last) for first, last, place in spans if place.gazetteer_id is not None]
    if roles.actor is not None:
        # Capitalised members that the gazetteer lacks count as names too, so that an unknown State is not lost.
        known = {token for first, last in named for token in range(first, last)}
        place = roles.actor[0]
        while place < roles.actor[1]:
            end = place
            while end < roles.actor[1] and doc.tokens[end].capital and doc.tokens[end].kind == "word" and end not in known:
                end += 1
            if end > place and doc.tokens[place].lower not in ("the", "a", "an"):
                named.append((place, end))
            place = max(end, place + 1)
    return referring_states(doc, roles.actor, numbers, named)


def _takes_ground(doc: Document, roles: Roles, spans: Sequence[tuple[int, int, Place]]) -> bool:
    """Whether what is captured, lost or contested is ground: a place, or a noun for one."""
    part = roles.affected
    if part is None:
        return False
    if any(part[0] <= first and last <= part[1] and place.role == "location" for first, last, place in spans):
        return True
    return any(t.lower in _SETTLED for t in doc.tokens[part[0] : part[1]])


def _where(doc: Document, trigger: Trigger, roles: Roles, spans: Sequence[tuple[int, int, Place]]) -> Passage | None:
    """The place that stands nearest in the sentence: within what is aimed at or affected, then after the trigger, then before
    it; each clause break between counts as ten words."""
    sentence = doc.sentences[doc.sentence_of(trigger.first)]
    best: tuple[int, int, Passage] | None = None
    for first, last, place in spans:
        if place.role != "location" or not sentence.first <= first < sentence.last:
            continue
        cost = first - trigger.last if first >= trigger.last else trigger.first - last + 6
        cost += 10 * breaks_between(doc, trigger.first, first)
        for part in (roles.aimed_at, roles.affected):
            if part is not None and part[0] <= first and last <= part[1]:
                cost -= 30
        if place.gazetteer_id is None:
            cost += 4
        if cost <= 25 and (best is None or (cost, first) < best[:2]):
            best = (cost, first, place.passage)
    return None if best is None else best[2]


def _when(doc: Document, trigger: Trigger, dated: Sequence[tuple[int, When]]) -> When | None:
    """The time that stands nearest in the sentence; a clause break counts as ten words."""
    sentence = doc.sentences[doc.sentence_of(trigger.first)]
    near = [
        (abs(token - trigger.first) + 10 * breaks_between(doc, trigger.first, token), token, when)
        for token, when in dated
        if sentence.first <= token < sentence.last
    ]
    near = [item for item in near if item[0] <= 40]
    return min(near, key=lambda item: item[:2])[2] if near else None


