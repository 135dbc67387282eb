"""What keeps a trigger from being an event: a figure of speech, or a role without which its words mean something else.

Guarantees: "struck a deal", "attacked the plan" and "under fire over the budget" tell of no violence; what is captured,
cut off, lost or contested is ground; who withdraws is a force, and who crosses a border are people. Kinds of words:
lexica/event_words.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.events.roles import Roles
from probanda.extract.events.triggers import Trigger, event_words
from probanda.extract.events.verb_subjects import Range
from probanda.extract.text.actors import class_at, is_ordinary
from probanda.extract.text.segments import Document
from probanda.records.reading import Place

Spans = Sequence[tuple[int, int, Place]]

_VIOLENT = ("attack", "damage", "siege", "killing")
_SUBJECT_KINDS = {"force_subject": "force", "person_subject": "person", "aid_subject": "aid"}


def has_what_it_needs(doc: Document, trigger: Trigger, roles: Roles, spans: Spans) -> bool:
    """Whether the roles hold the kind of thing without which the trigger means something else."""
    needs = trigger.row.needs
    if _figurative(doc, trigger, roles):
        return False
    if needs == "weapon":  # "a shell landed": the weapon is the subject
        return roles.instrument is not None and roles.instrument[1] <= trigger.first
    if needs == "under":
        return _under_fire(doc, trigger)
    if needs in _SUBJECT_KINDS:
        subject = roles.actor if trigger.row.subject == "actor" else roles.affected
        return _holds(doc, subject, _SUBJECT_KINDS[needs])
    if needs == "object":
        return roles.affected is not None or roles.aimed_at is not None
    if needs == "thing_subject":  # "the roof collapsed", and not he
        part = roles.affected
        return part is not None and class_at(doc, part[1] - 1) not in "XO" and not _holds(doc, part, "person")
    if needs in ("arms_object", "assault_object"):
        return _holds(doc, roles.affected, needs)
    if needs == "ground_lost":  # "the town has fallen", and not "the price fell by a tenth"
        after = doc.tokens[trigger.last].lower if trigger.last < len(doc.tokens) else "."
        return after in (".", ",", ";", "to", "and", "on", "in") and _takes_ground(doc, trigger, roles, spans)
    return needs != "place" or _takes_ground(doc, trigger, roles, spans)


def _holds(doc: Document, part: Range | None, kind: str) -> bool:
    return part is not None and any(t.lower in event_words(kind) for t in doc.tokens[part[0] : part[1]])


def _figurative(doc: Document, trigger: Trigger, roles: Roles) -> bool:
    """Whether what is attacked or destroyed is a thing of words or numbers: "attacked the plan", "struck a deal"."""
    if not trigger.row.type.startswith(_VIOLENT):
        return False
    active = trigger.row.form != "noun" and not trigger.passive and trigger.complement is None
    following = [t.lower for t in doc.tokens[trigger.last : trigger.last + 3]]
    opened = active and following[:1] and following[0] in ("a", "the")
    if opened and any(word in event_words("figurative_object") for word in following[1:]):
        return True
    for part in (roles.aimed_at, roles.affected):
        if part is None:
            continue
        head = next((p for p in range(*part) if doc.tokens[p].lower == "of"), part[1]) - 1
        if doc.tokens[head].lower in event_words("figurative_object") and not doc.tokens[head].capital:
            return True
    return False


def _under_fire(doc: Document, trigger: Trigger) -> bool:
    """ "came under heavy fire", and not "under fire over the budget"."""
    before = [t.lower for t in doc.tokens[max(0, trigger.first - 4) : trigger.first]]
    after = doc.tokens[trigger.last].lower if trigger.last < len(doc.tokens) else ""
    return "under" in before and after not in ("for", "over")


def _takes_ground(doc: Document, trigger: Trigger, roles: Roles, spans: Spans) -> bool:
    """Whether what is captured, cut off, lost or contested is ground: a place, or a noun for one."""
    part = roles.aimed_at if trigger.row.object == "aimed_at" else roles.affected
    if part is None:
        return False
    if any(part[0] <= first and last <= part[1] and place.role == "location" for first, last, place in spans):
        return True
    if _holds(doc, part, "ground"):
        return True
    return trigger.row.needs == "place" and trigger.row.type.startswith("control.") and _unlisted_name(doc, part, spans)


def _unlisted_name(doc: Document, part: Range, spans: Spans) -> bool:
    """Whether the phrase is one bare name that stands nowhere in the text beside a title or another name, so that in
    "retook Velna" it is ground and no person; a country that acts is none."""
    if part[1] - part[0] != 1 or class_at(doc, part[0]) != "X" or is_ordinary(doc.tokens[part[0]].lower):
        return False
    if any(first <= part[0] < last for first, last, _ in spans):
        return False
    word = doc.tokens[part[0]].text
    for place, token in enumerate(doc.tokens):
        if token.text != word:
            continue
        beside = [doc.tokens[p] for p in (place - 1, place + 1) if 0 <= p < len(doc.tokens)]
        if any(t.kind == "word" and t.capital and abs(t.start - token.start) < 30 for t in beside):
            return False
    return True
