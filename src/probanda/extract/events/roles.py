"""Who did it, to what, with what: the phrases around a trigger and their parts in the event.

Guarantees: each role is a noun phrase of the trigger's sentence, in the source's words; a role that the words do not
settle is `None`. The grammar is that of English clauses: subject and object of an active verb, subject and "by" phrase
of a passive one, owner and complement of a noun. A weapon that is subject or stands after "by" or "with" is the
instrument and no actor; an attack that damages something ("Karovian strikes damaged …") is the instrument, and its
adjective of nationality the actor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probanda.extract.events.triggers import Trigger, event_words, is_passive
from probanda.extract.events.verb_subjects import Range, clause_subject, subject_of
from probanda.extract.places.context import is_national
from probanda.extract.text.actors import class_at, noun_phrase_ending_at, noun_phrase_starting_at, word_classes
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.matching import Match
from probanda.extract.text.segments import Document

_AT = frozenset({"on", "against", "at", "upon", "targeting", "toward", "towards"})
_STAGED = frozenset({"staged", "launched", "carried", "committed", "perpetrated", "mounted", "conducted", "unleashed"})
_EMPTY = frozenset({"it", "there", "this", "that", "which", "who", "what"})


@dataclass(frozen=True, slots=True)
class Roles:
    """Token ranges of the roles."""

    actor: Range | None = None
    aimed_at: Range | None = None
    affected: Range | None = None
    instrument: Range | None = None


@dataclass(slots=True)
class _Open:
    """Roles while they are being filled; the first phrase found for a role stays."""

    actor: Range | None = None
    aimed_at: Range | None = None
    affected: Range | None = None
    instrument: Range | None = None

    def put(self, role: str, phrase: Range | None) -> None:
        if phrase is None or role not in ("actor", "aimed_at", "affected", "instrument"):
            return
        if getattr(self, role) is None:
            setattr(self, role, phrase)


def roles_of(
    doc: Document, trigger: Trigger, weapons: Sequence[Match[str]], triggers: Sequence[Trigger],
    timed: frozenset[int] = frozenset(),
) -> Roles:  # fmt: skip
    """The roles of the event that `trigger` names. `weapons` and `triggers` are those of the whole document, `timed`
    the tokens that say when ("on Monday" is nothing that is aimed at)."""
    roles = _Open()
    if trigger.row.form == "noun":
        _of_noun(doc, trigger, roles, timed)
    elif trigger.complement is not None:
        _of_frame(doc, trigger, roles, weapons, timed)
    else:
        _of_verb(doc, trigger, roles, timed)
    _instruments(doc, trigger, roles, weapons, triggers)
    for name in ("actor", "aimed_at", "affected"):
        phrase: Range | None = getattr(roles, name)
        if phrase is None:
            continue
        empty = phrase[1] - phrase[0] == 1 and doc.tokens[phrase[0]].lower in _EMPTY
        if empty or phrase[1] - 1 in timed or _only_adverbs(doc, phrase):
            setattr(roles, name, None)
    return Roles(roles.actor, roles.aimed_at, roles.affected, roles.instrument)


def _only_adverbs(doc: Document, phrase: Range) -> bool:
    """ "an overnight": no noun and no name stands in the phrase."""
    return not any(class_at(doc, place) in "NXQOG" or _nominal(doc, place) for place in range(*phrase))


def _nominal(doc: Document, place: int) -> bool:
    """An adjective that stands for its bearers: "the wounded"."""
    return class_at(doc, place) in "JP" and place > 0 and class_at(doc, place - 1) == "D"


def _of_verb(doc: Document, trigger: Trigger, roles: _Open, timed: frozenset[int]) -> None:
    if trigger.attributive:
        roles.put(trigger.row.object, noun_phrase_starting_at(doc, trigger.last))
        return
    subject = subject_of(doc, trigger.first, trigger.row.form)
    if subject is not None and subject[1] - 1 in timed:  # "the rebels last night shelled"
        subject = subject_of(doc, subject[0], trigger.row.form)
    if trigger.passive:
        roles.put(trigger.row.object, subject)
        roles.put("actor", _by(doc, trigger.last))
        return
    roles.put(trigger.row.subject, subject)
    place = trigger.last
    end = doc.sentences[doc.sentence_of(trigger.first)].last
    while place < end and (class_at(doc, place) == "R" or doc.tokens[place].text in '“‘"'):
        place += 1
    if place < end:  # beyond it another sentence begins
        roles.put(trigger.row.object, noun_phrase_starting_at(doc, place))


def _of_frame(
    doc: Document, trigger: Trigger, roles: _Open, weapons: Sequence[Match[str]], timed: frozenset[int]
) -> None:
    assert trigger.complement is not None
    begin, end = trigger.complement
    if begin < trigger.first:  # "control of the town was contested", "an investigation was opened by"
        roles.put("actor", _by(doc, trigger.last))
        subject = None if trigger.passive else subject_of(doc, trigger.first, trigger.row.form)
        if subject is not None and subject[0] >= end:  # "missiles that its friends have promised"
            roles.put("actor", subject)
    elif trigger.row.form in ("past", "participle") and is_passive(doc, trigger.first, trigger.last):
        roles.put("affected", subject_of(doc, trigger.first, trigger.row.form))  # "was found guilty"
        roles.put("actor", _by(doc, end))
    else:
        roles.put(trigger.row.subject, subject_of(doc, trigger.first, trigger.row.form))
    place = end
    object_ = trigger.row.object
    if object_ == "noun":
        object_ = "affected"
        roles.put(object_, noun_phrase_ending_at(doc, end))
    held = [first for first, last, _ in weapons if first < end and begin < last]
    if held:
        phrase = noun_phrase_ending_at(doc, end) or (begin, end)
        first = min(held[0], phrase[0]) if begin < trigger.first else max(trigger.last, min(held[0], phrase[0]))
        while first - 1 >= trigger.last and class_at(doc, first - 1) in "QJD":
            first -= 1
        roles.put("instrument", (first, end))
    led = doc.tokens[place].lower if place < len(doc.tokens) else ""
    if begin < trigger.first and led not in ("of", "against", "on", "for", "over"):
        place = trigger.last  # "a warrant was issued for"
    led = doc.tokens[place].lower if place < len(doc.tokens) else ""
    armed = trigger.row.type.startswith("attack") and led in ("at", "into", "towards", "toward")
    if led == "with" and trigger.row.type.startswith("diplomatic."):
        armed = True
    if (led in ("of", "to", "in", "against", "on", "over", "for") and place + 1 not in timed) or armed:
        behind = doc.tokens[place + 1].lower if place + 1 < len(doc.tokens) else ""
        purpose = led == "to" and "V" in word_classes(behind) and class_at(doc, place + 2) in "DXO"
        if not purpose and not (led == "in" and trigger.row.type.startswith(("attack", "pledge"))):
            roles.put(object_, noun_phrase_starting_at(doc, place + 1))
    elif begin >= trigger.last:
        roles.put(
            trigger.row.object if trigger.row.type == "aid.blocked" else "", noun_phrase_starting_at(doc, trigger.last)
        )


def _of_noun(doc: Document, trigger: Trigger, roles: _Open, timed: frozenset[int]) -> None:
    phrase = noun_phrase_ending_at(doc, trigger.last) or (trigger.first, trigger.last)
    if phrase[0] > 1 and doc.tokens[phrase[0] - 1].text in '“‘"' and class_at(doc, phrase[0] - 2) == "S":
        owner = noun_phrase_ending_at(doc, phrase[0] - 2)  # "Karovia’s “unlawful attack”"
        roles.put(trigger.row.subject, owner)
    roles.put(*_owner(doc, phrase[0], trigger))
    place, end = trigger.last, doc.sentences[doc.sentence_of(trigger.first)].last
    for _ in range(3):  # "of the town by the army on Monday": at most three phrases belong to a noun
        if place >= end:
            break
        word = doc.tokens[place].lower
        if word not in _AT and word not in ("of", "by", "from", "in", "near"):
            break
        found = noun_phrase_starting_at(doc, place + 1)
        if found is None:
            break
        if found[1] - 1 in timed:
            place = found[1]
            continue
        if word in _AT:
            roles.put("aimed_at" if trigger.row.object == "aimed_at" else trigger.row.object, found)
        elif word == "of":
            roles.put(trigger.row.object, found)
        elif word == "by":
            roles.put("actor", found)
        place = found[1]
    if roles.actor is None:
        roles.put("actor", _light_subject(doc, phrase[0], trigger))
    if roles.affected is None and roles.aimed_at is None and phrase[0] > 0:
        _from_clause(doc, phrase[0], trigger, roles)


def _owner(doc: Document, first: int, trigger: Trigger) -> tuple[str, Range | None]:
    """What stands before the noun in its phrase: an owner ("Karovia’s attack"), or a nationality or force ("rebel
    attack")."""
    owners = [place for place in range(first, trigger.first) if class_at(doc, place) == "S"]
    if owners:
        return trigger.row.subject, (first, owners[-1])
    begin = first
    while begin < trigger.first and class_at(doc, begin) in "DQRJ" and not is_national(doc, begin):
        begin += 1
    if doc.tokens[first].lower in ("his", "her", "its", "their"):
        return trigger.row.subject, _accused(doc, first)
    if any(
        is_national(doc, place) or doc.tokens[place].lower in event_words("force")
        for place in range(begin, trigger.first)
    ):
        return trigger.row.subject, (begin, trigger.first)
    return "", None


def _accused(doc: Document, place: int) -> Range | None:
    """Whose deed "his invasion" is in "accused X of shelling towns in his invasion": X's, as the shelling is."""
    floor = doc.sentences[doc.sentence_of(place)].first
    if not any(doc.tokens[at].lower in verb_forms("accuse") for at in range(floor, place)):
        return None
    doing = (at for at in range(place - 1, floor, -1) if class_at(doc, at) == "G")
    return next((found for found in (subject_of(doc, at, "ing") for at in doing) if found is not None), None)


def _by(doc: Document, place: int) -> Range | None:
    """The "by" phrase within a few words after a participle."""
    end = doc.sentences[doc.sentence_of(place - 1)].last
    for step in range(place, min(end, place + 7)):
        if doc.tokens[step].lower == "by" and step + 1 < end:
            found = noun_phrase_starting_at(doc, step + 1)
            means = doc.tokens[step + 1].kind == "number" or doc.tokens[step + 1].lower in event_words("means")
            return None if means else found
        if doc.tokens[step].text in ",;:":
            return None
    return None


def _light_subject(doc: Document, first: int, trigger: Trigger) -> Range | None:
    """The subject of a verb that only says that the noun was done: "the army launched an attack"; or its "by"
    phrase."""
    place = first - 1
    floor = doc.sentences[doc.sentence_of(first)].first
    if place > floor and doc.tokens[place].lower == "out":
        place -= 1
    if place >= floor and doc.tokens[place].lower in event_words("light_verb"):
        return subject_of(doc, place, "past")
    claimed = [token.lower for token in doc.tokens[max(floor, place - 2) : place + 1]]
    if claimed[-2:] == ["responsibility", "for"] and claimed[:1] and claimed[0] in verb_forms("claim"):
        return subject_of(doc, place - 2, "past")  # "the group claimed responsibility for the bombing"
    behind = trigger.last + (doc.tokens[trigger.last].text == ",") if trigger.last < len(doc.tokens) else trigger.last
    if behind < len(doc.tokens) and doc.tokens[behind].lower in _STAGED:
        return _by(doc, behind + 1)  # "the raid staged by the army"
    after = doc.tokens[trigger.last].lower if trigger.last < len(doc.tokens) else ""
    if any(t.lower == "caused" for t in doc.tokens[trigger.last : trigger.last + 4]):
        return None  # what caused a blast did not carry it out
    return _by(doc, trigger.last) if after in ("was", "were", "is", "are", "has", "had") else None


def _from_clause(doc: Document, first: int, trigger: Trigger, roles: _Open) -> None:
    """ "The town reeled from further strikes", "the port braced for a siege": the subject suffers what the noun
    names."""
    while first - 1 > 0 and class_at(doc, first - 1) in "RJDQ":
        first -= 1
    if first > 2 and doc.tokens[first - 1].lower == "of":  # "by a series of explosions"
        amount = noun_phrase_ending_at(doc, first - 1)
        first = amount[0] if amount is not None and amount[0] > 0 else first
    before = doc.tokens[first - 1].lower
    if (
        before in ("from", "under", "for", "by", "suffered", "endured", "faced", "against", "after")
        and trigger.row.object != "none"
    ):
        verb = first - 1
        floor = doc.sentences[doc.sentence_of(first)].first
        if before in ("from", "under", "for", "by") and verb - 1 > floor and class_at(doc, verb - 1) in "VPG":
            verb -= 1
        if class_at(doc, verb) in "VPG":
            roles.put(trigger.row.object, subject_of(doc, verb, "past"))


def _instruments(
    doc: Document, trigger: Trigger, roles: _Open, weapons: Sequence[Match[str]], triggers: Sequence[Trigger]
) -> None:
    if roles.actor is None and trigger.row.subject == "actor" and trigger.row.form == "ing":
        roles.put("actor", clause_subject(doc, trigger.first))
    phrase = roles.actor
    if phrase is not None and trigger.row.subject == "actor":
        head = phrase[1] - 1
        weapon = any(first <= head < last for first, last, _ in weapons)
        attack = any(t.row.form == "noun" and t.first <= head < t.last for t in triggers)
        if weapon or attack:
            roles.instrument = phrase
            roles.actor = _national(doc, phrase)
    if roles.instrument is None:
        end = doc.sentences[doc.sentence_of(trigger.first)].last
        for first, last, _ in weapons:
            inside = trigger.first <= first < trigger.last
            with_it = trigger.last <= first < min(end, trigger.last + 16) and _led_by_with(doc, trigger.last, first)
            modifier = trigger.row.form == "noun" and first < trigger.first and last == trigger.first
            if inside or with_it or modifier:
                roles.instrument = (first, last)
                break
    if roles.instrument is None and trigger.row.type == "attack.bombing" and trigger.row.subject == "none":
        subject = subject_of(doc, trigger.first, trigger.row.form)  # "two shells exploded"
        if subject is not None and any(first <= subject[1] - 1 < last for first, last, _ in weapons):
            roles.instrument = subject


def _led_by_with(doc: Document, begin: int, weapon: int) -> bool:
    """Whether "with", "using" or "by" opens the phrase that holds the weapon."""
    for place in range(weapon - 1, max(begin - 1, weapon - 5), -1):
        word = doc.tokens[place].lower
        if word in ("with", "using", "by"):
            return True
        if class_at(doc, place) not in "DJNQXRP" and word not in ("and", "or", ","):
            return False
    return False


def _national(doc: Document, phrase: Range) -> Range | None:
    """The owner, or the words of nationality and force, that open a phrase whose head is a weapon or an attack."""
    for place in range(phrase[0], phrase[1]):
        if class_at(doc, place) == "S" and place > phrase[0]:
            return phrase[0], place
    begin = next((p for p in range(*phrase) if is_national(doc, p)), None)
    if begin is None:
        return None
    end = begin + 1
    while end < phrase[1] - 1 and doc.tokens[end].lower in event_words("force"):
        end += 1
    return begin, end
