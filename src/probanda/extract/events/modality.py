"""How far a text asserts an event: what `modality` says of the trigger's clause, and what only an event can show.

Guarantees: an event that the text denies, rules out or says never took place is denied; one that is asked for, ordered
or due is planned; one that a clause of fact describes ("approved a strike that destroyed …") happened, though its
approval alone would not say so; a pledge that is about the future is promised. Quotation marks and asides between
commas are left out, since the grammar goes on through them. The cues are those of `modality`; the few added here are
closed classes of English (Quirk et al. 1985, chapters 10, 16).
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.events.roles import Roles
from probanda.extract.events.triggers import QUOTATION_MARKS, Trigger, event_words
from probanda.extract.modality.modality import modality_at, negated_at
from probanda.extract.text.segments import Document, segment
from probanda.extract.text.verb_groups import MODAL, classes, is_past
from probanda.records.reading import Modality

DONE = frozenset({"accomplished", "stated"})
_OWN = frozenset({"he", "she", "we", "i", "it"})
_NOBODY = frozenset({"no", "none", "nobody", "neither", "nothing"})
_HAPPEN = frozenset({"take", "took", "taken", "happen", "happened", "occur", "occurred", "begin", "began", "begun",
                     "start", "started", "materialise", "materialised", "materialize", "materialized"})  # fmt: skip
_DUE = frozenset({"due", "set", "scheduled", "supposed"})
_FALSE = frozenset({"false", "untrue", "baseless", "lies", "lie", "fabricated", "fabrication", "fabrications", "fake"})


def event_modality(doc: Document, trigger: Trigger, roles: Roles) -> Modality:
    """The modality of one event."""
    found, denied = _of_clause(doc, trigger)
    if found in DONE and not denied and trigger.row.form == "base":
        found, denied = _of_first_verb(doc, trigger)
    if denied and found in DONE:
        return "denied"
    if _ruled_out(doc, trigger, roles, found):
        return "denied"
    if found in DONE | {"possible"} and _asked_for(doc, trigger):
        return "planned"
    if found in ("planned", "promised") and _described_as_done(doc, trigger):
        return "accomplished"
    if found in DONE and trigger.row.form == "noun" and _is_due(doc, trigger):
        return "planned"
    if found in DONE and doc.tokens[trigger.first].lower in event_words("claim_verb"):
        return "alleged"
    if trigger.row.type.startswith("pledge."):
        return _of_pledge(doc, trigger, found)
    own = roles.actor is not None and doc.tokens[roles.actor[1] - 1].lower in _OWN
    return "planned" if found == "forecast" and own else found  # "she said she would open an investigation"


def _of_first_verb(doc: Document, trigger: Trigger) -> tuple[Modality, bool]:
    """ "plans to besiege X and pound it": a bare form shares what governs the verb that "and" joins it to."""
    floor = max(doc.sentences[doc.sentence_of(trigger.first)].first, trigger.first - 25)
    if trigger.first - 1 > floor and doc.tokens[trigger.first - 1].lower in ("and", "or", ",", "then"):
        for place in range(trigger.first - 2, floor, -1):
            verb = doc.tokens[place].lower
            governed = doc.tokens[place - 1].lower
            if governed in MODAL or (governed in ("to", "“to") and classes(verb)[:1] == "V"):
                return _of_clause(doc, replace(trigger, first=place, last=place + 1))
            if doc.tokens[place].text in ";:—":
                break
    return "accomplished", False


def _of_pledge(doc: Document, trigger: Trigger, found: Modality) -> Modality:
    sentence = doc.sentences[doc.sentence_of(trigger.first)]
    said = doc.tokens[sentence.first : trigger.first + 1]
    promised = found == "forecast" or any(t.lower in event_words("promise_verb") for t in said)
    return "promised" if promised and found in DONE | {"forecast"} else found  # "it would send": a promise


def _of_clause(doc: Document, trigger: Trigger) -> tuple[Modality, bool]:
    """Modality of the trigger's clause, and whether the clause denies it."""
    first, last = trigger.first, trigger.last
    sentence = doc.sentences[doc.sentence_of(first)]
    skipped = _aside(doc, sentence.first, first)
    before = doc.tokens[max(sentence.first, first - 3) : first]
    marks = any(token.text in QUOTATION_MARKS for token in before) or _called_false(doc, last, sentence.last)
    if skipped or marks:
        kept = [
            place
            for place in range(sentence.first, sentence.last)
            if place not in skipped and not (marks and doc.tokens[place].text in QUOTATION_MARKS)
        ]
        spoken = segment(" ".join(doc.tokens[place].text for place in kept))
        if len(spoken.tokens) == len(kept) and first in kept and last - 1 in kept:
            doc, first, last = spoken, kept.index(first), kept.index(last - 1) + 1
    place = first - 1
    if place > 0 and doc.tokens[place].lower == "having":
        first = place  # "deny having attacked": the perfect stands for the deed
    found, _ = modality_at(doc, first, last)
    return found, negated_at(doc, first, last)


def _aside(doc: Document, start: int, verb: int) -> frozenset[int]:
    """The tokens of ", which …," right before the verb and its auxiliaries; none where no such aside stands there."""
    end = verb
    while end > start and doc.tokens[end - 1].lower in event_words("auxiliary"):
        end -= 1
    if end <= start or doc.tokens[end - 1].text != ",":
        return frozenset()
    for place in range(end - 3, start, -1):
        if doc.tokens[place].text == "," and doc.tokens[place + 1].lower in ("which", "who", "whose", "where"):
            return frozenset(range(place, end))
    return frozenset()


def _called_false(doc: Document, begin: int, end: int) -> bool:
    words = doc.tokens[begin:end]
    return any(t.lower in _FALSE for t in words) and any(t.text in QUOTATION_MARKS for t in words)


def _ruled_out(doc: Document, trigger: Trigger, roles: Roles, found: Modality) -> bool:
    first, last = trigger.first, trigger.last
    before = [t.lower for t in doc.tokens[max(0, first - 6) : first]]
    after = [t.lower for t in doc.tokens[last : last + 4]]
    if trigger.row.form == "noun":
        if "out" in before and any(word.startswith("rul") for word in before):
            return True
        return any(w in ("never", "not") or w.endswith("n’t") for w in after) and bool(_HAPPEN & set(after))
    if found == "planned" and before[-1:] == ["to"]:
        plan = next((n for n, w in enumerate(before) if w in ("plan", "plans", "intention", "intentions")), None)
        if plan is not None and plan and before[plan - 1] in ("no", "any"):
            return True
    subject = roles.affected or roles.aimed_at if trigger.passive else roles.actor or roles.instrument
    return found in DONE and subject is not None and doc.tokens[subject[0]].lower in _NOBODY


def _asked_for(doc: Document, trigger: Trigger) -> bool:
    """ "asked the inspector to open", "called on the army to withdraw": wanted of somebody, and not done."""
    if trigger.row.form != "base":
        return False
    place = trigger.first - 1
    if place < 1 or doc.tokens[place].lower != "to":
        return False
    floor = max(doc.sentences[doc.sentence_of(place)].first, place - 8)
    for step in range(place - 1, floor - 1, -1):
        if doc.tokens[step].text in ",;:":
            return False
        if doc.tokens[step].lower in event_words("request_verb"):
            return step < place - 1
    return False


def _described_as_done(doc: Document, trigger: Trigger) -> bool:
    """ "approved a strike that destroyed the hospital": a relative clause in the past tells that it came about."""
    if trigger.row.form != "noun" or trigger.last + 1 >= len(doc.tokens):
        return False
    opener, verb = doc.tokens[trigger.last], doc.tokens[trigger.last + 1]
    return opener.lower in ("that", "which") and is_past(verb)


def _is_due(doc: Document, trigger: Trigger) -> bool:
    words = [t.lower for t in doc.tokens[trigger.last : trigger.last + 4]]
    return len(words) == 4 and words[0] in ("is", "are", "was", "were") and words[1] in _DUE and words[2] == "to"
