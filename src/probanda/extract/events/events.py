"""Events: what a text says was done, by whom, to what, with what, where and when.

Guarantees: every event rests on a trigger, the words that name it; roles are phrases of the trigger's sentence; place
and time are those that stand nearest in that sentence, and none is carried over from another (but for what `across`
says). A noun that leads back to an attack told before is no second one (`backward`). Modality says how far
the text asserts it: a siege that is braced for is anticipated, a delivery that is promised is promised, and none of
these has happened. What an event is in law is not said here. Types are dotted paths (lexica/event_triggers.tsv,
lexica/event_frames.tsv).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from probanda.extract.events.across import settled
from probanda.extract.events.backward import told_once
from probanda.extract.events.draft import EventDraft
from probanda.extract.events.modality import DONE, event_modality
from probanda.extract.events.needs import has_what_it_needs
from probanda.extract.events.roles import Roles, roles_of
from probanda.extract.events.triggers import Trigger, event_words, find_triggers
from probanda.extract.events.verb_subjects import Range, breaks_between
from probanda.extract.events.votes import referring_states, vote_counts
from probanda.extract.events.weapons import weapon_matches
from probanda.extract.modality.modality import modality_at
from probanda.extract.places.context import context
from probanda.extract.text.actors import is_ordinary, name_starting_at, noun_phrase_starting_at
from probanda.extract.text.along import Along
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.matching import Match
from probanda.extract.text.segments import Document
from probanda.extract.values.quantities import Number, find_numbers
from probanda.records.passage import Passage
from probanda.records.reading import Counts, Modality, Place, When

_LENGTHS = frozenset({"km", "kilometres", "kilometers", "miles", "mile", "metres", "meters"})


def find_events(
    doc: Document,
    times: Sequence[When] = (),
    places: Sequence[Place] = (),
    numbers: Sequence[Number] | None = None,
) -> tuple[EventDraft, ...]:
    """The events that `doc` tells of, in the order of their triggers. `times` and `places` are those found in the same
    document; without them events have no time and no place. `numbers` is `find_numbers(doc)`, where it is at hand."""
    triggers = find_triggers(doc)
    numbers = find_numbers(doc) if numbers is None else numbers
    placed = [(doc.token_at(p.passage.start), doc.token_at(p.passage.end - 1) + 1, p) for p in places]
    around = _Around(
        doc,
        Along(placed, lambda span: span[0]),
        Along([(doc.token_at(w.passage.start), w) for w in times if w.passage is not None], lambda row: row[0]),
        Along(weapon_matches(doc), lambda match: match[0]),
        Along(triggers, lambda trigger: trigger.first),
    )
    timed = frozenset(
        place
        for w in times
        if w.passage is not None
        for place in range(doc.token_at(w.passage.start), doc.token_at(w.passage.end - 1) + 1)
    )
    out: list[EventDraft] = []
    voted: set[int] = set()
    told = -1
    for trigger in triggers:
        spans, dated, weapons, beside = around.near(trigger)
        passage = doc.passage(trigger.first, trigger.last)
        if trigger.row.form == "noun" and trigger.first in timed and trigger.last - 1 in timed:
            continue  # "since the invasion began" says when
        if trigger.first == told:
            continue  # the same words in another sense
        roles = roles_of(doc, trigger, weapons, beside, timed)
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
            counts = _states(doc, trigger, roles, numbers, spans)
        if not has_what_it_needs(doc, trigger, roles, spans):
            continue
        told = trigger.first
        modality = event_modality(doc, trigger, roles)
        for part in (roles, *_conjoined(doc, trigger, roles)):
            out.append(
                EventDraft(
                    _type(trigger, modality), passage, _actor(doc, part.actor, spans), _passage(doc, part.aimed_at),
                    _passage(doc, part.affected), _passage(doc, part.instrument), _where(doc, trigger, part, spans),
                    _when(doc, trigger, dated), modality, counts,
                )
            )  # fmt: skip
    out += _unnamed_votes(doc, numbers, voted)
    return tuple(settled(doc, told_once(doc, out)))


def _unnamed_votes(doc: Document, numbers: Sequence[Number], voted: set[int]) -> list[EventDraft]:
    """Votes told without a word for voting: "93 nations backed the motion and four opposed it"."""
    out = []
    for number, sentence in enumerate(doc.sentences):
        words = {token.lower for token in doc.tokens[sentence.first : sentence.last]}
        if (
            number in voted
            or not (words & event_words("ballot") or _voted_before(doc, number))
            or not (words & event_words("for") and words & event_words("against"))
        ):
            continue
        counts = vote_counts(doc, number, numbers)
        if counts is None or counts.for_ is None or counts.against is None:
            continue
        sides = event_words("for") | event_words("against")
        place = next(p for p in range(sentence.first, sentence.last) if doc.tokens[p].lower in sides - {"for", "back"})
        found, _ = modality_at(doc, place, place + 1)
        out.append(EventDraft("diplomatic.vote", doc.passage(place, place + 1), *(None,) * 6, found, counts))
    return out


def _voted_before(doc: Document, number: int) -> bool:
    """Whether the sentence before, in the same paragraph, tells of a vote: "The assembly voted to …. Ninety States were
    in favour"."""
    if not number:
        return False
    before, here = doc.sentences[number - 1], doc.sentences[number]
    if doc.paragraph_of(before.first) != doc.paragraph_of(here.first):
        return False
    words = {token.lower for token in doc.tokens[before.first : before.last]}
    return bool(words & (verb_forms("vote").keys() | {"vote", "ballot"}))


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands near a trigger: in its sentence and the one before."""

    doc: Document
    places: Along[tuple[int, int, Place]]
    times: Along[tuple[int, When]]
    weapons: Along[Match[str]]
    triggers: Along[Trigger]

    def near(
        self, trigger: Trigger
    ) -> tuple[Sequence[tuple[int, int, Place]], Sequence[tuple[int, When]], Sequence[Match[str]], Sequence[Trigger]]:
        number = self.doc.sentence_of(trigger.first)
        first, last = self.doc.sentences[max(number - 1, 0)].first, self.doc.sentences[number].last
        return (
            self.places.within(first, last), self.times.within(first, last), self.weapons.within(first, last),
            self.triggers.within(first, last),
        )  # fmt: skip


def _actor(doc: Document, part: Range | None, spans: Sequence[tuple[int, int, Place]]) -> Passage | None:
    """The actor's words. Of "told Harbour News Karovia planned" it is the country: no verb parts the two names."""
    if part is None:
        return None
    for first, last, place in spans:
        if (
            last == part[1]
            and first > part[0]
            and place.role == "actor"
            and doc.tokens[first - 1].lower in context("org_noun")
        ):
            return doc.passage(first, last)
    return doc.passage(*part)


def _conjoined(doc: Document, trigger: Trigger, roles: Roles) -> tuple[Roles, ...]:
    """Further objects with places of their own: "damaged the school in X and the market in Y" tells of two."""
    name = trigger.row.object
    if name not in ("aimed_at", "affected") or trigger.passive:
        return ()
    part: Range | None = getattr(roles, name)
    if part is None or part[0] < trigger.last:
        return ()
    out: list[Roles] = []
    end = doc.sentences[doc.sentence_of(trigger.first)].last
    place = _after_place(doc, part[1], end)
    while place is not None and place + 1 < end and doc.tokens[place].lower in ("and", ","):
        step = 2 if doc.tokens[place].text == "," and doc.tokens[place + 1].lower == "and" else 1
        phrase = noun_phrase_starting_at(doc, place + step)
        after = _after_place(doc, phrase[1], end) if phrase is not None else None
        if phrase is None or after is None:
            break
        out.append(replace(roles, **{name: phrase}))
        place = after
    return tuple(out)


def _after_place(doc: Document, place: int, end: int) -> int | None:
    """Where "in X" that begins at `place` ends; `None` where no place follows, so that the next phrase may belong
    elsewhere."""
    if place >= end or doc.tokens[place].lower not in ("in", "near", "at", "outside"):
        return None
    phrase = name_starting_at(doc, place + 1)
    return phrase[1] if phrase is not None and doc.tokens[phrase[1] - 1].capital else None


def _passage(doc: Document, part: Range | None) -> Passage | None:
    """The words of a role; one that ends inside quotation marks which it opened goes on to where they close."""
    if part is None:
        return None
    inside = doc.quoted_of(part[1] - 1)
    if inside is not None:
        quoted = doc.quoted[inside]
        if part[0] < quoted.first and quoted.closed and quoted.last - part[1] <= 8:
            return doc.passage(part[0], quoted.last + 1)
    return doc.passage(*part)


def _type(trigger: Trigger, modality: Modality) -> str:
    """A pledge that is kept is a delivery."""
    if trigger.row.type.startswith("pledge.") and modality in DONE:
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


def _states(
    doc: Document, trigger: Trigger, roles: Roles, numbers: Sequence[Number], spans: Sequence[tuple[int, int, Place]]
) -> Counts | None:
    """The States of a referral: those in its subject and in what stands between it and the verb ("led by Karovia")."""
    named = [(first, last) for first, last, place in spans if place.gazetteer_id is not None]
    part = roles.actor
    if part is None or trigger.row.form == "noun":
        return None
    if part[1] <= trigger.first:
        part = part[0], trigger.first
    # Capitalised members that the gazetteer lacks count as names too, so that an unknown State is not lost.
    known = {token for first, last in named for token in range(first, last)}
    known |= {token for one in numbers for token in range(one.first, one.last)}  # "Thirty-nine States": no name
    place = part[0]
    while place < part[1]:
        end = place
        while end < part[1] and doc.tokens[end].capital and doc.tokens[end].kind == "word" and end not in known:
            end += 1
        if end > place and not is_ordinary(doc.tokens[place].lower):
            named.append((place, end))
        place = max(end, place + 1)
    return referring_states(doc, part, numbers, named)


def _where(doc: Document, trigger: Trigger, roles: Roles, spans: Sequence[tuple[int, int, Place]]) -> Passage | None:
    """The place that stands nearest in the sentence: within what is aimed at or affected, then after the trigger, then
    before it; each clause break between counts as ten words."""
    if trigger.row.type.startswith(("diplomatic.", "legal.", "pledge.")):
        return None  # where a court or an assembly acts is not where the text's places are
    sentence = doc.sentences[doc.sentence_of(trigger.first)]
    best: tuple[int, int, Passage] | None = None
    here = [span for span in spans if span[2].role == "location" and sentence.first <= span[0] < sentence.last]
    farthest = 60 if len({place.name.lower() for _, _, place in here}) == 1 else 30  # words; arbitrary
    for first, last, place in here:
        cost = first - trigger.last if first >= trigger.last else trigger.first - last + 6
        following = [token.lower for token in doc.tokens[last : last + 2]]
        if first > trigger.first or "where" not in following:  # "in X, where a bomb …": the break joins them
            cost += 10 * breaks_between(doc, trigger.first, first)
        for part in (roles.aimed_at, roles.affected):
            if part is None:
                continue
            if part[0] <= first and last <= part[1] and (place.gazetteer_id is not None or not place.candidates):
                cost -= 30
            elif 0 < first - part[1] <= 2:
                cost -= 25  # "the market in X"
        if _measured_from(doc, first, sentence.first):
            cost += 25
        if _in_dateline(doc, first, sentence.first):
            cost += 25  # rather any other place than where the report was filed
        if place.gazetteer_id is None:
            cost += 8 if place.candidates else 3  # rather a place that is on the map than a site in it
        if best is None or (cost, first) < best[:2]:
            best = (cost, first, place.passage)
    if best is None or (best[0] > farthest and len({place.name.lower() for _, _, place in here}) > 1):
        return None
    return best[2]


def _in_dateline(doc: Document, place: int, start: int) -> bool:
    """ "(OSLO) –", "ORLIN, Karovia (Tess Wire) —" at the head of a paragraph."""
    if start != doc.paragraphs[doc.paragraph_of(start)].first or place - start > 6:
        return False
    dash = next((i for i in range(place + 1, min(start + 14, len(doc.tokens))) if doc.tokens[i].text in "–—-"), None)
    if dash is None or doc.tokens[dash].start == doc.tokens[dash - 1].end:
        return False
    return all(token.capital or token.kind != "word" for token in doc.tokens[start:dash])


def _measured_from(doc: Document, first: int, start: int) -> bool:
    """ "30 km north of X": X says how far away it was."""
    before = [token.lower for token in doc.tokens[max(start, first - 5) : first]]
    return before[-1:] in (["of"], ["from"]) and bool(_LENGTHS & set(before))


def _another_time(doc: Document, time: int, trigger: int) -> bool:
    """ "On Tuesday the court opened a case after a State had referred it": what stands after "after" was before."""
    return any(
        doc.tokens[place].lower in ("after", "before") and place + 1 < trigger and place > time
        for place in range(time + 1, trigger)
    )


def _when(doc: Document, trigger: Trigger, dated: Sequence[tuple[int, When]]) -> When | None:
    """The time that stands nearest in the sentence; a clause break counts as ten words."""
    sentence = doc.sentences[doc.sentence_of(trigger.first)]
    near = [
        (abs(token - trigger.first) + 10 * breaks_between(doc, trigger.first, token), token, when)
        for token, when in dated
        if sentence.first <= token < sentence.last and not _another_time(doc, token, trigger.first)
    ]
    near = [item for item in near if item[0] <= 40]
    return min(near, key=lambda item: item[:2])[2] if near else None
