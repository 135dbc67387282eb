"""Events in Ukrainian and Russian: what happened, by whom, to whom, with what, where, when, and how it is told of.

Guarantees: a trigger is a word of lexica/{uk,ru}_events.tsv; actor, object, instrument, place and time are words of
its sentence, the nearest that fit; a role that the grammar does not show stays empty. Votes have the numbers that
stand beside за, проти, утрималися (за, против, воздержались). Types are those of the English reading
(lexica/event_triggers.tsv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from probanda.extract.slavic.ballots import Ballots
from probanda.extract.slavic.lookup import place_terms
from probanda.extract.slavic.modality import modality_at, negated_at
from probanda.extract.slavic.numbers import Number
from probanda.extract.slavic.pairs import paired
from probanda.extract.slavic.phrases import Phrases, Range
from probanda.extract.slavic.words import folded, terms_of
from probanda.extract.text.segments import Document, Span
from probanda.extract.values.times import TimeMention
from probanda.records.passage import Passage
from probanda.records.reading import Counts, Effect, Modality, Place, When

_CLAUSE = (",", ";", ":", "—", "–", "що", "что")
_AT = frozenset("на у в во біля під под возле при поблизу вблизи".split())
_AT = frozenset("на у в во біля під под возле при поблизу вблизи".split())
_AT = frozenset("на у в во біля під под возле при поблизу вблизи".split())
_AT = frozenset("на у в во біля під под возле при поблизу вблизи".split())
_NEAR = 12  # tokens between a trigger and its instrument; arbitrary


@dataclass(frozen=True, slots=True)
class EventDraft:
    type: str
    first: int
    last: int
    actor: Passage | None
    aimed_at: Passage | None
    affected: Passage | None
    instrument: Passage | None
    where: Passage | None
    when: When | None
    modality: Modality
    counts: Counts | None = None
    ballots: Mapping[int, Effect] = field(default_factory=dict)  # what the number at a token says of the vote


class Events:
    def __init__(
        self,
        doc: Document,
        phrases: Phrases,
        numbers: Sequence[Number],
        times: Sequence[TimeMention],
        places: Sequence[Place],
    ) -> None:
        self.doc, self.phrases, self.numbers, self.times = doc, phrases, numbers, times
        self.language = doc.language
        self.words: Sequence[str] = folded(doc.tokens)
        self.places = [(doc.token_at(place.passage.start), place) for place in places if place.role == "location"]
        self.ballots = Ballots(doc, self.words, numbers)
        self.weapons = terms_of(self.language, "weapons").scan(self.words)
        self.objects = terms_of(self.language, "objects").scan(self.words)

    def find(self) -> list[EventDraft]:
        found: list[EventDraft] = []
        for match in terms_of(self.language, "events").scan(self.words):
            draft = self._draft(match.first, match.last, match.value)
            if draft is not None:
                found.append(draft)
        taken = {at for draft in found for at in range(draft.first, draft.last)}
        for sentence in self.doc.sentences:
            for pair in paired(self.words, sentence, self.language):
                if pair.value["event"] and pair.first not in taken:
                    draft = self._draft(pair.first, pair.last, {"type": pair.value["event"], "needs": ""})
                    found += [draft] if draft is not None else []
        votes = [draft for draft in found if draft.type == "diplomatic.vote"]
        told = {frozenset(draft.ballots) for draft in votes if not self._votes(draft)}
        found = [draft for draft in found if not self._votes(draft) or frozenset(draft.ballots) not in told]
        found += self._tallied(found)
        found.sort(key=lambda draft: draft.first)
        return found

    def _tallied(self, found: list[EventDraft]) -> list[EventDraft]:
        """A vote for every sentence that tells its numbers and names no vote: "64 голосами проти 21 засудила …"."""
        told = {at for draft in found for at in draft.ballots}
        made: list[EventDraft] = []
        for number, sentence in enumerate(self.doc.sentences):
            tally = self.ballots.told_in(number)
            if tally is None or not told.isdisjoint(tally.effects):
                continue
            trigger = next((draft for draft in found if draft.type.startswith("diplomatic.")
                            and sentence.first <= draft.first < sentence.last), None)  # fmt: skip
            if trigger is not None:
                when = trigger.when
                made.append(replace(
                    trigger, type="diplomatic.vote", when=when, counts=tally.counts, ballots=tally.effects,
                    modality="accomplished",
                ))  # fmt: skip
        return made

    def _votes(self, draft: EventDraft) -> bool:
        """Whether the word names a vote only beside its numbers: "підтримали 64 депутати"."""
        match = terms_of(self.language, "events").at(self.words, draft.first, draft.last)
        return match is not None and match.value["needs"] == "votes"

    def _draft(self, first: int, last: int, row: dict[str, str]) -> EventDraft | None:
        sentence = self.doc.sentences[self.doc.sentence_of(first)]
        type_ = row["type"]
        named = any(sentence.first <= at < sentence.last for at, _ in self.places)
        if row["needs"] == "place" and not named and not self._object(last, sentence):
            return None
        things = (sentence.first <= thing.first < sentence.last for thing in self.objects)
        if row["needs"] == "thing" and not any(things):
            return None
        armed = (sentence.first <= weapon.first < sentence.last for weapon in self.weapons)
        if row["needs"] == "weapon" and not any(armed):
            return None
        told = modality_at(self.doc, self.words, first)
        modality = told.modality
        if negated_at(self.doc, self.words, first):
            modality = "denied"
        if type_ in ("diplomatic.accusation", "diplomatic.condemnation") and modality == "alleged":
            modality = "accomplished"
        if type_ == "pledge":
            modality = "promised" if modality in ("accomplished", "anticipated") else modality
        verb = self.phrases.part(first) in ("verb", "impersonal")
        actor = self._actor(first, sentence) if verb else None
        instrument = self._instrument(first, last, sentence)
        if actor is not None and instrument is not None and actor.start <= instrument.start < actor.end:
            actor = None
        aimed = self._aimed(last, sentence)
        affected = self._affected(first, last, sentence) if verb and aimed is None else None
        if type_.startswith("attack") and affected is not None:
            aimed, affected = affected, None
        draft = EventDraft(
            type_, first, last, actor, aimed, affected, instrument, self._where(sentence, first),
            self._when(sentence, first), modality,
        )  # fmt: skip
        if type_ == "diplomatic.vote":
            held = self.ballots.of(first)
            if row["needs"] == "votes" and (held is None or held.sentence != self.doc.sentence_of(first)):
                return None
            draft = replace(draft, counts=held.counts if held else None, ballots=held.effects if held else {})
        return draft

    def _clause(self, place: int, sentence: Span) -> Range:
        first, last = place, place + 1
        while first > sentence.first and self.words[first - 1] not in _CLAUSE:
            first -= 1
        while last < sentence.last and self.words[last] not in _CLAUSE:
            last += 1
        return first, last

    def _actor(self, first: int, sentence: Span) -> Passage | None:
        begin, _ = self._clause(first, sentence)
        place = first
        while place > begin and (
            place - 1 in self.phrases.timed or self.phrases.part(place - 1) in ("adverb", "particle")
        ):
            place -= 1
        found = self.phrases.backward(place, begin)
        if found is None or (found[0] > sentence.first and self.phrases.part(found[0] - 1) == "preposition"):
            return None
        if any(number.core_first in range(found[0] - 1, found[1]) for number in self.numbers):
            return None
        return self.doc.passage(*found)

    def _object(self, last: int, sentence: Span) -> Range | None:
        end = self._clause(last - 1, sentence)[1]
        return self.phrases.forward(last, end) if last < end and last not in self.phrases.timed else None

    def _affected(self, first: int, last: int, sentence: Span) -> Passage | None:
        found = self._object(last, sentence)
        return self.doc.passage(*found) if found else None

    def _aimed(self, last: int, sentence: Span) -> Passage | None:
        """ "удар по лікарні", "влучила у школу", "атака на конвой"."""
        at = last
        while at < min(last + 3, sentence.last) and self.words[at] not in ("по", "у", "в", "на", "во", "за"):
            at += 1
        if at >= min(last + 3, sentence.last) or at + 1 >= sentence.last or at + 1 in self.phrases.timed:
            return None
        found = self.phrases.forward(at + 1, sentence.last)
        if found is None:
            return None
        if self.words[at] == "по" or any(found[0] <= thing.first < found[1] for thing in self.objects):
            return self.doc.passage(*found)
        return None

    def _instrument(self, first: int, last: int, sentence: Span) -> Passage | None:
        inside = [
            weapon
            for weapon in self.weapons
            if sentence.first <= weapon.first < sentence.last and not first <= weapon.first < last
        ]
        near = sorted(inside, key=lambda weapon: min(abs(weapon.first - last), abs(first - weapon.last)))
        if near and min(abs(near[0].first - last), abs(first - near[0].last)) <= _NEAR:
            return self.doc.passage(near[0].first, near[0].last)
        return None

    def _where(self, sentence: Span, first: int) -> Passage | None:
        begin, end = self._clause(first, sentence)
        inside = [(at, place) for at, place in self.places if sentence.first <= at < sentence.last]
        own = [pair for pair in inside if begin <= pair[0] < end]
        if own:
            return min(own, key=lambda pair: abs(pair[0] - first))[1].passage
        ground = self._ground(begin, end, first)
        if ground is not None or not inside:
            return ground
        return min(inside, key=lambda pair: abs(pair[0] - first))[1].passage

    def _ground(self, begin: int, end: int, first: int) -> Passage | None:
        """ "на північній околиці", "в церкви": where no name tells it, a common noun with its modifiers."""
        found: list[tuple[int, Range]] = []
        for at in range(begin, end - 1):
            if self.words[at] not in _AT or at + 1 in self.phrases.timed:
                continue
            phrase = self.phrases.forward(at + 1, min(end, at + 7))
            if phrase is not None and any(
                place_terms(self.language, "ground").keys(self.words[p]) for p in range(*phrase)
            ):
                found.append((abs(at - first), phrase))
        return self.doc.passage(*min(found)[1]) if found else None

    def _when(self, sentence: Span, first: int) -> When | None:
        inside = [mention for mention in self.times if sentence.first <= mention.first < sentence.last]
        begin, end = self._clause(first, sentence)
        own = [mention for mention in inside if begin <= mention.first < end]
        return min(own or inside, key=lambda mention: abs(mention.first - first)).when if inside else None
